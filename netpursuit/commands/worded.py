"""Commands whose help pages take every word from the catalogue, headings included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from netpursuit.catalogue import LANGUAGES, Catalogue


class Worded(click.Command):
    """A command that knows its language; also the base of groups."""

    words: Catalogue

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = self.words("help.help")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=f"{self.words('help.usage')}: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [row for row in (parameter.get_help_record(ctx) for parameter in self.get_params(ctx)) if row]
        if rows:
            with formatter.section(self.words("help.options")):
                formatter.write_dl(rows)


class WordedGroup(Worded, click.Group):
    """A group; it takes ``--lang`` itself, so that its own help page can be asked for in either language."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = []
        for name in self.list_commands(ctx):
            child = self.get_command(ctx, name)
            if child is not None:
                rows.append((name, child.get_short_help_str(limit=90)))
        with formatter.section(self.words("help.commands")):
            formatter.write_dl(rows)

    def new(self, name: str, key: str) -> Callable[[Callable[..., Any]], click.Command]:
        """A decorator that makes a function a command of this group; its help is the catalogue's ``key``."""

        def decorate(function: Callable[..., Any]) -> click.Command:
            command = new_command(self.words, name, key)(function)
            self.add_command(command)
            return command

        return decorate


def new_command(words: Catalogue, name: str, key: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A decorator that makes a function a command; a short help of its own is ``<key>.short``."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        short = words(f"{key}.short") if f"{key}.short" in words else None
        command = click.command(name, cls=Worded, help=words(key), short_help=short)(function)
        command.words = words
        return command

    return decorate


def new_group(words: Catalogue, name: str) -> WordedGroup:
    """A group of commands; its help is the catalogue's ``help.<name>``."""
    group = WordedGroup(name, help=words(f"help.{name}"), short_help=words(f"help.{name}.short"))
    group.words = words
    group.params.append(lang_option(words))
    return group


def lang_option(words: Catalogue) -> click.Option:
    """``--lang``; read before anything else (``cli.stated_language``), so nothing is done with its value here."""
    return click.Option(["--lang"], type=click.Choice(LANGUAGES), help=words("option.lang"), expose_value=False)
