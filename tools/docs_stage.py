"""Arranges the pages of ``docs`` for the site: one folder for each language, with the pages that are made from the
program, and every link made to fit.

A page in Chinese is ``X.zh.md`` beside ``X.md``, or lies in ``cases/zh``; on the site it is ``X.md`` of the Chinese
half. A file outside ``docs`` that a page links to goes with the site, as text. A link to the other language leads to
the other half. What a page says of running its blocks (``tools/doc_blocks.py``) is taken out.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from posixpath import relpath

from tools.doc_blocks import CASES, DOCS, ROOT

_LINK = re.compile(r"(?P<bang>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<target>[^()\s]+)\)")
_FENCED = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console (?P<user>\S+) (?P<day>\S+) (?P<hour>\d\d:\d\d).*$", re.MULTILINE)
_REMARK = re.compile(r"^<!-- .*?-->\n?", re.MULTILINE | re.DOTALL)
_MADE = re.compile(r"^<!-- made: (?P<what>\S+) -->$", re.MULTILINE)
PICTURES = frozenset({".png", ".svg", ".jpg"})


@dataclass(slots=True)
class Stage:
    """Where pages go: ``folder``/en and ``folder``/zh. ``made``: what stands for ``<!-- made: WHAT -->``."""

    folder: Path
    made: Callable[[str, str], str]
    pages: dict[Path, tuple[str, PurePosixPath]] = field(default_factory=dict)

    def fill(self) -> None:
        """Write every page and whatever it links to. Raises ``ValueError`` for a link that leads nowhere."""
        self.pages = {path: place_of(path) for path in [*DOCS.rglob("*.md"), ROOT / "CHANGELOG.md"]}
        for path, (lang, place) in self.pages.items():
            self._write(path, lang, place)

    def of_language(self, lang: str) -> set[PurePosixPath]:
        return {place for found, place in self.pages.values() if found == lang}

    def _write(self, path: Path, lang: str, place: PurePosixPath) -> None:
        text = path.read_text(encoding="utf-8")
        text = _MADE.sub(lambda found: self.made(found["what"], lang), text)
        text = _CONSOLE.sub(r'```{.console title="\g<user>, \g<day> \g<hour>"}', text)
        pieces = _FENCED.split(text)
        for number in range(0, len(pieces), 2):
            prose = _REMARK.sub("", pieces[number])
            pieces[number] = _LINK.sub(lambda found: self._link(path, lang, place, found), prose)
        target = self.folder / lang / place
        target.parent.mkdir(parents=True, exist_ok=True)
        other = self._counterpart(lang, place)
        head = f"---\nother: {other}\n---\n" if other else ""
        target.write_text(head + "".join(pieces), encoding="utf-8")

    def _counterpart(self, lang: str, place: PurePosixPath) -> str:
        """The same page in the other language, from the site's root; empty where there is none."""
        other = "zh" if lang == "en" else "en"
        return _address(other, place) if place in self.of_language(other) else ""

    def _link(self, path: Path, lang: str, place: PurePosixPath, found: re.Match[str]) -> str:
        target, _, anchor = found["target"].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return found[0]
        real = (path.parent / target).resolve()
        if not real.exists():
            raise ValueError(f"{path}: {found['target']}: there is no such file")
        if real == ROOT / "README.md" or real == ROOT / "README.zh.md":
            real = DOCS / ("index.zh.md" if real.name == "README.zh.md" else "index.md")
        fragment = f"#{anchor}" if anchor else ""
        if real in self.pages:
            there, at = self.pages[real]
            if there != lang and at in self.of_language(lang) and at != place:
                there = lang  # the page is there in this language as well
            if there == lang:
                return f"{found['bang']}[{found['text']}]({relpath(at, place.parent)}{fragment})"
            here = PurePosixPath(_address(lang, place)).parent
            return f'<a href="{relpath(_address(there, at), here)}{fragment}">{_html(found["text"])}</a>'
        if real.is_dir():
            return found["text"] if found["text"].startswith("`") else f"{found['text']} (`{_within(real)}`)"
        return f"{found['bang']}[{found['text']}]({self._carried(real, lang, place)})"

    def _carried(self, real: Path, lang: str, place: PurePosixPath) -> str:
        """A file that is no page goes with the site; the link to it."""
        plain = real.suffix in PICTURES
        inside = real.relative_to(DOCS) if real.is_relative_to(DOCS) else PurePosixPath("source") / _within(real)
        at = PurePosixPath(inside) if plain else PurePosixPath(f"{inside}.txt")
        target = self.folder / lang / at
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(real, target)
        return relpath(at, place.parent)


def place_of(path: Path) -> tuple[str, PurePosixPath]:
    """Language and place of a page on the site, as a Markdown file."""
    if path == ROOT / "CHANGELOG.md":
        return "en", PurePosixPath("changelog.md")
    lang, place = "en", PurePosixPath(path.relative_to(DOCS).as_posix())
    if path.parent == CASES / "zh":
        lang, place = "zh", PurePosixPath("cases") / path.name
    elif place.name.endswith(".zh.md"):
        lang, place = "zh", place.with_name(place.name.removesuffix(".zh.md") + ".md")
    return lang, place.with_name("index.md") if place.name == "README.md" else place


def _address(lang: str, place: PurePosixPath) -> str:
    """Where a page stands on the site, from its root."""
    return f"{'zh/' if lang == 'zh' else ''}{place.with_suffix('.html')}"


def _within(path: Path) -> PurePosixPath:
    return PurePosixPath(path.relative_to(ROOT).as_posix())


def _html(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", text)
