"""A later tree is proved to begin with an earlier one, and no other tree is."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.audit.merkle import grows, prove_growth, root_of

LEAVES = st.lists(st.binary(max_size=6), min_size=1, max_size=70)


def textbook_proof(leaves: list[bytes], size: int) -> list[bytes]:
    """RFC 6962, 2.1.2: PROOF(m, D[n]) = SUBPROOF(m, D[n], true)."""

    def subproof(size: int, part: list[bytes], whole: bool) -> list[bytes]:
        if size == len(part):
            return [] if whole else [root_of(part)]
        split = 1
        while split * 2 < len(part):
            split *= 2
        if size <= split:
            return [*subproof(size, part[:split], whole), root_of(part[split:])]
        return [*subproof(size - split, part[split:], False), root_of(part[:split])]

    return subproof(size, leaves, True)


@given(leaves=LEAVES, data=st.data())
def test_the_proof_is_that_of_the_textbook_and_holds_for_its_trees_alone(
    leaves: list[bytes], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(leaves)))
    proof = prove_growth(leaves, size)
    assert list(proof) == textbook_proof(leaves, size)
    old, new = root_of(leaves[:size]), root_of(leaves)
    assert grows(old, size, new, len(leaves), proof)
    other = bytes(32)
    assert not grows(other, size, new, len(leaves), proof)
    assert not grows(old, size, other, len(leaves), proof)
    assert not grows(old, size, new, len(leaves), (*proof, other))
    if proof:
        assert not grows(old, size, new, len(leaves), proof[:-1])
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not grows(old, size, new, len(leaves), (*proof[:at], other, *proof[at + 1 :]))


@given(leaves=LEAVES, data=st.data())
def test_a_log_that_was_written_anew_is_never_proved_to_go_on(leaves: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(leaves)))
    at = data.draw(st.integers(0, size - 1))
    rewritten = [*leaves[:at], leaves[at] + b"!", *leaves[at + 1 :]]
    proof = prove_growth(rewritten, size)
    assert not grows(root_of(leaves[:size]), size, root_of(rewritten), len(leaves), proof)


@given(old=st.integers(0, 40), size=st.integers(0, 40), proof=st.lists(st.binary(min_size=32, max_size=32), max_size=8))
def test_no_hashes_that_somebody_made_up_prove_anything(old: int, size: int, proof: list[bytes]) -> None:
    roots = [hashlib.sha256(text).digest() for text in (b"one", b"two")]
    assert not grows(roots[0], old, roots[1], size, proof)


def test_a_tree_outside_the_log_cannot_be_proved() -> None:
    for size in (0, 4):
        with pytest.raises(IndexError):
            prove_growth([b"a", b"b", b"c"], size)
