"""Questions about plans."""

from __future__ import annotations

from dianchi.chapters.authorization.plans.lifecycle import DECIDED
from dianchi.chapters.authorization.plans.models import Plan


def current(plan: Plan) -> Plan:
    """The plan that now stands in its place: itself, or the last that replaced it and was approved."""
    while (later := Plan.objects.filter(replaces=plan, state__in=(*DECIDED, "superseded")).first()) is not None:
        plan = later
    return plan
