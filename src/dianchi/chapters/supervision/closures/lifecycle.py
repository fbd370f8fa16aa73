"""Which acts shut and reopen the gate."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """Nothing passes while it is shut."""

    SHUT = "shut", Text("已关停", "Shut"), Tone.STOPPED
    REOPENED = "reopened", Text("已恢复", "Reopened"), Tone.FORCE


EVERYTHING = "EVERYTHING"
SCOPES = (
    (EVERYTHING, Text("全部出口", "The whole gate")), ("PRODUCT", Text("产品", "A product")), ("ORDER", Text("订单", "An order")),
    ("DEVELOPER", Text("开发主体", "A developer")), ("OPERATOR", Text("运营机构", "An operator")),
    ("RESOURCE", Text("数据资源", "A resource")),
)  # fmt: skip


class Shutting(Inputs):
    """What is shut and why."""

    scope: str = entry(
        Text("关停范围", "Scope"), choices=SCOPES, pattern="^(EVERYTHING|PRODUCT|ORDER|DEVELOPER|OPERATOR|RESOURCE)$"
    )
    target: str = entry(
        Text("对象编号", "Code of the target"), default="", max_length=60,
        help=Text("产品公开名称、订单编号、机构代码或资源编号；关停全部出口时留空", "Public name, order, organisation or resource; empty for the whole gate"),
    )  # fmt: skip
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Reason(Inputs):
    """Why."""

    reopening_reason: str = entry(Text("恢复理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    target_named: bool = True
    target_known: bool = True
    yours: bool = True  # supervision shuts anything, an operator what it answers for


target_is_named = Guard[Facts](
    lambda f: f.target_named,
    Refusal("closures.target-missing", Text("请填写要关停的对象", "Name what is to be shut"), cite("NDR", 11),
            Text("关停全部出口时才可留空", "It may be empty only for the whole gate"), field="target"),
    on_inputs=True,
)  # fmt: skip
target_is_known = Guard[Facts](
    lambda f: f.target_known,
    Refusal("closures.target-unknown", Text("没有这个关停对象", "There is nothing of that name to shut"), cite("NDR", 11),
            Text("请核对产品公开名称、订单编号、机构代码或资源编号", "Check the public name, order, organisation or resource"), field="target"),
    on_inputs=True,
)  # fmt: skip
within_ones_charge = Guard[Facts](
    lambda f: f.yours,
    Refusal("closures.not-in-your-charge", Text("运营机构只能关停自己负责的产品、订单、开发主体和资源", "An operator shuts only what it answers for"), cite("NDR", 11),
            Text("请由安全管理员或数据管理部门关停", "Let the security administrator or the data administration shut it"), field="target"),
    on_inputs=True,
)  # fmt: skip

CLOSURE = Lifecycle[Facts](
    "closures",
    Text("关停", "Closures"),
    State,
    (
        Act("shut", Text("关停", "Shut"), {Role.SECURITY_ADMIN, Role.BUREAU, Role.OPERATOR}, frozenset(), State.SHUT, cite("NDR", 11),
            (target_is_named, target_is_known, within_ones_charge), Shutting, sensitive=True,
            help=Text("立即生效，一秒内停止一切相应交付", "In force at once: within a second nothing of it is delivered")),
        Act("reopen", Text("恢复", "Reopen"), {Role.SECURITY_ADMIN, Role.BUREAU}, {State.SHUT}, State.REOPENED, cite("NDR", 11), (), Reason,
            duty=False, sensitive=True),
    ),
)  # fmt: skip
