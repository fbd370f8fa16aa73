"""The store's own keys: the one that signs checkpoints, and the salt under which persons are hashed."""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from dianchi.engines.crypto import INTERNATIONAL
from dianchi.engines.crypto.files import secret_file, signer_file
from dianchi.engines.crypto.notes import NoteKey

_HASH = re.compile(r"[0-9a-f]{64}")


def person_hash(person_id: object) -> str:
    """The salted hash (HMAC-SHA-256, hex) under which the ledger knows a person; "" for nobody.

    Without the store's salt it cannot be tied to a person by guessing; destroying the salt makes the ledger anonymous.
    """
    text = "" if person_id is None else str(person_id)
    if not text or _HASH.fullmatch(text):  # a hash stays what it is
        return text
    return _hashed(str(settings.DIANCHI_VAR), text)


def ledger_key() -> NoteKey:
    """The key that seals this store's ledger, made on first use; its name is the ledger's origin."""
    signer = signer_file(Path(settings.DIANCHI_VAR) / "keys" / "ledger.pem", INTERNATIONAL)
    origin = getattr(settings, "DIANCHI_LEDGER_ORIGIN", "")
    return NoteKey(origin or f"dianchi/{hashlib.sha256(signer.public).hexdigest()[:16]}", signer)


@lru_cache(maxsize=4096)
def _hashed(var: str, text: str) -> str:
    return hmac.new(_salt(var), text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _salt(var: str) -> bytes:
    return secret_file(Path(var) / "keys" / "person-salt")
