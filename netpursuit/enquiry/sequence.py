"""A sequence of analyses on one case: each step is a question of its own, asked and on record as a single one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from netpursuit.enquiry.graph import GraphAnswer, GraphRequest, StepOf
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.workbench import Workbench
from netpursuit.links.analyses import ANALYSES
from netpursuit.links.sequences import MOST_CARRIED, Given, NodesOf, Sequence, Step
from netpursuit.records import Intent, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceRequest:
    """A sequence and the nodes from which it starts, named as for a single question."""

    sequence: Sequence
    nodes: tuple[str, ...]
    as_of: date | None = None
    with_open_leads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What an earlier answer held of the kind that a step asks about.

    ``cut``: the step does not ask of all there may be, because they are too many or the earlier answer was cut itself.
    """

    found: int
    asked: int
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAnswer:
    """A step's answer; None: skipped, since the earlier answer held too few nodes of the kind, which ``carried``
    counts."""

    number: int
    step: Step
    answer: GraphAnswer | None
    carried: Carried | None = None


def run_sequence(
    desk: Workbench, ask: Callable[[GraphRequest], GraphAnswer], request: SequenceRequest
) -> Iterator[StepAnswer]:
    """The steps one by one, as they are answered. ``ask`` is the use case of a single question on the graph meant.

    Raises ``InputError`` before anything runs where the nodes to start from are too few or too many for a step, and
    ``RefusedError`` (recorded) without a case: what goes from answer to answer is never asked for one person alone.
    Afterwards as ``ask`` does, at the step concerned; what was answered before stays answered.
    """
    _check_start(request)
    if not desk.authority.case_id:
        intent = Intent(
            verb=Verb.GRAPH,
            authority=desk.authority,
            about={"sequence": request.sequence.digest, "steps": str(len(request.sequence.steps))},
            as_of=request.as_of,
        )
        with desk.gate.consult(intent):
            raise RefusedError("sequence-case", "a sequence runs under a case only: state one with --case ID")
    return _steps(desk, ask, request)


def _steps(
    desk: Workbench, ask: Callable[[GraphRequest], GraphAnswer], request: SequenceRequest
) -> Iterator[StepAnswer]:
    as_of = request.as_of or desk.today
    answers: dict[str, GraphAnswer] = {}
    for number, step in enumerate(request.sequence.steps, 1):
        nodes, carried = _nodes_of(step, request.nodes, answers)
        if carried and len(nodes) < max(1, ANALYSES[step.analysis].fewest):
            # Hubs and landlords of no nodes are those of the whole graph, which nobody has asked for here.
            yield StepAnswer(number=number, step=step, answer=None, carried=carried)
            continue
        names = request.sequence.names
        answer = ask(
            GraphRequest(
                analysis=step.analysis,
                nodes=nodes,
                bounds=step.bounds(as_of, request.with_open_leads),
                as_of=request.as_of,
                step=StepOf(
                    digest=request.sequence.digest, number=number, sequence=" / ".join(names.values()), step=step.name
                ),
            )
        )
        if step.name:
            answers[step.name] = answer
        yield StepAnswer(number=number, step=step, answer=answer, carried=carried)


def _nodes_of(
    step: Step, start: tuple[str, ...], answers: dict[str, GraphAnswer]
) -> tuple[tuple[str, ...], Carried | None]:
    """The nodes that a step asks about, and how many there were to choose from where an answer holds them."""
    if not isinstance(step.nodes, NodesOf):
        return (start if step.nodes is Given.START else ()), None
    earlier = answers.get(step.nodes.step)
    if earlier is None:  # it was skipped itself
        return (), Carried(found=0, asked=0, cut=False)
    keys = tuple(node.key for node in earlier.found.nodes if node.kind == step.nodes.kind)  # in the order of keys
    asked = keys[:MOST_CARRIED]
    return asked, Carried(found=len(keys), asked=len(asked), cut=len(asked) < len(keys) or earlier.found.truncated)


def _check_start(request: SequenceRequest) -> None:
    given = len(request.nodes)
    problems = []
    for number, step in enumerate(request.sequence.steps, 1):
        analysis = ANALYSES[step.analysis]
        if step.nodes is not Given.START:
            continue
        fewest, most = max(1, analysis.fewest), analysis.most
        if given < fewest or (most is not None and given > most):
            wanted = f"{fewest}" if most == fewest else f"{fewest} or more" if most is None else f"{fewest} to {most}"
            problems.append(f"step {number}, {step.analysis}: {given} nodes to start from, expected {wanted}")
    if not problems and given and all(step.nodes is not Given.START for step in request.sequence.steps):
        problems.append("no step asks of the nodes to start from, expected none")
    if problems:
        raise InputError("; ".join(problems), where="NODE")
