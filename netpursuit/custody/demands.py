"""What a user's own list must declare before anybody is matched against it (promise A8). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from netpursuit.errors import RefusedError
from netpursuit.policy.headings import find_forbidden_offence, find_forbidden_word
from netpursuit.policy.standing import REVIEW_WITHIN_DAYS
from netpursuit.records import Entry, Instrument, Rejected


def refuse_watch_register(headings: Iterable[str]) -> None:
    """Raise ``RefusedError`` (``watch-register``) where id, title or file name head a register of watched people."""
    for heading in headings:
        if word := find_forbidden_word(heading):
            raise RefusedError(
                "watch-register",
                f"the list is headed {word!r}: registers of watched people are not wanted lists",
                about=word,
            )


def refuse_watched(entry: Entry) -> None:
    """Raise ``RefusedError`` where an entry's category, or its only offence, is that the person is watched."""
    words = (find_forbidden_word(category) for category in entry.programmes)
    word = next(filter(None, words), "") or find_forbidden_offence(entry.warrant.offence)
    if word:
        raise RefusedError(
            "watch-register",
            f"{entry.source.file}:{entry.source.line}: categorised {word!r}: registers of watched people are not "
            "wanted lists",
            about=f"{entry.source.file}:{entry.source.line}: {word}",
        )


def missing_demand(entry: Entry, delivered_on: date) -> tuple[str, str, str] | None:
    """The first thing that an entry of an own list lacks, as (column, reason, expected); None: nothing."""
    warrant = entry.warrant
    if warrant.instrument is Instrument.PUBLISHED:
        stated = ", ".join(item.value for item in Instrument if item is not Instrument.PUBLISHED)
        return "instrument", "no-instrument", f"one of {stated}"
    for column, value in (("authority", warrant.authority), ("document_number", warrant.document_number)):
        if not value.strip():
            return column, "no-warrant", f"the {column.replace('_', ' ')} of the instrument"
    if warrant.issue_date is None:
        return "issue_date", "no-warrant", "the date of the instrument"
    if warrant.review_by is None:
        return "review_by", "no-review", f"a review date within {REVIEW_WITHIN_DAYS} days of the delivery"
    if warrant.review_by > delivered_on + timedelta(days=REVIEW_WITHIN_DAYS):
        return "review_by", "late-review", f"a review date within {REVIEW_WITHIN_DAYS} days of the delivery"
    return None


def judge_own(entry: Entry, file_digest: str, delivered_on: date) -> Rejected | None:
    """A rejection where the entry lacks what A8 demands. Raises ``RefusedError`` for a register of watched people."""
    refuse_watched(entry)
    lacks = missing_demand(entry, delivered_on)
    if lacks is None:
        return None
    column, reason, expected = lacks
    return Rejected(
        file_digest=file_digest,
        file=entry.source.file,
        line=entry.source.line,
        column=column,
        reason=reason,
        expected=expected,
        entry_id=entry.entry_id,
    )
