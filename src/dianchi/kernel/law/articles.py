"""An article is a value that acts, guards, refusals, tests and generated documents carry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dianchi.kernel.text import Text


class Status(StrEnum):
    """How binding a provision is."""

    LAW = "law"  # law or State Council regulation in force
    NORM = "norm"  # national normative document or standard in force
    DRAFT = "draft"  # a draft for comment
    DEFAULT = "default"  # our own default: a parameter, not law


@dataclass(frozen=True)
class Measure:
    """A legal text that articles are cited from."""

    key: str
    title: Text
    short: Text
    number: str  # document number, or ""
    status: Status
    in_force: str = ""  # date or note


@dataclass(frozen=True)
class Article:
    """One provision: measure, article (or only the chapter where the number is unknown), paragraph."""

    measure: str
    number: int | None = None
    item: int | None = None
    chapter: int | None = None

    @property
    def key(self) -> str:
        """Stable short name: "SPEC27.9", "YN.ch4"."""
        place = f"{self.number}" if self.number else f"ch{self.chapter}" if self.chapter else ""
        return ".".join(p for p in (self.measure, place, str(self.item or "")) if p)

    @property
    def citation(self) -> Text:
        """As a lawyer would cite it, in both languages."""
        from dianchi.kernel.law.measures import MEASURES  # data beside the type

        short = MEASURES[self.measure].short
        if self.number:
            zh, en = f"第{numeral(self.number)}条", f", art. {self.number}"
        elif self.chapter:
            zh, en = f"第{numeral(self.chapter)}章", f", ch. {self.chapter} (article number not yet known)"
        else:
            zh, en = "", ""
        if self.item:
            zh, en = f"{zh}第{numeral(self.item)}项", f"{en}({self.item})"
        return Text(f"{short}{zh}", f"{short.en}{en}")

    def __str__(self) -> str:
        return str(self.citation)


_DIGITS = "零一二三四五六七八九"


def numeral(n: int) -> str:
    """Chinese numeral of 1 to 999, as article numbers are written."""
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def yn(chapter: int) -> Article:
    """Yunnan Measures (draft for comment): article numbers are unknown, so the chapter is cited."""
    return Article("YN", chapter=chapter)


def spec27(number: int, item: int | None = None) -> Article:
    """National operation norm 发改数据规〔2025〕27号."""
    return Article("SPEC27", number, item)


def reg26(number: int, item: int | None = None) -> Article:
    """Registration measure 发改数据规〔2025〕26号."""
    return Article("REG26", number, item)


def price65(number: int, item: int | None = None) -> Article:
    """Price notice 发改价格〔2025〕65号."""
    return Article("PRICE65", number, item)


def cite(measure: str, number: int | None = None, item: int | None = None) -> Article:
    """Any other provision, by the key of its measure: cite("PIPL", 23)."""
    return Article(measure, number, item)


def default() -> Article:
    """Our own engineering default; a parameter, never law."""
    return Article("DEFAULT")


def of_key(key: str) -> Article | None:
    """The provision of a key as the ledger keeps it: "SPEC27.14.2", "YN.ch4"; None for what is none."""
    from dianchi.kernel.law.measures import MEASURES  # data beside the type

    measure, _, place = key.partition(".")
    number, _, item = place.partition(".")
    if measure not in MEASURES or (item and not item.isdigit()):
        return None
    if number.startswith("ch") and number[2:].isdigit():
        return Article(measure, chapter=int(number[2:]))
    if number and not number.isdigit():
        return None
    return Article(measure, int(number) if number else None, int(item) if item else None)
