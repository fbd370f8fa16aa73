"""Which acts set a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """A setting is in force until it is withdrawn or replaced."""

    IN_FORCE = "in-force", Text("生效", "In force"), Tone.FORCE
    WITHDRAWN = "withdrawn", Text("已撤回", "Withdrawn"), Tone.STOPPED


class Setting(Inputs):
    """A figure for a region."""

    key: str = entry(Text("参数", "Parameter"), max_length=80, example="registration.publicity-days")
    value: str = entry(Text("取值", "Value"), max_length=80, example="10")
    reason: str = entry(Text("理由和依据", "Reason and basis"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    known: bool = True  # there is such a parameter
    within: bool = True  # the value is of its type and inside what the law allows
    lowest: int | Decimal | None = None
    highest: int | Decimal | None = None


is_a_parameter = Guard[Facts](
    lambda f: f.known,
    Refusal("parameters.unknown", Text("没有这个参数", "There is no such parameter"), default(), field="key"),
    on_inputs=True,
)
within_the_law = Guard[Facts](
    lambda f: f.within,
    Refusal("parameters.outside-the-law", Text("取值不合规：法律允许的范围是{lowest}至{highest}", "Not allowed: the law admits {lowest} to {highest}"),
            default(), Text("请填写范围内的数值", "Enter a value in that range"), field="value"),
    on_inputs=True,
    naming=lambda f: {"lowest": "—" if f.lowest is None else f.lowest, "highest": "—" if f.highest is None else f.highest},
)  # fmt: skip

PARAMETER = Lifecycle(
    "parameters",
    Text("参数", "Parameters"),
    State,
    (
        Act("set", Text("设定", "Set"), {Role.BUREAU, Role.SECURITY_ADMIN}, frozenset(), State.IN_FORCE, default(),
            (is_a_parameter, within_the_law), Setting, sensitive=True),
        Act("withdraw", Text("撤回", "Withdraw"), {Role.BUREAU, Role.SECURITY_ADMIN}, {State.IN_FORCE}, State.WITHDRAWN,
            default(), duty=False),
    ),
)  # fmt: skip
