"""Marked copies: no total moves, the recipient is named through every attack, nobody else ever is."""

from __future__ import annotations

import io
import random
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dianchi.engines.fingerprint import Marking, mark, trace
from dianchi.engines.fingerprint.values import signs
from dianchi.kernel.errors import Invalid

SECRET, DELIVERY = b"s" * 32, "visits/3/snapshot-7"
RECIPIENTS = [f"91530100MA6K{n:05}" for n in range(50)]
CULPRIT, OTHER = RECIPIENTS[17], RECIPIENTS[31]
MARKING = Marking(tolerances={"spend": Decimal("0.05"), "visits": Decimal(1)}, totals=("prefecture",))


def released(rows: int = 4000, seed: int = 1) -> pa.Table:
    chance = np.random.default_rng(seed)
    spend = [Decimal(int(v)).scaleb(-2) for v in chance.integers(10_000, 90_000_000, rows)]
    return pa.table({
        "prefecture": pa.array([f"53{p:02}" for p in chance.integers(1, 17, rows)]),
        "county": pa.array([f"{n:06}" for n in range(rows)]),
        "day": pa.array([f"2026-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(rows)]),
        "visits": pa.array(chance.integers(10, 5000, rows)),
        "spend": pa.array(spend, pa.decimal128(18, 2)),
        "rate": pa.array(chance.random(rows)),
    })  # fmt: skip


@pytest.fixture(scope="module")
def original() -> pa.Table:
    return released()


@pytest.fixture(scope="module")
def copy(original: pa.Table) -> pa.Table:
    return mark(original, MARKING, SECRET, DELIVERY, CULPRIT).table


def found(copy: pa.Table, original: pa.Table, marking: Marking = MARKING, **more: Any) -> list[str]:
    finding = trace(copy, original, marking, SECRET, DELIVERY, RECIPIENTS, **more)
    assert all(s.error <= 1e-6 for s in finding.suspects)
    return [s.recipient for s in finding.suspects]


def sums(table: pa.Table) -> dict[str, Any]:
    grouped = table.group_by("prefecture").aggregate(
        [("visits", "sum"), ("spend", "sum"), ("rate", "sum"), ([], "count_all")]
    )
    told = {
        row.pop("prefecture"): (row["visits_sum"], row["spend_sum"], row["count_all"]) for row in grouped.to_pylist()
    }
    return told | {"all": (pc.sum(table["visits"]).as_py(), pc.sum(table["spend"]).as_py())}


def shuffled(table: pa.Table, seed: int = 5) -> pa.Table:
    return table.take(pa.array(np.random.default_rng(seed).permutation(table.num_rows)))


def test_no_released_total_moves_and_no_cell_moves_further_than_declared(original: pa.Table) -> None:
    for recipient in RECIPIENTS[:5]:
        copy = mark(original, MARKING, SECRET, DELIVERY, recipient).table
        assert copy.schema == original.schema
        assert sums(copy) == sums(original)
        before = original.sort_by("county").to_pylist()
        for old, new in zip(before, copy.sort_by("county").to_pylist(), strict=True):
            assert abs(old["spend"] - new["spend"]) in (0, Decimal("0.05"))
            assert abs(old["visits"] - new["visits"]) in (0, 1)
            assert {n: old[n] for n in ("prefecture", "county", "day", "rate")} == {
                n: new[n] for n in ("prefecture", "county", "day", "rate")
            }


def test_copies_differ_and_are_the_same_when_made_again_in_any_order(original: pa.Table, copy: pa.Table) -> None:
    assert mark(shuffled(original), MARKING, SECRET, DELIVERY, CULPRIT).table.equals(copy)
    assert not mark(original, MARKING, SECRET, DELIVERY, OTHER).table.equals(copy)
    assert not mark(original, MARKING, b"t" * 32, DELIVERY, CULPRIT).table.equals(copy)


ATTACKS = {
    "as it is": lambda t: t,
    "shuffled": shuffled,
    "a tenth": lambda t: shuffled(t).slice(0, t.num_rows // 10),
    "one prefecture of sixteen": lambda t: t.filter(pc.equal(t["prefecture"], "5304")),
    "sorted by spend": lambda t: t.sort_by([("spend", "descending")]),
    "without one marked column": lambda t: t.drop_columns(["spend"]),
    "without the other": lambda t: shuffled(t.drop_columns(["visits"])),
    "without keys": lambda t: shuffled(t.select(["spend", "visits", "rate"])),
    "marked columns alone": lambda t: shuffled(t.select(["visits", "spend"])),
    "rounded to a tenth": lambda t: shuffled(_rounded(t, 1)),
    "rounded to units": lambda t: shuffled(_rounded(t, 0)),
    "with columns moved and cased": lambda t: t.select(["spend", "day", "county", "visits"]).rename_columns(["SPEND", "Day", "county ", "VISITS"]),
    "a fifth, sorted, without days": lambda t: shuffled(t).slice(0, t.num_rows // 5).sort_by("visits").drop_columns(["day"]),
    "as text": lambda t: _by_csv(shuffled(t)),
    "doubled": lambda t: pa.concat_tables([t, t]),
    "with noise in one column": lambda t: _noisy(t),
}  # fmt: skip


def _rounded(table: pa.Table, digits: int) -> pa.Table:
    column = pc.round(table["spend"], digits)
    return table.set_column(table.column_names.index("spend"), "spend", column)


def _noisy(table: pa.Table) -> pa.Table:
    noise = np.random.default_rng(3).integers(-3, 4, table.num_rows)
    return table.set_column(table.column_names.index("visits"), "visits", pc.add(table["visits"], pa.array(noise)))


def _by_csv(table: pa.Table) -> pa.Table:
    sink = io.BytesIO()
    pa.csv.write_csv(table, sink)
    options = pa.csv.ConvertOptions(column_types={n: pa.string() for n in table.column_names})
    return pa.csv.read_csv(io.BytesIO(sink.getvalue()), convert_options=options)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_recipient_is_named_whatever_was_done_to_the_copy(original: pa.Table, copy: pa.Table, attack: str) -> None:
    assert found(ATTACKS[attack](copy), original) == [CULPRIT]


def test_both_are_named_when_two_copies_were_mixed(original: pa.Table, copy: pa.Table) -> None:
    other = mark(original, MARKING, SECRET, DELIVERY, OTHER).table.sort_by("county")
    mine = copy.sort_by("county")
    choice = np.random.default_rng(9).random(mine.num_rows) < 0.5
    rows = [a if c else b for a, b, c in zip(mine.to_pylist(), other.to_pylist(), choice, strict=True)]
    assert set(found(pa.Table.from_pylist(rows, mine.schema), original)) == {CULPRIT, OTHER}
    mean = {
        n: [(a + b) / 2 for a, b in zip(mine[n].to_pylist(), other[n].to_pylist(), strict=True)]
        for n in ("visits", "spend")
    }
    averaged = pa.table(
        {"county": mine["county"], "visits": mean["visits"], "spend": [float(v) for v in mean["spend"]]}
    )
    assert set(found(shuffled(averaged), original)) == {CULPRIT, OTHER}


def test_nobody_is_named_for_what_nobody_was_sent(original: pa.Table) -> None:
    assert found(original, original) == []
    stranger = mark(original, MARKING, SECRET, DELIVERY, "a recipient of another platform").table
    assert found(stranger, original) == []
    assert found(released(seed=2), original) == []
    assert found(pa.table({"other": [1, 2, 3]}), original) == []
    assert found(original.slice(0, 0), original) == []


def test_few_rows_name_nobody_rather_than_somebody(original: pa.Table, copy: pa.Table) -> None:
    assert set(found(copy.slice(0, 4), original)) <= {CULPRIT}


def test_the_stated_error_is_not_exceeded_by_strangers() -> None:
    """Of 4,000 strangers, no more fall under an error of five in a hundred than it says."""
    table, marking = released(400), Marking(tolerances={"spend": Decimal("0.05")})
    strangers = [f"stranger {n}" for n in range(400)]
    below = 0
    for n in range(10):
        copy = mark(table, marking, SECRET, f"{n}", CULPRIT).table
        finding = trace(copy, table, marking, SECRET, f"{n}", strangers, most_error=1e9)
        below += sum(s.error / len(strangers) <= 0.05 for s in finding.suspects)
    assert 0 < below <= 200


def test_order_alone_names_the_recipient_where_nothing_may_be_rounded(original: pa.Table) -> None:
    marking = Marking()
    copy = mark(original, marking, SECRET, DELIVERY, CULPRIT).table
    assert sorted(copy["county"].to_pylist()) == sorted(original["county"].to_pylist())
    half = copy.take(pa.array(sorted(random.Random(4).sample(range(copy.num_rows), 2000))))
    assert found(copy, original, marking) == found(half, original, marking) == [CULPRIT]
    assert found(copy.sort_by("county"), original, marking) == []


def test_a_sorted_result_stays_sorted_and_marks_only_ties() -> None:
    table = released()
    marking = Marking(sorted_by=("prefecture",))
    copy = mark(table, marking, SECRET, DELIVERY, CULPRIT).table
    assert copy["prefecture"].to_pylist() == sorted(table["prefecture"].to_pylist())
    assert found(copy, table, marking) == [CULPRIT]
    falling = mark(table, Marking(sorted_by=("-prefecture",)), SECRET, DELIVERY, CULPRIT).table
    assert falling["prefecture"].to_pylist() == sorted(table["prefecture"].to_pylist(), reverse=True)
    unique = Marking(sorted_by=("county",))
    assert mark(table, unique, SECRET, DELIVERY, CULPRIT).table.equals(table)


def test_canaries_are_zeros_and_name_the_recipient(original: pa.Table) -> None:
    zeros = pa.table({
        "prefecture": [f"53{40 + n % 50}" for n in range(60)], "county": [f"9{n:05}" for n in range(60)],
        "day": ["2026-01-01"] * 60, "visits": [0] * 60,
        "spend": pa.array([Decimal(0)] * 60, pa.decimal128(18, 2)), "rate": [0.0] * 60,
    })  # fmt: skip
    marking = Marking(sorted_by=("county",), canaries=zeros)
    copy = mark(original, marking, SECRET, DELIVERY, CULPRIT).table
    assert 15 <= copy.num_rows - original.num_rows <= 45
    assert pc.sum(copy["spend"]) == pc.sum(original["spend"])
    assert found(shuffled(copy), original, marking) == [CULPRIT]


@pytest.mark.parametrize(
    "wrong", [{"rate": Decimal(1)}, {"nothing": Decimal(1)}, {"spend": Decimal(0)}, {"spend": Decimal(-1)}]
)
def test_a_declaration_that_does_not_fit_is_refused(original: pa.Table, wrong: dict[str, Decimal]) -> None:
    with pytest.raises(Invalid):
        mark(original, Marking(tolerances=wrong), SECRET, DELIVERY, CULPRIT)


def test_a_tolerance_below_the_last_decimal_marks_nothing(original: pa.Table) -> None:
    marking = Marking(tolerances={"spend": Decimal("0.001")}, sorted_by=("county",))
    assert mark(original, marking, SECRET, DELIVERY, CULPRIT).table.equals(original)


def test_sums_of_any_width_are_marked_and_what_does_not_fit_is_refused(original: pa.Table) -> None:
    wide = original.set_column(4, "spend", original["spend"].cast(pa.decimal128(38, 2)))
    assert found(mark(wide, MARKING, SECRET, DELIVERY, CULPRIT).table, wide) == [CULPRIT]
    huge = pa.table({"spend": pa.array([Decimal(10) ** 30], pa.decimal128(38, 2))})
    with pytest.raises(Invalid):
        mark(huge, Marking(tolerances={"spend": Decimal(1)}), SECRET, DELIVERY, CULPRIT)


def test_signs_are_the_same_for_ever() -> None:
    """A copy may turn up in ten years: these bits are SHAKE-256's and must never change."""
    assert signs(b"k" * 32, "spend", 12).tolist() == SIGNS


SIGNS = [-1, 1, 1, 1, 1, -1, 1, 1, -1, 1, -1, -1]
CELLS = st.one_of(st.none(), st.integers(-(10**9), 10**9))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), CELLS), max_size=40), st.integers(1, 50))
def test_sums_hold_for_any_cells(cells: list[tuple[str, int | None]], step: int) -> None:
    table = pa.table({
        "g": pa.array([g for g, _ in cells], pa.string()),
        "n": pa.array([n if n is None else Decimal(n).scaleb(-3) for _, n in cells], pa.decimal128(18, 3)),
    })  # fmt: skip
    marking = Marking(tolerances={"n": Decimal(step).scaleb(-3)}, totals=("g",))
    copy = mark(table, marking, SECRET, DELIVERY, CULPRIT).table

    def told(t: pa.Table) -> Any:
        return sorted(
            (r["g"], r["n_sum"], r["n_count"])
            for r in t.group_by("g").aggregate([("n", "sum"), ("n", "count")]).to_pylist()
        )

    assert str(told(copy)) == str(told(table))
