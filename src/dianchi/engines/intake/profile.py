"""Which type and format the texts of a column have, by counting over a sample."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from dianchi.engines.quality import ROW, ColumnContract
from dianchi.engines.quality.formats import FORMATS, TIMES, named
from dianchi.engines.quality.rows import connect
from dianchi.engines.quality.sql import text, typed

ENOUGH = 0.95  # share of the values that a type must hold; the rest would be quarantined, and is told
_CODE_NAME = re.compile(r"编码|代码|编号|号码|证号|单号|卡号|账号|邮编|区号|code|_?id$|_?no$|number|phone|tel", re.I)
_CHECKED = ("citizen_id", "uscc", "phone", "email", "plate", "bank_card", "passport")
_DATETIMES = tuple(name for name in TIMES if name.startswith("datetime"))
_DATES = tuple(name for name in TIMES if name not in _DATETIMES)

_READS_TOO = {"dash": "iso", "datetime.loose": "datetime", "datetime.loose.minute": "datetime.minute"}


@dataclass(frozen=True)
class Profile:
    """What a sample of a column says."""

    name: str
    type: str
    format: str
    clean: tuple[str, ...]
    nulls: int
    values: int


def profile(sample: pa.Table) -> tuple[Profile, ...]:
    """One profile per text column of the sample."""
    names = [n for n in sample.column_names if n != ROW]
    with connect() as connection:
        connection.register("sample", sample)
        return tuple(_one(connection, name, sample.num_rows) for name in names)


def _one(connection: duckdb.DuckDBPyConnection, name: str, rows: int) -> Profile:
    counts = _counts(connection, name)
    values = counts["values"]
    clean = tuple(c for c in ("halfwidth", "trim", "thousands") if counts[c])

    def holds(key: str) -> bool:
        return values > 0 and counts[key] >= ENOUGH * values

    def found(kind: str, form: str = "", cleaning: tuple[str, ...] = ()) -> Profile:
        return Profile(name, kind, form, cleaning, rows - values, values)

    tidy = tuple(c for c in clean if c != "thousands")
    for form in _CHECKED:
        if holds(f"format:{form}"):
            return found("string", form, tidy if counts["tidied"] else ())
    spelt = _spelt(counts, values, _DATES)
    if spelt and not (spelt == "compact" and _CODE_NAME.search(name)):
        return found("date", spelt, tidy)
    if stamped := _spelt(counts, values, _DATETIMES):
        return found("timestamp", stamped, tidy)
    if not counts["leading"] and not _CODE_NAME.search(name):
        if holds("integer"):
            return found("integer", cleaning=clean)
        if holds("decimal"):
            return found(f"decimal(18,{counts['scale']})", cleaning=clean)
        if holds("double"):
            return found("double", cleaning=clean)
    return found("boolean") if holds("boolean") and counts["boolean"] == values else found("string")


def _spelt(counts: dict[str, int], values: int, names: tuple[str, ...]) -> str:
    """The spellings that together hold the column, the frequent ones first."""
    used = sorted((n for n in names if counts[f"time:{n}"]), key=lambda n: -counts[f"time:{n}"])
    for wide, narrow in _READS_TOO.items():  # a spelling that reads whatever another reads
        if wide in used and narrow in used:
            used.remove(narrow if counts[f"time:{wide}"] > counts[f"time:{narrow}"] else wide)
    whole = sum(counts[f"time:{n}"] for n in used)
    return ",".join(used) if values and whole >= ENOUGH * values else ""


def _counts(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, int]:
    plain = text(ColumnContract("x", source=name))
    tidy = text(ColumnContract("x", source=name, clean=("halfwidth", "trim")))
    bare = text(ColumnContract("x", source=name, clean=("halfwidth", "trim", "thousands")))

    def parsed(kind: str, value: str, form: str = "") -> str:
        return f"count(*) FILTER ({typed(ColumnContract('x', kind, format=form), value)} IS NOT NULL)"

    grouped = f"regexp_full_match({tidy}, '[+-]?[0-9]{{1,3}}(,[0-9]{{3}})+([.][0-9]+)?')"
    wanted = {
        "values": f"count({plain})",
        "tidied": f"count(*) FILTER ({tidy} <> {plain})",
        "halfwidth": f"count(*) FILTER (regexp_matches({plain}, '[！-～]'))",
        "trim": f"count(*) FILTER (trim({plain}, ' \t\u3000\u00a0') <> {plain})",
        "thousands": f"count(*) FILTER ({grouped})",
        "leading": f"count(*) FILTER (regexp_matches({bare}, '^([+-]?0[0-9]|[0-9]{{16,}}$)'))",
        "integer": parsed("integer", bare),
        "decimal": parsed("decimal(18,6)", bare),
        "scale": f"coalesce(max(length(regexp_extract({bare}, '[.]([0-9]+)$', 1))), 0)",
        "double": parsed("double", bare),
        "boolean": f"count(*) FILTER (lower({plain}) IN ('true', 'false', '是', '否'))",
        **{f"format:{f}": f"count(*) FILTER ({FORMATS[f](tidy)})" for f in _CHECKED},
        **{f"time:{f}": parsed("date" if f in _DATES else "timestamp", tidy, f) for f in TIMES},
    }
    query = f"SELECT {', '.join(f'{sql} AS {named(key)}' for key, sql in wanted.items())} FROM sample"  # noqa: S608
    row = connection.execute(query).fetchone()
    assert row is not None
    return dict(zip(wanted, (int(v or 0) for v in row), strict=True))
