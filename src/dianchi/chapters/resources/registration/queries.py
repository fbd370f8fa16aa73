"""Questions about registration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from dianchi.chapters.resources.catalogue.queries import item, items
from dianchi.chapters.resources.registration.certificates import file_of as certificate_file
from dianchi.chapters.resources.registration.certificates import paper_of as certificate_paper
from dianchi.chapters.resources.registration.guards import record_was_reported
from dianchi.chapters.resources.registration.models import Objection, Registration, Report
from dianchi.chapters.resources.registration.states import (
    CODED,
    ENDED,
    IN_FORCE,
    OPEN_TO_THE_PUBLIC,
    RESOURCE,
)
from dianchi.chapters.resources.supply.queries import in_service_since, resources_in_service
from dianchi.foundation.cases.deadlines import end_of
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.lifecycle import workdays
from dianchi.kernel.workdays import SHANGHAI, local_day

__all__ = [
    "Unregistered",
    "by_query_code",
    "certificate_file",
    "certificate_paper",
    "expiring",
    "first_registration_due",
    "in_force",
    "in_publicity",
    "objections",
    "outbox",
    "overdue_first_registration",
    "recent",
    "registered",
    "report_of",
    "to_register",
]

# The Registration Measures are in force from this day; what was in use before has its own time (E5).
IN_FORCE_ON = datetime(2025, 3, 1, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Unregistered:
    """A resource in use that nobody has applied to register, and by when that must be done (E4, E5)."""

    resource: Any
    since: datetime
    due_at: datetime


def registered(object_code: str, at: datetime) -> Registration | None:
    """The registration in force of a resource or product on that day; an expired or cancelled code is none."""
    day = local_day(at)
    live = Registration.objects.filter(object_code=object_code, state__in=IN_FORCE)
    return live.filter(valid_from_on__lte=day, valid_to_on__gte=day).first()


def by_query_code(query_code: str) -> Registration | None:
    """The registration of a code, whatever its state: anybody may check one."""
    if not query_code or "\0" in query_code:
        return None
    return Registration.objects.filter(query_code__iexact=query_code, state__in=CODED).first()


def in_publicity(at: datetime) -> QuerySet[Registration]:
    """Registrations whose publicity runs, the first to end first."""
    running = Registration.objects.filter(state__in=OPEN_TO_THE_PUBLIC, publicity_until__gt=at)
    return running.order_by("publicity_until")


def in_force(at: datetime) -> QuerySet[Registration]:
    """Registrations in force, the latest first; one whose change or renewal is under review is in force as well."""
    day = local_day(at)
    live = Registration.objects.filter(state__in=IN_FORCE, valid_to_on__gte=day)
    return live.order_by("-valid_from_on", "-id")


def recent(limit: int = 20) -> QuerySet[Registration]:
    """The latest registrations in force."""
    return Registration.objects.filter(state__in=IN_FORCE).order_by("-valid_from_on", "-id")[:limit]


def first_registration_due(since: datetime, region: str) -> datetime:
    """By when a resource in use since then must be applied for: E4, and E5 for what was in use before the measures."""
    if since < IN_FORCE_ON:
        return end_of(workdays("registration.legacy-days"), IN_FORCE_ON, region)
    return end_of(workdays("registration.first-days"), since, region)


def overdue_first_registration(resource_code: str, at: datetime) -> bool:
    """R57, R63: in use longer than the law allows, and no application runs or registration is in force.

    A registration that was cancelled, revoked or has lapsed is none: what is used must be registered.
    """
    since, resource = in_service_since(resource_code), item(resource_code)
    if since is None or resource is None or at < first_registration_due(since, resource.region):
        return False
    applied = Registration.objects.filter(object_type=RESOURCE, object_code=resource_code)
    return not applied.exclude(state__in=ENDED).exclude(valid_to_on__lt=local_day(at)).exists()


def to_register(actor: Actor, at: datetime) -> list[Unregistered]:
    """What is in use, lies with the actor, and is neither registered nor applied for; the most urgent first."""
    since = resources_in_service()
    applied = Registration.objects.filter(object_type=RESOURCE).exclude(state__in=ENDED)
    done = set(applied.exclude(valid_to_on__lt=local_day(at)).values_list("object_code", flat=True))
    found = [
        Unregistered(resource, since[resource.code], first_registration_due(since[resource.code], resource.region))
        for resource in items(set(since) - done)
        if _lies_with(actor, resource)
    ]
    return sorted(found, key=lambda u: u.due_at)


def _lies_with(actor: Actor, resource: Any) -> bool:
    if actor.plays(Role.REGISTRAR, Role.BUREAU, Role.IMPLEMENTER):
        return bool(resource.region.startswith(actor.territory))
    return actor.plays(Role.PROVIDER) and resource.opened_for == actor.organisation


def objections(case: Registration, actor: Actor) -> list[tuple[Objection, str]]:
    """The objections with the objector's name: for the registrar in charge and the objector alone, else empty."""
    in_charge = Role.REGISTRAR in actor.roles and case.region.startswith(actor.territory)
    return [
        (one, one.objector if in_charge or one.person == actor.person else "") for one in case.objections.order_by("number")
    ]  # fmt: skip


def expiring(region: str, until: date) -> QuerySet[Registration]:
    """Registrations of a territory whose term ends by that day, the first to end first."""
    live = Registration.objects.filter(state__in=IN_FORCE, region__startswith=region, valid_to_on__lte=until)
    return live.order_by("valid_to_on")


def outbox(region: str, platform: str = "", *, waiting: bool = True) -> QuerySet[Report]:
    """Records for the registration platforms of a territory, the oldest first; `waiting`: those without a receipt."""
    found = Report.objects.filter(registration__region__startswith=region).select_related("registration")
    found = found.filter(receipt_at=None) if waiting else found
    return (found.filter(platform=platform) if platform else found).order_by("id")


def report_of(serial: str) -> Report:
    """The record of a serial number; raises NotFound."""
    found = Report.objects.filter(serial=serial).select_related("registration").first()
    if found is None:
        raise NotFound(record_was_reported.refusal)
    return found
