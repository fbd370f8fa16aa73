"""Which row of the original each row of a copy is, whatever was shuffled, dropped, rounded or left out."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dianchi.engines.fingerprint.values import Marking, Whole

_KEY_SHARE = 0.9  # of a column's values that the original has too, for it to tell rows apart
_MOST_CANDIDATES = 64  # originals that one row of the copy is compared with, on average
_ROWS = "original.i AS i, copied.j AS j"


@dataclass(frozen=True)
class Matched:
    """Row numbers of the original and of the copy, and the copy's values of the marked columns beside them."""

    original: Whole
    copy: Whole
    values: dict[str, npt.NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.original)


def matched(copy: pa.Table, base: pa.Table, marking: Marking) -> Matched:
    """The rows of the copy that could be told; each original at most once."""
    shared = _renamed(copy, base)
    marked = [n for n in marking.tolerances if n in shared.column_names]
    with duckdb.connect() as connection:
        connection.register("original_rows", base.append_column("i", pa.array(np.arange(base.num_rows))))
        connection.register("copied_rows", shared.append_column("j", pa.array(np.arange(shared.num_rows))))
        connection.execute("CREATE TABLE original AS SELECT * FROM original_rows")
        casts = ", ".join(
            f'TRY_CAST("{n}" AS {_type(connection, n, n in marked)}) AS "{n}"' for n in shared.column_names
        )
        connection.execute(f"CREATE TABLE copied AS SELECT {casts or '1 AS one'}, j FROM copied_rows")  # noqa: S608
        keys = _keys(connection, [n for n in shared.column_names if n not in marked])
        pairs = _nearest(connection, keys, marked)
    if not pairs.num_rows:
        nothing = np.empty(0, np.int64)
        return Matched(nothing, nothing, {})
    original, rows = (pairs[n].to_numpy().astype(np.int64) for n in ("i", "j"))
    values = {n: pairs[f"v{k}"].to_numpy().astype(np.float64) for k, n in enumerate(marked)}
    _, once = np.unique(original, return_index=True)
    return Matched(original[once], rows[once], {n: v[once] for n, v in values.items()})


def _renamed(copy: pa.Table, base: pa.Table) -> pa.Table:
    """The copy's columns that the original has too, under its names."""
    known = {name.lower().strip(): name for name in base.column_names}
    chosen = {known[n.lower().strip()]: n for n in copy.column_names if n.lower().strip() in known}
    return pa.table({name: copy[theirs] for name, theirs in chosen.items()}) if chosen else copy.select([])


def _type(connection: duckdb.DuckDBPyConnection, name: str, marked: bool) -> str:
    if marked:
        return "DOUBLE"
    kinds = dict(row[:2] for row in connection.execute("DESCRIBE original").fetchall())
    return str(kinds[name])


def _keys(connection: duckdb.DuckDBPyConnection, names: list[str]) -> list[str]:
    """The columns by which rows are told: those whose values in the copy are mostly the original's."""
    found = []
    for name in names:
        query = (
            f'SELECT avg((copied."{name}" IS NULL OR copied."{name}" IN (SELECT "{name}" FROM original))::INT) '  # noqa: S608
            f"FROM copied"
        )
        share = connection.execute(query).fetchall()[0][0]
        if share is not None and share >= _KEY_SHARE:
            found.append(name)
    return found


def _nearest(connection: duckdb.DuckDBPyConnection, keys: list[str], marked: list[str]) -> pa.Table:
    """For each row of the copy the original with the same keys whose marked values lie nearest."""
    values = "".join(f', copied."{n}" AS v{k}' for k, n in enumerate(marked))
    same = " AND ".join(f'original."{n}" IS NOT DISTINCT FROM copied."{n}"' for n in keys)
    if keys and _crowd(connection, keys) <= _MOST_CANDIDATES:
        off = " + ".join(f'coalesce(abs(copied."{n}" - original."{n}"), 0)' for n in marked) or "0"
        text = (
            f"SELECT {_ROWS}{values} FROM copied JOIN original ON {same} "  # noqa: S608
            f"QUALIFY row_number() OVER (PARTITION BY copied.j ORDER BY {off}, original.i) = 1"
        )
        near: pa.Table = connection.sql(text).to_arrow_table()
        return near
    if not marked:
        return pa.table({"i": pa.array([], pa.int64()), "j": pa.array([], pa.int64())})
    return _by_value(connection, keys, marked, values)


def _by_value(connection: duckdb.DuckDBPyConnection, keys: list[str], marked: list[str], values: str) -> pa.Table:
    """The nearest original by the marked column with the most values; the two neighbours are compared in full."""
    counts = {n: connection.execute(f'SELECT count(DISTINCT "{n}") FROM original').fetchall()[0][0] for n in marked}  # noqa: S608
    by = max(marked, key=lambda n: counts[n])
    same = "".join(f'original."{n}" = copied."{n}" AND ' for n in keys)
    sides = " UNION ALL ".join(
        f"SELECT {_ROWS}{values}, {_off(marked)} AS off FROM copied ASOF JOIN original "  # noqa: S608
        f'ON {same}copied."{by}" {compared} original."{by}"::DOUBLE'
        for compared in (">=", "<=")
    )
    columns = "i, j" + "".join(f", v{k}" for k in range(len(marked)))
    text = f"SELECT {columns} FROM ({sides}) QUALIFY row_number() OVER (PARTITION BY j ORDER BY off, i) = 1"  # noqa: S608
    table: pa.Table = connection.sql(text).to_arrow_table()
    return table


def _off(marked: list[str]) -> str:
    return " + ".join(f'coalesce(abs(copied."{n}" - original."{n}"), 0)' for n in marked)


def _crowd(connection: duckdb.DuckDBPyConnection, keys: list[str]) -> float:
    """How many originals share their keys, on average over the rows."""
    columns = ", ".join(f'"{n}"' for n in keys)
    text = f"SELECT sum(n * n) / sum(n) FROM (SELECT count(*) AS n FROM original GROUP BY {columns})"  # noqa: S608
    return float(connection.execute(text).fetchall()[0][0] or 0)
