"""A case's part of the graph in a separate, real Neo4j: whole, stamped, on record, and never over anything else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from neo4j import Driver, GraphDatabase

from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.case_links import keep_links
from netpursuit.links.cases import opened_in
from netpursuit.ports.case_server import CaseLoad
from netpursuit.records.case_links import CaseLinks
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, LinkSet, Node, NodeKind, Provenance
from netpursuit.stores.neo4j_load import Neo4jCase, ServerAddress, check_uri
from netpursuit.wiring import open_desk
from tests.cli.conftest import AS_OF, Answer, Run, register_text
from tools.neo4j_server import Server

pytestmark = pytest.mark.xdist_group("neo4j")

REASON = ("--reason", "check:T-1", "--as-of", AS_OF)
UNTIL = (datetime.now(UTC) + timedelta(days=30)).date()
HOSTILE = "'}) DETACH DELETE n //`\\u0060"


@pytest.fixture
def target(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    """The database of the server, emptied before and after, and the credentials in the environment."""
    monkeypatch.setenv("NETPURSUIT_LOAD_NEO4J_PASSWORD", neo4j_server.password)
    with GraphDatabase.driver(neo4j_server.uri, auth=("neo4j", neo4j_server.password)) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
        yield driver
        driver.execute_query("MATCH (n) DETACH DELETE n")


@pytest.fixture
def led(command: Run, workspace: Path, feed: Path, tmp_path: Path) -> Path:
    """Two listed people in one unit with one telephone, and two cases."""
    file = tmp_path / "rooms.csv"
    rows = (
        "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501室,2026-04-02",
        "R2,章玉琴,1971-11-23,,13800138000,幻县虚构路12号501室,2026-04-04",
    )
    file.write_text(register_text(*rows), encoding="utf-8")
    assert command("screen", file, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF).code == 0
    stated = ("--title", "案件", "--authority", "幻县公安局", "--legal-basis", "立案决定书", "--purpose", "追逃")
    for case in ("K-1", "K-2"):
        opened = command("case", "open", "--id", case, *stated, "--expires", UNTIL, "--workspace", workspace)
        assert opened.code == 0, opened.err
    return workspace


def load(command: Run, folder: Path, uri: str, *arguments: object, case: str = "K-1") -> Answer:
    stated = ("--case", case, "--as-of", AS_OF, "--workspace", folder)
    return command("graph", "load", *arguments, "--uri", uri, *stated)


def rows(target: Driver, query: str) -> list[Any]:
    return [tuple(record) for record in target.execute_query(query).records]


def exports(command: Run, folder: Path) -> list[dict[str, Any]]:
    shown = command("audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json").json
    return [item for item in shown if item["verb"] == "export"]


def test_what_a_case_sees_is_loaded_stamped_and_on_record(
    command: Run, led: Path, target: Driver, neo4j_server: Server, tmp_path: Path
) -> None:
    uri, out = neo4j_server.uri, tmp_path / "queries.cypher"
    near = ("Entry:wanted:W1", "--hops", 3, "--with-open-leads")
    done = load(command, led, uri, *near, "--out", out, "--json")
    assert done.code == 0, done.err
    asked = ("--case", "K-1", "--as-of", AS_OF, "--workspace", led, "--limit", 2000, "--json")
    right = command("graph", "expand", *near, *asked).json
    shown = rows(target, "MATCH (n) WHERE NOT n:NetpursuitNotice RETURN n.key, labels(n), n.name, n.fact")
    assert sorted((key, kinds[0], name, fact) for key, kinds, name, fact in shown) == sorted(
        (node["key"], node["kind"], node["label"], node["fact"]) for node in right["nodes"]
    )
    linked = rows(target, "MATCH (a)-[r]->(b) RETURN a.key, type(r), b.key, r.fact")
    assert sorted(linked) == sorted(
        (edge["start"], edge["kind"].upper().replace("-", "_"), edge["end"], edge["fact"]) for edge in right["edges"]
    )
    assert (done.json["nodes"], done.json["edges"]) == (len(right["nodes"]), len(right["edges"]))
    assert len(right["nodes"]) > 6
    ((warning, case, purpose, user, until),) = rows(
        target, "MATCH (n) RETURN DISTINCT n.warning, n.case_id, n.purpose, n.user, n.expires_on"
    )
    assert warning
    assert (case, purpose, user, str(until)) == ("K-1", "追逃", done.json["user"], UNTIL.isoformat())
    assert rows(target, "MATCH (n:NetpursuitNotice) RETURN count(n)") == [(1,)]
    assert rows(target, "MATCH ()-[r]->() RETURN DISTINCT r.case_id") == [("K-1",)]
    (record,) = exports(command, led)
    assert (record["about"]["export"], record["about"]["expires"]) == ("neo4j", UNTIL.isoformat())
    assert record["consultation"] == done.json["consultation"]
    assert record["outcome"]["counts"]["nodes"] == len(right["nodes"])
    assert uri not in str(record), "where it went stands under seal"
    text = out.read_text(encoding="utf-8")
    assert "K-1" in text
    assert UNTIL.isoformat() in text
    for query in done.json["cypher"]:
        assert f"{query};" in text
        target.execute_query(query, one="欧阳志远", other="章玉琴")  # each runs; the last removes all
    assert rows(target, "MATCH (n) RETURN count(n)") == [(0,)]


def test_samples_find_what_they_say(command: Run, led: Path, target: Driver, neo4j_server: Server) -> None:
    done = load(command, led, neo4j_server.uri, "Entry:wanted:W1", "--hops", 4, "--with-open-leads", "--json")
    queries = dict(zip(("notice", "all", "co-residents", "shared", "paths"), done.json["cypher"], strict=False))
    assert len(target.execute_query(queries["co-residents"]).records) == 1
    shared = target.execute_query(queries["shared"]).records
    assert {record["x"]["name"] for record in shared} == {"13800138000", "990101198503040010"}
    names = {"one": "欧阳志远", "other": "章玉琴"}
    assert target.execute_query(queries["paths"], names).records


def test_an_earlier_load_of_the_case_is_replaced_and_anything_else_is_left_alone(
    command: Run, led: Path, target: Driver, neo4j_server: Server
) -> None:
    uri = neo4j_server.uri
    first = load(command, led, uri, "Entry:wanted:W1", "--hops", 1, "--json")
    again = load(command, led, uri, "Entry:wanted:W2", "--hops", 1, "--json")
    assert (first.code, again.code) == (0, 0)
    assert again.json["replaced"] == first.json["nodes"] + 1, "the notice is a node, too"
    keys = {key for (key,) in rows(target, "MATCH (n:Entry) RETURN n.key")}
    assert keys == {"entry:n2:wanted:W2"}
    other = load(command, led, uri, "Entry:wanted:W1", case="K-2")
    assert (other.code, other.out) == (4, "")
    target.execute_query("CREATE (:Mine {name: 'note'})")
    mine = load(command, led, uri, "Entry:wanted:W1")
    assert (mine.code, mine.out) == (4, "")
    assert {key for (key,) in rows(target, "MATCH (n:Entry) RETURN n.key")} == keys
    refused = [item["outcome"]["refused"] for item in exports(command, led)]
    assert refused == [None, None, "load-not-empty", "load-not-empty"]


def test_the_programs_own_server_is_refused_by_whatever_name(
    command: Run, led: Path, target: Driver, neo4j_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETPURSUIT_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("NETPURSUIT_NEO4J_PASSWORD", neo4j_server.password)
    before = None
    for uri in (neo4j_server.uri, neo4j_server.uri.replace("127.0.0.1", "localhost").replace("bolt", "neo4j")):
        refused = load(command, led, uri, "Entry:wanted:W1", "--lang", "en")
        assert (refused.code, refused.out) == (4, "")
        assert "own link graph" in refused.err
    before = rows(target, "MATCH (n) RETURN count(n)")
    monkeypatch.delenv("NETPURSUIT_NEO4J_URI")
    unknown = load(command, led, neo4j_server.uri, "Entry:wanted:W1", "--lang", "en")
    assert unknown.code == 4, "also where nobody says that it is the program's"
    assert "own link graph" in unknown.err
    assert rows(target, "MATCH (n) RETURN count(n)") == before != [(0,)]


def test_what_was_brought_in_under_a_case_is_where_a_load_without_nodes_begins(
    command: Run, led: Path, target: Driver, neo4j_server: Server
) -> None:
    nothing = load(command, led, neo4j_server.uri)
    assert nothing.code == 2
    assert "NODE" in nothing.err
    person = Node(kind=NodeKind.CONTACT, key="contact:x", label=HOSTILE, source=HOSTILE)
    links = opened_in(LinkSet(nodes=(person,), edges=()), "K-1", [person.key])
    now = datetime.now(UTC)
    with open_desk(led) as desk, desk.truth.transaction() as unit:
        keep_links(
            unit,
            CaseLinks(case_id="K-1", owner="case:K-1:x", links=links, consultation_id="c", made_by="x", made_at=now),
        )
    done = load(command, led, neo4j_server.uri, "--json")
    assert done.code == 0, done.err
    assert rows(target, "MATCH (n:Contact) RETURN n.name, n.sources") == [(HOSTILE, [HOSTILE])]
    target.execute_query("MATCH (n) DETACH DELETE n")
    assert load(command, led, neo4j_server.uri, case="K-2").code == 2, "another case brought in nothing"


def test_values_are_values_and_a_load_is_whole_or_nothing(target: Driver, neo4j_server: Server) -> None:
    said = (Provenance(source=HOSTILE, note=HOSTILE, seen_from="2026-01-01"),)
    nodes = tuple(
        GraphNode(kind=NodeKind.SUBJECT, key=f"{HOSTILE}{number}", label=HOSTILE, provenance=said)
        for number in range(3)
    )
    edges = tuple(
        GraphEdge(kind=kind, start=nodes[0].key, end=nodes[1].key, provenance=said)
        for kind in (EdgeKind.LINKED_TO, EdgeKind.SAME_AS)
    )
    whole = CaseLoad(
        case_id="K-1",
        consultation_id="c",
        warning=HOSTILE,
        purpose=HOSTILE,
        user=HOSTILE,
        expires_on=date(2026, 12, 31),
        nodes=nodes,
        edges=edges,
    )
    server = Neo4jCase(ServerAddress(uri=neo4j_server.uri), lambda: ("neo4j", neo4j_server.password), None)
    assert server.replace(whole) == 0
    before = rows(target, "MATCH (n) RETURN count(n)")
    lost = GraphEdge(kind=EdgeKind.LINKED_TO, start=nodes[0].key, end="nowhere", provenance=said)
    with pytest.raises(KeyError):
        server.replace(CaseLoad(**{name: getattr(whole, name) for name in whole.__slots__} | {"edges": (lost,)}))
    server.close()
    assert rows(target, "MATCH (n) RETURN count(n)") == before == [(4,)]
    assert rows(target, "MATCH ()-[r]->() RETURN type(r), r.notes ORDER BY type(r)") == [
        ("LINKED_TO", [HOSTILE]),
        ("SAME_AS", [HOSTILE]),
    ]


def test_without_a_case_or_a_password_nothing_is_loaded(
    command: Run, led: Path, target: Driver, neo4j_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = neo4j_server.uri
    refused = command("graph", "load", "Entry:wanted:W1", "--uri", uri, "--workspace", led, *REASON)
    assert (refused.code, refused.out) == (4, "")
    monkeypatch.delenv("NETPURSUIT_LOAD_NEO4J_PASSWORD")
    silent = load(command, led, uri, "Entry:wanted:W1")
    assert silent.code == 2
    assert "NETPURSUIT_LOAD_NEO4J_PASSWORD" in silent.err
    monkeypatch.setenv("NETPURSUIT_LOAD_NEO4J_PASSWORD", "wrong")
    wrong = load(command, led, uri, "Entry:wanted:W1")
    assert wrong.code == 1
    assert "wrong" not in wrong.err
    assert rows(target, "MATCH (n) RETURN count(n)") == [(0,)]
    outcomes = [item["outcome"] for item in exports(command, led)]
    assert [item["refused"] for item in outcomes] == ["export-case", None, None]
    assert [item["about"].get("failed") for item in outcomes] == [None, "InputError", "StorageError"]


@pytest.mark.parametrize(
    "uri", ["http://x:7687", "bolt://", "x", "bolt://u:p@x:7687", "bolt://u@x", "bolt://x:99999", "bolt://x/db"]
)
def test_an_address_is_an_address_and_carries_no_credentials(uri: str) -> None:
    with pytest.raises(InputError, match="--uri"):
        check_uri(uri)


def test_one_server_has_many_names() -> None:
    own = ServerAddress(uri="neo4j://localhost")
    assert own.is_same(ServerAddress(uri="bolt://127.0.0.1:7687"))
    assert own.is_same(ServerAddress(uri="bolt+s://LOCALHOST", database="Neo4j"))
    assert not own.is_same(ServerAddress(uri="bolt://localhost:7688"))
    assert not own.is_same(ServerAddress(uri="bolt://localhost", database="cases"))
    server = Neo4jCase(ServerAddress(uri="bolt://[::1]:7687"), lambda: ("", ""), own)
    with pytest.raises(RefusedError, match="own link graph"):
        server.check("K-1")
