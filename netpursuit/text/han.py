"""Chinese characters: one comparison form for simplified, traditional and variant forms; look-alikes.

The tables of OpenCC (``TSCharacters``, ``HKVariants``, ``JPVariants``; Apache-2.0) come with the package
``opencc-python-reimplemented`` and are read once, on first use.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from netpursuit.text.rows import table_rows

# Variant forms that OpenCC leaves alone; each pair is one character in two shapes (第一批异体字整理表, 1955), not two
# characters of one sound. Characters restored for names in 2013 (昇, 喆, 堃 ...) are not here: they tell people apart.
_VARIANTS = (
    "峯峰 羣群 脩修 崐昆 崑昆 崙仑 崘仑 勳勋 勛勋 珎珍 氷冰 秊年 亙亘 畧略 旾春 濶阔 牀床 菓果 裏里 啟启 啓启 衞卫 "
    "恒恒 恆恒 "
    "甯宁 寗宁 寧宁 寕宁 晉晋 硃朱 麪面 疎疏 踈疏 欵款 鑑鉴 鑒鉴 毓毓 瑠琉 琍璃 祕秘 姉姊 嬾懒 嶽岳 彊强 強强 剛刚 "
    "凃涂 溫温 邨村 隣邻 鄰邻 馀余 锺钟 鎮镇 鎭镇 眞真 愼慎 槇槙 曉晓 暁晓 黃黄 郎郎 朗朗 録录 錄录 淥渌 綠绿 緑绿 "
    "吳吴 呉吴 靑青 淸清 淨净 浄净 靜静 静静 爲为 僞伪 説说 說说 悅悦 銳锐 鋭锐 閱阅 敎教 敍叙 敘叙 俞俞 兪俞 戶户 "
    "戸户 "
    "産产 產产 顏颜 顔颜 彥彦 高高 髙高 﨑崎 嵜崎 斎斋 斉齐 沢泽 辺边 広广 桜樱 浜滨 竜龙 滝泷 恵惠 徳德 栄荣 実实 "
    "澤泽 "
    "濱滨 國国 囯国 圀国 囻国 堦阶 煕熙 熈熙 凞熙 煊煊 晧皓 皜皓 昻昂 舘馆 館馆 灮光 竝并 並并 幷并 併并 蘓苏 蘇苏 "
    "鴈雁 鵰雕 彫雕 贒贤 賛赞 讚赞 讃赞 贊赞 譁哗 豔艳 艶艳 豓艳 卋世 丗世 丰丰 凉凉 涼凉 凖准 準准 倂并 尅克 剋克"
)
# Left as they are: 乾 is Qian in names far more often than a traditional 干; 弁 and 缶 are Japanese short forms only.
_KEPT = "乾弁缶"

MIN_TRANSCRIBED = 3  # characters of a transcribed name: 阿迪力
# Characters that clerks choose freely for one syllable of a Uyghur, Kazakh or Mongolian name.
_SYLLABLES = (
    "不卜布 买麦 提题体 里力利丽莉 依伊衣 吾乌吴 尔耳 孙逊荪松 木姆 克科 江疆 亚牙雅 斯思司 甫普 苏素 那娜纳 赛色塞 "
    "其琪奇 地迪 萨沙 玛马 努奴"
)
_TRANSCRIBED = str.maketrans({char: group[0] for group in _SYLLABLES.split() for char in group})


def fold_transcription(text: str) -> str:
    """The text with the characters by which one foreign syllable is transcribed made one.

    >>> fold_transcription("阿布都热衣木") == fold_transcription("阿不都热依木")
    True
    """
    return text.translate(_TRANSCRIBED)


@cache
def _look_alikes() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for (group,) in table_rows("look_alikes.csv"):
        for char in group:
            found.setdefault(char, set()).update(set(group) - {char})
    return {char: "".join(sorted(others)) for char, others in found.items()}


def look_alikes(char: str) -> str:
    """The characters for which a simplified character is easily taken by eye; empty where none is known.

    Symmetric: each of the answers has ``char`` among its own.
    """
    return _look_alikes().get(char, "")


@cache
def simplification() -> dict[int, str]:
    """Code point -> the form under which a character is compared, for every character whose form differs."""
    folder = resources.files("opencc") / "dictionary"

    def pairs(name: str) -> list[tuple[str, str]]:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        cells = [line.split("\t") for line in lines if "\t" in line]
        return [(left, right.split(" ")[0]) for left, right, *_ in cells if len(left) == 1]

    forms = {old: new for old, new in pairs("TSCharacters.txt") if len(new) == 1 and old not in _KEPT}
    simplified = set(forms.values())
    for name in ("HKVariants.txt", "JPVariants.txt"):
        for standard, variant in pairs(name):
            target = forms.get(standard, standard)
            # A variant that is a simplified character of its own right (叶, 台, 芸) keeps its meaning.
            if len(variant) == 1 and variant not in _KEPT and variant not in forms and variant not in simplified:
                forms[variant] = target
    for pair in _VARIANTS.split():
        if pair[0] != pair[1]:
            forms[pair[0]] = forms.get(pair[1], pair[1])
    for old in list(forms):  # follow chains, so that folding twice changes nothing
        seen = {old}
        while (new := forms[old]) in forms and new not in seen:
            seen.add(new)
            forms[old] = forms[new]
    return {ord(old): new for old, new in forms.items() if old != new}


def simplify(text: str) -> str:
    """The text with every Chinese character in its comparison form; other characters stay."""
    return text.translate(simplification())
