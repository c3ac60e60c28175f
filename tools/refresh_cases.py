"""Runs the command blocks of the worked cases (``docs/cases``) and writes what they print into the pages.

    python -m tools.refresh_cases            # every case; or name some

``python -m tools.refresh_docs`` does so for all pages (and for other blocks than these).

A block begins with three backticks and ``console USER DAY HOUR`` (``TYPED: one | two`` besides: what is typed at
prompts). Its lines that begin with ``$`` are run by that user at that instant, in a folder made of
``docs/cases/files/NUMBER``, the demonstration's data (``demo``) and ``docs/sequences``; all else in the block is what
they print; a line ``…`` stands for lines that are left out. ``netpursuit`` runs in this process with clock, user and
chance fixed, so that the same page comes out every time; other commands and what follows a pipe run in the system's
shell. Consultations are numbered as they appear.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "docs" / "cases"
FENCE = re.compile(r"^```console (?P<user>\S+) (?P<day>\S+) (?P<hour>\d\d:\d\d)(?: TYPED: (?P<typed>.*))?$")
ZONE = re.compile(r"^<!-- zone: (?P<zone>\S+) -->$", re.MULTILINE)
DURATION = re.compile(r"^(Done in |用时 )\d+( s\.| 秒。)", re.MULTILINE)  # of the demonstration
CONSULTATION = re.compile(r"C-[a-z0-9]{16}")
HOME = "/srv/netpursuit"  # what stands in the pages for the folder in which they are run
WIDTH = 110
EXIT_CODE = {"en": "[exit code", "zh": "[退出码"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The commands of one block, who runs them and when, and where the block stands: lines ``first`` to ``last``
    without its fences, from zero. ``stands``: the lines that stand below each command now."""

    commands: tuple[tuple[str, ...], ...]
    user: str
    at: datetime
    typed: tuple[str, ...]
    first: int
    last: int
    stands: tuple[tuple[str, ...], ...] = ()


def blocks_of(page: str) -> list[Block]:
    """The command blocks of a page, in order. Raises ``ValueError`` for one without end or command."""
    lines, blocks = page.split("\n"), []
    at = 0
    while at < len(lines):
        if not (opened := FENCE.match(lines[at])):
            if lines[at].startswith("```console"):
                raise ValueError(f"line {at + 1}: expected ```console USER DAY HOUR")
            at += 1
            continue
        first = at + 1
        last = lines.index("```", first)
        commands: list[tuple[str, ...]] = []
        stands: list[list[str]] = []
        row = first
        while row < last:
            if lines[row].startswith("$ "):
                end = row
                while lines[end].endswith("\\"):
                    end += 1
                commands.append(tuple(lines[row : end + 1]))
                stands.append([])
                row = end
            elif stands:
                stands[-1].append(lines[row])
            row += 1
        if not commands:
            raise ValueError(f"line {first}: no command")
        day, hour = opened["day"], opened["hour"]
        typed = tuple(part.strip() for part in opened["typed"].split("|")) if opened["typed"] else ()
        instant = datetime.fromisoformat(f"{day}T{hour}")
        blocks.append(
            Block(
                commands=tuple(commands),
                user=opened["user"],
                at=instant,
                typed=typed,
                first=first,
                last=last,
                stands=tuple(map(tuple, stands)),
            )
        )
        at = last + 1
    return blocks


def left_out(stands: Sequence[str], said: list[str]) -> list[str]:
    """What is printed, with as much left out as the page leaves out by a line ``…``."""
    if "…" not in stands:
        return said
    before = stands.index("…")
    after = len(stands) - before - 1
    return said if before + after >= len(said) else [*said[:before], "…", *said[len(said) - after :]]


class Typed(io.StringIO):
    """Standard input that shows what is typed, as a terminal does; where nothing is typed, nobody sits there."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("".join(f"{line}\n" for line in lines))
        self._lines = len(lines)

    def isatty(self) -> bool:
        return self._lines > 0

    def readline(self, *arguments: Any) -> str:
        line = super().readline(*arguments)
        sys.stderr.write(line)
        return line

    def hidden(self, prompt: str = "", stream: object = None) -> str:
        """A password that is typed; nobody sees it."""
        sys.stderr.write(f"{prompt}\n")
        line = super().readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")


@dataclass(slots=True)
class Chance:
    """Bytes for keys that are always the same, and for everything else a count."""

    count: int = 0

    def token_bytes(self, size: int = 32) -> bytes:
        if size >= 16:
            return bytes(range(size))
        self.count += 1
        return self.count.to_bytes(size, "big")

    def token_hex(self, size: int = 32) -> str:
        self.count += 1
        return self.count.to_bytes(size, "big").hex()


@dataclass(slots=True)
class Office:
    """A folder in which a page's commands run one after another."""

    folder: Path
    lang: str
    zone: str
    chance: Chance = field(default_factory=Chance)
    names: dict[str, str] = field(default_factory=dict)

    def run(self, block: Block) -> list[str]:
        """The lines of the block as they should stand."""
        shown: list[str] = []
        for number, command in enumerate(block.commands):
            shown += command
            instant = block.at + timedelta(seconds=number)
            text = " ".join(line.rstrip("\\").strip() for line in command)[2:]
            said = self.said(text, block, instant)
            shown += left_out(block.stands[number], said) if block.stands else said
        return shown

    def said(self, text: str, block: Block, local: datetime) -> list[str]:
        """What one call prints as it should stand; its last line tells an exit code other than 0."""
        for stated, real in {name: real for real, name in self.names.items()}.items():
            text = text.replace(stated, real)
        return self._said(self._call(text, block, local))

    def _call(self, text: str, block: Block, local: datetime) -> str:
        call, _, filters = text.partition(" | ")
        said, code = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True), 0
        with self.at(block, local):
            if shlex.split(call)[0] == "netpursuit":
                from netpursuit.cli import run

                typed = Typed(block.typed)
                hidden = patch("getpass.getpass", typed.hidden)
                with redirect_stdout(said), redirect_stderr(said), patch("sys.stdin", typed), hidden:
                    code = run(shlex.split(call)[1:])
                printed = cast(io.BytesIO, said.buffer).getvalue().decode("utf-8")
            else:
                filters, printed = text, ""
            if filters:
                done = subprocess.run(
                    ["bash", "-c", filters],
                    input=printed,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    encoding="utf-8",
                    check=False,
                )
                printed, code = done.stdout, done.returncode
        return printed + (f"{EXIT_CODE[self.lang]} {code}]\n" if code else "")

    def _said(self, text: str) -> list[str]:
        text = DURATION.sub(r"\g<1>7\2", text.replace(str(self.folder), HOME))
        for real in CONSULTATION.findall(text):
            self.names.setdefault(real, f"C-{len(self.names) + 1:016d}")
        for real, name in self.names.items():
            text = text.replace(real, name)
        return [line.rstrip() for line in text.splitlines()]

    @contextmanager
    def at(self, block: Block, local: datetime) -> Iterator[None]:
        """The clock at ``local``, the user, the language and chance for one command."""
        from netpursuit.audit.log import ConsultationLog
        from netpursuit.stores import workspace

        kept = {key: value for key, value in os.environ.items() if not key.startswith(("NETPURSUIT_", "LC_", "LANG"))}
        stated = {
            "NETPURSUIT_WORKSPACE": str(self.folder / "workspace"),
            "NETPURSUIT_LANG": self.lang,
            "LANG": "C.UTF-8",
            "COLUMNS": str(WIDTH),
            "TZ": self.zone,
        }
        before = Path.cwd()
        with (
            _zone_again(),
            patch.dict(os.environ, kept | stated, clear=True),
            patch("secrets.token_bytes", self.chance.token_bytes),
            patch("secrets.token_hex", self.chance.token_hex),
            patch("netpursuit.wiring.desks.user_of_machine", lambda: block.user),
        ):
            time.tzset()
            now = local.astimezone()
            utc = now.astimezone(UTC)
            with (
                patch("netpursuit.wiring.local_clock", lambda: now),
                patch("netpursuit.wiring.desks.local_clock", lambda: now),
                patch("netpursuit.stores.workspace.utc_now", lambda: utc),
                patch.dict(workspace.open_workspace.__kwdefaults__ or {}, {"clock": lambda: utc}),
                patch.dict(ConsultationLog.__init__.__kwdefaults__ or {}, {"entropy": self.chance.token_bytes}),
            ):
                os.chdir(self.folder)
                try:
                    yield
                finally:
                    os.chdir(before)


@contextmanager
def _zone_again() -> Iterator[None]:
    """What is put around a change of ``TZ``, so that the clock follows when it is taken back."""
    try:
        yield
    finally:
        time.tzset()


def refreshed(page: Path, folder: Path) -> str:
    """The page with what its commands print when they are run in an empty ``folder``."""
    text = page.read_text(encoding="utf-8")
    lines = text.split("\n")
    zone = ZONE.search(text)
    number = page.stem.partition("-")[0]
    if (files := CASES / "files" / number).is_dir():
        shutil.copytree(files, folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "netpursuit" / "demo", folder / "demo", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(ROOT / "docs" / "sequences", folder / "sequences")
    lang = "zh" if page.parent.name == "zh" else "en"
    office = Office(folder=folder.resolve(), lang=lang, zone=zone["zone"] if zone else "UTC")
    moved = 0
    for block in blocks_of(text):
        shown = office.run(block)
        lines[block.first + moved : block.last + moved] = shown
        moved += len(shown) - (block.last - block.first)
    return "\n".join(lines)


def pages() -> list[Path]:
    """Every worked case in both languages."""
    return sorted([*CASES.glob("[0-9]*.md"), *(CASES / "zh").glob("[0-9]*.md")])


def main(arguments: Sequence[str]) -> int:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for page in [Path(argument) for argument in arguments] or pages():
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="netpursuit-case-") as folder:
            text = refreshed(page, Path(folder))
        if changed := text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
        print(f"{page}: {'changed' if changed else 'as it was'}, {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
