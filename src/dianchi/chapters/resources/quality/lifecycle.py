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


class Answer(Inputs):
    """What was done or decided."""

    answer: str = entry(Text("处理情况", "Answer"), widget="long", min_length=4, max_length=2000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    provider: bool = True
    own_fix: bool = False


provider_mends = Guard[Facts](
    lambda f: f.provider,
    Refusal("quality.not-the-provider", Text("只有数据提供单位可以整改", "Only the data provider mends its data"), spec27(21)),
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_fix,
    Refusal("quality.own-fix", Text("不能复核自己的整改", "You cannot check your own fix"), cite("GBT22239"),
            Text("请由另一名人员复核", "Another person must check it"), ("R66",)),
)  # fmt: skip

QUALITY = Lifecycle[Facts](
    "quality",
    Text("质量工单", "Quality tickets"),
    State,
    (
        Act("raise", Text("提出问题", "Raise"), {Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER, Role.BUREAU, Role.SYSTEM}, frozenset(),
            State.OPEN, spec27(21), (), Issue),
        Act("accept", Text("受理", "Accept"), {Role.BUREAU}, {State.OPEN}, State.ACCEPTED, default()),
        Act("reject", Text("不予受理", "Reject"), {Role.BUREAU}, {State.OPEN}, State.REJECTED, default(), (), Answer, duty=False),
        Act("fix", Text("完成整改", "Fixed"), {Role.PROVIDER}, {State.ACCEPTED}, State.FIXED, spec27(21), (provider_mends,), Answer),
        Act("close", Text("复核办结", "Close"), {Role.BUREAU}, {State.FIXED}, State.CLOSED, default(), (another_person,), Answer),
        Act("reopen", Text("退回整改", "Reopen"), {Role.BUREAU}, {State.FIXED}, State.ACCEPTED, default(), (), Answer, duty=False),
    ),
    (Deadline(State.ACCEPTED, workdays("quality.ticket-days"), default(), Text("完成整改", "Mend it"), {Role.PROVIDER}),),
)  # fmt: skip
