"""``netpursuit reason``: the reason of a shift."""

from __future__ import annotations

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_group


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "reason")

    @group.new("set", "help.reason.set")
    @click.argument("chosen_reason", metavar="CODE:TASK")
    @common(words, authority=False)
    def set_(settings: Settings, chosen_reason: str) -> int:
        from netpursuit.wiring import open_desk

        with open_desk(settings.workspace, create=True) as desk:
            chosen, until = desk.gate.choose_reason(chosen_reason)
        shown = until.astimezone().isoformat(timespec="minutes")
        if settings.as_json:
            show_json({"reason": str(chosen), "until": until.isoformat()})
        else:
            click.echo(settings.words("reason.chosen", reason=str(chosen), until=shown))
        return 0

    @group.new("show", "help.reason.show")
    @common(words, authority=False)
    def show(settings: Settings) -> int:
        from netpursuit.wiring import open_desk

        with open_desk(settings.workspace) as desk:
            chosen = desk.gate.chosen_reason()
        if settings.as_json:
            show_json({"reason": str(chosen[0]), "until": chosen[1].isoformat()} if chosen else {"reason": None})
        elif chosen is None:
            click.echo(settings.words("reason.none"))
        else:
            shown = chosen[1].astimezone().isoformat(timespec="minutes")
            click.echo(settings.words("reason.chosen", reason=str(chosen[0]), until=shown))
        return 0

    return group
