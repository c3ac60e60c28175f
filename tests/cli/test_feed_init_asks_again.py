"""``feed init`` takes no answer that ``feed check`` would not, whether it is typed or stated."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, environment

STATED = {
    "legal_basis": "a law",
    "area": "East",
    "period_from": "2026-01-01",
    "period_to": "2026-12-31",
    "purpose": "finding wanted people",
    "expires_on": "2026-12-31",
}


@pytest.fixture
def register(tmp_path: Path) -> Path:
    file = tmp_path / "east.csv"
    file.write_text("登记编号,姓名,身份证号码,入住日期\nR1,张伟,110101199003070011,2026-03-04\n", encoding="utf-8")
    return file


def answers(**stated: str) -> list[str]:
    return [part for key, value in stated.items() for part in ("--answer", f"{key}={value}")]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("expires_on", "soon", "not a date"),
        ("period_to", "2026-13-40", "not a date"),
        ("period_to", "2025-12-31", "before period_from"),
        ("screened_roles", "tenant, king", "unknown role 'king'"),
        ("time_zone", "Mars/Olympus", "unknown zone"),
        ("feed_id", "a b", "letters, digits"),
        ("min_band", "certain", "expected weak, possible, strong"),
    ],
)
def test_a_stated_answer_that_cannot_be_used_is_refused_and_nothing_is_written(
    command: Run, register: Path, tmp_path: Path, key: str, value: str, said: str
) -> None:
    out = tmp_path / "feed.toml"
    answer = command("feed", "init", register, "--out", out, *answers(**{**STATED, key: value}))
    assert (answer.code, answer.out) == (2, "")
    assert key in answer.err
    assert said in answer.err
    assert not out.exists()


def test_good_answers_make_a_feed_that_runs(command: Run, register: Path, tmp_path: Path) -> None:
    out = tmp_path / "feed.toml"
    assert command("feed", "init", register, "--out", out, *answers(**STATED)).code == 0
    assert command("feed", "check", out, "--as-of", "2026-06-01").code == 0


def test_at_a_terminal_a_bad_answer_is_asked_for_again(command: Run, register: Path, tmp_path: Path) -> None:
    out = tmp_path / "feed.toml"
    typed = {**STATED, "period_to": "no date\n2025-01-01\n2026-12-31", "expires_on": "tomorrow\n2026-12-31"}
    order = ("feed_id", "legal_basis", "area", "period_from", "period_to", "purpose", "screened_roles", "time_zone")
    lines = "\n".join([*(typed.get(key, "") for key in (*order, "expires_on", "min_band")), ""])
    keyboard, terminal = pty.openpty()
    arguments = ("feed", "init", register, "--out", out, "--lang", "zh")
    process = subprocess.Popen(
        [sys.executable, "-m", "netpursuit", *map(str, arguments)],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    os.close(terminal)
    os.write(keyboard, lines.encode())
    shown, asked = process.communicate(timeout=60)
    os.close(keyboard)
    assert process.returncode == 0, asked.decode()
    said = asked.decode()
    assert said.count("不是日期") == 2
    assert said.count("早于 period_from") == 1
    assert "数据源文件已写入" in shown.decode()
    assert command("feed", "check", out, "--as-of", "2026-06-01").code == 0
