"""Fields prepared a column at a time are those of each record by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.job import make_job
from netpursuit.ids.chinese_numbers import check_character
from netpursuit.ids.documents import prepare_number
from netpursuit.ids.known_fakes import SPECIMENS
from netpursuit.ids.phones import prepare_phone
from netpursuit.policy.model import Policy
from netpursuit.prepare import Preparer, numbers
from netpursuit.prepare.columns import TextColumn, flatten
from netpursuit.prepare.fields import MAX_ROWS, field_columns
from netpursuit.prepare.numbers import FAMILIES, FEW, NumberFlag, country_code, number_columns
from netpursuit.records import Address, AddressKind, Document, DocumentKind, Name, PartialDate, Person, Sex
from netpursuit.records.columns import Coded, PersonColumns

DIGITS = "0123456789"
RUN = DIGITS * 2
ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def digits(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=least, max_size=most)


BIRTHS = st.one_of(
    st.dates().map(lambda day: day.strftime("%Y%m%d").zfill(8)),
    st.builds(
        "{}{:02d}{:02d}".format,
        st.sampled_from((1799, 1800, 1899, 1900, 1958, 1999, 2000, 2023, 2099, 2100)),
        st.integers(0, 14),
        st.integers(0, 33),
    ),
    st.sampled_from(("19000101", "19000229", "20000229", "19490000", "19490012", "19490500")),
    digits(8, 8),
)
REGIONS = st.one_of(
    st.sampled_from(("110105", "810000", "820000", "830000", "900000", "990000", "010105")), digits(6, 6)
)
BODIES = st.builds(str.__add__, st.builds(str.__add__, REGIONS, BIRTHS), digits(3, 3))


@st.composite
def altered(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text with one character another, and perhaps something before or behind it."""
    text = draw(texts)
    at = draw(st.integers(0, max(len(text) - 1, 0)))
    other = draw(st.sampled_from([*"OILXZ?*• -/E5", "", "５", "é", "\0", "XXX", "****"]))
    return draw(st.sampled_from(("", "", " ", "ID: ", "No. "))) + text[:at] + other + text[at + 1 :]


@st.composite
def runs(draw: st.DrawFn) -> str:
    begin, size = draw(st.integers(0, 12)), draw(st.integers(1, 20))
    text = draw(st.sampled_from((RUN, RUN[::-1], *(digit * 20 for digit in DIGITS))))[begin : begin + size]
    return draw(st.sampled_from(("", "", "E", "AB"))) + text + draw(st.sampled_from(("", "", "X", "1")))


CITIZENS = st.one_of(
    BODIES.map(lambda body: body + check_character(body)),
    st.builds(str.__add__, BODIES, st.sampled_from([*DIGITS, "X", "x", "A", "?"])),
    BODIES.map(lambda body: body[:15] + "000"),
    BODIES.map(lambda body: body[:15] + "***"),
)
NUMBERS = st.one_of(
    CITIZENS,
    altered(CITIZENS),
    BODIES.map(lambda body: body[:6] + body[8:17]),
    st.builds(str.__add__, st.sampled_from([*ascii_uppercase, "AB", "e", ""]), digits(0, 20)),
    altered(digits(5, 12)),
    runs(),
    st.sampled_from(
        [*sorted(SPECIMENS), "", "NONE", "3.60102E+17", "H0123456701", "1234567801", ZONE, "A<<B", "44051401359"]
    ),
    st.text(max_size=45),
)
DOCUMENTS = st.builds(
    Document,
    number=NUMBERS,
    kind=st.sampled_from(DocumentKind),
    country=st.sampled_from(("", "CN", "HK", "US", "PL", "DE", "cn", "pl", "GB", "ß")),
    note=st.sampled_from(("", "", "", "truncated", "expired")),
)


def as_prepared(document: Document) -> tuple[object, ...]:
    """What the columns have to say of a number, by ``prepare_number``."""
    number = prepare_number(document)
    flags = NumberFlag(0)
    for flag, is_so in (
        (NumberFlag.LIFELONG, number.lifelong),
        (NumberFlag.PARTIAL, "?" in number.canonical),
        (NumberFlag.FAKE, number.fake),
        (NumberFlag.HOLDS_BIRTH_DATE, number.birth_date is not None),
        (NumberFlag.HOLDS_SEX, number.sex is not None),
        (NumberFlag.RIGHT_CHECK, number.valid is True),
        (NumberFlag.WRONG_CHECK, number.valid is False),
    ):
        flags |= flag if is_so else NumberFlag(0)
    born = number.birth_date
    birth = born.year * 10_000 + (born.month or 0) * 100 + (born.day or 0) if born else 0
    sex = 0 if number.sex is None else 1 + (number.sex is Sex.FEMALE)
    family = FAMILIES.index(number.family)
    return number.canonical, document.number, family, country_code(number.country), int(flags), birth, sex


def as_columns(documents: Sequence[Document]) -> list[tuple[object, ...]]:
    made = number_columns(documents)
    arrays = (made.family, made.country, made.flags, made.birth, made.sex)
    assert [array.dtype for array in arrays] == [np.int8, np.int16, np.uint8, np.int32, np.int8]
    return list(zip(made.text, made.raw, *(array.tolist() for array in arrays), strict=True))


@given(st.lists(DOCUMENTS, min_size=1, max_size=8))
@example([Document(number="110105194912310021")])
@example([Document(number="110105194912310021", note="truncated"), Document(number="110105194912310000")])
@example([Document(number=number) for number in ("87654321", "23456789", "E00000000", "110105491231002")])
@example([Document(number="110105190001010009"), Document(number="11010519491231002X")])
@example([Document(number="911124198108030024", kind=kind, country="CN") for kind in DocumentKind])
@example([Document(number="078051120", kind=DocumentKind.SOCIAL_SECURITY)])
def test_many_numbers_are_prepared_as_one_is(documents: list[Document]) -> None:
    assert as_columns(documents) == list(map(as_prepared, documents))
    many = documents * FEW
    assert as_columns(many) == list(map(as_prepared, documents)) * FEW


def test_every_day_and_none_else_is_a_birth_date() -> None:
    documents = [
        Document(number=f"110105{year}{month:02d}{day:02d}0021")
        for year in (1799, 1800, 1900, 1904, 2000, 2023, 2099, 2100)
        for month in range(14)
        for day in range(33)
    ]
    assert as_columns(documents) == list(map(as_prepared, documents))


def test_every_check_character_is_as_right_as_by_itself() -> None:
    documents = [
        Document(number=f"11010519491231{place:03d}{check}") for place in range(0, 1_000, 13) for check in "0123456789X"
    ]
    assert as_columns(documents) == list(map(as_prepared, documents))


def test_ordinary_numbers_are_not_taken_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Document] = []
    monkeypatch.setattr(numbers, "prepare_number", lambda document: asked.append(document) or prepare_number(document))
    documents = [Document(number=number) for _, _, number in make_job(400, 10, 5).entries if number]
    assert as_columns(documents) == list(map(as_prepared, documents))
    assert len(documents) > 10 * FEW
    assert len(asked) < len(documents) / 20


DATES = st.builds(
    PartialDate,
    year=st.integers(1900, 2020),
    month=st.none() | st.integers(1, 12),
    day=st.none() | st.integers(1, 28),
    circa=st.booleans(),
    last_year=st.none() | st.integers(2021, 2030),
)
HELD = st.sampled_from(
    [
        Document(number=number)
        for number in (
            "11010519491231002X",  # a specimen: its date is nobody's
            "110105194912310021",
            "310105194912310013",
            "440105198001010015",
            "440105198001010000",
            "440105190001010027",
            "44010519490500001X",
            "E12345678",
            "…",
        )
    ]
)
PHONES = st.sampled_from(("13800138000", "020 7946 0958", "+44 20 7946 0958", "138****8000", "5550100", "0000000", "x"))
ADDRESSES = st.builds(
    Address,
    text=st.sampled_from(("北京市朝阳区虚构路12号幻想花园3单元501室", "12-14 High Street, Oxford", "")),
    kind=st.sampled_from(AddressKind),
    city=st.sampled_from(("", "Oxford")),
    country=st.sampled_from(("", "GB", "CN")),
)
EMAILS = st.sampled_from(("J.Smith+x@gmail.com", "someone@example.org", "none"))
NATIONS = st.sampled_from(("CN", "GB", "US", "", "XYZ"))


def some(what: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.just(()) | st.lists(what, max_size=most).map(tuple)


PEOPLE = st.builds(
    Person,
    birth_dates=some(DATES),
    sex=st.sampled_from((None, None, *Sex)),
    nationalities=some(NATIONS),
    documents=some(HELD | DOCUMENTS, 4),
    phones=some(PHONES),
    emails=some(EMAILS),
    addresses=some(ADDRESSES),
)


def coded(people: Sequence[Person]) -> PersonColumns:
    """The same people with every value once, before one that nobody has."""
    columns = []
    for column in PersonColumns.of(people).columns:
        shared = Coded.of(column.rows())
        assert shared.codes is not None
        columns.append(Coded([*shared.values, *shared.values[:1]][::-1], len(shared.values) - shared.codes))
    return PersonColumns(*columns)


def arrays(columns: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, column in columns.items():
        for array in (column.start, column.data) if isinstance(column, TextColumn) else (column,):
            yield name, (array.dtype.str, array.shape, array.tobytes())


@given(st.lists(PEOPLE, max_size=6), st.integers(1, 8))
def test_shared_values_are_as_those_of_each_record(people: list[Person], times: int) -> None:
    people = people * times
    expected = list(arrays(field_columns(PersonColumns.of(people))))
    assert list(arrays(field_columns(coded(people)))) == expected
    columns = PersonColumns.of(people).columns
    for at in range(len(columns)):  # one column of its own values among shared ones, and the other way round
        mixed = [
            own if i == at else shared
            for i, (own, shared) in enumerate(zip(columns, coded(people).columns, strict=True))
        ]
        assert list(arrays(field_columns(PersonColumns(*mixed)))) == expected


@given(st.lists(PEOPLE, max_size=6))
def test_a_record_has_the_rows_that_it_has_alone(people: list[Person]) -> None:
    made = field_columns(PersonColumns.of(people))
    alone = [field_columns(PersonColumns.of([person])) for person in people]
    for name, column in made.items():
        if name.endswith("_start"):
            assert np.diff(column).tolist() == [one[name][1] for one in alone]
        elif isinstance(column, TextColumn):
            assert texts(column) == [text for one in alone for text in texts(one[name])]
        else:
            assert column.tolist() == [value for one in alone for value in one[name].tolist()]


def texts(column: TextColumn) -> list[str]:
    return [column[row] for row in range(len(column))]


@given(PEOPLE)
def test_what_fields_have_to_do_with_one_another(person: Person) -> None:
    made = field_columns(PersonColumns.of([person]))
    found = [prepare_number(document) for document in person.documents]
    dates = person.birth_dates
    if not dates:
        dates = tuple(dict.fromkeys(number.birth_date for number in found if number.birth_date and not number.fake))
    assert made["date_year"].tolist() == [date.year for date in dates]
    assert made["date_month"].tolist() == [date.month or 0 for date in dates]
    assert made["date_day"].tolist() == [(date.day or 0) if date.month else 0 for date in dates]
    assert made["date_in_number"].tolist() == [not person.birth_dates] * len(dates)
    sexes = [sex for sex in (person.sex, *(number.sex for number in found)) if sex]
    assert made["sex"].tolist() == [1 + (sexes[0] is Sex.FEMALE) if sexes else 0]
    places = [address.country for address in person.addresses if address.country]
    region = (places or [*person.nationalities, ""])[0]
    phones = [prepare_phone(phone, region) for phone in person.phones]
    called = [phone.e164 for phone in phones if phone.e164 and not phone.fake]
    assert [text for text in texts(made["phone_text"]) if text.startswith("+")] == called
    assert made["number_start"].tolist() == [0, sum(bool(number.canonical) for number in found)]


def test_of_too_many_rows_the_first_are_kept() -> None:
    many = range(MAX_ROWS + 6)
    person = Person(
        birth_dates=tuple(PartialDate(year=1900 + at) for at in many),
        nationalities=("CN",) * len(many),
        documents=tuple(Document(number=f"E{at:08d}") for at in many),
        phones=tuple(f"+4420794{at:05d}" for at in many),
        emails=tuple(f"person{at}@example.org" for at in many),
        addresses=tuple(Address(text=f"{at + 1} High Street, Oxford", country="GB") for at in many),
    )
    one = Person(documents=person.documents[:1])
    for people in (PersonColumns.of([one, person, one]), coded([one, person, one])):
        made = field_columns(people)
        for field in ("date", "nation", "phone", "email", "address"):
            assert made[f"{field}_start"].tolist() == [0, 0, MAX_ROWS, MAX_ROWS]
        assert made["number_start"].tolist() == [0, 1, 1 + MAX_ROWS, 2 + MAX_ROWS]


def test_a_batch_of_columns_is_that_of_its_people() -> None:
    people = [
        Person(
            names=(Name(text=name),),
            birth_dates=(PartialDate(year=1950 + at % 40),) if at % 3 else (),
            documents=(Document(number=number),) if number else (),
            phones=("020 7946 0958",) if at % 5 == 0 else (),
            nationalities=("GB",) if at % 2 else (),
        )
        for at, (name, _, number) in enumerate(make_job(300, 10, 5).entries)
    ]
    preparer = Preparer(Policy.shipped().frequencies)
    expected, found = flatten(preparer.prepare(people)), flatten(preparer.prepare(coded(people)))
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert array.dtype == found[name].dtype
        np.testing.assert_array_equal(array, found[name], name)


def test_absent_columns_are_as_empty_ones() -> None:
    people = [Person(documents=(Document(number="E12345678"),))] * 5
    own = PersonColumns.of(people)
    nothing: Coded[Any] = Coded.constant((), len(people))
    unknown: Coded[Any] = Coded.constant(None, len(people))
    columns = PersonColumns(nothing, nothing, unknown, nothing, own.documents, nothing, nothing, nothing)
    assert list(arrays(field_columns(columns))) == list(arrays(field_columns(own)))
    assert list(arrays(field_columns(own[:0]))) == list(arrays(field_columns(PersonColumns.of(()))))


def test_fields_that_are_lists_are_taken_as_they_come() -> None:
    loose = Person(phones=["020 7946 0958"], nationalities=["GB"], emails=["a@b.org"])  # type: ignore[arg-type]
    firm = Person(phones=("020 7946 0958",), nationalities=("GB",), emails=("a@b.org",))
    found, expected = (field_columns(PersonColumns.of([one] * 40)) for one in (loose, firm))
    assert found["phone_text"].take(range(40)) == expected["phone_text"].take(range(40)) != []
    assert found["nation_code"].tolist() == expected["nation_code"].tolist() != []
