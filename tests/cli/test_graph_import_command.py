"""Graphs from elsewhere through the command line: in whole or not at all, apart from the own, under every promise."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import networkx
import pytest

from netpursuit.enquiry.imported import NOT_HERE
from tests.cli.conftest import AS_OF, Answer, Run, environment
from tests.cli.test_graph_command import open_case

REASON = ("--reason", "check:T-1")
HOSTILE = "'}) DETACH DELETE n //"
CANARY = "ZoephiraCanary"


@pytest.fixture
def ring(command: Run, workspace: Path, fixtures: Path) -> Path:
    """A workspace with a list and the imported graph ``ring``."""
    done = command(
        "graph", "import", fixtures / "graphs" / "ring", "--graph", "ring", "--workspace", workspace, *REASON
    )
    assert done.code == 0, done.err
    return workspace


def ask(command: Run, folder: Path, *arguments: object, graph: str = "ring", case: str = "") -> Any:
    authority = ("--case", case) if case else REASON
    answer = command("graph", *arguments, "--graph", graph, "--workspace", folder, *authority, "--json")
    assert answer.code == 0, answer.err
    return answer.json


def import_text(command: Run, folder: Path, tmp_path: Path, files: dict[str, str], name: str = "g") -> Answer:
    """Import files of these texts."""
    place = tmp_path / "delivered"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for file, text in files.items():
        (place / file).write_text(text, encoding="utf-8")
    return command("graph", "import", place, "--graph", name, "--workspace", folder, *REASON)


def graphs(command: Run, folder: Path) -> list[str]:
    shown = command("graph", "graphs", "--workspace", folder, *REASON, "--json")
    return [graph["graph"] for graph in shown.json]


def log_of(command: Run, folder: Path) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = command(
        "audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json"
    ).json
    return items


def test_the_list_says_what_was_imported_when_and_by_whom(command: Run, ring: Path) -> None:
    (graph,) = command("graph", "graphs", "--workspace", ring, *REASON, "--json").json
    assert (graph["graph"], graph["nodes"], graph["edges"], graph["source"]) == ("ring", 13 - 2, 13, "ring")
    assert graph["imported_by"]
    assert graph["imported_at"]
    assert {file["file"] for file in graph["files"]} >= {"ring.nodes.Person.csv", "ring.relationships.KNOWS.csv"}
    shown = command("graph", "graphs", "--workspace", ring, *REASON)
    assert "ring" in shown.out


def test_neighbours_come_with_what_their_file_states_and_its_line(command: Run, ring: Path) -> None:
    answer = ask(command, ring, "neighbours", "Person:1")
    assert (answer["graph"], answer["imported"]) == ("ring", True)
    rows = {(row["edge"], row["key"]): row for row in answer["rows"]}
    assert rows.keys() == {
        ("HAS_PHONE", "Phone:1"),
        ("KNOWS", "Person:2"),
        ("LIVES_AT", "HomeAddress:Home:1"),
        ("MET", "Meeting:1"),
    }
    assert rows["KNOWS", "Person:2"]["source"] == "imported ring.relationships.KNOWS.csv:2"
    assert rows["KNOWS", "Person:2"]["properties"] == "how: school"
    ada = next(node for node in answer["nodes"] if node["key"] == "Person:1")
    assert ada["label"] == "Ada Sample"
    assert ada["provenance"][0]["properties"] == {"name": "Ada", "surname": "Sample", "born": "1980"}
    # A link without a day of its own has that of the event at its end; 24/08 says how the column writes its days.
    assert rows["MET", "Meeting:1"]["from"] == "2017-08-24"
    assert rows["HAS_PHONE", "Phone:1"]["to"] == "2017-06-30"


def test_links_of_one_kind_between_two_nodes_keep_a_statement_each(command: Run, ring: Path) -> None:
    answer = ask(command, ring, "between", "Phone:1", "Phone:2")
    (edge,) = answer["edges"]
    assert [said["properties"] for said in edge["provenance"]] == [{"seconds": "30"}, {"seconds": "45"}]


def test_a_node_is_named_by_key_label_and_id_any_label_or_name(command: Run, ring: Path) -> None:
    for text in ("Person:2", "person:2", "Officer:2", "Bo Sample", "bo  sample", "Person:Bo Sample"):
        (asked,) = ask(command, ring, "neighbours", text)["parameters"]["nodes"]
        assert asked == "Person:2", text
    assert ask(command, ring, "neighbours", "Phone:000-2")["parameters"]["nodes"] == ["Phone:2"]


def test_a_name_that_several_bear_is_not_guessed(command: Run, ring: Path) -> None:
    several = command("graph", "neighbours", "Cy Example", "--graph", "ring", "--workspace", ring, *REASON)
    assert (several.code, several.out) == (2, "")
    assert "Person:3" in several.err
    assert "Person:5" in several.err
    none = command("graph", "neighbours", "Eve Absent", "--graph", "ring", "--workspace", ring, *REASON)
    assert (none.code, none.out) == (2, "")


def test_a_name_of_more_than_ten_names_none_of_them(command: Run, workspace: Path, tmp_path: Path) -> None:
    rows = "".join(f"{number},fence\n" for number in range(11))
    assert import_text(command, workspace, tmp_path, {"n.csv": f"id,name\n{rows}"}).code == 0
    many = command("graph", "neighbours", "fence", "--graph", "g", "--workspace", workspace, *REASON)
    assert (many.code, many.out) == (2, "")
    assert "n:1" not in many.err


@pytest.mark.parametrize("text", ["Person", "person:", "Person:*", "Person:%", "HomeAddress"])
def test_a_label_alone_is_no_query(command: Run, ring: Path, text: str) -> None:
    for authority in (REASON, ("--case", open_case(command, ring))):
        refused = command("graph", "neighbours", text, "--graph", "ring", "--workspace", ring, *authority)
        assert (refused.code, refused.out) == (4, "")
        assert log_of(command, ring)[-1]["outcome"]["refused"] == "label-query"


def test_groups_of_people_and_ethnicity_are_never_read(command: Run, ring: Path) -> None:
    (graph,) = command("graph", "graphs", "--workspace", ring, *REASON, "--json").json
    assert graph["left_out"] == {"columns": ["民族"], "nodes": 1, "edges": 2}
    (place,) = (ring / "graphs").glob("*.sqlite")
    everything = place.read_bytes()
    assert b"Utopian" not in everything
    assert "民族".encode() not in everything
    for text in ("Utopian", "Nationality:1"):
        assert command("graph", "neighbours", text, "--graph", "ring", "--workspace", ring, *REASON).code == 2


def test_everybody_at_a_place_is_asked_for_under_a_case_only(command: Run, ring: Path) -> None:
    refused = command("graph", "neighbours", "HomeAddress:1", "--graph", "ring", "--workspace", ring, *REASON)
    assert (refused.code, refused.out) == (4, "")
    case = open_case(command, ring)
    answer = ask(command, ring, "neighbours", "HomeAddress:1", case=case)
    assert {row["key"] for row in answer["rows"]} == {"Person:1", "Person:5"}


def test_paths_common_and_timeline(command: Run, ring: Path) -> None:
    (path,) = ask(command, ring, "paths", "Person:1", "Person:4", "--edge", "KNOWS")["rows"]
    assert (path["hops"], path["path"]) == (2, f"Ada Sample —KNOWS→ Bo Sample —KNOWS→ {HOSTILE}")
    common = ask(command, ring, "common", "Person:1", "Person:2")["rows"]
    assert [row["key"] for row in common] == ["Meeting:1"]
    days = [(row["from"], row["edge"]) for row in ask(command, ring, "timeline", "Person:2")["rows"]]
    assert days == [("2017-08-24", "MET"), ("2017-09-03", "MET")]
    later = ask(command, ring, "neighbours", "Phone:1", "--from", "2017-08-01", "--edge", "HAS_PHONE")["rows"]
    assert [row["key"] for row in later] == ["Person:3"]


def test_what_is_shared_is_told_by_the_links_that_lead_to_it(command: Run, ring: Path) -> None:
    for asked in ("Person:1", "Phone:1"):
        rows = ask(command, ring, "shared-phone", asked, "--edge", "HAS_PHONE")["rows"]
        assert [(row["thing"], row["key"]) for row in rows] == [("000-1", "Person:1"), ("000-1", "Person:3")]
    without = command("graph", "shared-phone", "Person:1", "--graph", "ring", "--workspace", ring, *REASON)
    assert (without.code, without.out) == (2, "")
    assert "--edge" in without.err


@pytest.mark.parametrize("analysis", NOT_HERE)
def test_analyses_without_sense_on_free_labels_say_why(command: Run, ring: Path, analysis: str) -> None:
    case = open_case(command, ring)
    refused = command("graph", analysis, "Person:1", "--graph", "ring", "--workspace", ring, "--case", case)
    assert (refused.code, refused.out) == (2, "")
    assert NOT_HERE[analysis] in refused.err


def test_questions_about_many_people_run_under_a_case_only(command: Run, ring: Path) -> None:
    case = open_case(command, ring)
    for analysis in ("expand", "brokers", "communities"):
        refused = command("graph", analysis, "Person:1", "--graph", "ring", "--workspace", ring, *REASON)
        assert (refused.code, refused.out) == (4, ""), analysis
        assert ask(command, ring, analysis, "Person:1", "--hops", "3", case=case)["rows"], analysis
    cut = ask(command, ring, "expand", "Person:1", "--limit", "3", case=case)
    assert (cut["truncated"], len(cut["nodes"])) == (True, 3)
    broker = ask(command, ring, "brokers", "Person:1", "--hops", "2", "--edge", "KNOWS", case=case)["rows"]
    assert [row["key"] for row in broker] == ["Person:2"]


def test_an_unknown_type_of_link_or_graph_is_bad_input(command: Run, ring: Path) -> None:
    wrong = command(
        "graph", "neighbours", "Person:1", "--edge", "LIKES", "--graph", "ring", "--workspace", ring, *REASON
    )
    assert wrong.code == 2
    assert "KNOWS" in wrong.err
    assert command("graph", "neighbours", "Person:1", "--graph", "none", "--workspace", ring, *REASON).code == 2
    leads = ("--with-open-leads", "--graph", "ring", "--workspace", ring, *REASON)
    assert command("graph", "neighbours", "Person:1", *leads).code == 2


def test_a_hostile_value_is_a_value_and_stays_one_in_every_export(command: Run, ring: Path, tmp_path: Path) -> None:
    assert ask(command, ring, "neighbours", HOSTILE)["parameters"]["nodes"] == ["Person:4"]
    case = open_case(command, ring)
    for ending in ("cypher", "graphml", "gexf", "csv"):
        ask(command, ring, "neighbours", HOSTILE, "--out", tmp_path / f"part.{ending}", case=case)
        assert "追逃" in (tmp_path / f"part.{ending}.notice.txt").read_text(encoding="utf-8")
    assert json.dumps(HOSTILE) in (tmp_path / "part.cypher").read_text(encoding="utf-8")
    graph = networkx.read_graphml(tmp_path / "part.graphml")
    assert graph.nodes["Person:4"]["label"] == HOSTILE
    assert json.loads(graph.nodes["Person:4"]["properties"])[0]["born"] == "1990"
    refused = command(
        *("graph", "neighbours", HOSTILE, "--graph", "ring", "--out", tmp_path / "no.csv"),
        *("--workspace", ring, *REASON),
    )
    assert (refused.code, (tmp_path / "no.csv").exists()) == (4, False)


def test_a_hostile_label_is_quoted_in_a_script(command: Run, workspace: Path, tmp_path: Path) -> None:
    label = "A`) DETACH DELETE n //"
    escaped = r"A\u0060) DETACH DELETE n //"
    files = {
        "n.csv": f":ID,name,:LABEL\n1,One,{label}\n2,Two,{escaped}\n",
        "e.csv": ":START_ID,:END_ID,:TYPE\n1,2,`]->() DETACH DELETE n //\n",
    }
    assert import_text(command, workspace, tmp_path, files).code == 0
    case = open_case(command, workspace)
    out = tmp_path / "part.cypher"
    ask(command, workspace, "neighbours", "One", "--out", out, graph="g", case=case)
    script = out.read_text(encoding="utf-8")
    assert "MERGE (n:`A``) DETACH DELETE n //` {key:" in script
    assert r"(n:`A\u005Cu0060) DETACH" in script
    assert "-[r:```]->() DETACH DELETE n //`]->" in script


def test_the_imported_and_the_own_graph_never_meet(command: Run, workspace: Path, tmp_path: Path) -> None:
    before = command("graph", "status", "--workspace", workspace, "--json").json
    files = {
        "n.csv": ":ID,name,:LABEL\nwanted:W1,欧阳志远,Entry\n2,Zoe Elsewhere,Subject\n",
        "e.csv": ":START_ID,:END_ID,:TYPE\n2,wanted:W1,same-as\n",
    }
    assert import_text(command, workspace, tmp_path, files).code == 0
    assert command("graph", "status", "--workspace", workspace, "--json").json == before
    own = command(
        "graph", "neighbours", "Entry:wanted:W1", "--workspace", workspace, *REASON, "--as-of", AS_OF, "--json"
    ).json
    assert "Zoe Elsewhere" not in str(own)
    other = ask(command, workspace, "neighbours", "Entry:wanted:W1", graph="g")
    assert [row["label"] for row in other["rows"]] == ["Zoe Elsewhere"]
    last = log_of(command, workspace)[-1]
    assert last["outcome"]["entries"] == [], "an id of another graph is no id of a list"


def test_plain_tables_of_several_networks_keep_their_ids_apart(command: Run, workspace: Path, fixtures: Path) -> None:
    folder = fixtures / "graphs" / "plain"
    done = command("graph", "import", folder, "--graph", "both", "--workspace", workspace, *REASON, "--json").json
    assert (done["nodes"], done["edges"]) == (5, 3)
    several = command("graph", "neighbours", "Ann", "--graph", "both", "--workspace", workspace, *REASON)
    assert several.code == 2
    rows = ask(command, workspace, "neighbours", "Node:beta:Ann", graph="both")["rows"]
    assert [(row["edge"], row["label"]) for row in rows] == [("LINKED", "Zed")]
    files = (folder / "alpha.nodes.csv", folder / "alpha.edges.csv")
    assert command("graph", "import", *files, "--graph", "one", "--workspace", workspace, *REASON).code == 0
    rows = ask(command, workspace, "neighbours", "Node:Ann", graph="one")["rows"]
    assert [(row["label"], row["properties"]) for row in rows] == [("Bob", "weight: 2.0")]


def test_a_table_of_links_alone_brings_its_nodes(command: Run, workspace: Path, tmp_path: Path) -> None:
    assert import_text(command, workspace, tmp_path, {"net.edges.csv": "from,to,since\nAnn,Bob,2020-01-02\n"}).code == 0
    (row,) = ask(command, workspace, "neighbours", "Ann", graph="g")["rows"]
    assert (row["edge"], row["label"], row["from"]) == ("LINKED", "Bob", "2020-01-02")


NODES = ":ID,name,age:int,:LABEL\n1,Ann,30,Person\n2,Bob,31,Person\n"
WRONG: dict[str, tuple[dict[str, str], str]] = {
    "unknown end": ({"n.csv": NODES, "e.csv": ":START_ID,:END_ID,:TYPE\n1,2,K\n1,9,K\n"}, "e.csv:3: column ':END_ID'"),
    "id twice": ({"n.csv": f"{NODES}1,Cat,3,Person\n"}, "n.csv:4: a second node with the id of another"),
    "no number": ({"n.csv": NODES.replace("31", "old")}, "n.csv:3: column 'age:int' holds no int"),
    "empty id": ({"n.csv": f"{NODES},Cat,3,Person\n"}, "n.csv:4: column ':ID' is empty"),
    "ragged": ({"n.csv": f"{NODES}3,Cat\n"}, "n.csv:4: another number of cells"),
    "open quote": ({"n.csv": f'{NODES}3,"Cat,3,Person\n'}, "n.csv:4: a quote that is not closed"),
    "one end": ({"n.csv": NODES, "e.csv": ":START_ID,:TYPE\n1,K\n"}, "e.csv:1: a table of links without both ends"),
    "neither": (
        {"n.csv": NODES, "x.csv": "colour,size\nred,4\n"},
        "x.csv:1: neither a table of nodes nor one of links",
    ),
    "two ids": ({"n.csv": "a:ID,b:ID,:LABEL\n1,2,P\n"}, "n.csv:1: two columns :ID"),
    "no header": ({"n.csv": "1,Ann\n2,Bob\n"}, "n.csv"),
    "no tables": ({}, "a folder without tables"),
    "no nodes": ({"n.csv": ":ID,name,:LABEL\n"}, "the files hold no node"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_bad_input_says_where_and_imports_nothing(command: Run, workspace: Path, tmp_path: Path, wrong: str) -> None:
    files, said = WRONG[wrong]
    refused = import_text(command, workspace, tmp_path, files)
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert graphs(command, workspace) == []
    assert not [path for path in (workspace / "graphs").glob("*") if path.is_file()]
    assert import_text(command, workspace, tmp_path, {"n.csv": NODES}).code == 0, "the name is free"


def test_a_name_is_taken_once_and_free_again_after_a_drop(command: Run, ring: Path, tmp_path: Path) -> None:
    for name in ("ring", "RING"):
        assert import_text(command, ring, tmp_path, {"n.csv": NODES}, name).code == 2
    assert ask(command, ring, "neighbours", "Person:1")["rows"], "the first is untouched"
    assert command("graph", "drop", "ring", "--workspace", ring, *REASON).code == 0
    assert graphs(command, ring) == []
    assert list((ring / "graphs").iterdir()) == []
    assert command("graph", "neighbours", "Person:1", "--graph", "ring", "--workspace", ring, *REASON).code == 2
    assert command("graph", "drop", "ring", "--workspace", ring, *REASON).code == 2
    assert import_text(command, ring, tmp_path, {"n.csv": NODES}, "ring").code == 0


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a b", "x" * 65])
def test_a_name_leads_out_of_no_folder(command: Run, workspace: Path, tmp_path: Path, name: str) -> None:
    assert import_text(command, workspace, tmp_path, {"n.csv": NODES}, name).code == 2
    assert graphs(command, workspace) == []


@pytest.mark.parametrize("where", ["name", "file", "label"])
def test_registers_of_watched_people_are_refused(command: Run, workspace: Path, tmp_path: Path, where: str) -> None:
    file = "重点人员.csv" if where == "file" else "n.csv"
    text = NODES.replace("Person", "重点人员") if where == "label" else NODES
    refused = import_text(command, workspace, tmp_path, {file: text}, "重点人员" if where == "name" else "g")
    assert (refused.code, refused.out) == (4, "")
    assert graphs(command, workspace) == []
    assert not list((workspace / "graphs").glob("*.sqlite"))


def test_what_came_under_a_case_is_asked_and_dropped_under_it_alone(
    command: Run, workspace: Path, fixtures: Path
) -> None:
    case = open_case(command, workspace)
    place = ("--workspace", workspace)
    brought = ("graph", "import", fixtures / "graphs" / "ring", "--graph", "ring", *place, "--case", case)
    assert command(*brought).code == 0
    assert ask(command, workspace, "neighbours", "Person:1", case=case)["rows"]
    for arguments in (("neighbours", "Person:1", "--graph", "ring"), ("drop", "ring")):
        refused = command("graph", *arguments, *place, *REASON)
        assert (refused.code, refused.out) == (4, "")
    assert command("case", "close", case, *place).code == 0
    assert graphs(command, workspace) == [], "it ends with its case"
    assert not list((workspace / "graphs").glob("*.sqlite*"))
    assert command("graph", "neighbours", "Person:1", "--graph", "ring", *place, *REASON).code == 2


def test_what_came_under_a_case_ends_when_the_case_expires(
    command: Run, workspace: Path, fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(command, workspace)
    place = ("--workspace", workspace)
    for name, authority in (("ring", ("--case", case)), ("kept", REASON)):
        brought = ("graph", "import", fixtures / "graphs" / "ring", "--graph", name, *place, *authority)
        assert command(*brought).code == 0
    later = datetime.now(UTC) + timedelta(days=60)
    monkeypatch.setattr("netpursuit.stores.workspace.utc_now", lambda: later)
    asked = command("graph", "neighbours", "Person:1", "--graph", "ring", *place, "--case", case)
    assert (asked.code, asked.out) == (4, "")
    assert graphs(command, workspace) == ["kept"]
    assert [file.name.split(".")[0] for file in (workspace / "graphs").glob("*.sqlite")] == ["kept"]


def test_import_and_questions_are_on_record_without_what_was_typed(
    command: Run, workspace: Path, tmp_path: Path
) -> None:
    asked = ("--workspace", workspace, *REASON)
    files = {"n.csv": f":ID,name,:LABEL\n1,{CANARY},Person\n2,Bob,Person\n"}
    assert import_text(command, workspace, tmp_path, files).code == 0
    done = log_of(command, workspace)[-1]
    assert (done["verb"], done["outcome"]["counts"]) == ("graph-import", {"nodes": 2, "edges": 0})
    assert len(done["outcome"]["about"]["digest"]) == 64
    assert command("graph", "neighbours", CANARY, "--graph", "g", *asked).code == 0
    assert log_of(command, workspace)[-1]["about"]["graph"] == "g"
    for arguments in (
        ("neighbours", CANARY, "--graph", CANARY),
        ("neighbours", f"Person:{CANARY}X", "--graph", "g"),
        ("drop", CANARY),
        ("import", tmp_path / CANARY, "--graph", CANARY),
    ):
        assert command("graph", *arguments, *asked).code == 2, arguments
        assert CANARY not in str(log_of(command, workspace)[-1])
    assert command("graph", "drop", "g", *asked).code == 0
    assert log_of(command, workspace)[-1]["verb"] == "graph-drop"
    traces = [path for path in workspace.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert traces == []


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
@pytest.mark.parametrize("rows", [2_000, 15_000])
def test_an_import_that_is_killed_has_not_happened(command: Run, workspace: Path, tmp_path: Path, rows: int) -> None:
    """The process stops itself in the middle of the rows, after some of them are written."""
    folder = tmp_path / "big"
    folder.mkdir()
    lines = "".join(f"{number},P{number},Person\n" for number in range(20_000))
    (folder / "n.csv").write_text(f":ID,name,:LABEL\n{lines}", encoding="utf-8")
    code = (
        "import os, signal, sys\n"
        "import netpursuit.sources.graph_tables.reading as reading\n"
        "from netpursuit.cli import run\n"
        "whole = reading.GraphFiles.nodes\n"
        "def nodes(self):\n"
        "    for number, node in enumerate(whole(self)):\n"
        "        if number == int(sys.argv[2]): os.kill(os.getpid(), signal.SIGKILL)\n"
        "        yield node\n"
        "reading.GraphFiles.nodes = nodes\n"
        "sys.exit(run(['graph', 'import', sys.argv[3], '--graph', 'big', '--workspace', sys.argv[1],"
        " '--reason', 'check:T-1']))\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, workspace, str(rows), folder], env=environment(), capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    left = list((workspace / "graphs").iterdir())
    assert left, "something was half written"
    assert graphs(command, workspace) == []
    assert command("graph", "neighbours", "Person:1", "--graph", "big", "--workspace", workspace, *REASON).code == 2
    interrupted = [item for item in log_of(command, workspace) if item["verb"] == "graph-import"]
    assert [item["outcome"] for item in interrupted] == [None]
    for path in left:  # nobody has written there for a while
        os.utime(path, (time.time() - 3_600,) * 2)
    again = ("graph", "import", folder, "--graph", "big", "--workspace", workspace, *REASON)
    assert command(*again).code == 0
    assert not {path.name for path in left} & {path.name for path in (workspace / "graphs").iterdir()}
    assert ask(command, workspace, "neighbours", "Person:1", graph="big")["nodes"]


def test_an_import_whose_record_cannot_be_written_has_not_happened(
    command: Run, workspace: Path, fixtures: Path
) -> None:
    with sqlite3.connect(workspace / "truth.sqlite") as base:
        base.execute(
            "CREATE TRIGGER no_graphs BEFORE INSERT ON setting WHEN NEW.key = 'graphs' "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    base.close()
    place = ("--workspace", workspace, *REASON)
    assert command("graph", "import", fixtures / "graphs" / "ring", "--graph", "ring", *place).code == 1
    assert graphs(command, workspace) == []
    assert list((workspace / "graphs").iterdir()) == []
    with sqlite3.connect(workspace / "truth.sqlite") as base:
        base.execute("DROP TRIGGER no_graphs")
    base.close()
    assert command("graph", "import", fixtures / "graphs" / "ring", "--graph", "ring", *place).code == 0


def test_a_graph_whose_file_is_gone_or_damaged_says_so_and_can_be_dropped(command: Run, ring: Path) -> None:
    place = ("--workspace", ring, *REASON)
    (file,) = (ring / "graphs").glob("*.sqlite")
    file.write_bytes(b"no database at all, but long enough to be read as one" * 50)
    broken = command("graph", "neighbours", "Person:1", "--graph", "ring", *place)
    assert (broken.code, broken.out) == (1, "")
    file.unlink()
    gone = command("graph", "neighbours", "Person:1", "--graph", "ring", *place)
    assert (gone.code, gone.out) == (1, "")
    assert not list((ring / "graphs").glob("*.sqlite")), "a missing graph is not made anew, empty"
    assert command("graph", "drop", "ring", *place).code == 0


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_the_files_are_private(ring: Path) -> None:
    assert (ring / "graphs").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (ring / "graphs").iterdir())


def test_the_page_says_in_both_languages_that_nobody_checked_it(command: Run, ring: Path) -> None:
    for lang, said in (("en", "checked by nobody here"), ("zh", "未经本处核实")):
        shown = command(
            "graph", "neighbours", "Person:1", "--graph", "ring", "--workspace", ring, *REASON, "--lang", lang
        )
        assert shown.code == 0
        assert said in shown.out
