"""Labelled pairs of records of synthetic people: what happens to a record, and who is taken for somebody else.

The same seed gives the same pairs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import islice

from bench.people import TRADITIONS, Dice, Invented, document_of, given_characters, invent, written
from netpursuit.evaluation import LabelledPair
from netpursuit.records import DocumentKind, Name, PartialDate, Person
from netpursuit.text.chinese import given_readings


def _renamed(person: Person, text: str) -> Person:
    return replace(person, names=(Name(text=text),))


@cache
def _by_sound() -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for char in given_characters():
        groups.setdefault(next(iter(given_readings(char)), ""), []).append(char)
    return {char: tuple(group) for group in groups.values() for char in group}


def _same_sound(char: str) -> tuple[str, ...]:
    """The other characters of given names that sound alike, tones aside."""
    return tuple(other for other in _by_sound().get(char, ()) if other != char)


def _one_key(syllable: str, dice: Dice) -> str:
    """A syllable of Hangul with another initial or vowel: what one wrong key makes of it."""
    initial, vowel = (ord(syllable) - 0xAC00) // 588, (ord(syllable) - 0xAC00) % 588 // 28
    final = (ord(syllable) - 0xAC00) % 28
    if dice.random() < 0.5:
        initial = (initial + dice.randrange(1, 19)) % 19
    else:
        vowel = (vowel + dice.randrange(1, 21)) % 21
    return chr(0xAC00 + initial * 588 + vowel * 28 + final)


def slip(one: Invented, dice: Dice) -> Person:
    """One slip of a key in the name; a Chinese character becomes another one of the same sound where there is one."""
    text = one.person.names[0].text
    if one.tradition == "han":
        places = [at for at, char in enumerate(text) if _same_sound(char)] or list(range(len(text)))
        at = dice.choice(places)
        return _renamed(
            one.person, text[:at] + dice.choice(_same_sound(text[at]) or given_characters()[:300]) + text[at + 1 :]
        )
    if one.tradition == "korean":
        at = dice.randrange(len(text))
        return _renamed(one.person, text[:at] + _one_key(text[at], dice) + text[at + 1 :])
    at = dice.choice([at for at, char in enumerate(text) if char.isalpha()])
    letter = dice.choice("abcdefghijklmnopqrstuvwxyz")
    return _renamed(
        one.person,
        dice.choice(
            (
                text[:at] + text[at + 1 :],
                text[:at] + letter + text[at:],
                text[:at] + letter + text[at + 1 :],
                text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :],
            )
        ),
    )


def reorder(one: Invented, dice: Dice) -> Person:
    """Family and given name in the other order, or with a comma."""
    if one.tradition in ("han", "korean"):
        return one.person
    parts = one.person.names[0].text.split()
    return _renamed(one.person, dice.choice((" ".join(reversed(parts)), f"{parts[-1]}, {' '.join(parts[:-1])}")))


def shorten(one: Invented, dice: Dice) -> Person:
    """A middle name dropped, or the first given name by its initial; a name of one word stays."""
    parts = one.person.names[0].text.split()
    if len(parts) > 2:
        del parts[dice.randrange(1, len(parts) - 1)]
    elif len(parts) == 2 and one.tradition != "pinyin":
        parts[0] = f"{parts[0][0]}."
    return _renamed(one.person, " ".join(parts))


def other_script(one: Invented, dice: Dice) -> Person:
    """A Chinese name in characters for one in pinyin, and the other way round."""
    if one.tradition not in ("han", "pinyin"):
        return one.person
    return _renamed(one.person, written({"han": "pinyin", "pinyin": "han"}[one.tradition], one.family, one.given))


def spoil_date(one: Invented, dice: Dice) -> Person:
    """Day and month swapped, the year off by one, one digit wrong, or no more than a year."""
    born = one.person.birth_dates[0]
    assert born.month is not None
    assert born.day is not None
    choices = [
        replace(born, year=born.year + dice.choice((-1, 1))),
        replace(born, day=born.day + 1 if born.day < 28 else born.day - 1),
        PartialDate(year=born.year),
    ]
    if born.day <= 12:
        choices.append(replace(born, month=born.day, day=born.month))
    return replace(one.person, birth_dates=(dice.choice(choices),))


def spoil_number(one: Invented, dice: Dice) -> Person:
    """One digit wrong, a mask, or a renewed document."""
    (document,) = one.person.documents
    number = document.number
    at = dice.randrange(6, len(number) - 1)
    wrong = number[:at] + str((int(number[at]) + 1) % 10 if number[at].isdigit() else 7) + number[at + 1 :]
    masked = number[:3] + "*" * (len(number) - 7) + number[-4:]
    changed = [replace(document, number=wrong), replace(document, number=masked)]
    if document.kind is DocumentKind.PASSPORT:
        changed.append(document_of("", date(2000, 1, 1), dice))
    return replace(one.person, documents=(dice.choice(changed),))


def keep(one: Invented, dice: Dice) -> Person:
    """Nothing changed."""
    return one.person


CORRUPTIONS: dict[str, Callable[[Invented, Dice], Person]] = {
    "same": keep,
    "slip": slip,
    "order": reorder,
    "short": shorten,
    "script": other_script,
    "date": spoil_date,
    "number": spoil_number,
}
_SHARES = (50, 12, 8, 8, 6, 10, 6)


def thin_out(person: Person, dice: Dice) -> Person:
    """A record as sources have it: fields are missing."""
    kept = {
        "documents": 0.35,
        "phones": 0.3,
        "addresses": 0.5,
        "birth_dates": 0.85,
    }
    changes: dict[str, object] = {field: () for field, share in kept.items() if dice.random() > share}
    if dice.random() < 0.4:
        changes["sex"] = None
    return replace(person, **changes)  # type: ignore[arg-type]


# -- Labelled pairs -------------------------------------------------------------------------------------------------


def _relative(one: Invented, dice: Dice) -> Person:
    """A brother, sister, parent or child: the family name and the home, another given name and birth date."""
    other = invent(one.tradition, dice, full=True)
    if not one.family:
        return other.person
    text = written(one.tradition, one.family, other.given)
    return replace(_renamed(other.person, text), addresses=one.person.addresses)


def _namesake(one: Invented, dice: Dice) -> Person:
    """Somebody of the same name."""
    return _renamed(invent(one.tradition, dice, full=True).person, one.person.names[0].text)


def _born_alike(one: Invented, dice: Dice) -> Person:
    """A stranger of the same birth date."""
    return replace(invent(one.tradition, dice, full=True).person, birth_dates=one.person.birth_dates)


def _stranger(one: Invented, dice: Dice) -> Person:
    return invent(one.tradition, dice, full=True).person


# What stands beside each true pair, how often: strangers as candidate generation proposes them, some of them near.
STRANGERS: tuple[tuple[str, float, Callable[[Invented, Dice], Person]], ...] = (
    ("relative", 0.1, _relative),
    ("namesake", 0.02, _namesake),
    ("born alike", 0.1, _born_alike),
    ("stranger", 8.0, _stranger),
)


def labelled_pairs(seed: int, persons: int, traditions: Sequence[str] = TRADITIONS) -> Iterator[LabelledPair]:
    """Pairs of ``persons`` synthetic people, each with a corrupted copy and with strangers; one in ten is true."""
    dice = random.Random(seed)
    line = 0
    for row in range(persons):
        one = invent(dice.choice(traditions), dice, full=True)
        kind = dice.choices(tuple(CORRUPTIONS), _SHARES)[0]
        made = [(True, kind, CORRUPTIONS[kind](one, dice))]
        for name, count, make in STRANGERS:
            times = int(count) + (dice.random() < count % 1)
            made += [(False, name, make(one, dice)) for _ in range(times)]
        for same, category, other in made:
            line += 1
            yield LabelledPair(
                left=thin_out(one.person, dice),
                right=thin_out(other, dice),
                same=same,
                line=line,
                person_id=str(row),
                category=category,
                tradition=one.tradition,
            )


def in_lots(pairs: Iterator[LabelledPair], size: int = 2_000) -> Iterator[list[LabelledPair]]:
    """Pairs in lots that are scored at once."""
    while lot := list(islice(pairs, size)):
        yield lot
