"""Divisions of the People's Republic of China by name: provinces and cities, and what renamed ones are called now.

The names of provinces and cities are those of the table of GB/T 2260 codes that python-stdnum ships; its codes were
used again for other places, so that what was renamed or merged stands in ``tables/divisions.csv``, each row with its
date. Both are read on first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from netpursuit.text.patterns import regex

_CITY = regex(r'^\s+(\d\d)00 county="(.*)"$')
_PROVINCE = regex(r'^\d\d province="(.*)"$')
_NAME = regex(r"(?:\[\d*-\d*\])?([^,\[\]]+)")
_SUFFIXES = ("特别行政区", "自治区", "地区", "省", "市", "盟", "区", "县", "旗")
_NATIONS = ("壮族", "回族", "维吾尔")


@dataclass(frozen=True, slots=True)
class Divisions:
    """Stems of ``provinces`` and ``cities``; ``renamed``: (stem of the city or empty, former name) -> name now."""

    provinces: frozenset[str]
    cities: frozenset[str]
    renamed: dict[tuple[str, str], str]

    def current(self, name: str, city: str = "") -> str:
        """What a division is called now; ``city`` is the stem of the city where it stands.

        >>> divisions().current("宣武区", "北京"), divisions().current("襄樊市")
        ('西城区', '襄阳市')
        """
        return self.renamed.get((city, name)) or self.renamed.get(("", name), name)


def stem(name: str) -> str:
    """A name without the word for its kind, where two characters or more are left; 自治州 and 自治县 by two characters.

    >>> [stem(name) for name in ("吴江市", "吴江区", "赣县", "延边朝鲜族自治州", "延边州")]
    ['吴江', '吴江', '赣县', '延边', '延边']
    """
    if "自治" in name and not name.endswith("自治区"):
        return name[:2]
    for nation in _NATIONS:
        name = name.replace(nation, "")
    for suffix in (*_SUFFIXES, "州") if len(name) == 3 else _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name


@cache
def divisions() -> Divisions:
    """The tables, read once."""
    provinces: set[str] = set()
    cities: set[str] = set()
    for line in (resources.files("stdnum.cn") / "loc.dat").read_text(encoding="utf-8").splitlines():
        if match := _PROVINCE.match(line):
            provinces.add(stem(match[1]))
        elif (match := _CITY.match(line)) and match[1] != "00":
            cities.update(stem(name) for name in _NAME.findall(match[2]) if "辖" not in name and len(stem(name)) > 1)
    rows = (resources.files(__package__) / "tables" / "divisions.csv").read_text(encoding="utf-8").splitlines()
    parts = [row.split(";") for row in rows if row[0] != "#"]
    return Divisions(frozenset(provinces), frozenset(cities), {(city, former): name for city, former, name, _ in parts})
