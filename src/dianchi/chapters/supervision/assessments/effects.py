"""What filing changes: the older one of the same subject is replaced."""

from __future__ import annotations

from dianchi.chapters.supervision.assessments import facts
from dianchi.chapters.supervision.assessments.lifecycle import ASSESSMENT, IMPACT, State
from dianchi.chapters.supervision.assessments.models import Assessment
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.workdays import add_years


def file(case: Assessment, doing: Doing) -> None:
    """Until when it is kept; what it replaces."""
    figure = "record.impact-assessment-years" if case.kind == IMPACT else "record.retention-years"
    case.keep_until = add_years(case.assessed_on, int(value(figure, case.region)))
    older = Assessment.objects.filter(opened_for=case.opened_for, kind=case.kind, subject=case.subject)
    for one in older.filter(state__in=(State.FILED, State.REPORTED)):
        perform("assessments", "replace", by=PLATFORM, at=doing.at, code=one.code)


CASE = CaseType(ASSESSMENT, Assessment, facts.gather, {"file": file}, prefix="GA")
