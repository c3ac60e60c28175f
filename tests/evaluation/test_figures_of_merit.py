"""Ranking, thresholds and calibration against figures worked out by hand and against naive definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.evaluation import LabelledPair, collect, compare_with_hits, fit_weights, held_back, judge
from netpursuit.evaluation.figures import (
    area_under_curve,
    at_threshold,
    calibration_error,
    precision_recall,
    probabilities,
    reliability,
    wilson,
)
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import PAIR_PRIOR_MILLIBITS
from netpursuit.records import Name, PartialDate, Person

SCORES = np.array([5_000, 3_000, 3_000, 1_000])
SAME = np.array([True, True, False, False])

labelled_scores = st.lists(st.tuples(st.integers(-20, 20), st.booleans()), min_size=2, max_size=60)


def person(name: str, year: int = 1980, month: int = 5, day: int = 6) -> Person:
    return Person(names=(Name(text=name),), birth_dates=(PartialDate(year=year, month=month, day=day),))


def test_the_area_under_the_curve_counts_ties_half() -> None:
    # Pairs: 5>3, 5>1, 3=3, 3>1: three and a half of four.
    assert area_under_curve(SCORES, SAME) == 0.875
    assert area_under_curve(SCORES, np.ones(4, bool)) is None


@given(labelled_scores)
def test_the_area_under_the_curve_is_how_often_a_true_pair_wins(rows: list[tuple[int, bool]]) -> None:
    scores, same = np.array([score for score, _ in rows]), np.array([label for _, label in rows])
    true, false = scores[same].tolist(), scores[~same].tolist()
    found = area_under_curve(scores, same)
    if not true or not false:
        assert found is None
    else:
        wins = sum((one > other) + 0.5 * (one == other) for one in true for other in false)
        assert found == pytest.approx(wins / len(true) / len(false))


@given(labelled_scores)
def test_precision_and_recall_are_those_of_calling_from_each_score_on(rows: list[tuple[int, bool]]) -> None:
    scores, same = np.array([score for score, _ in rows]), np.array([label for _, label in rows])
    points, precision, recall = precision_recall(scores, same)
    if not same.any():
        assert not len(points)
        return
    assert points.tolist() == sorted(set(scores.tolist()), reverse=True)
    for point, one, other in zip(points, precision, recall, strict=True):
        called = scores >= point
        assert one == pytest.approx((called & same).sum() / called.sum())
        assert other == pytest.approx((called & same).sum() / same.sum())


def test_a_threshold_tells_reviews_and_false_leads() -> None:
    row = at_threshold("t", SCORES >= 3_000, SAME, 3.0)
    assert (row.called, row.hits, row.precision, row.recall) == (3, 2, pytest.approx(2 / 3), 1.0)
    assert row.f1 == pytest.approx(0.8)
    assert row.reviews == 1.5
    assert row.false_leads == 50_000
    nothing = at_threshold("t", SCORES > 9_000, SAME)
    assert nothing.reviews is None
    assert nothing.precision == nothing.f1 == 0.0


def test_the_interval_of_a_rate_is_wilsons() -> None:
    low, high = wilson(8, 10)  # 0.490 to 0.943 in the tables
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == 1.0


def test_calibration_error_is_the_mean_distance_from_the_diagonal() -> None:
    probability = np.array([0.1, 0.1, 0.9, 0.9])
    same = np.array([False, False, True, False])
    # Two bins: predicted .1, observed 0; predicted .9, observed .5.
    assert calibration_error(reliability(probability, same, bins=2)) == pytest.approx((0.1 + 0.4) / 2)


def test_probabilities_take_the_share_of_true_pairs_as_prior() -> None:
    neutral = np.array([PAIR_PRIOR_MILLIBITS])  # evidence of zero bits
    assert probabilities(neutral, 0.25)[0] == pytest.approx(0.25)
    assert probabilities(neutral + 1_000, 0.5)[0] == pytest.approx(2 / 3)


def pairs_of(count: int) -> list[LabelledPair]:
    made = []
    for row in range(count):
        one = person(f"Zoltan Quarrington{'abcdefghij'[row % 10]}", 1950 + row % 40)
        other = person("Maria Petrenko", 1950 + (row * 7 + 3) % 40, 6, 7)
        made.append(LabelledPair(left=one, right=one, same=True, line=row, person_id=str(row // 2), category="copy"))
        made.append(LabelledPair(left=one, right=other, same=False, line=row, person_id=str(row // 2)))
    return made


def test_pairs_of_one_person_stay_on_one_side_of_a_split() -> None:
    labelled = collect([pairs_of(60)], Policy.shipped())
    held = held_back(labelled, 1 / 3, seed=1)
    assert 0 < held.sum() < len(labelled)
    for group in np.unique(labelled.group):
        assert len(set(held[labelled.group == group].tolist())) == 1
    assert (held == held_back(labelled, 1 / 3, seed=1)).all()
    assert not (held == held_back(labelled, 1 / 3, seed=2)).all()


def test_without_person_ids_true_pairs_tie_their_records_together() -> None:
    one, copy, other = person("Zoltan Quarrington"), person("Zoltan Quarington"), person("Maria Petrenko")
    labelled = collect(
        [
            [
                LabelledPair(left=one, right=copy, same=True, line=2),
                LabelledPair(left=copy, right=other, same=False, line=3),
                LabelledPair(left=other, right=other, same=True, line=4),
            ]
        ],
        Policy.shipped(),
    )
    assert labelled.group[0] == labelled.group[1] != labelled.group[2]


def test_judging_tells_people_apart_and_names_scripts() -> None:
    labelled = collect([pairs_of(30), pairs_of(10)], Policy.shipped())
    quality = judge(labelled, threshold=3.0, resamples=20)
    assert (quality.pairs, quality.true_pairs) == (80, 40)
    assert quality.auc == 1.0
    assert quality.best is not None
    assert quality.best.f1 == 1.0
    assert [row.name for row in quality.bands] == ["weak", "possible", "strong", "threshold"]
    assert set(labelled.script.tolist()) == {"latin"}
    assert set(labelled.category.tolist()) == {"copy", ""}


def test_fitting_moves_a_level_towards_what_the_pairs_say_and_no_further() -> None:
    # Here the same day is seen among strangers as often as among true pairs: it says nothing.
    made = []
    for row in range(400):
        one = person(f"Zoltan Quarrington{'abcdefghij'[row % 10]}", 1950 + row % 40)
        made.append(LabelledPair(left=one, right=one, same=row % 2 == 0, line=row, person_id=str(row)))
    policy = Policy.shipped()
    fit = fit_weights(collect([made], policy), policy)
    (change,) = [one for one in fit.changes if one.table == "birth-date"]
    assert change.level == "same-day"
    assert 0 < change.fitted < 2_500 < change.shipped
    text = fit.as_toml(base=policy.version, name="test", source="0" * 64, fitted_on="2026-01-01")
    assert Policy.from_text(text, "test").weight("birth-date", "same-day") == change.fitted


def test_a_level_that_few_pairs_show_keeps_its_weight() -> None:
    policy = Policy.shipped()
    fit = fit_weights(collect([pairs_of(4)], policy), policy)
    assert not fit.changes


def test_gains_losses_and_saved_reviews_are_told_by_id() -> None:
    made = [
        LabelledPair(left=one.left, right=one.right, same=one.same, line=one.line, pair_id=f"p{row}")
        for row, one in enumerate(pairs_of(4))
    ]
    labelled = collect([made], Policy.shipped())
    found = compare_with_hits(labelled, {"p0", "p1", "p3"})
    assert found.both == 1
    assert found.gained == ("p2", "p4", "p6")
    assert found.lost == ()
    assert (found.old_reviews, found.old_false_leads, found.false_leads) == (3, 2, 0)
    assert found.reviews_at_old_recall == 1
    assert found.reviews_saved == 2
