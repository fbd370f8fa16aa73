"""Every kind of rule, judged on small tables; received = accepted + quarantined for anything."""

import json
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dianchi.engines.quality import ROW, Contract, Dimension, Inspector, inspect, load
from dianchi.kernel.errors import Invalid


def contract(columns: str, rules: str = "[]") -> Contract:
    return load(f"resource: r\ncolumns: {columns}\nrules: {rules}\n")


def table(**columns: list[str | None]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def aside(found) -> dict[int, list[str]]:
    return {row["row"]: row["rules"] for row in found.quarantined.to_pylist()}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "007", 7),
        ("integer", "-5", -5),
        ("integer", "1.5", None),
        ("integer", "1e3", None),
        ("integer", "9223372036854775808", None),
        ("integer", "", "missing"),
        ('"decimal(5,2)"', "123.4", Decimal("123.40")),
        ('"decimal(5,2)"', "123.450", Decimal("123.45")),
        ('"decimal(5,2)"', "123.456", None),
        ('"decimal(5,2)"', "1234.5", None),
        ('"decimal(5,2)"', ".", None),
        ("double", "1e3", 1000.0),
        ("double", "nan", None),
        ("double", "inf", None),
        ("boolean", "是", True),
        ("boolean", "maybe", None),
        ("date", "2020-02-29", date(2020, 2, 29)),
        ("date", "2021-02-29", None),
        ("date", "2020-2-9", None),
        ("date, format: 'chinese,slash'", "2020年2月9日", date(2020, 2, 9)),
        ("date, format: 'chinese,slash'", "2020/2/9", date(2020, 2, 9)),
        ("date, format: compact", "20200230", None),
        ("integer, clean: [halfwidth, trim, thousands]", " １，２３４ ", 1234),
    ],
)
def test_a_value_is_typed_exactly_or_set_aside_with_its_text(kind, text, value):
    found = inspect(table(x=[text]), contract(f"[{{name: x, type: {kind}}}]"))
    if value is None:
        assert aside(found) == {1: ["type:x"]}
        assert json.loads(found.quarantined["raw"][0].as_py()) == {"x": text}
    else:
        assert found.accepted["x"].to_pylist() == [None if value == "missing" else value]


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ("kind: not_null", "a", ""),
        ("kind: set, values: [甲, 乙]", "甲", "丙"),
        ("kind: length, min: 2, max: 3", "昆明市", "云南省昆明"),
        ("kind: pattern, pattern: '53.*'", "5301", "4301"),
        ("kind: format, format: uscc", "91530100MA6N123416", "91530100MA6N123417"),
        ("kind: format, format: uscc", "9144030071526726XG", "9144030071526726XH"),
        ("kind: format, format: citizen_id", "11010519491231002X", "110105194912310021"),
        ("kind: format, format: citizen_id", "530102199001011231", "530102199013011231"),
        ("kind: format, format: bank_card", "6222020000000000000", "6222020000000000001"),
        ("kind: format, format: phone", "13812345678", "12812345678"),
        ("kind: format, format: plate", "云A12345", "滇A12345"),
        ("kind: format, format: plate", "云AD12345", "云AI2345"),
        ("kind: format, format: postcode", "650000", "990000"),
        ("kind: format, format: division6", "530100", "5300y0"),
        ("kind: format, format: division.county", "530102", "5301"),
        ("kind: format, format: email", "a.b@yn.gov.cn", "a.b@yn"),
    ],
)
def test_a_rule_on_one_column(rule, good, bad):
    found = inspect(table(x=[good, bad]), contract("[{name: x}]", f"[{{name: broken, column: x, {rule}}}]"))
    assert found.accepted["x"].to_pylist() == [good]
    assert aside(found) == {2: ["broken"]}


def test_range_dates_and_sums():
    columns = "[{name: a, type: integer}, {name: b, type: integer}, {name: c, type: integer}, {name: d, type: date}]"
    rules = (
        "[{name: low, kind: range, column: a, min: 0}, {name: sum, kind: compare, columns: [a, b], op: '<=', with: c},"
        " {name: late, kind: range, column: d, max: 2020-12-31}]"
    )
    rows = table(
        a=["1", "-1", "5", "1"],
        b=["1", "1", "5", None],
        c=["2", "2", "9", "0"],
        d=["2020-12-31", "2021-01-01", None, None],
    )
    assert aside(inspect(rows, contract(columns, rules))) == {2: ["low", "late"], 3: ["sum"]}


def test_missing_values_break_only_not_null():
    found = inspect(
        table(x=[None]), contract("[{name: x, type: integer}]", "[{name: r, kind: range, column: x, min: 0}]")
    )
    assert found.clean


def test_all_rows_that_share_a_key_are_set_aside_and_rows_with_other_faults_do_not_count():
    columns = "[{name: k}, {name: n, type: integer}]"
    rules = "[{name: key, kind: unique, columns: [k, n]}]"
    found = inspect(
        table(k=["a", "a", "b", "b", None, None], n=["1", "01", "2", "x", "3", "3"]), contract(columns, rules)
    )
    assert aside(found) == {1: ["key"], 2: ["key"], 4: ["type:n"]}


def test_a_series_that_falls_is_counted_and_kept():
    columns = "[{name: k}, {name: on, type: date}, {name: n, type: integer}]"
    rules = "[{name: falls, kind: non_decreasing, column: n, by: [k], order: on}]"
    days = ["2020-01-03", "2020-01-01", "2020-01-02", "2020-01-01"]
    found = inspect(table(k=["a", "a", "a", "b"], on=days, n=["1", "5", "5", "0"]), contract(columns, rules))
    assert found.clean
    assert [(r.failed, r.rows) for r in found.rule_results if r.name == "falls"] == [(1, (1,))]


def test_references_to_another_resource_and_to_itself():
    columns = "[{name: code}, {name: parent}]"
    rules = (
        "[{name: own, kind: reference, column: parent, resource: self, to: code},"
        " {name: other, kind: reference, column: code, resource: divisions, to: id}]"
    )
    rows = table(code=["53", "5301", "99"], parent=[None, "53", "54"])
    found = inspect(rows, contract(columns, rules), references={"divisions": pa.table({"id": ["53", "5301"]})})
    assert aside(found) == {3: ["own", "other"]}
    with pytest.raises(Invalid) as refused:
        inspect(rows, contract(columns, rules))
    assert refused.value.refusals[0].code == "contract.no-reference"


def test_a_condition_limits_a_rule():
    rules = "[{name: r, kind: not_null, column: x, when: level, equals: [county]}]"
    found = inspect(table(x=[None, None], level=["county", "province"]), contract("[{name: x}, {name: level}]", rules))
    assert aside(found) == {1: ["r"]}


def test_columns_that_drifted_are_named():
    with pytest.raises(Invalid) as refused:
        inspect(table(x=["1"], new=["2"]), contract("[{name: x}, {name: gone}]"))
    message = refused.value.refusals[0].message
    assert "gone" in message
    assert "new" in message.en


def test_scores_are_shares_of_rows_kept_by_dimension():
    found = inspect(table(x=["1", "b", None, "2"]), contract("[{name: x, type: integer, required: true}]"))
    assert found.scores == {Dimension.NORMATIVE: Decimal("0.7500"), Dimension.COMPLETE: Decimal("0.7500")}


def test_names_with_quotes_and_chinese_are_only_names():
    rows = table(**{'it"s; drop': ["1"], "中'文": ["x"]})
    columns = json.dumps([{"name": 'it"s; drop', "type": "integer"}, {"name": "中'文", "format": "phone"}])
    found = inspect(rows, contract(columns))
    assert json.loads(found.quarantined["raw"][0].as_py()) == {'it"s; drop': "1", "中'文": "x"}


TEXTS = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["1", "2", "-1", "2020-01-01", "甲", "", " "]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=30), st.integers(1, 7))
def test_rows_are_neither_lost_nor_doubled_and_chunks_do_not_matter(rows, size):
    rows = [tuple(t.replace("\x00", "") if t else t for t in row) for row in rows]
    whole = table(a=[r[0] for r in rows], b=[r[1] for r in rows], c=[r[2] for r in rows])
    whole = whole.append_column(ROW, pa.array(range(1, len(rows) + 1), pa.int64()))
    promise = contract(
        "[{name: a, type: integer}, {name: b, type: date}, {name: c, required: true}]",
        "[{name: key, kind: unique, columns: [a, c]}, {name: up, kind: non_decreasing, column: a, by: [c], order: b}]",
    )
    once = inspect(whole, promise)
    assert once.received == once.accepted.num_rows + once.quarantined.num_rows == len(rows)
    chunks = [whole.slice(i, size) for i in range(0, len(rows), size)]
    inspector = Inspector(promise)
    inspector.prepare(lambda: chunks)
    verdicts = [inspector.judge(chunk) for chunk in chunks]
    assert inspector.findings().rule_results == once.rule_results
    assert [r for v in verdicts for r in v.accepted.to_pylist()] == once.accepted.to_pylist()
    assert [r for v in verdicts for r in v.quarantined.to_pylist()] == once.quarantined.to_pylist()


QUICK = {
    "integer": ["1", "-5", "+5", "007", "0x1F", "1e3", " 1", "9223372036854775807", "9223372036854775808", "00000000000000000005", "-", "1-2"],
    "double": ["1", "1.5", "-.5", "5.", "1e5", "nan", "inf", "1.2.3", ".", "-"],
    "decimal(6,2)": ["1", "1.50", "1.500", "1.555", "12345.67", ".5", "5.", "1e2", "."],
    "date": ["2024-01-31", "2024-02-30", "0999-01-01", "2024/01/31", "2024-1-31", "20240131ab", "2024-13-01"],
    "timestamp": ["2024-01-31 08:05:06", "2024-01-31T08:05:06", "2024-01-31 08:05:60", "2024-01-31 080506.1", "2024-01-31 08:05+01"],
}  # fmt: skip


@pytest.mark.parametrize("kind", QUICK)
def test_the_quick_way_says_what_the_patient_way_says(kind):
    contract = load(f'resource: r\ncolumns: [{{name: a, type: "{kind}"}}]\n')
    for value in QUICK[kind]:
        alone = inspect(pa.table({"a": [value, None]}), contract)
        mixed = inspect(pa.table({"a": [value, "doubtful?"]}), contract)  # which sends the column the patient way
        first = mixed.accepted["a"].to_pylist()[:1]
        assert (alone.accepted["a"].to_pylist()[:1] if first else alone.quarantined["row"].to_pylist()) == (
            first or [1]
        ), value


@pytest.mark.parametrize("form", ["phone", "division6", "division.prefecture"])
def test_quick_formats_are_the_same_formats(form):
    contract = load(f"resource: r\ncolumns: [{{name: a, format: {form}}}]\n")
    for value in [
        "13812345678",
        "12812345678",
        "1381234567x",
        "530102",
        "990102",
        "53010a",
        "5301",
        "9901",
        "１３８１２３４５６７８",
    ]:
        assert inspect(pa.table({"a": [value]}), contract).clean == (
            inspect(pa.table({"a": [value, "?"]}), contract).accepted.num_rows == 1
        )
