"""A declared fact is called by its two sides; a natural person is known by a pseudonym and a masked name."""

from __future__ import annotations

from dianchi.foundation.affiliations import facts
from dianchi.foundation.affiliations.lifecycle import AFFILIATION
from dianchi.foundation.affiliations.models import Affiliation
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.ledger import person_hash
from dianchi.foundation.organisations.queries import names
from dianchi.kernel import codes


def declare(case: Affiliation, doing: Doing) -> None:
    """Name both in the title."""
    if doing.inputs.holder_id:
        case.holder = f"P{person_hash('citizen ' + codes.normal(doing.inputs.holder_id))[:17]}"
        case.holder_name = f"{case.holder_name[:1]}{'某' * max(1, len(case.holder_name) - 1)}"
    known = names({case.holder, case.held})
    case.title = f"{case.holder_name or known.get(case.holder, case.holder)} → {known.get(case.held, case.held)}"


CASE = CaseType(AFFILIATION, Affiliation, facts.gather, {"declare": declare}, prefix="GL")
