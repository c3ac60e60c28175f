"""``netpursuit graph``: questions to the link graph, and its upkeep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.graph_answers import show_answer
from netpursuit.commands.graph_asking import asking
from netpursuit.commands.graph_attach import add_attach_commands
from netpursuit.commands.graph_draw_in import add_draw_in_command
from netpursuit.commands.graph_imports import add_import_commands
from netpursuit.commands.graph_load import add_load_command
from netpursuit.commands.graph_sequences import add_sequence_command
from netpursuit.commands.options import DAY, Settings, common, show_json
from netpursuit.commands.progress import telling
from netpursuit.commands.worded import WordedGroup, new_group
from netpursuit.errors import DamagedError, InputError, VerificationError
from netpursuit.links.analyses import ANALYSES, Analysis
from netpursuit.links.views import MOST_HOPS, MOST_NODES, Bounds
from netpursuit.records.graph import EdgeKind, NodeKind

if TYPE_CHECKING:
    from netpursuit.enquiry.graph import GraphAnswer
    from netpursuit.gate.workbench import Workbench

Command = Callable[..., int]
DIFFERENCES = ("missing", "changed", "surplus")


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "graph")
    for name, analysis in ANALYSES.items():
        _add_analysis(group, words, name, analysis)
    add_sequence_command(group, words)
    add_draw_in_command(group, words)
    add_import_commands(group, words)
    add_attach_commands(group, words)
    add_load_command(group, words)

    @group.new("status", "help.graph.status")
    @common(words, authority=False)
    def status(settings: Settings) -> int:
        return run_status(settings)

    @group.new("rebuild", "help.graph.rebuild")
    @common(words, authority=False)
    def rebuild(settings: Settings) -> int:
        return run_rebuild(settings)

    @group.new("verify", "help.graph.verify")
    @click.option("--repair", is_flag=True, help=words("option.repair"))
    @common(words, authority=False)
    def verify(settings: Settings, repair: bool) -> int:
        return run_verify(settings, repair)

    return group


def _add_analysis(group: WordedGroup, words: Catalogue, name: str, analysis: Analysis) -> None:
    many = analysis.most != 1
    count = analysis.fewest if analysis.most == analysis.fewest else -1

    @group.new(name, f"help.graph.{name}")
    @click.argument("nodes", metavar="NODE…" if many else "NODE", nargs=count, required=analysis.fewest > 0)
    @click.option(
        "--hops", type=click.IntRange(1, MOST_HOPS), show_default=True, help=words("option.hops", hops=analysis.hops)
    )
    @click.option(
        "--limit", type=click.IntRange(1, MOST_NODES), default=200, show_default=True, help=words("option.rows")
    )
    @click.option("--from", "since", type=DAY, help=words("option.new-from" if analysis.dated else "option.since"))
    @click.option("--to", "until", type=DAY, help=words("option.until"))
    @click.option("--edge", "kinds", metavar="KIND", multiple=True, help=words("option.edge"))
    @_narrowing(words, name)
    @click.option("--graph", metavar="NAME", help=words("option.graph.imported"))
    @click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help=words("option.graph.out"))
    @click.option("--with-open-leads", is_flag=True, help=words("option.with-open-leads"))
    @common(words)
    def ask(settings: Settings, nodes: str | tuple[str, ...], **options: Any) -> int:
        return run_ask(settings, name, (nodes,) if isinstance(nodes, str) else tuple(nodes), options)


def _narrowing(words: Catalogue, analysis: str) -> Callable[[Command], Command]:
    """The options that an expansion alone has."""

    def add(command: Command) -> Command:
        if analysis != "expand":
            return command
        for option in (
            click.option(
                "--max-links", "most_links", type=click.IntRange(1), default=None, help=words("option.max-links")
            ),
            click.option("--source", "sources", metavar="TEXT", multiple=True, help=words("option.graph-source")),
            click.option("--label", "labels", metavar="LABEL", multiple=True, help=words("option.label")),
        ):
            command = option(command)
        return command

    return add


def run_ask(settings: Settings, analysis: str, nodes: tuple[str, ...], options: dict[str, Any]) -> int:
    from netpursuit.enquiry.graph import GraphRequest
    from netpursuit.wiring import open_desk

    graph: str = options["graph"] or ""
    out: Path | None = options["out"]
    if out is not None:
        from netpursuit.reports.graph_files import check_place, kind_of

        check_place(out)
    since, until = options["since"], options["until"]
    bounds = Bounds(
        hops=options["hops"] or ANALYSES[analysis].hops,
        limit=options["limit"],
        since=since.isoformat() if since else "",
        until=until.isoformat() if until else "",
        kinds=tuple(options["kinds"]) if graph else tuple(map(_own_kind, options["kinds"])),
        with_open_leads=options["with_open_leads"],
        labels=tuple(options.get("labels", ())) if graph else tuple(map(_own_label, options.get("labels", ()))),
        sources=options.get("sources", ()),
        most_links=options.get("most_links") or 0,
    )
    export = kind_of(out).lstrip(".") if out is not None else ""
    request = GraphRequest(analysis=analysis, nodes=nodes, bounds=bounds, as_of=settings.as_of, export=export)
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        with asking(desk, settings, graph) as ask:
            answer = ask(request)
        written = write_export(settings, desk, answer, out) if out is not None else ()
    if settings.as_json:
        from netpursuit.reports.graph_json import answer_json

        show_json(answer_json(answer, settings.words))
    else:
        show_answer(settings.words, answer)
        for file in written:
            click.echo(settings.words("graph.written", file=file))
    return 3 if answer.troubled else 0


def _own_kind(text: str) -> EdgeKind:
    """A kind of link of the program's own graph."""
    try:
        return EdgeKind(text)
    except ValueError:
        raise InputError("no such kind of link", where="--edge", expected=", ".join(EdgeKind)) from None


def _own_label(text: str) -> NodeKind:
    """A kind of node of the program's own graph."""
    try:
        return NodeKind(text)
    except ValueError:
        raise InputError("no such kind of node", where="--label", expected=", ".join(NodeKind)) from None


def write_export(settings: Settings, desk: Workbench, answer: GraphAnswer, out: Path) -> tuple[Path, ...]:
    """The files of an answer, with the purpose and the expiry of the case under which it was asked (A13)."""
    from netpursuit.enquiry.graph import entry_kinds
    from netpursuit.reports.graph_exports import case_notice
    from netpursuit.reports.graph_files import Asked, write_graph
    from netpursuit.reports.standings import banner_lines

    notice, _ = case_notice(desk)
    asked = Asked(
        nodes=answer.asked,
        entry_kinds=entry_kinds(desk, answer.found),
        alarms=banner_lines(settings.words, answer.lists),
    )
    return write_graph(answer.found, out, notice, settings.words, asked)


def count_all(counts: dict[str, int]) -> tuple[int, int]:
    """How many nodes and edges a store counts."""
    nodes = sum(count for name, count in counts.items() if name.startswith("node."))
    return nodes, sum(counts.values()) - nodes


def run_status(settings: Settings) -> int:
    from netpursuit.custody.graph import pending
    from netpursuit.wiring import open_desk, open_graph

    with open_desk(settings.workspace) as desk:
        try:
            with open_graph(desk, settings.workspace, drained=False) as store:
                store.check()
                counts, waiting = store.counts(), len(pending(desk.truth, store))
                of_cases = len(store.owners("case:"))
                lists = {name[5:]: version for name, version in store.marks().items() if name.startswith("list:")}
        except DamagedError:
            if settings.as_json:
                unknown: dict[str, Any] = {"counts": {}, "of_cases": None, "pending": None, "lists_behind": []}
                show_json({"store": "embedded", "damaged": True, **unknown})
            else:
                click.echo(settings.words("graph.damaged"))
            raise
        behind = [
            version.list_id for version in desk.truth.list_versions() if lists.get(version.list_id) != version.version
        ]
    if settings.as_json:
        shown = {"store": store.name, "damaged": False, "counts": counts, "of_cases": of_cases}
        show_json({**shown, "pending": waiting, "lists_behind": behind})
        return 0
    for name, count in counts.items():
        click.echo(f"{name}  {count}")
    if of_cases:
        click.echo(settings.words("graph.of-cases", count=of_cases))
    click.echo(settings.words("graph.pending", leads=waiting, lists=len(behind)))
    return 0


def run_rebuild(settings: Settings) -> int:
    from netpursuit.wiring import open_desk, rebuild_graph

    with open_desk(settings.workspace) as desk, telling(settings.words, "graph.progress") as tell:
        done, counts = rebuild_graph(desk, settings.workspace, tell)
    if settings.as_json:
        show_json({"leads": done.leads, "cases": done.cases, "lists": done.lists, "counts": counts})
    else:
        nodes, edges = count_all(counts)
        click.echo(settings.words("graph.rebuilt", lists=done.lists, leads=done.leads, nodes=nodes, edges=edges))
    return 0


def _count_owners(owners: tuple[str, ...]) -> dict[str, int]:
    """How many leads and entries of each list these are; which ones is nobody's to see without a reason."""
    return dict(sorted(Counter(owner.rpartition(":")[0] for owner in owners).items()))


def run_verify(settings: Settings, repair: bool) -> int:
    from netpursuit.custody.graph import compare, mend
    from netpursuit.wiring import open_desk, open_graph

    with (
        open_desk(settings.workspace) as desk,
        telling(settings.words, "graph.progress") as tell,
        open_graph(desk, settings.workspace, tell=tell) as store,
        telling(settings.words, "graph.verifying") as tell_compared,
    ):
        store.check()
        found = compare(desk.truth, store, tell_compared)
        if repair and not found.none:
            mend(desk.truth, store, found)
            left = compare(desk.truth, store, tell_compared)
        else:
            left = found
    if settings.as_json:
        show_json(
            {
                "equal": left.none,
                **{kind: _count_owners(getattr(found, kind)) for kind in DIFFERENCES},
                "repaired": repair and not found.none,
            }
        )
    else:
        for kind in DIFFERENCES:
            for whose, count in _count_owners(getattr(found, kind)).items():
                click.echo(settings.words(f"graph.{kind}", whose=whose, count=count), err=True)
        click.echo(settings.words("graph.equal" if found.none else "graph.repaired" if left.none else "graph.differs"))
    if not left.none:
        raise VerificationError("the link graph differs from the truth: graph verify --repair mends it")
    return 0
