"""Hanyu Pinyin without tone marks, and what other romanisations make of it."""

from __future__ import annotations

from functools import cache, lru_cache

from netpursuit.text.patterns import regex

LONGEST_EAST_ASIAN = 12  # Latin letters: of two syllables
_SYLLABLES_KEPT = 2_048  # there are some 420; whatever else is asked may fall out again

# Initial -> finals it goes with (现代汉语词典, table of syllables); "v" stands for ü.
_SYLLABLES = {
    "": "a ai an ang ao e ei en eng er o ou yi ya ye yao you yan yin yang ying yong yo yai "
    "wu wa wo wai wei wan wen wang weng "
    "yu yue yuan yun",
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": "a e ai ei ao ou an en ang eng ong i ia ie iao iu ian ing u uo ui uan un",
    "t": "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan v ve",
    "l": "a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve o",
    "g": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "k": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "h": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "zh": "a e i ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "ch": "a e i ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "sh": "a e i ai ei ao ou an en ang eng u ua uo uai ui uan un uang",
    "r": "e i ao ou an en ang eng ong u uo ui uan un ua",
    "z": "a e i ai ei ao ou an en ang eng ong u uo ui uan un",
    "c": "a e i ai ao ou an en ang eng ong u uo ui uan un",
    "s": "a e i ai ao ou an en ang eng ong u uo ui uan un",
}
_WG_INITIALS = {
    "b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "x": "hs", "zh": "ch", "z": "ts", "c": "ts", "r": "j",
}  # fmt: skip
_WG_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "szu", "er": "erh",
    "yi": "i", "yan": "yen", "ye": "yeh", "you": "yu", "yong": "yung", "yue": "yueh", "ge": "ko", "ke": "ko",
    "he": "ho", "guo": "kuo", "kuo": "kuo", "huo": "huo", "shuo": "shuo", "gui": "kuei", "kui": "kuei", "e": "o",
    "lo": "lo",
}  # fmt: skip
_WG_FINALS = {
    "ian": "ien", "ie": "ieh", "ong": "ung", "iong": "iung", "ue": "ueh", "ve": "ueh", "v": "u", "uo": "o",
}  # fmt: skip


@cache
def pinyin_syllables() -> frozenset[str]:
    """All toneless syllables, ü written ``v``, and beside them ``lu``-like spellings of it as ``lyu``."""
    plain = {initial + final for initial, finals in _SYLLABLES.items() for final in finals.split()}
    return frozenset(plain | {"lyu", "nyu", "lue", "nue"})


def is_pinyin_syllable(word: str) -> bool:
    """Whether a folded Latin word is exactly one syllable of pinyin."""
    return word in pinyin_syllables()


def split_pinyin(word: str, limit: int = 3) -> tuple[str, ...]:
    """The syllables of a folded Latin word, the longest first syllable first; empty where it is not all pinyin.

    At most ``limit`` syllables. ``xian`` is one syllable, not two: fewer syllables win.
    """
    syllables = pinyin_syllables()
    if len(word) > 6 * limit:
        return ()
    if word in syllables:
        return (word,)
    best: tuple[str, ...] = ()
    if limit > 1:
        for cut in range(min(6, len(word) - 1), 0, -1):
            if word[:cut] in syllables and (rest := split_pinyin(word[cut:], limit - 1)):
                found = (word[:cut], *rest)
                if not best or len(found) < len(best):
                    best = found
    return best


_TONED = regex(r"([a-z]+)[1-5]")


def without_tone_numbers(word: str) -> str:
    """``zhi4yuan3`` -> ``zhiyuan``; a word that is not all syllables of pinyin with tone numbers stays as it is."""
    if word[-1:].isdigit() and word[:1].isalpha():
        syllables = _TONED.findall(word)
        if len("".join(syllables)) + len(syllables) == len(word) and all(map(is_pinyin_syllable, syllables)):
            return "".join(syllables)
    return word


def initial_and_final(syllable: str) -> tuple[str, str]:
    """``zhang`` -> (``zh``, ``ang``); a syllable that begins with a vowel, y or w has no initial."""
    if syllable[:2] in ("zh", "ch", "sh"):
        return syllable[:2], syllable[2:]
    if syllable[:1] in tuple("bpmfdtnlgkhjqxrzcs"):
        return syllable[:1], syllable[1:]
    return "", syllable


@lru_cache(_SYLLABLES_KEPT)
def wade_giles(syllable: str) -> str:
    """Wade-Giles without marks for one toneless syllable of pinyin: ``zhang`` chang, ``cao`` tsao, ``xie`` hsieh.

    Source: the conversion table of the Library of Congress (Pinyin Conversion Project), apostrophes, umlauts and
    hyphens left out as people leave them out.
    """
    if syllable in _WG_WHOLE:
        return _WG_WHOLE[syllable]
    initial, final = initial_and_final(syllable)
    return _WG_INITIALS.get(initial, initial) + _WG_FINALS.get(final, final)


_TONGYONG_INITIALS = {"zh": "jh", "q": "c", "x": "s"}
_TONGYONG_FINALS = {"iu": "iou", "ui": "uei", "v": "yu"}


@lru_cache(_SYLLABLES_KEPT)
def tongyong(syllable: str) -> str:
    """Tongyong Pinyin (Taiwan, 2002 to 2008, and many passports since): ``zhi`` jhih, ``xu`` syu, ``xin`` sin."""
    initial, final = initial_and_final(syllable)
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        final = "ih"
    elif initial in ("j", "q", "x") and final[0] == "u":
        final = "y" + final
    elif (initial, final) == ("f", "eng"):
        final = "ong"
    elif syllable in ("wen", "weng"):
        final = final.replace("e", "u", 1)
    return _TONGYONG_INITIALS.get(initial, initial) + _TONGYONG_FINALS.get(final, final)


UMLAUTS = frozenset({"lv", "nv", "lyu", "nyu", "lve", "nve", "lue", "nue"})  # that may hold ü and be written otherwise


@lru_cache(_SYLLABLES_KEPT)
def spellings_of_umlaut(syllable: str) -> tuple[str, ...]:
    """The ways in which people write a syllable that may hold ü: ``lv`` gives lv, lu and lyu; ``yu`` only itself."""
    if syllable not in UMLAUTS:
        return (syllable,)
    if syllable in ("lv", "nv", "lyu", "nyu"):
        return (syllable[0] + "v", syllable[0] + "u", syllable[0] + "yu")
    return (syllable[0] + "ve", syllable[0] + "ue", syllable[0] + "yue")


@lru_cache(_SYLLABLES_KEPT)
def blurred(syllable: str) -> str:
    """The syllable with what many speakers do not tell apart merged: zh/z, ch/c, sh/s, ang/an, eng/en, ing/in, n/l."""
    initial, final = initial_and_final(syllable)
    initial = {"zh": "z", "ch": "c", "sh": "s", "n": "l"}.get(initial, initial)
    if final.endswith(("ang", "eng", "ing")):
        final = final[:-1]
    return initial + final
