"""The tree against published vectors, against pymerkle, and against its own definition."""

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dianchi.engines.merkle.proofs import consistency_path, inclusion_path, verify_consistency, verify_inclusion
from dianchi.engines.merkle.tree import (
    EMPTY_ROOT,
    Frontier,
    fold,
    leaf_hash,
    node_hash,
    nodes_over,
    peaks_of,
    range_root,
    split,
)

# The inputs and roots that Certificate Transparency implementations test with.
CT_INPUTS = [
    bytes.fromhex(h)
    for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}

sizes = st.integers(1, 300)


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(i).encode()) for i in range(count)]


def root_of(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962 2.1, word by word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    k = split(len(hashes))
    return node_hash(root_of(hashes[:k]), root_of(hashes[k:]))


@pytest.mark.parametrize("size", CT_ROOTS)
def test_published_roots(size):
    frontier = Frontier()
    frontier.extend(map(leaf_hash, CT_INPUTS[:size]))
    assert frontier.root().hex() == CT_ROOTS[size]


@given(sizes)
def test_frontier_equals_definition_at_every_size(size):
    hashes, frontier = leaves(size), Frontier()
    frontier.extend(hashes)
    assert frontier.root() == root_of(hashes) == range_root(nodes_over(hashes), 0, size) == fold(peaks_of(hashes))


@given(st.integers(0, 200), st.integers(0, 60))
def test_frontier_survives_storing(size, more):
    frontier, hashes = Frontier(), leaves(size + more)
    frontier.extend(hashes[:size])
    again = Frontier.from_text(size, frontier.to_text())
    again.extend(hashes[size:])
    assert (again.size, again.root()) == (size + more, root_of(hashes))


def test_a_frontier_that_does_not_fit_its_size_is_refused():
    with pytest.raises(ValueError):
        Frontier.from_text(3, "00" * 32)


@settings(max_examples=40)
@given(st.data())
def test_proofs_agree_with_pymerkle(data):
    size = data.draw(sizes)
    tree = pymerkle.InmemoryTree("sha256")
    tree.append_entries([str(i).encode() for i in range(size)])
    hashes = leaves(size)
    nodes, root = nodes_over(hashes), root_of(hashes)
    assert tree.get_root() == root

    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    theirs = tree.prove_inclusion(index + 1, size)
    pymerkle.verify_inclusion(hashes[index], root, theirs)
    assert list(theirs.path[1:]) == inclusion_path(nodes, index, size)
    assert verify_inclusion(hashes[index], index, size, theirs.path[1:], root)
    pymerkle.verify_consistency(tree.get_root(old), root, tree.prove_consistency(old, size))


@given(st.data())
def test_every_inclusion_proof_holds_and_no_changed_one_does(data):
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    path, root = inclusion_path(nodes_over(hashes), index, size), root_of(hashes)
    assert verify_inclusion(hashes[index], index, size, path, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, path, root)
    assert not verify_inclusion(hashes[index], index, size, path, EMPTY_ROOT)
    assert not verify_inclusion(hashes[index], index, size, [*path, EMPTY_ROOT], root)
    other = data.draw(st.integers(-1, size + 1))
    assert verify_inclusion(hashes[index], other, size, path, root) == (other == index)
    if path:
        assert not verify_inclusion(hashes[index], index, size, path[:-1], root)


@given(st.data())
def test_every_consistency_proof_holds_and_no_changed_one_does(data):
    new = data.draw(sizes)
    old = data.draw(st.integers(0, new))
    hashes = leaves(new)
    path, old_root, new_root = consistency_path(nodes_over(hashes), old, new), root_of(hashes[:old]), root_of(hashes)
    assert verify_consistency(old, new, path, old_root, new_root)
    assert not verify_consistency(old, new, path, leaf_hash(b"x"), new_root)
    assert not verify_consistency(old, new, [*path, EMPTY_ROOT], old_root, new_root)
    if old:
        assert not verify_consistency(old, new, path, old_root, leaf_hash(b"x"))
    if path:
        assert not verify_consistency(old, new, path[:-1], old_root, new_root)
    assert not verify_consistency(new + 1, new, path, old_root, new_root)


def test_proofs_outside_the_tree_are_refused():
    nodes = nodes_over(leaves(3))
    with pytest.raises(ValueError):
        inclusion_path(nodes, 3, 3)
    with pytest.raises(ValueError):
        consistency_path(nodes, 4, 3)
