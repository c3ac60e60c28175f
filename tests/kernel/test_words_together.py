"""A slip in two words written together is found from either side."""

from __future__ import annotations

import pytest

from netpursuit.kernel.relate import relate, sort_keys
from netpursuit.policy.frequencies import Frequencies
from netpursuit.policy.weights import TokenLevel
from netpursuit.prepare import Preparer
from netpursuit.records import Name, Person

SLIPS = (
    "fridrichbuchenberg",
    "friedrichbuchenbrg",
    "friedrihcbuchenberg",
    "friedrichbuckenberg",
    "friedrichbuchennberg",
)


def relations(left: str, right: str) -> set[tuple[str, str, int]]:
    """Every agreement of the tokens of two names, by their folded forms."""
    preparer = Preparer(Frequencies())
    one, other = (preparer.prepare([Person(names=(Name(text=text),))]).tokens for text in (left, right))
    found = relate(one, other, sort_keys(other))
    pairs = zip(found.left_token.tolist(), found.right_token.tolist(), found.level.tolist(), strict=True)
    return {(one.folded[a], other.folded[b], level) for a, b, level in pairs}


@pytest.mark.parametrize("written", SLIPS)
def test_a_slip_in_words_written_together_is_found_from_either_side(written: str) -> None:
    whole = "friedrichbuchenberg"
    assert (written, whole, TokenLevel.SLIP) in relations(written, "Friedrich Buchenberg")
    assert (whole, written, TokenLevel.SLIP) in relations("Friedrich Buchenberg", written)


@pytest.mark.parametrize("written", ["fridrichbuckenberg", "buchenbergfridrichs", "xxxxxxxxbuchenberg", ""])
def test_two_slips_and_other_words_are_not_taken_for_one(written: str) -> None:
    found = relations(written, "Friedrich Buchenberg")
    assert not any(level == TokenLevel.SLIP for _, _, level in found)
