"""Drawing in: the limits of what is read, and that it is done with its record or not at all (A1, A3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from fake_workbench import DAY, FEED, WHO, Bench, RowsSource, person, row, wanted

from netpursuit.custody.graph import compare, drain
from netpursuit.engines.local import LocalEngine
from netpursuit.enquiry.draw_in import DrawInRequest, DrawnIn, FeedRegister, draw_in
from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.gate.cases import NewCase, close_case, open_case
from netpursuit.policy.limits import UNIT_ROWS_MOST
from netpursuit.ports.units import UnitRow
from netpursuit.records import Authority, Feed, Registration, Rejected
from netpursuit.review.leads import clear_lead
from netpursuit.screening.run import ScreenRequest, screen
from netpursuit.stores.graph_sqlite import SqliteGraph
from netpursuit.stores.unit_index import KEPT, UnitIndexFolder

BEN = ("Ben Example", "1981-03-04", "N-81-000-123")
FLAT = {"address": "12 Mill Lane, Exampleton", "unit": "Flat 3", "start_date": date(2026, 3, 1)}


@dataclass
class Register(RowsSource):
    """Registrations from memory that are read again, and count how often they were read through."""

    reads: int = 0
    unit_columns: str = "address, unit"

    def units(self) -> Iterator[UnitRow]:
        self.reads += 1
        for item in self.rows:
            if isinstance(item, Registration):
                yield UnitRow(item.line, -1, item.address, item.unit, item.unit_code)

    def rows_at(self, places: Sequence[tuple[int, int]]) -> list[Registration | Rejected]:
        wanted_lines = {line for line, _ in places}
        return [item for item in self.rows if item.line in wanted_lines]


def registered(count: int = 3, **more: object) -> list[Registration]:
    ben = row("R0", person(*BEN), line=2, **FLAT)
    return [ben, *(row(f"R{n}", person(f"Person {n}"), line=n + 2, **(FLAT | more)) for n in range(1, count + 1))]


@dataclass
class Desk:
    """A workbench under case K-1 over a register with a lead, its graph and its indexes."""

    bench: Bench
    graph: SqliteGraph
    indexes: UnitIndexFolder
    register: Register
    feed: Feed = FEED

    def draw(self, request: DrawInRequest | None = None, authority: Authority | None = None) -> DrawnIn:
        lead = self.bench.truth.leads()[0].lead_id
        desk = self.bench.as_user(authority or Authority(who=WHO, case_id="K-1"))
        asked = request or DrawInRequest(unit=f"Lead:{lead}")
        register = FeedRegister(feed=self.feed, open=lambda: self.register)
        return draw_in(desk, self.graph, self.indexes, asked, lambda feeds: register)

    def kept(self) -> list[str]:
        return [part.owner for part in self.bench.truth.case_links()]


def opened(bench: Bench, register: Register) -> Desk:
    bench.add("pub", [wanted("B", *BEN)])
    screen(bench.desk, ScreenRequest(feed=FEED, source=register, engine=LocalEngine(), as_of=DAY))
    stated = dict.fromkeys(("title", "authority", "legal_basis", "purpose"), "x")
    case = NewCase(case_id="K-1", members=(WHO,), expires_on=DAY + timedelta(days=9), **stated)
    open_case(bench.desk.gate, case, new_id=lambda: "K-1")
    folder = bench.workspace.folder
    graph = SqliteGraph(folder / "graph.sqlite")
    drain(bench.truth, graph)
    return Desk(bench, graph, UnitIndexFolder(folder / "units"), register)


@pytest.fixture
def desk(bench: Bench) -> Iterator[Desk]:
    ready = opened(bench, Register(registered()))
    yield ready
    ready.graph.close()


def test_what_is_drawn_in_is_kept_once_and_its_register_is_read_through_once(desk: Desk) -> None:
    first = desk.draw()
    assert [someone.label for someone in first.people] == ["Person 1", "Person 2", "Person 3"]
    assert len(desk.kept()) == 3
    assert all(part.made_by == WHO for part in desk.bench.truth.case_links("K-1"))
    drain(desk.bench.truth, desk.graph)
    assert compare(desk.bench.truth, desk.graph).none
    again = desk.draw()
    assert (again.counts["new"], desk.bench.truth.outbox()) == (0, ())
    assert {part.consultation_id for part in desk.bench.truth.case_links()} == {first.consultation_id}
    assert desk.register.reads == 1


def test_where_the_outcome_cannot_be_written_nobody_is_drawn_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageError("no space left")

    monkeypatch.setattr(desk.bench.desk.gate.log, "finish", full)
    with pytest.raises(StorageError):
        desk.draw()
    assert (desk.kept(), desk.bench.truth.outbox()) == ([], ())


@pytest.mark.parametrize("why", ["nothing", "a reason", "a feed's purpose"])
def test_without_a_case_no_register_is_opened(desk: Desk, why: str) -> None:
    stated = {
        "nothing": Authority(who=WHO),
        "a reason": desk.bench.desk.authority,
        "a feed's purpose": Authority(who=WHO, feed_purpose=FEED.purpose),
    }[why]
    with pytest.raises(RefusedError):
        desk.draw(authority=stated)
    record = list(desk.bench.desk.gate.log.read())[-1]
    assert record.outcome is not None
    assert record.outcome.refused in ("no-reason", "draw-in-case", "purpose-only-screens")
    assert (desk.kept(), desk.register.reads) == ([], 0)


def test_the_intent_is_on_record_before_the_register_is_opened(desk: Desk) -> None:
    lead = desk.bench.truth.leads()[0].lead_id

    def open_it() -> Register:
        record = list(desk.bench.desk.gate.log.read())[-1]
        assert (record.intent.verb, record.outcome) == ("graph-draw-in", None)
        return desk.register

    under_case = desk.bench.as_user(Authority(who=WHO, case_id="K-1"))
    asked = DrawInRequest(unit=f"Lead:{lead}")
    register = FeedRegister(feed=FEED, open=open_it)
    assert draw_in(under_case, desk.graph, desk.indexes, asked, lambda feeds: register).people


def test_what_too_many_share_is_no_unit(bench: Bench) -> None:
    ready = opened(bench, Register(registered(UNIT_ROWS_MOST)))
    with pytest.raises(InputError, match=str(UNIT_ROWS_MOST + 1)):
        ready.draw()
    assert ready.kept() == []
    ready.graph.close()


def test_more_than_the_limit_are_cut_and_counted(bench: Bench) -> None:
    ready = opened(bench, Register(registered(230)))
    drawn = ready.draw()
    assert (drawn.counts["people"], drawn.counts["cut"], drawn.truncated) == (200, 30, True)
    assert len(ready.kept()) == 200
    ready.graph.close()


def test_who_has_become_somebody_else_in_the_register_is_replaced(desk: Desk) -> None:
    desk.draw()
    desk.register.rows = [desk.register.rows[0], row("R1", person("Person One"), line=3, **FLAT)]
    screen(desk.bench.desk, ScreenRequest(feed=FEED, source=desk.register, engine=LocalEngine(), as_of=DAY))
    drawn = desk.draw()
    assert [(someone.label, someone.new) for someone in drawn.people] == [("Person One", True)]
    assert len(desk.kept()) == 3
    names = {node.label for part in desk.bench.truth.case_links() for node in part.links.nodes}
    assert "Person One" in names
    assert "Person 1" not in names


def test_who_is_on_a_lead_since_is_no_contact_any_more(desk: Desk) -> None:
    desk.draw()
    desk.bench.add("new", [wanted("P", "Person 2", "1970-02-03", "N-70-000-777")])
    two = row("R2", person("Person 2", "1970-02-03", "N-70-000-777"), line=4, **FLAT)
    desk.register.rows = [two if item.line == 4 else item for item in desk.register.rows]
    screen(desk.bench.desk, ScreenRequest(feed=FEED, source=desk.register, engine=LocalEngine(), as_of=DAY))
    drain(desk.bench.truth, desk.graph)
    drawn = desk.draw()
    assert ([someone.label for someone in drawn.people], drawn.counts["subjects"]) == (["Person 1", "Person 3"], 2)
    assert len(desk.kept()) == 2
    drain(desk.bench.truth, desk.graph)
    assert compare(desk.bench.truth, desk.graph).none
    assert [node.kind for node in desk.graph.under("K-1").find("Person 2", 9) if node.kind != "Entry"] == ["Subject"]


def test_a_case_that_ends_meanwhile_gets_nobody(desk: Desk) -> None:
    class Ending(Register):
        def rows_at(self, places: Sequence[tuple[int, int]]) -> list[Registration | Rejected]:
            close_case(desk.bench.desk.gate, "K-1")
            return super().rows_at(places)

    desk.register = Ending(desk.register.rows)
    with pytest.raises(RefusedError, match="over"):
        desk.draw()
    assert desk.kept() == []


def test_a_unit_whose_lead_was_cleared_is_not_drawn_in(desk: Desk) -> None:
    lead = desk.bench.truth.leads()[0]
    desk.draw()
    drain(desk.bench.truth, desk.graph)
    clear_lead(desk.bench.desk, lead.lead_id, reason="elsewhere", cleared_by="Li")
    drain(desk.bench.truth, desk.graph)
    with pytest.raises(InputError, match="no lead"):
        desk.draw()


def test_rows_before_the_feeds_period_stay_outside(bench: Bench) -> None:
    ready = opened(bench, Register(registered(2, start_date=date(2025, 3, 1))))
    drawn = ready.draw()
    assert (drawn.people, drawn.counts["outside"]) == ((), 2)
    ready.graph.close()


def test_a_feed_that_has_expired_is_refused_and_nothing_is_read(desk: Desk) -> None:
    desk.feed = replace(FEED, expires_on=DAY - timedelta(days=1))
    with pytest.raises(RefusedError, match="expired"):
        desk.draw()
    assert desk.register.reads == 0


def test_old_indexes_make_room(desk: Desk) -> None:
    for number in range(KEPT + 3):
        desk.indexes.write(f"i{number:02}", [(number, 1, 2)])
    assert len(list((desk.bench.workspace.folder / "units").iterdir())) == KEPT
    found = desk.indexes.find(f"i{KEPT + 2:02}")
    assert found is not None
    assert found.places(KEPT + 2) == [(1, 2)]
    assert found.places(1) == []
    assert desk.indexes.write("empty", []).places(1) == []
