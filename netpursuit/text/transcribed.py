"""Uyghur, Kazakh and Mongolian names in Chinese characters, back in Latin letters as nearly as the characters tell.

For names in no table: 祖力皮卡尔 is read zulpikar, 夏木西丁 shamshidin. A closed syllable takes a character of its own
for its last consonant (尔, 克, 提), which is also the character of a full syllable at the beginning of a name.
"""

from __future__ import annotations

from functools import cache, lru_cache

from netpursuit.text.chinese import pinyin_of
from netpursuit.text.choices import joined

# characters:letters within a name[:letters at its beginning, where they differ], each the likeliest first.
_SYLLABLES = (
    "尔:r,l:er 耳:r:er 克:k,ke:ke 提:t,ti:ti 体:t:ti 特:t:te 木姆:m,mu:mu 甫普:p,pu:pu 夫:f:fu 斯:s,si:si "
    "思司:s:si 孜:z,zi:zi 则:z,ze:ze 兹:z:zi 力里利丽:l,li:li 布不卜:b,bu:bu 格:g,ge:ge 德:d,de:de "
    "合赫:h:ha 依伊衣:i 艾:e,a 吾:o,wu,u:o,wu 乌:u 买麦:me,ma 赛:se,sa 热:re,ra 拜:be,ba 排:pe 沙:sa,sha "
    "江:jan 库:qu,ku 卡:ka,qa 哈:ha,ka 喀:ka 坤:qun,kun:kun 丁:din 东:dun 荣:ren 朱:zhu,ju 凯:key "
    "来:le,la 外:we,wa 海:he 叶:ye,e 代:de 洪:hun 逊:sun"
)
_LATIN = (
    ("x", "sh"),
    ("q", "ch"),
    ("uo", "o"),
    ("ei", "e"),
    ("iang", "ian"),
    ("ie", "e"),
    ("jia", "ja"),
    ("shia", "sha"),
)
_MOST = 8


@cache
def _table() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Character -> its letters within a name and at its beginning."""
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for cell in _SYLLABLES.split():
        chars, within, *first = cell.split(":")
        letters = tuple(within.split(","))
        for char in chars:
            found[char] = (letters, tuple(first[0].split(",")) if first else letters)
    return found


def _options(char: str, first: bool) -> tuple[str, ...]:
    known = _table().get(char)
    if known:
        return known[first]
    letters = "".join(pinyin_of(char)[:1])
    for pinyin, latin in _LATIN:
        letters = letters.replace(pinyin, latin)
    return (letters,) if letters else ()


@lru_cache(maxsize=2)  # readings and skeleton of one token ask one after the other
def transcribed_readings(text: str) -> tuple[str, ...]:
    """Latin spellings of a transcribed name of three to eight simplified characters, at most eight, likeliest first."""
    if not 3 <= len(text) <= 8:
        return ()
    options = [_options(char, at == 0) for at, char in enumerate(text)]
    return tuple(dict.fromkeys(joined(options, _MOST)))
