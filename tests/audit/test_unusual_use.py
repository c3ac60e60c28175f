"""Signs of unusual use come from the log alone, at stated thresholds, and ordinary work gives none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from netpursuit.audit.unusual import Sign, find_unusual
from netpursuit.policy import oversight as policy
from netpursuit.records import Authority, Consultation, Intent, Outcome, Reason, Verb

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
SINCE, UNTIL = MONDAY, MONDAY + timedelta(days=28)


def look(
    at: datetime,
    *,
    who: str = "wang",
    task: str = "",
    verb: Verb = Verb.MATCH,
    lead: str = "",
    refused: str = "",
    own: str = "",
) -> Consultation:
    return Consultation(
        consultation_id=f"C-{at.isoformat()}-{who}",
        at=at,
        intent=Intent(
            verb=verb,
            authority=Authority(who=who, reason=Reason(code="check", task=task or f"T-{at.isoformat()}")),
            about={**({"lead": lead} if lead else {}), **({"own": own} if own else {})},
        ),
        outcome=Outcome(refused=refused),
    )


def signs(*looks: Iterable[Consultation]) -> list[Sign]:
    items = sorted((item for part in looks for item in part), key=lambda item: item.at)
    return list(find_unusual(items, since=SINCE, until=UNTIL, zone=UTC))


def every(count: int, start: datetime, step: timedelta, **more: str) -> list[Consultation]:
    return [look(start + number * step, **more) for number in range(count)]  # type: ignore[arg-type]


NINE = MONDAY + timedelta(hours=9)
HALF_MINUTE = timedelta(seconds=30)


def test_many_different_lookups_in_a_short_time_are_one_sweep() -> None:
    (sign,) = signs(every(45, NINE, HALF_MINUTE))
    assert (sign.rule, sign.who, sign.counts["looks"], sign.counts["different"]) == ("sweep", "wang", 45, 45)
    assert (sign.first, sign.last) == (NINE, NINE + 44 * HALF_MINUTE)
    assert len(sign.consultation_ids) == policy.SIGN_IDS


def test_two_sweeps_of_a_day_are_two() -> None:
    two = signs(every(25, NINE, HALF_MINUTE), every(25, NINE + timedelta(hours=4), HALF_MINUTE))
    assert [sign.counts["looks"] for sign in two] == [25, 25]


def test_fewer_or_slower_ones_and_the_same_lead_again_are_no_sweep() -> None:
    assert signs(every(policy.SWEEP_LOOKS - 1, NINE, HALF_MINUTE)) == []
    assert signs(every(49, NINE, timedelta(minutes=1), task="")) == []
    assert signs(every(40, NINE, HALF_MINUTE, lead="L-ABCDEFGHIJKL")) == []
    assert signs(every(20, NINE, HALF_MINUTE, who="li"), every(19, NINE, HALF_MINUTE)) != []
    half = policy.SWEEP_LOOKS // 2
    assert signs(every(half, NINE, HALF_MINUTE, who="li"), every(half, NINE, HALF_MINUTE)) == [], "each for themselves"


def test_each_look_for_an_own_name_is_told_and_one_sign_a_user_holds_them() -> None:
    hour = timedelta(hours=1)
    found = signs(
        every(2, NINE, hour, own="name"),
        every(3, NINE, hour, who="li"),
        [look(NINE + hour, who="mei", verb=Verb.SUBJECT_FIND, own="name")],
        [look(SINCE - hour, who="li", own="name"), look(UNTIL, who="li", own="name")],
        [look(NINE, who="bo", own="name", refused="no-reason"), look(NINE, who="bo", own="")],
    )
    assert [(sign.rule, sign.who, sign.counts) for sign in found] == [
        ("own-name", "wang", {"looks": 2}),
        ("own-name", "mei", {"looks": 1}),
    ]
    assert len(found[0].consultation_ids) == 2


def test_a_reason_that_repeats_over_days_is_told_with_its_days() -> None:
    (sign,) = signs(every(policy.REASON_DAYS, NINE, timedelta(days=1), task="old"))
    assert (sign.rule, sign.reason, sign.counts) == ("reason-days", "check:old", {"days": 4, "looks": 4})
    assert signs(every(policy.REASON_DAYS - 1, NINE, timedelta(days=1), task="old")) == []


def test_many_lookups_under_one_reason_are_told() -> None:
    (sign,) = signs(every(policy.REASON_LOOKS, NINE, timedelta(minutes=2), task="wide"))
    assert (sign.rule, sign.counts["looks"]) == ("reason-looks", policy.REASON_LOOKS)
    assert signs(every(policy.REASON_LOOKS - 1, NINE, timedelta(minutes=2), task="wide")) == []


def weeks_before(count: int, looks: int, hour: int = 9) -> list[Consultation]:
    begin = MONDAY + timedelta(hours=hour)
    return [
        item
        for week in range(1, count + 1)
        for item in every(looks, begin - timedelta(weeks=week), timedelta(hours=1, minutes=1))
    ]


def test_volume_is_measured_against_ones_own_earlier_weeks_only() -> None:
    busy = every(36, NINE, timedelta(minutes=20))
    (sign,) = signs(busy, weeks_before(4, 12))
    assert (sign.rule, sign.counts) == ("volume", {"looks": 36, "usual": 12, "weeks": 4})
    assert signs(busy, weeks_before(4, 13)) == []
    assert signs(busy, weeks_before(2, 12)) == [], "no habit to compare with"
    others = [look(item.at, who="li") for item in weeks_before(4, 1)]
    assert signs(busy, others) == [], "nobody is measured by somebody else"


def test_lookups_at_night_are_told_of_somebody_who_seldom_works_at_night() -> None:
    nights = every(5, MONDAY + timedelta(hours=2), timedelta(days=1))
    (sign,) = signs(nights, weeks_before(4, 6))
    assert (sign.rule, sign.counts) == ("night", {"looks": 5, "before": 24, "before_at_night": 0})
    assert signs(nights[:4], weeks_before(4, 6)) == []
    assert signs(nights, weeks_before(4, 6, hour=22)) == [], "a night shift"
    assert signs(nights) == [], "no habit to compare with"


def test_refusals_in_a_row_are_told_and_an_allowed_look_between_ends_them() -> None:
    tries = every(policy.REFUSALS, NINE, timedelta(minutes=1), refused="wildcard-name")
    (sign,) = signs(tries)
    assert (sign.rule, sign.counts) == ("refusals", {"refusals": 5})
    assert signs(tries, [look(NINE + timedelta(seconds=90))]) == []
    others = every(5, NINE + timedelta(seconds=10), timedelta(minutes=1), who="li", verb=Verb.LEADS_LIST)
    assert len(signs(tries, others)) == 1, "somebody else's looks end nobody's row"


def test_signs_are_in_the_order_of_time_and_never_of_counts() -> None:
    small = every(25, NINE, HALF_MINUTE, who="zhou")
    large = every(49, NINE + timedelta(days=1), HALF_MINUTE, who="an")
    assert [sign.who for sign in signs(small, large)] == ["zhou", "an"]
    assert [
        sign.who for sign in signs(every(49, NINE, HALF_MINUTE, who="zhou"), every(25, NINE, HALF_MINUTE, who="an"))
    ] == [
        *("an", "zhou"),
    ]


@pytest.mark.parametrize("verb", [Verb.LEADS_LIST, Verb.SCREEN, Verb.AUDIT_SHOW, Verb.EXPORT])
def test_lists_runs_and_exports_are_no_lookups(verb: Verb) -> None:
    assert signs(every(60, NINE, HALF_MINUTE, task="one", verb=verb)) == []  # type: ignore[arg-type]
