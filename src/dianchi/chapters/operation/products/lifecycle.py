"""Which acts bring a product from a query to the list: compile, review twice, approve, register, list."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, price65, reg26, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Opinions, Tone, workdays
from dianchi.kernel.query_parameters import Parameter
from dianchi.kernel.text import Text


class State(CaseState):
    """Nothing is delivered but what is listed."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    SUBMITTED = "submitted", Text("出域审查中", "Under egress review"), Tone.WAITING
    RETURNED = "returned", Text("退回修改", "Returned"), Tone.DRAFT
    APPROVED = "approved", Text("准予出域", "Approved for egress"), Tone.WAITING
    LISTED = "listed", Text("已上架", "Listed"), Tone.FORCE
    DELISTED = "delisted", Text("已下架", "Delisted"), Tone.STOPPED
    RECALLED = "recalled", Text("已召回", "Recalled"), Tone.STOPPED


QUERY, VERIFICATION, INDICATOR, REPORT, MODEL, BULK, FUSION = (
    "QUERY", "VERIFICATION", "INDICATOR", "REPORT", "MODEL", "BULK", "FUSION",
)  # fmt: skip
KINDS = (
    (QUERY, Text("查询接口", "Query")), (VERIFICATION, Text("核验", "Verification")),
    (INDICATOR, Text("指标", "Indicator")), (REPORT, Text("报告文件", "Report file")),
    (MODEL, Text("模型评分", "Model scoring")), (BULK, Text("批量数据集", "Data set in bulk")),
    (FUSION, Text("融合计算", "Fusion call")),
)  # fmt: skip
SETTINGS = ("subject_parameter", "own_columns", "model_digest", "tolerances", "totals")  # what kinds ask for
OWN_TYPES = (
    ("VARCHAR", Text("文字", "Text")), ("BIGINT", Text("整数", "Whole number")),
    ("DECIMAL(18,4)", Text("小数", "Decimal")), ("DATE", Text("日期", "Date")),
)  # fmt: skip


class OwnColumn(Inputs):
    """A column of the table that a caller brings to a fusion call."""

    name: str = entry(Text("列名", "Column"), pattern="^[a-z][a-z0-9_]{0,39}$")
    type: str = entry(Text("类型", "Type"), choices=OWN_TYPES, pattern=r"^(VARCHAR|BIGINT|DECIMAL\(18,4\)|DATE)$")


class Tolerance(Inputs):
    """By how much the cells of a column of a bulk set may be off, so that each copy can be told from every other."""

    column: str = entry(Text("结果列", "Column of the result"), min_length=1, max_length=128)
    amount: str = entry(Text("容差", "Tolerance"), pattern=r"^\d{1,12}(\.\d{1,6})?$", example="0.01")


class Draft(Inputs):
    """A product as it is developed."""

    title: str = entry(Text("产品名称", "Title"), min_length=2, max_length=200)
    slug: str = entry(
        Text("公开名称", "Public name"),
        pattern="^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        max_length=60,
        example="prefecture-epidemic-summary",
        help=Text("用于调用地址，小写字母、数字和连字符", "Part of the address of its calls"),
    )
    request: str = entry(Text("数据申请", "Data request"), refers="requests")
    summary: str = entry(Text("产品说明", "Summary"), widget="long", min_length=4, max_length=4000)
    sql: str = entry(Text("查询语句", "Query"), widget="sql", min_length=6, max_length=20000)
    parameters: tuple[Parameter, ...] = entry(Text("参数", "Parameters"), default=())
    kind: str = entry(
        Text("产品形态", "Kind"), default=QUERY, choices=KINDS,
        pattern="^(QUERY|VERIFICATION|INDICATOR|REPORT|MODEL|BULK|FUSION)$",
    )  # fmt: skip
    subject_parameter: str = entry(
        Text("主体参数", "Subject's parameter"), default="", max_length=40,
        help=Text("核验产品填写：哪个参数说明核验的是谁", "For a verification: which parameter says who is verified"),
    )  # fmt: skip
    own_columns: tuple[OwnColumn, ...] = entry(
        Text("调用方数据的列", "Columns of the caller's table"), default=(), max_length=20,
        help=Text("融合计算填写：调用方自带表的列，查询中表名见用语说明", "For a fusion call; the query reads the table as “own”"),
    )  # fmt: skip
    tolerances: tuple[Tolerance, ...] = entry(
        Text("声明的容差", "Declared tolerances"), default=(), max_length=20,
        help=Text("批量数据集填写：各列数值可在容差内作标记，合计不变", "For a bulk set: cells may be marked within it; no total moves"),
    )  # fmt: skip
    totals: tuple[str, ...] = entry(
        Text("合计分组列", "Columns of released totals"), default=(), max_length=5,
        help=Text("批量数据集填写：按这些列分组的合计也保持不变", "For a bulk set: sums over their groups stay too"),
    )  # fmt: skip
    model_digest: str = entry(
        Text("模型文件摘要", "Digest of the model"), default="", pattern="^([0-9a-f]{64})?$",
        help=Text("模型评分填写：已上传模型文件的摘要", "For a scoring: SHA-256 of the model file that was uploaded"),
    )  # fmt: skip
    source_statement: str = entry(
        Text("数据来源说明", "Statement of source"),
        widget="long",
        min_length=4,
        max_length=2000,
        help=Text("向使用方展示数据来自哪些资源", "Tells consumers which resources the data come from"),
    )


class Opinion(Inputs):
    """One reviewer's opinion; nobody sees another's until both are in."""

    favourable: bool = entry(Text("同意出域", "May leave the domain"))
    reason: str = entry(Text("审查意见", "Reasons"), widget="long", min_length=4, max_length=2000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True  # the actor's organisation is a party, in a role that the actor plays
    is_operator: bool = True  # the actor's organisation is the operator
    is_developer: bool = True  # the actor's organisation is the developer
    slug_free: bool = True
    parameters_sound: bool = True
    grant_refusals: tuple[Refusal, ...] = ()  # why the data may not be used now
    query_refusals: tuple[Refusal, ...] = ()  # what the guard says of the query
    own_submission: bool = False
    own_organisation: bool = False
    path: Text | None = None  # how the reviewer's organisation is affiliated with the developer
    has_opined: bool = False  # the reviewer, or somebody of the same organisation
    favourable: int = 0
    against: int = 0
    organisations: int = 0  # organisations with a favourable opinion
    digest_unchanged: bool = True
    reviewed: bool = True  # an approved digest is on record
    registration_current: bool = True
    registration_required: bool = True


_NOT_YOURS = Refusal(
    "products.not-your-product", Text("该步骤由另一家机构办理", "This step belongs to another organisation"), yn(4)
)
the_party_itself = Guard[Facts](lambda f: f.yours, _NOT_YOURS)
the_operator_itself = Guard[Facts](lambda f: f.is_operator, _NOT_YOURS)
the_developer_itself = Guard[Facts](lambda f: f.is_developer, _NOT_YOURS)
name_is_free = Guard[Facts](
    lambda f: f.slug_free,
    Refusal(
        "products.name-taken",
        Text("公开名称已被使用", "The public name is taken"),
        default(),
        Text("请换一个公开名称", "Choose another"),
        field="slug",
    ),
    on_inputs=True,
)
parameters_are_sound = Guard[Facts](
    lambda f: f.parameters_sound,
    Refusal(
        "products.parameters-not-sound",
        Text(
            "参数重名、上下限颠倒或不合类型，或与查询语句不符",
            "A parameter stands twice, its bounds are reversed or of another type, or the query does not use it",
        ),
        default(),
        Text("请核对参数与查询语句", "Compare the parameters with the query"),
        field="parameters",
    ),
)
data_may_be_used = Guard[Facts](
    lambda f: not f.grant_refusals,
    Refusal(
        "products.data-not-available",
        Text("所依据的数据申请现在不能使用", "The data request that it rests on cannot be used now"),
        spec27(21),
        Text("请按所列原因先行办理", "Settle the reasons listed first"),
        ("R26",),
        "request",
    ),
    because=lambda f: f.grant_refusals,
)
query_is_governed = Guard[Facts](
    lambda f: not f.query_refusals,
    Refusal(
        "products.query-refused",
        Text(
            "查询会使原始数据或受保护的值出域，不予通过",
            "The query would let raw data or protected values leave the domain",
        ),
        spec27(21),
        Text("请按所列各条修改查询语句", "Change the query as each reason says"),
        ("R42",),
        "sql",
    ),
    because=lambda f: f.query_refusals,
)
reviewer_is_another = Guard[Facts](
    lambda f: not (f.own_submission or f.own_organisation),
    Refusal(
        "products.own-submission",
        Text("不能审查本人或本机构提交的产品", "You cannot review what you or your organisation submitted"),
        default(),
        Text("请由其他机构的经办人审查", "Let an officer of another organisation review it"),
        ("R66",),
    ),
)
reviewer_has_no_interest = Guard[Facts](
    lambda f: f.path is None,
    Refusal(
        "products.reviewer-affiliated",
        Text(
            "审查机构与开发主体存在关联，应当回避。查到的关联路径：{path}",
            "The reviewing organisation is affiliated with the developer and must stand aside. Path found: {path}",
        ),
        default(),
        Text("请由无关联的机构审查", "Let an organisation without ties review it"),
        ("R74",),
    ),
    naming=lambda f: {"path": f.path or ""},
)
one_opinion_each = Guard[Facts](
    lambda f: not f.has_opined,
    Refusal(
        "products.organisation-has-opined",
        Text(
            "您或您所在机构已对本版内容提交意见",
            "You or your organisation have already given an opinion on this content",
        ),
        default(),
        Text("两份意见须来自不同机构", "The two opinions come from different organisations"),
        ("R66",),
    ),
)
two_opinions = Guard[Facts](
    lambda f: f.favourable >= 2 and f.against == 0,
    Refusal(
        "products.opinions-missing",
        Text("出域审查须有两份同意意见，且没有不同意见", "Egress needs two favourable opinions and none against"),
        spec27(14, 3),
        Text(
            "请等待两名审查人提交意见；有不同意见的请退回修改", "Wait for both reviewers; return it if one is against"
        ),
        ("R45",),
    ),
)
from_two_organisations = Guard[Facts](
    lambda f: f.organisations >= 2,
    Refusal(
        "products.opinions-of-one-organisation",
        Text("两份同意意见须来自不同机构", "The favourable opinions must come from two organisations"),
        default(),
        Text("请另一机构的审查人提交意见", "Ask a reviewer of another organisation"),
        ("R66",),
    ),
)
digest_is_unchanged = Guard[Facts](
    lambda f: f.digest_unchanged,
    Refusal(
        "products.digest-changed",
        Text("现在的查询方案与审查时的摘要不一致", "The compiled query is not the one that was reviewed"),
        spec27(14, 3),
        Text(
            "数据口径或授权已变化，请修改后重新送审",
            "The data or their policy changed: revise and have it reviewed again",
        ),
        ("R45",),
    ),
)
was_reviewed = Guard[Facts](
    lambda f: f.reviewed,
    Refusal(
        "products.not-reviewed",
        Text("产品未经出域审查", "The product has not passed egress review"),
        spec27(14, 3),
        Text("请先完成出域审查", "Complete the review first"),
        ("R45",),
    ),
)
is_registered = Guard[Facts](
    lambda f: f.registration_current or not f.registration_required,
    Refusal(
        "products.not-registered",
        Text("产品尚未登记，或登记已失效", "The product is not registered, or its registration has lapsed"),
        reg26(9, 1),
        Text("请先办理产品登记或续展", "Register the product or renew its registration first"),
        ("R62", "R63"),
    ),
)

_COMPILES = (parameters_are_sound, data_may_be_used, query_is_governed)
_REVISABLE = {State.DRAFT, State.RETURNED, State.APPROVED, State.LISTED, State.DELISTED, State.RECALLED}

PRODUCT = Lifecycle[Facts](
    "products",
    Text("数据产品", "Products"),
    State,
    (
        Act("draft", Text("新建产品", "Draft"), {Role.DEVELOPER}, frozenset(), State.DRAFT, spec27(15),
            (name_is_free, *_COMPILES), Draft, sensitive=True),
        Act("revise", Text("修改", "Revise"), {Role.DEVELOPER}, _REVISABLE, State.DRAFT, spec27(15),
            (the_developer_itself, name_is_free, *_COMPILES), Draft, duty=False, sensitive=True,
            help=Text("修改后即为新版本，须重新审查", "A change makes a new edition, which is reviewed again")),
        Act("submit", Text("提交出域审查", "Submit for egress review"), {Role.DEVELOPER}, {State.DRAFT},
            State.SUBMITTED, spec27(21),
            (the_developer_itself, *_COMPILES, digest_is_unchanged), sensitive=True),
        Act("review", Text("提交审查意见", "Give an opinion"), {Role.OPERATOR, Role.IMPLEMENTER}, {State.SUBMITTED},
            None, spec27(14, 3),
            (the_party_itself, reviewer_is_another, reviewer_has_no_interest, one_opinion_each), Opinion,
            Opinions(needed=2, blinded=True)),
        Act("approve", Text("准予出域", "Approve"), {Role.OPERATOR}, {State.SUBMITTED}, State.APPROVED, spec27(21),
            (the_operator_itself, reviewer_is_another, two_opinions, from_two_organisations, *_COMPILES,
            digest_is_unchanged),
            sensitive=True, document=Text("出域审查决定", "Decision of the egress review")),
        Act("return", Text("退回修改", "Return"), {Role.OPERATOR, Role.IMPLEMENTER}, {State.SUBMITTED},
            State.RETURNED, spec27(21),
            (the_party_itself, reviewer_is_another), Reason, duty=False),
        Act("list", Text("上架", "List"), {Role.OPERATOR}, {State.APPROVED, State.DELISTED}, State.LISTED, price65(5),
            (the_operator_itself, was_reviewed, is_registered, *_COMPILES, digest_is_unchanged), sensitive=True),
        Act("delist", Text("下架", "Delist"), {Role.OPERATOR}, {State.LISTED}, State.DELISTED, yn(4),
            (the_operator_itself,), Reason, duty=False),
        Act("recall", Text("召回", "Recall"), {Role.OPERATOR, Role.BUREAU},
            {State.APPROVED, State.LISTED, State.DELISTED},
            State.RECALLED, cite("DSL", 29), (the_party_itself,), Reason, duty=False, sensitive=True,
            help=Text("停止交付，重新送审前不得上架", "Delivery stops; it is listed again only after a new review")),
    ),
    deadlines=(
        Deadline(State.SUBMITTED, workdays("product.review-days"), default(),
                 Text("完成出域审查", "Complete the egress review"), {Role.OPERATOR, Role.IMPLEMENTER}),
    ),
)  # fmt: skip
