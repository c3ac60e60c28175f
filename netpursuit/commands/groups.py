"""``netpursuit lists groups``: propose, list, show, accept, reject and dissolve groups of entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.progress import tell_build, telling
from netpursuit.commands.worded import WordedGroup, new_group
from netpursuit.policy.grouping import REJECT_REASONS
from netpursuit.records import Band, EntryKey, PairState

if TYPE_CHECKING:
    from netpursuit.custody.grouping import Decided
    from netpursuit.custody.groups import GroupSheet, PairView

BANDS = [band.word for band in Band if band.word]
SHOWN = {
    "open": (PairState.PROPOSED,),
    "accepted": (PairState.ACCEPTED,),
    "rejected": (PairState.REJECTED, PairState.DISSOLVED),
}


def command(words: Catalogue) -> WordedGroup:
    group = new_group(words, "lists.groups")
    group.name = "groups"

    @group.new("propose", "help.lists.groups.propose")
    @click.option(
        "--min-band",
        type=click.Choice(BANDS),
        default="strong",
        show_default=True,
        help=words("option.groups.min-band"),
    )
    @click.option("--within", is_flag=True, help=words("option.groups.within"))
    @common(words)
    def propose(settings: Settings, min_band: str, within: bool) -> int:
        return run_propose(settings, Band[min_band.upper()], within)

    @group.new("list", "help.lists.groups.list")
    @click.option("--open", "shown", flag_value="open", default="open", help=words("option.groups.open"))
    @click.option("--accepted", "shown", flag_value="accepted", help=words("option.groups.accepted"))
    @click.option("--rejected", "shown", flag_value="rejected", help=words("option.groups.rejected"))
    @click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help=words("option.groups.limit"))
    @click.option("--offset", type=click.IntRange(0), default=0, help=words("option.offset"))
    @common(words)
    def list_(settings: Settings, shown: str, limit: int, offset: int) -> int:
        return run_list(settings, SHOWN[shown], limit, offset)

    @group.new("show", "help.lists.groups.show")
    @click.argument("group_id", metavar="ID")
    @common(words)
    def show(settings: Settings, group_id: str) -> int:
        return run_show(settings, group_id)

    @group.new("accept", "help.lists.groups.accept")
    @click.argument("group_id", metavar="ID")
    @click.option("--name", required=True, help=words("option.groups.accept.name"))
    @common(words)
    def accept(settings: Settings, group_id: str, name: str) -> int:
        from netpursuit.custody.grouping import accept_group
        from netpursuit.wiring import open_desk

        with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
            return _say(settings, accept_group(desk, group_id, accepted_by=name, as_of=settings.as_of))

    @group.new("reject", "help.lists.groups.reject")
    @click.argument("group_id", metavar="ID")
    @click.option(
        "--reason-code", type=click.Choice(REJECT_REASONS), required=True, help=words("option.groups.reason-code")
    )
    @click.option("--name", default="", help=words("option.groups.name"))
    @common(words)
    def reject(settings: Settings, group_id: str, reason_code: str, name: str) -> int:
        from netpursuit.custody.grouping import reject_group
        from netpursuit.wiring import open_desk

        with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
            done = reject_group(desk, group_id, reason=reason_code, rejected_by=name, as_of=settings.as_of)
            return _say(settings, done)

    @group.new("dissolve", "help.lists.groups.dissolve")
    @click.argument("group_id", metavar="ID")
    @click.option("--name", default="", help=words("option.groups.name"))
    @common(words)
    def dissolve(settings: Settings, group_id: str, name: str) -> int:
        from netpursuit.custody.grouping import dissolve_group
        from netpursuit.wiring import open_desk

        with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
            return _say(settings, dissolve_group(desk, group_id, dissolved_by=name, as_of=settings.as_of))

    return group


def run_propose(settings: Settings, min_band: Band, within: bool) -> int:
    from netpursuit.custody.groups import Proposing, propose_groups
    from netpursuit.wiring import open_desk

    asked = Proposing(min_band=min_band, within=within, as_of=settings.as_of)
    tell = tell_build(settings.words)
    with (
        open_desk(settings.workspace, settings.reason, settings.case_id, tell=tell) as desk,
        telling(settings.words, "groups.progress") as progress,
    ):
        done = propose_groups(desk, asked, progress)
    counts = {"compared": done.compared, "new": done.new, "updated": done.updated, "known": done.known}
    if settings.as_json:
        show_json({**counts, "open": done.waiting, "consultation": done.consultation_id})
    else:
        from netpursuit.commands.show import console, show_banners

        out = console()
        show_banners(out, settings.words, done.lists)
        out.print(settings.words("groups.proposed", **counts, open=done.waiting))
        out.print(settings.words("groups.warning"))
    return 3 if any(item.status.value != "fresh" for item in done.lists) else 0


def run_list(settings: Settings, states: tuple[PairState, ...], limit: int, offset: int) -> int:
    from netpursuit.custody.groups import list_groups
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        page = list_groups(desk, states, limit=limit, offset=offset, as_of=settings.as_of)
    if settings.as_json:
        rows = [sheet_json(row) for row in page.rows]
        show_json({"groups": rows, "total": page.total, "consultation": page.consultation_id})
    elif not page.rows:
        click.echo(settings.words("groups.none"))
    else:
        from netpursuit.commands.show import console
        from netpursuit.reports.groups import groups_table

        out = console()
        out.print(groups_table(page.rows, settings.words))
        out.print(settings.words("groups.page", shown=len(page.rows), total=page.total))
        out.print(settings.words("groups.warning"))
    return 0


def run_show(settings: Settings, group_id: str) -> int:
    from netpursuit.custody.groups import show_group
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        sheet = show_group(desk, group_id, as_of=settings.as_of)
    if settings.as_json:
        show_json(sheet_json(sheet, whole=True) | {"consultation": sheet.consultation_id})
    else:
        from netpursuit.commands.show import console
        from netpursuit.reports.groups import draw_group

        out = console()
        for part in draw_group(sheet, settings.words):
            out.print(part)
        out.print(settings.words("groups.warning"))
        out.print(settings.words("match.consultation", id=sheet.consultation_id), markup=False)
    return 0


def sheet_json(sheet: GroupSheet, *, whole: bool = False) -> dict[str, Any]:
    """A proposal, or a group with its pairs; ``whole`` with both records and all evidence."""
    from netpursuit.reports.shapes import match_json

    group = sheet.group
    shape: dict[str, Any] = {
        "group": group.group_id if group else None,
        "entries": [_name(key) for key in group.members] if group else None,
        "pairs": [pair_json(view, whole) for view in sheet.pairs],
    }
    if whole:
        shape["beside"] = [{"of": _name(key), **match_json(match, None)} for key, match in sheet.beside]
    return shape


def pair_json(view: PairView, whole: bool) -> dict[str, Any]:
    from netpursuit.reports.shapes import entry_json, evidence_json

    pair = view.pair
    shape: dict[str, Any] = {
        "id": pair.pair_id,
        "state": pair.state.value,
        "left": _name(pair.members[0]),
        "right": _name(pair.members[1]),
        "names": [entry.person.names[0].text if entry and entry.person.names else "" for entry in view.entries],
        "band": pair.match.band.word,
        "bits": pair.match.bits,
        "probability": pair.match.probability,
        "same_references": list(view.same_references),
        "other_references": list(view.other_references) if view.other_references else None,
        "against": [item.field for item in pair.match.evidence if item.field != "prior" and item.millibits < 0],
        "ended": {_name(key): why for key, why in view.ended},
        "changed": list(view.changed),
        "flag": pair.flag or None,
        "decided_by": pair.decided_by or None,
        "decided_at": pair.decided_at.isoformat() if pair.decided_at else None,
        "decision": pair.decision or None,
    }
    if whole:
        records = zip(pair.members, view.entries, strict=True)
        shape["records"] = [entry_json(key, entry) if entry else None for key, entry in records]
        shape["evidence"] = [evidence_json(item) for item in pair.match.evidence]
    return shape


def _say(settings: Settings, done: Decided) -> int:
    pair, group = done.pair, done.group
    if settings.as_json:
        shape = {"id": pair.pair_id, "state": pair.state.value, "group": group.group_id if group else None}
        members = [_name(key) for key in group.members] if group else []
        show_json({**shape, "entries": members, "consultation": done.consultation_id})
    else:
        about = {"name": pair.decided_by, "pair": " + ".join(map(_name, pair.members))}
        if group is not None:
            about |= {"group": group.group_id, "count": str(len(group.members))}
        click.echo(settings.words(f"groups.{pair.state.value}", **about))
    return 0


def _name(key: EntryKey) -> str:
    return f"{key.list_id}:{key.entry_id}"
