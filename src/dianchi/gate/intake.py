"""The only road in: a department's file becomes an encrypted snapshot and a receipt, or nothing at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dianchi.chapters.resources.quality.queries import of_scan
from dianchi.chapters.resources.supply.queries import current
from dianchi.engines import intake, quality
from dianchi.engines.quality.contract import SELF, Kind
from dianchi.engines.quality.yaml import from_dict
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.perform import Done, perform, refusals
from dianchi.foundation.cases.registry import get_case
from dianchi.gate.store import lake
from dianchi.kernel import canonical
from dianchi.kernel.actors import PLATFORM, Actor
from dianchi.kernel.errors import NotFound, NotPermitted, Refusal, RuleBroken, TryLater
from dianchi.kernel.law.articles import default, spec27, yn
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import SHANGHAI

NOT_YOURS = Refusal(
    "supply.not-the-provider",
    Text("只有数据提供单位可以供数", "Only the data provider supplies"),
    spec27(21),
    Text("请由数据提供单位办理", "Let the provider do it"),
)
NOT_OPEN = Refusal(
    "supply.another-file-received",
    Text("本次供数已接收过另一份文件", "Another file was received for this load already"),
    yn(3),
    Text("请重新发起供数", "Open a new load"),
)
NO_CONTRACT = Refusal(
    "supply.no-contract",
    Text("资源目录缺少数据契约，无法接收", "The catalogue item has no data contract"),
    default(),
    Text("请数据提供单位在目录中补充数据契约", "Let the provider add it to the catalogue item"),
)
NO_REFERENCE = Refusal(
    "supply.reference-not-in-service",
    Text("数据契约引用的资源尚未在用", "A resource that the contract refers to is not in service"),
    default(),
    Text("请先为被引用的资源供数并核验", "Supply and verify the resource referred to first"),
)
NOT_YOURS_TO_READ = Refusal(
    "supply.quarantine-not-yours",
    Text("隔离行的原文只供数据提供单位查看", "Only the provider may read the rows set aside"),
    spec27(21),
    Text("请查看回执中的规则计数", "See the counts by rule on the receipt"),
)
DRIFTED = Refusal(
    "supply.drifted",
    Text(
        "文件与数据契约整体不符：{columns}；未入库",
        "The file departs from the data contract as a whole: {columns}; nothing was loaded",
    ),
    default(),
    Text("请核对数据，或先变更目录中的数据契约", "Check the data, or change the contract in the catalogue first"),
)
FORGOTTEN = Refusal(
    "supply.quarantine-forgotten",
    Text("隔离行已过保存期，原文已清除", "The rows set aside were kept long enough; their text is deleted"),
    default(),
    Text("请在数据源处查找", "Look for them at the source"),
)
CHANGED = Refusal(
    "supply.file-changed",
    Text("读取期间文件被改动，未入库", "The file was changed while it was read; nothing was loaded"),
    default(),
    Text("请待文件写完后重新供数", "Send it again once it is complete"),
)
_BLOCK = 1 << 20
_BETWEEN = "\n"  # no name of a rule spans lines


Progress = Callable[[int], None]  # told the rows that were judged so far


def receive(
    supply_code: str,
    path: Path,
    *,
    by: Actor,
    at: datetime,
    source_name: str = "",
    channel: str = "command",
    progress: Progress | None = None,
) -> Done:
    """Read the file under the resource's contract, set aside what breaks it, commit the rest, receipt all.

    The lake commits whole or not at all and knows a batch by file and contract, so a load that died may be run again;
    the same file sent again to the same load answers with the receipt that stands.
    """
    case = get_case("supply", supply_code, by)
    if case.opened_for != by.organisation:
        raise RuleBroken(NOT_YOURS)
    sm3, sha256, size = _digests(path)
    if case.state != "opened":
        if case.sm3 != sm3:
            raise RuleBroken(NOT_OPEN)
        return Done(case, -1, {})
    # What may not be here is refused before its first row is read, not after the lake holds it.
    if reasons := refusals("supply", "receive", by=PLATFORM, at=at, case=case):
        raise RuleBroken(*reasons)
    if not case.item.contract:
        raise RuleBroken(NO_CONTRACT)
    base = _base(case)
    batch = f"{case.item.code}-{sm3[:16]}-{canonical.sm3(case.item.contract)[:8]}"
    if base is not None:  # the same rows on top of other rows are another load
        batch += f"-{base.snapshot[-8:]}"
    coming = _Coming(case.code, case.item, from_dict(case.item.contract), path, batch, sm3, base)
    findings, shapes, snapshot = _load(coming, at, progress or (lambda rows: None))
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
        "shapes": shapes,
        "channel": channel,
        "onto": base.snapshot if base else "",
    }
    done = perform("supply", "receive", by=PLATFORM, at=at, code=case.code, inputs=receipt)
    follow(done.case, at)
    return done


def follow(load: Any, at: datetime) -> None:
    """A ticket for what the scan found, or the open one checked again with the newer load."""
    failed = {r["rule"]: r["failed"] for r in load.rule_results}
    ticket = of_scan(load.item.code)
    if ticket is not None:
        now = {name: failed.get(name, 0) for name in ticket.rules}
        inputs = {"rechecked_load": load.code, "rechecked": now}
        perform("quality", "recheck", by=PLATFORM, at=at, code=ticket.code, inputs=inputs)
        return
    broken = sum(failed.values())
    if not broken or broken < float(str(value("quality.ticket-share", load.region))) * load.rows_received:
        return
    worst = sorted(failed.items(), key=lambda item: -item[1])[:5]
    said = "；".join(f"{name}：{n} 行" for name, n in worst)
    perform("quality", "find", by=PLATFORM, at=at, inputs={
        "title": f"供数扫描发现 {len(failed)} 条规则有不符行"[:200], "item": load.item.code, "load": load.code, "rules": failed,
        "description": f"收到 {load.rows_received} 行，其中隔离 {load.rows_quarantined} 行。不符最多的规则：{said}。",
    })  # fmt: skip


def quarantined(supply_code: str, *, by: Actor) -> pa.Table:
    """The rows of a load that were set aside, with their numbers, the rules they break and their text."""
    case = get_case("supply", supply_code, by)
    if case.opened_for != by.organisation:
        raise NotPermitted(NOT_YOURS_TO_READ)
    if case.forgotten_at is not None:
        raise NotFound(FORGOTTEN)
    if not case.rows_quarantined:
        return quality.QUARANTINE.empty_table()
    stored = lake().read(apart(case.item.code, case.code))
    names = pc.split_pattern(stored.column("rules"), _BETWEEN)
    return pa.table([stored.column("row"), names, stored.column("raw")], names=stored.column_names)


@dataclass(frozen=True)
class _Coming:
    """A file that is to be loaded, and the load whose rows it joins, if any."""

    code: str  # of the load
    item: Any
    contract: quality.Contract
    path: Path
    batch: str
    sm3: str
    base: Any


def _base(case: Any) -> Any:
    """The load on top of whose rows this one comes: the one that it corrects, or the one in service if it only adds."""
    if case.corrects_id:
        return case.corrects
    return current(case.item.code) if case.added else None


def _load(coming: _Coming, at: datetime, progress: Progress) -> tuple[quality.Findings, dict[str, Any], Any]:
    contract, item, base = coming.contract, coming.item, coming.base
    proposal = intake.sniff(coming.path, contract)
    drifts = intake.drift(coming.path, proposal, contract)
    if changed := [d.column for d in drifts if d.promised]:  # missing and unexpected columns are named by the inspector
        raise RuleBroken(DRIFTED.saying(columns="、".join(changed)))
    inspector, verdicts = intake.load(
        coming.path,
        contract,
        proposal,
        references=_references(contract),
        before=_before(item, at),
        earlier=_keys(item, contract, base) if base else None,
    )
    set_aside: list[pa.Table] = []

    def accepted() -> Iterator[pa.RecordBatch]:
        done = 0
        for verdict in verdicts:
            set_aside.append(verdict.quarantined)
            done += verdict.accepted.num_rows + verdict.quarantined.num_rows
            progress(done)
            yield from verdict.accepted.to_batches()
        if _digests(coming.path)[0] != coming.sm3:  # the receipt must be of what was read: nothing is published yet
            raise TryLater(CHANGED)

    rows = accepted()
    snapshot = lake().commit(
        item.code,
        rows,
        contract.schema(),
        batch_id=coming.batch,
        at=at,
        subject_column=item.subject_column or None,
        mode="replace",
        onto=int(base.snapshot) if base else None,
    )
    for _ in rows:  # a batch that was committed before is judged again for its receipt
        pass
    if any(table.num_rows for table in set_aside):
        rest = _flat(pa.concat_tables(set_aside))
        lake().commit(apart(item.code, coming.code), rest, rest.schema, batch_id=coming.batch, at=at, mode="replace")
    return inspector.findings(), inspector.shapes(), snapshot


def _before(item: Any, at: datetime) -> quality.Before:
    """What the load in service was like, to see what moved."""
    load = current(item.code)
    today = at.astimezone(SHANGHAI).date()
    return quality.Before(today, load.rows_accepted, load.shapes) if load else quality.Before(today)


def _keys(item: Any, contract: quality.Contract, base: Any) -> dict[str, pa.Table]:
    """The keys that rows in the lake have taken, by unique rule."""
    unique = [r for r in contract.all_rules if r.kind is Kind.UNIQUE]
    return {r.name: lake().read(item.code, int(base.snapshot), r.columns) for r in unique}


def forget(load: Any, at: datetime) -> None:
    """Delete the text of a load's rows set aside, whose time is over; the counts and rules stay."""
    code = apart(load.item.code, load.code)
    if code in lake().resources():
        lake().destroy(code, at)
    perform("supply", "forget", by=PLATFORM, at=at, code=load.code)


def _flat(set_aside: pa.Table) -> pa.Table:
    """Rows set aside as the lake stores them: the names of the rules in one text."""
    rules = pc.binary_join(set_aside.column("rules"), _BETWEEN)
    return pa.table({"row": set_aside.column("row"), "rules": rules, "raw": set_aside.column("raw")})


def apart(item_code: str, load_code: str) -> str:
    """Where the lake keeps what a load set aside, under a key of its own, so that it can be destroyed alone."""
    return f"{item_code}-quarantine-{load_code}"


def _references(contract: quality.Contract) -> dict[str, pa.Table]:
    """The columns of other resources, as they are in service, that the contract's rules refer to."""
    wanted: dict[str, set[str]] = {}
    for rule in contract.all_rules:
        if rule.kind is Kind.REFERENCE and rule.arguments["resource"] != SELF:
            wanted.setdefault(str(rule.arguments["resource"]), set()).add(str(rule.arguments["to"]))
    tables = {}
    for code, columns in wanted.items():
        load = current(code)
        if load is None:
            raise RuleBroken(NO_REFERENCE)
        tables[code] = lake().read(code, int(load.snapshot), sorted(columns))
    return tables


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
