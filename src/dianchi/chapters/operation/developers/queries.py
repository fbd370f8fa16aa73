"""Questions about developers."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.operation.developers.lifecycle import State
from dianchi.chapters.operation.developers.models import Admission
from dianchi.foundation.affiliations.queries import related
from dianchi.foundation.cases.figures import value
from dianchi.foundation.organisations.queries import is_active
from dianchi.kernel.workdays import add_years, local_day


def qualified(developer: str, operator: str, at: datetime) -> Admission | None:
    """The admission in force between the two, if the developer still exists and is still not affiliated."""
    admission = Admission.objects.in_force(local_day(at)).filter(developer=developer, operator=operator).first()
    if admission is None or not is_active(developer):
        return None
    return None if related(operator, developer, at, admission.region) else admission


def to_check(at: datetime) -> list[tuple[str, str]]:
    """Code and path of every admission in force whose parties are now related: what the nightly check acts on."""
    found = []
    for admission in Admission.objects.in_force(local_day(at)).order_by("pk"):
        if path := related(admission.operator, admission.developer, at, admission.region):
            found.append((admission.code, str(path)))
    return found


def barred(developer: str, at: datetime, region: str) -> bool:
    """Whether the organisation gave false material so recently that it may not apply."""
    since = add_years(local_day(at), -int(value("developer.false-material-bar-years", region)))
    return Admission.objects.filter(
        developer=developer, state=State.REJECTED, ground="false-material", state_since__date__gt=since
    ).exists()
