"""Trees agree with RFC 6962 however they are built, and proofs prove exactly one leaf at one place."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.audit.merkle import Edge, includes, prove_inclusion, root_of
from netpursuit.errors import StorageError

LEAVES = st.lists(st.binary(max_size=6), min_size=1, max_size=40)


def textbook_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1: split at the largest power of two below the size."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + textbook_root(leaves[:split]) + textbook_root(leaves[split:])).digest()


@given(leaves=st.lists(st.binary(max_size=6), max_size=40))
def test_appending_gives_the_root_of_the_textbook(leaves: list[bytes]) -> None:
    assert root_of(leaves) == textbook_root(leaves)


def test_the_published_test_vectors_hold() -> None:
    """The eight leaves of the Certificate Transparency reference tests."""
    vectors = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [bytes.fromhex(vector) for vector in vectors]
    assert root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert root_of(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(leaves=LEAVES, data=st.data())
def test_a_proof_holds_for_its_leaf_and_place_alone(leaves: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(leaves) - 1))
    root, proof = root_of(leaves), prove_inclusion(leaves, position)
    assert includes(root, len(leaves), leaves[position], position, proof)
    assert not includes(root, len(leaves), leaves[position] + b"!", position, proof)
    assert not includes(root, len(leaves), leaves[position], position + len(leaves), proof)
    assert not includes(root, len(leaves), leaves[position], position, (*proof, b"\0" * 32))
    if proof:
        assert not includes(root, len(leaves), leaves[position], position, proof[:-1])


@given(leaves=LEAVES)
def test_an_edge_comes_back_from_its_bytes(leaves: list[bytes]) -> None:
    edge = Edge()
    for leaf in leaves:
        edge = edge.append(leaf)
    assert Edge.from_bytes(edge.size, edge.as_bytes()) == edge
    with pytest.raises(StorageError):
        Edge.from_bytes(edge.size, edge.as_bytes() + b"\0")
