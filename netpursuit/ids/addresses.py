"""Addresses into comparable parts: unit and house number decide, street and city follow, the rest is colour."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from netpursuit.ids.chinese_addresses import split_address, split_unit
from netpursuit.ids.divisions import divisions, stem
from netpursuit.records import Address
from netpursuit.text.patterns import regex

MAX_LENGTH = 500
_LODGING = regex(
    r"宾馆|酒店|旅馆|旅社|旅店|招待所|客栈|旅舍|宿舍|\b(?:hotel|hostel|motel|guest ?house|dormitory|barracks)\b",
    re.IGNORECASE,
)
_HAN = regex(r"[\u3400-\u9fff]")
_WORD = regex(r"[a-z0-9]+(?:/[a-z0-9]+)?")
_UNIT = regex(
    r"\b(?:flat|apartment|appartement|apartamento|apt|appt|unit|suite|ste|room|rm|studio|bedsit|piso|wohnung|кв)"
    r"\.?\s*(?:no\.?\s*)?#?\s*([a-z]?-?\d+[a-z]?|[a-z])\b"
    r"|(?<!\w)#\s*(\d+(?:-\d+)?[a-z]?)\b"
)
_BLOCK = regex(r"\b(?:block|blk|building|bldg|tower)\.?\s+([a-z]|\d+[a-z]?)\b")
_BOX = regex(
    r"\b(?:p\.?\s?o\.?\s?box|post office box|postbus|postfach|apartado(?: postal)?|bo[iî]te postale|b\.?p\.)\s*(\d+)\b"
)
_ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINALS = {
    word: f"{at}{({1: 'st', 2: 'nd', 3: 'rd'}).get(at, 'th')}" for at, word in enumerate(_ORDINAL_WORDS.split(), 1)
}
_DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west", "nth": "north", "sth": "south"}
_DIRECTIONS |= {"ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest"}
_HOUSE_STREET = regex(
    r"(?<![\w/-])(?:no\.?\s*)?(\d+[a-z]?(?:\s*[-/]\s*\d+[a-z]?)?)(?!(?:st|nd|rd|th)\b)\s*,?\s+"
    r"((?:(?:[a-z'-]+|\d+(?:st|nd|rd|th))\s+){0,4}?(?:[a-z'-]+|\d+(?:st|nd|rd|th)))"
)
_STREET_HOUSE = regex(
    r"^\W*([a-z][a-z'. -]{2,50}?)[\s,]+(?:no\.?\s*|nr\.?\s*|n°\s*|№\s*)?(\d+[a-z]?(?:-\d+[a-z]?)?)\s*(?:,|$)(.*)$"
)
_WIDEST_RANGE = 40  # beyond it the second number is a flat or a wing
_RANGE = regex(r"(\d+)-(\d+)")
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
    "cct": "circuit",
    "crct": "circuit",
    "pde": "parade",
    "esp": "esplanade",
    "sqr": "square",
    "crt": "court",
    "aven": "avenue",
}
_TYPES = frozenset(_STREET_TYPES.values()) | {
    *("way", "row", "walk", "hill", "mews", "park", "view", "rise", "path", "alley", "quay", "parade", "broadway"),
    *("grove", "esplanade", "chase", "loop", "trail", "crossing", "mead", "meadow", "wharf", "wynd", "vale", "green"),
    *("ulitsa", "rue", "calle", "via", "strasse", "straße", "jalan", "end", "circus", "gate", "yard", "approach"),
}
# Four to six digits at the end, perhaps before or behind a state or country of letters.
_POSTCODE = regex(r"(?<=[\s,])(\d{4,6})(?:-\d{4})?(?=[\s,]*(?:[a-z]{2,3})?\s*$)")
_UK_POSTCODE = regex(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedAddress:
    """Comparable parts, folded; empty where unknown. ``unit_key`` is empty without a unit, ``key`` without anything.

    ``lodging``: a hotel or a dormitory, whose rooms and whose house many strangers share; it has no unit of its own.
    """

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
    estate: str = ""
    lodging: bool = False
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


def prepare_variants(address: Address) -> tuple[PreparedAddress, ...]:
    """The comparable forms of an address, the fullest first.

    An estate may be named by its street and number, by its own name or by both (虚构路12号幻想花园); a range of house
    numbers (12-14) stands for its ends.
    """
    first = prepare_address(address)
    forms = [first]
    if first.estate:
        forms.append(_with_keys(replace(first, street=first.estate, house="")))
    ends = _RANGE.fullmatch(first.house)
    if ends and not _HAN.search(first.street) and int(ends[1]) < int(ends[2]) <= int(ends[1]) + _WIDEST_RANGE:
        forms += [_with_keys(replace(first, house=end)) for end in ends.groups()]
    return tuple(forms)


def _with_keys(parts: PreparedAddress, country: str = "", code: str = "") -> PreparedAddress:
    """Keys from parts: the unit code beats the text; a unit counts only with a house or a building of a street."""
    place = (parts.city, parts.street, parts.house, parts.building, parts.entrance)
    unit_key = f"code:{code}" if code else parts.unit_key if parts.unit_key.startswith("code:") else ""
    if not unit_key and parts.unit and (parts.house or parts.building) and parts.street and not parts.lodging:
        unit_key = "|".join((*place[1:], parts.unit))
    key = "|".join((*place, parts.unit)) if any(place) else ""
    return replace(parts, country=country or parts.country, unit_key=unit_key, key=key)


def _finish(address: Address, parts: PreparedAddress) -> PreparedAddress:
    return _with_keys(parts, address.country.upper(), address.unit_code.strip().upper())


def _chinese(address: Address, text: str) -> PreparedAddress:
    found = split_address(text)
    stated = split_unit(unicodedata.normalize("NFKC", address.unit[:100])) if address.unit.strip() else {}
    region = found.region or address.region
    city = stem(divisions().current(found.city or address.city or _municipality(found.region)))
    parts = PreparedAddress(
        region=stem(region),
        city=city,
        district=stem(divisions().current(found.district, city)),
        street=found.street,
        estate=found.estate if found.street else "",
        house=found.house,
        building=stated.get("building") or found.building,
        entrance=stated.get("entrance") or found.entrance,
        unit=stated.get("room") or found.room,
        lodging=bool(_LODGING.search(text)),
        postcode=address.postcode,
        tokens=tuple(part for part in (found.region, found.city, found.district, found.town, found.street) if part),
    )
    return _finish(address, parts)


def _municipality(region: str) -> str:
    """Beijing, Shanghai, Tianjin and Chongqing are regions and cities at once."""
    return region.removesuffix("市") if region.removesuffix("市") in ("北京", "上海", "天津", "重庆") else ""


def _fold(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.replace("’", "'").split())


def _latin(address: Address, text: str) -> PreparedAddress:
    folded = re.sub(r"\b(\d+)\s+([a-d])\s+(?=[a-z]{3})", r"\1\2 ", _fold(text))  # 12 A Mill Lane
    postcode = _fold(address.postcode)
    if match := _UK_POSTCODE.search(folded) or _POSTCODE.search(folded):
        postcode = postcode or " ".join(match.groups())
        folded = folded[: match.start()] + folded[match.end() :]
    unit = block = ""
    if match := _UNIT.search(folded):
        unit = match[1] or match[2]
        folded = folded[: match.start()] + " " + folded[match.end() :]
    if match := _BLOCK.search(folded):
        block = match[1]
        folded = folded[: match.start()] + " " + folded[match.end() :]
    if stated := _fold(address.unit):
        inner = _UNIT.search(stated)
        unit = (inner[1] or inner[2]) if inner else stated
    if match := _BOX.search(folded):
        house, street, rest = match[1], "po box", folded[: match.start()] + folded[match.end() :]
    else:
        house, street, rest = _house_and_street(folded)
    if not unit and "/" in house:  # 3/12 High Street: the flat before the house
        unit, house = (part.strip() for part in house.split("/", 1))
    city = _fold(address.city)
    if not city:
        pieces = [piece.strip() for piece in rest.split(",") if piece.strip(" .-") and not piece.strip().isdigit()]
        city = re.sub(r"^\d{4,6}\s+", "", pieces[0]) if pieces else ""
        city = re.sub(r"\s+[a-z]{2}$", "", city) if postcode else city
    parts = PreparedAddress(
        region=_fold(address.region),
        city=" ".join(city.replace("-", " ").strip(" .").split()),
        street=street,
        house=house,
        building=block,
        unit=unit.replace("-", ""),
        lodging=bool(_LODGING.search(folded)),
        postcode=postcode,
        tokens=tuple(_WORD.findall(folded)),
    )
    return _finish(address, parts)


def _house_and_street(folded: str) -> tuple[str, str, str]:
    """House number, street with its words spelled out, and what follows."""
    text = folded.replace(".", "")
    for match in _HOUSE_STREET.finditer(text):
        segment = text[match.start(2) :].split(",", 1)
        words = segment[0].split()
        for at, word in enumerate(words[:6]):
            if _STREET_TYPES.get(word, word) in _TYPES and at > 0:
                after = " ".join(words[at + 1 :])
                rest = ", ".join(part.strip() for part in (after, *segment[1:]) if part)
                return re.sub(r"\s", "", match[1]), _spelled(words[: at + 1]), rest
    # A street without a known type: the words behind the number up to the comma, or those before it.
    if plain := re.match(r"^\s*,?\s*(\d+[a-z]?(?:[-/]\d+[a-z]?)?)\s+([^,\d]{3,60}?)\s*(?:,|$)(.*)$", folded):
        return plain[1], _spelled(plain[2].split()), plain[3]
    if plain := _STREET_HOUSE.match(folded):
        return plain[2], _spelled(plain[1].replace(".", " ").split()), plain[3]
    # No number: a street alone, where its type says that it is one.
    first, _, rest = text.strip(" ,").partition(",")
    words = first.split()
    if len(words) > 1 and not any(map(str.isdigit, first)) and _STREET_TYPES.get(words[-1], words[-1]) in _TYPES:
        return "", _spelled(words), rest
    return "", "", folded.strip(" ,")


def _spelled(words: list[str]) -> str:
    """A street's words with its type, directions and ordinals written one way; a Saint at its head stays short."""
    spelled = [_ORDINALS.get(word, word) for word in words]
    spelled = [f"{word[:-3]}strasse" if word.endswith("str") and len(word) > 5 else word for word in spelled]
    spelled = [
        _DIRECTIONS.get(word, word) if at in (0, len(words) - 1) and len(words) > 1 else word
        for at, word in enumerate(spelled)
    ]
    if spelled[0] == "saint":
        spelled[0] = "st"
    last = len(spelled) - 1
    return " ".join(
        _STREET_TYPES.get(word, word) if at and at in (last, last - 1) else word for at, word in enumerate(spelled)
    )
