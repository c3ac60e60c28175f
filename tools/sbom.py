"""Makes the bill of materials and the licence report of the program with all that it needs: ``make sbom``.

    python -m tools.sbom [--out dist] [--wheels FOLDER]

``netpursuit-VERSION.cdx.json`` (CycloneDX 1.6) and ``netpursuit-VERSION-licences.md``: the packages installed here, or
those of a folder of wheels with the SHA-256 of each, and the npm packages of the page. It ends with exit code 1 where
the document does not fit its schema, or a licence is not among those allowed (``tools/licences.py``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import licences, page
from tools.sbom_document import SPECIFICATION, Part, document, page_parts

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("sql",)
_LICENCE_FILE = re.compile(r"(?i)(licen[cs]es?|copying|notice|authors)\b.*")


@dataclass(frozen=True, slots=True)
class Package:
    """A Python package: its metadata, its licences' text, and the SHA-256 of its wheel where there is one."""

    stated: Message
    text: str
    digest: str = ""


def installed(name: str) -> Package | None:
    """A package of this environment."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    folder = re.compile(r"[^/]+\.dist-info/.*")
    files = [file for file in found.files or () if folder.fullmatch(file.as_posix()) and _LICENCE_FILE.match(file.name)]
    texts = [Path(str(file.locate())).read_text(encoding="utf-8", errors="replace") for file in sorted(files)]
    return Package(HeaderParser().parsestr(found.read_text("METADATA") or ""), "\n".join(texts))


def of_wheel(wheel: Path) -> Package:
    with zipfile.ZipFile(wheel) as archive:
        (place,) = (name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        folder = place.removesuffix("METADATA")
        inside = [name for name in sorted(archive.namelist()) if name.startswith(folder)]
        texts = [archive.read(name).decode("utf-8", "replace") for name in inside if _is_licence(name)]
        stated = HeaderParser().parsestr(archive.read(place).decode("utf-8"))
    with wheel.open("rb") as stream:
        return Package(stated, "\n".join(texts), hashlib.file_digest(stream, "sha256").hexdigest())


def _is_licence(name: str) -> bool:
    return _LICENCE_FILE.match(name.rpartition("/")[2]) is not None


def in_folder(wheels: Path) -> Callable[[str], Package | None]:
    """A package of a folder of wheels, by its name."""
    found = {canonicalize_name(file.name.split("-")[0]): file for file in wheels.glob("*.whl")}
    return lambda name: of_wheel(found[canonicalize_name(name)]) if canonicalize_name(name) in found else None


def own_requirements(root: Path = ROOT) -> list[Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    return [
        Requirement(line) for line in (*project["dependencies"], *(line for name in EXTRAS for line in optional[name]))
    ]


def applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    """Whether it is needed here, with these extras of the package that states it."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""})


def python_parts(find: Callable[[str], Package | None]) -> tuple[list[Part], dict[str, str]]:
    """Every package that the program needs, its own needs included, and the text of their licences by package URL.
    Raises ``SystemExit`` where one is missing."""
    packages: dict[str, Package] = {}
    extras_of: dict[str, frozenset[str]] = {}
    needs: dict[str, set[str]] = {}

    def take(requirement: Requirement) -> str:
        name = canonicalize_name(requirement.name)
        extras = extras_of.get(name, frozenset()) | requirement.extras
        if name in packages and extras == extras_of[name]:
            return name
        extras_of[name] = extras
        if (package := packages.get(name) or find(name)) is None:
            raise SystemExit(f"{name} is needed and not there")
        packages[name] = package
        stated = [Requirement(line) for line in package.stated.get_all("Requires-Dist", ())]
        needs[name] = {take(inner) for inner in stated if applies(inner, extras)}
        return name

    for requirement in own_requirements():
        if applies(requirement, frozenset()):
            take(requirement)
    parts, texts = [], {}
    for name, package in sorted(packages.items()):
        part = Part(
            kind="pypi",
            name=name,
            version=package.stated["Version"],
            licence=licences.of_package(name, package.stated),
            hashes=(("SHA-256", package.digest),) if package.digest else (),
            site=f"https://pypi.org/project/{name}/",
            needs=tuple(sorted(needs[name])),
        )
        parts.append(part)
        texts[part.purl] = package.text
    return parts, texts


def make(find: Callable[[str], Package | None], version: str) -> tuple[dict[str, Any], str, list[str]]:
    """The document, the report, and which parts may not go along."""
    parts, texts = python_parts(find)
    of_page = page_parts(page.parts(ROOT))
    texts |= dict(_page_texts(of_page))
    needed = {name for part in of_page for name in part.needs}
    direct: list[tuple[str, str]] = [
        ("pypi", canonicalize_name(item.name)) for item in own_requirements() if applies(item, frozenset())
    ]
    direct += [("npm", part.name) for part in of_page if part.name not in needed]
    every = [*parts, *of_page]
    made = document(version, every, sorted(set(direct)))
    return made, licences.report(version, every, texts), licences.problems(every)


def _page_texts(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Of the built page's notices, which a source distribution has, too."""
    file = ROOT / page.BUILT / page.NOTICES
    if not file.is_file():
        raise SystemExit("the page is missing: run 'make page' first")
    sections = file.read_text(encoding="utf-8").split(f"\n{'-' * 80}\n\n")
    by_head: Mapping[str, str] = dict(section.split("\n", 1) for section in sections[1:])
    for part in parts:
        yield part.purl, by_head[f"{part.name} {part.version} ({part.licence})"]


def schema_problems(made: Mapping[str, Any]) -> list[str]:
    """What the schema of CycloneDX says against a document."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    found = JsonStrictValidator(SchemaVersion.from_version(SPECIFICATION)).validate_str(json.dumps(made))
    return [] if found is None else [f"the bill of materials does not fit its schema: {found!r}"[:500]]


def write(out: Path, find: Callable[[str], Package | None], version: str) -> list[Path]:
    """Both files. Raises ``SystemExit`` where something is wrong with them; then neither is there."""
    made, report, wrong = make(find, version)
    if wrong := wrong or schema_problems(made):
        raise SystemExit("\n".join(wrong))
    out.mkdir(parents=True, exist_ok=True)
    files = (out / f"netpursuit-{version}.cdx.json", out / f"netpursuit-{version}-licences.md")
    for file, text in zip(files, (json.dumps(made, indent=2, ensure_ascii=False) + "\n", report), strict=True):
        file.write_text(text, encoding="utf-8", newline="\n")
    return list(files)


def own_version() -> str:
    text = (ROOT / "netpursuit" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    assert found is not None
    return found[1]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.sbom", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the two files (dist)")
    parser.add_argument("--wheels", type=Path, help="a folder of wheels, in place of what is installed here")
    stated = parser.parse_args(arguments)
    for file in write(stated.out, in_folder(stated.wheels) if stated.wheels else installed, own_version()):
        print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
