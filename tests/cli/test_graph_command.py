"""The link graph through the command line, over the whole life of its leads."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Run, environment, register_text

REASON = ("--reason", "check:T-1", "--as-of", AS_OF)


@pytest.fixture
def led(command: Run, workspace: Path, feed: Path, tmp_path: Path) -> Path:
    """Two listed people who stay in one unit, the second from the day on which the first has left; and a stranger."""
    file = tmp_path / "rooms.csv"
    file.write_text(
        register_text(
            "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501室,2026-04-02",
            "R2,章玉琴,1971-11-23,,13800138000,幻县虚构路12号501室,2026-04-04",
            "R4,李明,1990-05-06,,13800138001,幻县虚构路12号501室,2026-04-03",
        ),
        encoding="utf-8",
    )
    assert command("screen", file, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF).code == 0
    return workspace


def leads(command: Run, folder: Path) -> dict[str, str]:
    shown = command("leads", "list", "--workspace", folder, *REASON, "--json").json
    return {lead["registration_id"]: lead["lead"] for lead in shown["leads"]}


def ask(command: Run, folder: Path, *arguments: object, case: str = "") -> dict[str, object]:
    authority = ("--case", case, "--as-of", AS_OF) if case else REASON
    answer = command("graph", *arguments, "--workspace", folder, *authority, "--json")
    assert answer.code == 0, answer.err
    found: dict[str, object] = answer.json
    return found


def labels(answer: dict[str, object], kind: str) -> list[str]:
    return [node["label"] for node in answer["nodes"] if node["kind"] == kind]  # type: ignore[attr-defined]


def equals(command: Run, folder: Path) -> bool:
    """Whether the graph equals the truth, and is just what a rebuild makes."""
    verified = command("graph", "verify", "--workspace", folder, "--json").json["equal"]
    before = command("graph", "status", "--workspace", folder, "--json").json
    rebuilt = command("graph", "rebuild", "--workspace", folder, "--json").json
    return bool(verified) and before["counts"] == rebuilt["counts"] and before["pending"] == 0


def open_case(command: Run, folder: Path) -> str:
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    stated = ("--title", "案件", "--authority", "幻县公安局", "--legal-basis", "立案决定书", "--purpose", "追逃")
    assert command("case", "open", "--id", "K-1", *stated, "--expires", until, "--workspace", folder).code == 0
    return "K-1"


def test_what_hangs_on_a_lead_is_told_with_its_sources_and_strangers_are_not_there(command: Run, led: Path) -> None:
    lead = leads(command, led)["R1"]
    answer = ask(command, led, "neighbours", f"Lead:{lead}", "--with-open-leads")
    assert labels(answer, "Phone") == ["13800138000"]
    assert labels(answer, "RentalUnit")
    edges = {edge["kind"]: edge for edge in answer["edges"]}  # type: ignore[attr-defined]
    assert edges["same-as"]["fact"] is False
    assert edges["same-as"]["provenance"][0]["source"] == f"lead {lead}"
    assert answer["consultation"]
    with sqlite3.connect(led / "graph.sqlite") as base:
        everything = "\n".join(base.iterdump())
    base.close()
    assert "13800138000" in everything
    for stranger in ("李明", "13800138001"):
        assert stranger not in everything
    assert not re.search(r"\bR4\b", everything), "a random id may hold the two characters"


def test_open_leads_are_assessments_and_stay_out_unless_asked_for(command: Run, led: Path) -> None:
    lead = leads(command, led)["R1"]
    assert ask(command, led, "neighbours", f"Lead:{lead}")["rows"] == []
    entry = ask(command, led, "neighbours", "Entry:wanted:W1")
    assert labels(entry, "Subject") == []
    seen = ask(command, led, "neighbours", "Entry:wanted:W1", "--with-open-leads")
    assert labels(seen, "Subject") == ["欧阳志远"]


def test_two_leads_of_one_unit_are_co_residents_and_share_a_telephone(command: Run, led: Path) -> None:
    known = leads(command, led)
    together = ask(command, led, "co-residents", f"Lead:{known['R1']}", "--with-open-leads")["rows"]
    assert [(row["one"], row["other"], row["from"]) for row in together] == [  # type: ignore[attr-defined]
        ("欧阳志远", "章玉琴", "2026-04-04")
    ]
    shared = ask(command, led, "shared-phone", f"Lead:{known['R2']}", "--with-open-leads")["rows"]
    assert {row["label"] for row in shared} >= {"欧阳志远", "章玉琴"}  # type: ignore[attr-defined]
    paths = ask(command, led, "paths", "Entry:wanted:W1", f"Lead:{known['R2']}", "--with-open-leads")
    assert {row["hops"] for row in paths["rows"]} == {3}  # type: ignore[attr-defined]


def test_questions_about_many_people_run_under_a_case_only(command: Run, led: Path) -> None:
    lead = leads(command, led)["R1"]
    for arguments in (("expand", f"Lead:{lead}"), ("hubs",), ("landlords",), ("brokers", f"Lead:{lead}")):
        refused = command("graph", *arguments, "--workspace", led, *REASON, "--json")
        assert (refused.code, refused.out) == (4, ""), arguments
    found = ask(command, led, "expand", f"Lead:{lead}", "--with-open-leads", case=open_case(command, led))
    house = next(node["key"] for node in found["nodes"] if node["kind"] == "Address")  # type: ignore[attr-defined]
    refused = command("graph", "neighbours", house, "--workspace", led, *REASON)
    assert (refused.code, refused.out) == (4, "")
    assert ask(command, led, "neighbours", house, case="K-1")["nodes"]
    hubs = ask(command, led, "hubs", "--with-open-leads", case="K-1")["rows"]
    assert {row["kind"] for row in hubs} == {"RentalUnit", "Phone"}  # type: ignore[attr-defined]


def test_the_graph_follows_every_decision_and_equals_a_rebuild(
    command: Run, led: Path, wanted: tuple[Path, Path]
) -> None:
    known = leads(command, led)
    assert equals(command, led)
    clear = ("leads", "clear", known["R2"], "--name", "Wang", "--why", "elsewhere")
    assert command(*clear, "--workspace", led, *REASON).code == 0
    shown = ask(command, led, "neighbours", "Phone:+8613800138000", "--with-open-leads")
    assert labels(shown, "Subject") == ["欧阳志远"]
    assert command("graph", "neighbours", "章玉琴", "--workspace", led, *REASON).code == 0  # the entry is still listed
    assert equals(command, led)
    assert command("lists", "remove", "wanted", "--workspace", led, *REASON).code == 0
    assert equals(command, led)
    assert command("graph", "neighbours", "Entry:wanted:W1", "--workspace", led, *REASON).code == 2
    listed, mapping = wanted
    add = ("lists", "add", listed, "--list", "wanted", "--mapping", mapping)
    assert command(*add, "--workspace", led, *REASON).code == 0
    assert equals(command, led)


def test_a_graph_that_was_changed_by_hand_is_noticed_and_mended(command: Run, led: Path) -> None:
    assert equals(command, led)
    with sqlite3.connect(led / "graph.sqlite") as base:
        base.execute("UPDATE edge_claim SET note = 'strong, confirmed by nobody'")
        base.execute("DELETE FROM node_claim WHERE node IN (SELECT id FROM node WHERE kind = 'Phone')")
    base.close()
    found = command("graph", "verify", "--workspace", led, "--json")
    assert found.code == 6
    assert found.json["changed"]
    assert command("graph", "verify", "--repair", "--workspace", led).code == 0
    assert equals(command, led)


def test_a_name_that_several_bear_is_not_guessed(command: Run, led: Path) -> None:
    listed = command("graph", "neighbours", "欧阳志远", "--workspace", led, *REASON)
    assert listed.code == 0, "the open lead of that name is not even named"
    several = command("graph", "neighbours", "欧阳志远", "--with-open-leads", "--workspace", led, *REASON)
    assert several.code == 2
    assert "entry:" in several.err
    assert "subject:" in several.err
    assert command("graph", "neighbours", "Entry:欧阳志远", "--workspace", led, *REASON).code == 0
    none = command("graph", "neighbours", "nobody at all", "--workspace", led, *REASON)
    assert (none.code, none.out) == (2, "")


def test_every_question_is_on_record_without_the_text_that_was_typed(command: Run, led: Path) -> None:
    ask(command, led, "neighbours", "Entry:wanted:W1")
    shown = command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").json
    last = next(item for item in reversed(shown) if item["verb"] == "graph")
    assert last["about"]["analysis"] == "neighbours"
    assert last["outcome"]["entries"] == ["wanted:W1"]
    assert "Entry:wanted:W1" not in str(last["about"])


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_drain_that_is_killed_anywhere_goes_on_and_doubles_nothing(command: Run, led: Path) -> None:
    code = (
        "import sys, pathlib, netpursuit.custody.graph as g\n"
        "from netpursuit.wiring import open_desk, open_graph\n"
        "g._AT_ONCE = 1\n"
        "with open_desk(pathlib.Path(sys.argv[1])) as desk:\n"
        "    with open_graph(desk, pathlib.Path(sys.argv[1]), drained=False) as store:\n"
        "        print('ready', flush=True)\n"
        "        while True:\n"
        "            g.rebuild(desk.truth, store)\n"
    )
    for wait in (0.002, 0.01, 0.03, 0.06, 0.1):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(led)], stdout=subprocess.PIPE, env=environment(), text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert command("graph", "verify", "--workspace", led).code == 0
        assert equals(command, led)


def test_a_part_of_the_graph_is_written_to_a_file_under_a_case_only(command: Run, led: Path, tmp_path: Path) -> None:
    lead, out = f"Lead:{leads(command, led)['R1']}", tmp_path / "part.graphml"
    ask_for = ("graph", "neighbours", lead, "--with-open-leads", "--out", out, "--workspace", led)
    refused = command(*ask_for, *REASON)
    assert (refused.code, out.exists()) == (4, False)
    assert command(*ask_for, "--as-of", AS_OF, "--case", open_case(command, led)).code == 0
    assert "追逃" in out.read_text(encoding="utf-8")
    shown = command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").json
    last = next(item for item in reversed(shown) if item["verb"] == "export")
    assert (last["authority"], last["about"]["export"]) == ("case:K-1", "graphml")
    assert last["outcome"]["leads"]


def test_a_list_that_is_not_fresh_is_shouted_and_the_exit_code_says_so(command: Run, led: Path) -> None:
    fresh = command("graph", "neighbours", "Entry:wanted:W1", "--workspace", led, *REASON)
    later = ("--reason", "check:T-1", "--as-of", "2029-01-01")
    stale = command("graph", "neighbours", "Entry:wanted:W1", "--workspace", led, *later)
    assert (fresh.code, stale.code) == (0, 3)
    assert "wanted" in stale.out.partition("\n")[0]
    assert command("graph", "neighbours", "Entry:wanted:W1", "--workspace", led, *later, "--json").json["lists"][0][
        "stale"
    ]


@pytest.mark.parametrize(("name", "kind"), [("part.ftm.json", "ftm.json"), ("part.svg", "svg")])
def test_entities_and_a_picture_are_written_under_a_case_and_on_record(
    command: Run, led: Path, tmp_path: Path, name: str, kind: str
) -> None:
    lead, out = f"Lead:{leads(command, led)['R1']}", tmp_path / name
    ask_for = ("graph", "neighbours", lead, "--with-open-leads", "--out", out, "--workspace", led)
    refused = command(*ask_for, *REASON)
    assert (refused.code, out.exists()) == (4, False)
    done = command(*ask_for, "--as-of", AS_OF, "--case", open_case(command, led))
    assert done.code == 0, done.err
    text = out.read_text(encoding="utf-8")
    for stated in ("追逃", "K-1", "欧阳志远"):
        assert stated in text
    if kind == "ftm.json":
        assert '"schema":"Person","properties":{"name":["欧阳志远"],"program"' not in text, "an open lead is on no list"
    shown = command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").json
    assert next(item for item in reversed(shown) if item["verb"] == "export")["about"]["export"] == kind


def test_what_is_new_is_asked_from_a_day_on_and_beyond_one_hop_under_a_case_only(command: Run, led: Path) -> None:
    lead = f"Lead:{leads(command, led)['R1']}"
    no_day = command("graph", "new-since", lead, "--with-open-leads", "--workspace", led, *REASON)
    assert (no_day.code, no_day.out) == (2, "")
    assert "--from" in no_day.err
    asked = ("new-since", lead, "--with-open-leads")
    rows = ask(command, led, *asked, "--from", "2026-04-02")["rows"]
    found = {(row["from"], row["kind"]) for row in rows}  # type: ignore[attr-defined]
    assert {("2026-04-02", kind) for kind in ("Subject", "Phone", "RentalUnit", "stayed-at", "same-as")} <= found
    assert all(row["source"] for row in rows)  # type: ignore[attr-defined]
    assert ask(command, led, *asked, "--from", "2026-04-03")["rows"] == []
    further = (*asked, "--from", "2026-04-03", "--hops", 2)
    refused = command("graph", *further, "--workspace", led, *REASON)
    assert (refused.code, refused.out) == (4, "")
    under = ask(command, led, *further, case=open_case(command, led))["rows"]
    assert {(row["from"], row["label"]) for row in under} >= {("2026-04-04", "章玉琴")}  # type: ignore[attr-defined]
