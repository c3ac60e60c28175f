"""Entries that are one person: proposed from all lists, decided by a named human alone, and looked at again."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, WHO, Bench, person, wanted, warrant

import netpursuit
from netpursuit.api import Workspace
from netpursuit.custody.grouping import accept_group, dissolve_group, reject_group
from netpursuit.custody.groups import Proposing, list_groups, propose_groups, show_group
from netpursuit.custody.references import published_references
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.groups import Groups
from netpursuit.policy.grouping import REJECT_REASONS
from netpursuit.records import Authority, Band, EntryKey, EntryPair, Name, PairState

BEN = ("Ben Example", "1981-03-04", "N-81-000-123")
TWO_NAMES = replace(person(*BEN), names=(Name(text="Ben Example"), Name(text="Benny")))
A, B, C = (EntryKey(list_id=list_id, entry_id="1") for list_id in ("a", "b", "c"))


@pytest.fixture
def listed(bench: Bench) -> Bench:
    """Ben on three lists, and a namesake born on another day on a fourth."""
    for list_id in ("a", "b", "c"):
        bench.add(list_id, [wanted("1", *BEN)])
    bench.add("d", [wanted("1", "Ben Example", "1999-09-09")])
    return bench


def proposed(bench: Bench, **asked: Any) -> tuple[int, int, int]:
    done = propose_groups(bench.desk, Proposing(as_of=DAY, **asked))
    return done.new, done.updated, done.known


def pair_of(bench: Bench, *keys: EntryKey) -> EntryPair:
    return next(pair for pair in bench.truth.entry_pairs() if set(pair.members) == set(keys))


def accepted(bench: Bench, *keys: EntryKey) -> str:
    done = accept_group(bench.desk, pair_of(bench, *keys).pair_id, accepted_by="Li Hua", as_of=DAY)
    assert done.group is not None
    return done.group.group_id


def test_all_lists_are_compared_and_the_same_lists_twice_propose_nothing_new(listed: Bench) -> None:
    assert proposed(listed) == (3, 0, 0)
    assert {frozenset(pair.members) for pair in listed.truth.entry_pairs()} == {
        frozenset(pair) for pair in ((A, B), (A, C), (B, C))
    }
    before = listed.truth.entry_pairs()
    assert proposed(listed) == (0, 0, 3)
    assert listed.truth.entry_pairs() == before
    assert {pair.state for pair in before} == {PairState.PROPOSED}
    assert listed.truth.entry_groups() == (), "nothing is one person because it was proposed"


def test_a_weaker_band_and_pairs_of_one_list_are_proposed_on_demand_only(bench: Bench) -> None:
    bench.add("a", [wanted("1", *BEN), wanted("2", *BEN), wanted("3", "Ben Example", "1981-03-04")])
    assert proposed(bench) == (0, 0, 0)
    assert proposed(bench, within=True) == (1, 0, 0)
    assert proposed(bench, within=True, min_band=Band.POSSIBLE) == (2, 0, 1)


def test_expired_entries_and_organisations_are_in_no_proposal(bench: Bench) -> None:
    bench.add("a", [wanted("1", *BEN)])
    late = wanted("1", *BEN, warrant=warrant(DAY + timedelta(days=20)))
    bench.add("own", [late], own=True)
    done = propose_groups(bench.desk, Proposing(as_of=DAY + timedelta(days=21)))
    assert (done.new, done.compared) == (0, 1)


def test_only_what_was_accepted_is_joined_and_through_others_too(listed: Bench) -> None:
    proposed(listed)
    first = accepted(listed, A, B)
    assert Groups.of(listed.truth).find(C) is None
    assert accepted(listed, B, C) == first, "the older group keeps its id"
    (group,) = listed.truth.entry_groups()
    assert (group.group_id, group.members) == (first, (A, B, C))
    assert proposed(listed) == (0, 0, 0), "what belongs together already is proposed no more"
    assert list_groups(listed.desk, (PairState.PROPOSED,), as_of=DAY).total == 0
    sheet = show_group(listed.desk, first, as_of=DAY)
    states = [view.pair.state for view in sheet.pairs]
    assert states == [PairState.ACCEPTED, PairState.ACCEPTED, PairState.PROPOSED], "what follows is shown with it"
    dissolve_group(listed.desk, first, as_of=DAY)
    assert list_groups(listed.desk, (PairState.PROPOSED,), as_of=DAY).total == 1


def test_two_groups_that_turn_out_to_be_one_person_become_the_older_one(listed: Bench) -> None:
    listed.add("e", [wanted("1", *BEN)])
    proposed(listed)
    first = accepted(listed, A, B)
    listed.now += timedelta(hours=1)
    other = EntryKey(list_id="e", entry_id="1")
    second = accepted(listed, C, other)
    assert accepted(listed, B, C) == first
    (group,) = listed.truth.entry_groups()
    assert second in group.pair_ids
    assert group.members == (A, B, C, other)


def test_nobody_joins_through_others_whom_a_human_has_told_apart(listed: Bench) -> None:
    proposed(listed)
    reject_group(listed.desk, pair_of(listed, A, C).pair_id, reason="other-family", as_of=DAY)
    accepted(listed, A, B)
    with pytest.raises(InputError, match=r"a:1 and c:1 were rejected as one person by officer"):
        accepted(listed, B, C)
    accepted(listed, A, C)
    assert listed.truth.entry_groups()[0].members == (A, B, C)
    with pytest.raises(InputError, match="both entries belong to"):
        reject_group(listed.desk, pair_of(listed, B, C).pair_id, reason="other-family", as_of=DAY)


def test_a_decision_needs_a_name_a_known_id_and_an_open_proposal(listed: Bench) -> None:
    proposed(listed)
    pair = pair_of(listed, A, B).pair_id
    with pytest.raises(InputError, match="nobody says"):
        accept_group(listed.desk, pair, accepted_by=" ", as_of=DAY)
    with pytest.raises(InputError, match="no reason to reject"):
        reject_group(listed.desk, pair, reason="because", as_of=DAY)
    for decide in (
        lambda: accept_group(listed.desk, "G-NONE", accepted_by="Li"),
        lambda: reject_group(listed.desk, "G-NONE", reason="too-little"),
        lambda: dissolve_group(listed.desk, pair),
        lambda: show_group(listed.desk, "G-NONE"),
    ):
        with pytest.raises(InputError, match="there is no"):
            decide()
    accepted(listed, A, B)
    with pytest.raises(InputError, match="accepted already"):
        accepted(listed, A, B)
    with pytest.raises(InputError, match="is accepted"):
        reject_group(listed.desk, pair, reason="too-little", as_of=DAY)


def test_who_decided_when_and_why_stays_on_record(listed: Bench) -> None:
    proposed(listed)
    done = reject_group(listed.desk, pair_of(listed, A, B).pair_id, reason="other-document", as_of=DAY)
    assert (done.pair.decided_by, done.pair.decision, done.pair.decided_at) == (WHO, "other-document", listed.now)
    group = accepted(listed, B, C)
    dissolved = dissolve_group(listed.desk, group, dissolved_by="Ana Ruiz", as_of=DAY)
    assert (dissolved.pair.state, dissolved.pair.decided_by) == (PairState.DISSOLVED, "Ana Ruiz")
    assert listed.truth.entry_groups() == ()
    verbs = [item.intent.verb.value for item in listed.desk.gate.log.read()]
    assert verbs[-4:] == ["groups-propose", "groups-reject", "groups-accept", "groups-dissolve"]
    assert list(listed.desk.gate.log.read())[-1].outcome.entry_ids == ("b:1", "c:1")
    assert accepted(listed, B, C) == group, "what was taken back can be said again"


def test_a_group_outlives_an_update_and_asks_for_another_look_where_an_identifying_field_changed(listed: Bench) -> None:
    proposed(listed)
    group = accepted(listed, A, B)
    same = wanted("1", *BEN, link="https://list.example/1", description="moved to another page")
    listed.add("a", [same])
    sheet = show_group(listed.desk, group, as_of=DAY)
    assert (sheet.pairs[0].changed, sheet.pairs[0].ended) == ((), ())
    listed.add("a", [replace(same, person=TWO_NAMES)])
    (row,) = list_groups(listed.desk, (PairState.ACCEPTED,), as_of=DAY).rows
    changed = row.pairs[0]
    side = "left" if changed.pair.entry == A else "right"
    assert changed.changed == (f"{side}.name",)
    assert accepted(listed, A, B) == group, "looked at, and still one person"
    assert show_group(listed.desk, group, as_of=DAY).pairs[0].changed == ()


def test_a_withdrawn_entry_shows_and_nothing_on_it_can_be_accepted(listed: Bench) -> None:
    proposed(listed)
    group = accepted(listed, A, B)
    listed.add("a", [wanted("2", "Ana Other", "1970-01-01")])
    (view,) = show_group(listed.desk, group, as_of=DAY).pairs
    assert view.ended == ((A, "withdrawn"),)
    assert listed.truth.entry_groups()[0].members == (A, B), "the group goes on"
    with pytest.raises(RefusedError, match="a:1 is withdrawn") as refused:
        accepted(listed, A, C)
    assert refused.value.code == "entry-ended"


def test_a_rejected_pair_stays_rejected_until_an_identifying_field_changes(listed: Bench) -> None:
    proposed(listed)
    reject_group(listed.desk, pair_of(listed, A, B).pair_id, reason="too-little", as_of=DAY)
    assert proposed(listed) == (0, 0, 3)
    assert pair_of(listed, A, B).state is PairState.REJECTED
    listed.add("a", [replace(wanted("1", *BEN), person=TWO_NAMES)])
    proposed(listed)
    again = pair_of(listed, A, B)
    assert (again.state, again.flag) == (PairState.PROPOSED, "changed:left.name")


def test_a_proposal_shows_evidence_references_and_whom_it_would_join(bench: Bench) -> None:
    quoted = warrant(None, document_number="QI.A.86.03")
    bench.add("un", [wanted("QDi.086", *BEN)])
    bench.add("uk", [wanted("6894", *BEN, warrant=quoted)])
    bench.add("us", [wanted("7", "Ben Example", "1981-03-04", warrant=replace(quoted, document_number="TAi.002"))])
    proposed(bench, min_band=Band.POSSIBLE)
    keys = (("un", "QDi.086"), ("uk", "6894"), ("us", "7"))
    un, uk, us = (EntryKey(list_id=list_id, entry_id=entry_id) for list_id, entry_id in keys)
    sheet = show_group(bench.desk, pair_of(bench, un, uk).pair_id, as_of=DAY)
    assert (sheet.pairs[0].same_references, sheet.pairs[0].other_references) == (("QDi.086",), None)
    assert [item.field for item in sheet.pairs[0].pair.match.evidence] == ["name", "birth-date", "document"]
    accepted(bench, un, uk)
    sheet = show_group(bench.desk, pair_of(bench, uk, us).pair_id, as_of=DAY)
    assert set(sheet.pairs[0].other_references or ()) == {"QDi.086", "TAi.002"}
    assert {match.key for _, match in sheet.beside} == {un}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("QDi.086", {"QDi.086"}),
        ("TI.A.1.01", {"TAi.001"}),
        ("QI.M.182.04.", {"QDi.182"}),
        ("QE.M.120.05", set()),
        ("N-81", set()),
    ],
)
def test_former_and_permanent_reference_numbers_are_the_same(text: str, found: set[str]) -> None:
    assert published_references(wanted("1", *BEN, warrant=warrant(None, document_number=text))) == found
    told = wanted("1", *BEN, description=f"UN Ref {text} Father of somebody else (QDi.999).")
    assert published_references(told) == found


def test_without_a_reason_nothing_is_proposed_or_decided(listed: Bench) -> None:
    proposed(listed)
    pair = pair_of(listed, A, B).pair_id
    nobody = listed.as_user(Authority(who=WHO))
    for act in (
        lambda: propose_groups(nobody, Proposing(as_of=DAY)),
        lambda: list_groups(nobody, (PairState.PROPOSED,)),
        lambda: show_group(nobody, pair),
        lambda: accept_group(nobody, pair, accepted_by="Li"),
        lambda: reject_group(nobody, pair, reason="too-little"),
        lambda: dissolve_group(nobody, pair),
    ):
        with pytest.raises(RefusedError):
            act()
    assert {item.state for item in listed.truth.entry_pairs()} == {PairState.PROPOSED}


def test_one_function_alone_makes_a_group_accepted_and_no_program_can() -> None:
    root = Path(netpursuit.__file__).parent
    found = [
        path.relative_to(root).as_posix()
        for path in sorted(root.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "state" and ast.unparse(keyword.value) == "PairState.ACCEPTED"
    ]
    assert found == ["custody/grouping.py"]
    assert [name for name in dir(Workspace) if "accept" in name or "group" in name] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_reason_and_state_has_its_words(lang: str) -> None:
    from netpursuit.catalogue import Catalogue

    words = Catalogue(lang)
    keys = [f"groups.reason.{code}" for code in REJECT_REASONS] + [f"groups.state.{state.value}" for state in PairState]
    keys += [f"groups.ended.{why}" for why in ("withdrawn", "expired", "held-out")]
    keys += [f"lead.flag.{flag}" for flag in ("entry-left", "entry-joined", "cleared-in-part")]
    assert [key for key in keys if key not in words] == []


def test_a_person_asked_for_is_shown_with_all_entries_of_a_group_together(listed: Bench) -> None:
    from netpursuit.enquiry.search import SearchRequest, search

    proposed(listed)
    group = accepted(listed, A, C)
    asked = SearchRequest(person=person(*BEN), as_of=DAY, limit=1)
    answer = search(listed.desk, asked)
    assert [(item.match.key, item.group_id) for item in answer.matches] == [(A, group), (C, group)]
    whole = search(listed.desk, replace(asked, limit=9, min_band=Band.STRONG))
    assert [item.match.key for item in whole.matches] == [A, C, B]
