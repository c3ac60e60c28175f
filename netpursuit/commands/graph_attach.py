"""``netpursuit graph attach``, ``attached`` and ``detach``: a case's own records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import WordedGroup
from netpursuit.errors import InputError
from netpursuit.records.attachments import TableKind

if TYPE_CHECKING:
    from netpursuit.records.attachments import Attachment

KINDS = tuple(kind.value for kind in TableKind)


def add_attach_commands(group: WordedGroup, words: Catalogue) -> None:
    """Add them to ``netpursuit graph``."""

    @group.new("attach", "help.graph.attach")
    @click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
    @click.option("--mapping", metavar="M.toml", type=click.Path(path_type=Path), help=words("option.attach.mapping"))
    @click.option("--name", metavar="NAME", default="", help=words("option.attach.name"))
    @click.option("--draft", is_flag=True, help=words("option.attach.draft"))
    @click.option("--kind", type=click.Choice(KINDS), help=words("option.attach.kind"))
    @common(words)
    def attach(settings: Settings, file: Path, mapping: Path | None, name: str, draft: bool, kind: str | None) -> int:
        if draft:
            return run_draft(settings, file, kind)
        return run_attach(settings, file, mapping, name)

    @group.new("attached", "help.graph.attached")
    @common(words)
    def attached(settings: Settings) -> int:
        return run_attached(settings)

    @group.new("detach", "help.graph.detach")
    @click.argument("name", metavar="NAME")
    @common(words)
    def detach(settings: Settings, name: str) -> int:
        return run_detach(settings, name)


def run_draft(settings: Settings, file: Path, kind: str | None) -> int:
    """Show a first mapping, made of the file's headers; nothing of its rows is read into it."""
    from netpursuit.sources.attached import draft_mapping

    text = draft_mapping(file, TableKind(kind) if kind else None)
    if settings.as_json:
        show_json({"mapping": text})
    else:
        click.echo(text, nl=False)
    return 0


def run_attach(settings: Settings, file: Path, mapping: Path | None, name: str) -> int:
    from netpursuit.custody.attachments import NewAttachment, attach
    from netpursuit.wiring import end_cases, open_attached, open_desk

    if mapping is None:
        from netpursuit.sources.attached import draft_mapping

        raise InputError(
            "no mapping says what its columns mean",
            where=file.name,
            expected=f"--mapping M.toml with a file such as this (--draft writes it):\n\n{draft_mapping(file)}",
        )
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        end_cases(desk, settings.workspace)
        done = attach(desk, NewAttachment(file=file.resolve(), mapping=mapping.resolve(), name=name), open_attached)
    item, words = done.attachment, settings.words
    if settings.as_json:
        show_json({**attachment_json(item), "replaced": done.before, "changed": done.changed})
        return 0
    key = "same" if done.before and not done.changed else "replaced" if done.before else "done"
    click.echo(words(f"graph.attach.{key}", name=item.name, rows=item.rows, nodes=item.nodes, edges=item.statements))
    for reason, count in item.left_out.items():
        click.echo(words(f"graph.attach.left-out.{reason}", count=count))
    return 0


def run_attached(settings: Settings) -> int:
    from netpursuit.commands.show import console
    from netpursuit.custody.attachments import list_attached
    from netpursuit.reports.tables import Column, Grid
    from netpursuit.wiring import end_cases, open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        end_cases(desk, settings.workspace)
        found = list_attached(desk)
    words = settings.words
    if settings.as_json:
        show_json([attachment_json(item) for item in found])
    elif not found:
        click.echo(words("graph.attached.none"))
    else:
        names = ("name", "kind", "rows", "nodes", "edges", "file", "attached-at", "attached-by")
        numbers = ("rows", "nodes", "edges")
        console().print(
            Grid(
                columns=tuple(Column(words(f"graph.attached.{name}"), number=name in numbers) for name in names),
                rows=tuple(_row(words, item) for item in found),
            )
        )
    return 0


def _row(words: Catalogue, item: Attachment) -> tuple[str, ...]:
    at = item.attached_at.astimezone().isoformat(sep=" ", timespec="minutes")
    counts = (str(item.rows), str(item.nodes), str(item.statements))
    return (item.name, words(f"graph.attach.kind.{item.kind}"), *counts, item.file, at, item.attached_by)


def run_detach(settings: Settings, name: str) -> int:
    from netpursuit.custody.attachments import detach
    from netpursuit.wiring import end_cases, open_desk, open_graph

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        end_cases(desk, settings.workspace)
        item = detach(desk, name)
        with open_graph(desk, settings.workspace):
            pass  # bringing it up to the truth removes what the file had brought
    if settings.as_json:
        show_json({"detached": item.name, "nodes": item.nodes, "edges": item.statements})
    else:
        click.echo(settings.words("graph.detached", name=item.name, nodes=item.nodes, edges=item.statements))
    return 0


def attachment_json(item: Attachment) -> dict[str, Any]:
    """An attached file as its case remembers it, in its stable shape."""
    return {
        "name": item.name,
        "case": item.case_id,
        "kind": item.kind.value,
        "file": item.file,
        "digest": item.digest,
        "mapping_digest": item.mapping_digest,
        "rows": item.rows,
        "nodes": item.nodes,
        "edges": item.statements,
        "left_out": item.left_out,
        "attached_by": item.attached_by,
        "attached_at": item.attached_at.isoformat(),
        "consultation": item.consultation_id,
    }
