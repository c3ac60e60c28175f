"""What belongs to a case ends with it: links and views in the truth, and graphs imported under it (A4)."""

from __future__ import annotations

from netpursuit.gate import Gate
from netpursuit.gate.case_links import end_links
from netpursuit.gate.cases import is_over
from netpursuit.gate.imports import keep_graphs, kept_graphs
from netpursuit.ports.imported_graphs import ImportedPlaces


def end_cases(gate: Gate, places: ImportedPlaces) -> int:
    """Remove what belongs to cases that are closed or expired; answers how many parts and graphs. Where nothing is due,
    nothing is written. The link graph loses its part when it is drained.

    May be killed at any point and repeated. Raises ``StorageError`` where a file cannot be removed.
    """
    truth = gate.truth
    owning = dict.fromkeys((*truth.cases_with_links(), *truth.cases_with_views()))
    over = [case_id for case_id in owning if is_over(gate, case_id)]
    ended = [graph for graph in kept_graphs(truth) if graph.case_id and is_over(gate, graph.case_id)]
    # Files first: a graph whose file alone is gone is still known, and ends at the next occasion.
    for graph in ended:
        places.remove(graph.place)
    if not over and not ended:
        return 0
    with truth.transaction() as unit:
        parts = sum(end_links(unit, case_id) for case_id in over)
        if ended:
            gone = {graph.place for graph in ended}
            keep_graphs(unit, [graph for graph in kept_graphs(truth) if graph.place not in gone])
    return parts + len(ended)
