"""``audit verify``: does the log still say what was written? Finds edits, deletions, reorderings, cuts and rollbacks.

One pass over the leaves rebuilds the tree and meets every signed head and every anchor at its size; nothing grows with
the log but the anchors. Payloads may be missing only below the position that the last purge record names.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from netpursuit.audit import leaves
from netpursuit.audit.heads import Anchor, SignatureCheck, anchor_problems, head_message
from netpursuit.audit.merkle import Edge
from netpursuit.errors import StorageError
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import LogHead, LogRecord, Truth
from netpursuit.records.backups import BackupKind, Restoration

SHOWN = 50
Step = tuple[LogRecord | None, LogHead | None]


Tell = Callable[[int], None]
"""Is told now and then how many records have been held against their proofs so far."""
_TOLD_EVERY = 200


def tell_nobody(_done: int) -> None:
    """The default of ``Tell``."""


def told(steps: Iterable[Step], tell: Tell) -> Iterator[Step]:
    """The same steps, counted."""
    for number, step in enumerate(steps):
        if number and not number % _TOLD_EVERY:
            tell(number)
        yield step


def find_problems(
    truth: Truth,
    keys: Keys,
    outside: Sequence[Anchor] = (),
    *,
    anchored: bool = True,
    tell: Tell = tell_nobody,
) -> list[str]:
    """Problems as English sentences, at most ``SHOWN`` and a last line that counts the rest.

    ``outside``: anchors that were kept apart from workspace and keys; no restore on record excuses what they show.
    Without ``anchored`` the log is not held against those of the key folder, as one that a backup holds: it may be
    older than the last of them."""
    return first_of(_problems(truth, keys, outside, anchors_in_force(keys) if anchored else {}, tell))


def first_of(problems: Iterable[str]) -> list[str]:
    """The first ``SHOWN`` sentences and one that counts the rest."""
    shown, more = list[str](), 0
    for problem in problems:
        if len(shown) < SHOWN:
            shown.append(problem)
        else:
            more += 1
    return [*shown, f"and {more} more"] if more else shown


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


def _problems(
    truth: Truth, keys: Keys, outside: Sequence[Anchor], anchors: Mapping[int, set[bytes]], tell: Tell
) -> Iterator[str]:
    for number, (_, signed) in enumerate(keys.restorations(), 1):
        if not signed:
            yield f"restore {number} on record in the key folder does not carry this workspace's signature"
    yield from anchor_problems(outside, truth.workspace_id, keys.public_key())
    walk = Walk(truth.workspace_id, keys.verify, outside)
    for size, roots in anchors.items():
        for root in roots:
            walk.expect(size, root)
    yield from walk.problems(told(in_step(truth.log_records(), truth.log_heads()), tell))
    stored = truth.log_head()
    whole = not walk.broken and stored is not None and stored.size == walk.edge.size
    if whole and stored is not None and stored.edge != walk.edge.as_bytes():
        yield "what the log goes on from is not its end: no record can be added before it is restored"


def in_step(records: Iterator[LogRecord], heads: Iterator[LogHead]) -> Iterator[Step]:
    """Each record with the head that was signed over it; where one lacks the other, it comes alone."""
    head = next(heads, None)
    for record in records:
        while head is not None and head.size <= record.position:
            yield None, head
            head = next(heads, None)
        if head is not None and head.size == record.position + 1:
            yield record, head
            head = next(heads, None)
        else:
            yield record, None
    while head is not None:
        yield None, head
        head = next(heads, None)


class Walk:
    """One pass over a log of a workspace. ``sealed`` is false where sealed values were not brought along.

    Afterwards ``edge`` is the end of the tree; ``broken``: it was not followed to the end."""

    def __init__(
        self, workspace_id: str, is_signed: SignatureCheck, outside: Sequence[Anchor] = (), *, sealed: bool = True
    ) -> None:
        self._workspace_id, self._is_signed, self._sealed = workspace_id, is_signed, sealed
        self._anchors: dict[int, set[tuple[bytes, str]]] = defaultdict(set)
        for anchor in outside:
            if anchor.workspace_id == workspace_id:
                self.expect(anchor.size, anchor.root, anchor.where)
        self._last: LogHead | None = None
        self.edge, self.broken, self.kept = Edge(), False, 0

    def expect(self, size: int, root: bytes, where: str = "") -> None:
        """That the tree over the first ``size`` records has this root; ``where``: the file that says so."""
        self._anchors[size].add((root, where))

    def problems(self, steps: Iterable[Step]) -> Iterator[str]:
        """What is wrong, as English sentences. After a break the tree is followed no further, but heads are judged."""
        purged_before, missing = 0, list[int]()
        for record, head in steps:
            if head is not None:
                yield from self._problems_of_head(head)
                self._last = head
            if record is None or self.broken:
                continue
            if record.position != self.edge.size:
                yield f"record {self.edge.size} is missing: the log goes on with record {record.position}"
                self.broken = True
                continue
            yield from _problems_of_record(record, sealed=self._sealed)
            if record.payload is None:
                missing.append(record.position)
            else:
                self.kept += 1
                if record.kind == leaves.PURGE:
                    purged_before = max(purged_before, _purged_before(record))
            self.edge = self.edge.append(record.leaf)
            for problem in self._problems_at(record.position, head):
                yield problem
                self.broken = True
        if self.broken:
            return
        for position in missing:
            if position >= purged_before:
                yield f"the content of record {position} was removed without a purge on record"
        yield from self._problems_at_end()

    def _problems_at(self, position: int, head: LogHead | None) -> Iterator[str]:
        """Whether the tree up to a position is what was signed and anchored."""
        root = self.edge.root()
        if head is not None and head.root != root:
            yield f"up to record {position} the log is not the one whose head was signed on {_day(head.at)}"
            return
        for expected, where in sorted(self._anchors.pop(self.edge.size, ()), key=lambda anchor: anchor[1]):
            if expected != root:
                yield (
                    f"up to record {position} the log is not the one that was anchored "
                    f"{f'in {where}' if where else 'outside the workspace'}: "
                    "it was changed, or rolled back to an older state and continued"
                )
                return

    def _problems_at_end(self) -> Iterator[str]:
        if self._anchors:
            size = max(self._anchors)
            where = max(name for _, name in self._anchors[size])
            yield (
                f"the log ends with {self.edge.size} records, but {size} were anchored "
                f"{f'in {where}' if where else 'outside the workspace'}: "
                "it was cut, or the workspace was rolled back to an older state"
            )
        last = self._last.size if self._last else 0
        if last != self.edge.size:
            yield f"the log has {self.edge.size} records, but its last signed head counts {last}"

    def _problems_of_head(self, head: LogHead) -> Iterator[str]:
        before = self._last
        if not self._is_signed(head_message(self._workspace_id, head.size, head.root, head.at), head.signature):
            yield f"the head over {head.size} records does not carry this workspace's signature"
        if before is not None and head.at < before.at:
            yield f"the head over {head.size} records is dated before the one over {before.size}"
        if head.size != (before.size + 1 if before else 1):
            yield f"the signed head before the one over {head.size} records is missing"


def _problems_of_record(record: LogRecord, *, sealed: bool) -> Iterator[str]:
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
    found = hashlib.sha256(record.sealed).hexdigest() if record.sealed is not None else ""
    if sealed and found != content.get("sealed", ""):
        yield f"record {record.position} was changed: its sealed values are not those that were logged"


def _purged_before(record: LogRecord) -> int:
    try:
        before = leaves.read_payload(record.payload or "{}").get("before", 0)
    except StorageError:
        return 0
    return before if isinstance(before, int) and 0 <= before <= record.position else 0


def _day(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
