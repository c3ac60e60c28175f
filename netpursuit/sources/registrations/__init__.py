"""Registrations: rental, lodging and hotel registers as files of any table format, under a feed.

``read_feed`` a feed file, validated whole; ``draft_feed`` a first one from a register's headers;
``open_registrations`` the stream of a register's rows; ``read_again`` a quarantined row, from its source.
"""

from netpursuit.sources.registrations.feed_draft import FeedDraft, Question, draft_feed, render_feed
from netpursuit.sources.registrations.feed_file import read_feed
from netpursuit.sources.registrations.quarantine import RowAgain, read_again
from netpursuit.sources.registrations.reader import RegistrationFile, open_registrations

__all__ = [
    "FeedDraft",
    "Question",
    "RegistrationFile",
    "RowAgain",
    "draft_feed",
    "open_registrations",
    "read_again",
    "read_feed",
    "render_feed",
]
