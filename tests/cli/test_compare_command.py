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
        "left_names,right_names\nA\n",
        'left_names,right_names\nA,"B\n',
        "left_names,right_names,left_birth_date\nA,B,1985-99-99\n",
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
