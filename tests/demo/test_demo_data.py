"""The demonstration's data: made again byte for byte, nobody's numbers, and every planted row where it says."""

from __future__ import annotations

import csv
import filecmp
import io
import re
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import phonenumbers
import pytest
from python_calamine import CalamineWorkbook
from stdnum.cn import ric

from netpursuit.catalogue import Catalogue
from netpursuit.policy.standing import REVIEW_WITHIN_DAYS

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "netpursuit" / "demo"
GENERATED = ("wanted.csv", "xugou.xlsx", "oxford.csv", "planted.csv")
OFAC = ("cons_prim.csv", "cons_alt.csv", "cons_add.csv", "cons_comments.csv")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def wanted() -> list[dict[str, str]]:
    title, table = (DEMO / "wanted.csv").read_bytes().decode("gb18030").split("\r\n", 1)
    assert "演示" in title
    return rows_of(table)


@pytest.fixture(scope="module")
def planted() -> list[dict[str, str]]:
    return rows_of((DEMO / "planted.csv").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def oxford() -> list[dict[str, str]]:
    return rows_of((DEMO / "oxford.csv").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def xugou() -> list[dict[str, object]]:
    sheet = CalamineWorkbook.from_path(DEMO / "xugou.xlsx").get_sheet_by_index(0).to_python()
    header = [str(cell) for cell in sheet[2]]
    return [dict(zip(header, row, strict=True)) for row in sheet[3:]]


@pytest.fixture(scope="module")
def listed_individuals() -> dict[str, tuple[str, str]]:
    """OFAC number -> (name, remarks) of people."""
    text = (DEMO / "ofac_consolidated" / "cons_prim.csv").read_text(encoding="utf-8").rstrip("\x1a")
    return {row[0]: (row[1], row[11]) for row in csv.reader(io.StringIO(text)) if row[2] == "individual"}


def test_making_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_demo.py"), "--out", str(tmp_path)]
    subprocess.run(command, check=True, timeout=60)
    assert [name for name in GENERATED if not filecmp.cmp(tmp_path / name, DEMO / name, shallow=False)] == []


def test_the_published_sources_are_as_collected(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collected = shared_data / "lists" / "ofac" / "consolidated_2025-12"
    shipped = DEMO / "ofac_consolidated"
    assert [name for name in OFAC if (collected / name).read_bytes() != (shipped / name).read_bytes()] == []
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    from make_demo import extract_addresses

    kept = (ROOT / "data" / "demo" / "oxford_addresses.csv").read_text(encoding="utf-8")
    assert extract_addresses(shared_data) == kept


def test_there_are_as_many_as_promised(
    wanted: list[dict[str, str]], oxford: list[dict[str, str]], xugou: list[object], planted: list[dict[str, str]]
) -> None:
    assert (len(wanted), len(oxford), len(xugou)) == (60, 1000, 1000)
    kinds = Counter(row["kind"] for row in planted)
    assert 30 <= kinds["planted"] <= 40
    assert 20 <= kinds["near-miss"] <= 30


def never_issued(number: str) -> bool:
    """Whether no division code with these two first digits was ever issued, by python-stdnum's table of all codes."""
    table = (resources.files("stdnum.cn") / "loc.dat").read_text(encoding="utf-8")
    return not re.search(rf"^ ?{number[:2]}", table, re.MULTILINE)


def test_wanted_numbers_have_right_check_digits_in_ranges_never_issued(wanted: list[dict[str, str]]) -> None:
    assert not never_issued("110101")
    assert never_issued("590101")
    for row in wanted:
        number = row["公民身份号码"]
        assert re.fullmatch(r"59\d{15}[\dX]", number)
        assert number[-1] == ric.calc_check_digit(number)
        assert number[6:14] == row["出生日期"].replace("-", "")
        assert int(number[16]) % 2 == (row["性别"] == "男")
    assert len({row["公民身份号码"] for row in wanted}) == 60


def test_every_tenants_number_lies_in_a_range_never_issued(xugou: list[dict[str, object]]) -> None:
    cells = [row["公民身份号码"] for row in xugou if row["公民身份号码"] != ""]
    assert len(cells) > 950
    for cell in cells:
        text = f"{cell:.0f}" if isinstance(cell, float) else str(cell)
        assert text.translate(str.maketrans("５９OI", "5901")).startswith("59")


def test_some_numbers_were_destroyed_by_the_spreadsheet(xugou: list[dict[str, object]]) -> None:
    assert 10 <= sum(isinstance(row["公民身份号码"], float) for row in xugou) <= 60


def test_telephone_numbers_belong_to_nobody(
    oxford: list[dict[str, str]], xugou: list[dict[str, object]], wanted: list[dict[str, str]]
) -> None:
    drama = re.compile(r"07700 900\d{3}|01632 960\d{3}|020 7946 0\d{3}|\+44 1\d\d 496 0\d{3}|\+1 \d{3} 555 01\d\d")
    assert [row["Telephone"] for row in oxford if row["Telephone"] and not drama.fullmatch(row["Telephone"])] == []
    for column in ("手机号", "房东电话"):
        for row in xugou:
            assert not row[column] or not phonenumbers.is_valid_number(phonenumbers.parse(f"+86{row[column]}"))
    assert all(not phonenumbers.is_valid_number(phonenumbers.parse(row["联系电话"], "CN")) for row in wanted)


def test_boxes_and_passports_belong_to_nobody(oxford: list[dict[str, str]]) -> None:
    assert all(row["E-mail"].endswith("@example.org") for row in oxford if row["E-mail"])
    assert all(row["Document number"].startswith("XX") for row in oxford if row["Document type"] == "Passport")


def test_every_planted_row_stands_in_a_registration_and_on_a_list(
    planted: list[dict[str, str]],
    oxford: list[dict[str, str]],
    xugou: list[dict[str, object]],
    wanted: list[dict[str, str]],
    listed_individuals: dict[str, tuple[str, str]],
) -> None:
    registrations = {row["Registration ID"] for row in oxford} | {str(row["登记编号"]) for row in xugou}
    assert len(registrations) == 2000
    entries = {("wanted", row["编号"]) for row in wanted} | {("ofac", number) for number in listed_individuals}
    assert {row["registration_id"] for row in planted} <= registrations
    assert {(row["list"], row["entry_id"]) for row in planted} <= entries
    assert len({row["registration_id"] for row in planted}) == len(planted)
    assert {(row["kind"], row["expected"]) for row in planted} == {("planted", "lead"), ("near-miss", "none")}


def test_every_corruption_has_words_in_both_languages(planted: list[dict[str, str]]) -> None:
    for words in (Catalogue("en"), Catalogue("zh")):
        assert [row["corruption"] for row in planted if f"corruption.{row['corruption']}" not in words] == []


def test_people_of_the_published_list_say_only_what_the_list_says(
    planted: list[dict[str, str]], oxford: list[dict[str, str]], listed_individuals: dict[str, tuple[str, str]]
) -> None:
    by_id = {row["Registration ID"]: row for row in oxford}
    for plant in planted:
        if plant["list"] == "ofac" and plant["kind"] == "planted":
            row, (_, remarks) = by_id[plant["registration_id"]], listed_individuals[plant["entry_id"]]
            assert row["Date of birth"][-4:] in remarks
            assert row["Sex"] == row["Nationality"] == row["E-mail"] == ""
            assert row["Document type"] in ("", "National ID card")


def test_no_planted_tenant_lives_at_a_real_address(planted: list[dict[str, str]], oxford: list[dict[str, str]]) -> None:
    ids = {row["registration_id"] for row in planted}
    for row in oxford:
        assert ("Nowhere Close" in row["Address"]) == (row["Registration ID"] in ids)


def test_no_invented_tenant_bears_a_listed_name(
    planted: list[dict[str, str]],
    oxford: list[dict[str, str]],
    xugou: list[dict[str, object]],
    wanted: list[dict[str, str]],
    listed_individuals: dict[str, tuple[str, str]],
) -> None:
    def parts(name: str) -> frozenset[str]:
        return frozenset(re.split(r"\W+", name.casefold()))

    ids = {row["registration_id"] for row in planted}
    listed = {parts(name) for name, _ in listed_individuals.values()}
    assert [r["Full name"] for r in oxford if r["Registration ID"] not in ids and parts(r["Full name"]) in listed] == []
    names = {row["姓名"] for row in wanted} | {row["别名"] for row in wanted}
    assert [r["姓名"] for r in xugou if r["登记编号"] not in ids and r["姓名"] in names] == []


def test_the_wanted_list_keeps_its_review_dates_within_what_a_list_may(wanted: list[dict[str, str]]) -> None:
    mapping = tomllib.loads((DEMO / "wanted_mapping.toml").read_text(encoding="utf-8"))
    last = mapping["list"]["list_date"] + timedelta(days=REVIEW_WITHIN_DAYS)
    reviews = [date.fromisoformat(row["复核日期"]) for row in wanted]
    assert max(reviews) <= last
    assert sum(day < date(2025, 12, 31) for day in reviews) == 1
    assert set(mapping["columns"].values()) <= set(wanted[0])


def test_the_feeds_name_columns_that_their_files_have(
    oxford: list[dict[str, str]], xugou: list[dict[str, object]]
) -> None:
    demo = tomllib.loads((DEMO / "demo.toml").read_text(encoding="utf-8"))
    headers = {"oxford.csv": set(oxford[0]), "xugou.xlsx": set(xugou[0])}
    for pair in demo["feeds"]:
        feed = tomllib.loads((DEMO / pair["feed"]).read_text(encoding="utf-8"))
        assert set(feed["columns"].values()) <= headers[pair["file"]]
        assert feed["period_from"] <= demo["as_of"] <= feed["expires_on"]
        for needed in ("feed_id", "legal_basis", "area", "purpose", "screened_roles", "time_zone", "period_to"):
            assert feed[needed]
    for item in demo["lists"]:
        assert all((DEMO / path).is_file() for path in item["paths"])
        assert (demo["as_of"] - item["date"]).days <= item["max_age_days"]
