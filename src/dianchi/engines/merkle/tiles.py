"""The tree and its entries as static files: C2SP tlog-tiles paths and bytes, building and reading them."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from dianchi.engines.merkle.tree import HASH_BYTES, Nodes, complete_root, fold, peaks_of

WIDTH = 256  # hashes in a full tile, entries in a full bundle
TILE_HEIGHT = 8
ENTRY_LIMIT = 65535  # bytes: the bundle's length prefix is a uint16
ENTRIES = -1  # the "level" of entry bundles

_NAME = re.compile(r"tile/(entries|0|[1-5]?\d|6[0-3])/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")


class Tile(NamedTuple):
    """Which tile: level (ENTRIES for a bundle), number within the level, and how many hashes it holds."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served, relative to the log's prefix."""
        digits = f"{self.number:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{name}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @classmethod
    def at(cls, path: str) -> Tile | None:
        """The tile that a path names, or None when it is no tile's path."""
        match = _NAME.fullmatch(path)
        if match is None:
            return None
        level, number, width = match.groups()
        tile = cls(
            ENTRIES if level == "entries" else int(level),
            int(number.replace("x", "").replace("/", "")),
            int(width or WIDTH),
        )
        return tile if tile.path == path else None


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles and bundles of a tree of `size` that the tree of `since` leaves did not have, lowest level first."""
    for level in (ENTRIES, *range(64)):
        here, before = size >> TILE_HEIGHT * max(level, 0), since >> TILE_HEIGHT * max(level, 0)
        if not here:
            return
        for number in range(before // WIDTH, -(-here // WIDTH)):
            width = min(WIDTH, here - number * WIDTH)
            if here != before:
                yield Tile(level, number, width)


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries with their length prefixes; ValueError for one over 65,535 bytes."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > ENTRY_LIMIT:
            raise ValueError("an entry of a bundle has at most 65,535 bytes")
        parts += (struct.pack(">H", len(entry)), entry)
    return b"".join(parts)


def decode_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; ValueError when it is cut short."""
    entries, place = [], 0
    while place < len(data):
        if place + 2 > len(data):
            raise ValueError("the bundle is cut short")
        (length,) = struct.unpack_from(">H", data, place)
        place += 2 + length
        if place > len(data):
            raise ValueError("the bundle is cut short")
        entries.append(data[place - length : place])
    return entries


def split_hashes(data: bytes) -> list[bytes]:
    """The hashes of a tile; ValueError when it holds a part of one."""
    if len(data) % HASH_BYTES:
        raise ValueError("a tile holds whole hashes")
    return [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]


Emit: TypeAlias = Callable[[Tile, list[bytes]], None]


class TileBuilder:
    """Grows the tiles of a tree leaf by leaf; full tiles are handed to `emit`, the rest is in `pending`."""

    def __init__(
        self, emit: Callable[[Tile, list[bytes]], None], size: int = 0, pending: list[list[bytes]] | None = None
    ):
        self.emit, self.size = emit, size
        self.pending = pending if pending is not None else [[]]

    def append(self, leaf: bytes) -> None:
        """Add the hash of one leaf."""
        self.size += 1
        self.pending[0].append(leaf)
        if len(self.pending[0]) == WIDTH:
            self._complete(0)

    def _complete(self, level: int) -> None:
        hashes = self.pending[level]
        self.pending[level] = []
        self.emit(Tile(level, (self.size >> TILE_HEIGHT * (level + 1)) - 1), hashes)
        if level + 1 == len(self.pending):
            self.pending.append([])
        self.pending[level + 1].append(complete_root(hashes))
        if len(self.pending[level + 1]) == WIDTH:
            self._complete(level + 1)

    def partial(self) -> Iterator[tuple[Tile, list[bytes]]]:
        """The tiles that are not full at this size, lowest first."""
        for level, hashes in enumerate(self.pending):
            if hashes:
                yield Tile(level, self.size >> TILE_HEIGHT * (level + 1), len(hashes)), hashes

    def root(self) -> bytes:
        """The root hash at this size."""
        return fold([peak for hashes in reversed(self.pending) for peak in peaks_of(hashes)])


def pending_at(size: int, read: Callable[[Tile], bytes]) -> list[list[bytes]]:
    """What a builder of the tree of `size` leaves has pending, taken from its tiles."""
    pending: list[list[bytes]] = []
    level = 0
    while level == 0 or size >> TILE_HEIGHT * level:
        here = size >> TILE_HEIGHT * level
        number, width = divmod(here, WIDTH)
        pending.append(split_hashes(read(Tile(level, number, width)))[:width] if width else [])
        level += 1
    return pending


def nodes_in_tiles(size: int, read: Callable[[Tile], bytes]) -> Nodes:
    """The nodes of the tree of `size` leaves, looked up in its tiles; `read` may answer with a wider tile."""

    @lru_cache(maxsize=64)
    def hashes(level: int, number: int) -> list[bytes]:
        width = min(WIDTH, (size >> TILE_HEIGHT * level) - number * WIDTH)
        return split_hashes(read(Tile(level, number, width)))[:width]

    def node(level: int, n: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = n << height
        number, place = divmod(first, WIDTH)
        row = hashes(tile_level, number)[place : place + (1 << height)]
        if len(row) != 1 << height:
            raise ValueError("the tile is too short")
        return complete_root(row)

    return node
