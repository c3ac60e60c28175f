"""``netpursuit graph run``: a sequence of analyses that somebody has saved, on a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.graph_answers import show_answer
from netpursuit.commands.graph_asking import asking
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import WordedGroup
from netpursuit.errors import NetpursuitError, RefusedError
from netpursuit.links.sequences import NodesOf, Sequence

if TYPE_CHECKING:
    from netpursuit.enquiry.sequence import StepAnswer


def add_sequence_command(group: WordedGroup, words: Catalogue) -> None:
    """Add it to ``netpursuit graph``."""

    @group.new("run", "help.graph.run")
    @click.argument("file", metavar="SEQUENCE.toml", type=click.Path(path_type=Path))
    @click.argument("nodes", metavar="NODE…", nargs=-1)
    @click.option("--graph", metavar="NAME", help=words("option.graph.imported"))
    @click.option("--with-open-leads", is_flag=True, help=words("option.with-open-leads"))
    @common(words)
    def run(settings: Settings, file: Path, nodes: tuple[str, ...], graph: str | None, with_open_leads: bool) -> int:
        return run_file(settings, file, nodes, graph or "", with_open_leads)


def run_file(settings: Settings, file: Path, nodes: tuple[str, ...], graph: str, with_open_leads: bool) -> int:
    """Ask step by step and show each answer as it comes; a step that fails ends the sequence, with the earlier shown.

    Raises what the step raised.
    """
    from netpursuit.enquiry.sequence import SequenceRequest, run_sequence
    from netpursuit.sources.sequences import read_sequence
    from netpursuit.wiring import open_desk

    sequence = read_sequence(file, free=bool(graph))
    request = SequenceRequest(sequence=sequence, nodes=nodes, as_of=settings.as_of, with_open_leads=with_open_leads)
    done: list[StepAnswer] = []
    failed: NetpursuitError | None = None
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk, asking(desk, settings, graph) as ask:
        try:
            for item in run_sequence(desk, ask, request):
                if not settings.as_json:
                    _show_step(settings.words, sequence, item)
                done.append(item)
        except NetpursuitError as error:
            failed = error
    if settings.as_json and (done or failed is None):
        show_json(_run_json(sequence, done, failed, settings.words))
    if failed is not None:
        if done and not settings.as_json:
            number, count = done[-1].number + 1, len(sequence.steps)
            click.echo(settings.words("sequence.stopped", number=number, count=count), err=True)
        raise failed
    return 3 if any(item.answer is not None and item.answer.troubled for item in done) else 0


def _show_step(words: Catalogue, sequence: Sequence, item: StepAnswer) -> None:
    from netpursuit.commands.show import console
    from netpursuit.reports.wording import clean

    out = console()
    if item.number == 1:
        out.print(clean(_in_language(sequence.names, words)), style="bold", markup=False)
        if description := _in_language(sequence.descriptions, words):
            out.print(clean(description), markup=False)
    step, carried = item.step, item.carried
    what = f"{step.name}: {step.analysis}" if step.name else step.analysis
    heading = words("sequence.step", number=item.number, count=len(sequence.steps), what=what)
    out.print()
    out.print(clean(heading), style="bold cyan", markup=False)
    out.print(words(f"help.graph.{step.analysis}"), markup=False)
    if carried is not None and isinstance(step.nodes, NodesOf):
        told = {"step": step.nodes.step, "kind": step.nodes.kind, "found": carried.found, "asked": carried.asked}
        if item.answer is None:
            out.print(clean(words("sequence.skipped", **told)), style="yellow", markup=False)
            return
        out.print(clean(words("sequence.carried", **told)), markup=False)
        if carried.cut:
            out.print(words("sequence.cut"), style="yellow", markup=False)
    if item.answer is not None:
        show_answer(words, item.answer)


def _in_language(texts: dict[str, str], words: Catalogue) -> str:
    """The text in the language of the words, else in English."""
    return texts.get(words.lang) or texts.get("en", "")


def _run_json(
    sequence: Sequence, done: list[StepAnswer], failed: NetpursuitError | None, words: Catalogue
) -> dict[str, Any]:
    """A run's stable shape; ``stopped`` says at which step it ended before its time, and the refusal's code."""
    stopped = {
        "number": len(done) + 1,
        "refused": failed.code if isinstance(failed, RefusedError) else None,
    }
    return {
        "sequence": {
            "name": sequence.names["en"],
            "name_zh": sequence.names.get("zh"),
            "description": sequence.descriptions.get("en"),
            "description_zh": sequence.descriptions.get("zh"),
            "digest": sequence.digest,
            "steps": len(sequence.steps),
        },
        "steps": [_step_json(item, words) for item in done],
        **({"stopped": stopped} if failed is not None else {}),
    }


def _step_json(item: StepAnswer, words: Catalogue) -> dict[str, Any]:
    """An answer as a single question gives it, with its place in the sequence."""
    from netpursuit.reports.graph_json import answer_json

    step, carried = item.step, item.carried
    of: Any = str(step.nodes) or None
    if isinstance(step.nodes, NodesOf) and carried is not None:
        counts = {"found": carried.found, "asked": carried.asked, "truncated": carried.cut}
        of = {"step": step.nodes.step, "kind": step.nodes.kind, **counts}
    place = {"number": item.number, "name": step.name or None, "nodes": of, "skipped": item.answer is None}
    if item.answer is None:
        return {"step": place, "analysis": step.analysis}
    return {"step": place, **answer_json(item.answer, words)}
