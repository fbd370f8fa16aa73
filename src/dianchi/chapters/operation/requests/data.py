"""What the catalogue says of the resources asked for, as guards and grants need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.registration.queries import overdue_first_registration

Items = Mapping[str, Any]


def items(resources: Iterable[str]) -> dict[str, Any]:
    """The catalogue items of those codes that are on the catalogue."""
    found = {code: item(code) for code in resources}
    return {code: entry for code, entry in found.items() if entry is not None}


def columns(entry: Any) -> dict[str, dict[str, Any]]:
    """The data items of a resource by name."""
    return {column["name"]: column for column in entry.items}


def fields(tables: list[dict[str, Any]], found: Items) -> dict[str, tuple[str, ...]]:
    """Data items that are unknown or useless, and tables that ask for fewer subjects than set."""
    unknown, useless, looser = [], [], []
    for table in tables:
        entry = found.get(table["resource"])
        if entry is None:
            continue
        known = columns(entry)
        unknown += [name for name in table["fields"] if name not in known]
        useless += [name for name in table["fields"] if name in known and not known[name]["uses"]]
        if 0 < table["min_subjects"] < entry.min_subjects:
            looser.append(table["name"])
    return {"unknown_fields": tuple(unknown), "useless_fields": tuple(useless), "looser": tuple(looser)}


def unreasoned(tables: list[dict[str, Any]]) -> tuple[str, ...]:
    """Data items that do not have exactly one purpose and necessity of their own."""
    found = []
    for table in tables:
        given = [r["field"] for r in table.get("reasons") or ()]
        found += [f"{table['name']}.{name}" for name in table["fields"] if given.count(name) != 1]
        found += [f"{table['name']}.{name}" for name in sorted(set(given) - set(table["fields"]))]
    return tuple(found)


def conditions(found: list[Any]) -> dict[str, tuple[str, ...]]:
    """Titles of the resources that fail one of the law's conditions on data."""

    def titles(failing: Any) -> tuple[str, ...]:
        return tuple(entry.title for entry in found if failing(entry))

    return {
        "ungraded": titles(lambda e: not e.grade),
        "core": titles(lambda e: e.grade == "CORE"),
        "secret": titles(lambda e: e.state_secret),
        "forbidden": titles(lambda e: e.attribute == "FORBIDDEN"),
        "unassessed": titles(lambda e: e.grade == "IMPORTANT" and not e.risk_assessment),
        "unconsented": titles(lambda e: e.shared_in and not e.sharer_consent),
        "unpublished": titles(lambda e: e.state != "published"),
    }


def unregistered(found: list[Any], at: datetime) -> tuple[str, ...]:
    """Titles of the resources whose first registration is overdue."""
    return tuple(entry.title for entry in found if overdue_first_registration(entry.code, at))
