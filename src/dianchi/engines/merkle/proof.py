"""A proof that a person can keep: entry, audit path and signed checkpoint in one text (C2SP tlog-proof)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from dianchi.engines.merkle.checkpoint import open_checkpoint, parse_checkpoint
from dianchi.engines.merkle.note import MALFORMED, NoteVerifier, parse_note, unbase64
from dianchi.engines.merkle.proofs import inclusion_path, verify_inclusion
from dianchi.engines.merkle.tree import HASH_BYTES, Nodes, leaf_hash
from dianchi.kernel.errors import Invalid

_HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Proof:
    """That `body` is the entry `index` of the log whose signed checkpoint is `checkpoint`."""

    index: int
    body: str  # canonical JSON; the leaf is its hash
    path: tuple[bytes, ...]  # from the leaf's sibling up
    checkpoint: str  # signed note

    def holds(self, verifiers: Sequence[NoteVerifier], origin: str | None = None) -> bool:
        """Whether the checkpoint is signed by a known key and the path leads from the body to its root."""
        try:
            checkpoint = open_checkpoint(self.checkpoint, verifiers, origin).checkpoint
        except Invalid:
            return False
        leaf = leaf_hash(self.body.encode())
        return verify_inclusion(leaf, self.index, checkpoint.size, self.path, checkpoint.root)

    def to_text(self) -> str:
        """As a .tlog-proof; the body travels as its extra data."""
        lines = [_HEADER, f"extra {base64.b64encode(self.body.encode()).decode()}", f"index {self.index}"]
        lines += [base64.b64encode(node).decode() for node in self.path]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def from_text(cls, text: str) -> Proof:
        """Back from `to_text`; Invalid when it is not exactly of the format."""
        head, _, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if len(lines) < 3 or lines[0] != _HEADER or not lines[1].startswith("extra "):
            raise Invalid(MALFORMED)
        index = lines[2].removeprefix("index ")
        path = tuple(unbase64(line) for line in lines[3:])
        if not (index.isascii() and index.isdigit()) or str(int(index)) != index or f"index {index}" != lines[2]:
            raise Invalid(MALFORMED)
        if any(len(node) != HASH_BYTES for node in path):
            raise Invalid(MALFORMED)
        try:
            body = unbase64(lines[1].removeprefix("extra ")).decode()
        except UnicodeDecodeError as error:
            raise Invalid(MALFORMED) from error
        parse_note(checkpoint)
        return cls(int(index), body, path, checkpoint)


def prove(nodes: Nodes, index: int, body: str, checkpoint: str) -> Proof:
    """The proof for an entry in the tree of a checkpoint (not checked here: its signatures)."""
    size = parse_checkpoint(parse_note(checkpoint).text).size
    return Proof(index, body, tuple(inclusion_path(nodes, index, size)), checkpoint)
