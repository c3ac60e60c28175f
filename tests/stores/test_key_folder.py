"""Keyed digests say nothing without the key; sealed values end with theirs."""

from __future__ import annotations

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


def test_a_key_folder_of_version_one_is_brought_up_with_all_it_holds(tmp_path: Path) -> None:
    import sqlite3

    from netpursuit.stores import schema

    keys = KeyFolder(tmp_path, "one", create=True)
    digest, sealed, gone = keys.digest("person", "x"), keys.seal("C-1", "kept"), keys.seal("C-2", "gone")
    keys.erase("C-2")
    keys.close()
    older = sqlite3.connect(tmp_path / "one" / "keys.sqlite")
    for table in ("erasure", "erased_lead", "erased_person"):
        older.execute(f"DROP TABLE {table}")
    older.execute("PRAGMA user_version=1")
    older.commit()
    older.close()
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
