"""What the embedded store writes of the link graph, in the transaction of its caller."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from netpursuit.records.graph import Contribution, LinkSet, digest_of
from netpursuit.stores.files import SqliteFile
from netpursuit.stores.graph_claims import fold_label

UNSEEN = -1  # of a node that nobody brings, or that is seen under cases alone; else 1 for a fact, 0 for an assessment
_DIGEST = 16  # bytes


def replace(file: SqliteFile, parts: Mapping[str, Contribution]) -> None:
    """Take away what these owners had brought and differs, and write what they bring now."""
    digests = {
        name: digest_of(part.links, part.case_id)
        for name, part in parts.items()
        if part.links and (part.links.nodes or part.links.edges)
    }
    known = {
        name: (owner, digest)
        for name, owner, digest in file.rows_of_many(
            "SELECT name, id, digest FROM owner WHERE name IN ({})", tuple(parts)
        )
    }
    _remove(file, [owner for name, (owner, digest) in known.items() if digests.get(name) != digest])
    changed = [name for name, digest in digests.items() if name not in known or known[name][1] != digest]
    fresh = [(name, links) for name in changed if (links := parts[name].links) is not None]
    cases = {name: parts[name].case_id for name in changed}
    file.run_many("INSERT INTO owner (name, digest) VALUES (?, ?)", ((name, digests[name]) for name, _ in fresh))
    owners = dict(file.rows_of_many("SELECT name, id FROM owner WHERE name IN ({})", [name for name, _ in fresh]))
    ids = _add_nodes(file, [(owners[name], cases[name], links) for name, links in fresh])
    file.run_many(
        "INSERT INTO edge_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        sorted(
            (
                *(ids[e.start], e.kind.value, ids[e.end], owners[name], e.source, e.fact),
                *(e.seen_from, e.seen_to, e.note, cases[name]),
            )
            for name, links in fresh
            for e in links.edges
        ),
    )


def _add_nodes(file: SqliteFile, brought: Sequence[tuple[int, str, LinkSet]]) -> dict[str, int]:
    """Nodes and what these owners, each with its case, say of them; answers the numbers of all nodes that their
    edges need, too."""
    # An edge may end at a node that another owner brings, later perhaps: its place is kept, without a kind.
    kinds = {key: "" for _, _, links in brought for edge in links.edges for key in (edge.start, edge.end)}
    facts = dict.fromkeys(kinds, UNSEEN)
    for _, case_id, links in brought:
        for node in links.nodes:
            kinds[node.key] = node.kind.value
            facts[node.key] = max(facts.get(node.key, UNSEEN), UNSEEN if case_id else int(node.fact))
    file.run_many(
        "INSERT INTO node (key, kind, fact) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
        "kind = CASE node.kind WHEN '' THEN excluded.kind ELSE node.kind END, fact = max(node.fact, excluded.fact) "
        "WHERE (node.kind = '' AND excluded.kind <> '') OR excluded.fact > node.fact",
        ((key, kinds[key], facts[key]) for key in sorted(kinds)),
    )
    ids = dict(file.rows_of_many("SELECT key, id FROM node WHERE key IN ({})", tuple(kinds)))
    said: dict[tuple[int, bytes], tuple[object, ...]] = {}
    claims = []
    for owner, case_id, links in brought:
        for n in links.nodes:
            stated = (n.label, n.source, n.fact, n.seen_from, n.seen_to, case_id)
            digest = hashlib.blake2b(repr(stated).encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
            said[ids[n.key], digest] = (n.label, fold_label(n.label), *stated[1:])
            claims.append((owner, ids[n.key], digest))
    file.run_many(
        "INSERT OR IGNORE INTO node_said VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((*at, *said[at]) for at in sorted(said)),
    )
    file.run_many("INSERT INTO node_claim VALUES (?, ?, ?)", claims)
    return ids


def _remove(file: SqliteFile, owners: Sequence[int]) -> None:
    """What these owners brought, and every thing that nobody brings any more."""
    said = file.rows_of_many("SELECT node, digest FROM node_claim WHERE owner IN ({})", owners)
    touched = {node for node, _ in said}
    for column in ("start", "end"):
        touched.update(
            node for (node,) in file.rows_of_many(f"SELECT {column} FROM edge_claim WHERE owner IN ({{}})", owners)
        )
    for table, column in (("node_claim", "owner"), ("edge_claim", "owner"), ("owner", "id")):
        file.run_many(f"DELETE FROM {table} WHERE {column} = ?", ((owner,) for owner in owners))
    file.run_many(
        "DELETE FROM node_said WHERE node = ?1 AND digest = ?2 "
        "AND NOT EXISTS (SELECT 1 FROM node_claim WHERE node = ?1 AND digest = ?2)",
        sorted(set(said)),
    )
    nodes = [(node,) for node in sorted(touched)]
    file.run_many(
        "DELETE FROM node WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM node_said WHERE node = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM edge_claim WHERE start = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM edge_claim WHERE end = ?1)",
        nodes,
    )
    # A place that only an edge still needs has no kind any more.
    file.run_many(
        "UPDATE node SET fact = coalesce((SELECT max(fact) FROM node_said WHERE node = ?1 AND case_id = ''), ?2), "
        "kind = CASE WHEN EXISTS (SELECT 1 FROM node_said WHERE node = ?1) THEN kind ELSE '' END WHERE id = ?1",
        ((node, UNSEEN) for (node,) in nodes),
    )
