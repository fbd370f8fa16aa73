"""Whether suppressed cells of a table can be worked out from its totals, and which more to suppress so that they cannot.

A grid has one to three dimensions; a cell is a tuple of categories, `TOTAL` standing for a sum over its dimension.
Every line of cells adds up to its total; suppressed amounts are unknowns of these equations, none of them negative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from dianchi.engines.disclosure.evidence import Evidence
from dianchi.engines.disclosure.report import Outcome, outcome, unproven
from dianchi.kernel.text import Text

TOTAL = None
Cell = tuple[object, ...]
Grid = Mapping[Cell, Fraction | None]  # None: suppressed
Equation = dict[Cell, int]  # cell: +1 part, -1 total

_MOST_CELLS, _MOST_UNKNOWN, _ROUNDS = 20_000, 400, 50


@dataclass(frozen=True)
class DerivableTotals:
    """No suppressed cell of a table with totals can be worked out to within `least_width` of its amount.

    A suppressed cell is a row without an amount, or an absent combination; a total is a row without a category.
    `least_width` is in the measure's units: for counts with threshold k, an interval of k or more is safe.
    """

    measure: str
    dimensions: tuple[str, ...]
    least_width: int = 5

    def __call__(self, output: pa.Table, evidence: Evidence) -> Outcome:
        if not 1 <= len(self.dimensions) <= 3 or output.num_rows > _MOST_CELLS:
            return unproven(
                "derivable-totals", Text("表格维度或单元格过多", "the table has too many dimensions or cells")
            )
        grid = grid_of(output, self.dimensions, self.measure)
        hidden = [cell for cell, amount in grid.items() if amount is None]
        if len(hidden) > _MOST_UNKNOWN:
            return unproven("derivable-totals", Text("被隐去的单元格过多", "too many cells are suppressed"))
        open_cells = derivable(grid, self.least_width)
        words = (
            Text("被隐去的单元格不能由合计推出。", "No suppressed cell can be worked out from the totals."),
            Text("有{derivable}个被隐去的单元格可由合计推出。", "{derivable} suppressed cells can be worked out from the totals."),
        )  # fmt: skip
        parameters = {"measure": self.measure, "dimensions": self.dimensions, "least_width": self.least_width}
        counts = {"cells": len(grid), "suppressed": len(hidden), "derivable": len(open_cells)}
        return outcome("derivable-totals", failed=bool(open_cells), words=words, parameters=parameters, counts=counts)


def grid_of(output: pa.Table, dimensions: tuple[str, ...], measure: str) -> dict[Cell, Fraction | None]:
    """The grid of an output; combinations of its categories that it lacks are suppressed cells."""
    keys = list(zip(*(output[name].to_pylist() for name in dimensions), strict=True))
    amounts = (None if value is None else Fraction(value) for value in output[measure].to_pylist())
    grid: dict[Cell, Fraction | None] = dict(zip(keys, amounts, strict=True))
    categories = [sorted({key[axis] for key in keys} - {TOTAL}, key=repr) for axis in range(len(dimensions))]
    for cell in _all_cells(categories):
        if len(grid) > _MOST_CELLS:
            break
        grid.setdefault(cell, None)
    return grid


def derivable(grid: Grid, least_width: int = 0) -> set[Cell]:
    """The suppressed cells that the equations determine, or hold within an interval narrower than `least_width`."""
    equations = [_reduced(grid, equation) for equation in _equations(grid)]
    unknown = {cell for left, _ in equations for cell in left}
    low: dict[Cell, Fraction] = dict.fromkeys(unknown, Fraction(0))
    high: dict[Cell, Fraction | None] = dict.fromkeys(unknown, None)
    for _ in range(_ROUNDS):
        changes = [_tightened(left, right, low, high) for left, right in equations]
        if not any(changes):
            break
    narrow = {cell for cell in unknown if (top := high[cell]) is not None and top - low[cell] < least_width}
    return narrow | _determined(equations) | {c for c in unknown if high[c] is not None and high[c] == low[c]}


def complete(grid: Grid, primary: Set[Cell], least_width: int = 5) -> set[Cell]:
    """The cells to suppress besides the primary ones so that none of those can be worked out: smallest first.

    Totals go last. Where no cell is left to take, what is still open stays so: see `derivable` on the result.
    """
    current: dict[Cell, Fraction | None] = {c: (None if c in primary else a) for c, a in grid.items()}
    added: set[Cell] = set()
    while open_cells := derivable(current, least_width) & set(primary):
        target = min(open_cells, key=repr)
        lines = _equations(current)
        near = {c for line in lines if target in line for c in line if current[c] is not None}
        candidates = near or {c for line in lines for c in line if current[c] is not None}
        if not candidates:
            break
        chosen = min(candidates, key=lambda c: (sum(part is TOTAL for part in c), current[c] or Fraction(0), repr(c)))
        current[chosen] = None
        added.add(chosen)
    return added


def _all_cells(categories: list[list[object]]) -> Iterator[Cell]:
    cells: list[Cell] = [()]
    for each in categories:
        cells = [(*cell, category) for cell in cells for category in each]
        if len(cells) > _MOST_CELLS:
            return iter(())
    return iter(cells)


def _equations(grid: Grid) -> list[Equation]:
    """One equation for each total whose parts along one dimension are all in the grid."""
    dimensions = len(next(iter(grid))) if grid else 0
    found = []
    for axis in range(dimensions):
        lines: dict[Cell, list[Cell]] = {}
        for cell in grid:
            if cell[axis] is not TOTAL:
                lines.setdefault((*cell[:axis], TOTAL, *cell[axis + 1 :]), []).append(cell)
        found += [dict.fromkeys(parts, 1) | {total: -1} for total, parts in lines.items() if total in grid]
    return found


def _reduced(grid: Grid, equation: Equation) -> tuple[Equation, Fraction]:
    """The equation with its unknowns on the left and one number on the right."""
    left = {cell: sign for cell, sign in equation.items() if grid[cell] is None}
    known = sum((grid[cell] or Fraction(0)) * sign for cell, sign in equation.items())
    return left, -Fraction(known)


def _tightened(left: Equation, right: Fraction, low: dict[Cell, Fraction], high: dict[Cell, Fraction | None]) -> bool:
    """Narrow each unknown by what the others can be at most and at least; whether anything changed."""
    changed = False
    for cell, sign in left.items():
        others = [(s * sign, c) for c, s in left.items() if c != cell]
        least, most = _span(others, low, high)
        value = right * sign
        if most is not None and value - most > low[cell]:
            low[cell], changed = value - most, True
        top = high[cell]
        if least is not None and (top is None or value - least < top):
            high[cell], changed = value - least, True
    return changed


def _span(
    terms: list[tuple[int, Cell]], low: dict[Cell, Fraction], high: dict[Cell, Fraction | None]
) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest that a sum of unknowns can be; None for without bound."""
    least: Fraction | None = Fraction(0)
    most: Fraction | None = Fraction(0)
    for sign, cell in terms:
        small, large = (low[cell], high[cell]) if sign > 0 else (high[cell], low[cell])
        least = None if least is None or small is None else least + sign * small
        most = None if most is None or large is None else most + sign * large
    return least, most


def _determined(equations: list[tuple[Equation, Fraction]]) -> set[Cell]:
    """The unknowns that elimination leaves alone in a row."""
    rows = [{cell: Fraction(sign) for cell, sign in left.items()} for left, _ in equations if left]
    pivots: dict[Cell, dict[Cell, Fraction]] = {}
    for row in rows:
        _subtract_pivots(row, pivots)
        if not row:
            continue
        pivot = next(iter(row))
        scale = row[pivot]
        pivots[pivot] = {cell: amount / scale for cell, amount in row.items()}
        for other, reduced in pivots.items():
            if other != pivot and pivot in reduced:
                _subtract(reduced, pivots[pivot], reduced[pivot])
    return {pivot for pivot, row in pivots.items() if len(row) == 1}


def _subtract_pivots(row: dict[Cell, Fraction], pivots: Mapping[Cell, dict[Cell, Fraction]]) -> None:
    for cell in [cell for cell in row if cell in pivots]:
        if cell in row:
            _subtract(row, pivots[cell], row[cell])


def _subtract(row: dict[Cell, Fraction], other: Mapping[Cell, Fraction], times: Fraction) -> None:
    for cell, amount in other.items():
        left = row.get(cell, Fraction(0)) - times * amount
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)
