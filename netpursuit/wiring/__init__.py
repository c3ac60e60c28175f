"""The composition root: the only room that names a concrete adapter.

``open_desk`` opens a workspace and gives the workbench that every use case takes; the faces (command line, Python,
HTTP) come through here.
"""

from netpursuit.wiring.desks import Service, foreseeing_desk, open_backups, open_desk, open_restored
from netpursuit.wiring.folders import local_clock, places
from netpursuit.wiring.graphs import (
    asked_graph,
    end_cases,
    imported_places,
    open_attached,
    open_case_server,
    open_graph,
    open_tables,
    rebuild_graph,
    unit_indexes,
)
from netpursuit.wiring.kept_graph import KeptGraph
from netpursuit.wiring.matchers import Matchers, past_matchers
from netpursuit.wiring.registers import open_register
from netpursuit.wiring.upkeep import make_report_folder, night_tools, open_source, retain_due

__all__ = [
    "KeptGraph",
    "Matchers",
    "Service",
    "asked_graph",
    "end_cases",
    "foreseeing_desk",
    "imported_places",
    "local_clock",
    "make_report_folder",
    "night_tools",
    "open_attached",
    "open_backups",
    "open_case_server",
    "open_desk",
    "open_graph",
    "open_register",
    "open_restored",
    "open_source",
    "open_tables",
    "past_matchers",
    "places",
    "rebuild_graph",
    "retain_due",
    "unit_indexes",
]
