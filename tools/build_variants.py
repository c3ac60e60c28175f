"""Writes ``netpursuit/text/tables/variants_derived.csv``: what follows from the clusters of names in the other tables.

Pinyin of the names that Chinese characters transcribe, and the plain form of names in Cyrillic letters: a query would
have to work out all of them to look up one. Run it after a change of ``variants.csv``, ``variants_han.csv``, of the
readings, or of ``netpursuit/text/alphabets.py`` and ``slavic.py``::

    python tools/build_variants.py            # writes the table
    python tools/build_variants.py --check    # exit code 1 where the table differs
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from netpursuit.text.alphabets import cyrillic_readings
from netpursuit.text.chinese import combined, pinyin_of
from netpursuit.text.clusters import SLAVIC
from netpursuit.text.han import MIN_TRANSCRIBED
from netpursuit.text.rows import table_rows
from netpursuit.text.scripts import Script, script_of
from netpursuit.text.slavic import MIN_LETTERS, plain_slavic

TABLE = Path(str(resources.files("netpursuit.text"))) / "tables" / "variants_derived.csv"
HEADER = """\
# Forms that follow from the clusters of variants.csv and variants_han.csv.
# columns, split by semicolons: cluster; kind (v and n as there: further members, the pinyin of the transcribed names;
#   s: plain Slavic forms of the members in Cyrillic letters, and of those with yo beside them); folded forms
# origin: the two tables and han_readings.csv of this folder
# date: 2026-11; licence: Apache-2.0; readings MIT (pypinyin); written by tools/build_variants.py, do not edit
"""


def _pinyin(member: str) -> Iterable[str]:
    """Pinyin so long (maimaiti) can only be meant for the transcribed name."""
    if len(member) < MIN_TRANSCRIBED:
        return ()
    return combined([pinyin_of(char)[:1] for char in member], 1)


def _slavic(members: Iterable[str]) -> Iterable[str]:
    cyrillic = [member for member in members if script_of(member) is Script.CYRILLIC and len(member) >= MIN_LETTERS]
    spelt = [reading for member in cyrillic for reading in cyrillic_readings(member)]
    spelt += [member for member in members if cyrillic and "yo" in member]
    return dict.fromkeys(map(plain_slavic, spelt))


def build() -> str:
    """The text of the table."""
    listed: dict[tuple[str, str], dict[str, None]] = {}
    spelt: dict[tuple[str, str], dict[str, None]] = {}
    for name in ("variants.csv", "variants_han.csv"):
        for cluster, kind, members in table_rows(name):
            listed.setdefault((cluster, kind), {}).update(dict.fromkeys(members.split()))
            pinyin = (form for member in members.split() for form in _pinyin(member) if name == "variants_han.csv")
            spelt.setdefault((cluster, kind), {}).update(dict.fromkeys(pinyin))
    rows: list[tuple[str, str, Iterable[str]]] = [(*key, spelt[key].keys() - listed[key].keys()) for key in listed]
    rows += [(key[0], SLAVIC, set(_slavic(listed[key] | spelt[key]))) for key in listed]
    return HEADER + "".join(f"{cluster};{kind};{' '.join(sorted(forms))}\n" for cluster, kind, forms in rows if forms)


def main() -> int:
    text = build()
    if "--check" in sys.argv[1:]:
        return int(TABLE.read_text(encoding="utf-8") != text)
    TABLE.write_text(text, encoding="utf-8", newline="\n")
    print(f"{TABLE.name}: {text.count(chr(10)) - HEADER.count(chr(10))} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
