"""``netpursuit graph load``: a case's part of the link graph into a separate Neo4j server."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.progress import telling
from netpursuit.commands.worded import WordedGroup
from netpursuit.errors import InputError
from netpursuit.links.views import MOST_HOPS, MOST_NODES, Bounds

if TYPE_CHECKING:
    from netpursuit.enquiry.load import LoadAnswer

_USER, _PASSWORD = "NETPURSUIT_LOAD_NEO4J_USER", "NETPURSUIT_LOAD_NEO4J_PASSWORD"
SAMPLES = (
    ("notice", "MATCH (n:NetpursuitNotice) RETURN n"),
    ("all", "MATCH p = (n)-[]-() RETURN p LIMIT 500"),
    (
        "co-residents",
        "MATCH p = (one)-[a:STAYED_AT]->(u:RentalUnit)<-[b:STAYED_AT]-(other) WHERE elementId(one) < elementId(other) "
        "AND a.seen_from <= coalesce(b.seen_to, '9999') AND b.seen_from <= coalesce(a.seen_to, '9999') RETURN p",
    ),
    (
        "shared",
        "MATCH (x:Phone|Document)<-[:USES_PHONE|HOLDS_DOCUMENT]-(who) "
        "WITH x, collect(DISTINCT who) AS holders WHERE size(holders) > 1 RETURN x, holders",
    ),
    (
        "paths",
        "MATCH (a {name: $one}), (b {name: $other}) MATCH p = allShortestPaths((a)-[*..6]-(b)) "
        "WHERE none(n IN nodes(p) WHERE n:List) RETURN p",
    ),
    ("assessments", "MATCH p = ()-[r {fact: false}]->() RETURN p"),
    ("remove", "MATCH (n) WHERE n.netpursuit_load IS NOT NULL DETACH DELETE n"),
)
"""Queries to begin with, by the key of their words. They hold no value of anybody."""


def add_load_command(group: WordedGroup, words: Catalogue) -> None:
    """Add it to ``netpursuit graph``."""

    @group.new("load", "help.graph.load")
    @click.argument("nodes", metavar="NODE…", nargs=-1)
    @click.option("--uri", required=True, metavar="URI", help=words("option.load.uri"))
    @click.option("--database", metavar="NAME", default="", help=words("option.load.database"))
    @click.option(
        "--hops", type=click.IntRange(1, MOST_HOPS), default=2, show_default=True, help=words("option.load.hops")
    )
    @click.option(
        "--limit", type=click.IntRange(1, MOST_NODES), default=MOST_NODES, show_default=True, help=words("option.rows")
    )
    @click.option("--with-open-leads", is_flag=True, help=words("option.with-open-leads"))
    @click.option("--out", metavar="FILE.cypher", type=click.Path(path_type=Path), help=words("option.load.out"))
    @common(words)
    def load(settings: Settings, nodes: tuple[str, ...], **options: Any) -> int:
        return run_load(settings, nodes, options)


def run_load(settings: Settings, nodes: tuple[str, ...], options: dict[str, Any]) -> int:
    from netpursuit.enquiry.load import LoadRequest, load_case
    from netpursuit.reports.standings import banner_lines
    from netpursuit.wiring import open_case_server, open_desk, open_graph

    words, out = settings.words, options["out"]
    if out is not None and (out.suffix.lower() != ".cypher" or not out.absolute().parent.is_dir()):
        raise InputError("no place for queries", where=str(out), expected="a name ending in .cypher in a folder")
    request = LoadRequest(
        warning=words("report.warning"),
        say_cut=words("graph.cut"),
        nodes=nodes,
        bounds=Bounds(hops=options["hops"], limit=options["limit"], with_open_leads=options["with_open_leads"]),
        as_of=settings.as_of,
    )
    with (
        open_case_server(options["uri"], options["database"], lambda: credentials(words)) as server,
        open_desk(settings.workspace, settings.reason, settings.case_id) as desk,
        telling(words, "graph.progress") as tell,
        open_graph(desk, settings.workspace, tell=tell) as store,
    ):
        answer = load_case(desk, store, server, request, lambda lists: banner_lines(words, lists))
        if out is not None:
            _write_samples(words, answer, out)
    if settings.as_json:
        show_json(_load_json(answer, server.name))
    else:
        _show_load(words, answer, server.name)
    return 3 if any(item.status.value != "fresh" for item in answer.lists) else 0


def credentials(words: Catalogue) -> tuple[str, str]:
    """User and password of the server: from the environment, or asked for at a terminal; never from the command line.

    Raises ``InputError`` where there is nobody to ask."""
    user, password = os.environ.get(_USER, "neo4j"), os.environ.get(_PASSWORD, "")
    if not password and sys.stdin.isatty():
        password = click.prompt(words("load.password", user=user), hide_input=True, err=True)
    if not password:
        raise InputError("no password", where=_PASSWORD, expected="that of the server's user")
    return user, password


def _samples(words: Catalogue) -> list[tuple[str, str]]:
    return [(words(f"load.sample.{name}"), query) for name, query in SAMPLES]


def _write_samples(words: Catalogue, answer: LoadAnswer, out: Path) -> None:
    from netpursuit.reports.leads_file import Notice, notice_lines, write_whole

    load = answer.load
    notice = Notice(purpose=load.purpose, user=load.user, run_ids=(), expires_on=load.expires_on, case_id=load.case_id)
    said = [f"// {' '.join(line.split())}" for line in (*notice_lines(out, notice, words), *load.besides)]
    queries = [f"\n// {what}\n{query};" for what, query in _samples(words)]
    write_whole(out, "".join(f"{line}\n" for line in (*said, *queries)))


def _load_json(answer: LoadAnswer, server: str) -> dict[str, Any]:
    from netpursuit.reports.standings import standing_json

    load = answer.load
    return {
        "server": server,
        "case": load.case_id,
        "purpose": load.purpose,
        "user": load.user,
        "expires_on": load.expires_on.isoformat(),
        "nodes": len(load.nodes),
        "edges": len(load.edges),
        "truncated": answer.truncated,
        "replaced": answer.replaced,
        "lists": [standing_json(item) for item in answer.lists],
        "consultation": load.consultation_id,
        "cypher": [query for _, query in SAMPLES],
    }


def _show_load(words: Catalogue, answer: LoadAnswer, server: str) -> None:
    from netpursuit.commands.show import console, show_banners

    load, out = answer.load, console()
    show_banners(out, words, answer.lists)
    counts = {"nodes": len(load.nodes), "edges": len(load.edges), "server": server, "case": load.case_id}
    out.print(words("load.done", **counts), markup=False, style="bold")
    if answer.replaced:
        out.print(words("load.replaced", count=answer.replaced), markup=False)
    if answer.truncated:
        out.print(words("graph.cut"), style="yellow")
    out.print(words("report.warning"), style="yellow", markup=False)
    out.print(words("load.expires", day=load.expires_on.isoformat()), style="yellow", markup=False)
    out.print(words("match.consultation", id=load.consultation_id), markup=False)
    for what, query in _samples(words):
        click.echo(f"\n// {what}\n{query};")
