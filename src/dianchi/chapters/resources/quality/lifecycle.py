"""Which acts mend the quality of a resource."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Where a ticket stands."""

    OPEN = "open", Text("待受理", "Open"), Tone.WAITING
    ACCEPTED = "accepted", Text("整改中", "To be mended"), Tone.WAITING
    FIXED = "fixed", Text("待复核", "To be checked"), Tone.WAITING
    CLOSED = "closed", Text("已办结", "Closed"), Tone.FORCE
    REJECTED = "rejected", Text("不予受理", "Rejected"), Tone.STOPPED


class Issue(Inputs):
    """What is wrong with which resource."""

    title: str = entry(Text("问题", "Issue"), min_length=2, max_length=200, example="部分州市代码不是六位")
    item: str = entry(Text("资源目录", "Catalogue item"), refers="catalogue")
    description: str = entry(
        Text("问题描述", "Description"), widget="long", min_length=4, max_length=2000,
        help=Text("请勿填写具体数据值", "Write no data values"),
    )  # fmt: skip


class Scan(Issue):
    """What a scan found: the load, and how many rows broke which rule."""

    load: str = entry(Text("供数", "Load"), default="", refers="supply")
    rules: dict[str, int] = entry(Text("规则及不符行数", "Rules and rows that break them"), default={})


class Recheck(Inputs):
    """How many rows of a newer load break the same rules."""

    rechecked_load: str = entry(Text("复测的供数", "Load checked again"), max_length=40)
    rechecked: dict[str, int] = entry(Text("复测不符行数", "Rows that break them now"), default={})


class Answer(Inputs):
    """What was done or decided."""

    answer: str = entry(Text("处理情况", "Answer"), widget="long", min_length=4, max_length=2000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    provider: bool = True
    own_fix: bool = False
    repeated: bool = False  # a ticket of the scan about the same resource is not closed yet
    still_failing: bool = False  # the newest load breaks the rules as before


provider_mends = Guard[Facts](
    lambda f: f.provider,
    Refusal("quality.not-the-provider", Text("只有数据提供单位可以整改", "Only the data provider mends its data"), spec27(21)),
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_fix,
    Refusal("quality.own-fix", Text("不能复核自己的整改", "You cannot check your own fix"), cite("GBT22239"),
            Text("请由另一名人员复核", "Another person must check it"), ("R66",)),
)  # fmt: skip

one_at_a_time = Guard[Facts](
    lambda f: not f.repeated,
    Refusal("quality.raised-already", Text("该资源已有未办结的扫描工单", "A ticket of the scan about this resource is open already"), default()),
    on_inputs=True,
)  # fmt: skip
checked_again = Guard[Facts](
    lambda f: not f.still_failing,
    Refusal("quality.still-failing", Text("复测仍有不符行，不能办结", "Rows still break the rules; the ticket cannot be closed"), spec27(21),
            Text("请退回整改，待重新供数后复测", "Send it back; it is checked again with the next load")),
)  # fmt: skip

QUALITY = Lifecycle[Facts](
    "quality",
    Text("质量工单", "Quality tickets"),
    State,
    (
        Act("raise", Text("提出问题", "Raise"), {Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER, Role.BUREAU}, frozenset(),
            State.OPEN, spec27(21), (), Issue),
        Act("find", Text("扫描建单", "Found by the scan"), {Role.SYSTEM}, frozenset(), State.OPEN, spec27(21), (one_at_a_time,), Scan),
        Act("accept", Text("受理", "Accept"), {Role.BUREAU}, {State.OPEN}, State.ACCEPTED, default()),
        Act("reject", Text("不予受理", "Reject"), {Role.BUREAU}, {State.OPEN}, State.REJECTED, default(), (), Answer, duty=False),
        Act("fix", Text("完成整改", "Fixed"), {Role.PROVIDER}, {State.ACCEPTED}, State.FIXED, spec27(21), (provider_mends,), Answer),
        Act("close", Text("复核办结", "Close"), {Role.BUREAU}, {State.FIXED}, State.CLOSED, default(), (another_person, checked_again), Answer),
        Act("recheck", Text("复测", "Check again"), {Role.SYSTEM}, {State.OPEN, State.ACCEPTED, State.FIXED}, None, default(), (), Recheck,
            duty=False),
        Act("reopen", Text("退回整改", "Reopen"), {Role.BUREAU}, {State.FIXED}, State.ACCEPTED, default(), (), Answer, duty=False),
    ),
    (Deadline(State.ACCEPTED, workdays("quality.ticket-days"), default(), Text("完成整改", "Mend it"), {Role.PROVIDER}),),
)  # fmt: skip
