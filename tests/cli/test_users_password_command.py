"""``users password``: with what a user signs in to the page, who may set it, and what is on record."""

from __future__ import annotations

import io
import os
import pty
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from netpursuit.gate.users import user_of_machine
from tests.cli.conftest import Run, environment

WORDS = "four horses under a bridge"
WHY = ("--reason", "check:T-1", "--lang", "en")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def type_in(text: str | bytes) -> None:
        raw = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))

    return type_in


def shown(command: Run, folder: Path) -> list[dict[str, Any]]:
    found = command("audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json").json
    return [item for item in found if "password" in item["verb"]]


def test_a_password_is_set_and_removed_on_record_and_stands_nowhere(
    command: Run, workspace: Path, typed: Any, tmp_path: Path
) -> None:
    me = user_of_machine()
    for who in (me, "li"):
        typed(f"{WORDS}\n")
        done = command("users", "password", who, "--stdin", "--workspace", workspace, *WHY)
        assert done.code == 0, done.err
        assert who in done.out
    removed = command("users", "password", "li", "--remove", "--workspace", workspace, *WHY, "--json")
    assert removed.json == {"user": "li", "password": "removed"}
    assert [(item["verb"], item["about"]) for item in shown(command, workspace)] == [
        ("own-password", {"user": me, "change": "set"}),
        ("users-password", {"user": "li", "change": "set"}),
        ("users-password", {"user": "li", "change": "removed"}),
    ]
    again = command("users", "password", "li", "--remove", "--workspace", workspace, *WHY)
    assert (again.code, "li has no password" in again.err) == (2, True)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"truth.sqlite", "keys.sqlite"}
    assert not [file for file in files if WORDS.encode() in file.read_bytes()]


def test_ones_own_needs_no_reason_and_another_users_an_administrator(command: Run, workspace: Path, typed: Any) -> None:
    me, here = user_of_machine(), ("--workspace", workspace)
    assert command("reason", "clear", *here).code in (0, 2)
    typed(WORDS)
    assert command("users", "password", me, "--stdin", *here).code == 0
    for role in ("administrator", "auditor"):
        assert command("users", "grant", me, role, *here, *WHY).code == 0
    typed(WORDS)
    assert command("users", "password", "li", "--stdin", *here, *WHY).code == 0
    assert command("users", "grant", "other", "administrator", *here, *WHY).code == 0
    assert command("users", "revoke", me, "administrator", *here, *WHY).code == 0
    typed(WORDS)
    refused = command("users", "password", "li", "--stdin", *here, *WHY)
    assert (refused.code, "administrator" in refused.err) == (4, True)
    typed(WORDS)
    assert command("users", "password", me, "--stdin", *here).code == 0, "one's own, whatever one is"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("short\n", "12 to 256 characters"),
        ("", "12 to 256 characters"),
        ("password1234\n", "guessed soon"),
        (b"\xff\xfe" * 20, "UTF-8"),
    ],
)
def test_what_is_none_is_told_and_not_repeated(
    command: Run, workspace: Path, typed: Any, given: str | bytes, said: str
) -> None:
    before = len(shown(command, workspace))
    typed(given)
    refused = command("users", "password", "li", "--stdin", "--workspace", workspace, *WHY)
    assert (refused.code, said in refused.err) == (2, True), refused.err
    assert len(shown(command, workspace)) == before
    assert not isinstance(given, str) or not given.strip() or given.strip() not in refused.err


@pytest.mark.parametrize("who", ["@staff", "13800138000", "a/b"])
def test_what_is_no_name_of_a_user_gets_none(command: Run, workspace: Path, typed: Any, who: str) -> None:
    typed(WORDS)
    refused = command("users", "password", who, "--stdin", "--workspace", workspace, *WHY)
    assert (refused.code, "no name of a user" in refused.err) == (2, True)


def test_without_a_terminal_it_is_said_what_to_do(command: Run, workspace: Path, typed: Any) -> None:
    typed(WORDS)
    refused = command("users", "password", "li", "--workspace", workspace, *WHY)
    assert (refused.code, "--stdin" in refused.err) == (2, True)
    both = command("users", "password", "li", "--stdin", "--remove", "--workspace", workspace, *WHY)
    assert both.code == 2


def at_a_terminal(arguments: list[str], lines: list[str]) -> tuple[int, str]:
    """Run a command at a terminal of its own, and type a line whenever it asks; answers exit code and screen."""
    child, screen = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-m", "netpursuit", *arguments], environment())
    seen = ""
    while True:
        try:
            part = os.read(screen, 4096).decode()
        except OSError:
            break
        if not part:
            break
        seen += part
        if lines and re.search(r"Password[^:\n]*: $", seen):
            os.write(screen, f"{lines.pop(0)}\n".encode())
    os.close(screen)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen


@pytest.mark.skipif(os.name == "nt", reason="no terminals to open")
def test_at_a_terminal_it_is_asked_twice_and_not_shown(workspace: Path) -> None:
    call = ["users", "password", "li", "--workspace", str(workspace), *WHY]
    code, screen = at_a_terminal(call, [WORDS, WORDS])
    assert (code, WORDS in screen, screen.count("Password")) == (0, False, 2), screen
    code, screen = at_a_terminal(call, [WORDS, WORDS + "s"])
    assert (code, "not the same" in screen, WORDS in screen) == (2, True, False)
