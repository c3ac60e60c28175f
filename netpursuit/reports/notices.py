"""Notices of a night: counts and ids of leads, to a command or an https address that the user has configured (A5).

This is the one module that can open a connection, and ``Notice`` is all that it can send.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class NightNotice:
    """What leaves the machine: the night, its exit code, counts by kind, and ids of leads by what became of them."""

    night: str
    as_of: str
    exit_code: int
    counts: Mapping[str, int]
    leads: Mapping[str, tuple[str, ...]]

    def as_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def run_command(command: Sequence[str], notice: NightNotice, seconds: float = SECONDS) -> str:
    """Run a command with the notice as JSON on its standard input; answers what went wrong, or nothing."""
    try:
        done = subprocess.run(
            list(command),
            input=notice.as_json().encode("ascii"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the command was ended after {seconds:g} s"
    except OSError as error:
        return f"the command cannot be run: {error.strerror or type(error).__name__}"
    return f"the command ended with code {done.returncode}" if done.returncode else ""


def post(url: str, notice: NightNotice, seconds: float = SECONDS) -> str:
    """Post the notice as JSON; answers what went wrong, or nothing. Only https; redirections are not followed."""
    if urlsplit(url).scheme != "https":
        return "no https address"
    request = urllib.request.Request(
        url,
        data=notice.as_json().encode("ascii"),
        headers={"Content-Type": "application/json", "User-Agent": "netpursuit"},
        method="POST",
    )
    try:
        with urllib.request.build_opener(_NoRedirection).open(request, timeout=seconds) as answer:
            return "" if 200 <= answer.status < 300 else f"the address answered {answer.status}"
    except OSError as error:  # of which URLError, HTTPError and failed certificates are kinds
        return f"the address could not be told: {getattr(error, 'reason', None) or type(error).__name__}"


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """A notice goes where the user said and nowhere else."""

    def redirect_request(self, *_: object) -> None:
        return None
