"""Editions of an item: what the catalogue said from when on, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dianchi.chapters.resources.catalogue.models import Edition, Item
from dianchi.chapters.resources.catalogue.statements import Column, Grading
from dianchi.chapters.resources.catalogue.statements import Item as Said
from dianchi.kernel import canonical
from dianchi.kernel.inputs import about
from dianchi.kernel.text import Text

FIELDS = (*Said.model_fields, "grade")
ADDED, REMOVED = Text("新增", "Added"), Text("删除", "Removed")


@dataclass(frozen=True)
class Difference:
    """One thing that two editions say differently; None: one of them does not have it."""

    field: str  # "title", "items.phone", "items.phone.uses"
    label: Text
    before: Any
    after: Any
    column: str = ""  # of a data item, its name
    name: str = ""  # which of the fields of the statement, or of the data item, differs


def content(case: Item) -> dict[str, Any]:
    """What the catalogue says of the item now."""
    said: dict[str, Any] = canonical.plain({name: getattr(case, name) for name in FIELDS})
    return said


def proposed(case: Item) -> dict[str, Any]:
    """What it would say once the change beside it is approved."""
    return {**content(case), **case.proposal, "grade": case.proposed_grade} if case.proposal else content(case)


def keep(case: Item, act: str, at: datetime, reason: str) -> None:
    """Write the next edition, if anything differs from the last."""
    said = content(case)
    digest = canonical.sm3(said)
    last = Edition.objects.filter(item=case).order_by("-number").first()
    if last is not None and last.digest == digest:
        return
    case.edition = last.number + 1 if last is not None else 1
    Edition.objects.create(
        item=case, number=case.edition, content=said, digest=digest, act=act, reason=reason, at=at
    )  # fmt: skip


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs, in the order of the statement; data items are compared by name."""
    found = []
    for name in FIELDS:
        old, new = before.get(name), after.get(name)
        if name == "items":
            found += list(_columns(old or [], new or []))
        elif old != new and (old or new):
            found.append(Difference(name, _label(name), old, new, name=name))
    return found


def _label(name: str) -> Text:
    fields = Grading.model_fields if name == "grade" else Said.model_fields
    return about(name, fields[name]).label


def _columns(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Difference]:
    old, new = ({c["name"]: c for c in columns} for columns in (before, after))
    for name in dict.fromkeys([*old, *new]):
        title = Text(f"数据项：{name}", f"Data item: {name}")
        if name not in old or name not in new:
            yield Difference(f"items.{name}", title, old.get(name), new.get(name), column=name)
            continue
        for key, field in Column.model_fields.items():
            was, now = old[name].get(key), new[name].get(key)
            if was != now and (was or now):
                yield Difference(f"items.{name}.{key}", about(key, field).label, was, now, column=name, name=key)
