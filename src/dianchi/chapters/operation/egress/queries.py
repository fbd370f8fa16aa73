"""Questions about egress requests."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.operation.egress.lifecycle import State
from dianchi.chapters.operation.egress.models import Egress
from dianchi.foundation.affiliations.queries import circle
from dianchi.foundation.cases.opinions import valid_opinions


def earlier(case: Egress, at: datetime) -> list[Egress]:
    """Outputs of the same party and its affiliates that left or may leave and share a resource with this one."""
    around = circle(case.developer, at, case.region)
    mine = set(case.resources)
    left = Egress.objects.filter(developer__in=around, state__in=(State.APPROVED, State.DELIVERED)).exclude(pk=case.pk)
    return [other for other in left.order_by("-state_since") if mine & set(other.resources)]


def divided() -> list[Egress]:
    """Requests whose two opinions differ and that nobody has said so of yet."""
    open_cases = Egress.objects.filter(state=State.UNDER_REVIEW)
    return [case for case in open_cases if {o.favourable for o in valid_opinions(case, "review")} == {True, False}]
