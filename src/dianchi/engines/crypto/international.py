"""The international suite: Ed25519 (RFC 8032), SHA-256, AES-256-GCM."""

from __future__ import annotations

import hashlib
import os

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from dianchi.engines.crypto.suite import BAD_KEY, CANNOT_OPEN
from dianchi.kernel.errors import Invalid
from dianchi.kernel.text import Text

_NONCE = 12


class Ed25519Verifier:
    """An Ed25519 public key."""

    def __init__(self, public: bytes):
        self.public = public
        try:
            self._key = Ed25519PublicKey.from_public_bytes(public)
        except ValueError as error:
            raise Invalid(BAD_KEY) from error

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature over the data is by this key."""
        try:
            self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class Ed25519Signer:
    """An Ed25519 private key."""

    def __init__(self, key: Ed25519PrivateKey):
        self._key = key
        self.public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(data)

    def pem(self) -> bytes:
        """PKCS #8."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class International:
    """Ed25519, SHA-256 and AES-256-GCM."""

    key = "international"
    title = Text("国际算法", "International algorithms")

    def digest(self, data: bytes) -> bytes:
        """SHA-256."""
        return hashlib.sha256(data).digest()

    def generate(self) -> Ed25519Signer:
        """A new Ed25519 key."""
        return Ed25519Signer(Ed25519PrivateKey.generate())

    def load(self, pem: bytes) -> Ed25519Signer:
        """The Ed25519 key in a PEM text."""
        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise Invalid(BAD_KEY) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise Invalid(BAD_KEY)
        return Ed25519Signer(key)

    def verifier(self, public: bytes) -> Ed25519Verifier:
        """The verifier of a raw public key of 32 bytes."""
        return Ed25519Verifier(public)

    def new_key(self) -> bytes:
        """32 bytes."""
        return AESGCM.generate_key(256)

    def seal(self, key: bytes, plain: bytes, context: bytes = b"") -> bytes:
        """Nonce, ciphertext, tag."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(key).encrypt(nonce, plain, context)

    def open(self, key: bytes, sealed: bytes, context: bytes = b"") -> bytes:
        """What was sealed."""
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
        except (InvalidTag, ValueError) as error:
            raise Invalid(CANNOT_OPEN) from error


INTERNATIONAL = International()
