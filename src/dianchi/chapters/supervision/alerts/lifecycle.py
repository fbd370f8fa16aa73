"""Which acts raise an alert, explain it and close it."""

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
    """An alert says that something looks unusual; a person says what it was."""

    RAISED = "raised", Text("待核查", "To be looked into"), Tone.WAITING
    EXPLAINED = "explained", Text("已说明", "Explained"), Tone.WAITING
    DISMISSED = "dismissed", Text("排除", "Dismissed"), Tone.STOPPED
    CONFIRMED = "confirmed", Text("属实", "Confirmed"), Tone.FORCE


RULES = (
    ("night", Text("夜间大量调用", "Many calls at night")),
    ("volume", Text("调用量突增", "Far more calls than usual")),
    ("new-place", Text("来自新的地址", "Calls from a new place")),
    ("enumeration", Text("逐个试探参数", "Parameters tried one by one")),
    ("refusals", Text("被拒绝的调用增多", "More and more calls refused")),
    ("differencing", Text("多次触及差分规则", "Repeated attempts to subtract answers")),
)


class Raising(Inputs):
    """What was found in the record; figures, never values."""

    rule: str = entry(
        Text("规则", "Rule"), choices=RULES, pattern="^(night|volume|new-place|enumeration|refusals|differencing)$"
    )
    order: str = entry(Text("订单", "Order"), max_length=40)
    consumer: str = entry(Text("使用方", "Consumer"), widget="organisation", max_length=18)
    operator: str = entry(Text("运营机构", "Operator"), widget="organisation", max_length=18)
    product: str = entry(Text("产品公开名称", "Product"), max_length=60)
    on: date = entry(Text("日期", "Day"))
    figure: int = entry(Text("观测值", "Seen"), ge=0)
    usual: int = entry(Text("界限", "Limit"), ge=0)


class Explanation(Inputs):
    """What the consumer says."""

    explanation: str = entry(Text("情况说明", "Explanation"), widget="long", min_length=4, max_length=2000)


class Finding(Inputs):
    """What was found."""

    finding: str = entry(Text("核查结论", "Finding"), widget="long", min_length=4, max_length=2000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True
    is_consumer: bool = True


_NOT_YOURS = Refusal(
    "alerts.not-yours", Text("只有当事方可以办理", "Only a party may do this"), default(),
    Text("请由当事机构办理", "Let the party do it"),
)  # fmt: skip
the_consumer_itself = Guard[Facts](lambda f: f.is_consumer, _NOT_YOURS)
the_party_itself = Guard[Facts](lambda f: f.yours, _NOT_YOURS)
_LOOK = {Role.OPERATOR, Role.BUREAU, Role.SECURITY_ADMIN}
_OPEN = {State.RAISED, State.EXPLAINED}

ALERT = Lifecycle[Facts](
    "alerts",
    Text("使用预警", "Alerts"),
    State,
    (
        Act("raise", Text("预警", "Raise"), {Role.SYSTEM}, frozenset(), State.RAISED, cite("CSL", 21), (), Raising),
        Act("explain", Text("说明情况", "Explain"), {Role.CONSUMER}, {State.RAISED}, State.EXPLAINED, spec27(21), (the_consumer_itself,),
            Explanation),
        Act("dismiss", Text("排除", "Dismiss"), _LOOK, _OPEN, State.DISMISSED, cite("CSL", 21), (the_party_itself,), Finding, final=True),
        Act("confirm", Text("认定属实", "Confirm"), _LOOK, _OPEN, State.CONFIRMED, cite("CSL", 21), (the_party_itself,), Finding,
            duty=False, final=True,
            help=Text("认定后可关停该订单，并按事件处置", "The order may then be shut and an incident opened")),
    ),
    deadlines=(
        Deadline(State.RAISED, workdays("alert.review-days"), default(), Text("核查预警", "Look into the alert"), _LOOK),
    ),
)  # fmt: skip
