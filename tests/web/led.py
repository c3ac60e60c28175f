"""A workspace with leads that wait for a reviewer today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from netpursuit.cli import run
from tests.cli.conftest import feed_text, register_text
from tests.web.conftest import Seat

ROWS = (
    "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,{day}",
    "R2,章玉琴,1971-11-23,,,幻县虚构路13号101室,{day}",
    "R4,李明,1990-05-06,,13800138001,幻县虚构路12号502,{day}",
)


def screened(workspace: Path, *rows: str) -> Path:
    """Screen a register of two people of the list and a stranger (or of ``rows``) as of today."""
    today = datetime.now(UTC).date()
    feed, register = workspace.with_name("rental.toml"), workspace.with_name("register.csv")
    first, last = (str(today + timedelta(days=days)) for days in (-200, 200))
    feed.write_text(feed_text(period_from=first, period_to=last, expires_on=f'"{last}"'), encoding="utf-8")
    written = register_text(*(row.format(day=today - timedelta(days=3)) for row in rows or ROWS))
    register.write_text(written, encoding="utf-8")
    common = ("--workspace", str(workspace), "--reason", "check:T-1")
    assert run(["screen", str(register), "--feed", str(feed), *common]) == 0
    return workspace


def lead_of(seat: Seat, registration: str, list_id: str = "wanted") -> dict[str, Any]:
    """The lead on a registration in the queue."""
    queued = seat.post("/leads", {"list": list_id})["leads"]
    (found,) = [item for item in queued if item["registration_id"] == registration]
    lead: dict[str, Any] = found
    return lead
