"""What the link graph's store writes into a Neo4j server, in the transaction of its caller."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from neo4j import ManagedTransaction

from netpursuit.records.graph import Contribution, Edge, EdgeKind, LinkSet, Node, NodeKind, digest_of
from netpursuit.stores.graph_claims import fold_label

BATCH = 5_000
TYPES: dict[str, str] = {kind: kind.value.upper().replace("-", "_") for kind in EdgeKind}
_LABELS = "".join(f":{kind.value}" for kind in NodeKind)


def write(run: ManagedTransaction, parts: Mapping[str, Contribution], marks: Mapping[str, str | None]) -> None:
    """One transaction: lock the owners in order, so that writers wait for each other, and replace what changed."""
    digests = {
        owner: digest_of(part.links, part.case_id)
        if part.links is not None and (part.links.nodes or part.links.edges)
        else ""
        for owner, part in parts.items()
    }
    locked = run.run(
        "UNWIND $rows AS row MERGE (o:Owner {name: row[0]}) WITH o, coalesce(o.digest, '') AS before, row "
        "SET o.digest = row[1] RETURN o.name, before",
        rows=sorted(digests.items()),
    )
    before: dict[str, str] = dict(map(tuple, locked))
    _remove(run, [owner for owner, digest in digests.items() if before[owner] not in ("", digest)])
    run.run(
        "UNWIND $names AS name MATCH (o:Owner {name: name}) DELETE o",
        names=[owner for owner, digest in digests.items() if not digest],
    )
    fresh = [
        (owner, part.case_id or None, part.links)
        for owner, part in parts.items()
        if part.links is not None and digests[owner] and before[owner] != digests[owner]
    ]
    for begin in range(0, len(fresh), BATCH):
        _add(run, fresh[begin : begin + BATCH])
    gone = [name for name, value in marks.items() if value is None]
    run.run("MATCH (m:Mark) WHERE m.name IN $gone DELETE m", gone=gone)
    kept = [{"name": name, "value": value} for name, value in marks.items() if value is not None]
    run.run("UNWIND $kept AS row MERGE (m:Mark {name: row.name}) SET m.value = row.value", kept=kept)


def _remove(run: ManagedTransaction, owners: Sequence[str]) -> None:
    """What these owners brought, and every thing that nobody brings any more."""
    if not owners:
        return
    touched: set[str] = set()
    found = run.run(
        "MATCH (o:Owner)-[b:BROUGHT]->(n) WHERE o.name IN $owners DELETE b RETURN DISTINCT n.key AS key", owners=owners
    )
    named = {record["key"] for record in found}
    for name in TYPES.values():
        found = run.run(
            f"MATCH (a)-[r:{name}]->(b) WHERE r.owner IN $owners WITH r, a.key AS one, b.key AS other "
            "DELETE r RETURN DISTINCT one, other",
            owners=owners,
        )
        touched.update(key for record in found for key in record.values())
    keys = sorted(touched | named)
    run.run("MATCH (n:Entity) WHERE n.key IN $keys AND NOT EXISTS { (n)--() } DELETE n", keys=keys)
    left = run.run(
        "MATCH (n:Entity) WHERE n.key IN $keys OPTIONAL MATCH (n)<-[b:BROUGHT]-() "
        "RETURN n.key, collect(DISTINCT b.said)",
        keys=sorted(named),
    )
    rows = [{"key": key, "seen": _seen(said)} for key, said in left]
    run.run(
        "UNWIND $rows AS row MATCH (n:Entity {key: row.key}) SET n += row.seen",
        rows=[row for row in rows if row["seen"]["said"]],
    )
    # A place that only an edge still needs has no kind any more.
    run.run(
        "MATCH (n:Entity) WHERE n.key IN $keys "
        f"REMOVE n.kind, n.name, n.said, n.fact, n.cases, n.case_facts, n{_LABELS}",
        keys=[row["key"] for row in rows if not row["seen"]["said"]],
    )


def _add(run: ManagedTransaction, fresh: Sequence[tuple[str, str | None, LinkSet]]) -> None:
    nodes: dict[str, Node] = {}
    stated: dict[str, dict[str, None]] = {}
    brought: list[Any] = []
    for owner, case_id, links in fresh:
        items = []
        for node in links.nodes:
            claim = [node.label, node.source, node.fact, node.seen_from, node.seen_to, case_id or ""]
            said = json.dumps(claim, ensure_ascii=False)
            nodes.setdefault(node.key, node)
            stated.setdefault(node.key, {})[said] = None
            items.append([node.key, said, fold_label(node.label)])
        brought.append([owner, case_id, items])
    # An edge may end at a node that another owner brings, later perhaps: its place is kept, without a kind.
    ends = {key for _, _, links in fresh for edge in links.edges for key in (edge.start, edge.end)}
    for keys in _in_lots(sorted(ends - nodes.keys())):
        run.run("UNWIND $keys AS key MERGE (:Entity {key: key})", keys=keys)
    for kind in NodeKind:
        of_kind = sorted(key for key, node in nodes.items() if node.kind is kind)
        for keys in _in_lots(of_kind):
            seen = [(key, nodes[key].label, _seen(list(stated[key]))) for key in keys]
            # The first SET locks the node, so that what is added to is what other writers have left.
            run.run(
                f"UNWIND $rows AS row MERGE (n:Entity {{key: row[0]}}) SET n:{kind.value}, n.kind = $kind "
                "SET n.name = coalesce(n.name, row[1]), n.fact = coalesce(n.fact OR row[2], n.fact, row[2]), "
                "n.said = coalesce(n.said, []) + [text IN row[3] WHERE NOT text IN coalesce(n.said, [])]",
                rows=[[key, name, item["fact"], item["said"]] for key, name, item in seen],
                kind=kind.value,
            )
            run.run(
                "UNWIND $rows AS row MATCH (n:Entity {key: row[0]}) SET "
                "n.cases = coalesce(n.cases, []) + [one IN row[1] WHERE NOT one IN coalesce(n.cases, [])], "
                "n.case_facts = coalesce(n.case_facts, []) + "
                "[one IN row[2] WHERE NOT one IN coalesce(n.case_facts, [])]",
                rows=[[key, item["cases"], item["case_facts"]] for key, _, item in seen if item["cases"]],
            )
    for rows in _in_lots(brought):
        run.run(
            "UNWIND $rows AS row MATCH (o:Owner {name: row[0]}) UNWIND row[2] AS item MATCH (n:Entity {key: item[0]}) "
            "CREATE (o)-[:BROUGHT {said: item[1], folded: item[2], case_id: row[1]}]->(n)",
            rows=rows,
        )
    for edge_kind, name in TYPES.items():
        found = [
            _edge_row(owner, case_id, edge)
            for owner, case_id, links in fresh
            for edge in links.edges
            if edge.kind == edge_kind
        ]
        for rows in _in_lots(found):
            run.run(
                "UNWIND $rows AS row MATCH (a:Entity {key: row[0]}) MATCH (b:Entity {key: row[1]}) "
                f"CREATE (a)-[r:{name} {{owner: row[2], source: row[3], fact: row[4], seen_from: row[5], "
                "seen_to: row[6], note: row[7], case_id: row[8]}]->(b)",
                rows=rows,
            )


def _seen(said: Sequence[str]) -> dict[str, Any]:
    """What a node keeps of its statements: all of them; whether one that everybody sees is a fact (None: nobody sees it
    without a case); the cases under which it is seen, and those under which it is a fact."""
    claims = [json.loads(text) for text in said]
    for_all = [fact for _, _, fact, _, _, case_id in claims if not case_id]
    return {
        "said": list(said),
        "fact": any(for_all) if for_all else None,
        "cases": sorted({claim[5] for claim in claims if claim[5]}),
        "case_facts": sorted({claim[5] for claim in claims if claim[5] and claim[2]}),
    }


def _in_lots(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(rows), BATCH):
        yield rows[begin : begin + BATCH]


def _edge_row(owner: str, case_id: str | None, edge: Edge) -> list[Any]:
    said = [edge.source, edge.fact, edge.seen_from, edge.seen_to, edge.note]
    return [edge.start, edge.end, owner, *said, case_id]
