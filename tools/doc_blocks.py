"""The blocks of a page of the documentation, and what the page says (in remarks that nobody is shown) of running them.

    <!-- runs: li 2026-02-09 09:00 -->        who runs the page's blocks, and when the first one begins
    <!-- files: 3 -->                         what lies there: of ``docs/files`` or ``docs/cases/files``
    <!-- where: L-XXXXXXXXXXXX = L-TFWSFVU4YOZ2 -->   what is meant by a name in the blocks below
    <!-- before li 2026-02-09 08:55           commands that nobody is shown, each of which must end well
    $ netpursuit reason set check:1
    -->
    <!-- not run: REASON -->                  above a block: it is not run, and why
    <!-- run by tests/cli/test_x.py::test_y -->       above a block: that test runs it
    <!-- ends: 3 -->                          above a block: the exit code of its last command
    <!-- typed: one | two -->                 above a block: what is typed at prompts
    <!-- kept as: night.toml -->              above a block: it is a file that later blocks use

A block of ``text`` right below one of ``python`` is what that one prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
CASES = DOCS / "cases"
_FENCE = re.compile(r"^```(?P<language>[a-z]*)(?: .*)?$")
_REMARK = re.compile(r"^<!-- (?P<key>not run:|run by|ends:|typed:|kept as:) ?(?P<value>.+?) -->$")
_WHERE = re.compile(r"^<!-- where: (?P<name>.+?) = (?P<real>\S+) -->$")
_BEFORE = re.compile(r"^<!-- before (?P<user>\S+) (?P<day>\S+) (?P<hour>\d\d:\d\d)(?: TYPED: (?P<typed>.*))?$")
_RUNS = re.compile(r"^<!-- runs: (?P<user>\S+) (?P<day>\S+) (?P<hour>\d\d:\d\d) -->$", re.MULTILINE)
_FILES = re.compile(r"^<!-- files: (?P<folder>\S+) -->$", re.MULTILINE)
_ZONE = re.compile(r"^<!-- zone: (?P<zone>\S+) -->$", re.MULTILINE)


_BEGINS = datetime.fromisoformat("2026-01-08T09:00")  # unless the page says when


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One block, its lines ``first`` to ``last`` of the page without the fences, from zero.

    ``language`` is ``before`` for commands that nobody is shown. ``remarks``: those right above it. ``real``: what
    names in it stand for.
    """

    language: str
    lines: tuple[str, ...]
    first: int
    last: int
    remarks: dict[str, str]
    real: dict[str, str]

    @property
    def text(self) -> str:
        """The block with what its names stand for."""
        text = "\n".join(self.lines)
        for name, real in self.real.items():
            text = text.replace(name, real)
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page with its blocks in order. ``begins``: when its first block is run unless that says so itself."""

    path: Path
    lines: tuple[str, ...]
    fences: tuple[Fence, ...] = field(default=())
    user: str = "li"
    begins: datetime = _BEGINS
    zone: str = "UTC"
    files: tuple[Path, ...] = ()

    @property
    def lang(self) -> str:
        return "zh" if self.path.name.endswith(".zh.md") or self.path.parent.name == "zh" else "en"

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


def read_page(path: Path) -> Page:
    """A page as it stands. Raises ``ValueError`` with the line for a block that does not end."""
    text = path.read_text(encoding="utf-8")
    lines = tuple(text.split("\n"))
    zone = _ZONE.search(text)
    folders = (DOCS / "files", DOCS / "cases" / "files")
    named = [found["folder"] for found in _FILES.finditer(text)]
    files = [next(folder / name for folder in folders if (folder / name).is_dir()) for name in named]
    if CASES in path.parents and (own := CASES / "files" / path.stem.partition("-")[0]).is_dir():
        files.append(own)
    return Page(
        path=path,
        lines=lines,
        fences=tuple(_fences(path, lines)),
        **_stated(text),
        zone=zone["zone"] if zone else "UTC",
        files=tuple(files),
    )


def _stated(text: str) -> dict[str, Any]:
    """Who runs the page's blocks and when, where it says so."""
    if runs := _RUNS.search(text):
        return {"user": runs["user"], "begins": datetime.fromisoformat(f"{runs['day']}T{runs['hour']}")}
    return {}


def _fences(path: Path, lines: tuple[str, ...]) -> list[Fence]:
    found: list[Fence] = []
    real: dict[str, str] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        if where := _WHERE.match(line):
            real = {**real, where["name"]: where["real"]}
        before, opened = _BEFORE.match(line), _FENCE.match(line)
        if not before and not opened:
            if line.lstrip().startswith("```"):
                raise ValueError(
                    f"{path}:{at + 1}: a block begins at the start of its line, its language in small letters"
                )
            at += 1
            continue
        end = next((row for row in range(at + 1, len(lines)) if lines[row] == ("-->" if before else "```")), 0)
        if not end:
            raise ValueError(f"{path}:{at + 1}: a block without an end")
        language = "before" if before else opened["language"] if opened else ""
        remarks = {"info": line, **_above(lines, at)}
        found.append(
            Fence(language=language, lines=lines[at + 1 : end], first=at + 1, last=end, remarks=remarks, real=real)
        )
        at = end + 1
    return found


def _above(lines: tuple[str, ...], at: int) -> dict[str, str]:
    """The remarks right above line ``at``."""
    remarks = {}
    while at and (found := _REMARK.match(lines[at - 1])):
        remarks[found["key"].rstrip(":")] = found["value"]
        at -= 1
    return remarks


def all_pages() -> list[Path]:
    """Every page whose blocks are looked at: the readmes and all of ``docs``."""
    return sorted([*ROOT.glob("README*.md"), *DOCS.rglob("*.md")])
