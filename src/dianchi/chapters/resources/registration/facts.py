"""The facts about a registration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.registration.certificates import untouched
from dianchi.chapters.resources.registration.evidence import preserved
from dianchi.chapters.resources.registration.guards import Facts
from dianchi.chapters.resources.registration.models import Registration
from dianchi.chapters.resources.registration.statements import (
    Answer,
    Application,
    Change,
    Correction,
    Objection,
    Receipt,
    Renewal,
    stated,
)
from dianchi.chapters.resources.registration.states import ENDED, HOLDERS, MAKERS, PRODUCT, RESOURCE, State
from dianchi.foundation.organisations.queries import is_active, names
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.inputs import about
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day

# The documents of a first registration (art. 9(1)) that the form leaves open because a resource has none of them.
_OF_PRODUCTS = ("product_info", "scenario")


def gather(case: Registration, by: Actor, at: datetime, inputs: Any) -> Facts:
    """The application, the publicity, the objections and the term as they stand."""
    if isinstance(inputs, Application):
        return _application(by, inputs)
    if not case.state:
        return Facts()
    today = local_day(at)
    facts = replace(
        _of_parties(case, by),
        supplemented=bool(case.notice),
        contents=all((case.opened_for, case.object_type, case.title, case.summary)),
        publicity_over=case.publicity_until is not None and at >= case.publicity_until,
        objection_open=case.objections.filter(upheld=None).exists(),
        objection_upheld=case.objections.filter(upheld=True).exists(),
        in_window=_in_window(case, today),
        operation_over=_operation_over(case, today),
        past_validity=case.valid_to_on is not None and case.valid_to_on < today,
        untouched=untouched(case),
    )
    return replace(facts, **_said(case, inputs))


def _of_parties(case: Registration, by: Actor) -> Facts:
    waiting = [code for code in case.co_registrants if code not in case.joined]
    known = names(set(waiting))
    return Facts(
        own_organisation=by.organisation in (case.opened_for, *case.co_registrants),
        in_territory=Role.SYSTEM in by.roles or case.region.startswith(by.territory),
        registrant=case.opened_for == by.organisation,
        unconfirmed=tuple(known.get(code, code) for code in waiting),
        invited=by.organisation in waiting,
    )


def _said(case: Registration, inputs: Any) -> dict[str, Any]:
    """What the inputs themselves make true or false."""
    if isinstance(inputs, Objection):
        return {"named": len(inputs.objector) >= 2, "evidenced": bool(inputs.objection_evidence)}
    if isinstance(inputs, Answer):
        open_ones = set(case.objections.filter(upheld=None).values_list("number", flat=True))
        return {"one_of_several": inputs.number in open_ones and len(open_ones) > 1}
    if isinstance(inputs, Renewal):
        return {"term_stated": case.object_type == RESOURCE or inputs.agreement_ends_on is not None}
    if isinstance(inputs, Receipt):
        waiting = case.reports.filter(serial=inputs.serial, receipt_at=None)
        return {"reported": waiting.exists()}
    return _proposed(case, inputs) if isinstance(inputs, Change | Correction) else {}


def _proposed(case: Registration, inputs: Change | Correction) -> dict[str, Any]:
    # The case holds the inputs only after the guards; what stands is what the model has now.
    anew = stated(inputs.proposal)
    digest = anew.get("evidence_digest", case.evidence_digest)
    return {
        "something_new": any(getattr(case, name) != value for name, value in anew.items()),
        "evidence_preserved": digest == case.evidence_digest or preserved(case.object_code, digest),
        "based": not isinstance(inputs, Correction) or bool(inputs.basis_document),
    }


def _application(by: Actor, said: Application) -> Facts:
    facts = Facts(
        holder_may=bool(by.roles & (HOLDERS if said.object_type == RESOURCE else MAKERS)),
        evidence_preserved=bool(said.evidence_digest) and preserved(said.object_code, said.evidence_digest),
        missing=_missing(said),
        committed=said.commitment,
        joint_stated=_joint_stated(by, said),
        term_stated=said.object_type == RESOURCE or said.agreement_ends_on is not None,
        already=_already(said.object_type, said.object_code),
    )
    if said.object_type == PRODUCT:
        return facts
    resource = item(said.object_code)
    if resource is None or resource.state != "published":
        return replace(facts, catalogued=False)
    manages = Role.IMPLEMENTER in by.roles and resource.region.startswith(by.territory)
    return replace(facts, own_object=manages or resource.opened_for == by.organisation)


def _missing(said: Application) -> tuple[Text, ...]:
    wanted = _OF_PRODUCTS if said.object_type == PRODUCT else ()
    fields = type(said).model_fields
    return tuple(about(name, fields[name]).label for name in wanted if not getattr(said, name))


def _joint_stated(by: Actor, said: Application) -> bool:
    others = said.co_registrants
    if not others:
        return True
    known = all(is_active(code) for code in others)
    return known and by.organisation not in others and len(set(others)) == len(others) and bool(said.joint_basis)


def _already(object_type: str, object_code: str) -> bool:
    same = Registration.objects.filter(object_type=object_type, object_code=object_code)
    return same.exclude(state__in=ENDED).exists()


def _in_window(case: Registration, today: date) -> bool:
    if case.valid_to_on is None or case.renewal_opens_on is None:
        return False
    return bool(case.renewal_opens_on <= today <= case.valid_to_on)


def _operation_over(case: Registration, today: date) -> bool:
    """Whether a product's operation has ended, or ends with the term that would be renewed."""
    if case.object_type != PRODUCT or case.agreement_ends_on is None:
        return False
    begins = case.valid_to_on if case.state == State.RENEWING and case.valid_to_on else today
    ends = case.agreement_ends_on
    return bool(ends <= begins if case.state == State.RENEWING else ends < begins)
