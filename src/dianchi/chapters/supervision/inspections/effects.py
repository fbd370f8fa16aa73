"""What inspecting changes."""

from __future__ import annotations

from dianchi.chapters.supervision.inspections import facts
from dianchi.chapters.supervision.inspections.findings import KINDS
from dianchi.chapters.supervision.inspections.lifecycle import INSPECTION
from dianchi.chapters.supervision.inspections.models import Inspection
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import CaseType, Doing


def find(case: Inspection, doing: Doing) -> None:
    """One more finding."""
    case.found = [*case.found, {"recorded_at": doing.at.isoformat(), **doing.inputs.model_dump()}]


def transfer(case: Inspection, doing: Doing) -> None:
    """One more clue."""
    case.clues = [*case.clues, {"recorded_at": doing.at.isoformat(), **doing.inputs.model_dump()}]


def demand(case: Inspection, doing: Doing) -> None:
    """A correction is opened and ordered by the same hand."""
    names = dict(KINDS)
    told = "\n".join(f"{names[f['finding']]}：{f['description']}" for f in case.found)[:4000]
    noticing = {
        "title": f"{case.title}（整改）"[:200], "party": case.party, "party_role": case.party_role, "ground": "INSPECTION",
        "origin": case.code, "findings": told, "demand": doing.inputs.demand,
    }  # fmt: skip
    correction = perform("corrections", "notice", by=doing.by, at=doing.at, inputs=noticing).case
    perform(
        "corrections",
        "order",
        by=doing.by,
        at=doing.at,
        code=correction.code,
        inputs=doing.inputs.model_dump(mode="json"),
    )
    case.corrections = [*case.corrections, correction.code]


CASE = CaseType(
    INSPECTION, Inspection, facts.gather, {"find": find, "transfer": transfer, "demand": demand}, prefix="JC"
)  # fmt: skip
