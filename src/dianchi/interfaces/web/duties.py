"""What the law makes due in the next days, by the body that owes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dianchi.foundation.cases import deadlines, queries
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import CaseType, case_type
from dianchi.interfaces.web import parties
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.lifecycle import Deadline

AHEAD = timedelta(days=30)
MOST = 300
# Where a case says which organisation plays a role in it.
FIELDS: Mapping[Role, tuple[str, ...]] = {
    Role.OPERATOR: ("operator",), Role.DEVELOPER: ("developer",), Role.CONSUMER: ("consumer", "opened_for"),
    Role.IMPLEMENTER: ("implementer",), Role.PROVIDER: ("provider", "opened_for"),
}  # fmt: skip


@dataclass(frozen=True)
class Owed:
    """One duty: of which case, by when, what is asked under which article."""

    kind: CaseType
    case: Any
    due_at: datetime
    deadline: Deadline
    late: bool


@dataclass(frozen=True)
class Body:
    """Who owes: a role, and the organisation that plays it where the case says so."""

    role: Role
    uscc: str
    name: str
    duties: tuple[Owed, ...]

    @property
    def late(self) -> int:
        """How many of them are past their end."""
        return sum(duty.late for duty in self.duties)


def bodies(actor: Actor, at: datetime) -> list[Body]:
    """What is overdue or due within thirty days among what the actor may see, by body, who is most late first."""
    dues = list(Due.objects.filter(done_at=None, due_at__lte=at + AHEAD).order_by("due_at")[:MOST])
    cases = _cases(actor, dues)
    found: dict[tuple[Role, str], list[Owed]] = {}
    for due in dues:
        case, kind = cases.get((due.case_type, due.case_code)), case_type(due.case_type)
        declared = deadlines.declared(kind, due)
        if case is None or declared is None:
            continue
        owed = Owed(kind, case, due.due_at, declared, due.due_at <= at)
        for role in Role:
            if role in declared.of and role is not Role.SYSTEM:
                found.setdefault((role, _who(case, role)), []).append(owed)
    names = parties.names(uscc for _, uscc in found)
    made = [Body(role, uscc, names.get(uscc, ""), tuple(owed)) for (role, uscc), owed in found.items()]
    return sorted(made, key=lambda b: (-b.late, b.duties[0].due_at, list(Role).index(b.role), b.uscc))


def _who(case: Any, role: Role) -> str:
    for field in FIELDS.get(role, ()):
        if uscc := getattr(case, field, ""):
            return str(uscc)
    return ""


def _cases(actor: Actor, dues: list[Due]) -> dict[tuple[str, str], Any]:
    wanted: dict[str, list[str]] = {}
    for due in dues:
        wanted.setdefault(due.case_type, []).append(due.case_code)
    return {
        (name, case.code): case
        for name, codes in wanted.items()
        for case in queries.visible(name, actor).filter(code__in=codes)
    }
