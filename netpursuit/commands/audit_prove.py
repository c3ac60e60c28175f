"""``netpursuit audit prove``: that a row was read by a run, shown to whoever holds the row (A18)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, check_folder, common, read_text, show_json
from netpursuit.commands.worded import WordedGroup
from netpursuit.errors import InputError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netpursuit.audit.heads import Anchor
    from netpursuit.audit.proofs import Head, Proved


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveOptions:
    """What one call is asked for: a proof to be made of a row of ``run``, or a proof to be checked."""

    run: str | None
    receipt: Path | None
    record: Path | None
    line: int | None
    out: Path | None
    check: Path | None
    head: str | None
    anchor: Path | None


def add(group: WordedGroup, words: Catalogue) -> None:
    """Add the command to the group ``audit``."""
    kind = click.Path(path_type=Path)

    @group.new("prove", "help.audit.prove")
    @click.argument("run", metavar="[RUN]", required=False)
    @click.option("--receipt", metavar="FILE", type=kind, help=words("option.prove.receipt"))
    @click.option("--record", metavar="FILE", type=kind, help=words("option.prove.record"))
    @click.option("--line", metavar="N", type=click.IntRange(1), help=words("option.prove.line"))
    @click.option("--out", metavar="FILE.json", type=kind, help=words("option.prove.out"))
    @click.option("--check", metavar="FILE.json", type=kind, help=words("option.prove.check"))
    @click.option("--anchor", metavar="FILE", type=kind, help=words("option.prove.anchor"))
    @click.option("--head", metavar="SIZE:ROOT", help=words("option.prove.head"))
    @common(words)
    def prove(settings: Settings, **options: Any) -> int:
        asked = ProveOptions(**options)
        return run_check(settings, asked) if asked.check is not None else run_prove(settings, asked)


def run_prove(settings: Settings, options: ProveOptions) -> int:
    from netpursuit.commands.receipts import proof_notice
    from netpursuit.custody.proving import ProofRequest, prove_row
    from netpursuit.reports.leads_file import write_whole
    from netpursuit.reports.receipt_file import read_receipt
    from netpursuit.sources.registrations import read_record
    from netpursuit.wiring import open_desk

    if options.run is None or options.receipt is None or (options.record is None) == (options.line is None):
        raise InputError("nothing to prove", expected="RUN with --receipt and one of --record and --line, or --check")
    if options.out is not None:
        check_folder(options.out)
    record, anchors = options.record, _anchors(options)
    heads = _heads(options, anchors)
    request = ProofRequest(
        run_id=options.run,
        receipt=partial(read_receipt, options.receipt),
        record=partial(read_record, record) if record is not None else None,
        line=options.line,
        head=max(heads.items(), default=None),
        as_of=settings.as_of,
    )
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        _check_anchors(anchors, desk.truth.workspace_id, desk.keys.public_key())
        answer = prove_row(desk, request)
        if options.out is not None:
            notice = proof_notice(settings.words, desk.gate.who, answer.receipt)
            whole = {**notice, **answer.proof.as_json()}
            write_whole(options.out, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
    _show(settings, answer.proved, checked=False)
    if options.out is not None and not settings.as_json:
        click.echo(settings.words("prove.written", file=options.out.name))
    return 0


def run_check(settings: Settings, options: ProveOptions) -> int:
    """Check a proof without any workspace."""
    from netpursuit.audit.proofs import check_proof, read_proof

    if any((options.run, options.receipt, options.record, options.line, options.out)):
        raise InputError(
            "--check with what makes a proof", expected="--check FILE.json alone, or with --anchor or --head"
        )
    anchors = _anchors(options)
    heads = _heads(options, anchors)
    proved = check_proof(read_proof(read_text(str(options.check)), str(options.check)))
    if anchors:
        _check_anchors(anchors, proved.head.workspace, anchors[-1].public_key)
    size = proved.head.size
    if heads and size not in heads:
        raise InputError(f"the proof ends at the head over {size} records", expected="an anchor of that very head")
    if heads and heads[size] != proved.head.root:
        raise VerificationError("the proof ends at another head than this one")
    _show(settings, proved, checked=True, anchored=bool(heads))
    return 0


def _anchors(options: ProveOptions) -> tuple[Anchor, ...]:
    from netpursuit.audit.heads import read_anchors

    return () if options.anchor is None else read_anchors(read_text(str(options.anchor)), options.anchor.name)


def _check_anchors(anchors: Sequence[Anchor], workspace_id: str, public_key: bytes) -> None:
    """Raises ``VerificationError`` where an anchor is not of this workspace's log, or was changed."""
    from netpursuit.audit.heads import anchor_problems

    for problem in anchor_problems(anchors, workspace_id, public_key):
        raise VerificationError(problem)


def _heads(options: ProveOptions, anchors: Sequence[Anchor]) -> dict[int, str]:
    """The heads of the log that somebody holds: size -> root, in hex digits."""
    heads: dict[int, str] = {}
    for anchor in anchors:
        if heads.setdefault(anchor.size, anchor.root.hex()) != anchor.root.hex():
            raise InputError("two anchors state two roots of one size", where=str(options.anchor))
    if options.head is not None:
        size, root = _parse_head(options.head)
        if heads.setdefault(size, root) != root:
            raise InputError("--head and --anchor state two roots of one size", expected="one of them")
    return heads


def _parse_head(text: str) -> tuple[int, str]:
    size, _, root = text.partition(":")
    try:
        if len(bytes.fromhex(root)) != 32:
            raise ValueError(root)
        return int(size), root.lower()
    except ValueError:
        raise InputError(f"{text!r} is no head", expected="SIZE:ROOT, the root as 64 hex digits") from None


def _show(settings: Settings, proved: Proved, *, checked: bool, anchored: bool = False) -> None:
    words = settings.words
    if settings.as_json:
        show_json(_json(proved, anchored=anchored if checked else None))
        return
    lists = ", ".join(f"{list_id} {version}" for list_id, version in proved.lists) or "-"
    facts = {"run": proved.run_id, "number": proved.number + 1, "rows": proved.rows, "file": proved.file_digest}
    click.echo(words("prove.row", **facts, mark=_said(words, proved.mark)))
    at = datetime.fromisoformat(proved.at).astimezone().isoformat(timespec="seconds")
    click.echo(words("prove.against", lists=lists, policy=proved.policy, at=at))
    key = "prove.anchored" if anchored else "prove.compare"
    click.echo(words(key, head=_head_text(proved.head)))


def _json(proved: Proved, *, anchored: bool | None) -> dict[str, Any]:
    return {
        "run": proved.run_id,
        "row": proved.number,
        "rows": proved.rows,
        "mark": proved.mark,
        "file_digest": proved.file_digest,
        "lists": dict(proved.lists),
        "policy": proved.policy,
        "at": proved.at,
        "head": _head_text(proved.head),
        "anchored": anchored,
    }


def _head_text(head: Head) -> str:
    return f"{head.size}:{head.root}"


def _said(words: Catalogue, mark: str) -> str:
    """A mark in words: what became of each person of the row, or of the row."""
    said = []
    for part in mark.split(" "):
        role, colon, fate = part.partition(":")
        if not colon:
            said.append(_word(words, "receipt.mark.", role))
        elif role == "rejected":
            said.append(words("receipt.mark.rejected", reason=_word(words, "rejected.", fate)))
        else:
            said.append(f"{_word(words, 'role.', role)}: {_word(words, 'receipt.mark.', fate)}")
    return "; ".join(said)


def _word(words: Catalogue, area: str, key: str) -> str:
    """The word for a key; the key itself where a later version has made it."""
    return words(area + key) if area + key in words else key
