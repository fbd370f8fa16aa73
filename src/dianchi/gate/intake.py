"""The only road in: a department's file becomes an encrypted snapshot and a receipt, or nothing at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from dianchi.engines import intake, quality
from dianchi.engines.quality.yaml import from_dict
from dianchi.foundation.cases.perform import Done, perform
from dianchi.foundation.cases.registry import get_case
from dianchi.gate.store import lake
from dianchi.kernel.actors import PLATFORM, Actor
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.law.articles import default, spec27, yn
from dianchi.kernel.text import Text

NOT_YOURS = Refusal(
    "supply.not-the-provider", Text("只有数据提供单位可以供数", "Only the data provider supplies"), spec27(21),
    Text("请由数据提供单位办理", "Let the provider do it"),
)  # fmt: skip
NOT_OPEN = Refusal(
    "supply.wrong-state", Text("本次供数已接收过文件", "A file was received for this load already"), yn(3),
    Text("请重新发起供数", "Open a new load"),
)  # fmt: skip
NO_CONTRACT = Refusal(
    "supply.no-contract", Text("资源目录缺少数据契约，无法接收", "The catalogue item has no data contract"), default(),
    Text("请数据提供单位在目录中补充数据契约", "Let the provider add it to the catalogue item"),
)  # fmt: skip
_BLOCK = 1 << 20


def receive(supply_code: str, path: Path, *, by: Actor, at: datetime, source_name: str = "") -> Done:
    """Read the file under the resource's contract, keep what breaks it apart and countable, commit the rest, receipt all.

    The lake commits whole or not at all and knows the batch by the file's digest, so a load that died may be run again.
    """
    case = get_case("supply", supply_code, by)
    if case.opened_for != by.organisation:
        raise RuleBroken(NOT_YOURS)
    if case.state != "opened":
        raise RuleBroken(NOT_OPEN)
    if not case.item.contract:
        raise RuleBroken(NO_CONTRACT)
    sm3, sha256, size = _digests(path)
    batch = f"{case.item.code}-{sm3[:24]}"
    contract = from_dict(case.item.contract)
    findings, snapshot = _load(case.item, contract, path, batch, at)
    receipt = {
        "batch": batch,
        "source_name": source_name or path.name,
        "rows_received": findings.received,
        "rows_accepted": findings.accepted,
        "rows_quarantined": findings.quarantined,
        "bytes_received": size,
        "sm3": sm3,
        "sha256": sha256,
        "snapshot": str(snapshot.id),
        "schema_version": snapshot.schema_version,
        "max_rows": snapshot.max_rows_per_subject.get(case.item.subject_column),
        "rule_results": [_result(r) for r in findings.rule_results if r.failed],
        "scores": {d.value: str(score) for d, score in findings.scores.items()},
    }
    return perform("supply", "receive", by=PLATFORM, at=at, code=case.code, inputs=receipt)


def _load(item: Any, contract: quality.Contract, path: Path, batch: str, at: datetime) -> tuple[quality.Findings, Any]:
    proposal = intake.sniff(path, contract)
    inspector = quality.Inspector(contract)
    if inspector.looks_ahead:
        inspector.prepare(lambda: (chunk.rows for chunk in intake.read(path, proposal)))
    set_aside: list[pa.Table] = []

    def accepted() -> Iterator[pa.RecordBatch]:
        for chunk in intake.read(path, proposal):
            verdict = inspector.judge(chunk.rows, chunk.faulty)
            set_aside.append(verdict.quarantined)
            yield from verdict.accepted.to_batches()

    rows = accepted()
    snapshot = lake().commit(
        item.code,
        rows,
        contract.schema,
        batch_id=batch,
        at=at,
        subject_column=item.subject_column or None,
        mode="replace",
    )
    for _ in rows:  # a batch that was committed before is judged again for its receipt
        pass
    if set_aside and any(table.num_rows for table in set_aside):
        apart = pa.concat_tables(set_aside).cast(quality.QUARANTINE)
        lake().commit(f"{item.code}-quarantine", apart, quality.QUARANTINE, batch_id=batch, at=at)
    return inspector.findings(), snapshot


def _result(result: quality.RuleResult) -> dict[str, object]:
    return {"rule": result.name, "severity": result.severity.value, "failed": result.failed}


def _digests(path: Path) -> tuple[str, str, int]:
    sm3, sha256, size = hashlib.new("sm3"), hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sm3.update(block)
            sha256.update(block)
            size += len(block)
    return sm3.hexdigest(), sha256.hexdigest(), size
