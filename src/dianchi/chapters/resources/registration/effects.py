"""What the acts of a registration change besides its state."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.registration import facts
from dianchi.chapters.resources.registration.lifecycle import PRODUCT, REGISTRATION, RESOURCE
from dianchi.chapters.resources.registration.models import Registration
from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.lifecycle import workdays
from dianchi.kernel.workdays import add_years, local_day


def apply(case: Registration, doing: Doing) -> None:
    """A resource is registered where it lies; a product where its maker is."""
    if case.object_type == RESOURCE and (resource := item(case.object_code)):
        case.region = resource.region


def publicize(case: Registration, doing: Doing) -> None:
    """The publicity runs for its working days from now."""
    case.publicity_from = doing.at
    case.publicity_until = end_of(workdays("registration.publicity-days"), doing.at, case.region)


def uphold(case: Registration, doing: Doing) -> None:
    """The objection holds."""
    case.objection_upheld = True


def dismiss(case: Registration, doing: Doing) -> None:
    """The objection does not hold."""
    case.objection_upheld = False


def code(case: Registration, doing: Doing) -> None:
    """A query code of the test series, and the term: three years, or that of the agreement if shorter (art. 15)."""
    case.query_code = f"TEST-{secrets.token_hex(6).upper()}"
    case.valid_from_on = local_day(doing.at)
    _runs_from(case, case.valid_from_on, "registration.validity-years")


def renew(case: Registration, doing: Doing) -> None:
    """Another term from the day after the last one's end."""
    if case.valid_to_on is not None:
        _runs_from(case, case.valid_to_on + timedelta(days=1), "registration.renewal-years")


def _runs_from(case: Registration, begins: date, years: str) -> None:
    """Set the end of the term, and the day from which its renewal may be applied for."""
    ends = add_years(begins, int(value(years, case.region))) - timedelta(days=1)
    if case.object_type == PRODUCT and case.agreement_ends_on is not None:
        ends = min(ends, case.agreement_ends_on)
    case.valid_to_on = ends
    case.renewal_opens_on = ends - timedelta(days=int(value("registration.renewal-window-days", case.region)))


CASE = CaseType(
    REGISTRATION,
    Registration,
    facts.gather,
    {"apply": apply, "pass-review": publicize, "uphold": uphold, "dismiss": dismiss, "code": code, "renew": renew},
    prefix="DJ",
)
