"""Addresses into comparable parts: unit and house number decide, street and city follow, the rest is colour."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from netpursuit.ids.chinese_addresses import split_address, split_unit
from netpursuit.records import Address

MAX_LENGTH = 500
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z0-9]+(?:/[a-z0-9]+)?")
_UNIT = re.compile(
    r"\b(?:flat|apartment|apt|unit|suite|ste|room|rm|studio|bedsit|piso|wohnung|кв)\.?\s*#?\s*([a-z]?\d+[a-z]?|[a-z])\b"
    r"|(?<!\w)#\s*(\d+[a-z]?)\b"
)
_HOUSE_STREET = re.compile(r"(?<![\w/])(\d+[a-z]?(?:\s*[-/]\s*\d+[a-z]?)?)\s*,?\s+((?:[a-z'.-]+\s+){0,4}?[a-z'.-]+)")
_STREET_TYPES = {
    "st": "street",
    "str": "street",
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "dr": "drive",
    "ct": "court",
    "pl": "place",
    "sq": "square",
    "blvd": "boulevard",
    "cres": "crescent",
    "cl": "close",
    "gdns": "gardens",
    "terr": "terrace",
    "ter": "terrace",
    "hwy": "highway",
    "pkwy": "parkway",
    "grn": "green",
    "gr": "grove",
}
_TYPES = frozenset(_STREET_TYPES.values()) | {
    *("way", "row", "walk", "hill", "mews", "park", "view", "rise", "path", "alley", "quay", "parade", "broadway"),
    *("ulitsa", "rue", "calle", "via", "strasse", "straße", "jalan", "end", "circus", "gate", "yard", "approach"),
}
_UK_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedAddress:
    """Comparable parts, folded; empty where unknown. ``unit_key`` is empty without a unit, ``key`` without anything."""

    country: str = ""
    region: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    house: str = ""
    building: str = ""
    entrance: str = ""
    unit: str = ""
    postcode: str = ""
    unit_key: str = ""
    key: str = ""
    tokens: tuple[str, ...] = ()


def prepare_address(address: Address) -> PreparedAddress:
    """The comparable form of an address. Never raises.

    >>> prepare_address(Address(text="Flat 3, 12 Mill Ln, Oxford")).unit_key == prepare_address(
    ...     Address(text="12 Mill Lane", unit="3", city="Oxford")
    ... ).unit_key
    True
    """
    text = unicodedata.normalize("NFKC", address.text[:MAX_LENGTH]).strip()
    if _HAN.search(text):
        return _chinese(address, text)
    return _latin(address, text)


def _finish(address: Address, parts: dict[str, str], tokens: tuple[str, ...]) -> PreparedAddress:
    """Keys from parts: the unit code beats the text; a unit counts only with a house or a building."""
    place = [parts.get(name, "") for name in ("city", "street", "house", "building", "entrance")]
    known = any(place)
    unit = parts.get("unit", "")
    unit_key = ""
    if address.unit_code.strip():
        unit_key = f"code:{address.unit_code.strip().upper()}"
    elif unit and (parts.get("house") or parts.get("building")) and parts.get("street"):
        unit_key = "|".join([*place[1:], unit])
    return PreparedAddress(
        country=address.country.upper(),
        region=parts.get("region", ""),
        city=parts.get("city", ""),
        district=parts.get("district", ""),
        street=parts.get("street", ""),
        house=parts.get("house", ""),
        building=parts.get("building", ""),
        entrance=parts.get("entrance", ""),
        unit=unit,
        postcode=parts.get("postcode", ""),
        unit_key=unit_key,
        key="|".join([*place, unit]) if known else "",
        tokens=tokens,
    )


def _chinese(address: Address, text: str) -> PreparedAddress:
    found = split_address(text)
    stated = split_unit(unicodedata.normalize("NFKC", address.unit[:100])) if address.unit.strip() else {}
    parts = {
        "region": found.region or address.region,
        "city": (found.city or address.city or _municipality(found.region)).removesuffix("市"),
        "district": found.district,
        "street": found.street,
        "house": found.house,
        "building": stated.get("building") or found.building,
        "entrance": stated.get("entrance") or found.entrance,
        "unit": stated.get("room") or found.room,
        "postcode": address.postcode,
    }
    tokens = tuple(part for part in (found.region, found.city, found.district, found.town, found.street) if part)
    return _finish(address, parts, tokens)


def _municipality(region: str) -> str:
    """Beijing, Shanghai, Tianjin and Chongqing are regions and cities at once."""
    return region.removesuffix("市") if region.removesuffix("市") in ("北京", "上海", "天津", "重庆") else ""


def _fold(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.replace("’", "'").split())


def _latin(address: Address, text: str) -> PreparedAddress:
    folded = _fold(text)
    postcode = _fold(address.postcode)
    if match := _UK_POSTCODE.search(folded):
        postcode = postcode or f"{match[1]} {match[2]}"
        folded = folded[: match.start()] + folded[match.end() :]
    unit = ""
    if match := _UNIT.search(folded):
        unit = match[1] or match[2]
        folded = folded[: match.start()] + " " + folded[match.end() :]
    if stated := _fold(address.unit):
        inner = _UNIT.search(stated)
        unit = (inner[1] or inner[2]) if inner else stated
    house, street, rest = _house_and_street(folded)
    if not unit and "/" in house:  # 3/12 High Street: the flat before the house
        unit, house = (part.strip() for part in house.split("/", 1))
    city = _fold(address.city)
    if not city:
        pieces = [piece.strip() for piece in rest.split(",") if piece.strip() and not piece.strip().isdigit()]
        city = pieces[0] if pieces else ""
    parts = {
        "region": _fold(address.region),
        "city": city,
        "street": street,
        "house": house,
        "unit": unit,
        "postcode": postcode,
    }
    return _finish(address, parts, tuple(_WORD.findall(folded)))


def _house_and_street(folded: str) -> tuple[str, str, str]:
    """House number, street with its type spelled out, and what follows."""
    for match in _HOUSE_STREET.finditer(folded.replace(".", "")):
        text = folded.replace(".", "")
        segment = text[match.start(2) :].split(",", 1)
        words = segment[0].split()
        for at, word in enumerate(words[:6]):
            if _STREET_TYPES.get(word, word) in _TYPES and at > 0:
                street = " ".join(_STREET_TYPES.get(w, w) if i == at else w for i, w in enumerate(words[: at + 1]))
                after = " ".join(words[at + 1 :])
                rest = ", ".join(part for part in (after, *segment[1:]) if part)
                return re.sub(r"\s", "", match[1]), street, rest
    # A street without a known type: the words behind the number up to the comma.
    if plain := re.match(r"^\s*,?\s*(\d+[a-z]?(?:[-/]\d+[a-z]?)?)\s+([^,\d]{3,60}?)\s*(?:,|$)(.*)$", folded):
        return plain[1], plain[2].strip(), plain[3]
    return "", "", folded.strip(" ,")
