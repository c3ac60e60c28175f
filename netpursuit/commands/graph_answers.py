"""How an answer of the link graph is shown at a terminal: as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpursuit.catalogue import Catalogue
from netpursuit.links.views import Row

if TYPE_CHECKING:
    from netpursuit.enquiry.graph import GraphAnswer
    from netpursuit.reports.tables import Grid

_SHOWN_KEYS = 60  # characters of a key in a table


def show_answer(words: Catalogue, answer: GraphAnswer) -> None:
    """The rows as a table, then what was cut and where the look is on record."""
    from netpursuit.commands.show import console, show_banners
    from netpursuit.reports.wording import clean

    out = console()
    show_banners(out, words, answer.lists)
    if answer.graph:
        out.print(words("graph.imported", graph=answer.graph), style="yellow", markup=False)
    names = {node.key: node for node in answer.found.nodes}
    for key in answer.asked:
        node = names.get(key)
        if node is None:
            out.print(words("graph.hidden"), style="yellow", markup=False)
        else:
            assumed = "" if node.fact else f" ({words('graph.assessment')})"
            kind = _worded(words, str(node.kind), "node")
            out.print(clean(f"{kind}: {node.label}{assumed}"), style="bold", markup=False)
            for name, value in node.provenance[0].properties:
                out.print(clean(f"    {name}: {value}"), markup=False)
    rows = answer.found.rows
    if not rows:
        out.print(words("graph.none"))
    else:
        out.print(rows_table(words, rows))
    if answer.found.truncated:
        out.print(words("graph.cut"), style="yellow")
    out.print(words("graph.links-not-guilt"))
    out.print(words("match.consultation", id=answer.consultation_id), markup=False)


def rows_table(words: Catalogue, rows: tuple[Row, ...]) -> Grid:
    """The rows of an answer, which all have the same columns."""
    from netpursuit.reports.tables import Column, Grid

    columns = [column for column in rows[0] if column != "fact"] if rows else []
    return Grid(
        columns=tuple(Column(words(f"graph.column.{name}"), number=_is_number(rows, name)) for name in columns),
        rows=tuple(tuple(_cell(words, row, name) for name in columns) for row in rows),
    )


def _is_number(rows: tuple[Row, ...], name: str) -> bool:
    return all(isinstance(row[name], int) for row in rows)


def _worded(words: Catalogue, kind: str, *areas: str) -> str:
    """A kind of node or link with its word before it where the reader's language is not the program's: the kind
    itself is what options take."""
    if words.lang == "en":
        return kind
    found = (words(f"report.{area}.{kind}") for area in areas if f"report.{area}.{kind}" in words)
    return " ".join((*list(found)[:1], kind))


def _cell(words: Catalogue, row: Row, name: str) -> str:
    text = str(row[name])
    if name == "key" and len(text) > _SHOWN_KEYS:
        return f"{text[:_SHOWN_KEYS]}…"
    if name in ("kind", "edge"):
        return _worded(words, text, "node", "edge")
    if name == "source":
        return words.source(text)
    if name == "label" and row.get("fact") is False:
        return f"{text} ({words('graph.assessment')})"
    return text
