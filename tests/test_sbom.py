"""The bill of materials names every part, fits its schema, and no part's licence forbids handing it on."""

from __future__ import annotations

import json
import tomllib
import zipfile
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from netpursuit import __version__
from tests.conftest import ROOT
from tools import licences, page, sbom
from tools.sbom_document import Part, document


@pytest.fixture(scope="module")
def made() -> tuple[dict[str, Any], str]:
    return sbom.make(sbom.installed, "0.1.0")[:2]


def test_every_dependency_of_the_program_and_of_the_page_is_named(made: tuple[dict[str, Any], str]) -> None:
    bill, report = made
    named = {item["purl"].partition("@")[0] for item in bill["components"] if not item.get("group")}
    named |= {f"pkg:npm/{item['group']}/{item['name']}" for item in bill["components"] if item.get("group")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(line).name for line in (*project["dependencies"], *project["optional-dependencies"]["sql"])]
    assert named >= {f"pkg:pypi/{canonicalize_name(name)}" for name in wanted}
    of_page = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {"preact", "sigma", "graphology"} <= set(of_page)
    assert named >= {f"pkg:npm/{name}" for name in of_page}
    assert {"pkg:pypi/h11", "pkg:pypi/cffi", "pkg:npm/events"} <= named, "what those need, too"
    assert not {"pkg:pypi/pytest", "pkg:npm/vite"} & named, "and nothing that only developers need"
    for item in bill["components"]:
        assert f"| {item['version']} |" in report
        assert item["licenses"]
    assert "No text comes with the package." not in report
    assert "Copyright (c) 2015-present Jason Miller" in report, "of Preact"


def test_every_reference_leads_to_a_part_and_every_part_is_needed(made: tuple[dict[str, Any], str]) -> None:
    bill, _ = made
    own = bill["metadata"]["component"]["bom-ref"]
    refs = {item["bom-ref"] for item in bill["components"]}
    edges = {item["ref"]: item["dependsOn"] for item in bill["dependencies"]}
    assert set(edges) == refs | {own}
    seen, waiting = set[str](), [own]
    while waiting:
        if (ref := waiting.pop()) not in seen:
            seen.add(ref)
            waiting += edges[ref]
    assert seen == refs | {own}


@pytest.mark.slow  # the validator is thorough
def test_both_files_are_written_and_what_does_not_fit_the_schema_is_noticed(
    made: tuple[dict[str, Any], str], tmp_path: Path
) -> None:
    bill, report = made
    assert sbom.main(["--out", str(tmp_path)]) == 0
    files = [tmp_path / f"netpursuit-{__version__}{ending}" for ending in (".cdx.json", "-licences.md")]
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert [json.loads(files[0].read_text(encoding="utf-8")), files[1].read_text(encoding="utf-8")] == [bill, report]
    for wrong in (
        {**bill, "components": [{"type": "library"}], "dependencies": []},
        {**bill, "serialNumber": "1", "components": [], "dependencies": []},
        {**bill, "components": bill["components"][:1] * 2, "dependencies": []},
    ):
        assert sbom.schema_problems(wrong)


@pytest.mark.parametrize(
    ("expression", "bad"),
    [
        ("MIT", []),
        ("Apache-2.0 OR GPL-3.0-only", []),
        ("GPL-3.0-only OR Apache-2.0", []),
        ("MIT AND GPL-3.0-only", ["GPL-3.0-only"]),
        ("MIT AND (BSD-3-Clause OR AGPL-3.0-only)", []),
        ("(MIT OR ISC) AND (GPL-2.0-only OR AGPL-3.0-only)", ["GPL-2.0-only"]),
        ("Apache-2.0 WITH LLVM-exception", []),
        ("LGPL-3.0-only", []),
        ("SSPL-1.0", ["SSPL-1.0"]),
        ("GPL-2.0-or-later", ["GPL-2.0-or-later"]),
        (licences.UNKNOWN, [licences.UNKNOWN]),
    ],
)
def test_a_licence_is_allowed_or_told(expression: str, bad: list[str]) -> None:
    assert licences.refused(expression) == bad


@pytest.mark.parametrize("expression", ["", "MIT AND", "(MIT", "MIT)", "OR MIT", "MIT ISC"])
def test_what_is_no_expression_is_an_error(expression: str) -> None:
    with pytest.raises(ValueError, match="no licence expression"):
        licences.refused(expression)


def test_a_part_that_may_not_go_along_stops_the_report(tmp_path: Path) -> None:
    bad = Part(kind="pypi", name="bad", version="1", licence="AGPL-3.0-only")
    assert licences.problems([bad]) == ["bad 1: AGPL-3.0-only (AGPL-3.0-only is not among those allowed)"]

    def find(name: str) -> sbom.Package | None:
        found = sbom.installed(name)
        if found is not None and name == "click":
            del found.stated["License-Expression"]
            found.stated["License-Expression"] = "GPL-3.0-only"
        return found

    with pytest.raises(SystemExit, match=r"click .*: GPL-3\.0-only"):
        sbom.write(tmp_path / "out", find, "0")
    assert not (tmp_path / "out").exists()


def test_what_the_metadata_leaves_open_is_read_from_the_licence_itself() -> None:
    said = {
        "jinja2": ("Redistributions", "Neither the name"),
        "resvg-py": ("Permission is hereby granted, free of charge", "substantial portions"),
        "python-stdnum": ("GNU LESSER GENERAL PUBLIC LICENSE", "Version 2.1"),
    }
    assert set(said) == set(licences.STATED)
    for name, texts in said.items():
        package = sbom.installed(name)
        assert package is not None
        assert [text for text in texts if text not in package.text] == [], name


def test_nothing_in_the_metadata_is_unknown() -> None:
    assert licences.of_package("any", Message()) == licences.UNKNOWN
    stated = Message()
    stated["Classifier"] = "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"
    assert licences.refused(licences.of_package("any", stated))


def test_a_folder_of_wheels_is_read_with_the_hash_of_each(tmp_path: Path) -> None:
    file = tmp_path / "Some_Name-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("Some_Name-1.0.dist-info/METADATA", "Name: Some.Name\nVersion: 1.0\nLicense: MIT\n")
        archive.writestr("Some_Name-1.0.dist-info/licenses/LICENSE.txt", "the text")
    find = sbom.in_folder(tmp_path)
    found = find("some-name")
    assert found is not None
    assert (found.stated["Version"], found.text, len(found.digest)) == ("1.0", "the text", 64)
    assert find("other") is None
    with pytest.raises(SystemExit, match="is needed and not there"):
        sbom.python_parts(find)


def test_the_same_parts_make_the_same_document() -> None:
    parts = [Part(kind="npm", name="@a/b", version="1.0.0", licence="MIT", needs=("c",))]
    parts.append(Part(kind="npm", name="c", version="2.0.0", licence="MIT OR ISC", hashes=(("SHA-512", "00" * 64),)))
    one, other = (document("1", order, [("npm", "@a/b")]) for order in (parts, parts[::-1]))
    assert one == other
    assert document("1", parts[1:], [("npm", "c")])["serialNumber"] != one["serialNumber"]


def test_the_page_bears_the_licences_of_its_parts() -> None:
    text = (ROOT / page.BUILT / page.NOTICES).read_text(encoding="utf-8")
    for part in page.parts(ROOT):
        assert f"{part.name} {part.version} ({part.licence})" in text
    assert text.count("Permission is hereby granted") >= len(page.parts(ROOT))
