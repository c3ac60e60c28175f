"""The Python face: a workspace that does what the commands do, through the same gate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from netpursuit.custody.list_reports import ListReport, show_lists
from netpursuit.custody.lists import ListReceipt, NewList, add_list
from netpursuit.enquiry.graph import GraphAnswer, GraphRequest
from netpursuit.enquiry.search import SearchAnswer, SearchRequest, search
from netpursuit.errors import InputError
from netpursuit.gate.workbench import Workbench
from netpursuit.links.analyses import ANALYSES
from netpursuit.links.views import Bounds
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import Band, EntryKey, Person
from netpursuit.review.leads import LeadList, LeadSheet, list_leads, show_lead
from netpursuit.screening.run import ScreenAnswer, ScreenRequest, screen
from netpursuit.sources.lists.registry import expand, find_reader
from netpursuit.sources.registrations import open_registrations, read_feed
from netpursuit.wiring import asked_graph, open_desk


class Workspace:
    """An open workspace under one reason or case; every call is a consultation of its own."""

    def __init__(self, desk: Workbench, place: Path | None = None) -> None:
        self._desk, self._place = desk, place

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
        self,
        file: Path | str,
        *,
        feed: Path | str,
        as_of: date | None = None,
        workers: int = 1,
        engine: str = "local",
        spark_master: str = "",
        receipt: Path | str | None = None,
    ) -> ScreenAnswer:
        """Screen a file of registrations under its feed file and store the leads; ``receipt`` is where the feed's owner
        gets the run's receipt (A18), and must not be there already. With ``engine="spark"`` the file may be an address
        that Spark reaches. Raises ``InputError`` for a feed that is read from a database."""
        from netpursuit.catalogue import Catalogue
        from netpursuit.commands.receipts import receipt_of
        from netpursuit.commands.screen import place_of
        from netpursuit.wiring.engines import open_address, open_engine

        read = read_feed(Path(feed))
        if read.source is not None:
            raise InputError("the feed is read from its database", where=str(feed), expected="no file")
        path, url = place_of(str(file), engine)
        with open_engine(engine, workers=workers, master=spark_master) as used:
            request = ScreenRequest(
                feed=read,
                source=open_registrations(path, read) if path else open_address(url, read, used),
                engine=used,
                as_of=as_of,
                receipt=receipt_of(self._desk, Catalogue("en"), read, Path(receipt) if receipt is not None else None),
            )
            return screen(self._desk, request)

    def leads(self, query: LeadQuery | None = None, *, limit: int | None = None, as_of: date | None = None) -> LeadList:
        """Leads, the strongest first."""
        return list_leads(self._desk, query, limit=limit, as_of=as_of)

    def lead(self, lead_id: str, *, as_of: date | None = None) -> LeadSheet:
        """Everything about one lead. Raises ``InputError`` where there is none."""
        return show_lead(self._desk, lead_id, as_of=as_of)

    def graph(
        self,
        analysis: str,
        *nodes: str,
        hops: int | None = None,
        limit: int = 200,
        since: date | None = None,
        until: date | None = None,
        edges: Sequence[str] = (),
        with_open_leads: bool = False,
        graph: str = "",
        as_of: date | None = None,
    ) -> GraphAnswer:
        """Ask the link graph, or the imported graph of this name, as ``netpursuit graph ANALYSIS NODE…`` does.

        ``hops`` 1 to 8 (None: those of the analysis), ``limit`` 1 to 2,000. Raises ``InputError`` for an unknown
        analysis or node, ``RefusedError`` where it needs a case.
        """
        usual = ANALYSES[analysis].hops if analysis in ANALYSES else Bounds().hops
        bounds = Bounds(
            hops=usual if hops is None else hops,
            limit=limit,
            since=since.isoformat() if since else "",
            until=until.isoformat() if until else "",
            kinds=tuple(edges),
            with_open_leads=with_open_leads,
        )
        request = GraphRequest(analysis=analysis, nodes=nodes, bounds=bounds, as_of=as_of)
        with asked_graph(self._desk, self._place, graph) as ask:
            return ask(request)


@contextmanager
def open(  # noqa: A001 - ``netpursuit.open`` reads as what it is
    workspace: Path | str | None = None, *, reason: str = "", case: str = ""
) -> Iterator[Workspace]:
    """Open a workspace (made where there is none) for the operating-system user, with a reason or under a case."""
    place = Path(workspace) if workspace is not None else None
    with open_desk(place, reason, case, create=True) as desk:
        yield Workspace(desk, place)
