"""What acts on admissions change beside the state."""

from __future__ import annotations

from datetime import timedelta

from dianchi.chapters.operation.developers import facts
from dianchi.chapters.operation.developers.lifecycle import DEVELOPER
from dianchi.chapters.operation.developers.models import Admission
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.actors import Role
from dianchi.kernel.workdays import add_years, local_day


def apply(case: Admission, doing: Doing) -> None:
    """Who stands on which side follows from who began."""
    case.invited = doing.by.plays(Role.OPERATOR)
    sides = (doing.by.organisation, doing.inputs.counterpart)
    case.operator, case.developer = sides if case.invited else sides[::-1]
    case.title = names({case.developer}).get(case.developer, case.developer)


def submit(case: Admission, doing: Doing) -> None:
    """Who sent the material may not review it."""
    case.submitted_by = doing.by.person


def qualify(case: Admission, doing: Doing) -> None:
    """The qualification runs from today for as many years as the parameter says."""
    case.qualified_on = case.rechecked_on = local_day(doing.at)
    years = int(value("developer.qualification-years", case.region))
    case.qualified_until = add_years(case.qualified_on, years) - timedelta(days=1)


def recheck(case: Admission, doing: Doing) -> None:
    """The next re-check counts from today."""
    case.rechecked_on = local_day(doing.at)


def decide(case: Admission, doing: Doing) -> None:
    """A complaint is decided once."""
    case.complained = True


def part(case: Admission, doing: Doing) -> None:
    """The path that was found stands on record."""
    case.reason = str(doing.facts.path or "")


CASE = CaseType(
    DEVELOPER, Admission, facts.gather,
    {
        "apply": apply, "submit": submit, "qualify": qualify, "recheck": recheck, "uphold": decide, "dismiss": decide, "part": part,
    },
    prefix="KF",
)  # fmt: skip
