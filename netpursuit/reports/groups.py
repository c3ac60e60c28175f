"""Proposals and groups of entries at a terminal: a table of many, both records of one side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from netpursuit.catalogue import Catalogue
from netpursuit.custody.groups import GroupSheet, PairView
from netpursuit.records import EntryKey, Person
from netpursuit.reports.sides import face_fields
from netpursuit.reports.tables import BAND_STYLES, Column, Grid, entry_name
from netpursuit.reports.waterfall import draw_waterfall
from netpursuit.reports.wording import band_word, clean, field_word, signed, term


def groups_table(rows: Sequence[GroupSheet], catalogue: Catalogue) -> Grid:
    """Proposals or groups in the order given: id, band, bits, entries, names, what speaks against, what changed."""
    cells = []
    for sheet in rows:
        keys = sheet.group.members if sheet.group else sheet.pairs[0].pair.members
        weakest = min((view.pair.match for view in sheet.pairs), key=lambda match: match.millibits)
        names = {entry_name(entry): None for view in sheet.pairs for entry in view.entries if entry}
        state = Text(catalogue(f"groups.state.{sheet.pairs[0].pair.state.value}"))
        for view in sheet.pairs:
            for line in _remarks(view, catalogue):
                state.append(f"\n{clean(line)}", "yellow")
        cells.append(
            (
                sheet.group.group_id if sheet.group else sheet.pairs[0].pair.pair_id,
                Text(band_word(catalogue, weakest.band), BAND_STYLES[weakest.band]),
                signed(weakest.millibits),
                Text("\n".join(clean(_name(key)) for key in keys)),
                Text("\n".join(map(clean, names))),
                state,
            )
        )
    columns = (
        Column(catalogue("groups.column.id"), firm=True),
        Column(catalogue("report.band"), firm=True),
        Column(catalogue("report.bits"), number=True, firm=True),
        Column(catalogue("groups.column.entries")),
        Column(catalogue("groups.column.names")),
        Column(catalogue("groups.column.state")),
    )
    return Grid(columns, tuple(cells))


def draw_group(sheet: GroupSheet, catalogue: Catalogue) -> Iterator[RenderableType]:
    """Each pair with both records, the evidence for and against, and whom accepting would join them with."""
    if sheet.group is not None:
        yield Text(catalogue("groups.group", group=sheet.group.group_id), "bold")
        yield Text(clean(" + ".join(map(_name, sheet.group.members))))
    for view in sheet.pairs:
        pair = view.pair
        state = catalogue(f"groups.state.{pair.state.value}")
        yield Text(catalogue("groups.title", pair=pair.pair_id, state=state), "bold")
        if pair.decided_by:
            why = term(catalogue, f"groups.reason.{pair.decision}", pair.decision)
            said = catalogue("groups.decided", state=state, name=pair.decided_by)
            yield Text(clean(f"{said}: {why}" if why else said))
        yield _sides(view, catalogue)
        yield draw_waterfall(pair.match, catalogue)
        for line in _remarks(view, catalogue):
            yield Text(clean(line), "yellow")
        for reference in view.same_references:
            yield Text(catalogue("groups.same-reference", reference=reference), "blue")
    for key, match in sheet.beside:
        about = {"entry": _name(match.key), "group": _name(key), "band": band_word(catalogue, match.band)}
        yield Text(clean(catalogue("groups.with-group", **about, bits=signed(match.millibits))))
        yield draw_waterfall(match, catalogue)


def _remarks(view: PairView, catalogue: Catalogue) -> Iterator[str]:
    """What speaks against a pair, what has changed since it was decided, and which entry has ended."""
    against = [item.field for item in view.pair.match.evidence if item.field != "prior" and item.millibits < 0]
    comma = catalogue("report.list-comma")
    if against:
        yield catalogue("groups.against", fields=comma.join(field_word(catalogue, field) for field in against))
    if view.other_references:
        left, right = view.other_references
        yield catalogue("groups.other-reference", left=left, right=right)
    changed = view.changed or tuple(filter(None, view.pair.flag.partition(":")[2].split(",")))
    if changed:
        named = dict.fromkeys(field_word(catalogue, name.partition(".")[2]) for name in changed)
        yield catalogue("groups.changed", fields=comma.join(named))
    for key, why in view.ended:
        yield catalogue(f"groups.ended.{why}", entry=_name(key))


def _sides(view: PairView, catalogue: Catalogue) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("", *map(_name, view.pair.members)):
        table.add_column(clean(heading), overflow="fold")
    left, right = (entry.person if entry else Person() for entry in view.entries)
    for pair in face_fields(left, right, view.pair.match):
        sides = (("".join(span.text for span in spans) for spans in side) for side in (pair.left, pair.right))
        table.add_row(field_word(catalogue, pair.field), *("\n".join(map(clean, side)) for side in sides))
    return table


def _name(key: EntryKey) -> str:
    return f"{key.list_id}:{key.entry_id}"
