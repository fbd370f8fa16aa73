"""The facts about a registration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.registration.lifecycle import (
    ENDED,
    HOLDERS,
    MAKERS,
    PRODUCT,
    RESOURCE,
    Application,
    Facts,
    Objection,
    Renewal,
    State,
)
from dianchi.chapters.resources.registration.models import Registration
from dianchi.chapters.resources.supply.models import Load
from dianchi.foundation.documents.models import Document
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.workdays import local_day


def gather(case: Registration, by: Actor, at: datetime, inputs: Any) -> Facts:
    """The application, the publicity, the objection and the term as they stand."""
    if isinstance(inputs, Application):
        return _application(by, inputs)
    facts = Facts()
    if not case.state:
        return facts
    if isinstance(inputs, Objection):
        facts = replace(facts, named=len(inputs.objector) >= 2, evidenced=bool(inputs.objection_evidence))
    if isinstance(inputs, Renewal):
        facts = replace(facts, term_stated=case.object_type == RESOURCE or inputs.agreement_ends_on is not None)
    today = local_day(at)
    return replace(
        facts,
        own_organisation=case.opened_for == by.organisation,
        in_territory=Role.SYSTEM in by.roles or case.region.startswith(by.territory),
        registrant=case.opened_for == by.organisation,
        supplemented=bool(case.notice),
        contents=all((case.opened_for, case.object_type, case.title, case.summary)),
        publicity_over=case.publicity_until is not None and at >= case.publicity_until,
        objection_open=case.state == State.OBJECTION,
        objection_upheld=case.objection_upheld is True,
        in_window=_in_window(case, today),
        operation_over=_operation_over(case, today),
        past_validity=case.valid_to_on is not None and case.valid_to_on < today,
    )


def _application(by: Actor, said: Application) -> Facts:
    resource = item(said.object_code) if said.object_type == RESOURCE else None
    facts = Facts(
        holder_may=bool(by.roles & (HOLDERS if said.object_type == RESOURCE else MAKERS)),
        evidence_preserved=bool(said.evidence_digest) and _preserved(said.object_code, said.evidence_digest, resource),
        term_stated=said.object_type == RESOURCE or said.agreement_ends_on is not None,
        already=_already(said.object_type, said.object_code),
    )
    if said.object_type == PRODUCT:
        return facts
    if resource is None or resource.state != "published":
        return replace(facts, catalogued=False)
    manages = Role.IMPLEMENTER in by.roles and resource.region.startswith(by.territory)
    return replace(facts, own_object=manages or resource.opened_for == by.organisation)


def _preserved(object_code: str, digest: str, resource: Any) -> bool:
    """Whether the digest is of something kept: the catalogue item, a load, a document, or what the ledger recorded."""
    return (
        (resource is not None and resource.digest() == digest)
        or Load.objects.filter(item__code=object_code, sm3=digest).exists()
        or Document.objects.filter(case_code=object_code, sm3=digest).exists()
        or Entry.objects.filter(case_id=object_code, payload__contains=digest).exists()
    )


def _already(object_type: str, object_code: str) -> bool:
    same = Registration.objects.filter(object_type=object_type, object_code=object_code)
    return same.exclude(state__in=ENDED).exists()


def _in_window(case: Registration, today: date) -> bool:
    if case.valid_to_on is None or case.renewal_opens_on is None:
        return False
    return case.renewal_opens_on <= today <= case.valid_to_on


def _operation_over(case: Registration, today: date) -> bool:
    """Whether a product's operation has ended, or ends with the term that would be renewed."""
    if case.object_type != PRODUCT or case.agreement_ends_on is None:
        return False
    begins = case.valid_to_on if case.state == State.RENEWING and case.valid_to_on else today
    return case.agreement_ends_on <= begins if case.state == State.RENEWING else case.agreement_ends_on < begins
