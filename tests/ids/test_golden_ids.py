"""Dates, numbers, telephones and addresses by hand-written cases; a new case is a new row."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netpursuit.ids.addresses import PreparedAddress, prepare_address, prepare_variants
from netpursuit.ids.chinese_numbers import check_character, expand_old, has_right_check
from netpursuit.ids.dates import parse_date
from netpursuit.ids.documents import SlipKind, cut_by_spreadsheet, number_slips, prepare_number
from netpursuit.ids.emails import prepare_email
from netpursuit.ids.lines import split_line
from netpursuit.ids.mrz import parse_mrz
from netpursuit.ids.phones import prepare_phone
from netpursuit.records import Address, Document, DocumentKind, PartialDate, Sex

GOLDEN = Path(__file__).parent.parent / "golden"
# The specimens of ICAO Doc 9303 part 4 (TD3) and part 5 (TD1).
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("row", rows("dates.csv"), ids=lambda row: f"{row['text']}-{row['order']}")
def test_dates_are_read_as_precisely_as_they_are_written(row: dict[str, str]) -> None:
    found = parse_date(row["text"], order=row["order"])
    assert (str(found) if found else "") == row["expected"]


@pytest.mark.parametrize("row", rows("numbers.csv"), ids=lambda row: f"{row['number']}-{row['kind']}")
def test_numbers_come_into_one_form(row: dict[str, str]) -> None:
    document = Document(number=row["number"], kind=DocumentKind(row["kind"]), country=row["country"], note=row["note"])
    found = prepare_number(document)
    assert (found.family, found.canonical) == (row["family"], row["canonical"])
    if row["valid"]:
        assert found.valid is (row["valid"] == "true")
    assert (str(found.birth_date) if found.birth_date else "") == row["birth_date"]
    assert found.visible == sum(character != "?" for character in found.canonical)


@pytest.mark.parametrize("row", rows("phones.csv"), ids=lambda row: row["text"])
def test_telephones_come_into_e164_where_that_can_be_told(row: dict[str, str]) -> None:
    found = prepare_phone(row["text"], row["country"])
    assert (found.e164, found.digits, found.masked) == (row["e164"], row["digits"], row["masked"] == "true")


@pytest.mark.parametrize("row", rows("addresses_same.csv"), ids=lambda row: f"{row['left']}={row['right']}")
def test_addresses_agree_down_to_the_unit_the_house_or_less(row: dict[str, str]) -> None:
    left = prepare_variants(Address(text=row["left"], unit=row["left_unit"]))
    right = prepare_variants(Address(text=row["right"], unit=row["right_unit"]))
    levels = ("none", "city", "street", "house", "unit")
    assert max((agreement(one, other) for one in left for other in right), key=levels.index) == row["same"]


def agreement(left: PreparedAddress, right: PreparedAddress) -> str:
    """Down to which part two addresses agree."""
    place = (left.city, left.street) == (right.city, right.street)
    level = "none"
    if left.city and left.city == right.city:
        level = "city"
    if left.street and place:
        level = "street"
    if left.house and place and (left.house, left.building) == (right.house, right.building):
        level = "house"
    if left.unit_key and left.unit_key == right.unit_key:
        level = "unit"
    return level


def test_a_unit_code_beats_its_text() -> None:
    one = prepare_address(Address(text="幻县虚构路12号", unit="501", unit_code="a-77"))
    other = prepare_address(Address(text="Mill Lane", unit_code="A-77"))
    assert one.unit_key == other.unit_key != ""


@pytest.mark.parametrize(
    "text",
    ["幻县虚构路12号幻想宾馆501室", "幻县虚构路12号员工宿舍3栋501室", "Room 501, Grand Hotel, 12 Mill Lane, Oxford"],
)
def test_a_hotel_or_a_dormitory_is_never_one_unit(text: str) -> None:
    found = prepare_address(Address(text=text))
    assert (found.unit_key, found.house, found.unit) == ("", "12", "501")
    assert prepare_address(Address(text=text, unit_code="A-77")).unit_key == "code:A-77"


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("G12345678", "G12345678", SlipKind.SAME),
        ("G1234567?", "G12345678", SlipKind.SAME),
        ("GO1234567", "G01234567", SlipKind.OCR),
        ("S5123456", "5S123456", SlipKind.OCR),
        ("G12345687", "G12345678", SlipKind.TRANSPOSED),
        ("G12345679", "G12345678", SlipKind.ONE_CHARACTER),
        ("G1234567", "G12345678", SlipKind.ONE_MISSING),
        ("G87654321", "G12345678", SlipKind.NONE),
    ],
)
def test_slips_of_a_number_are_told_apart(left: str, right: str, kind: SlipKind) -> None:
    assert number_slips(left, right) is kind


@pytest.mark.parametrize(
    ("text", "numeric", "cut"),
    [
        ("990101198503040010", True, True),
        ("990101198503040010", False, False),
        ("3.60102E+17", False, True),
        ("990101198503040000", False, True),
        ("13800138000", True, False),
        ("G12345678", False, False),
    ],
)
def test_numbers_destroyed_by_a_spreadsheet_are_noticed(text: str, numeric: bool, cut: bool) -> None:
    assert cut_by_spreadsheet(text, numeric) is cut


def test_zones_of_travel_documents_are_read_and_their_checks_verified() -> None:
    passport, card = parse_mrz(TD3), parse_mrz(TD1)
    assert passport is not None
    assert card is not None
    assert (passport.family, passport.given, passport.number) == ("ERIKSSON", "ANNA MARIA", "L898902C3")
    assert (card.number, str(card.birth_date), card.sex) == ("D23145890", "1974-08-12", Sex.FEMALE)
    assert passport.wrong_checks == card.wrong_checks == ()
    damaged = parse_mrz(TD3.replace("7408122F", "7408123F"))
    assert damaged is not None
    assert damaged.wrong_checks == ("birth_date",)
    typed = prepare_number(Document(number="L898902C3", kind=DocumentKind.PASSPORT))
    assert prepare_number(Document(number=TD3, kind=DocumentKind.MRZ)).canonical == typed.canonical


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("J.Smith+x@GoogleMail.com", "jsmith@gmail.com", True),
        ("<j.smith@example.org>", "J.SMITH@EXAMPLE.ORG", True),
        ("j.smith@example.org", "jsmith@example.org", False),
        ("j.smith＠Example.org", "j.smith@example.org", True),
        ("jsmith+list@outlook.com", "jsmith@outlook.com", True),
        ("jsmith+list@example.org", "jsmith@example.org", False),
        ("none@none.com", "", True),
        ("no address", "", True),
    ],
)
def test_the_same_box_in_another_spelling(one: str, other: str, same: bool) -> None:
    assert (prepare_email(one) == prepare_email(other)) is same


def test_a_pasted_line_is_split_into_fields() -> None:
    fields = split_line("张伟 男 990101198503040010 13800138000")
    assert (fields.name, fields.sex, fields.phones) == ("张伟", Sex.MALE, ("13800138000",))
    assert fields.documents[0].number == "990101198503040010"
    assert fields.birth_date is None, "the number holds it already"
    english = split_line("Zhang Wei, male, 1985-03-04, passport G12345678, +44 20 7946 0018, zw@example.org")
    assert (english.name, str(english.birth_date), english.sex) == ("Zhang Wei", "1985-03-04", Sex.MALE)
    assert (english.documents[0].number, english.emails) == ("G12345678", ("zw@example.org",))
    assert english.phones == ("+44 20 7946 0018",)
    labelled = split_line("姓名：张伟 性别：男 身份证号：990101********0010 住址：幻县虚构路12号")
    assert (labelled.name, labelled.documents[0].number) == ("张伟", "990101********0010")
    assert labelled.address == "幻县虚构路12号"
    zone = split_line(TD3)
    assert (zone.name, zone.birth_date) == ("ERIKSSON, ANNA MARIA", PartialDate(year=1974, month=8, day=12))


@given(st.text(max_size=80))
def test_no_text_breaks_anything(text: str) -> None:
    parse_date(text)
    prepare_phone(text)
    prepare_email(text)
    split_line(text)
    parse_mrz(text)
    prepare_variants(Address(text=text, unit=text))
    for kind in DocumentKind:
        found = prepare_number(Document(number=text, kind=kind, country="CN"))
        assert len(found.canonical) <= 40


@given(st.dates(), st.integers(0, 999), st.integers(100_000, 699_999))
def test_old_and_new_numbers_meet_and_a_wrong_character_is_noticed(born: object, sequence: int, region: int) -> None:
    old = f"{region}{born:%y%m%d}{sequence:03d}"
    new = expand_old(old)
    assert has_right_check(new)
    assert check_character(new[:17]) == new[17]
    wrong = new[:16] + str((int(new[16]) + 1) % 10) + new[17]
    assert not has_right_check(wrong)


@example("0XXX-")
@given(st.text("0123456789ABCX*- ", max_size=24))
def test_the_canonical_form_is_its_own_canonical_form(text: str) -> None:
    once = prepare_number(Document(number=text, kind=DocumentKind.PASSPORT)).canonical
    again = prepare_number(Document(number=once, kind=DocumentKind.PASSPORT)).canonical
    assert once == again


@pytest.mark.parametrize("row", rows("lines.csv"), ids=lambda row: row["line"])
def test_pasted_lines_come_apart(row: dict[str, str]) -> None:
    found = split_line(row["line"])
    said = {
        "line": row["line"],
        "name": found.name,
        "number": found.documents[0].number if found.documents else "",
        "birth_date": str(found.birth_date or ""),
        "sex": found.sex or "",
        "phone": found.phones[0] if found.phones else "",
        "email": found.emails[0] if found.emails else "",
        "address": found.address,
        "nationality": found.nationality,
    }
    assert said == row
    assert found.unused == ()


@given(st.integers(100_000, 699_999), st.dates(), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_a_wrong_digit_never_keeps_the_check_character(
    region: int, born: object, sequence: int, at: int, shift: int
) -> None:
    number = expand_old(f"{region}{born:%y%m%d}{sequence:03d}")
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert has_right_check(number)
    assert not has_right_check(wrong)


@given(st.text("0123456789OIZSBX*", min_size=17, max_size=19), st.sampled_from(DocumentKind))
def test_a_canonical_number_stays_as_it_is(text: str, kind: DocumentKind) -> None:
    first = prepare_number(Document(number=text, kind=kind, country="CN"))
    again = prepare_number(Document(number=first.canonical, kind=kind, country="CN"))
    if not first.truncated:
        assert (again.canonical, again.family) == (first.canonical, first.family)


@given(st.integers(1, 17), st.sampled_from(["990101198503040010", "11010519491231002X"]))
def test_a_citizen_number_with_a_slip_stays_in_its_family(at: int, number: str) -> None:
    for text in (number[:at] + "7" + number[at + 1 :], number[:at] + number[at + 1 :], number[:at] + "7" + number[at:]):
        assert (
            prepare_number(Document(number=text, kind=DocumentKind.NATIONAL_ID, country="CN")).family == "cn-resident"
        )


@pytest.mark.parametrize("body", ["1101051949123100", "110105194912310023", "1101051949123100?", "\uff11" * 17])
def test_only_seventeen_digits_have_a_check_character(body: str) -> None:
    with pytest.raises(ValueError, match="seventeen"):
        check_character(body)
