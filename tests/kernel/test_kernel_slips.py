"""One slip of a key, against an independent measure of it."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from netpursuit.kernel.slips import are_one_slip_apart
from netpursuit.prepare import TextColumn

TEXTS = st.text("AB7", max_size=9)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=30))
@example([("AB7", "BA7"), ("AB7", "7BA"), ("AB", "B"), ("A", ""), ("ABAB", "BABA"), ("A7", "7A")])
def test_one_slip_is_what_optimal_string_alignment_calls_a_distance_of_one(pairs: list[tuple[str, str]]) -> None:
    width = max(1, *(len(text) for pair in pairs for text in pair))
    left, right = (TextColumn.of(side).matrix(np.arange(len(pairs)), width) for side in zip(*pairs, strict=True))
    expected = [OSA.distance(one, other) <= 1 for one, other in pairs]
    assert are_one_slip_apart(left, right).tolist() == expected
