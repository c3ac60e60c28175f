"""``netpursuit evaluate`` as somebody uses it who has labelled pairs."""

from __future__ import annotations

import csv
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.reports.quality import part_word
from netpursuit.text.scripts import Script
from tests.cli.conftest import Run

COLUMNS = ("pair_id", "left_names", "right_names", "left_birth_date", "right_birth_date", "is_match", "category")
ROWS = [
    ("1", "张伟", "張偉", "1985-03-04", "1985-03-04", "true", "traditional"),
    ("2", "Zhang Wei", "张伟", "1985-03-04", "1985-04-03", "是", "swapped"),
    ("3", "Zoltan Quarrington", "Zoltan Quarington", "1966-06-06", "1966-06-06", "1", "slip"),
    ("4", "Zoltan Quarrington", "Mary Brown", "1966-06-06", "1971-01-12", "false", ""),
    ("5", "张伟", "李娜", "1985-03-04", "1990-12-11", "no", ""),
    ("6", "John Smith", "John Smith", "1966-06-06", "1999-11-23", "0", "same name"),
]


def write(path: Path, rows: list[tuple[str, ...]], columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])
    return path


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    return write(tmp_path / "labelled.csv", ROWS)


def test_the_figures_are_shown_as_a_whole_and_by_script_and_category(command: Run, labelled: Path) -> None:
    found = command("evaluate", labelled, "--threshold", "3", "--json").json
    overall = found["overall"]
    assert (overall["pairs"], overall["true_pairs"], overall["auc"]) == (6, 3, 1.0)
    assert overall["best"]["f1"] == 1.0
    assert [row["name"] for row in overall["bands"]] == ["weak", "possible", "strong", "threshold"]
    assert set(found["script"]) == {"han", "han-latin", "latin"}
    assert set(found["category"]) == {"traditional", "swapped", "slip", "same name"}
    assert found["tradition"] == {}
    shown = command("evaluate", labelled, "--lang", "en").out
    assert "ROC AUC: 1.0000" in shown
    assert "Worst errors" in shown
    chinese = command("evaluate", labelled, "--lang", "zh").out
    assert "最严重的错误" in chinese
    assert "汉字 – 拉丁文" in chinese


def test_every_script_has_a_word_in_both_languages() -> None:
    for script in Script:
        for lang in LANGUAGES:
            assert part_word(Catalogue(lang), "script", script.name.lower())


def test_the_report_is_one_page_that_fetches_nothing(command: Run, labelled: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert command("evaluate", labelled, "--report", page, "--lang", "zh").code == 0
    text = page.read_text(encoding="utf-8")

    tags: list[str] = []

    class Checked(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            assert not {"src", "href", "onclick"} & {name for name, _ in attrs}

    Checked().feed(text)
    assert tags.count("figure") == 4
    assert "script" not in tags
    assert "default-src 'none'" in text
    assert not re.search(r"https?://", text)
    assert "張偉" in text


def test_fitted_weights_can_be_used_at_once(command: Run, tmp_path: Path) -> None:
    rows = [
        (str(row), f"Zoltan Quarrington{'abcdefghij'[row % 10]}", f"Zoltan Quarrington{'abcdefghij'[row % 10]}")
        + (f"19{50 + row % 40}-05-06",) * 2
        + (str(row % 3 > 0).lower(), str(row))
        for row in range(300)
    ]
    labelled = write(tmp_path / "many.csv", rows, (*COLUMNS[:-1], "person_id"))
    table = tmp_path / "fitted.toml"
    made = command("evaluate", labelled, "--fit", table, "--date", "2026-01-01", "--json")
    assert made.code == 0, made.err
    assert {change["level"] for change in made.json["fit"]["changes"]} >= {"same-day"}
    assert made.json["fit"]["after"]["brier"] < made.json["fit"]["before"]["brier"]
    assert "fitted_on = 2026-01-01" in table.read_text(encoding="utf-8")
    before = command("evaluate", labelled, "--json").json
    after = command("evaluate", labelled, "--policy", table, "--json").json
    assert after["policy"] != before["policy"]
    assert after["overall"]["brier"] < before["overall"]["brier"]


def test_the_present_tool_is_set_beside_this_one(command: Run, labelled: Path, tmp_path: Path) -> None:
    hits = write(tmp_path / "hits.csv", [("1", "yes"), ("4", "true"), ("2", "no"), ("6", "1")], ("pair_id", "hit"))
    found = command("evaluate", labelled, "--against", hits, "--json").json["against"]
    assert found["both"] == 1
    assert found["gained"] == ["2", "3"]
    assert found["lost"] == []
    assert (found["old_reviews"], found["old_false_leads"], found["false_leads"]) == (3, 2, 0)
    assert found["reviews_saved"] == 2
    assert found["unknown"] == 0
    assert "2 gained" in command("evaluate", labelled, "--against", hits, "--lang", "en").out


def test_hits_that_the_file_does_not_hold_and_scores_are_told(command: Run, labelled: Path, tmp_path: Path) -> None:
    hits = write(tmp_path / "hits.csv", [("1", ".9"), ("4", ".7"), ("99", ".1")], ("pair_id", "score"))
    answer = command("evaluate", labelled, "--against", hits, "--json", "--lang", "en")
    # True: .9 and two that are not listed; false: .7 and two that are not: (3 + 2 x 1) of nine.
    assert answer.json["against"]["old_auc"] == pytest.approx(5 / 9)
    assert answer.json["against"]["unknown"] == 1
    assert "1 pairs called by the present tool are not in the labelled file" in answer.err


def test_a_share_of_the_persons_can_be_judged_alone(command: Run, tmp_path: Path) -> None:
    rows = [(*row[:-1], str(copy * len(ROWS) + at)) for copy in range(10) for at, row in enumerate(ROWS)]
    file = write(tmp_path / "many.csv", rows, (*COLUMNS[:-1], "person_id"))
    third = command("evaluate", file, "--hold-out", "1/3", "--json").json
    assert 0 < third["overall"]["pairs"] < third["rows"]["pairs"] == 60
    other = command("evaluate", file, "--hold-out", "1/3", "--seed", "2", "--json").json
    assert other["overall"] != third["overall"]


def test_many_and_long_categories_are_judged_together(command: Run, tmp_path: Path) -> None:
    rows = [(*ROWS[at % 6][:-1], f"kind {at:02}" if at else "x" * 90_000) for at in range(60)]
    found = command("evaluate", write(tmp_path / "kinds.csv", rows), "--json").json["category"]
    assert len(found) == 41
    assert found["…"]["pairs"] == 20
    assert max(map(len, found)) <= 80


def test_the_report_renders_in_a_browser_under_its_own_policy(
    command: Run, labelled: Path, tmp_path: Path, browser: str
) -> None:
    page, picture = tmp_path / "report.html", tmp_path / "page.png"
    assert command("evaluate", labelled, "--report", page, "--lang", "zh").code == 0
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1200,2000", "--enable-logging=stderr"]
    arguments += [f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={picture}", page.as_uri()]
    done = subprocess.run([browser, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert "Refused to" not in done.stderr
    assert "Content Security Policy" not in done.stderr
    assert picture.stat().st_size > 50_000


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"columns": (*COLUMNS[:5], "label", "category")}, "is_match"),
        ({"rows": [(*ROWS[0][:5], "maybe", "")]}, ":2: is_match is 'maybe'"),
        ({"rows": []}, "no labelled pair"),
        ({"columns": ("pair_id", "names", *COLUMNS[2:])}, "left_names"),
        ({"options": ("--hold-out", "2")}, "--hold-out"),
        ({"options": ("--hold-out", "1/0")}, "such as 1/3"),
        ({"options": ("--fit", "-")}, "expected a file"),
        ({"rows": [(*ROWS[0][:5], "", "")]}, ":2: is_match is ''"),
        ({"rows": [ROWS[0], ROWS[0]], "hits": (("pair_id",), [("1",)])}, ":3: the pair '1' stands there twice"),
        ({"rows": [("", *ROWS[0][1:])], "hits": (("pair_id",), [("1",)])}, ":2: pair_id is empty"),
        ({"hits": (("left_id", "right_id"), [("1", "2")])}, "left_id and right_id"),
        ({"hits": (("pair_id", "hit"), [("1", "")])}, ":2: hit is ''"),
        ({"hits": (("pair_id", "score"), [("1", "nan")])}, ":2: score is 'nan'"),
        ({"hits": (("pair",), [("1",)])}, "pair_id"),
        ({"hits": (("pair_id", "hit"), [("1", "perhaps")])}, ":2: hit is 'perhaps'"),
    ],
)
def test_bad_input_is_told_by_place_and_expectation(
    command: Run, tmp_path: Path, change: dict[str, object], told: str
) -> None:
    file = write(tmp_path / "bad.csv", change.get("rows", ROWS), change.get("columns", COLUMNS))  # type: ignore[arg-type]
    options = list(change.get("options", ()))  # type: ignore[call-overload]
    if "hits" in change:
        columns, rows = change["hits"]  # type: ignore[misc]
        options += ["--against", write(tmp_path / "hits.csv", rows, columns)]
    answer = command("evaluate", file, *options)
    assert answer.code == 2
    assert told in answer.err.replace("\n", " ")


def test_nothing_is_opened_or_stored(command: Run, labelled: Path, tmp_path: Path) -> None:
    before = {file.name for file in tmp_path.rglob("*")}
    assert command("evaluate", labelled).code == 0
    assert {file.name for file in tmp_path.rglob("*")} == before
