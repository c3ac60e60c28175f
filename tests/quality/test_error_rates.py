"""A15: at equal fields nobody is falsely accused more often for the tradition of the name. Everybody is synthetic."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from bench.rates import EVERY, Rates, accused_more_often, rates, ratio, table, wanted
from bench.records import labelled_pairs

SMALL = {"seed": 7, "registrations": 60, "entries": 10 * len(EVERY), "listed": 10, "processes": 1}


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert list(islice(labelled_pairs(3, 40), 200)) == list(islice(labelled_pairs(3, 40), 200))
    assert list(islice(labelled_pairs(3, 40), 200)) != list(islice(labelled_pairs(4, 40), 200))


def test_every_tradition_has_an_equal_share_of_the_wanted_list() -> None:
    people = wanted(7, 10 * len(EVERY))
    assert len(people) == 10 * len(EVERY)
    assert all(one.person.names[0].text.strip() and one.person.birth_dates[0].day for one in people)


def test_rates_are_the_same_whenever_they_are_measured_and_listed_people_are_found() -> None:
    found = rates(**SMALL)
    assert found == rates(**SMALL)
    assert [one.tradition for one in found] == list(EVERY)
    assert all(one.strangers == 60 and one.listed == 10 for one in found)
    assert sum(one.found_weak for one in found) > 0.7 * sum(one.listed for one in found)
    assert all(tradition in table(found) for tradition in EVERY)


def test_a_tradition_that_is_accused_more_often_is_named_and_chance_is_not() -> None:
    fair = [Rates(tradition=str(row), strangers=100_000, false_possible=40) for row in range(9)]
    assert accused_more_often(
        [*fair, Rates(tradition="x", strangers=100_000, false_possible=90)], "false_possible"
    ) == ["x"]
    assert not accused_more_often([*fair, Rates(tradition="x", strangers=100_000, false_possible=52)], "false_possible")
    assert not accused_more_often([*fair, Rates(tradition="x", strangers=100, false_possible=0)], "false_possible")


def test_the_lower_bound_of_a_ratio_lies_below_it_and_nears_it_with_more_people() -> None:
    dice = random.Random(1)
    for _ in range(40):
        hits, rest = dice.randrange(1, 50), dice.randrange(1, 500)
        value, low = ratio(hits, 1_000, hits + rest, 10_000)
        more, nearer = ratio(hits * 100, 100_000, (hits + rest) * 100, 1_000_000)
        assert low < value == pytest.approx(more)
        assert nearer > low


@pytest.mark.long
@pytest.mark.slow
def test_no_tradition_is_accused_more_often_than_another() -> None:
    found = rates(seed=1, registrations=100_000, entries=20_000, listed=2_000)
    # A lead is what is stored about somebody; what is only ``weak`` is shown to who asks for that very person.
    assert not accused_more_often(found, "false_possible"), table(found)
    assert max(one.false_possible for one in found) <= 5, table(found)
    assert sum(one.false_possible for one in found) <= len(found), table(found)
