"""The log keeps who looked and why, and notices whatever is done to it (promises A1, A2)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from netpursuit.audit.log import ConsultationLog
from netpursuit.errors import RefusedError, StorageError
from netpursuit.records import Authority, Intent, Outcome, Reason, Verb
from netpursuit.stores.workspace import Workspace, open_workspace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
INTENT = Intent(
    verb=Verb.MATCH,
    authority=Authority(who="wang", reason=Reason(code="check", task="2026-07")),
    fields=("name", "birth-date"),
    about={"list": "ours@1"},
    as_of=date(2026, 11, 20),
    sealed='{"name":"canary-typed"}',
)
OUTCOME = Outcome(counts={"matches": 1}, lead_ids=("L-1",), entry_ids=("ours:E1",), about={"digest": "00"})


class Bench:
    """A workspace with its log and a clock that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self.folder = folder
        self.open()

    def open(self) -> None:
        self.workspace: Workspace = open_workspace(self.folder / "w", self.folder / "k", clock=lambda: self.now)
        self.log = ConsultationLog(self.workspace.truth, self.workspace.keys)

    def close(self) -> None:
        self.workspace.close()

    def look(self, times: int = 1) -> list[str]:
        ids = []
        for _ in range(times):
            self.now += timedelta(minutes=1)
            ids.append(self.log.begin(INTENT))
            self.log.finish(None, ids[-1], OUTCOME)
        return ids

    def tamper(self, *statements: str) -> None:
        """What somebody with the workspace alone can do to it."""
        self.close()
        raw = sqlite3.connect(self.folder / "w" / "truth.sqlite")
        for statement in statements:
            raw.execute(statement)
        raw.commit()
        raw.close()
        self.open()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def test_a_consultation_reads_as_it_was_written(bench: Bench) -> None:
    (consultation_id,) = bench.look()
    (found,) = bench.log.read()
    assert found.consultation_id == consultation_id
    assert found.at == found.finished_at == bench.now
    assert found.intent.authority == INTENT.authority
    assert (found.intent.verb, found.intent.fields, found.intent.about) == (Verb.MATCH, INTENT.fields, INTENT.about)
    assert found.intent.as_of == INTENT.as_of
    assert found.intent.sealed == ""
    assert found.outcome == OUTCOME
    assert bench.log.verify() == []


@pytest.mark.parametrize(
    "authority",
    [
        Authority(who="wang", case_id="K-1"),
        Authority(who="wang", feed_purpose="残余: 租房"),
        Authority(who="wang", reason=Reason(code="case", task="a:b")),
        Authority(who="wang"),
    ],
    ids=str,
)
def test_every_authority_comes_back(bench: Bench, authority: Authority) -> None:
    bench.log.begin(Intent(verb=Verb.SCREEN, authority=authority))
    (found,) = bench.log.read()
    assert found.intent.authority == authority


def test_an_intent_without_outcome_reads_interrupted(bench: Bench) -> None:
    bench.log.begin(INTENT)
    (found,) = bench.log.read()
    assert found.outcome is None
    assert bench.log.verify() == []


def test_a_refusal_is_one_record_and_keeps_no_typed_value(bench: Bench) -> None:
    bench.log.refuse(INTENT, "wildcard-name")
    (found,) = bench.log.read()
    assert found.outcome is not None
    assert found.outcome.refused == "wildcard-name"
    assert found.intent.verb is Verb.MATCH
    assert [record.sealed for record in bench.workspace.truth.log_records()] == [None]


def test_parts_belong_to_their_consultation(bench: Bench) -> None:
    consultation_id = bench.log.begin(INTENT)
    for lead_id in ("L-1", "L-2"):
        with bench.workspace.truth.transaction() as unit:
            bench.log.record_part(unit, consultation_id, Outcome(counts={"leads": 1}, lead_ids=(lead_id,)))
    bench.log.finish(None, consultation_id, Outcome(lead_ids=("L-3",)))
    (found,) = bench.log.read()
    assert found.outcome == Outcome(counts={"leads": 2}, lead_ids=("L-1", "L-2", "L-3"))
    assert bench.log.verify() == []


def test_consultations_are_narrowed_by_time(bench: Bench) -> None:
    first, second, third = bench.look(3)
    times = [found.at for found in bench.log.read()]
    assert [found.consultation_id for found in bench.log.read(since=times[1])] == [second, third]
    assert [found.consultation_id for found in bench.log.read(until=times[1])] == [first]


def test_typed_values_are_opened_only_under_a_second_persons_approval(bench: Bench) -> None:
    (consultation_id,) = bench.look()
    for second in ("wang", ""):
        with pytest.raises(RefusedError) as caught:
            bench.log.unseal(consultation_id, opened_by="wang", approved_by=second)
        assert caught.value.code == "second-person"
    assert bench.log.unseal(consultation_id, opened_by="wang", approved_by="li") == INTENT.sealed


def test_typed_values_stand_nowhere_in_the_clear(bench: Bench, tmp_path: Path) -> None:
    bench.look(2)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 2
    for path in files:
        assert b"canary-typed" not in path.read_bytes(), path.name


def test_a_clock_behind_the_last_record_writes_nothing(bench: Bench) -> None:
    bench.look()
    bench.now -= timedelta(seconds=1)
    with pytest.raises(StorageError, match="clock"):
        bench.log.begin(INTENT)
    with pytest.raises(StorageError, match="clock"), bench.workspace.truth.transaction():
        pytest.fail("a transaction began")
    assert len(list(bench.log.read())) == 1


def test_purged_payloads_leave_a_log_that_verifies(bench: Bench, tmp_path: Path) -> None:
    old = bench.look(3)
    boundary = bench.now + timedelta(seconds=1)
    (young,) = bench.look()
    sealed = next(record.sealed for record in bench.workspace.truth.log_records())
    assert bench.log.purge(boundary, who="li") == 3
    assert bench.log.verify() == []
    assert [found.consultation_id for found in bench.log.read()] == [young]
    assert sealed is not None
    assert bench.workspace.keys.unseal(old[0], sealed) is None
    for path in (tmp_path / "w").iterdir():
        assert old[0].encode() not in path.read_bytes(), path.name
    bench.look()
    assert bench.log.purge(bench.now + timedelta(days=1), who="li") == 3  # two consultations and the first purge
    assert bench.log.verify() == []


def test_a_purge_of_nothing_leaves_no_trace(bench: Bench) -> None:
    bench.look()
    assert bench.log.purge(NOON, who="li") == 0
    assert len(list(bench.workspace.truth.log_records())) == 2


DRILLS: dict[str, tuple[str, ...]] = {
    "an edited payload": ("UPDATE log_payload SET payload = replace(payload, 'wang', 'chen') WHERE position = 2",),
    "an edited payload with its leaf": (
        "UPDATE log_payload SET payload = replace(payload, 'wang', 'chen'), salt = x'' WHERE position = 2",
        "UPDATE log SET leaf = x'00' WHERE position = 2",
    ),
    "a payload filed under another consultation": (
        "UPDATE log_payload SET consultation_id = 'C-other' WHERE position = 2",
    ),
    "a payload dated earlier": ("UPDATE log_payload SET at = '2020-01-01T00:00:00+00:00' WHERE position = 2",),
    "an edited salt": ("UPDATE log_payload SET salt = x'00' WHERE position = 2",),
    "exchanged sealed values": (
        "UPDATE log_payload SET sealed = (SELECT sealed FROM log_payload WHERE position = 0) WHERE position = 2",
    ),
    "removed sealed values": ("UPDATE log_payload SET sealed = NULL WHERE position = 2",),
    "a deleted payload": ("DELETE FROM log_payload WHERE position = 2",),
    "a deleted record": ("DELETE FROM log_payload WHERE position = 2", "DELETE FROM log WHERE position = 2"),
    "a deleted record with the rest moved up": (
        "DELETE FROM log_payload WHERE position = 2",
        "DELETE FROM log WHERE position = 2",
        "UPDATE log_payload SET position = position - 1 WHERE position > 2",
        "UPDATE log SET position = position - 1 WHERE position > 2",
        "DELETE FROM log_head WHERE size = (SELECT max(size) FROM log_head)",
    ),
    "two records exchanged": (
        "UPDATE log_payload SET position = -position WHERE position IN (1, 3)",
        "UPDATE log SET position = -position WHERE position IN (1, 3)",
        "UPDATE log SET position = 4 + position WHERE position < 0",
        "UPDATE log_payload SET position = 4 + position WHERE position < 0",
    ),
    "a cut end": (
        "DELETE FROM log_payload WHERE position >= 4",
        "DELETE FROM log WHERE position >= 4",
        "DELETE FROM log_head WHERE size > 4",
    ),
    "an emptied log": (
        "DELETE FROM log_payload",
        "DELETE FROM log",
        "DELETE FROM log_head",
        "DELETE FROM log_edge",
    ),
    "a removed signature": ("DELETE FROM log_head WHERE size = 3",),
    "a signature on another root": ("UPDATE log_head SET root = zeroblob(32) WHERE size = 6",),
    "a forged signature": ("UPDATE log_head SET signature = zeroblob(64) WHERE size = 6",),
    "a head dated earlier": ("UPDATE log_head SET at = '2020-01-01T00:00:00+00:00' WHERE size = 6",),
}


@pytest.mark.parametrize("drill", DRILLS)
def test_tampering_is_noticed(bench: Bench, drill: str) -> None:
    bench.look(3)
    assert bench.log.verify() == []
    bench.tamper(*DRILLS[drill])
    assert bench.log.verify() != []


def copies(bench: Bench) -> Callable[[], None]:
    """Copy the workspace now; the answer puts that copy back."""
    bench.close()
    shutil.copytree(bench.folder / "w", bench.folder / "copy")
    bench.open()

    def restore() -> None:
        bench.close()
        shutil.rmtree(bench.folder / "w")
        shutil.copytree(bench.folder / "copy", bench.folder / "w")
        bench.open()

    return restore


def test_a_workspace_rolled_back_to_an_older_state_is_noticed(bench: Bench) -> None:
    bench.look(2)
    restore = copies(bench)
    bench.look()
    restore()
    assert any("rolled back" in problem for problem in bench.log.verify())


def test_a_workspace_rolled_back_and_continued_is_still_noticed(bench: Bench) -> None:
    bench.look(2)
    restore = copies(bench)
    bench.look()
    restore()
    bench.look(5)
    assert any("rolled back" in problem for problem in bench.log.verify())


def test_a_workspace_started_anew_under_the_same_id_is_noticed(bench: Bench) -> None:
    restore = copies(bench)
    bench.look(2)
    restore()
    assert any("0 records" in problem for problem in bench.log.verify())


def test_a_damaged_tree_is_not_built_upon(bench: Bench) -> None:
    bench.look()
    bench.tamper("UPDATE log_edge SET edge = zeroblob(32)")
    with pytest.raises(StorageError, match="damaged"):
        bench.log.begin(INTENT)


def test_a_changed_leaf_under_a_matching_tree_is_found_by_its_older_heads(bench: Bench) -> None:
    """Somebody who rebuilds the tree over a changed leaf cannot sign it: no honest record follows it."""
    from netpursuit.audit.merkle import Edge

    bench.look()
    leaves = [record.leaf for record in bench.workspace.truth.log_records()]
    edge = Edge().append(b"x" * 32).append(leaves[1])
    bench.tamper(
        f"UPDATE log SET leaf = x'{(b'x' * 32).hex()}' WHERE position = 0",
        f"UPDATE log_edge SET edge = x'{edge.as_bytes().hex()}'",
        f"UPDATE log_head SET root = x'{edge.root().hex()}' WHERE size = 2",
        "DELETE FROM log_payload WHERE position = 0",
        "DELETE FROM log_head WHERE size = 1",
    )
    with pytest.raises(StorageError, match="signed with other keys"):
        bench.look()
    problems = bench.log.verify()
    assert any("anchored outside" in problem for problem in problems)
    assert any("signature" in problem for problem in problems)
