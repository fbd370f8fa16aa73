"""Keys that sign notes and checkpoints: their ids and their one-line public form (C2SP signed-note, tlog-cosignature).

Ed25519 keys sign as kind 0x01 and, with the time bound in, as cosignatures of kind 0x04. SM2 has no assigned kind: it
signs as 0xff followed by the name of its algorithm, which a reader that does not know it ignores, as the spec demands.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from datetime import datetime

from dianchi.engines.crypto.international import INTERNATIONAL
from dianchi.engines.crypto.shangmi import SHANGMI
from dianchi.engines.crypto.suite import BAD_KEY, Signer, Suite, Verifier
from dianchi.engines.merkle.note import COSIGNATURE, ED25519, UNASSIGNED, NoteVerifier, key_id, unbase64
from dianchi.kernel.errors import Invalid

SM2 = UNASSIGNED + b"sm2-sm3"
_KINDS: tuple[tuple[bytes, Suite], ...] = ((ED25519, INTERNATIONAL), (COSIGNATURE, INTERNATIONAL), (SM2, SHANGMI))
_TIME = struct.Struct(">Q")


def kind_of(public: bytes) -> bytes:
    """The signature type byte or name of a raw public key."""
    return ED25519 if len(public) == 32 else SM2


@dataclass(frozen=True)
class NoteKey:
    """A private key under a name; signs note texts as they are."""

    name: str
    signer: Signer

    @property
    def key_id(self) -> int:
        """The id that its signature lines carry."""
        return key_id(self.name, kind_of(self.signer.public), self.signer.public)

    @property
    def public_line(self) -> str:
        """What a verifier is configured with: name+id+base64(kind, public key)."""
        return _public_line(self.name, kind_of(self.signer.public), self.signer.public)

    def sign(self, text: bytes) -> bytes:
        """The signature over the text."""
        return self.signer.sign(text)


@dataclass(frozen=True)
class TimedKey:
    """The same key as a cosigner: signs the text together with a time, to the second. Ed25519 only."""

    name: str
    signer: Signer
    at: datetime

    @property
    def key_id(self) -> int:
        """The id that its signature lines carry."""
        return key_id(self.name, COSIGNATURE, self.signer.public)

    def sign(self, text: bytes) -> bytes:
        """Eight bytes of POSIX seconds, then the signature."""
        seconds = int(self.at.timestamp())
        return _TIME.pack(seconds) + self.signer.sign(_timed(seconds, text))


@dataclass(frozen=True)
class NoteKeyVerifier:
    """A public key under a name, for plain signatures or for cosignatures."""

    name: str
    kind: bytes
    verifier: Verifier

    @property
    def key_id(self) -> int:
        """The id of the signature lines it checks."""
        return key_id(self.name, self.kind, self.verifier.public)

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature bytes of a line are by this key over this text."""
        if self.kind != COSIGNATURE:
            return self.verifier.verify(text, signature)
        if len(signature) < _TIME.size:
            return False
        (seconds,) = _TIME.unpack_from(signature)
        return self.verifier.verify(_timed(seconds, text), signature[_TIME.size :])


def verifiers_of(public_line: str) -> tuple[NoteVerifier, ...]:
    """The verifiers that a public line allows: an Ed25519 key's plain signatures and its cosignatures."""
    name, _, rest = public_line.strip().partition("+")
    number, _, encoded = rest.partition("+")
    raw = unbase64(encoded)
    for kind, suite in _KINDS:
        if raw.startswith(kind):
            public = raw[len(kind) :]
            if f"{key_id(name, kind, public):08x}" != number:
                break
            kinds = (ED25519, COSIGNATURE) if kind == ED25519 else (kind,)
            return tuple(NoteKeyVerifier(name, k, suite.verifier(public)) for k in kinds)
    raise Invalid(BAD_KEY)


def _public_line(name: str, kind: bytes, public: bytes) -> str:
    return f"{name}+{key_id(name, kind, public):08x}+{base64.b64encode(kind + public).decode()}"


def _timed(seconds: int, text: bytes) -> bytes:
    return b"cosignature/v1\ntime %d\n" % seconds + text
