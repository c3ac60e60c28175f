"""Chinese addresses into parts: 省 市 区 县 镇 街道 路 弄 号 栋 单元 室, and the short forms of registers.

Administrative order follows GB/T 2260 and GB/T 23705; short forms such as ``3栋2单元501室`` = ``3-2-501`` are those
that registers use. No division table is needed: parts are cut at their suffixes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLACE = r"[\u3400-\u9fffA-Za-z0-9·]"
_LEVELS = (
    ("region", re.compile(rf"^({_PLACE}{{1,8}}?(?:省|自治区|特别行政区)|北京市?|上海市?|天津市?|重庆市?)")),
    ("city", re.compile(rf"^({_PLACE}{{1,10}}?(?:自治州|地区|盟|市))")),
    ("district", re.compile(rf"^({_PLACE}{{1,10}}?(?:自治县|自治旗|新区|区|县|旗|市))")),
    ("town", re.compile(rf"^({_PLACE}{{1,10}}?(?:街道办事处|街道|镇|乡|苏木))")),
)
_STREET = re.compile(rf"^({_PLACE}{{1,20}}?(?:大道|大街|胡同|路|街|道|巷|村|屯|里|新村|小区|花园|公寓|苑|庄|社区))")
_LANE = re.compile(r"^(\d+)(?:弄|巷)")
_HOUSE = re.compile(r"^(?:第)?(\d+(?:-\d+)?[A-Z]?)号(?:院|(?!楼|栋))")
_BUILDING = re.compile(r"^(?:第)?([0-9A-Z]+)(?:号楼|号院|栋|幢|座|楼(?=\d)|#|号(?=\d))")
_ENTRANCE = re.compile(r"^(?:第)?([0-9A-Z]+)(?:单元|门(?=\d))")
_ROOM = re.compile(r"^(?:第)?([0-9]+[A-Z]?|[A-Z][0-9]+)(?![0-9楼栋幢座单层弄院]|号(?!房))(?:室|房|号房|户)?")
_SHORT = re.compile(r"^([0-9A-Z]+)-([0-9A-Z]+)-([0-9]+[A-Z]?)$|^([0-9A-Z]+)[-#]([0-9]+[A-Z]?)$")
_FLOOR_SIDE = re.compile(r"^(\d+)(?:楼|层)([东西南北中左右]+)(?:户|侧|间)?")
_INNER = re.compile(r"(?:隔断|隔间|床位|铺位|单间|主卧|次卧)([0-9A-Z]*)")
_HAN_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_HAN_NUMBER = re.compile("[零〇一二三四五六七八九十百两]+(?=号|栋|幢|座|单元|室|楼|层|弄|巷|房|户|#)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChineseParts:
    """Parts without their suffixes where these are mere labels; empty where unknown."""

    region: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    street: str = ""
    house: str = ""
    building: str = ""
    entrance: str = ""
    room: str = ""


def fold_numerals(text: str) -> str:
    """Chinese numerals before a label as digits: 十二巷五号 -> 12巷5号."""

    def number(match: re.Match[str]) -> str:
        run = match[0]
        if "十" not in run and "百" not in run:
            return "".join(_HAN_DIGITS[digit] for digit in run)
        hundreds, _, rest = run.rpartition("百")
        tens, ten, ones = rest.rpartition("十")
        value = int(_HAN_DIGITS.get(hundreds, "1")) * 100 if "百" in run else 0
        value += int(_HAN_DIGITS.get(tens.lstrip("零〇"), "1")) * 10 if ten else 0
        value += int(_HAN_DIGITS.get(ones.lstrip("零〇"), "0")) if ones else 0
        return str(value)

    return _HAN_NUMBER.sub(number, text)


def split_address(text: str) -> ChineseParts:
    """Cut an address at its suffixes, from the largest part to the smallest; ``text`` is folded to half width."""
    rest = re.sub(r"[\s,，。.、()（）]", "", fold_numerals(text)).upper()
    found: dict[str, str] = {}
    for part, pattern in _LEVELS:
        if match := pattern.match(rest):
            # A name such as 市中区 or 路口镇 must not be cut at its first suffix.
            found[part], rest = match[1], rest[match.end() :]
    streets = []
    while match := _STREET.match(rest):
        streets.append(match[1])
        rest = rest[match.end() :]
        if lane := _LANE.match(rest):
            streets.append(f"{lane[1]}弄")
            rest = rest[lane.end() :]
        if len(streets) >= 4:
            break
    found["street"] = "".join(streets)
    if match := _HOUSE.match(rest):
        found["house"], rest = match[1], rest[match.end() :]
    return ChineseParts(**found, **split_unit(rest))


def split_unit(text: str) -> dict[str, str]:
    """Building, entrance and room of the end of an address or of a unit column.

    >>> split_unit("3栋2单元501室") == split_unit("3-2-501")
    True
    """
    rest = re.sub(r"[\s,，。、()（）]", "", fold_numerals(text)).upper()
    inner = _INNER.search(rest)
    suffix = f"/{inner[1] or inner[0]}" if inner else ""
    rest = _INNER.sub("", rest)
    rest = rest.replace("#-", "-")
    if short := _SHORT.match(rest):
        building, entrance, room = short[1] or short[4], short[2] or "", short[3] or short[5]
        return {"building": building, "entrance": entrance, "room": room + suffix}
    found = {"building": "", "entrance": "", "room": ""}
    if match := _BUILDING.match(rest):
        found["building"], rest = match[1], rest[match.end() :]
    if match := _ENTRANCE.match(rest):
        found["entrance"], rest = match[1], rest[match.end() :]
    if match := _FLOOR_SIDE.match(rest):
        found["room"] = f"{match[1]}{match[2]}"
    elif match := _ROOM.match(rest):
        found["room"] = match[1]
    found["room"] += suffix
    return found
