"""The Python face: a workspace that does what the commands do, through the same gate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from netpursuit.custody.lists import ListReceipt, ListReport, NewList, add_list, show_lists
from netpursuit.engines.local import LocalEngine
from netpursuit.enquiry.search import SearchAnswer, SearchRequest, search
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import Band, EntryKey, Person
from netpursuit.review.leads import LeadList, LeadSheet, list_leads, show_lead
from netpursuit.screening.run import ScreenAnswer, ScreenRequest, screen
from netpursuit.sources.lists.registry import expand, find_reader
from netpursuit.sources.registrations import open_registrations, read_feed
from netpursuit.wiring import open_desk


class Workspace:
    """An open workspace under one reason or case; every call is a consultation of its own."""

    def __init__(self, desk: Workbench) -> None:
        self._desk = desk

    def add_list(
        self,
        *paths: Path | str,
        list_id: str,
        list_date: date | None = None,
        mapping: Path | None = None,
        as_of: date | None = None,
    ) -> ListReceipt:
        """Add or replace a list from files or a folder. Raises ``InputError`` or ``RefusedError``."""
        files = tuple(expand([Path(path) for path in paths]))
        new = NewList(list_id=list_id, paths=files, list_date=list_date, as_of=as_of)
        return add_list(self._desk, new, find_reader(files, mapping=mapping))

    def lists(self, as_of: date | None = None) -> tuple[ListReport, ...]:
        """The lists with their standing as of a date."""
        return show_lists(self._desk, as_of)

    def match(
        self,
        person: Person,
        *,
        limit: int = 10,
        min_band: Band = Band.WEAK,
        against: EntryKey | None = None,
        as_of: date | None = None,
    ) -> SearchAnswer:
        """One person against the lists in force; stores no lead."""
        request = SearchRequest(person=person, limit=limit, min_band=min_band, against=against, as_of=as_of)
        return search(self._desk, request)

    def screen(
        self, file: Path | str, *, feed: Path | str, as_of: date | None = None, workers: int = 1
    ) -> ScreenAnswer:
        """Screen a file of registrations under its feed file and store the leads."""
        read = read_feed(Path(feed))
        source = open_registrations(Path(file), read)
        return screen(self._desk, ScreenRequest(feed=read, source=source, engine=LocalEngine(workers), as_of=as_of))

    def leads(self, query: LeadQuery | None = None, *, limit: int | None = None, as_of: date | None = None) -> LeadList:
        """Leads, the strongest first."""
        return list_leads(self._desk, query, limit=limit, as_of=as_of)

    def lead(self, lead_id: str, *, as_of: date | None = None) -> LeadSheet:
        """Everything about one lead. Raises ``InputError`` where there is none."""
        return show_lead(self._desk, lead_id, as_of=as_of)


@contextmanager
def open(  # noqa: A001 - ``netpursuit.open`` reads as what it is
    workspace: Path | str | None = None, *, reason: str = "", case: str = ""
) -> Iterator[Workspace]:
    """Open a workspace (made where there is none) for the operating-system user, with a reason or under a case."""
    with open_desk(Path(workspace) if workspace is not None else None, reason, case) as desk:
        yield Workspace(desk)
