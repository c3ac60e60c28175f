"""``netpursuit completion``: what a shell reads to complete commands, options, fixed words and names of files.

It never completes what stands in a workspace: who presses a key to complete has stated no reason, so nothing about
anybody is looked up (A1). The words typed so far reach the program in its environment and are kept nowhere.
"""

from __future__ import annotations

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_command

SHELLS = ("bash", "zsh", "fish")
_ASKED_BY = "_NETPURSUIT_COMPLETE"  # where Click looks whether a shell asks for completions


def command(words: Catalogue) -> click.Command:
    @new_command(words, "completion", "help.completion")
    @click.argument("shell", type=click.Choice(SHELLS), metavar="bash|zsh|fish")
    @common(words, authority=False, workspace=False)
    def completion(settings: Settings, shell: str) -> int:
        script = script_of(shell)
        if settings.as_json:
            show_json({"shell": shell, "script": script})
        else:
            click.echo(script, nl=False)
        return 0

    return completion


def script_of(shell: str) -> str:
    """The script, the same on every machine: whether its shell is installed here is not asked."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    complete = kind(click.Group("netpursuit"), {}, "netpursuit", _ASKED_BY)
    return complete.source_template % complete.source_vars()
