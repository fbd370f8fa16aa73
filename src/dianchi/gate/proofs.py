"""What a caller can check years later with nothing but the file and the gate's public line. No Django, no database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from dianchi.engines.crypto.statements import CHANGED, MALFORMED, fields_of
from dianchi.gate import values
from dianchi.kernel.errors import Invalid, RuleBroken


def check_receipt(file: bytes, public_lines: Iterable[str]) -> dict[str, Any]:
    """What the receipt says: alone, or in an answer whose rows are then checked against it.

    Invalid when the file holds no receipt; RuleBroken when it was signed by another or anything was changed.
    """
    try:
        told = json.loads(file, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Invalid(MALFORMED) from error
    if not isinstance(told, dict):
        raise Invalid(MALFORMED)
    if "rows" not in told:
        return fields_of(told.get("receipt", told), public_lines)
    fields = fields_of(told.get("receipt"), public_lines)
    says = {
        "product": told.get("product"), "edition": told.get("edition"), "ledger_index": told.get("ledger_index"),
        "result": values.digest(told["rows"]),
    }  # fmt: skip
    if any(fields.get(name) != value for name, value in says.items()):
        raise RuleBroken(CHANGED)
    return fields
