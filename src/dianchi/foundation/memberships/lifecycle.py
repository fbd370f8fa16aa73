"""Which acts give somebody a role, and which roles do not go together (GB/T 22239: three administrators)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from dianchi.kernel import codes
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text

MLPS = cite("GBT22239")


class State(CaseState):
    """A role is held once a second administrator has confirmed it."""

    PROPOSED = "proposed", Text("待确认", "To be confirmed"), Tone.WAITING
    IN_FORCE = "in-force", Text("生效", "In force"), Tone.FORCE
    REFUSED = "refused", Text("不予确认", "Refused"), Tone.STOPPED
    REVOKED = "revoked", Text("已撤销", "Revoked"), Tone.STOPPED


ROLES = tuple((role.value, role.label) for role in Role if role is not Role.SYSTEM)


class Appointment(Inputs):
    """Who is to act for whom as what."""

    username: str = entry(
        Text("账号", "Account"),
        min_length=3,
        max_length=60,
        pattern=r"^[a-z][a-z0-9._-]+$",
        personal=True,
        example="zhang.san",
    )
    name: str = entry(Text("姓名", "Name"), min_length=2, max_length=60, personal=True, example="张三")
    organisation: Annotated[str, AfterValidator(codes.uscc)] = entry(
        Text("机构", "Organisation"), widget="organisation"
    )
    role: str = entry(Text("角色", "Role"), choices=ROLES, pattern="^(" + "|".join(r for r, _ in ROLES) + ")$")
    valid_from: date = entry(Text("起始日期", "From"), example="2026-01-01")
    valid_to: date | None = entry(Text("终止日期", "To"), default=None)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    organisation_active: bool = True
    administrators: int = 0  # administrator roles that the person would hold with this one
    business: int = 0  # business roles that the person would hold with this one
    held_by_nobody: bool = True  # nobody holds this administrator role yet
    administrator_role: bool = True
    runs_forward: bool = True
    same_person: bool = False  # the actor proposed it, or it is about the actor


organisation_takes_part = Guard[Facts](
    lambda f: f.organisation_active,
    Refusal("memberships.organisation-not-active", Text("该机构未登记或已暂停", "The organisation is not on record or is suspended"),
            MLPS, Text("请先登记机构", "Enrol it first"), field="organisation"),
    on_inputs=True,
)  # fmt: skip
three_administrators_apart = Guard[Facts](
    lambda f: f.administrators <= 1 and not (f.administrators and f.business),
    Refusal("memberships.administrators-not-apart",
            Text("系统、安全、审计三员须由不同人员担任，且不得兼任业务角色",
                 "The system, security and audit administrators are three persons, and none of them has a business role"),
            MLPS, Text("请另行指定人员", "Name another person"), ("R67",)),
    on_inputs=False,
)  # fmt: skip
term_runs_forward = Guard[Facts](
    lambda f: f.runs_forward,
    Refusal("memberships.term-reversed", Text("终止日期不能早于起始日期", "It cannot end before it begins"), MLPS,
            Text("请核对起止日期", "Check the dates"), field="valid_to"),
    on_inputs=True,
)  # fmt: skip
first_of_its_kind = Guard[Facts](
    lambda f: f.administrator_role and f.held_by_nobody,
    Refusal("memberships.already-founded",
            Text("管理员已设立，须由系统管理员提名、安全管理员确认", "There is one already: propose and confirm instead"), MLPS),
    on_inputs=True,
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.same_person,
    Refusal("memberships.own-proposal", Text("不能确认自己提名的或关于本人的任用", "You cannot confirm your own proposal or your own role"),
            MLPS, Text("请由另一名安全管理员确认", "Another security administrator must confirm"), ("R66",)),
)  # fmt: skip

MEMBERSHIP = Lifecycle(
    "memberships",
    Text("任用", "Memberships"),
    State,
    (
        Act("propose", Text("提名", "Propose"), {Role.SYSTEM_ADMIN}, frozenset(), State.PROPOSED, MLPS,
            (organisation_takes_part, term_runs_forward, three_administrators_apart), Appointment, sensitive=True),
        Act("found", Text("设立首任管理员", "Found"), {Role.SYSTEM}, frozenset(), State.IN_FORCE, MLPS,
            (organisation_takes_part, term_runs_forward, three_administrators_apart, first_of_its_kind), Appointment, sensitive=True),
        Act("confirm", Text("确认", "Confirm"), {Role.SECURITY_ADMIN}, {State.PROPOSED}, State.IN_FORCE, MLPS,
            (three_administrators_apart, another_person), sensitive=True),
        Act("refuse", Text("不予确认", "Refuse"), {Role.SECURITY_ADMIN}, {State.PROPOSED}, State.REFUSED, MLPS, (), Reason,
            duty=False),
        Act("revoke", Text("撤销", "Revoke"), {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}, {State.IN_FORCE}, State.REVOKED, MLPS,
            (), Reason, duty=False),
    ),
)  # fmt: skip
