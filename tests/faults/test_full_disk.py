"""Drill 2: the disk is full under the database, its log of writes, the index, a report, a backup and a restore.

What is there stays whole, nothing is half there, the command says so and ends with 1; with room again all goes on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, HEADER, Answer, Run
from tests.lived import REASON, act, house, keys_of, lived

__all__ = ["house", "lived"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits of a process are those of POSIX")


@contextmanager
def full_beyond(size: int) -> Iterator[None]:
    """No file of this process grows beyond ``size`` bytes, as on a disk that is full there."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def intact(command: Run, folder: Path) -> bool:
    return act(command, folder, "audit", "verify").code == 0


def said(answer: Answer) -> bool:
    """The last line says what is wrong; the exit code is that of storage."""
    return answer.code == 1 and answer.err.splitlines()[-1].startswith("Error: ") and "Internal" not in answer.err


def many(folder: Path, people: int) -> Path:
    """A list of this many invented people."""
    rows = [
        f"M{number},李{chr(0x5000 + number % 900)}{chr(0x6000 + number // 900)},,男,19{60 + number % 40}-05-06,,"
        f"虚构省幻县{number}号,盗窃,幻县公安局,000-1,幻捕字{number}号,2026-03-01,2026-06-20"
        for number in range(people)
    ]
    (folder / "many.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return folder / "many.csv"


def test_a_full_disk_under_the_index_leaves_no_half_of_one(command: Run, lived: Path, tmp_path: Path) -> None:
    listed = ("--list", "many", "--mapping", tmp_path / "mapping.toml", "--as-of", AS_OF, *REASON)
    assert act(command, lived, "lists", "add", many(tmp_path, 2_000), *listed).code == 0
    before = {place.name for place in (lived / "index").iterdir()}
    asked = ("match", "章玉琴", "--birth-date", "1971-11-23", "--as-of", AS_OF, *REASON)
    for size in (60_000,):
        with full_beyond(size):
            failed = act(command, lived, *asked)
        assert said(failed), failed.err
        assert "index" in failed.err
        assert {place.name for place in (lived / "index").iterdir()} == before, "not even a temporary one"
    answered = act(command, lived, *asked)
    assert answered.code == 0, answered.err
    assert "章玉琴" in answered.out
    assert [(place / "manifest.json").is_file() for place in (lived / "index").iterdir()] == [True] * (len(before) + 1)
    assert intact(command, lived)


REPORTS: dict[str, Callable[[Path, str], tuple[object, ...]]] = {
    "leads.csv": lambda folder, name: (
        "screen",
        folder / "register.csv",
        "--feed",
        folder / "rental.toml",
        "--out",
        name,
    ),
    "page.html": lambda folder, name: (
        *("screen", folder / "register.csv", "--feed", folder / "rental.toml"),
        *("--report", name),
    ),
    "sheet.html": lambda folder, name: ("leads", "sheet", "LEAD", "--out", name),
    "graph.graphml": lambda folder, name: ("graph", "expand", "Entry:wanted:W1", "--case", "K-1", "--out", name),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_full_disk_under_a_report_leaves_the_earlier_one_whole(
    command: Run, lived: Path, tmp_path: Path, name: str
) -> None:
    assert act(command, lived, "match", "章玉琴", "--as-of", AS_OF, *REASON).code == 0  # the index is there
    act(command, lived, "graph", "verify")  # and the graph
    reports = tmp_path / "reports"
    reports.mkdir()
    (lead, *_) = act(command, lived, "leads", "list", "--as-of", AS_OF, "--json", *REASON).json["leads"]
    arguments = [lead["lead"] if item == "LEAD" else item for item in REPORTS[name](tmp_path, str(reports / name))]
    arguments += ["--as-of", AS_OF, *(() if "--case" in arguments else REASON)]
    filler = full_folder(reports)
    if filler is None:
        pytest.skip("LEFT OUT: no disk of its own can be mounted here")
    try:
        (reports / name).write_text("an earlier one", encoding="utf-8")
        filler()
        failed = act(command, lived, *arguments)
        assert said(failed), failed.err
        assert [path.name for path in reports.iterdir() if path.name != "filler"] == [name]
        assert (reports / name).read_text(encoding="utf-8") == "an earlier one"
        (reports / "filler").unlink()
        done = act(command, lived, *arguments)
        assert done.code == 0, done.err
        assert (reports / name).stat().st_size > 300
    finally:
        subprocess.run(["umount", str(reports)], check=True)
    assert intact(command, lived)


NIGHT = """
workspace = "ws"
reason = "check:nightly"
[[feed]]
feed = "rental.toml"
files = ["register.csv"]
backwards = "off"
[report]
folder = "reports"
"""


def test_a_full_disk_under_the_report_of_a_night_is_said_and_the_next_call_writes_it(
    command: Run, lived: Path, tmp_path: Path
) -> None:
    (tmp_path / "night.toml").write_text(NIGHT, encoding="utf-8")
    rows = (tmp_path / "register.csv").read_text(encoding="utf-8").replace("R1,", "R8,")
    (tmp_path / "register.csv").write_text(rows, encoding="utf-8")
    reports = tmp_path / "reports"
    reports.mkdir()
    filler = full_folder(reports)
    if filler is None:
        pytest.skip("LEFT OUT: no disk of its own can be mounted here")
    try:
        filler()
        failed = command("night", tmp_path / "night.toml", "--as-of", AS_OF)
        assert said(failed), failed.err
        assert [path.name for path in reports.iterdir()] == ["filler"]
        (reports / "filler").unlink()
        done = command("night", tmp_path / "night.toml", "--as-of", AS_OF)
        assert done.code == 0, done.err
        assert sorted(path.suffix for path in reports.iterdir()) == [".html", ".json"]
        assert "R8" in {lead["registration_id"] for lead in leads_of(command, lived)}
    finally:
        subprocess.run(["umount", str(reports)], check=True)
    assert intact(command, lived)


def leads_of(command: Run, folder: Path) -> Any:
    return act(command, folder, "leads", "list", "--as-of", AS_OF, "--json", *REASON).json["leads"]


def full_folder(folder: Path) -> Callable[[], None] | None:
    """Mount a small disk on a folder; answers what fills it, or None where this user may not."""
    if sys.platform != "linux" or os.getuid() != 0:
        return None
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
    )

    def fill() -> None:
        with (folder / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                pass

    return fill if mounted.returncode == 0 else None


@pytest.mark.parametrize("under", ["w", "k"])
def test_a_disk_that_is_full_under_the_database_or_the_keys_stops_what_it_cannot_record(
    command: Run, lived: Path, tmp_path: Path, under: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real small disk: log of writes and database share what is left of it."""
    place = tmp_path / "disk"
    place.mkdir()
    filler = full_folder(place)
    if filler is None:
        pytest.skip("LEFT OUT: no disk of its own can be mounted here")
    moved = lived if under == "w" else keys_of(lived)
    try:
        shutil.rmtree(lived / "index")
        shutil.rmtree(lived / "graphs")
        (lived / "graph.sqlite").unlink(missing_ok=True)
        shutil.copytree(moved, place / moved.name)
        shutil.rmtree(moved)
        monkeypatch.setenv("NETPURSUIT_KEYS", str((place / moved.name) if under == "k" else keys_of(lived)))
        lived = place / moved.name if under == "w" else lived
        told = act(command, lived, "leads", "list", "--as-of", AS_OF, "--json", *REASON)
        lead = told.json["leads"][0]["lead"]
        filler()
        for _ in range(40):  # until the pages that are there already are used up
            failed = act(command, lived, "leads", "assign", lead, "--to", "Wang")
            if failed.code:
                break
        assert said(failed), failed.err
        assert "disk" in failed.err
        (place / "filler").unlink()
        assert intact(command, lived), "what was done is on record, what is not on record was not done"
        log = act(command, lived, "audit", "show", "--json", *REASON).json
        done = [
            item for item in log if item["verb"] == "leads-assign" and item["outcome"] and item["outcome"]["counts"]
        ]
        shown = act(command, lived, "leads", "list", "--as-of", AS_OF, "--json", *REASON).json["leads"]
        (kept,) = [item for item in shown if item["lead"] == lead]
        assert bool(done) is (kept.get("assigned") not in (None, ""))
        assert act(command, lived, "leads", "assign", lead, "--to", "Wang").code == 0
        assert intact(command, lived)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_under_a_backup_leaves_no_part_of_it(command: Run, lived: Path, tmp_path: Path) -> None:
    target = tmp_path / "b"
    assert act(command, lived, "backup", "create", tmp_path / "whole").code == 0
    size = (tmp_path / "whole").stat().st_size
    failures = 0
    for limit in range(size // 8, size, size // 4):  # in the backup itself, or in the copies for it
        with full_beyond(limit):
            failed = act(command, lived, "backup", "create", target)
        assert said(failed), failed.err
        failures += 1
        assert not target.exists()
        assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
        assert list(lived.glob(".backup-*")) == []
        assert intact(command, lived)
    assert failures >= 3
    assert act(command, lived, "backup", "create", target).code == 0


def test_a_full_disk_under_a_restore_restores_nothing(command: Run, lived: Path, tmp_path: Path) -> None:
    file, target = tmp_path / "b", tmp_path / "restored"
    assert act(command, lived, "backup", "create", file).code == 0
    largest = max(path.stat().st_size for path in lived.rglob("*.sqlite"))
    before = act(command, lived, "audit", "verify", "--json").json
    for limit in (4_096, largest // 2, largest - 4_096):
        with full_beyond(limit):
            failed = command("backup", "restore", file, "--to", target, "--keys", keys_of(lived), *REASON)
        assert said(failed), failed.err
        assert not target.exists()
        assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".restoring")] == []
        assert act(command, lived, "audit", "verify", "--json").json == before, "the keys know of no restore"
    done = command("backup", "restore", file, "--to", target, "--keys", keys_of(lived), *REASON)
    assert done.code == 0, done.err
