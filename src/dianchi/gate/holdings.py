"""A developer's own data: in by an approved case, scanned, under a key of their own; destroyed with a certificate."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from dianchi.chapters.operation.holdings import queries as holdings
from dianchi.chapters.operation.holdings.lifecycle import State
from dianchi.chapters.operation.holdings.models import Holding
from dianchi.engines import intake
from dianchi.engines.classify import CATEGORIES, Sort, classify
from dianchi.engines.lake.files import sync
from dianchi.engines.quality.contract import ColumnContract, Contract
from dianchi.foundation.cases.perform import Done, perform
from dianchi.foundation.cases.registry import get_case
from dianchi.gate import vault
from dianchi.gate.sources import OWN
from dianchi.kernel.actors import PLATFORM, Actor
from dianchi.kernel.errors import Invalid, NotPermitted, Refusal, RuleBroken
from dianchi.kernel.law.articles import cite, default
from dianchi.kernel.text import Text

METHOD = "销毁密钥并删除密文"
MOST_ROWS = 5_000_000
_TYPES = {"VARCHAR": "string", "BIGINT": "integer", "DECIMAL(18,4)": "decimal(18,4)", "DATE": "date"}
NOT_YOURS = Refusal(
    "holdings.not-the-developer",
    Text("只有提出申请的开发主体可以导入", "Only the developer that applied may import"),
    cite("SAFE18", item=4),
    Text("请由该开发主体办理", "Let that developer do it"),
    ("R54",),
)
NOT_APPROVED = Refusal(
    "holdings.not-approved",
    Text("尚未同意导入，或已导入过", "The import is not approved, or was done already"),
    cite("SAFE18", item=4),
    Text("请先办理审批", "Have it approved first"),
    ("R54",),
)
ROWS_REFUSED = Refusal(
    "holdings.rows-refused",
    Text(
        "有 {rows} 行不符合申明的字段和类型，未予导入",
        "{rows} rows do not fit the declared columns and types; nothing came in",
    ),
    default(),
    Text("请按申明的字段整理文件后重新导入", "Bring the file in line with the declared columns and try again"),
    field="file",
)
TOO_MANY = Refusal("holdings.too-many-rows", Text("行数超过上限", "It has too many rows"), default(), field="file")
NO_ROWS = Refusal("holdings.no-rows", Text("文件没有数据行", "The file has no rows"), default(), field="file")


def receive(code: str, path: Path, *, by: Actor, at: datetime, file_name: str) -> Done:
    """Read the file under the declared columns, scan it, keep it sealed; all of it or nothing."""
    case: Holding = get_case("holdings", code, by)
    if case.developer != by.organisation:
        raise NotPermitted(NOT_YOURS)
    if case.state != State.APPROVED:
        raise RuleBroken(NOT_APPROVED)
    table = _read(case, path)
    texts = table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
    found = classify(texts, {c["name"]: c["title"] for c in case.columns})
    personal = [f for f in found.values() if CATEGORIES[f.category].sort is not Sort.PLAIN]
    raw = path.read_bytes()
    receipt = {
        "file_name": file_name[:200], "rows": table.num_rows, "bytes": len(raw), "sm3": hashlib.new("sm3", raw).hexdigest(),
        "findings": [{"column": f.column, "category": f.category} for f in found.values()],
        "personal_found": bool(personal),
    }  # fmt: skip
    _keep(case.code, table)
    try:
        return perform("holdings", "receive", by=PLATFORM, at=at, code=case.code, inputs=receipt)
    except BaseException:
        vault.destroy(case.code)
        raise


def _read(case: Holding, path: Path) -> pa.Table:
    columns = tuple(ColumnContract(c["name"], _TYPES[c["type"]], c["title"]) for c in case.columns)
    _, verdicts = intake.load(path, Contract(case.name, columns))
    parts, refused, rows = [], 0, 0
    for verdict in verdicts:
        parts.append(verdict.accepted)
        refused += verdict.quarantined.num_rows
        rows += verdict.accepted.num_rows
        if rows > MOST_ROWS:
            raise Invalid(TOO_MANY)
    if refused:
        raise Invalid(ROWS_REFUSED.saying(rows=refused))
    if not rows:
        raise Invalid(NO_ROWS)
    return pa.concat_tables(parts).select([c["name"] for c in case.columns])


def _keep(code: str, table: pa.Table) -> None:
    """One encrypted file under the holding's own key."""
    key = vault.key(code)
    draft = vault.folder(code) / f".{OWN}"
    with pq.ParquetWriter(draft, table.schema, encryption_properties=pe.create_encryption_properties(footer_key=key),
                          compression="zstd") as writer:  # fmt: skip
        writer.write_table(table, row_group_size=1 << 17)
    sync(draft)
    draft.replace(vault.folder(code) / OWN)


def sweep(at: datetime) -> int:
    """End what its agreement no longer covers, destroy what has ended, and certify it; how many were destroyed."""
    for case in holdings.lapsed(at):
        perform("holdings", "end", by=PLATFORM, at=at, code=case.code)
    ended = holdings.to_destroy()
    for case in ended:
        files, size = vault.destroy(case.code)
        inputs = {"destroyed_files": files, "destroyed_bytes": size, "method": METHOD}
        perform("holdings", "destroy", by=PLATFORM, at=at, code=case.code, inputs=inputs)
    return len(ended)
