"""Why a human clears a lead: a closed set, so that errors can be counted; the words are ``clear.reason.<code>``."""

from __future__ import annotations

CLEAR_REASONS = (
    "other-birth-date",
    "other-document",
    "other-appearance",
    "other-sex",
    "other-family",
    "elsewhere",
    "issuer-says-no",
    "wrong-data",
)
