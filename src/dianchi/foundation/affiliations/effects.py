"""A declared fact is called by its two organisations."""

from __future__ import annotations

from dianchi.foundation.affiliations import facts
from dianchi.foundation.affiliations.lifecycle import AFFILIATION
from dianchi.foundation.affiliations.models import Affiliation
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.organisations.queries import names


def declare(case: Affiliation, doing: Doing) -> None:
    """Name both in the title."""
    known = names({case.holder, case.held})
    case.title = f"{known.get(case.holder, case.holder)} → {known.get(case.held, case.held)}"


CASE = CaseType(AFFILIATION, Affiliation, facts.gather, {"declare": declare}, prefix="GL")
