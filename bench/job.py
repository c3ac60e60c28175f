"""A seeded screening job: a wanted list and a night of registrations, with the truth of who is who. All invented.

Names follow the frequencies of the program's own tables with a Zipf tail of names that stand in no table, so that the
vocabulary grows as that of real lists does (about 200,000 distinct parts in a million entries). One registration in a
hundred is a wanted person, with none, one or two corruptions; as many are namesakes, as many brothers and sisters.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.people import _CONSONANTS, _LATIN, Stock, _american, _han, _stock, written
from netpursuit.ids.chinese_numbers import check_character

Array = npt.NDArray[np.int64]
Dice = np.random.Generator

# Shares of a thousand people; the rest of the Latin traditions share what is left alike.
_SHARES = {"han": 300, "pinyin": 120, "english": 80, "korean": 30}
_TAIL_NAMES = 9_000  # of each Latin tradition, family and given names each
_TAIL_SHARES = {"F": 0.2, "G": 0.08}
_FIRST_DAY, _DAYS = np.datetime64("1945-01-01"), 60 * 365
_NO_NUMBER, _YEAR_ONLY, _FAMILY_OF = 0.4, 0.2, 0.2
_PLANTED = 0.01
CORRUPTIONS = ((0, 0.30), (1, 0.45), (2, 0.25))
FIELDS = (("name", 0.5), ("birth_date", 0.25), ("id_number", 0.25))
COLUMNS = ("name", "birth_date", "id_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A registration of a wanted person: the row of the list, and what each corruption did."""

    registration: int
    entry: int
    corruptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """``entries`` and ``registrations``: rows of ``COLUMNS``. ``negatives``: rows of namesakes and siblings."""

    entries: list[tuple[str, str, str]]
    registrations: list[tuple[str, str, str]]
    planted: tuple[Planted, ...]
    negatives: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Pool:
    """Names with their shares; the tail ones fall off as one over their rank."""

    names: tuple[str, ...]
    sums: npt.NDArray[np.float64]

    def draw(self, size: int, dice: Dice) -> list[str]:
        places = np.minimum(np.searchsorted(self.sums, dice.random(size)), len(self.names) - 1)
        return [self.names[place] for place in places.tolist()]


def _pool(stock: Stock, kind: str, dice: Dice) -> _Pool:
    shares = np.diff(np.array([0.0, *stock.sums]))
    tail: list[str] = []
    if stock.syllables:
        parts = (
            [list(stock.syllables)] * 2 + [["", *stock.syllables]] + [[a + b for a, b in product(_CONSONANTS, "aeo")]]
        )
        drawn = [dice.choice(part, _TAIL_NAMES) for part in parts]
        tail = sorted({"".join(row) for row in zip(*drawn, strict=True)} - set(stock.names))
    weights = 1 / (30 + np.arange(len(tail)))
    share = _TAIL_SHARES[kind] if len(stock.names) else 1.0
    whole = np.concatenate([shares / max(shares.sum(), 1e-9) * (1 - share), weights / max(weights.sum(), 1e-9) * share])
    return _Pool((*stock.names, *tail), np.cumsum(whole / whole.sum()))


@cache
def _pools(tradition: str) -> tuple[_Pool, _Pool]:
    dice = np.random.default_rng(sum(map(ord, tradition)))
    if tradition == "english":
        family, given = _american()
    else:
        of_family, of_given, syllables = _LATIN[tradition]
        family, given = _stock(of_family, "F", syllables), _stock(of_given, "G", syllables)
    return _pool(family, "F", dice), _pool(given, "G", dice)


def _parts(tradition: str, size: int, dice: Dice) -> list[tuple[str, str]]:
    """(family, given) of so many people of one tradition."""
    if tradition in ("han", "pinyin"):
        families, family_sums, characters, sums = _han()
        family = _Pool(families, np.array(family_sums) / family_sums[-1])
        char = _Pool(characters, np.array(sums) / sums[-1])
        second = [
            "" if alone else two for alone, two in zip(dice.random(size) < 0.18, char.draw(size, dice), strict=True)
        ]
        given = [one + two for one, two in zip(char.draw(size, dice), second, strict=True)]
        return list(zip(family.draw(size, dice), given, strict=True))
    of_family, of_given = _pools(tradition)
    family, given = of_family.draw(size, dice), of_given.draw(size, dice)
    if tradition in ("spanish", "portuguese"):
        family = [f"{one} {two}" for one, two in zip(family, of_family.draw(size, dice), strict=True)]
    elif tradition in ("vietnamese", "arabic", "african"):
        given = [f"{one} {two}" for one, two in zip(given, of_given.draw(size, dice), strict=True)]
    return list(zip(family, given, strict=True))


def _people(size: int, dice: Dice) -> list[tuple[str, str, str, str]]:
    """(tradition, family, given, birth date) of so many people; some share the family name of the one before."""
    others = [name for name in _LATIN if name not in _SHARES]
    names = [*_SHARES, *others]
    shares = np.array([*_SHARES.values(), *[(1000 - sum(_SHARES.values())) / len(others)] * len(others)]) / 1000
    which = dice.choice(len(names), size, p=shares / shares.sum())
    drawn: list[Iterator[tuple[str, str]]] = [
        iter(_parts(name, int((which == row).sum()), dice)) for row, name in enumerate(names)
    ]
    days = (_FIRST_DAY + dice.integers(0, _DAYS, size)).astype(str).tolist()
    related = (dice.random(size) < _FAMILY_OF).tolist()
    people: list[tuple[str, str, str, str]] = []
    for tradition, day, kin in zip(which.tolist(), days, related, strict=True):
        family, given = next(drawn[tradition])
        if kin and people and people[-1][0] == names[tradition]:
            family = people[-1][1]
        people.append((names[tradition], family, given, day))
    return people


@cache
def _written(tradition: str, family: str, given: str) -> str:
    return written(tradition, family, given)


def _name(tradition: str, family: str, given: str) -> str:
    if tradition == "pinyin":
        return f"{_written('pinyin', family, '').strip()} {_written('pinyin', '', given).strip()}"
    return written(tradition, family, given)


def _number(tradition: str, day: str, dice: Dice) -> str:
    if tradition in ("han", "pinyin"):
        body = f"{dice.integers(110101, 659001)}{day.replace('-', '')}{dice.integers(1000):03d}"
        return body + check_character(body)
    return f"{'CEGKP'[dice.integers(5)]}{dice.integers(10**8):08d}"


def _slip(text: str, dice: Dice) -> str:
    """One character wrong, missing, doubled, or two that change places."""
    at = int(dice.integers(max(1, len(text) - 1)))
    alphabet = "0123456789" if text[at : at + 1].isdigit() else "abcdefghijklmnopqrstuvwxyz" if text.isascii() else text
    kind = int(dice.integers(4))
    if kind == 0:
        return text[:at] + alphabet[int(dice.integers(len(alphabet)))] + text[at + 1 :]
    if kind == 1 and len(text) > 3:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[: at + 1] + text[at:]
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def _corrupt_name(text: str, dice: Dice) -> tuple[str, str]:
    words = text.split(" ")
    kind = int(dice.integers(4))
    if kind == 0 and len(words) > 1:
        return " ".join([*words[1:], words[0]]), "name-turned"
    if kind == 1 and len(words) > 2:
        return " ".join([words[0], *words[2:]]), "name-part-missing"
    return _slip(text, dice), "name-slip"


def _corrupt_date(text: str, dice: Dice) -> tuple[str, str]:
    kind = int(dice.integers(3))
    if kind == 0:
        return text[:4], "date-year-only"
    if kind == 1 and int(text[8:]) <= 12:
        return f"{text[:4]}-{text[8:]}-{text[5:7]}", "date-swapped"
    year = int(text[:4]) + int(dice.choice([-10, -1, 1, 10]))
    return f"{year}-{text[5:]}" if text[5:] != "02-29" else text[:4], "date-year-slip"


def _corrupt_number(text: str, dice: Dice) -> tuple[str, str]:
    return ("", "number-missing") if dice.random() < 0.4 else (_slip(text, dice).upper(), "number-slip")


_CORRUPT: dict[str, Callable[[str, Dice], tuple[str, str]]] = {
    "name": _corrupt_name,
    "birth_date": _corrupt_date,
    "id_number": _corrupt_number,
}


def _plant(
    row: int, entry: int, listed: tuple[str, str, str], day: str, dice: Dice
) -> tuple[tuple[str, str, str], Planted]:
    values = dict(zip(COLUMNS, (listed[0], day, listed[2]), strict=True))
    count = int(dice.choice([many for many, _ in CORRUPTIONS], p=[share for _, share in CORRUPTIONS]))
    fields = list(dice.choice([name for name, _ in FIELDS], count, replace=False, p=[share for _, share in FIELDS]))
    done = []
    for field in ("name" if field == "id_number" and not values["id_number"] else str(field) for field in fields):
        values[field], kind = _CORRUPT[field](values[field], dice)
        done.append(kind)
    return (values["name"], values["birth_date"], values["id_number"]), Planted(
        registration=row, entry=entry, corruptions=tuple(done)
    )


def make_job(entries: int, registrations: int, seed: int) -> Job:
    """The job of a seed; the same numbers give the same job."""
    dice = np.random.default_rng(seed)
    people = _people(entries, dice)
    bare, unnumbered = dice.random(entries) < _YEAR_ONLY, dice.random(entries) < _NO_NUMBER
    numbers = ["" if none else _number(one[0], one[3], dice) for one, none in zip(people, unnumbered, strict=True)]
    listed = [
        (_name(*one[:3]), one[3][:4] if short else one[3], number)
        for one, short, number in zip(people, bare, numbers, strict=True)
    ]
    strangers = _people(registrations, dice)
    rows = [
        (_name(*one[:3]), one[3], "" if dice.random() < _NO_NUMBER else _number(one[0], one[3], dice))
        for one in strangers
    ]
    each = round(registrations * _PLANTED)
    places = dice.choice(registrations, 3 * each, replace=False).tolist()
    chosen = dice.choice(entries, 3 * each, replace=entries < 3 * each).tolist()
    planted = []
    for row, entry in zip(places[:each], chosen[:each], strict=True):
        rows[row], truth = _plant(row, entry, listed[entry], people[entry][3], dice)
        planted.append(truth)
    for row, entry in zip(places[each : 2 * each], chosen[each : 2 * each], strict=True):  # namesakes
        rows[row] = (listed[entry][0], *rows[row][1:])
    for row, entry in zip(places[2 * each :], chosen[2 * each :], strict=True):  # brothers and sisters
        tradition, family, given, day = people[entry]
        given = _parts(tradition, 1, dice)[0][1]
        rows[row] = (
            _name(tradition, family, given),
            f"{int(day[:4]) + int(dice.integers(1, 6))}{day[4:]}".replace("02-29", "02-28"),
            "",
        )
    return Job(
        entries=listed,
        registrations=rows,
        planted=tuple(planted),
        negatives=frozenset(places[each:]),
    )


MAPPING = """\
[list]
publisher = "Bench"
title = "Invented people"
own = true
instrument = "arrest-warrant"
authority = "Bench"
document_number = "B-1"
issuing_unit = "Bench"
list_date = 2026-11-01

[columns]
entry_id = "id"
name = "name"
birth_date = "birth_date"
id_number = "id_number"

[defaults]
issue_date = "2026-01-01"
review_by = "2027-01-15"
"""
FEED = """\
feed_id = "bench"
legal_basis = "A benchmark on invented people"
area = "Nowhere"
period_from = 2026-01-01
period_to = 2026-12-31
purpose = "Measuring speed"
screened_roles = ["tenant"]
time_zone = "UTC"
expires_on = 2036-01-01
min_band = "possible"
country = ""
format = "csv"
encoding = "utf-8"
date_order = "ymd"
"""


def write_job(job: Job, folder: Path) -> None:
    """``wanted.csv`` with ``mapping.toml``, ``registrations.csv`` with ``feed.toml``: what the commands read."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "feed.toml").write_text(FEED, encoding="utf-8")
    with (folder / "wanted.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", *COLUMNS))
        writer.writerows((f"E{row}", *values) for row, values in enumerate(job.entries))
    with (folder / "registrations.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("registration_id", *COLUMNS, "start_date"))
        writer.writerows((f"R{row}", *values, "2026-06-01") for row, values in enumerate(job.registrations))
