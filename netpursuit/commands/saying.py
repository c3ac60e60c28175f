"""Errors of the command line in the words of whoever reads them."""

from __future__ import annotations

import click

from netpursuit.catalogue import Catalogue
from netpursuit.catalogue.steering import steerless


def show_usage_error(words: Catalogue, error: click.ClickException) -> None:
    """What click says of a call that cannot be understood, with its usage."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
        click.echo(words("help.hint", command=f"{error.ctx.command_path} --help") + "\n", err=True)
    click.echo(steerless(f"{words('cli.error')}: {words.sentence(error.format_message())}"), err=True)
