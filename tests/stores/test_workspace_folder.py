"""Where a workspace and its keys lie, who may read them, and which ones are refused."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from netpursuit.errors import InputError, StorageError
from netpursuit.stores.workspace import default_places, open_workspace


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_folders_and_files_belong_to_their_owner_alone(tmp_path: Path) -> None:
    old = tmp_path / "w"
    old.mkdir(mode=0o755)
    workspace = open_workspace(old, tmp_path / "k")
    with workspace.truth.transaction() as unit:
        unit.put_setting("k", "v")
    paths = [path for root in (tmp_path / "w", tmp_path / "k") for path in (root, *root.rglob("*"))]
    assert {path.suffix for path in paths} >= {".sqlite", ".sqlite-wal"}
    for path in paths:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    workspace.close()


def test_a_workspace_is_found_again_with_its_keys(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "w", tmp_path / "k")
    before = workspace.truth.workspace_id, workspace.keys.digest("person", "x")
    workspace.close()
    again = open_workspace(tmp_path / "w", tmp_path / "k", create=False)
    assert (again.truth.workspace_id, again.keys.digest("person", "x")) == before
    again.close()


def test_a_workspace_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    open_workspace(tmp_path / "w", tmp_path / "k").close()
    raw = sqlite3.connect(tmp_path / "w" / "truth.sqlite")
    raw.execute("PRAGMA user_version = 999")
    raw.close()
    before = (tmp_path / "w" / "truth.sqlite").read_bytes()
    with pytest.raises(InputError, match="newer version") as caught:
        open_workspace(tmp_path / "w", tmp_path / "k")
    assert caught.value.exit_code == 2
    assert (tmp_path / "w" / "truth.sqlite").read_bytes() == before


def test_keys_inside_the_workspace_are_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="inside the workspace"):
        open_workspace(tmp_path / "w", tmp_path / "w" / "keys")
    assert not (tmp_path / "w").exists()


def test_a_workspace_without_its_keys_gets_no_new_ones(tmp_path: Path) -> None:
    open_workspace(tmp_path / "w", tmp_path / "k").close()
    with pytest.raises(StorageError, match="NETPURSUIT_KEYS"):
        open_workspace(tmp_path / "w", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "truth.sqlite").write_text("a letter, no database" * 50, encoding="ascii")
    with pytest.raises(StorageError, match="damaged, or not a database"):
        open_workspace(tmp_path / "w", tmp_path / "k")


def test_a_missing_workspace_is_made_only_where_that_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no workspace here"):
        open_workspace(tmp_path / "w", tmp_path / "k", create=False)
    assert not (tmp_path / "w").exists()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="a file stands"):
        open_workspace(tmp_path / "file", tmp_path / "k")


def test_the_environment_says_where_workspace_and_keys_are(tmp_path: Path) -> None:
    stated = {"NETPURSUIT_WORKSPACE": str(tmp_path / "a"), "NETPURSUIT_KEYS": str(tmp_path / "b")}
    assert default_places(stated) == (tmp_path / "a", tmp_path / "b")
    workspace, keys = default_places({})
    assert workspace != keys
    assert not keys.is_relative_to(workspace)
