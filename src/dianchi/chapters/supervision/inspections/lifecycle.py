"""Which acts inspect a party."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.chapters.supervision.inspections.findings import KINDS, RULES
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """A finding leads to an order, an order to a re-check."""

    PLANNED = "planned", Text("待检查", "Planned"), Tone.DRAFT
    ON_SITE = "on-site", Text("检查中", "Under way"), Tone.WAITING
    TOLD = "told", Text("结果已告知", "Result told"), Tone.WAITING
    CORRECTING = "correcting", Text("整改中", "Being corrected"), Tone.STOPPED
    CLOSED = "closed", Text("已办结", "Closed"), Tone.FORCE
    CANCELLED = "cancelled", Text("已取消", "Cancelled"), Tone.STOPPED


TASKS = (
    ("ROUTINE", Text("例行检查", "Routine")), ("SPECIAL", Text("专项检查", "Special")), ("FOLLOW-UP", Text("回头看", "Follow-up")),
    ("CONTROL", Text("内部控制审计", "Audit of internal control")),
)  # fmt: skip
PARTY_ROLES = (
    ("operator", Text("运营机构", "Operator")), ("developer", Text("开发主体", "Developer")),
    ("implementer", Text("实施机构", "Implementing institution")), ("provider", Text("数据提供单位", "Data provider")),
    ("consumer", Text("数据使用方", "Data consumer")),
)  # fmt: skip


class Planning(Inputs):
    """Whom, what, when."""

    title: str = entry(Text("检查名称", "Title"), min_length=4, max_length=200, example="二〇二六年度安全专项检查")
    task: str = entry(
        Text("检查类型", "Kind of inspection"), choices=TASKS, pattern="^(ROUTINE|SPECIAL|FOLLOW-UP|CONTROL)$"
    )
    party: str = entry(Text("被检查单位", "Party"), max_length=18, widget="organisation")
    party_role: str = entry(
        Text("单位身份", "In the role of"),
        choices=PARTY_ROLES,
        pattern="^(operator|developer|implementer|provider|consumer)$",
    )
    scope: str = entry(Text("检查内容", "What is inspected"), widget="long", min_length=4, max_length=4000)
    basis: str = entry(Text("检查依据", "Basis"), widget="long", min_length=4, max_length=1000)
    planned_on: date = entry(Text("计划日期", "Planned for"))


class Start(Inputs):
    """Who inspects."""

    inspectors: list[str] = entry(
        Text("检查人员", "Inspectors"),
        min_length=1,
        max_length=20,
        personal=True,
        help=Text("不少于两人", "At least two"),
    )
    document_number: str = entry(Text("检查通知书编号", "Number of the notice"), min_length=2, max_length=60)


class Finding(Inputs):
    """One thing found."""

    finding: str = entry(Text("问题类型", "Kind"), choices=KINDS, pattern="^[A-Z]{3,12}$")
    description: str = entry(Text("查明的事实", "Facts found"), widget="long", min_length=4, max_length=4000)
    evidence: str = entry(Text("证据", "Evidence"), widget="long", min_length=2, max_length=2000)


class Result(Inputs):
    """What the party is told."""

    result: str = entry(Text("检查结论", "Result"), widget="long", min_length=4, max_length=4000)


class Answer(Inputs):
    """What the party says to it."""

    answer: str = entry(Text("陈述申辩", "The party's answer"), widget="long", min_length=4, max_length=4000)


class Demand(Inputs):
    """The order that follows."""

    order_number: str = entry(Text("文书编号", "Number of the order"), min_length=2, max_length=60)
    demand: str = entry(Text("整改要求", "What must be corrected"), widget="long", min_length=4, max_length=2000)
    due_on: date = entry(Text("整改期限", "By"))


class Clue(Inputs):
    """A clue handed to the body in charge of discipline or crime."""

    transferred_to: str = entry(Text("移送机关", "Handed to"), min_length=2, max_length=200, example="纪检监察机关")
    clue: str = entry(Text("线索摘要", "Clue"), widget="long", min_length=4, max_length=4000)


class Conclusion(Inputs):
    """How it ends."""

    conclusion: str = entry(Text("办结意见", "Conclusion"), widget="long", min_length=4, max_length=2000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    known: bool = True
    not_oneself: bool = True
    own_task: bool = True  # the actor's organisation inspects
    enough_inspectors: bool = True
    finding_known: bool = True
    yours: bool = True  # the actor's organisation is the party
    answered_already: bool = False
    found_something: bool = True
    findings_open: bool = False  # findings without an order that was carried out
    gain_unreported: bool = False


_DSL44 = cite("DSL", 44)
party_is_known = Guard[Facts](
    lambda f: f.known,
    Refusal("inspections.party-unknown", Text("被检查单位未在平台登记", "The party is not on record"), _DSL44,
            Text("请核对统一社会信用代码", "Check its code"), field="party"),
    on_inputs=True,
)  # fmt: skip
party_is_another = Guard[Facts](
    lambda f: f.not_oneself,
    Refusal("inspections.own-organisation", Text("不能检查本机构", "You cannot inspect your own organisation"), default(),
            Text("请由其他机构检查", "Let another body inspect it"), ("R74",), "party"),
    on_inputs=True,
)  # fmt: skip
the_inspecting_body = Guard[Facts](
    lambda f: f.own_task,
    Refusal("inspections.not-your-task", Text("只有组织检查的机构可以办理", "Only the inspecting body does this"), _DSL44),
)  # fmt: skip
two_inspectors = Guard[Facts](
    lambda f: f.enough_inspectors,
    Refusal("inspections.too-few-inspectors", Text("检查人员不得少于两人", "An inspection takes at least two"), default(),
            Text("请补充检查人员", "Name another inspector"), field="inspectors"),
    on_inputs=True,
)  # fmt: skip
finding_is_listed = Guard[Facts](
    lambda f: f.finding_known,
    Refusal("inspections.finding-not-listed", Text("问题类型不在清单内", "The kind of finding is not listed"), _DSL44,
            Text("请从清单中选择", "Choose one from the list"), field="finding"),
    on_inputs=True,
)  # fmt: skip
the_party_itself = Guard[Facts](
    lambda f: f.yours, Refusal("inspections.not-the-party", Text("只有被检查单位可以陈述申辩", "Only the party answers"), _DSL44)
)  # fmt: skip
not_yet_answered = Guard[Facts](
    lambda f: not f.answered_already,
    Refusal("inspections.answered-already", Text("已提交陈述申辩", "The answer is on record already"), _DSL44),
)  # fmt: skip
something_was_found = Guard[Facts](
    lambda f: f.found_something,
    Refusal("inspections.nothing-found", Text("没有记录问题，不需责令整改", "Nothing was found that could be corrected"), _DSL44,
            Text("请直接办结", "Close it")),
)  # fmt: skip
findings_are_corrected = Guard[Facts](
    lambda f: not f.findings_open,
    Refusal("inspections.findings-open", Text("检查发现的问题尚未整改到位", "What was found is not corrected yet"), spec27(21),
            Text("请先责令整改并复查通过", "Order it to correct and pass the re-check first"), RULES),
)  # fmt: skip
gain_is_reported = Guard[Facts](
    lambda f: not f.gain_unreported,
    Refusal("inspections.gain-not-transferred", Text("发现以数据谋私，线索尚未移送", "Private gain was found and the clue not handed over"), spec27(23),
            Text("请先移送纪检监察机关", "Hand the clue to the discipline body first"), ("R75",)),
)  # fmt: skip

INSPECTORS = {Role.BUREAU, Role.IMPLEMENTER, Role.SECTOR}
_PARTY = {Role.OPERATOR, Role.DEVELOPER, Role.IMPLEMENTER, Role.PROVIDER, Role.CONSUMER}
_OURS = (the_inspecting_body,)

INSPECTION = Lifecycle[Facts](
    "inspections",
    Text("监督检查", "Inspections"),
    State,
    (
        Act("plan", Text("制定检查任务", "Plan"), INSPECTORS, frozenset(), State.PLANNED, spec27(21), (party_is_known, party_is_another), Planning),
        Act("start", Text("开始检查", "Start"), INSPECTORS, {State.PLANNED}, State.ON_SITE, _DSL44, (*_OURS, two_inspectors), Start,
            document=Text("检查通知书", "Notice of inspection")),
        Act("find", Text("记录问题", "Record a finding"), INSPECTORS, {State.ON_SITE}, None, _DSL44, (*_OURS, finding_is_listed), Finding, duty=False),
        Act("tell", Text("告知结果", "Tell the result"), INSPECTORS, {State.ON_SITE}, State.TOLD, _DSL44, _OURS, Result,
            document=Text("检查结果告知书", "Result of the inspection")),
        Act("answer", Text("陈述申辩", "Answer"), _PARTY, {State.TOLD}, None, _DSL44, (the_party_itself, not_yet_answered), Answer),
        Act("demand", Text("责令整改", "Order to correct"), {Role.BUREAU, Role.IMPLEMENTER}, {State.TOLD}, State.CORRECTING, _DSL44,
            (something_was_found,), Demand, help=Text("同时建立督促整改事项", "It opens a correction")),
        Act("transfer", Text("移送线索", "Hand over a clue"), INSPECTORS, {State.ON_SITE, State.TOLD, State.CORRECTING}, None, spec27(23), _OURS, Clue, duty=False),
        Act("close", Text("办结", "Close"), INSPECTORS, {State.TOLD, State.CORRECTING}, State.CLOSED, _DSL44,
            (*_OURS, findings_are_corrected, gain_is_reported), Conclusion),
        Act("cancel", Text("取消", "Cancel"), INSPECTORS, {State.PLANNED}, State.CANCELLED, _DSL44, _OURS, Conclusion, duty=False),
    ),
    (
        Deadline(State.ON_SITE, workdays("inspection.report-days"), _DSL44, Text("告知检查结果", "Tell the result"), INSPECTORS),
    ),
)  # fmt: skip
