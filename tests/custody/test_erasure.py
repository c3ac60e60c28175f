"""What was erased under an order is gone to the last byte, proved, and stays gone (A14, A17)."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, WHO, Bench, RowsSource, open_bench, person, row, wanted

from netpursuit.custody import erasure
from netpursuit.custody.erasure import Erased, erase_leads, erase_person, prove_erased, replay_ledger, settle_ledger
from netpursuit.custody.graph import compare, drain
from netpursuit.custody.grouping import dissolve_group
from netpursuit.custody.subjects import find_subject
from netpursuit.engines.local import LocalEngine
from netpursuit.enquiry.search import SearchRequest, search
from netpursuit.errors import ErasedError, InputError, RefusedError, StorageError
from netpursuit.gate.case_links import keep_links
from netpursuit.gate.cases import NewCase, open_case
from netpursuit.links.cases import opened_in
from netpursuit.links.keys import document_key
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import Document, EntryKey, LeadState, RunCounts
from netpursuit.records.case_links import CaseLinks
from netpursuit.records.graph import Edge, EdgeKind, LinkSet, Node, NodeKind
from netpursuit.review.handling import reopen_lead
from netpursuit.review.leads import clear_lead, show_lead
from netpursuit.screening.correction import correct_lead
from netpursuit.screening.opening import open_from_query
from netpursuit.screening.run import ScreenRequest, screen
from netpursuit.stores.graph_sqlite import SqliteGraph
from netpursuit.stores.keys import KeyFolder
from netpursuit.stores.writes import SqliteUnitOfWork
from tests.screening.test_every_failed_write import arm
from tests.screening.test_group_leads import grouped

NUMBER = "N80000777"
ANA = person("Zyxwvut Canarina", "1980-01-02", NUMBER)
RENAMED = person("Zyxwvut Third", "1980-01-02", NUMBER)
BEN = person("Ben Example", "1981-03-04", "N81000123")
CANARIES = (b"Canarina", b"canarina", NUMBER.encode())


@pytest.fixture
def led(tmp_path: Path) -> Iterator[Bench]:
    bench = open_bench(tmp_path)
    prepare(bench)
    yield bench
    bench.workspace.close()


def prepare(bench: Bench) -> None:
    """Ana twice on a lead, Ben once; the list names Ana by another spelling, so that her name stands with her alone."""
    bench.add("pub", [wanted("A", "Other Spelling", "1980-01-02", NUMBER), wanted("B", "Ben Example", "1981-03-04")])
    night(bench, row("R1", ANA), row("R2", BEN, line=3), row("R3", ANA, line=4))


def night(bench: Bench, *rows: Any) -> RunCounts:
    bench.now += timedelta(minutes=1)
    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY)
    return screen(bench.desk, request).manifest.counts


def lead_of(bench: Bench, registration: str) -> Any:
    (lead,) = bench.truth.leads(LeadQuery(registration_id=registration))
    return lead


def registrations(bench: Bench) -> set[str]:
    return {lead.key.registration_id for lead in bench.truth.leads()}


def bytes_of(bench: Bench) -> bytes:
    folders = (bench.workspace.folder, bench.workspace.keys.folder)
    return b"".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())


def erase(bench: Bench, *registration: str, order: str = "E-2026/7") -> Erased:
    return erase_leads(bench.desk, [lead_of(bench, item).lead_id for item in registration], order)


def new_part(bench: Bench, case_id: str = "K-1") -> CaseLinks:
    """A case that holds Ana with her number, and somebody else in the same flat."""
    stated = dict.fromkeys(("title", "authority", "legal_basis", "purpose"), "x")
    case = NewCase(case_id=case_id, members=(WHO,), expires_on=DAY + timedelta(days=30), **stated)
    open_case(bench.desk.gate, case, new_id=lambda: case_id)
    number = document_key(Document(number=NUMBER))
    nodes = (
        Node(kind=NodeKind.CONTACT, key="contact:1", label="Zyxwvut Canarina", source="feed f"),
        Node(kind=NodeKind.CONTACT, key="contact:2", label="Somebody Else", source="feed f"),
        Node(kind=NodeKind.DOCUMENT, key=number, label=NUMBER, source="feed f"),
        Node(kind=NodeKind.RENTAL_UNIT, key="unit:1", label="House 1, 101", source="feed f"),
    )
    edges = (
        Edge(kind=EdgeKind.HOLDS_DOCUMENT, start="contact:1", end=number, source="feed f"),
        Edge(kind=EdgeKind.STAYED_AT, start="contact:1", end="unit:1", source="feed f"),
        Edge(kind=EdgeKind.STAYED_AT, start="contact:2", end="unit:1", source="feed f"),
    )
    part = CaseLinks(
        case_id=case_id,
        owner=f"case:{case_id}:drawn:1",
        links=opened_in(LinkSet(nodes=nodes, edges=edges), case_id, ["contact:1", "contact:2"]),
        consultation_id="c-1",
        made_by=WHO,
        made_at=bench.now,
    )
    with bench.truth.transaction() as unit:
        keep_links(unit, part)
    return part


def test_everything_of_a_person_is_found_and_erased_to_the_last_byte(led: Bench) -> None:
    number_alone = person("Zyxwvut Canarina", "", NUMBER)
    asked = search(led.desk, SearchRequest(person=ANA))
    search(led.desk, SearchRequest(person=number_alone))
    open_from_query(led.desk, asked.consultation_id, asked.matches[0].match.key, ANA)
    new_part(led)
    clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="elsewhere", cleared_by="Li Hua")
    graph = SqliteGraph(led.workspace.folder / "graph.sqlite")
    drain(led.truth, graph)
    assert all(canary in bytes_of(led) for canary in CANARIES)
    found = find_subject(led.desk, ANA).holdings
    assert len(found.same) == 3
    assert (len(found.clearances), len(found.parts), len(found.queries)) == (1, 1, 3)
    done = erase_person(led.desk, ANA, "E-2026/7")
    assert len(done.erasure.leads) == 3
    assert (done.clearances, done.case_parts, done.left, done.wal_left) == (1, 1, (), False)
    led.add("pub", [wanted("B", "Ben Example", "1981-03-04")], accept_withdrawals=True)  # the list is its own matter
    drain(led.truth, graph)
    assert compare(led.truth, graph).none
    graph.close()
    assert registrations(led) == {"R2"}
    (part,) = led.truth.case_links("K-1")
    assert {node.label for node in part.links.nodes} == {"Somebody Else", "House 1, 101", "K-1"}
    for canary in (b"Canarina", b"canarina"):
        assert canary not in bytes_of(led)
    for item in found.queries:
        assert led.desk.gate.log.unseal(item, opened_by="a", approved_by="b") is None
    assert led.desk.gate.log.verify() == []
    assert find_subject(led.desk, ANA).holdings.leads == ()


def test_an_opening_that_made_no_lead_leaves_nothing_typed_behind(led: Bench) -> None:
    clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="elsewhere", cleared_by="Li Hua")
    asked = search(led.desk, SearchRequest(person=ANA))
    opened = open_from_query(led.desk, asked.consultation_id, asked.matches[0].match.key, ANA)
    other = search(led.desk, SearchRequest(person=BEN))
    with pytest.raises(InputError):  # another's fields on this query: what was typed is not hers
        open_from_query(led.desk, asked.consultation_id, asked.matches[0].match.key, BEN)
    wrong = list(led.desk.gate.log.read())[-1].consultation_id
    assert opened.lead is None or opened.lead.state is LeadState.CLEARED
    done = erase_person(led.desk, ANA, "E-1")
    assert {asked.consultation_id, opened.consultation_id} <= set(done.erasure.records)
    assert not {other.consultation_id, wrong} & set(done.erasure.records)
    assert led.desk.gate.log.unseal(opened.consultation_id, opened_by="a", approved_by="b") is None


def test_everything_is_searched_before_others_have_to_wait_and_what_changed_meanwhile_is_seen(
    led: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the search and the lock another user clears Ana, and need not wait for it."""
    searched = erasure.holdings_of
    ids = {lead_of(led, name).lead_id for name in ("R1", "R3")}

    def search_while_others_write(*given: Any) -> Any:
        found = searched(*given)
        assert len(found.same) == 2
        assert found.clearances == ()
        clear_lead(led.desk, min(ids), reason="elsewhere", cleared_by="Li Hua")
        return found

    monkeypatch.setattr(erasure, "holdings_of", search_while_others_write)
    done = erase_person(led.desk, ANA, "E-1")
    assert {lead.lead_id for lead in done.erasure.leads} == ids
    assert done.clearances == 1
    assert led.truth.all_clearances() == ()
    assert night(led, row("R9", ANA), row("R2", BEN, line=3)).leads_erased == 1, "the clearance is in the ledger"


def test_a_lead_that_is_gone_or_another_persons_when_the_lock_is_held_is_left_alone(
    led: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = erasure.holdings_of
    mine, gone = lead_of(led, "R1"), lead_of(led, "R3")

    def search_while_others_write(*given: Any) -> Any:
        found = searched(*given)
        with led.truth.transaction() as unit:
            unit.drop_lead(gone.lead_id)
            unit.drop_lead(mine.lead_id)
            unit.put_lead(replace(mine, registered=replace(mine.registered, person=BEN)))
        return found

    monkeypatch.setattr(erasure, "holdings_of", search_while_others_write)
    assert erase_person(led.desk, ANA, "E-1").erasure.leads == ()
    assert led.truth.lead(mine.lead_id) is not None


def test_an_erased_lead_says_when_and_under_which_order_and_the_proof_is_signed(led: Bench) -> None:
    lead = lead_of(led, "R1")
    erase(led, "R1")
    with pytest.raises(ErasedError, match=r"erased on 2026-11-23 under order E-2026/7"):
        show_lead(led.desk, lead.lead_id)
    outcome = list(led.desk.gate.log.read())[-1].outcome
    assert outcome is not None
    assert outcome.counts == {"erased": 1}
    proof = prove_erased(led.desk, lead.lead_id)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    Ed25519PublicKey.from_public_bytes(proof.public_key).verify(proof.signature, proof.message.encode())
    assert lead.lead_id in proof.message
    assert "E-2026/7" in proof.message
    assert "Canarina" not in proof.message
    led.workspace.keys._file.run("UPDATE erasure SET body = replace(body, 'E-2026/7', 'E-2026/8')")
    with pytest.raises(StorageError, match="was changed"):
        prove_erased(led.desk, lead.lead_id)
    with pytest.raises(InputError):
        prove_erased(led.desk, lead_of(led, "R2").lead_id)


def test_an_erased_lead_is_not_made_again_until_an_identifying_field_changes(led: Bench) -> None:
    rows = (row("R1", ANA), row("R2", BEN, line=3), row("R3", ANA, line=4))
    erase(led, "R1", "R3")
    counts = night(led, *rows, row("R4", BEN, line=5))
    assert registrations(led) == {"R2", "R4"}
    assert counts.leads_erased == 2
    moved = replace(ANA, phones=("13800138000",))
    assert night(led, row("R1", moved), *rows[1:]).leads_erased == 2, "a telephone identifies nobody"
    assert night(led, row("R1", RENAMED), *rows[1:]).leads_new == 1
    assert registrations(led) == {"R1", "R2", "R4"}


def test_a_corrected_lead_that_was_erased_is_not_made_again_from_its_uncorrected_source(led: Bench) -> None:
    rows = (row("R1", ANA), row("R2", BEN, line=3), row("R3", ANA, line=4))
    correct_lead(led.desk, lead_of(led, "R1").lead_id, replace(person("Zyxwvut Right")), "C-1", as_of=DAY)
    assert night(led, *rows).leads_new == 0
    erase(led, "R1")
    assert night(led, *rows).leads_erased == 1
    assert registrations(led) == {"R2", "R3"}
    right = replace(ANA, names=person("Zyxwvut Right").names)
    assert night(led, row("R1", right), *rows[1:]).leads_erased == 1, "nor once the source is corrected"
    assert night(led, row("R1", RENAMED), *rows[1:]).leads_new == 1


@pytest.mark.parametrize("grouped_first", [False, True])
def test_erased_leads_stay_erased_when_their_entries_are_grouped_or_no_longer(led: Bench, grouped_first: bool) -> None:
    led.add("own", [wanted("A2", "Other Spelling", "1980-01-02", NUMBER)])
    entries = (EntryKey(list_id="pub", entry_id="A"), EntryKey(list_id="own", entry_id="A2"))
    rows = (row("R1", ANA), row("R2", BEN, line=3))
    group = grouped(led, *entries) if grouped_first else ""
    night(led, *rows)
    found = led.truth.leads(LeadQuery(registration_id="R1", states=(LeadState.OPEN,)))
    assert len(found) == (1 if grouped_first else 2)
    erase_person(led.desk, ANA, "E-1")
    if grouped_first:
        dissolve_group(led.desk, group, dissolved_by="Li Hua")
    else:
        grouped(led, *entries)
    assert night(led, *rows).leads_new == 0
    assert registrations(led) == {"R2"}
    assert night(led, row("R1", RENAMED), rows[1]).leads_new, "an identifying field has changed"


def test_a_changed_entry_shows_an_erased_lead_again(led: Bench) -> None:
    erase(led, "R1", "R3")
    changed = [wanted("A", "Another Name", "1980-01-02", NUMBER), wanted("B", "Ben Example", "1981-03-04")]
    led.add("pub", changed)
    night(led, row("R1", ANA), row("R2", BEN, line=3))
    assert registrations(led) == {"R1", "R2"}


def test_a_new_registration_of_one_whom_nobody_cleared_makes_a_lead(led: Bench) -> None:
    erase(led, "R1", "R3")
    night(led, row("R9", ANA), row("R2", BEN, line=3))
    assert registrations(led) == {"R2", "R9"}


def test_whoever_was_cleared_stays_unasked_after_the_erasure(led: Bench) -> None:
    clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="elsewhere", cleared_by="Li Hua")
    erase_person(led.desk, ANA, "E-1")
    assert led.truth.all_clearances() == ()
    assert night(led, row("R9", ANA), row("R2", BEN, line=3)).leads_erased == 1
    assert registrations(led) == {"R2"}
    night(led, row("R9", RENAMED), row("R2", BEN, line=3))
    assert registrations(led) == {"R2", "R9"}, "an identifying field has changed"


@pytest.mark.parametrize("told", [True, False])
def test_what_the_ledger_keeps_silent_about_an_entry_ends_with_the_entry(
    led: Bench, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    listed = [wanted("A", "Other Spelling", "1980-01-02", NUMBER), wanted("B", "Ben Example", "1981-03-04")]
    rows = (row("R1", ANA), row("R9", ANA, line=5), row("R2", BEN, line=3))
    clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="elsewhere", cleared_by="Li Hua")
    erase_person(led.desk, ANA, "E-1")
    assert night(led, *rows).leads_erased == 2
    led.add("pub", [listed[0]], accept_withdrawals=True)
    led.add("pub", listed)
    assert night(led, *rows).leads_erased == 2, "another entry's end"

    def fail(*_: Any) -> None:
        raise StorageError("the key folder cannot be written")

    if not told:
        monkeypatch.setattr(KeyFolder, "end_entries", fail)
    led.now += timedelta(minutes=1)
    led.add("pub", listed[1:], accept_withdrawals=True)
    led.now += timedelta(minutes=1)
    led.add("pub", listed)
    assert night(led, *rows).leads_new == 2
    assert registrations(led) >= {"R1", "R9"}
    monkeypatch.undo()
    clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="elsewhere", cleared_by="Li Hua")
    led.now += timedelta(minutes=1)
    erase_person(led.desk, ANA, "E-2")
    assert night(led, *rows).leads_erased == 2, "the entry stands on its list again, and so does the silence"


def restored(bench: Bench, folder: Path, backup: bytes) -> Bench:
    """The workspace of a backup, opened beside the present key folder."""
    bench.workspace.close()
    for path in (folder / "workspace").glob("truth.sqlite*"):
        path.unlink()
    (folder / "workspace" / "truth.sqlite").write_bytes(backup)
    return open_bench(folder, datetime(2026, 11, 24, tzinfo=UTC))


def test_a_clearance_that_had_ended_before_an_order_does_not_come_back_with_an_older_backup(tmp_path: Path) -> None:
    bench = open_bench(tmp_path)
    prepare(bench)
    lead_id = lead_of(bench, "R1").lead_id
    clear_lead(bench.desk, lead_id, reason="elsewhere", cleared_by="Li Hua")
    bench.truth.empty_wal()
    backup = (tmp_path / "workspace" / "truth.sqlite").read_bytes()
    bench.now += timedelta(minutes=5)
    reopen_lead(bench.desk, lead_id, name="Li Hua", note="a mistake")
    assert erase_person(bench.desk, ANA, "E-1").clearances == 1
    again = restored(bench, tmp_path, backup)
    assert [item.ended_at for item in again.truth.all_clearances()] == [None], "in force in the backup"
    with again.truth.transaction() as unit:
        replay_ledger(again.truth, again.workspace.keys, unit)
    assert again.truth.all_clearances() == ()
    assert night(again, row("R9", ANA), row("R2", BEN, line=3)).leads_new == 1, "and silences nobody"
    again.workspace.close()


def test_a_restored_backup_replays_the_ledger(tmp_path: Path) -> None:
    bench = open_bench(tmp_path)
    prepare(bench)
    clear_lead(bench.desk, lead_of(bench, "R1").lead_id, reason="elsewhere", cleared_by="Li Hua")
    new_part(bench)
    bench.truth.empty_wal()
    backup = (tmp_path / "workspace" / "truth.sqlite").read_bytes()
    bench.now += timedelta(minutes=5)
    erased = erase_person(bench.desk, ANA, "E-1").erasure
    again = restored(bench, tmp_path, backup)
    assert registrations(again) == {"R1", "R2", "R3"}
    for expected in (tuple(sorted(lead.lead_id for lead in erased.leads)), ()):
        with again.truth.transaction() as unit:
            gone = replay_ledger(again.truth, again.workspace.keys, unit)
        assert tuple(sorted(gone)) == expected, "the same twice changes nothing"
    again.truth.empty_wal()
    assert registrations(again) == {"R2"}
    assert again.truth.all_clearances() == ()
    assert b"Canarina" not in bytes_of(again)
    assert {row.owner for row in again.truth.outbox()} >= {lead.lead_id for lead in erased.leads}
    again.workspace.close()


def test_what_came_anew_since_an_order_is_not_replayed_away(led: Bench) -> None:
    erase(led, "R1", "R3")
    night(led, row("R1", RENAMED), row("R2", BEN, line=3))
    with led.truth.transaction() as unit:
        assert replay_ledger(led.truth, led.workspace.keys, unit) == ()
    assert registrations(led) == {"R1", "R2"}


def test_what_a_case_drew_in_after_an_order_stays_at_a_restore_and_what_it_held_before_goes(led: Bench) -> None:
    before = new_part(led)
    led.now += timedelta(minutes=5)
    erase_person(led.desk, ANA, "E-1")
    led.now += timedelta(minutes=5)
    later = replace(before, owner="case:K-1:drawn:2", made_at=led.now)
    with led.truth.transaction() as unit:
        keep_links(unit, before)  # as a backup from before the order has it
        keep_links(unit, later)
    with led.truth.transaction() as unit:
        replay_ledger(led.truth, led.workspace.keys, unit)
    held = {part.owner: {node.label for node in part.links.nodes} for part in led.truth.case_links("K-1")}
    assert "Zyxwvut Canarina" in held[later.owner]
    assert held[before.owner] == {"Somebody Else", "House 1, 101", "K-1"}


def test_whoever_is_merely_alike_is_named_and_left(led: Bench) -> None:
    night(led, row("R1", ANA), row("R2", BEN, line=3), row("R3", ANA, line=4))
    half = person("Zyxwvut Canarina", "", "N80000555")
    found = find_subject(led.desk, half).holdings
    assert found.same == ()
    assert {item.lead.key.registration_id for item in found.leads} == {"R1", "R3"}
    done = erase_person(led.desk, half, "E-1")
    assert done.erasure.leads == ()
    assert len(done.left) == 2
    assert registrations(led) == {"R1", "R2", "R3"}


def test_a_namesake_of_the_same_day_and_a_placeholder_number_make_nobody_the_same(led: Bench) -> None:
    unknown = replace(ANA, documents=(Document(number="000000000000000000"),))
    night(led, row("R5", replace(unknown, names=BEN.names, birth_dates=BEN.birth_dates)), row("R1", ANA))
    for stated in (person("Zyxwvut Canarina", "1980-01-02", "N80000999"), replace(unknown, birth_dates=())):
        assert find_subject(led.desk, stated).holdings.same == (), stated
    assert len(find_subject(led.desk, person("Zyxwvut Canarina", "1980-01-02")).holdings.same) == 2


def test_only_members_of_a_case_are_told_that_it_is_the_one(led: Bench) -> None:
    new_part(led)
    assert find_subject(led.desk, ANA).cases == ("K-1",)
    case = led.truth.case("K-1")
    with led.truth.transaction() as unit:
        unit.put_case(replace(case, members=("somebody",)))
    answer = find_subject(led.desk, ANA)
    assert (len(answer.holdings.parts), answer.cases) == (1, ())


@pytest.mark.parametrize("order", ["", " ", "order of the court", "110101199003070011", "x" * 65, "a\nb"])
def test_an_order_has_a_number_that_is_nobodys(led: Bench, order: str) -> None:
    with pytest.raises(InputError):
        erase(led, "R1", order=order)
    assert registrations(led) == {"R1", "R2", "R3"}


def test_a_name_alone_or_a_group_is_never_erased(led: Bench) -> None:
    with pytest.raises(InputError, match="several people"):
        erase_person(led.desk, person("Zyxwvut Canarina"), "E-1")
    with pytest.raises(RefusedError):
        erase_person(led.desk, person("*"), "E-1")
    with pytest.raises(InputError, match="no lead"):
        erase_leads(led.desk, [lead_of(led, "R1").lead_id, "L-AAAAAAAAAAAA"], "E-1")
    assert registrations(led) == {"R1", "R2", "R3"}
    assert led.workspace.keys.erasures() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process of its own")
@pytest.mark.parametrize(("where", "erased"), [("begin", False), ("drop_lead", False), ("finish_erasure", True)])
def test_a_kill_at_any_point_leaves_all_or_nothing_and_the_ledger_is_settled(
    tmp_path: Path, where: str, erased: bool
) -> None:
    first = open_bench(tmp_path)
    prepare(first)
    search(first.desk, SearchRequest(person=ANA))
    lead_id, now = lead_of(first, "R1").lead_id, first.now
    first.workspace.close()
    child = os.fork()
    if not child:

        def die(*_: Any) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        bench = open_bench(tmp_path, now)
        KeyFolder.finish_erasure = die if where == "finish_erasure" else KeyFolder.finish_erasure
        SqliteUnitOfWork.drop_lead = die if where == "drop_lead" else SqliteUnitOfWork.drop_lead
        KeyFolder.begin_erasure = die if where == "begin" else KeyFolder.begin_erasure
        erase_person(bench.desk, ANA, "E-1")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    again = open_bench(tmp_path, now)
    keys = again.workspace.keys
    assert len(keys.begun_erasures()) == (where != "begin")
    assert (again.truth.lead(lead_id) is None) is erased
    settle_ledger(again.truth, keys)
    assert (len(keys.erasures()), keys.begun_erasures()) == (int(erased), ())
    assert bool(keys.destroyed()) is erased
    (record,) = [item for item in again.desk.gate.log.read() if item.intent.verb.value == "subject-erase"]
    assert (record.outcome is not None) is erased, "else it reads interrupted"
    assert again.desk.gate.log.verify() == []
    assert len(erase_person(again.desk, ANA, "E-2").erasure.leads) == (0 if erased else 2)
    again.truth.empty_wal()
    assert b"Canarina" not in bytes_of(again)
    again.workspace.close()


def test_whichever_write_fails_it_is_erased_with_its_record_or_not_at_all(tmp_path: Path) -> None:
    first = open_bench(tmp_path / "prepared")
    prepare(first)
    search(first.desk, SearchRequest(person=ANA))
    clear_lead(first.desk, lead_of(first, "R1").lead_id, reason="elsewhere", cleared_by="Li Hua")
    lead_id = lead_of(first, "R1").lead_id
    first.workspace.close()
    fails = done_with_error = 0
    while True:
        fails += 1
        folder = tmp_path / f"copy-{fails}"
        shutil.copytree(tmp_path / "prepared", folder)
        bench = open_bench(folder, first.now)
        counter = arm(bench, fails)
        failed = False
        try:
            erase_person(bench.desk, ANA, "E-1")
        except StorageError:
            failed = True
        bench.workspace.close()
        again = open_bench(folder, first.now)
        settle_ledger(again.truth, again.workspace.keys)
        keys, gone = again.workspace.keys, again.truth.lead(lead_id) is None
        records = [item for item in again.desk.gate.log.read() if item.intent.verb.value == "subject-erase"]
        recorded = bool(records) and records[-1].outcome is not None and "failed" not in records[-1].outcome.about
        assert gone is recorded
        assert (len(keys.erasures()) == 1) is gone
        assert keys.begun_erasures() == ()
        assert (again.truth.all_clearances() == ()) is gone
        assert bool(keys.destroyed()) is gone
        assert (b"Canarina" not in bytes_of(again)) is gone
        assert {item.owner for item in again.truth.outbox()} != set()
        assert again.desk.gate.log.verify() == []
        done_with_error += failed and gone
        again.workspace.close()
        shutil.rmtree(folder)
        if counter["writes"] < fails:
            assert not failed
            break
    assert fails > 15
    assert done_with_error, "a failure after the commit leaves it erased, and the ledger is finished later"
