"""``audit request``, ``approve`` and ``open``: what was typed in a consultation, under two users."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import WordedGroup

if TYPE_CHECKING:
    from netpursuit.custody.openings import Opening


def add(group: WordedGroup, words: Catalogue) -> None:
    """Add the commands to ``audit``."""

    @group.new("request", "help.audit.request")
    @click.argument("consultation")
    @common(words)
    def request(settings: Settings, consultation: str) -> int:
        return run_request(settings, consultation)

    @group.new("approve", "help.audit.approve")
    @click.argument("consultation")
    @click.option("--requested-by", metavar="USER", default="", help=words("option.audit.requested-by"))
    @common(words)
    def approve(settings: Settings, consultation: str, requested_by: str) -> int:
        return run_approve(settings, consultation, requested_by)

    @group.new("open", "help.audit.open")
    @click.argument("consultation")
    @common(words)
    def open_(settings: Settings, consultation: str) -> int:
        return run_open(settings, consultation)


def run_request(settings: Settings, consultation_id: str) -> int:
    from netpursuit.custody.openings import request_opening
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        opening = request_opening(desk, consultation_id)
    return _say(settings, "audit.requested", opening)


def run_approve(settings: Settings, consultation_id: str, requested_by: str) -> int:
    from netpursuit.custody.openings import approve_opening
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        opening = approve_opening(desk, consultation_id, asked_by=requested_by)
    return _say(settings, "audit.approved", opening)


def run_open(settings: Settings, consultation_id: str) -> int:
    from netpursuit.custody.openings import open_typed
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        opened = open_typed(desk, consultation_id)
    typed = json.loads(opened.typed) if opened.typed is not None else None
    if settings.as_json:
        show_json({**_opening_json(opened.opening), "destroyed": typed is None, "typed": typed})
        return 0
    words = settings.words
    click.echo(words("audit.opened", approved_by=opened.opening.approved_by, consultation=consultation_id))
    if typed is None:
        click.echo(words("audit.destroyed"))
    for name, value in (typed or {}).items():
        click.echo(f"  {name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    return 0


def _say(settings: Settings, key: str, opening: Opening) -> int:
    if settings.as_json:
        show_json(_opening_json(opening))
        return 0
    until = opening.until.astimezone().isoformat(timespec="minutes")
    shown = {"consultation": opening.consultation_id, "who": opening.asked_by, "reason": opening.reason}
    click.echo(settings.words(key, **shown, until=until))
    return 0


def _opening_json(opening: Opening) -> dict[str, Any]:
    return {
        "consultation": opening.consultation_id,
        "request": opening.request_id,
        "requested_by": opening.asked_by,
        "requested_at": opening.asked_at.isoformat(),
        "reason": opening.reason,
        "approved_by": opening.approved_by or None,
        "until": opening.until.isoformat(),
    }
