"""Tables of results and differences of texts as pages show them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyarrow import types

from dianchi.gate import values

SHOWN = 500
_MOST_SERIES, _MOST_BARS = 3, 60


@dataclass(frozen=True)
class Line:
    """One line of a difference: kept, added or removed."""

    kind: str
    old: int | None
    new: int | None
    text: str


def of(table: pa.Table) -> dict[str, Any]:
    """The first rows, which columns are figures, and a chart where one makes sense."""
    rows = values.rows(table.slice(0, SHOWN))
    names = table.column_names
    figures = [name for name in names if _is_figure(table.schema.field(name).type)]
    return {
        "names": names, "figures": figures, "rows": [[row[n] for n in names] for row in rows], "total": table.num_rows,
        "cut": table.num_rows > SHOWN, "chart": chart(names, figures, rows),
    }  # fmt: skip


def _is_figure(kind: pa.DataType) -> bool:
    return types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)


def chart(names: list[str], figures: list[str], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Bars by the columns that are no figures; None where there is nothing to compare."""
    labels = [name for name in names if name not in figures]
    if not labels or not figures or not 2 <= len(rows) <= _MOST_BARS:
        return None
    return {
        "categories": [" · ".join(str(row[n]) for n in labels) for row in rows],
        "series": [
            {"name": n, "data": [None if row[n] is None else float(row[n]) for row in rows]}
            for n in figures[:_MOST_SERIES]
        ],
    }


def diff(old: list[str], new: list[str]) -> list[Line]:
    """The two texts as one, line by line."""
    found: list[Line] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            found += [Line("kept", a + i + 1, c + i + 1, old[a + i]) for i in range(b - a)]
            continue
        found += [Line("removed", i + 1, None, old[i]) for i in range(a, b)]
        found += [Line("added", None, i + 1, new[i]) for i in range(c, d)]
    return found


def compare(old: pa.Table, new: pa.Table) -> dict[str, Any] | None:
    """Two outputs aligned by the columns that are no figures: rows that differ, or stand on one side only.

    None where they share no such columns, or a key stands twice.
    """
    keys = [n for n in _labels(new) if n in _labels(old)]
    if not keys or keys != [n for n in _labels(old) if n in keys] or len(keys) != len(_labels(new)):
        return None
    figures = [n for n in new.column_names if n not in keys]
    theirs = [n for n in old.column_names if n not in _labels(old)]
    before, after = _keyed(old, keys), _keyed(new, keys)
    if before is None or after is None:
        return None
    shared = [n for n in figures if n in theirs]
    rows = [_line(key, shared, before.get(key), after.get(key)) for key in {**after, **before}]
    names = [*keys, *(label for n in shared for label in (f"{n} ①", f"{n} ②", f"{n} ②−①"))]
    return {"names": names, "rows": [r for r in rows if r is not None][:SHOWN]}


def _labels(table: pa.Table) -> list[str]:
    return [f.name for f in table.schema if not _is_figure(f.type)]


def _keyed(table: pa.Table, keys: list[str]) -> dict[tuple[Any, ...], dict[str, Any]] | None:
    rows = values.rows(table)
    found = {tuple(row[k] for k in keys): row for row in rows}
    return found if len(found) == len(rows) else None


def _line(
    key: tuple[Any, ...], shared: list[str], old: dict[str, Any] | None, new: dict[str, Any] | None
) -> list[Any] | None:
    pairs = [((old or {}).get(n), (new or {}).get(n)) for n in shared]
    if old is not None and new is not None and all(a == b for a, b in pairs):
        return None
    return [*key, *(v for a, b in pairs for v in (a, b, b - a if a is not None and b is not None else None))]
