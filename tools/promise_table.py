"""Write ``docs/promises.md``: every promise, what it says, and the tests that prove it, taken from the tests.

``tests/contract/test_promises.py`` names the tests; it is read as text, not run, so that no test tool is needed here.
``python tools/promise_table.py`` (or ``make docs-tables``) writes the page; with ``--check`` it writes nothing and ends
with 1 where the page is another.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests" / "contract" / "test_promises.py"
PAGE = ROOT / "docs" / "promises.md"

SAYS = {
    "A1": "Every look has a reason or a case, is on record before it begins, and its result before it is shown",
    "A2": "What is on record cannot be changed, removed, reordered or rolled back without notice",
    "A3": "What cannot be put on record is not done",
    "A4": "Whoever is screened and is no lead leaves no trace",
    "A5": "Only a named human confirms, and by two facts; nothing but counts and ids of leads is sent anywhere",
    "A6": "A name alone is never more than a weak match",
    "A7": "Who was cleared stays cleared of that entry until something that identifies one of them changes",
    "A8": "Only people under a legal instrument are wanted, and only as long as it is in force",
    "A9": "No feed runs without legal basis, area, period, purpose, roles and an end",
    "A10": "Nobody can ask for a group of people; there is no score of people or places",
    "A11": "Every link says whence and when it is, and whether it is a fact; victims are never wanted",
    "A12": "Walks through the link graph are bounded, belong to a case, and say when they were cut",
    "A13": "What is written out says what it is, for what purpose, by whom and until when",
    "A14": "What is kept of a person can be found, corrected and erased, and the erasure proved",
    "A15": "Error rates are measured for each tradition of names, and none is met much more often by false leads",
    "A16": "A list that is too old, missing or damaged is said to be so, and confirms nobody",
    "A17": "A lead can be computed again, byte for byte",
    "A18": "A run can prove that a row was screened, and its workspace alone tells nobody which rows they were",
}

HEAD = """# The promises and the tests that prove them

Each promise of [accountability.md](accountability.md), in one line, with its tests. A test is named by what it shows.

This page is made from `tests/contract/test_promises.py`; do not edit it. `make docs-tables`, or
`python tools/promise_table.py` alone, makes it anew, and a test fails where it is not what would be made.

| promise | what it says | its tests |
|---|---|---|
"""


def promises(source: str) -> dict[str, tuple[str, ...]]:
    """Promise -> test ids (``file::name``), from the text of the module that names them.

    Raises ``ValueError`` where ``PROMISES`` is missing or made of anything but text and names of text.
    """
    names: dict[str, str] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                names[node.targets[0].id] = node.value.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "PROMISES":
            if not isinstance(node.value, ast.Dict):
                break
            keys = [_text(key, names) for key in node.value.keys]
            return {key: _texts(value, names) for key, value in zip(keys, node.value.values, strict=True)}
    raise ValueError("no PROMISES of promise -> tests")


def _texts(node: ast.expr, names: dict[str, str]) -> tuple[str, ...]:
    if not isinstance(node, ast.Tuple):
        raise ValueError(f"line {node.lineno}: expected a tuple of test ids")
    return tuple(_text(item, names) for item in node.elts)


def _text(node: ast.expr | None, names: dict[str, str]) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _text(left, names) + _text(right, names)
    raise ValueError(f"line {getattr(node, 'lineno', 0)}: expected text")


def sentence(test: str) -> str:
    """``tests/a/test_b.py::test_one_thing_holds`` as a linked sentence."""
    path, _, name = test.partition("::")
    said = name.removeprefix("test_").replace("_", " ")
    return f"[{said}](../{path})"


def page(found: dict[str, tuple[str, ...]]) -> str:
    """The whole page. A promise without a test says so."""
    rows = []
    for promise, says in SAYS.items():
        tests = "<br>".join(map(sentence, found.get(promise, ()))) or "**none yet**"
        rows.append(f"| {promise} | {says} | {tests} |\n")
    return HEAD + "".join(rows)


def main(arguments: list[str]) -> int:
    text = page(promises(TESTS.read_text(encoding="utf-8")))
    if "--check" in arguments:
        return 0 if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
