"""Builds the documentation's site: ``make docs``, or

    python -m tools.docs_site [FOLDER]          # site/ unless stated

Pages are arranged in build/docs (``tools/docs_stage.py``), built strictly by mkdocs, once for each language, and every
link of the site is checked (``tools/docs_check.py``). The navigation stands here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from tools.doc_blocks import ROOT
from tools.docs_check import main as check
from tools.docs_reference import commands, http
from tools.docs_stage import Stage

WORKER = "assets/javascripts/iframe-worker.js"  # as mkdocs.yml names it
STYLE = "assets/wide.css"
STAGED = ROOT / "build" / "docs"
OPTIONAL = frozenset({"install.md", "spark.md"})  # in the navigation where they are there
DECISIONS = "decisions/index.md"  # the pages beside it follow it
NAVIGATION: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    (
        {"en": "Start", "zh": "入门"},
        ("first-quarter.md", "install.md", "reading-a-match.md", "thresholds.md", "lists-and-feeds.md", "moving.md"),
    ),
    ({"en": "Work", "zh": "办案"}, ("page.md", "leads.md", "graph.md")),
    (
        {"en": "Worked cases", "zh": "案例"},
        (
            "cases/index.md",
            "cases/1-at-the-door.md",
            "cases/2-the-morning.md",
            "cases/3-who-shared-the-flat.md",
            "cases/4-a-published-list.md",
            "cases/5-a-complaint.md",
        ),
    ),
    (
        {"en": "Operate", "zh": "运行维护"},
        (
            "night.md",
            "operations.md",
            "roles.md",
            "audit.md",
            "receipts.md",
            "retention.md",
            "web.md",
            "spark.md",
            "drills.md",
        ),
    ),
    ({"en": "Figures", "zh": "数据"}, ("figures.md", "evaluate.md", "speed.md")),
    ({"en": "Reference", "zh": "参考"}, ("reference/commands.md", "reference/python.md", "reference/http.md")),
    (
        {"en": "Behind it", "zh": "原理与承诺"},
        ("architecture.md", "accountability.md", "promises.md", "impact-assessment.md", DECISIONS, "changelog.md"),
    ),
)


def navigation(lang: str, there: set[PurePosixPath]) -> list[Any]:
    """The navigation of one language: the pages that it has. Raises ``ValueError`` for a page in no place of it."""
    named: list[str] = ["index.md"]
    shown: list[Any] = ["index.md"]
    for titles, pages in NAVIGATION:
        section: list[str | dict[str, list[str]]] = []
        for page in pages:
            if PurePosixPath(page) not in there:
                if lang == "en" and page not in OPTIONAL:
                    raise ValueError(f"{page}: in the navigation, but not in docs")
                continue
            named.append(page)
            if page != DECISIONS:
                section.append(page)
                continue
            beside = sorted(str(place) for place in there if str(place.parent) == "decisions" and str(place) != page)
            named += beside
            section.append({"Decisions": [page, *beside]})
        if section:
            shown.append({titles[lang]: section})
    if lost := {str(place) for place in there} - set(named):
        raise ValueError(f"in docs, but in no place of the navigation (tools/docs_site.py): {', '.join(sorted(lost))}")
    return shown


def made(what: str, lang: str) -> str:
    """What stands in the pages that are made from the program."""
    if what == "commands":
        return commands(lang)
    if what == "http":
        from netpursuit.web.app import DESCRIBED
        from netpursuit.web.openapi import description

        return http(description(DESCRIBED))
    if what == "decisions":
        pages = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
        titles = [(path.name, path.read_text(encoding="utf-8").lstrip("# ").split("\n", 1)[0]) for path in pages]
        return "\n".join(f"- [{title}]({name})" for name, title in titles)
    if what == "quality":
        return (ROOT / "bench" / "results" / "quality.md").read_text(encoding="utf-8").split("\n", 1)[1]
    raise ValueError(f"<!-- made: {what} -->: expected commands, http, decisions or quality")


def build(site: Path) -> None:
    """Build both halves of the site. Raises ``CalledProcessError`` where mkdocs finds anything wrong."""
    shutil.rmtree(STAGED, ignore_errors=True)
    stage = Stage(folder=STAGED, made=made)
    stage.fill()
    for lang, folder in (("en", site), ("zh", site / "zh")):
        there = stage.of_language(lang)
        settings = {
            "INHERIT": os.path.relpath(ROOT / "mkdocs.yml", STAGED),
            "docs_dir": lang,
            "site_dir": str(folder.resolve()),
            "hooks": [str(ROOT / "tools" / "docs_hook.py")],
            "theme": {"language": lang},
            "nav": navigation(lang, there),
            "plugins": {
                "search": {"lang": [lang]},
                "mkdocstrings": {"handlers": {"python": {"paths": [str(ROOT)]}}},
            },
        }
        worker = STAGED / lang / WORKER
        worker.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "tools" / "docs_worker.js", worker)
        (STAGED / lang / STYLE).write_text(".md-grid { max-width: 80rem; }\n", encoding="utf-8")  # for wide answers
        file = STAGED / f"{lang}.yml"
        file.write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "true"}
        subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(file)],
            check=True,
            env=environment,
        )
        (folder / "404.html").unlink()  # its addresses begin at a server's root; who serves the site has one of its own


def main(arguments: Sequence[str]) -> int:
    site = Path(arguments[0]) if arguments else ROOT / "site"
    try:
        build(site)
    except subprocess.CalledProcessError as error:
        return error.returncode
    return check([str(site)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
