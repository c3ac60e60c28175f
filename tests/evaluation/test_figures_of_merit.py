"""Ranking, thresholds and calibration against figures worked out by hand and against naive definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.evaluation import Labelled, LabelledPair, collect, compare_with_hits, fit_weights, held_back, judge
from netpursuit.evaluation.figures import (
    area_under_curve,
    at_threshold,
    calibration_error,
    precision_recall,
    probabilities,
    reliability,
    reliability_fixed,
    wilson,
)
from netpursuit.evaluation.fitting import ORDERED
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import COSTS, PAIR_PRIOR_MILLIBITS, TABLES
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


def labelled_scores_of(bits: list[float], same: list[bool], group: list[int] | None = None) -> Labelled:
    """Pairs of the given bits above the prior, scored by nobody."""
    words = np.array([""] * len(bits), np.object_)
    return Labelled(
        line=np.arange(len(bits)),
        same=np.array(same),
        total=np.array([PAIR_PRIOR_MILLIBITS + round(one * 1000) for one in bits]),
        band=np.zeros(len(bits), np.int8),
        levels=np.zeros((len(bits), 0), np.int8),
        millibits=np.zeros((len(bits), 0), np.int32),
        group=np.array(group if group else range(len(bits))),
        script=words,
        category=words,
        tradition=words,
        pair_id=("",) * len(bits),
    )


def test_all_figures_of_six_pairs_are_those_worked_out_by_hand() -> None:
    # Odds 1:1 before evidence, so two bits are .8, zero .5, minus two .2. True: +2, +2, -2; false: +2, -2, -2.
    quality = judge(labelled_scores_of([2, 2, 2, -2, -2, -2], [True, True, False, True, False, False]), prevalence=0.5)
    # AUC: each +2 wins twice and ties once, 2.5 + 2.5; -2 ties twice, 1: six of nine.
    assert quality.auc == pytest.approx(6 / 9)
    # Called from +2: two of three right, two of three found.
    assert quality.best is not None
    assert quality.best.f1 == pytest.approx(2 / 3)
    # Brier: four pairs off by .2, two off by .8.
    assert quality.brier == pytest.approx((4 * 0.04 + 2 * 0.64) / 6)
    # Two bins of width in use: predicted .8 against 2/3, predicted .2 against 1/3.
    assert [one.pairs for one in quality.reliability_fixed] == [3, 3]
    assert quality.calibration_error_fixed == pytest.approx(0.8 - 2 / 3)
    # Bins of equal mass hold one pair each: the errors .2 and .8 themselves.
    assert quality.calibration_error == pytest.approx((4 * 0.2 + 2 * 0.8) / 6)
    # Precision 2/3 up to recall 2/3, then 1/2.
    assert quality.average_precision == pytest.approx(2 / 3 * 2 / 3 + 1 / 3 * 1 / 2)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.data())
def test_both_kinds_of_bins_hold_every_pair_once(values: list[float], data: st.DataObject) -> None:
    probability = np.array(values)
    same = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    for curve in (reliability(probability, same), reliability_fixed(probability, same)):
        assert sum(one.pairs for one in curve) == len(values)
        assert sum(one.pairs * one.observed for one in curve) == pytest.approx(same.sum())
        assert sum(one.pairs * one.predicted for one in curve) == pytest.approx(probability.sum())


def test_intervals_rest_on_persons_and_not_on_pairs() -> None:
    bits = [2.0, 1.0, 3.0, 0.0] * 50
    same = [True, False, False, True] * 50
    by_pair = judge(labelled_scores_of(bits, same), resamples=100, seed=7)
    same_again = judge(labelled_scores_of(bits, same), resamples=100, seed=7)
    by_person = judge(labelled_scores_of(bits, same, [row // 50 for row in range(200)]), resamples=100, seed=7)
    assert by_pair.auc_interval == same_again.auc_interval
    assert by_pair.auc_interval is not None
    assert by_person.auc_interval is not None
    assert by_pair.f1_interval is not None
    assert by_pair.auc_interval[0] < 0.25 < by_pair.auc_interval[1]
    # Fifty pairs of one person move together: four alike persons leave less to chance than two hundred of their own.
    assert by_person.auc_interval[1] - by_person.auc_interval[0] != by_pair.auc_interval[1] - by_pair.auc_interval[0]
    assert judge(labelled_scores_of([1.0], [True]), resamples=10).auc_interval is None


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
    dates = {one.level: one for one in fit.changes if one.table == "birth-date"}
    change = dates["same-day"]
    assert 0 < change.fitted < 2_500 < change.shipped
    # What agrees in less cannot weigh more, though no pair shows it.
    assert dates["same-month"].fitted == change.fitted
    assert dates["same-month"].true_pairs == dates["same-month"].false_pairs == 0
    text = fit.as_toml(base=policy.version, name="test", source="0" * 64, fitted_on="2026-01-01")
    assert Policy.from_text(text, "test").weight("birth-date", "same-day") == change.fitted


def test_levels_that_lie_in_an_order_keep_it() -> None:
    # The same day is seen among strangers only, the same month among true pairs only.
    made = []
    for row in range(600):
        one = person("Zoltan Quarrington", 1950 + row % 40)
        month = Person(names=one.names, birth_dates=(PartialDate(year=1950 + row % 40, month=5),))
        other = person("Maria Petrenko", 1920, 9, 10)
        kinds = ((one, False), (month, True), (other, row % 4 == 0))
        made.append(LabelledPair(left=one, right=kinds[row % 3][0], same=kinds[row % 3][1], line=row))
    policy = Policy.shipped()
    fitted = {one.level: one.fitted for one in fit_weights(collect([made], policy), policy).changes}
    assert fitted["same-day"] == fitted["same-month"]


def test_the_shipped_weights_are_in_every_order_that_a_fit_keeps() -> None:
    for table, chains in ORDERED.items():
        shipped = {level.key: level.millibits for level in TABLES[table]}
        keys = [key for chain in chains for key in chain]
        assert len(keys) == len(set(keys))
        for chain in chains:
            signs = {key in COSTS.get(table, ()) for key in chain}
            assert len(signs) == 1
            weights = [shipped[key] * (-1 if signs == {True} else 1) for key in chain]
            assert weights == sorted(weights, reverse=True), chain


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
    assert found.old_auc is None
    # True: 9, 5 and two that are not listed; false: 7 and three that are not: (4 + 3 + 2 x 1.5) of sixteen.
    assert compare_with_hits(labelled, {"p0"}, {"p0": 9.0, "p1": 7.0, "p2": 5.0}).old_auc == 10 / 16
