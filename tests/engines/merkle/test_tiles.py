"""Tiles: their names and bytes as the specification gives them, and the tree read back from them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dianchi.engines.merkle.proofs import consistency_path, inclusion_path, verify_consistency, verify_inclusion
from dianchi.engines.merkle.tiles import (
    ENTRIES,
    Tile,
    TileBuilder,
    decode_bundle,
    encode_bundle,
    nodes_in_tiles,
    pending_at,
    tiles_of,
)
from dianchi.engines.merkle.tree import Frontier, leaf_hash


def test_paths_of_the_specification():
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(1, 0, 17).path == "tile/1/000.p/17"
    assert Tile(ENTRIES, 273, 112).path == "tile/entries/273.p/112"
    assert Tile(0, 1000).path == "tile/0/x001/000"


def test_the_tiles_of_a_tree_of_seventy_thousand():
    tiles = list(tiles_of(70_000))
    assert [t for t in tiles if t.level == 0 and t.width < 256] == [Tile(0, 273, 112)]
    assert [t for t in tiles if t.level > 0] == [Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert sum(t.level == ENTRIES for t in tiles) == sum(t.level == 0 for t in tiles) == 274
    assert list(tiles_of(256))[1:] == [Tile(0, 0), Tile(1, 0, 1)]


@given(st.integers(-1, 63), st.integers(0, 10**10), st.integers(1, 256))
def test_a_path_names_its_tile(level, number, width):
    tile = Tile(level, number, width)
    assert Tile.at(tile.path) == tile


@pytest.mark.parametrize(
    "path", ["tile/64/000", "tile/0/00", "tile/0/x000/001", "tile/0/000.p/256", "tile/0/000.p/0", "tile/x/000"]
)
def test_other_paths_name_none(path):
    assert Tile.at(path) is None


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_bundles_return_their_entries(entries):
    assert decode_bundle(encode_bundle(entries)) == entries


def test_bundles_refuse_what_does_not_fit():
    with pytest.raises(ValueError):
        encode_bundle([b"x" * 65536])
    for cut in (b"\x00", b"\x00\x05abc"):
        with pytest.raises(ValueError):
            decode_bundle(cut)


def grown(size):
    """The tiles of a tree as a dictionary, with its leaves."""
    files: dict[Tile, bytes] = {}
    builder = TileBuilder(lambda tile, hashes: files.__setitem__(tile, b"".join(hashes)))
    leaves = [leaf_hash(str(i).encode()) for i in range(size)]
    for leaf in leaves:
        builder.append(leaf)
    files |= {tile: b"".join(hashes) for tile, hashes in builder.partial()}
    return files, leaves, builder


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_proofs_from_tiles_hold(data):
    size = data.draw(st.one_of(st.sampled_from([1, 255, 256, 257, 65536, 65537, 66_000]), st.integers(1, 3000)))
    files, leaves, builder = grown(size)
    assert set(files) == {t for t in tiles_of(size) if t.level != ENTRIES}
    frontier = Frontier()
    frontier.extend(leaves)
    root = frontier.root()
    assert builder.root() == root

    nodes = nodes_in_tiles(size, files.__getitem__)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert verify_inclusion(leaves[index], index, size, inclusion_path(nodes, index, size), root)
    older = Frontier()
    older.extend(leaves[:old])
    assert verify_consistency(old, size, consistency_path(nodes, old, size), older.root(), root)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1500), st.integers(0, 600))
def test_a_builder_goes_on_from_its_tiles(size, more):
    files, _, _ = grown(size)
    resumed = TileBuilder(lambda tile, hashes: None, size, pending_at(size, files.__getitem__))
    for i in range(size, size + more):
        resumed.append(leaf_hash(str(i).encode()))
    assert resumed.root() == grown(size + more)[2].root()


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_only_changed_tiles_are_new(since, more):
    before, after = set(tiles_of(since)), set(tiles_of(since + more))
    assert set(tiles_of(since + more, since)) == after - before
