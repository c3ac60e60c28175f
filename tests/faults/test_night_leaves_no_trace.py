"""Who is on no lead leaves no byte, wherever a night dies and when it goes on (A4)."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import PEOPLE, Run
from tests.cli.test_night_command import DAY_ONE, NEWCOMERS, House
from tests.faults.test_night_killed_at_every_write import Zygote, copied

# Each as it stands in the register, and as the program folds or reads it.
CANARIES = (
    *("慕容玖琅", "murong jiulang", "murongjiulang", "Canarystein Quux", "canarystein", "CANARYSTEIN"),
    *("13899887766", "+8613899887766", "990101199307078888", "1993-07-07", "19930707"),
    *("虚构里弄七十七号", "虚构里弄77号"),
)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
ROWS = (
    "Q1,慕容玖琅,1993-07-07,990101199307078888,13899887766,虚构里弄七十七号,2026-04-02,",
    "Q2,Canarystein Quux,1993-07-07,,13899887766,虚构里弄七十七号,2026-04-02,",
    "Q3,慕容玖琅,1993年77月7日,990101199307078888,,虚构里弄七十七号,2026-04-02,",
    'Q4,"慕容玖琅,1993-07-07',
)


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A home and a folder for temporary files of this test alone."""
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    for folder, names in ((home, ("HOME", "XDG_CACHE_HOME")), (scratch, ("TMPDIR", "TEMP", "TMP"))):
        folder.mkdir()
        for name in names:
            monkeypatch.setenv(name, str(folder))
    return home, scratch


@pytest.fixture
def zygote(tmp_path: Path, private: tuple[Path, Path], command: Run) -> Iterator[Zygote]:
    process = Zygote(tmp_path / "zygote", command)
    yield process
    process.close()


def traces(*places: Path) -> list[tuple[str, str, str]]:
    """(file, canary, encoding) of all that is found in content or name."""
    marks = [(canary, encoding, canary.encode(encoding)) for canary in CANARIES for encoding in ENCODINGS]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert any(path.name == "truth.sqlite" for path in files)
    found = []
    for path in files:
        content = path.read_bytes() + os.fsencode(path.name)
        found += [(str(path), canary, encoding) for canary, encoding, mark in marks if mark in content]
    return found


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "truth.sqlite").write_bytes(b"..." + "慕容玖琅".encode("gb18030"))
    assert traces(tmp_path) == [(str(tmp_path / "truth.sqlite"), "慕容玖琅", "gb18030")]


@pytest.mark.parametrize("points", [4, pytest.param(40, marks=pytest.mark.slow)], ids=["short", "full"])
def test_wherever_a_night_dies_no_byte_tells_of_who_is_on_no_lead(
    command: Run, tmp_path: Path, zygote: Zygote, private: tuple[Path, Path], points: int
) -> None:
    base = House(tmp_path / "base", command)
    base.register("rental/day1.csv", *DAY_ONE, *ROWS)
    base.night()
    base.register("rental/day2.csv", *ROWS[:2], "R8,马远行,1991-01-01,,,幻县虚构路31号,2026-04-05,", *ROWS[2:])
    base.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    whole = copied(base, tmp_path / "whole")
    status, writes = zygote.run(whole)
    assert status == 0
    dice = random.Random(20261126)
    for at in sorted(dice.sample(range(1, writes + 1), points)):
        house = copied(base, tmp_path / f"killed{at}")
        assert zygote.run(house, at)[0] == -signal.SIGKILL
        places = (house.workspace, house.folder / "ws-keys", house.folder / "reports", *private)
        assert traces(*places) == [], f"killed at write {at} of {writes}"
        house.night()
        assert traces(*places) == [], f"after the night that goes on from write {at}"
        assert "R8 W5" in house.leads()
        shown = command("quarantine", "show", "--workspace", house.workspace, "--reason", "check:T-1", "--json")
        assert len(shown.json) >= 2, "canaries are among the quarantined, too"
