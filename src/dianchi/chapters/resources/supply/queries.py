"""Questions about supply."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from dianchi.chapters.resources.supply.models import Load
from dianchi.foundation.cases.figures import value

MOST = 200
SERVING = ("in-service", "stale")
PERIODS = {"realtime": 1, "daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "half-yearly": 183, "yearly": 366}


def stale_from(load: Load) -> datetime | None:
    """When the data are stale: so many update periods after they came in; None where they are not due at any time."""
    days = PERIODS.get(load.item.update_frequency)
    came = load.received_at or load.in_service_at
    if days is None or came is None:
        return None
    factor = value("staleness.factor", load.region)
    assert isinstance(factor, Decimal)
    return came + timedelta(days=1) * float(factor * days)


def forgotten_from(load: Load) -> datetime | None:
    """When the rows set aside must be deleted; None where there are none."""
    if not load.rows_quarantined or load.received_at is None or load.forgotten_at is not None:
        return None
    return load.received_at + timedelta(days=int(str(value("supply.quarantine-days", load.region))))


def before(load: Load) -> Load | None:
    """The load of the same resource that was in service before this one."""
    earlier = Load.objects.filter(item=load.item, state__in=SERVING, in_service_at__lt=load.in_service_at)
    return earlier.order_by("-in_service_at", "-id").first()


def scores_of(resource_code: str, limit: int = 24) -> list[Load]:
    """The loads of a resource that were scored, oldest first: how its quality went."""
    loads = Load.objects.filter(item__code=resource_code).exclude(scores={}).order_by("-received_at", "-id")
    return list(loads[:limit])[::-1]


def in_service_since(resource_code: str) -> datetime | None:
    """When the resource first went into service."""
    loads = Load.objects.filter(item__code=resource_code, state__in=SERVING).order_by("in_service_at")
    return loads.values_list("in_service_at", flat=True).first()


def current(resource_code: str) -> Load | None:
    """The load of the resource that is in service: the latest."""
    return Load.objects.filter(item__code=resource_code, state__in=SERVING).order_by("-in_service_at", "-id").first()


def loads_of(resource_code: str) -> list[Load]:
    """Every load of the resource, latest first."""
    return list(Load.objects.filter(item__code=resource_code).order_by("-id"))


def resources_in_service() -> dict[str, datetime]:
    """Every resource in service by code, with the moment it first went into service."""
    loads = Load.objects.filter(state__in=SERVING, in_service_at__isnull=False).order_by("-in_service_at")
    return dict(loads.values_list("item__code", "in_service_at"))


def to_tend(at: datetime) -> list[tuple[Load, str]]:
    """The loads that time does something to, with the act: few at once, so that a round stays short."""
    serving = Load.objects.select_related("item").filter(state__in=SERVING, item__state="published")
    latest: dict[int, Load] = {}
    for load in serving.order_by("in_service_at", "id"):
        latest[load.item_id] = load
    found = [
        (load, "expire")
        for load in latest.values()
        if load.state == "in-service" and (due := stale_from(load)) is not None and at >= due
    ]
    found += [(load, "relieve") for load in serving.filter(state="stale") if latest[load.item_id] != load]
    kept = Load.objects.select_related("item").filter(forgotten_at=None, rows_quarantined__gt=0, received_at__lt=at)
    found += [(load, "forget") for load in kept[:MOST] if (due := forgotten_from(load)) is not None and at >= due]
    return found[:MOST]
