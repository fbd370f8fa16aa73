"""Editions of a catalogue item as people read them: which there are, and what differs between two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dianchi.chapters.resources.catalogue import queries
from dianchi.foundation.cases.registry import case_type
from dianchi.interfaces.web import sections, terms
from dianchi.interfaces.web.facts import Fact
from dianchi.interfaces.web.shapes import Shape
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text

DRAFT = "draft"
DRAFT_WORD = Text("拟订中的变更", "The change in preparation")


@dataclass(frozen=True)
class Row:
    """One difference: where, what was, what is."""

    where: Text
    label: Text
    before: Fact
    after: Fact
    mark: str  # "added", "removed", "changed"


def word(field: str, value: str) -> Any:
    """The word for a stored code of the catalogue."""
    return terms.word(field, value) or value


def compared(case: Any, actor: Actor, first: str, second: str) -> dict[str, Any]:
    """What the page of editions shows; by default the last two, or what is published and the draft beside it."""
    rows = queries.editions_of(case)
    drafts = bool(case.proposal) and may_see_draft(case, actor)
    names = [DRAFT] * drafts + [str(e.number) for e in rows]
    to = second if second in names else (names[0] if names else "")
    later = names[names.index(to) + 1 :] if to else []
    since = first if first in names else (later[0] if later else to)
    before, after = _content(case, rows, since), _content(case, rows, to)
    found = queries.difference(before, after) if since != to else []
    return {
        "editions": rows, "names": names, "to": to, "since": since, "draft": DRAFT, "draft_word": DRAFT_WORD,
        "has_draft": drafts, "differences": [_row(d, actor) for d in found],
        "acts": {a.name: a.title for a in case.lifecycle.acts},
    }  # fmt: skip


def may_see_draft(case: Any, actor: Actor) -> bool:
    """The department, its data administration and the auditors see a change before it is published."""
    in_charge = Role.BUREAU in actor.roles and case.region.startswith(actor.territory)
    return case.opened_for == actor.organisation or in_charge or Role.AUDITOR in actor.roles


def _content(case: Any, rows: list[Any], name: str) -> dict[str, Any]:
    if name == DRAFT:
        return queries.proposed(case)
    return next((e.content for e in rows if str(e.number) == name), {})


def _row(difference: queries.Difference, actor: Actor) -> Row:
    inside = bool(difference.column and difference.name)  # one field of a data item, not the whole of it
    where = Text(f"数据项 {difference.column}", f"Data item {difference.column}") if inside else Text("", "")
    shape = _shape(difference)
    mark = "added" if difference.before is None else "removed" if difference.after is None else "changed"
    return Row(where, difference.label, _fact(shape, difference, difference.before, actor),
               _fact(shape, difference, difference.after, actor), mark)  # fmt: skip


def _shape(difference: queries.Difference) -> Shape | None:
    asked = sections.filled_by(case_type("catalogue"))
    if not difference.column:
        return asked[difference.name][1] if difference.name in asked else None
    return next((s for s in asked["items"][1].shapes if s.name == difference.name), None)


def _fact(shape: Shape | None, difference: queries.Difference, value: Any, actor: Actor) -> Fact:
    if value in (None, "", [], {}):
        return Fact(difference.label, "empty")
    if isinstance(value, dict) and difference.column:  # a whole data item
        return Fact(difference.label, "text", f"{value.get('title', '')} · {value.get('type', '')}")
    return sections.made(shape, value, actor) if shape is not None else Fact(difference.label, "text", str(value))
