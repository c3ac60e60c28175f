"""The proof that the records of one consultation stand in the log: a file of one line that is checked alone.

One JSON object: ``netpursuit`` (``audit-record``), ``v`` 1, what an export says of itself, ``consultation``,
``anchor`` (the signed head that it is proved to, as ``audit anchor`` writes it) and ``records``: each as in an export,
with ``proof``, the sibling hashes from its leaf up to the root (RFC 6962, 2.1.1).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from netpursuit.audit import leaves
from netpursuit.audit.exported import ExportNotice, read_record, record_json
from netpursuit.audit.heads import Anchor, Checked, anchor_problems, read_anchor, read_hash
from netpursuit.audit.merkle import includes, prove_inclusion, root_of
from netpursuit.errors import InputError, StorageError
from netpursuit.ports.truth import LogRecord, Truth

RECORD = "audit-record"


def record_proof(
    truth: Truth, records: Sequence[LogRecord], anchor: Anchor, notice: ExportNotice
) -> tuple[dict[str, Any], int]:
    """The proof, as JSON, and how many records it proves: those that stood in the log when the anchor was made.

    Raises ``InputError`` where none did, ``StorageError`` where the log is not the anchored one."""
    known = [record for record in records if record.position < anchor.size]
    if not known:
        raise InputError("the consultation is younger than the anchor", expected="an anchor made after it")
    tree = [record.leaf for record in truth.log_records() if record.position < anchor.size]
    if len(tree) != anchor.size or root_of(tree) != anchor.root:
        raise StorageError("the log is not the one that was anchored; 'netpursuit audit verify' says where")
    proved = [
        record_json(record) | {"proof": [node.hex() for node in prove_inclusion(tree, record.position)]}
        for record in known
    ]
    head = {"consultation": known[0].consultation_id, "anchor": anchor.as_json()}
    return {"netpursuit": RECORD, "v": 1, **notice.as_json(), **head, "records": proved}, len(proved)


def check_record_proof(text: str, where: str, outside: Sequence[Anchor], public_key: bytes | None) -> Checked:
    """Hold a proof against itself, and against anchors and a public key known from elsewhere.

    Raises ``InputError`` where the file is no such proof."""
    try:
        stated = json.loads(text)
        if stated["netpursuit"] != RECORD or stated["v"] != 1:
            raise ValueError("another kind")
        consultation_id = str(stated["consultation"])
        records = [(read_record(item), tuple(map(read_hash, item["proof"]))) for item in stated["records"]]
        if not records:
            raise ValueError("no record")
        anchor = read_anchor(stated["anchor"], where)
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise InputError(
            "this is no proof of a record", where=where, expected="what 'netpursuit audit prove-record' wrote"
        ) from error
    problems: list[str] = []
    if public_key is not None and public_key != anchor.public_key:
        problems.append(f"{where} is signed with another key than the one that was given")
    problems += anchor_problems((anchor, *outside), anchor.workspace_id, anchor.public_key)
    # Roots of two sizes cannot be held against each other here: the same key is all that such an anchor shows.
    if outside and not any(other.size == anchor.size for other in outside):
        problems.append(f"{where} is proved to the log over {anchor.size} records, which none of the anchors is")
    if any(other.size == anchor.size and other.root != anchor.root for other in outside):
        problems.append(f"{where} is proved to another log than the anchored one")
    for record, proof in records:
        if record.salt is None or record.payload is None or leaves.leaf_of(record.salt, record.payload) != record.leaf:
            problems.append(f"record {record.position} was changed: its content does not give its leaf")
        elif not includes(anchor.root, anchor.size, record.leaf, record.position, proof):
            problems.append(f"record {record.position} is not proved to stand in the log")
        elif record.consultation_id != consultation_id:
            problems.append(f"record {record.position} belongs to another consultation")
    return Checked(
        kind=RECORD,
        workspace_id=anchor.workspace_id,
        stated=stated,
        public_key=anchor.public_key.hex(),
        records=len(records),
        kept=len(records),
        problems=tuple(problems),
    )
