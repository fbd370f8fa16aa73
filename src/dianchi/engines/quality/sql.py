"""Columns and rules as SQL: the typed value of a text, and the condition under which a row breaks a rule.

Every condition is total: it never fails, and it is true, false or NULL (NULL: not broken).
"""

from __future__ import annotations

from collections.abc import Callable

from dianchi.engines.quality.contract import ColumnContract, Contract, Kind, Rule
from dianchi.engines.quality.formats import PREPARED, TIMES, matches, named, quoted

_SPACES = " \t\u3000\u00a0"
_FULL = "".join(chr(c) for c in range(0xFF01, 0xFF5F)) + "\u3000"
_HALF = "".join(chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)) + " "
_TRUE = ("true", "1", "是", "y", "yes", "t")
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_FALSE = ("false", "0", "否", "n", "no", "f")


def text(column: ColumnContract) -> str:
    """The column's text after its declared cleaning; empty text is a missing value."""
    value = named(column.header)
    if "halfwidth" in column.clean:
        value = f"translate({value}, {quoted(_FULL)}, {quoted(_HALF)})"
    if "trim" in column.clean:
        value = f"trim({value}, {quoted(_SPACES)})"
    if "thousands" in column.clean:
        value = f"replace({value}, ',', '')"
    return f"nullif({value}, '')"


def typed(column: ColumnContract, value: str) -> str:
    """The value in its declared type, NULL where the text is no such value; nothing is rounded or cut."""
    if column.type == "string":
        return value
    if column.type in {"date", "timestamp"}:
        return _time(column, value)
    if column.type == "boolean":
        yes, no = (", ".join(quoted(w) for w in words) for words in (_TRUE, _FALSE))
        return f"CASE WHEN lower({value}) IN ({yes}) THEN true WHEN lower({value}) IN ({no}) THEN false END"
    if column.type == "integer":
        return _if_shaped(value, "[+-]?[0-9]{1,19}", f"TRY_CAST({value} AS BIGINT)")
    if column.type == "double":
        return _if_shaped(value, _NUMBER, f"TRY_CAST({value} AS DOUBLE)")
    precision, scale = column.arrow.precision, column.arrow.scale
    shape = rf"[+-]?0*[0-9]{{0,{precision - scale}}}(\.[0-9]{{0,{scale}}}0*)?"
    return _if_shaped(value, shape, f"TRY_CAST({value} AS DECIMAL({precision},{scale}))")


def _if_shaped(value: str, shape: str, then: str) -> str:
    return f"CASE WHEN regexp_full_match({value}, {quoted(shape)}) THEN {then} END"


def _time(column: ColumnContract, value: str) -> str:
    cases = []
    for name in column.formats or (("iso",) if column.type == "date" else ("datetime",)):
        shape, pattern = TIMES[name]
        ready = f"replace({value}, 'T', ' ')" if "[ T]" in shape else PREPARED.get(name, str)(value)
        patterns = [quoted(p) for p in pattern.split("|")]
        many = patterns[0] if len(patterns) == 1 else f"[{', '.join(patterns)}]"
        parsed = f"try_strptime({ready}, {many})"
        cases.append(f"WHEN regexp_full_match({value}, {quoted(shape)}) THEN {parsed}")
    return f"CAST(CASE {' '.join(cases)} END AS {'DATE' if column.type == 'date' else 'TIMESTAMP'})"


class Names:
    """How the staged query names a contract's columns: v0… typed values, x0… their text."""

    def __init__(self, contract: Contract) -> None:
        self._at = {c.name: i for i, c in enumerate(contract.columns)}
        self._contract = contract

    def value(self, column: str) -> str:
        """The typed value."""
        return f"v{self._at[column]}"

    def text(self, column: str) -> str:
        """The text after cleaning."""
        string = self._contract.column(column).type == "string"
        return self.value(column) if string else f"x{self._at[column]}"

    def column(self, column: str) -> ColumnContract:
        """The column itself."""
        return self._contract.column(column)


def broken(rule: Rule, names: Names, position: int) -> str:
    """The condition under which one row, seen alone, breaks the rule; position names its reference table."""
    condition = _ROWWISE[rule.kind](rule, names, position)
    if not rule.when:
        return condition
    values = ", ".join(quoted(v) for v in rule.equals)
    return f"({names.text(rule.when)} IN ({values})) AND ({condition})"


def _type(rule: Rule, names: Names, _: int) -> str:
    (column,) = rule.columns
    return f"{names.text(column)} IS NOT NULL AND {names.value(column)} IS NULL"


def _not_null(rule: Rule, names: Names, _: int) -> str:
    return f"{names.text(rule.columns[0])} IS NULL"


def _range(rule: Rule, names: Names, _: int) -> str:
    return _bounds(rule, names.value(rule.columns[0]), names.column(rule.columns[0]).type)


def _length(rule: Rule, names: Names, _: int) -> str:
    return _bounds(rule, f"length({names.text(rule.columns[0])})", "integer")


def _bounds(rule: Rule, value: str, kind: str) -> str:
    parts = []
    for name, sign in (("min", "<"), ("max", ">")):
        if name in rule.arguments:
            bound = quoted(str(rule.arguments[name]))
            parts.append(f"{value} {sign} TRY_CAST({bound} AS {_sql_type(kind)})")
    return " OR ".join(parts)


def _sql_type(kind: str) -> str:
    if kind.startswith("decimal"):
        return kind.upper()
    return {"integer": "BIGINT", "string": "VARCHAR"}.get(kind, kind.upper())


def _set(rule: Rule, names: Names, _: int) -> str:
    values = rule.arguments["values"]
    assert isinstance(values, tuple)
    return f"{names.text(rule.columns[0])} NOT IN ({', '.join(quoted(v) for v in values)})"


def _pattern(rule: Rule, names: Names, _: int) -> str:
    return f"NOT regexp_full_match({names.text(rule.columns[0])}, {quoted(rule.text)})"


def _format(rule: Rule, names: Names, _: int) -> str:
    kinds = [k.strip() for k in rule.text.split(",")]
    return f"NOT ({' OR '.join(matches(k, names.text(rule.columns[0])) for k in kinds)})"


def _compare(rule: Rule, names: Names, _: int) -> str:
    if rule.arguments["op"] == "starts_with":
        return f"NOT starts_with({names.text(rule.columns[0])}, {names.text(str(rule.arguments['with']))})"
    left = " + ".join(names.value(c) for c in rule.columns)
    other = rule.arguments["with"]
    right = " + ".join(names.value(c) for c in (other if isinstance(other, tuple) else (str(other),)))
    return f"NOT ({left} {rule.arguments['op']} {right})"


def _reference(rule: Rule, names: Names, position: int) -> str:
    column = names.text(rule.columns[0])
    return f"{column} IS NOT NULL AND {column} NOT IN (SELECT key FROM reference{position})"  # noqa: S608 - own names


def _predicate(rule: Rule, names: Names, _: int) -> str:
    from dianchi.engines.quality import predicate

    return f"NOT {predicate.sql(rule.text, names.value)}"


_ROWWISE: dict[Kind, Callable[[Rule, Names, int], str]] = {
    Kind.TYPE: _type,
    Kind.NOT_NULL: _not_null,
    Kind.RANGE: _range,
    Kind.LENGTH: _length,
    Kind.SET: _set,
    Kind.PATTERN: _pattern,
    Kind.FORMAT: _format,
    Kind.COMPARE: _compare,
    Kind.REFERENCE: _reference,
    Kind.PREDICATE: _predicate,
}
