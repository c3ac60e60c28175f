"""Saved sequences of questions through the command line: right on any case, checked whole, and naming nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import netpursuit.enquiry.graph
from netpursuit.enquiry.graph import GraphAnswer
from netpursuit.links.sequences import MOST_CARRIED
from tests.cli.conftest import AS_OF, Answer, Run, register_text, start

REASON = ("--reason", "check:T-1")
SEQUENCES = Path(__file__).parents[2] / "docs" / "sequences"
SHARED = SEQUENCES / "shared-phones-of-co-residents.toml"
LATELY = SEQUENCES / "lately-around-a-person.toml"
CANARY = "ZoephiraCanary"


@pytest.fixture
def houses(command: Run, workspace: Path, feed: Path, tmp_path: Path) -> Path:
    """Two units, each with two listed people on the same days; in each house one of them uses a telephone with whoever
    lives elsewhere: of the first unit with R5, of the second with nobody."""
    file = tmp_path / "rooms.csv"
    rows = (
        "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501室,2026-04-02",
        "R2,章玉琴,1971-11-23,,13800138001,幻县虚构路12号501室,2026-04-04",
        "R3,章玉琴,1971-11-23,,13800138002,幻县虚构路99号101室,2026-04-06",
        "R4,阿卜杜热西提·买买提,1966-06-06,,13800138003,幻县虚构路99号101室,2026-04-07",
        "R5,阿卜杜热西提·买买提,1966-06-06,,13800138001,幻县虚构路55号301室,2026-04-08",
    )
    file.write_text(register_text(*rows), encoding="utf-8")
    assert command("screen", file, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF).code == 0
    for case in ("K-1", "K-2"):
        open_case(command, workspace, case)
    return workspace


@pytest.fixture
def ring(command: Run, workspace: Path, fixtures: Path) -> Path:
    """A workspace with the imported graph ``ring``."""
    imported = ("graph", "import", fixtures / "graphs" / "ring", "--graph", "ring")
    assert command(*imported, "--workspace", workspace, *REASON).code == 0
    open_case(command, workspace, "K-1")
    return workspace


def open_case(command: Run, folder: Path, case: str) -> None:
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    stated = ("--title", "案件", "--authority", "幻县公安局", "--legal-basis", "立案决定书", "--purpose", "追逃")
    assert command("case", "open", "--id", case, *stated, "--expires", until, "--workspace", folder).code == 0


def leads(command: Run, folder: Path) -> dict[str, str]:
    shown = command("leads", "list", "--workspace", folder, *REASON, "--as-of", AS_OF, "--json").json
    return {lead["registration_id"]: f"Lead:{lead['lead']}" for lead in shown["leads"]}


def saved(folder: Path, text: str) -> Path:
    file = folder / "sequence.toml"
    file.write_text(text, encoding="utf-8")
    return file


def run(command: Run, folder: Path, *arguments: object, case: str = "K-1") -> Answer:
    return command("graph", "run", *arguments, "--workspace", folder, "--case", case, "--as-of", AS_OF)


def run_json(command: Run, folder: Path, *arguments: object, case: str = "K-1") -> Any:
    answer = run(command, folder, *arguments, "--json", case=case)
    assert answer.code == 0, answer.err
    return answer.json


def log_of(command: Run, folder: Path) -> list[dict[str, Any]]:
    """The questions to the graph that are on record, the latest last."""
    shown = command("audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json").json
    return [item for item in shown if item["verb"] == "graph"]


def names(step: dict[str, Any], column: str = "label") -> set[str]:
    return {row[column] for row in step["rows"]}


def registrations(step: dict[str, Any]) -> set[str]:
    """Of which registrations the people in an answer are."""
    found = (re.search(r"R\d", node["key"]) for node in step["nodes"] if node["kind"] == "Subject")
    return {match[0] for match in found if match}


def test_the_same_file_answers_rightly_on_two_cases(command: Run, houses: Path) -> None:
    known = leads(command, houses)
    one = run_json(command, houses, SHARED, known["R1"], "--with-open-leads", case="K-1")
    other = run_json(command, houses, SHARED, known["R4"], "--with-open-leads", case="K-2")
    assert [step["analysis"] for step in one["steps"]] == ["co-residents", "shared-phone", "timeline"]
    (pair,) = one["steps"][0]["rows"]
    assert ({pair["one"], pair["other"]}, pair["from"]) == ({"欧阳志远", "章玉琴"}, "2026-04-04")
    assert registrations(one["steps"][0]) == {"R1", "R2"}
    # Who shares a telephone with the one in the unit who is not the one that was started from.
    assert names(one["steps"][1], "thing") == {"13800138001"}
    assert names(one["steps"][1]) == {"章玉琴", "阿卜杜热西提·买买提"}
    assert registrations(one["steps"][1]) == {"R1", "R2", "R5"}
    days = [row["from"] for row in one["steps"][2]["rows"] if row["edge"] == "stayed-at"]
    assert days == ["2026-04-02", "2026-04-04", "2026-04-08"]
    (pair,) = other["steps"][0]["rows"]
    assert ({pair["one"], pair["other"]}, pair["from"]) == ({"章玉琴", "阿卜杜热西提·买买提"}, "2026-04-07")
    assert registrations(other["steps"][0]) == {"R3", "R4"}
    assert other["steps"][1]["rows"] == []
    cases = {item["authority"] for item in log_of(command, houses)}
    assert cases == {"case:K-1", "case:K-2"}


def test_each_step_answers_as_the_single_question_does(command: Run, houses: Path) -> None:
    lead = leads(command, houses)["R1"]
    steps = run_json(command, houses, SHARED, lead, "--with-open-leads")["steps"]
    single = ("--with-open-leads", "--workspace", houses, "--case", "K-1", "--as-of", AS_OF, "--json")
    first = command("graph", "co-residents", lead, *single).json
    people = [node["key"] for node in first["nodes"] if node["kind"] == "Subject"]
    second = command("graph", "shared-phone", *people, *single).json
    for step, answer in zip(steps, (first, second), strict=False):
        own = {key: value for key, value in step.items() if key not in ("step", "consultation")}
        assert own == {key: value for key, value in answer.items() if key != "consultation"}


def test_what_is_dated_lately_is_counted_from_the_day_of_asking(command: Run, houses: Path) -> None:
    lead = leads(command, houses)["R1"]
    lately, order, joins, phones = run_json(command, houses, LATELY, lead, "--with-open-leads")["steps"]
    assert (lately["parameters"]["from"], lately["parameters"]["hops"]) == ("2026-01-10", 3)
    assert registrations(lately) == {"R1", "R2"}
    assert [(row["from"], row["start"]) for row in order["rows"] if row["edge"] == "stayed-at"] == [
        ("2026-04-02", "欧阳志远"),
        ("2026-04-04", "章玉琴"),
    ]
    assert ("RentalUnit", 2) in {(row["kind"], row["joins"]) for row in joins["rows"]}
    assert registrations(phones) == {"R1", "R2", "R5"}
    assert names(phones, "thing") == {"13800138001"}


def test_a_day_that_is_told_by_its_distance_goes_with_the_day_of_asking(
    command: Run, houses: Path, tmp_path: Path
) -> None:
    lead = leads(command, houses)["R1"]
    text = 'name = "n"\n[[step]]\nanalysis = "succession"\nnodes = "start"\nto = { days_ago = %d }\n'
    found = {}
    for days in (6, 7):
        (step,) = run_json(command, houses, saved(tmp_path, text % days), lead, "--with-open-leads")["steps"]
        found[days] = (step["parameters"]["to"], [row["from"] for row in step["rows"]])
    assert found == {6: ("2026-04-04", ["2026-04-02", "2026-04-04"]), 7: ("2026-04-03", ["2026-04-02"])}


def test_the_same_file_twice_gives_the_same_but_for_the_consultations(command: Run, houses: Path) -> None:
    lead = leads(command, houses)["R1"]
    for file in (SHARED, LATELY):
        once, again = (run_json(command, houses, file, lead, "--with-open-leads") for _ in range(2))
        ids = [
            {step.pop("consultation") for step in answer["steps"] if not step["step"]["skipped"]}
            for answer in (once, again)
        ]
        assert all(ids)
        assert ids[0].isdisjoint(ids[1])
        assert json.dumps(once) == json.dumps(again)


def test_no_open_lead_is_shown_or_followed_unless_asked_for(command: Run, houses: Path) -> None:
    lead = leads(command, houses)["R1"]
    answer = run_json(command, houses, SHARED, lead)
    assert [step["step"]["skipped"] for step in answer["steps"]] == [False, True, True]
    assert (answer["steps"][0]["rows"], answer["steps"][0]["nodes"]) == ([], [])
    for nodes in (lead, "Entry:wanted:W1"):
        for file in (SHARED, LATELY):
            text = run(command, houses, file, nodes, "--json").out
            assert '"fact": false' not in text
            assert "13800138001" not in text
    assert '"fact": false' in run(command, houses, SHARED, lead, "--with-open-leads", "--json").out


def test_a_step_without_nodes_is_skipped_and_says_so(command: Run, houses: Path, tmp_path: Path) -> None:
    # Hubs of no nodes would be those of the whole graph.
    file = saved(
        tmp_path,
        'name = "n"\n[[step]]\nname = "near"\nanalysis = "expand"\nhops = 1\nnodes = "start"\n'
        '[[step]]\nname = "mails"\nanalysis = "hubs"\nnodes = { step = "near", kind = "Email" }\n'
        '[[step]]\nanalysis = "timeline"\nnodes = { step = "mails", kind = "Subject" }\n'
        '[[step]]\nanalysis = "common"\nnodes = { step = "near", kind = "Subject" }\n'
        '[[step]]\nanalysis = "hubs"\n',
    )
    lead = leads(command, houses)["R1"]
    before = len(log_of(command, houses))
    steps = run_json(command, houses, file, lead, "--with-open-leads")["steps"]
    assert [step["step"]["skipped"] for step in steps] == [False, True, True, True, False]
    assert steps[1] == {
        "step": {
            "number": 2,
            "name": "mails",
            "nodes": {"step": "near", "kind": "Email", "found": 0, "asked": 0, "truncated": False},
            "skipped": True,
        },
        "analysis": "hubs",
    }
    assert steps[3]["step"]["nodes"]["found"] == 1, "one alone has nothing in common"
    assert steps[4]["rows"], "a step that names no nodes asks the whole graph"
    assert len(log_of(command, houses)) - before == 2, "what is skipped is no consultation"
    shown = run(command, houses, file, lead, "--with-open-leads", "--lang", "en").out
    assert shown.count("Skipped, nothing was asked") == 3
    assert run(command, houses, file, lead, "--with-open-leads", "--lang", "zh").out.count("已跳过") == 3


def test_each_step_is_on_record_with_its_outcome_and_no_text_of_anybody(
    command: Run, houses: Path, tmp_path: Path
) -> None:
    text = SHARED.read_text(encoding="utf-8")
    text = text.replace("together", CANARY).replace('name = "Who', f'name = "{CANARY} who')
    file = saved(tmp_path, text)
    lead = leads(command, houses)["R1"]
    before = len(log_of(command, houses))
    answer = run_json(command, houses, file, lead, "--with-open-leads")
    asked = log_of(command, houses)[before:]
    assert [item["about"]["step"] for item in asked] == ["1", "2", "3"]
    assert {item["about"]["sequence"] for item in asked} == {answer["sequence"]["digest"]}
    assert [item["about"]["analysis"] for item in asked] == ["co-residents", "shared-phone", "timeline"]
    assert [item["consultation"] for item in asked] == [step["consultation"] for step in answer["steps"]]
    for item, step in zip(asked, answer["steps"], strict=True):
        assert item["outcome"]["counts"]["rows"] == len(step["rows"])
        assert item["outcome"]["refused"] is None
    assert command("audit", "verify", "--workspace", houses).code == 0
    kept = [path for place in (houses, houses.with_name("ws-keys")) for path in place.rglob("*") if path.is_file()]
    assert len(kept) > 3
    assert [path.name for path in kept if CANARY.encode() in path.read_bytes()] == []


def test_a_sequence_runs_under_a_case_only_and_the_refusal_is_on_record(command: Run, houses: Path) -> None:
    lead = leads(command, houses)["R1"]
    before = len(log_of(command, houses))
    for extra in ((), ("--json",)):
        refused = command("graph", "run", SHARED, lead, "--workspace", houses, *REASON, *extra)
        assert (refused.code, refused.out) == (4, "")
    asked = log_of(command, houses)[before:]
    assert [item["outcome"]["refused"] for item in asked] == ["sequence-case"] * 2
    unknown = run(command, houses, SHARED, lead, case="K-9")
    assert (unknown.code, unknown.out) == (4, "")


def test_a_refused_step_ends_the_sequence_and_what_was_answered_stays(
    command: Run, houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = leads(command, houses)["R1"]
    closing = ["case", "close", "--workspace", str(houses)]
    asked: list[str] = []
    inner: Callable[..., GraphAnswer] = netpursuit.enquiry.graph.ask_graph

    def ask(desk: Any, store: Any, request: Any) -> GraphAnswer:
        """The real question; after the first of a run a colleague closes the case in a process of their own."""
        answer = inner(desk, store, request)
        if not asked:
            process = start(*closing, desk.authority.case_id)
            _, error = process.communicate(timeout=60)
            assert process.returncode == 0, error
        asked.append(request.analysis)
        return answer

    monkeypatch.setattr(netpursuit.enquiry.graph, "ask_graph", ask)
    before = len(log_of(command, houses))
    stopped = run(command, houses, SHARED, lead, "--with-open-leads", "--json")
    assert stopped.code == 4
    assert asked == ["co-residents"]
    assert [step["analysis"] for step in stopped.json["steps"]] == ["co-residents"]
    assert len(stopped.json["steps"][0]["rows"]) == 1
    assert stopped.json["stopped"] == {"number": 2, "refused": "case-closed"}
    outcomes = [item["outcome"]["refused"] for item in log_of(command, houses)[before:]]
    assert outcomes == [None, "case-closed"], "the third was not even tried"
    asked.clear()
    shown = run(command, houses, SHARED, lead, "--with-open-leads", "--lang", "en", case="K-2")
    assert shown.code == 4
    assert "欧阳志远" in shown.out
    assert "Step 1 of 3" in shown.out
    assert "Step 2 of 3" not in shown.out
    assert "before step 2 of 3" in shown.err


def test_steps_are_shown_under_their_headings_in_both_languages(command: Run, houses: Path) -> None:
    lead = leads(command, houses)["R1"]
    english = run(command, houses, SHARED, lead, "--with-open-leads", "--lang", "en").out
    assert "Who shares a telephone with those who shared a unit" in english
    places = [
        english.index(f"Step {number} of 3 · {what}")
        for number, what in enumerate(("together: co-residents", "phones: shared-phone", "timeline"), 1)
    ]
    assert places == sorted(places)
    assert "Asked of 2 of 2 nodes of kind Subject in the answer of step together." in english
    assert english.count("It is no ground for anything by itself.") == 3
    chinese = run(command, houses, SHARED, lead, "--with-open-leads", "--lang", "zh").out
    assert "同住人员的共用电话" in chinese
    assert "第 1 步（共 3 步）" in chinese


WRONG = """
name = " "
colour = "red"
[[step]]
name = "a b"
analysis = "neighbors"
nodes = "start"
hops = 9
[[step]]
name = "x"
analysis = "co-residents"
nodes = { step = "later", kind = "Fone" }
from = "2026-02-30"
limit = true
[[step]]
name = "later"
analysis = "timeline"
nodes = { step = "nowhere", kind = "Phone" }
from = 2026-03-01
to = 2026-02-01
edge = ["stayed"]
[[step]]
name = "x"
analysis = "paths"
nodes = { step = "x", kind = "Subject" }
from = { days_ago = -1 }
[[step]]
analysis = "expand"
[[step]]
analysis = "new-since"
nodes = "start"
"""


def test_all_that_is_wrong_with_a_file_is_told_together_and_nothing_runs(
    command: Run, houses: Path, tmp_path: Path
) -> None:
    before = len(log_of(command, houses))
    refused = run(command, houses, saved(tmp_path, WRONG), "Entry:wanted:W1")
    assert (refused.code, refused.out) == (2, "")
    for told in (
        "sequence.toml: ",
        "name: missing",
        "colour: unknown key, expected name",
        "step 1: name: letters",
        "step 1: analysis: no analysis is called 'neighbors', expected neighbours, ",
        "step 1: hops: expected a number from 1 to 8",
        "step 2: nodes: step: 'later' is step 3, a later one, expected the name of an earlier step",
        "step 2: nodes: kind: unknown kind 'Fone', expected Subject, ",
        "step 2: from: not a date, expected one as 2026-12-31",
        "step 2: limit: expected a number from 1 to 2000",
        "step 3: nodes: step: no step is called 'nowhere'",
        "step 3: to: lies before from",
        "step 3: edge: unknown kind of link 'stayed', expected listed-on, ",
        "step 4: name: step 2 is called so, too",
        "step 4: nodes: paths asks of 2 at most",
        "step 4: from: days_ago: expected a number from 0",
        "step 5: nodes: missing, expected",
        "step 6: from: missing, new-since needs the day from which on",
    ):
        assert told in refused.err, told
    assert refused.err.count("; ") == 16, "these and no others"
    assert len(log_of(command, houses)) == before


@pytest.mark.parametrize(
    ("nodes", "elsewhere"),
    [
        ('"Entry:wanted:W1"', ""),
        ('["Lead:L-ABCDEFGHIJKL"]', ""),
        (f'"{CANARY}"', ""),
        (f'["{CANARY}"]', ""),
        ('"start"', "# begin with phone:n2:+8613800138000"),
        ('"start"', 'description = "as for unit:n2:code:77"'),
        ('"start"', "# call 13800138000"),
        ('"start"', 'description_zh = "身份证 11010119900307851X"'),
        ('"start"', f'description = "write to {CANARY}@example.org"'),
    ],
)
def test_a_file_that_names_anybody_is_refused_and_not_repeated(
    command: Run, houses: Path, tmp_path: Path, nodes: str, elsewhere: str
) -> None:
    text = f'name = "n"\n{elsewhere}\n[[step]]\nanalysis = "timeline"\nnodes = {nodes}\n'
    refused = run(command, houses, saved(tmp_path, text), "Entry:wanted:W1")
    assert (refused.code, refused.out) == (2, "")
    assert ("line 2: " if elsewhere else "step 1: nodes: ") in refused.err
    for typed in (CANARY, "W1", "L-ABC", "13800138000", "code:77", "110101"):
        assert typed not in refused.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = \n", "at line 1"),
        ('name = "n"\n', "step: missing"),
        ('name = "n"\nstep = 3\n', "step: missing"),
        ('name = "n"\n' + '[[step]]\nanalysis = "hubs"\n' * 21, "21 steps, expected at most 20"),
    ],
)
def test_a_file_that_is_no_sequence_says_what_was_expected(
    command: Run, houses: Path, tmp_path: Path, text: str, told: str
) -> None:
    refused = run(command, houses, saved(tmp_path, text))
    assert (refused.code, refused.out) == (2, "")
    assert told in refused.err
    missing = run(command, houses, tmp_path / "none.toml")
    assert (missing.code, missing.out) == (2, "")
    assert "file not found" in missing.err


def test_the_nodes_to_start_from_must_fit_every_step_before_anything_runs(
    command: Run, houses: Path, tmp_path: Path
) -> None:
    two = '[[step]]\nanalysis = "neighbours"\nnodes = "start"\n[[step]]\nanalysis = "paths"\nnodes = "start"\n'
    file = saved(tmp_path, 'name = "n"\n[[step]]\nanalysis = "hubs"\nnodes = "start"\n' + two)
    before = len(log_of(command, houses))
    none = run(command, houses, file)
    assert (none.code, none.out) == (2, "")
    for told in ("step 1, hubs: 0 nodes", "step 2, neighbours: 0 nodes", "step 3, paths: 0 nodes to start from, exp"):
        assert told in none.err
    one = run(command, houses, file, "Entry:wanted:W1")
    assert "step 3, paths: 1 nodes to start from, expected 2" in one.err
    whole = saved(tmp_path, 'name = "n"\n[[step]]\nanalysis = "hubs"\n')
    assert "no step asks of the nodes" in run(command, houses, whole, "Entry:wanted:W1").err
    assert len(log_of(command, houses)) == before
    assert run(command, houses, whole).code == 0


RING = """
name = "n"
# Person: whoever is met there, at https://example.org by 12:30; this names nobody.
[[step]]
name = "around"
analysis = "expand"
nodes = "start"
hops = 1
edge = ["KNOWS"]
[[step]]
analysis = "between"
nodes = { step = "around", kind = "Person" }
edge = ["MET", "KNOWS"]
"""


def test_a_sequence_runs_on_an_imported_graph_with_its_own_kinds(command: Run, ring: Path, tmp_path: Path) -> None:
    file = saved(tmp_path, RING)
    on_ring = ("--graph", "ring")
    first, second = run_json(command, ring, file, "Person:2", *on_ring)["steps"]
    assert [node["key"] for node in first["nodes"]] == ["Person:1", "Person:2", "Person:4"]
    assert second["parameters"]["nodes"] == ["Person:1", "Person:2", "Person:4"]
    assert {(edge["kind"], edge["start"], edge["end"]) for edge in second["edges"]} == {
        ("KNOWS", "Person:1", "Person:2"),
        ("KNOWS", "Person:2", "Person:4"),
    }
    assert second["graph"] == "ring"
    own = run(command, ring, file, "Entry:wanted:W1")
    assert own.code == 2
    assert "unknown kind 'Person'" in own.err
    sense = run(command, ring, SHARED, "Person:1", *on_ring)
    assert (sense.code, sense.out) == (2, "")
    assert "step 1: analysis: co-residents: the labels of an imported graph are free" in sense.err
    group = run(command, ring, file, "Person", *on_ring, "--json")
    assert (group.code, group.out) == (4, "")


def test_a_type_that_the_graph_lacks_ends_the_sequence_at_its_step(command: Run, ring: Path, tmp_path: Path) -> None:
    file = saved(tmp_path, RING.replace('["MET", "KNOWS"]', '["LIKES"]'))
    ended = run(command, ring, file, "Person:2", "--graph", "ring", "--json")
    assert ended.code == 2
    assert len(ended.json["steps"]) == 1
    assert ended.json["stopped"] == {"number": 2, "refused": None}
    assert "KNOWS" in ended.err


def test_more_nodes_than_a_step_may_ask_of_are_cut_and_said(command: Run, workspace: Path, tmp_path: Path) -> None:
    count = MOST_CARRIED + 5
    table = tmp_path / "star.edges.csv"
    rows = "".join(f"hub,leaf{number:04}\n" for number in range(count))
    table.write_text(f"source,target\n{rows}", encoding="utf-8")
    assert command("graph", "import", table, "--graph", "star", "--workspace", workspace, *REASON).code == 0
    open_case(command, workspace, "K-1")
    (label,) = {
        node["kind"]
        for node in command(
            "graph", "neighbours", "hub", "--graph", "star", "--workspace", workspace, *REASON, "--json"
        ).json["nodes"]
    }
    step = f'nodes = {{ step = "all", kind = "{label}" }}\n'
    text = (
        'name = "n"\n[[step]]\nname = "all"\nanalysis = "expand"\nhops = 1\nlimit = {limit}\nnodes = "start"\n'
        f'[[step]]\nanalysis = "between"\n{step}'
    )
    on_star = ("hub", "--graph", "star")
    file = saved(tmp_path, text.replace("{limit}", "2000"))
    second = run_json(command, workspace, file, *on_star)["steps"][1]
    counted = {"found": count + 1, "asked": MOST_CARRIED, "truncated": True}
    assert {key: second["step"]["nodes"][key] for key in counted} == counted
    assert len(second["parameters"]["nodes"]) == MOST_CARRIED
    assert "a bound was reached" in run(command, workspace, file, *on_star, "--lang", "en").out
    # An answer that was itself cut holds few enough nodes, and yet not all.
    file = saved(tmp_path, text.replace("{limit}", "10"))
    second = run_json(command, workspace, file, *on_star)["steps"][1]
    assert second["step"]["nodes"] == {"step": "all", "kind": label, "found": 10, "asked": 10, "truncated": True}


def test_a_list_that_is_not_fresh_is_shouted_at_its_step_and_the_exit_code_says_so(command: Run, houses: Path) -> None:
    later = ("--workspace", houses, "--case", "K-1", "--as-of", "2029-01-01")
    stale = command("graph", "run", SHARED, "Entry:wanted:W1", *later)
    assert stale.code == 3
    banner, heading = stale.out.index("2026-04-01"), stale.out.index("co-residents")
    assert heading < banner
    shown = command("graph", "run", SHARED, "Entry:wanted:W1", *later, "--json")
    assert (shown.code, shown.json["steps"][0]["lists"][0]["stale"]) == (3, True)


def test_the_examples_name_nobody_and_say_so(command: Run) -> None:
    files = sorted(SEQUENCES.glob("*.toml"))
    assert files == [LATELY, SHARED]
    for file in files:
        assert "no personal data" in file.read_text(encoding="utf-8")
    assert "no personal data" in " ".join(command("graph", "run", "--help", "--lang", "en").out.split())
