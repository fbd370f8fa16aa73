"""Questions about agreements: what is in force is asked when it matters, never pushed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from dianchi.chapters.authorization.agreements.lifecycle import State
from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.authorization.authorizations.queries import withheld
from dianchi.kernel.workdays import local_day


def live(at: datetime) -> QuerySet[Agreement]:
    """Agreements in force on that day: filed, in term, not followed by another, their authorization standing."""
    day = local_day(at)
    followed = Agreement.objects.filter(replaces=OuterRef("pk"), state=State.FILED, starts_on__lte=day)
    return Agreement.objects.filter(
        ~Exists(followed), state=State.FILED, starts_on__lte=day, ends_on__gte=day,
        selection__plan__authorization__state="approved",
    ).order_by("ends_on", "id")  # fmt: skip


def agreement_in_force(code: str, at: datetime) -> bool:
    """Whether the agreement is in force."""
    return live(at).filter(code=code).exists()


def in_force(resource_code: str, operator: str, at: datetime) -> bool:
    """Whether the operator may operate the resource now."""
    found = live(at).filter(operator=operator).select_related("selection__plan__authorization")
    return any(resource_code in usable(agreement) for agreement in found)


def usable(agreement: Agreement) -> set[str]:
    """The resources of an agreement without those that its authorization withholds."""
    return set(agreement.resources) - withheld(agreement.selection.plan.authorization)


def agreements_of(operator: str) -> QuerySet[Agreement]:
    """Every agreement of an operator."""
    return Agreement.objects.filter(operator=operator).order_by("-id")
