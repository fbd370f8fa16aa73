"""Values of a program's parameters, read from text and held to their declaration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from dianchi.engines.guard import Parameter
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

_READ = {"DATE": date.fromisoformat, "BIGINT": int, "DECIMAL(18,6)": Decimal, "VARCHAR": str}
_WRONG = Text(
    "参数“{name}”缺失、未声明、类型不符或超出范围", "“{name}” is missing, undeclared, of another type or out of bounds"
)
_REMEDY = Text("请按声明的类型与范围填写", "Give it with its declared type and within its bounds")


def bind(declared: Mapping[str, Parameter], given: Mapping[str, str]) -> dict[str, Any]:
    """The values as the guard takes them; Invalid naming each that does not fit its declaration."""
    values: dict[str, Any] = {}
    wrong = [name for name in given if name not in declared]
    for name, parameter in declared.items():
        try:
            values[name] = _READ[parameter.type](given[name])
        except (KeyError, ValueError, InvalidOperation):
            wrong.append(name)
            continue
        if not parameter.admits(values[name]):
            wrong.append(name)
    if wrong:
        raise Invalid(*(Refusal("runs.argument", _WRONG.format(name=n[:40]), remedy=_REMEDY, field="arguments")
                        for n in dict.fromkeys(wrong)))  # fmt: skip
    return values
