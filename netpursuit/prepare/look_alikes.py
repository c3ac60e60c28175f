"""Chinese characters that hands, eyes and scanners take for one another (形近字).

Written down for this program from school lists of characters that are often confused. A character stands in one group;
a group is a hint that costs dear, never an identity.
"""

from __future__ import annotations

_GROUPS = """
己已巳 未末朱 土士 人入八 日曰 千干于 大太犬丈 刀刁力 天夭 午牛 今令 免兔 鸟乌 折拆析
戊戌戍成 晴睛 清请情 杨扬 弛驰 杭抗 洪拱 王玉壬主 冉再 田由甲申 元无 毛手 贝见 木本术
白百自 目且 季李 孙逊 辛幸 侯候 博搏 祥详 雷雪 亨享 券卷 茶荼 宋宗 沈沉
明朋 丹舟 方万 史吏 陈阵 汪汗江 泽译择 波坡 玲铃 婷停 娟捐 峻竣 凤风 彬杉
宁宇字 辉挥 霞暇 兵乒 芬芳 范苑 苟荀 岳兵丘 戴截 燕蒸 袁哀 柳抑 栗粟 汤扬
叶吐 郎朗 钟种 谢射 彭膨 蒋将 萧肃 贾贸 傅博 姚桃 邵绍 郝赤 龚袭 覃草
翟霍 梁粱 梅悔 崇祟 睢雎 泪洎 炙灸 赢嬴羸 徒徙 冶治 柏拍 桂挂 松讼 静净
晓饶 娜挪 倩情 琳林淋 瑶遥 萍苹 莹萤 蕾雷 薇徽 鑫淼
"""


def _representatives() -> dict[str, str]:
    known: dict[str, str] = {}
    for group in _GROUPS.split():
        for character in group[1:]:
            known.setdefault(character, group[0])
    return known


_FIRST_OF_GROUP = _representatives()
_MEMBERS = frozenset(_FIRST_OF_GROUP) | frozenset(_FIRST_OF_GROUP.values())


def fold_look_alikes(text: str) -> str:
    """The text with each character as the first of its group; empty where none has look-alikes.

    >>> fold_look_alikes("建末") == fold_look_alikes("建未") != ""
    True
    """
    if _MEMBERS.isdisjoint(text):
        return ""
    return "".join(_FIRST_OF_GROUP.get(character, character) for character in text)
