"""Other calendars, ages, and the Chinese lunar table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.ids.calendars import hijri_day, persian_day
from netpursuit.ids.dates import parse_date
from netpursuit.ids.lunar import solar_dates
from netpursuit.records import PartialDate


def number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


@pytest.mark.parametrize(
    ("lunar", "solar"),
    [
        ((1900, 1, 1), date(1900, 1, 31)),
        ((1949, 8, 10), date(1949, 10, 1)),
        ((1985, 1, 1), date(1985, 2, 20)),
        ((2000, 1, 1), date(2000, 2, 5)),
        ((2024, 8, 15), date(2024, 9, 17)),  # Mid-Autumn
        ((2033, 11, 1), date(2033, 11, 22)),  # the leap month that older tables put elsewhere
        ((2099, 1, 1), date(2099, 1, 21)),
    ],
)
def test_lunar_days_fall_on_published_solar_days(lunar: tuple[int, int, int], solar: date) -> None:
    assert solar_dates(*([part] for part in lunar))[0, 0] == number(solar)


def test_years_with_a_leap_month_have_its_days_twice() -> None:
    leap = {year for year in range(1980, 2034) for month in range(1, 13) if solar_dates([year], [month], [1])[0, 1]}
    assert leap == {1982, 1984, 1987, 1990, 1993, 1995, 1998, 2001, 2004, 2006, 2009, 2012, 2014, 2017} | {
        *(2020, 2023, 2025, 2028, 2031, 2033)
    }
    assert solar_dates([2020, 2020], [4, 4], [1, 30]).tolist() == [[20200423, 20200523], [20200522, 0]]


@given(st.dates(date(1901, 3, 1), date(2098, 12, 31)))
def test_every_day_is_exactly_one_lunar_day(day: date) -> None:
    """The months of the table follow one another without a gap or an overlap."""
    years, months, days = zip(
        *((year, month, at) for year in (day.year - 1, day.year) for month in range(1, 13) for at in range(1, 31)),
        strict=True,
    )
    assert (solar_dates(years, months, days) == number(day)).sum() == 1


@given(st.integers(1, 9999), st.integers(-3, 40), st.integers(-3, 40))
def test_what_is_no_lunar_day_is_none(year: int, month: int, day: int) -> None:
    found = solar_dates([year], [month], [day])[0, 0]
    assert found == 0 or (1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 30)


@pytest.mark.parametrize(
    ("persian", "solar"),
    [((1300, 1, 1), date(1921, 3, 21)), ((1357, 11, 22), date(1979, 2, 11)), ((1403, 12, 30), date(2025, 3, 20))],
)
def test_persian_days_fall_on_the_official_days(persian: tuple[int, int, int], solar: date) -> None:
    assert date.fromordinal(persian_day(*persian)) == solar


@pytest.mark.parametrize(
    ("hijri", "solar"),
    [((1400, 1, 1), date(1979, 11, 20)), ((1420, 9, 1), date(1999, 12, 9)), ((1445, 1, 1), date(2023, 7, 19))],
)
def test_hijri_days_fall_within_two_days_of_those_observed(hijri: tuple[int, int, int], solar: date) -> None:
    assert abs(hijri_day(*hijri) - solar.toordinal()) <= 2


@given(st.dates(date(1930, 1, 1), date(2020, 12, 31)))
def test_a_year_of_another_calendar_never_loses_the_day(day: date) -> None:
    buddhist = parse_date(f"{day.year + 543}-{day.month:02d}-{day.day:02d}")
    assert buddhist == PartialDate(year=day.year, month=day.month, day=day.day)
    # The Persian year that holds the day, found by walking; its span covers the day.
    year = day.year - 621 - (day < date.fromordinal(persian_day(day.year - 621, 1, 1)))
    span = parse_date(f"{year} SH")
    assert span is not None
    assert span.year <= day.year <= (span.last_year or span.year)


@given(st.dates(date(1930, 1, 1), date(2000, 12, 31)), st.dates(date(2001, 1, 1), date(2026, 12, 31)))
def test_an_age_covers_the_year_of_birth(born: date, on: date) -> None:
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    record = PartialDate(year=on.year, month=on.month, day=on.day)
    found = parse_date(f"{age}岁", on=record)
    assert found is not None
    assert found.circa
    assert found.year <= born.year <= (found.last_year or 0)
    assert parse_date(f"aged {age} on {record}") == found
    nominal = parse_date(f"虚岁{on.year - born.year + 1}", on=record)
    assert nominal is not None
    assert nominal.year <= born.year <= (nominal.last_year or 0)


def test_an_age_without_a_day_is_no_date() -> None:
    assert parse_date("45岁") is None
    assert parse_date("130岁", on=PartialDate(year=2020)) is None


@given(st.text(alphabet="民国年月日元农历正腊初十廿闰พศ.0123456789/ -۱۳۶۴AHSHBEه岁aged", max_size=24))
def test_marks_in_any_order_break_nothing(text: str) -> None:
    found = parse_date(text, on=PartialDate(year=2020))
    assert found is None or 1800 <= found.year <= 2199


def test_a_day_of_the_next_year_is_another_lunar_day() -> None:
    first = solar_dates([1985], [12], [30])[0, 0]
    assert first == number(date(1986, 2, 9) - timedelta(days=1))
