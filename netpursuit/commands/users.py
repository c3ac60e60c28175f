"""``netpursuit users``: who holds which role in a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands import passwords
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_group
from netpursuit.policy.roles import UserRole

if TYPE_CHECKING:
    from netpursuit.custody.users import RolesChanged
    from netpursuit.gate.roles import Holder
    from netpursuit.gate.workbench import Workbench

ROLE = click.Choice(tuple(role.value for role in UserRole))


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "users")

    @group.new("list", "help.users.list")
    @common(words)
    def list_(settings: Settings) -> int:
        return run_list(settings)

    @group.new("grant", "help.users.grant")
    @click.argument("user", metavar="USER")
    @click.argument("roles", metavar="ROLE…", nargs=-1, required=True, type=ROLE)
    @click.option("--name", "names", metavar="NAME", multiple=True, help=words("option.users.name"))
    @common(words)
    def grant(settings: Settings, user: str, roles: tuple[str, ...], names: tuple[str, ...]) -> int:
        from netpursuit.custody.users import grant_roles

        return _change(settings, lambda desk: grant_roles(desk, user, map(UserRole, roles), names))

    @group.new("revoke", "help.users.revoke")
    @click.argument("user", metavar="USER")
    @click.argument("roles", metavar="[ROLE…]", nargs=-1, type=ROLE)
    @common(words)
    def revoke(settings: Settings, user: str, roles: tuple[str, ...]) -> int:
        from netpursuit.custody.users import revoke_roles

        return _change(settings, lambda desk: revoke_roles(desk, user, map(UserRole, roles)))

    @group.new("import", "help.users.import")
    @click.argument("file", metavar="FILE.toml", type=click.Path(path_type=Path))
    @common(words)
    def import_(settings: Settings, file: Path) -> int:
        from netpursuit.custody.users import replace_users
        from netpursuit.sources.user_file import read_users

        read = read_users(file)
        return _change(settings, lambda desk: replace_users(desk, read.users, read.digest))

    passwords.add(group, words)
    return group


def holder_json(item: Holder) -> dict[str, Any]:
    return {
        "user": item.name,
        "roles": list(item.roles),
        "names": list(item.names),
        "changed_by": item.by,
        "changed_at": item.at.isoformat(),
    }


def run_list(settings: Settings) -> int:
    from netpursuit.custody.users import list_users
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        found = list_users(desk)
    if settings.as_json:
        show_json([holder_json(item) for item in found])
        return 0
    for item in found:
        at = item.at.astimezone().isoformat(timespec="minutes")
        said = _holds(settings.words, item)
        click.echo(f"{said}  ({item.by}, {at})")
    if not found:
        click.echo(settings.words("users.not-in-use"))
    return 0


def _change(settings: Settings, act: Callable[[Workbench], RolesChanged]) -> int:
    """Do it, and say of every name that changed what it holds now, and whom the operating system does not know."""
    from netpursuit.gate.users import is_known_to_machine
    from netpursuit.wiring import open_desk

    words = settings.words
    with open_desk(settings.workspace, settings.reason, settings.case_id, create=True) as desk:
        done = act(desk)
    holders = done.book.holders
    unknown = [name for name in done.names if name in holders and not is_known_to_machine(name)]
    for name in unknown:
        click.echo(words("users.unknown", user=name), err=True)
    if settings.as_json:
        changed = [
            holder_json(holders[name]) if name in holders else {"user": name, "roles": []} for name in done.names
        ]
        show_json({"changed": changed, "begun": done.begun, "unknown": unknown})
        return 0
    if done.begun:
        click.echo(words("users.begun"))
    for name in done.names:
        if name in holders:
            click.echo(_holds(words, holders[name]))
        else:
            click.echo(words("users.holds", user=name, roles=words("users.nothing")))
    if not done.names:
        click.echo(words("users.as-before"))
    return 0


def _holds(words: Catalogue, item: Holder) -> str:
    names = words("users.next").join(item.names)
    user = words("users.named", user=item.name, names=names) if names else item.name
    return words("users.holds", user=user, roles=role_words(words, item.roles))


def role_words(words: Catalogue, roles: Iterable[UserRole]) -> str:
    """Roles as people call them, with the word that the commands take."""
    return words("users.next").join(words(f"user-role.{role.value}") for role in roles)
