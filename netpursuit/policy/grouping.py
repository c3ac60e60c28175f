"""Why a human rejects that two entries are one person: a closed set; the words are ``groups.reason.<code>``."""

from __future__ import annotations

REJECT_REASONS = (
    "other-birth-date",
    "other-birth-place",
    "other-document",
    "other-sex",
    "other-family",
    "publisher-says-no",
    "too-little",
)
