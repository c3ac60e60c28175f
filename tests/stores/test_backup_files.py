"""Whatever is done to a backup's file is noticed before anything of it is believed; no failed write leaves a part."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpursuit.audit.log import ConsultationLog
from netpursuit.custody.backups import BackupTerms, create_backup, restore_workspace
from netpursuit.errors import DamagedError, NetpursuitError, StorageError
from netpursuit.gate import Gate
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.truth import LogHead
from netpursuit.records import Authority, Reason
from netpursuit.records.backups import BackupKind
from netpursuit.stores import sealed_file
from netpursuit.stores.backups import BackupFolder
from netpursuit.stores.keys import KeyFolder
from netpursuit.stores.restored_keys import RestoringKeys
from netpursuit.stores.sealed_file import SealedReader, SealedWriter
from netpursuit.stores.workspace import open_workspace

TERMS = BackupTerms(kind=BackupKind.WORKSPACE, kept_days=30, warning="personal data")
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
KEY, SALT = b"k" * 32, b"s" * 16


@contextmanager
def desk_at(folder: Path, keys: Path, keys_as: type[KeyFolder] = KeyFolder) -> Iterator[Workbench]:
    opened = open_workspace(folder, keys, keys_as=keys_as)
    try:
        log = ConsultationLog(opened.truth, opened.keys)
        yield Workbench(
            truth=opened.truth,
            gate=Gate(opened.truth, log, who="officer", clock=lambda: datetime.now(UTC), zone=UTC),
            keys=opened.keys,
            matcher_for=lambda versions: pytest.fail("nothing is matched"),
            links=lambda lead, entries: "",
            authority=Authority(who="officer", reason=Reason(code="check", task="T-1")),
            clock=lambda: datetime.now(UTC),
        )
    finally:
        opened.close()


@contextmanager
def restoring(folder: Path, keys: Path) -> Iterator[tuple[Workbench, Sequence[LogHead]]]:
    with desk_at(folder, keys, RestoringKeys) as desk:
        assert isinstance(desk.keys, RestoringKeys)
        yield desk, desk.keys.waiting


def backups(folder: Path) -> BackupFolder:
    return BackupFolder(folder / "w", folder / "k", "officer", lambda: "")


def create(folder: Path, target: Path) -> None:
    with desk_at(folder / "w", folder / "k") as desk:
        create_backup(desk, backups(folder), target, TERMS)


def restore(folder: Path, source: Path, target: Path) -> None:
    restore_workspace(
        backups(folder), source, target, lambda place: restoring(place, folder / "k"), who="officer", now=NOW
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace ``w``, its keys ``k`` and its backup ``b``."""
    folder = tmp_path_factory.mktemp("made")
    create(folder, folder / "b")
    return folder


def refused(folder: Path, changed: bytes) -> None:
    """Neither verified nor restored."""
    file = folder / "changed"
    file.write_bytes(changed)
    for act in (backups(folder).read, lambda source: restore(folder, source, folder / "restored")):
        with pytest.raises(NetpursuitError):
            act(file)
    assert not (folder / "restored").exists()
    assert not [path for path in folder.iterdir() if path.name.endswith(".restoring")]


@QUIET
@given(data=st.data())
def test_a_changed_byte_anywhere_is_noticed(made: Path, data: st.DataObject) -> None:
    content = bytearray((made / "b").read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] ^= data.draw(st.integers(1, 255))
    assert bytes(content) != (made / "b").read_bytes()
    refused(made, bytes(content))


@QUIET
@given(data=st.data())
def test_a_backup_cut_short_or_longer_is_noticed(made: Path, data: st.DataObject) -> None:
    content = (made / "b").read_bytes()
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    changed = data.draw(st.sampled_from((cut, content + data.draw(st.binary(min_size=1, max_size=40)))))
    assert changed != content
    refused(made, changed)


def test_every_key_of_the_first_line_is_covered(made: Path) -> None:
    line, _, rest = (made / "b").read_bytes().partition(b"\n")
    stated = json.loads(line)
    for key, value in stated.items():
        other = value + 1 if isinstance(value, int) else f"{value}x"
        refused(made, json.dumps({**stated, key: other}, ensure_ascii=False).encode() + b"\n" + rest)
    refused(made, json.dumps({**stated, "more": 1}).encode() + b"\n" + rest)
    refused(made, line + b" \n" + rest)
    with_older_date = {**stated, "expires_on": date(2999, 1, 1).isoformat()}
    refused(made, json.dumps(with_older_date, ensure_ascii=False).encode() + b"\n" + rest)


@pytest.mark.skipif(os.name != "posix", reason="a process is forked that dies")
def test_what_a_death_left_goes_with_the_next_backup_to_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(tmp_path, tmp_path / "before")

    def left() -> list[str]:
        return [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")]

    for _ in range(2):
        child = os.fork()
        if not child:
            monkeypatch.setattr(os, "link", lambda *_: os._exit(9))  # complete, and not yet in its place
            try:
                create(tmp_path, tmp_path / "b")
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        assert len(left()) == 1
    create(tmp_path, tmp_path / "b")
    assert left() == []
    backups(tmp_path).read(tmp_path / "b")


def sealed(pieces: list[bytes]) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, {"salt": SALT.hex()}, KEY)
    for piece in pieces:
        writer.write(piece)
    writer.finish()
    return file.getvalue()


def unsealed(content: bytes, step: int = 7) -> bytes:
    reader, found = SealedReader(io.BytesIO(content), "b", lambda header: KEY), bytearray()
    while piece := reader.read(step):
        found += piece
    reader.finish()
    return bytes(found)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_file, "PIECE_BYTES", 16)


@QUIET
@given(pieces=st.lists(st.binary(max_size=50), max_size=8), step=st.integers(1, 60))
def test_what_is_sealed_comes_back_however_it_was_written(small: None, pieces: list[bytes], step: int) -> None:
    assert unsealed(sealed(pieces), step) == b"".join(pieces)


@QUIET
@given(text=st.binary(min_size=33, max_size=120), data=st.data())
def test_pieces_cannot_be_left_out_doubled_or_moved(small: None, text: bytes, data: st.DataObject) -> None:
    content = sealed([text])
    begin = content.index(b"\n") + 1
    parts = [content[at : at + 32] for at in range(begin, len(content), 32)]
    changed = data.draw(st.lists(st.sampled_from(range(len(parts))), max_size=len(parts) + 1))
    if changed == list(range(len(parts))):
        return
    with pytest.raises(DamagedError):
        unsealed(content[:begin] + b"".join(parts[number] for number in changed))


class Failing(sqlite3.Connection):
    """A connection whose n-th write of all connections fails as on a full disk."""

    writes, fails = 0, 0

    def execute(self, sql: str, *values: Any) -> Any:  # type: ignore[override]
        if sql.split(None, 1)[0] in ("INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT"):
            _count()
        return super().execute(sql, *values)

    def backup(self, *arguments: Any, **options: Any) -> None:
        _count()
        super().backup(*arguments, **options)


def _count() -> None:
    Failing.writes += 1
    if Failing.writes == Failing.fails:
        raise sqlite3.OperationalError("database or disk is full")


@contextmanager
def failing_at(number: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connect = sqlite3.connect
    Failing.writes, Failing.fails = 0, number
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, factory=Failing, **more))
        yield


def everywhere(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> Iterator[bool]:
    """Run an act with each of its writes failing in turn, at last with none; whether it failed."""
    number = 0
    while True:
        number += 1
        with failing_at(number, monkeypatch):
            try:
                act()
                failed = False
            except StorageError:
                failed = True
        yield failed
        if Failing.writes < number:
            assert not failed
            return


def intact(folder: Path) -> bool:
    opened = open_workspace(folder / "w", folder / "k", create=False)
    problems = ConsultationLog(opened.truth, opened.keys).verify()
    opened.close()
    return problems == []


def test_whichever_write_of_a_backup_fails_there_is_a_whole_one_or_none(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(made / "w", tmp_path / "w")
    shutil.copytree(made / "k", tmp_path / "k")
    target, failures = tmp_path / "b", 0

    for failed in everywhere(monkeypatch, lambda: create(tmp_path, target)):
        failures += failed
        assert sorted(path.name for path in tmp_path.iterdir() if path.name not in "wk") in ([], ["b"])
        assert list((tmp_path / "w").glob(".backup-*")) == []
        if target.exists():
            backups(tmp_path).read(target)
            target.unlink()
        else:
            assert failed
        assert intact(tmp_path)
    assert failures > 10


def test_whichever_write_of_a_restore_fails_there_is_a_whole_workspace_or_none(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("w", "k"):
        shutil.copytree(made / name, tmp_path / name)
    shutil.copy(made / "b", tmp_path / "b")
    target, failures = tmp_path / "restored", 0
    for failed in everywhere(monkeypatch, lambda: restore(tmp_path, tmp_path / "b", target)):
        failures += failed
        assert target.exists() is not failed
        assert not [path for path in tmp_path.iterdir() if path.name.endswith(".restoring")]
        if failed:
            assert intact(tmp_path), "the workspace that is there was not touched, and no restore is on record"
    assert failures > 10
    shutil.rmtree(tmp_path / "w")
    target.rename(tmp_path / "w")
    assert intact(tmp_path)
