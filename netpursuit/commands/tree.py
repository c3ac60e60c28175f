"""The tree of commands; a command's module is imported when it is named, so that the others cost nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.worded import WordedGroup, lang_option

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Command -> module below ``netpursuit.commands`` with a function ``command(words)``.
COMMANDS = {
    "match": "match",
    "compare": "compare",
    "evaluate": "evaluate",
    "screen": "screen",
    "night": "night",
    "leads": "leads",
    "lists": "lists",
    "feed": "feed",
    "graph": "graph",
    "case": "cases",
    "reason": "reasons",
    "users": "users",
    "whoami": "whoami",
    "audit": "audit",
    "backup": "backup",
    "quarantine": "quarantine",
    "subject": "subject",
    "retain": "retain",
    "index": "index",
    "policy": "policy",
    "web": "web",
    "tokens": "tokens",
    "demo": "demo",
    "completion": "completion",
}


class Tree(WordedGroup):
    """The top of the tree."""

    def __init__(self, words: Catalogue) -> None:
        super().__init__(
            name="netpursuit",
            help=words("help.netpursuit"),
            epilog=words("help.exit-codes"),
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
        )
        self.words = words
        self.params.append(lang_option(words))
        self.params.append(
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help=words("help.version"),
            )
        )

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"netpursuit.commands.{COMMANDS[cmd_name]}").command(self.words)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [name for name in COMMANDS if name.startswith(incomplete)]
        found = [CompletionItem(name, help=self.words(f"help.{name}.short")) for name in names]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(self.words("help.commands")):
            formatter.write_dl([(name, self.words(f"help.{name}.short")) for name in COMMANDS])


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:  # else a shell asks how to go on from it
        from importlib.metadata import version

        click.echo(f"netpursuit {version('netpursuit')}")
        context.exit(0)


def build_cli(words: Catalogue) -> click.Group:
    """The whole command line in one language."""
    return Tree(words)
