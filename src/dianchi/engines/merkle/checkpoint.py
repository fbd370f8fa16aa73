"""Checkpoints (C2SP tlog-checkpoint): the size and root of a log at one moment, signed."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dianchi.engines.merkle.note import (
    COSIGNATURE,
    MALFORMED,
    NoteSigner,
    NoteVerifier,
    Signature,
    parse_note,
    sign_note,
    unbase64,
    verified,
)
from dianchi.engines.merkle.tree import HASH_BYTES
from dianchi.kernel.errors import Invalid


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its origin, how many entries, the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The note text that is signed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions]
        return "".join(f"{line}\n" for line in lines)

    def signed(self, signers: Sequence[NoteSigner]) -> str:
        """The checkpoint as a signed note."""
        return sign_note(self.text, signers)


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint whose signatures by known keys were all checked."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in a note text; Invalid when it is not exactly of the format."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise Invalid(MALFORMED)
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit()) or str(int(size)) != size:
        raise Invalid(MALFORMED)
    digest = unbase64(root)
    if len(digest) != HASH_BYTES:
        raise Invalid(MALFORMED)
    return Checkpoint(origin, int(size), digest, tuple(lines[3:]))


def open_checkpoint(note: str, verifiers: Sequence[NoteVerifier], origin: str | None = None) -> SignedCheckpoint:
    """Parse a signed checkpoint and check it; Invalid when format, signature or origin is wrong."""
    parsed = parse_note(note)
    signatures = verified(parsed, verifiers)
    checkpoint = parse_checkpoint(parsed.text)
    if origin is not None and checkpoint.origin != origin:
        raise Invalid(MALFORMED)
    return SignedCheckpoint(checkpoint, signatures)


def signed_at(signatures: Sequence[Signature], verifiers: Sequence[NoteVerifier]) -> datetime | None:
    """The time that a checked cosignature binds (C2SP tlog-cosignature), or None when there is none."""
    timed = {(v.name, v.key_id) for v in verifiers if v.kind == COSIGNATURE}
    for signature in signatures:
        if (signature.name, signature.key_id) in timed:
            return datetime.fromtimestamp(int.from_bytes(signature.signature[:8], "big"), UTC)
    return None
