"""The proof that a row was read by a run, which anybody can check who has nothing of the workspace (A18).

It leads from the row over its salt and mark to the root of the run's receipt, from the log's statement of that root to
the root of the log, and ends at a head of the log; whoever holds an anchor of that head has the proof in full. The path
through the trees holds digests alone: nothing of another row, person or look can be learned from it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from netpursuit.audit import leaves
from netpursuit.audit.merkle import HASH_BYTES, includes
from netpursuit.audit.receipts import row_body
from netpursuit.audit.row_form import ROW_FORM, canonical_row, unread_row
from netpursuit.errors import InputError, StorageError, VerificationError

_Type = TypeVar("_Type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the log says of a run's receipt: one of its records, with the salt of its leaf."""

    payload: str
    salt: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head of the log: ``size`` records have this root (hex). ``signature`` is the workspace's own (hex)."""

    workspace: str
    size: int
    root: str
    at: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProof:
    """One row (``record``, or ``line`` where it could not be parted into cells) and its way to a head of the log."""

    number: int
    record: dict[str, str] | None
    line: int | None
    salt: str
    mark: str
    row_path: tuple[str, ...]
    statement: Statement
    log_path: tuple[str, ...]
    head: Head

    def as_json(self) -> dict[str, Any]:
        return {"proof": ROW_FORM, **asdict(self)}

    def row_bytes(self) -> bytes:
        return unread_row(self.line or 0) if self.record is None else canonical_row(self.record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What a proof shows: this row was read in this run, against these list versions, and became what ``mark`` says."""

    run_id: str
    number: int
    rows: int
    mark: str
    file_digest: str
    lists: tuple[tuple[str, str], ...]
    policy: str
    at: str
    head: Head


def read_proof(text: str, where: str) -> RowProof:
    """Parse a proof. Raises ``InputError`` where it is none or of a form that is not known."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _no_proof(where) from None
    if not isinstance(found, dict) or "proof" not in found:
        raise _no_proof(where)
    if found["proof"] != ROW_FORM:
        raise InputError(f"a proof of form {found['proof']!r}", where=where, expected=f"form {ROW_FORM}")
    try:
        record, line = found["record"], found["line"]
        if (record is None) == (line is None):
            raise ValueError("one of the two")
        if record is not None and not all(type(text) is str for text in _of(dict, record).values()):
            raise TypeError("cells are texts")
        stated, head = _of(dict, found["statement"]), _of(dict, found["head"])
        return RowProof(
            number=_of(int, found["number"]),
            record=record,
            line=None if line is None else _of(int, line),
            salt=_of(str, found["salt"]),
            mark=_of(str, found["mark"]),
            row_path=tuple(_of(str, item) for item in _of(list, found["row_path"])),
            statement=Statement(
                payload=_of(str, stated["payload"]),
                salt=_of(str, stated["salt"]),
                position=_of(int, stated["position"]),
            ),
            log_path=tuple(_of(str, item) for item in _of(list, found["log_path"])),
            head=Head(
                workspace=_of(str, head["workspace"]),
                size=_of(int, head["size"]),
                root=_of(str, head["root"]),
                at=_of(str, head["at"]),
                signature=_of(str, head["signature"]),
            ),
        )
    except (KeyError, TypeError, ValueError):
        raise _no_proof(where) from None


def check_proof(proof: RowProof) -> Proved:
    """Follow a proof from its row to the head of the log. Raises ``VerificationError`` at the first step that fails."""
    try:
        return _followed(proof)
    except (KeyError, TypeError, ValueError, StorageError) as error:
        raise VerificationError("the proof does not hold: it cannot be followed") from error


def _followed(proof: RowProof) -> Proved:
    content = leaves.read_payload(proof.statement.payload)
    about = _of(dict, content["about_outcome"])
    if content["kind"] != leaves.PART or about["receipt_form"] != str(ROW_FORM):
        raise VerificationError("the proof does not hold: the log's record states no receipt")
    rows = int(about["receipt_rows"])
    leaf = row_body(bytes.fromhex(proof.salt), proof.row_bytes()) + proof.mark.encode("ascii")
    if not includes(bytes.fromhex(about["receipt"]), rows, leaf, proof.number, _hashes(proof.row_path)):
        raise VerificationError("the proof does not hold: the row is not under the root of the run's receipt")
    stated = leaves.leaf_of(bytes.fromhex(proof.statement.salt), proof.statement.payload)
    root, size = bytes.fromhex(proof.head.root), proof.head.size
    if not includes(root, size, stated, proof.statement.position, _hashes(proof.log_path)):
        raise VerificationError("the proof does not hold: the run's receipt is not under the root of the log")
    lists = {key.removeprefix("list."): text for key, text in about.items() if key.startswith("list.")}
    return Proved(
        run_id=about["run"],
        number=proof.number,
        rows=rows,
        mark=proof.mark,
        file_digest=about["file"],
        lists=tuple(sorted(lists.items())),
        policy=about["policy"],
        at=content["at"],
        head=proof.head,
    )


def _hashes(path: tuple[str, ...]) -> list[bytes]:
    found = [bytes.fromhex(text) for text in path]
    if any(len(item) != HASH_BYTES for item in found):
        raise ValueError("a digest has 32 bytes")
    return found


def _of(kind: type[_Type], value: Any) -> _Type:
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}")
    return value


def _no_proof(where: str) -> InputError:
    return InputError("not the proof of a row", where=where, expected="what 'netpursuit audit prove --out' has written")
