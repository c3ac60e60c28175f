"""Synthetic people of many name traditions. Everybody here is invented; ``bench/records.py`` makes pairs of them.

Names are drawn by frequency from the program's own tables, with a tail of names that stand in no table, built from the
syllables of the tradition. The same seed gives the same people. A tradition belongs to synthetic people only: nothing
in the program ever derives one for a real person.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import accumulate

from netpursuit.ids.chinese_numbers import check_character
from netpursuit.policy.frequencies import character_shares
from netpursuit.records import Address, Document, DocumentKind, Name, PartialDate, Person, Sex
from netpursuit.text.chinese import family_readings, given_readings

Dice = random.Random
_TAIL = 0.15  # at least this share of a tradition's people bear a name of no table


@dataclass(frozen=True, slots=True)
class Stock:
    """Names with the shares of their bearers, and the syllables of those that stand in no table."""

    names: tuple[str, ...]
    sums: tuple[float, ...]
    syllables: tuple[str, ...]
    open: bool = False  # whether further syllables follow, so that hardly two people share a name of no table
    lengths: tuple[int, ...] = (2, 3, 3)

    def draw(self, dice: Dice) -> str:
        if not self.names or dice.random() < max(_TAIL, 1 - self.sums[-1] / 1_000_000):
            tail = "".join(dice.choice(self.syllables) for _ in range(dice.choice(self.lengths)))
            if not self.open:
                return tail
            # In every alphabetic tradition alike, ten million names: what differs is what the tables tell.
            return tail + "".join(dice.choice(_CONSONANTS) + dice.choice("aeiou") for _ in range(3))
        return dice.choices(self.names, cum_weights=self.sums)[0]


_CONSONANTS = "bcdfghjklmnprstvz"
KOREAN_SYLLABLES = tuple(
    "가건겸규기나다도동라림명문미민범보빈상석선설소솔수숙슬시아안애연영예옥완용우욱원유윤율은이"
    "인일자재정종주준지진찬채철초춘태하한해향혁현형혜호홍화환훈희"
)

# How each Latin tradition is drawn: traditions of the table for family and given names, syllables of its tail.
_LATIN: dict[str, tuple[str, str, str]] = {
    "arabic": ("arabic", "arabic", "ra fi mas tal qus har bu zay nad wis sha ghal tir"),
    "persian": ("persian", "persian", "par vash meh ruz tab nav beh zad gol far sor"),
    "turkish": ("turkish", "turkish", "kar ben oz tur gul yil kap sel dem ak bey"),
    "russian": ("russian", "russian", "vor gri bel ozh zav tor min ush pre kov lyn"),
    "ukrainian": ("ukrainian", "russian", "hor lys boy dub shev ryn chuk voz klym"),
    "polish": ("polish", "polish", "wro kal dzi lub ska now bor zie mar gow"),
    "german": ("german", "german", "ber hof stein lan wal rich dor mun gel bach"),
    "french": ("french", "french", "lau ber mon del cha rou vil gar sau bre nat"),
    "spanish": ("spanish", "spanish", "bar ces val mon dra rey zal tor que lan"),
    "portuguese": ("portuguese", "portuguese", "bra mei lho san tar gue viei dal mor cas"),
    "italian": ("italian", "italian", "bel gri fer lom zan tri cas ver don mar"),
    "scandinavian": ("scandinavian", "scandinavian", "lund berg hol vik dal ny sten ek qvi"),
    "southasian": ("southasian", "southasian", "raj vik pra bha dha nar kum sin lak mis"),
    "indonesian": ("indonesian", "indonesian", "su har wi pra bo yan to gun di as nur"),
    "vietnamese": ("vietnamese", "vietnamese", "thuy loan khue tram vinh giang"),
    "korean": ("korean", "korean", " ".join(KOREAN_SYLLABLES)),
    "japanese": ("japanese", "japanese", "ka mo ri sa ki ta na ya ha shi mu ra"),
    "african": ("african", "african", "oko ade chi mba nwa tun kwe siz ola ndu"),
    "uyghur": ("uyghur", "uyghur", "tur sun eli per hat gul mih ray dil nur"),
    "tibetan": ("tibetan", "tibetan", "lha dro gye nor chu wang tsen yul"),
    "mongolian": ("mongolian", "mongolian", "bat erd khu tse dor jav gan tug"),
}
TRADITIONS = ("han", "pinyin", "english", *_LATIN)


def _lines(name: str) -> list[str]:
    text = (resources.files("netpursuit.policy") / "tables" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _stock(tradition: str, role: str, syllables: str) -> Stock:
    shares: dict[str, float] = {}
    for line in _lines("world.csv"):
        of, kind, ppm, names = line.split(";")
        if of == tradition and kind == role:
            shares.update({name: float(ppm) for name in names.split() if _is_written(tradition, name)})
    sums, parts = tuple(accumulate(shares.values())), tuple(syllables.split())
    if tradition == "korean":
        return Stock(tuple(shares), sums, parts, lengths=(1,) if role == "F" else (2,))
    return Stock(tuple(shares), sums, parts, open=True, lengths=(1, 2))


def _is_written(tradition: str, name: str) -> bool:
    """Whether synthetic people of the tradition write a name of the table like this: in Hangul or in Latin letters."""
    if tradition == "korean":
        return "\uac00" <= name[0] <= "\ud7a3"
    return name.isascii() and len(name) > 1


@cache
def _american() -> tuple[Stock, Stock]:
    rows = [line.split(";") for line in _lines("us_names.csv")]
    made = []
    for column in (1, 2):
        shares = {row[0]: float(row[column]) for row in rows if row[column]}
        made.append(
            Stock(
                tuple(shares),
                tuple(accumulate(shares.values())),
                ("bur", "wick", "ster", "hal", "den", "ley", "thorn", "mor", "gan", "ash", "tre", "fal"),
                open=True,
                lengths=(1, 2),
            )
        )
    return made[0], made[1]


@cache
def _han() -> tuple[tuple[str, ...], tuple[float, ...], tuple[str, ...], tuple[float, ...]]:
    families = [line.split(";") for line in _lines("han_surnames.csv")]
    characters = list(character_shares())
    return (
        tuple(family for family, _ in families),
        tuple(accumulate(float(ppm) for _, ppm in families)),
        tuple(char for char, _ in characters),
        tuple(accumulate(share for _, share in characters)),
    )


def _han_name(dice: Dice) -> tuple[str, str]:
    families, family_sums, characters, sums = _han()
    family = dice.choices(families, cum_weights=family_sums)[0]
    return family, "".join(dice.choices(characters, cum_weights=sums, k=1 if dice.random() < 0.18 else 2))


def given_characters() -> tuple[str, ...]:
    """The characters of Chinese given names, the commonest first."""
    return _han()[2]


def _parts(tradition: str, dice: Dice) -> tuple[str, str]:
    """(family, given) of one person; mononyms have no family name."""
    if tradition in ("han", "pinyin"):
        return _han_name(dice)
    if tradition == "english":
        family, given = _american()
        return family.draw(dice), given.draw(dice)
    of_family, of_given, syllables = _LATIN[tradition]
    given = _stock(of_given, "G", syllables)
    if tradition in ("indonesian", "tibetan", "mongolian") and dice.random() < 0.4:
        return "", given.draw(dice)
    family = _stock(of_family, "F", syllables)
    if tradition in ("uyghur", "tibetan", "mongolian") or not family.names:
        return given.draw(dice), given.draw(dice)  # the father's name, or a second one
    if tradition == "vietnamese":
        return family.draw(dice), f"{given.draw(dice)} {given.draw(dice)}"
    if tradition in ("spanish", "portuguese"):
        return f"{family.draw(dice)} {family.draw(dice)}", given.draw(dice)
    if tradition in ("arabic", "african") and dice.random() < 0.5:
        return family.draw(dice), f"{given.draw(dice)} {given.draw(dice)}"
    return family.draw(dice), given.draw(dice)


def written(tradition: str, family: str, given: str) -> str:
    """A name as people of the tradition write it."""
    if tradition in ("han", "korean"):
        return family + given
    if tradition == "pinyin":
        readings = (family_readings(family)[:1] or ("",), given_readings(given)[:1] or ("",))
        return f"{readings[0][0]} {readings[1][0]}".title()
    if tradition == "vietnamese":
        return f"{family} {given}".title()
    return f"{given} {family}".strip().title()


@dataclass(frozen=True, slots=True)
class Invented:
    """A synthetic person and what the name is made of."""

    tradition: str
    family: str
    given: str
    person: Person


def _day(dice: Dice) -> date:
    return date(1945, 1, 1) + timedelta(days=dice.randrange(60 * 365))


def _partial(day: date) -> PartialDate:
    return PartialDate(year=day.year, month=day.month, day=day.day)


def document_of(tradition: str, day: date, dice: Dice) -> Document:
    if tradition in ("han", "pinyin"):
        body = f"99010{dice.randrange(1, 10)}{day:%Y%m%d}{dice.randrange(1000):03d}"
        return Document(number=body + check_character(body), kind=DocumentKind.NATIONAL_ID, country="CN")
    return Document(number=f"{dice.choice('CEGKP')}{dice.randrange(10**8):08d}", kind=DocumentKind.PASSPORT)


def invent(tradition: str, dice: Dice, *, full: bool = False) -> Invented:
    """One person with name and birth date; ``full`` adds sex, document, telephone and address."""
    family, given = _parts(tradition, dice)
    day = _day(dice)
    person = Person(names=(Name(text=written(tradition, family, given)),), birth_dates=(_partial(day),))
    if full:
        person = replace(
            person,
            sex=dice.choice((Sex.MALE, Sex.FEMALE)),
            documents=(document_of(tradition, day, dice),),
            phones=(f"+8613{dice.randrange(10**9):09d}",),
            addresses=(
                Address(text=f"{dice.randrange(1, 200)} {dice.choice(_STREETS)} Street, {dice.choice(_TOWNS)}"),
            ),
        )
    return Invented(tradition, family, given, person)


_STREETS = ("Quarry", "Mill", "Station", "Harbour", "Chapel", "Orchard", "Kiln", "Weaver", "Tanner", "Foundry", "Sable")
_TOWNS = ("Nethering", "Quillby", "Ostwick", "Farrowdale", "Brindlemouth", "Tarnholm")
