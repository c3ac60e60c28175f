"""``audit verify``: does the log still say what was written? Finds edits, deletions, reorderings, cuts and rollbacks.

One pass over the leaves rebuilds the tree and meets every signed head and every anchor at its size. Payloads may be
missing only below the position that the last purge record names.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from netpursuit.audit import leaves
from netpursuit.audit.merkle import Edge
from netpursuit.errors import StorageError
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import LogHead, LogRecord, Truth
from netpursuit.records.backups import BackupKind, Restoration

SHOWN = 50


def head_message(workspace_id: str, size: int, root: bytes, at: datetime) -> bytes:
    """What a head's signature covers."""
    stamp = at.astimezone(UTC).isoformat()
    return f"netpursuit log head 1\n{workspace_id}\n{size}\n{root.hex()}\n{stamp}\n".encode("ascii")


def find_problems(truth: Truth, keys: Keys, *, anchored: bool = True) -> list[str]:
    """Problems as English sentences, at most ``SHOWN`` and a last line that counts the rest.

    Without ``anchored`` the log is judged by itself, as one that a backup holds: it may be older than the last anchor.
    """
    problems = list(_problems(truth, keys, anchors_in_force(keys) if anchored else {}))
    if len(problems) > SHOWN:
        return [*problems[:SHOWN], f"and {len(problems) - SHOWN} more"]
    return problems


def anchors_in_force(keys: Keys) -> dict[int, set[bytes]]:
    """The roots that the log must have, by size: all that were anchored, save what a restore on record has ended."""
    restores = [
        item
        for item, signed in keys.restorations()
        if signed and item.kind is BackupKind.WORKSPACE and not item.refused
    ]
    anchors: dict[int, set[bytes]] = defaultdict(set)
    for number, (size, root) in enumerate(keys.anchors()):
        while restores and restores[0].anchors <= number:
            _go_back(anchors, restores.pop(0))
        anchors[size].add(root)
    for restore in restores:
        _go_back(anchors, restore)
    return anchors


def _go_back(anchors: dict[int, set[bytes]], restore: Restoration) -> None:
    for size in [size for size in anchors if size > restore.kept]:
        del anchors[size]
    if restore.size:
        anchors[restore.size] = {restore.root}


def shared_records(truth: Truth, keys: Keys) -> tuple[int, int]:
    """Up to which size a restored log is the one that was anchored, and how long that one is."""
    anchors, kept = anchors_in_force(keys), 0
    roots = {head.size: head.root for head in truth.log_heads()}
    for size in sorted(anchors):
        if anchors[size] != {roots.get(size)}:
            break
        kept = size
    return kept, max(anchors, default=0)


def _problems(truth: Truth, keys: Keys, anchors: dict[int, set[bytes]]) -> Iterator[str]:
    heads = {head.size: head for head in truth.log_heads()}
    for number, (_, signed) in enumerate(keys.restorations(), 1):
        if not signed:
            yield f"restore {number} on record in the key folder does not carry this workspace's signature"
    yield from _problems_of_heads(truth.workspace_id, list(heads.values()), keys)

    edge, purged_before, missing = Edge(), 0, list[int]()
    for record in truth.log_records():
        if record.position != edge.size:
            yield f"record {edge.size} is missing: the log goes on with record {record.position}"
            return
        yield from _problems_of_record(record)
        if record.payload is None:
            missing.append(record.position)
        elif record.kind == leaves.PURGE:
            purged_before = max(purged_before, _purged_before(record))
        edge = edge.append(record.leaf)
        root = edge.root()
        head = heads.get(edge.size)
        if head is not None and head.root != root:
            yield f"up to record {record.position} the log is not the one whose head was signed on {_day(head.at)}"
            return
        if edge.size in anchors and anchors.pop(edge.size) != {root}:
            yield (
                f"up to record {record.position} the log is not the one that was anchored outside the workspace: "
                "it was changed, or rolled back to an older state and continued"
            )
            return
    for position in missing:
        if position >= purged_before:
            yield f"the content of record {position} was removed without a purge on record"
    if anchors:
        yield (
            f"the log ends with {edge.size} records, but {max(anchors)} were anchored outside the workspace: "
            "it was cut, or the workspace was rolled back to an older state"
        )
    stored = truth.log_head()
    if stored is not None and stored.size == edge.size and stored.edge != edge.as_bytes():
        yield "what the log goes on from is not its end: no record can be added before it is restored"
    last = max(heads, default=0)
    if last != edge.size:
        yield f"the log has {edge.size} records, but its last signed head counts {last}"


def _problems_of_heads(workspace_id: str, heads: list[LogHead], keys: Keys) -> Iterator[str]:
    before: LogHead | None = None
    for head in heads:
        if not keys.verify(head_message(workspace_id, head.size, head.root, head.at), head.signature):
            yield f"the head over {head.size} records does not carry this workspace's signature"
        if before is not None and head.at < before.at:
            yield f"the head over {head.size} records is dated before the one over {before.size}"
        if head.size != (before.size + 1 if before else 1):
            yield f"the signed head before the one over {head.size} records is missing"
        before = head


def _problems_of_record(record: LogRecord) -> Iterator[str]:
    if record.payload is None or record.salt is None:
        return
    if leaves.leaf_of(record.salt, record.payload) != record.leaf:
        yield f"record {record.position} was changed: its content does not give its leaf"
        return
    try:
        content = leaves.read_payload(record.payload)
    except StorageError:
        yield f"record {record.position} cannot be read"
        return
    stated = (content.get("id"), content.get("kind"), content.get("at"))
    if stated != (record.consultation_id, record.kind, record.at.astimezone(UTC).isoformat() if record.at else None):
        yield f"record {record.position} was changed: it is filed under another id, kind or time than it states"
    sealed = hashlib.sha256(record.sealed).hexdigest() if record.sealed is not None else ""
    if sealed != content.get("sealed", ""):
        yield f"record {record.position} was changed: its sealed values are not those that were logged"


def _purged_before(record: LogRecord) -> int:
    before = leaves.read_payload(record.payload or "{}").get("before", 0)
    return before if isinstance(before, int) and 0 <= before <= record.position else 0


def _day(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
