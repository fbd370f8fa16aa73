"""Suppressed cells that the totals give away are found, and secondary suppression closes them."""

from __future__ import annotations

from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dianchi.engines.disclosure import DerivableTotals, Verdict, check
from dianchi.engines.disclosure.totals import TOTAL, complete, derivable


def table(rows, *dimensions):
    columns = list(zip(*rows, strict=True))
    return pa.table({**dict(zip(dimensions, columns, strict=False)), "n": pa.array(columns[-1], pa.int64())})


def found(output, *dimensions, **options):
    (outcome,) = check(output, [DerivableTotals("n", dimensions, **options)]).outcomes
    return outcome


def test_one_suppressed_cell_beside_a_total_is_given_away():
    output = table([("a", 20), ("b", None), (None, 23)], "area")
    assert (found(output, "area").verdict, found(output, "area").counts["derivable"]) == (Verdict.FAIL, 1)


def test_an_interval_that_is_too_narrow_is_given_away():
    output = table([("a", 20), ("b", None), ("c", None), (None, 23)], "area")
    assert found(output, "area").counts["derivable"] == 2
    assert found(output, "area", least_width=3).verdict is Verdict.PASS


def test_without_totals_nothing_can_be_worked_out():
    assert found(table([("a", 20), ("b", None)], "area"), "area").verdict is Verdict.PASS


def test_absent_combinations_are_suppressed_cells():
    rows = [("a", "m", 30), ("a", None, 33), ("b", "m", 10), ("b", "f", 40), ("b", None, 50)]
    assert found(table(rows, "area", "sex"), "area", "sex").counts == {"cells": 6, "suppressed": 1, "derivable": 1}


def test_a_square_of_suppressed_cells_hides_but_a_chain_does_not():
    def crossed(*hidden):
        grid = {(a, s): Fraction(20) for a in "abc" for s in "xyz"}
        for a in "abc":
            grid[(a, TOTAL)] = Fraction(60)
            grid[(TOTAL, {"a": "x", "b": "y", "c": "z"}[a])] = Fraction(60)
        grid[(TOTAL, TOTAL)] = Fraction(180)
        return {cell: None if cell in hidden else amount for cell, amount in grid.items()}

    assert derivable(crossed(("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")), 5) == set()
    chain = [("a", "x"), ("a", "y"), ("b", "y")]
    assert derivable(crossed(*chain), 5) == set(chain)


def test_three_dimensions():
    grid = {(a, b, c): Fraction(20) for a in "pq" for b in "xy" for c in "mn"}
    grid |= {(a, b, TOTAL): Fraction(40) for a in "pq" for b in "xy"}
    grid[("p", "x", "m")] = None
    assert derivable(grid) == {("p", "x", "m")}
    assert complete(grid, {("p", "x", "m")}) == {("p", "x", "n")}


def test_too_large_a_table_has_failed():
    rows = [(str(n), None) for n in range(500)] + [(None, 7)]
    assert found(table(rows, "area"), "area").counts == {"missing_evidence": 1}


cells = st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=3, max_size=3)


@settings(max_examples=40, deadline=None)
@given(cells, st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=5))
def test_what_is_called_derivable_is_the_true_amount_and_completion_closes_it(rows, hidden):
    truth = {(a, b): Fraction(rows[a][b]) for a in range(3) for b in range(3)}
    truth |= {(a, TOTAL): Fraction(sum(rows[a])) for a in range(3)}
    truth |= {(TOTAL, b): Fraction(sum(rows[a][b] for a in range(3))) for b in range(3)}
    truth[(TOTAL, TOTAL)] = Fraction(sum(map(sum, rows)))
    grid = {cell: None if cell in hidden else amount for cell, amount in truth.items()}
    determined = derivable(grid, 0)
    # another table of the same totals that differs in a cell shows that the cell is not determined
    for a, b, c, d in ((0, 0, 1, 1), (0, 1, 1, 2), (0, 0, 2, 2), (1, 1, 2, 2), (0, 0, 1, 2), (1, 0, 2, 1)):
        square = {(a, b): 1, (a, d): -1, (c, b): -1, (c, d): 1}
        if set(square) <= hidden and all(truth[cell] >= 1 for cell in square):
            assert not determined & set(square)
    more = complete(grid, hidden, 3)
    closed = {cell: None if cell in hidden | more else amount for cell, amount in truth.items()}
    assume(any(amount is not None for amount in closed.values()))
    assert not derivable(closed, 3) & hidden


@pytest.mark.parametrize("hidden", [0, 1])
def test_completion_takes_nothing_where_nothing_is_open(hidden):
    grid = {("a",): Fraction(20), ("b",): Fraction(30), (TOTAL,): Fraction(50)}
    assert complete(grid, set(list(grid)[:hidden])) == ({("b",)} if hidden else set())
