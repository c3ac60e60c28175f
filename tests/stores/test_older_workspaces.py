"""A workspace made by an older version goes on working: its leads are found by their entries, nothing is lost."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from fake_workbench import DAY, FEED, RowsSource, open_bench, person, row, wanted

from netpursuit.engines.local import LocalEngine
from netpursuit.ports.truth import LeadQuery
from netpursuit.review.handling import assign_lead, note_lead
from netpursuit.screening.run import ScreenRequest, screen
from netpursuit.stores.schema import VERSION

BEFORE_3 = (
    "DROP TABLE graph_view; DROP TABLE graph_view_look; DROP INDEX list_entry_by_body; DROP TABLE case_links; "
    "ALTER TABLE outbox RENAME COLUMN owner TO lead_id;"
)
BEN = ("Ben Example", "1981-03-04", "N-81-000-123")


def version_of(file: Path) -> int:
    raw = sqlite3.connect(file)
    found = int(raw.execute("PRAGMA user_version").fetchone()[0])
    raw.close()
    return found


def test_a_workspace_of_the_first_version_is_brought_up_and_nothing_is_lost(tmp_path: Path) -> None:
    request = ScreenRequest(feed=FEED, source=RowsSource([row("R1", person(*BEN))]), engine=LocalEngine(), as_of=DAY)
    bench = open_bench(tmp_path)
    bench.add("pub", [wanted("B", *BEN)])
    screen(bench.desk, request)
    leads, head = bench.truth.leads(), bench.truth.log_head()
    bench.workspace.close()
    file = tmp_path / "workspace" / "truth.sqlite"
    raw = sqlite3.connect(file)
    raw.executescript(f"DROP TABLE lead_entry; DROP TABLE entry_pair; {BEFORE_3} PRAGMA user_version = 1;")
    raw.close()

    again = open_bench(tmp_path)
    assert version_of(file) == VERSION
    assert (again.truth.leads(), again.truth.log_head()) == (leads, head)
    assert again.truth.leads(LeadQuery(list_id="pub", entry_id="B")) == leads
    assert again.truth.entry_groups() == ()
    assert screen(again.desk, request).manifest.counts.leads_unchanged == 1
    assert again.desk.gate.log.verify() == []
    assert again.add("pub", [wanted("C", "Ana Other")]).leads_marked == 1
    again.workspace.close()


def test_a_workspace_made_before_there_were_links_of_cases_keeps_what_waits_for_the_graph(tmp_path: Path) -> None:
    bench = open_bench(tmp_path)
    with bench.truth.transaction() as unit:
        unit.put_outbox("L-1", "upsert", "{}")
    waiting = bench.truth.outbox()
    bench.workspace.close()
    file = tmp_path / "workspace" / "truth.sqlite"
    raw = sqlite3.connect(file)
    raw.executescript(f"{BEFORE_3} PRAGMA user_version = 2;")
    raw.close()

    again = open_bench(tmp_path)
    assert version_of(file) == VERSION
    assert again.truth.outbox() == waiting
    assert again.truth.cases_with_links() == ()
    again.workspace.close()


def test_leads_written_before_they_were_assigned_or_named_their_program_are_read_and_go_on(tmp_path: Path) -> None:
    request = ScreenRequest(feed=FEED, source=RowsSource([row("R1", person(*BEN))]), engine=LocalEngine(), as_of=DAY)
    bench = open_bench(tmp_path)
    bench.add("pub", [wanted("B", *BEN)])
    screen(bench.desk, request)
    bench.workspace.close()
    raw = sqlite3.connect(tmp_path / "workspace" / "truth.sqlite")
    (body,) = raw.execute("SELECT body FROM lead").fetchone()
    before = json.loads(body)
    assert before.pop("code")
    assert not {"assigned", "proposal", "reopened", "outcomes", "notes", "opened_at", "lists"} & before.keys(), (
        "left out if empty"
    )
    raw.execute("UPDATE lead SET body = ?", (json.dumps(before),))
    raw.commit()
    raw.close()

    again = open_bench(tmp_path)
    (lead,) = again.truth.leads(LeadQuery(new_since=again.now))
    assert (lead.code, lead.assigned, lead.outcomes, lead.notes) == ("", None, (), ())
    assert screen(again.desk, request).manifest.counts.leads_unchanged == 1, "a program's name is no change of a lead"
    assign_lead(again.desk, lead.lead_id, "Li Hua")
    assert [item.lead_id for item in again.truth.leads(LeadQuery(assigned="Li Hua"))] == [lead.lead_id]
    note_lead(again.desk, lead.lead_id, name="Li Hua", note="rang")
    assert screen(again.desk, request).manifest.counts.leads_unchanged == 1
    (noted,) = again.truth.leads()
    assert [said.note for said in noted.notes] == ["rang"]
    again.workspace.close()
