"""Words of published lists become dates, countries and sexes, as precise as they are and not more."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.records import PartialDate, Sex
from netpursuit.sources.lists.fields import clean, country_code, is_latin, parse_day, parse_partial_date, parse_sex

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("12 Mar 1958", "1958-03-12"),
        ("Mar 1958", "1958-03"),
        ("1958", "1958"),
        ("circa 1958", "circa 1958"),
        ("c. 1977-1978", "circa 1977/1978"),
        ("1958 to 1962", "1958/1962"),
        ("between 1958 and 1960", "1958/1960"),
        ("12 Mar 1958 to 15 Mar 1960", "1958/1960"),
        ("01 Jan 1975 to 31 Dec 1975", "1975"),
        ("03 May 1975 to 21 May 1975", "1975-05"),
        ("late 1950s", "circa 1950/1959"),
        ("00/07/1958", "1958-07"),
        ("00/00/1958", "1958"),
        ("1958-00-00", "1958"),
        ("1969-06-26T00:00:00", "1969-06-26"),
        ("19580712", "1958-07-12"),
        ("1958年7月12日", "1958-07-12"),
        ("July 12, 1958", "1958-07-12"),
        ("29 Feb 1960", "1960-02-29"),
    ],
)
def test_a_date_keeps_the_precision_of_its_words(words: str, expected: str) -> None:
    assert str(parse_partial_date(words)) == expected


@pytest.mark.parametrize("words", ["", "unknown", "30 Feb 1960", "31/02/1960", "1958-13-01", "forties", "1962 to 1958"])
def test_what_is_no_date_is_not_made_into_one(words: str) -> None:
    assert parse_partial_date(words) is None


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31)), st.booleans())
def test_a_date_that_is_written_out_is_read_back(day: date, circa: bool) -> None:
    born = PartialDate(year=day.year, month=day.month, day=day.day, circa=circa)
    assert parse_partial_date(str(born)) == born
    assert parse_partial_date(("circa " if circa else "") + f"{day.day} {MONTHS[day.month - 1]} {day.year}") == born


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_dates_and_countries(text: str) -> None:
    parse_partial_date(text)
    assert len(country_code(text)) in (0, 2)
    assert clean(clean(text)) == clean(text)


def test_the_order_of_day_and_month_is_the_readers_to_state() -> None:
    assert parse_day("03/04/1985") == date(1985, 4, 3)
    assert parse_day("03/04/1985", order="mdy") == date(1985, 3, 4)


@pytest.mark.parametrize("words", ["1985", "Mar 1985", "circa 3 Apr 1985"])
def test_a_month_or_an_approximation_is_no_day(words: str) -> None:
    assert parse_day(words) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("China", "CN"),
        ("Korea, North", "KP"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo (Brazzaville)", "CG"),
        ("Guinea, Equatorial", "GQ"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Virgin Islands, British", "VG"),
        ("Côte d'Ivoire", "CI"),
        ("Afghan", "AF"),
        ("South Korean", "KR"),
        ("中国", "CN"),
        ("台湾", "TW"),
        ("gbr", "GB"),
        ("AND", "AD"),
        ("Zaire", "CD"),
    ],
)
def test_countries_are_known_by_name_adjective_code_and_in_chinese(words: str, code: str) -> None:
    assert country_code(words) == code


@pytest.mark.parametrize("words", ["", "Atlantis", "Korean", "Dominican", "Yugoslavia", "undetermined"])
def test_no_country_is_guessed(words: str) -> None:
    assert country_code(words) == ""


def test_every_country_has_one_meaning_for_each_of_its_words() -> None:
    from importlib import resources

    owners: dict[str, str] = {}
    text = (resources.files("netpursuit.sources.lists") / "countries.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    assert len(rows) == 250
    for alpha2, alpha3, *fields in rows:
        assert len(fields) == 3
        for word in (alpha2, alpha3, *(word for field in fields for word in field.split("|") if word)):
            assert owners.setdefault(word.casefold(), alpha2) == alpha2
            assert country_code(word) == alpha2


def test_nulls_and_leftovers_are_cleaned_and_names_are_not() -> None:
    assert clean("-0- ") == clean("n/a") == clean(None) == ""
    assert clean(" AL\u00a0 ZAYDI\x1a") == "AL ZAYDI"
    assert clean("Null") == "Null"
    assert clean("NA") == "NA"
    assert clean("می\u200cخواهم") == "می\u200cخواهم"


def test_sex_is_read_in_both_languages_and_by_code() -> None:
    assert parse_sex("Male") is parse_sex("男") is parse_sex("1") is Sex.MALE
    assert parse_sex("F") is parse_sex("女") is Sex.FEMALE
    assert parse_sex("unknown") is None


def test_scripts_are_told_apart() -> None:
    assert is_latin("Nguyễn O'Brien 2")
    assert not is_latin("李嘉东")
    assert not is_latin("Иванов")
