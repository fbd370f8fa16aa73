"""Rules about a whole load, custom conditions, and division codes by year."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from dianchi.engines.quality import Before, Contract, Inspection, inspect, load
from dianchi.engines.quality.inspection import Inspector
from dianchi.engines.quality.rows import ROW
from dianchi.engines.quality.whole import stability
from dianchi.kernel.divisions_history import codes_in
from dianchi.kernel.errors import Invalid

COLUMNS = """
resource: r
columns:
  - {name: id}
  - {name: day, type: date}
  - {name: amount, type: integer}
  - {name: 级别}
rules:
"""


def contract(rule: str) -> Contract:
    return load(f"{COLUMNS}  - {{name: x, {rule}}}\n")


def table(rows: list[tuple[str | None, ...]]) -> pa.Table:
    return pa.table(
        {
            n: pa.array(list(v), pa.string())
            for n, v in zip(("id", "day", "amount", "级别"), zip(*rows, strict=True), strict=True)
        }
    )


def failed(found: Inspection) -> int:
    (result,) = (r for r in found.rule_results if r.name == "x")
    return result.failed


@pytest.mark.parametrize(
    ("expression", "broken"),
    [
        ("amount >= 0", [2]),
        ("amount >= 0 OR 级别 = '乙'", []),
        ("\"级别\" IN ('甲') AND amount / 0 > 1", [2]),  # dividing by nothing breaks nothing: but 乙 is not 甲
        ("day < DATE '2024-01-02'", [2]),
        ("length(id) = 1 AND CAST(id AS INTEGER) > 0", []),
        ("CASE WHEN 级别 = '甲' THEN amount BETWEEN 0 AND 10 ELSE true END", []),
    ],
)
def test_a_condition_of_ones_own(expression: str, broken: list[int]) -> None:
    rows = table([("1", "2024-01-01", "5", "甲"), ("2", "2024-01-03", "-5", "乙"), (None, None, None, None)])
    found = inspect(rows, contract(f"kind: predicate, expression: {quoted(expression)}"))
    assert found.quarantined.column("row").to_pylist() == broken


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.mark.parametrize(
    "expression",
    [
        "1 = 1) UNION SELECT 1 FROM (SELECT 1",
        "amount > (SELECT max(amount) FROM data)",
        "amount IN (SELECT 1)",
        "sum(amount) > 1",
        "row_number() OVER () > 1",
        "read_text('/etc/passwd') = ''",
        "getenv('HOME') = ''",
        "amount > 0 LIMIT 1",
        "amount > 0; DROP TABLE x",
        "amount > $p",
        "nothing_here > 1",
        "data.amount > 1",
        "random() > 1",
        "",
    ],
)
def test_what_is_no_condition_over_one_row_is_refused(expression: str) -> None:
    with pytest.raises(Invalid) as refused:
        contract(f"kind: predicate, expression: {quoted(expression)}")
    assert refused.value.refusals[0].code == "contract.bad-rule"


DAYS = [(str(i), f"2024-01-{i + 1:02d}", str(i), "甲") for i in range(10)]


@pytest.mark.parametrize(("today", "broken"), [(date(2024, 1, 17), 0), (date(2024, 1, 18), 1), (None, 0)])
def test_freshness(today: date | None, broken: int) -> None:
    found = inspect(table(DAYS), contract("kind: freshness, column: day, days: 7"), before=Before(today))
    assert (failed(found), found.quarantined.num_rows) == (broken, 0)


@pytest.mark.parametrize(
    ("rule", "before", "broken"),
    [("min: 10, max: 10", None, 0), ("min: 11", None, 1), ("max: 9", None, 1),
     ("change: 0.5", 20, 0), ("change: 0.5", 21, 1), ("change: 0.5", 6, 1), ("change: 0.5", None, 0)],
)  # fmt: skip
def test_the_number_of_rows(rule: str, before: int | None, broken: int) -> None:
    found = inspect(table(DAYS), contract(f"kind: row_count, {rule}"), before=Before(rows=before))
    assert failed(found) == broken
    assert found.scores["complete"] == 1 - broken


def spread(column: str, values: list[str]) -> dict[str, dict[str, int]]:
    inspector = Inspector(contract(f"kind: distribution, column: {column}"))
    rows = [(str(i), "2024-01-01", v if column == "amount" else "1", v) for i, v in enumerate(values)]
    inspector.judge(table(rows).append_column(ROW, pa.array(range(len(rows)), pa.int64())))
    return inspector.shapes()


@pytest.mark.parametrize(
    ("column", "old", "new", "broken"),
    [
        ("amount", ["1", "10", "100", "1000"] * 50, ["1", "10", "100", "1000"] * 40, 0),
        ("amount", ["1", "10", "100", "1000"] * 50, ["100000", "10", "-100", "1000"] * 50, 1),
        ("级别", ["甲", "乙"] * 100, ["甲", "乙", "乙"] * 60, 0),
        ("级别", ["甲", "乙"] * 100, ["丙", "丁"] * 100, 1),
        ("级别", ["甲", "乙"] * 10, ["丙", "丁"] * 100, 0),  # too few to tell
    ],
)
def test_values_that_spread_otherwise_than_before(column: str, old: list[str], new: list[str], broken: int) -> None:
    rows = [(str(i), "2024-01-01", v if column == "amount" else "1", v) for i, v in enumerate(new)]
    found = inspect(
        table(rows), contract(f"kind: distribution, column: {column}"), before=Before(shapes=spread(column, old))
    )
    assert failed(found) == broken


def test_no_shift_is_nothing() -> None:
    assert stability({"a": 5, "b": 5}, {"a": 500, "b": 500}) == 0


def test_a_rule_about_the_whole_cannot_set_rows_aside() -> None:
    for rule in ("kind: row_count, min: 1, severity: quarantine", "kind: freshness, column: id, days: 1"):
        with pytest.raises(Invalid):
            contract(rule)


@pytest.mark.parametrize(
    ("code", "year", "valid"),
    [
        ("530422", 2018, True), ("530422", 2019, False), ("530481", 2018, False), ("530481", 2019, True),  # 澄江
        ("532331", 2020, True), ("532302", 2020, False), ("532302", 2024, True),  # 禄丰
        ("530102", 2010, True), ("5301", 2020, True), ("5302", 2020, False), ("53", 2020, True),
        ("530102001", 2020, True), ("530122001", 2020, False), ("110105", 2020, True), ("530199", 2024, False),
    ],
)  # fmt: skip
def test_division_codes_are_those_of_their_year(code: str, year: int, valid: bool) -> None:
    promise = load(f'resource: r\ncolumns: [{{name: c, format: "division@{year}"}}]\n')
    assert inspect(pa.table({"c": [code]}), promise).clean is valid


def test_every_year_has_as_many_counties() -> None:
    assert {len(codes_in(year)) for year in range(2009, 2027)} == {1 + 1 + 16 + 129}


@pytest.mark.parametrize("name", ["division@1999", "division@x", "phone@2020", "nothing"])
def test_formats_that_are_none(name: str) -> None:
    with pytest.raises(Invalid):
        load(f'resource: r\ncolumns: [{{name: c, format: "{name}"}}]\n')
