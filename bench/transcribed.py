"""Synthetic people whose names are not Chinese, as Chinese registers write them: 买买提·吐尔逊, 扎西多吉, 巴特尔.

They are there to be watched over (A15): few characters and few names serve many people, so that a matcher that takes
them for Chinese names accuses their bearers more often than others. Everybody is invented; the same seed gives the
same people.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from importlib import resources
from itertools import accumulate

from bench.people import Invented, Stock, invent
from netpursuit.records import Name
from netpursuit.text.rows import table_rows

# Characters of names that stand in no table: those that the transcriptions of each tradition are made of.
_CHARACTERS = {
    "uyghur": "阿 热 古 丽 吐 尔 孜 木 买 提 依 明 布 艾 力 江 努 西 曼 克 娜 帕 沙 祖 莱",
    "kazakh": "叶 尔 兰 别 克 努 巴 哈 提 合 江 古 丽 沙 赛 木 热 恩 达 列 胡 马",
    "tibetan": "扎 西 多 吉 措 旦 增 洛 桑 尼 玛 卓 仁 青 才 让 格 德 平 贡 嘎 坚 参 拉",
    "mongolian": "巴 特 尔 格 日 勒 其 木 乌 云 图 雅 萨 仁 苏 和 那 布 朝 鲁 宝 音 达 来",
}
TRANSCRIBED = tuple(f"{tradition} in Chinese" for tradition in _CHARACTERS)


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Latin name -> its Chinese transcriptions, the commonest first."""
    clusters: dict[str, list[str]] = {}
    for table in ("variants.csv", "variants_han.csv"):
        for cluster, kind, members in table_rows(table):
            if kind == "v":
                clusters.setdefault(cluster, []).extend(members.split())
    found: dict[str, tuple[str, ...]] = {}
    for spellings in clusters.values():
        han = tuple(dict.fromkeys(name for name in spellings if len(name) > 1 and "\u4e00" <= name[0] <= "\u9fff"))
        found.update({name: han for name in spellings if name.isascii() and han})
    return found


@cache
def _tail_characters() -> tuple[str, ...]:
    """All of them: a tail of hundreds of thousands of names for every tradition alike."""
    return tuple(dict.fromkeys(char for characters in _CHARACTERS.values() for char in characters.split()))


@cache
def _stock(tradition: str) -> Stock:
    """Transcribed given names with the shares of their bearers: the first spelling twice as common as the next."""
    shares: dict[str, float] = {}
    text = (resources.files("netpursuit.policy") / "tables" / "world.csv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith(f"{tradition};G;"):
            _, _, ppm, names = line.split(";")
            for name in names.split():
                han = _spellings().get(name, ())
                for rank, spelling in enumerate(han):
                    part = 2.0**-rank / (2 - 2.0 ** (1 - len(han)))
                    shares[spelling] = shares.get(spelling, 0.0) + float(ppm) * part
    return Stock(tuple(shares), tuple(accumulate(shares.values())), _tail_characters(), lengths=(3, 4, 4))


def invent_transcribed(tradition: str, dice: random.Random) -> Invented:
    """One person of ``TRANSCRIBED`` with name and birth date."""
    of = tradition.removesuffix(" in Chinese")
    stock = _stock(of)
    given, second = stock.draw(dice), stock.draw(dice)
    if of in ("uyghur", "kazakh"):
        text = f"{given}·{second}"  # the father's name follows
    else:
        text = given + second if of == "tibetan" and dice.random() < 0.8 else given
        second = ""
    person = replace(invent("han", dice).person, names=(Name(text=text),))
    return Invented("han", second, given, person)
