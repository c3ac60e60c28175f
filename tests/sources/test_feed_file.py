"""A feed does not run without what A9 demands, and all that is wrong with its file is said at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from netpursuit.errors import InputError, SettingsError
from netpursuit.records import Band, Role
from netpursuit.sources.registrations import read_feed

GOOD = """
feed_id = "rental-east"
legal_basis = "Decree 12/2026, section 3"
area = "East district"
period_from = 2026-01-01
period_to = 2026-12-31
purpose = "Finding wanted persons among tenants"
screened_roles = ["tenant", "co-tenant"]
time_zone = "Asia/Shanghai"
expires_on = 2026-12-31
"""
EXTRAS = """
min_band = "weak"
country = "CN"
format = "csv"
encoding = "gb18030"
date_order = "dmy"
[columns]
name = "姓名"
id_number = "公民身份号码"
co_tenant_2_name = "同住人"
[defaults]
id_type = "居民身份证"
"""
DEMANDED = [
    "feed_id",
    "legal_basis",
    "area",
    "period_from",
    "period_to",
    "purpose",
    "screened_roles",
    "time_zone",
    "expires_on",
]


@pytest.fixture
def feed_file(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str) -> Path:
        path = tmp_path / "feed.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read_feed(path)
    return caught.value.problems


def test_a_complete_feed_is_read_whole(feed_file) -> None:  # type: ignore[no-untyped-def]
    feed = read_feed(feed_file(GOOD + EXTRAS))
    assert (feed.feed_id, feed.legal_basis, feed.area) == ("rental-east", "Decree 12/2026, section 3", "East district")
    assert (feed.period_from, feed.period_to, feed.expires_on) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
        date(2026, 12, 31),
    )
    assert feed.screened_roles == (Role.TENANT, Role.CO_TENANT)
    assert (feed.min_band, feed.country, feed.date_order) == (Band.WEAK, "CN", "dmy")
    assert feed.columns == {"name": "姓名", "id_number": "公民身份号码", "co_tenant_2_name": "同住人"}
    assert feed.defaults == {"id_type": "居民身份证"}
    assert (feed.format, feed.encoding, feed.time_zone) == ("csv", "gb18030", "Asia/Shanghai")


def test_optional_settings_have_their_defaults(feed_file) -> None:  # type: ignore[no-untyped-def]
    feed = read_feed(feed_file(GOOD))
    assert (feed.min_band, feed.date_order, feed.country, feed.columns) == (Band.POSSIBLE, "ymd", "", {})


@pytest.mark.parametrize("key", DEMANDED)
def test_each_demanded_setting_is_missed_by_name(feed_file, key: str) -> None:  # type: ignore[no-untyped-def]
    lines = [line for line in GOOD.splitlines() if not line.startswith(f"{key} ")]
    problems = problems_of(feed_file("\n".join(lines)))
    assert [problem.split(":")[0] for problem in problems] == [key]


@pytest.mark.parametrize("key", ["legal_basis", "area", "purpose", "time_zone", "feed_id"])
def test_a_blank_text_is_as_good_as_none(feed_file, key: str) -> None:  # type: ignore[no-untyped-def]
    lines = [f'{key} = "  "' if line.startswith(f"{key} ") else line for line in GOOD.splitlines()]
    assert any(problem.startswith(f"{key}: missing") for problem in problems_of(feed_file("\n".join(lines))))


def test_all_problems_are_reported_together(feed_file) -> None:  # type: ignore[no-untyped-def]
    text = """
feed_id = "a b"
legal_basis = 3
area = "x"
period_from = 2026-12-31
period_to = 2026-01-01
purpose = "tenants"
screened_roles = ["tenant", "lodger"]
time_zone = "Mars/Olympus"
expires_on = "soon"
min_band = "certain"
country = "China"
format = "docx"
encoding = "klingon"
date_order = "ydm"
colour = "red"
[columns]
nick = "x"
name = 3
[defaults]
shoe_size = "43"
"""
    said = " | ".join(problems_of(feed_file(text)))
    for word in (
        *("feed_id", "legal_basis", "period_to", "'lodger'", "Mars/Olympus", "expires_on", "'certain'", "'China'"),
        *(
            "'docx'",
            "'klingon'",
            "'ydm'",
            "colour: unknown key",
            "unknown column 'nick'",
            "columns: name",
            "'shoe_size'",
        ),
    ):
        assert word in said


@pytest.mark.parametrize("purpose", ["tenants and landlords", "核查承租人和房东", "核查出租人"])
def test_landlords_are_screened_where_the_purpose_names_them(feed_file, purpose: str) -> None:  # type: ignore[no-untyped-def]
    text = GOOD.replace('"co-tenant"', '"landlord"').replace("Finding wanted persons among tenants", purpose)
    assert Role.LANDLORD in read_feed(feed_file(text)).screened_roles


def test_landlords_are_not_screened_in_passing(feed_file) -> None:  # type: ignore[no-untyped-def]
    (problem,) = problems_of(feed_file(GOOD.replace('"co-tenant"', '"landlord"')))
    assert "landlord" in problem


@pytest.mark.parametrize(
    "header", ["民族", "籍贯", "承租人民族", "Ethnicity", "ethnic group", "Native place", "籍貫", "Religion"]
)
def test_ethnicity_and_native_place_may_not_be_mapped(feed_file, header: str) -> None:  # type: ignore[no-untyped-def]
    (problem,) = problems_of(feed_file(GOOD + f'[columns]\naliases = "{header}"\n'))
    assert "never read" in problem


def test_a_file_that_is_no_toml_or_not_there_is_refused(feed_file, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match="not TOML"):
        read_feed(feed_file("feed_id = "))
    with pytest.raises(InputError, match="file not found"):
        read_feed(tmp_path / "none.toml")
    (tmp_path / "gb.toml").write_bytes('area = "城东"'.encode("gb18030"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_feed(tmp_path / "gb.toml")


def test_a_feed_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    (tmp_path / "feed.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_feed(tmp_path / "feed.toml").feed_id == "rental-east"
