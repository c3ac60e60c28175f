"""Records that wait at the same moment share a commit and an anchor, and are each what they would be alone (A1, A2)."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from netpursuit.audit.commits import CommitsTogether
from netpursuit.audit.log import ConsultationLog
from netpursuit.audit.together import Together
from netpursuit.errors import StorageError
from netpursuit.ports.truth import LogHead
from netpursuit.records import Outcome
from netpursuit.stores.workspace import open_workspace
from tests.audit.test_consultation_log import INTENT, NOON

THREADS = 64


class Shared:
    """The log of a server, with a clock that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOON
        self.workspace = open_workspace(folder / "w", folder / "k", clock=lambda: self.now)
        self.keys, self.truth = self.workspace.keys, self.workspace.truth
        self.commits = CommitsTogether(self.truth, self.keys)
        self.log = ConsultationLog(self.truth, self.keys, commits=self.commits)
        self.groups: list[int] = []  # how many records each transaction wrote

    def count_groups(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write = self.commits._records._do_all

        def counted(group: object) -> None:
            self.groups.append(len(group))  # type: ignore[arg-type]
            write(group)  # type: ignore[arg-type]

        monkeypatch.setattr(self.commits._records, "_do_all", counted)

    def look(self, number: int) -> str:
        consultation_id = self.log.begin(replace(INTENT, about={"number": str(number)}, sealed=f"typed-{number}"))
        self.log.finish(None, consultation_id, Outcome(counts={"number": number}))
        return consultation_id

    def sizes(self) -> list[int]:
        """Of the log at every anchor, as the key folder has them."""
        return [size for size, _ in self.keys.anchors()]


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Shared]:
    made = Shared(tmp_path)
    yield made
    made.commits.close()
    assert made.log.verify() == []
    made.workspace.close()


def wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not done():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_of_many_at_once_each_has_its_own_record(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    shared.count_groups(monkeypatch)
    with ThreadPoolExecutor(THREADS) as pool:
        with shared.truth.transaction():  # nobody gets in, so that all wait at the same moment
            waiting = [pool.submit(shared.look, number) for number in range(THREADS)]
            wait_for(lambda: len(shared.commits._records._waiting) == THREADS - 1)
        ids = [one.result(60) for one in waiting]
    assert len(set(ids)) == THREADS
    assert sum(shared.groups) == 2 * THREADS, "none lost, none doubled"
    assert max(shared.groups) >= THREADS - 1
    found = {item.consultation_id: item for item in shared.log.read()}
    for number, consultation_id in enumerate(ids):
        item = found.pop(consultation_id)
        assert item.intent.about == {"number": str(number)}
        assert item.outcome == Outcome(counts={"number": number})
        opened = shared.log.unseal(consultation_id, opened_by="li", approved_by="zhao")
        assert opened == f"typed-{number}", "sealed under its own key"
    assert not found
    sizes = shared.sizes()
    assert max(sizes) == 2 * THREADS
    assert len(sizes) < 2 * THREADS, "a group has one anchor"
    assert [head.size for head in shared.truth.log_heads()] == list(range(1, 2 * THREADS + 1)), "each has its head"


def test_one_alone_waits_for_nobody(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    shared.count_groups(monkeypatch)
    for number in range(3):
        shared.look(number)
    assert shared.groups == [1] * 6


def test_an_intent_is_anchored_also_where_nothing_follows(shared: Shared) -> None:
    shared.log.begin(INTENT)
    wait_for(lambda: shared.sizes() == [1])


def test_nothing_is_shown_before_its_anchor_is_made(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    consultation_id = shared.log.begin(INTENT)
    wait_for(lambda: shared.sizes() == [1])
    anchor, may = shared.keys.anchor, threading.Event()

    def held(head: LogHead, ahead: object = ()) -> None:
        assert may.wait(10)
        anchor(head)

    monkeypatch.setattr(shared.keys, "anchor", held)
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(shared.log.finish, None, consultation_id, Outcome())
        wait_for(lambda: len(list(shared.truth.log_records())) == 2)
        time.sleep(0.05)
        assert not ended.done(), "it is committed, and not shown"
        may.set()
        ended.result(10)
    assert shared.sizes() == [1, 2]


def test_where_no_anchor_can_be_made_nothing_is_shown(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(head: LogHead, ahead: object = ()) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(shared.keys, "anchor", full)
        with pytest.raises(StorageError, match="full"):
            shared.look(1)
        with pytest.raises(StorageError, match="full"):
            shared.log.refuse(INTENT, "no-reason")
    shared.look(2)
    assert max(shared.sizes()) == 5, "the next one stands for them, too"


def test_what_cannot_be_committed_runs_for_nobody_of_a_group(shared: Shared) -> None:
    shared.look(0)
    with ThreadPoolExecutor(THREADS) as pool:
        with shared.truth.transaction():
            shared.now -= timedelta(hours=1)  # a clock that was set back writes nothing
            waiting = [pool.submit(shared.log.begin, INTENT) for _ in range(THREADS)]
            wait_for(lambda: len(shared.commits._records._waiting) == THREADS - 1)
        failed = [one.exception(60) for one in waiting]
    assert all(isinstance(error, StorageError) and "clock" in str(error) for error in failed)
    assert len(list(shared.truth.log_records())) == 2
    shared.now += timedelta(hours=2)
    shared.look(1)


def test_keys_that_wait_for_what_is_typed_end_with_the_server(tmp_path: Path) -> None:
    shared = Shared(tmp_path)
    ids = {shared.look(number) for number in range(3)}
    assert len(shared.keys.sealed() - ids) > 10, "the next records' keys are there already"
    shared.commits.close()
    assert shared.keys.sealed() == ids
    assert shared.keys.erased() == frozenset(), "no record ever had them"
    shared.workspace.close()


def test_a_purge_takes_keys_that_wait_and_the_next_record_has_one_of_its_own(shared: Shared) -> None:
    shared.look(0)
    other = open_workspace(shared.folder / "w", shared.folder / "k", clock=lambda: shared.now)
    shared.now += timedelta(days=1)
    assert ConsultationLog(other.truth, other.keys).purge(shared.now, who="li") == 1
    other.close()
    consultation_id = shared.look(1)
    assert consultation_id not in shared.keys.erased(), "else a restore would take it for a record that was removed"
    assert shared.log.unseal(consultation_id, opened_by="li", approved_by="zhao") == "typed-1"


OTHER = """
import sys
from pathlib import Path
from netpursuit.audit.log import ConsultationLog
from netpursuit.stores.workspace import open_workspace
from tests.audit.test_consultation_log import INTENT, NOON, OUTCOME
folder = Path(sys.argv[1])
workspace = open_workspace(folder / "w", folder / "k", clock=lambda: NOON)
log = ConsultationLog(workspace.truth, workspace.keys)
for _ in range(40):
    log.finish(None, log.begin(INTENT), OUTCOME)
"""


def test_other_processes_write_in_between(shared: Shared) -> None:
    root = Path(__file__).resolve().parents[2]
    others = [subprocess.Popen([sys.executable, "-c", OTHER, str(shared.folder)], cwd=root) for _ in range(2)]
    number, ids = 0, list[str]()
    with ThreadPoolExecutor(8) as pool:
        while any(other.poll() is None for other in others):
            ids += pool.map(shared.look, range(number, number + 8))
            number += 8
    assert [other.returncode for other in others] == [0, 0]
    found = list(shared.log.read())
    assert len(found) == 80 + number
    assert all(item.outcome is not None for item in found)
    mine = {item.consultation_id: item.intent.about.get("number") for item in found}
    assert [mine[consultation_id] for consultation_id in ids] == [str(each) for each in range(number)]


def test_no_record_of_its_own_is_asked_for_inside_a_transaction(shared: Shared) -> None:
    with ThreadPoolExecutor(1) as pool:
        with shared.truth.transaction():
            other = pool.submit(shared.look, 1)
            wait_for(lambda: shared.commits._records._is_led)  # it leads, and waits for this transaction to end
            with pytest.raises(RuntimeError, match="a record of its own inside a transaction"):
                shared.log.begin(INTENT)
        assert other.result(10)


def test_whoever_comes_meanwhile_belongs_to_the_next_group() -> None:
    groups: list[list[int]] = []
    begun, may = threading.Event(), threading.Event()

    def do_all(group: object) -> None:
        groups.append(list(group))  # type: ignore[call-overload]
        begun.set()
        assert may.wait(10)
        if 3 in groups[-1]:
            raise ValueError("of this group")

    together = Together[int](do_all)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(together.do, 1)
        assert begun.wait(10)
        others = [pool.submit(together.do, number) for number in (2, 3)]
        wait_for(lambda: len(together._waiting) == 2)
        may.set()
        first.result(10)
        assert [type(one.exception(10)) for one in others] == [ValueError, ValueError]
        pool.submit(together.do, 4).result(10)
    assert [sorted(group) for group in groups] == [[1], [2, 3], [4]]
