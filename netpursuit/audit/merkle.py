"""Merkle trees as in RFC 6962, section 2.1: SHA-256, leaves and nodes told apart by a prefix.

>>> edge = Edge()
>>> for leaf in (b"a", b"b", b"c"):
...     edge = edge.append(leaf)
>>> edge.root() == root_of([b"a", b"b", b"c"])
True
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netpursuit.errors import StorageError

HASH_BYTES = 32


def hash_leaf(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\0" + leaf).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def damaged_log(how: str) -> StorageError:
    """What is raised where the log cannot be gone on with."""
    return StorageError(
        f"the consultation log is damaged ({how}): nothing is run; 'netpursuit audit verify' says where"
    )


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: the roots of its complete subtrees, largest first; all that appending needs."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> Edge:
        """The edge with one more leaf."""
        roots, node, size = list(self.roots), hash_leaf(leaf), self.size
        while size & 1:  # every trailing one-bit of the size is a complete subtree to join with
            node = hash_node(roots.pop(), node)
            size >>= 1
        return Edge(self.size + 1, (*roots, node))

    def extend(self, leaves: Iterable[bytes]) -> Edge:
        """The edge with more leaves, hashed level by level."""
        nodes = [hash_leaf(leaf) for leaf in leaves]
        roots, kept, size, more = list(self.roots), list[bytes](), self.size, len(nodes)
        while nodes or size:
            if size & 1:  # the smallest complete subtree so far has its right neighbour now
                nodes.insert(0, roots.pop())
            if len(nodes) & 1:
                kept.append(nodes.pop())
            nodes = [hash_node(nodes[at], nodes[at + 1]) for at in range(0, len(nodes), 2)]
            size >>= 1
        return Edge(self.size + more, tuple(reversed(kept)))

    def root(self) -> bytes:
        """The tree's root; of the empty tree the hash of nothing."""
        if not self.roots:
            return hashlib.sha256(b"").digest()
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = hash_node(left, node)
        return node

    def as_bytes(self) -> bytes:
        return b"".join(self.roots)

    @classmethod
    def from_bytes(cls, size: int, stored: bytes) -> Edge:
        """Raises ``StorageError`` where the length does not fit the size."""
        if len(stored) != HASH_BYTES * size.bit_count():
            raise damaged_log("its tree does not fit its size")
        return cls(size, tuple(stored[start : start + HASH_BYTES] for start in range(0, len(stored), HASH_BYTES)))


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over all leaves."""
    edge = Edge()
    for leaf in leaves:
        edge = edge.append(leaf)
    return edge.root()


def prove_inclusion(leaves: Sequence[bytes], position: int) -> tuple[bytes, ...]:
    """The sibling hashes from a leaf up to the root (RFC 6962, 2.1.1). Raises ``IndexError`` outside the tree."""
    if not 0 <= position < len(leaves):
        raise IndexError(f"leaf {position} of {len(leaves)}")
    proof: list[bytes] = []
    level = [hash_leaf(leaf) for leaf in leaves]
    while len(level) > 1:
        sibling = position ^ 1
        if sibling < len(level):
            proof.append(level[sibling])
        odd = level[-1:] if len(level) & 1 else []
        level = [hash_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)] + odd
        position >>= 1
    return tuple(proof)


def includes(root: bytes, size: int, leaf: bytes, position: int, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that this leaf stands at this position of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    node, at, last = hash_leaf(leaf), position, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = hash_node(sibling, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = hash_node(node, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def prove_growth(leaves: Sequence[bytes], size: int) -> tuple[bytes, ...]:
    """The hashes that show the tree over the first ``size`` leaves to be the beginning of the whole one (RFC 6962,
    2.1.2). Raises ``IndexError`` for a size outside 1 to all leaves."""
    if not 0 < size <= len(leaves):
        raise IndexError(f"a tree of {size} in one of {len(leaves)}")
    proof: list[bytes] = []
    begin, end, whole = 0, len(leaves), True
    while size < end - begin:
        middle = begin + (1 << ((end - begin - 1).bit_length() - 1))  # the largest power of two below the number
        if begin + size <= middle:
            proof.append(root_of(leaves[middle:end]))
            end = middle
        else:
            proof.append(root_of(leaves[begin:middle]))
            size, begin, whole = size - (middle - begin), middle, False
    return tuple(reversed(proof if whole else [*proof, root_of(leaves[begin:end])]))


def grows(old_root: bytes, old_size: int, root: bytes, size: int, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the larger tree begins with the smaller one (RFC 9162, 2.1.4.2)."""
    if old_size == size > 0:
        return not proof and old_root == root
    if not 0 < old_size < size or not proof:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    # A smaller tree that is a complete subtree of the larger one is its own first hash.
    first, *rest = proof if old_size & (old_size - 1) else (old_root, *proof)
    old = new = first
    for sibling in rest:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = hash_node(sibling, old), hash_node(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = hash_node(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == root
