"""Slavic names in Latin letters, whoever spelt them: one plain form in which English, German, French, Polish, scholarly
and passport spellings meet (Jelzin, Eltsine, Yeltsin: eltsin).

Sources: BGN/PCGN 1947 and ICAO Doc 9303 for English, Duden (Transkription aus dem Russischen) for German, the habit of
French newspapers and of Soviet passports, PWN for Polish, ISO 9 without marks for the scholarly form.

A spelling alone seldom tells its system: a letter is read in another language's way only where a part of the word shows
that language, ``w`` or ``sch`` for German, ``ou`` or ``tch`` for French. So Suchow is Sukhov, but Sukhov is no Shukhov.
"""

from __future__ import annotations

import re

from netpursuit.text.choices import joined
from netpursuit.text.patterns import regex

MIN_LETTERS = 4
MAX_LETTERS = 20
_MOST = 8  # spellings of one word in one system

# Endings of Slavic surnames and patronymics, of Georgian and Armenian surnames, in any of the systems.
_SURNAME = regex(
    r"(?:[oe](?:v|w|ff|va|wa)|[iy]n[ea]?|(?:s|c|z)k(?:[iyj]{1,2}|a|a[iyj]a)|n[iy][iyj]|lny|[ei]n[kc]o|[uoa]k|n[iy]k|[a-z]{3}o[iyj]"
    r"|[iy](?:ch|tsch|tch|cz|c)|[vw]na|(?:sh|sch|ch|sz)[vw]ili|ad[sz]e|[iyj]an)$"
)

_UNMISTAKABLE = regex("tsch|chtch|szcz|shch")


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Letters of a system -> what they stand for in English letters."""
    pairs = (cell.split("=") for cell in text.split())
    return {letters: tuple(meant.split(",")) for letters, meant in pairs}


# What shows the system, and its letters; a value in several ways, the likeliest first.
_SYSTEMS: tuple[tuple[re.Pattern[str], dict[str, tuple[str, ...]]], ...] = (
    (
        regex("w|sch|j(?!i)|tz"),
        _table("schtsch=shch dsch=dzh tsch=ch sch=sh,zh,shch ch=kh tz=ts z=ts ss=s ^s=z,s s=s,z w=v j=y"),
    ),
    (
        regex("ou|tch|gu[eiy]|(?<=.)j(?!i)|^j(?!i)(?!.*[iy]ne$)|ts.*[iy]ne$|chvili$"),
        _table("chtch=shch tch=ch ch=sh dj=dzh j=zh iou=yu you=yu ou=u gue=ge gui=gi guy=gi ss=s ine$=in yne$=in"),
    ),
    (regex("w|cz|sz"), _table("szcz=shch cz=ch sz=sh ch=kh c=ts z=z,zh w=v j=y")),
    (
        regex("j(?!i)|c(?![hkz])"),
        _table("sch=sh sc=shch,sch ch=kh c=ts,ch h=kh,g s=s,sh z=z,zh j=y"),
    ),
    (regex("(?<![sczktg])h(?!.*[iy]ne?$)|^j(?!i)"), _table("shch=shch sh=sh ch=ch zh=zh kh=kh h=g,kh ^j=dzh")),
)
_LETTERS = tuple(regex("|".join(sorted(table, key=lambda key: -len(key.strip("^$")))) + "|.") for _, table in _SYSTEMS)


def _glide(found: re.Match[str]) -> str:
    return "i" if found.end() == len(found.string) else ""


def plain_slavic(text: str) -> str:
    """One form for what the systems with English letters write in several ways.

    >>> [plain_slavic(name) for name in ("yatsenyuk", "iatseniuk", "solovyov", "soloviev", "zelenskyy", "smirnoff")]
    ['yatsenyuk', 'yatsenyuk', 'solovev', 'solovev', 'zelenski', 'smirnov']
    """
    text = text.replace("tz", "ts").replace("w", "v").replace("x", "ks")
    if text.endswith("ff"):
        text = text[:-2] + "v"
    text = _DOUBLED.sub(r"\1", text)
    if "o" in text and text.endswith(("v", "va")):
        text = _O_AFTER_SH.sub("e", text)
    if "i" in text or "y" in text or "j" in text:
        text = _GLIDE_BEFORE_E.sub(_glide, text)
        text = _GLIDE_BEFORE_VOWEL.sub("y", text)
        if "y" in text or "j" in text or "ii" in text:
            text = _OTHER_GLIDE.sub("i", text)
    return text


_DOUBLED = regex(r"([^aeiouyj])\1")
_O_AFTER_SH = regex("(?:(?<=[csz]h)o|(?<=[bdfghklmnprstvzc])[iyj]+o)(?=va?$)")
_GLIDE_BEFORE_E = regex("[iyj]+(?:$|(?=e))")
_GLIDE_BEFORE_VOWEL = regex("[iyj]+(?=[aou])")
_OTHER_GLIDE = regex("(?:y|j(?!i))+(?![aou])i*|ii+")


def _spelt_by(at: int, text: str) -> tuple[str, ...]:
    """The plain forms of a word read in one system."""
    table = _SYSTEMS[at][1]
    letters = _LETTERS[at].findall(text)
    options = [table.get(one) or (one,) for one in letters]
    options[-1] = table.get(letters[-1] + "$", options[-1])
    options[0] = table.get("^" + letters[0], options[0])
    return tuple(map(plain_slavic, joined(options, _MOST, 256)))


def slavic_forms(folded: str) -> tuple[str, ...]:
    """The plain forms of a folded Latin word in every system whose letters it shows: at most 16, English first."""
    if not MIN_LETTERS <= len(folded) <= MAX_LETTERS or not folded.isalpha():
        return ()
    found = [plain_slavic(folded)]
    for at, (tell, _) in enumerate(_SYSTEMS):
        if tell.search(folded):
            found += _spelt_by(at, folded)
    return tuple(dict.fromkeys(found))[:16]


def is_slavic_surname(folded: str) -> bool:
    """Whether a folded Latin word ends as Slavic, Georgian and Armenian surnames and patronymics do, in any system, or
    has letters that only such a name has (Kutschma)."""
    return len(folded) > MIN_LETTERS and bool(_SURNAME.search(folded) or _UNMISTAKABLE.search(folded))


def bones(text: str) -> bytes:
    """The consonants of a plain form in the classes that all systems keep apart, neighbours of one class as one.

    >>> bones("pyotr"), bones("vyacheslav")
    (b'psr', b'vslv')
    """
    found = text.encode("utf-8", "surrogatepass").translate(_CLASSES, b"aeiouyj")
    return bytes([letter for letter, before in zip(found, b"\0" + found, strict=False) if letter != before])


def bones_of_forms(folded: str) -> tuple[bytes, ...]:
    """All that the ``bones`` of the ``slavic_forms`` of a word with at most one ``j`` may be.

    >>> bones_of_forms("jewgeni")
    (b'vsn', b'svsn')
    """
    glide = bones(folded)
    return (glide, bones(folded.replace("j", "z"))) if "j" in folded else (glide,)


_CLASSES = bytes.maketrans(b"fwzchtdkgxq", b"vvsssssssss")

_SHOWS = regex("[jwyx]|ou|sch|tch|tz|gu[ei]|ii|i[aeou]|[io]h|^h|ch|kh|[csz]z|ff$")


def shows_a_system(folded: str) -> bool:
    """Whether a folded Latin word has letters that systems differ in; other words are their own plain form."""
    return bool(_SHOWS.search(folded))


def common_gender(plain: str) -> str | None:
    """The surname that a man and a woman of one family share, from a plain form; None where it has no such ending.

    >>> common_gender("ivanova"), common_gender("ivanov"), common_gender("zelenskaya"), common_gender("zelenski")
    ('ivanov', 'ivanov', 'zelensk', 'zelensk')
    """
    found = _GENDER.fullmatch(plain)
    return found.group(1) if found else None


_GENDER = regex(r"(.{2,}(?:[oe]v(?=a?$)|[tsz]k(?=(?:i|a|aya)$)))(?:a|i|aya)?")
