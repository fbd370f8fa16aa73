"""Inclusion and consistency proofs: making them and checking them (RFC 6962 2.1, RFC 9162 2.1.3 and 2.1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest

from dianchi.engines.merkle.tree import EMPTY_ROOT, Nodes, node_hash, range_root, split


def inclusion_path(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Audit path of a leaf in the tree of `size` leaves, from the leaf's sibling up. ValueError when out of range."""
    if not 0 <= index < size:
        raise ValueError("the index is not in the tree")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(range_root(nodes, middle, end))
            end = middle
        else:
            path.append(range_root(nodes, start, middle))
            start = middle
    return path[::-1]


def consistency_path(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Proof that the tree of `new` leaves only appended to the tree of `old`. Empty when old is 0 or new."""
    if not 0 <= old <= new:
        raise ValueError("the older tree is not the smaller one")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(range_root(nodes, middle, end))
            end = middle
        else:
            path.append(range_root(nodes, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_root(nodes, start, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves that the leaf hash stands at `index` in the tree of `size` leaves with this root."""
    if not 0 <= index < size:
        return False
    position, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and compare_digest(node, root)


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the path proves that the tree (new, new_root) begins with the tree (old, old_root)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and compare_digest(old_root, new_root)
    if old == 0:
        return not path and compare_digest(old_root, EMPTY_ROOT)
    hashes = list(path)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    return bool(hashes) and _climb(old - 1, new - 1, hashes, old_root, new_root)


def _climb(position: int, last: int, hashes: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    while position & 1:
        position, last = position >> 1, last >> 1
    older = newer = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and compare_digest(older, old_root) and compare_digest(newer, new_root)
