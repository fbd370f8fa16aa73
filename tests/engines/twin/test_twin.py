"""A twin has the schema and the shape of its source, joins with its sisters, and gives nobody away."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from decimal import Decimal
from itertools import combinations

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dianchi.engines.quality.contract import ColumnContract
from dianchi.engines.twin import Part, TwinColumn, make_twin
from dianchi.kernel import codes
from dianchi.kernel.errors import Invalid

K = 10
COUNTIES = {"530102": "五华区", "530103": "盘龙区", "530302": "麒麟区", "532901": "大理市"}
VISITS = [
    TwinColumn("person_id", "citizen_id", space="person", subject=True),
    *map(TwinColumn, ("county", "county_name", "sex", "age", "cost", "seen_on", "at", "score", "note", "insured")),
    TwinColumn("phone", "phone"),
    TwinColumn("name", "name"),
]
GROUPS = ("county", "county_name", "sex", "age", "insured")


def people(count=400):
    chance = random.Random(7)
    return [f"53010219{chance.randint(50, 99)}0101{n:03d}X" for n in range(count)]


def visits(rows=6000):
    chance, known = random.Random(1), people()
    county = [chance.choices(list(COUNTIES), (50, 30, 19, 1))[0] for _ in range(rows)]
    columns = {
        "person_id": [chance.choice(known) for _ in range(rows)],
        "county": county,
        "county_name": [COUNTIES[code] for code in county],
        "sex": [chance.choice("男女") for _ in range(rows)],
        "age": [min(100, int(abs(chance.gauss(40, 20)))) for _ in range(rows)],
        "cost": [Decimal(chance.randint(100, 90_000)) / 100 for _ in range(rows)],
        "seen_on": [dt.date(2024, 1, 1) + dt.timedelta(days=chance.randrange(700)) for _ in range(rows)],
        "at": [dt.datetime(2024, 1, 1) + dt.timedelta(seconds=chance.randrange(10**7)) for _ in range(rows)],  # noqa: DTZ001
        "score": [chance.gauss(0, 1) if chance.random() > 0.2 else None for _ in range(rows)],
        "note": [f"真实备注{n}" for n in range(rows)],
        "insured": [chance.random() < 0.9 for _ in range(rows)],
        "phone": [f"139{chance.randint(0, 10**8 - 1):08d}" for _ in range(rows)],
        "name": [f"真{n}" for n in range(rows)],
    }
    columns["cost"][0] = Decimal("987654.32")  # somebody who stands out
    columns["county"][1], columns["county_name"][1] = "533421", "香格里拉市"
    table = pa.table(columns)
    return table.set_column(5, "cost", table["cost"].cast(pa.decimal128(12, 2)))


@pytest.fixture(scope="module")
def source():
    return visits()


@pytest.fixture(scope="module")
def twin(source):
    return make_twin(source, VISITS, threshold=K, seed=b"grant one", rows=5000)


def test_the_schema_is_the_sources(source, twin):
    assert twin.table.schema.equals(source.schema.remove_metadata())
    assert twin.table.num_rows == 5000
    twin.table.validate(full=True)


def test_formats_are_right_and_from_ranges_that_nobody_holds(twin):
    rows = twin.table.slice(0, 500).to_pylist()
    assert all(codes.is_citizen_id(row["person_id"], dt.date(2026, 1, 1)) for row in rows)
    assert all(row["person_id"][6:8] == "18" for row in rows)
    assert all(codes.is_mobile(row["phone"]) and row["phone"].startswith("154") for row in rows)
    assert all(2 <= len(row["name"]) <= 3 for row in rows)


@pytest.mark.parametrize(
    ("made", "right"),
    [
        ("citizen_id", lambda x: codes.is_citizen_id(x, dt.date(2026, 1, 1))),
        ("uscc", codes.is_uscc),
        ("phone", codes.is_mobile),
        ("bank_card", codes.is_bank_card),
        ("plate", codes.is_plate),
        ("email", lambda x: x.endswith("@example.com")),
        ("organisation", lambda x: x.endswith("有限公司")),
        ("address", lambda x: x.startswith("示例路")),
    ],
)
def test_every_format_has_its_check_digits(made, right):
    source = pa.table({"x": ["a"] * 50})
    made_up = make_twin(source, [TwinColumn("x", made)], threshold=K, seed=b"s", rows=300).table["x"].to_pylist()
    assert all(map(right, made_up))
    assert len(set(made_up)) > 250


def test_unique_keys_are_unique():
    columns = [TwinColumn("id", "citizen_id", "p", unique=True), TwinColumn("n", "number", "n", unique=True)]
    source = pa.table({"id": ["x"] * 30, "n": list(range(30))})
    table = make_twin(source, columns, threshold=K, seed=b"s", rows=20_000).table
    assert all(len(set(table[name].to_pylist())) == 20_000 for name in ("id", "n"))


def shared_by(source, names):
    """How many distinct persons share each combination, the slow and obvious way."""
    found = {}
    for person, *values in zip(source["person_id"].to_pylist(), *(source[n].to_pylist() for n in names), strict=True):
        found.setdefault(tuple(values), set()).add(person)
    return {values: len(persons) for values, persons in found.items()}


def given_away(source, table, groups, threshold):
    """Combinations of group values in the twin that fewer subjects of the source share than the threshold."""
    wrong = []
    for width in range(1, len(groups) + 1):
        for names in combinations(groups, width):
            known = shared_by(source, names)
            for values in set(zip(*(table[n].to_pylist() for n in names), strict=True)):
                if None not in values and known.get(values, 0) < threshold:
                    wrong.append((names, values))
    return wrong


def test_no_combination_below_the_threshold_survives(source, twin):
    assert [name for name, part in twin.trust.parts.items() if part is Part.GROUP] == list(GROUPS)
    assert given_away(source, twin.table, GROUPS, K) == []
    assert len(set(twin.table["age"].to_pylist())) > 10  # and yet it is not empty
    assert twin.trust.blanked_share < 0.5


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 4)), min_size=1, max_size=120),
    st.integers(3, 6),
)  # fmt: skip
def test_no_source_gives_a_rare_combination_away(rows, threshold):
    person, a, b, c = zip(*rows, strict=True)
    source = pa.table({"person_id": [str(p) for p in person], "a": a, "b": b, "c": c})
    columns = [TwinColumn("person_id", "text", "p", subject=True), *(TwinColumn(n, quasi=True) for n in "abc")]
    table = make_twin(source, columns, threshold=threshold, seed=b"s", rows=200).table
    assert given_away(source, table, "abc", threshold) == []


def test_no_made_up_or_rare_value_is_the_sources(source, twin):
    for name in ("person_id", "phone", "name", "note"):
        assert not set(source[name].to_pylist()) & set(twin.table[name].to_pylist())
    assert max(twin.table["cost"].to_pylist()) < 2000
    assert "533421" not in twin.table["county"].to_pylist()


def test_one_subject_with_many_rows_does_not_bend_the_shape():
    person = ["rich"] * 5000 + [f"p{n}" for n in range(500)]
    source = pa.table({"person_id": person, "income": [10_000_000.5] * 5000 + [float(n) for n in range(500)]})
    columns = [TwinColumn("person_id", "citizen_id", "person", subject=True), TwinColumn("income")]
    table = make_twin(source, columns, threshold=K, seed=b"s", rows=2000).table
    assert sorted(table["income"].to_pylist())[1800] < 500


def test_shape_and_frequencies_are_kept(source, twin):
    def share(table):
        counted = Counter(table["county"].to_pylist())
        return counted["530102"] / (table.num_rows - counted[None])

    assert abs(share(source) - share(twin.table)) < 0.1
    middle = [sorted(t["cost"].to_pylist())[t.num_rows // 2] for t in (source, twin.table)]
    assert abs(middle[0] - middle[1]) / middle[0] < Decimal("0.1")
    nulls = twin.table["score"].null_count / 5000
    assert 0.15 < nulls < 0.25
    assert all(COUNTIES[code] == name for code, name in pairs(twin.table) if code and name)


def pairs(table):
    return set(zip(table["county"].to_pylist(), table["county_name"].to_pylist(), strict=True))


def test_the_same_seed_makes_the_same_twin_and_another_another(source, twin):
    assert make_twin(source, VISITS, threshold=K, seed=b"grant one", rows=5000).table.equals(twin.table)
    other = make_twin(source, VISITS, threshold=K, seed=b"grant two", rows=5000).table
    assert not set(other["person_id"].to_pylist()) & set(twin.table["person_id"].to_pylist())


def test_too_few_rows_say_nothing():
    source = pa.table({"county": ["a", "b"], "cost": [1.5, 2.5], "n": pa.array([1, 2], pa.int64())})
    found = make_twin(source, list(map(TwinColumn, source.column_names)), threshold=K, seed=b"s", rows=50)
    assert all(set(found.table[name].to_pylist()) == {None} for name in source.column_names)
    assert found.trust.parts["cost"] is Part.BLANK


def test_files_are_read_as_tables_are(source, tmp_path):
    key = b"k" * 32
    for n in range(2):
        protected = pe.create_encryption_properties(footer_key=key)
        pq.write_table(source.slice(n * 3000, 3000), tmp_path / f"{n}.parquet", encryption_properties=protected)
    files = [tmp_path / "0.parquet", tmp_path / "1.parquet"]
    found = make_twin(files, VISITS, threshold=K, seed=b"grant one", rows=1000, key=key)
    assert found.table.schema.equals(source.schema)
    assert given_away(source, found.table, GROUPS, K) == []


def test_large_sources_are_sampled(monkeypatch, source):
    from dianchi.engines.twin import sample

    monkeypatch.setattr(sample, "SAMPLE_ROWS", 1000)
    monkeypatch.setattr(sample, "_BATCH", 700)
    found = make_twin(source, VISITS, threshold=3, seed=b"s", rows=1000)
    assert found.trust.sampled_rows == 1000
    assert given_away(source, found.table, GROUPS, 3) == []


def test_the_contract_says_what_is_made_up():
    of = TwinColumn.of
    assert of(ColumnContract("id", format="citizen_id"), subject=True) == TwinColumn(
        "id", "citizen_id", "citizen_id", True
    )
    assert of(ColumnContract("firm", format="uscc"), space="firm") == TwinColumn("firm", "uscc", "firm")
    assert of(ColumnContract("n", "integer", unique=True)) == TwinColumn("n", "number", unique=True)
    assert of(ColumnContract("age", "integer"), quasi=True) == TwinColumn("age", quasi=True)
    assert of(ColumnContract("who", category="person_name")) == TwinColumn("who", "name")


@pytest.mark.parametrize(
    ("columns", "threshold", "code"),
    [
        ([TwinColumn("a")], 2, "twin.threshold-too-low"),
        ([TwinColumn("b")], K, "twin.column-missing"),
    ],
)
def test_what_cannot_be_made_is_refused(columns, threshold, code):
    with pytest.raises(Invalid) as caught:
        make_twin(pa.table({"a": [1]}), columns, threshold=threshold, seed=b"s")
    assert caught.value.refusals[0].code == code


def test_how_far_to_trust_it_is_said_in_both_languages(twin):
    assert "10" in twin.trust.statement
    assert "synthetic" in twin.trust.statement.en


QUERIES = """
SELECT county, count(*) n, avg(cost) FROM visits GROUP BY 1 ORDER BY 2 DESC
SELECT county_name, sex, sum(cost) FROM visits GROUP BY ALL
SELECT age // 10 * 10 AS decade, count(DISTINCT person_id) FROM visits WHERE age >= 60 GROUP BY 1
SELECT date_trunc('month', seen_on) m, count(*) FROM visits GROUP BY 1 ORDER BY 1
SELECT year(seen_on), quarter(seen_on), sum(cost) FROM visits GROUP BY 1, 2
SELECT e.trade, count(*) FROM visits v JOIN employment e USING (person_id) GROUP BY 1
SELECT e.trade, v.county, avg(v.cost) FROM visits v JOIN employment e USING (person_id) WHERE v.sex = '女' GROUP BY ALL
SELECT d.name, sum(cost) FROM visits v JOIN (VALUES ('530102', '五华'), ('530103', '盘龙')) d(code, name) ON d.code = v.county GROUP BY 1
SELECT count(*) FROM visits v LEFT JOIN employment e USING (person_id) WHERE e.person_id IS NULL
SELECT sex, avg(score) FROM visits WHERE score IS NOT NULL GROUP BY 1
SELECT county, count(*) FILTER (insured) / count(*) FROM visits GROUP BY 1
SELECT CASE WHEN age < 18 THEN 'child' WHEN age < 60 THEN 'adult' ELSE 'old' END g, avg(cost) FROM visits GROUP BY 1
SELECT county, sum(cost) s, rank() OVER (ORDER BY sum(cost) DESC) FROM visits GROUP BY 1
SELECT county, sex, count(*) FROM visits GROUP BY ROLLUP (county, sex)
SELECT person_id, count(*) n FROM visits GROUP BY 1 HAVING count(*) > 1
SELECT width_bucket, count(*) FROM (SELECT floor(cost / 100) AS width_bucket FROM visits) GROUP BY 1
SELECT left(county, 4), count(*) FROM visits GROUP BY 1
SELECT count(*) FROM visits WHERE seen_on BETWEEN DATE '2024-06-01' AND DATE '2024-12-31' AND insured
SELECT person_id FROM visits WHERE person_id IN (SELECT person_id FROM employment WHERE trade = '农业')
WITH m AS (SELECT county, avg(cost) a FROM visits GROUP BY 1) SELECT v.county, count(*) FROM visits v JOIN m USING (county) WHERE v.cost > m.a GROUP BY 1
SELECT hour("at"), count(*) FROM visits GROUP BY 1
SELECT substr(phone, 1, 3), count(*) FROM visits GROUP BY 1
""".strip().splitlines()


@pytest.fixture(scope="module")
def sisters(twin):
    chance = random.Random(3)
    employment = pa.table({"person_id": people(), "trade": [chance.choice(["农业", "商贸", "科技"]) for _ in people()]})
    columns = [TwinColumn("person_id", "citizen_id", space="person", subject=True, unique=True), TwinColumn("trade")]
    other = make_twin(employment, columns, threshold=K, seed=b"grant one", rows=600).table
    with duckdb.connect() as engine:
        engine.register("visits", twin.table)
        engine.register("employment", other)
        yield engine


@pytest.mark.parametrize("query", QUERIES)
def test_typical_queries_return_rows(sisters, query):
    rows = sisters.execute(query).fetchall()
    assert rows
    assert any(value for row in rows for value in row)
