"""Registrations: rental, lodging and hotel registers as files of any table format, under a feed.

``read_feed`` a feed file, validated whole; ``draft_feed`` a first one from a register's headers;
``open_registrations`` the stream of a register's rows; ``open_again`` the rows of one unit in it;
``read_again`` a quarantined row, from its source; ``read_record`` the one row that somebody still holds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netpursuit.sources.registrations.canonical import read_record
    from netpursuit.sources.registrations.feed_draft import (
        FeedDraft,
        Question,
        check_answer,
        draft_feed,
        draft_query,
        render_feed,
    )
    from netpursuit.sources.registrations.feed_file import read_feed
    from netpursuit.sources.registrations.quarantine import RowAgain, read_again, read_query_again
    from netpursuit.sources.registrations.reader import RegistrationFile, open_registrations
    from netpursuit.sources.registrations.rereading import RegisterAgain, open_again

__all__ = [
    "FeedDraft",
    "Question",
    "RegisterAgain",
    "RegistrationFile",
    "RowAgain",
    "check_answer",
    "draft_feed",
    "draft_query",
    "open_again",
    "open_registrations",
    "read_again",
    "read_feed",
    "read_query_again",
    "read_record",
    "render_feed",
]

# One query reads the words of this folder and no register: what reads tables is loaded when it is used.
_HOMES = {
    "canonical": ("read_record",),
    "feed_draft": ("FeedDraft", "Question", "check_answer", "draft_feed", "draft_query", "render_feed"),
    "feed_file": ("read_feed",),
    "quarantine": ("RowAgain", "read_again", "read_query_again"),
    "reader": ("RegistrationFile", "open_registrations"),
    "rereading": ("RegisterAgain", "open_again"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
