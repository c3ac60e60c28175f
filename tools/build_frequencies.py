"""Writes the generated tables of ``netpursuit/policy/tables``: ``us_names.csv`` and ``derived.csv``.

``us_names.csv`` needs the package ``names`` (PyPI), which carries the name files of the US Census of 1990; it is left
as it is where that package is not installed. ``derived.csv`` follows from the other tables and
from ``netpursuit.text``::

    python tools/build_frequencies.py            # writes
    python tools/build_frequencies.py --check    # exit code 1 where a table differs from what would be written
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import defaultdict
from importlib import resources
from pathlib import Path

from netpursuit.policy.frequencies import character_shares
from netpursuit.text.alphabets import cyrillic_readings
from netpursuit.text.chinese import family_readings, pinyin_of
from netpursuit.text.clusters import spellings_of
from netpursuit.text.korean import hangul_family_readings, hangul_readings
from netpursuit.text.pinyin import spellings_of_umlaut, wade_giles
from netpursuit.text.scripts import Script, script_of
from netpursuit.text.surnames import surname_spellings

TABLES = Path(str(resources.files("netpursuit.policy"))) / "tables"
MOST_SURNAMES, MOST_GIVEN = 8_000, 3_000
US_HEADER = """\
# Shares of names in the United States.
# columns, split by semicolons: folded name; parts per million as a family name; parts per million as a given name
#   (both sexes together, each half of the people)
# origin: US Census Bureau, Frequently Occurring Surnames and First Names from the 1990 Census (dist.all.last,
#   dist.male.first, dist.female.first), as carried by the package names 0.3.0; the commonest 8,000 surnames and 3,000
#   given names
# date: 1990, taken 2026-11; licence: public domain (work of the US federal government)
# written by tools/build_frequencies.py, do not edit
"""
DERIVED_HEADER = """\
# Shares that follow from the other tables: romanisations by all the names that share them, and spelling variants.
# columns, split by semicolons: folded token; parts per million as a family name; as a given name; as a syllable of
#   Chinese given names
# origin: han_surnames.csv, han_given.csv and world.csv of this folder; spellings from netpursuit/text/tables
# date: 2026-11; licence: Apache-2.0; written by tools/build_frequencies.py, do not edit
"""


def rows_of(name: str) -> list[list[str]]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [line.split(";") for line in lines if line and not line.startswith("#")]


def build_us() -> str | None:
    """The text of ``us_names.csv``; None without the package ``names``."""
    spec = importlib.util.find_spec("names")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations)))

    def shares(file: str) -> dict[str, float]:
        rows = (line.split() for line in (folder / file).read_text(encoding="ascii").splitlines())
        return {row[0].lower(): float(row[1]) * 10_000 for row in rows}

    family = shares("dist.all.last")
    given: dict[str, float] = defaultdict(float)
    for file in ("dist.male.first", "dist.female.first"):
        for name, ppm in shares(file).items():
            given[name] += ppm / 2
    top_family = dict(sorted(family.items(), key=lambda item: (-item[1], item[0]))[:MOST_SURNAMES])
    top_given = dict(sorted(given.items(), key=lambda item: (-item[1], item[0]))[:MOST_GIVEN])
    lines = [
        f"{name};{_ppm(top_family.get(name, 0))};{_ppm(top_given.get(name, 0))}\n"
        for name in sorted(top_family | top_given)
    ]
    return US_HEADER + "".join(lines)


def build_derived() -> str:
    """The text of ``derived.csv``."""
    family: dict[str, float] = defaultdict(float)
    given: dict[str, float] = defaultdict(float)
    syllables: dict[str, float] = defaultdict(float)
    # A romanised Chinese surname is as common as all the surnames that share it.
    for surname, share in rows_of("han_surnames.csv"):
        spellings = surname_spellings().get(surname)
        rare = (
            set(spellings.regional + spellings.korean) - set(spellings.pinyin + spellings.cantonese)
            if spellings
            else set()
        )
        for reading in family_readings(surname):
            family[reading] += float(share) / (4 if reading in rare else 1)
    for char, ppm in character_shares():
        for reading in pinyin_of(char)[:1]:
            for spelling in {*spellings_of_umlaut(reading), wade_giles(reading)}:
                syllables[spelling] += ppm
    korean: dict[str, float] = defaultdict(float)
    for tradition, role, share, tokens in rows_of("world.csv"):
        for token in tokens.split():
            ppm = float(share)
            if script_of(token) is Script.HANGUL:
                readings = hangul_family_readings(token) if role == "F" else hangul_readings(token, 6)
                for at, reading in enumerate(readings):  # the first three spellings are the usual ones
                    if role == "F":
                        korean[reading] += ppm / (1 if at < 3 else 8)
                    else:
                        given[reading] = max(given[reading], ppm)
                continue
            if tradition in SLAVIC and role == "G":
                for form in patronymics_of(token):
                    given[form] = max(given[form], ppm)
            for form in forms_of(token, tradition, role):
                for target, roles in ((family, "FP"), (given, "GP")):
                    if role in roles:
                        target[form] = max(target[form], ppm)
    for reading, ppm in korean.items():
        family[reading] = max(family[reading], ppm)
    lines = [
        f"{token};{_ppm(family[token])};{_ppm(given[token])};{_ppm(syllables[token])}\n"
        for token in sorted(family.keys() | given.keys() | syllables.keys())
        if family[token] or given[token] or syllables[token]
    ]
    return DERIVED_HEADER + "".join(lines)


SLAVIC = ("russian", "ukrainian", "caucasian", "centralasian")


def patronymics_of(token: str) -> set[str]:
    """The patronymics of a man's name in Cyrillic and Latin letters; of a woman's name words that nobody bears."""
    name = _in_cyrillic(token)
    if name.endswith("ий"):
        stems = (name[:-2] + "ье", name[:-2] + "ие")
    elif name.endswith(("ей", "ай")):
        stems = (name[:-1] + "е",)
    else:
        stems = () if name.endswith(("а", "я", "ь")) else (name + "о",)
    cyrillic = {stem + ending for stem in stems for ending in ("вич", "вна")}
    return cyrillic | {reading for form in cyrillic for reading in cyrillic_readings(form)}


def forms_of(token: str, tradition: str, role: str) -> set[str]:
    """The spellings of a name; for Slavic names also the feminine and the Cyrillic form with its spellings."""
    forms = set(spellings_of(token))
    if tradition in SLAVIC:
        feminine = role == "F" and token.endswith(("ov", "ev", "in", "yov"))
        for form in (token, token + "a") if feminine else (token,):
            cyrillic = _in_cyrillic(form)
            forms.add(form)
            if form in cyrillic_readings(cyrillic):
                forms |= {cyrillic, *cyrillic_readings(cyrillic)}
    return forms


_BGN = (
    ("shch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"),
    ("ya", "я"), ("ye", "е"), ("yo", "е"),
    ("iy", "ий"), ("ey", "ей"), ("ay", "ай"), ("oy", "ой"), ("uy", "уй"),
)  # fmt: skip
_BGN_LETTERS = str.maketrans("abvgdezijklmnoprstufy", "абвгдезийклмнопрстуфы")


def _in_cyrillic(token: str) -> str:
    """A name in the Latin letters of BGN/PCGN in Cyrillic; good enough for names, checked by the way back."""
    token = re.sub("(?<=[bdfglmnprstvz])y(?=[eo]v)", "ь", token).replace("ьo", "ье")
    for latin, cyrillic in _BGN:
        token = token.replace(latin, cyrillic)
    return token.translate(_BGN_LETTERS)


def _ppm(share: float) -> str:
    return str(max(1, round(share))) if share else ""


def main() -> int:
    differs = False
    for name, text in (("us_names.csv", build_us()), ("derived.csv", build_derived())):
        if text is None:
            print(f"{name}: kept, the package names is not installed")
        elif "--check" in sys.argv[1:]:
            differs |= (TABLES / name).read_text(encoding="utf-8") != text
        else:
            (TABLES / name).write_text(text, encoding="utf-8", newline="\n")
            print(f"{name}: {text.count(chr(10))} lines, {len(text.encode()) // 1024} kB")
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
