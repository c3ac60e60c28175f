"""Leads that an older program of the same schema has written go on; older schemas: `tests/faults/test_upgrades.py`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from fake_workbench import DAY, FEED, RowsSource, open_bench, person, row, wanted

from netpursuit.engines.local import LocalEngine
from netpursuit.ports.truth import LeadQuery
from netpursuit.review.handling import assign_lead
from netpursuit.screening.run import ScreenRequest, screen

BEN = ("Ben Example", "1981-03-04", "N-81-000-123")


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
    assert not {"assigned", "proposal", "reopened", "outcomes", "opened_at", "lists"} & before.keys(), (
        "left out if empty"
    )
    raw.execute("UPDATE lead SET body = ?", (json.dumps(before),))
    raw.commit()
    raw.close()

    again = open_bench(tmp_path)
    (lead,) = again.truth.leads(LeadQuery(new_since=again.now))
    assert (lead.code, lead.assigned, lead.outcomes) == ("", None, ())
    assert screen(again.desk, request).manifest.counts.leads_unchanged == 1, "a program's name is no change of a lead"
    assign_lead(again.desk, lead.lead_id, "Li Hua")
    assert [item.lead_id for item in again.truth.leads(LeadQuery(assigned="Li Hua"))] == [lead.lead_id]
    again.workspace.close()
