"""A night is killed just before one of its writes, whichever: the next call ends as an undisturbed night does."""

from __future__ import annotations

import copy
import json
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, PEOPLE, Run, environment
from tests.cli.test_night_command import NEWCOMERS, House
from tests.faults.conftest import ROOT
from tests.faults.test_night_killed import left_by


class Zygote:
    """Calls of the program that die at a write; see ``zygote.py``."""

    def __init__(self, folder: Path, command: Run) -> None:
        warm = House(folder / "warm", command)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("zygote.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(PYTHONPATH=str(ROOT)),
        )
        self._say({"arguments": night_of(warm)})

    def _say(self, asked: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()

    def run(self, house: House, at: int = 0) -> tuple[int, int]:
        """The exit status of a night that dies at a write, and how many it had made where it did not."""
        self._say({"at": at, "arguments": night_of(house)})
        assert self._process.stdout is not None
        while not (line := self._process.stdout.readline()).startswith('{"status"'):
            assert line, "the zygote is gone"
        answer = json.loads(line)
        return answer["status"], answer["writes"]

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def night_of(house: House) -> list[str]:
    return ["night", str(house.folder / "night.toml"), "--as-of", AS_OF, "--log", "json"]


@pytest.fixture
def zygote(tmp_path: Path, command: Run) -> Iterator[Zygote]:
    process = Zygote(tmp_path, command)
    yield process
    process.close()


def copied(house: House, folder: Path) -> House:
    shutil.copytree(house.folder, folder)
    twin = copy.copy(house)
    twin.folder, twin.workspace = folder, folder / "ws"
    return twin


def ended(house: House, command: Run, reports: int) -> object:
    """Run the night again, and what it leaves; ``reports``: how many there were before the night that was killed."""
    again = house.night()
    made = sorted((house.folder / "reports").glob("*.json"))
    if len(made) > reports + 1:  # the night was over but for its last word: the next one had nothing to do
        assert again["leads"] == again["problems"] == []
        made[-1].unlink()
    return left_by(house, command)


@pytest.mark.parametrize("night", ["first", "backwards"])
@pytest.mark.parametrize("points", [3, pytest.param(100, marks=pytest.mark.slow)], ids=["short", "full"])
def test_whichever_write_a_night_dies_at_the_next_ends_as_an_undisturbed_one(
    command: Run, tmp_path: Path, zygote: Zygote, night: str, points: int
) -> None:
    base, reports = House(tmp_path / "base", command), 0
    if night == "backwards":
        base.night()
        reports = 1
        base.write_list("wanted.csv", *PEOPLE[1:], *NEWCOMERS)
        base.register("hotel/day2.csv", "R8,马远行,1991-01-01,,,幻县虚构路31号,2026-04-05,")
    whole = copied(base, tmp_path / "whole")
    status, writes = zygote.run(whole)
    assert status == 0
    assert writes > 100
    expected = left_by(whole, command)
    dice = random.Random(20261126)
    for at in sorted(dice.sample(range(1, writes + 1), points)):
        house = copied(base, tmp_path / "killed")
        status, _ = zygote.run(house, at)
        assert status == -signal.SIGKILL, f"write {at} of {writes}"
        left = ended(house, command, reports)
        assert left == expected, f"killed at write {at} of {writes}"
        shutil.rmtree(house.folder)
