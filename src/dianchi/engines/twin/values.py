"""What a twin is made by, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from dianchi.engines.quality.contract import ColumnContract
from dianchi.engines.twin import refusals
from dianchi.kernel.errors import Invalid
from dianchi.kernel.text import Text


class Part(StrEnum):
    """How a column of the twin comes about, so how far it may be trusted."""

    KEY = "key"  # made up, the same in all twins of one seed; joins work, values mean nothing
    FORMAT = "format"  # made up in the right format
    GROUP = "group"  # combinations and frequencies of the source above the threshold
    SHAPE = "shape"  # quantiles of the source, each smoothed over at least the threshold of subjects
    BLANK = "blank"  # too few subjects to say anything: a value of the type, or nothing


MADE = (
    "citizen_id",
    "uscc",
    "phone",
    "bank_card",
    "plate",
    "email",
    "name",
    "organisation",
    "address",
    "text",
    "number",
)


@dataclass(frozen=True)
class TwinColumn:
    """A column to make. `made` names the format of made-up values; empty, the column is learned from the source.

    Columns of the same `space` share their keys across all twins of one seed. `quasi` puts a column that would be
    given by its quantiles among the groups, and is always set for what tells a person together with others.
    """

    name: str
    made: str = ""
    space: str = ""
    subject: bool = False  # whose distinct values the threshold counts
    unique: bool = False
    quasi: bool = False

    def __post_init__(self) -> None:
        if (self.made and self.made not in MADE) or (self.space and not self.made):
            raise Invalid(refusals.COLUMN_MALFORMED)

    @classmethod
    def of(cls, column: ColumnContract, *, subject: bool = False, space: str = "", quasi: bool = False) -> TwinColumn:
        """By a contract: what a format or category calls an identifier is made up, the rest is learned."""
        made = _BY_WORD.get(column.category) or _BY_WORD.get(column.format, "")
        if (subject or space or column.unique) and not made:
            made = "number" if column.type == "integer" else "text"
        return cls(column.name, made, space or (made if subject else ""), subject, column.unique, quasi)


_BY_WORD = {
    "citizen_id": "citizen_id",
    "id_card": "citizen_id",
    "uscc": "uscc",
    "phone": "phone",
    "mobile": "phone",
    "landline": "phone",
    "bank_card": "bank_card",
    "plate": "plate",
    "email": "email",
    "person_name": "name",
    "organisation": "organisation",
    "address": "address",
    "passport": "text",
    "medical_record": "text",
    "social_security": "text",
    "coordinates": "text",
    "biometric": "text",
}


@dataclass(frozen=True)
class Trust:
    """How far a twin may be trusted; goes with it wherever it goes."""

    rows: int
    threshold: int
    sampled_rows: int  # of the source, rounded down to hundreds
    blanked_share: float  # of the group values that were left empty because too few shared them
    parts: Mapping[str, Part]

    @property
    def statement(self) -> Text:
        """For people."""
        return Text(
            "本数据为合成数据，不含任何真实记录。分组取值及其组合的频率取自不少于{k}个主体共有的情形，"
            "数值仅保留平滑后的分布形状，标识符均为虚构，列与列之间的其他关联未予保留。"
            "只可用于编写和调试程序，不得据以得出结论。",
            "These data are synthetic and hold no real record. Group values and the frequencies of their combinations "
            "follow cases that at least {k} subjects share; numbers keep only the smoothed shape of their "
            "distribution; identifiers are invented; other relations between columns are not kept. Use them to write "
            "and debug programs, not to draw conclusions.",
        ).format(k=self.threshold)


@dataclass(frozen=True)
class Twin:
    """A synthetic table with the source's schema, and how far to trust it."""

    table: pa.Table
    trust: Trust
