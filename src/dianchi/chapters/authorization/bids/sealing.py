"""Sealing bids: encrypted with SM4 under a key of the selection, committed to by an SM3 digest over a random salt."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from dianchi.engines.crypto import SHANGMI
from dianchi.engines.crypto.files import secret_file
from dianchi.kernel import canonical


def seal(selection: str, bidder: str, content: dict[str, Any]) -> tuple[bytes, str]:
    """The sealed content and its commitment."""
    said = {"salt": secrets.token_hex(16), **content}
    return SHANGMI.seal(_key(selection), canonical.dumps(said), _context(selection, bidder)), commitment(said)


def unseal(selection: str, bidder: str, sealed: bytes) -> dict[str, Any]:
    """The content with its salt; Invalid when it was changed or is another's."""
    read: dict[str, Any] = json.loads(SHANGMI.open(_key(selection), bytes(sealed), _context(selection, bidder)))
    return read


def commitment(said: dict[str, Any]) -> str:
    """SM3 of salt and content: who knows both can check that nothing was changed."""
    return canonical.sm3(said)


def _key(selection: str) -> bytes:
    return secret_file(Path(settings.DIANCHI_VAR) / "keys" / "bids" / selection, len(SHANGMI.new_key()))


def _context(selection: str, bidder: str) -> bytes:
    return f"{selection}/{bidder}".encode()
