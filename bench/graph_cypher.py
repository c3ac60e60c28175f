"""The analyses as somebody would write them by hand for this server: one Cypher query each where one can do it.

Each answers the keys of nodes and the (type, start, end) of edges that the analysis of the program answers, with all
that is said of them; what Cypher cannot count (communities, betweenness, what is new) is counted here from one query's
answer by the program's own code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neo4j import Driver, RoutingControl

from netpursuit.links.analyses import ANALYSES
from netpursuit.links.views import Bounds, View
from netpursuit.ports.graph_store import Sight
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode
from netpursuit.stores.graph_claims import edges_of_claims, nodes_of_claims
from netpursuit.stores.graph_neo4j_writes import TYPES

Found = tuple[set[str], set[tuple[str, str, str]]]
_ALL = "|".join(TYPES.values())
_JOIN = "|".join(name for kind, name in TYPES.items() if kind not in (EdgeKind.LISTED_ON, EdgeKind.OPENED_IN))
_KINDS = {name: kind for kind, name in TYPES.items()}
_R = "[type(r), startNode(r).key, endNode(r).key, r.source, r.fact, r.seen_from, r.seen_to, r.note]"
_GIVE = f"RETURN [n IN ns | [n.key, n.kind, n.said]], [r IN rs | {_R}]"
_ENDS = "UNWIND rs AS r WITH rs, collect(DISTINCT startNode(r)) + collect(DISTINCT endNode(r)) AS ns"
_AMONG = f"UNWIND ns AS a MATCH (a)-[r:{_JOIN}]->(b) WHERE b IN ns WITH ns, collect(DISTINCT r) AS rs"
_NEAR = f"MATCH (a:Entity {{key: $keys[0]}})-[:{_JOIN}*0..HOPS]-(n:Entity) WITH collect(DISTINCT n) AS ns"
_HELD = (
    "MATCH (a:Entity)-[:{0}]->(d:{1}) WHERE a.key IN $keys WITH DISTINCT d MATCH (d)<-[r:{0}]-(b:Entity) "
    "WITH d, collect(r) AS some, count(DISTINCT b) AS holders WHERE holders > 1 "
    "UNWIND some AS r WITH collect(DISTINCT r) AS rs "
)
_OVERLAP = (
    "one.seen_from <> '' AND other.seen_from <> '' "
    "AND one.seen_from <= CASE other.seen_to WHEN '' THEN '9999' ELSE other.seen_to END "
    "AND other.seen_from <= CASE one.seen_to WHEN '' THEN '9999' ELSE one.seen_to END"
)
_UNITS = "MATCH (a:Entity)-[:STAYED_AT|LANDLORD_OF]->(u:RentalUnit) WHERE a.key IN $keys WITH DISTINCT a, u "

QUERIES: Mapping[str, str] = {
    "neighbours": f"MATCH (:Entity {{key: $keys[0]}})-[r:{_ALL}]-(:Entity) "
    f"WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}",
    "expand": f"{_NEAR} {_AMONG} {_GIVE}",
    "paths": f"MATCH (a:Entity {{key: $keys[0]}}) MATCH (b:Entity {{key: $keys[1]}}) "
    f"MATCH p = allShortestPaths((a)-[:{_JOIN}*..6]-(b)) UNWIND relationships(p) AS r "
    f"WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}",
    "co-residents": f"{_UNITS} MATCH (u)<-[one:STAYED_AT]-(a) MATCH (u)<-[other:STAYED_AT]-(b) "
    f"WHERE a <> b AND {_OVERLAP} UNWIND [one, other] AS r WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}",
    "succession": f"{_UNITS} MATCH (u)<-[r:STAYED_AT]-(:Entity) WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}",
    "shared-document": f"{_HELD.format('HOLDS_DOCUMENT', 'Document')} {_ENDS} {_GIVE}",
    "shared-phone": f"{_HELD.format('USES_PHONE', 'Phone')} {_ENDS} {_GIVE}",
    "aliases": "MATCH (a:Entity)-[:HOLDS_DOCUMENT]->(d:Document) WHERE a.key IN $keys WITH DISTINCT d "
    f"MATCH (d)<-[r:HOLDS_DOCUMENT]-(:Entity) WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}",
    "timeline": f"MATCH (a:Entity)-[r:{_JOIN}]-(:Entity) WHERE a.key IN $keys "
    f"AND (r.seen_from <> '' OR r.seen_to <> '') WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}",
    "common": f"MATCH (a:Entity)-[r:{_JOIN}]-(x:Entity) WHERE a.key IN $keys AND NOT x.key IN $keys "
    f"WITH x, collect(DISTINCT r) AS some, count(DISTINCT a) AS joins WHERE joins > 1 UNWIND some AS r "
    f"WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}",
    "between": f"MATCH (a:Entity)-[r:{_JOIN}]->(b:Entity) WHERE a.key IN $keys AND b.key IN $keys "
    f"WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}",
    "landlords": "MATCH (o:Entity)-[r:LANDLORD_OF]->(u:RentalUnit) "
    "WITH o, collect(r) AS some, count(DISTINCT u) AS units WHERE units > 1 "
    "WITH some, units, o ORDER BY units DESC, o.key LIMIT 200 UNWIND some AS r "
    f"WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}",
}
_AROUND = (
    f"MATCH (a:Entity {{key: $keys[0]}})-[:{_JOIN}*0..1]-(n:Entity) WITH collect(DISTINCT n) AS near "
    "UNWIND near AS n OPTIONAL MATCH (n)<-[:UNIT_IN]-(u) WITH near, collect(DISTINCT u) AS units "
    f"UNWIND near + units AS n MATCH (n)-[r:{_ALL}]-(:Entity) WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}"
)
_COUNTED = {"brokers": f"{_NEAR} {_AMONG} {_GIVE}", "communities": f"{_NEAR} {_AMONG} {_GIVE}", "new-since": _AROUND}
_HUBS = (
    "MATCH (d:{1})<-[:{0}]-(p:Entity) WITH d, collect(DISTINCT p) AS people WHERE size(people) > 1 "
    "WITH d, people ORDER BY size(people) DESC, d.key LIMIT 1000 "
    "RETURN d.key, [p IN people | [p.key, [(p)-[:SAME_AS]-(o) | o.key]]]"
)
_HUB_KINDS = (("STAYED_AT|LANDLORD_OF", "RentalUnit"), ("USES_PHONE", "Phone"), ("HOLDS_DOCUMENT", "Document"))


@dataclass(frozen=True, slots=True)
class Hand:
    """Runs the queries through the driver, as a script of somebody's own would."""

    driver: Driver

    def ask(self, name: str, keys: Sequence[str], bounds: Bounds) -> Found:
        if name == "hubs":
            return self._hubs(bounds.limit)
        if name in _COUNTED:
            nodes, edges = self._run(_COUNTED[name].replace("HOPS", str(bounds.hops)), keys)
            found = ANALYSES[name].ask(View(_Read.of(nodes, edges), bounds), keys)
            return {node.key for node in found.nodes}, {edge.at for edge in found.edges}
        nodes, edges = self._run(QUERIES[name].replace("HOPS", str(bounds.hops)), keys)
        return {*keys, *(node[0] for node in nodes)}, {(str(_KINDS[edge[0]]), edge[1], edge[2]) for edge in edges}

    def _run(self, query: str, keys: Sequence[str]) -> tuple[list[Any], list[Any]]:
        records = self.driver.execute_query(query, {"keys": list(keys)}, routing_=RoutingControl.READ).records
        return (records[0][0], records[0][1]) if records else ([], [])

    def _hubs(self, limit: int) -> Found:
        counted = []
        for types, label in _HUB_KINDS:
            for thing, people in self.driver.execute_query(
                _HUBS.format(types, label), routing_=RoutingControl.READ
            ).records:
                counted.append((-_persons(people), thing))
        things = [thing for people, thing in sorted(counted) if people <= -2][:limit]
        query = (
            "MATCH (d:Entity)<-[r:STAYED_AT|LANDLORD_OF|USES_PHONE|HOLDS_DOCUMENT]-(:Entity) WHERE d.key IN $keys "
            f"WITH collect(DISTINCT r) AS rs {_ENDS} {_GIVE}"
        )
        nodes, edges = self._run(query, things)
        return {node[0] for node in nodes}, {(str(_KINDS[edge[0]]), edge[1], edge[2]) for edge in edges}


def _persons(people: Sequence[tuple[str, Sequence[str]]]) -> int:
    import networkx

    graph: networkx.Graph[str] = networkx.Graph()
    for key, others in people:
        graph.add_node(key)
        graph.add_edges_from((key, other) for other in others)
    return networkx.number_connected_components(graph)


@dataclass(frozen=True, slots=True)
class _Read:
    """One query's answer as a graph to ask."""

    known: Mapping[str, GraphNode]
    edges: tuple[GraphEdge, ...]

    @classmethod
    def of(cls, nodes: Sequence[Any], edges: Sequence[Any]) -> _Read:
        import json

        claims = ((kind, key, *json.loads(text)) for key, kind, said in nodes for text in said)
        rows = ((start, str(_KINDS[name]), end, *said, "") for name, start, end, *said in edges)
        return cls({node.key: node for node in nodes_of_claims(claims)}, edges_of_claims(rows))

    def nodes(self, keys: Sequence[str]) -> dict[str, GraphNode]:
        return {key: self.known[key] for key in keys if key in self.known}

    def nodes_of(self, kinds: Sequence[str]) -> Any:
        return iter([node for node in self.known.values() if node.kind in kinds])

    def edges_of(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[GraphEdge, ...]:
        asked = set(keys)
        found = (edge for edge in self.edges if not kinds or edge.kind in kinds)
        return tuple(edge for edge in found if edge.start in asked or edge.end in asked)[:limit]

    def around(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        edges = self.edges_of(keys, kinds=kinds, limit=limit)
        return edges, self.nodes([key for edge in edges for key in (edge.start, edge.end)])

    def among(
        self, keys: Sequence[str], *, kinds: Sequence[str] = ()
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        asked = set(keys)
        found = tuple(edge for edge in self.edges_of(keys, kinds=kinds) if {edge.start, edge.end} <= asked)
        return found, self.nodes(keys)

    def shortest(
        self, start: str, end: str, *, hops: int, kinds: Sequence[str] = (), sight: Sight
    ) -> list[tuple[str, ...]] | None:
        return None

    def steps(self, keys: Sequence[str], *, kinds: Sequence[str] = (), sight: Sight) -> list[tuple[str, str]] | None:
        asked = set(keys)
        found = self.edges_of(keys, kinds=kinds)
        return [(near, edge.other(near)) for edge in found for near in (edge.start, edge.end) if near in asked]

    def close(self) -> None: ...
