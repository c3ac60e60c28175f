"""Rarity of name parts: the commonest are cheap, the unseen dear, and the generated tables are what they must be."""

from __future__ import annotations

import importlib.util
import sys
from importlib import resources
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.policy.frequencies import CAP, FLOOR, Frequencies
from netpursuit.text.scripts import Script
from netpursuit.text.tokens import TokenRole

TOOLS = Path(__file__).parent.parent.parent / "tools"
UNKNOWN, FAMILY, GIVEN = TokenRole


@pytest.fixture(scope="module")
def frequencies() -> Frequencies:
    return Frequencies()


@pytest.mark.parametrize(
    ("token", "script", "role", "least", "most"),
    [
        ("王", Script.HAN, FAMILY, 3.5, 4.0),
        ("张", Script.HAN, FAMILY, 3.5, 4.0),
        ("李", Script.HAN, FAMILY, 3.5, 4.0),
        ("欧阳", Script.HAN, FAMILY, 9.5, 12),
        ("卨", Script.HAN, FAMILY, 13, 15),
        ("伟", Script.HAN, GIVEN, 7, 8.5),
        ("建国", Script.HAN, GIVEN, 9, 11),
        ("梓萱", Script.HAN, GIVEN, 10, 15),
        ("zhang", Script.LATIN, UNKNOWN, 3.5, 4.0),
        ("wei", Script.LATIN, GIVEN, 4, 7),
        ("weiming", Script.LATIN, UNKNOWN, 8, 11),
        ("li", Script.LATIN, UNKNOWN, 3.4, 4.0),
        ("wong", Script.LATIN, UNKNOWN, 3, 4.0),
        ("muhammad", Script.LATIN, UNKNOWN, 3.5, 5.5),
        ("mohamed", Script.LATIN, UNKNOWN, 3.5, 5.5),
        ("محمد", Script.ARABIC, UNKNOWN, 3.5, 5.5),
        ("穆罕默德", Script.HAN, UNKNOWN, 3.5, 5.5),
        ("smith", Script.LATIN, FAMILY, 6, 7.5),
        ("john", Script.LATIN, GIVEN, 4, 6.5),
        ("kim", Script.LATIN, FAMILY, 2, 3),
        ("김", Script.HANGUL, FAMILY, 2, 3),
        ("иванов", Script.CYRILLIC, FAMILY, 5.5, 7),
        ("иванова", Script.CYRILLIC, FAMILY, 5.5, 7),
        ("nguyen", Script.LATIN, FAMILY, 2, 2.5),
        ("garcia", Script.LATIN, UNKNOWN, 4, 6),
        ("abdalrahman", Script.LATIN, GIVEN, 5, 8),
        ("tikriti", Script.LATIN, FAMILY, 9, 12),
        ("xqzwyk", Script.LATIN, UNKNOWN, 16, 17),
        ("j", Script.LATIN, GIVEN, 4, 4),
    ],
)
def test_rarity_is_of_the_known_order(
    frequencies: Frequencies, token: str, script: Script, role: TokenRole, least: float, most: float
) -> None:
    assert least * 1_000 <= frequencies.rarity(token, script, role) <= most * 1_000


def test_unknown_role_counts_as_the_commoner_one(frequencies: Frequencies) -> None:
    for token in ("wei", "zhang", "thomas", "ali", "jordan"):
        roles = [frequencies.rarity(token, Script.LATIN, role) for role in (FAMILY, GIVEN)]
        assert frequencies.rarity(token, Script.LATIN, UNKNOWN) == min(roles)


def test_spellings_of_one_name_are_equally_common(frequencies: Frequencies) -> None:
    forms = ("husayn", "hussein", "hossein")
    rarities = [frequencies.rarity(form, Script.LATIN, GIVEN) for form in forms]
    assert max(rarities) - min(rarities) < 1_000


def test_version_is_the_same_for_every_object(frequencies: Frequencies) -> None:
    assert frequencies.version == Frequencies().version
    assert frequencies.version.startswith("freq-1-")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.integers(0, 8), st.integers(0, 2))
def test_rarity_of_any_text_lies_between_floor_and_cap(
    frequencies: Frequencies, token: str, script: int, role: int
) -> None:
    assert FLOOR <= frequencies.rarity(token, script, role) <= CAP


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def shipped(package: str, name: str) -> str:
    return (resources.files(package) / "tables" / name).read_text(encoding="utf-8")


def test_derived_shares_follow_from_the_tables() -> None:
    built = tool("build_frequencies").build_derived()
    assert built == shipped("netpursuit.policy", "derived.csv"), "run tools/build_frequencies.py"


def test_us_names_follow_from_the_census_files() -> None:
    built = tool("build_frequencies").build_us()
    assert built is not None, "the package names is not installed: make test installs it"
    assert built == shipped("netpursuit.policy", "us_names.csv"), "run tools/build_frequencies.py"


def test_readings_of_characters_follow_from_pypinyin() -> None:
    assert tool("build_readings").build() == shipped("netpursuit.text", "han_readings.csv"), (
        "run tools/build_readings.py"
    )


def test_forms_of_name_variants_follow_from_their_clusters() -> None:
    assert tool("build_variants").build() == shipped("netpursuit.text", "variants_derived.csv"), (
        "run tools/build_variants.py"
    )


@pytest.mark.parametrize("package", ["netpursuit.policy", "netpursuit.text"])
def test_every_table_states_its_origin_and_licence(package: str) -> None:
    files = list((resources.files(package) / "tables").iterdir())
    assert files
    for file in files:
        if file.name.endswith(".csv"):
            header = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
            text = "\n".join(header)
            assert "# origin:" in text, file.name
            assert "licence:" in text, file.name
            assert "# columns" in text, file.name
