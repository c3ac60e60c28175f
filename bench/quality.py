"""How good the matcher is: one table, beside other matchers on the same pairs, with the target of each figure.

``python -m bench.quality --data FOLDER [--peer-python PYTHON] [--write] [--strict]``. ``--write`` freezes the result as
``bench/results/quality.json`` (figures) so that a regression shows as a difference; times are printed, not frozen.
``--strict`` ends with 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.figures import area_under_curve, best_f1, calibration_error, f1_at
from bench.golden import golden_cases
from bench.public import (
    Pairs,
    cross_listed,
    fake_1000,
    febrl,
    invented,
    listed_people,
    name_pairs,
    named,
    ofac_list,
    un_list,
    with_a_slip,
)
from bench.records import in_lots, labelled_pairs
from netpursuit.evaluation import collect, held_back, judge
from netpursuit.evaluation.figures import probabilities
from netpursuit.match import Matcher, compare_all
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import BAND_FLOORS
from netpursuit.records import Band, Person

RESULTS = Path(__file__).parent / "results" / "quality.json"
WEAK, POSSIBLE = (dict(BAND_FLOORS)[band] for band in (Band.WEAK, Band.POSSIBLE))
SEEDS = range(1, 21)
LEARNED_SEED, LEARNED_PERSONS = 11, 6_000  # as in tools/learn_weights.py


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. ``at_least`` or ``at_most`` is the target, if it has one."""

    name: str
    value: float
    at_least: float | None = None
    at_most: float | None = None
    microseconds: float = 0.0

    @property
    def met(self) -> bool:
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return f"<= {self.at_most:g}" if self.at_most is not None else ""


def score(pairs: Pairs) -> tuple[np.ndarray, np.ndarray, float]:
    """Scores, labels and microseconds a pair."""
    both = list(zip(pairs.left, pairs.right, strict=True))
    compare_all(both[:20])
    begin = time.perf_counter()
    matches = compare_all(both)
    spent = (time.perf_counter() - begin) / max(1, len(both)) * 1e6
    return np.array([match.millibits for match in matches]), np.array(pairs.same), spent


def of_name_pairs(data: Path, peer_python: str) -> Iterator[Figure]:
    pairs = name_pairs(data, people=True)
    scores, same, spent = score(pairs)
    yield Figure("name pairs of people, AUC", area_under_curve(scores, same), at_least=0.935, microseconds=spent)
    yield Figure("name pairs of people, best F1", best_f1(scores, same, pairs.true_pairs)[0], at_least=0.86)
    for peer, (theirs, time_of) in peers(pairs, peer_python).items():
        if len(theirs):
            yield Figure(f"  {peer}, AUC", area_under_curve(theirs, same), microseconds=time_of)
            yield Figure(f"  {peer}, best F1", best_f1(theirs, same, pairs.true_pairs)[0])
        else:
            print(f"left out: {peer} is not installed for {peer_python}", file=sys.stderr)


def peers(pairs: Pairs, python: str) -> dict[str, tuple[np.ndarray, float]]:
    """The peers' scores of the same pairs, by an interpreter that has them."""
    lines = [
        json.dumps({"left": one.names[0].text, "right": other.names[0].text})
        for one, other in zip(pairs.left, pairs.right, strict=True)
    ]
    script = Path(__file__).parent / "peers.py"
    done = subprocess.run(
        [python, str(script)], input="\n".join(lines), capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return {
        peer: (np.array(result["scores"]), result["microseconds"]) for peer, result in json.loads(done.stdout).items()
    }


def of_duplicates(data: Path) -> Iterator[Figure]:
    for name, pairs, target in (
        ("FEBRL 1, address and number", febrl(data), 0.97),
        ("fake_1000, e-mail", fake_1000(data), 0.95),
    ):
        scores, same, spent = score(pairs)
        among = int(same.sum())
        # The best threshold is found with the labels; the target is for what ``compare`` reports as shipped.
        yield Figure(f"{name}, best F1", best_f1(scores, same, among)[0], microseconds=spent)
        yield Figure(f"{name}, F1 from weak on", f1_at(scores, same, WEAK, among), at_least=target)
        yield Figure(f"{name}, F1 from possible on", f1_at(scores, same, POSSIBLE, among))


def of_lists(data: Path) -> Iterator[Figure]:
    un = un_list(data)
    matcher = Matcher.over(("un", entry) for entry in un)
    asked = cross_listed(data, {entry.entry_id for entry in un})
    answers = matcher.match([who for who, _ in asked], limit=1)
    first = [
        bool(answer.matches) and answer.matches[0].key.entry_id == reference
        for answer, (_, reference) in zip(answers, asked, strict=True)
    ]
    yield Figure("UK 2014 people found first on UN 2025", float(np.mean(first)), at_least=0.99)

    people = listed_people(data, un)
    dated = np.array([bool(born) for _, born, _ in people])
    clean, found = _found(matcher, people, [named(name, born) for name, born, _ in people])
    yield Figure("UN people with a date, at possible", float(clean[dated].mean()), at_least=0.995)
    yield Figure("UN people without a date, found first", float(found[~dated].mean()), at_least=1.0)
    reported, first_found = [], []
    for seed in SEEDS:
        dice = random.Random(seed)
        one, other = _found(matcher, people, [with_a_slip(name, born, dice) for name, born, _ in people])
        reported.append(one[dated].mean())
        first_found.append(other[~dated].mean())
    yield Figure("the same with one slip, with a date, at possible", float(np.mean(reported)), at_least=0.98)
    yield Figure("the same with one slip, without a date, found first", float(np.mean(first_found)), at_least=1.0)

    both = Matcher.over([("un", entry) for entry in un] + [("ofac", entry) for entry in ofac_list(data)])
    strangers = invented(data)
    begin = time.perf_counter()
    leads = sum(len(answer.matches) for answer in both.match(strangers, min_band=Band.POSSIBLE))
    spent = (time.perf_counter() - begin) / len(strangers) * 1e6
    yield Figure("leads per 1,000 invented people", leads * 1000 / len(strangers), at_most=0.1, microseconds=spent)


def _found(
    matcher: Matcher, people: Sequence[tuple[str, str, frozenset[str]]], asked: Sequence[Person]
) -> tuple[np.ndarray, np.ndarray]:
    """Per person: whether the entry is reported at ``possible`` or better, and whether it stands first."""
    answers = matcher.match(asked)
    reported = [
        any(one.band >= Band.POSSIBLE and one.key.entry_id in truth for one in answer.matches)
        for answer, (_, _, truth) in zip(answers, people, strict=True)
    ]
    first = [
        bool(answer.matches) and answer.matches[0].key.entry_id in truth
        for answer, (_, _, truth) in zip(answers, people, strict=True)
    ]
    return np.array(reported), np.array(first)


def of_synthetic_people() -> Iterator[Figure]:
    """Probabilities on the third of the synthetic people that ``tools/learn_weights.py`` holds back."""
    labelled = collect(in_lots(labelled_pairs(LEARNED_SEED, LEARNED_PERSONS)), Policy.shipped())
    rest = labelled.where(held_back(labelled, 1 / 3, LEARNED_SEED))
    judged = judge(rest)
    yield Figure("held-back synthetic people, calibration error", judged.calibration_error, at_most=0.02)
    yield Figure("held-back synthetic people, Brier score", judged.brier)
    # Nearly all pairs are plain; the error among the few that are not says more.
    chance = probabilities(rest.total, judged.prevalence)
    unsure = (chance > 0.01) & (chance < 0.99)
    yield Figure("  of those at 1 to 99 %, calibration error", calibration_error(chance[unsure], rest.same[unsure]))


def of_golden_cases() -> Iterator[Figure]:
    cases, passed = golden_cases()
    yield Figure("golden cases", cases.total(), at_least=600)
    yield Figure("golden cases judged as expected", passed.total() / cases.total(), at_least=1.0)
    for category in sorted(cases):
        if passed[category] < cases[category]:
            yield Figure(f"  {category}", passed[category] / cases[category])


def figures(data: Path, peer_python: str) -> Iterator[Figure]:
    yield from of_name_pairs(data, peer_python)
    yield from of_duplicates(data)
    yield from of_lists(data)
    yield from of_synthetic_people()
    yield from of_golden_cases()


def _as_markdown(rows: Sequence[Figure]) -> str:
    lines = ["# Quality", "", f"Policy `{Policy.shipped().version}`; written by `python -m bench.quality --write`.", ""]
    lines += ["| figure | value | target | |", "|---|---|---|---|"]
    lines += [
        f"| {row.name.strip()} | {row.value:.4f} | {row.target} | {'' if row.met else 'missed'} |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with benchmarks/ and lists/")
    parser.add_argument("--peer-python", default=sys.executable, help="an interpreter that has the other matchers")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args()
    print(f"policy {Policy.shipped().version}")
    print(f"{'figure':58} {'value':>8} {'target':>9} {'us/pair':>8}")
    rows = []
    for figure in figures(options.data, options.peer_python):
        rows.append(figure)
        spent = f"{figure.microseconds:8.1f}" if figure.microseconds else ""
        print(f"{figure.name:58} {figure.value:8.4f} {figure.target:>9} {spent:>8} {'' if figure.met else 'MISSED'}")
    if options.write:
        RESULTS.parent.mkdir(exist_ok=True)
        frozen = {figure.name.strip(): round(figure.value, 4) for figure in rows}
        text = json.dumps({"policy": Policy.shipped().version, "figures": frozen}, indent=1)
        RESULTS.write_text(text + "\n", encoding="utf-8")
        RESULTS.with_suffix(".md").write_text(_as_markdown(rows), encoding="utf-8")
    return 1 if options.strict and not all(figure.met for figure in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
