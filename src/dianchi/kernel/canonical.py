"""Canonical JSON (RFC 8785 for the values we allow): the same value is always the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

_ALLOWED = "canonical JSON holds text, integers, booleans, null, lists and objects; money is fen, rates are text"

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: object) -> object:
    """The value as canonical JSON can hold it. Floats are refused: their text is not stable."""
    if value is None or type(value) is str or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("a time without a zone has no canonical form")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(v) for v in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    raise TypeError(f"{_ALLOWED}; not {type(value).__name__}")


def dumps(value: object) -> bytes:
    """The canonical bytes (UTF-8, sorted keys, no spaces)."""
    return _ENCODER.encode(plain(value)).encode()


def sha256(value: object) -> str:
    """Hex SHA-256 of the canonical bytes."""
    return hashlib.sha256(dumps(value)).hexdigest()


def sm3(value: object) -> str:
    """Hex SM3 (GB/T 32905) of the canonical bytes."""
    return sm3_bytes(dumps(value))


def sm3_bytes(data: bytes) -> str:
    """Hex SM3 of raw bytes."""
    return hashlib.new("sm3", data).hexdigest()
