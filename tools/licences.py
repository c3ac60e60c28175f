"""Which licences a part of the program may have, and the report of those that its parts do have.

netpursuit is under Apache-2.0 and handed on with its parts, each a package that stays as its authors made it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.message import Message

from tools.sbom_document import Part

ALLOWED = frozenset(
    (
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT", "MIT-0", "PSF-2.0"),
        *("Python-2.0", "Unicode-3.0", "Unlicense", "Zlib"),
    )
)
"""Ask for no more than that their text goes along."""
AS_LIBRARIES = {
    "LGPL-2.1-or-later": "used unchanged, in a package that can be replaced",
    "LGPL-3.0-only": "used unchanged, in a package that can be replaced",
    "MPL-2.0": "used unchanged; its own files stay under it",
}
"""Ask for more where they are changed or bound in, which nothing here does."""
STATED = {
    "jinja2": ("BSD-3-Clause", "its metadata says BSD; its LICENSE.txt is that of three clauses"),
    "resvg-py": ("MIT", "its metadata says nothing; its LICENSE is the text of MIT"),
    "python-stdnum": ("LGPL-2.1-or-later", "its metadata says version 2 or later; its COPYING is version 2.1"),
}
"""What packages' metadata leaves open, and where it was read."""
_SHORT = {"MIT": "MIT", "PSFL": "PSF-2.0", "Apache-2.0": "Apache-2.0", "BSD-2-Clause": "BSD-2-Clause"}
_CLASSIFIED = {
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
UNKNOWN = "LicenseRef-unknown"


def of_package(name: str, metadata: Message) -> str:
    """The SPDX expression of a package: of its metadata, else what was read for it; ``UNKNOWN`` where nobody says."""
    if name in STATED:
        return STATED[name][0]
    if stated := metadata.get("License-Expression"):
        return str(stated)
    if (short := str(metadata.get("License", "")).strip()) in _SHORT:
        return _SHORT[short]
    rows = [str(row).rpartition(" :: ")[2] for row in metadata.get_all("Classifier", ()) if row.startswith("License")]
    found = sorted({_CLASSIFIED.get(row, UNKNOWN) for row in rows if row != "OSI Approved"})
    return " AND ".join(found) or UNKNOWN


def refused(expression: str, allowed: frozenset[str] = ALLOWED | AS_LIBRARIES.keys()) -> list[str]:
    """The licences of an SPDX expression under which it may not go along; empty where it may. Of alternatives (``OR``)
    one is enough; an exception (``WITH``) only ever allows more. Raises ``ValueError`` for what is no expression."""
    words = re.findall(r"[()]|[A-Za-z0-9.+-]+", expression)
    at = 0

    def one() -> list[str]:
        nonlocal at
        if at < len(words) and words[at] == "(":
            at += 1
            found = either()
            if at >= len(words) or words[at] != ")":
                raise ValueError(f"no licence expression: {expression!r}")
        elif at < len(words) and words[at] not in (")", "AND", "OR", "WITH"):
            found = [] if words[at] in allowed else [words[at]]
            if words[at + 1 : at + 2] == ["WITH"]:
                at += 2
        else:
            raise ValueError(f"no licence expression: {expression!r}")
        at += 1
        return found

    def all_of() -> list[str]:
        nonlocal at
        found = one()
        while words[at : at + 1] == ["AND"]:
            at += 1
            found += one()
        return found

    def either() -> list[str]:
        nonlocal at
        options = [all_of()]
        while words[at : at + 1] == ["OR"]:
            at += 1
            options.append(all_of())
        return min(options, key=len)

    found = either()
    if at != len(words):
        raise ValueError(f"no licence expression: {expression!r}")
    return found


def problems(parts: Sequence[Part]) -> list[str]:
    """One line for each part that may not go along."""
    return [
        f"{part.name} {part.version}: {part.licence} ({', '.join(bad)} is not among those allowed)"
        for part in parts
        if (bad := refused(part.licence))
    ]


def report(version: str, parts: Sequence[Part], texts: Mapping[str, str]) -> str:
    """The report as Markdown: a table of all parts, then the licences of each, word for word, by its package URL."""
    lines = [
        f"# Licences of netpursuit {version} and its parts",
        "",
        "netpursuit is under Apache-2.0. The packages below are their authors' own, used unchanged: those of Python",
        "are installed beside it, those of npm are built into its page. What it carries as data is listed with its",
        "origin and terms in `netpursuit/demo/PROVENANCE.md` and in the head of each table.",
        "",
        "| part | version | licence | |",
        "|---|---|---|---|",
    ]
    for part in parts:
        notes = sorted({why for name, why in AS_LIBRARIES.items() if name in part.licence})
        notes += [STATED[part.name][1]] if part.name in STATED and part.kind == "pypi" else []
        lines.append(f"| {part.name} ({part.kind}) | {part.version} | {part.licence} | {'; '.join(notes)} |")
    for part in parts:
        said = texts.get(part.purl, "").strip()
        lines += ["", f"## {part.name} {part.version}", ""]
        lines += [f"    {line}".rstrip() for line in said.split("\n")] if said else ["No text comes with the package."]
    return "\n".join(lines) + "\n"
