"""The facts of a case in named sections, derived from its fields and from the inputs of the acts that fill them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from dianchi.foundation.cases import queries
from dianchi.foundation.cases.models import BOOKKEEPING
from dianchi.foundation.cases.registry import CaseType, case_type, case_types
from dianchi.foundation.identity.queries import people
from dianchi.interfaces.web import parties, say, terms
from dianchi.interfaces.web.facts import Fact
from dianchi.interfaces.web.records import SPECIAL
from dianchi.interfaces.web.shapes import Shape, shapes
from dianchi.interfaces.web.words import WORDS
from dianchi.kernel import codes
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.inputs import Entry
from dianchi.kernel.text import Text

HEAD = BOOKKEEPING | {"code", "title", "region", "opened_for"}  # shown in the head of the page
PARTICULARS, RECORD = Text("基本信息", "Particulars"), Text("办理信息", "Record")
YEARS = {"year"}  # figures that are names
CODES = {"object_code", "origin", "closure", "closures", "corrections"}  # codes of cases of any kind
LONG = 120  # characters from which a text is a paragraph of its own
PARTIES = {"operator", "developer", "implementer", "provider", "consumer", "registrar", "holder", "applicant",
           "authorizer", "organisation", "counterpart", "uscc", "party", "institution", "unit", "receiver", "handler",
           "providers"}  # fmt: skip


@dataclass
class Section:
    """A named group of facts; the empty ones are folded."""

    title: Text
    facts: list[Fact] = field(default_factory=list)
    empty: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """A field shown in lists, beyond what every list shows."""

    name: str
    label: Text
    shape: Shape


def filled_by(kind: CaseType) -> dict[str, tuple[str, Shape]]:
    """For each field of the case, the act that first asks for it, and its shape."""
    return _filled_by(kind.name)


@cache
def _filled_by(name: str) -> dict[str, tuple[str, Shape]]:
    found: dict[str, tuple[str, Shape]] = {}
    asked: Counter[str] = Counter()
    for act in case_type(name).lifecycle.acts:
        for shape in shapes(act.inputs):
            found.setdefault(shape.name, (act.name, shape))
            asked[shape.name] += 1
    opening = case_type(name).lifecycle.opening.name
    # What several acts ask for (a reason) belongs to none of them.
    return {n: ("" if asked[n] > 1 and act != opening else act, shape) for n, (act, shape) in found.items()}


def words(kind: CaseType) -> dict[str, Text]:
    """Names of the fields that no act asks for."""
    own: dict[str, Text] = getattr(kind.model, "words", {})
    return {**WORDS, **own}


def unnamed(kind: CaseType) -> list[str]:
    """Fields that no page can show, because nothing names them."""
    hidden = {*HEAD, *getattr(kind.model, "secret_fields", ())}
    known = {*filled_by(kind), *words(kind), *hidden}
    return [f.name for f in kind.model._meta.concrete_fields if f.name not in known]


def columns(kind: CaseType) -> list[Column]:
    """The columns that an app asks for by `Model.list_columns`."""
    asked = getattr(kind.model, "list_columns", ())
    asked = asked if isinstance(asked, tuple) else ()  # a case may have a field of that name
    return [Column(name, shape.entry.label, shape) for name in asked if (shape := _shape(kind, name))]


def plain(column: Column, case: Any) -> str:
    """The value of a column as text."""
    made = _one(column.shape, getattr(case, column.name), None)
    return str(say.say(made.value)) if made.value is not None else ""


def sections(kind: CaseType, case: Any, actor: Actor) -> list[Section]:
    """What the case says, grouped by the act that asks for it; what effects wrote comes last."""
    order = {act.name: act.title for act in kind.lifecycle.acts}
    opening = kind.lifecycle.opening.name
    made: dict[str, Section] = {}
    for name in _fields(kind):
        act_name, _ = filled_by(kind).get(name, ("", None))
        shape = _shape(kind, name)
        if shape is None:
            continue
        title = PARTICULARS if act_name == opening else order.get(act_name, RECORD)
        section = made.setdefault(act_name, Section(title))
        fact = _fact(kind, case, shape, actor)
        if fact.kind == "empty":
            section.empty.append(fact.label)
        else:
            section.facts.append(fact)
    place = {opening: 0, **{name: i + 1 for i, name in enumerate(order) if name != opening}, "": 999}
    told = [name for name in made if made[name].facts or name == opening]
    return [made[name] for name in sorted(told, key=lambda name: place[name])]


def _fields(kind: CaseType) -> Iterable[str]:
    hidden = {*HEAD, *getattr(kind.model, "secret_fields", ()), *getattr(kind.model, "shown_beside", ())}
    present = {f.name for f in kind.model._meta.concrete_fields} - hidden
    asked = [name for name in filled_by(kind) if name in present]
    return [*asked, *(f.name for f in kind.model._meta.concrete_fields if f.name in present and f.name not in asked)]


def _shape(kind: CaseType, name: str) -> Shape | None:
    if name in filled_by(kind):
        return filled_by(kind)[name][1]
    label, rows = words(kind).get(name), getattr(kind.model, "rows", {}).get(name)
    return Shape(name, Entry(label), rows or str, many=rows is not None) if label else None


def _fact(kind: CaseType, case: Any, shape: Shape, actor: Actor) -> Fact:
    label = shape.entry.label
    if _veiled(case, shape, actor):
        return Fact(label, "personal" if getattr(case, shape.name, None) else "empty")
    if isinstance(case._meta.get_field(shape.name), models.ForeignKey):
        other = getattr(case, shape.name)
        return reference(label, other, actor) if other is not None else Fact(label, "empty")
    value = getattr(case, shape.name)
    if value and (special := SPECIAL.get((kind.name, shape.name))):
        return special(case, label, value)
    return made(shape, value, actor)


def _veiled(case: Any, shape: Shape, actor: Actor) -> bool:
    """Whether a field is personal, and not one that `Model.legible` opens to a role of the actor."""
    personal = shape.entry.personal or shape.name in getattr(case, "personal_fields", ())
    return personal and not (getattr(case, "legible", {}).get(shape.name, frozenset()) & actor.roles)


def reference(label: Text, other: Any, actor: Actor) -> Fact:
    """Another case; a link only where the actor may see it."""
    name = other.lifecycle.name
    seen = name in case_types() and other.__class__.objects.visible_to(actor).filter(pk=other.pk).exists()
    return Fact(label, "case", other, f"/cases/{name}/{other.code}" if seen else "")


def made(shape: Shape, value: Any, actor: Actor | None) -> Fact:
    """A stored value as people read it."""
    label = shape.entry.label
    if value in (None, "", [], {}, ()):
        return Fact(label, "empty")
    if shape.many or isinstance(value, list | tuple):
        return _several(shape, list(value), actor)
    if isinstance(value, dict):
        return _pairs(label, shape, value, actor)
    return _one(shape, value, actor)


def _several(shape: Shape, values: list[Any], actor: Actor | None) -> Fact:
    label = shape.entry.label
    if all(isinstance(v, dict) for v in values):
        inner = shape.shapes or _guessed({k: v for value in reversed(values) for k, v in value.items()})
        if shape.shapes and any("recorded_at" in v for v in values):  # written by an effect, when
            inner = (Shape("recorded_at", Entry(WORDS["recorded_at"]), datetime), *inner)
        used = [s for s in inner if any(v.get(s.name) not in (None, "", [], {}) for v in values)]
        if any(_holds_rows(v.get(s.name)) for v in values for s in used):  # a table in a table is unreadable
            return Fact(label, "list", [_pairs(label, shape, v, actor) for v in values], wide=True)
        rows = [[made(s, v.get(s.name), actor) for s in used] for v in values]
        return Fact(label, "table", {"heads": [s.entry.label for s in used], "rows": rows}, wide=True)
    if shape.entry.refers and actor:
        titles = queries.titled(shape.entry.refers, [str(v) for v in values], actor)
        items = [_code(label, shape.entry.refers, str(v), titles) for v in values]
    else:
        items = [_one(shape, v, actor) for v in values]
    return Fact(label, "list", items, wide=True)


def _holds_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(v, dict) for v in value)


def _code(label: Text, refers: str, code: str, titles: dict[str, str]) -> Fact:
    return Fact(
        label,
        "code",
        {"code": code, "title": titles.get(code, "")},
        f"/cases/{refers}/{code}" if code in titles else "",
    )


def _pairs(label: Text, shape: Shape, value: dict[str, Any], actor: Actor | None) -> Fact:
    if "zh" in value and set(value) <= {"zh", "en"}:
        return Fact(label, "text", Text(str(value["zh"]), str(value.get("en", value["zh"]))))
    if "uscc" in value and "name" in value:
        return Fact(label, "organisation", {"code": value["uscc"], "name": value["name"]})
    inner = shape.shapes or _guessed(value)
    facts = [made(s, value.get(s.name), actor) for s in inner if value.get(s.name) not in (None, "", [], {})]
    return Fact(label, "pairs", facts, wide=True)


def _guessed(value: dict[str, Any]) -> tuple[Shape, ...]:
    """Shapes for a stored object that no input describes; its keys are labelled where we have a word."""
    return tuple(Shape(k, Entry(WORDS.get(k, Text(k, k))), str) for k in value)


def _one(shape: Shape, value: Any, actor: Actor | None) -> Fact:
    entry, label, text = shape.entry, shape.entry.label, str(value)
    if choices := dict(shape.choices):
        return Fact(label, "text", choices.get(text, text))
    if shape.name in YEARS:
        return Fact(label, "text", text)
    if entry.refers and actor:
        return _code(label, entry.refers, text, queries.titled(entry.refers, [text], actor))
    if shape.name in CODES and actor and (kind := _kind_of_code(text)):
        return _code(label, kind, text, queries.titled(kind, [text], actor))
    if isinstance(value, bool):
        return Fact(label, "bool", value)
    if entry.widget == "fen" or shape.name.endswith("_fen"):
        return Fact(label, "money", value if isinstance(value, int) else int(text))
    if typed := _dated(value, shape):
        return Fact(label, *typed)
    if isinstance(value, int | float | Decimal):
        return Fact(label, "number", value)
    if said := terms.word(shape.name, text):
        return Fact(label, "text", said)
    return _text(shape, label, text)


def _kind_of_code(code: str) -> str:
    """The kind of case that a code belongs to, by its prefix; empty if none."""
    return next((k.name for k in case_types().values() if code.startswith(f"{k.prefix}-")), "")


def _dated(value: Any, shape: Shape) -> tuple[str, Any] | None:
    """Days and moments, also where JSON stores them as text."""
    try:
        if isinstance(value, datetime) or shape.name.endswith("_at"):
            kind = "end" if "until" in shape.name or "ends" in shape.name else "moment"
            return kind, value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        if isinstance(value, date) or shape.name.endswith("_on"):
            return "day", value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None
    return None


def _text(shape: Shape, label: Text, text: str) -> Fact:
    if shape.entry.widget == "sql" or shape.name == "sql":
        return Fact(label, "sql", text, wide=True)
    if shape.entry.widget == "region" or shape.name == "region":
        return Fact(label, "region", {"code": text, "name": parties.region(text)})
    if shape.entry.widget == "organisation" or (shape.name in PARTIES and codes.is_uscc(text)):
        return Fact(label, "organisation", {"code": text, "name": parties.names({text}).get(text, text)})
    if shape.name == "role" and text in Role._value2member_map_:
        return Fact(label, "text", Role(text).label)
    if shape.name.endswith("_by"):
        return Fact(label, "text", people([text]).get(text, "—"))
    if len(text) in (64,) and all(c in "0123456789abcdef" for c in text):
        return Fact(label, "digest", text, wide=True)
    wide = shape.entry.widget == "long" or len(text) > LONG or "\n" in text
    return Fact(label, "long" if wide else "text", text, wide=wide)
