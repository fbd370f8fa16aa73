"""Copies, near copies and linked rows are counted whatever the types, orders and nulls."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from dianchi.engines.disclosure import Evidence, Similarity, Verdict, check

SOURCE = pa.table({"name": ["王", "李", "赵", "赵"], "age": [31, 42, 53, 53], "city": ["昆明", "大理", None, None]})


def counts(output, rule=None, **evidence):
    (outcome,) = check(output, [rule or Similarity()], Evidence(source=SOURCE, **evidence)).outcomes
    return outcome.verdict, outcome.counts["copies"], outcome.counts["near_copies"], outcome.counts["linked"]


def test_copies_are_found_through_order_type_and_nulls():
    output = pa.table({"city": [" 昆明", None], "age": ["31", "53"], "name": ["王", "赵"]})
    assert counts(output) == (Verdict.FAIL, 2, 0, 0)


def test_a_row_changed_in_one_column_is_a_near_copy():
    output = pa.table({"name": ["王某", "x"], "age": [31, 1], "city": ["昆明", "y"]})
    assert counts(output) == (Verdict.FAIL, 0, 1, 0)


def test_renamed_columns_are_compared():
    output = pa.table({"n": ["李"], "a": [42]})
    assert counts(output)[0] is Verdict.PASS
    assert counts(output, renamed={"n": "name", "a": "age"}) == (Verdict.FAIL, 1, 0, 0)


def test_a_key_that_one_row_alone_has_leads_back_to_it():
    output = pa.table({"name": ["王", "赵"], "average": [1.5, 2.5]})
    assert counts(output, Similarity(keys=("name",))) == (Verdict.FAIL, 0, 0, 1)


def test_groups_over_one_shared_column_are_no_rows():
    assert counts(pa.table({"city": ["昆明", "大理"], "n": [10, 20]})) == (Verdict.PASS, 0, 0, 0)


@pytest.mark.parametrize(("most", "verdict"), [("0.5", "PASS"), ("0.4", "FAIL")])
def test_a_share_may_be_allowed(most, verdict):
    output = pa.table({"name": ["王", "钱"], "age": [31, 99], "city": ["昆明", "丽江"]})
    assert counts(output, Similarity(most=Decimal(most)))[0] == verdict


def test_without_the_source_it_has_failed():
    assert not check(SOURCE, [Similarity()]).passed
