"""Forms from inputs: every field of an act's pydantic model as something a person can fill in, and back again.

A field is named by its path ("tables.0.resource"), the same path that refusals name, so that every problem is shown
where it can be mended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic_core import PydanticUndefined

from dianchi.chapters.authorization.authorizations.queries import obstacles_of
from dianchi.foundation.cases import queries
from dianchi.foundation.organisations.queries import all_active
from dianchi.interfaces.web.shapes import Shape, shapes
from dianchi.kernel.actors import Actor
from dianchi.kernel.divisions import DIVISIONS
from dianchi.kernel.errors import Refusal
from dianchi.kernel.text import Text, join

MOST_ROWS = 60
LIMITS: dict[type, tuple[str, str]] = {
    Ge: ("min", "ge"), Gt: ("min", "gt"), Le: ("max", "le"), Lt: ("max", "lt"),
    MaxLen: ("maxlength", "max_length"), MinLen: ("minlength", "min_length"),
}  # fmt: skip
RADIOS = 4  # up to so many choices are shown as buttons


@dataclass
class Field:
    """One thing to fill in."""

    path: str
    shape: Shape
    kind: str
    value: Any = ""
    choices: list[tuple[str, Any]] = field(default_factory=list)
    children: list[Field] = field(default_factory=list)
    rows: list[list[Field]] = field(default_factory=list)
    blank: list[Field] = field(default_factory=list)  # an empty row, for adding
    errors: list[Refusal] = field(default_factory=list)
    limits: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """For labels and for the links of the summary."""
        return f"f-{self.path.replace('.', '-')}"

    @property
    def required(self) -> bool:
        """Whether it must be filled in."""
        return not self.shape.optional

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width."""
        return self.kind in {"long", "sql", "json", "lines", "group", "rows", "checks", "file"}


def raw(model: Any, posted: Mapping[str, Any]) -> dict[str, Any]:
    """What was posted as the JSON that the act takes; left empty means not given."""
    return _object(shapes(model), posted, "")


def _object(parts: Iterable[Shape], posted: Any, prefix: str) -> dict[str, Any]:
    given = {}
    for shape in parts:
        value = _value(shape, posted, f"{prefix}{shape.name}")
        if value is not None:
            given[shape.name] = value
    return given


def _value(shape: Shape, posted: Any, path: str) -> Any:
    if shape.model and shape.many:
        return [_object(shape.shapes, posted, f"{path}.{i}.") for i in _indexes(posted, path, shape)]
    if shape.model:
        inner = _object(shape.shapes, posted, f"{path}.")
        return inner if inner or not shape.optional else None
    if shape.many:
        return _many(shape, posted, path)
    text = str(posted.get(path, "")).replace("\r\n", "\n").strip()
    if shape.holds is bool:
        return {"yes": True, "no": False}.get(text, None if _asked(shape) else False)
    if text == "":
        return None
    if is_money(shape):
        return _fen(text)
    return _json(text) if kind_of(shape) == "json" else text


def _many(shape: Shape, posted: Any, path: str) -> Any:
    values = posted.getlist(path) if hasattr(posted, "getlist") else posted.get(path, [])
    if kind_of(shape) == "json":
        return _json(str(posted.get(path, "")).strip() or "[]")
    if kind_of(shape) == "lines":
        values = "\n".join(values if isinstance(values, list) else [values]).splitlines()
    return [v.strip() for v in values if v.strip()]


def _indexes(posted: Any, path: str, shape: Shape) -> list[int]:
    """The rows that hold something, in order."""
    found = {}
    for key in posted:
        if (hit := re.fullmatch(rf"{re.escape(path)}\.(\d+)\.(.+)", key)) and len(found) <= MOST_ROWS:
            found.setdefault(int(hit[1]), []).append(key)
    return [i for i in sorted(found) if any(_filled(posted, k, shape) for k in found[i])]


def _filled(posted: Any, key: str, shape: Shape) -> bool:
    """Whether something was entered; what a row says by itself (a choice preselected) does not count."""
    name = key.rsplit(".", 1)[-1]
    inner = next((s for s in shape.shapes if s.name == name), None)
    text = str(posted.get(key, "")).strip()
    if inner is not None and (inner.holds is bool or text == _text(_default(inner), inner)):
        return False
    return bool(text)


def _fen(text: str) -> Any:
    """Yuan as typed to whole fen; what is no amount is left for the model to refuse."""
    try:
        amount = Decimal(text.replace(",", "").replace("，", "").replace("¥", "").replace("￥", "").strip()) * 100
    except InvalidOperation:
        return text
    return int(amount) if amount == int(amount) else text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def is_money(shape: Shape) -> bool:
    """Whether it is an amount, kept in fen and typed in yuan."""
    return shape.entry.widget == "fen" or (shape.name.endswith("_fen") and shape.holds is int)


def _asked(shape: Shape) -> bool:
    """A yes or no without a default must be answered."""
    return shape.info is not None and shape.info.is_required()


def kind_of(shape: Shape) -> str:
    """How the field is shown."""
    if shape.model:
        return "rows" if shape.many else "group"
    if shape.many:
        chosen = shape.entry.refers or shape.choices or shape.entry.widget == "organisation"
        return "checks" if chosen else "lines" if shape.holds in (str, int, float, Decimal, date) else "json"
    if shape.holds is bool:
        return "yesno" if _asked(shape) else "check"
    if shape.entry.refers or shape.entry.widget in {"region", "organisation"}:
        return "select"
    if shape.choices:
        return "radios" if len(shape.choices) <= RADIOS else "select"
    if shape.entry.widget in {"long", "sql", "file", "password"}:
        return shape.entry.widget
    return "money" if is_money(shape) else _by_type(shape.holds)


def _by_type(holds: Any) -> str:
    plain = {int: "number", float: "decimal", Decimal: "decimal", date: "date", datetime: "moment", str: "text"}
    return plain.get(holds, "json" if not isinstance(holds, type) or holds in (dict, list) else "text")


class Form:
    """The fields of an act for one actor, with values and with problems at their place."""

    def __init__(
        self, model: Any, actor: Actor, values: Mapping[str, Any] | None = None, *, extra: tuple[str, ...] = ()
    ):
        self.actor, self.extra = actor, extra
        self._choices: dict[str, list[tuple[str, Any]]] = {}
        self.fields = [self._field(s, f"{s.name}", (values or {}).get(s.name, _default(s))) for s in shapes(model)]
        self.general: list[Refusal] = []

    @property
    def problems(self) -> list[Refusal]:
        """Every problem, at fields and in general, in the order of the form."""
        return [*self.general, *(e for f in self.walk() for e in f.errors)]

    def walk(self) -> Iterable[Field]:
        """Every field, nested ones too."""
        todo = list(self.fields)
        while todo:
            one = todo.pop(0)
            yield one
            todo = [*one.children, *(f for row in one.rows for f in row), *todo]

    def refuse(self, reasons: Iterable[Refusal]) -> None:
        """Put each refusal at the field it names, else at the head."""
        by_path = {f.path: f for f in self.walk()}
        for reason in reasons:
            path = reason.field
            while path and path not in by_path:
                path = path.rpartition(".")[0]
            (by_path[path].errors if path else self.general).append(reason)

    def _field(self, shape: Shape, path: str, value: Any) -> Field:
        made = Field(path, shape, kind_of(shape), limits=_limits(shape))
        if made.kind == "group":
            inner = value if isinstance(value, Mapping) else {}
            made.children = [self._field(s, f"{path}.{s.name}", inner.get(s.name, _default(s))) for s in shape.shapes]
        elif made.kind == "rows":
            self._rows(made, value if isinstance(value, list | tuple) else [])
        else:
            made.choices = self._chosen_from(shape)
            made.value = _shown(value, shape)
        return made

    def _rows(self, made: Field, values: Any) -> None:
        rows = [v if isinstance(v, Mapping) else {} for v in values]
        rows = rows or [{}]
        if made.path == self.extra:
            rows = [*rows, {}]
        inner = made.shape.shapes
        made.rows = [self._row(inner, f"{made.path}.{i}", row) for i, row in enumerate(rows)]
        made.blank = self._row(inner, f"{made.path}.__row__", {})

    def _row(self, inner: tuple[Shape, ...], path: str, row: Mapping[str, Any]) -> list[Field]:
        return [self._field(s, f"{path}.{s.name}", row.get(s.name, _default(s))) for s in inner]

    def _chosen_from(self, shape: Shape) -> list[tuple[str, Any]]:
        if refers := shape.entry.refers:
            if refers not in self._choices:
                found = queries.choosable(refers, self.actor)
                notes = obstacles_of([c.code for c in found]) if refers == "catalogue" and shape.many else {}
                self._choices[refers] = [
                    (c.code, _noted(_named(c.title, c.title, c.code), notes.get(c.code, ()))) for c in found
                ]
            return self._choices[refers]
        if shape.entry.widget == "region":
            return [
                (d.code, Text(f"{d.name}（{d.code}）", f"{d.name.en} ({d.code})"))
                for d in DIVISIONS.values()
                if d.parent
            ]
        if shape.entry.widget == "organisation":
            if "organisation" not in self._choices:
                self._choices["organisation"] = [(u, _named(n, n, u)) for u, n in all_active()]
            return self._choices["organisation"]
        return list(shape.choices)


def _named(zh: str, en: str, code: str) -> Text:
    return Text(f"{zh}（{code}）", f"{en} ({code})")


def _noted(name: Text, notes: tuple[Text, ...]) -> Text:
    """What stands in the way of choosing it, beside its name."""
    if not notes:
        return name
    why = join(notes)
    return Text(f"{name} — 不能纳入：{why}", f"{name.en} — may not be chosen: {why.en}")


def _default(shape: Shape) -> Any:
    if shape.info is None or shape.info.is_required():
        return None
    value = shape.info.get_default(call_default_factory=True)
    return None if value is PydanticUndefined else value


def _shown(value: Any, shape: Shape) -> Any:
    """A value as the widget holds it."""
    if shape.many and not shape.model and kind_of(shape) != "json":
        return [str(v) for v in value or []] if kind_of(shape) == "checks" else "\n".join(str(v) for v in value or [])
    return _text(value, shape)


def _text(value: Any, shape: Shape) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_money(shape) and isinstance(value, int):
        return f"{Decimal(value) / 100:.2f}"
    if kind_of(shape) == "json" and not isinstance(value, str):
        if not value:
            return ""
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(getattr(value, "value", value))


def _limits(shape: Shape) -> dict[str, Any]:
    """What the browser can check already."""
    found: dict[str, Any] = {}
    for limit in shape.info.metadata if shape.info else ():
        if type(limit) in LIMITS and not shape.many:
            attribute, source = LIMITS[type(limit)]
            found[attribute] = getattr(limit, source)
    if is_money(shape):
        found = {k: Decimal(v) / 100 for k, v in found.items() if k in {"min", "max"}}
    return found
