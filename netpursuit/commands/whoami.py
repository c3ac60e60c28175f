"""``netpursuit whoami``: the roles of whoever asks, and what they allow."""

from __future__ import annotations

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.users import role_words
from netpursuit.commands.worded import new_command
from netpursuit.policy.roles import UserRole, acts_of


def command(words: Catalogue) -> click.Command:
    @new_command(words, "whoami", "help.whoami")
    @common(words, authority=False)
    def whoami(settings: Settings) -> int:
        return run_whoami(settings)

    return whoami


def run_whoami(settings: Settings) -> int:
    """Of oneself alone: nobody is looked at, and nothing is put on record."""
    from netpursuit.wiring import open_desk

    words = settings.words
    with open_desk(settings.workspace) as desk:
        book, who = desk.gate.users(), desk.gate.who
        held, names = desk.gate.roles_of(who), desk.gate.own_names()
    roles = [role for role in UserRole if role in held]
    acts = acts_of(held)
    if settings.as_json:
        allowed = [verb.value for verb in acts]
        shown = {"user": who, "names": list(names), "roles_in_use": book is not None, "roles": roles, "may": allowed}
        show_json(shown)
        return 0
    if names:
        click.echo(words("whoami.names", names=words("users.next").join(names)))
    if book is None:
        click.echo(words("whoami.not-in-use", user=who))
        return 0
    click.echo(words("users.holds", user=who, roles=role_words(words, roles) or words("users.nothing")))
    for role in roles:
        click.echo(f"  {words(f'user-role.{role.value}.may')}")
    if acts:
        click.echo(words("whoami.may", acts=words("users.next").join(words(f"verb.{verb.value}") for verb in acts)))
    administrators = ", ".join(book.holding(UserRole.ADMINISTRATOR))
    click.echo(words("whoami.administrators", users=administrators))
    return 0
