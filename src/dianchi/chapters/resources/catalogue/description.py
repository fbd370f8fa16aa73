"""What may be public of a catalogue item (section G): its description, never its data, contract, uses or risks.

Left out on purpose: the contract and its rules, uses, masks and categories of columns, the source system, grading
basis and risk assessment, consent of the sharer (security design, G-6), and of course every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.catalogue.states import (
    ATTRIBUTES,
    FORMATS,
    FREQUENCIES,
    GRADES,
    INDUSTRIES,
    OPENING,
    SHARING,
)
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.divisions import DIVISIONS
from dianchi.kernel.text import Text

NATION = Text("全国", "Nationwide")


@dataclass(frozen=True)
class Field:
    """One data item as the public may know it."""

    name: str
    title: str
    type: str
    length: int | None


@dataclass(frozen=True)
class Description:
    """A catalogue item as the public may know it."""

    code: str
    title: str
    summary: str
    provider: str
    provider_name: str
    region: str
    sector: str
    industry: str
    industry_label: Text
    coverage: tuple[str, ...]
    covers_from_on: date | None
    covers_to_on: date | None
    frequency: str
    frequency_label: Text
    format: str
    format_label: Text
    grade_label: Text
    attribute_label: Text
    condition: str
    sharing_label: Text
    opening_label: Text
    legal_basis: str
    contact: str
    quality_statement: str
    volume_records: int | None
    volume_bytes: int | None
    edition: int
    issued_at: datetime
    modified_at: datetime
    fields: tuple[Field, ...]

    @property
    def places(self) -> tuple[tuple[str, Text], ...]:
        """The divisions that the data cover, with their names."""
        return tuple((code, place(code)) for code in self.coverage)


def place(code: str) -> Text:
    """The name of a division, also of the nation; an unknown code is its own name."""
    if code == "000000":
        return NATION
    found = DIVISIONS.get(code)
    return found.name if found else Text(code, code)


def description(item: Item, known: Mapping[str, str] | None = None) -> Description:
    """The public description of one item; `known` holds names of organisations already looked up."""
    named = known if known is not None else names({item.opened_for})
    empty = Text("", "")
    return Description(
        code=item.code, title=item.title, summary=item.summary, provider=item.opened_for,
        provider_name=named.get(item.opened_for, item.opened_for), region=item.region, sector=item.sector,
        industry=item.industry, industry_label=dict(INDUSTRIES).get(item.industry, empty),
        coverage=tuple(item.coverage or [item.region]), covers_from_on=item.covers_from_on, covers_to_on=item.covers_to_on,
        frequency=item.update_frequency, frequency_label=dict(FREQUENCIES)[item.update_frequency], format=item.format,
        format_label=dict(FORMATS)[item.format], grade_label=dict(GRADES).get(item.grade, empty),
        attribute_label=dict(ATTRIBUTES)[item.attribute], condition=item.ground if item.attribute == "CONDITIONAL" else "",
        sharing_label=dict(SHARING)[item.sharing], opening_label=dict(OPENING)[item.opening], legal_basis=item.legal_basis,
        contact=item.contact, quality_statement=item.quality_statement, volume_records=item.volume_records,
        volume_bytes=item.volume_bytes, edition=item.edition, issued_at=item.opened_at, modified_at=item.search_entry.changed_at,
        fields=tuple(Field(c["name"], c["title"], c["type"], c.get("length")) for c in item.items),
    )  # fmt: skip


def descriptions(items: Iterable[Item]) -> list[Description]:
    """The descriptions of several items, with one query for the names."""
    rows = list(items)
    known = names({i.opened_for for i in rows})
    return [description(i, known) for i in rows]
