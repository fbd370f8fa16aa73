"""Which acts bring a developer's query to the real data: save, freeze, approve; a change begins a new version."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.query_parameters import Parameter
from dianchi.kernel.text import Text


class State(CaseState):
    """Only an approved program reads real data."""

    DRAFT = "draft", Text("编写中", "Being written"), Tone.DRAFT
    FROZEN = "frozen", Text("已固定，待核准", "Frozen, awaiting approval"), Tone.WAITING
    APPROVED = "approved", Text("可正式运行", "May run"), Tone.FORCE
    RETIRED = "retired", Text("已停用", "Retired"), Tone.STOPPED


class Draft(Inputs):
    """A program as it is written."""

    title: str = entry(Text("程序名称", "Title"), min_length=2, max_length=200)
    request: str = entry(Text("数据申请", "Data request"), refers="requests")
    sql: str = entry(Text("查询语句", "Query"), widget="sql", min_length=6, max_length=20000)
    parameters: tuple[Parameter, ...] = entry(Text("参数", "Parameters"), default=(), max_length=20)
    holdings: tuple[str, ...] = entry(
        Text("同时使用的自有数据", "Own data used with it"),
        refers="holdings",
        default=(),
        max_length=5,
    )
    note: str = entry(
        Text("本版说明", "What this version changes"), default="", widget="long", max_length=500,
        example="增加按月汇总",
    )  # fmt: skip


class Approval(Inputs):
    """What the approver found."""

    reason: str = entry(Text("核准意见", "Opinion"), widget="long", min_length=4, max_length=1000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    is_operator: bool = True  # the actor's organisation is the operator
    is_developer: bool = True  # the actor's organisation is the developer
    is_party: bool = True
    request_kept: bool = True  # a new version stays with the data request
    changed: bool = True  # what is entered differs from the version on record
    parameters_sound: bool = True
    grant_refusals: tuple[Refusal, ...] = ()  # why the data may not be used now
    query_refusals: tuple[Refusal, ...] = ()  # what the guard says of the query
    own_submission: bool = False
    digest_unchanged: bool = True


_NOT_YOURS = Refusal(
    "programs.not-your-program", Text("该步骤由另一家机构办理", "This step belongs to another organisation"), yn(4)
)
the_developer_itself = Guard[Facts](lambda f: f.is_developer, _NOT_YOURS)
the_operator_itself = Guard[Facts](lambda f: f.is_operator, _NOT_YOURS)
the_party_itself = Guard[Facts](lambda f: f.is_party, _NOT_YOURS)
stays_with_its_request = Guard[Facts](
    lambda f: f.request_kept,
    Refusal(
        "programs.another-request",
        Text("新版本须在原数据申请之下", "A new version stays under its data request"),
        spec27(21),
        Text("请另建程序", "Begin another program"),
        ("R26",),
        "request",
    ),
    on_inputs=True,
)
something_changed = Guard[Facts](
    lambda f: f.changed,
    Refusal(
        "programs.nothing-changed",
        Text("内容与现有版本相同，无需另存新版本", "It is the same as the version on record"),
        default(),
        Text("请修改后再保存", "Change something before saving"),
    ),
    on_inputs=True,
)
parameters_are_sound = Guard[Facts](
    lambda f: f.parameters_sound,
    Refusal(
        "programs.parameters-not-sound",
        Text(
            "参数重名、上下限颠倒或不合类型", "A parameter stands twice, or its bounds are reversed or of another type"
        ),
        default(),
        Text("请核对参数的名称、类型和上下限", "Check names, types and bounds"),
        field="parameters",
    ),
)
data_may_be_used = Guard[Facts](
    lambda f: not f.grant_refusals,
    Refusal(
        "programs.data-not-available",
        Text("所依据的数据现在不能使用", "The data that it rests on cannot be used now"),
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
        "programs.query-refused",
        Text(
            "查询会使原始数据或受保护的值外泄，不能固定",
            "The query would disclose raw data or protected values; it cannot be frozen",
        ),
        spec27(21),
        Text("请按所列各条修改查询语句", "Change the query as each reason says"),
        ("R42",),
        "sql",
    ),
    because=lambda f: f.query_refusals,
)
approver_is_another = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal(
        "programs.own-submission",
        Text("不能核准本人或本机构提交的程序", "You cannot approve what you or your organisation submitted"),
        default(),
        Text("请由运营机构的另一名经办人核准", "Let another officer of the operator approve it"),
        ("R66",),
    ),
)
digest_is_unchanged = Guard[Facts](
    lambda f: f.digest_unchanged,
    Refusal(
        "programs.digest-changed",
        Text("数据口径或授权已变化，与固定时的摘要不一致", "The data or their policy changed since it was frozen"),
        spec27(14, 3),
        Text("请保存为新版本后重新固定", "Save a new version and freeze it again"),
        ("R45",),
    ),
)

_COMPILES = (parameters_are_sound, data_may_be_used, query_is_governed)
_LIVE = {State.DRAFT, State.FROZEN, State.APPROVED}

PROGRAM = Lifecycle[Facts](
    "programs",
    Text("开发程序", "Programs"),
    State,
    (
        Act("draft", Text("保存程序", "Save"), {Role.DEVELOPER}, frozenset(), State.DRAFT, spec27(15),
            inputs=Draft, help=Text("编写时可以不完整，固定时再作检查", "It may be unfinished; it is checked when frozen")),
        Act("revise", Text("保存新版本", "Save a new version"), {Role.DEVELOPER}, _LIVE, State.DRAFT, spec27(15),
            (the_developer_itself, stays_with_its_request, something_changed), Draft, duty=False,
            help=Text("保存即为新版本，原核准随之失效", "Saving makes a new version and voids the approval")),
        Act("freeze", Text("固定并送核", "Freeze and submit"), {Role.DEVELOPER}, {State.DRAFT}, State.FROZEN, spec27(15),
            (the_developer_itself, *_COMPILES), sensitive=True),
        Act("approve", Text("核准运行", "Approve"), {Role.OPERATOR}, {State.FROZEN}, State.APPROVED, spec27(21),
            (the_operator_itself, approver_is_another, *_COMPILES, digest_is_unchanged), Approval, sensitive=True),
        Act("return", Text("退回修改", "Return"), {Role.OPERATOR}, {State.FROZEN}, State.DRAFT, spec27(21),
            (the_operator_itself, approver_is_another), Reason, duty=False),
        Act("retire", Text("停用", "Retire"), {Role.DEVELOPER, Role.OPERATOR}, _LIVE, State.RETIRED, spec27(21),
            (the_party_itself,), Reason, duty=False, final=True),
    ),
    deadlines=(
        Deadline(State.FROZEN, workdays("program.approval-days"), default(),
                 Text("完成程序核准", "Decide on the program"), {Role.OPERATOR}),
    ),
)  # fmt: skip
