"""A workspace in which a lead can be decided: a list delivered today, and a register screened against it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.cli.conftest import HEADER, MAPPING, PEOPLE, feed_text, register_text, start

REASON = "lead:T-9"
ROWS = (
    "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,2026-04-02",
    "R2,章玉琴,1971-11-23,,,幻县虚构路13号101室,2026-04-04",
    "R3,欧阳志达,1985-03-04,990101198503040010,13800138001,幻县虚构路14号,2026-04-04",
)


def run(*arguments: object) -> str:
    """What a command prints; it must succeed."""
    process = start(*arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode in (0, 3), err.decode()
    return out.decode()


def make(folder: Path) -> Path:
    """The workspace ``ws`` in a folder; two entries that are in force, leads on both."""
    today = datetime.now(UTC).date()
    issued, review = today - timedelta(days=30), today + timedelta(days=60)
    people = "\n".join([HEADER, *PEOPLE[:2]]) + "\n"
    people = people.replace("2026-03-01", issued.isoformat()).replace("2026-06-20", review.isoformat())
    texts = {
        "wanted.csv": people,
        "mapping.toml": MAPPING.replace("2026-04-01", today.isoformat()),
        "rental.toml": feed_text(
            period_from=str(today - timedelta(days=300)), period_to=str(review), expires_on=str(review)
        ),
        "register.csv": register_text(*ROWS),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    workspace = folder / "ws"
    at = ("--workspace", workspace)
    listed = ("--list", "wanted", "--mapping", folder / "mapping.toml")
    run("lists", "add", folder / "wanted.csv", *listed, *at, "--reason", REASON)
    run("screen", folder / "register.csv", "--feed", folder / "rental.toml", *at)
    return workspace


def copied(workspace: Path, folder: Path) -> Path:
    """A copy that a test may change, with the keys beside it."""
    for name in (workspace.name, f"{workspace.name}-keys"):
        shutil.copytree(workspace.with_name(name), folder / name)
    return folder / workspace.name


def leads(workspace: Path) -> list[dict[str, Any]]:
    """The leads as the command line has them, the best first."""
    found: list[dict[str, Any]] = json.loads(
        run("leads", "list", "--workspace", workspace, "--reason", REASON, "--json")
    )["leads"]
    return found


def lead(workspace: Path, lead_id: str) -> dict[str, Any]:
    """One lead as the command line has it."""
    found: dict[str, Any] = json.loads(
        run("leads", "show", lead_id, "--workspace", workspace, "--reason", REASON, "--json")
    )
    return found
