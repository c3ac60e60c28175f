"""Signed tree heads, and the anchors made of them: what is kept outside, printed, mailed, or given to another office.

An anchor is one line of JSON: ``netpursuit`` (``audit-anchor``), ``v`` 1, ``workspace``, ``size``, ``root``, ``at``,
``public_key``, ``signature`` (Ed25519 over ``head_message``), and where it was asked for ``grown_from``: size and root
of an earlier anchor and the proof (RFC 6962, 2.1.2) that the log still begins with what that one stood for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from netpursuit.audit.merkle import HASH_BYTES, grows
from netpursuit.errors import InputError
from netpursuit.ports.truth import LogHead

ANCHOR = "audit-anchor"
SignatureCheck = Callable[[bytes, bytes], bool]


def head_message(workspace_id: str, size: int, root: bytes, at: datetime) -> bytes:
    """What a head's signature covers."""
    stamp = at.astimezone(UTC).isoformat()
    return f"netpursuit log head 1\n{workspace_id}\n{size}\n{root.hex()}\n{stamp}\n".encode("utf-8", "replace")


def signed_by(public_key: bytes) -> SignatureCheck:
    """Tells whether a message carries a signature (Ed25519) of this key. A key that is none has signed nothing."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
    except ValueError:
        return lambda message, signature: False

    def check(message: bytes, signature: bytes) -> bool:
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return check


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """That the log over ``size`` records with this root is the beginning of a later one."""

    size: int
    root: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A signed head with its workspace and public key; ``where`` is the file it was read from."""

    workspace_id: str
    size: int
    root: bytes
    at: datetime
    public_key: bytes
    signature: bytes
    grown_from: Growth | None = None
    where: str = ""

    @classmethod
    def of(cls, workspace_id: str, head: LogHead, public_key: bytes, grown_from: Growth | None = None) -> Anchor:
        return cls(
            workspace_id=workspace_id,
            size=head.size,
            root=head.root,
            at=head.at,
            public_key=public_key,
            signature=head.signature,
            grown_from=grown_from,
        )

    def is_signed(self) -> bool:
        """Whether the signature is that of the anchor's own public key."""
        message = head_message(self.workspace_id, self.size, self.root, self.at)
        return signed_by(self.public_key)(message, self.signature)

    def as_json(self) -> dict[str, Any]:
        growth = self.grown_from
        return {
            "netpursuit": ANCHOR,
            "v": 1,
            "workspace": self.workspace_id,
            "size": self.size,
            "root": self.root.hex(),
            "at": self.at.astimezone(UTC).isoformat(),
            "public_key": self.public_key.hex(),
            "signature": self.signature.hex(),
            "grown_from": None
            if growth is None
            else {"size": growth.size, "root": growth.root.hex(), "proof": [node.hex() for node in growth.proof]},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in a file by itself: what it says of itself, its key (hex), and problems as English sentences.

    ``records``: how many leaves stand in it; ``kept``: how many of them still have their content."""

    kind: str
    workspace_id: str
    stated: dict[str, Any]
    public_key: str
    records: int
    kept: int
    problems: tuple[str, ...]


def read_anchor(stated: dict[str, Any], where: str, line: int | None = None) -> Anchor:
    """An anchor from its JSON. Raises ``InputError`` for anything else; its signature is not looked at."""
    try:
        if stated["netpursuit"] != ANCHOR or stated["v"] != 1:
            raise ValueError("another kind")
        growth = stated.get("grown_from")
        return Anchor(
            workspace_id=str(stated["workspace"]),
            size=read_size(stated["size"]),
            root=read_hash(stated["root"]),
            at=read_instant(stated["at"]),
            public_key=bytes.fromhex(stated["public_key"]),
            signature=bytes.fromhex(stated["signature"]),
            grown_from=None
            if growth is None
            else Growth(
                size=read_size(growth["size"]),
                root=read_hash(growth["root"]),
                proof=tuple(map(read_hash, growth["proof"])),
            ),
            where=where,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError(
            "this is no anchor of a log", where=where, line=line, expected="what 'netpursuit audit anchor' wrote"
        ) from error


def read_anchors(text: str, where: str) -> tuple[Anchor, ...]:
    """The anchors of a file, one a line. Raises ``InputError`` where a line is none, or none is there."""
    anchors = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            stated = json.loads(line)
        except (ValueError, RecursionError):
            stated = {}
        anchors.append(read_anchor(stated if isinstance(stated, dict) else {}, where, number))
    if not anchors:
        raise InputError("the file holds no anchor", where=where, expected="what 'netpursuit audit anchor' wrote")
    return tuple(anchors)


def anchor_problems(anchors: Iterable[Anchor], workspace_id: str, public_key: bytes) -> Iterator[str]:
    """Why anchors are none of this log, or do not show what they say of an earlier one, as English sentences."""
    for anchor in anchors:
        if anchor.workspace_id != workspace_id:
            yield f"{anchor.where} anchors the log of workspace {anchor.workspace_id}, and this is {workspace_id}"
        elif anchor.public_key != public_key:
            yield f"the log is signed with another key than {anchor.where} states"
        elif not anchor.is_signed():
            yield f"the anchor over {anchor.size} records in {anchor.where} was changed: its signature does not fit"
        growth = anchor.grown_from
        if growth is not None and not grows(growth.root, growth.size, anchor.root, anchor.size, growth.proof):
            yield f"{anchor.where} does not show that the log over {growth.size} records became this one"


def check_anchors(
    anchors: Sequence[Anchor], where: str, outside: Sequence[Anchor], public_key: bytes | None
) -> Checked:
    """Hold the anchors of a file against themselves, and against earlier anchors and a key known from elsewhere.

    Of an earlier anchor the later one must show that it goes on from it, which ``grown_from`` does."""
    last = max(anchors, key=lambda anchor: anchor.size)
    problems = list(anchor_problems((*anchors, *outside), last.workspace_id, last.public_key))
    if public_key is not None and public_key != last.public_key:
        problems.append(f"{where} is signed with another key than the one that was given")
    for old in outside:
        same = [anchor for anchor in anchors if anchor.size == old.size]
        growths = [anchor.grown_from for anchor in anchors if anchor.grown_from and anchor.grown_from.size == old.size]
        roots = {anchor.root for anchor in same} | {growth.root for growth in growths}
        if roots - {old.root}:
            problems.append(f"{where} belongs to another log than {old.where}")
        elif not roots:
            problems.append(f"{where} does not show that it goes on from the anchor over {old.size} records")
    return Checked(
        kind=ANCHOR,
        workspace_id=last.workspace_id,
        stated=last.as_json(),
        public_key=last.public_key.hex(),
        records=last.size,
        kept=0,
        problems=tuple(problems),
    )


def read_size(value: object) -> int:
    """Raises ``ValueError`` for what is no count."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("no size")
    return value


def read_hash(value: str) -> bytes:
    """Raises ``ValueError`` or ``TypeError`` for what is no hash in hex digits."""
    found = bytes.fromhex(value)
    if len(found) != HASH_BYTES:
        raise ValueError("no hash")
    return found


def read_instant(value: str) -> datetime:
    """The instant, in UTC. Raises ``ValueError`` or ``TypeError`` for what is none with a time zone."""
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("no time zone")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:  # the first or the last day that there is, in another zone
        raise ValueError("no instant") from error
