"""Questions about organisations."""

from __future__ import annotations

from dianchi.foundation.organisations.models import Organisation


def organisation(uscc: str) -> Organisation | None:
    """The organisation of a code, if it is on record."""
    return Organisation.objects.filter(uscc=uscc).first()


def is_active(uscc: str) -> bool:
    """Whether the organisation is on record and takes part."""
    return Organisation.objects.filter(uscc=uscc, state="active").exists()


def names(usccs: set[str]) -> dict[str, str]:
    """Names by code, for showing."""
    return dict(Organisation.objects.filter(uscc__in=usccs).values_list("uscc", "name"))


def all_active() -> list[tuple[str, str]]:
    """Code and name of every organisation that takes part, by name: what forms offer."""
    return list(Organisation.objects.filter(state="active").order_by("name").values_list("uscc", "name"))
