"""``netpursuit users password``: with what a user signs in to the page."""

from __future__ import annotations

import sys

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import WordedGroup
from netpursuit.errors import InputError


def add(group: WordedGroup, words: Catalogue) -> None:
    """Add the command to ``users``."""

    @group.new("password", "help.users.password")
    @click.argument("user", metavar="USER")
    @click.option("--stdin", "from_stdin", is_flag=True, help=words("option.users.password-stdin"))
    @click.option("--remove", is_flag=True, help=words("option.users.password-remove"))
    @common(words)
    def password(settings: Settings, user: str, from_stdin: bool, remove: bool) -> int:
        return run_password(settings, user, from_stdin=from_stdin, remove=remove)


def run_password(settings: Settings, user: str, *, from_stdin: bool, remove: bool) -> int:
    from netpursuit.custody.passwords import remove_password, set_password
    from netpursuit.wiring import open_desk

    words = settings.words
    if remove and from_stdin:
        raise InputError("to remove a password none is read", where="--stdin", expected="one of --stdin and --remove")
    stated = "" if remove else _read_line() if from_stdin else _asked(words)
    with open_desk(settings.workspace, settings.reason, settings.case_id, create=True) as desk:
        if remove:
            remove_password(desk, user)
        else:
            set_password(desk, user, stated)
    if settings.as_json:
        show_json({"user": user.strip(), "password": "removed" if remove else "set"})
    else:
        click.echo(words("users.password-removed" if remove else "users.password-set", user=user.strip()))
    return 0


def _asked(words: Catalogue) -> str:
    if not sys.stdin.isatty():
        raise InputError("no terminal to ask for the password", expected="a terminal, or --stdin")
    first = click.prompt(words("users.password-ask"), hide_input=True)
    if click.prompt(words("users.password-again"), hide_input=True) != first:
        raise InputError("the two are not the same", expected="the same password twice")
    return str(first)


def _read_line() -> str:
    """The first line of standard input; its end is none of the password."""
    try:
        return sys.stdin.buffer.readline().decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise InputError("the password cannot be read", where="--stdin", expected="UTF-8 text") from None
