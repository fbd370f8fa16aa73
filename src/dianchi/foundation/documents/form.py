"""What an official document says: plain Chinese text in parts, before it is set as PDF or Word."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One labelled statement."""

    label: str
    text: str


@dataclass(frozen=True)
class Grid:
    """A table under its label."""

    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A numbered part: 一、二、三 of a letter, 第一条 of an agreement."""

    title: str
    body: tuple[Line | Grid, ...]


@dataclass(frozen=True)
class Signing:
    """One party's signature: who, when, over which digest."""

    party: str
    name: str
    on: str
    digests: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Form:
    """A document: a letter of one body (with its head in red), or an agreement of two parties."""

    title: str
    number: str
    issuer: str
    issued_on: str  # 2026年11月23日
    addressees: tuple[str, ...] = ()
    opening: str = ""  # the sentence that says under what it is issued
    parts: tuple[Part, ...] = ()
    signings: tuple[Signing, ...] = ()  # an agreement has them; a letter has none
    digest: str = ""  # of the content of the case
    entry: int = 0  # ledger index of the act
    address: str = ""  # where it can be checked

    @property
    def agreement(self) -> bool:
        """Whether it is set as an agreement."""
        return bool(self.signings)


_DIGITS = "〇一二三四五六七八九"


def numeral(n: int) -> str:
    """The Chinese numeral of 1 to 99: 十二, 二十, 九十九."""
    tens, ones = divmod(n, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def heading(form: Form, n: int) -> str:
    """The number before the title of the n-th part, from 1."""
    return f"第{numeral(n)}条　" if form.agreement else f"{numeral(n)}、"


def plain(form: Form) -> dict[str, Any]:
    """For the typesetter: dictionaries, lists and texts, parts with their headings."""
    said = asdict(form) | {"agreement": form.agreement}
    for n, part in enumerate(said["parts"], 1):
        part["heading"] = heading(form, n) + part["title"]
    return said
