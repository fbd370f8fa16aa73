"""Which acts bring a development agreement into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text, join


class State(CaseState):
    """An agreement counts once it is signed by both and filed."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    OFFERED = "offered", Text("开发主体已签", "Signed by the developer"), Tone.WAITING
    SIGNED = "signed", Text("双方已签", "Signed by both"), Tone.WAITING
    FILED = "filed", Text("已备案", "Filed"), Tone.FORCE
    TERMINATED = "terminated", Text("已终止", "Terminated"), Tone.STOPPED


# What an agreement must say before anybody signs it.
CONTENTS = (
    ("output_forms", Text("产出形式与质量", "Forms and quality of output")),
    ("environment", Text("开发环境与账号", "Environment and accounts")),
    ("fees", Text("费用与支付", "Fees and payment")),
    ("rights", Text("产品权益归属", "Rights in the product")),
    ("security", Text("安全与个人信息保护义务", "Security and personal information duties")),
    ("prohibitions", Text("禁止导出、重新识别和转让", "No export, re-identification or transfer")),
    ("exit", Text("变更、退出与数据销毁", "Change, exit and destruction of data")),
    ("disputes", Text("违约与争议解决", "Breach and disputes")),
)


class Draft(Inputs):
    """A development agreement as it is drafted; its contents may still be empty."""

    title: str = entry(Text("协议名称", "Title"), min_length=2, max_length=200)
    admission: str = entry(Text("开发主体准入", "Admission of the developer"), refers="developers")
    scenario: str = entry(Text("应用场景", "Scenario"), refers="scenarios")
    agreement: str = entry(Text("授权运营协议", "Authorization agreement"), refers="agreements")
    resources: tuple[str, ...] = entry(Text("资源范围", "Resources"), refers="catalogue", min_length=1)
    starts_on: date = entry(Text("起始日期", "From"))
    ends_on: date = entry(Text("终止日期", "To"))
    exclusive: bool = entry(
        Text("独家开发", "Exclusive"),
        default=False,
        help=Text(
            "原则上不得独家；确需独家的须说明客观理由", "Not exclusive in principle; an objective reason is needed"
        ),
    )
    exclusive_reason: str = entry(
        Text("独家理由", "Reason for exclusivity"), default="", widget="long", max_length=1000
    )
    tied_to: str = entry(
        Text("附加的购买或者合作条件", "Further purchases or conditions demanded"), default="", max_length=500,
        help=Text("不得搭售或者附加不合理条件；没有的不填", "Nothing may be tied to it; leave it empty"),
    )  # fmt: skip
    output_forms: str = entry(CONTENTS[0][1], default="", widget="long", max_length=4000)
    environment: str = entry(CONTENTS[1][1], default="", widget="long", max_length=4000)
    fees: str = entry(CONTENTS[2][1], default="", widget="long", max_length=4000)
    rights: str = entry(CONTENTS[3][1], default="", widget="long", max_length=4000)
    security: str = entry(CONTENTS[4][1], default="", widget="long", max_length=4000)
    prohibitions: str = entry(CONTENTS[5][1], default="", widget="long", max_length=4000)
    exit: str = entry(CONTENTS[6][1], default="", widget="long", max_length=4000)
    disputes: str = entry(CONTENTS[7][1], default="", widget="long", max_length=4000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True  # the actor's organisation is a party, in a role that the actor plays
    is_operator: bool = True  # the actor's organisation is the operator
    is_developer: bool = True  # the actor's organisation is the developer
    same_operator: bool = True  # admission, scenario and agreement are all the operator's
    developer_qualified: bool = True
    path: Text | None = None
    scenario_published: bool = True
    agreement_in_force: bool = True
    outside: tuple[str, ...] = ()  # resources beyond the authorization agreement or the scenario
    term_inside: bool = True
    fairly_exclusive: bool = True  # not exclusive, or with a reason
    untied: bool = True
    signature_holds: bool = True
    missing: tuple[Text, ...] = ()  # contents that are still empty


_NOT_YOURS = Refusal(
    "contracts.not-your-contract", Text("该步骤由协议的另一方办理", "This step belongs to the other party"), yn(4)
)
the_party_itself = Guard[Facts](lambda f: f.yours, _NOT_YOURS)
the_operator_itself = Guard[Facts](lambda f: f.is_operator, _NOT_YOURS)
the_developer_itself = Guard[Facts](lambda f: f.is_developer, _NOT_YOURS)
one_operator = Guard[Facts](
    lambda f: f.same_operator,
    Refusal(
        "contracts.different-operators",
        Text(
            "准入、场景和授权运营协议须属于同一运营机构，且为您所在机构",
            "Admission, scenario and authorization agreement must all be your own organisation's",
        ),
        spec27(16),
        Text("请重新选择", "Choose again"),
        field="agreement",
    ),
    on_inputs=True,
)
developer_is_qualified = Guard[Facts](
    lambda f: f.developer_qualified,
    Refusal(
        "contracts.developer-not-qualified",
        Text("开发主体没有有效的准入资格", "The developer is not qualified"),
        yn(4),
        Text("请先办理开发主体准入", "Have the developer admitted first"),
        field="admission",
    ),
)
not_affiliated = Guard[Facts](
    lambda f: f.path is None,
    Refusal(
        "contracts.affiliated",
        Text(
            "运营机构及其关联方不得直接或间接参与再开发。查到的关联路径：{path}",
            "The operator and its affiliates may not redevelop, directly or indirectly. Path found: {path}",
        ),
        spec27(6),
        Text("请另选与运营机构无关联的开发主体", "Choose a developer that is not affiliated"),
        ("R24",),
    ),
    naming=lambda f: {"path": f.path or ""},
)
scenario_is_published = Guard[Facts](
    lambda f: f.scenario_published,
    Refusal(
        "contracts.scenario-not-published",
        Text("应用场景未发布或已关闭", "The scenario is not published"),
        yn(4),
        Text("请先发布场景", "Publish the scenario first"),
        field="scenario",
    ),
)
agreement_is_in_force = Guard[Facts](
    lambda f: f.agreement_in_force,
    Refusal(
        "contracts.agreement-not-in-force",
        Text("授权运营协议未生效或已终止", "The authorization agreement is not in force"),
        spec27(13),
        Text("请待授权运营协议备案生效后办理", "Wait until it is filed and in force"),
        ("R23",),
        "agreement",
    ),
)
inside_the_scope = Guard[Facts](
    lambda f: not f.outside,
    Refusal(
        "contracts.resources-outside-agreement",
        Text(
            "资源超出授权运营协议或场景的范围：{names}",
            "Resources beyond the authorization agreement or the scenario: {names}",
        ),
        spec27(21),
        Text("请删去超出范围的资源", "Leave out what lies beyond"),
        ("R26",),
        "resources",
    ),
    naming=lambda f: {"names": "、".join(f.outside)},
)
inside_the_term = Guard[Facts](
    lambda f: f.term_inside,
    Refusal(
        "contracts.term-outside-agreement",
        Text(
            "协议期限超出授权运营协议的期限，或起止颠倒",
            "The term exceeds that of the authorization agreement, or ends before it begins",
        ),
        spec27(14, 2),
        Text("请在授权期限内填写起止日期", "Choose dates inside the authorized term"),
        ("R26",),
        "ends_on",
    ),
)
contents_are_complete = Guard[Facts](
    lambda f: not f.missing,
    Refusal(
        "contracts.contents-missing",
        Text("协议缺少内容：{names}", "The agreement lacks: {names}"),
        yn(4),
        Text("请补充后再签署", "Add them before signing"),
    ),
    naming=lambda f: {"names": join(f.missing)},
)

exclusivity_has_a_reason = Guard[Facts](
    lambda f: f.fairly_exclusive,
    Refusal(
        "contracts.exclusive-without-reason",
        Text("独家开发须记录客观理由", "Exclusivity needs an objective reason on record"),
        spec27(6),
        Text("请说明理由，或者改为非独家", "Give the reason, or do not make it exclusive"),
        ("R29",),
        "exclusive_reason",
    ),
    on_inputs=True,
)
nothing_is_tied = Guard[Facts](
    lambda f: f.untied,
    Refusal(
        "contracts.tied",
        Text("不得搭售或者附加不合理交易条件", "Nothing may be tied to the agreement"),
        spec27(6),
        Text("请删去附加条件", "Leave the conditions out"),
        ("R29",),
        "tied_to",
    ),
    on_inputs=True,
)
signature_holds = Guard[Facts](
    lambda f: f.signature_holds,
    Refusal(
        "contracts.signature-broken",
        Text("电子签名与协议当前内容不符", "A signature is not over the terms as they are"),
        yn(4),
        Text("请退回后重新签署", "Take it back and sign it anew"),
    ),
)

_STANDS = (
    developer_is_qualified,
    not_affiliated,
    scenario_is_published,
    agreement_is_in_force,
    inside_the_scope,
    inside_the_term,
)

CONTRACT = Lifecycle[Facts](
    "contracts",
    Text("开发利用协议", "Development agreements"),
    State,
    (
        Act("draft", Text("起草协议", "Draft"), {Role.OPERATOR}, frozenset(), State.DRAFT, yn(4),
            (one_operator, exclusivity_has_a_reason, nothing_is_tied, *_STANDS), Draft, sensitive=True),
        Act("revise", Text("修改", "Revise"), {Role.OPERATOR}, {State.DRAFT}, State.DRAFT, yn(4),
            (the_operator_itself, one_operator, exclusivity_has_a_reason, nothing_is_tied, *_STANDS), Draft, duty=False, sensitive=True),
        Act("sign", Text("签署", "Sign"), {Role.DEVELOPER}, {State.DRAFT}, State.OFFERED, yn(4),
            (the_developer_itself, contents_are_complete, *_STANDS), sensitive=True),
        Act("withdraw", Text("退回修改", "Take back"), {Role.OPERATOR, Role.DEVELOPER}, {State.OFFERED}, State.DRAFT,
            yn(4),
            (the_party_itself,), Reason, duty=False),
        Act("countersign", Text("会签", "Countersign"), {Role.OPERATOR}, {State.OFFERED}, State.SIGNED, yn(4),
            (the_operator_itself, signature_holds, *_STANDS), sensitive=True, document=Text("开发利用协议", "Development agreement")),
        Act("file", Text("备案", "File"), {Role.BUREAU}, {State.SIGNED}, State.FILED, yn(4),
            (agreement_is_in_force, signature_holds), document=Text("开发利用协议备案通知", "Notice of filing")),
        Act("terminate", Text("终止", "Terminate"), {Role.OPERATOR, Role.DEVELOPER, Role.BUREAU},
            {State.SIGNED, State.FILED},
            State.TERMINATED, yn(4), (the_party_itself,), Reason, duty=False, final=True),
    ),
    deadlines=(
        Deadline(State.SIGNED, workdays("contract.filing-days"), default(),
                 Text("备案开发利用协议", "File the development agreement"), {Role.BUREAU}),
    ),
)  # fmt: skip
