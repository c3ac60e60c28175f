"""Proving that a row was read by a run, for whoever holds the row, with the receipt of the feed's owner (A18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from netpursuit.audit import leaves
from netpursuit.audit.merkle import prove_inclusion
from netpursuit.audit.proofs import Head, Proved, RowProof, Statement, check_proof
from netpursuit.audit.receipts import HeldReceipt
from netpursuit.audit.row_form import canonical_row, unread_row
from netpursuit.errors import InputError, VerificationError
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.truth import LogHead, LogRecord, Truth
from netpursuit.records import Intent, Outcome, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRequest:
    """Which row of which run: ``record`` by its cells, or ``line`` of one that could not be parted into cells.

    ``receipt`` and ``record`` are read once the intent is on record. ``head``: size and root (hex) at which the proof
    ends, as one who holds an anchor asks; None: at the last head of the log."""

    run_id: str
    receipt: Callable[[], HeldReceipt]
    record: Callable[[], dict[str, str]] | None = None
    line: int | None = None
    head: tuple[int, str] | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedRow:
    """A proof, what it shows, and the receipt that it was made from."""

    receipt: HeldReceipt
    proof: RowProof
    proved: Proved
    consultation_id: str


def prove_row(desk: Workbench, request: ProofRequest) -> ProvedRow:
    """Prove that a row was read by a run; one consultation, which keeps the row's salted digest and no value.

    Raises ``InputError`` where the receipt is of another run, or the log has no receipt of the run,
    ``VerificationError`` where the receipt is not the one that the run has issued, the row is not in it, or the log is
    not the one whose head was stated.
    """
    fields = ("line",) if request.record is None else ("record",)
    intent = Intent(
        verb=Verb.AUDIT_PROVE,
        authority=desk.authority,
        fields=fields,
        about={"run": request.run_id},
        as_of=request.as_of,
    )
    with desk.gate.consult(intent) as consultation:
        receipt = request.receipt()
        if receipt.run_id != request.run_id:
            raise InputError("the receipt is of another run", expected=f"the receipt of {request.run_id}")
        head = _head(desk.truth, request.head)
        stated, log = _statement_of(desk.truth, request.run_id, head.size)
        about = leaves.read_payload(stated.payload or "")["about_outcome"]
        if not receipt.is_whole() or (about["receipt"], about["receipt_rows"]) != (receipt.root, str(receipt.rows)):
            raise VerificationError("the receipt is not the one that the run has issued")
        record = request.record() if request.record is not None else None
        row = unread_row(request.line or 0) if record is None else canonical_row(record)
        number = receipt.find(row)
        if number is None:
            raise VerificationError("not proved: the run has read no such row")
        rows = receipt.leaves()
        proof = RowProof(
            number=number,
            record=record,
            line=request.line,
            salt=receipt.seals.salt(number).hex(),
            mark=receipt.marks[number],
            row_path=_hex(prove_inclusion(rows, number)),
            statement=Statement(
                payload=stated.payload or "", salt=(stated.salt or b"").hex(), position=stated.position
            ),
            log_path=_hex(prove_inclusion(log, stated.position)),
            head=Head(
                workspace=desk.truth.workspace_id,
                size=head.size,
                root=head.root.hex(),
                at=head.at.isoformat(),
                signature=head.signature.hex(),
            ),
        )
        proved = check_proof(proof)
        kept = {"run": request.run_id, "leaf": rows[number][:32].hex()}
        consultation.conclude(Outcome(counts={"proved": 1}, about=kept))
    return ProvedRow(receipt=receipt, proof=proof, proved=proved, consultation_id=consultation.consultation_id)


def _head(truth: Truth, asked: tuple[int, str] | None) -> LogHead:
    """The last head of the log, or the one that is asked for. Raises ``InputError`` where the log has none of that
    size, ``VerificationError`` where it has another."""
    last = truth.log_head()
    size = asked[0] if asked is not None else last.size if last else 0
    found = last if last and last.size == size else next((h for h in truth.log_heads() if h.size == size), None)
    if found is None:
        raise InputError(f"the log has no head over {size} records", expected=f"1 to {last.size if last else 0}")
    if asked is not None and found.root.hex() != asked[1]:
        raise VerificationError("the log is not the one whose head was stated; 'netpursuit audit verify' says where")
    return found


def _statement_of(truth: Truth, run_id: str, size: int) -> tuple[LogRecord, list[bytes]]:
    """The log's record of a run's receipt, and the leaves of the log's first ``size`` records."""
    found: LogRecord | None = None
    log: list[bytes] = []
    for record in islice(truth.log_records(), size):
        log.append(record.leaf)
        if record.kind == leaves.PART and record.payload is not None and run_id in record.payload:
            about = leaves.read_payload(record.payload).get("about_outcome", {})
            if about.get("run") == run_id and "receipt" in about:
                found = record
    if found is None:
        raise InputError(
            f"the log has no receipt of run {run_id!r}",
            expected="a run that had ended by then, and whose record was not purged",
        )
    return found, log


def _hex(path: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(item.hex() for item in path)
