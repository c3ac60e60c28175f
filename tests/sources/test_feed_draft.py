"""``feed init``: headers in two languages are recognised, and what only a person can know is asked."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError, SettingsError
from netpursuit.records import Role
from netpursuit.sources.registrations import draft_feed, read_feed, render_feed
from netpursuit.sources.registrations.columns import COLUMNS, is_column, recognise

ANSWERS = {
    "feed_id": "east",
    "legal_basis": "《租赁房屋治安管理规定》第七条",
    "area": '城东 "一" 片',
    "period_from": "2026-01-01",
    "period_to": "2026-12-31",
    "purpose": "核查承租人",
    "screened_roles": "承租人、co-tenant, 同住人",
    "time_zone": "Asia/Shanghai",
    "expires_on": "2026-12-31",
}


@pytest.fixture
def register(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str) -> Path:
        path = tmp_path / "租赁 登记.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("姓名", "name"),
        ("姓名（必填）", "name"),
        ("承租人姓名", "name"),
        ("Tenant Name", "name"),
        ("full_name", "name"),
        ("曾用名", "former_names"),
        ("别名", "aliases"),
        ("性别", "sex"),
        ("性別", "sex"),
        ("出生日期", "birth_date"),
        ("Date of Birth (dd/mm/yyyy)", "birth_date"),
        ("DOB", "birth_date"),
        ("Tenant DOB", "birth_date"),
        ("证件类型", "id_type"),
        ("证件号码", "id_number"),
        ("公民身份号码", "id_number"),
        ("身份证号", "id_number"),
        ("身份证号码*", "id_number"),
        ("承租人身份证号码", "id_number"),
        ("Passport No.", "id_number"),
        ("手机号", "phone"),
        ("联系电话", "phone"),
        ("户籍地址", "registered_address"),
        ("现住址", "address"),
        ("出租房屋", "address"),
        ("房屋地址", "address"),
        ("房号", "unit"),
        ("Flat", "unit"),
        ("房东", "landlord_name"),
        ("房东身份证", "landlord_id_number"),
        ("房东电话", "landlord_phone"),
        ("出租人 联系电话", "landlord_phone"),
        ("Landlord's phone", "landlord_phone"),
        ("入住日期", "start_date"),
        ("离开日期", "end_date"),
        ("退房时间", "end_date"),
        ("Check-out Date", "end_date"),
        ("国籍", "nationality"),
        ("与户主关系", "role"),
        ("角色", "role"),
        ("登记编号", "registration_id"),
        ("同住人1姓名", "occupant_1_name"),
        ("同住人2身份证号", "occupant_2_id_number"),
        ("同住人姓名1", "occupant_1_name"),
        ("合租人二手机号", "co_tenant_2_phone"),
        ("co_tenant_3_birth_date", "co_tenant_3_birth_date"),
        ("Co-tenant 2 name", "co_tenant_2_name"),
        ("Occupant 1 DOB", "occupant_1_birth_date"),
    ],
)
def test_common_headers_are_recognised(header: str, column: str) -> None:
    found = recognise(header)
    assert found is not None
    assert found[0] == column


@pytest.mark.parametrize("header", ["民族", "籍贯", "序号", "备注", "Remarks", "Ethnicity", "房东性别", "", "№"])
def test_what_is_dropped_or_unknown_is_not_recognised(header: str) -> None:
    assert recognise(header) is None


@pytest.mark.parametrize("column", COLUMNS)
def test_the_programs_own_names_are_recognised(column: str) -> None:
    assert recognise(column) == (column, 0)
    assert is_column(column)


CHINESE = """红星派出所登记表,,,,,,,,,,,
填表日期,,,,,,,,,,,
序号,姓名,民族,身份证号码,手机号,户籍地址,现住址,出租房屋,房东,房东电话,入住日期,备注
1,张伟,汉,110101199003070011,13800138000,北京,某处,幸福路1号,李四,139,2026-03-04,无
"""


def test_a_chinese_register_is_drafted(register) -> None:  # type: ignore[no-untyped-def]
    draft = draft_feed(register(CHINESE))
    assert draft.header_line == 3
    assert draft.columns == {
        "name": "姓名",
        "id_number": "身份证号码",
        "phone": "手机号",
        "registered_address": "户籍地址",
        "address": "出租房屋",
        "start_date": "入住日期",
        "landlord_name": "房东",
        "landlord_phone": "房东电话",
    }
    assert draft.defaults == {"id_type": "居民身份证"}
    assert (draft.country, draft.date_order) == ("CN", "ymd")
    assert {note.key: note.headers for note in draft.notes} == {
        "dropped": ("民族",),
        "running-number": ("序号",),
        "alternatives": ("现住址",),
        "unused": ("备注",),
    }
    assert [question.key for question in draft.questions if not question.suggestion] == [
        "legal_basis",
        "area",
        "period_from",
        "period_to",
        "purpose",
        "expires_on",
    ]


@pytest.mark.parametrize("lang", ["en", "zh", None])
def test_an_answered_draft_is_a_feed_that_runs(register, tmp_path: Path, lang: str | None) -> None:  # type: ignore[no-untyped-def]
    draft = draft_feed(register(CHINESE))
    text = render_feed(draft, ANSWERS, words=Catalogue(lang) if lang else None)
    path = tmp_path / "feed.toml"
    path.write_text(text, encoding="utf-8")
    feed = read_feed(path)
    assert feed.columns == draft.columns
    assert feed.area == '城东 "一" 片'
    assert feed.screened_roles == (Role.TENANT, Role.CO_TENANT, Role.OCCUPANT)
    assert feed.expires_on == date(2026, 12, 31)
    assert (feed.country, feed.encoding, feed.format) == ("CN", "utf-8", "csv")
    assert ("#" in text) == (lang is not None)


def test_an_unanswered_draft_names_what_is_missing(register, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "feed.toml"
    path.write_text(render_feed(draft_feed(register(CHINESE)), {}), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_feed(path)
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "period_from",
        "period_to",
        "purpose",
        "expires_on",
        "legal_basis",
        "area",
    ]


def test_names_in_two_columns_are_joined(register) -> None:  # type: ignore[no-untyped-def]
    western = draft_feed(register("First name,Middle Initial,Last name,Phone\nAnna,B,Cole,1\n"))
    assert western.columns["name"] == "First name + Middle Initial + Last name"
    eastern = draft_feed(register("姓,名,手机号\n欧阳,小丽,138\n"))
    assert eastern.columns["name"] == "姓 + 名"


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (("03/04/1985", "25/12/1990"), "dmy"),
        (("03/04/1985", "12/25/1990"), "mdy"),
        (("1985-04-03", "1990年12月25日"), "ymd"),
        (("03/04/1985", "05/06/1990"), ""),
    ],
)
def test_the_order_of_dates_is_told_from_the_rows_or_asked(register, dates: tuple[str, str], order: str) -> None:  # type: ignore[no-untyped-def]
    draft = draft_feed(register("name,date of birth\n" + "".join(f"Anna,{born}\n" for born in dates)))
    assert draft.date_order == order
    assert ("date_order" in {question.key for question in draft.questions}) == (order == "")


def test_a_register_without_a_name_asks_for_the_column(register, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    draft = draft_feed(register("Wer,Phone,Address\nAnna,1,Main St\n"))
    asked = next(question for question in draft.questions if question.key == "columns.name")
    assert asked.choices == ("Wer",)
    assert tomllib.loads(render_feed(draft, {"columns.name": "Wer"}))["columns"]["name"] == "Wer"


def test_every_question_and_note_has_its_words() -> None:
    english, chinese = Catalogue("en"), Catalogue("zh")
    keys = [f"feed.question.{key}" for key in (*ANSWERS, "min_band", "country", "date_order", "columns.name")]
    keys += [f"feed.note.{key}" for key in ("dropped", "running-number", "alternatives", "unused")]
    for key in keys:
        assert english(key) != chinese(key)


def test_a_row_of_data_is_not_drafted_as_a_header(register) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError) as caught:
        draft_feed(register("张伟,男,北京\n李四,女,上海\n"))
    assert "张伟" not in str(caught.value)


def test_drafting_from_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        draft_feed(tmp_path / "none.csv")


@pytest.mark.data
def test_a_real_register_is_drafted(shared_data: Path) -> None:
    oxford = draft_feed(shared_data / "registrations" / "oxford_hmo.csv")
    assert oxford.columns == {
        "registration_id": "Case Number",
        "address": "Location",
        "start_date": "Licence Commenced",
        "end_date": "Licence Expires",
    }
    assert oxford.date_order == "dmy"
    contacts = draft_feed(shared_data / "registrations" / "hpd_contacts.csv")
    assert contacts.columns["name"] == "FirstName + MiddleInitial + LastName"
