"""What a kill, a full disk and a read-only workspace leave behind: an action with its record, or neither (A1, A3)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netpursuit.audit.log import ConsultationLog
from netpursuit.stores.workspace import open_workspace

PRELUDE = """
import os, sys
from pathlib import Path
from netpursuit.audit.log import ConsultationLog
from netpursuit.errors import StorageError
from netpursuit.gate import Gate
from netpursuit.records import Intent, Outcome, Verb
from netpursuit.stores.workspace import open_workspace, utc_now

def open_gate():
    workspace = open_workspace(Path(sys.argv[1]) / "w", Path(sys.argv[1]) / "k")
    log = ConsultationLog(workspace.truth, workspace.keys)
    return Gate(workspace.truth, log, who="wang", clock=utc_now)

def intent(gate):
    return Intent(verb=Verb.LEADS_CLEAR, authority=gate.authority(reason="lead:L-1"))

def act(gate, number):
    with gate.consult(intent(gate)) as consultation, gate.truth.transaction() as unit:
        unit.put_setting("action", str(number))
        consultation.conclude(Outcome(counts={"number": number}), unit)
"""


def child(script: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def outcome_of(script: str, folder: Path) -> str:
    """Run a child to its end and answer what it printed."""
    process = child(script, folder)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()


def found_in(folder: Path) -> tuple[list[int | None], str | None, list[str]]:
    """The numbers of all outcomes (None: interrupted), the last action, and what ``verify`` finds."""
    workspace = open_workspace(folder / "w", folder / "k", create=False)
    log = ConsultationLog(workspace.truth, workspace.keys)
    numbers = [found.outcome.counts.get("number") if found.outcome else None for found in log.read()]
    found = numbers, workspace.truth.setting("action"), log.verify()
    workspace.close()
    return found


def test_a_kill_between_intent_and_outcome_reads_interrupted_and_loses_nothing(tmp_path: Path) -> None:
    script = """
gate = open_gate()
act(gate, 1)
with gate.consult(intent(gate)) as consultation, gate.truth.transaction() as unit:
    unit.put_setting("action", "2")
    consultation.conclude(Outcome(counts={"number": 2}), unit)
    print("between", flush=True)
    sys.stdin.read()  # until it is killed
"""
    process = subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "between"
    process.kill()
    process.wait(timeout=30)
    process.stdin.close()
    process.stdout.close()
    assert found_in(tmp_path) == ([1, None], "1", [])
    assert outcome_of("act(open_gate(), 3)", tmp_path) == ""
    assert found_in(tmp_path) == ([1, None, 3], "3", [])


def test_kills_at_any_moment_leave_every_action_with_its_record(tmp_path: Path) -> None:
    script = """
gate = open_gate()
number = int(gate.truth.setting("action") or 0)
while True:
    number += 1
    act(gate, number)
    print(number, flush=True)
"""
    for stop_after in (3, 7, 12):
        process = child(script, tmp_path)
        assert process.stdout is not None
        assert process.stderr is not None
        for _ in range(stop_after):
            assert process.stdout.readline(), process.stderr.read()
        process.kill()
        process.wait(timeout=30)
        process.stdout.close()
        process.stderr.close()
    numbers, action, problems = found_in(tmp_path)
    done = [number for number in numbers if number is not None]
    assert done == list(range(1, len(done) + 1))
    assert len(done) >= 22
    assert action == str(len(done))
    assert numbers.count(None) <= 3
    assert problems == []


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are those of POSIX")
@pytest.mark.parametrize("moment", ["before the intent", "before the outcome"])
def test_on_a_full_disk_the_action_does_not_happen(tmp_path: Path, moment: str) -> None:
    script = f"""
import resource
gate = open_gate()
act(gate, 1)

def fill():
    gate.truth.empty_wal()  # the log of writes begins anew, so that the limit meets it
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

try:
    if {moment!r} == "before the intent":
        fill()
    with gate.consult(intent(gate)) as consultation:
        print("ran")
        fill()
        with gate.truth.transaction() as unit:
            unit.put_setting("action", "2")
            consultation.conclude(Outcome(counts={{"number": 2}}), unit)
        print("shown")
except StorageError as error:
    print(error.exit_code, "disk" in str(error))
"""
    ran = [] if moment == "before the intent" else ["ran"]
    assert outcome_of(script, tmp_path).splitlines() == [*ran, "1 True"]
    assert found_in(tmp_path) == ([1] if not ran else [1, None], "1", [])


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder whose parents anybody may enter, for a child that has given up the rights of root."""
    folder = Path(tempfile.mkdtemp(prefix="netpursuit-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
@pytest.mark.parametrize("read_only", ["w", "w/truth.sqlite"])
def test_in_a_read_only_workspace_nothing_runs(open_folder: Path, read_only: str) -> None:
    outcome_of("act(open_gate(), 1)", open_folder)
    script = f"""
root = Path(sys.argv[1])
if os.getuid() == 0:  # root may write what is read-only: become nobody, who owns the files
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534)
target = root / {read_only!r}
target.chmod(0o500 if target.is_dir() else 0o400)
if os.getuid() == 0:
    os.setuid(65534)
os.chdir("/")
try:
    gate = open_gate()
    with gate.consult(intent(gate)):
        print("ran")
except StorageError as error:
    print(error.exit_code, str(error).startswith(str(root / "w" / "truth.sqlite")))
"""
    assert outcome_of(script, open_folder) == "1 True"
    (open_folder / "w").chmod(0o700)
    (open_folder / "w" / "truth.sqlite").chmod(0o600)
    assert found_in(open_folder) == ([1], "1", [])


def test_instants_of_the_log_are_in_utc(tmp_path: Path) -> None:
    outcome_of("act(open_gate(), 1)", tmp_path)
    workspace = open_workspace(tmp_path / "w", tmp_path / "k", create=False)
    (found,) = ConsultationLog(workspace.truth, workspace.keys).read()
    assert found.at.tzinfo is not None
    assert found.at.utcoffset() == datetime.now(UTC).utcoffset()
    workspace.close()
