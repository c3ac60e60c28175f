"""The command line: parses, calls, shows. Only here does an error become an exit code.

0 done; 1 internal or storage failure; 2 bad input; 3 done, but a list was stale, missing or damaged, or a
night left something out; 4 refused; 5 interrupted; 6 a verification found a difference.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from netpursuit.catalogue import LANGUAGES, Catalogue, language_of_machine
from netpursuit.catalogue.steering import steerless
from netpursuit.commands import build_cli
from netpursuit.commands.saying import show_usage_error
from netpursuit.errors import NetpursuitError, RefusedError
from netpursuit.reports.saying import say_error, say_refusal

INTERNAL, BAD_INPUT, INTERRUPTED = 1, 2, 5


def stated_language(arguments: Sequence[str]) -> str:
    """The value of ``--lang`` among the arguments, else the machine's language: help must be in it, too."""
    for at, argument in enumerate(arguments):
        value = argument[7:] if argument.startswith("--lang=") else ""
        if argument == "--lang" and at + 1 < len(arguments):
            value = arguments[at + 1]
        if value in LANGUAGES:
            return value
    return language_of_machine()


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; every error is one clear line on standard error."""
    words = Catalogue(stated_language(arguments))
    try:
        code = build_cli(words).main(args=list(arguments), prog_name="netpursuit", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(words("cli.interrupted"), err=True)
        return INTERRUPTED
    except click.ClickException as error:
        show_usage_error(words, error)
        return BAD_INPUT
    except RefusedError as error:
        click.echo(steerless(f"{words('cli.refused')}: {say_refusal(words, error)}"), err=True)
        return error.exit_code
    except NetpursuitError as error:
        click.echo(steerless(f"{words('cli.error')}: {say_error(words, error)}"), err=True)
        return error.exit_code
    except SystemExit:
        # Click's answer to a closed pipe: the reader of our output has left, which is its right.
        return 0
    except Exception as error:
        # No traceback: it could carry the values of a person (A4). NETPURSUIT_DEBUG shows it on invented data.
        if os.environ.get("NETPURSUIT_DEBUG"):
            raise
        click.echo(words("cli.internal", kind=type(error).__name__), err=True)
        return INTERNAL


def main() -> None:
    """The console script."""
    # What a command makes at its start stays to its end: it is seldom searched for garbage, and at the end not at all.
    gc.set_threshold(20_000)
    # NumPy would start a pool of threads for products of matrices, which takes as long as a query: only the layout of a
    # small graph multiplies any.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)
