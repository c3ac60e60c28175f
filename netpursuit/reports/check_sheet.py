"""The check sheet of one lead (核查单): one printed page A4 for the officer at the door, an HTML file of its own.

What a page cannot hold is cut where it stands and said to be cut; the whole is in ``leads show``. Nothing is a script,
nothing comes from elsewhere, every value is escaped and keeps its own direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from netpursuit.catalogue import Catalogue
from netpursuit.records import EntryKey, Evidence, Match, Person
from netpursuit.reports.differences import Span, Spans
from netpursuit.reports.leads_file import Notice
from netpursuit.reports.page import page_environment, safe_link, template_text
from netpursuit.reports.sides import FieldPair, face_fields
from netpursuit.reports.spot_checks import is_borrowed, spot_checks
from netpursuit.reports.tables import entry_name
from netpursuit.reports.waterfall import NOT_COMPARED
from netpursuit.reports.wording import clean, field_word, flag_word, term

if TYPE_CHECKING:
    from netpursuit.review.check_sheet import CheckSheet
    from netpursuit.review.views import EntryView

MOST_TOLD = 2  # outcomes of earlier visits


@dataclass(frozen=True, slots=True)
class Room:
    """What a page holds: values of one field and side, other entries of a group, and the widths (a Latin letter is 1, a
    Han character 2) of a value, a fact and the description, of which published ones have thousands."""

    values: int
    beside: int
    value: int
    fact: int
    description: int
    tight: bool = False


ROOMY = Room(values=2, beside=4, value=72, fact=110, description=330)
TIGHT = Room(values=1, beside=2, value=60, fact=70, description=240, tight=True)
# Lines that a page holds in the larger letters, with a tenth left over for words that break badly.
_LINES = 62
_FACT_WIDTH = 44  # of a line of the facts about the entry
_MARK = " […]"


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both records and what the comparison says; ``evidence`` None: it was not compared."""

    field: str
    verdict: str
    left: tuple[Spans, ...]
    right: tuple[Spans, ...]
    left_more: int
    right_more: int
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Another entry of the lead's group, in one line."""

    key: EntryKey
    name: str
    match: Match | None
    obstacle: str


def render_sheet(sheet: CheckSheet, notice: Notice, catalogue: Catalogue) -> str:
    """The page as text. The same sheet gives the same bytes."""
    lead = sheet.view.lead
    best = sheet.view.entries[0]
    entry = best.entry
    environment = page_environment(catalogue)
    environment.globals.update(
        term=lambda key, fallback: term(catalogue, key, fallback),
        css=Markup(template_text("sheet.css")),  # our own file, nothing of a user's
    )
    environment.filters.update(cut=cut)
    checks = [
        catalogue(f"check.{item.key}", **{name: cut(clean(value), 60) for name, value in item.values.items()})
        for item in spot_checks(lead, lead.match, entry, sheet.as_of)
    ]
    spare = _LINES - _lines(sheet, checks)
    # What a publisher warns of may stand at the end of a description: it gets the lines that are left.
    room = TIGHT if spare < 0 else replace(ROOMY, description=ROOMY.description + spare * _FACT_WIDTH)
    rows, silent = _rows(lead.person, entry.person if entry else None, lead.match, room)
    return environment.get_template("sheet.html.j2").render(
        sheet=sheet,
        lead=lead,
        best=best,
        entry=entry,
        flag=flag_word(catalogue, lead.flag),
        person_name=cut(clean(lead.person.names[0].text), 60) if lead.person.names else "–",
        listed_name=cut(clean(entry_name(entry)), 60) or "–",
        rows=rows,
        silent=[field_word(catalogue, field) for field in silent],
        prior=next((item.millibits for item in lead.match.evidence if item.field == "prior"), 0),
        checks=checks,
        borrowed=is_borrowed(lead.match),
        beside=[_beside(view) for view in sheet.view.entries[1 : 1 + room.beside]],
        beside_more=max(0, len(sheet.view.entries) - 1 - room.beside),
        visits=lead.outcomes[-MOST_TOLD:],
        age=(sheet.as_of - best.standing.version.list_date).days if best.standing.version else None,
        href=safe_link(entry.link) if entry else "",
        notice=notice,
        room=room,
    )


def sheet_notice(sheet: CheckSheet, catalogue: Catalogue) -> Notice:
    """What a sheet says of itself (A13)."""
    code = sheet.reason.partition(":")[0]
    return Notice(
        purpose=sheet.case.purpose if sheet.case else catalogue("sheet.purpose", reason=catalogue(f"reason.{code}")),
        user=sheet.user,
        run_ids=(sheet.view.lead.run_id,),
        expires_on=sheet.expires_on,
        case_id=sheet.case.case_id if sheet.case else "",
    )


def cut(text: str, most: int) -> str:
    """A text of at most so much width, with ``[…]`` where it was cut."""
    room = most
    for at, char in enumerate(text):
        room -= _width(char)
        if room < 0:
            return text[:at].rstrip() + _MARK
    return text


def _width(text: str) -> int:
    """The width of a text: a Latin letter is 1, a Han character 2."""
    return sum(2 if char >= "\u2e80" else 1 for char in text)


def _lines(sheet: CheckSheet, checks: Sequence[str]) -> int:
    """About how many lines the sheet fills in the larger letters."""
    lead, best = sheet.view.lead, sheet.view.entries[0]
    entry = best.entry
    rows, _ = _rows(lead.person, entry.person if entry else None, lead.match, ROOMY)
    count = 26 + 2 * len(lead.outcomes[-MOST_TOLD:]) + 2 * len(sheet.view.entries[1 : 1 + ROOMY.beside])
    count += 3 * (bool(best.obstacle) + is_borrowed(lead.match)) + bool(lead.match.capped) + bool(lead.flag)
    for row in rows:
        sides = [
            [*side, *([()] if more else [])] for side, more in ((row.left, row.left_more), (row.right, row.right_more))
        ]
        count += max(sum(_broken("".join(span.text for span in spans), 32) for spans in side) for side in sides) or 1
    count += -(-sum(_broken(check, 52) for check in checks) // 2)
    if entry is not None:
        warrant = entry.warrant
        facts = [warrant.authority, warrant.document_number, warrant.offence, warrant.issuing_unit, entry.link]
        facts += [", ".join(entry.programmes), *([""] * 4)]
        count += sum(_broken(cut(fact, ROOMY.fact), _FACT_WIDTH) for fact in facts)
        count += _broken(cut(entry.description, ROOMY.description), _FACT_WIDTH)
    return count


def _broken(text: str, width: int) -> int:
    """Lines of so much width that a text fills; one at least."""
    return max(1, -(-_width(text) // width))


def _rows(person: Person, listed: Person | None, match: Match, room: Room) -> tuple[list[Row], list[str]]:
    """The fields with their findings, and the names of those of which nothing was compared."""
    evidence = {item.field: item for item in match.evidence if item.field != "prior"}
    silent = [field for field, item in evidence.items() if item.level == NOT_COMPARED]
    rows = []
    for pair in face_fields(person, listed, match):
        # One comparison of addresses speaks for the registered ones where both sides state such.
        field = "address" if pair.field == "registered-address" and pair.left and pair.right else pair.field
        found = evidence.pop(field, None)
        rows.append(_row(pair, found if found is not None and found.level != NOT_COMPARED else None, room))
    others = (item for item in evidence.values() if item.level != NOT_COMPARED)  # read from a number on both sides
    rows += [_row(FieldPair(item.field, "neutral", (), ()), item, room) for item in others]
    return rows, silent


def _row(pair: FieldPair, found: Evidence | None, room: Room) -> Row:
    """A field as it is shown. What a side does not state but its number holds stands as it was compared."""
    left, right = (tuple(_clip(spans, room.value) for spans in side[: room.values]) for side in (pair.left, pair.right))
    verdict = pair.verdict
    if found is not None:
        left, right = left or _held(found.left, room), right or _held(found.right, room)
        verdict = "agrees" if found.millibits > 0 else "disagrees" if found.millibits < 0 else "neutral"
    return Row(
        field=pair.field,
        verdict=verdict,
        left=left,
        right=right,
        left_more=max(0, len(pair.left) - len(left)) + len(pair.left_more),
        right_more=max(0, len(pair.right) - len(right)) + len(pair.right_more),
        evidence=found,
    )


def _held(text: str, room: Room) -> tuple[Spans, ...]:
    return (_clip((Span(clean(text), "same"),), room.value),) if text else ()


def _clip(spans: Sequence[Span], room: int) -> Spans:
    """A value with its marked differences, cut to the room of a cell."""
    kept = []
    for span in spans:
        text = cut(span.text, room)
        kept.append(Span(text, span.kind))
        if text != span.text:
            break
        room -= _width(text)
    return tuple(kept)


def _beside(view: EntryView) -> Beside:
    return Beside(view.key, cut(clean(entry_name(view.entry)), 60), view.match, view.obstacle)
