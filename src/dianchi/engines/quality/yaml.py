"""Contracts as people write and exchange them: YAML or JSON of one plain shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from dianchi.engines.quality.contract import WHOLE, ColumnContract, Contract, Kind, Rule, Severity
from dianchi.engines.quality.refusals import UNREADABLE
from dianchi.kernel.errors import Invalid
from dianchi.kernel.text import Text

_LIMIT = 1 << 20
_RULE_FIELDS = {"name", "kind", "column", "columns", "severity", "says", "when", "equals"}


def load(text: str) -> Contract:
    """Read a contract from YAML or JSON text, ours or of the standard (ODCS v3); Invalid says which column or rule is ill defined."""
    if len(text) > _LIMIT:
        raise Invalid(UNREADABLE)
    try:
        plain = yaml.load(text, _Plain)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Invalid(UNREADABLE) from None
    return from_dict(plain)


def dump(contract: Contract) -> str:
    """The contract as YAML that `load` reads back to an equal contract."""
    return yaml.safe_dump(to_dict(contract), allow_unicode=True, sort_keys=False, width=120)


class _Plain(yaml.SafeLoader):
    """YAML without surprises: no anchors, by which a small file could unfold into a large one; and only what JSON
    calls so is a number, a truth value or nothing: `on`, `no`, `0101` and `2020-01-01` stay text.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not used in contracts")
        return super().compose_node(parent, index)


_Plain.yaml_implicit_resolvers = {}
for _tag, _shape, _first in (
    ("bool", r"^(true|false)$", "tf"),
    ("null", r"^(null|~|)$", ["n", "~", ""]),
    ("int", r"^-?(0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
):
    _Plain.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_shape), list(_first))


def from_dict(plain: object) -> Contract:
    """The contract of a plain object, ours or of the standard (ODCS v3)."""
    from dianchi.engines.quality import odcs

    if odcs.is_odcs(plain):
        return odcs.from_odcs(plain)
    try:
        return _contract(plain)
    except Invalid:  # which is a ValueError too
        raise
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Invalid(UNREADABLE) from None


def to_dict(contract: Contract) -> dict[str, object]:
    """The contract as a plain object, without what is default."""
    plain = {
        "resource": contract.resource,
        "title": _plain_text(contract.title),
        "grade": contract.grade,
        "subject": contract.subject,
        "columns": [_plain_column(c) for c in contract.columns],
        "rules": [plain_rule(r) for r in contract.rules],
    }
    return {k: v for k, v in plain.items() if v}


def _contract(plain: Any) -> Contract:
    _only(plain, {"resource", "title", "grade", "subject", "columns", "rules"})
    return Contract(
        resource=str(plain["resource"]),
        columns=tuple(_column(c) for c in plain["columns"]),
        rules=tuple(rule(r) for r in plain.get("rules") or ()),
        subject=plain.get("subject"),
        title=_text(plain.get("title", "")),
        grade=str(plain.get("grade", "")),
    )


def _column(plain: Any) -> ColumnContract:
    _only(plain, set(ColumnContract.__dataclass_fields__))
    values = dict(plain)
    values["name"] = str(values["name"])
    values["title"] = _text(values.get("title", ""))
    values["clean"] = _tuple(values.get("clean", ()))
    for flag in ("required", "unique"):
        if not isinstance(values.get(flag, False), bool):
            raise TypeError(flag)
    return ColumnContract(**values)


def rule(plain: Any) -> Rule:
    """A rule of a plain object."""
    columns = (
        _tuple(plain["columns"]) if "columns" in plain else tuple(str(plain[k]) for k in ("column",) if k in plain)
    )
    arguments = {k: _argument(v) for k, v in plain.items() if k not in _RULE_FIELDS}
    kind = Kind(plain["kind"])
    usual = Severity.WARN if kind in (Kind.NON_DECREASING, *WHOLE) else Severity.QUARANTINE
    severity = Severity(plain.get("severity", usual))
    return Rule(
        name=str(plain["name"]),
        kind=kind,
        columns=columns,
        arguments=arguments,
        severity=severity,
        says=_text(plain.get("says", "")),
        when=str(plain.get("when", "")),
        equals=_tuple(plain.get("equals", ())),
    )


def _argument(value: Any) -> str | int | float | tuple[str, ...]:
    if isinstance(value, list):
        return _tuple(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return str(value)


def _tuple(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError("a list is needed")
    return tuple(str(v) for v in value)


def _text(value: Any) -> Text | str:
    return Text(str(value["zh"]), str(value["en"])) if isinstance(value, Mapping) else str(value)


def _only(plain: Any, known: set[str]) -> None:
    if not isinstance(plain, Mapping) or set(plain) - known:
        raise ValueError("unknown field")


def _plain_text(value: Text | str) -> object:
    return {"zh": str(value), "en": value.en} if isinstance(value, Text) else str(value)


def _plain_column(column: ColumnContract) -> dict[str, object]:
    plain: dict[str, object] = {}
    for name in ColumnContract.__dataclass_fields__:
        value = getattr(column, name)
        if value or name == "type":
            plain[name] = _plain_text(value) if name == "title" else list(value) if isinstance(value, tuple) else value
    return plain


def plain_rule(rule: Rule) -> dict[str, object]:
    """A rule as a plain object."""
    columns: dict[str, object] = {"column": rule.columns[0]} if len(rule.columns) == 1 else {}
    if len(rule.columns) > 1:
        columns = {"columns": list(rule.columns)}
    if rule.kind is Kind.PREDICATE:  # its expression names them
        columns = {}
    arguments = {k: list(v) if isinstance(v, tuple) else v for k, v in rule.arguments.items()}
    plain = {"name": rule.name, "kind": str(rule.kind), **columns, **arguments, "severity": str(rule.severity)}
    if rule.when:
        plain |= {"when": rule.when, "equals": list(rule.equals)}
    return {**plain, "says": _plain_text(rule.says)} if rule.says else plain
