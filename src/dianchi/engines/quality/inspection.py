"""Rows of text are typed and accepted, or set aside with their text and the names of the rules that they break."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from dianchi.engines.quality.contract import WHOLE, Contract, Dimension, Kind, Severity
from dianchi.engines.quality.keys import Keys
from dianchi.engines.quality.rows import QUARANTINE, ROW, Judge
from dianchi.engines.quality.series import Series
from dianchi.engines.quality.whole import Before, Whole

_SAMPLES = 10


@dataclass(frozen=True)
class RuleResult:
    """How a rule fared: how many rows broke it, and the numbers of the first few."""

    name: str
    columns: tuple[str, ...]
    dimension: Dimension
    severity: Severity
    failed: int
    rows: tuple[int, ...]
    whole: bool = False  # about the load as a whole: failed is 1 or 0


@dataclass(frozen=True)
class Verdict:
    """What became of one chunk of rows."""

    accepted: pa.Table  # typed, columns of the contract
    quarantined: pa.Table  # QUARANTINE: row number, names of the rules, the row's cells as a JSON object


@dataclass(frozen=True)
class Findings:
    """The counts of a whole scan. received = accepted + quarantined, always."""

    received: int
    accepted: int
    quarantined: int
    rule_results: tuple[RuleResult, ...]
    scores: Mapping[Dimension, Decimal]  # 0 to 1, four places; a dimension without a rule has none


@dataclass(frozen=True)
class Inspection:
    """The outcome of a scan over one table, with its rows."""

    received: int
    accepted: pa.Table
    quarantined: pa.Table
    rule_results: tuple[RuleResult, ...]
    scores: Mapping[Dimension, Decimal]

    @property
    def clean(self) -> bool:
        """Whether nothing was set aside."""
        return bool(self.quarantined.num_rows == 0)


class Inspector:
    """Judges a resource chunk by chunk in bounded memory: `prepare` if `looks_ahead`, `judge` each chunk, `findings`.

    A chunk is a table of text columns named as in the file, and ROW, the row numbers. A key must be unique among
    the rows that keep every other quarantining rule; where it is not, all rows that share it are set aside, because
    nobody can say which one is right. Empty text is a missing value. `earlier` holds, by unique rule, the keys that
    are taken by rows of earlier loads.
    """

    def __init__(
        self,
        contract: Contract,
        references: Mapping[str, pa.Table] | None = None,
        before: Before | None = None,
        earlier: Mapping[str, pa.Table] | None = None,
    ) -> None:
        self.contract = contract
        self._whole = Whole(contract, before or Before())
        self._judge = Judge(contract, references or {}, earlier)
        self._keys = Keys(self._judge)
        self._series = Series(contract)
        self._failed = {rule.name: 0 for rule in contract.all_rules}
        self._rows: dict[str, list[int]] = {rule.name: [] for rule in contract.all_rules}
        self._faulty: set[str] = set()
        self._accepted = self._quarantined = 0

    @property
    def looks_ahead(self) -> bool:
        """Whether a rule needs all rows to be seen before the first can be judged."""
        return self._keys.needed

    def prepare(self, chunks: Callable[[], Iterable[pa.Table]]) -> None:
        """Read all chunks once (twice if some key seems to repeat) for what keys and self-references need."""
        self._keys.learn(chunks)

    def judge(self, table: pa.Table, faulty: pa.Table | None = None) -> Verdict:
        """The verdict on a chunk; `faulty` are rows that could not be cut into columns, as QUARANTINE."""
        judged = self._judge.judge(table, self._keys)
        self._series.collect(judged)
        self._whole.collect(judged)
        for name, places in judged.broken().items():
            self._count(name, len(places), places.slice(0, _SAMPLES).to_pylist())
        accepted, quarantined, received = judged.accepted(), judged.quarantined(), table.num_rows
        if faulty is not None and faulty.num_rows:
            received += faulty.num_rows
            quarantined = pa.concat_tables([quarantined, faulty.cast(QUARANTINE)]).sort_by("row")
            self._count_faulty(faulty)
        assert accepted.num_rows + quarantined.num_rows == received
        self._accepted += accepted.num_rows
        self._quarantined += quarantined.num_rows
        return Verdict(accepted, quarantined)

    def findings(self) -> Findings:
        """The counts of everything judged so far."""
        for name, places in self._series.fallen().items():
            self._failed[name], self._rows[name] = len(places), places[:_SAMPLES]
        self._failed.update({name: int(broken) for name, broken in self._whole.broken().items()})
        received = self._accepted + self._quarantined
        results = (
            *(self._result(r.name, r.columns, r.dimension, r.severity, r.kind) for r in self.contract.all_rules),
            *(self._result(n, (), Dimension.NORMATIVE, Severity.QUARANTINE) for n in sorted(self._faulty)),
        )
        return Findings(received, self._accepted, self._quarantined, results, scores(results, received))

    def _count(self, name: str, failed: int, rows: list[int]) -> None:
        self._failed[name] = self._failed.get(name, 0) + failed
        kept = self._rows.setdefault(name, [])
        kept.extend(rows[: _SAMPLES - len(kept)])

    def _count_faulty(self, faulty: pa.Table) -> None:
        for rules, row in zip(*(faulty.column(c).to_pylist() for c in ("rules", "row")), strict=True):
            self._faulty.add(rules[0])
            self._count(rules[0], 1, [row])

    def _result(
        self, name: str, columns: tuple[str, ...], dimension: Dimension, severity: Severity, kind: Kind | None = None
    ) -> RuleResult:
        rows = tuple(self._rows[name])
        return RuleResult(name, columns, dimension, severity, self._failed[name], rows, kind in WHOLE)

    def shapes(self) -> dict[str, dict[str, int]]:
        """How the accepted values spread, of the columns that a distribution rule watches: for the next load."""
        return self._whole.shapes()


def inspect(
    table: pa.Table,
    contract: Contract,
    *,
    faulty: pa.Table | None = None,
    references: Mapping[str, pa.Table] | None = None,
    before: Before | None = None,
) -> Inspection:
    """Judge every row of one table; see Inspector, which does the same for streams."""
    if ROW not in table.column_names:
        table = table.append_column(ROW, pa.array(range(1, table.num_rows + 1), pa.int64()))
    inspector = Inspector(contract, references, before)
    if inspector.looks_ahead:
        inspector.prepare(lambda: [table])
    verdict = inspector.judge(table, faulty)
    found = inspector.findings()
    return Inspection(found.received, verdict.accepted, verdict.quarantined, found.rule_results, found.scores)


def scores(results: tuple[RuleResult, ...], received: int) -> dict[Dimension, Decimal]:
    """Per dimension the mean share of rows that kept its rules."""
    kept: dict[Dimension, list[Decimal]] = {}
    for result in results:
        share = 1 - Decimal(result.failed) / (1 if result.whole else received) if received else Decimal(1)
        kept.setdefault(result.dimension, []).append(share)
    return {d: (sum(shares, Decimal(0)) / len(shares)).quantize(Decimal("0.0001")) for d, shares in kept.items()}
