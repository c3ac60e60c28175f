"""``netpursuit compare``: pairs in, scores out; no list, no workspace."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PAIRS = """case,left_names,right_names,left_birth_date,right_birth_date,left_id_number,right_id_number,left_id_country
a,张伟|Zhang Wei,張偉,1985-03-04,1985-04-03,,,
b,Ivan Petrenko,Olena Kowalenko,1980-01-05,1955-11-09,,,
c,欧阳志远,Ouyang Zhiyuan,,,990101198503040010,990101850304001,CN
"""


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    file = tmp_path / "pairs.csv"
    file.write_text(PAIRS, encoding="utf-8")
    return file


def test_all_columns_are_kept_and_the_scores_added(command: Run, pairs: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    assert command("compare", pairs, "--out", out).code == 0
    with out.open(encoding="utf-8", newline="") as stream:
        rows = {row["case"]: row for row in csv.DictReader(stream)}
    assert list(rows["a"])[:3] == ["case", "left_names", "right_names"]
    assert list(rows["a"])[-5:] == ["bits", "probability", "band", "capped", "evidence"]
    assert rows["a"]["band"] == "strong"
    assert "day-month-swapped" in rows["a"]["evidence"]
    assert rows["b"]["band"] == ""
    assert float(rows["b"]["bits"]) < 0
    assert "same-other-form" in rows["c"]["evidence"]


def test_standard_input_and_output_serve_as_files(pairs: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "netpursuit", "compare", "-", "--out", "-"],
        input=pairs.read_bytes(),
        capture_output=True,
        check=True,
    )
    rows = list(csv.DictReader(process.stdout.decode("utf-8").splitlines()))
    assert [row["case"] for row in rows] == ["a", "b", "c"]


def test_json_gives_one_object_a_line_with_all_evidence(command: Run, pairs: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.jsonl"
    answer = command("compare", pairs, "--out", out, "--json")
    assert answer.json["pairs"] == 3
    first = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert sum(item["millibits"] for item in first["evidence"]) == pytest.approx(first["bits"] * 1000, abs=51)


def test_no_workspace_is_made(command: Run, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETPURSUIT_WORKSPACE", str(tmp_path / "none"))
    assert command("compare", pairs, "--out", tmp_path / "s.csv").code == 0
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "left_names\nA\n",
        "left_names,right_names,left_colour\nA,B,red\n",
        "left_names,right_names,bits\nA,B,1\n",
        "left_names,right_names,case,case\nA,B,1,2\n",
        'left_names,right_names\nA,"B\n',
    ],
)
def test_bad_pairs_are_exit_code_2_and_leave_no_file(command: Run, tmp_path: Path, text: str) -> None:
    file, out = tmp_path / "bad.csv", tmp_path / "scores.csv"
    file.write_text(text, encoding="utf-8")
    answer = command("compare", file, "--out", out)
    assert answer.code == 2
    assert "bad.csv" in answer.err
    assert not out.exists()
    assert list(tmp_path.iterdir()) == [file]


def test_a_record_that_cannot_be_used_keeps_its_place_and_is_reported(command: Run, tmp_path: Path) -> None:
    file, out = tmp_path / "pairs.csv", tmp_path / "scores.csv"
    rows = ["a,张伟,張偉,1985-03-04", "b,张伟", "c,张伟,張偉,1985-03-04,more", "d,张伟," + "x" * 10_000_000 + ","]
    rows += ["e,张伟,張偉,1985-99-99", "f,张伟,張偉,1985-03-04"]
    file.write_text("\n".join(["case,left_names,right_names,left_birth_date", *rows, ""]), encoding="utf-8")
    answer = command("compare", file, "--out", out, "--lang", "en", "--json")
    assert answer.code == 0
    assert answer.json["rejected"] == 3
    assert answer.json["left_out"] == 1
    assert answer.json["pairs"] == 6
    for line, about in ((3, "cells"), (4, "cells"), (5, "longer"), (6, "left_birth_date")):
        assert f"pairs.csv:{line}: " in answer.err
        assert about in next(text for text in answer.err.splitlines() if f":{line}: " in text)
    assert "1985-99" not in answer.err
    objects = [json.loads(text) for text in out.read_text(encoding="utf-8").splitlines()]
    assert [item["case"] for item in objects] == list("abcdef")
    assert [item["bits"] is None for item in objects] == [False, True, True, True, False, False]
    assert objects[4]["bits"] == objects[5]["bits"] == objects[0]["bits"], "the other side states no date at all"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_pairs_come_in_the_encodings_that_spreadsheets_write(command: Run, tmp_path: Path, encoding: str) -> None:
    file, out = tmp_path / "pairs.csv", tmp_path / "scores.csv"
    text = (
        "编号,left_names,right_names,left_birth_date,right_birth_date\r\n甲,欧阳志远,欧陽志遠,1985-03-04,1985-03-04\r\n"
    )
    file.write_bytes((text * 1).encode(encoding))
    assert command("compare", file, "--out", out).code == 0
    (row,) = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert (row["编号"], row["left_names"], row["band"]) == ("甲", "欧阳志远", "strong")


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 9, b"", b"\xff\xfe\xfd\x00\x81"], ids=["binary", "empty", "odd"]
)
def test_what_is_no_text_is_bad_input_from_file_and_from_standard_input(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pairs.csv"
    file.write_bytes(content)
    for source in (str(file), "-"):
        done = subprocess.run(
            [sys.executable, "-m", "netpursuit", "compare", source, "--out", "-"], input=content, capture_output=True
        )
        assert (done.returncode, done.stdout) == (2, b""), done.stderr


def test_a_name_alone_is_capped_and_several_names_are_parted_by_a_bar(command: Run, tmp_path: Path) -> None:
    file, out = tmp_path / "pairs.csv", tmp_path / "scores.csv"
    file.write_text(
        "left_names,right_names\nZoltan Quarrington|Nobody Else,Zoltan Quarrington\n"
        "Zoltan Quarrington Nobody Else,Zoltan Quarrington\n",
        encoding="utf-8",
    )
    assert command("compare", file, "--out", out).code == 0
    several, one = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert float(several["bits"]) > float(one["bits"])
    assert several["band"] in ("weak", "")
