"""Which acts ask a department for data, and answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Where a demand stands."""

    OPEN = "open", Text("待分办", "To be assigned"), Tone.WAITING
    ASSIGNED = "assigned", Text("待答复", "To be answered"), Tone.WAITING
    PROMISED = "promised", Text("承诺提供", "Promised"), Tone.WAITING
    MET = "met", Text("已提供", "Met"), Tone.FORCE
    DECLINED = "declined", Text("不能提供", "Declined"), Tone.STOPPED
    CLOSED = "closed", Text("已办结", "Closed"), Tone.FORCE
    WITHDRAWN = "withdrawn", Text("已撤回", "Withdrawn"), Tone.STOPPED


GROUNDS = (
    ("NOT_HELD", Text("本单位不掌握该数据", "We do not hold the data")),
    ("FORBIDDEN", Text("法律法规不允许提供", "The law forbids it")),
    ("NOT_COLLECTED", Text("尚未采集或未形成数据", "Not collected yet")),
    ("QUALITY", Text("数据质量不具备提供条件", "The quality does not allow it yet")),
)
FREQUENCIES = (
    ("once", Text("一次性", "Once")), ("daily", Text("每日", "Daily")), ("weekly", Text("每周", "Weekly")),
    ("monthly", Text("每月", "Monthly")), ("quarterly", Text("每季度", "Quarterly")), ("yearly", Text("每年", "Yearly")),
)  # fmt: skip
ASKERS = frozenset({Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER, Role.IMPLEMENTER, Role.SECTOR})


class Demand(Inputs):
    """What data somebody wants and does not find on the catalogue."""

    title: str = entry(Text("需求名称", "Title"), min_length=2, max_length=200, example="客运站发班信息")
    wanted: str = entry(
        Text("需要的数据", "Data wanted"), widget="long", min_length=4, max_length=2000,
        help=Text("写明需要哪些数据项、什么范围、什么粒度", "Which items, which coverage, which detail"),
    )  # fmt: skip
    purpose: str = entry(Text("用途", "Purpose"), widget="long", min_length=4, max_length=1000)
    sector: str = entry(Text("所属领域", "Sector"), max_length=40, example="交通运输")
    frequency: str = entry(
        Text("期望更新频率", "Frequency"),
        choices=FREQUENCIES,
        default="monthly",
        pattern="^(once|daily|weekly|monthly|quarterly|yearly)$",
    )
    wanted_by_on: date | None = entry(Text("期望提供日期", "Wanted by"), default=None)
    presumed_holder: str = entry(
        Text("可能的数据提供单位", "Presumed holder"), default="", widget="organisation", max_length=18
    )


class Support(Inputs):
    """Who wants the same data, and what for."""

    note: str = entry(Text("用途说明", "What for"), widget="long", min_length=4, max_length=500)


class Assignment(Inputs):
    """Which department answers."""

    provider: str = entry(Text("承办单位", "Who answers"), widget="organisation", max_length=18)


class Promise(Inputs):
    """By when it will be supplied."""

    promised_on: date = entry(Text("承诺提供日期", "Promised for"))
    answer: str = entry(Text("答复", "Answer"), widget="long", min_length=4, max_length=1000)


class Meeting(Inputs):
    """The catalogue item that holds the data."""

    item: str = entry(Text("资源目录", "Catalogue item"), refers="catalogue")
    answer: str = entry(Text("答复", "Answer"), widget="long", min_length=4, max_length=1000)


class Declining(Inputs):
    """Why the data cannot be supplied."""

    ground: str = entry(
        Text("不能提供的情形", "Ground"), choices=GROUNDS, pattern="^(NOT_HELD|FORBIDDEN|NOT_COLLECTED|QUALITY)$"
    )
    answer: str = entry(Text("答复", "Answer"), widget="long", min_length=4, max_length=1000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    asker: bool = True  # the actor's organisation asked
    another: bool = True  # it did not, and has not supported the demand yet
    assigned: bool = True  # the demand was assigned to the actor's organisation
    in_territory: bool = True
    holder_known: bool = True  # who is to answer is on record and active
    item_published: bool = True
    own_item: bool = True  # the item is that of the department that answers
    already_there: bool = False  # an item of that very name is on the catalogue


not_on_the_catalogue = Guard[Facts](
    lambda f: not f.already_there,
    Refusal("demands.on-the-catalogue-already", Text("目录中已有同名资源", "The catalogue has a resource of that name already"), spec27(9, 5),
            Text("请先在目录中检索，按程序申请使用", "Search the catalogue and apply for its use"), field="title"),
    on_inputs=True,
)  # fmt: skip
asker_acts = Guard[Facts](
    lambda f: f.asker,
    Refusal("demands.not-the-asker", Text("只有提出需求的单位可以办理", "Only who asked may do this"), default(),
            Text("请由提出需求的单位办理", "Let them do it")),
)  # fmt: skip
another_supports = Guard[Facts](
    lambda f: f.another,
    Refusal("demands.supported-already", Text("本单位已提出或附议该需求", "Your organisation has asked or supported it already"), default(),
            Text("无须重复附议", "Once is enough")),
)  # fmt: skip
assigned_answers = Guard[Facts](
    lambda f: f.assigned,
    Refusal("demands.not-assigned-to-you", Text("该需求不由贵单位承办", "The demand is not assigned to your organisation"), cite("SHARE"),
            Text("请由承办单位答复", "Let the department in charge answer")),
)  # fmt: skip
in_own_territory = Guard[Facts](
    lambda f: f.in_territory,
    Refusal("demands.not-your-territory", Text("该需求由所属区划的数据管理部门分办", "The data administration of its division assigns it"), spec27(7),
            Text("请由该区划的数据管理部门办理", "Let it do so")),
)  # fmt: skip
holder_is_known = Guard[Facts](
    lambda f: f.holder_known,
    Refusal("demands.provider-unknown", Text("承办单位未入驻平台", "The department is not on record"), default(),
            Text("请选择已入驻的单位", "Choose one that is"), field="provider"),
    on_inputs=True,
)  # fmt: skip
item_is_published = Guard[Facts](
    lambda f: f.item_published,
    Refusal("demands.item-not-published", Text("资源目录尚未发布", "The catalogue item is not published"), spec27(9, 5),
            Text("请先完成编目发布", "Publish it first"), field="item"),
    on_inputs=True,
)  # fmt: skip
item_is_their_own = Guard[Facts](
    lambda f: f.own_item,
    Refusal("demands.item-of-another", Text("只能以本单位的资源答复", "Answer with a resource of your own"), spec27(9, 5),
            Text("请选择本单位编目的资源", "Choose one that your department catalogued"), field="item"),
    on_inputs=True,
)  # fmt: skip
_BUREAU, _PROVIDER = {Role.BUREAU}, {Role.PROVIDER}
_PENDING = {State.OPEN, State.ASSIGNED, State.PROMISED}

DEMANDS = Lifecycle[Facts](
    "demands",
    Text("数据需求", "Demands for data"),
    State,
    (
        Act("ask", Text("提出需求", "Ask"), ASKERS, frozenset(), State.OPEN, spec27(15), (not_on_the_catalogue,), Demand),
        Act("support", Text("附议", "Support"), ASKERS, _PENDING, None, spec27(15), (another_supports,), Support, duty=False),
        Act("assign", Text("分办", "Assign"), _BUREAU, {State.OPEN, State.ASSIGNED, State.DECLINED}, State.ASSIGNED, spec27(7),
            (in_own_territory, holder_is_known), Assignment),
        Act("promise", Text("承诺提供", "Promise"), _PROVIDER, {State.ASSIGNED}, State.PROMISED, cite("SHARE"), (assigned_answers,), Promise),
        Act("decline", Text("不能提供", "Decline"), _PROVIDER, {State.ASSIGNED}, State.DECLINED, cite("SHARE"), (assigned_answers,),
            Declining, duty=False),
        Act("meet", Text("已提供", "Met"), _PROVIDER, {State.ASSIGNED, State.PROMISED}, State.MET, cite("SHARE"),
            (assigned_answers, item_is_published, item_is_their_own), Meeting),
        Act("confirm", Text("确认满足", "Confirm"), ASKERS, {State.MET}, State.CLOSED, default(), (asker_acts,)),
        Act("reopen", Text("未满足，重新办理", "Reopen"), ASKERS, {State.MET, State.DECLINED}, State.OPEN, default(), (asker_acts,), Reason,
            duty=False),
        Act("withdraw", Text("撤回需求", "Withdraw"), ASKERS, {*_PENDING, State.DECLINED}, State.WITHDRAWN, default(), (asker_acts,),
            duty=False, final=True),
    ),
    (
        Deadline(State.OPEN, workdays("demand.triage-days"), default(), Text("分办需求", "Assign the demand"), _BUREAU),
        Deadline(State.ASSIGNED, workdays("demand.answer-days"), cite("SHARE"), Text("答复需求", "Answer the demand"), _PROVIDER, clock="E34"),
        Deadline(State.PROMISED, workdays("demand.supply-days"), cite("SHARE"), Text("提供数据", "Supply the data"), _PROVIDER, clock="E34"),
    ),
)  # fmt: skip
