"""A case's own records: files are attached to a case whole, listed and detached; they are seen under it alone (A4)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from netpursuit.custody.demands import refuse_watch_register
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.attachments import find_attachment, keep_attachments, kept_attachments
from netpursuit.gate.case_links import drop_links, keep_links
from netpursuit.gate.cases import is_over
from netpursuit.gate.workbench import Workbench
from netpursuit.links.attached import Brought, Part, links_of_calls, links_of_holdings
from netpursuit.ports.attached import AttachedTable
from netpursuit.ports.truth import UnitOfWork
from netpursuit.records import Intent, Outcome, Verb
from netpursuit.records.attachments import Attachment, TableKind
from netpursuit.records.case_links import CaseLinks, owner_prefix

_NAME = re.compile(r"[^\W_][\w.-]{0,63}")
_NO_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAttachment:
    """What the user says of a file: its place, that of its mapping, and how it is called (empty: as the file is)."""

    file: Path
    mapping: Path
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What an attaching did: ``before``: there was a file of the name; ``changed``: whether anything differs now."""

    attachment: Attachment
    before: bool
    changed: bool


def attach(desk: Workbench, new: NewAttachment, open_table: Callable[[Path, Path], AttachedTable]) -> Attached:
    """Read a table into the case by its mapping, whole or not at all; a file of the same name is replaced.

    Raises ``RefusedError`` without a case and for a register of watched people, ``SettingsError`` for a mapping that
    is wrong, ``RowsError`` with all rows that are, ``InputError`` for a name that is none.
    """
    intent = Intent(
        verb=Verb.GRAPH_ATTACH,
        authority=desk.authority,
        fields=("file", "mapping"),
        sealed=json.dumps({"file": new.file.name, "mapping": new.mapping.name, "name": new.name}, ensure_ascii=False),
    )
    with desk.gate.consult(intent) as consultation:
        case_id = _case_of(desk)
        name = _name_of(new)
        table = open_table(new.file, new.mapping)
        refuse_watch_register((name, *table.headings))
        brought = _brought(table, name, case_id)
        # Compared before the transaction, which others wait for.
        before = find_attachment(desk.truth, case_id, name)
        same = _same_parts(desk, case_id, before, brought)
        with desk.truth.transaction() as unit:
            if is_over(desk.gate, case_id):  # since the intent
                raise RefusedError("case-closed", f"case {case_id!r} is over")
            attachment = Attachment(
                name=name,
                case_id=case_id,
                kind=table.kind,
                file=table.file,
                digest=table.digest,
                mapping_digest=table.mapping_digest,
                rows=table.rows,
                nodes=brought.nodes,
                statements=brought.statements,
                attached_by=desk.gate.who,
                attached_at=unit.at.astimezone(UTC),
                consultation_id=consultation.consultation_id,
                parts=tuple(part.name for part in brought.parts),
                left_out=table.left_out,
            )
            kept = kept_attachments(desk.truth, case_id)
            now = next((item for item in kept if item.name == name), None)
            if now != before:  # somebody else has attached it meanwhile
                before, same = now, frozenset()
            _put_parts(unit, attachment, [part for part in brought.parts if part.name not in same])
            gone = sorted(set(before.parts) - set(attachment.parts)) if before else []
            drop_links(unit, case_id, [_owner(case_id, name, part) for part in gone])
            if before is not None and _content(before) == _content(attachment):
                attachment = before  # which is when and by whom it came
            keep_attachments(unit, case_id, [*(item for item in kept if item.name != name), attachment])
            counts = {"rows": table.rows, "nodes": brought.nodes, "edges": brought.statements}
            about = {"case": case_id, "kind": table.kind.value, "digest": table.digest}
            consultation.conclude(Outcome(counts=counts, about=about), unit)
    changed = len(same) < len(brought.parts) or bool(gone)
    return Attached(attachment=attachment, before=before is not None, changed=changed)


def list_attached(desk: Workbench) -> tuple[Attachment, ...]:
    """The files attached to the case, by name. Raises ``RefusedError`` without a case."""
    with desk.gate.consult(Intent(verb=Verb.GRAPH_ATTACHED, authority=desk.authority)) as consultation:
        found = kept_attachments(desk.truth, _case_of(desk))
        consultation.conclude(Outcome(counts={"files": len(found)}))
    return found


def detach(desk: Workbench, name: str) -> Attachment:
    """Take a file out of the case, and with it all that it alone brought.

    Raises ``RefusedError`` without a case, ``InputError`` where no file is called so.
    """
    intent = Intent(
        verb=Verb.GRAPH_DETACH,
        authority=desk.authority,
        fields=("name",),
        sealed=json.dumps({"name": name}, ensure_ascii=False),
    )
    with desk.gate.consult(intent) as consultation:
        case_id = _case_of(desk)
        with desk.truth.transaction() as unit:
            attachment = find_attachment(desk.truth, case_id, name)
            if attachment is None:
                raise InputError(
                    "no file of the case is called so", where="NAME", expected="one that 'graph attached' shows"
                )
            drop_links(unit, case_id, [_owner(case_id, name, part) for part in attachment.parts])
            rest = [item for item in kept_attachments(desk.truth, case_id) if item.name != name]
            keep_attachments(unit, case_id, rest)
            counts = {"nodes": attachment.nodes, "edges": attachment.statements}
            about = {"case": case_id, "digest": attachment.digest}
            consultation.conclude(Outcome(counts=counts, about=about), unit)
    return attachment


def _case_of(desk: Workbench) -> str:
    if not desk.authority.case_id:
        raise RefusedError(
            "attach-case", "records are attached to a case and seen under it alone: state it with --case ID"
        )
    return desk.authority.case_id


def _name_of(new: NewAttachment) -> str:
    """How the file is called within the case. Raises ``InputError`` for what is no name."""
    name = new.name or _NO_NAME.sub("-", new.file.stem).strip("-._")[:64]
    if not _NAME.fullmatch(name):
        raise InputError(
            "this is no name for a file of a case",
            where="--name",
            expected="up to 64 letters, digits, dots, dashes and underscores",
        )
    return name


def _brought(table: AttachedTable, name: str, case_id: str) -> Brought:
    """What the table brings. Raises ``InputError`` where all of its rows are passed over."""
    if table.kind is TableKind.CALLS:
        brought = links_of_calls(table.calls(), name)
    else:
        brought = links_of_holdings(table.holdings(), name, case_id)
    if not brought.parts:
        reasons = ", ".join(f"{reason} {count}" for reason, count in table.left_out.items())
        raise InputError(
            f"none of {table.rows} rows names anything ({reasons})", where=table.file, expected="one that does"
        )
    return brought


def _same_parts(desk: Workbench, case_id: str, before: Attachment | None, brought: Brought) -> frozenset[str]:
    """The names of the parts that are there already as they are brought now."""
    there = frozenset(before.parts) if before else frozenset()
    same = set()
    for part in brought.parts:
        if part.name in there and before is not None:
            known = desk.truth.case_links_of(_owner(case_id, before.name, part.name))
            if known is not None and known.links == part.links:
                same.add(part.name)
    return frozenset(same)


def _put_parts(unit: UnitOfWork, attachment: Attachment, parts: Iterable[Part]) -> None:
    for part in parts:
        keep_links(
            unit,
            CaseLinks(
                case_id=attachment.case_id,
                owner=_owner(attachment.case_id, attachment.name, part.name),
                links=part.links,
                consultation_id=attachment.consultation_id,
                made_by=attachment.attached_by,
                made_at=attachment.attached_at,
            ),
        )


def _owner(case_id: str, name: str, part: str) -> str:
    """The owner of a part. The name of a file may be somebody's, and owners are counted without a reason."""
    return f"{owner_prefix(case_id)}attached:{hashlib.sha256(name.encode()).hexdigest()[:16]}:{part}"


def _content(attachment: Attachment) -> Iterable[object]:
    """What of an attachment is its own, whenever it came and from whomever."""
    item = attachment
    return (
        item.kind,
        item.file,
        item.digest,
        item.mapping_digest,
        item.rows,
        item.parts,
        sorted(item.left_out.items()),
    )
