"""Signed notes (C2SP signed-note): text with signature lines; parsing is strict, so no byte can change unseen."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

ED25519 = b"\x01"
COSIGNATURE = b"\x04"  # timestamped Ed25519, C2SP tlog-cosignature
UNASSIGNED = b"\xff"  # followed by a longer identifier of our own

MALFORMED = Refusal("note.malformed", Text("签名文本格式不正确", "The signed note is not well formed"))
UNSIGNED = Refusal("note.unsigned", Text("没有可信密钥的有效签名", "No trusted key has validly signed the note"))

_DASH = "\u2014 "
_MAX_SIGNATURES = 64


class NoteSigner(Protocol):
    """A named key that signs note texts; `sign` returns the bytes after the key id."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> int: ...
    def sign(self, text: bytes) -> bytes: ...


class NoteVerifier(Protocol):
    """A named key that checks signatures of one kind over note texts."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> bytes: ...
    @property
    def key_id(self) -> int: ...
    def verify(self, text: bytes, signature: bytes) -> bool: ...


@dataclass(frozen=True)
class Signature:
    """One signature line."""

    name: str
    key_id: int
    signature: bytes


@dataclass(frozen=True)
class Note:
    """A text (ending in a newline) and its signatures, none of them checked yet."""

    text: str
    signatures: tuple[Signature, ...]


def key_id(name: str, kind: bytes, public: bytes) -> int:
    """The 32-bit id of a key: the head of SHA-256(name, newline, kind, public key)."""
    return int.from_bytes(hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4], "big")


def sign_note(text: str, signers: Iterable[NoteSigner]) -> str:
    """The text with a signature line of each signer."""
    lines = []
    for signer in signers:
        signed = signer.key_id.to_bytes(4, "big") + signer.sign(text.encode())
        lines.append(f"{_DASH}{signer.name} {base64.b64encode(signed).decode()}\n")
    note = text + "\n" + "".join(lines)
    parse_note(note)  # a name with a space or a text without its newline would make a note nobody can read
    return note


def parse_note(note: str) -> Note:
    """Take a note apart; Invalid when it is not exactly of the format."""
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or any(c < " " and c != "\n" for c in note):
        raise Invalid(MALFORMED)
    lines = tail[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise Invalid(MALFORMED)
    return Note(text + "\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> Signature:
    name, gap, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not gap or not name or "+" in name or name.split() != [name]:
        raise Invalid(MALFORMED)
    raw = unbase64(encoded)
    if len(raw) < 5:
        raise Invalid(MALFORMED)
    return Signature(name, int.from_bytes(raw[:4], "big"), raw[4:])


def unbase64(text: str) -> bytes:
    """Decode standard base64; Invalid unless it is the one encoding of those bytes (unused bits are zero)."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(MALFORMED) from error
    if base64.b64encode(raw).decode() != text:
        raise Invalid(MALFORMED)
    return raw


def verified(note: Note, verifiers: Sequence[NoteVerifier]) -> tuple[Signature, ...]:
    """The signatures by known keys, all of them valid; Invalid when a known key's is wrong or there is none."""
    known = {(v.name, v.key_id): v for v in verifiers}
    found = []
    for signature in note.signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None:
            continue
        if not verifier.verify(note.text.encode(), signature.signature):
            raise Invalid(UNSIGNED)
        found.append(signature)
    if not found:
        raise Invalid(UNSIGNED)
    return tuple(found)
