"""A query under its grant: compiled by the guard, fixed by a digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from dianchi.engines import guard
from dianchi.kernel import canonical
from dianchi.kernel.errors import DomainError, Refusal

_READ: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "date": ("DATE", date.fromisoformat),
    "integer": ("BIGINT", int),
    "decimal": ("DECIMAL(18,6)", Decimal),
    "text": ("VARCHAR", str),
}


def bound_parameters(declared: Iterable[Mapping[str, Any]]) -> dict[str, guard.Parameter]:
    """The parameters as the guard binds them; ValueError if one stands twice or its bounds do not fit its type."""
    found: dict[str, guard.Parameter] = {}
    for parameter in declared:
        name = str(parameter["name"])
        if name in found:
            raise ValueError(name)
        kind, read = _READ[parameter["type"]]
        try:
            least, most = (read(parameter[end]) if parameter[end] else None for end in ("minimum", "maximum"))
            choices = tuple(read(choice) for choice in parameter["choices"])
        except InvalidOperation as error:
            raise ValueError(name) from error
        if least is not None and most is not None and least > most:
            raise ValueError(name)
        found[name] = guard.Parameter(name, kind, least, most, choices)
    return found


def refusals(sql: str, parameters: Mapping[str, guard.Parameter], grant: guard.Grant) -> tuple[Refusal, ...]:
    """Everything that the guard has against the query; nothing if it may run."""
    try:
        guard.compile(sql, grant, parameters)
    except DomainError as refused:
        return refused.refusals
    return ()


def plan_digest(sql: str, parameters: Iterable[Mapping[str, Any]], grant: guard.Grant) -> str:
    """SM3 of what a review is bound to: the query, its parameters and the policy of its data."""
    return canonical.sm3({"sql": sql, "parameters": list(parameters), "policy": grant.digest, "purpose": grant.purpose})
