"""The facts about an inspection."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.supervision.corrections.queries import all_corrected
from dianchi.chapters.supervision.inspections.findings import KINDS, PRIVATE_GAIN
from dianchi.chapters.supervision.inspections.lifecycle import Facts, Finding, Planning, Start
from dianchi.chapters.supervision.inspections.models import Inspection
from dianchi.foundation.cases.figures import value
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor


def gather(case: Inspection, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whose task it is, and what stands open of what was found."""
    if not case.state:
        if not isinstance(inputs, Planning):
            return Facts()
        return Facts(known=organisation(inputs.party) is not None, not_oneself=inputs.party != by.organisation)
    least = int(value("inspection.inspectors", case.region))
    return Facts(
        own_task=case.opened_for == by.organisation,
        enough_inspectors=not isinstance(inputs, Start) or len({i.strip() for i in inputs.inspectors if i.strip()}) >= least,
        finding_known=not isinstance(inputs, Finding) or inputs.finding in dict(KINDS),
        yours=case.party == by.organisation,
        answered_already=bool(case.answer),
        found_something=bool(case.found),
        findings_open=bool(case.found) and not all_corrected(case.code),
        gain_unreported=any(f["finding"] == PRIVATE_GAIN for f in case.found) and not case.clues,
    )  # fmt: skip
