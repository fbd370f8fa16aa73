"""What a caller can check years later with nothing but the file and the gate's public line. No Django, no database."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dianchi.engines.crypto.notes import verifiers_of
from dianchi.engines.crypto.statements import CHANGED, MALFORMED, fields_of
from dianchi.engines.merkle.note import NoteVerifier
from dianchi.engines.merkle.proof import Proof
from dianchi.gate import values
from dianchi.kernel.errors import Invalid, Refusal, RuleBroken
from dianchi.kernel.text import Text

NO_BILL = Refusal(
    "bill.malformed", Text("这不是平台导出的账单证明文件", "This is not a bill with its proofs as the platform exports it"),
    remedy=Text("请重新导出", "Export it again"),
)  # fmt: skip
NOT_PROVED = Refusal(
    "bill.proof-does-not-hold",
    Text("第 {line} 行的记录不在经签名的账本中，或内容已被改动", "Line {line} is not in the signed ledger, or was changed"),
    remedy=Text("请核对公钥，或要求运营机构说明", "Check the key, or ask the operator to explain"),
)  # fmt: skip
DIFFERS = Refusal(
    "bill.differs-from-the-record",
    Text("账单与账本中的交付记录不一致", "The bill differs from the deliveries on record"),
    remedy=Text("请就差额提出争议", "Dispute the difference"),
)  # fmt: skip


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


@dataclass(frozen=True)
class Bill:
    """A bill recomputed from proved records; lines of other kinds than metered calls are counted, not priced, here."""

    code: str
    order: str
    calls: int
    amount_fen: int
    recomputed_fen: int
    other_lines: tuple[str, ...]


def check_bill(lines: Iterable[str], public_lines: Iterable[str]) -> Bill:
    """Recompute a bill from its proofs.

    Invalid when the file is none; RuleBroken when a proof does not hold, a delivery is of another order or counted
    twice, or the calls at a price differ from the bill's line.
    """
    verifiers = [v for line in public_lines for v in verifiers_of(line)]
    entries = (_entry(number, line, verifiers) for number, line in enumerate(lines, 1))
    body, payload = next(entries, ({}, {}))
    bill = payload.get("changes")
    if body.get("kind") != "settlement.draw" or not isinstance(bill, dict):
        raise Invalid(NO_BILL)
    order, seen, proved = payload["inputs"]["order"], set(), Counter[int]()
    for body, payload in entries:
        if body["kind"] != "gate.delivered" or body["case_id"] != order or body["index"] in seen:
            raise RuleBroken(DIFFERS)
        seen.add(body["index"])
        if payload.get("billable", True):
            proved[int(payload["price_fen"])] += 1
    metered = [
        line for line in bill["lines"] if line.get("what", "units") == "units" and line.get("price_fen") is not None
    ]
    said = {int(line["price_fen"]): int(line["calls"]) for line in metered}
    right = all(int(line["amount_fen"]) == int(line["price_fen"]) * int(line["calls"]) for line in metered)
    if not right or (said and said != dict(proved)) or sum(proved.values()) < sum(said.values()):
        raise RuleBroken(DIFFERS)
    if int(bill["amount_fen"]) != sum(int(line["amount_fen"]) for line in bill["lines"]) + _tax(bill):
        raise RuleBroken(DIFFERS)
    others = tuple(line["what"] for line in bill["lines"] if line not in metered)
    return Bill(
        str(bill["code"]), str(order), sum(proved.values()), int(bill["amount_fen"]),
        sum(price * calls for price, calls in proved.items()), others,
    )  # fmt: skip


def _tax(bill: dict[str, Any]) -> int:
    """The tax on top of the lines; none where the prices hold it."""
    total = sum(int(line["amount_fen"]) for line in bill["lines"])
    return int(bill.get("tax_fen", 0)) if int(bill.get("net_fen", total)) == total else 0


def _entry(number: int, line: str, verifiers: list[NoteVerifier]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body and the payload of a proved entry."""
    try:
        told = json.loads(line)
        proof, text = Proof.from_text(str(told["proof"])), str(told["payload"])
        body, payload = json.loads(proof.body), json.loads(text)
    except (ValueError, KeyError, TypeError, RecursionError, Invalid) as error:
        raise Invalid(NO_BILL) from error
    whole = body.get("payload_sha256") == hashlib.sha256(text.encode()).hexdigest() and body.get("index") == proof.index
    if not (whole and proof.holds(verifiers)):
        raise RuleBroken(NOT_PROVED.saying(line=number))
    return body, payload
