"""Bills of material in CycloneDX 1.6 (ECMA-424), as plain JSON. Standard library alone: the build hook loads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

SPECIFICATION = "1.6"
_SIMPLE = re.compile(r"[A-Za-z0-9.+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A package that others wrote. ``kind``: ``pypi`` or ``npm``; ``licence`` an SPDX expression; ``hashes`` by the
    name of CycloneDX (``SHA-256``) in hexadecimal; ``needs`` the names of other parts."""

    kind: str
    name: str
    version: str
    licence: str
    hashes: tuple[tuple[str, str], ...] = ()
    site: str = ""
    needs: tuple[str, ...] = ()

    @property
    def purl(self) -> str:
        return f"pkg:{self.kind}/{quote(self.name, safe='/')}@{quote(self.version)}"


def licences(expression: str) -> list[dict[str, Any]]:
    """An expression as CycloneDX has it: the id of one licence of the SPDX list, or the whole expression."""
    if _SIMPLE.fullmatch(expression) and not expression.startswith("LicenseRef-"):
        return [{"license": {"id": expression}}]
    return [{"expression": expression}]


def component(part: Part) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "library", "bom-ref": part.purl}
    group, _, name = part.name.rpartition("/")
    found |= {"group": group, "name": name} if group else {"name": name}
    found |= {"version": part.version, "licenses": licences(part.licence), "purl": part.purl}
    if part.hashes:
        found["hashes"] = [{"alg": kind, "content": value} for kind, value in part.hashes]
    if part.site:
        found["externalReferences"] = [{"type": "website", "url": part.site}]
    return found


def document(version: str, parts: Sequence[Part], direct: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The program with its parts. ``direct``: kind and name of those that it itself names. The same parts give the same
    document: its serial number is made from them, and it bears no time."""
    places = {(part.kind, part.name): part.purl for part in parts}
    own = f"pkg:pypi/netpursuit@{quote(version)}"
    needs: Mapping[str, list[str]] = {
        own: sorted(places[key] for key in direct),
        **{part.purl: sorted(places[part.kind, name] for name in part.needs) for part in parts},
    }
    ordered = sorted(parts, key=lambda part: part.purl)
    serial = uuid5(NAMESPACE_URL, "\n".join((own, *(f"{part.purl} {part.hashes}" for part in ordered))))
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPECIFICATION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "netpursuit",
                "version": version,
                "licenses": licences("Apache-2.0"),
                "purl": own,
            }
        },
        "components": [component(part) for part in ordered],
        "dependencies": [{"ref": ref, "dependsOn": list(on)} for ref, on in sorted(needs.items())],
    }


def page_parts(stated: Iterable[Any]) -> list[Part]:
    """What the built page holds of others, from what ``tools/page.py`` tells of it."""
    return [
        Part(
            kind="npm",
            name=part.name,
            version=part.version,
            licence=part.licence,
            hashes=(("SHA-512", part.sha512),),
            site=f"https://www.npmjs.com/package/{part.name}",
            needs=part.needs,
        )
        for part in stated
    ]


def page_document(version: str, stated: Iterable[Any]) -> dict[str, Any]:
    """What the built page holds of others."""
    parts = page_parts(stated)
    needed = {name for part in parts for name in part.needs}
    return document(version, parts, [(part.kind, part.name) for part in parts if part.name not in needed])
