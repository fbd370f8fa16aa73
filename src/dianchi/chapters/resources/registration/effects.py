"""What the acts of a registration change besides its state."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, timedelta

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.registration import certificates, facts, reports
from dianchi.chapters.resources.registration.evidence import preserved_at
from dianchi.chapters.resources.registration.lifecycle import REGISTRATION
from dianchi.chapters.resources.registration.models import Objection, Registration, Report
from dianchi.chapters.resources.registration.statements import stated
from dianchi.chapters.resources.registration.states import PRODUCT, RESOURCE
from dianchi.chapters.resources.registration.suggestions import suggest
from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.registry import CaseType, Doing, Effect
from dianchi.kernel.lifecycle import workdays
from dianchi.kernel.workdays import add_years, local_day


def apply(case: Registration, doing: Doing) -> None:
    """A resource is registered where it lies; a product where its maker is. Time runs once all applicants stand by it."""
    if case.object_type == RESOURCE and (resource := item(case.object_code)):
        case.region = resource.region
    case.joint_codes = " ".join(case.co_registrants)
    case.evidence_index = preserved_at(case.object_code, case.evidence_digest)
    case.received_at = None if case.co_registrants else doing.at


def join(case: Registration, doing: Doing) -> None:
    """One more joint registrant stands by the application; with the last one it is complete."""
    case.joined = [*case.joined, doing.by.organisation]
    if set(case.co_registrants) <= set(case.joined):
        case.received_at = doing.at


def resubmit(case: Registration, doing: Doing) -> None:
    """What is left out stays; the time for acceptance runs anew from here (art. 10)."""
    before = Registration.objects.get(pk=case.pk)
    for name, said in doing.inputs.model_dump().items():
        if said is None:
            setattr(case, name, getattr(before, name))
    if case.received_at is not None:
        case.received_at = doing.at


def accept(case: Registration, doing: Doing) -> None:
    """Who accepted it is the institution in charge."""
    case.registrar = doing.by.organisation


def publicize(case: Registration, doing: Doing) -> None:
    """The publicity runs for its working days from now."""
    case.registrar = doing.by.organisation
    case.publicity_from = doing.at
    case.publicity_until = end_of(workdays("registration.publicity-days"), doing.at, case.region)


def object_(case: Registration, doing: Doing) -> None:
    """One more objection; who made it stays with the registrar."""
    said = doing.inputs
    Objection.objects.create(
        registration=case, number=case.objections.count() + 1, objector=said.objector, person=doing.by.person,
        organisation=doing.by.organisation, objection=said.objection, evidence=said.objection_evidence, at=doing.at,
    )  # fmt: skip


def answer(case: Registration, doing: Doing) -> None:
    """That objection does not hold; the others are still open."""
    _decide(case, doing, upheld=False, number=doing.inputs.number)


def uphold(case: Registration, doing: Doing) -> None:
    """What is objected holds."""
    _decide(case, doing, upheld=True)


def dismiss(case: Registration, doing: Doing) -> None:
    """None of what is still open holds."""
    _decide(case, doing, upheld=False)


def _decide(case: Registration, doing: Doing, *, upheld: bool, number: int | None = None) -> None:
    objections = case.objections.filter(upheld=None)
    if number is not None:
        objections = objections.filter(number=number)
    objections.update(upheld=upheld, answer=doing.inputs.reason, decided_at=doing.at)
    if not upheld:  # the answer is the objection's, not the registration's
        case.reason = Registration.objects.only("reason").get(pk=case.pk).reason


def code(case: Registration, doing: Doing) -> None:
    """A query code of the test series, and the term: three years, or that of the agreement if shorter (art. 15)."""
    case.query_code = f"TEST-{secrets.token_hex(6).upper()}"
    case.valid_from_on = local_day(doing.at)
    _runs_from(case, case.valid_from_on, "registration.validity-years")
    certificates.issue(case, doing.act.name, doing.at)


def renew(case: Registration, doing: Doing) -> None:
    """Another term from the day after the last one's end."""
    if case.valid_to_on is not None:
        _runs_from(case, case.valid_to_on + timedelta(days=1), "registration.renewal-years")
    certificates.issue(case, doing.act.name, doing.at)


def _runs_from(case: Registration, begins: date, years: str) -> None:
    """Set the end of the term, and the day from which its renewal may be applied for."""
    ends = add_years(begins, int(value(years, case.region))) - timedelta(days=1)
    if case.object_type == PRODUCT and case.agreement_ends_on is not None:
        ends = min(ends, case.agreement_ends_on)
    _ends(case, ends)


def _ends(case: Registration, ends: date) -> None:
    case.valid_to_on = ends
    case.renewal_opens_on = ends - timedelta(days=int(value("registration.renewal-window-days", case.region)))


def apply_correction(case: Registration, doing: Doing) -> None:
    """Who asked for it."""
    case.petitioner = doing.by.organisation


def settle(case: Registration, doing: Doing) -> None:
    """What was proposed stands on record from now on, under a new edition of the certificate."""
    for name, said in stated(case.proposal).items():
        setattr(case, name, date.fromisoformat(said) if name == "agreement_ends_on" else said)
    if case.object_type == PRODUCT and case.agreement_ends_on and case.valid_to_on:
        _ends(case, min(case.valid_to_on, case.agreement_ends_on))
    case.evidence_index = preserved_at(case.object_code, case.evidence_digest) or case.evidence_index
    case.proposal = {}
    certificates.issue(case, doing.act.name, doing.at)


def drop(case: Registration, doing: Doing) -> None:
    """What was proposed does not stand."""
    case.proposal = {}


def receipt(case: Registration, doing: Doing) -> None:
    """Keep what the platform answered."""
    said = doing.inputs
    Report.objects.filter(registration=case, serial=said.serial).update(
        receipt_number=said.receipt_number, receipt_at=doing.at, accepted=said.accepted, remark=said.remark
    )


def _reported(effect: Effect | None = None) -> Effect:
    """The same effect, of which the registration platforms are told."""

    def told(case: Registration, doing: Doing) -> None:
        if effect is not None:
            effect(case, doing)
        reports.report(case, doing.act.name, str(doing.act.target or case.state), doing.at)

    return told


_EFFECTS: dict[str, Callable[[Registration, Doing], None]] = {
    "apply": apply, "join": join, "resubmit": resubmit, "accept": accept, "pass-review": _reported(publicize),
    "object": _reported(object_), "answer": answer, "uphold": _reported(uphold), "dismiss": _reported(dismiss),
    "code": _reported(code), "renew": _reported(renew), "apply-correction": apply_correction,
    "change": _reported(settle), "correct": _reported(settle), "refuse-change": drop, "refuse-correction": drop,
    "cancel": _reported(), "revoke": _reported(), "expire": _reported(), "receipt": receipt,
}  # fmt: skip
CASE = CaseType(REGISTRATION, Registration, facts.gather, _EFFECTS, prefix="DJ", suggest=suggest)
