"""Looks through a built site: every link and anchor within it must lead somewhere, and nothing may be loaded from
elsewhere. Links of the text to other sites are listed, not followed.

    python -m tools.docs_check site
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself; the links of <a> and <link rel="alternate" …> are followed by people.
_LOADS = {"script": ("src",), "img": ("src", "srcset"), "iframe": ("src",), "source": ("src", "srcset")}
_LOADS |= {
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "use": ("href", "xlink:href"),
}
_FOLLOWED = frozenset({"canonical", "alternate", "next", "prev", "author", "license"})
_STYLE_LOADS = re.compile(r"(?:url\(\s*|@import\s+(?!url\())[\"']?(?P<target>[^\"')\s;]+)")


@dataclass(slots=True)
class _Parsed(HTMLParser):
    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    in_style: bool = False

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = {key: value or "" for key, value in attrs}
        self.anchors |= {stated[key] for key in ("id", "name") if key in stated}
        self.in_style = tag == "style"
        if tag in ("a", "area") and "href" in stated:
            self.links.append(stated["href"])
        if tag == "link" and "href" in stated:
            people = set(stated.get("rel", "").split()) & _FOLLOWED
            (self.links if people else self.loads).append(stated["href"])
        self.loads += [
            part.split()[0] for key in _LOADS.get(tag, ()) for part in stated.get(key, "").split(",") if part
        ]
        self.loads += [found["target"] for found in _STYLE_LOADS.finditer(stated.get("style", ""))]

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.loads += [found["target"] for found in _STYLE_LOADS.finditer(data)]

    def handle_endtag(self, tag: str) -> None:
        self.in_style = self.in_style and tag != "style"


@dataclass(slots=True)
class Found:
    """What is wrong with a site, in sentences, and how often its text links to other sites, by address."""

    wrong: list[str] = field(default_factory=list)
    outside: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    links: int = 0


def check_site(site: Path) -> Found:
    """Look through all pages and styles of a built site."""
    found = Found()
    site = site.resolve()
    parsed: dict[Path, _Parsed] = {}
    for path in sorted(site.rglob("*.html")):
        parsed[path] = _Parsed()
        parsed[path].feed(path.read_text(encoding="utf-8"))
    for path, page in parsed.items():
        found.pages += 1
        for link in page.links:
            _follow(link, path, site, parsed, found)
        for target in page.loads:
            _load(target, path, site, found)
    for path in sorted(site.rglob("*.css")):
        for style in _STYLE_LOADS.finditer(path.read_text(encoding="utf-8")):
            _load(style["target"], path, site, found)
    return found


def _follow(link: str, path: Path, site: Path, parsed: dict[Path, _Parsed], found: Found) -> None:
    address = urlsplit(link)
    if address.scheme in ("http", "https", "mailto"):
        found.outside[link] += 1
        return
    found.links += 1
    name = path.relative_to(site)
    if address.scheme or address.netloc or link.startswith("/"):
        found.wrong.append(f"{name}: {link}: leads out of the site")
        return
    target = (path.parent / unquote(address.path)).resolve() if address.path else path
    if target.is_dir():
        target /= "index.html"
    if not target.is_relative_to(site) or not target.is_file():
        found.wrong.append(f"{name}: {link}: there is no such file")
    elif address.fragment and target in parsed and unquote(address.fragment) not in parsed[target].anchors | {"__skip"}:
        found.wrong.append(f"{name}: {link}: the page has no such place")


def _load(target: str, path: Path, site: Path, found: Found) -> None:
    address = urlsplit(target)
    name = path.relative_to(site)
    if address.scheme == "data" or target.startswith("#"):
        return
    if address.scheme or address.netloc:
        found.wrong.append(f"{name}: loads {target}")
    elif not (path.parent / unquote(address.path)).is_file():
        found.wrong.append(f"{name}: loads {target}, which is not there")


def main(arguments: Sequence[str]) -> int:
    found = check_site(Path(arguments[0] if arguments else "site"))
    for link, times in sorted(found.outside.items()):
        print(f"not followed: {link} ({times})")
    print("\n".join(found.wrong) or f"{found.pages} pages, {found.links} links: all lead somewhere")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
