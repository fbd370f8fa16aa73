"""Which acts keep emergency plans current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, months
from dianchi.kernel.text import Text


class State(CaseState):
    """In force until a newer plan replaces it."""

    FILED = "filed", Text("现行有效", "In force"), Tone.FORCE
    REPLACED = "replaced", Text("已更新", "Replaced"), Tone.STOPPED


ROLES = (
    ("operator", Text("运营机构", "Operator")), ("implementer", Text("实施机构", "Implementing institution")),
    ("developer", Text("开发主体", "Developer")), ("provider", Text("数据提供单位", "Data provider")),
    ("bureau", Text("数据管理部门", "Data administration")),
)  # fmt: skip
PARTS = (
    ("organisation", Text("组织体系和职责", "Organisation and duties")), ("monitoring", Text("监测和预警", "Monitoring and warning")),
    ("grading", Text("事件分级和响应", "Grades and response")), ("reporting", Text("报告程序和时限", "Reporting and its clocks")),
    ("response", Text("处置措施", "Handling")), ("recovery", Text("恢复和总结", "Recovery and summary")),
    ("contacts", Text("联络方式和值守安排", "Contacts and watch")),
)  # fmt: skip


class Plan(Inputs):
    """The plan in its seven parts."""

    title: str = entry(Text("预案名称", "Title"), min_length=4, max_length=200, example="数据安全事件应急预案")
    role: str = entry(
        Text("单位身份", "In the role of"), choices=ROLES, pattern="^(operator|implementer|developer|provider|bureau)$"
    )
    organisation: str = entry(PARTS[0][1], widget="long", min_length=4, max_length=4000)
    monitoring: str = entry(PARTS[1][1], widget="long", min_length=4, max_length=4000)
    grading: str = entry(PARTS[2][1], widget="long", min_length=4, max_length=4000)
    reporting: str = entry(PARTS[3][1], widget="long", min_length=4, max_length=4000)
    response: str = entry(PARTS[4][1], widget="long", min_length=4, max_length=4000)
    recovery: str = entry(PARTS[5][1], widget="long", min_length=4, max_length=4000)
    contacts: str = entry(PARTS[6][1], widget="long", min_length=4, max_length=2000, personal=True)


class Drill(Inputs):
    """A drill as held."""

    held_on: date = entry(Text("演练日期", "Held on"))
    drill: str = entry(
        Text("演练科目", "What was drilled"), min_length=4, max_length=200, example="一键关停与四小时报告"
    )
    participants: int = entry(Text("参加人数", "Participants"), ge=1, le=100_000)
    findings: str = entry(Text("发现的问题", "What was found"), widget="long", min_length=2, max_length=4000)
    lessons: str = entry(Text("改进措施", "What changes"), widget="long", min_length=2, max_length=4000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True
    plays: bool = True
    held: bool = True
    in_order: bool = True  # no later drill is on record


_NDR11, _NDR30 = cite("NDR", 11), cite("NDR", 30)
plays_the_role = Guard[Facts](
    lambda f: f.plays,
    Refusal("contingencies.not-your-role", Text("您的机构不具有该身份", "Your organisation does not act in that role"), _NDR11, field="role"),
    on_inputs=True,
)  # fmt: skip
the_party_itself = Guard[Facts](
    lambda f: f.yours, Refusal("contingencies.not-yours", Text("只有预案所属单位可以办理", "Only the party whose plan it is does this"), _NDR11)
)  # fmt: skip
drill_was_held = Guard[Facts](
    lambda f: f.held,
    Refusal("contingencies.drill-ahead", Text("演练日期不能晚于今天", "The drill cannot lie ahead"), _NDR30, field="held_on"),
    on_inputs=True,
)  # fmt: skip
drills_in_order = Guard[Facts](
    lambda f: f.in_order,
    Refusal("contingencies.drill-out-of-order", Text("演练日期早于上一次演练", "It lies before the last drill"), _NDR30,
            Text("请核对日期", "Check the day"), field="held_on"),
    on_inputs=True,
)  # fmt: skip

PLANNERS = {Role.OPERATOR, Role.IMPLEMENTER, Role.DEVELOPER, Role.PROVIDER, Role.BUREAU}

CONTINGENCY = Lifecycle[Facts](
    "contingencies",
    Text("应急预案和演练", "Emergency plans and drills"),
    State,
    (
        Act("file", Text("归档预案", "File"), PLANNERS, frozenset(), State.FILED, _NDR11, (plays_the_role,), Plan,
            help=Text("新预案归档后替换原预案", "A new plan replaces the one before")),
        Act("drill", Text("登记演练", "Record a drill"), PLANNERS, {State.FILED}, None, _NDR30, (the_party_itself, drill_was_held, drills_in_order), Drill, duty=False,
            document=Text("应急演练记录", "Record of a drill")),
        Act("replace", Text("更新", "Replace"), {Role.SYSTEM}, {State.FILED}, State.REPLACED, _NDR11),
    ),
    (Deadline(State.FILED, months("incident.drill-months"), _NDR30, Text("开展应急演练", "Hold a drill"), PLANNERS, since="drilled_on"),),
)  # fmt: skip
