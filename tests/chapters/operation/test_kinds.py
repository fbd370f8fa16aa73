"""What each kind of product asks of its query beside what the guard asks of all."""

from __future__ import annotations

from typing import Any

import pytest

from dianchi.chapters.operation.products import kinds
from dianchi.chapters.operation.products.lifecycle import BULK, FUSION, INDICATOR, KINDS, MODEL, QUERY, VERIFICATION
from dianchi.engines.guard import Grant, Parameter

GRANT = Grant.from_json({
    "party": "x", "purpose": "INDUSTRY",
    "tables": {"visits": {"subject": {"column": "person_id", "type": "person"}, "columns": {
        "person_id": {"type": "VARCHAR", "uses": ["join"]}, "name": {"type": "VARCHAR", "uses": ["join"]},
        "phone": {"type": "VARCHAR", "uses": []}, "day": {"type": "DATE", "uses": ["group", "filter"]},
        "prefecture_code": {"type": "VARCHAR", "uses": ["group", "filter"]},
        "spend": {"type": "DECIMAL(12,2)", "uses": ["aggregate"], "aggregates": ["count", "sum", "avg"]}}}},
})  # fmt: skip
TEXTS = {name: Parameter(name, "VARCHAR") for name in ("id", "name")}
NONE: dict[str, Any] = {"subject_parameter": "", "own_columns": [], "model_digest": "", "tolerances": [], "totals": []}


def codes(kind: str, sql: str, parameters: Any = None, **settings: Any) -> set[str]:
    known = {n: p for n, p in TEXTS.items() if f"${n}" in sql} if parameters is None else parameters
    return {r.code for r in kinds.refusals(kinds.Written(sql, (), kind, {**NONE, **settings}), known, GRANT)}


def test_a_verification_on_keys_is_admitted_and_as_a_query_it_is_not() -> None:
    sql = "select 1 as hit from visits where person_id = $id and name = $name"
    assert codes(VERIFICATION, sql, subject_parameter="id") == set()
    assert codes(QUERY, sql) != set()


@pytest.mark.parametrize(
    ("sql", "code"),
    [("select prefecture_code, count(*) as n from visits group by 1", "products.verification-not-by-equality"),
     ("select name from visits where person_id = $id", "products.verification-not-by-equality"),
     ("select 1 as hit from visits where person_id = $id and name like $name", "products.verification-not-by-equality"),
     ("select 1 as hit from visits where person_id >= $id", "products.verification-not-by-equality"),
     ("select 1 as hit from visits where not person_id = $id", "products.verification-not-by-equality"),
     ("select 1 as hit from visits where person_id = $id or name = $name", "products.verification-not-by-equality"),
     ("select 1 as hit from visits where person_id = name", "products.verification-not-by-equality"),
     ("select 1 as hit from visits where left(person_id, 3) = $id", "products.verification-not-by-equality"),
     ("select 1 as hit from visits where person_id = $id || $name", "products.verification-not-by-equality"),
     ("select 1 as hit from visits where exists (select 1 from visits v where v.person_id = $id)", "products.verification-not-by-equality"),
     ("with v as (select * from visits) select 1 as hit from v where person_id = $id", "products.verification-not-by-equality"),
     ("select 1 as hit from visits where person_id = $id union all select 1 from visits where name = $name", "products.verification-not-by-equality"),
     ("select count(*) as hit from visits where person_id = $id", "products.verification-shows-values"),
     ("select 1 as hit from visits where name = $name", "products.subject-parameter-missing")],
)  # fmt: skip
def test_a_verification_shows_no_value_compares_by_equality_and_names_its_subject(sql: str, code: str) -> None:
    assert code in codes(VERIFICATION, sql, subject_parameter="id")


def test_a_denied_column_stays_denied_in_a_verification() -> None:
    assert codes(VERIFICATION, "select 1 as hit from visits where phone = $id", subject_parameter="id") != set()


@pytest.mark.parametrize(
    ("sql", "good"),
    [("select avg(spend) as mean from visits", True), ("select count(*) as n, avg(spend) as mean from visits", False),
     ("select min(prefecture_code) as p from visits", False), ("select sum(spend) as s from visits", True)],
)  # fmt: skip
def test_an_indicator_is_one_number(sql: str, good: bool) -> None:
    assert (codes(INDICATOR, sql) == set()) == good


SET = "select prefecture_code, day, sum(spend) as spend from visits group by 1, 2 order by prefecture_code, 2 desc"


@pytest.mark.parametrize(
    ("sql", "settings", "code"),
    [(SET, {}, ""), (SET, {"tolerances": [{"column": "spend", "amount": "0.1"}], "totals": ["day"]}, ""),
     (SET, {"tolerances": [{"column": "day", "amount": "1"}]}, "products.tolerance-malformed"),
     (SET, {"tolerances": [{"column": "mean", "amount": "1"}]}, "products.tolerance-malformed"),
     (SET, {"totals": ["nothing"]}, "products.tolerance-malformed"),
     ("select prefecture_code, count(*) as n from visits group by 1 order by n + 1", {}, "products.bulk-sorted-by-expression"),
     ("select count(*) as n from visits where prefecture_code = $id", {}, "products.bulk-takes-no-parameters")],
)  # fmt: skip
def test_a_bulk_set_declares_what_it_has(sql: str, settings: dict[str, Any], code: str) -> None:
    found = codes(BULK, sql, **settings)
    assert found == ({code} if code else set())


def test_the_order_of_a_set_is_known() -> None:
    assert kinds.order_of(SET) == ("prefecture_code", "-day")
    assert kinds.order_of("select 1 as a") == ()
    assert kinds.order_of("select 1 as a order by a + 1") is None


def test_a_scoring_names_its_model() -> None:
    sql = "select count(*) as n from visits group by prefecture_code"
    assert codes(MODEL, sql) == {"products.model-missing"}
    assert codes(MODEL, sql, model_digest="a" * 64) == set()


OWN = [{"name": "person", "type": "VARCHAR"}, {"name": "segment", "type": "VARCHAR"}]


def test_a_fusion_call_joins_the_callers_table() -> None:
    sql = "select o.segment, count(*) as n from visits v join own o on o.person = v.person_id group by 1"
    assert codes(FUSION, sql, own_columns=OWN) == set()
    assert codes(FUSION, "select count(*) as n from visits", own_columns=OWN) == {"products.own-table-missing"}
    assert codes(
        FUSION,
        "select o.segment from own o join visits v on o.person = v.person_id where v.phone = '1'",
        own_columns=OWN,
    )


def test_kind_and_settings_are_part_of_what_is_reviewed() -> None:
    plain = kinds.Written("select 1 as a", ())
    digests = {
        kinds.digest(w, GRANT) for w in (plain, *(kinds.Written("select 1 as a", (), k, NONE) for k, _ in KINDS[1:]))
    }
    assert len(digests) == len(KINDS)
    other = kinds.Written("select 1 as a", (), BULK, {**NONE, "totals": ["a"]})
    assert kinds.digest(other, GRANT) not in digests
