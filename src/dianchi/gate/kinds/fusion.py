"""Fusion calls: the caller's own small table is joined inside the domain, and only what the guard lets out comes back.

The caller's rows are free to the caller and hostile to the data: the guard counts protected subjects as always, and the
threshold once more over the distinct key values that the caller brought (guard.md, rule 8).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from dianchi.chapters.operation.products.kinds import OWN_TABLE
from dianchi.engines.runner import Limits, Source, Statement, run
from dianchi.foundation.answers import store as answers
from dianchi.foundation.cases.figures import value
from dianchi.gate import values
from dianchi.gate.kinds.values import Call, Outcome, Runs, cleaned
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

LIMITS = Limits(seconds=20, rows=100_000, output_bytes=64 << 20, threads=1)
_TYPES = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "DECIMAL(18,4)": pa.decimal128(18, 4), "DATE": pa.date32()}
OWN_MISSING = Refusal(
    "gate.own-table-missing", Text("融合计算须附调用方数据", "A fusion call brings the caller's rows"),
    remedy=Text("请按产品声明的各列提交", "Send them with the columns that the product declares"), field="own",
)  # fmt: skip
OWN_COLUMNS = Refusal(
    "gate.own-columns-differ", Text("所附数据的列与产品声明的不一致", "The columns sent are not those that the product declares"),
    remedy=OWN_MISSING.remedy, field="own",
)  # fmt: skip
OWN_VALUES = Refusal(
    "gate.own-values-malformed", Text("所附数据中有不合类型的值", "A value sent is not of its column's type"),
    remedy=OWN_MISSING.remedy, field="own",
)  # fmt: skip
OWN_TOO_MANY = Refusal(
    "gate.own-too-many-rows", Text("所附数据的行数超过上限", "More rows were sent than may be"),
    remedy=Text("请分批提交", "Send fewer at a time"), field="own",
)  # fmt: skip


def answer(call: Call, runs: Runs) -> Outcome:
    """The reviewed query over the protected tables and the caller's rows, in a walled process of this call alone."""
    own, bound = typed(call), call.bound()
    digest = values.digest(values.rows(own))
    folder = Path(settings.DIANCHI_VAR) / "spool"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, path = tempfile.mkstemp(suffix=".parquet", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            pq.write_table(own, file)
        tables = _run(call, runs, bound, Path(path))
    finally:
        Path(path).unlink()
    if runs.history is not None:
        runs.history(bound, tables[1:], digest)
    outcome = cleaned(tables[0], runs.plan)
    return Outcome(outcome.table, outcome.suppressed, recorded={"own": digest, "own_rows": own.num_rows})


def typed(call: Call) -> pa.Table:
    """The caller's rows with the declared columns in their types; Invalid naming what is wrong."""
    if call.own is None or not call.own.num_rows:
        raise Invalid(OWN_MISSING)
    if call.own.num_rows > int(value("gate.fusion-rows", call.order.region)):
        raise Invalid(OWN_TOO_MANY)
    declared = {column["name"]: _TYPES[column["type"]] for column in call.settings["own_columns"]}
    if set(call.own.column_names) != set(declared) or len(call.own.column_names) != len(declared):
        raise Invalid(OWN_COLUMNS)
    try:
        return pa.table({name: call.own[name].cast(kind) for name, kind in declared.items()})
    except (pa.ArrowException, ValueError):
        raise Invalid(OWN_VALUES) from None


def _run(call: Call, runs: Runs, bound: Mapping[str, Any], path: Path) -> tuple[pa.Table, ...]:
    types = {column["name"]: column["type"] for column in call.settings["own_columns"]}
    sources = {**runs.sources, OWN_TABLE: Source((path,), types)}
    sketched = {**bound, "secret": answers.secret()}
    statements = [Statement(runs.plan.sql, bound), *(Statement(f.sql, sketched) for f in runs.plan.footprints)]
    return run(statements, sources, LIMITS).tables
