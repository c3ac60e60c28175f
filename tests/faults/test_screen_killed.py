"""A real ``netpursuit screen`` is killed or interrupted in mid-run; run again, it ends as if nothing had happened."""

from __future__ import annotations

import csv
import json
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, COLUMNS, Run, environment, start


def write_register(file: Path, rows: int) -> None:
    """Many rows, of which every hundredth is on the list."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS.values())
        for row in range(rows):
            name, born = (f"李{chr(0x5000 + row % 800)}", f"19{60 + row % 40}-05-06")
            if row % 100 == 7:
                name, born = "章玉琴", "1971-11-23"
            writer.writerow((f"R{row:06d}", name, born, "", "", f"幻县虚构路{row}号", "2026-04-02"))


def checkpoint(workspace: Path) -> int:
    """How many rows the run under way has committed, read as another process reads."""
    with sqlite3.connect(f"file:{workspace / 'truth.sqlite'}?mode=ro", uri=True, timeout=10) as base:
        found: tuple[int | None] = base.execute("SELECT max(rows_done) FROM run_checkpoint").fetchone()
    base.close()
    return found[0] or 0


def screening(workspace: Path, register: Path, feed: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    arguments = ("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--out", out)
    return start(*arguments, "--json", *more)


def finished(child: subprocess.Popen[bytes]) -> Any:
    printed, said = child.communicate(timeout=300)
    assert child.returncode == 0, said.decode("utf-8")
    return json.loads(printed)


def twin_of(command: Run, wanted: tuple[Path, Path], folder: Path) -> Path:
    listed, mapping = wanted
    add = ("lists", "add", listed, "--list", "wanted", "--mapping", mapping, "--as-of", AS_OF, "--reason", "check:T-1")
    assert command(*add, "--workspace", folder).code == 0
    return folder


@pytest.mark.parametrize(
    ("rows", "kills"), [(12_000, 3), pytest.param(60_000, 20, marks=pytest.mark.slow)], ids=["short", "full"]
)
def test_a_killed_run_goes_on_and_ends_with_the_same_leads(
    command: Run, workspace: Path, wanted: tuple[Path, Path], feed: Path, tmp_path: Path, rows: int, kills: int
) -> None:
    register, undisturbed, disturbed = tmp_path / "big.csv", tmp_path / "a.csv", tmp_path / "b.csv"
    write_register(register, rows)
    twin = twin_of(command, wanted, tmp_path / "twin")
    whole = finished(screening(twin, register, feed, undisturbed))
    moments = random.Random(20261123)
    resumed = killed = 0
    for kill in range(kills):
        # Each run is left to get some way beyond where the last one was killed, then a random moment longer.
        goal = rows * kill // (kills + 1)
        child = screening(workspace, register, feed, disturbed)
        while child.poll() is None and checkpoint(workspace) < goal:
            time.sleep(0.02)
        time.sleep(moments.uniform(0, 0.2) if kill else moments.uniform(0.3, 0.6))
        killed += child.poll() is None
        child.kill()
        child.communicate()
        resumed = max(resumed, checkpoint(workspace))
    assert killed == kills, "each kill met a living run"
    assert 0 < resumed < rows, "work was committed before the last kill, and not all of it"
    last = finished(screening(workspace, register, feed, disturbed))

    assert last["resumed_rows"] == resumed
    assert last["counts"] == whole["counts"]
    assert disturbed.read_bytes() == undisturbed.read_bytes()
    assert len(undisturbed.read_text(encoding="utf-8").splitlines()) == 1 + rows // 100
    assert command("audit", "verify", "--workspace", workspace).code == 0
    log = command("audit", "show", "--workspace", workspace, "--json").json
    outcomes = [item["outcome"] for item in log if item["verb"] == "screen"]
    assert outcomes[-1] is not None
    # A kill before the intent was committed leaves nothing, one after it an interrupted consultation.
    assert all(outcome is None for outcome in outcomes[:-1])
    assert len(outcomes) <= kills + 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupted_run_says_so_and_goes_on(
    command: Run, workspace: Path, feed: Path, tmp_path: Path, workers: str
) -> None:
    register, out = tmp_path / "big.csv", tmp_path / "leads.csv"
    write_register(register, 10_000)
    child = screening(workspace, register, feed, out, "--workers", workers)
    while child.poll() is None and checkpoint(workspace) == 0:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    printed, said = child.communicate(timeout=60)
    assert child.returncode == 5, said
    assert printed == b""
    assert b"Traceback" not in said
    assert not out.exists()
    last = finished(screening(workspace, register, feed, out))
    assert 0 < last["resumed_rows"] < 10_000
    assert last["counts"]["read"] == 10_000
    assert len(out.read_text(encoding="utf-8").splitlines()) == 101


def test_a_killed_run_leaves_no_trace_of_people_who_are_no_leads(workspace: Path, feed: Path, tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    register = tmp_path / "big.csv"
    write_register(register, 16_000)
    canaries = ("慕容玖琅", "Canarystein Quux", "13899887766", "990101199307078888", "1993-07-07", "虚构里弄七十七号")
    with register.open("a", encoding="utf-8") as stream:
        for row in range(4_000):
            stream.write(f"Q{row},慕容玖琅,1993-07-07,990101199307078888,13899887766,虚构里弄七十七号,2026-04-02\n")
            stream.write(f"S{row},Canarystein Quux,1993-07-07,,13899887766,虚构里弄七十七号,2026-04-02\n")
            stream.write(f"T{row},慕容玖琅,1993年77月7日,990101199307078888,,虚构里弄七十七号,2026-04-02\n")
    private = environment(TMPDIR=str(scratch), TEMP=str(scratch), TMP=str(scratch), HOME=str(home))
    arguments = ("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--json")
    child = start(*arguments, env=private)
    while child.poll() is None and checkpoint(workspace) < 18_000:
        time.sleep(0.02)
    child.kill()
    printed, said = child.communicate()
    assert 16_000 < checkpoint(workspace) < 28_000, "killed among the canaries"

    def search() -> None:
        places = (workspace, workspace.with_name(f"{workspace.name}-keys"), scratch, home)
        files = [file for place in places for file in place.rglob("*") if file.is_file()]
        assert any(file.name == "truth.sqlite" for file in files)
        contents = [(str(file), file.read_bytes()) for file in files]
        for name, content in (*contents, ("stdout", printed), ("stderr", said)):
            for canary in canaries:
                for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
                    assert canary.encode(encoding) not in content, (name, encoding)

    search()
    assert any(file.name.endswith("-wal") for file in workspace.iterdir()), "the crash left its write-ahead log"
    last = finished(start(*arguments, env=private))
    assert last["counts"]["rejected"] == 4_000
    search()
