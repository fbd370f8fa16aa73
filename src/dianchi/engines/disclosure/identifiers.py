"""Identifiers of persons, organisations and vehicles that stand in an output, whole or within a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.disclosure.evidence import Evidence
from dianchi.engines.disclosure.report import Outcome, outcome
from dianchi.kernel import codes
from dianchi.kernel.text import Text

KINDS = ("citizen-id", "phone", "uscc", "bank-card", "plate", "e-mail")

_GAP = r"[\s\-.·]?"  # people write numbers in groups
_SHAPES = {
    "citizen-id": re.compile(rf"(?<![0-9A-Z])[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9X](?![0-9A-Z])"),
    "phone": re.compile(rf"(?<![0-9A-Z])(?:\+?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9A-Z])"),
    "uscc": re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])"),
    "bank-card": re.compile(rf"(?<![0-9A-Z])[34569](?:{_GAP}[0-9]){{14,18}}(?![0-9A-Z])"),
    "plate": re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][\s\-·•.]?[A-HJ-NP-Z0-9]{4,5}[A-Z0-9挂学警港澳领]"),
    "e-mail": re.compile(r"[A-Z0-9._%+\-]+@[A-Z0-9\-]+(?:\.[A-Z0-9\-]+)*\.[A-Z]{2,}"),
}  # fmt: skip
# what no identifier is without, so that columns of names and short codes cost one pass of the column engine alone
_WORTH_A_LOOK = r"[@＠]|[A-Za-zＡ-Ｚａ-ｚ][\s\-·•.]?[0-9A-Za-z０-９]{5}|(?:[0-9０-９][\s\-.·]?){11}"
_TEXTS = (pa.types.is_string, pa.types.is_large_string)
_NUMBERS = (pa.types.is_integer, pa.types.is_decimal)
_SCALE_FREE = re.compile(r"\.0*$")


@dataclass(frozen=True)
class Identifiers:
    """No cell holds an identifier whose check digits, where it has some, are right.

    Whole numbers are looked at as well as texts, but in `amounts`, columns known to be sums, for an amount may look
    like a telephone number by chance. `as_of` is the day by which a citizen must have been born.
    """

    as_of: date
    kinds: tuple[str, ...] = KINDS
    amounts: tuple[str, ...] = ()

    def __call__(self, output: pa.Table, evidence: Evidence) -> Outcome:
        found = dict.fromkeys(self.kinds, 0)
        columns = 0
        for name, column in zip(output.column_names, output.columns, strict=True):
            texts = _texts(column, numbers_are_amounts=name in self.amounts)
            here = 0
            for text in texts:
                for kind in self.kinds_in(text):
                    found[kind] += 1
                    here += 1
            columns += here > 0
        total = sum(found.values())
        words = (
            Text("输出中未发现可识别身份的号码。", "The output holds no identifier."),
            Text("输出的{columns}列中有{identifiers}处可识别身份的号码。", "{columns} columns of the output hold {identifiers} identifiers."),
        )  # fmt: skip
        parameters = {"kinds": self.kinds, "amounts": self.amounts, "as_of": self.as_of.isoformat()}
        counts = {"identifiers": total, "columns": columns, **{k.replace("-", "_"): n for k, n in found.items()}}
        return outcome("identifiers", failed=total > 0, words=words, parameters=parameters, counts=counts)

    def kinds_in(self, text: str) -> list[str]:
        """The kinds that stand in a text, a digit string counted once, as the first kind it is."""
        left = codes.normal(text)
        kinds: list[str] = []
        for kind in self.kinds:
            for match in _SHAPES[kind].finditer(left):
                if _proofs(self.as_of)[kind](match.group()):
                    kinds.append(kind)
                    left = left.replace(match.group(), "#")
        return kinds


def _proofs(as_of: date) -> dict[str, Callable[[str], bool]]:
    return {
        "citizen-id": lambda text: codes.is_citizen_id(re.sub(_GAP, "", text), as_of),
        "phone": lambda text: codes.is_mobile(re.sub(r"[.·]", "", text)),
        "uscc": codes.is_uscc,
        "bank-card": codes.is_bank_card,
        "plate": codes.is_plate,
        "e-mail": lambda text: True,
    }


def _texts(column: pa.ChunkedArray, *, numbers_are_amounts: bool) -> list[str]:
    """The values of a column that may hold an identifier, as texts; lists and structs as they are written out."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if any(is_kind(kind) for is_kind in _NUMBERS):
        if numbers_are_amounts:
            return []
        column = pc.replace_substring_regex(column.cast(pa.string()), _SCALE_FREE.pattern, "")
    elif pa.types.is_binary(kind) or pa.types.is_nested(kind):
        column = pa.chunked_array([[_spelled(value) for value in column.to_pylist()]], pa.string())
    elif not any(is_kind(kind) for is_kind in _TEXTS):
        return []
    worth = pc.match_substring_regex(column, _WORTH_A_LOOK)
    return [text for text in column.filter(worth).to_pylist() if text]


def _spelled(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if value is None else repr(value)
