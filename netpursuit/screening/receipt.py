"""The receipt that a run issues: a root in the consultation log, and the rest for the feed's owner (A18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from netpursuit.audit.receipts import ReceiptTree, RowSeals, new_key
from netpursuit.audit.row_form import ROW_FORM
from netpursuit.ports.receipts import ReceiptSink
from netpursuit.records import Outcome, RunManifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What the log keeps of a receipt. ``root``: 64 hex digits."""

    rows: int
    root: str


@dataclass(slots=True)
class RunReceipt:
    """The receipt of a run that is under way. ``sink`` None: nobody has asked for it, and its key ends with the run.

    A run that goes on takes all rows in anew, with a key of its own: nothing of a receipt waits in any file.
    """

    file_digest: str
    sink: ReceiptSink | None
    seals: RowSeals = field(init=False, repr=False)
    _tree: ReceiptTree = field(init=False, default_factory=ReceiptTree)

    def __post_init__(self) -> None:
        self.seals = RowSeals(new_key(), self.file_digest)

    def add(self, bodies: bytes, marks: Sequence[str]) -> None:
        self._tree.add(bodies, marks)
        if self.sink is not None:
            self.sink.add(bodies, marks)

    def issue(self) -> Issued:
        """Give the receipt to the owner, before the run ends: what is on record can be proved."""
        issued = Issued(rows=self._tree.rows, root=self._tree.root)
        if self.sink is not None:
            self.sink.finish(issued.rows, issued.root, self.seals.key)
        return issued


def statement(manifest: RunManifest, issued: Issued) -> Outcome:
    """What the log says of a receipt, in a record of its own: a proof shows it to others, who learn no lead by it."""
    lists = {f"list.{list_id}": version for list_id, version in manifest.lists}
    about = {
        "run": manifest.run_id,
        "file": manifest.file_digest,
        "policy": manifest.policy,
        "receipt": issued.root,
        "receipt_rows": str(issued.rows),
        "receipt_form": str(ROW_FORM),
    }
    return Outcome(about={**about, **lists})
