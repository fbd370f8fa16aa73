"""Whether two organisations are related, and by which path: shares through chains, control, common control.

Pure arithmetic over frozen links. Effective shares multiply along a chain and add up over chains, those through
cross-holdings too (integrated ownership: the least fixed point of x = 1 at the top, x = sum of holder's x times share
below, at most 1). Control runs whole through every link that is control, a chain of majorities included.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable
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
    owned, controlled = _index(facts, None), _index(facts, control)
    for one, other in ((a, b), (b, a)):
        if path := _reaches(one, other, owned, share) or _reaches(one, other, controlled, control):
            return path
    for apex in sorted(controlled.keys() - {a, b}):
        first = _reaches(apex, a, controlled, control)
        second = first and _reaches(apex, b, controlled, control)
        if first and second:
            return Path(first.links + second.links)
    return _by_persons(a, b, facts)


_Holdings = dict[str, list[tuple[Link, Decimal]]]
_ROUNDS, _STILL = 500, Decimal("1e-9")  # the fixed point is near enough once nothing grows by more than this


def _index(links: tuple[Link, ...], majority: Decimal | None) -> _Holdings:
    """What each holds, and how much of it counts; with `majority`, a share of at least that counts as the whole."""
    index: _Holdings = {}
    for link in links:
        if link.tie is Tie.NOMINEE:  # a nominee's holding is his principal's
            link = Link(link.held, link.holder, Tie.CONTROL)
        whole = link.tie is not Tie.SHARE or (majority is not None and link.share >= majority)
        if link.tie is not Tie.KEY_PERSON and (whole or link.share > 0):
            index.setdefault(link.holder, []).append((link, Decimal(1) if whole else link.share))
    return index


def _reaches(top: str, bottom: str, holdings: _Holdings, least: Decimal) -> Path | None:
    """Whether `top` holds at least `least` of `bottom`, or controls it, over all chains together; with the widest."""
    chain = _widest(top, bottom, holdings)
    if chain is None:
        return None
    total = _effective(top, holdings).get(bottom, Decimal(0))
    return Path(chain, total) if total + _STILL >= least else None


def _effective(top: str, holdings: _Holdings) -> dict[str, Decimal]:
    """How much of each organisation the top holds in the end."""
    shares = {top: Decimal(1)}
    for _ in range(_ROUNDS):
        grown = {top: Decimal(1)}
        for holder, share in shares.items():
            for link, part in holdings.get(holder, ()):
                if link.held != top:
                    grown[link.held] = min(Decimal(1), grown.get(link.held, Decimal(0)) + share * part)
        if all(abs(share - shares.get(held, Decimal(0))) <= _STILL for held, share in grown.items()):
            return grown
        shares = grown
    return shares


def _widest(top: str, bottom: str, holdings: _Holdings) -> tuple[Link, ...] | None:
    """The chain with the greatest product of shares (Dijkstra: shares are at most 1, so no detour is wider)."""
    waiting: list[tuple[Decimal, int, int, str, tuple[Link, ...]]] = [(Decimal(-1), 0, 0, top, ())]
    turn = itertools.count(1)  # settles ties: links have no order
    done: set[str] = set()
    while waiting:
        share, length, _, at, chain = heapq.heappop(waiting)
        if at == bottom:
            return chain
        if at in done:
            continue
        done.add(at)
        for link, part in holdings.get(at, ()):
            if link.held not in done:
                heapq.heappush(waiting, (share * part, length + 1, next(turn), link.held, (*chain, link)))
    return None


def _by_persons(a: str, b: str, links: tuple[Link, ...]) -> Path | None:
    """Two organisations that share key persons: named as sharing them, or with the same person on record at both."""
    ties = [k for k in links if k.tie is Tie.KEY_PERSON]
    pair = next((k for k in ties if {k.holder, k.held} == {a, b}), None)
    if pair:
        return Path((pair,))
    of: dict[str, dict[str, Link]] = {}
    for tie in ties:
        of.setdefault(tie.holder, {})[tie.held] = tie
    shared = sorted(person for person, held in of.items() if a in held and b in held and is_person(person))
    return Path((of[shared[0]][a], of[shared[0]][b])) if shared else None


def is_person(node: str) -> bool:
    """Whether a node of the graph is a natural person, known by a pseudonym: "P" and 17 hex digits."""
    return len(node) == 18 and node[0] == "P" and all(c in "0123456789abcdef" for c in node[1:])
