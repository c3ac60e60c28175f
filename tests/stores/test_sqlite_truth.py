"""The truth keeps lists, leads, clearances, runs and settings, all of a transaction or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from netpursuit.errors import InputError, StorageError
from netpursuit.ports.truth import LeadQuery, Truth
from netpursuit.records import (
    Band,
    Clearance,
    Entry,
    EntryKey,
    EntryKind,
    Lead,
    LeadKey,
    LeadState,
    ListVersion,
    Match,
    MilliBits,
    Name,
    Person,
    RegisteredPerson,
    Registration,
    Rejected,
    Role,
    RunCounts,
    RunManifest,
    SourceRef,
)
from netpursuit.stores.sqlite import SqliteTruth
from netpursuit.stores.workspace import Workspace, open_workspace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "w", tmp_path / "k", clock=lambda: NOON)
    yield opened
    opened.close()


@pytest.fixture
def truth(workspace: Workspace) -> SqliteTruth:
    return workspace.truth


def entry(entry_id: str, name: str = "Ivan Petrov", line: int = 1, file: str = "list.csv") -> Entry:
    return Entry(
        entry_id=entry_id,
        kind=EntryKind.PERSON,
        person=Person(names=(Name(text=name),)),
        source=SourceRef(file=file, line=line),
    )


def version(number: str, *, list_id: str = "ours", people: int = 1) -> ListVersion:
    return ListVersion(
        list_id=list_id,
        version=number,
        format="mapped",
        publisher="p",
        title="t",
        list_date=date(2026, 11, 20),
        max_age_days=30,
        added_at=NOON,
        own=True,
        people=people,
        others=0,
    )


def lead(number: int = 1, *, state: LeadState = LeadState.OPEN, band: Band = Band.STRONG, bits: int = 20_000) -> Lead:
    key = EntryKey(list_id="ours", entry_id=f"E{number}")
    person = RegisteredPerson(
        role=Role.TENANT, position=0, person_id=f"P{number}", person=Person(names=(Name(text="Ivan Petrov"),))
    )
    return Lead(
        lead_id=f"L-{number:012d}",
        key=LeadKey(feed_id="f", registration_id=f"R{number}", role="tenant", person_ref=f"P{number}", entry=key),
        state=state,
        revision=1,
        match=Match(key=key, millibits=MilliBits(bits), probability=0.99, band=band, capped="", evidence=()),
        registered=person,
        registration=Registration(
            registration_id=f"R{number}", file_digest="00", file="a.csv", line=2, persons=(person,)
        ),
        entry_version="e",
        list_version="1",
        list_date=date(2026, 11, 20),
        policy="p",
        run_id="run-1",
        created_at=NOON,
        updated_at=NOON,
    )


def test_an_update_replaces_the_list_and_the_version_before_stays_readable(truth: Truth) -> None:
    with truth.transaction() as unit:
        unit.put_list_version(version("1"), [entry("a"), entry("b"), entry("c")])
    with truth.transaction() as unit:
        unit.put_list_version(version("2"), [entry("d"), entry("a", "Iwan Petrow"), entry("b")])
    assert [found.entry_id for found in truth.entries("ours")] == ["a", "b", "d"]
    assert [found.entry_id for found in truth.entries("ours", "1")] == ["a", "b", "c"]
    key = EntryKey(list_id="ours", entry_id="a")
    assert truth.entry(key) == entry("a", "Iwan Petrow")
    assert truth.entry(key, "1") == entry("a")
    assert truth.entry(EntryKey(list_id="ours", entry_id="c")) is None
    assert [found.version for found in truth.list_versions()] == ["2"]


def test_an_entry_that_moved_in_its_file_keeps_its_content_once_and_states_its_new_line(workspace: Workspace) -> None:
    truth = workspace.truth
    with truth.transaction() as unit:
        unit.put_list_version(version("1"), [entry("a", line=1)])
    with truth.transaction() as unit:
        unit.put_list_version(version("2"), [entry("z"), entry("a", line=2, file="new.csv")])
    assert [found.source for found in truth.entries("ours", "2")] == [
        SourceRef(file="new.csv", line=2),
        SourceRef(file="list.csv", line=1),
    ]
    raw = sqlite3.connect(workspace.folder / "truth.sqlite")
    assert raw.execute("SELECT count(*) FROM entry_body").fetchone() == (2,)
    raw.close()


def test_an_unchanged_list_writes_no_entries_again(workspace: Workspace) -> None:
    truth = workspace.truth
    for number in ("1", "2", "3"):
        with truth.transaction() as unit:
            unit.put_list_version(version(number), [entry("a"), entry("b")])
    raw = sqlite3.connect(workspace.folder / "truth.sqlite")
    assert raw.execute("SELECT count(*) FROM list_entry").fetchone() == (2,)
    raw.close()
    assert len(list(truth.entries("ours", "2"))) == 2


def test_a_list_may_return_to_an_older_content(truth: Truth) -> None:
    for number, ids in (("1", "ab"), ("2", "b"), ("1", "ab")):
        with truth.transaction() as unit:
            unit.put_list_version(version(number), [entry(entry_id) for entry_id in ids])
    assert [found.entry_id for found in truth.entries("ours")] == ["a", "b"]
    assert [found.entry_id for found in truth.entries("ours", "2")] == ["b"]


def test_many_entries_are_paged_without_loss_or_repetition(truth: Truth) -> None:
    ids = sorted(["", *(f"{number:x}" for number in range(1234))])
    with truth.transaction() as unit:
        unit.put_list_version(version("1"), [entry(entry_id) for entry_id in reversed(ids)])
    assert [found.entry_id for found in truth.entries("ours")] == ids


def test_a_removed_list_matches_no_more_and_its_sealed_version_stays(truth: Truth) -> None:
    with truth.transaction() as unit:
        unit.put_list_version(version("1"), [entry("a")])
    with truth.transaction() as unit:
        unit.remove_list("ours")
    assert truth.list_versions() == ()
    assert list(truth.entries("ours")) == []
    assert [found.entry_id for found in truth.entries("ours", "1")] == ["a"]


def test_digests_stand_for_what_the_entries_say(workspace: Workspace) -> None:
    truth = workspace.truth
    with truth.transaction() as unit:
        unit.put_list_version(version("1"), [entry("a", "Ben Example"), entry("b", "Ann Example")])
    first = dict(truth.entry_digests("ours"))
    assert list(first) == ["a", "b"]
    with truth.transaction() as unit:
        unit.put_list_version(version("2"), [entry("a", "Ben Example", line=9), entry("b", "Anne Example")])
    second = dict(truth.entry_digests("ours"))
    assert second["a"] == first["a"]
    assert second["b"] != first["b"]
    assert dict(truth.entry_digests("ours", "1")) == first
    truth._file.run("UPDATE entry_body SET body = replace(body, 'Ben', 'Bob')")
    with pytest.raises(StorageError, match="was changed in the workspace"):
        list(truth.entry_digests("ours"))


def test_an_entry_id_that_comes_twice_changes_nothing(truth: Truth) -> None:
    with truth.transaction() as unit:
        unit.put_list_version(version("1"), [entry("a")])
    with pytest.raises(InputError, match="comes twice"), truth.transaction() as unit:
        unit.put_list_version(version("2"), [entry("b"), entry("b", line=7)])
    assert [found.entry_id for found in truth.entries("ours")] == ["a"]


def test_an_error_rolls_everything_back(truth: Truth) -> None:
    def fail() -> None:
        with truth.transaction() as unit:
            unit.put_lead(lead())
            unit.put_outbox(lead().lead_id, "put", "{}")
            unit.after_commit(lambda: pytest.fail("ran after a rollback"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert truth.leads() == ()
    assert truth.outbox() == ()


def test_leads_are_found_by_key_and_answered_best_first(truth: Truth) -> None:
    weak, strong, stronger = lead(1, band=Band.WEAK), lead(2), lead(3, bits=30_000)
    with truth.transaction() as unit:
        for one in (weak, strong, stronger):
            unit.put_lead(one)
    assert truth.leads() == (stronger, strong, weak)
    assert truth.leads(limit=1, offset=1) == (strong,)
    assert truth.leads(LeadQuery(bands=(Band.WEAK,))) == (weak,)
    assert truth.leads(LeadQuery(entry_id="E2", states=(LeadState.OPEN, LeadState.CONFIRMED))) == (strong,)
    assert truth.leads(LeadQuery(states=(LeadState.CLEARED,))) == ()
    assert truth.count_leads(LeadQuery(feed_id="f")) == 3
    assert truth.lead_by_key(strong.key) == strong


def test_a_new_revision_keeps_the_one_before_it(truth: Truth) -> None:
    first = lead()
    second = replace(first, revision=2, flag="changed")
    with truth.transaction() as unit:
        unit.put_lead(first)
        unit.put_lead(replace(first, state=LeadState.CONFIRMED))
    with truth.transaction() as unit:
        unit.put_lead(second)
    assert truth.lead(first.lead_id) == second
    assert truth.lead_revisions(first.lead_id) == (replace(first, state=LeadState.CONFIRMED),)


def test_clearances_follow_person_and_entry(truth: Truth) -> None:
    clearance = Clearance(
        person_digest="d",
        entry=EntryKey(list_id="ours", entry_id="a"),
        fingerprints={"left.name": "1"},
        reason="another person",
        cleared_by="wang",
        cleared_at=NOON,
        lead_id="L-1",
    )
    with truth.transaction() as unit:
        unit.put_clearance(clearance)
        unit.put_clearance(replace(clearance, ended_at=NOON))
    assert truth.clearances("d") == truth.clearances_of_entry(clearance.entry) == (replace(clearance, ended_at=NOON),)
    assert truth.clearances("e") == ()


def test_runs_quarantine_outbox_and_settings_are_kept(truth: Truth) -> None:
    run = RunManifest(
        run_id="run-1",
        feed_id="f",
        file="a.csv",
        file_digest="00",
        lists=(("ours", "1"),),
        policy="p",
        as_of=date(2026, 11, 23),
        started_at=NOON,
    )
    bad = Rejected(file_digest="00", file="a.csv", line=3, column="birth_date", reason="bad-date")
    with truth.transaction() as unit:
        unit.put_run(run)
        unit.checkpoint("run-1", 2000)
        unit.put_rejected("run-1", [bad, bad, replace(bad, line=4)])
        unit.put_outbox("L-1", "put", '{"a":1}')
        unit.put_outbox("L-2", "drop", "{}")
        unit.put_setting("k", "v")
        assert truth.setting("k") == "v"
    with truth.transaction() as unit:
        unit.put_run(replace(run, counts=RunCounts(read=2), finished_at=NOON))
        unit.drop_outbox(truth.outbox()[0].number)
        unit.put_setting("k", None)
    assert truth.run("run-1") == replace(run, counts=RunCounts(read=2), finished_at=NOON)
    assert truth.runs("f") == truth.runs()
    assert truth.rows_done("run-1") == 2000
    assert [row.line for row in truth.quarantine(run_id="run-1")] == [3, 4]
    assert truth.quarantine(file_digest="01") == ()
    assert [(row.owner, row.kind) for row in truth.outbox()] == [("L-2", "drop")]
    assert truth.setting("k") is None


def test_a_transaction_inside_another_is_a_mistake(truth: Truth) -> None:
    with pytest.raises(RuntimeError), truth.transaction(), truth.transaction():
        pass
    with truth.transaction() as unit:
        unit.put_setting("still", "works")
    assert truth.setting("still") == "works"


def test_a_second_process_sees_what_is_committed_and_no_more(tmp_path: Path) -> None:
    first = open_workspace(tmp_path / "w", tmp_path / "k", clock=lambda: NOON)
    second = open_workspace(tmp_path / "w", tmp_path / "k", clock=lambda: NOON)
    assert second.truth.workspace_id == first.truth.workspace_id
    with first.truth.transaction() as unit:
        unit.put_setting("k", "v")
        assert second.truth.setting("k") is None
    assert second.truth.setting("k") == "v"
    first.close()
    second.close()


def test_a_damaged_record_is_named_as_such_and_not_half_read(workspace: Workspace) -> None:
    with workspace.truth.transaction() as unit:
        unit.put_lead(lead())
    raw = sqlite3.connect(workspace.folder / "truth.sqlite")
    raw.execute("""UPDATE lead SET body = '{"lead_id":"L-1"}'""")
    raw.commit()
    raw.close()
    with pytest.raises(StorageError, match="expected a Lead"):
        workspace.truth.leads()


def test_what_is_deleted_leaves_the_files(workspace: Workspace) -> None:
    canary = "canary-8f2e5d"
    with workspace.truth.transaction() as unit:
        unit.put_setting(canary, canary * 500)
    with workspace.truth.transaction() as unit:
        unit.put_setting(canary, None)
    workspace.truth.empty_wal()
    for path in workspace.folder.rglob("*"):
        assert canary.encode() not in path.read_bytes(), path.name


def test_time_between_records_may_stand_still(tmp_path: Path) -> None:
    now = [NOON]
    workspace = open_workspace(tmp_path / "w", tmp_path / "k", clock=lambda: now[0])
    now[0] -= timedelta(hours=1)  # nothing is on record yet that this could contradict
    with workspace.truth.transaction() as unit:
        unit.put_setting("k", "v")
    workspace.close()


def test_who_reads_beside_waits_for_no_commit_and_sees_what_is_committed(truth: SqliteTruth) -> None:
    truth.read_beside()
    with ThreadPoolExecutor(1) as other:
        with truth.transaction() as unit:
            unit.put_setting("kept", "new")
            assert truth.setting("kept") == "new", "one's own"
            assert other.submit(truth.setting, "kept").result(10) is None, "not yet, and at once"
        assert other.submit(truth.setting, "kept").result(10) == truth.setting("kept") == "new"
    truth.empty_wal()
    assert truth.setting("kept") == "new"
