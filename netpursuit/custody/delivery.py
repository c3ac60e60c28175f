"""What a delivery of a list contains and what it changes, before anything is stored. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from netpursuit.custody.demands import judge_own
from netpursuit.errors import InputError
from netpursuit.ids.fingerprints import entry_version, list_digest
from netpursuit.records import Entry, ListChange, ListItem, Operation, Rejected, Unlisted


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a delivery is read: whole or ``delta``, under A8 (``own``) or not, and when it came."""

    own: bool
    delta: bool
    delivered_on: date
    where: str


@dataclass(slots=True, kw_only=True)
class Delivery:
    """The items of a delivery sorted out, filled by ``receive``.

    ``operations`` by entry id; a whole list consists of additions.
    """

    operations: dict[str, ListChange] = field(default_factory=dict)
    unlisted: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)


class Known(NamedTuple):
    """An entry in force and its version."""

    entry: Entry
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What comes into force and how it differs from before. Ids are in the order of the entries' ids.

    ``kept`` entries could not be read in this delivery and stay in force in their previous version, flagged.
    """

    entries: tuple[Entry, ...]
    version: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    kept: tuple[str, ...]
    unchanged: int


def receive(items: Iterable[ListItem], terms: Terms) -> Delivery:
    """Sort out the items of a delivery.

    Of several records with one id the first counts, the others are rejected (``repeated-id``). Raises ``InputError``
    where a delta lacks an operation or a whole list has one, ``RefusedError`` for a register of watched people.
    """
    delivery = Delivery()
    for item in items:
        if isinstance(item, Unlisted):
            delivery.unlisted[item.reason] += 1
        elif isinstance(item, Rejected):
            delivery.rejected.append(item)
        else:
            _take(delivery, _as_change(item, terms), terms)
    return delivery


def replaced(previous: Mapping[str, Known], delivery: Delivery) -> Replacement:
    """A whole list takes the place of the one before."""
    entries = {change.entry.entry_id: change.entry for change in delivery.operations.values()}
    return _compared(previous, entries, _unreadable(delivery, previous))


def amended(previous: Mapping[str, Known], delivery: Delivery) -> Replacement:
    """The operations of a delta are applied to the list before; one that cannot be is rejected into ``delivery``.

    An entry is added once, changed or withdrawn only where it is in force (``already-listed``, ``not-listed``).
    """
    entries = {entry_id: known.entry for entry_id, known in previous.items()}
    for entry_id, change in delivery.operations.items():
        listed = entry_id in previous
        if listed == (change.operation is Operation.ADD):
            reason = "already-listed" if listed else "not-listed"
            delivery.rejected.append(_rejection(change.entry, "operation", reason))
        elif change.operation is Operation.WITHDRAW:
            del entries[entry_id]
        else:
            entries[entry_id] = change.entry
    return _compared(previous, entries, _unreadable(delivery, previous))


def _as_change(item: Entry | ListChange, terms: Terms) -> ListChange:
    if isinstance(item, ListChange):
        if not terms.delta:
            raise InputError(
                "the rows state operations", where=terms.where, line=item.entry.source.line, expected="--delta"
            )
        return item
    if terms.delta:
        operations = ", ".join(operation.value for operation in Operation)
        raise InputError(
            "a row of a delta without an operation",
            where=terms.where,
            line=item.source.line,
            expected=f"one of {operations}",
        )
    return ListChange(operation=Operation.ADD, entry=item)


def _take(delivery: Delivery, change: ListChange, terms: Terms) -> None:
    entry = change.entry
    if not entry.entry_id:
        delivery.rejected.append(_rejection(entry, "entry_id", "no-id"))
        return
    if entry.entry_id in delivery.operations:
        delivery.rejected.append(_rejection(entry, "entry_id", "repeated-id"))
        return
    if terms.own and change.operation is not Operation.WITHDRAW:
        lacks = judge_own(entry, "", terms.delivered_on)
        if lacks is not None:
            delivery.rejected.append(lacks)
            return
    delivery.operations[entry.entry_id] = change


def _unreadable(delivery: Delivery, previous: Mapping[str, Known]) -> dict[str, str]:
    """Entries in force whose new record cannot be read, and that no other record of the delivery states, with why."""
    return {
        item.entry_id: item.reason
        for item in reversed(delivery.rejected)
        if item.entry_id in previous and item.entry_id not in delivery.operations
    }


def _compared(previous: Mapping[str, Known], entries: dict[str, Entry], unreadable: Mapping[str, str]) -> Replacement:
    for entry_id, reason in unreadable.items():
        entries[entry_id] = replace(previous[entry_id].entry, flagged=reason)
    before = {entry_id: known.version for entry_id, known in previous.items()}
    after = {entry_id: _version(entries[entry_id], previous.get(entry_id)) for entry_id in sorted(entries)}
    return Replacement(
        entries=tuple(entries[entry_id] for entry_id in after),
        version=list_digest(after.items()),
        added=tuple(entry_id for entry_id in after if entry_id not in before),
        changed=tuple(entry_id for entry_id in after if before.get(entry_id, after[entry_id]) != after[entry_id]),
        withdrawn=tuple(entry_id for entry_id in sorted(before) if entry_id not in after),
        kept=tuple(sorted(unreadable)),
        unchanged=sum(before.get(entry_id) == version for entry_id, version in after.items()),
    )


def _version(entry: Entry, known: Known | None) -> str:
    if known is not None and replace(known.entry, source=entry.source, flagged=entry.flagged) == entry:
        return known.version
    return entry_version(entry)


def _rejection(entry: Entry, column: str, reason: str) -> Rejected:
    return Rejected(
        file_digest="",
        file=entry.source.file,
        line=entry.source.line,
        column=column,
        reason=reason,
        entry_id=entry.entry_id,
    )
