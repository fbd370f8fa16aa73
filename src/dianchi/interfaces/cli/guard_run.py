"""The desk behind `dianchi guard run`: compile, run in a walled process, look into history, record, answer."""

from __future__ import annotations

import hashlib
import io
import math
import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.guard import Grant, Plan, explain
from dianchi.engines.guard.explain import told
from dianchi.engines.guard.history import Cells, FileStore, check, group_key, levels_of, within
from dianchi.engines.guard.noise import cost, noisy
from dianchi.engines.guard.refusals import Says
from dianchi.engines.runner import Limits, Source, Statement, run
from dianchi.kernel.errors import DomainError, Invalid, Refusal, RuleBroken
from dianchi.kernel.text import Text

KEEP = 512 << 20  # files up to this size are named by their content, larger ones by size and time
LIMITS = Limits(memory_bytes=4 << 30, seconds=120)
EXPIRED = Says(
    "grant.expired",
    Text("授权已到期。", "The grant has expired."),
    Text("请续期后再查询。", "Have it renewed."),
)


NO_BUDGET = Says(
    "noise.no-history",
    Text(
        "该授权的结果须加噪声并计入预算，须有历史目录。",
        "Answers of this grant carry noise paid from a budget; that needs a history.",
    ),
    Text("请同时指定存放历史的目录。", "Name the folder of the history with --history."),
)


class Desk:
    """Answers one query after another under one grant, in one history."""

    def __init__(self, grant: Grant, store: FileStore | None, lang: str, dialect: str, at: datetime) -> None:
        self.grant, self.store, self.lang, self.dialect, self.at = grant, store, lang, dialect, at
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
            self._last = pa.Table.from_pylist(known["rows"])
            return {**shown, **known}, 0
        try:
            table, levels = self.ran(found.plan)
        except DomainError as e:
            return self.told([told(r, self.lang) for r in e.refusals])
        leasts = {c.table: self.least(c.table) for c in levels}
        joined = [f.joined for f in found.plan.footprints for _ in range(2)]
        places = [f.place for f in found.plan.footprints for _ in range(2)]
        refusal = within(levels, joined, leasts, places)
        if refusal is None and self.store is not None:
            refusal = check(self.store, key, levels, leasts, places)
        if refusal is not None:
            return self.told([told(refusal, self.lang)])
        try:
            rows, suppressed = self.rows(found.plan, self.paid(found.plan, key, table))
        except RuleBroken as e:
            return self.told([told(r, self.lang) for r in e.refusals])
        result = {"rows": rows, "suppressed_groups": suppressed}
        if self.store is not None:
            self.store.remember(key, digest, result, levels)
        return {**shown, **result}, 0

    def paid(self, plan: Plan, key: str, table: pa.Table) -> pa.Table:
        """The table as it is, or with noise that was paid for from the budget of this history."""
        if not any(plan.noisy) or self.grant.noise is None:
            return table
        if self.store is None:
            raise RuleBroken(NO_BUDGET.at())
        self.store.spend(key, cost(plan, self.grant.noise.budget - self.store.spent(key)))
        told_rows = noisy(plan, list(zip(*(c.to_pylist() for c in table.columns), strict=True)))
        columns = zip(*told_rows, strict=True) if told_rows else [()] * table.num_columns
        return pa.table([pa.array(list(c)) for c in columns], names=table.column_names)

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

    def ran(self, plan: Plan) -> tuple[pa.Table, list[Cells]]:
        """The result, and what stands behind its cells where that is compared, from one walled process."""
        statements = [Statement(plan.sql)]
        if self.store is not None or plan.compared:
            secret = self.store.secret() if self.store is not None else secrets.randbits(62)
            statements += [Statement(f.sql, {"secret": secret}) for f in plan.footprints]
        answer, *behind = run(statements, self.sources(plan), LIMITS).tables
        levels: list[Cells] = []
        for f, rows in zip(plan.footprints, behind, strict=False):
            levels += levels_of(f"{f.table}@{self.snapshot(f.table)}", rows, f.keys)
        return answer, levels

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
            raise Invalid(
                Refusal("grant.file-missing", Text("授权书所列文件不存在。", "A file of the grant does not exist."))
            )
        return found

    def sources(self, plan: Plan) -> dict[str, Source]:
        """The tables that the plan reads, with the grant's columns and nothing else."""
        names = {*plan.reads, *(f.table for f in plan.footprints)}
        tables = {n: self.grant.tables[n] for n in sorted(names)}
        return {n: Source(self.files(n), {c.name: c.type for c in t.columns.values()}) for n, t in tables.items()}

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
