"""The Open Data Contract Standard in and out, checked with the standard's own library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from dianchi.engines.quality import Contract, load
from dianchi.engines.quality.contract import Kind, Severity
from dianchi.engines.quality.odcs import from_odcs, to_odcs
from dianchi.kernel.errors import Invalid

CONTRACTS = Path(__file__).parents[3] / "src/dianchi/interfaces/cli/demo/contracts"
RICH = """
resource: people
title: {zh: 人员, en: People}
subject: id
columns:
  - {name: id, format: citizen_id, required: true, unique: true, grade: GENERAL-4, category: citizen_id}
  - {name: born, source: 出生日期, type: date, format: "slash,chinese", clean: [trim], title: {zh: 出生, en: Born}}
  - {name: pay, type: "decimal(12,2)", clean: [thousands]}
  - {name: at, type: timestamp}
  - {name: level}
rules:
  - {name: level-known, kind: set, column: level, values: [甲, 乙], says: {zh: 级别, en: Level}}
  - {name: level-there, kind: not_null, column: level, severity: warn}
  - {name: level-shape, kind: pattern, column: level, pattern: "[甲乙]"}
  - {name: one, kind: unique, columns: [born, level]}
  - {name: enough, kind: range, column: pay, min: 0, when: level, equals: [甲]}
  - {name: own, kind: predicate, expression: "pay >= 0 OR level = '乙'"}
  - {name: fresh, kind: freshness, column: at, days: 30}
  - {name: many, kind: row_count, change: 0.5}
"""
FOREIGN = """
apiVersion: v3.0.2
kind: DataContract
id: 53d3e7d5
version: 1.0.0
status: active
schema:
  - name: orders
    physicalName: orders_v1
    properties:
      - {name: order_id, logicalType: string, physicalType: TEXT, primaryKey: true, required: true}
      - {name: placed, physicalName: 下单日期, logicalType: date, logicalTypeOptions: {format: yyyy/MM/dd}}
      - name: amount
        logicalType: number
        physicalType: DECIMAL(10, 2)
        logicalTypeOptions: {minimum: 0}
        quality: [{type: library, rule: nullValues, mustBe: 0}, {type: text, description: should be plausible}]
      - {name: state, logicalType: string, logicalTypeOptions: {maxLength: 8},
         quality: [{metric: invalidValues, arguments: {validValues: [new, paid]}, mustBe: 0, severity: warning}]}
    quality:
      - {type: library, metric: rowCount, mustBeGreaterThan: 10}
"""


def contracts() -> list[Contract]:
    return [load(RICH), *(load(p.read_text(encoding="utf-8")) for p in sorted(CONTRACTS.glob("*.yaml")))]


def ordered(contract: Contract) -> Contract:
    """The standard puts rules with their columns; their order has no meaning."""
    return replace(contract, rules=tuple(sorted(contract.rules, key=lambda r: r.name)))


@pytest.mark.parametrize("contract", contracts(), ids=lambda c: c.resource)
def test_there_and_back_nothing_is_lost(contract: Contract) -> None:
    assert ordered(load(yaml.safe_dump(to_odcs(contract), allow_unicode=True))) == ordered(contract)


@pytest.mark.parametrize("contract", contracts(), ids=lambda c: c.resource)
def test_what_goes_out_is_a_contract_of_the_standard(contract: Contract) -> None:
    read = OpenDataContractStandard.from_string(yaml.safe_dump(to_odcs(contract), allow_unicode=True))
    assert read.schema_ is not None
    (table,) = read.schema_
    assert [p.name for p in table.properties or ()] == [c.name for c in contract.columns]
    assert (read.kind, read.apiVersion) == ("DataContract", "v3.1.0")
    assert ordered(from_odcs(yaml.safe_load(read.to_yaml()))) == ordered(contract)


def test_a_contract_that_others_wrote_is_held() -> None:
    contract = load(FOREIGN)
    assert contract.resource == "orders_v1"
    assert [(c.name, c.type, c.format, c.source) for c in contract.columns] == [
        ("order_id", "string", "", ""),
        ("placed", "date", "slash", "下单日期"),
        ("amount", "decimal(10,2)", "", ""),
        ("state", "string", "", ""),
    ]
    assert {r.name for r in contract.all_rules} >= {
        "not_null:order_id",
        "unique:order_id",
        "range:amount",
        "length:state",
    }
    rules = {(r.kind, r.columns, r.severity) for r in contract.rules}
    assert rules == {
        (Kind.RANGE, ("amount",), Severity.QUARANTINE),
        (Kind.NOT_NULL, ("amount",), Severity.QUARANTINE),
        (Kind.LENGTH, ("state",), Severity.QUARANTINE),
        (Kind.SET, ("state",), Severity.WARN),
        (Kind.ROW_COUNT, (), Severity.WARN),
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            ("type: library, rule: nullValues, mustBe: 0", "type: sql, query: SELECT 1, mustBe: 0, name: q"),
            "contract.bad-rule",
        ),
        (("rowCount, mustBeGreaterThan", "rowCount, mustNotBe"), "contract.bad-rule"),
        (("apiVersion: v3.0.2", "apiVersion: v2.2.2"), "contract.unreadable"),
        (("schema:\n  - name: orders", "schema: []\nx:\n  - name: orders"), "contract.unreadable"),
    ],
)
def test_what_cannot_be_held_is_refused_by_name(change: tuple[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(FOREIGN.replace(*change))
    assert refused.value.refusals[0].code == code
