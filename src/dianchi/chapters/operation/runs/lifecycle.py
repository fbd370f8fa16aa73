"""Which acts a run passes through: started, run behind the wall, its result isolated, replayed, destroyed."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, days
from dianchi.kernel.text import Text


class State(CaseState):
    """A result that is there is isolated: it leaves only through an egress request."""

    QUEUED = "queued", Text("排队中", "Queued"), Tone.WAITING
    RUNNING = "running", Text("运行中", "Running"), Tone.WAITING
    ISOLATED = "isolated", Text("结果隔离保存", "Result isolated"), Tone.FORCE
    FAILED = "failed", Text("未完成", "Not completed"), Tone.STOPPED
    CANCELLED = "cancelled", Text("已取消", "Cancelled"), Tone.STOPPED
    ENDED = "ended", Text("已停用，待销毁", "Ended, to be destroyed"), Tone.WAITING
    DESTROYED = "destroyed", Text("结果已销毁", "Result destroyed"), Tone.STOPPED


class Argument(Inputs):
    """The value of one declared parameter."""

    name: str = entry(Text("参数名", "Name"), pattern="^[a-z][a-z0-9_]{0,39}$")
    value: str = entry(Text("取值", "Value"), max_length=200)


class Start(Inputs):
    """Which program runs with which values."""

    title: str = entry(Text("运行名称", "Title"), min_length=2, max_length=200)
    program: str = entry(Text("开发程序", "Program"), refers="programs")
    arguments: tuple[Argument, ...] = entry(Text("参数取值", "Values of the parameters"), default=(), max_length=20)


class Begun(Inputs):
    """What the job found when it began: everything that its answer depends on."""

    plan_digest: str = entry(Text("编译结果摘要", "Digest of the compiled query"), pattern="^[0-9a-f]{64}$")
    snapshots: dict[str, str] = entry(Text("数据快照", "Snapshots"))


class Result(Inputs):
    """What came of it; sizes and digests, no value."""

    rows: int = entry(Text("行数", "Rows"), ge=0)
    columns: tuple[str, ...] = entry(Text("字段", "Columns"))
    suppressed: int = entry(Text("被抑制的分组数", "Groups suppressed"), ge=0)
    bytes: int = entry(Text("字节数", "Bytes"), ge=0)
    result_digest: str = entry(Text("结果摘要", "Digest of the result"), pattern="^[0-9a-f]{64}$")
    milliseconds: int = entry(Text("运行耗时（毫秒）", "Milliseconds"), ge=0)
    copied_from: str = entry(Text("沿用此前的答复", "Same answer as"), default="", max_length=40)


class Problem(Inputs):
    """One reason in both languages."""

    code: str = entry(Text("代码", "Code"), max_length=80)
    zh: str = entry(Text("原因", "Reason"), max_length=500)
    en: str = entry(Text("原因（英文）", "Reason in English"), max_length=500)


class Failure(Inputs):
    """Why it did not come to its end, fit for its owner."""

    problems: tuple[Problem, ...] = entry(Text("未完成的原因", "Why it was not completed"), min_length=1)


class Replayed(Inputs):
    """What the same run gave when it was run again."""

    replay_digest: str = entry(Text("重放结果摘要", "Digest of the replay"), pattern="^[0-9a-f]{64}$")


class Destruction(Inputs):
    """What was destroyed and how."""

    destroyed_bytes: int = entry(Text("销毁字节数", "Bytes destroyed"), ge=0)
    method: str = entry(Text("销毁方式", "Method"), max_length=200)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    is_developer: bool = True
    is_party: bool = True
    program_refusals: tuple[Refusal, ...] = ()  # why the program may not run now
    argument_refusals: tuple[Refusal, ...] = ()
    few_waiting: bool = True
    bound_refusals: tuple[Refusal, ...] = ()  # why it cannot be run as it was


_NOT_YOURS = Refusal(
    "runs.not-your-run", Text("该步骤由另一家机构办理", "This step belongs to another organisation"), yn(4)
)
the_developer_itself = Guard[Facts](lambda f: f.is_developer, _NOT_YOURS)
the_party_itself = Guard[Facts](lambda f: f.is_party, _NOT_YOURS)
program_may_run = Guard[Facts](
    lambda f: not f.program_refusals,
    Refusal(
        "runs.program-may-not-run",
        Text("该程序现在不能在真实数据上运行", "The program may not run on the real data now"),
        spec27(21),
        Text("请按所列原因先行办理", "Settle the reasons listed first"),
        ("R26", "R45"),
        "program",
    ),
    because=lambda f: f.program_refusals,
)
arguments_are_bound = Guard[Facts](
    lambda f: not f.argument_refusals,
    Refusal(
        "runs.arguments-not-bound",
        Text("参数取值不合声明", "The values do not fit the declared parameters"),
        default(),
        Text("请按参数的类型和范围填写", "Give each within its type and bounds"),
        field="arguments",
    ),
    on_inputs=True,
    because=lambda f: f.argument_refusals,
)
queue_has_room = Guard[Facts](
    lambda f: f.few_waiting,
    Refusal(
        "runs.too-many-waiting",
        Text("本机构排队和运行中的作业已达上限", "Your organisation has as many jobs waiting as it may"),
        default(),
        Text("请等待已有作业完成，或取消后再试", "Wait for them to end, or cancel some"),
    ),
)

still_bound = Guard[Facts](
    lambda f: not f.bound_refusals,
    Refusal(
        "runs.cannot-be-replayed",
        Text("不能按原程序、原口径重放", "It cannot be run again as it was"),
        spec27(15),
        Text("请按所列原因先行办理", "Settle the reasons listed first"),
        ("R45",),
    ),
    because=lambda f: f.bound_refusals,
)

_UNDER_WAY = {State.QUEUED, State.RUNNING}

RUN = Lifecycle[Facts](
    "runs",
    Text("运行记录", "Runs"),
    State,
    (
        Act("start", Text("正式运行", "Run"), {Role.DEVELOPER}, frozenset(), State.QUEUED, spec27(15),
            (queue_has_room, program_may_run, arguments_are_bound), Start, sensitive=True,
            help=Text("结果隔离保存在平台内，出域须另行申请", "The result stays isolated; it leaves only on request")),
        Act("begin", Text("开始运行", "Begin"), {Role.SYSTEM}, _UNDER_WAY, State.RUNNING, spec27(15), inputs=Begun),
        Act("finish", Text("保存结果", "Keep the result"), {Role.SYSTEM}, {State.RUNNING}, State.ISOLATED, spec27(21),
            inputs=Result),
        Act("fail", Text("终止运行", "Fail"), {Role.SYSTEM}, _UNDER_WAY, State.FAILED, spec27(15), inputs=Failure),
        Act("cancel", Text("取消运行", "Cancel"), {Role.DEVELOPER}, _UNDER_WAY, State.CANCELLED, yn(4),
            (the_developer_itself,), duty=False),
        Act("replay", Text("重放核对", "Replay"), {Role.DEVELOPER, Role.OPERATOR, Role.IMPLEMENTER}, {State.ISOLATED},
            None, spec27(15), (the_party_itself, still_bound), duty=False,
            help=Text("以同一程序、数据快照和参数再次运行，核对结果摘要",
                      "Runs the same program, snapshots and values again and compares the digests")),
        Act("replayed", Text("记录重放结果", "Record the replay"), {Role.SYSTEM}, {State.ISOLATED}, None, spec27(15),
            inputs=Replayed),
        Act("end", Text("停止保存", "End"), {Role.DEVELOPER, Role.SYSTEM}, {State.ISOLATED}, State.ENDED,
            cite("DSL", 40), (the_developer_itself,), duty=False, final=True,
            help=Text("停用后由平台销毁结果", "The platform then destroys the result")),
        Act("destroy", Text("销毁结果", "Destroy"), {Role.SYSTEM}, {State.ENDED}, State.DESTROYED, cite("PIPL", 21),
            inputs=Destruction, final=True, sensitive=True),
    ),
    deadlines=(
        Deadline(State.ISOLATED, days("run.keep-days"), cite("PIPL", 21),
                 Text("结果到期销毁", "The result is destroyed"), {Role.DEVELOPER}, then="end"),
    ),
)  # fmt: skip
