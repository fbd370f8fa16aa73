"""Questions about registration."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.registration.lifecycle import ENDED, RESOURCE, State
from dianchi.chapters.resources.registration.models import IN_FORCE, Registration
from dianchi.chapters.resources.supply.queries import in_service_since
from dianchi.foundation.cases.deadlines import end_of
from dianchi.kernel.lifecycle import workdays
from dianchi.kernel.workdays import local_day


def registered(object_code: str, at: datetime) -> Registration | None:
    """The registration in force of a resource or product on that day; an expired or cancelled code is none."""
    day = local_day(at)
    live = Registration.objects.filter(object_code=object_code, state__in=IN_FORCE)
    return live.filter(valid_from_on__lte=day, valid_to_on__gte=day).first()


def by_query_code(query_code: str) -> Registration | None:
    """The registration of a code, whatever its state: anybody may check one."""
    return Registration.objects.filter(query_code=query_code).exclude(query_code="").first()


def in_publicity(at: datetime) -> QuerySet[Registration]:
    """Registrations whose publicity runs, the first to end first."""
    return Registration.objects.filter(state__in=(State.PUBLICITY, State.OBJECTION), publicity_until__gt=at).order_by(
        "publicity_until"
    )


def recent(limit: int = 20) -> QuerySet[Registration]:
    """The latest registrations in force."""
    return Registration.objects.filter(state__in=IN_FORCE).order_by("-valid_from_on", "-id")[:limit]


def overdue_first_registration(resource_code: str, at: datetime) -> bool:
    """R57, R63: in use longer than the law allows, and no application runs or registration is in force.

    A registration that was cancelled, revoked or has lapsed is none: what is used must be registered.
    """
    since, resource = in_service_since(resource_code), item(resource_code)
    if since is None or resource is None or at < end_of(workdays("registration.first-days"), since, resource.region):
        return False
    applied = Registration.objects.filter(object_type=RESOURCE, object_code=resource_code)
    return not applied.exclude(state__in=ENDED).exclude(valid_to_on__lt=local_day(at)).exists()
