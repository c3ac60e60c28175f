"""Runs every block of the pages of the documentation, and writes what they print into the pages.

    python -m tools.refresh_docs                  # every page; or name some
    python -m tools.refresh_docs --not-run        # writes the list of what is not run (tests/docs/not_run.txt)

The blocks of a page run one after another in a folder that holds the demonstration's data (``demo``),
``docs/sequences`` and the files that the page names, against one workspace (``NETPURSUIT_WORKSPACE``), with clock,
users and keys fixed as in the worked cases (``tools/refresh_cases.py``; what is said of a block stands in
``tools/doc_blocks.py``):

- ``console USER DAY HOUR``: run and compared, or written;
- no language, or ``sh``: each command is run and must end well, ``netpursuit`` in this process and others in a shell;
- ``python``: run; ``toml``, ``json``, ``ini``: read, configurations by the program's own readers.
"""

from __future__ import annotations

import configparser
import io
import json
import re
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tools.doc_blocks import DOCS, ROOT, Fence, Page, all_pages, read_page
from tools.refresh_cases import EXIT_CODE, Block, Office, blocks_of

NOT_RUN = ROOT / "tests" / "docs" / "not_run.txt"
_COMMENT = re.compile(r"\s+#(?: .*)?$")
_WRITTEN, _TO_SHELL = re.compile(r" (>>?) (\S+)$"), r" | cat \1 \2"  # what is written to a file goes through a shell
_NIGHT = {"list", "feed", "report", "receipts", "metrics", "notify", "lock", "health", "retain"}


@dataclass(slots=True)
class PageRun:
    """What came of a page: its lines as they should stand, and what failed (``page:line: what``)."""

    page: Page
    lines: list[str]
    failed: list[str] = field(default_factory=list)
    moved: int = 0

    def fails(self, fence: Fence, what: str) -> None:
        self.failed.append(f"{self.page.name}:{fence.first}: {what}")

    def writes(self, fence: Fence, shown: Sequence[str]) -> None:
        self.lines[fence.first + self.moved : fence.last + self.moved] = shown
        self.moved += len(shown) - (fence.last - fence.first)


def run_page(page: Page, folder: Path) -> PageRun:
    """Run the blocks of a page in an empty ``folder``."""
    shutil.copytree(ROOT / "netpursuit" / "demo", folder / "demo", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(DOCS / "sequences", folder / "sequences")
    for files in page.files:
        shutil.copytree(files, folder, dirs_exist_ok=True)
    office = Office(folder=folder.resolve(), lang=page.lang, zone=page.zone)
    done = PageRun(page=page, lines=list(page.lines))
    clock, names, printed = page.begins, {"__name__": "docs"}, ""
    for fence in page.fences:
        if kept := fence.remarks.get("kept as"):
            (folder / kept).write_text(fence.text + "\n", encoding="utf-8")
    for fence in page.fences:
        before, printed = printed, ""
        if "not run" in fence.remarks or "run by" in fence.remarks:
            continue
        clock += timedelta(minutes=1)
        block = _block(fence, page, clock)
        clock = block.at
        match fence.language:
            case "console":
                done.writes(fence, _back(office.run(block), fence))
            case "before" | "" | "sh":
                _commands(office, block, fence, done)
            case "python":
                printed = _python(office, block, fence, done, names)
            case "text" if before:
                done.writes(fence, before.rstrip("\n").split("\n"))
            case "toml" | "json" | "ini":
                try:
                    _READERS[fence.language](fence.text, folder)
                except Exception as error:
                    done.fails(fence, f"cannot be read: {type(error).__name__}: {error}")
            case "text" if not re.search(r"^(?:\$ |netpursuit )", fence.text, re.MULTILINE):
                pass  # no command
            case language:
                done.fails(fence, f"nothing is known of a block of {language or 'text'}: say <!-- not run: REASON -->")
    return done


def _block(fence: Fence, page: Page, clock: datetime) -> Block:
    """The commands of a block, as the worked cases have them."""
    if fence.language == "console":
        (block,) = blocks_of("\n".join([fence.remarks["info"], fence.text, "```"]))
        return block
    user, at, typed = page.user, clock, fence.remarks.get("typed", "")
    if fence.language == "before":
        words = fence.remarks["info"].split(" TYPED: ")
        user, day, hour = words[0].split()[2:]
        at, typed = datetime.fromisoformat(f"{day}T{hour}"), words[1] if len(words) > 1 else ""
    lines = fence.text.replace("\\\n", " ").split("\n")
    if any(line.startswith("$ ") for line in lines):
        lines = [line for line in lines if line.startswith("$ ")]
    calls = [_COMMENT.sub("", f" {line}").removeprefix(" ").removeprefix("$ ").strip() for line in lines]
    commands = tuple((f"$ {_WRITTEN.sub(_TO_SHELL, call)}",) for call in calls if call)
    said = tuple(part.strip() for part in typed.split("|")) if typed else ()
    return Block(commands=commands, user=user, at=at, typed=said, first=fence.first, last=fence.last)


def _back(shown: list[str], fence: Fence) -> list[str]:
    """What is shown with the page's own names again."""
    for name, real in fence.real.items():
        shown = [line.replace(real, name) for line in shown]
    return shown


def _commands(office: Office, block: Block, fence: Fence, done: PageRun) -> None:
    """Each command must end well; the last one as ``ends`` says."""
    for number, (command,) in enumerate(block.commands):
        said = office.said(command[2:], block, block.at + timedelta(seconds=number))
        told = EXIT_CODE[office.lang]
        code = said[-1].removeprefix(told).strip(" ]") if said and said[-1].startswith(told) else "0"
        expected = fence.remarks.get("ends", "0") if number == len(block.commands) - 1 else "0"
        if code != expected:
            done.fails(fence, f"{command[2:]}: exit code {code}\n    " + "\n    ".join(said[-12:]))


def _python(office: Office, block: Block, fence: Fence, done: PageRun, names: dict[str, Any]) -> str:
    printed = io.StringIO()
    try:
        with office.at(block, block.at), redirect_stdout(printed):
            exec(compile("\n" * fence.first + fence.text, str(done.page.path), "exec"), names)
    except Exception as error:
        done.fails(fence, f"{type(error).__name__}: {error}")
    return printed.getvalue()


def read_toml(text: str, folder: Path) -> None:
    """Read a TOML block by the reader of what it is. Raises as that reader does, ``ValueError`` where nothing fits."""
    from netpursuit.sources.attached.mapping import mapping_of as attached_mapping
    from netpursuit.sources.lists.mapping import mapping_of as list_mapping
    from netpursuit.sources.night_config import read_night
    from netpursuit.sources.registrations.feed_file import feed_of
    from netpursuit.sources.registrations.source_section import feed_source
    from netpursuit.sources.sequences import read_sequence
    from netpursuit.sources.user_file import read_users

    settings = tomllib.loads(text)
    file = folder / "block.toml"
    if settings.keys() & _NIGHT and "publisher" not in settings.get("list", {}):
        # A part of a night's file is read with what no night can do without.
        missing = "" if "workspace" in settings else 'workspace = "workspace"\n'
        needs = "" if settings.keys() & {"list", "feed"} else '\n[[list]]\nid = "un"\nfolder = "un"\n'
        file.write_text(f"{missing}{text}{needs}", encoding="utf-8")
        read_night(file)
    elif "users" in settings:
        file.write_text(text, encoding="utf-8")
        read_users(file)
    elif "source" in settings:
        problems: list[str] = []
        feed_source(settings["source"], folder, problems.append)
        if problems:
            raise ValueError("; ".join(problems))
    elif "feed_id" in settings:
        feed_of(settings, where="block", folder=folder)
    elif "kind" in settings:
        attached_mapping(settings, file)
    elif "list" in settings:
        list_mapping(settings, file)
    elif "steps" in settings or "step" in settings:
        file.write_text(text, encoding="utf-8")
        read_sequence(file)
    else:
        raise ValueError(f"a file of no known kind: {', '.join(settings)}")


def _read_ini(text: str, _folder: Path) -> None:
    """Sections of settings, or settings of an environment alone."""
    if not re.search(r"^\[", text, re.MULTILINE):
        text = f"[environment]\n{text}"
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)


_READERS: dict[str, Callable[[str, Path], Any]] = {
    "toml": read_toml,
    "json": lambda text, _folder: json.loads(text),
    "ini": _read_ini,
}


def not_run() -> list[str]:
    """Every block that is not run, ``page: its first line: why``, without line numbers, which change too easily."""
    return [
        f"{page.name}: {fence.lines[0]}: {key} {why}"
        for page in map(read_page, all_pages())
        for fence in page.fences
        for key in ("not run", "run by")
        if (why := fence.remarks.get(key))
    ]


def main(arguments: Sequence[str]) -> int:
    if "--not-run" in arguments:
        NOT_RUN.write_text("".join(f"{line}\n" for line in not_run()), encoding="utf-8")
        return 0
    failed: list[str] = []
    for path in [Path(argument).resolve() for argument in arguments] or all_pages():
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="netpursuit-docs-") as folder:
            done = run_page(read_page(path), Path(folder))
        text = "\n".join(done.lines)
        if changed := text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
        print(f"{done.page.name}: {'changed' if changed else 'as it was'}, {time.monotonic() - began:.1f} s")
        failed += done.failed
    print("\n".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
