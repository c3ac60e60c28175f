"""What the files of a wanted list bring: entries, changes, what is not wanted, and what they say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from netpursuit.records.lists import Entry, SourceRef
from netpursuit.records.registrations import Rejected


class Operation(StrEnum):
    """What one row of a ``--delta`` file does."""

    ADD = "add"
    CHANGE = "change"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """A row of a delta file: the operation and the entry (for a withdrawal only ``entry_id`` matters)."""

    operation: Operation
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlisted:
    """A record that the list carries but that is not a wanted person: a victim, a missing person, a company
    on a politically-exposed list ... Counted by reason (a stable key such as ``missing-person``), never loaded."""

    reason: str
    source: SourceRef


# What a list reader yields. A broken record with a readable id carries it in ``Rejected.entry_id``.
ListItem = Entry | ListChange | Unlisted | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHeader:
    """What the files say about the list itself. ``published_on`` None: the file does not state it."""

    format: str
    published_on: date | None
    publisher: str
    title: str
    own: bool = False  # a user's own list, to which A8 applies
