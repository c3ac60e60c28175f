"""A graph file that is damaged is named with what mends it, and a rebuild replaces it; slow work says so."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import netpursuit.commands.progress
from tests.cli.conftest import AS_OF, Run

REASON = ("--reason", "check:T-1", "--as-of", AS_OF)
ASK = ("graph", "neighbours", "Entry:wanted:W1", *REASON)


def half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 8192 * 4096])


def a_few_bytes(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100])


def zeroed(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def garbage(file: Path) -> None:
    head = file.read_bytes()[:4096]
    file.write_bytes(head + random.Random(1).randbytes(file.stat().st_size - 4096))


def text(file: Path) -> None:
    file.write_text("no database at all\n" * 500, encoding="utf-8")


def of_another(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as base:
        base.execute("CREATE TABLE owner (x)")
    base.close()


def with_another_log(file: Path) -> None:
    zeroed(file)
    file.with_name("graph.sqlite-wal").write_bytes(random.Random(2).randbytes(9000))


def senseless(file: Path) -> None:
    with sqlite3.connect(file) as base:
        base.execute("UPDATE node SET kind = 'Nonsense', fact = 1")
        base.execute("UPDATE edge_claim SET kind = kind || 'x'")
    base.close()


@pytest.mark.parametrize("damage", [half, a_few_bytes, zeroed, garbage, text, of_another, with_another_log])
def test_damage_is_named_with_its_remedy_and_a_rebuild_mends_it(
    command: Run, workspace: Path, damage: Callable[[Path], None]
) -> None:
    assert command(*ASK, "--workspace", workspace).code == 0
    whole = command("graph", "status", "--workspace", workspace, "--json").json
    file = workspace / "graph.sqlite"
    left = [file.with_name(f".{file.name}.0a1b2c3d.part{ending}") for ending in ("", "-wal")]
    for path in left:
        path.write_bytes(b"of a rebuild that was killed")
    damage(file)
    for asked in (ASK, ("graph", "verify"), ("graph", "status")):
        told = command(*asked, "--workspace", workspace)
        assert told.code == 1, (asked, told)
        assert "netpursuit graph rebuild" in told.err
        assert str(file) in told.err
    shown = command("graph", "status", "--workspace", workspace, "--json")
    assert (shown.code, shown.json["damaged"]) == (1, True)
    assert "damaged" in command("graph", "status", "--workspace", workspace, "--lang", "en").out
    rebuilt = command("graph", "rebuild", "--workspace", workspace, "--json")
    assert rebuilt.code == 0, rebuilt.err
    assert rebuilt.json["counts"] == whole["counts"]
    assert command("graph", "status", "--workspace", workspace, "--json").json == whole
    assert command("graph", "verify", "--workspace", workspace).code == 0
    assert command(*ASK, "--workspace", workspace).code == 0
    assert file.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in workspace.glob("*graph.sqlite*")) == ["graph.sqlite"]


def test_rows_that_make_no_sense_are_damage(command: Run, workspace: Path) -> None:
    assert command(*ASK, "--workspace", workspace).code == 0
    senseless(workspace / "graph.sqlite")
    told = command(*ASK, "--workspace", workspace)
    assert (told.code, "netpursuit graph rebuild" in told.err) == (1, True)
    assert command("graph", "rebuild", "--workspace", workspace).code == 0
    assert command(*ASK, "--workspace", workspace).code == 0


@pytest.mark.parametrize("loss", ["missing", "empty"])
def test_a_graph_that_is_gone_is_built_by_the_next_question(command: Run, workspace: Path, loss: str) -> None:
    right = command(*ASK, "--workspace", workspace, "--json").json
    (workspace / "graph.sqlite").unlink()
    if loss == "empty":
        (workspace / "graph.sqlite").touch()
    again = command(*ASK, "--workspace", workspace, "--json").json
    assert again["rows"] == right["rows"] != []


def test_a_folder_in_the_place_of_the_graph_is_not_removed(command: Run, workspace: Path) -> None:
    file = workspace / "graph.sqlite"
    file.unlink(missing_ok=True)
    file.mkdir()
    (file / "mine").touch()
    for asked in (ASK, ("graph", "rebuild")):
        told = command(*asked, "--workspace", workspace)
        assert (told.code, str(file) in told.err) == (1, True)
    assert (file / "mine").exists()


def test_a_rebuild_that_fails_leaves_the_file_as_it_was(
    command: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command(*ASK, "--workspace", workspace).code == 0
    file = workspace / "graph.sqlite"
    zeroed(file)
    before = file.read_bytes()
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target).name == "graph.sqlite":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    told = command("graph", "rebuild", "--workspace", workspace)
    assert (told.code, str(file) in told.err) == (1, True)
    assert file.read_bytes() == before
    assert list(workspace.glob(".graph.sqlite*")) == []


@pytest.mark.parametrize("damage", [half, zeroed, garbage])
def test_a_damaged_imported_graph_is_dropped_and_imported_again(
    command: Run, workspace: Path, fixtures: Path, damage: Callable[[Path], None]
) -> None:
    stated = ("--workspace", workspace, *REASON)
    imported = ("graph", "import", fixtures / "graphs" / "ring", "--graph", "ring", *stated)
    assert command(*imported).code == 0
    (file,) = (workspace / "graphs").glob("ring*.sqlite")
    damage(file)
    told = command("graph", "neighbours", "Person:1", "--graph", "ring", *stated)
    assert told.code == 1, told
    assert "netpursuit graph drop" in told.err
    assert "import" in told.err
    assert command("graph", "drop", "ring", *stated).code == 0
    assert command(*imported).code == 0


def test_work_that_takes_long_says_so_on_standard_error_alone(
    command: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = command("graph", "rebuild", "--workspace", workspace, "--json")
    assert (quick.code, quick.err) == (0, "")
    monkeypatch.setattr(netpursuit.commands.progress, "SILENT_SECONDS", 0.0)
    for asked, words in ((("graph", "rebuild"), "bringing"), (("graph", "verify"), "comparing")):
        slow = command(*asked, "--workspace", workspace, "--json", "--lang", "en")
        assert slow.code == 0
        assert slow.json
        assert len(slow.err.splitlines()) == 1, "one line where nobody watches"
        assert words in slow.err
        assert "\x1b" not in slow.err
    (workspace / "graph.sqlite").unlink()
    first = command(*ASK, "--workspace", workspace, "--json")
    assert first.json["rows"]
    assert len(first.err.splitlines()) == 1
