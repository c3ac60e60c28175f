"""``netpursuit tokens``: bearer tokens of programs that ask over HTTP."""

from __future__ import annotations

from typing import Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_group

_DAYS = click.IntRange(1, 366)


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "tokens")

    @group.new("issue", "help.tokens.issue")
    @click.option("--user", required=True, metavar="WHO", help=words("option.tokens.user"))
    @click.option("--days", type=_DAYS, default=90, show_default=True, help=words("option.tokens.days"))
    @common(words)
    def issue(settings: Settings, user: str, days: int) -> int:
        return run_issue(settings, user, days)

    @group.new("list", "help.tokens.list")
    @common(words)
    def list_(settings: Settings) -> int:
        return run_list(settings)

    @group.new("revoke", "help.tokens.revoke")
    @click.argument("token", metavar="ID")
    @common(words)
    def revoke(settings: Settings, token: str) -> int:
        return run_revoke(settings, token)

    return group


def _token_json(token: Any) -> dict[str, Any]:
    return {"id": token.token_id, "user": token.who, "until": token.until.isoformat()}


def run_issue(settings: Settings, user: str, days: int) -> int:
    from netpursuit.custody.tokens import issue_token
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id, create=True) as desk:
        token, text = issue_token(desk, user, days)
    if settings.as_json:
        show_json({**_token_json(token), "token": text})
    else:
        until = token.until.astimezone().date().isoformat()
        click.echo(settings.words("tokens.issued", id=token.token_id, user=token.who, until=until), err=True)
        click.echo(text)
    return 0


def run_list(settings: Settings) -> int:
    from netpursuit.custody.tokens import list_tokens
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        tokens = list_tokens(desk)
    if settings.as_json:
        show_json({"tokens": [_token_json(token) for token in tokens]})
        return 0
    for token in tokens:
        click.echo(f"{token.token_id}  {token.who}  {token.until.astimezone().isoformat(timespec='minutes')}")
    if not tokens:
        click.echo(settings.words("tokens.none"))
    return 0


def run_revoke(settings: Settings, token_id: str) -> int:
    from netpursuit.custody.tokens import revoke_token
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        token = revoke_token(desk, token_id)
    if settings.as_json:
        show_json(_token_json(token))
    else:
        click.echo(settings.words("tokens.revoked", id=token.token_id, user=token.who))
    return 0
