"""Learns the weights of levels from labelled pairs and proposes them beside the shipped ones.

``python tools/learn_weights.py [--persons N] [--seed N] [--data FOLDER] [--out FIT.toml]``. Learns on synthetic people
(``bench/records.py``) and, with ``--data``, on every second person of the UK list of 2014 who is on the later UN list,
against that person's own entry and those of others. The pairs that quality is judged on elsewhere (labelled names,
FEBRL, fake_1000) are never read. People are split: two thirds teach, the last third only judges.

m and u are counts of this sample: synthetic people say how often a level occurs only as well as their makers guessed.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.public import cross_listed, un_list
from bench.records import in_lots, labelled_pairs
from netpursuit.evaluation import LabelledPair, Quality, collect, fit_weights, held_back, judge
from netpursuit.policy.model import Policy
from netpursuit.records import Person

OTHERS = 9  # entries of other people beside each true pair of the two lists


def of_two_lists(data: Path, seed: int, line: int) -> Iterator[LabelledPair]:
    """Every second person on both lists against the own entry and ``OTHERS`` others, on names and birth dates alone."""
    entries = {
        entry.entry_id: Person(names=entry.person.names, birth_dates=entry.person.birth_dates)
        for entry in un_list(data)
    }
    dice, references = random.Random(seed), sorted(entries)
    for person, reference in cross_listed(data, set(entries))[::2]:
        for other in (reference, *dice.sample([one for one in references if one != reference], OTHERS)):
            line += 1
            yield LabelledPair(
                left=person,
                right=entries[other],
                same=other == reference,
                line=line,
                person_id=f"{reference}|{other}" if other == reference else reference,
                category="two lists",
            )


def calibration(quality: Quality) -> str:
    """One line of figures of probabilities."""
    return f"{quality.pairs:8} {quality.true_pairs:7} ECE {quality.calibration_error:.4f}  Brier {quality.brier:.4f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--data", type=Path, help="the folder with benchmarks/ and lists/")
    parser.add_argument("--out", type=Path, help="write the learned table here, as netpursuit policy use reads it")
    options = parser.parse_args()

    def pairs() -> Iterator[LabelledPair]:
        yield from labelled_pairs(options.seed, options.persons)
        if options.data:
            yield from of_two_lists(options.data, options.seed, 10**6)

    shipped = Policy.shipped()
    labelled = collect(in_lots(pairs()), shipped)
    last = held_back(labelled, 1 / 3, options.seed)
    fit = fit_weights(labelled.where(~last), shipped)
    print(f"policy {shipped.version}; {int((~last).sum())} pairs teach, {int(last.sum())} judge")
    print(f"{'comparison':14}{'level':24}{'shipped':>9}{'learned':>9}{'true':>8}{'false':>8}   millibits")
    for one in fit.changes:
        counts = f"{one.shipped:9}{one.fitted:9}{one.true_pairs:8}{one.false_pairs:8}"
        print(f"{one.table:14}{one.level:24}{counts}{'  *' if abs(one.fitted - one.shipped) > 1_000 else ''}")
    text = fit.as_toml(
        base=shipped.version,
        name="learned",
        source=f"synthetic, seed {options.seed}",
        fitted_on=datetime.now(UTC).date().isoformat(),
    )
    learned = Policy.from_text(text, "learned")
    again = collect(in_lots(pairs()), learned)
    print(f"held back, shipped: {calibration(judge(labelled.where(last)))}")
    print(f"held back, learned: {calibration(judge(again.where(last)))}")
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
