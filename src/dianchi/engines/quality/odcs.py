"""Contracts as the Open Data Contract Standard (ODCS v3) writes them, in and out.

What the standard can say is said in its terms; what it cannot (check digits, cleaning, conditions) stands in custom
properties and in quality checks of the engine "dianchi", so that nothing is lost on the way there and back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dianchi.engines.quality import yaml as plain_contracts
from dianchi.engines.quality.contract import ColumnContract, Contract, Dimension, Kind, Rule, Severity
from dianchi.engines.quality.refusals import BAD_RULE, UNREADABLE
from dianchi.kernel.errors import Invalid
from dianchi.kernel.text import Text

VERSION = "v3.1.0"
ENGINE = "dianchi"
_LOGICAL = {"integer": "integer", "double": "number", "boolean": "boolean", "date": "date", "timestamp": "timestamp"}
_JAVA = {"yyyy-MM-dd": "iso", "yyyy-M-d": "dash", "yyyy/M/d": "slash", "yyyy/MM/dd": "slash", "yyyyMMdd": "compact",
         "yyyy年M月d日": "chinese", "yyyy.M.d": "dot", "yyyy-MM-dd HH:mm:ss": "datetime",
         "yyyy/M/d H:mm:ss": "datetime.slash", "yyyy-MM-dd HH:mm": "datetime.minute"}  # fmt: skip
_DIMENSIONS = {
    Dimension.NORMATIVE: "conformity", Dimension.COMPLETE: "completeness", Dimension.ACCURATE: "accuracy",
    Dimension.CONSISTENT: "consistency", Dimension.TIMELY: "timeliness", Dimension.ACCESSIBLE: "coverage",
}  # fmt: skip
_SEVERITIES = {Severity.QUARANTINE: "error", Severity.WARN: "warning"}
_DECIMAL = re.compile(r"(?:decimal|numeric)\((\d+), ?(\d+)\)\Z", re.I)


def is_odcs(plain: object) -> bool:
    """Whether a plain object is a contract of the standard."""
    return isinstance(plain, Mapping) and "apiVersion" in plain and "schema" in plain


def to_odcs(contract: Contract) -> dict[str, Any]:
    """The contract as a plain object of the standard."""
    own = {"grade": contract.grade, "subject": contract.subject, "title": _said(contract.title)}
    by_column: dict[str, list[dict[str, Any]]] = {}
    for rule in contract.rules:
        place = rule.columns[0] if len(rule.columns) == 1 else ""
        by_column.setdefault(place, []).append(_check(rule))
    table = {
        "name": contract.resource, "physicalName": contract.resource, "logicalType": "object", "physicalType": "table",
        "businessName": str(contract.title) or None,
        "properties": [_property(c, by_column.get(c.name, [])) for c in contract.columns],
        "quality": by_column.get(""),
    }  # fmt: skip
    whole = {
        "apiVersion": VERSION, "kind": "DataContract", "id": contract.resource, "name": str(contract.title) or None,
        "version": "1.0.0", "status": "active", "schema": [_full(table)], "customProperties": _custom(own),
    }  # fmt: skip
    return _full(whole)


def _full(plain: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in plain.items() if value not in (None, "", [], {})}


def _custom(own: Mapping[str, object]) -> list[dict[str, Any]]:
    return [{"property": f"{ENGINE}.{key}", "value": value} for key, value in own.items() if value]


def _said(text: Text | str) -> object:
    """A text that has two languages, which the standard's fields have not."""
    return {"zh": str(text), "en": text.en} if isinstance(text, Text) else ""


def _property(column: ColumnContract, checks: list[dict[str, Any]]) -> dict[str, Any]:
    java = next((j for j, ours in _JAVA.items() if column.format == ours), "")
    own = {"format": column.format, "clean": list(column.clean), "category": column.category,
           "title": _said(column.title)}  # fmt: skip
    made = {
        "name": column.name, "physicalName": column.source, "physicalType": column.type, "businessName": str(column.title),
        "logicalType": "number" if column.type.startswith("decimal") else _LOGICAL.get(column.type, "string"),
        "logicalTypeOptions": {"format": java} if java and column.type in {"date", "timestamp"} else None,
        "required": column.required or None, "unique": column.unique or None, "classification": column.grade,
        "customProperties": _custom(own), "quality": checks,
    }  # fmt: skip
    return _full(made)


def _check(rule: Rule) -> dict[str, Any]:
    """A rule as one of the standard's metrics where it is one, else in our own words."""
    said = _said(rule.says)
    about = {
        "name": rule.name, "description": str(rule.says), "dimension": _DIMENSIONS[rule.dimension],
        "severity": _SEVERITIES[rule.severity], "customProperties": _custom({"says": said}),
    }  # fmt: skip
    if (metric := _metric(rule)) and not rule.when:
        return _full({**about, "type": "library", **metric}) | {"mustBe": 0}
    implementation = {
        k: v for k, v in plain_contracts.plain_rule(rule).items() if k not in {"name", "severity", "says"}
    }
    return _full({**about, "type": "custom", "engine": ENGINE, "implementation": implementation})


def _metric(rule: Rule) -> dict[str, Any] | None:
    if rule.kind is Kind.NOT_NULL:
        return {"metric": "nullValues"}
    if rule.kind is Kind.UNIQUE:
        several = len(rule.columns) > 1
        return {"metric": "duplicateValues", **({"arguments": {"properties": list(rule.columns)}} if several else {})}
    if rule.kind is Kind.SET:
        return {"metric": "invalidValues", "arguments": {"validValues": list(rule.arguments["values"])}}  # type: ignore[arg-type]
    if rule.kind is Kind.PATTERN:
        return {"metric": "invalidValues", "arguments": {"pattern": rule.arguments["pattern"]}}
    return None


def from_odcs(plain: Any) -> Contract:
    """The contract of an object of the standard; Invalid names the check that cannot be held here."""
    try:
        return _contract(plain)
    except Invalid:  # which is a ValueError too
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise Invalid(UNREADABLE) from None


def _contract(plain: Any) -> Contract:
    if not re.match(r"v3\.\d+\.\d+\Z", str(plain["apiVersion"])) or plain.get("kind") != "DataContract":
        raise Invalid(UNREADABLE)
    (table,) = plain["schema"]
    own = _own(plain)
    columns = tuple(_column(p) for p in table["properties"])
    rules = [rule for p in table["properties"] for rule in (*_options(p), *_rules(p.get("quality"), str(p["name"])))]
    key = tuple(str(p["name"]) for p in table["properties"] if p.get("primaryKey"))
    if len(key) > 1:
        rules.append(Rule("primary-key", Kind.UNIQUE, key))
    rules += _rules(table.get("quality"), "")
    return Contract(
        resource=str(table.get("physicalName") or table["name"]), columns=columns, rules=tuple(rules),
        subject=own.get("subject"), title=_text(own.get("title"), plain.get("name") or table.get("businessName")),
        grade=str(own.get("grade") or ""),
    )  # fmt: skip


def _own(plain: Mapping[str, Any]) -> dict[str, Any]:
    found = {str(c["property"]): c.get("value") for c in plain.get("customProperties") or ()}
    return {k.removeprefix(f"{ENGINE}."): v for k, v in found.items() if k.startswith(f"{ENGINE}.")}


def _text(both: Any, one: Any) -> Text | str:
    return Text(str(both["zh"]), str(both["en"])) if isinstance(both, Mapping) else str(one or "")


def _column(plain: Any) -> ColumnContract:
    own, alone = _own(plain), bool(plain.get("primaryKey")) and plain.get("primaryKeyPosition", 1) in (1, -1)
    physical = str(plain.get("physicalName") or "")
    kind = _type(plain)
    given = str((plain.get("logicalTypeOptions") or {}).get("format") or "")
    form = str(own.get("format") or (_JAVA.get(given, "") if kind in {"date", "timestamp"} else _known(given)))
    return ColumnContract(
        name=str(plain["name"]), type=kind, format=form, source="" if physical == plain["name"] else physical,
        title=_text(own.get("title"), plain.get("businessName")), clean=tuple(own.get("clean") or ()),
        required=bool(plain.get("required") or plain.get("primaryKey")),
        unique=bool(plain.get("unique") or (alone and "primaryKeyPosition" not in plain)),
        category=str(own.get("category") or ""), grade=str(plain.get("classification") or ""),
    )  # fmt: skip


def _known(form: str) -> str:
    return form if form == "email" else ""


def _type(plain: Any) -> str:
    physical, logical = str(plain.get("physicalType") or ""), str(plain.get("logicalType") or "string")
    if decimal := _DECIMAL.match(physical):
        return f"decimal({decimal[1]},{decimal[2]})"
    if logical == "number":
        return "double"
    if logical == "date" and re.match(r"timestamp|datetime", physical, re.I):
        return "timestamp"
    return next((ours for ours, theirs in _LOGICAL.items() if theirs == logical), "string")


_OPTIONS = (
    (Kind.RANGE, {"minimum": "min", "maximum": "max"}),
    (Kind.LENGTH, {"minLength": "min", "maxLength": "max"}),
    (Kind.PATTERN, {"pattern": "pattern"}),
)


def _options(plain: Any) -> list[Rule]:
    """The rules that a property's type options and enumeration imply."""
    name, options = str(plain["name"]), plain.get("logicalTypeOptions") or {}
    rules = []
    for kind, names in _OPTIONS:
        if arguments := {ours: options[theirs] for theirs, ours in names.items() if theirs in options}:
            rules.append(Rule(f"{kind}:{name}", kind, (name,), arguments))
    if values := tuple(str(e["value"]) for e in plain.get("enum") or ()):
        rules.append(Rule(f"set:{name}", Kind.SET, (name,), {"values": values}))
    return rules


def _rules(checks: Any, column: str) -> list[Rule]:
    return [_rule(c, column, i) for i, c in enumerate(checks or (), 1) if c.get("type", "library") != "text"]


def _rule(plain: Any, column: str, position: int) -> Rule:
    metric = plain.get("metric") or plain.get("rule")
    name = str(plain.get("name") or plain.get("id") or f"{metric or plain.get('type')}:{column or 'table'}:{position}")
    says = _text(_own(plain).get("says"), plain.get("description"))
    about: dict[str, Any] = {"name": name, "severity": _severity(plain), "says": says}
    if plain.get("engine") == ENGINE and isinstance(plain.get("implementation"), Mapping):
        made = {**plain["implementation"], "name": name, "severity": str(about["severity"])}
        rule = plain_contracts.rule(made)
        return Rule(rule.name, rule.kind, rule.columns, rule.arguments, rule.severity, says, rule.when, rule.equals)
    arguments = plain.get("arguments") or {}
    columns = (column,) if column else tuple(str(c) for c in arguments.get("properties") or ())
    none = plain.get("mustBe") in (0, 0.0) and "mustBe" in plain
    if metric in {"nullValues", "missingValues"} and none:
        return Rule(kind=Kind.NOT_NULL, columns=columns, **about)
    if metric == "duplicateValues" and none:
        return Rule(kind=Kind.UNIQUE, columns=columns, **about)
    if metric == "invalidValues" and none and "validValues" in arguments:
        values = tuple(str(v) for v in arguments["validValues"])
        return Rule(kind=Kind.SET, columns=columns, arguments={"values": values}, **about)
    if metric == "invalidValues" and none and "pattern" in arguments:
        return Rule(kind=Kind.PATTERN, columns=columns, arguments={"pattern": str(arguments["pattern"])}, **about)
    if metric == "rowCount" and (bounds := _bounds(plain)):
        return Rule(kind=Kind.ROW_COUNT, columns=(), arguments=bounds, **{**about, "severity": Severity.WARN})
    problem = Text("标准中的这种检查在此无法执行", "this check of the standard cannot be held here")
    raise Invalid(BAD_RULE.saying(rule=name, problem=problem))


def _severity(plain: Any) -> Severity:
    return (
        Severity.WARN if str(plain.get("severity", "")).lower() in {"warning", "warn", "info"} else Severity.QUARANTINE
    )


def _bounds(plain: Any) -> dict[str, int]:
    low, high = plain.get("mustBeBetween") or (None, None)
    low = plain.get("mustBeGreaterOrEqualTo", low)
    low = plain["mustBeGreaterThan"] + 1 if "mustBeGreaterThan" in plain else low
    high = plain.get("mustBeLessOrEqualTo", high)
    high = plain["mustBeLessThan"] - 1 if "mustBeLessThan" in plain else high
    if "mustBe" in plain:
        low = high = plain["mustBe"]
    return {name: int(bound) for name, bound in (("min", low), ("max", high)) if bound is not None}
