"""Machine-readable zones of travel documents: ICAO Doc 9303, parts 3 to 6 (TD1, TD2, TD3)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from netpursuit.ids.dates import parse_date
from netpursuit.records import PartialDate, Sex
from netpursuit.text.patterns import regex

_LINE = regex(r"[A-Z0-9<]{28,46}")
_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
_WEIGHTS = (7, 3, 1)
# ICAO's codes that differ from ISO 3166-1 alpha-3, and the alpha-3 codes seen most; others stay empty.
_ALPHA2 = {
    "CHN": "CN",
    "HKG": "HK",
    "MAC": "MO",
    "TWN": "TW",
    "MNG": "MN",
    "PRK": "KP",
    "KOR": "KR",
    "JPN": "JP",
    "VNM": "VN",
    "MMR": "MM",
    "THA": "TH",
    "MYS": "MY",
    "SGP": "SG",
    "IDN": "ID",
    "PHL": "PH",
    "IND": "IN",
    "PAK": "PK",
    "BGD": "BD",
    "AFG": "AF",
    "IRN": "IR",
    "IRQ": "IQ",
    "SYR": "SY",
    "TUR": "TR",
    "KAZ": "KZ",
    "UZB": "UZ",
    "KGZ": "KG",
    "TJK": "TJ",
    "RUS": "RU",
    "UKR": "UA",
    "BLR": "BY",
    "POL": "PL",
    "ROU": "RO",
    "BGR": "BG",
    "SRB": "RS",
    "D": "DE",
    "DEU": "DE",
    "FRA": "FR",
    "ITA": "IT",
    "ESP": "ES",
    "NLD": "NL",
    "BEL": "BE",
    "CHE": "CH",
    "AUT": "AT",
    "SWE": "SE",
    "NOR": "NO",
    "GBR": "GB",
    "USA": "US",
    "CAN": "CA",
    "AUS": "AU",
    "NGA": "NG",
    "GHA": "GH",
    "EGY": "EG",
    "SAU": "SA",
    "ARE": "AE",
    "JOR": "JO",
    "LBN": "LB",
    "BRA": "BR",
    "MEX": "MX",
    "COL": "CO",
    "VEN": "VE",
    "ARG": "AR",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MrzFields:
    """What a zone says. ``wrong_checks`` names fields whose check digit does not agree."""

    document_code: str
    family: str
    given: str
    number: str
    country: str
    nationality: str
    birth_date: PartialDate | None
    sex: Sex | None
    wrong_checks: tuple[str, ...]


def check_digit(text: str) -> str:
    """The check digit of a field.

    >>> check_digit("L898902C3")
    '6'
    """
    return str(sum(_VALUES[character] * _WEIGHTS[at % 3] for at, character in enumerate(text)) % 10)


def is_zone(text: str) -> bool:
    """Whether a text is evidently a zone or a part of one, readable or not: fillers stand in nothing else.

    >>> is_zone("P<UTOERIKSSON<<ANNA"), is_zone("Anna <Eriksson>")
    (True, False)
    """
    text = unicodedata.normalize("NFKC", text[:400])
    return "<<" in text or len(re.findall(r"<[A-Z0-9]", text.upper())) >= 2


def parse_mrz(text: str) -> MrzFields | None:
    """The fields of a zone of two or three lines (line ends or spaces between them); None where it is none."""
    if "<" not in text or len(text) > 400:
        return None
    parts = ["".join(line.split()) for line in text.upper().splitlines() if line.strip()]
    joined = "".join(parts)
    for count, width in ((2, 44), (2, 36), (3, 30)):
        if len(parts) > 1 and any(len(part) != width for part in parts):
            continue  # ninety characters in two lines are no three lines of thirty
        if len(joined) == count * width and _LINE.fullmatch(joined[:width]):
            return _fields([joined[at * width : (at + 1) * width] for at in range(count)])
    return None


def _fields(lines: list[str]) -> MrzFields | None:
    if not all(set(line) <= _VALUES.keys() for line in lines):
        return None
    if len(lines) == 3:
        first, second, names = lines
        country, number, number_check = first[2:5], first[5:14], first[14]
        born, born_check, sex, nation = second[:6], second[6], second[7], second[15:18]
    else:
        first, second = lines
        country, names = first[2:5], first[5:]
        number, number_check, nation = second[:9], second[9], second[10:13]
        born, born_check, sex = second[13:19], second[19], second[20]
    family, _, given = names.partition("<<")
    wrong = []
    if check_digit(number) != number_check:
        wrong.append("number")
    if check_digit(born) != born_check:
        wrong.append("birth_date")
    return MrzFields(
        document_code=first[:2].rstrip("<"),
        family=family.replace("<", " ").strip(),
        given=given.replace("<", " ").strip(),
        number=number.rstrip("<"),
        country=_alpha2(country),
        nationality=_alpha2(nation),
        birth_date=_birth(born),
        sex={"M": Sex.MALE, "F": Sex.FEMALE}.get(sex),
        wrong_checks=tuple(wrong),
    )


def _alpha2(code: str) -> str:
    return _ALPHA2.get(code.rstrip("<"), "")


def _birth(text: str) -> PartialDate | None:
    """Two-digit years: up to 25 are 20xx; unknown month and day are filled with ``<``."""
    if not text[:2].isdigit():
        return None
    year = int(text[:2]) + (2000 if int(text[:2]) <= 25 else 1900)
    month, day = text[2:4], text[4:6]
    if not month.isdigit() or month == "00":
        return PartialDate(year=year)
    return parse_date(f"{year}-{month}-{day}") if day.isdigit() and day != "00" else parse_date(f"{year}-{month}")
