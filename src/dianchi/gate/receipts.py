"""The gate's receipts: a signed statement of what was delivered, to which both sides can hold each other for years."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from dianchi.engines.crypto import INTERNATIONAL
from dianchi.engines.crypto.files import signer_file
from dianchi.engines.crypto.notes import NoteKey
from dianchi.engines.crypto.statements import signed
from dianchi.foundation.ledger import ledger_key


@cache
def key() -> NoteKey:
    """The key that signs receipts, made and published on first use; named after the ledger's origin."""
    signer = signer_file(Path(settings.DIANCHI_VAR) / "keys" / "gate.pem", INTERNATIONAL)
    found = NoteKey(f"{ledger_key().name}/gate", signer)
    published = Path(settings.DIANCHI_VAR) / "ledger" / "gate.pub"
    published.parent.mkdir(parents=True, exist_ok=True)
    published.write_text(f"{found.public_line}\n")
    return found


def public_line() -> str:
    """What a caller keeps to check receipts with."""
    return key().public_line


def sign(fields: dict[str, Any]) -> dict[str, Any]:
    """The receipt over these fields."""
    return signed(fields, key())
