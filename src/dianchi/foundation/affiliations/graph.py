"""Whether two organisations are related, and by which path: shares through chains, control, common control.

Pure arithmetic over frozen links. Effective shares multiply along a chain and add up over chains; cycles are cut
because no path visits an organisation twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from dianchi.kernel.text import Text


class Tie(StrEnum):
    """What binds one organisation to another."""

    label: Text

    def __new__(cls, value: str, label: Text) -> Tie:
        tie = str.__new__(cls, value)
        tie._value_ = value
        tie.label = label
        return tie

    SHARE = "share", Text("持股", "holds shares in")
    CONTROL = "control", Text("实际控制", "controls")
    KEY_PERSON = "key-person", Text("关键人员兼任", "shares key persons with")
    CONTRACT = "contract", Text("协议控制", "controls by contract")
    NOMINEE = "nominee", Text("代持", "holds as nominee for")


@dataclass(frozen=True)
class Link:
    """One fact in force: holder → held."""

    holder: str
    held: str
    tie: Tie
    share: Decimal = Decimal(0)  # 0 to 1, for SHARE


@dataclass(frozen=True)
class Path:
    """How two organisations are related: the links in order, and the effective share where it is one."""

    links: tuple[Link, ...]
    share: Decimal | None = None

    def said(self, names: dict[str, str]) -> Text:
        """The path in words, with the names of the organisations."""

        def one(link: Link, english: bool) -> str:
            share = f" {link.share * 100:.2f}%" if link.tie is Tie.SHARE else ""
            label = link.tie.label.en if english else link.tie.label
            holder, held = names.get(link.holder, link.holder), names.get(link.held, link.held)
            return f"{holder} {label}{share} {held}" if english else f"{holder}{label}{share}→{held}"

        return Text("；".join(one(k, False) for k in self.links), "; ".join(one(k, True) for k in self.links))


def related(a: str, b: str, links: Iterable[Link], *, share: Decimal, control: Decimal) -> Path | None:
    """The path that relates a and b, or None.

    `share`: effective share of one in the other from which they are related; `control`: share that counts as control
    when a third party holds both (common control).
    """
    if a == b:
        return Path(())
    facts = tuple(links)
    held_by = _index(facts)
    for one, other in ((a, b), (b, a)):
        if path := _reaches(one, other, held_by, share):
            return path
    for apex in sorted({link.holder for link in facts} - {a, b}):
        first, second = _reaches(apex, a, held_by, control), _reaches(apex, b, held_by, control)
        if first and second:
            return Path(first.links + second.links)
    return _by_persons(a, b, facts)


def _index(links: tuple[Link, ...]) -> dict[str, list[Link]]:
    index: dict[str, list[Link]] = {}
    for link in links:
        if link.tie is Tie.NOMINEE:  # a nominee's holding is his principal's
            link = Link(link.held, link.holder, Tie.CONTROL)
        if link.tie is not Tie.KEY_PERSON:
            index.setdefault(link.holder, []).append(link)
    return index


def _reaches(top: str, bottom: str, held_by: dict[str, list[Link]], least: Decimal) -> Path | None:
    """Whether `top` holds at least `least` of `bottom`, or controls it, over all chains together."""
    best: tuple[Link, ...] = ()
    best_share = total = Decimal(0)
    for chain, effective in _chains(top, bottom, held_by):
        total += effective
        if not best or effective > best_share:
            best, best_share = chain, effective
    return Path(best, min(total, Decimal(1))) if best and total >= least else None


def _chains(top: str, bottom: str, held_by: dict[str, list[Link]]) -> Iterator[tuple[tuple[Link, ...], Decimal]]:
    """Every chain without repetition from top to bottom with its effective share; control counts as the whole."""
    stack: list[tuple[str, tuple[Link, ...], Decimal]] = [(top, (), Decimal(1))]
    while stack:
        at, chain, effective = stack.pop()
        seen = {top, *(link.held for link in chain)}
        for link in held_by.get(at, ()):
            share = effective * (link.share if link.tie is Tie.SHARE else Decimal(1))
            if link.held == bottom:
                yield (*chain, link), share
            elif link.held not in seen and share > 0:
                stack.append((link.held, (*chain, link), share))


def _by_persons(a: str, b: str, links: tuple[Link, ...]) -> Path | None:
    pair = next((k for k in links if k.tie is Tie.KEY_PERSON and {k.holder, k.held} == {a, b}), None)
    return Path((pair,)) if pair else None
