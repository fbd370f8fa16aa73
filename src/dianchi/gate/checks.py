"""The twelve checks of an egress request, made by machine on the sealed result; what needs a person is said so.

Every point is a verdict with counts as evidence and never a value (dossier C.13). The subjects behind each cell are
counted anew, not taken from the guard's word: rows are hashed by subject under several keys, and the greatest number
of distinct hashes is a lower bound that only an improbable collision keeps below the true one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import types

from dianchi.chapters.operation.egress import queries as egress
from dianchi.chapters.operation.egress.models import Egress
from dianchi.chapters.operation.requests.facts import standing
from dianchi.chapters.operation.requests.lifecycle import REQUEST, Facts
from dianchi.chapters.resources.catalogue.queries import item
from dianchi.engines.disclosure import (
    DerivableTotals,
    Evidence,
    Identifiers,
    MinimumSubjects,
    Outcome,
    Similarity,
    Verdict,
)
from dianchi.engines.guard.sketches import levels_of
from dianchi.engines.runner import Limits, Statement
from dianchi.engines.runner import run as run_walled
from dianchi.foundation.answers import store as answers
from dianchi.gate import development
from dianchi.gate.store import lake
from dianchi.kernel.purposes import Purpose
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day

PASS, FAIL, HUMAN = "pass", "fail", "human"
SECRETS = 5  # hash keys under which subjects are counted
LEAST_COLUMNS = 2  # shared columns that make a row of the source


@dataclass(frozen=True)
class Point:
    """One finding."""

    verdict: str
    says: Text
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """All that the points look at."""

    case: Egress
    table: pa.Table
    what: development.Ready
    items: list[Any]
    at: datetime

    @property
    def figures(self) -> tuple[str, ...]:
        """Columns that are numbers."""
        kinds = {f.name: f.type for f in self.table.schema}
        return tuple(n for n, k in kinds.items() if types.is_integer(k) or types.is_floating(k) or types.is_decimal(k))

    @property
    def labels(self) -> tuple[str, ...]:
        """Columns that are not."""
        return tuple(n for n in self.table.column_names if n not in self.figures)


def check(case: Egress, table: pa.Table, what: development.Ready, at: datetime) -> list[dict[str, Any]]:
    """The twelve points in their order, as the case keeps them."""
    items = [found for code in case.resources if (found := item(code)) is not None]
    given = Checked(case, table, what, items, at)
    made = [
        _scope(given), _similarity(given), _irreversible(given), _grades(given), _personal(given), _subjects(given),
        _linkage(given), _trade_secret(given), _norm(given), _form(given), _lineage(given), _purpose(given),
    ]  # fmt: skip
    return [
        {"number": n, "verdict": p.verdict, "zh": str(p.says), "en": p.says.en, "counts": p.counts}
        for n, p in enumerate(made, 1)
    ]


def _of(outcomes: list[Outcome], otherwise: Text) -> Point:
    """One point of several checks: it fails if one does, and tells what each found."""
    if not outcomes:
        return Point(PASS, otherwise)
    failed = [o for o in outcomes if o.verdict is Verdict.FAIL]
    told = failed or outcomes
    counts = {name: n for o in told for name, n in o.counts.items()}
    return Point(FAIL if failed else PASS, told[0].message, counts)


def _scope(given: Checked) -> Point:
    request = given.case.run.program.request
    facts = standing(Facts(), request.contract, request.purpose, request.tables, request.ends_on, given.at)
    reasons = [r for guard in REQUEST.act("provision").provided for r in guard.reasons(facts)]
    if reasons:
        return Point(FAIL, reasons[0].message, {"reasons": len(reasons)})
    says = Text(
        "资源、期限和用途均在协议与场景之内。", "Resources, term and purpose lie within agreement and scenario."
    )
    return Point(PASS, says, {"resources": len(given.items)})


def _similarity(given: Checked) -> Point:
    found = []
    for code, renamed in _shared(given).items():
        if len(renamed) >= LEAST_COLUMNS:
            source = lake().read(code, int(given.what.data.snapshots[code]), sorted(set(renamed.values())))
            evidence = Evidence(source=source, renamed=renamed)
            found.append(Similarity(least_columns=LEAST_COLUMNS, most=Decimal(0))(given.table, evidence))
    return _of(found, Text("输出中没有构成来源行的字段组合。", "No columns of the output make up a row of a source."))


def _shared(given: Checked) -> dict[str, dict[str, str]]:
    """For each resource of which single rows may show, the output's columns that are columns of it.

    What leaves in groups over the threshold shows no row: its keys stand in the source, but in many rows.
    """
    grouped = {f.table for f in given.what.plan.footprints}
    shared: dict[str, dict[str, str]] = {}
    for column in given.what.plan.columns:
        table, _, source = column.sources[0].partition(".") if len(column.sources) == 1 else ("", "", "")
        if not table or table in grouped:
            continue
        code = given.what.data.codes.get(table)
        if code in given.case.resources and source and not given.what.data.grant.tables[table].own:
            shared.setdefault(str(code), {})[column.name] = source
    return shared


def _irreversible(given: Checked) -> Point:
    protected = [f.table for f in given.what.plan.footprints]
    if not protected:
        says = Text("未使用受保护的数据，无从还原个体。", "No protected data were used; there is nobody to restore.")
        return Point(PASS, says)
    found = []
    labels, figures = given.labels, given.figures
    if given.case.run.suppressed and 2 <= len(labels) <= 3 and figures:
        totals = DerivableTotals(figures[0], labels, min(t.min_subjects for t in given.what.data.grant.tables.values()))
        found.append(totals(given.table, Evidence()))
    says = Text("受保护字段仅以达到门槛的汇总值输出，且已与此前全部答复比对，不能相减还原。",
                "Protected columns leave only as aggregates over the threshold, compared with all earlier answers.")  # fmt: skip
    return _of(found, says)


def _grades(given: Checked) -> Point:
    grades = [i.grade for i in given.items]
    counts = {"core": grades.count("CORE"), "important": grades.count("IMPORTANT"), "resources": len(grades)}
    if counts["core"] or not all(grades):
        return Point(FAIL, Text("含核心数据或未定级的数据。", "It rests on core or ungraded data."), counts)
    if counts["important"]:
        says = Text(
            "含重要数据，须核实处理后已降为一般数据。", "It rests on important data: verify that the output is general."
        )
        return Point(HUMAN, says, counts)
    return Point(PASS, Text("来源均为一般数据。", "All sources are general data."), counts)


def _personal(given: Checked) -> Point:
    amounts = tuple(c.name for c in given.what.plan.columns if c.name in given.figures and c.declassified_by)
    outcome = Identifiers(local_day(given.at), amounts=amounts)(given.table, Evidence())
    if outcome.verdict is Verdict.FAIL:
        return _of([outcome], Text("", ""))
    masked = [c.name for c in given.what.plan.columns if any(by.startswith("mask") for by in c.declassified_by)]
    if masked:
        says = Text("未发现号码，但有掩码后的个人信息字段，须核实处理依据。",
                    "No identifier was found, but masked personal columns leave: verify their basis.")  # fmt: skip
        return Point(HUMAN, says, {"masked_columns": len(masked)})
    return _of([outcome], Text("", ""))


def _subjects(given: Checked) -> Point:
    found = []
    for table, bounds in _lower_bounds(given):
        least = given.what.data.grant.tables[table].min_subjects
        cells = pa.table({"cell": pa.array(range(len(bounds)))})
        found.append(MinimumSubjects(least)(cells, Evidence(subjects=pa.array(bounds, pa.int64()))))
    return _of(
        found, Text("未使用受保护的数据，不适用分组门槛。", "No protected data were used; no threshold applies.")
    )


def _lower_bounds(given: Checked) -> Iterator[tuple[str, list[int]]]:
    """For each protected table the least number of subjects behind each released cell, by distinct hashes."""
    plan, run = given.what.plan, given.case.run
    bound = development.bound_values(run, given.what)
    secrets = [(answers.secret() + n * 7919) % (1 << 61) for n in range(SECRETS)]
    asked = [Statement(f.sql, {**bound, "secret": s}) for f in plan.footprints for s in secrets]
    if not asked:
        return
    tables = run_walled(asked, given.what.needed, Limits(seconds=600, rows=5_000_000)).tables
    for place, footprint in enumerate(plan.footprints):
        best: dict[Any, int] = {}
        for table in tables[place * SECRETS : (place + 1) * SECRETS]:
            cells = levels_of(footprint.table, table, footprint.keys)[0]
            for key, sketch in zip(cells.keys, cells.alone if cells.alone is not None else (), strict=False):
                if key[0] != "sum":
                    best[key] = max(best.get(key, 0), int(np.count_nonzero(sketch)))
        yield footprint.table, list(best.values())


def _linkage(given: Checked) -> Point:
    others = egress.earlier(given.case, given.at)
    mine = set(given.table.column_names)
    sharing = [other for other in others if mine & set(other.run.columns)]
    counts = {"earlier": len(others), "sharing_columns": len(sharing)}
    if not others:
        return Point(PASS, Text("同一机构及其关联方没有来自相同资源的已出域结果。",
                                "The party and its affiliates have no earlier output from these resources."), counts)  # fmt: skip
    says = Text("同一机构及其关联方已有来自相同资源的出域结果，请并列比对。",
                "The party or its affiliates have earlier outputs from these resources: compare them side by side.")  # fmt: skip
    return Point(HUMAN, says, counts)


def _trade_secret(given: Checked) -> Point:
    about = [i for i in given.items if i.subject_type not in ("", "person")]
    if not about:
        return Point(PASS, Text("来源不涉及企业等主体的经营信息。", "No source is about enterprises."))
    says = Text("来源涉及企业等主体，已作占比检查，须核实不泄露商业秘密。",
                "A source is about enterprises: shares were checked; verify that no trade secret leaves.")  # fmt: skip
    return Point(HUMAN, says, {"resources": len(about)})


def _norm(given: Checked) -> Point:
    says = Text("请核对内容说明与结果字段是否一致，业务资质是否齐备。",
                "Compare the description with the columns, and see that licences are there.")  # fmt: skip
    return Point(HUMAN, says, {"columns": given.table.num_columns, "licence": int(bool(given.case.licence))})


def _form(given: Checked) -> Point:
    rows_show = bool(_shared(given)) and not given.what.plan.footprints
    if given.case.form in ("statistics", "report") and not rows_show:
        return Point(PASS, Text("以统计结果形式输出，符合约定。", "It leaves as statistics, as agreed."))
    says = Text("请对照开发利用协议核实交付形式。", "Compare the form with the development agreement.")
    return Point(HUMAN, says, {"columns": given.table.num_columns})


def _lineage(given: Checked) -> Point:
    run = given.case.run
    links = [run.program_digest, run.policy_digest, run.plan_digest, run.result_digest, *run.snapshots.values()]
    if not all(links):
        return Point(FAIL, Text("来源链不完整。", "The lineage is not complete."), {"links": len(links)})
    says = Text("来源链完整，交付时逐份加注接收方标识。",
                "The lineage is complete; each delivered copy is marked for its recipient.")  # fmt: skip
    return Point(PASS, says, {"links": len(links)})


def _purpose(given: Checked) -> Point:
    purpose = Purpose(given.case.purpose)
    rule = Text("应当免费提供", "it is free of charge") if purpose.free else Text("可依规收费", "a fee may be charged")
    says = Text("用途为{purpose}，{rule}。", "The purpose is {purpose}; {rule}.")
    return Point(PASS, says.format(purpose=purpose.label, rule=rule))
