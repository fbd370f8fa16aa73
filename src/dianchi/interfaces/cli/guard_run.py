"""The desk behind `dianchi guard run`: compile, run locked down, look into history, record, answer."""

from __future__ import annotations

import hashlib
import io
import math
import secrets
import tempfile
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.guard import Grant, Plan, explain
from dianchi.engines.guard.explain import told
from dianchi.engines.guard.history import Cells, FileStore, check, group_key, levels_of, within
from dianchi.engines.guard.refusals import Says
from dianchi.engines.runner import Limits, Source
from dianchi.engines.runner.engine import open_locked
from dianchi.kernel.errors import Invalid
from dianchi.kernel.text import Text

KEEP = 512 << 20  # tables up to this size are read once and kept
EXPIRED = Says(
    "grant.expired",
    Text("授权已到期。", "The grant has expired."),
    Text("请续期后再查询。", "Have it renewed."),
)
FAILED = Says(
    "engine.failed",
    Text("查询未能执行完毕。", "The query could not be carried out."),
    Text("请缩小查询，或检查类型后重试。", "Make the query smaller, or check its types."),
)


class Desk:
    """Answers one query after another under one grant, in one history."""

    def __init__(self, grant: Grant, store: FileStore | None, lang: str, dialect: str, at: datetime) -> None:
        self.grant, self.store, self.lang, self.dialect, self.at = grant, store, lang, dialect, at
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._snapshots: dict[str, str] = {}
        self._last: pa.Table | None = None

    def answer(self, text: str) -> tuple[dict[str, Any], int]:
        """The answer in the shape of guard.md 6, and the exit code."""
        found = explain(text, self.grant, self.lang, dialect=self.dialect)
        shown = found.to_json()
        if found.plan is None:
            return {**shown, "rows": [], "suppressed_groups": 0}, found.exit_code
        if self.grant.expires_at is not None and self.at >= self.grant.expires_at:
            return self.refused(EXPIRED)
        key = group_key(self.grant.party, self.grant.affiliates)
        digest = self.digest(found.plan)
        if self.store is not None and (known := self.store.answer(key, digest)) is not None:
            return {**shown, **known}, 0
        try:
            table = self.connection().sql(found.plan.sql).to_arrow_table()
            levels = self.levels(found.plan) if self.store is not None or found.plan.compared else []
        except duckdb.Error:
            return self.refused(FAILED)
        leasts = {c.table: self.least(c.table) for c in levels}
        refusal = within(levels, [f.joined for f in found.plan.footprints for _ in range(2)], leasts)
        if refusal is None and self.store is not None:
            refusal = check(self.store, key, levels, leasts)
        if refusal is not None:
            return self.told([told(refusal, self.lang)])
        rows, suppressed = self.rows(found.plan, table)
        result = {"rows": rows, "suppressed_groups": suppressed}
        if self.store is not None:
            self.store.remember(key, digest, result, levels)
        return {**shown, **result}, 0

    def refused(self, says: Says) -> tuple[dict[str, Any], int]:
        return self.told([told(says.at(), self.lang)])

    def told(self, refusals: list[dict[str, Any]]) -> tuple[dict[str, Any], int]:
        return {
            "allowed": False,
            "refusals": refusals,
            "columns": [],
            "rewritten": None,
            "rows": [],
            "suppressed_groups": 0,
        }, 14

    def least(self, named: str) -> int:
        """The threshold of a table as history names it."""
        return self.grant.tables[named.split("@")[0]].min_subjects

    def levels(self, plan: Plan) -> list[Cells]:
        """What stands behind the released cells."""
        secret = self.store.secret() if self.store is not None else secrets.randbits(62)
        found = []
        for f in plan.footprints:
            rows = self.connection().execute(f.sql, {"secret": secret}).fetchall()
            found += levels_of(f"{f.table}@{self.snapshot(f.table)}", rows, f.keys)
        return found

    def digest(self, plan: Plan) -> str:
        """The question, its grant and the data it is put to."""
        seen = "|".join(f"{t}@{self.snapshot(t)}" for t in sorted(plan.reads))
        return hashlib.sha256(f"{plan.digest}|{plan.grant}|{seen}".encode()).hexdigest()

    def snapshot(self, table: str) -> str:
        """A name for the present content of a table's files."""
        if table not in self._snapshots:
            found = hashlib.sha256()
            for f in self.files(table):
                found.update(
                    f.read_bytes() if f.stat().st_size < KEEP else f"{f.stat().st_size}:{f.stat().st_mtime_ns}".encode()
                )
            self._snapshots[table] = found.hexdigest()[:32]
        return self._snapshots[table]

    def files(self, table: str) -> tuple[Path, ...]:
        found = tuple((self.grant.folder / f).resolve() for f in self.grant.tables[table].files)
        if not all(f.is_file() for f in found):
            from dianchi.kernel.errors import Refusal

            raise Invalid(
                Refusal("grant.file-missing", Text("授权书所列文件不存在。", "A file of the grant does not exist."))
            )
        return found

    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB with the grant's columns and nothing else, locked."""
        if self._connection is None:
            sources: dict[str, Source] = {}
            paths: dict[str, tuple[str, ...]] = {}
            for name, table in self.grant.tables.items():
                if table.files:
                    files = self.files(name)
                    sources[name] = Source(files, {c.name: c.type for c in table.columns.values()})
                    paths[name] = tuple(str(f) for f in files)
            limits = Limits(memory_bytes=4 << 30, seconds=120)
            self._connection = open_locked(sources, paths, limits, tempfile.mkdtemp(prefix="dianchi-guard-"), KEEP)
        return self._connection

    def rows(self, plan: Plan, table: pa.Table) -> tuple[list[dict[str, Any]], int]:
        """The rows in their order, and how many groups were suppressed."""
        suppressed = 0
        if plan.counts_suppressed:
            suppressed = int(table.column("_suppressed")[0].as_py()) if table.num_rows else 0
            table = table.filter(pc.is_valid(table.column("_row"))).drop_columns(["_suppressed", "_row"])
        self._last = table
        names = [c.name for c in plan.columns]
        columns = [[_value(v) for v in table.column(i).to_pylist()] for i in range(len(names))]
        return [dict(zip(names, r, strict=True)) for r in zip(*columns, strict=True)], suppressed

    def arrow(self) -> bytes:
        """The last result as an Arrow stream."""
        assert self._last is not None
        out = io.BytesIO()
        with pa.ipc.new_stream(out, self._last.schema) as writer:
            writer.write_table(self._last)
        return out.getvalue()


def _value(v: Any) -> Any:
    """A value as JSON holds it: integers and exact decimals as numbers, times as ISO text."""
    if isinstance(v, Decimal):
        return _exact(v)
    if isinstance(v, float):
        return v if math.isfinite(v) else None
    if isinstance(v, date | datetime | time):
        return v.isoformat()
    if isinstance(v, timedelta):
        return str(v)
    if isinstance(v, bytes):
        return v.hex()
    if isinstance(v, Mapping):
        return {str(k): _value(x) for k, x in v.items()}
    if isinstance(v, list):
        return [_value(x) for x in v]
    return v


def _exact(v: Decimal) -> int | float | str:
    if v == v.to_integral_value() and v.as_tuple().exponent == 0:
        return int(v)
    near = float(v)
    return near if Decimal(repr(near)) == v else f"{MARK}{format(v, 'f')}{MARK}"


MARK = "\ue000"  # around the digits of a decimal that no float holds; `dumps` takes it away
