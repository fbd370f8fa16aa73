"""Checks of single cells: how many stand behind each, whether one of them makes it up, whether zeros tell on a group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.disclosure.evidence import Contributions, Evidence
from dianchi.engines.disclosure.report import Outcome, outcome, unproven
from dianchi.kernel.text import Text

_SUBJECTS = Text("每行涉及的主体数", "the number of subjects behind each row")
_AMOUNTS = Text("各主体对数值的贡献", "what subjects contribute to the measure")
_MOST_COMBINATIONS = 200_000


@dataclass(frozen=True)
class MinimumSubjects:
    """Every row rests on at least k distinct subjects (threshold rule)."""

    k: int = 5

    def __call__(self, output: pa.Table, evidence: Evidence) -> Outcome:
        subjects = evidence.subjects
        if subjects is None or len(subjects) != output.num_rows:
            return unproven("minimum-subjects", _SUBJECTS)
        known = [count if count is not None else 0 for count in subjects.to_pylist()]
        small = sum(count < self.k for count in known)
        words = (
            Text("每行均涉及不少于{k}个主体。", "Every row rests on at least {k} subjects."),
            Text("有{small_rows}行涉及的主体少于{k}个。", "{small_rows} rows rest on fewer than {k} subjects."),
        )
        counts = {"rows": len(known), "small_rows": small}
        return outcome("minimum-subjects", failed=small > 0, words=words, parameters={"k": self.k}, counts=counts)


@dataclass(frozen=True)
class Dominance:
    """The n greatest subjects of a cell hold no more than a share of it ((n,k) rule)."""

    measure: str
    n: int = 1
    share: Decimal = Decimal("0.85")

    def __call__(self, output: pa.Table, evidence: Evidence) -> Outcome:
        given = evidence.contributions.get(self.measure)
        if given is None or not _fits(given, output, self.n):
            return unproven("dominance", _AMOUNTS)
        dominated = sum(sum(largest) > self.share * total for total, largest in _amounts(given, self.n))
        words = (
            Text("各单元格均未被前{n}大主体主导。", "No cell is dominated by its {n} greatest subjects."),
            Text(
                "有{dominated}个单元格被前{n}大主体主导。",
                "{dominated} cells are dominated by their {n} greatest subjects.",
            ),
        )
        parameters = {"measure": self.measure, "n": self.n, "share": self.share}
        counts = {"cells": output.num_rows, "dominated": dominated}
        return outcome("dominance", failed=dominated > 0, words=words, parameters=parameters, counts=counts)


@dataclass(frozen=True)
class PPercent:
    """The second greatest subject cannot estimate the greatest to within p of its amount (p% rule)."""

    measure: str
    p: Decimal = Decimal("0.10")

    def __call__(self, output: pa.Table, evidence: Evidence) -> Outcome:
        given = evidence.contributions.get(self.measure)
        if given is None or not _fits(given, output, 2):
            return unproven("p-percent", _AMOUNTS)
        open_cells = sum(
            total - first - second < self.p * first for total, (first, second) in _amounts(given, 2) if first
        )
        words = (
            Text("各单元格均满足百分比规则。", "Every cell keeps the p% rule."),
            Text(
                "有{estimable}个单元格可被推算出最大主体的数值。",
                "In {estimable} cells the greatest amount can be estimated.",
            ),
        )
        parameters = {"measure": self.measure, "p": self.p}
        counts = {"cells": output.num_rows, "estimable": open_cells}
        return outcome("p-percent", failed=open_cells > 0, words=words, parameters=parameters, counts=counts)


@dataclass(frozen=True)
class Zeros:
    """In a table of counts no group lies wholly in one cell, for that tells the attribute of everybody in it.

    A group is what all dimensions but one fix. Combinations that are absent count as zero. With `zeros_allowed` off
    any zero fails.
    """

    count: str
    dimensions: tuple[str, ...]
    zeros_allowed: bool = True

    def __call__(self, output: pa.Table, evidence: Evidence) -> Outcome:
        keys = list(zip(*(output[name].to_pylist() for name in self.dimensions), strict=True))
        counted = dict(zip(keys, (int(n or 0) for n in output[self.count].to_pylist()), strict=True))
        values = [sorted({key[i] for key in keys}, key=repr) for i in range(len(self.dimensions))]
        size = 1
        for each in values:
            size *= len(each)
        if size > _MOST_COMBINATIONS:
            return unproven("zeros", Text("组合数过多，无法逐一检查", "there are too many combinations to check"))
        zeros = sum(not counted.get(key) for key in product(*values))
        full = sum(_full_groups(counted, axis) for axis in range(len(values)) if len(values[axis]) > 1)
        words = (
            Text("零值不泄露任何群体的属性。", "Zeros tell on no group."),
            Text("有{zeros}个零值单元格、{full_groups}个群体全部落在一个单元格内。", "{zeros} cells are zero and {full_groups} groups lie wholly in one cell."),
        )  # fmt: skip
        failed = full > 0 or (zeros > 0 and not self.zeros_allowed)
        parameters = {"count": self.count, "dimensions": self.dimensions, "zeros_allowed": self.zeros_allowed}
        counts = {"cells": size, "zeros": zeros, "full_groups": full}
        return outcome("zeros", failed=failed, words=words, parameters=parameters, counts=counts)


def _full_groups(counted: dict[tuple[object, ...], int], axis: int) -> int:
    inhabited: dict[tuple[object, ...], int] = defaultdict(int)
    for key, count in counted.items():
        inhabited[key[:axis] + key[axis + 1 :]] += count > 0
    return sum(cells == 1 for cells in inhabited.values())


def _fits(given: Contributions, output: pa.Table, n: int) -> bool:
    arrays = (given.total, *given.largest[:n])
    return len(given.largest) >= n and all(len(array) == output.num_rows for array in arrays)


def _amounts(given: Contributions, n: int) -> Iterator[tuple[Decimal, list[Decimal]]]:
    columns = [pc.cast(array, pa.string()).to_pylist() for array in (given.total, *given.largest[:n])]
    for total, *largest in zip(*columns, strict=True):
        yield abs(Decimal(total or 0)), [abs(Decimal(amount or 0)) for amount in largest]
