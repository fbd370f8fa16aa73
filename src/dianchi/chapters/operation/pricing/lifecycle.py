"""Which acts verify an operator's permitted revenue."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dianchi.kernel.actors import Role
from dianchi.kernel.costs import CLASS_PATTERN, CLASSES, SERVES, SERVES_PATTERN
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, price65
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """A permitted revenue counts once it is verified."""

    SURVEYED = "surveyed", Text("成本已调查", "Surveyed"), Tone.WAITING
    VERIFIED = "verified", Text("已核定", "Verified"), Tone.FORCE
    RETURNED = "returned", Text("退回补充", "Returned"), Tone.DRAFT


KEYS = (
    ("none", Text("不分摊", "Not shared")),
    ("calls", Text("调用量", "Calls")),
    ("compute", Text("计算用量", "Compute")),
    ("storage", Text("存储用量", "Storage")),
    ("hours", Text("工时", "Staff hours")),
)
METHODS = (
    ("amount", Text("按金额", "Amount")),
    ("rate", Text("按计税依据乘税率", "Base times rate")),
    ("income", Text("按准许利润反算所得税", "Income tax on the permitted profit")),
)


class CostItem(Inputs):
    """One expense of the survey, in fen."""

    kind: str = entry(Text("成本类别", "Class"), choices=CLASSES, pattern=CLASS_PATTERN)
    name: str = entry(Text("项目", "Item"), min_length=2, max_length=100)
    amount_fen: int = entry(Text("金额", "Amount"), widget="fen", ge=0)
    serves: str = entry(Text("服务对象", "Serves"), default="paid", choices=SERVES, pattern=SERVES_PATTERN)
    share: Decimal = entry(
        Text("计入比例", "Share counted"),
        default=Decimal(1),
        ge=0,
        le=1,
        max_digits=7,
        decimal_places=6,
        help=Text("共用成本中由收费产品承担的比例", "The part of a shared cost that paid products bear"),
    )
    key: str = entry(
        Text("分摊依据", "Allocation key"), default="none", choices=KEYS, pattern="^(none|calls|compute|storage|hours)$"
    )
    subsidised_fen: int = entry(Text("其中政府补助", "Of which subsidised"), default=0, widget="fen", ge=0)
    paid_units: int = entry(
        Text("收费产品用量", "Units of paid products"), default=0, ge=0, le=10**15,
        help=Text("按分摊依据计量，例如调用次数", "By the allocation key, such as calls"),
    )  # fmt: skip
    total_units: int = entry(Text("全部产品用量", "Units of all products"), default=0, ge=0, le=10**15)


class Tax(Inputs):
    """One tax: an amount in fen, a rate on a base, or an income tax that leaves the permitted profit."""

    name: str = entry(Text("税种", "Tax"), min_length=2, max_length=60)
    method: str = entry(
        Text("计算方法", "Method"), default="amount", choices=METHODS, pattern="^(amount|rate|income)$",
        help=Text("附加税费按计税依据和税率，所得税按准许利润反算", "Surcharges by base and rate; income tax from the permitted profit"),
    )  # fmt: skip
    amount_fen: int = entry(Text("金额", "Amount"), default=0, widget="fen", ge=0)
    base_fen: int = entry(Text("计税依据", "Base"), default=0, widget="fen", ge=0)
    rate: Decimal = entry(
        Text("税率", "Rate"), default=Decimal(0), ge=0, lt=1, max_digits=7, decimal_places=6, example="0.25",
        help=Text("小数，例如百分之二十五填0.25", "A ratio: 0.25 for 25 per cent"),
    )  # fmt: skip


class Survey(Inputs):
    """The cost survey of a year."""

    agreement: str = entry(Text("授权运营协议", "Authorization agreement"), refers="agreements")
    year: int = entry(Text("年度", "Year"), ge=2024, le=2100)
    costs: tuple[CostItem, ...] = entry(Text("成本项目", "Costs"), min_length=1)
    subsidy_fen: int = entry(Text("政府补助合计", "Government subsidies"), default=0, widget="fen", ge=0)
    treasury_yield: Decimal = entry(
        Text("上年十年期国债平均收益率（%）", "Mean ten-year treasury yield of the year before (%)"),
        ge=0,
        max_digits=7,
        decimal_places=4,
        example="1.85",
    )
    yield_evidence: str = entry(Text("收益率依据", "Evidence of the yield"), min_length=2, max_length=300)
    spread_points: Decimal = entry(
        Text("加点（百分点）", "Points added"),
        ge=0,
        max_digits=7,
        decimal_places=4,
        example="4.00",
        help=Text("不超过6个百分点", "At most 6 percentage points"),
    )
    taxes: tuple[Tax, ...] = entry(Text("税金", "Taxes"), default=())


class Opinion(Inputs):
    """What the data administration says of the survey."""

    bureau_number: str = entry(Text("意见文号", "Number of the opinion"), min_length=2, max_length=80)
    bureau_opinion: str = entry(Text("数据管理部门意见", "Opinion"), widget="long", min_length=4, max_length=2000)


class Verification(Inputs):
    """What the price authority relies on."""

    document_number: str = entry(Text("核定文号", "Document number"), min_length=2, max_length=80)
    opinion: str = entry(Text("核定意见", "Opinion"), widget="long", min_length=4, max_length=2000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask; names are those of cost items."""

    yours: bool = True
    agreement_in_force: bool = True
    first_of_year: bool = True
    spread_allowed: bool = True
    most_points: Decimal = Decimal(6)
    free_counted: tuple[str, ...] = ()
    unallocated: tuple[str, ...] = ()
    subsidy_deducted: bool = True
    cost_positive: bool = True
    own_submission: bool = False
    off_the_key: tuple[str, ...] = ()
    base_examined: bool = True  # the data administration has given its opinion


agreement_is_yours = Guard[Facts](
    lambda f: f.yours,
    Refusal(
        "pricing.not-your-agreement",
        Text("该授权运营协议属于另一家运营机构", "The agreement is another operator's"),
        price65(3),
        field="agreement",
    ),
)
agreement_is_in_force = Guard[Facts](
    lambda f: f.agreement_in_force,
    Refusal(
        "pricing.agreement-not-in-force",
        Text("授权运营协议未生效或已终止", "The authorization agreement is not in force"),
        price65(3),
        Text("请待协议备案生效后办理", "Wait until it is in force"),
        ("R23",),
        "agreement",
    ),
)
one_survey_a_year = Guard[Facts](
    lambda f: f.first_of_year,
    Refusal(
        "pricing.year-surveyed",
        Text("该协议本年度已有成本调查", "There is already a survey of that year under the agreement"),
        price65(3),
        Text("请在已有事项中办理", "Continue with the one there is"),
        field="year",
    ),
    on_inputs=True,
)
spread_is_allowed = Guard[Facts](
    lambda f: f.spread_allowed,
    Refusal(
        "pricing.spread-too-high",
        Text("加点超过上限：最多{most}个百分点", "Too many points: at most {most} percentage points"),
        price65(3),
        Text("请调低加点", "Lower the points"),
        ("R36",),
        "spread_points",
    ),
    naming=lambda f: {"most": f.most_points},
)
no_free_cost = Guard[Facts](
    lambda f: not f.free_counted,
    Refusal(
        "pricing.free-cost-counted",
        Text(
            "公共治理、公益产品的成本不得计入经营成本：{names}",
            "Costs of products for governance and welfare are no operating cost: {names}",
        ),
        price65(3),
        Text("请将这些项目的计入比例改为零", "Set their share to zero"),
        ("R37",),
        "costs",
    ),
    naming=lambda f: {"names": "、".join(f.free_counted)},
)
shared_cost_is_allocated = Guard[Facts](
    lambda f: not f.unallocated,
    Refusal(
        "pricing.shared-cost-unallocated",
        Text("共用成本没有分摊，或没有分摊依据：{names}", "Shared costs without a share or an allocation key: {names}"),
        price65(3),
        Text("请写明分摊依据，并只计入收费产品承担的部分", "Name the key and count only what paid products bear"),
        ("R37",),
        "costs",
    ),
    naming=lambda f: {"names": "、".join(f.unallocated)},
)
share_follows_the_key = Guard[Facts](
    lambda f: not f.off_the_key,
    Refusal(
        "pricing.share-off-the-key",
        Text(
            "计入比例与分摊依据的用量不符：{names}",
            "The share counted is not what the allocation key measures: {names}",
        ),
        price65(3),
        Text("请按收费产品用量占全部用量的比例填写，保留六位小数", "Enter paid units over all units, to six decimals"),
        ("R37",),
        "costs",
    ),
    naming=lambda f: {"names": "、".join(f.off_the_key)},
)
base_is_examined = Guard[Facts](
    lambda f: f.base_examined,
    Refusal(
        "pricing.no-bureau-opinion",
        Text("数据管理部门尚未出具意见", "The data administration has not given its opinion"),
        price65(2),
        Text(
            "最高准许收入由价格主管部门会同数据管理部门核定",
            "The price authority verifies together with the data administration",
        ),
        ("R34",),
    ),
)
not_examined_yet = Guard[Facts](
    lambda f: not f.base_examined,
    Refusal(
        "pricing.opinion-given",
        Text("数据管理部门已出具意见", "The data administration has given its opinion already"),
        price65(2),
    ),
)
subsidy_is_deducted = Guard[Facts](
    lambda f: f.subsidy_deducted,
    Refusal(
        "pricing.subsidised-cost-counted",
        Text("由政府补助承担的成本未从经营成本中扣除", "Subsidised costs are not deducted from the operating cost"),
        price65(3),
        Text(
            "补助合计不得少于各项目中由补助承担的金额",
            "The subsidies deducted must cover what the items name as subsidised",
        ),
        ("R37",),
        "subsidy_fen",
    ),
)
cost_is_positive = Guard[Facts](
    lambda f: f.cost_positive,
    Refusal(
        "pricing.no-cost",
        Text("扣除补助后没有经营成本", "No operating cost is left after subsidies"),
        price65(3),
        Text("请核对成本和补助", "Check costs and subsidies"),
        field="costs",
    ),
)
verifier_is_another = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal(
        "pricing.own-submission",
        Text("不能核定本人或本机构提交的成本", "You cannot verify what you or your organisation submitted"),
        default(),
        Text("请由价格主管部门核定", "Let the price authority verify it"),
        ("R66",),
    ),
)

_SOUND = (
    agreement_is_yours,
    agreement_is_in_force,
    spread_is_allowed,
    no_free_cost,
    shared_cost_is_allocated,
    share_follows_the_key,
    subsidy_is_deducted,
    cost_is_positive,
)

PRICING = Lifecycle[Facts](
    "pricing",
    Text("准许收入核定", "Permitted revenue"),
    State,
    (
        Act("survey", Text("报送成本", "Survey the cost"), {Role.OPERATOR}, frozenset(), State.SURVEYED, price65(3),
            (*_SOUND, one_survey_a_year), Survey),
        Act("revise", Text("补充修改", "Revise"), {Role.OPERATOR}, {State.RETURNED}, State.SURVEYED, price65(3),
            (*_SOUND, one_survey_a_year), Survey),
        Act("concur", Text("出具意见", "Give the opinion"), {Role.BUREAU}, {State.SURVEYED}, None, price65(2),
            (verifier_is_another, not_examined_yet), Opinion,
            help=Text("定价基础评估和成本调查的意见", "On the pricing base and the cost survey")),
        Act("verify", Text("核定", "Verify"), {Role.PRICE}, {State.SURVEYED}, State.VERIFIED, price65(3),
            (verifier_is_another, base_is_examined, *_SOUND[1:]), Verification, sensitive=True,
            document=Text("最高准许收入核定书", "Verification of the permitted revenue")),
        Act("return", Text("退回补充", "Return"), {Role.PRICE}, {State.SURVEYED}, State.RETURNED, price65(3),
            (verifier_is_another,), Reason, duty=False),
    ),
)  # fmt: skip
