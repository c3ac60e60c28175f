"""Error rates by name tradition, on synthetic people at equal fields (promise A15).

A wanted list holds as many people of every tradition. Registrations of strangers, who are on no list, are matched
against it: whoever raises a lead is falsely accused. Listed people with one slip of a key in the name are matched, too:
whoever raises none is missed. Rates are of registrations, not of leads, so that one common name does not count twice.

``python -m bench.rates [--registrations N] [--entries N] [--seed N]`` prints the table.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from math import exp, lgamma, log, log1p
from multiprocessing import get_context

from bench.people import TRADITIONS, Invented, invent
from bench.records import slip
from bench.transcribed import TRANSCRIBED, invent_transcribed
from netpursuit.match import Matcher
from netpursuit.records import Band, Entry, EntryKind, Match
from netpursuit.records.lists import SourceRef

EVERY = (*TRADITIONS, *TRANSCRIBED)
# Whose place on the list stands in turn: every tradition has as many, however many scripts its people are listed in.
_TWICE = {"han", "pinyin", *TRANSCRIBED, *(name.removesuffix(" in Chinese") for name in TRANSCRIBED)} - {
    "kazakh in Chinese"
}
PLACES = tuple(name for name in EVERY for _ in range(1 if name in _TWICE else 2))
LARGEST_RATIO = 1.25
AT_ONCE = 5_000  # registrations of one task
BY_NAME = 5  # by name alone, one registration in so many is matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Some registrations of one tradition against the list of ``entries`` people that ``seed`` gives."""

    tradition: str
    seed: int
    entries: int
    part: int
    strangers: int
    listed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Counts of one tradition: registrations of strangers, those that raised a lead at each band, with a birth date and
    by name alone; listed people with one slip in the name, and those found."""

    tradition: str
    strangers: int = 0
    false_possible: int = 0
    false_weak: int = 0
    by_name: int = 0
    false_by_name: int = 0
    listed: int = 0
    found_possible: int = 0
    found_weak: int = 0

    def __add__(self, other: Rates) -> Rates:
        names = [name for name in self.__slots__ if name != "tradition"]
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in names})


def _one(tradition: str, dice: random.Random) -> Invented:
    return invent_transcribed(tradition, dice) if tradition in TRANSCRIBED else invent(tradition, dice)


@cache
def wanted(seed: int, entries: int) -> tuple[Invented, ...]:
    """The people of the list, every tradition in turn."""
    dice = random.Random(f"wanted {seed}")
    return tuple(_one(PLACES[row % len(PLACES)], dice) for row in range(entries))


@cache
def _matcher(seed: int, entries: int) -> Matcher:
    source = SourceRef(file="synthetic", line=1)
    return Matcher.over(
        ("synthetic", Entry(entry_id=str(row), kind=EntryKind.PERSON, person=one.person, source=source))
        for row, one in enumerate(wanted(seed, entries))
    )


def measure(job: Job) -> Rates:
    """The counts of one job; the list is compiled once a process."""
    matcher, dice = _matcher(job.seed, job.entries), random.Random(f"{job.tradition} {job.seed} {job.part}")
    strangers = [_one(job.tradition, dice).person for _ in range(job.strangers)]
    leads = [bool(answer.matches) for answer in matcher.match(strangers, limit=1, min_band=Band.POSSIBLE)]
    sample = strangers[::BY_NAME]
    bands = [_best(answer.matches) for answer in matcher.match(sample, limit=1)]
    undated = [replace(person, birth_dates=()) for person in sample]
    by_name = [_best(answer.matches) for answer in matcher.match(undated, limit=1)]
    own = PLACES.index(job.tradition)
    rows = [dice.randrange(own, job.entries, len(PLACES)) for _ in range(job.listed)]
    answers = matcher.match([slip(wanted(job.seed, job.entries)[row], dice) for row in rows])
    found = [
        max((one.band for one in answer.matches if one.key.entry_id == str(row)), default=Band.NONE)
        for answer, row in zip(answers, rows, strict=True)
    ]
    return Rates(
        tradition=job.tradition,
        strangers=job.strangers,
        false_possible=sum(leads),
        false_weak=sum(band >= Band.WEAK for band in bands),
        by_name=len(by_name),
        false_by_name=sum(band >= Band.WEAK for band in by_name),
        listed=job.listed,
        found_possible=sum(band >= Band.POSSIBLE for band in found),
        found_weak=sum(band >= Band.WEAK for band in found),
    )


def _best(matches: Sequence[Match]) -> Band:
    return max((one.band for one in matches), default=Band.NONE)


def rates(*, seed: int, registrations: int, entries: int, listed: int, processes: int = 0) -> list[Rates]:
    """The counts of every tradition, in the order of ``EVERY``; ``processes`` 0: one a core, 1: this one alone."""
    parts = max(1, -(-registrations // AT_ONCE))
    jobs = [
        Job(
            tradition=tradition,
            seed=seed,
            entries=entries,
            part=part,
            strangers=min(AT_ONCE, registrations - part * AT_ONCE),
            listed=listed // parts,
        )
        for tradition in EVERY
        for part in range(parts)
    ]
    sums = {tradition: Rates(tradition=tradition) for tradition in EVERY}
    if processes == 1:
        done = list(map(measure, jobs))
    else:
        with ProcessPoolExecutor(processes or os.cpu_count(), mp_context=get_context("spawn")) as pool:
            done = list(pool.map(measure, jobs))
    for one in done:
        sums[one.tradition] += one
    return list(sums.values())


def ratio(hits: int, tries: int, all_hits: int, all_tries: int) -> tuple[float, float]:
    """A rate over the overall one, and the lower 95 % bound of that (Clopper and Pearson, of the share of all hits)."""
    if not all_hits or not hits:
        return 0.0, 0.0
    scale = all_tries / tries
    low, high = 0.0, hits / all_hits
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_least(hits, all_hits, middle) < 0.025 else (low, middle)
    return hits / all_hits * scale, low * scale


def _at_least(hits: int, tries: int, share: float) -> float:
    """The chance of so many hits or more."""
    if share <= 0:
        return 0.0
    less = 0.0
    for count in range(hits):
        ways = lgamma(tries + 1) - lgamma(count + 1) - lgamma(tries - count + 1)
        less += exp(ways + count * log(share) + (tries - count) * log1p(-share)) if share < 1 else 0.0
    return 1.0 - less


# What is counted among how many.
FALSE_RATES = {"false_possible": "strangers", "false_weak": "by_name", "false_by_name": "by_name"}


def accused_more_often(found: Sequence[Rates], which: str) -> list[str]:
    """Traditions whose false-lead rate surely exceeds ``LARGEST_RATIO`` times the overall one."""
    hits, tries = _overall(found, which)
    return [
        one.tradition
        for one in found
        if ratio(getattr(one, which), getattr(one, FALSE_RATES[which]), hits, tries)[1] > LARGEST_RATIO
    ]


def _overall(found: Sequence[Rates], which: str) -> tuple[int, int]:
    return sum(getattr(one, which) for one in found), sum(getattr(one, FALSE_RATES[which]) for one in found)


def table(found: Sequence[Rates]) -> str:
    """False leads per 100,000 strangers with their ratio to the overall rate (and its lower bound), and the share of
    listed people found despite a slip."""
    overall = {which: _overall(found, which) for which in FALSE_RATES}
    lines = [f"{'tradition':22}{'possible':>24}{'weak':>24}{'name alone':>24}{'found':>8}{'weak':>7}"]
    for one in found:
        cells = ""
        for which, tries in FALSE_RATES.items():
            hits, of = getattr(one, which), getattr(one, tries)
            value, low = ratio(hits, of, *overall[which])
            cells += f"{hits * 1e5 / of:10.1f} x{value:5.2f} (>{low:4.2f})"
        lines.append(
            f"{one.tradition:22}{cells}{one.found_possible / one.listed:8.3f}{one.found_weak / one.listed:7.3f}"
        )
    last = "".join(f"{hits * 1e5 / tries:10.1f}{'':14}" for hits, tries in overall.values())
    return "\n".join([*lines, f"{'overall':22}{last}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registrations", type=int, default=100_000, help="of each tradition")
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--listed", type=int, default=2_000, help="listed people with a slip, of each tradition")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = rates(
        seed=options.seed, registrations=options.registrations, entries=options.entries, listed=options.listed
    )
    print(table(found))
    for which in FALSE_RATES:
        print(f"{which}: above {LARGEST_RATIO}: {', '.join(accused_more_often(found, which)) or 'none'}")


if __name__ == "__main__":
    main()
