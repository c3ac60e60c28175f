"""Whatever is grouped, dissolved, decided or withdrawn between nights: nothing is doubled, nothing is lost."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, person, row, wanted
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netpursuit.custody.grouping import accept_group, dissolve_group
from netpursuit.custody.groups import Proposing, propose_groups
from netpursuit.engines.local import LocalEngine
from netpursuit.ids.fingerprints import person_digest
from netpursuit.records import Band, Entry, EntryKey, LeadState, RunCounts
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead
from netpursuit.screening.run import ScreenRequest, screen

BEN = ("Ben Example", "1981-03-04", "N-81-000-123")
PEOPLE = {"R1": person(*BEN), "R2": person(BEN[0], BEN[1])}
ENTRIES = [wanted("1", *BEN), wanted("1", BEN[0], BEN[1]), wanted("1", *BEN), wanted("2", "Ana Other", "1970-01-01")]
LISTS = "abc"
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li Hua", reason="seen")
LIVE = (LeadState.OPEN, LeadState.CONFIRMED)
KEYS = [EntryKey(list_id=list_id, entry_id="1") for list_id in LISTS]

WHICH = st.integers(0, 2)
ACTS = st.lists(
    st.tuples(st.sampled_from(["accept", "accept", "dissolve", "clear", "confirm", "drop", "restore", "part"]), WHICH),
    min_size=2,
    max_size=6,
)


def night(bench: Bench, *ids: str) -> RunCounts:
    rows = [row(name, PEOPLE[name], line=2 + at) for at, name in enumerate(ids)]
    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY)
    return screen(bench.desk, request).manifest.counts


def listed(bench: Bench, at: int, entries: list[Entry]) -> None:
    bench.add(LISTS[at], entries, accept_withdrawals=True)


def act(bench: Bench, name: str, which: int) -> None:
    bench.now += timedelta(minutes=1)
    live = [lead for lead in bench.truth.leads() if lead.state is LeadState.OPEN]
    if name == "accept":
        propose_groups(bench.desk, Proposing(min_band=Band.POSSIBLE, as_of=DAY))
        pairs = [pair for pair in bench.truth.entry_pairs() if not (pair.group_id or pair.decision)]
        there = {key for key in KEYS if bench.truth.entry(key)}
        pairs = [pair for pair in pairs if there.issuperset(pair.members)]
        if pairs:
            accept_group(bench.desk, pairs[which % len(pairs)].pair_id, accepted_by="Li Hua", as_of=DAY)
    elif name == "dissolve" and bench.truth.entry_groups():
        dissolve_group(bench.desk, bench.truth.entry_groups()[0].group_id, as_of=DAY)
    elif name == "clear" and live:
        clear_lead(bench.desk, live[which % len(live)].lead_id, reason="other-appearance", cleared_by="Li Hua")
    elif name == "confirm" and live and not live[which % len(live)].flag.startswith("entry-"):
        confirm_lead(bench.desk, live[which % len(live)].lead_id, STATED, as_of=DAY)
    elif name == "drop":
        listed(bench, which, [ENTRIES[3]])
    elif name == "restore":
        listed(bench, which, [ENTRIES[which], ENTRIES[3]])
    elif name == "part":
        night(bench, "R1")


def is_cleared(bench: Bench, name: str, key: EntryKey) -> bool:
    digest = person_digest(bench.desk.keys, PEOPLE[name])
    return any(item.entry == key and item.ended_at is None for item in bench.truth.clearances(digest))


@settings(max_examples=40, deadline=None)
@given(ACTS)
@example([("confirm", 0), ("confirm", 0), ("accept", 0), ("drop", 0)])
def test_nothing_is_doubled_and_nothing_is_lost(acts: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = open_bench(Path(folder))
        for at in range(3):
            listed(bench, at, [ENTRIES[at], ENTRIES[3]])
        night(bench, *PEOPLE)
        for name, which in acts:
            act(bench, name, which)
            bench.now += timedelta(minutes=1)
            night(bench, *PEOPLE)
            leads = bench.truth.leads()
            for person_id in PEOPLE:
                own = [lead for lead in leads if lead.key.registration_id == person_id]
                shown = [match.key for lead in own if lead.state is LeadState.OPEN for match in lead.matches]
                assert len(shown) == len(set(shown)), "no entry asks twice about one person"
                confirmed = {m.key for lead in own if lead.state is LeadState.CONFIRMED for m in lead.matches}
                for key in KEYS:
                    if bench.truth.entry(key):
                        on_record = key in shown or key in confirmed or is_cleared(bench, person_id, key)
                        assert on_record, f"{person_id} on {key.list_id} after {name}"
                    else:
                        assert key not in shown, "what is withdrawn is asked about no more"
            again = night(bench, *PEOPLE)
            assert (again.leads_new, again.leads_updated, again.leads_withdrawn) == (0, 0, 0)
            assert bench.truth.leads() == leads
        assert bench.desk.gate.log.verify() == []
        bench.workspace.close()
