"""Which acts enrol an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from dianchi.kernel import codes
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """An organisation takes part while it is active."""

    ACTIVE = "active", Text("有效", "Active"), Tone.FORCE
    SUSPENDED = "suspended", Text("暂停", "Suspended"), Tone.STOPPED


KINDS = (
    ("organ", Text("机关", "Government organ")),
    ("institution", Text("事业单位", "Public institution")),
    ("enterprise", Text("企业", "Enterprise")),
    ("social", Text("社会组织", "Social organisation")),
)


class Enrolment(Inputs):
    """What identifies an organisation."""

    name: str = entry(Text("机构名称", "Name"), min_length=2, max_length=120)
    uscc: Annotated[str, AfterValidator(codes.uscc)] = entry(
        Text("统一社会信用代码", "Unified social credit code"),
        help=Text("18位，末位为校验码", "18 characters, the last is a check character"), example="91530100MA6N123416",
    )  # fmt: skip
    kind: str = entry(Text("机构类型", "Kind"), choices=KINDS, pattern="^(organ|institution|enterprise|social)$")
    region: Annotated[str, AfterValidator(codes.division)] = entry(
        Text("所在区划", "Division"), widget="region", example="530000"
    )
    legal_person: bool = entry(Text("具有法人资格", "Is a legal person"), default=True)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    enrolled: bool = False  # the code is already on record


not_yet_enrolled = Guard[Facts](
    lambda f: not f.enrolled,
    Refusal("organisations.already-enrolled", Text("该统一社会信用代码已登记", "This code is already on record"),
            cite("GB32100"), Text("请在机构列表中查找", "Find it in the list of organisations"), field="uscc"),
    on_inputs=True,
)  # fmt: skip

ORGANISATION = Lifecycle(
    "organisations",
    Text("机构", "Organisations"),
    State,
    (
        Act("enrol", Text("登记机构", "Enrol"), {Role.SYSTEM_ADMIN, Role.SYSTEM}, frozenset(), State.ACTIVE, cite("GBT22239"),
            (not_yet_enrolled,), Enrolment),
        Act("suspend", Text("暂停", "Suspend"), {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}, {State.ACTIVE}, State.SUSPENDED,
            cite("GBT22239"), inputs=Reason, duty=False, sensitive=True),
        Act("resume", Text("恢复", "Resume"), {Role.SYSTEM_ADMIN}, {State.SUSPENDED}, State.ACTIVE, cite("GBT22239"),
            inputs=Reason, duty=False),
    ),
)  # fmt: skip
