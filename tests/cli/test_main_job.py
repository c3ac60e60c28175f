"""The main job from outside: a register as an officer has it goes in, explained leads come out."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import xlwt

from tests.cli.conftest import AS_OF, Run

HEADER = (
    "序号",
    "姓名",
    "性别",
    "民族",
    "出生日期",
    "公民身份号码",
    "手机号",
    "户籍地址",
    "现住址",
    "房号",
    "房东",
    "入住日期",
)
ROWS: tuple[tuple[object, ...], ...] = (
    (
        1,
        "欧阳志远",
        "男",
        "汉",
        "1985-03-04",
        990101198503040010.0,
        13800138000,
        "虚构省幻县一路1号",
        "幻县虚构路12号",
        "501",
        "王",
        "2026-04-02",
    ),
    (
        2,
        "李明",
        "男",
        "汉",
        "1990.5.6",
        "990101900506001",
        13800138001,
        "虚构省幻县二路",
        "幻县虚构路12号",
        "502",
        "王",
        "2026-04-03",
    ),
    (3, "張某國", "男", "汉", "1991年13月1日", "", 13800138002, "", "幻县虚构路12号", "503", "王", "2026-04-03"),
    (4, "章玉琴", "女", "汉", "1971-11-23", "", "", "", "幻县虚构路13号", "101室", "赵", "2026-04-04"),
)
ANSWERS = {
    "feed_id": "huanxian",
    "legal_basis": "出租房屋管理规定",
    "area": "幻县",
    "period_from": "2026-01-01",
    "period_to": "2026-12-31",
    "purpose": "查找在逃人员",
    "expires_on": "2026-12-31",
}


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """An XLS with a title line and a line of the office above the header, and numbers as numeric cells."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    sheet.write(0, 0, "幻县公安局出租房屋登记表")
    sheet.write(1, 0, "填报单位：一路派出所")
    for line, row in enumerate((HEADER, *ROWS), start=2):
        for column, value in enumerate(row):
            sheet.write(line, column, value)
    file = tmp_path / "register.xls"
    book.save(str(file))
    return file


@pytest.fixture
def feed(command: Run, register: Path, tmp_path: Path) -> Path:
    file = tmp_path / "feed.toml"
    answers = [part for key, value in ANSWERS.items() for part in ("--answer", f"{key}={value}")]
    drafted = command("feed", "init", register, "--out", file, *answers, "--json")
    assert drafted.code == 0, drafted.err
    assert drafted.json["header_line"] == 3
    assert drafted.json["open"] == []
    assert "民族" not in drafted.json["columns"].values()
    assert command("feed", "check", file, "--as-of", AS_OF).code == 0
    return file


def screened(command: Run, workspace: Path, register: Path, feed: Path, *more: object) -> Any:
    answer = command(
        "screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--json", *map(str, more)
    )
    assert answer.code == 0, answer.err
    return answer.json


def test_a_chinese_register_as_it_is_goes_through(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    out, report = tmp_path / "leads.csv", tmp_path / "report.html"
    run = screened(command, workspace, register, feed, "--out", out, "--report", report)
    assert run["counts"]["read"] == 4
    assert run["counts"]["rejected"] == 1
    assert run["counts"]["screened"] == 3
    assert run["counts"]["truncated_numbers"] == 1
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["entry_id"] for row in rows} == {"W1", "W2"}
    assert list(rows[0]) == [
        *(
            "registration_id",
            "feed",
            "role",
            "list",
            "entry_id",
            "entry_name",
            "band",
            "probability",
            "bits",
            "evidence",
        )
    ]
    page = report.read_text(encoding="utf-8")
    assert "欧阳志远" in page
    assert "<script" not in page
    notice = (tmp_path / "leads.csv.notice.txt").read_text(encoding="utf-8")
    assert ANSWERS["purpose"] in notice
    assert ANSWERS["expires_on"] in notice


def test_the_same_file_twice_changes_nothing(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    screened(command, workspace, register, feed, "--out", first)
    again = screened(command, workspace, register, feed, "--out", second)
    assert again["counts"]["leads_new"] == 0
    assert again["counts"]["leads_unchanged"] == 2
    assert first.read_bytes() == second.read_bytes()


def test_quarantine_keeps_place_and_reason_and_reads_values_again_from_the_source(
    command: Run, workspace: Path, register: Path, feed: Path
) -> None:
    screened(command, workspace, register, feed)
    kept = command("quarantine", "show", "--workspace", workspace, "--json").json
    assert [(row["line"], row["column"], row["reason"]) for row in kept] == [(6, "birth_date", "bad-date")]
    assert "1991" not in json.dumps(kept)
    again = command("quarantine", "show", "--workspace", workspace, "--source", register, "--json").json
    assert again[0]["values"]["姓名"] == "張某國"
    assert "民族" not in again[0]["values"]


def test_a_lead_is_confirmed_by_two_facts_only_and_never_on_a_stale_list(
    command: Run, workspace: Path, register: Path, feed: Path
) -> None:
    lead = screened(command, workspace, register, feed)["leads"][0]
    confirm = ("leads", "confirm", lead, "--name", "Wang", "--note", "seen", "--workspace", workspace)
    assert command(*confirm, "--same-person", "--as-of", AS_OF).code == 2
    assert command(*confirm, "--same-person", "--entry-in-force", "--as-of", "2026-06-01").code == 4
    assert command(*confirm, "--same-person", "--entry-in-force", "--as-of", AS_OF).code == 0
    shown = command("leads", "show", lead, "--workspace", workspace, "--as-of", AS_OF, "--json").json
    assert shown["state"] == "confirmed"
    assert shown["decided_by"] == "Wang"


def test_a_clearance_follows_the_person_and_hides_nobody_else(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    common = ("--workspace", workspace, "--as-of", AS_OF)
    screened(command, workspace, register, feed)
    leads = command("leads", "list", *common, "--json").json["leads"]
    woman = next(lead["lead"] for lead in leads if lead["entry"]["id"] == "W2")
    assert command("leads", "clear", woman, "--why", "other-appearance", "--name", "Wang", *common).code == 0
    moved = tmp_path / "moved.csv"
    moved.write_text(
        "姓名,性别,出生日期,现住址,入住日期\n章玉琴,女,1971-11-23,幻县另一路9号,2026-04-08\n", encoding="utf-8"
    )
    text = feed.read_text(encoding="utf-8").split("[columns]")[0].replace('format = "xls"', "")
    columns = ("name=姓名", "sex=性别", "birth_date=出生日期", "address=现住址", "start_date=入住日期")
    lines = [f'{key} = "{value}"' for key, _, value in (column.partition("=") for column in columns)]
    other = tmp_path / "moved.toml"
    other.write_text(text + "[columns]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    run = screened(command, workspace, moved, other)
    assert run["counts"]["leads_new"] == 0
    assert run["counts"]["leads_cleared"] == 1


def test_people_who_are_no_leads_leave_no_trace(
    command: Run, workspace: Path, feed: Path, register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    canaries = ("李明", "張某國", "13800138001", "990101900506001")
    screened(command, workspace, register, feed, "--out", tmp_path / "l.csv", "--report", tmp_path / "r.html")
    places = [workspace, workspace.with_name("ws-keys"), scratch]
    files = [file for place in places for file in place.rglob("*") if file.is_file()]
    files += [tmp_path / "l.csv", tmp_path / "r.html"]
    assert any(file.name == "truth.sqlite" for file in files)
    for file in files:
        content = file.read_bytes()
        for canary in canaries:
            for encoding in ("utf-8", "utf-16-le", "gb18030"):
                assert canary.encode(encoding) not in content, (file, encoding)
