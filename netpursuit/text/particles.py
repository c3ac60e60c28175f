"""Words beside a name that are no part of it, and Arabic compounds that are one name written as several words.

Everything here works on folded words (see ``folding``). The lists are linguistic facts written down for this program.
"""

from __future__ import annotations

from functools import cache

from netpursuit.text.patterns import regex
from netpursuit.text.pinyin import is_pinyin_syllable
from netpursuit.text.rows import table_rows, words

# Dropped where at least one other word remains.
TITLES = words(
    """
    dr mr mrs ms mme mlle prof professor sir dame col colonel lt lieutenant gen brig brigadier capt captain
    sgt sergeant cpl pvt maj cmdr cdr commander adm admiral marshal eng engr engineer ing hon rev reverend fr
    father msgr ayatollah mullah mulla mawlawi mawlavi maulavi maulawi molvi moulvi maulvi maulana mawlana
    ustad ustadh ustaz alhaji alhadji alhaj president minister senator ambassador herr frau monsieur madame
    senor senora dott avv lic eminence господин гражданин гр др доктор генерал полковник майор капитан
    муфтий мулла الدكتور دكتور الشيخ الحاج العقيد العميد اللواء المهندس الاستاذ ملا مولوي
    """
)
# Dropped only where at least two other words remain: they are also given or family names.
SOFT_TITLES = words(
    """
    sheikh shaikh shaykh sheik cheikh haji hajji hadji hajj hadj haj general major imam miss lord
    """
)
SUFFIXES = words("phd md esq mba msc cpa esquire obe cbe")  # besides those of text/generations.py
HAN_TITLES = (
    "先生", "女士", "小姐", "太太", "夫人", "博士", "教授", "医生", "医师", "律师", "老师", "阁下", "同志", "法师",
    "上校", "少校",
    "上尉", "将军", "大使", "部长", "局长", "主席", "总统", "经理", "阿訇", "氏",
)  # fmt: skip
HANGUL_TITLES = ("선생님", "씨", "님", "선생", "박사", "교수", "대통령", "위원장")

# Article and kinship words of Arabic, Hebrew, Malay and Berber names: always dropped inside a name.
_KINSHIP = words(
    """
    bin ibn ibnu bint binti binte bte ould oulad wuld weld uld mint ap ben bat بن ابن بنت ولد بنو בנ בת ибн
    бин бен оглы кызы ogly oglu oghlu qizi kyzy
    """
)
_ARTICLES = words("al el ul ur ud as ash ad ar at an az us elm эль аль ال")
# European particles: dropped inside a name unless the name reads as Chinese or Vietnamese.
_PARTICLES = words(
    """
    van von der den de da das do dos du di del della dei dello la las le les los ter ten te zu zur zum y e af
    av d nee born
    """
)
_VIETNAMESE = words(
    """
    nguyen tran pham hoang huynh phan vu vo dang bui ngo duong dinh thi trinh luong doan trieu truong mai
    """
)


def is_kinship(word: str, at: int) -> bool:
    """Whether a word is a patronymic particle; ``ben`` at the beginning of a name is a given name."""
    return word in _KINSHIP and not (at == 0 and word in ("ben", "bat", "ap"))


def is_article(word: str, hyphened: bool, at: int, count: int) -> bool:
    """Whether a word is the Arabic article before the next word.

    A hyphen after it decides; without one a lone ``al`` in front of a single word is a given name (Al Gore), and
    short words such as ``an`` or ``at`` are names of their own.
    """
    if word not in _ARTICLES:
        return False
    return hyphened or (word in ("al", "el", "ul", "ال", "аль", "эль") and (at > 0 or count > 2))


def are_particles_names(words: list[str]) -> bool:
    """Whether ``van``, ``de``, ``la`` in these words are rather syllables of a Vietnamese or Chinese name."""
    return not _VIETNAMESE.isdisjoint(words) or all(is_pinyin_syllable(word) for word in words)


def is_particle(word: str) -> bool:
    """Whether a word is a particle of a Romance, German or Dutch family name."""
    return word in _PARTICLES


@cache
def _stems(kind: str) -> dict[str, str]:
    """Spelling -> form in the key: of the second parts after ``Abd`` (abd) or the first before ``al-Din`` (din)."""
    rows = (row for row in table_rows("compounds.csv") if row[0] == kind)
    return {spelling: standard for _, standard, spellings in rows for spelling in spellings.split()}


_ABD_WORDS = words(
    """
    abd abdal abdel abdul abdol abdoul abdil abdur abdir abdar abder abdor abdus abdas abdes abdis abdush
    abdu abdi abdou
    """
)
_ABD_JOINED = regex(r"abd(?:[aeiou]{0,2})(?:[lrsnzdt]|sh)?")
_DIN_WORDS = words("din deen dine dien ddin ddine eddin eddine eddeen uddin uddeen aldin eldin aldeen eldeen aldine")
_ALLAH_WORDS = words("allah ullah ollah oullah ulla ullahi")
_ALLAH_JOINED = regex(r"(?<=[a-z]{3})(?:ou|[aou])ll?ahi?$|(?<=[a-z]{4})ulla$")
_DIN_JOINED = regex(r"(?:[aeiou]{0,2}(?:l|d+)?)(?:din|deen|dine|dien|tin|ttin|dinov)$")
_SPECIAL = _KINSHIP | _ARTICLES | _PARTICLES | _ABD_WORDS | _DIN_WORDS | _ALLAH_WORDS


def is_special(word: str) -> bool:
    """Whether a word may be anything but a name by itself: a particle, an article, part of a compound."""
    return word in _SPECIAL


def joined_abd(first: str, rest: str, *, article: bool = False) -> str | None:
    """The one folded form of ``Abd al-Rahman`` from its two parts, ``abdalrahman``; None where they are no such name.

    ``article`` says that an article stood between them (then any second part counts).
    """
    if first not in _ABD_WORDS:
        return None
    stem = _stems("abd").get(rest) or (_stems("abd").get(rest[1:]) if rest[:1] == rest[1:2] else None)
    if stem == "allah":
        return "abdallah"
    if stem is None and not article:
        return None
    return f"abdal{stem or rest}"


def joined_din(first: str, rest: str) -> str | None:
    """The one folded form of ``Salah ad-Din``, ``salahaldin``, from its two parts; None where they are no such name."""
    if rest not in _DIN_WORDS:
        return None
    stem = _stems("din").get(first) or _stems("din").get(first.rstrip("aeiou"))
    return f"{stem}aldin" if stem else None


def joined_allah(first: str, rest: str) -> str | None:
    """The one folded form of ``Habib Ullah``, ``habiballah``, from its two parts; None where they are no such name."""
    return f"{first}allah" if rest in _ALLAH_WORDS and len(first) > 2 else None


def standard_compound(word: str) -> str:
    """A folded Latin word with ``Abd``, ``-al-Din`` and ``-ullah`` written one way (``abdurrahman``: ``abdalrahman``).

    Other words are returned as they are; so is what is already in that form.
    """
    if len(word) < 6:
        return word
    if word.startswith("abd"):
        return _standard_abd(word)
    if word.endswith(("din", "deen", "dine", "dien", "tin")):
        found = _DIN_JOINED.search(word)
        if found and (stem := _stems("din").get(word[: found.start()])):
            return f"{stem}aldin"
    if len(word) > 6 and "lla" in word[-5:]:
        return _ALLAH_JOINED.sub("allah", word)
    return word


def _standard_abd(word: str) -> str:
    stems = _stems("abd")
    longest = _ABD_JOINED.match(word)
    for cut in range(longest.end() if longest else 3, 2, -1):
        rest = word[cut:]
        stem = stems.get(rest) or (stems.get(rest[1:]) if rest[:1] == rest[1:2] else None)
        if stem and stem != "al":
            return "abdallah" if stem == "allah" else f"abdal{stem}"
    return word
