"""What an act would stop, shown before it is confirmed: every running case, the live keys, whom to tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dianchi.chapters.supervision.closures import reach
from dianchi.chapters.supervision.corrections.lifecycle import SUSPENDABLE
from dianchi.chapters.supervision.exits import standing
from dianchi.foundation.cases.registry import case_type
from dianchi.interfaces.web import parties
from dianchi.kernel.text import Text

MOST = 200


@dataclass(frozen=True)
class Stop:
    """One running thing that would stop."""

    kind: Text
    case: Any
    party: str


@dataclass(frozen=True)
class Stops:
    """All of them, counted by kind, with whom it concerns."""

    counts: list[tuple[Text, int]]
    rows: list[Stop]
    told: list[str]

    @property
    def more(self) -> int:
        """How many are not listed."""
        return sum(n for _, n in self.counts[:-1]) - len(self.rows)


def _named(case: Any, values: Mapping[str, Any]) -> reach.Reach:
    return reach.of(str(values["scope"]), str(values.get("target", "")))


_REACH: dict[tuple[str, str], Callable[[Any, Mapping[str, Any]], reach.Reach]] = {
    ("closures", "shut"): _named,
    ("incidents", "freeze"): _named,
    ("corrections", "suspend"): lambda case, _: reach.of(SUSPENDABLE[case.party_role], case.party),
    ("exits", "confirm"): lambda case, _: standing.reached(case),
}


def shown(kind: str, act: str) -> bool:
    """Whether the act stops things, so that they are shown before it is done."""
    return (kind, act) in _REACH


def stops(kind: str, act: str, case: Any, values: Mapping[str, Any]) -> Stops | None:
    """What the act would stop; None for acts that stop nothing."""
    return said(_REACH[kind, act](case, values)) if shown(kind, act) else None


def said(what: reach.Reach) -> Stops:
    """A reach as people read it."""
    kinds = {"orders": what.orders, "products": what.products, "requests": what.requests, "contracts": what.contracts,
             "agreements": what.agreements}  # fmt: skip
    counts = [(case_type(name).lifecycle.title, found.count()) for name, found in kinds.items()]
    cases = [case for _, case in zip(range(MOST), what.cases, strict=False)]
    owners = {c.code: _owner(c) for c in cases}
    names = parties.names({*owners.values(), *what.parties})
    rows = [Stop(c.lifecycle.title, c, names.get(owners[c.code], "")) for c in cases]
    told = sorted(names[p] for p in what.parties if p in names)
    return Stops([*counts, (Text("有效密钥", "Live keys"), what.keys)], rows, told)


def _owner(case: Any) -> str:
    """Who loses it: the consumer of an order, the developer of a product, the operator of an agreement."""
    if case.lifecycle.name == "orders":
        return str(case.opened_for)
    return str(getattr(case, "developer", None) or getattr(case, "operator", ""))
