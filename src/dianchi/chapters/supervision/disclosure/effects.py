"""A disclosure is generated, never typed."""

from __future__ import annotations

from dianchi.chapters.supervision.disclosure import facts
from dianchi.chapters.supervision.disclosure.lifecycle import DISCLOSURE
from dianchi.chapters.supervision.disclosure.models import Disclosure
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.actors import Role


def draft(case: Disclosure, doing: Doing) -> None:
    """The pack of the actor's body."""
    case.role = str(Role.OPERATOR.value if doing.by.plays(Role.OPERATOR) else Role.IMPLEMENTER.value)
    case.title = f"{doing.by.organisation_name or doing.by.organisation} {case.year} 年度信息披露"
    case.pack = facts.pack(case.role, doing.by.organisation, doing.at)


def publish(case: Disclosure, doing: Doing) -> None:
    """When it became public."""
    case.published_at = doing.at


CASE = CaseType(DISCLOSURE, Disclosure, facts.gather, {"draft": draft, "publish": publish}, prefix="PL")
