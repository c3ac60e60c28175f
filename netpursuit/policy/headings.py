"""Words that decide what a list or a feed may be: registers of watched people (A8), landlords (A9). Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# A8: what heads a list of people who are wanted for nothing, as such registers are called in police practice.
# Han without spaces and in simplified characters, Latin as whole words.
_FORBIDDEN_HAN = (
    *("重点人员", "重点人口", "重点人群", "重点对象", "重点关注", "高危人员", "高危人群", "管控人员", "管控对象"),
    *(
        "关注人员",
        "列管人员",
        "信访",
        "上访",
        "访民",
        "涉访",
        "缠访",
        "闹访",
        "稳控",
        "维稳",
        "涉稳",
        "维权",
        "涉法涉诉",
    ),
    *("前科", "刑满释放", "刑释", "两劳", "解教", "帮教", "劣迹", "社区矫正", "吸毒人员", "精神病人", "精神障碍"),
    *("少数民族", "涉疆", "涉藏", "法轮功", "信教", "宗教人员", "异见", "律师名单", "记者名单"),
)
_FORBIDDEN_LATIN = (
    *("petitioner", "key population", "key individual", "key person", "focus person", "person of concern"),
    *("stability control", "stability maintenance", "ex offender", "former offender", "prior offender"),
    *("repeat offender", "ex convict", "former prisoner", "dissident", "activist", "protester", "rights defender"),
    *("ethnic minority", "worshipper", "asylum seeker"),
)
# What adds nothing to a forbidden word where it stands in a column of offences.
_FILLERS = ("重点", "管控", "人员", "对象", "名单", "类", "人", "者", "有")

_LANDLORD_HAN = ("房东", "出租人", "出租方", "出租房屋所有人", "业主", "屋主", "房主")
_LANDLORD_LATIN = ("landlord", "lessor", "letting agent", "property owner")

_SIMPLIFIED = str.maketrans(
    "訪穩維權點員對別關釋滿跡矯區藥數風險記師單東業輪異見信兩勞幫類纏鬧",
    "访稳维权点员对别关释满迹矫区药数风险记师单东业轮异见信两劳帮类缠闹",
)


def find_forbidden_word(heading: str) -> str:
    """The first word for a register of watched people in a list's title, heading or category, or empty.

    Width, case, spaces, hyphens, plurals and traditional characters do not hide it.

    >>> find_forbidden_word("2026年 信 訪 人員名單"), find_forbidden_word("在逃人员名单")
    ('信访', '')
    """
    return _find(heading, _FORBIDDEN_HAN, _FORBIDDEN_LATIN)


def find_forbidden_offence(offence: str) -> str:
    """The forbidden word, where an offence says nothing else than that a person is watched; or empty.

    An offence may mention a record; a person whose only offence is to have one is wanted for nothing.

    >>> find_forbidden_offence("前科人员"), find_forbidden_offence("盗窃，有前科")
    ('前科', '')
    """
    found = find_forbidden_word(offence)
    if not found:
        return ""
    rest = _joined(offence)
    for word in sorted((*_FORBIDDEN_HAN, *_FORBIDDEN_LATIN, *_FILLERS), key=len, reverse=True):
        rest = rest.replace(word.replace(" ", ""), "")
    return "" if rest.strip("s") else found


def names_landlords(purpose: str) -> bool:
    """Whether a feed's purpose names landlords, without which they are not screened."""
    return bool(_find(purpose, _LANDLORD_HAN, _LANDLORD_LATIN))


@lru_cache(maxsize=4096)  # a list says the same few offences again and again
def _find(text: str, han: tuple[str, ...], latin: tuple[str, ...]) -> str:
    joined = _joined(text)
    words = " ".join(re.findall(r"[^\W_]+", _folded(text)))
    return next((word for word in han if word in joined), "") or next(
        (word for word in latin if re.search(rf"\b{word[:-1]}(?:{word[-1]}s?|ies)\b", words)), ""
    )


def _joined(text: str) -> str:
    return re.sub(r"[\W_]+", "", _folded(text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)
