"""The checks at the end of a night: the log, the link graph, the room on the disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from netpursuit.custody import graph as graph_custody
from netpursuit.errors import InputError, StorageError
from netpursuit.gate.workbench import Workbench
from netpursuit.night.answer import Health, Problem, ProblemKind
from netpursuit.night.plan import NightPlan, Tools
from netpursuit.ports.truth import Truth
from netpursuit.records import Verb


def drain_graph(desk: Workbench, tools: Tools, complain: Callable[[Problem], None]) -> tuple[bool, int, int]:
    """Bring the link graph up to the truth; answers whether that was possible, how many contributions it wrote, and how
    many changes still wait: of a store that cannot be reached, all that has not been drained stays in the outbox."""
    try:
        with tools.open_graph() as store:
            drained = graph_custody.drain(desk.truth, store)
            waiting = len(graph_custody.pending(desk.truth, store))
        tools.tell("graph", up=True, drained=drained.contributions)
        return True, drained.contributions, waiting
    except (StorageError, InputError) as error:
        complain(Problem(kind=ProblemKind.GRAPH, about="graph", why=str(error)))
        tools.tell("graph", up=False, drained=0)
        return False, 0, _waiting(desk.truth)


def purge_due(tools: Tools, complain: Callable[[Problem], None]) -> None:
    """Purge what was kept for its period, as a consultation of its own."""
    try:
        tools.tell("retained", **tools.retain())
    except StorageError as error:
        complain(Problem(kind=ProblemKind.STORAGE, about="retention", why=str(error)))


def purged_since(desk: Workbench, since: datetime) -> dict[str, int]:
    """What was purged since an instant, by kind, as the log has it: before a kill, too."""
    counts: Counter[str] = Counter()
    for item in desk.gate.log.read(since=since):
        told = item.outcome or item.stored
        if item.intent.verb is Verb.RETAIN and "mode" not in item.intent.about and told is not None:
            counts.update(told.counts)
    return dict(counts)


def check_health(
    desk: Workbench, plan: NightPlan, tools: Tools, graph: tuple[bool, int, int], complain: Callable[[Problem], None]
) -> Health:
    """Verify the whole log and look at the disk."""
    problems = tuple(desk.gate.log.verify())
    for problem in problems:
        complain(Problem(kind=ProblemKind.LOG, about="log", why=problem))
    free = tools.free_bytes()
    if free < plan.min_free_bytes:
        why = f"{free >> 20} MiB free, expected at least {plan.min_free_bytes >> 20}"
        complain(Problem(kind=ProblemKind.DISK, about="disk", why=why))
    head = desk.truth.log_head()
    tools.tell("health", log_problems=len(problems), free_bytes=free)
    up, drained, waiting = graph
    return Health(
        log_records=head.size if head else 0,
        log_problems=problems,
        graph_up=up,
        graph_drained=drained,
        graph_pending=waiting,
        free_bytes=free,
    )


def _waiting(truth: Truth) -> int:
    waiting, last = 0, 0
    while rows := truth.outbox(after=last):
        waiting, last = waiting + len(rows), rows[-1].number
    return waiting
