"""Tiles and bundles in a folder, laid out as they are served."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Set
from itertools import islice
from pathlib import Path

from dianchi.engines.merkle.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    TileBuilder,
    encode_bundle,
    nodes_in_tiles,
    pending_at,
    tiles_of,
)
from dianchi.engines.merkle.tree import EMPTY_ROOT, Nodes, leaf_hash


class TileFolder:
    """A folder of tiles. They are derived: whatever is missing can be written again from the entries."""

    def __init__(self, path: Path):
        self.path = path

    def read(self, tile: Tile) -> bytes:
        """The bytes of a tile, or of the full one that has replaced it. FileNotFoundError when there is neither."""
        try:
            return (self.path / tile.path).read_bytes()
        except FileNotFoundError:
            return (self.path / tile._replace(width=WIDTH).path).read_bytes()

    def nodes(self, size: int) -> Nodes:
        """The nodes of the tree of `size` leaves."""
        return nodes_in_tiles(size, self.read)

    def root(self, size: int) -> bytes | None:
        """The root that the right edge of the tree of `size` leaves comes to, or None when it cannot be read."""
        if size == 0:
            return EMPTY_ROOT
        try:
            return self._builder(size).root()
        except (OSError, ValueError):
            return None

    def extend(self, since: int, entries: Iterable[bytes], marks: Set[int]) -> dict[int, bytes]:
        """Write the tiles that entries add to the tree of `since` leaves; the roots at the sizes in `marks`.

        `entries` begin with the bundle in which `since` falls: at since // 256 * 256.
        """
        builder, roots = self._builder(since), {}
        if since in marks:
            roots[since] = builder.root()
        stream, size = iter(entries), since // WIDTH * WIDTH
        while bundle := list(islice(stream, WIDTH)):
            self._write(Tile(ENTRIES, size // WIDTH, len(bundle)), encode_bundle(bundle))
            for entry in bundle[max(0, since - size) :]:
                builder.append(leaf_hash(entry))
                if builder.size in marks:
                    roots[builder.size] = builder.root()
            size += len(bundle)
        for tile, hashes in builder.partial():
            self._write(tile, b"".join(hashes))
        return roots

    def prune(self, size: int) -> None:
        """Remove the partial tiles that a full one has replaced in the tree of `size` leaves."""
        for partial in list(self.path.glob("tile/**/*.p")):
            narrow = next((t for f in partial.iterdir() if (t := Tile.at(f.relative_to(self.path).as_posix()))), None)
            if narrow is not None and (self.path / narrow._replace(width=WIDTH).path).exists():
                shutil.rmtree(partial)

    def listing(self) -> dict[Tile, Path]:
        """Every tile that is there."""
        found = {}
        for path in self.path.glob("tile/**/*"):
            tile = Tile.at(path.relative_to(self.path).as_posix())
            if tile is not None and path.is_file():
                found[tile] = path
        return found

    def missing(self, size: int) -> list[Tile]:
        """The tiles of the tree of `size` leaves that are not there, nor the full ones that replace them."""
        return [
            tile
            for tile in tiles_of(size)
            if not any((self.path / t.path).is_file() for t in (tile, tile._replace(width=WIDTH)))
        ]

    def _builder(self, size: int) -> TileBuilder:
        pending = pending_at(size, self.read) if size else None
        return TileBuilder(lambda tile, hashes: self._write(tile, b"".join(hashes)), size, pending)

    def _write(self, tile: Tile, data: bytes) -> None:
        path = self.path / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        draft.write_bytes(data)
        draft.replace(path)
