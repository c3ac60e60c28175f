"""Chinese addresses into parts: 省 市 区 县 镇 街道 路 弄 号 栋 单元 室, and the short forms of registers.

Administrative order follows GB/T 2260 and GB/T 23705; short forms such as ``3栋2单元501室`` = ``3-2-501`` are those
that registers use. Parts are cut at their suffixes; a province or city may lack its own where a table knows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netpursuit.ids.divisions import divisions
from netpursuit.text.patterns import regex

_PLACE = r"[\u3400-\u9fffA-Za-z0-9·]"
_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_REGION = regex(rf"^({_PLACE}{{1,8}}?(?:省|自治区|特别行政区)|(?:{'|'.join(_MUNICIPALITIES)})市?)")
# 市 also ends parts of lower rank (城市花园): a city comes before any of them.
_CITY = regex(r"^((?:(?![区县路街号道村])[\u3400-\u9fff·]){1,10}?(?:自治州|地区|盟|市))")
_DISTRICT = regex(rf"^({_PLACE}{{1,10}}?(?:自治县|自治旗|新区|(?<![小社厂校库])区|县|旗|市))")
_TOWN = regex(rf"^({_PLACE}{{1,10}}?(?:街道办事处|街道|镇|乡|苏木))")
_ESTATE_WORDS = (
    "小区|花园|花苑|公寓|大厦|广场|家园|嘉园|佳园|公馆|家属院|大院|新村|新城|名城|豪庭|苑"
    "|宿舍|宾馆|酒店|旅馆|招待所|客栈"
)
_STREET = regex(
    rf"^((?!第?[甲乙丙附]?\d+(?:[-之]\d+)?[A-Z]?号){_PLACE}{{1,20}}?(?:大道|大街|胡同|路|街|道|巷|村|屯|里|庄|社区|{_ESTATE_WORDS}))"
)
_ESTATE = regex(rf"^((?![0-9A-Z]){_PLACE}{{1,15}}?(?:{_ESTATE_WORDS}|园|城|府|庭|湾|楼)(?:\d+期)?)(?=[0-9A-Z])")
_GROUP = regex(r"^(?:第)?(\d+)(?:村民小?组|小组|组|队|排)")
_LANE = regex(r"^(\d+)(?:弄|巷)")
_HOUSE = regex(r"^(?:第)?([甲乙丙附]?)(\d+)(?:[-之](\d+))?([A-Z]?)号(?:[附之](\d+)号?|([甲乙丙]))?(?:院|(?!楼|栋))")
_BUILDING = regex(r"^(?:第)?([0-9A-Z]+)(?:号楼|号院|栋|幢|座|楼(?=\d)|#|号(?=\d))")
_ENTRANCE = regex(r"^(?:第)?([0-9A-Z]+)(?:单元|门(?=\d))")
_ROOM = regex(r"^(?:第)?([0-9]+[A-Z]?|[A-Z][0-9]+)(?![0-9楼栋幢座单层弄院]|号(?!房))(?:室|房|号房|户)?")
_SHORT = regex(r"([0-9A-Z]+)-([0-9A-Z]+)-([0-9]+[A-Z]?)|([0-9A-Z]+)-([0-9]+[A-Z]?)")
_FLOOR_SIDE = regex(r"^(\d+)(?:楼|层)([东西南北中左右]+)(?:户|侧|间)?")
_FLOOR = regex(r"^(\d+)[楼层F](?=\1\d\d)")  # 5楼501室: the room says the floor
_INNER = regex(r"(?:隔断|隔间|床位|铺位|单间|主卧|次卧)([0-9A-Z]*)")
_HAN_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_HAN_NUMBER = regex("[零〇一二三四五六七八九十百两]+(?=号|栋|幢|座|单元|室|楼|层|弄|巷|房|户|组|村民|队|排|期|#)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChineseParts:
    """Parts without their suffixes where these are mere labels; empty where unknown."""

    region: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    street: str = ""
    estate: str = ""
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
    """Cut an address at its suffixes, from the largest part to the smallest; ``text`` is folded to half width.

    ``estate`` is what stands behind a street or a house number and has buildings of its own (小区, 花园, 大厦).
    """
    rest = re.sub(r"[\s,，。.、()（）]", "", fold_numerals(text)).upper()
    rest = re.sub("^(?:中华人民共和国|中国)", "", rest)
    found, rest = _cut_divisions(rest)
    streets: list[str] = []
    while len(streets) < 4:
        if streets and (match := _LANE.match(rest)):
            streets.append(f"{match[1]}弄")
        elif streets and (match := _GROUP.match(rest)):
            streets.append(f"{match[1]}组")
        elif match := _STREET.match(rest):
            streets.append(match[1])
        else:
            break
        rest = rest[match.end() :]
    if match := _HOUSE.match(rest):
        before, number, minor, letter, inner, behind = match.groups("")
        minor = minor or inner
        found["house"] = (before or behind) + number + letter + (f"-{minor}" if minor else "")
        rest = rest[match.end() :]
    if match := _ESTATE.match(rest):
        found["estate"], rest = match[1], rest[match.end() :]
    elif len(streets) > 1 and re.search(f"(?:{_ESTATE_WORDS})$", streets[-1]):
        found["estate"] = streets.pop()
    found["street"] = "".join(streets)
    return ChineseParts(**found, **split_unit(rest))


def _cut_divisions(rest: str) -> tuple[dict[str, str], str]:
    """Province, city, district and town, and what follows; a name that a table knows may lack its suffix."""
    found: dict[str, str] = {}
    known = divisions()
    if match := _REGION.match(rest):
        found["region"], rest = match[1], rest[match.end() :]
    elif (size := next((n for n in (2, 3) if rest[:n] in known.provinces), 0)) and _city_stem(rest[size:]):
        found["region"], rest = rest[:size], rest[size:]
    head = _city_stem(rest)
    head += "州" if rest[len(head) :].startswith("州") else ""
    stated = _CITY.match(rest)
    whole = stated is not None and (stated[1] == f"{head}市" or stated[1].endswith(("自治州", "地区", "盟")))
    if head and not whole and _DISTRICT.match(rest[len(head) :]):
        found["city"], rest = head, rest[len(head) :]
    elif stated:
        found["city"], rest = stated[1], rest[stated.end() :]
    for part, pattern in (("district", _DISTRICT), ("town", _TOWN)):
        # A name such as 市中区 or 路口镇 must not be cut at its first suffix.
        if match := pattern.match(rest):
            found[part], rest = match[1], rest[match.end() :]
    return found, rest


def _city_stem(text: str) -> str:
    """The name of a known city that the text begins with, without its suffix; the longest."""
    return next((text[:size] for size in (4, 3, 2) if text[:size] in divisions().cities), "")


def split_unit(text: str) -> dict[str, str]:
    """Building, entrance and room of the end of an address or of a unit column.

    >>> split_unit("3栋2单元501室") == split_unit("3-2-501")
    True
    """
    rest = re.sub(r"[\s,，。、()（）]", "", fold_numerals(text)).upper()
    inner = _INNER.search(rest)
    suffix = f"/{inner[1] or inner[0]}" if inner else ""
    rest = _INNER.sub("", rest)
    if "单元" not in rest:
        plain = re.sub("(?:室|房间?|号房|户)$", "", re.sub("(?:号楼|[栋幢座#])-?", "-", rest))
        if short := _SHORT.fullmatch(plain):
            building, entrance, room = short[1] or short[4], short[2] or "", short[3] or short[5]
            return {"building": building, "entrance": entrance, "room": room + suffix}
    found = {"building": "", "entrance": "", "room": ""}
    rest = _FLOOR.sub("", rest)
    if match := _BUILDING.match(rest):
        found["building"], rest = match[1], rest[match.end() :]
    if match := _ENTRANCE.match(rest):
        found["entrance"], rest = match[1], rest[match.end() :].removeprefix("-")
    rest = _FLOOR.sub("", rest)
    if match := _FLOOR_SIDE.match(rest):
        found["room"] = f"{match[1]}{match[2]}"
    elif match := _ROOM.match(rest) or (re.match(r"(\d+)号$", rest) if found["entrance"] else None):
        found["room"] = match[1]
    found["room"] += suffix
    return found
