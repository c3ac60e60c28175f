"""A case's own records through the command line: attached whole, asked under the case alone, detached, gone with it."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, Answer, Run

HOSTILE = "'}) DETACH DELETE n //"
CANARY = "ZoephiraCanary"
OWNER = f"章 {CANARY}"
ONE, OTHER, CAR_PHONE = "Phone:+8613800138000", "Phone:+8613900139000", "Phone:+8613700137000"

FILES = {
    "calls.csv": "主叫,被叫,时间,时长\n"
    "13800138000,13900139000,2026-03-01 22:14:05,60\n"
    "13800138000,13900139000,2026-03-02 08:00:00,30\n"
    "13900139000,13800138000,2026-03-02 09:00:00,15\n"
    "13900139000,13700137000,2026-03-03 10:00:00,5\n"
    "10086,13800138000,2026-03-03 10:00:00,5\n",
    "calls.toml": 'kind = "calls"\ncountry = "CN"\n[columns]\ncaller = "主叫"\ncallee = "被叫"\nbegin = "时间"\n'
    'duration = "时长"\n',
    "cars.csv": f"Plate,Owner,Number,Phone,民族\n幻A·12345,{OWNER},C01X00T47,13700137000,{CANARY}族\n"
    f'幻A·54321,"{HOSTILE}",,,\n',
    "cars.toml": 'kind = "vehicles"\ncountry = "CN"\n[columns]\nplate = "Plate"\nowner_name = "Owner"\n'
    'owner_document = "Number"\nowner_phone = "Phone"\n[defaults]\nowner_document_type = "passport"\n'
    'owner_document_country = "DE"\n',
    "subscribers.csv": "机主,电话\n欧阳志远,13800138000\n",
    "subscribers.toml": 'kind = "subscribers"\ncountry = "CN"\n[columns]\nphone = "电话"\nsubscriber_name = "机主"\n',
}


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A folder with tables and their mappings."""
    folder = tmp_path / "records"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def open_case(command: Run, folder: Path, case_id: str = "K-1") -> None:
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    stated = ("--title", "t", "--authority", "a", "--legal-basis", "l", "--purpose", "p")
    assert command("case", "open", "--id", case_id, *stated, "--expires", until, "--workspace", folder).code == 0


def attach(command: Run, folder: Path, records: Path, name: str, *more: str, case: str = "K-1") -> Answer:
    mapping = records / f"{name}.toml"
    authority = ("--case", case) if case else ("--reason", "check:T-1")
    file = records / f"{name}.csv"
    return command("graph", "attach", file, "--mapping", mapping, "--workspace", folder, *authority, "--json", *more)


@pytest.fixture
def attached(command: Run, workspace: Path, records: Path) -> Path:
    """A workspace with a case to which calls, vehicles and subscribers are attached."""
    open_case(command, workspace)
    for name in ("calls", "cars", "subscribers"):
        done = attach(command, workspace, records, name)
        assert done.code == 0, done.err
    return workspace


def ask(command: Run, folder: Path, *arguments: object, case: str = "K-1") -> Any:
    answer = command("graph", *arguments, "--workspace", folder, "--case", case, "--as-of", AS_OF, "--json")
    assert answer.code == 0, answer.err
    return answer.json


def log_of(command: Run, folder: Path) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = command(
        "audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json"
    ).json
    return items


def owners(folder: Path) -> int:
    with sqlite3.connect(folder / "truth.sqlite") as base:
        (count,) = base.execute("SELECT count(*) FROM case_links").fetchone()
    base.close()
    return int(count)


def test_calls_are_told_in_each_direction_with_their_days_and_lengths(command: Run, attached: Path) -> None:
    rows = ask(command, attached, "calls", ONE)["rows"]
    assert [(row["caller"], row["callee"], row["calls"], row["days"], row["seconds"]) for row in rows] == [
        ("+8613800138000", "+8613900139000", 2, 2, 90),
        ("+8613900139000", "+8613800138000", 1, 1, 15),
    ]
    assert (rows[0]["from"], rows[0]["to"]) == ("2026-03-01 22:14:05", "2026-03-02 08:00:00")
    later = ask(command, attached, "calls", ONE, "--from", "2026-03-02")["rows"]
    assert [(row["calls"], row["seconds"]) for row in later] == [(1, 30), (1, 15)]


def test_calls_of_a_person_are_those_of_the_telephones_that_they_use(command: Run, attached: Path) -> None:
    answer = ask(command, attached, "calls", "Contact:欧阳志远", CAR_PHONE)
    joins = {(row["caller"], row["callee"]): row["joins"] for row in answer["rows"]}
    assert joins["+8613800138000", "+8613900139000"] == 2, "a number that both speak with"
    assert {edge["kind"] for edge in answer["edges"]} == {"called", "uses-phone"}


def test_a_path_leads_from_a_subscriber_over_calls_to_the_owner_of_a_vehicle(command: Run, attached: Path) -> None:
    answer = ask(command, attached, "paths", "Contact:欧阳志远", "Vehicle:CN:幻A12345")
    (row,) = answer["rows"]
    assert row["hops"] == 5
    assert row["path"] == (
        f"欧阳志远 —uses-phone→ +8613800138000 —called→ +8613900139000 —called→ +8613700137000 —uses-phone→ {OWNER} "
        "—owns→ 幻A·12345"
    )
    assert set(row["source"].split("; ")) == {"attached subscribers:2", "attached calls", "attached cars:2"}
    assert {said["case"] for edge in answer["edges"] for said in edge["provenance"]} == {"K-1"}


def test_what_is_attached_is_expanded_exported_and_named_in_both_languages(
    command: Run, attached: Path, tmp_path: Path
) -> None:
    found = ask(command, attached, "expand", ONE, "--hops", "4")
    kinds = {node["kind"] for node in found["nodes"]}
    assert kinds == {"Phone", "Contact", "Vehicle", "Document"}
    for ending in ("graphml", "gexf", "csv", "cypher", "ftm.json", "svg"):
        out = tmp_path / f"case.{ending}"
        ask(command, attached, "expand", ONE, "--hops", "4", "--out", out)
        text = out.read_text(encoding="utf-8")
        assert "2 calls on 2 days, 90 s" in text, ending
    zh = command("graph", "calls", ONE, "--workspace", attached, "--case", "K-1", "--lang", "zh", "--as-of", AS_OF)
    assert "主叫" in zh.out


def test_a_hostile_name_is_a_name(command: Run, attached: Path) -> None:
    (row,) = ask(command, attached, "neighbours", "Vehicle:CN:幻A54321")["rows"]
    assert row["label"] == HOSTILE
    assert ask(command, attached, "neighbours", HOSTILE)["rows"]


def test_ethnicity_is_in_no_byte(command: Run, attached: Path) -> None:
    ask(command, attached, "neighbours", ONE)
    everything = b"".join(file.read_bytes() for file in attached.rglob("*") if file.is_file())
    assert OWNER.encode() in everything
    assert f"{CANARY}族".encode() not in everything


def test_nobody_sees_it_without_the_case_or_under_another(command: Run, attached: Path) -> None:
    open_case(command, attached, "K-2")
    ask(command, attached, "neighbours", ONE)
    for authority in (("--reason", "check:T-1"), ("--case", "K-2")):
        for node in (ONE, OWNER, "Vehicle:CN:幻A12345"):
            found = command("graph", "neighbours", node, "--workspace", attached, *authority)
            assert (found.code, found.out) == (2, ""), authority
    assert command("graph", "attached", "--workspace", attached, "--case", "K-2", "--json").json == []
    status = command("graph", "status", "--workspace", attached, "--json").json
    assert not {"node.Vehicle", "node.Phone", "edge.called"} & status["counts"].keys()


def test_calls_are_asked_under_a_case_only(command: Run, attached: Path) -> None:
    refused = command("graph", "calls", ONE, "--workspace", attached, "--reason", "check:T-1")
    assert (refused.code, refused.out) == (4, "")
    assert log_of(command, attached)[-1]["outcome"]["refused"] == "graph-case"


def test_nothing_is_attached_listed_or_detached_without_a_case(command: Run, workspace: Path, records: Path) -> None:
    calls = (
        ("attach", records / "calls.csv", "--mapping", records / "calls.toml"),
        ("attached",),
        ("detach", CANARY),
    )
    for verb in calls:
        refused = command("graph", *verb, "--workspace", workspace, "--reason", "check:T-1")
        assert (refused.code, refused.out) == (4, ""), verb
        last = log_of(command, workspace)[-1]
        assert (last["verb"], last["outcome"]["refused"]) == (f"graph-{verb[0]}", "attach-case")
    assert owners(workspace) == 0


def test_the_log_tells_what_was_attached_and_no_word_of_it(command: Run, attached: Path) -> None:
    last = next(item for item in log_of(command, attached) if item["verb"] == "graph-attach")
    assert last["authority"] == "case:K-1"
    assert last["outcome"]["counts"] == {"rows": 5, "nodes": 3, "edges": 4}
    assert last["outcome"]["about"]["kind"] == "calls"
    assert "calls.csv" not in json.dumps(log_of(command, attached))


def test_the_list_says_what_when_and_by_whom(command: Run, attached: Path) -> None:
    listed = command("graph", "attached", "--workspace", attached, "--case", "K-1", "--json").json
    assert [(item["name"], item["kind"], item["rows"]) for item in listed] == [
        ("calls", "calls", 5),
        ("cars", "vehicles", 2),
        ("subscribers", "subscribers", 1),
    ]
    assert listed[0]["left_out"] == {"short": 1}
    assert listed[0]["attached_by"]
    table = command("graph", "attached", "--workspace", attached, "--case", "K-1")
    assert "calls.csv" in table.out


def test_the_same_again_changes_nothing_and_a_changed_file_replaces(
    command: Run, attached: Path, records: Path
) -> None:
    first = command("graph", "attached", "--workspace", attached, "--case", "K-1", "--json").json
    ask(command, attached, "neighbours", ONE)
    again = attach(command, attached, records, "calls").json
    assert (again["replaced"], again["changed"]) == (True, False)
    assert command("graph", "attached", "--workspace", attached, "--case", "K-1", "--json").json == first
    assert command("graph", "status", "--workspace", attached, "--json").json["pending"] == 0
    shorter = "\n".join(FILES["calls.csv"].split("\n")[:2])
    (records / "calls.csv").write_text(f"{shorter}\n", encoding="utf-8")
    changed = attach(command, attached, records, "calls").json
    assert (changed["replaced"], changed["changed"], changed["edges"]) == (True, True, 1)
    rows = ask(command, attached, "calls", ONE)["rows"]
    assert [(row["calls"], row["seconds"]) for row in rows] == [(1, 60)]
    assert command("graph", "verify", "--workspace", attached, "--json").json["equal"]


def test_a_file_of_another_name_stands_beside(command: Run, attached: Path, records: Path) -> None:
    assert attach(command, attached, records, "calls", "--name", "second").code == 0
    (first, *_) = ask(command, attached, "calls", ONE)["rows"]
    assert first["calls"] == 2, "the same calls in two records are the same calls"
    assert first["source"] == "attached calls; attached second"


def test_wrong_rows_are_told_together_and_nothing_is_attached(command: Run, workspace: Path, records: Path) -> None:
    open_case(command, workspace)
    (records / "calls.csv").write_text(
        f"主叫,被叫,时间,时长\n13800138000,13900139000,2026-03-01 22:14:05,60\n{CANARY},1390013900,x,1\n"
        "13800138000,13900139000,2026-13-01,60\n",
        encoding="utf-8",
    )
    failed = attach(command, workspace, records, "calls")
    assert (failed.code, failed.out) == (2, "")
    assert "line 3, column '主叫'" in failed.err
    assert "line 4, column '时间'" in failed.err
    assert CANARY not in failed.err
    assert owners(workspace) == 0
    assert log_of(command, workspace)[-1]["outcome"]["about"] == {"failed": "RowsError"}
    assert command("graph", "attached", "--workspace", workspace, "--case", "K-1", "--json").json == []


def test_a_table_of_which_every_row_is_passed_over_is_not_attached(command: Run, attached: Path, records: Path) -> None:
    (records / "calls.csv").write_text("主叫,被叫,时间,时长\n10086,10010,2026-03-01,1\n", encoding="utf-8")
    failed = attach(command, attached, records, "calls")
    assert (failed.code, failed.out) == (2, "")
    assert "none of 1 rows names anything (short 1)" in failed.err
    assert len(ask(command, attached, "calls", ONE)["rows"]) == 2


def test_a_failed_replacement_leaves_what_was_there(command: Run, attached: Path, records: Path) -> None:
    (records / "calls.csv").write_text("主叫,被叫,时间,时长\nx,y,z,1\n", encoding="utf-8")
    assert attach(command, attached, records, "calls").code == 2
    assert len(ask(command, attached, "calls", ONE)["rows"]) == 2


def test_a_register_of_watched_people_is_refused(command: Run, workspace: Path, records: Path) -> None:
    open_case(command, workspace)
    (records / "信访人员.csv").write_text(FILES["cars.csv"], encoding="utf-8")
    refused = command(
        *("graph", "attach", records / "信访人员.csv", "--mapping", records / "cars.toml"),
        *("--workspace", workspace, "--case", "K-1"),
    )
    assert (refused.code, refused.out) == (4, "")
    assert log_of(command, workspace)[-1]["outcome"]["refused"] == "watch-register"
    assert owners(workspace) == 0


def test_without_a_mapping_it_says_what_one_looks_like(command: Run, workspace: Path, records: Path) -> None:
    open_case(command, workspace)
    without = command("graph", "attach", records / "calls.csv", "--workspace", workspace, "--case", "K-1")
    assert (without.code, without.out) == (2, "")
    for part in ("--mapping", 'kind = "calls"', 'caller = "主叫"', 'begin = "时间"'):
        assert part in without.err
    assert "13800138000" not in without.err
    drafted = command("graph", "attach", records / "calls.csv", "--draft", "--workspace", workspace)
    mapping = records / "drafted.toml"
    mapping.write_text(drafted.out.replace('country = ""', 'country = "CN"'), encoding="utf-8")
    done = command(
        *("graph", "attach", records / "calls.csv", "--mapping", mapping),
        *("--workspace", workspace, "--case", "K-1", "--json"),
    )
    assert (done.code, done.json["edges"]) == (0, 4)


@pytest.mark.parametrize("name", ["a:b", "../up", "", "x" * 65, "a b"])
def test_a_name_is_a_name(command: Run, workspace: Path, records: Path, name: str) -> None:
    open_case(command, workspace)
    done = attach(command, workspace, records, "calls", "--name", name)
    assert done.code == (0 if name == "" else 2)


def test_what_is_detached_is_gone_and_what_others_state_stays(command: Run, attached: Path) -> None:
    assert ask(command, attached, "neighbours", CAR_PHONE)["rows"]
    done = command("graph", "detach", "cars", "--workspace", attached, "--case", "K-1", "--json")
    assert (done.code, done.json["detached"]) == (0, "cars")
    assert ask(command, attached, "neighbours", CAR_PHONE)["rows"], "calls still name it"
    for name in (OWNER, "Vehicle:CN:幻A12345"):
        assert command("graph", "neighbours", name, "--workspace", attached, "--case", "K-1").code == 2
    everything = b"".join(file.read_bytes() for file in attached.rglob("*") if file.is_file())
    assert CANARY.encode() not in everything
    assert command("graph", "verify", "--workspace", attached, "--json").json["equal"]
    assert command("graph", "detach", "cars", "--workspace", attached, "--case", "K-1").code == 2


def test_what_is_attached_ends_with_the_case_and_leaves_no_byte(command: Run, attached: Path) -> None:
    ask(command, attached, "neighbours", ONE)
    assert command("case", "close", "K-1", "--workspace", attached).code == 0
    assert owners(attached) == 0
    everything = b"".join(file.read_bytes() for file in attached.rglob("*") if file.is_file())
    for text in (CANARY, "13800138000", "calls.csv", "幻A"):
        assert text.encode() not in everything, text
    assert command("graph", "attached", "--workspace", attached, "--case", "K-1").code == 4
    assert command("graph", "verify", "--workspace", attached, "--json").json["equal"]


def test_the_graph_is_rebuilt_with_what_is_attached(command: Run, attached: Path) -> None:
    before = ask(command, attached, "expand", ONE, "--hops", "5")
    assert command("graph", "rebuild", "--workspace", attached, "--json").json["cases"] == owners(attached)
    after = ask(command, attached, "expand", ONE, "--hops", "5")
    assert (before["nodes"], before["edges"]) == (after["nodes"], after["edges"])


def test_a_unit_of_a_lead_and_one_of_the_register_of_owners_are_one_node(
    command: Run, workspace: Path, feed: Path, register: Path, tmp_path: Path
) -> None:
    screened = command("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF)
    assert screened.code == 0
    open_case(command, workspace)
    (tmp_path / "owners.csv").write_text("坐落,产权人,起\n幻县虚构路13号101室,李明,2020-01-01\n", encoding="utf-8")
    (tmp_path / "owners.toml").write_text(
        'kind = "owners"\ncountry = "CN"\n[columns]\naddress = "坐落"\nowner_name = "产权人"\nfrom = "起"\n',
        encoding="utf-8",
    )
    assert attach(command, workspace, tmp_path, "owners").code == 0
    rows = ask(command, workspace, "neighbours", "Contact:李明")["rows"]
    assert [(row["edge"], row["from"]) for row in rows] == [("owns", "2020-01-01")]
    around = ask(command, workspace, "neighbours", rows[0]["key"], "--with-open-leads")["rows"]
    assert {(row["edge"], row["kind"]) for row in around} == {
        ("owns", "Contact"),
        ("stayed-at", "Subject"),
        ("unit-in", "Address"),
    }
