"""Keys at rest: each resource has its own random data key, wrapped by the master key that the caller holds."""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dianchi.engines.lake.refusals import KEY_REFUSED, MASTER_KEY_SHAPE
from dianchi.kernel.errors import Invalid, NotPermitted

# 32 and nothing shorter: DuckDB takes the base64 of 16 or 24 bytes for a raw key of 24 or 32.
KEY_BYTES = 32
_NONCE_BYTES = 12


class Keyring:
    """Wraps and unwraps data keys with AES-256-GCM, bound to the code of their resource."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise Invalid(MASTER_KEY_SHAPE)
        self._aead = AESGCM(master_key)

    def wrap_new(self, resource: str) -> str:
        """A fresh data key in its wrapped form, to be stored beside the table."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, os.urandom(KEY_BYTES), resource.encode())
        return base64.b64encode(nonce + sealed).decode()

    def unwrap(self, resource: str, wrapped: str) -> bytes:
        """The data key; NotPermitted if the master key is another one or the wrapping belongs to another resource."""
        blob = base64.b64decode(wrapped)
        try:
            return self._aead.decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], resource.encode())
        except InvalidTag:
            raise NotPermitted(KEY_REFUSED) from None


def key_id(key: bytes) -> str:
    """A short public name of a data key, for key_metadata; tells nothing about the key."""
    return hashlib.sha256(b"dianchi lake key id\0" + key).hexdigest()[:16]
