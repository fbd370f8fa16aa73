"""Enrolling gives the case its title."""

from __future__ import annotations

from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.organisations import facts
from dianchi.foundation.organisations.lifecycle import ORGANISATION
from dianchi.foundation.organisations.models import Organisation


def enrol(case: Organisation, doing: Doing) -> None:
    """The case is called as the organisation is."""
    case.title = case.name


CASE = CaseType(ORGANISATION, Organisation, facts.gather, {"enrol": enrol}, prefix="JG")
