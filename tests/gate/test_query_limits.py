"""A query asks for a person, never for a group (promise A10)."""

from __future__ import annotations

import pytest

from netpursuit.errors import RefusedError
from netpursuit.gate import check_query
from netpursuit.records import Address, Document, DocumentKind, Name, PartialDate, Person, Sex


def named(*names: str) -> Person:
    return Person(names=tuple(Name(text=text) for text in names))


def numbered(number: str, kind: DocumentKind = DocumentKind.OTHER, country: str = "", note: str = "") -> Person:
    return Person(documents=(Document(number=number, kind=kind, country=country, note=note),))


@pytest.mark.parametrize(
    "person",
    [
        named("张伟"),
        named("欧阳"),
        named("Smith"),
        named("Xu Li"),
        named("김정은"),
        named("O'Brien-Smith, J."),
        named("买买提·吐尔逊"),
        named("王", "Wang Wei"),
        named("محمد"),
        named("Malcolm X"),
        numbered("110101199003078515"),
        numbered("11010119900307851X"),
        numbered("110101900307851"),
        numbered("G12345678"),
        numbered("P<UTOERIKSSON<<ANNA<MARIA", DocumentKind.MRZ),
        numbered("12345"),
        numbered("31123456", DocumentKind.NATIONAL_ID, "AR"),
        numbered("110101", DocumentKind.PASSPORT),
        numbered("3601**********1234"),
        numbered("3601XXXXXXXXXX1234", DocumentKind.NATIONAL_ID, "CN"),
        numbered("**************123X"),
        numbered("E12345***", DocumentKind.PASSPORT),
        numbered("3601**1234"),
        numbered("31123***", DocumentKind.NATIONAL_ID, "AR"),
        numbered("65***19900101**1234"),
        Person(phones=("13800138000",)),
        Person(phones=("+44 20 7946 0018",)),
        Person(phones=("138****8000",)),
        Person(names=(Name(text="王"),), documents=(Document(number="110101199003078515"),)),
        Person(phones=("139",), documents=(Document(number="G12345678"),)),
    ],
    ids=str,
)
def test_a_query_for_a_person_passes(person: Person) -> None:
    check_query(person)


@pytest.mark.parametrize(
    ("code", "person"),
    [
        ("wildcard-name", named("张*")),
        ("wildcard-name", named("Ivan Petr%")),
        ("wildcard-name", named("张？")),
        ("wildcard-name", named("张某")),
        ("wildcard-name", named("欧阳某某")),
        ("wildcard-name", named("李XX")),
        ("wildcard-name", named("[A-Z]vanov")),
        ("wildcard-name", named("Ivan Petrov", "I_an")),
        ("single-character", named("王")),
        ("single-character", named(" 王 ")),
        ("single-character", named("王先生")),
        ("single-character", named("김")),
        ("single-character", named("X.")),
        ("single-character", named("王", "李")),
        ("single-character", named("...")),
        ("single-character", Person(names=(Name(text="王"),), birth_dates=(PartialDate(year=1990, month=3, day=7),))),
        ("single-character", Person(names=(Name(text="王"),), sex=Sex.MALE, nationalities=("CN",))),
        ("number-short", numbered("110101")),
        ("number-short", numbered("6501011990")),
        ("number-short", numbered("65010119900307", DocumentKind.NATIONAL_ID, "CN")),
        ("number-short", numbered("650101", DocumentKind.NATIONAL_ID, "CN")),
        ("number-short", numbered("1234")),
        ("number-short", numbered("UYGUR")),
        ("number-mask", numbered("650101************")),
        ("number-mask", numbered("65010119900307****")),
        ("number-mask", numbered("65010119900307**1*")),
        ("number-mask", numbered("65010119900307XXXX")),
        ("number-mask", numbered("650101900307***")),
        ("number-mask", numbered("650102**********")),
        ("number-mask", numbered("650102***")),
        ("number-mask", numbered("65010219900101**", DocumentKind.PASSPORT)),
        ("number-mask", numbered("65**19900101****", DocumentKind.NATIONAL_ID, "CN")),
        ("number-mask", numbered("**19900101*")),
        ("number-mask", numbered("6501021990****************")),
        ("number-mask", numbered("650101199003070", note="truncated")),
        ("number-mask", numbered("650101199003070000", note="truncated")),
        ("number-mask", numbered("E12*******", DocumentKind.PASSPORT)),
        ("phone-mask", Person(phones=("138",))),
        ("phone-mask", Person(phones=("1380013****",))),
        ("phone-mask", Person(phones=("138********",))),
        ("group-query", Person()),
        ("group-query", Person(nationalities=("TR",))),
        ("group-query", Person(sex=Sex.FEMALE, nationalities=("NG",), birth_dates=(PartialDate(year=1990),))),
        ("email-alone", Person(emails=("someone@example.org",))),
        ("building-query", Person(addresses=(Address(text="1 High Street, Oxford"),))),
        ("building-query", Person(addresses=(Address(text="幸福路1号"),), birth_dates=(PartialDate(year=1990),))),
    ],
    ids=str,
)
def test_a_query_for_a_group_is_refused(code: str, person: Person) -> None:
    with pytest.raises(RefusedError) as caught:
        check_query(person)
    assert caught.value.code == code
    assert caught.value.exit_code == 4


def test_a_refusal_never_repeats_a_value() -> None:
    values = ("canary*", "6501019900****")
    person = Person(names=(Name(text=values[0]),), documents=(Document(number=values[1]),))
    with pytest.raises(RefusedError) as caught:
        check_query(person)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "person"),
    [
        ("number-short", numbered("UYGUR<<", DocumentKind.MRZ)),
        ("number-mask", numbered("11010119900307****", DocumentKind.MRZ)),
        ("number-mask", numbered("P<CHN*********************", DocumentKind.MRZ)),
        ("number-mask", numbered("65010119900307****", DocumentKind.PASSPORT)),
        ("number-mask", numbered("65010119900307****", DocumentKind.TAX_NUMBER, "US")),
        ("email-alone", Person(emails=("a@example.org",), nationalities=("TR",), sex=Sex.MALE)),
        ("email-alone", Person(emails=("a@example.org",), addresses=(Address(text="1 High Street"),))),
    ],
    ids=str,
)
def test_the_kind_that_a_number_is_called_opens_no_way_around_the_limits(code: str, person: Person) -> None:
    with pytest.raises(RefusedError) as caught:
        check_query(person)
    assert caught.value.code == code


def test_a_mail_address_narrows_a_query_that_is_one() -> None:
    check_query(Person(names=(Name(text="张伟"),), emails=("a@example.org",)))
