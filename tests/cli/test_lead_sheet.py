"""``leads sheet``: the page for the officer at the door, complete, escaped, and one page A4."""

from __future__ import annotations

import re
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, HEADER, PEOPLE, Answer, Run, register_text

LONG = "中等身材，左手有旧伤，" * 60


@pytest.fixture
def led(command: Run, workspace: Path, register: Path, feed: Path) -> Path:
    done = command("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF)
    assert done.code == 0, done.err
    return workspace


def lead_of(command: Run, folder: Path, registration: str) -> str:
    shown = command("leads", "list", "--workspace", folder, "--as-of", AS_OF, "--json").json["leads"]
    (lead,) = [item["lead"] for item in shown if item["registration_id"] == registration]
    return str(lead)


def today_here() -> date:
    return datetime.now().astimezone().date()


def last_day() -> str:
    """Until when a sheet printed now lasts: a week, but not beyond the entry's review."""
    today = today_here()
    return max(today, min(today + timedelta(days=7), date(2026, 6, 20))).isoformat()


def sheet(command: Run, folder: Path, lead: str, out: Path, *more: object, code: int = 0) -> Answer:
    dated = () if "--as-of" in more else ("--as-of", AS_OF)
    answer = command("leads", "sheet", lead, "--out", out, "--workspace", folder, *dated, *more)
    assert answer.code == code, answer.err
    return answer


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))


def test_the_sheet_holds_what_an_officer_needs_and_says_what_it_is(command: Run, led: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.html"
    lead = lead_of(command, led, "R1")
    done = sheet(command, led, lead, out, "--reason", "lead:T-7", "--lang", "en", "--json").json
    html = out.read_text(encoding="utf-8")
    text = words_of(html)
    for needed in (
        *(lead, "欧阳志远", "990101198503040010", "1985-03-04", "strong"),
        *("幻县公安局", "000-1", "幻捕字1号", "盗窃", "arrest warrant", "虚构省人民检察院", "2026-06-20"),
        *("幻县虚构路12号501", "2026-04-02", "R1", "rental", "9 days old"),
        *("not a ground for detention by itself", "To check on the spot", "Call 幻县公安局 000-1"),
        *("may be innocent", "Check of one lead on the spot (follow-up of a lead)", "lead:T-7", done["consultation"]),
        *(f"Expires on: {last_day()}", "stated on one side only", "found", "another person", "no longer wanted"),
    ):
        assert needed in text, needed
    shown = command("leads", "show", lead, "--workspace", led, "--as-of", AS_OF, "--json").json
    told = [item for item in shown["evidence"] if item["level"] != "not-compared"]
    assert len(told) > 3
    for item in told:
        assert f"{abs(item['bits']):.1f}" in text, item
    assert shown["run"] in text
    assert "victim" not in text, "nothing says that a number was borrowed"
    assert done["expires_on"] == last_day()


def test_printing_is_on_record_with_the_lead_and_its_entry(command: Run, led: Path, tmp_path: Path) -> None:
    lead = lead_of(command, led, "R1")
    sheet(command, led, lead, tmp_path / "sheet.html")
    items = command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").json
    (printed,) = [item for item in items if item["verb"] == "leads-sheet"]
    assert lead in str(printed["outcome"])
    assert "wanted:W1" in str(printed["outcome"])


def test_the_sheet_of_a_case_carries_its_purpose_and_ends_with_it(command: Run, led: Path, tmp_path: Path) -> None:
    stated = ("--title", "案件", "--authority", "幻县公安局", "--legal-basis", "立案决定书", "--purpose", "追逃专项")
    opened = command("case", "open", "--id", "K-1", *stated, "--expires", "2126-04-12", "--workspace", led)
    assert opened.code == 0, opened.err
    out = tmp_path / "sheet.html"
    sheet(command, led, lead_of(command, led, "R1"), out, "--case", "K-1", "--lang", "zh")
    text = words_of(out.read_text(encoding="utf-8"))
    assert "追逃专项" in text
    assert "K-1" in text
    assert f"到期日: {last_day()}" in text


@pytest.mark.parametrize("name", ["sheet.docx", "sheet", "nowhere/sheet.html"])
def test_a_sheet_that_cannot_be_written_is_told_before_anything_runs(
    command: Run, led: Path, tmp_path: Path, name: str
) -> None:
    before = len(command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").json)
    sheet(command, led, lead_of(command, led, "R1"), tmp_path / name, code=2)
    after = command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").json
    assert [item["verb"] for item in after[before:]] == ["audit-show", "leads-list"]
    assert not (tmp_path / name).exists()


def test_a_stale_list_and_an_entry_past_its_review_are_shouted(command: Run, led: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.html"
    lead = lead_of(command, led, "R1")
    done = sheet(command, led, lead, out, "--as-of", "2026-06-21", "--lang", "en", "--json", code=3).json
    text = words_of(out.read_text(encoding="utf-8"))
    assert "review date has passed" in text
    assert "81 days old" in text
    assert done["expires_on"] == today_here().isoformat(), "of what is not in force a paper lasts the day"


def read(command: Run, folder: Path, register: Path, feed: Path, out: Path, row: str, *more: str) -> str:
    """The sheet of the one lead of a register of one row."""
    register.write_text(register_text(row), encoding="utf-8")
    place = ("--workspace", folder, "--as-of", AS_OF)
    done = command("screen", register, "--feed", feed, *place, "--json")
    assert done.code == 0, done.err
    (lead,) = done.json["leads"]
    sheet(command, folder, lead, out, *(more or ("--lang", "en")))
    return out.read_text(encoding="utf-8")


def test_where_a_number_may_be_borrowed_the_sheet_speaks_of_the_victim(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    row = "R1,李明,1985-03-04,990101198503040010,,幻县虚构路12号501,2026-04-02"
    text = words_of(read(command, workspace, register, feed, tmp_path / "s.html", row))
    assert "may be its owner, and so the victim" in text
    assert "who the owner is" in text
    assert "the same number under another name" in text


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "R1,欧阳志远,1985-03-04,990101198503040011,,x,2026-04-02",
            "check character of the registered number is wrong",
        ),
        ("R1,欧阳志远,1985-03-04,,,x,2026-04-02", "registration has no number that could be compared"),
        ("R1,欧阳志远,,990101198503040010,,x,2026-04-02", "Ask for the original of an identity document"),
        ("R1,欧阳志远,,99010119850304****,,x,2026-04-02", "A part of a number is hidden"),
        ("R1,章玉琴,1971-11-23,,,x,2026-04-02", "entry states no document number"),
        ("R1,欧阳志远,1985-04-03,,,x,2026-04-02", "birth dates nearly agree"),
    ],
)
def test_what_to_check_follows_from_what_differs_or_is_missing(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path, row: str, told: str
) -> None:
    feed.write_text(feed.read_text(encoding="utf-8").replace("[columns]", 'min_band = "weak"\n[columns]'), "utf-8")
    assert told in words_of(read(command, workspace, register, feed, tmp_path / "s.html", row))


def test_whatever_the_records_hold_is_escaped_and_nothing_is_loaded(
    command: Run, workspace: Path, wanted: tuple[Path, Path], register: Path, feed: Path, tmp_path: Path
) -> None:
    row = 'R1"><b>,欧阳志远,1985-03-04,990101198503040010,13800138000,<img src=x onerror=alert(1)> {{ 7*7 }},2026-04-02'
    html = read(command, workspace, register, feed, tmp_path / "s.html", row)
    assert "<img" not in html
    assert "onerror" in html, "shown as text"
    assert "{{ 7*7 }}" in html
    assert "<script" not in html
    assert not re.search(r'(src|href)="(?!https?://)', html)
    assert "default-src 'none'" in html


WORST = (
    "W9,محمد بن عبد الرحمن آل الشيخ,"
    + "|".join(f"Mohammed ibn Abdulrahman Al Sheikh number {number} also called the long one" for number in range(9))
    + ",男,1985-03-04,,"
    + "虚构省幻县一路" * 12
    + "1号,"
    + "盗窃、诈骗、" * 30
    + ","
    + "幻县公安局刑事侦查大队" * 8
    + ",000-1,幻捕字1号,2026-03-01,2026-06-20"
)


def test_the_fullest_sheet_is_one_page(
    command: Run, workspace: Path, wanted: tuple[Path, Path], register: Path, feed: Path, tmp_path: Path, browser: str,
) -> None:  # fmt: skip
    file, mapping = wanted
    described = [f"{PEOPLE[2]},", f"{WORST},{LONG}"]
    file.write_text("\n".join([f"{HEADER},特征", *described, ""]), encoding="utf-8")
    text = mapping.read_text(encoding="utf-8").replace("[columns]", '[columns]\ndescription = "特征"')
    mapping.write_text(text, encoding="utf-8")
    place = ("--workspace", workspace, "--as-of", AS_OF)
    added = command("lists", "add", file, "--list", "wanted", "--mapping", mapping, "--accept-withdrawals", *place)
    assert added.code == 0, added.err
    address = "幻县虚构路12号" * 14
    row = f"R1,محمد بن عبد الرحمن آل الشيخ,1985-03-04,990101198503040011,13800138000,{address},2026-04-02"
    out = tmp_path / "sheet.html"
    html = read(command, workspace, register, feed, out, row, "--lang", "zh")
    assert " […]" in html, "what a page cannot hold is cut, and says so"
    assert pages(browser, out, tmp_path) == 1


def pages(browser: str, page: Path, folder: Path) -> int:
    """How many pages a browser prints."""
    paper = folder / "sheet.pdf"
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    arguments += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={paper}", page.as_uri()]
    done = subprocess.run([browser, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert paper.exists(), done.stderr
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper.read_bytes()))
