"""The hash tree of RFC 6962: hashes, the frontier that grows it, and roots of ranges."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()

Nodes = Callable[[int, int], bytes]
"""(level, n) -> hash of the complete subtree over the leaves n * 2**level to (n + 1) * 2**level."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry; the prefix keeps leaves and nodes apart."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """Root over 2**k hashes, k >= 0."""
    sha256, row = hashlib.sha256, list(hashes)
    while len(row) > 1:
        row = [sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row), 2)]
    return row[0]


def peaks_of(hashes: Sequence[bytes]) -> list[bytes]:
    """Roots of the complete subtrees that cover the hashes, largest first."""
    peaks, start = [], 0
    for level in reversed(range(len(hashes).bit_length())):
        if len(hashes) >> level & 1:
            peaks.append(complete_root(hashes[start : start + (1 << level)]))
            start += 1 << level
    return peaks


def fold(peaks: Sequence[bytes]) -> bytes:
    """The tree's root from its peaks, largest first."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


@dataclass
class Frontier:
    """A tree of `size` leaves held by its peaks alone: enough to append and to know the root, O(log size)."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.peaks) != self.size.bit_count():
            raise ValueError("a frontier has one peak for each one-bit of its size")

    def append(self, leaf: bytes) -> None:
        """Add the hash of one leaf."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add the hashes of leaves, in order."""
        sha256, size, peaks = hashlib.sha256, self.size, self.peaks
        for node in leaves:
            carry = size
            while carry & 1:
                node = sha256(b"\x01" + peaks.pop() + node).digest()
                carry >>= 1
            peaks.append(node)
            size += 1
        self.size = size

    def root(self) -> bytes:
        """The root hash at this size."""
        return fold(self.peaks)

    def to_text(self) -> str:
        """The peaks in hex, largest first, for storing beside the size."""
        return b"".join(self.peaks).hex()

    @classmethod
    def from_text(cls, size: int, text: str) -> Frontier:
        """Back from `to_text`; ValueError when it does not fit the size."""
        raw = bytes.fromhex(text)
        return cls(size, [raw[i : i + HASH_BYTES] for i in range(0, len(raw), HASH_BYTES)])


def nodes_over(leaves: Sequence[bytes]) -> Nodes:
    """The nodes of a tree whose leaf hashes are all at hand."""
    return lambda level, n: complete_root(leaves[n << level : (n + 1) << level])


def range_root(nodes: Nodes, start: int, end: int) -> bytes:
    """MTH(D[start:end]) of RFC 6962; start must be the left edge of a subtree of the tree that has `end` leaves."""
    if start == end:
        return EMPTY_ROOT
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return nodes(level, start >> level)
    middle = start + split(width)
    return node_hash(range_root(nodes, start, middle), range_root(nodes, middle, end))


def split(width: int) -> int:
    """The largest power of two below width (width > 1): how many leaves the left subtree has."""
    return 1 << ((width - 1).bit_length() - 1)
