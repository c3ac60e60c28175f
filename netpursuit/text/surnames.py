"""Chinese and Korean surnames: which beginnings of a name are one, and how each is written in Latin letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from netpursuit.text.pinyin import split_pinyin
from netpursuit.text.rows import table_rows

# Single surnames besides those of ``tables/surnames.csv``: 百家姓 (11th century) and later additions, simplified.
_MORE_SINGLE = (
    "褚卫沈水窦云奚郎昌苗凤花鲍俞柳酆费廉滕殷毕郝邬卞康伍元卜平和穆湛禹狄贝计伏谈茅纪项祝梁阮蓝席麻强娄危颜梅林刁徐骆"
    "高樊凌虞支昝管经裘干应宗宣邓郁杭诸钮嵇邢滑荣羊惠家封芮羿储糜松井富巫乌焦巴弓牧山谷车宓蓬全郗班仰秋仲伊宫宁栾"
    "甘厉戎符景詹束幸司韶郜蓟薄印宿怀蒲邰从鄂索咸籍卓蔺屠池阴胥苍双党谭贡劳姬扶堵冉宰郦雍郤璩桑濮寿通扈冀郏浦农别晏"
    "瞿充慕茹习鱼向戈廖庾暨居衡步耿弘匡寇广禄阙殳沃利越夔隆师巩厍晁勾敖融冷訾辛阚那饶空毋沙乜养鞠须丰巢蒯后荆红游竺"
    "逯益桓公岳帅缑亢况郈有琴归海墨哈谯笪佟商牟佘伯赏鄢汝涂初原楚闫肖付代仝撒苟冶官尚修信占邸楼苑未丛揣母门迟郜腾亓"
    "买米拜妥虎马马毛者海喇穆答洒闪锁铁丑卯次扎索多白旦贡才仁桑洛央普格曹达边巴旺尼顿岱麦俄南杭包敖乌斯布宝额孟特那"
    "东左南西税刀岩玉陇普者召罕木和禾盘邝冼植禤覃农韦蓝粟石龙隆楚漆续展由矫衣逢蔚郇郄仉亓晋闰问缐萨完赫佘寻冮靖丹鹿亲兆候"
    "昃枚粘揭战随衷昊宏是权都年双候茆尢綦塔勇开栗邝麴隽相况巨闭苟生玛夕宇言但字战闪库才桐回尔兀皮候哈依弋扬才战仵来尤"
)
# Compound surnames whose first character hardly ever stands alone as a surname: one reading only.
_COMPOUND = (
    "欧阳 司马 司徒 司空 司寇 诸葛 上官 令狐 皇甫 尉迟 万俟 慕容 宇文 长孙 端木 独孤 呼延 赫连 轩辕 西门 公孙 "
    "公冶 公羊 公良 公西 太史 太叔 拓跋 完颜 澹台 宰父 颛孙 亓官 漆雕 壤驷 鲜于 百里 第五 羊舌 微生 闾丘 巫马 宗政 "
    "爱新觉罗 叶赫那拉 纳兰 哥舒 拓拔 贺兰 淳于 濮阳 子车 东里"
)
# Compound surnames that may as well be a single surname and the first character of a given name: both are tried.
_AMBIGUOUS = (
    "东方 东郭 夏侯 南宫 申屠 闻人 钟离 单于 左丘 梁丘 谷梁 乐正 仲孙 叔孙 季孙 段干 "
    "司城 南门 东门 北宫 归海 海牙 武城 马佳 富察 那拉"
)

# Korean surnames (통계청, census of 2015: every one borne by more than about 5,000), with northern spellings.
_HANGUL_SINGLE = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길"
    "연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형두감음동빈온호범좌팽승간상시갈단견당화창리림로라량려룡륙"
)
_HANGUL_COMPOUND = ("남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방")


@dataclass(frozen=True, slots=True)
class SurnameSpellings:
    """How one surname is written: by pinyin, in Hong Kong, elsewhere, and by Korean passports."""

    pinyin: tuple[str, ...]
    cantonese: tuple[str, ...]
    regional: tuple[str, ...]
    korean: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """All of them, the pinyin first, each once."""
        return tuple(dict.fromkeys(self.pinyin + self.cantonese + self.regional + self.korean))


@cache
def surname_spellings() -> dict[str, SurnameSpellings]:
    """Simplified surname -> its spellings, from ``tables/surnames.csv``."""
    return {row[0]: SurnameSpellings(*(tuple(cell.split()) for cell in row[1:5])) for row in table_rows("surnames.csv")}


@cache
def surnames_by_spelling() -> dict[str, tuple[str, ...]]:
    """Spelling in Latin letters -> the surnames it may stand for, in the order of the table (commonest first)."""
    spelt: dict[str, list[str]] = {}
    for surname, spellings in surname_spellings().items():
        for spelling in spellings.every:
            spelt.setdefault(spelling, []).append(surname)
    return {spelling: tuple(surnames) for spelling, surnames in spelt.items()}


@cache
def single_surnames() -> frozenset[str]:
    """Chinese surnames of one character, simplified."""
    return frozenset(_MORE_SINGLE) | {surname for surname in surname_spellings() if len(surname) == 1}


@cache
def compound_surnames() -> dict[str, bool]:
    """Chinese surnames of two or more characters -> whether the beginning may as well be a single surname."""
    return dict.fromkeys(_COMPOUND.split(), False) | dict.fromkeys(_AMBIGUOUS.split(), True)


@cache
def hangul_surnames() -> frozenset[str]:
    """Korean surnames in Hangul, of one or two syllables."""
    return frozenset(_HANGUL_SINGLE) | frozenset(_HANGUL_COMPOUND)


@cache
def japanese_surnames() -> frozenset[str]:
    """Japanese surnames of two or three characters, in the comparison form: those of the table without pinyin."""
    return frozenset(surname for surname, spellings in surname_spellings().items() if not spellings.pinyin)


def is_known_surname(folded: str) -> bool:
    """Whether simplified characters are a Chinese or Japanese surname of the tables."""
    return folded in surname_spellings() or folded in japanese_surnames()


def splits_of_han(text: str) -> tuple[tuple[str, str], ...]:
    """(family, given) of an undivided Han name of two to six simplified characters that begins with a surname.

    One pair; two where a compound surname may be a single one (东方明: 东方|明 and 东|方明), is all there is, or may be
    Japanese (田中太郎); none where no known surname begins the name. A pair's ``given`` may be empty: a compound
    surname standing alone.
    """
    compounds = compound_surnames()
    single = text[:1] in single_surnames()
    alone = ((text[:1], text[1:]),) if single and 2 <= len(text) <= 4 else ()
    for size in (4, 3, 2):
        family, given = text[:size], text[size:]
        ambiguous = compounds.get(family)
        if ambiguous is None or len(text) < size:
            # Three characters are Chinese wherever they can be (金子轩 is no Kaneko).
            if family in japanese_surnames() and 1 <= len(given) <= 3 and (len(text) > 3 or not single):
                return ((family, given), *alone)
            continue
        if len(given) > 3:
            return ()
        return ((family, given), *(alone if ambiguous or not given else ()))
    return alone


def split_of_hangul(text: str) -> tuple[str, str] | None:
    """(family, given) of an undivided Hangul name of two to four syllables, or None where it does not begin with one.

    A two-syllable surname is taken only where at least one syllable remains (황보민; 남궁 alone is 남 and 궁).
    """
    if not 2 <= len(text) <= 4:
        return None
    if text[:2] in _HANGUL_COMPOUND and len(text) > 2:
        return text[:2], text[2:]
    return (text[0], text[1:]) if text[0] in hangul_surnames() else None


@cache
def _pinyin_surnames() -> frozenset[str]:
    return frozenset(reading for spellings in surname_spellings().values() for reading in spellings.pinyin)


def split_of_pinyin(word: str) -> tuple[str, str] | None:
    """(family, given) of a Chinese name written as one folded Latin word, or None where it is none.

    Two syllables after the surname, or one after a surname of four letters and more (``zhangwei``, but not ``lina``).
    """
    if not 7 <= len(word) <= 20:
        return None
    for cut in range(9, 1, -1):
        if word[:cut] in _pinyin_surnames() and (rest := split_pinyin(word[cut:], 2)) and len(rest) + cut // 4 >= 2:
            return word[:cut], word[cut:]
    return None
