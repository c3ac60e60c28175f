"""The receipt of a screening run (promise A18): a Merkle root over individually salted rows.

Row ``n`` of a file, counted from 0, has the salt HMAC-SHA-256(run key, file digest ‖ n), the body SHA-256(salt ‖ row
bytes), and the leaf body ‖ mark; the tree over the leaves is that of RFC 6962. The mark says what became of the row:
for each person that it names ``<role>:<fate>``, or ``stay-ended``, ``read-again``, ``rejected:<reason>``. A row and
its mark are one leaf: a proof that a row was read cannot be taken for one that its people were screened.

The run key is made when a run begins, is held in memory alone, and leaves it in the receipt of the feed's owner or not
at all. Without it no guess can be tested: the workspace has the root and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from netpursuit.audit.merkle import HASH_BYTES, Edge

KEY_BYTES = 32
_BLOCK_BYTES = 64  # of SHA-256; a key is shorter

SCREENED, ROLE_NOT_SCREENED, OUT_OF_PERIOD, REPEATED, UNNAMED = (
    "screened",
    "role-not-screened",
    "out-of-period",
    "repeated",
    "unnamed",
)
STAY_ENDED = "stay-ended"
READ_AGAIN = "read-again"
REJECTED = "rejected:"


def new_key() -> bytes:
    """The key of one run."""
    return secrets.token_bytes(KEY_BYTES)


@dataclass(frozen=True, slots=True)
class RowSeals:
    """Salts and bodies of one run over one file; goes to worker processes, never into a file."""

    key: bytes = field(repr=False)
    file_digest: str

    def salt(self, number: int) -> bytes:
        message = self.file_digest.encode("ascii") + number.to_bytes(8, "big")
        return hmac.digest(self.key, message, hashlib.sha256)

    def bodies(self, first: int, rows: Sequence[bytes]) -> bytes:
        """The bodies of rows that follow one another from row ``first`` on, 32 bytes each."""
        sha256 = hashlib.sha256
        # HMAC (RFC 2104) with all that is the same for every row hashed once: half the time of a salt.
        block = self.key.ljust(_BLOCK_BYTES, b"\0")
        inner = sha256(bytes(byte ^ 0x36 for byte in block) + self.file_digest.encode("ascii"))
        outer = sha256(bytes(byte ^ 0x5C for byte in block))
        bodies = []
        for number, row in enumerate(rows, first):
            salted, salt = inner.copy(), outer.copy()
            salted.update(number.to_bytes(8, "big"))
            salt.update(salted.digest())
            bodies.append(sha256(salt.digest() + row).digest())
        return b"".join(bodies)


def row_body(salt: bytes, row: bytes) -> bytes:
    return hashlib.sha256(salt + row).digest()


def row_leaves(bodies: bytes, marks: Sequence[str]) -> Iterator[bytes]:
    """The leaves of rows, in order. Raises ``ValueError`` where there are not as many bodies as marks."""
    if len(bodies) != HASH_BYTES * len(marks):
        raise ValueError(f"{len(bodies)} bytes of bodies for {len(marks)} rows")
    for number, mark in enumerate(marks):
        yield bodies[number * HASH_BYTES : (number + 1) * HASH_BYTES] + mark.encode("ascii")


class ReceiptTree:
    """The tree of a run that is under way; memory does not grow with the rows."""

    def __init__(self) -> None:
        self._edge = Edge()

    def add(self, bodies: bytes, marks: Sequence[str]) -> None:
        """Take the next rows in, in the order of the file."""
        self._edge = self._edge.extend(row_leaves(bodies, marks))

    @property
    def rows(self) -> int:
        return self._edge.size

    @property
    def root(self) -> str:
        """64 hex digits."""
        return self._edge.root().hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReceipt:
    """A receipt as the feed's owner has it. ``seals`` can test any guess about a row: it is kept like the register.
    ``purpose`` and ``expires_on`` are those of the feed, as every export states them."""

    run_id: str
    rows: int
    root: str
    seals: RowSeals
    bodies: bytes = field(repr=False)
    marks: tuple[str, ...] = field(repr=False)
    purpose: str = ""
    expires_on: str = ""

    def leaves(self) -> list[bytes]:
        return list(row_leaves(self.bodies, self.marks))

    def is_whole(self) -> bool:
        """Whether its rows give its root."""
        tree = ReceiptTree()
        tree.add(self.bodies, self.marks)
        return (tree.rows, tree.root) == (self.rows, self.root)

    def find(self, row: bytes) -> int | None:
        """The first place at which these very bytes were read; None: nowhere."""
        for number in range(self.rows):
            body = self.bodies[number * HASH_BYTES : (number + 1) * HASH_BYTES]
            if hmac.compare_digest(row_body(self.seals.salt(number), row), body):
                return number
        return None
