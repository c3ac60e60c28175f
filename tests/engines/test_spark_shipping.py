"""An index on its way to the executors: whole, or nothing runs on it."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from netpursuit.engines.spark.executor import ExecutorError, Failed, attempted
from netpursuit.engines.spark.shipping import IndexTicket, archived, manifest_digest, pack, redeem, unpack
from netpursuit.errors import InputError, StorageError
from netpursuit.index.renewal import Lists
from netpursuit.match import Matcher, compile_index
from tests.matching.test_renewal import MemoryLists, a_list


@pytest.fixture
def index(tmp_path: Path) -> Path:
    lists: Lists = MemoryLists(a_list(range(30)))
    compile_index(lists, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def shipped(index: Path, tmp_path: Path) -> tuple[IndexTicket, Path]:
    """A ticket, and an executor's folder in which the archive has arrived."""
    room = tmp_path / "executor"
    room.mkdir()
    matcher = Matcher.opened(index)
    with archived(index) as archive:
        assert archive.stat().st_mode & 0o077 == 0
        shutil.copy(archive, room)
        ticket = IndexTicket(manifest_digest(index), "", archive.name, matcher.policy)
    assert not archive.exists()
    return ticket, room


def flip(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


def test_a_task_travels_without_its_index_and_finds_it_again(index: Path, shipped: tuple[IndexTicket, Path]) -> None:
    ticket, room = shipped
    matcher = Matcher.opened(index)
    packed = pack(partial(len, matcher), lambda found: ticket)
    assert len(packed) < sum(file.stat().st_size for file in index.iterdir())
    shutil.rmtree(index)
    assert unpack(packed, room)() == len(matcher) == 30
    assert unpack(packed, room)() == 30, "unpacked once, mapped again"


def test_a_damaged_index_is_made_again_from_its_archive(shipped: tuple[IndexTicket, Path]) -> None:
    ticket, room = shipped
    redeem(ticket, room)
    (place,) = (found for found in room.iterdir() if found.is_dir())
    for damage in (
        partial(flip, place / "parts.npy", -1),
        (place / "parts.npy").unlink,
        (place / "manifest.json").unlink,
        partial(flip, place / "manifest.json", 5),
    ):
        damage()
        assert len(redeem(ticket, room)) == 30
    assert len([found for found in room.iterdir() if found.is_dir()]) == 1


@pytest.mark.parametrize("damaged", [b"parts.npy", b'"sha256"', b"\x93NUMPY"])
def test_nothing_runs_on_a_damaged_archive(shipped: tuple[IndexTicket, Path], damaged: bytes) -> None:
    ticket, room = shipped
    flip(room / ticket.archive, (room / ticket.archive).read_bytes().index(damaged) + 3)
    with pytest.raises(StorageError, match="index"):
        redeem(ticket, room)
    assert [found for found in room.iterdir() if found.is_dir()] == []
    (room / ticket.archive).unlink()
    with pytest.raises(StorageError, match="cannot be unpacked"):
        redeem(ticket, room)


def test_a_shared_index_that_is_another_one_is_refused(index: Path, tmp_path: Path) -> None:
    ticket = IndexTicket(manifest_digest(index), str(index), "", Matcher.opened(index).policy)
    assert len(redeem(ticket, tmp_path)) == 30
    compile_index(MemoryLists(a_list(range(31))), index)
    with pytest.raises(StorageError, match="another one"):
        redeem(ticket, tmp_path)
    shutil.rmtree(index)
    with pytest.raises(StorageError, match="no whole index"):
        redeem(ticket, tmp_path)


def raise_it(error: Exception) -> None:
    raise error


def test_an_error_over_a_row_says_its_kind_and_nothing_of_the_row() -> None:
    for error in (ValueError("欧阳志远"), KeyError("欧阳志远"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "欧阳志远")):
        failed = attempted(partial(raise_it, error))
        assert isinstance(failed, Failed)
        assert type(error).__name__ in str(failed.error)
        assert "欧阳" not in repr(failed)
    for error in (OSError("欧阳志远"), MemoryError("欧阳志远")):
        with pytest.raises(ExecutorError) as raised:
            attempted(partial(raise_it, error))
        assert "欧阳" not in str(raised.value)
        assert raised.value.__suppress_context__
    known = attempted(partial(raise_it, InputError("no mark", where="query")))
    assert isinstance(known, Failed)
    assert str(known.error) == "query: no mark"
