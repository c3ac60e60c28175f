"""Errors are written in English where they are raised and said in the reader's language where they are shown."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import netpursuit
from netpursuit.catalogue import Catalogue

ROOT = Path(netpursuit.__file__).parent
ERRORS = ("InputError", "StorageError", "VerificationError")
HAN = re.compile("[\u4e00-\u9fff]")
# What people meet when they match, screen, add lists, draft feeds and work on leads.
SAID = (
    *("cli.py", "commands/match.py", "commands/screen.py", "commands/feed.py", "commands/leads.py"),
    *("commands/lists.py", "commands/options.py", "commands/audit*.py", "gate/*.py", "review/*.py"),
    *("enquiry/search.py", "custody/users.py", "sources/user_file.py", "custody/lists.py", "custody/delivery.py"),
    *("custody/grouping.py", "custody/groups.py", "screening/*.py"),
    *("sources/queries.py", "sources/query_remarks.py", "sources/registrations/*.py", "sources/tables/*.py"),
    *("commands/backup.py", "custody/backups.py", "stores/backups.py", "stores/backup_files.py"),
    *("stores/sealed_file.py", "stores/snapshots.py"),
    *("sources/lists/registry.py", "stores/workspace.py", "stores/files.py", "stores/sqlite.py", "audit/*.py"),
    *("custody/log_*.py", "custody/openings.py"),
    *("custody/proving.py", "reports/receipt_file.py"),
    *("enquiry/graph_*.py", "web/graph_*.py"),
)


def sample(node: ast.expr | None) -> str:
    """A text as it may read, a number in the place of every value; empty where the source does not tell."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)  # type: ignore[misc]
    return ""


def raised(path: Path) -> list[str]:
    """What the errors of a module say, and what they expected."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
            found += [sample(node.args[0] if node.args else None)]
            found += [sample(keyword.value) for keyword in node.keywords if keyword.arg == "expected"]
    return [text for text in found if re.search(r"[a-z]{2,} [a-z]{2,}", text)]


MODULES = sorted({path for pattern in SAID for path in ROOT.glob(pattern)})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_error_of_the_frequent_commands_is_said_in_chinese(path: Path) -> None:
    chinese = Catalogue("zh")
    assert [text for text in raised(path) if not HAN.search(chinese.sentence(text))] == []


def test_enough_sentences_are_looked_at() -> None:
    assert sum(len(raised(path)) for path in MODULES) > 100


def test_fields_keep_their_values_and_known_words_are_said() -> None:
    chinese = Catalogue("zh")
    assert chinese.sentence("the lead L-7 is withdrawn") == "线索 L-7 的状态为 已撤回"
    assert chinese.sentence("there is no lead 'ABC DEF'") == "没有线索 'ABC DEF'"
    assert chinese.sentence("a sentence that nobody wrote") == "a sentence that nobody wrote"
    assert Catalogue("en").sentence("there is no lead 'L-7'") == "there is no lead 'L-7'"
