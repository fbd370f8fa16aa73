"""What a suite of algorithms offers."""

from __future__ import annotations

from typing import Protocol

from dianchi.kernel.errors import Refusal
from dianchi.kernel.text import Text

CANNOT_OPEN = Refusal(
    "crypto.cannot-open",
    Text(
        "密文无法解开：密钥不符或内容已被改动", "The sealed text cannot be opened: the key is another or it was changed"
    ),
)
BAD_KEY = Refusal("crypto.key-malformed", Text("密钥格式不正确", "The key is not well formed"))


class Verifier(Protocol):
    """A public key."""

    @property
    def public(self) -> bytes:
        """The raw public key: 32 bytes of Ed25519, or the 65 of an uncompressed SM2 point."""

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature over the data is by this key."""


class Signer(Protocol):
    """A private key."""

    @property
    def public(self) -> bytes:
        """The raw public key, as a Verifier has it."""

    def sign(self, data: bytes) -> bytes:
        """Sign the data: 64 bytes of Ed25519, or the DER of SM2 (GM/T 0009)."""

    def pem(self) -> bytes:
        """The private key as unencrypted PKCS #8 PEM, for a key file."""


class Suite(Protocol):
    """One choice of signature, digest and cipher."""

    @property
    def key(self) -> str:
        """Stable name, for settings."""

    @property
    def title(self) -> Text:
        """Name for people."""

    def digest(self, data: bytes) -> bytes:
        """32 bytes."""

    def generate(self) -> Signer:
        """A new private key."""

    def load(self, pem: bytes) -> Signer:
        """The private key in a PEM text; Invalid when it is not one of this suite."""

    def verifier(self, public: bytes) -> Verifier:
        """The verifier of a raw public key; Invalid when it is none of this suite."""

    def new_key(self) -> bytes:
        """A new secret for `seal`."""

    def seal(self, key: bytes, plain: bytes, context: bytes = b"") -> bytes:
        """Encrypt and authenticate under a fresh nonce; `context` is authenticated too and must be given to open."""

    def open(self, key: bytes, sealed: bytes, context: bytes = b"") -> bytes:
        """What was sealed; Invalid when key, context or a byte differs."""
