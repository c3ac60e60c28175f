"""What a night could not check, and how metrics say anything at all: properties of the core."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from netpursuit.night.answer import FeedResult, ListResult, NightAnswer, Problem, ProblemKind
from netpursuit.night.unchecked import Missed, name_unchecked
from netpursuit.ports.truth import Truth
from netpursuit.reports.night_metrics import metrics_text

NOON = datetime(2026, 4, 10, 12, tzinfo=UTC)


@dataclass
class Versions:
    """The one thing asked of the truth: (entry id, digest) of a version."""

    held: dict[tuple[str, str], dict[str, str]]

    def entry_digests(self, list_id: str, version: str = "") -> Iterator[tuple[str, str]]:
        yield from sorted(self.held[list_id, version].items())


_ENTRIES = st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from("12"), max_size=7)


@given(_ENTRIES, _ENTRIES, st.booleans())
def test_unchecked_are_the_entries_that_are_new_or_other_and_no_more(
    before: dict[str, str], now: dict[str, str], known: bool
) -> None:
    truth = cast(Truth, Versions({("l", "1"): before, ("l", "2"): now}))
    base = (("l", "1"),) if known else ()
    missed = [Missed(why="file-gone", file=name, base=base) for name in ("b.csv", "a.csv")]
    found = name_unchecked(truth, "feed", (("l", "2"),), missed)
    expected = {entry for entry, digest in now.items() if not known or before.get(entry) != digest}
    if not expected:
        assert found == ()
        return
    (item,) = found
    (news,) = item.entries
    assert item.files == ("a.csv", "b.csv")
    assert (news.count, news.whole) == (len(expected), not known)
    assert set(news.entry_ids) == (expected if known else set())


def test_what_was_screened_against_the_lists_in_force_has_missed_nothing() -> None:
    truth = cast(Truth, Versions({}))
    assert name_unchecked(truth, "f", (("l", "1"),), [Missed(why="failed", file="x", base=(("l", "1"),))]) == ()


def answer(*, feed_id: str = "f", list_id: str = "l", problems: tuple[Problem, ...] = ()) -> NightAnswer:
    return NightAnswer(
        night_id="N-1",
        user="u",
        began_at=NOON,
        ended_at=NOON,
        resumed=False,
        as_of=date(2026, 4, 10),
        lists=(ListResult(list_id=list_id, fate=None, age_days=1, status="fresh"),),
        feeds=(FeedResult(feed_id=feed_id, purpose="p", expires_on=date(2026, 12, 31), backwards="off"),),
        problems=problems,
    )


@given(st.text(min_size=1))
def test_any_label_comes_back_from_the_metrics(text: str) -> None:
    lines = [line for line in metrics_text(answer(list_id=text), 0).split("\n") if "list_fresh{" in line]
    assert len(lines) == 1
    found = re.fullmatch(r'netpursuit_list_fresh\{list="((?:[^"\\]|\\.)*)"\} 1', lines[0], re.DOTALL)
    assert found is not None
    back = re.sub(r"\\(.)", lambda sign: "\n" if sign[1] == "n" else sign[1], found[1], flags=re.DOTALL)
    assert back == text


@given(st.sets(st.sampled_from(ProblemKind)))
def test_the_exit_code_is_the_worst_of_what_happened(kinds: set[ProblemKind]) -> None:
    night = answer(problems=tuple(Problem(kind=kind, about="x", why="y") for kind in kinds))
    worst = 6 if ProblemKind.LOG in kinds else 1 if ProblemKind.STORAGE in kinds else 3 if kinds else 0
    assert night.exit_code == worst
