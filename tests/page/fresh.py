"""A workspace in which a lead can be decided: a list delivered today, and a register screened against it."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from netpursuit import cli
from tests.cli.conftest import HEADER, MAPPING, PEOPLE, feed_text, register_text

REASON = "lead:T-9"
# Invented people, each on the list and in the register with name and birth date: a lead for each test.
NAMES = (
    "章玉琴",
    "欧阳志远",
    "夏侯明远",
    "上官婉清",
    "诸葛青云",
    "司马长风",
    "慕容雪莹",
    "令狐致远",
    "公孙胜利",
    "端木清河",
    "皇甫嵩山",
)
BIRTHS = tuple(f"19{70 + place}-0{1 + place % 9}-1{place % 9}" for place in range(len(NAMES)))


def run(*arguments: object) -> str:
    """What a command prints; it must succeed. It runs in this process, which is quicker than one of its own."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = cli.run([str(argument) for argument in arguments])
    assert code in (0, 3), out.getvalue()
    return out.getvalue()


def make(folder: Path) -> Path:
    """The workspace ``ws`` in a folder: entries that are in force, and a lead on each."""
    today = datetime.now(UTC).date()
    issued, review = today - timedelta(days=30), today + timedelta(days=60)
    rest = PEOPLE[1].partition("1971-11-23")[2].replace("2026-03-01", str(issued)).replace("2026-06-20", str(review))
    pairs = [*zip(NAMES, BIRTHS, strict=True)]
    people = [f"W{place},{name},,,{born}{rest}" for place, (name, born) in enumerate(pairs)]
    rows = [
        f"R{place},{name},{born},,1380013800{place % 10},幻县虚构路{place}号501,2026-04-02"
        for place, (name, born) in enumerate(pairs)
    ]
    texts = {
        "wanted.csv": "\n".join([HEADER, *people, ""]),
        "mapping.toml": MAPPING.replace("2026-04-01", today.isoformat()),
        "rental.toml": feed_text(
            period_from=str(today - timedelta(days=300)), period_to=str(review), expires_on=str(review)
        ),
        "register.csv": register_text(*rows),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    workspace = folder / "ws"
    at = ("--workspace", workspace)
    listed = ("--list", "wanted", "--mapping", folder / "mapping.toml")
    run("lists", "add", folder / "wanted.csv", *listed, *at, "--reason", REASON)
    run("screen", folder / "register.csv", "--feed", folder / "rental.toml", *at)
    return workspace


def lead(workspace: Path, lead_id: str) -> dict[str, Any]:
    """One lead as the command line has it."""
    found: dict[str, Any] = json.loads(
        run("leads", "show", lead_id, "--workspace", workspace, "--reason", REASON, "--json")
    )
    return found
