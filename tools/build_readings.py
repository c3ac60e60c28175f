"""Writes ``netpursuit/text/tables/han_readings.csv``: toneless pinyin of simplified characters, from pypinyin.

Run it after an update of pypinyin or of the folding of characters::

    python tools/build_readings.py            # writes the table
    python tools/build_readings.py --check    # exit code 1 where the table differs
"""

from __future__ import annotations

import sys
import unicodedata
from importlib import resources
from pathlib import Path

from pypinyin.pinyin_dict import pinyin_dict

from netpursuit.text.han import simplify

TABLE = Path(str(resources.files("netpursuit.text"))) / "tables" / "han_readings.csv"
MOST = 3  # readings kept of a character; what follows are bound or obsolete ones
HEADER = """\
# Toneless pinyin of the Chinese characters U+4E00 to U+9FFF in their comparison form; ü is written v.
# columns, split by semicolons: rank of the reading for these characters (1 is the commonest); reading; characters
# origin: dictionary of single characters of pypinyin (after the Unicode Han database, Unicode licence)
# date: 2026-11; licence: MIT (pypinyin); written by tools/build_readings.py, do not edit
"""


def toneless(reading: str) -> str:
    """``lǚ`` -> ``lv``, ``zhāng`` -> ``zhang``."""
    text = unicodedata.normalize("NFD", reading)
    text = text.replace("u\u0308", "v").replace("e\u0302", "e")
    return "".join(char for char in text if char.isascii() and char.isalpha())


def build() -> str:
    """The text of the table."""
    rows: dict[tuple[int, str], list[str]] = {}
    for point in range(0x4E00, 0xA000):
        char = chr(point)
        if point not in pinyin_dict or simplify(char) != char:
            continue
        readings = dict.fromkeys(filter(None, map(toneless, pinyin_dict[point].split(","))))
        for rank, reading in enumerate(list(readings)[:MOST], 1):
            rows.setdefault((rank, reading), []).append(char)
    lines = [f"{rank};{reading};{''.join(chars)}\n" for (rank, reading), chars in sorted(rows.items())]
    return HEADER + "".join(lines)


def main() -> int:
    text = build()
    if "--check" in sys.argv[1:]:
        return int(TABLE.read_text(encoding="utf-8") != text)
    TABLE.write_text(text, encoding="utf-8", newline="\n")
    print(f"{TABLE.name}: {text.count(chr(10)) - HEADER.count(chr(10))} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
