"""Questions about supply."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.resources.supply.models import Load


def in_service_since(resource_code: str) -> datetime | None:
    """When the resource first went into service."""
    loads = Load.objects.filter(item__code=resource_code, state="in-service").order_by("in_service_at")
    return loads.values_list("in_service_at", flat=True).first()


def current(resource_code: str) -> Load | None:
    """The load of the resource that is in service: the latest."""
    return Load.objects.filter(item__code=resource_code, state="in-service").order_by("-in_service_at", "-id").first()


def loads_of(resource_code: str) -> list[Load]:
    """Every load of the resource, latest first."""
    return list(Load.objects.filter(item__code=resource_code).order_by("-id"))


def resources_in_service() -> dict[str, datetime]:
    """Every resource in service by code, with the moment it first went into service."""
    loads = Load.objects.filter(state="in-service", in_service_at__isnull=False).order_by("-in_service_at")
    return dict(loads.values_list("item__code", "in_service_at"))
