"""Registers in, registrations out: every row is a registration or a counted rejection that says where and why."""

from __future__ import annotations

import csv
import datetime
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpursuit.errors import InputError
from netpursuit.records import (
    AddressKind,
    DocumentKind,
    Feed,
    NameKind,
    PartialDate,
    RegisteredPerson,
    Registration,
    Rejected,
    Role,
    Sex,
    StayKind,
)
from netpursuit.sources.registrations import draft_feed, open_registrations, read_again, read_feed, render_feed

FEED = Feed(
    feed_id="east",
    legal_basis="a law",
    area="East",
    period_from=datetime.date(2026, 1, 1),
    period_to=datetime.date(2026, 12, 31),
    purpose="finding wanted tenants",
    screened_roles=(Role.TENANT,),
    time_zone="Asia/Shanghai",
    expires_on=datetime.date(2026, 12, 31),
)


@pytest.fixture
def register(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "register.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def read(path: Path, feed: Feed = FEED) -> list[Registration | Rejected]:
    return list(open_registrations(path, feed).read())


def only(path: Path, feed: Feed = FEED) -> Registration:
    (item,) = read(path, feed)
    assert isinstance(item, Registration)
    return item


def person_of(path: Path, feed: Feed = FEED) -> RegisteredPerson:
    (registered,) = only(path, feed).persons
    return registered


FULL = (
    "registration_id,person_id,name,native_name,former_names,aliases,birth_date,sex,nationality,id_country,id_type,"
    "id_number,phone,email,registered_address,address,unit,unit_code,stay_kind,role,landlord_name,landlord_id_number,"
    "landlord_phone,start_date,end_date\n"
    "R1,P1,Ivan Petrov,Иван Петров,Ivan Sidorov,Vanya|Vano,1985-04-03,M,Russia,RU,passport,"
    "51 1234567,+7 900 1;+7 900 2,a@x.org,Lenin St 1,1 High St,Flat 2,U-17,rental,tenant,Ann Lord,L99,"
    "+44 1,2026-03-01,2026-09-01\n"
)


def test_every_column_of_the_program_is_read_without_a_mapping(register) -> None:  # type: ignore[no-untyped-def]
    registration = only(register(FULL))
    assert (registration.registration_id, registration.line, registration.file) == ("R1", 2, "register.csv")
    assert (registration.address, registration.unit, registration.unit_code) == ("1 High St", "Flat 2", "U-17")
    assert registration.stay_kind is StayKind.RENTAL
    assert registration.start_date == datetime.date(2026, 3, 1)
    assert registration.end_date == datetime.date(2026, 9, 1)
    tenant, landlord = registration.persons
    assert (tenant.role, tenant.position, tenant.person_id) == (Role.TENANT, 0, "P1")
    assert [(name.text, name.kind) for name in tenant.person.names] == [
        ("Ivan Petrov", NameKind.PRIMARY),
        ("Иван Петров", NameKind.NATIVE),
        ("Ivan Sidorov", NameKind.FORMER),
        ("Vanya", NameKind.ALIAS),
        ("Vano", NameKind.ALIAS),
    ]
    assert tenant.person.birth_dates == (PartialDate(year=1985, month=4, day=3),)
    assert tenant.person.sex is Sex.MALE
    assert tenant.person.nationalities == ("RU",)
    (document,) = tenant.person.documents
    assert (document.number, document.kind, document.country) == ("51 1234567", DocumentKind.PASSPORT, "RU")
    assert tenant.person.phones == ("+7 900 1", "+7 900 2")
    assert tenant.person.emails == ("a@x.org",)
    assert [(address.text, address.kind) for address in tenant.person.addresses] == [
        ("Lenin St 1", AddressKind.REGISTERED),
        ("1 High St", AddressKind.RESIDENCE),
    ]
    assert (tenant.person.addresses[1].unit, tenant.person.addresses[1].unit_code) == ("Flat 2", "U-17")
    assert (landlord.role, landlord.person.names[0].text) == (Role.LANDLORD, "Ann Lord")
    assert landlord.person.documents[0].number == "L99"
    assert landlord.person.phones == ("+44 1",)
    assert landlord.person.addresses == ()


def test_several_persons_of_a_row_have_their_roles_and_positions(register) -> None:  # type: ignore[no-untyped-def]
    header = "name,co_tenant_1_name,co_tenant_2_name,co_tenant_2_birth_date,co_tenant_2_phone,occupant_1_id_number"
    registration = only(register(f"{header}\nAnn,,Bob,1990-01-02,7,X1\n"))
    found = [(each.role, each.position) for each in registration.persons]
    assert found == [(Role.TENANT, 0), (Role.CO_TENANT, 0), (Role.OCCUPANT, 0)]
    assert registration.persons[1].person.birth_dates == (PartialDate(year=1990, month=1, day=2),)
    assert registration.persons[1].person.phones == ("7",)
    assert registration.persons[2].person.documents[0].number == "X1"


def test_people_of_one_role_are_counted(register) -> None:  # type: ignore[no-untyped-def]
    header = "name,co_tenant_1_name,co_tenant_2_name,co_tenant_3_name,occupant_1_name"
    rows = [only(register(f"{header}\n{row}\n")) for row in ("Ann,Bob,,Cid,Dan", "Ann,,Bob,Cid,")]
    counted = [(Role.TENANT, 0), (Role.CO_TENANT, 0), (Role.CO_TENANT, 1), (Role.OCCUPANT, 0)]
    assert [(each.role, each.position) for each in rows[0].persons] == counted
    assert [(each.role, each.position) for each in rows[1].persons] == counted[:3]


def test_whoever_stays_lives_in_the_unit_and_the_landlord_does_not(register) -> None:  # type: ignore[no-untyped-def]
    header = "name,registered_address,address,unit,unit_code,landlord_name,co_tenant_1_name"
    text = f"{header}\nAnn,Old Road,New Road,3,U1,Lord,Bob\nCid,,,,,Lord,\nDan,,,4,U2,Lord,\n"
    rows = read(register(text))
    said = [
        [
            [(home.kind.value, home.text, home.unit, home.unit_code) for home in each.person.addresses]
            for each in row.persons
        ]
        for row in rows
        if isinstance(row, Registration)
    ]
    unit = ("residence", "New Road", "3", "U1")
    assert said == [
        [[("registered", "Old Road", "", ""), unit], [unit], []],
        [[], []],
        [[("residence", "", "4", "U2")], []],
    ]


def test_of_two_wrong_dates_of_a_stay_the_first_is_told(register) -> None:  # type: ignore[no-untyped-def]
    text = "name,start_date,end_date,birth_date\nAnn,x,y,z\nBob,2026-01-01,y,z\nCid,2026-01-01,,z\n"
    found = [row.column for row in read(register(text)) if isinstance(row, Rejected)]
    assert found == ["start_date", "end_date", "birth_date"]


def test_a_row_may_name_only_a_landlord(register) -> None:  # type: ignore[no-untyped-def]
    assert person_of(register("name,landlord_name,unit\n,Ann Lord,3\n")).role is Role.LANDLORD


def test_a_row_that_names_nobody_is_rejected(register) -> None:  # type: ignore[no-untyped-def]
    items = read(register("name,id_number,phone\nAnn,,1\n,,2\n不详,N/A,3\n,X9,\n"))
    assert [item.reason for item in items if isinstance(item, Rejected)] == ["no-person", "no-person"]
    assert [item.line for item in items] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("birth_date", "1985-02-30"),
        ("birth_date", "spring"),
        ("birth_date", "2026-13-01"),
        ("start_date", "31.31.2026"),
        ("end_date", "never"),
    ],
)
def test_an_impossible_date_quarantines_its_row_without_the_value(register, column: str, value: str) -> None:  # type: ignore[no-untyped-def]
    bad, good = read(register(f"name,{column},unit\nAnn Canary,{value},7\nBob,2001-02-03,8\n"))
    assert isinstance(bad, Rejected)
    assert (bad.line, bad.column, bad.reason) == (2, column, "bad-date")
    assert value not in repr(bad)
    assert "Canary" not in repr(bad)
    assert isinstance(good, Registration)


@pytest.mark.parametrize("value", ["", "-", "无", "N/A", "0000-00-00", "00000000"])
def test_a_date_that_says_nothing_is_no_date(register, value: str) -> None:  # type: ignore[no-untyped-def]
    assert person_of(register(f"name,birth_date\nAnn,{value}\n")).person.birth_dates == ()


def test_a_bad_date_of_somebody_absent_does_not_matter(register) -> None:  # type: ignore[no-untyped-def]
    registration = only(register("name,co_tenant_1_name,co_tenant_1_birth_date\nAnn,,garbled\n"))
    assert len(registration.persons) == 1


def test_the_feeds_order_of_dates_is_followed(register) -> None:  # type: ignore[no-untyped-def]
    path = register("name,birth_date\nAnn,03/04/1985\n")
    assert str(person_of(path, replace(FEED, date_order="dmy")).person.birth_dates[0]) == "1985-04-03"
    assert str(person_of(path, replace(FEED, date_order="mdy")).person.birth_dates[0]) == "1985-03-04"


@pytest.mark.parametrize(
    ("word", "sex"),
    [
        ("男", Sex.MALE),
        ("女", Sex.FEMALE),
        ("M", Sex.MALE),
        ("female", Sex.FEMALE),
        ("1", Sex.MALE),
        ("2", Sex.FEMALE),
        ("未知", None),
        ("X", None),
        ("", None),
    ],
)
def test_sexes_are_read_in_both_languages(register, word: str, sex: Sex | None) -> None:  # type: ignore[no-untyped-def]
    assert person_of(register(f"name,sex\nAnn,{word}\n")).person.sex is sex


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("承租人", Role.TENANT),
        ("Co-Tenant", Role.CO_TENANT),
        ("合租人", Role.CO_TENANT),
        ("配偶", Role.OCCUPANT),
        ("房东", Role.LANDLORD),
        ("旅客", Role.GUEST),
        ("户主", Role.TENANT),
        ("", Role.TENANT),
    ],
)
def test_roles_are_read_in_both_languages(register, word: str, role: Role) -> None:  # type: ignore[no-untyped-def]
    assert person_of(register(f"name,role\nAnn,{word}\n")).role is role


def test_an_unknown_role_quarantines_its_row(register) -> None:  # type: ignore[no-untyped-def]
    (item,) = read(register("name,role\nAnn,astronaut\n"))
    assert isinstance(item, Rejected)
    assert (item.column, item.reason) == ("role", "unknown-role")


def test_whoever_stays_in_a_hotel_is_a_guest(register) -> None:  # type: ignore[no-untyped-def]
    assert person_of(register("name,stay_kind\nAnn,旅馆\n")).role is Role.GUEST


@pytest.mark.parametrize(
    ("word", "kind", "country"),
    [
        ("居民身份证", DocumentKind.NATIONAL_ID, "CN"),
        ("111-居民身份证", DocumentKind.NATIONAL_ID, "CN"),
        ("护照", DocumentKind.PASSPORT, "FR"),
        ("Passport", DocumentKind.PASSPORT, "FR"),
        ("港澳居民来往内地通行证", DocumentKind.TRAVEL_PERMIT, "CN"),
        ("台胞证", DocumentKind.TRAVEL_PERMIT, "CN"),
        ("居住证", DocumentKind.RESIDENCE_PERMIT, "CN"),
        ("驾驶证", DocumentKind.DRIVING_LICENCE, "CN"),
        ("ID card", DocumentKind.NATIONAL_ID, "GB"),
        ("library card", DocumentKind.OTHER, "GB"),
        ("", DocumentKind.OTHER, "GB"),
    ],
)
def test_document_kinds_are_read_in_both_languages(register, word: str, kind: DocumentKind, country: str) -> None:  # type: ignore[no-untyped-def]
    path = register(f"name,nationality,id_type,id_number\nAnn,法国,{word},X123\n")
    (document,) = person_of(path, replace(FEED, country="GB")).person.documents
    assert (document.kind, document.country) == (kind, country)


def test_the_header_of_a_number_states_its_kind(register) -> None:  # type: ignore[no-untyped-def]
    feed = replace(FEED, columns={"name": "姓名", "id_number": "身份证号", "landlord_id_number": "房东身份证"})
    registration = only(register("姓名,身份证号,房东身份证\n张伟,110101199003070011,110101198506150028\n"), feed)
    assert {document.kind for each in registration.persons for document in each.person.documents} == {
        DocumentKind.NATIONAL_ID
    }


def test_defaults_fill_what_is_missing_or_empty(register) -> None:  # type: ignore[no-untyped-def]
    feed = replace(FEED, defaults={"nationality": "CN", "id_type": "居民身份证", "stay_kind": "hotel"})
    items = read(register("name,id_number,nationality\nAnn,X1,\nBob,X2,France\n"), feed)
    persons = [item.persons[0].person for item in items if isinstance(item, Registration)]
    assert [person.nationalities for person in persons] == [("CN",), ("FR",)]
    assert {person.documents[0].kind for person in persons} == {DocumentKind.NATIONAL_ID}
    assert all(isinstance(item, Registration) and item.stay_kind is StayKind.HOTEL for item in items)


def test_numbers_guarded_against_spreadsheets_lose_their_guard(register) -> None:  # type: ignore[no-untyped-def]
    items = read(register('name,id_number\nAnn,\'110101199003070011\nBob,"=""110101199003070011"""\n'))
    numbers = [item.persons[0].person.documents[0].number for item in items if isinstance(item, Registration)]
    assert numbers == ["110101199003070011"] * 2


def test_names_in_han_script_are_split_at_commas_and_latin_ones_are_not(register) -> None:  # type: ignore[no-untyped-def]
    items = read(register('name,aliases\n张伟,"阿伟，小张、老张/张三"\nAnn,"Smith, Ann|Annie"\n'))
    aliases = [
        [name.text for name in item.persons[0].person.names[1:]] for item in items if isinstance(item, Registration)
    ]
    assert aliases == [["阿伟", "小张", "老张", "张三"], ["Smith, Ann", "Annie"]]


def test_names_that_look_like_nothing_are_names(register) -> None:  # type: ignore[no-untyped-def]
    items = read(register("name,unit\nNa,1\nNull,2\nNone,3\nN/A,4\n"))
    assert [isinstance(item, Registration) for item in items] == [True, True, True, False]


def test_joined_columns_make_one_name(register) -> None:  # type: ignore[no-untyped-def]
    feed = replace(FEED, columns={"name": "First + Middle + Last"})
    assert person_of(register("First,Middle,Last\nAnna,,Cole\n"), feed).person.names[0].text == "Anna Cole"
    feed = replace(FEED, columns={"name": "姓 + 名"})
    assert person_of(register("姓,名,手机号\n欧阳,小丽,1\n"), feed).person.names[0].text == "欧阳小丽"


def test_ethnicity_and_native_place_are_dropped_on_reading(register) -> None:  # type: ignore[no-untyped-def]
    registration = only(register("name,民族,籍贯,ethnicity\nAnn,汉-canary,canary,canary\n"))
    assert "canary" not in repr(registration)


def test_mapped_columns_that_are_not_there_are_named_together(register) -> None:  # type: ignore[no-untyped-def]
    feed = replace(FEED, columns={"name": "姓名", "phone": "手机", "unit": "房号"})
    with pytest.raises(InputError, match=r"phone = '手机', unit = '房号'"):
        open_registrations(register("姓名,民族,手机号\n张伟,汉,1\n"), feed)


def test_a_register_without_people_is_refused(register) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match="no column names a person"):
        open_registrations(register("address,unit\nHigh St,1\n"), FEED)


def test_rows_without_an_id_stay_and_ragged_ones_are_rejected(register) -> None:  # type: ignore[no-untyped-def]
    first, second = read(register("registration_id,name\n,Ann\nR2,Bob,surplus\n"))
    assert isinstance(first, Registration)
    assert first.registration_id == ""
    assert isinstance(second, Rejected)
    assert second.reason == "ragged-row"


NAME_CHARACTERS = st.characters(codec="gb18030", exclude_categories=("Cs", "Co", "Cc", "Cn"))


@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "name": st.text(
                    st.characters(codec="gb18030", exclude_categories=("Cs", "Co", "Cc", "Cn")), max_size=8
                ),
                "birth_date": st.sampled_from(["", "1985-04-03", "1985", "never", "1985-02-30"]),
                "id_number": st.sampled_from(["", "110101199003070011", "E+", "无"]),
            }
        ),
        max_size=12,
    ),
    encoding=st.sampled_from(["utf-8", "utf-16", "gb18030"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_row_vanishes(tmp_path: Path, rows: list[dict[str, str]], encoding: str) -> None:
    path = tmp_path / "any.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, ["name", "birth_date", "id_number"], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    items = read(path, replace(FEED, encoding=encoding))
    assert len(items) == sum(any(cell.strip() for cell in row.values()) for row in rows)


def write_police_register(path: Path) -> None:
    """Title, unit and header on row 3; citizen numbers typed as numbers lose their last digits."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("登记表")
    sheet.write_merge(0, 0, 0, 7, "红星派出所辖区出租房屋承租人员登记表")
    sheet.write(1, 0, "填表单位：红星派出所")
    headers = [
        "序号",
        "姓名",
        "性别",
        "民族",
        "公民身份号码",
        "手机号",
        "入住日期",
        "出租房屋",
        "房号",
        "房东",
        "房东身份证",
    ]
    march, may = datetime.date(2026, 3, 4), datetime.date(2026, 5, 1)
    house = "幸福路1号"
    rows = [
        # What a spreadsheet leaves of 110101199003070011 typed into a cell for numbers.
        (1, "张伟", "男", "汉", 110101199003070000, 13800138000, march, house, 301, "李四", ""),
        (2, "欧阳小丽", "女", "汉", "110101198506150028", "13900139000", may, house, 302, "", ""),
        (3, "王五", "男", "汉", "", "", "二〇二六", house, 303, "", ""),
    ]
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for line, row in enumerate([headers, *rows], start=2):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write(line, column, value, day)
            else:
                sheet.write(line, column, value)
    book.save(str(path))


def test_a_chinese_police_register_goes_through_drafting_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "登记表.xls"
    write_police_register(path)
    answers = {"legal_basis": "规定", "area": "城东", "purpose": "核查承租人"}
    answers |= {"period_from": "2026-01-01", "period_to": "2026-12-31", "expires_on": "2026-12-31"}
    feed_path = tmp_path / "feed.toml"
    feed_path.write_text(render_feed(draft_feed(path), answers), encoding="utf-8")
    feed = read_feed(feed_path)
    source = open_registrations(path, feed)
    first, second, third = source.read()
    assert isinstance(first, Registration)
    assert isinstance(second, Registration)
    tenant, landlord = first.persons
    assert (first.line, first.start_date, first.unit) == (4, datetime.date(2026, 3, 4), "301")
    assert tenant.person.names[0].text == "张伟"
    assert tenant.person.phones == ("13800138000",)
    assert tenant.person.documents[0].country == "CN"
    assert tenant.person.documents[0].note == "truncated"
    assert tenant.truncated_numbers == 1
    assert landlord.role is Role.LANDLORD
    assert second.persons[0].truncated_numbers == 0
    assert second.persons[0].person.documents[0].note == ""
    assert isinstance(third, Rejected)
    assert (third.line, third.column, third.reason) == (6, "start_date", "bad-date")


def test_a_date_cell_without_its_format_is_still_a_date(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["name", "birth_date"])
    book.active.append(["Ann", 31140])
    book.save(tmp_path / "a.xlsx")
    assert str(person_of(tmp_path / "a.xlsx").person.birth_dates[0]) == "1985-04-03"


def test_a_quarantined_row_is_read_again_from_its_source(register) -> None:  # type: ignore[no-untyped-def]
    path = register("name,birth_date,unit\nAnn,1985-02-30,7\nBob,1,2,3\n")
    bad_date, ragged = read(path)
    assert isinstance(bad_date, Rejected)
    assert isinstance(ragged, Rejected)
    assert read_again(path, bad_date).values == {"name": "Ann", "birth_date": "1985-02-30", "unit": "7"}
    again = read_again(path, ragged)
    assert (again.values, again.raw) == ({}, "Bob,1,2,3")


def test_reading_again_shows_no_ethnicity(register) -> None:  # type: ignore[no-untyped-def]
    path = register("name,民族,birth_date\nAnn,canary,garbled\nBob,canary\n")
    for item in read(path):
        assert isinstance(item, Rejected)
        assert "canary" not in repr(read_again(path, item))


def test_a_changed_file_is_not_read_again(register) -> None:  # type: ignore[no-untyped-def]
    path = register("name,birth_date\nAnn,garbled\n")
    (item,) = read(path)
    assert isinstance(item, Rejected)
    register("name,birth_date\nEve,garbled\n")
    with pytest.raises(InputError, match="digest differs"):
        read_again(path, item)


@pytest.mark.data
def test_a_real_register_of_addresses_is_read_under_a_feed(shared_data: Path) -> None:
    path = shared_data / "registrations" / "hpd_contacts.csv"
    columns = {
        "person_id": "RegistrationContactID",
        "name": "FirstName + MiddleInitial + LastName",
        "address": "BusinessHouseNumber + BusinessStreetName",
        "unit": "BusinessApartment",
        "registration_id": "RegistrationID",
    }
    items = read(path, replace(FEED, columns=columns))
    assert len(items) == 100
    # Companies among the contacts have no name of a person; counted from the raw file.
    with path.open(encoding="utf-8", newline="") as file:
        nameless = [
            row["FirstName"].strip() + row["MiddleInitial"].strip() + row["LastName"].strip() == ""
            for row in csv.DictReader(file)
        ]
    assert [isinstance(item, Rejected) for item in items] == nameless


def test_an_age_is_read_as_of_the_day_of_the_stay(register) -> None:  # type: ignore[no-untyped-def]
    item = only(register("name,birth_date,start_date\n张伟,45岁,2026-03-01\n"))
    (born,) = item.persons[0].person.birth_dates
    assert (born.year, born.last_year, born.month) == (1980, 1981, None)
    (rejected,) = read(register("name,birth_date\n张伟,45岁\n"))
    assert isinstance(rejected, Rejected), "an age without a day says nothing"
