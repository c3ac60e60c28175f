"""Drill 14: workspaces of every earlier version, made by programs of their time, are upgraded whole or not at all."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from netpursuit.audit.log import ConsultationLog
from netpursuit.records import LeadState
from netpursuit.records.backups import BackupHeader, BackupKind
from netpursuit.stores import schema
from netpursuit.stores.backups import BackupFolder
from netpursuit.stores.workspace import Workspace, open_workspace
from tests.cli.conftest import AS_OF, Run, environment, feed_text, register_text
from tests.lived import REASON, ROWS

OLD = Path(__file__).parent.parent / "fixtures" / "workspaces"
VERSIONS = sorted(int(path.name.removeprefix("schema-")) for path in OLD.glob("schema-*"))
# A process that opens a workspace and dies at its n-th writing statement: before it, or some steps of SQLite into it.
DYING = """
import os, signal, sqlite3, sys
from pathlib import Path
from netpursuit.stores.workspace import open_workspace
root, stop, steps = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
told = 0
def die(): os.kill(os.getpid(), signal.SIGKILL)
class Dying(sqlite3.Connection):
    def execute(self, sql, *values):
        global told
        if sql.split(None, 1)[0] in ("BEGIN", "CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "COMMIT") or (
            sql.startswith("PRAGMA user_version=")
        ):
            told += 1
            if told == stop and not steps:
                die()
            if told == stop:
                self.set_progress_handler(die, steps)
        return super().execute(sql, *values)
connect = sqlite3.connect
sqlite3.connect = lambda *arguments, **options: connect(*arguments, factory=Dying, **options)
opened = open_workspace(root / "w", root / "k", create=False)
print(told)
"""


def old_workspace(folder: Path, version: int) -> Path:
    """The workspace of an earlier version, from the texts of its databases: ``folder/w`` and ``folder/k``."""
    (folder / "w").mkdir(parents=True, mode=0o700)
    truth = restored(OLD / f"schema-{version}" / "truth.sql", folder / "w" / "truth.sqlite")
    (workspace_id,) = truth.execute("SELECT value FROM meta WHERE key = 'workspace_id'").fetchone()
    truth.close()
    (folder / "k" / workspace_id).mkdir(parents=True)
    restored(OLD / f"schema-{version}" / "keys.sql", folder / "k" / workspace_id / "keys.sqlite").close()
    return folder


def restored(text: Path, path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(path)
    raw.executescript(text.read_text(encoding="utf-8"))
    return raw


def schema_of(folder: Path) -> int:
    raw = sqlite3.connect(folder / "w" / "truth.sqlite")
    (found,) = raw.execute("PRAGMA user_version").fetchone()
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
    return int(found)


def opened(folder: Path) -> Workspace:
    return open_workspace(folder / "w", folder / "k", create=False)


def content(folder: Path) -> tuple[object, ...]:
    """What people know a workspace by."""
    workspace = opened(folder)
    truth = workspace.truth
    log = ConsultationLog(truth, workspace.keys)
    found = (
        truth.leads(),
        [truth.lead_revisions(lead.lead_id) for lead in truth.leads()],
        [truth.clearances(lead.fingerprints["person"]) for lead in truth.leads()],
        truth.list_versions(),
        [entry for version in truth.list_versions() for entry in truth.entries(version.list_id)],
        truth.runs(),
        truth.cases(),
        truth.entry_pairs(),
        list(truth.case_links()),
        truth.outbox(),
        list(log.read()),
        truth.log_head(),
        log.verify(),
    )
    workspace.close()
    return found


def test_there_is_a_workspace_of_every_earlier_version() -> None:
    assert set(range(1, schema.VERSION)) <= set(VERSIONS), "make one with the program of its time, see its README"
    assert max(VERSIONS) <= schema.VERSION


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_workspace_is_upgraded_and_goes_on(command: Run, tmp_path: Path, version: int) -> None:
    folder = old_workspace(tmp_path, version)
    assert schema_of(folder) == version
    there = ("--workspace", folder / "w")

    def ask(*arguments: object) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NETPURSUIT_KEYS", str(folder / "k"))
            done = command(*arguments, *there)
        assert done.code == 0, done.err
        return done.json if "--json" in arguments else done.out

    told = ask("audit", "verify", "--json")
    assert isinstance(told, dict)
    assert (told["intact"], told["records"] >= 20) == (True, True)
    assert schema_of(folder) == schema.VERSION
    listed = ask("leads", "list", "--as-of", AS_OF, "--json", *REASON)
    assert isinstance(listed, dict)
    states = {lead["registration_id"]: lead["state"] for lead in listed["leads"]}
    assert states == {"R1": "confirmed", "R2": "cleared", "R6": "open"}
    shown = ask("leads", "show", listed["leads"][0]["lead"], "--as-of", AS_OF, "--json", *REASON)
    assert shown
    # It screens on: the cleared namesake stays cleared on a new registration, the graph can be asked.
    feed = tmp_path / "rental.toml"
    feed.write_text(feed_text(), encoding="utf-8")
    (tmp_path / "new.csv").write_text(register_text(ROWS[1].replace("R2", "R9")), encoding="utf-8")
    ran = ask("screen", tmp_path / "new.csv", "--feed", feed, "--as-of", AS_OF, *REASON)
    assert "cleared before 1" in str(ran)
    assert ask("graph", "neighbours", "Entry:wanted:W1", "--as-of", AS_OF, "--json", *REASON)
    assert "intact" in str(ask("audit", "verify", "--lang", "en"))


@pytest.mark.parametrize("version", [1, 2])
def test_an_upgrade_loses_nothing_that_was_stored(tmp_path: Path, version: int) -> None:
    folder = old_workspace(tmp_path, version)
    raw = sqlite3.connect(folder / "w" / "truth.sqlite")
    tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    before = {
        name: raw.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in tables if columns(raw, name) > 1
    }
    raw.close()
    opened(folder).close()
    raw = sqlite3.connect(folder / "w" / "truth.sqlite")
    for name, rows in before.items():
        width = len(rows[0]) if rows else 0
        assert [row[:width] for row in raw.execute(f"SELECT * FROM {name} ORDER BY 1, 2")] == rows, name
    leads = raw.execute("SELECT count(*) FROM lead").fetchone()
    assert raw.execute("SELECT count(*) FROM lead_entry").fetchone() == leads
    raw.close()
    workspace = opened(folder)
    assert {lead.state for lead in workspace.truth.leads()} == {*LeadState} - {LeadState.WITHDRAWN}
    workspace.close()


@pytest.mark.parametrize("version", [version for version in VERSIONS if version < schema.VERSION])
def test_a_backup_of_an_older_version_is_upgraded_on_its_way_back(command: Run, tmp_path: Path, version: int) -> None:
    folder, file, target = old_workspace(tmp_path / "old", version), tmp_path / "b", tmp_path / "new"
    (keys,) = (folder / "k").glob("*/keys.sqlite")
    header = BackupHeader(
        kind=BackupKind.WORKSPACE,
        workspace_id=keys.parent.name,
        schema=version,
        made_at=datetime(2026, 11, 26, 20, tzinfo=UTC),
        made_by="root",
        purpose="audit:T-1",
        consultation_id="C-aaaaaaaaaaaaaaaa",
        expires_on=date(2099, 1, 1),
        warning="personal data",
    )
    with BackupFolder(folder / "w", folder / "k", "root", str).writing(file, header) as written:
        written.publish()
    assert schema_of(folder) == version, "it was not opened for it"
    stated = ("--to", target, "--keys", folder / "k", "--reason", "audit:T-2", "--json")
    done = command("backup", "restore", file, *stated)
    assert done.code == 0, done.err
    assert (done.json["upgraded_from"], done.json["lost"]) == (version, 0)
    shutil.rmtree(folder / "w")
    target.rename(folder / "w")
    assert schema_of(folder) == schema.VERSION
    workspace = opened(folder)
    assert {lead.state for lead in workspace.truth.leads()} == {*LeadState} - {LeadState.WITHDRAWN}
    assert ConsultationLog(workspace.truth, workspace.keys).verify() == []
    workspace.close()


def columns(raw: sqlite3.Connection, table: str) -> int:
    return len(raw.execute(f"PRAGMA table_info({table})").fetchall())


def dying(folder: Path, stop: int, steps: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DYING, str(folder), str(stop), str(steps)],
        capture_output=True,
        text=True,
        env=environment(),
    )


def points(version: int, statements: int, full: bool) -> list[tuple[int, int]]:
    """Where to die: before each statement and at seeded steps within, or some of these."""
    chance = random.Random(version)
    every = [(stop, steps) for stop in range(1, statements + 1) for steps in (0, chance.randint(1, 30), 40)]
    return every if full else [*sorted(chance.sample(every[1:], 2)), (statements, 0)]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
@pytest.mark.parametrize("full", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["short", "full"])
@pytest.mark.parametrize("version", [version for version in VERSIONS if version < schema.VERSION] or [2])
def test_killed_in_mid_migration_it_is_old_or_new_and_whole(tmp_path: Path, version: int, full: bool) -> None:
    undisturbed = old_workspace(tmp_path / "twin", version)
    done = dying(undisturbed, 0, 0)
    assert done.returncode == 0, done.stderr
    expected, statements = content(undisturbed), int(done.stdout)
    assert expected[-1] == []
    assert statements > 5
    died = set()
    for number, (stop, steps) in enumerate(points(version, statements, full)):
        folder = old_workspace(tmp_path / f"p{number}", version)
        ended = dying(folder, stop, steps)
        assert ended.returncode in (-signal.SIGKILL, 0), ended.stderr
        died.add(ended.returncode)
        copied = tmp_path / f"c{number}"  # looked at beside, as SQLite mends what it opens
        shutil.copytree(folder, copied)
        assert schema_of(copied) in (version, schema.VERSION), (stop, steps)
        assert content(folder) == expected, (stop, steps)
        assert schema_of(folder) == schema.VERSION
        shutil.rmtree(folder)
        shutil.rmtree(copied)
    assert -signal.SIGKILL in died


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are those of POSIX")
@pytest.mark.parametrize("version", [version for version in VERSIONS if version < schema.VERSION] or [2])
def test_on_a_full_disk_the_old_workspace_stays_as_it_was(tmp_path: Path, version: int) -> None:
    twin, folder = old_workspace(tmp_path / "twin", version), old_workspace(tmp_path / "full", version)
    script = """
import resource, sys
from pathlib import Path
from netpursuit.errors import StorageError
from netpursuit.stores.workspace import open_workspace
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
try:
    open_workspace(Path(sys.argv[1]) / "w", Path(sys.argv[1]) / "k", create=False)
except StorageError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search("disk", done.stdout), done.stdout
    assert schema_of(folder) == version
    assert content(folder) == content(twin)


def test_a_workspace_of_a_newer_version_is_refused_and_left_as_it_is(command: Run, tmp_path: Path) -> None:
    folder = old_workspace(tmp_path, VERSIONS[-1])
    for file in (folder / "w" / "truth.sqlite", *folder.glob("k/*/keys.sqlite")):
        raw = sqlite3.connect(file)
        (before,) = raw.execute("PRAGMA user_version").fetchone()
        raw.execute("PRAGMA user_version = 900")
        raw.close()
        left = file.read_bytes()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NETPURSUIT_KEYS", str(folder / "k"))
            refused = command("audit", "verify", "--workspace", folder / "w")
        assert refused.code == 2
        assert "newer version of netpursuit (schema 900)" in refused.err
        assert file.read_bytes() == left
        raw = sqlite3.connect(file)
        raw.execute(f"PRAGMA user_version = {before}")
        raw.close()
