"""Invented people for the demonstration: names, numbers nobody bears, and corruptions of listed ones."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from plain_xlsx import Cell

AREAS_OF_DRAMA = ("113", "114", "115", "116", "117", "118", "121", "131")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One invented wanted person with everything the list says."""

    entry_id: str
    name: str
    aliases: str
    sex: str
    born: date
    number: str
    registered: str
    review_by: date


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of OFAC's list as far as a planted tenant may say it."""

    entry_id: str
    born: date | None
    year: str
    number: str


def check_digit(first: str) -> str:
    """The last character of a resident number (ISO 7064 MOD 11-2, GB 11643-1999) for its first 17 digits."""
    total = sum(int(digit) * (2 ** (17 - at) % 11) for at, digit in enumerate(first))
    return "10X98765432"[total % 11]


class Maker:
    """All random choices of one run, in one order."""

    def __init__(self, seed: int, names: Path) -> None:
        self.random = Random(seed)
        self.names = tomllib.loads(names.read_text(encoding="utf-8"))
        self.places: dict[str, str] = self.names["invented_places"]
        self.taken: set[str] = set()

    def pick(self, values: Sequence[str]) -> str:
        return values[self.random.randrange(len(values))]

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randrange((last - first).days + 1))

    def once(self, text: str) -> bool:
        """Whether this text comes for the first time."""
        fresh = text not in self.taken
        self.taken.add(text)
        return fresh

    # --- numbers nobody bears ---------------------------------------------------------------------------------

    def resident_number(self, division: str, born: date, sex: str) -> str:
        while True:
            sequence = self.random.randrange(1, 500) * 2 - (1 if sex == "男" else 0)
            first = f"{division}{born:%Y%m%d}{sequence:03d}"
            if self.once(first):
                return first + check_digit(first)

    def chinese_phone(self) -> str:
        while not self.once(number := f"154{self.random.randrange(10**8):08d}"):
            pass
        return number

    def fiction_phone(self) -> str:
        """A number of Ofcom's ranges for drama or of the 555-01xx of the North American plan."""
        while True:
            last = self.random.randrange(1_000)
            match self.random.randrange(6):
                case 0 | 1:
                    number = f"07700 900{last:03d}"
                case 2:
                    number = f"01632 960{last:03d}"
                case 3:
                    number = f"020 7946 0{last:03d}"
                case 4:
                    number = (
                        f"+44 {self.pick(('113', '114', '115', '116', '117', '118', '121', '131'))} 496 0{last:03d}"
                    )
                case _:
                    number = f"+1 {self.pick(('202', '212', '305', '312', '415', '617'))} 555 01{last % 100:02d}"
            if self.once(number.replace("+44 ", "0")):
                return number

    def passport(self) -> str:
        while not self.once(number := f"XX{self.random.randrange(10**7):07d}"):
            pass
        return number

    # --- invented people ----------------------------------------------------------------------------------------

    def han_name(self, sex: str) -> str:
        pool = self.names["han"]
        # Common surnames come first in the pool; the lower of two draws makes them common here, too.
        at = min(self.random.randrange(len(pool["family"])), self.random.randrange(len(pool["family"])))
        given = pool["male" if sex == "男" else "female"]
        return pool["family"][at] + self.pick(given) + (self.pick(given) if self.random.randrange(5) else "")

    def chinese_name(self, sex: str) -> str:
        if self.random.randrange(20) == 0:
            return self.pick(self.names["other"]["male" if sex == "男" else "female"])
        return self.han_name(sex)

    def latin_name(self, tradition: str, sex: str) -> str:
        pool = self.names["tradition"][tradition]
        parts = {"g": pool["male" if sex == "M" else "female"], "f": pool["family"], "m": pool.get("middle", [])}
        return " ".join(self.pick(parts[part]) for part in pool["pattern"].split())

    def registered_address(self, division: str) -> str:
        return f"{self.places[division]}{self.pick(self.names['words']['streets'])}{self.random.randrange(1, 180)}号"

    # --- corruptions --------------------------------------------------------------------------------------------

    def corrupt_number(self, number: str, how: str) -> Cell:
        """A listed number as a registration has it; ``how`` as in ``data/demo/planted.csv``."""
        if how == "slip":
            at = 14 if len(number) == 18 else 4
            return number[:at] + str((int(number[at]) + 3) % 10) + number[at + 1 :]
        if how == "transposed":
            at = next(at for at in (15, 14, 13, 12, 11, 10) if number[at] != number[at + 1] and number[at + 1] != "X")
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        if how == "15":
            return number[:6] + number[8:17]
        if how == "cut":
            return int(number[:15] + "000")
        if how == "masked":
            return number[:6] + "*" * 8 + number[14:]
        if how == "wide":
            wide = number.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)} | {ord("X"): "Ｘ"})
            return f"{wide[:6]} {wide[6:14]} {wide[14:]}"
        if how == "ocr":
            return number.replace("0", "O", 1).replace("1", "I", 1)
        if how == "next":
            first = f"{number[:14]}{(int(number[14:17]) + 1) % 1000:03d}"
            return first + check_digit(first)
        return number

    def corrupt_date(self, born: date, how: str) -> date | None:
        if how == "same":
            return born
        if how == "swapped":
            return born.replace(month=born.day, day=born.month)
        if how == "digit":
            # One digit, so that the day stays one of the month: the tens of late days, else the ones.
            return born.replace(day=born.day - 10 if born.day > 20 else born.day + (1 if born.day % 10 < 9 else -1))
        if how == "other":
            years = self.random.randrange(6, 18) * (1 if born.year < 1975 else -1 if born.year > 1994 else 1)
            return self.day(date(born.year + years, 1, 13), date(born.year + years, 12, 28))
        return None
