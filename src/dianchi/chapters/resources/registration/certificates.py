"""The registration certificate: a statement whose digest stands in the ledger, so that anybody can check it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.resources.registration.checking import FORMAT, KIND, note_text
from dianchi.chapters.resources.registration.models import Registration
from dianchi.chapters.resources.registration.printing import pdf
from dianchi.engines.merkle.note import sign_note
from dianchi.foundation import ledger
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.canonical import plain
from dianchi.kernel.errors import NotFound, Refusal, TryLater
from dianchi.kernel.law.articles import reg26
from dianchi.kernel.text import Text

NONE = Refusal(
    "certificates.none", Text("该登记没有凭证", "There is no certificate of this registration"), reg26(13),
    Text("请核对登记码", "Check the code"),
)  # fmt: skip
# What a certificate says of the record itself; the record may not differ from it (R64).
_BOUND = (
    "query_code", "object_type", "object_code", "title", "summary", "evidence_digest", "valid_from_on", "valid_to_on",
    "edition",
)  # fmt: skip


def bound(case: Registration) -> dict[str, Any]:
    """What the certificate binds of the record."""
    said: dict[str, Any] = plain({name: getattr(case, name) for name in _BOUND})
    return said


def untouched(case: Registration) -> bool:
    """Whether the record is what its last certificate says; one from before there were certificates has none."""
    said = case.certificate
    return not said or all(said.get(name) == value for name, value in bound(case).items())


def issue(case: Registration, act: str, at: datetime) -> None:
    """Issue the next edition of the certificate and put it in the ledger, in the transaction of the act."""
    case.edition += 1
    codes = [case.opened_for, *case.co_registrants]
    known = names({*codes, case.registrar} - {""})
    people = [{"uscc": code, "name": known.get(code, code)} for code in codes]
    statement = {
        "format": FORMAT, **bound(case), "act": act, "registrant": people[0], "joint_registrants": people[1:],
        "registrar": {"uscc": case.registrar, "name": known.get(case.registrar, case.registrar)},
        "region": case.region, "issued_at": plain(at), "ledger": ledger.ledger_key().name,
    }  # fmt: skip
    case.certificate = statement
    # An entry of its own: whoever checks a certificate needs its whole payload, and nothing else of the case.
    case.certificate_index = ledger.record(
        KIND, case_type="certificates", case_id=case.query_code, by="", organisation=case.registrar, role="",
        at=at, article=reg26(13), payload={"certificate": statement},
    )  # fmt: skip


def file_of(case: Registration) -> dict[str, Any]:
    """The certificate as a signed file with its proof; before the ledger is next sealed, without. NotFound for none."""
    if not case.certificate or case.certificate_index is None:
        raise NotFound(NONE)
    made = {
        "format": FORMAT,
        "statement": case.certificate,
        "signature": sign_note(note_text(case.certificate), [ledger.ledger_key()]),
        "key": ledger.ledger_key().public_line,
    }
    try:
        made["proof"] = ledger.inclusion_proof(case.certificate_index).to_text()
    except TryLater:
        made["proof"] = ""
    return made


def paper_of(case: Registration, address: str) -> bytes:
    """The certificate as PDF whose QR code leads to that address. NotFound for none, TryLater without fonts."""
    if not case.certificate or case.certificate_index is None:
        raise NotFound(NONE)
    return pdf(case.certificate, case.certificate_index, address)
