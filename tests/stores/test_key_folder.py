"""Keyed digests say nothing without the key; sealed values end with theirs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from netpursuit.errors import StorageError
from netpursuit.stores.keys import KeyFolder


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyFolder]:
    folder = KeyFolder(tmp_path, "one", create=True)
    yield folder
    folder.close()


def test_a_digest_depends_on_purpose_value_and_workspace(keys: KeyFolder, tmp_path: Path) -> None:
    other = KeyFolder(tmp_path, "two", create=True)
    digests = {
        keys.digest("person", "x"),
        keys.digest("row", "x"),
        keys.digest("person", "y"),
        keys.fingerprint("person", "x"),
        other.digest("person", "x"),
    }
    assert len(digests) == 5
    assert all(len(digest) == 32 for digest in digests)
    assert keys.digest("person", "x") == keys.digest("person", "x")
    other.close()


def test_sealed_values_come_back_until_their_key_is_destroyed(keys: KeyFolder, tmp_path: Path) -> None:
    sealed, kept = keys.seal("C-1", "张伟 360102"), keys.seal("C-2", "other")
    assert "张伟".encode() not in sealed
    assert keys.unseal("C-1", sealed) == "张伟 360102"
    key = keys._file.row("SELECT key FROM sealing WHERE record_id = 'C-1'")
    assert key is not None
    keys.erase("C-1")
    assert keys.unseal("C-1", sealed) is None
    assert keys.unseal("C-2", kept) == "other"
    assert keys.erased() == {"C-1"}
    assert all(key[0] not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_sealed_values_belong_to_their_record(keys: KeyFolder) -> None:
    first, second = keys.seal("C-1", "a"), keys.seal("C-2", "b")
    with pytest.raises(StorageError, match="was changed"):
        keys.unseal("C-1", second)
    with pytest.raises(StorageError, match="was changed"):
        keys.unseal("C-1", first[:-1] + bytes([first[-1] ^ 1]))


def test_a_signature_is_of_one_workspace_and_one_message(keys: KeyFolder, tmp_path: Path) -> None:
    other = KeyFolder(tmp_path, "two", create=True)
    signature = keys.sign(b"head")
    assert keys.verify(b"head", signature)
    assert not keys.verify(b"heat", signature)
    assert not other.verify(b"head", signature)
    other.close()


def make_first(path: Path) -> None:
    """Take away from a key folder what its first version had not."""
    raw = sqlite3.connect(path)
    tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in tables - {"secret", "sealing", "erased", "anchor", "sqlite_sequence"}:
        raw.execute(f"DROP TABLE {table}")
    raw.execute("PRAGMA user_version = 1")
    raw.commit()
    raw.close()


def test_a_key_folder_made_before_there_were_roles_keeps_its_secrets(keys: KeyFolder, tmp_path: Path) -> None:
    sealed, signature, digest = keys.seal("C-1", "typed"), keys.sign(b"head"), keys.digest("row", "x")
    keys.close()
    make_first(keys.folder / "keys.sqlite")
    again = KeyFolder(tmp_path, "one", create=False)
    assert (again.unseal("C-1", sealed), again.verify(b"head", signature)) == ("typed", True)
    assert again.digest("row", "x") == digest
    assert again.roles() == ("", "")
    again.close()


def test_roles_come_into_force_when_they_are_settled(keys: KeyFolder) -> None:
    keys.propose_roles("C-1", "one")
    assert keys.roles() == ("", "C-1")
    keys.settle_roles("C-1", done=True)
    keys.propose_roles("C-2", "two")
    assert keys.roles() == ("one", "C-2")
    keys.settle_roles("C-2", done=False)
    keys.settle_roles("C-2", done=True)
    assert keys.roles() == ("one", "")
    keys.propose_roles("C-3", "three")
    keys.propose_roles("C-4", "four")
    keys.settle_roles("C-3", done=True)
    keys.settle_roles("C-4", done=True)
    assert keys.roles() == ("four", "")
    kept = keys._file.rows("SELECT body FROM user_roles ORDER BY number")
    assert kept == [("one",), ("four",)], "every state that was in force stays"


def test_a_key_folder_of_version_one_is_brought_up_with_all_it_holds(tmp_path: Path) -> None:
    from netpursuit.stores import schema

    keys = KeyFolder(tmp_path, "one", create=True)
    digest, sealed, gone = keys.digest("person", "x"), keys.seal("C-1", "kept"), keys.seal("C-2", "gone")
    keys.erase("C-2")
    keys.close()
    make_first(tmp_path / "one" / "keys.sqlite")
    again = KeyFolder(tmp_path, "one", create=False)
    assert again.digest("person", "x") == digest
    assert again.unseal("C-1", sealed) == "kept"
    assert again.unseal("C-2", gone) is None
    assert again.erased() == {"C-2"}
    assert again.erasures() == ()
    assert again._file.row("PRAGMA user_version") == (schema.KEY_VERSION,)
    fresh = KeyFolder(tmp_path, "two", create=True)
    shapes = [folder._file.rows("SELECT name, sql FROM sqlite_master ORDER BY name") for folder in (again, fresh)]
    assert shapes[0] == shapes[1]
    for folder in (again, fresh):
        folder.close()


def test_a_missing_secret_is_noticed_whatever_else_is_kept(keys: KeyFolder, tmp_path: Path) -> None:
    keys.keep_token("0" * 64, "{}")
    keys.close()
    raw = sqlite3.connect(keys.folder / "keys.sqlite")
    raw.execute("DELETE FROM secret WHERE name = 'signature'")
    raw.commit()
    raw.close()
    with pytest.raises(StorageError, match="secrets of the workspace are missing"):
        KeyFolder(tmp_path, "one", create=False)
