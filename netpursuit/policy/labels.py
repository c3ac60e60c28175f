"""What the labels of an imported graph may not be used for (promise A10): compiled in.

Its labels are free. Those that name a group of people by a trait are never read; those that name a place are asked for
under a case only, as a building of the program's own graph is.
"""

from __future__ import annotations

import re

# Traits by which nobody is looked for, beside ethnicity, native place and religion, whose columns are never read.
_GROUPS = frozenset(
    ("nationality", "citizenship", "birthplace", "placeofbirth", "countryofbirth", "tribe", "clan", "caste", "sect")
)
_GROUPS_HAN = ("国籍", "國籍", "出生地", "部族", "部落", "教派")

_PLACES = frozenset(
    (
        *("address", "addresses", "location", "locations", "place", "places", "building", "buildings", "premises"),
        *("house", "houses", "property", "flat", "apartment", "hotel", "hostel", "street", "road", "block", "estate"),
        *("postcode", "postalcode", "zip", "zipcode", "area", "areas", "district", "borough", "ward", "city", "town"),
        *("village", "county", "province", "region", "state", "country", "site", "venue"),
    )
)
_PLACES_HAN = (
    "地址",
    "住址",
    "地点",
    "地點",
    "小区",
    "楼",
    "樓",
    "街道",
    "酒店",
    "宾馆",
    "城市",
    "省份",
    "地区",
    "社区",
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def names_group(label: str) -> bool:
    """Whether nodes of this label stand for a group of people.

    >>> names_group("PLACE_OF_BIRTH"), names_group("Gang")
    (True, False)
    """
    return not _GROUPS.isdisjoint(_words(label)) or any(word in label for word in _GROUPS_HAN)


def names_place(label: str) -> bool:
    """Whether nodes of this label are places, in which anybody may be.

    >>> names_place("HomeAddress"), names_place("PostCode"), names_place("Person")
    (True, True, False)
    """
    return not _PLACES.isdisjoint(_words(label)) or any(word in label for word in _PLACES_HAN)


def _words(label: str) -> set[str]:
    """The words of a label and every row of neighbours among them run together: post, code, postcode."""
    words = [word.casefold() for word in _WORD.findall(label)]
    return {"".join(words[first:last]) for first in range(len(words)) for last in range(first + 1, first + 4)}
