"""Japanese names: how kanji may be read, and how kana are spelt in Latin letters.

Sources: Hepburn, Kunrei (内閣告示第一号, 1954) and the spellings of Japanese passports (oh for a long o, m before b, m,
p); the readings stand in ``tables/japanese.csv``. What is in no table is not read: nearly any reading is possible.
"""

from __future__ import annotations

import re
from functools import cache

from netpursuit.text.han import simplify
from netpursuit.text.rows import table_rows

MIN_OF_ONE_CHARACTER = 4  # letters: 健 is Ken, but so do men call themselves whose Zhang Jian is written 张健
_KUNREI = (
    ("shi", "si"), ("chi", "ti"), ("tsu", "tu"), ("fu", "hu"), ("ji", "zi"), ("sh", "sy"), ("ch", "ty"), ("j", "zy"),
)  # fmt: skip


def spellings_of_kana(plain: str) -> tuple[str, ...]:
    """Spellings of Hepburn with vowels as written (``shouji``): as it is, short, oh for long o, Kunrei, oo.

    >>> spellings_of_kana("shouji")
    ('shouji', 'shoji', 'shohji', 'syozi', 'shooji')
    """
    short = re.sub("o[uo]", "o", plain).replace("uu", "u").replace("aa", "a").replace("ee", "e").replace("ii", "i")
    kunrei = short
    for hepburn, other in _KUNREI:
        kunrei = kunrei.replace(hepburn, other)
    found = (
        plain,
        short,
        re.sub("n(?=[bmp])", "m", short),
        re.sub("o[uo]", "oh", plain).replace("uu", "u"),
        kunrei,
        plain.replace("ou", "oo") if "ou" in plain else re.sub("^oo", "o", plain),
    )
    return tuple(dict.fromkeys(filter(None, found)))[:5]


@cache
def _readings(kind: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for row, kana, names in table_rows("japanese.csv"):
        for name in names.split() if row == kind else ():
            for reading in kana.split():
                found.setdefault(simplify(name), {})[reading] = None
    return {name: tuple(readings) for name, readings in found.items()}


def japanese_given_readings(folded: str) -> tuple[str, ...]:
    """Latin spellings of a Japanese given name in the comparison form of Han; empty for what is in no table."""
    read = _readings("G").get(folded)
    if read is None:  # as nearly all that is asked
        return ()
    spelt = [spellings_of_kana(reading) for reading in read[:4]]
    least = MIN_OF_ONE_CHARACTER if len(folded) == 1 else 0
    return tuple(dict.fromkeys(form for forms in spelt for form in forms if len(form) >= least))[:14]


def japanese_family_readings(folded: str) -> tuple[str, ...]:
    """Latin spellings of a surname of one character that is Japanese or Chinese (林: hayashi); else empty."""
    spelt = [spellings_of_kana(reading) for reading in _readings("F").get(folded, ())]
    return tuple(dict.fromkeys(form for forms in spelt for form in forms))
