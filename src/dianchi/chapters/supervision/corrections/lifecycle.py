"""Which acts climb the ladder, and which lead down again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, days, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Each step presupposes the one before, unless a serious risk calls for suspension at once."""

    NOTICED = "noticed", Text("已提醒", "Notice given"), Tone.WAITING
    TALKED = "talked", Text("已约谈", "Talk held"), Tone.WAITING
    ORDERED = "ordered", Text("责令整改", "Ordered to correct"), Tone.STOPPED
    SUBMITTED = "submitted", Text("待复查", "To be re-checked"), Tone.WAITING
    SUSPENDED = "suspended", Text("已暂停", "Suspended"), Tone.STOPPED
    CLOSED = "closed", Text("整改完成", "Corrected"), Tone.FORCE
    EXITING = "exiting", Text("转入退出", "Led to exit"), Tone.STOPPED


GROUNDS = (
    ("RISK", Text("发现较大风险", "Serious risk found")), ("SCOPE", Text("超范围使用", "Use beyond scope")),
    ("INCIDENT", Text("发生安全事件", "An incident")), ("DUTY", Text("未履行义务", "A duty not done")),
    ("EVALUATION", Text("评估不合格", "An evaluation failed")), ("DISCLOSURE", Text("信息披露逾期", "Disclosure overdue")),
    ("INSPECTION", Text("检查发现问题", "An inspection's finding")), ("COMPLAINT", Text("投诉举报属实", "A complaint found true")),
    ("UNFAIR", Text("不公平对待或者搭售排他", "Unlike treatment, tying or exclusivity")),
    ("ASSETIZATION", Text("未经批准的资产化行为", "Assetization without approval")),
    ("OUTLET", Text("平台之外的出口或者另建平台", "An outlet or platform besides this one")),
    ("PRICE", Text("收费违规", "Charging against the rules")), ("OTHER", Text("其他", "Other")),
)  # fmt: skip
PARTIES = (
    ("operator", Text("运营机构", "Operator")), ("developer", Text("开发主体", "Developer")),
    ("implementer", Text("实施机构", "Implementing institution")), ("provider", Text("数据提供单位", "Data provider")),
    ("consumer", Text("数据使用方", "Data consumer")),
)  # fmt: skip
SUSPENDABLE = {"operator": "OPERATOR", "developer": "DEVELOPER"}  # what the gate can shut


class Noticing(Inputs):
    """Who is told what."""

    title: str = entry(Text("事由", "Subject"), min_length=4, max_length=200, example="产品说明与实际输出不符")
    party: str = entry(Text("被监管单位", "Party"), max_length=18, widget="organisation")
    party_role: str = entry(
        Text("单位身份", "In the role of"),
        choices=PARTIES,
        pattern="^(operator|developer|implementer|provider|consumer)$",
    )
    ground: str = entry(Text("依据情形", "Ground"), choices=GROUNDS,
                        pattern="^(RISK|SCOPE|INCIDENT|DUTY|EVALUATION|DISCLOSURE|INSPECTION|COMPLAINT|UNFAIR|ASSETIZATION|OUTLET|PRICE|OTHER)$")  # fmt: skip
    origin: str = entry(
        Text("来源事项编号", "Case it comes from"), default="", max_length=40,
        help=Text("检查、投诉、事件等事项的编号，没有可留空", "Code of the inspection, complaint, incident …; may be empty"),
    )  # fmt: skip
    findings: str = entry(Text("查明的事实", "Facts found"), widget="long", min_length=4, max_length=4000)
    demand: str = entry(Text("要求", "What is asked"), widget="long", min_length=4, max_length=2000)


class Talk(Inputs):
    """The talk as held."""

    talked_on: date = entry(Text("约谈日期", "Held on"))
    attendees: str = entry(Text("参加人员", "Present"), min_length=2, max_length=500, personal=True)
    minutes: str = entry(Text("约谈纪要", "Minutes"), widget="long", min_length=4, max_length=4000)


class Order(Inputs):
    """What must be corrected by when."""

    order_number: str = entry(
        Text("文书编号", "Number of the order"), min_length=2, max_length=60, example="云数督改〔2026〕3号"
    )
    demand: str = entry(Text("整改要求", "What must be corrected"), widget="long", min_length=4, max_length=4000)
    due_on: date = entry(Text("整改期限", "By"))


class Corrected(Inputs):
    """What was corrected."""

    correction: str = entry(Text("整改情况", "What was corrected"), widget="long", min_length=4, max_length=4000)


class Recheck(Inputs):
    """What the re-check found."""

    recheck: str = entry(Text("复查结论", "Result of the re-check"), widget="long", min_length=4, max_length=2000)


class Failed(Inputs):
    """What is still wrong, and the new day."""

    recheck: str = entry(Text("未通过的理由", "What is still wrong"), widget="long", min_length=4, max_length=2000)
    due_on: date = entry(Text("新的整改期限", "New day"))


class Suspension(Inputs):
    """Why it is suspended."""

    serious: bool = entry(
        Text("存在严重风险，须立即暂停", "A serious risk: suspend at once"), default=False,
        help=Text("勾选后不等整改期限届满", "Ticked, it does not wait for the day set"),
    )  # fmt: skip
    reason: str = entry(Text("暂停理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    known: bool = True  # the party is on record
    not_oneself: bool = True
    yours: bool = True  # the actor's organisation is the party
    ahead: bool = True  # the day set is not over
    held: bool = True  # the talk was held already
    can_be_suspended: bool = True
    ripe: bool = True  # the day set has passed, a re-check failed, or the risk is serious
    ladder_climbed: bool = True  # it was suspended, or a re-check failed
    own_submission: bool = False
    may_restore: bool = True  # nothing is shut, or the actor may open it again


_DSL44 = cite("DSL", 44)
party_is_known = Guard[Facts](
    lambda f: f.known,
    Refusal("corrections.party-unknown", Text("被监管单位未在平台登记", "The party is not on record"), _DSL44,
            Text("请核对统一社会信用代码", "Check its code"), field="party"),
    on_inputs=True,
)  # fmt: skip
party_is_another = Guard[Facts](
    lambda f: f.not_oneself,
    Refusal("corrections.own-organisation", Text("不能对本机构作出督促整改", "You cannot supervise your own organisation"), default(),
            Text("请由上级数据管理部门办理", "Let the administration above do it"), ("R74",), "party"),
    on_inputs=True,
)  # fmt: skip
the_party_itself = Guard[Facts](
    lambda f: f.yours,
    Refusal("corrections.not-the-party", Text("只有被监管单位可以提交整改情况", "Only the party reports what it corrected"), _DSL44),
)  # fmt: skip
day_lies_ahead = Guard[Facts](
    lambda f: f.ahead,
    Refusal("corrections.day-past", Text("整改期限须晚于今天", "The day must lie ahead"), _DSL44, field="due_on"),
    on_inputs=True,
)  # fmt: skip
talk_was_held = Guard[Facts](
    lambda f: f.held,
    Refusal("corrections.talk-ahead", Text("约谈日期不能晚于今天", "The talk cannot lie ahead"), _DSL44, field="talked_on"),
    on_inputs=True,
)  # fmt: skip
gate_can_suspend = Guard[Facts](
    lambda f: f.can_be_suspended,
    Refusal("corrections.cannot-be-suspended", Text("只有运营机构和开发主体的业务可以暂停", "Only an operator or a developer can be suspended"), spec27(14, 9),
            Text("请责令整改，或报上级机关处理", "Order it to correct, or report it to the body above")),
)  # fmt: skip
suspension_is_ripe = Guard[Facts](
    lambda f: f.ripe,
    Refusal("corrections.not-ripe", Text("整改期限未满且复查未不通过，不能暂停", "The day has not passed and no re-check failed"), spec27(14, 9),
            Text("请待期限届满；存在严重风险的请勾选并说明", "Wait for the day, or state the serious risk"), field="serious"),
    on_inputs=True,
)  # fmt: skip
ladder_is_climbed = Guard[Facts](
    lambda f: f.ladder_climbed,
    Refusal("corrections.ladder-not-climbed", Text("未经暂停或者复查不通过，不能转入退出", "Exit follows a suspension or a failed re-check"), spec27(14, 12),
            Text("请先责令整改并复查", "Order it to correct and re-check first")),
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal("corrections.own-submission", Text("不能复查自己提交的整改情况", "You cannot re-check your own report"), cite("GBT22239"),
            Text("请由另一名人员复查", "Another person must re-check it"), ("R66",)),
)  # fmt: skip
who_shut_opens = Guard[Facts](
    lambda f: f.may_restore,
    Refusal("corrections.suspended-by-the-bureau", Text("业务由数据管理部门暂停，须由其复查恢复", "The administration suspended it and must restore it"), spec27(14, 9),
            Text("请由数据管理部门复查", "Let the administration re-check it")),
)  # fmt: skip

SUPERVISORS = {Role.BUREAU, Role.IMPLEMENTER}
_PARTY = {Role.OPERATOR, Role.DEVELOPER, Role.IMPLEMENTER, Role.PROVIDER, Role.CONSUMER}
_TO_CORRECT = {State.NOTICED, State.TALKED, State.ORDERED, State.SUSPENDED}

CORRECTION = Lifecycle[Facts](
    "corrections",
    Text("督促整改", "Corrections"),
    State,
    (
        Act("notice", Text("提醒", "Give notice"), SUPERVISORS, frozenset(), State.NOTICED, _DSL44, (party_is_known, party_is_another), Noticing,
            document=Text("监管提醒函", "Supervisory notice")),
        Act("talk", Text("约谈", "Hold a talk"), SUPERVISORS, {State.NOTICED}, State.TALKED, _DSL44, (talk_was_held,), Talk, duty=False,
            document=Text("约谈纪要", "Minutes of the talk")),
        Act("order", Text("责令整改", "Order to correct"), SUPERVISORS, {State.NOTICED, State.TALKED}, State.ORDERED, _DSL44, (day_lies_ahead,), Order,
            duty=False, document=Text("责令整改通知书", "Order to correct")),
        Act("submit", Text("提交整改情况", "Report the correction"), _PARTY, _TO_CORRECT, State.SUBMITTED, _DSL44, (the_party_itself,), Corrected),
        Act("pass", Text("复查通过", "Pass the re-check"), SUPERVISORS, {State.SUBMITTED}, State.CLOSED, _DSL44, (another_person, who_shut_opens), Recheck,
            help=Text("因此暂停的业务随即恢复", "What was suspended for it is restored at once")),
        Act("fail", Text("复查不通过", "Fail the re-check"), SUPERVISORS, {State.SUBMITTED}, State.ORDERED, _DSL44, (another_person, day_lies_ahead), Failed,
            duty=False),
        Act("suspend", Text("暂停业务", "Suspend"), {Role.BUREAU}, {State.NOTICED, State.TALKED, State.ORDERED}, State.SUSPENDED, spec27(14, 9),
            (gate_can_suspend, suspension_is_ripe), Suspension, duty=False, final=True, sensitive=True,
            document=Text("暂停业务通知书", "Notice of suspension"),
            help=Text("立即停止该单位的全部交付；确认前请查看将停止的事项", "All its deliveries stop at once; see first what stops")),
        Act("lead-to-exit", Text("转入退出", "Lead to exit"), {Role.BUREAU}, {State.ORDERED, State.SUSPENDED}, State.EXITING, spec27(14, 12),
            (gate_can_suspend, ladder_is_climbed), Reason, duty=False, final=True, sensitive=True),
        Act("withdraw", Text("撤销", "Withdraw"), SUPERVISORS, {State.NOTICED, State.TALKED}, State.CLOSED, _DSL44, (), Reason, duty=False),
    ),
    (
        Deadline(State.ORDERED, days("correction.grace-days"), _DSL44, Text("完成整改", "Correct it"), _PARTY, since="due_on"),
        Deadline(State.SUBMITTED, workdays("correction.recheck-days"), _DSL44, Text("复查", "Re-check it"), SUPERVISORS),
    ),
)  # fmt: skip
