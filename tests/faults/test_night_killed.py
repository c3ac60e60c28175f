"""A real ``netpursuit night`` is killed at seeded points; the night that goes on ends as if nothing had happened."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, PEOPLE, Run, start
from tests.cli.test_night_command import NEWCOMERS, House
from tests.faults.conftest import register_rows

# The events at which a night is killed, a random moment after: on a first night, and on one that goes backwards.
FIRST = ("began", "list", "rows", "file", "report")
SECOND = ("list", "ended", "rows", "graph", "health")
# A night does not end while this file is there: its last steps are met alive, however slow the killer.
HOOK = "import pathlib, sys, time\nwhile pathlib.Path(sys.argv[1]).exists(): time.sleep(0.02)"
ROWS = 2_400  # of the long register: more than a run commits at once


def killed_at(config: Path, event: str, moments: random.Random) -> bool:
    """Start a night, kill it shortly after it told of an event; whether it still lived."""
    child = start("night", config, "--as-of", AS_OF, "--log", "json", stdout=subprocess.DEVNULL)
    assert child.stderr is not None
    for line in child.stderr:
        if json.loads(line)["event"] == event:
            break
    pause = moments.choice((0, 0, 0.002, 0.01, 0.03))
    if pause:
        with suppress(subprocess.TimeoutExpired):
            child.wait(pause)
    lived = child.poll() is None
    child.kill()
    child.communicate()
    return lived


def house_of(folder: Path, command: Run, rows: int) -> House:
    """One long register and three short ones."""
    house = House(folder, command)
    for name, size in (("hotel/day1", rows), ("hotel/day2", 150), ("rental/day1", 150), ("rental/day2", 150)):
        house.register(f"{name}.csv", *register_rows(name.replace("/", "-"), size))
    hook = [sys.executable, "-S", "-c", HOOK, str(folder / "hold")]
    house.configure(f"[notify]\ncommand = {json.dumps(hook)}")
    return house


LEFT = ("state", "flag", "revision", "bits", "band")


def left_by(house: House, command: Run) -> dict[str, Any]:
    """What a night leaves, without what tells one workspace, or one moment, from another."""
    shown = command(
        *("leads", "list", "--workspace", house.workspace, "--as-of", AS_OF, "--reason", "check:T-1", "--json"),
        *("--limit", "100000"),
    )
    leads = sorted(
        (lead["feed"], lead["registration_id"], lead["entry"]["id"], *(str(lead[key]) for key in LEFT))
        for lead in shown.json["leads"]
    )
    night = house.night()
    report = json.loads(sorted((house.folder / "reports").glob("*.json"))[-2].read_text(encoding="utf-8"))
    return {
        "leads": leads,
        "runs": [
            (feed["feed"], item["file"], item["fate"], item["counts"])
            for feed in report["feeds"]
            for item in feed["files"]
        ],
        "lists": [(item["list"], item["fate"], item["added"], item["changed"]) for item in report["lists"]],
        "news": sorted((item["what"], item["band"], item["flag"]) for item in report["leads"]),
        "after": (night["leads"], night["problems"], night["unchecked"]),
        "log": command("audit", "verify", "--workspace", house.workspace).code,
        "graph": command("graph", "verify", "--workspace", house.workspace).code,
    }


@pytest.mark.parametrize("seed", [20261126, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 10))])
def test_killed_nights_end_as_undisturbed_ones(command: Run, tmp_path: Path, seed: int) -> None:
    twin, house = (house_of(tmp_path / name, command, ROWS) for name in ("twin", "house"))
    moments = random.Random(seed)
    kills = 0
    for events in (FIRST, SECOND):
        for each in (twin, house):
            if events is SECOND:
                each.write_list("wanted.csv", *PEOPLE[1:], *NEWCOMERS)
            if each is house:
                hold = house.folder / "hold"
                hold.touch()
                kills += sum(killed_at(house.folder / "night.toml", event, moments) for event in events)
                hold.unlink()
            assert each.night()["resumed"] is (each is house)
    assert kills == len(FIRST + SECOND), "each kill met a living night"
    left = left_by(house, command)
    assert left == left_by(twin, command)
    assert {fate for _, _, fate, _ in left["runs"]} == {"backwards"}
    assert (left["log"], left["graph"]) == (0, 0)
    interrupted = [item for item in house.log() if item["verb"] == "night" and item["outcome"] is None]
    assert len(interrupted) >= 7, "their consultations say so; a report was made after the outcome"
