"""Parameters from the outside, checked; results to the outside, exact and stable."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from dianchi.engines.guard import Parameter
from dianchi.kernel import canonical
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

_READ = {"DATE": date.fromisoformat, "BIGINT": int, "DECIMAL(18,6)": Decimal, "VARCHAR": str}
_DIGITS = 12  # significant digits of a double that leave: the order of a parallel sum does not show in them


def bind(declared: Mapping[str, Parameter], given: Mapping[str, str]) -> dict[str, Any]:
    """The values of a product's parameters; Invalid naming each that is missing, unknown, malformed or out of bounds."""
    problems = [
        _problem("unknown-parameter", Text("没有这个参数", "There is no such parameter"), n)
        for n in given
        if n not in declared
    ]
    values: dict[str, Any] = {}
    for name, parameter in declared.items():
        if name not in given:
            problems.append(_problem("parameter-missing", Text("缺少参数", "The parameter is missing"), name))
            continue
        try:
            value = _READ[parameter.type](given[name])
        except (ValueError, InvalidOperation):
            problems.append(_problem("parameter-malformed", Text("参数格式不对", "The parameter is malformed"), name))
            continue
        if _outside(parameter, value):
            problems.append(
                _problem("parameter-out-of-bounds", Text("参数超出允许范围", "The parameter is out of bounds"), name)
            )
        values[name] = value
    if problems:
        raise Invalid(*problems)
    return values


def _outside(parameter: Parameter, value: Any) -> bool:
    if isinstance(value, Decimal) and not value.is_finite():
        return True
    if isinstance(value, str) and len(value) > parameter.longest:
        return True
    low = parameter.least is not None and value < parameter.least
    high = parameter.most is not None and value > parameter.most
    return low or high or (bool(parameter.choices) and value not in parameter.choices)


def _problem(code: str, message: Text, name: str) -> Refusal:
    remedy = Text("请查看产品的参数说明", "See the parameters on the product's page")
    return Refusal(f"gate.{code}", message, remedy=remedy, field=name[:60])


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """The rows as plain values in the query's order."""
    return [{name: plain(value) for name, value in row.items()} for row in table.to_pylist()]


def plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if not math.isfinite(value) else Decimal(f"{value:.{_DIGITS}g}")
    if isinstance(value, datetime | time):
        return value.isoformat()
    return value


def digest(table_rows: list[dict[str, Any]]) -> str:
    """SM3 of the canonical rows; the same for what was told as JSON and read again with exact decimals."""
    return canonical.sm3(_told(table_rows))


def _told(value: Any) -> Any:
    """Numbers by what they are worth: 12.50 and 12.5 are one, and so are 12.0 and 12."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
    if isinstance(value, dict):
        return {name: _told(v) for name, v in value.items()}
    return [_told(v) for v in value] if isinstance(value, list) else value


class _Exact(json.JSONEncoder):
    """Decimals as JSON numbers with their own digits."""

    def default(self, value: Any) -> Any:
        """What JSON does not know."""
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else _Number(value)
        return super().default(value)


class _Number(float):
    """A float that prints the decimal it was made of."""

    def __new__(cls, value: Decimal) -> _Number:
        number = super().__new__(cls, value)
        number.text = format(value, "f")  # type: ignore[attr-defined]
        return number

    def __repr__(self) -> str:
        return str(self.text)  # type: ignore[attr-defined]


def to_json(value: Any) -> bytes:
    """UTF-8 JSON without escapes."""
    return json.dumps(value, ensure_ascii=False, cls=_Exact, separators=(",", ":")).encode()
