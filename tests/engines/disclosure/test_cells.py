"""Thresholds, dominance and zeros: verdicts at and beside their limits, counts as evidence, no values."""

from __future__ import annotations

import json
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dianchi.engines.disclosure import (
    Contributions,
    Dominance,
    Evidence,
    MinimumSubjects,
    PPercent,
    Verdict,
    Zeros,
    check,
)


def only(output, rule, evidence=None):
    (outcome,) = check(output, [rule], evidence).outcomes
    return outcome


@pytest.mark.parametrize(("least", "verdict", "small"), [(5, "PASS", 0), (4, "FAIL", 1), (None, "FAIL", 1)])
def test_every_row_needs_its_subjects(least, verdict, small):
    found = only(pa.table({"n": [7, 9]}), MinimumSubjects(5), Evidence(subjects=pa.array([9, least])))
    assert (found.verdict, found.counts["small_rows"], found.parameters["k"]) == (verdict, small, "5")


def contributed(total, *largest):
    return Evidence(contributions={"cost": Contributions(pa.array(total), tuple(map(pa.array, largest)))})


@pytest.mark.parametrize(
    ("rule", "total", "largest", "verdict"),
    [
        (Dominance("cost"), [100], ([85],), "PASS"),
        (Dominance("cost"), [100], ([86],), "FAIL"),
        (Dominance("cost", n=2, share=Decimal("0.9")), [100], ([50], [41]), "FAIL"),
        (Dominance("cost", n=2, share=Decimal("0.9")), [100], ([50], [40]), "PASS"),
        (Dominance("cost"), [Decimal("-100.00")], ([Decimal("-86.00")],), "FAIL"),
        (Dominance("cost"), [0], ([0],), "PASS"),
        (PPercent("cost"), [100], ([60], [34]), "PASS"),
        (PPercent("cost"), [100], ([60], [35]), "FAIL"),
        (PPercent("cost", Decimal("0.2")), [100], ([60], [29]), "FAIL"),
    ],
)
def test_nobody_makes_up_a_cell_alone(rule, total, largest, verdict):
    assert only(pa.table({"cost": total}), rule, contributed(total, *largest)).verdict == verdict


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=12))
def test_dominance_agrees_with_its_definition(amounts):
    amounts = sorted(amounts, reverse=True)
    evidence = contributed([sum(amounts)], [amounts[0]], [amounts[1]])
    one = only(pa.table({"cost": [sum(amounts)]}), Dominance("cost"), evidence)
    p = only(pa.table({"cost": [sum(amounts)]}), PPercent("cost"), evidence)
    assert (one.verdict is Verdict.FAIL) == (amounts[0] * 100 > 85 * sum(amounts))
    assert (p.verdict is Verdict.FAIL) == (sum(amounts[2:]) * 10 < amounts[0])


@pytest.mark.parametrize("rule", [MinimumSubjects(), Dominance("cost"), PPercent("cost")])
def test_what_cannot_be_proven_has_failed(rule):
    found = only(pa.table({"cost": [1]}), rule)
    assert found.verdict is Verdict.FAIL
    assert found.counts == {"missing_evidence": 1}
    short = Evidence(pa.array([9, 9]), {"cost": Contributions(pa.array([1, 2]), (pa.array([1]),))})
    assert only(pa.table({"cost": [1]}), rule, short).verdict is Verdict.FAIL


def crossed(*counts):
    return pa.table({"area": ["a", "a", "b", "b"], "ill": [True, False] * 2, "n": counts})


@pytest.mark.parametrize(
    ("counts", "verdict", "zeros", "full"),
    [((5, 6, 7, 8), "PASS", 0, 0), ((5, 0, 7, 8), "FAIL", 1, 2), ((0, 0, 7, 8), "FAIL", 2, 2)],
)
def test_a_group_wholly_in_one_cell_is_told_on(counts, verdict, zeros, full):
    found = only(crossed(*counts), Zeros("n", ("area", "ill")))
    assert (found.verdict, found.counts["zeros"], found.counts["full_groups"]) == (verdict, zeros, full)


def test_absent_combinations_are_zeros():
    table = crossed(5, 6, 7, 8).slice(0, 3)
    assert only(table, Zeros("n", ("area", "ill"))).counts["full_groups"] == 2
    wide = pa.table({"area": list("aabbcc"), "year": [1, 2, 2, 3, 1, 3], "n": [9] * 6})
    assert only(wide, Zeros("n", ("area", "year"))).verdict is Verdict.PASS
    assert only(wide, Zeros("n", ("area", "year"), zeros_allowed=False)).verdict is Verdict.FAIL


def test_a_report_is_plain_and_holds_no_values():
    report = check(
        pa.table({"name": ["张三"], "n": [3]}), [MinimumSubjects(7)], Evidence(subjects=pa.array([3]))
    ).as_record()
    text = json.dumps(report, ensure_ascii=False)
    assert "张三" not in text
    assert report["passed"] is False
    assert report["outcomes"][0]["message"]["en"] == "1 rows rest on fewer than 7 subjects."


def test_nothing_checked_is_not_passed():
    assert not check(pa.table({"n": [1]}), []).passed
