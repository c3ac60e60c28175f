"""Everything by which a token is looked up or compared besides its own folded form; computed once a distinct token."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import jellyfish

from netpursuit.text.alphabets import (
    consonantal_reading,
    cyrillic_readings,
    greek_readings,
    hebrew_consonants,
    kana_readings,
)
from netpursuit.text.chinese import family_readings, given_readings, pinyin_of, pinyin_of_given
from netpursuit.text.clusters import bones_of_slavic_forms, clusters_by_member, clusters_by_slavic_form
from netpursuit.text.han import MIN_TRANSCRIBED, fold_transcription
from netpursuit.text.indic import indic_readings
from netpursuit.text.korean import hangul_family_readings, hangul_of_latin, hangul_readings, hangul_sound
from netpursuit.text.patterns import regex
from netpursuit.text.pinyin import LONGEST_EAST_ASIAN, blurred, spellings_of_umlaut, split_pinyin
from netpursuit.text.scripts import Script
from netpursuit.text.slavic import (
    bones_of_forms,
    common_gender,
    is_slavic_surname,
    plain_slavic,
    shows_a_system,
    slavic_forms,
)
from netpursuit.text.surnames import surname_spellings, surnames_by_spelling
from netpursuit.text.tokens import TokenRole
from netpursuit.text.transcribed import transcribed_readings

MAX_READINGS = 24
MAX_VARIANTS = 8
_CHARACTERS_KEPT = 4_096  # most names are written with less than half as many
# Of a plain name a member costs nothing; of its enumeration a call.
_LATIN, _HAN, _CYRILLIC, _ARABIC = Script.LATIN, Script.HAN, Script.CYRILLIC, Script.ARABIC
_HANGUL, _KANA, _GREEK, _HEBREW = Script.HANGUL, Script.KANA, Script.GREEK, Script.HEBREW
_UNKNOWN, _FAMILY, _GIVEN = TokenRole.UNKNOWN, TokenRole.FAMILY, TokenRole.GIVEN


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """The keys of one token.

    ``readings``: forms in ASCII letters under which the token may be written, the likeliest first, at most 24.
    ``variants``: ids of the clusters of names it belongs to, at most 8; names of one cluster are the same name written
    differently, or its short form. ``sound``: a coarse phonetic key, empty where there is none; ``h:`` before that of
    Chinese characters. ``skeleton``: consonants without vowels, empty below two of them.
    """

    readings: tuple[str, ...]
    variants: tuple[str, ...]
    sound: str
    skeleton: str


def token_keys(folded: str, script: Script, role: TokenRole, *, joined: bool = False) -> TokenKeys:
    """The keys of a token by its folded form, script and role; never fails, whatever the text.

    Two neighbours read as one (``joined``) have no sound and no skeleton, and of the readings of Latin letters only
    their own: two parts of a name make no new name that another language would spell in its own way.
    """
    if joined:
        readings = (folded,) if script is _LATIN else _readings(folded, script, role)[:MAX_READINGS]
        return TokenKeys(readings, _variants(folded, script, role, readings, slavic=False), "", "")
    readings = _readings(folded, script, role)[:MAX_READINGS]
    if script is _HAN:
        sound = _sound_of_han(folded, role)
        transcribed = transcribed_readings(folded) if role is _UNKNOWN else ()
        skeleton = skeleton_of(transcribed[0]) if transcribed else ""
    else:
        sound = jellyfish.metaphone(readings[0]) if readings and script not in _CONSONANTAL else ""
        skeleton = "" if script in (_HANGUL, _KANA) or not readings else skeleton_of(readings[0])
        if script in _CONSONANTAL:
            skeleton = _skeleton_of_abjad(folded, script)
    return TokenKeys(readings, _variants(folded, script, role, readings), sound, skeleton)


def variants_of_joined(folded: str) -> tuple[str, ...]:
    """The variants of two Latin neighbours read as one, in an unknown role."""
    found = [*clusters_by_member().get(folded, ())]
    found += [f"f:{surname}" for surname in surnames_by_spelling().get(folded, ())]
    if len(folded) <= LONGEST_EAST_ASIAN:
        found += [f"g:{form}" for form in pinyin_of_given(folded)]
        found += [f"k:{name}" for name in hangul_of_latin(folded)]
    return tuple(dict.fromkeys(found))[:MAX_VARIANTS] if found else ()


def _skeleton_of_abjad(folded: str, script: Script) -> str:
    """Letter by letter: ز and ه beside each other are no ``zh``; but تش is how Arabic writes ch."""
    if script is _HEBREW:
        return skeleton_of("-".join(hebrew_consonants(folded)))
    letters = folded.replace("تش", "ش")
    last = "-u" if letters.endswith("هو") else ""  # nothing is mute there: Netanyahu is no Nathan
    skeleton = skeleton_of("-".join(map(consonantal_reading, _LONG_VOWEL.sub("ا", letters))) + last)
    return skeleton or skeleton_of("-".join(map(consonantal_reading, letters)) + last)


_CONSONANTAL = (_ARABIC, _HEBREW)
_LONG_VOWEL = regex("^ا[وي]")  # اوربان is Orban, ايمانويل Emmanuel


def _readings(folded: str, script: Script, role: TokenRole) -> tuple[str, ...]:
    if script is _LATIN:
        return _latin_readings(folded)
    if script is _HAN:
        if role is _FAMILY:
            return family_readings(folded)
        if role is _UNKNOWN and len(folded) <= 2 and folded in surname_spellings():
            return tuple(dict.fromkeys(family_readings(folded) + given_readings(folded)))
        transcribed = transcribed_readings(folded) if role is _UNKNOWN else ()
        return tuple(dict.fromkeys(given_readings(folded) + transcribed)) if transcribed else given_readings(folded)
    if script is _HANGUL:
        if role is _FAMILY or (role is _UNKNOWN and len(folded) == 1):
            return hangul_family_readings(folded)
        return hangul_readings(folded)
    if script is _CYRILLIC:
        spelt = cyrillic_readings(folded)
        return tuple(dict.fromkeys((*spelt, *map(plain_slavic, spelt[:1]))))
    if script is _GREEK:
        return greek_readings(folded)
    if script is _KANA:
        return kana_readings(folded)
    reading = consonantal_reading(folded)
    return indic_readings(folded) or ((reading,) if reading else ())


_UMLAUT = regex(r"(?<=[bcdfghklmnprstwz])([aou])e(?=[bcdfghklmnprstwxz])")


def _latin_readings(folded: str) -> tuple[str, ...]:
    found = [folded]
    if "v" in folded or "lyu" in folded or "nyu" in folded:  # ü of pinyin typed as v or yu
        syllables = split_pinyin(folded)
        if syllables:
            spelt = [spellings_of_umlaut(syllable) for syllable in syllables]
            found += ["".join(forms[min(at, len(forms) - 1)] for forms in spelt) for at in range(3)]
    if len(folded) > 5 and _UMLAUT.search(folded):  # Mueller for Müller
        found.append(_UMLAUT.sub(r"\1", folded))
    if folded.startswith("hs"):  # Wade-Giles: Hsi, Hsieh are Xi, Xie
        found.append("x" + folded[2:].removesuffix("h"))
    if "w" in folded and len(folded) > 4:  # Wladimir, as German and Polish write Vladimir
        found.append(folded.replace("w", "v"))
    if "x" in folded[1:] and len(folded) > 4:  # Maximov, Maksimov
        found.append(folded.replace("x", "ks"))
    if "oe" in folded and len(folded) > 5:  # Soeharto, by the Dutch spelling of Indonesia before 1947
        found.append(folded.replace("oe", "u"))
    if len(folded) > 6 and folded[:2] in ("al", "el"):  # Alqahtani, an article written as part of the name
        found.append(folded[2:])
    surname, forms = _slavic(folded)
    if surname:
        found += forms
    return tuple(dict.fromkeys(found))


_SLAVIC = regex("(?:[oe]v|[iy]ch|sk[iy]|enko)$")


@lru_cache(maxsize=1)  # readings and variants of one word ask one after the other
def _slavic(folded: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a Latin word looks like a Slavic surname, and its plain forms; none for names of the tables, for Chinese
    and Korean syllables, for what every system spells alike, and for what is no surname and can be no given name."""
    surname = is_slavic_surname(folded)
    if not surname and not (shows_a_system(folded) and _may_be_slavic_given(folded)):
        return False, ()
    if folded in clusters_by_member() and not _SLAVIC.search(folded):
        return False, ()
    if split_pinyin(folded, 2) or hangul_of_latin(folded):
        return False, ()
    return surname, slavic_forms(folded)


def _may_be_slavic_given(folded: str) -> bool:
    """False where no form of the word can be in ``clusters_by_slavic_form``."""
    return folded.count("j") > 1 or not bones_of_slavic_forms().isdisjoint(bones_of_forms(folded))


def _variants(
    folded: str, script: Script, role: TokenRole, readings: tuple[str, ...], *, slavic: bool = True
) -> tuple[str, ...]:
    clusters = clusters_by_member()
    found = list(clusters.get(folded, ()))
    if script in (_CYRILLIC, _GREEK, _KANA, _HANGUL):
        for reading in readings:
            found += clusters.get(reading, ())
    if script is _HANGUL:  # 재현 and 제현: what sounds alike is heard and typed for one another
        found.insert(0, f"s:{hangul_sound(folded)}")
    if slavic:
        found += _slavic_variants(folded, script, readings)
    if role is not _GIVEN:
        # One Chinese surname under its spellings: Cheung and Zhang meet; two characters of one sound do not.
        if script is _LATIN:
            found += [f"f:{surname}" for surname in surnames_by_spelling().get(folded, ())]
        elif script is _HAN and folded in surname_spellings():
            found.append(f"f:{folded}")
    if script is _LATIN and role is not _FAMILY:
        # One Chinese given name under its romanisations: Waiming and Weiming. Characters have their readings.
        found += [f"g:{form}" for form in pinyin_of_given(folded)]
    if script is _LATIN:
        found += [f"k:{name}" for name in hangul_of_latin(folded)]
    if script is _HAN and role is _UNKNOWN and len(folded) >= MIN_TRANSCRIBED:
        found.append(f"t:{fold_transcription(folded)}")
    return tuple(dict.fromkeys(found))[:MAX_VARIANTS]


def _slavic_variants(folded: str, script: Script, readings: tuple[str, ...]) -> list[str]:
    """Given names in another system (Jewgeni), and the surname that man and wife share (Ivanov, Ivanova)."""
    if script is _CYRILLIC:
        surname, forms = True, tuple(map(plain_slavic, readings[:1]))
    elif script is _LATIN:
        surname, forms = _slavic(folded)
    else:
        return []
    given = forms if not folded.endswith("ine") else ()  # Martine is no Martin
    found = [cluster for form in given for cluster in clusters_by_slavic_form().get(form, ())]
    if surname:
        found += [f"e:{shared}" for shared in map(common_gender, forms[:4]) if shared]
    return found


def _sound_of_han(folded: str, role: TokenRole) -> str:
    spellings = surname_spellings().get(folded) if role is _FAMILY else None
    if spellings and spellings.pinyin:
        reading = spellings.pinyin[0]
        return "h:" + "".join(map(blurred, split_pinyin(reading) or (reading,)))
    sounds = list(map(_sound_of_character, folded))
    return "h:" + "".join(sounds) if all(sounds) else ""


@lru_cache(_CHARACTERS_KEPT)
def _sound_of_character(char: str) -> str:
    """The commonest reading of a character, blurred; empty where none is known."""
    return "".join(map(blurred, pinyin_of(char)[:1]))


# Digraphs before letters. The classes follow how one Arabic or Hebrew consonant is spelt in Latin letters: ق q k g c,
# ج j dj g, ذ ض ظ dh z d, ث th t, خ kh x h, ش sh ch, ف f v ph, ب b p.
_DIGRAPHS = regex(r"schtsch|shch|chtch|szcz|tsh|tch|sh|sch|ch|kh|gh|dh|th|ph|dj|dzh|zh|ck|qu|tz|ts|x|(.)\1")
_DIGRAPH_CLASSES = {
    "schtsch": "S", "shch": "S", "chtch": "S", "szcz": "S", "tsh": "S",
    "tch": "S", "sh": "S", "sch": "S", "ch": "S", "kh": "h", "gh": "k", "dh": "d", "th": "t", "ph": "f", "dj": "j",
    "dzh": "j", "zh": "j", "ck": "k", "qu": "k", "tz": "s", "ts": "s", "x": "h",
}  # fmt: skip
_SOFT_C = regex("c(?=[eiy])")  # Garcia, Marcel
_CLASSES = str.maketrans("qgcvpz", "kkkfbd", "aeiou")


def skeleton_of(reading: str) -> str:
    """The consonants of a Latin form in classes, without vowels; ``w`` and ``y`` count only as the first letter.

    A hyphen keeps two letters from being read as a digraph. Empty below two consonants. ``tikriti``, ``tekriti`` and
    the Arabic ``tkryty`` all give ``tkrt``.
    """
    text = _SOFT_C.sub("s", reading)
    text = _DIGRAPHS.sub(lambda found: _DIGRAPH_CLASSES.get(found.group(), found.group(1) or ""), text)
    text = text.replace("-", "")
    bare = text[:1] + text[1:].replace("w", "").replace("y", "")
    text = bare if len(bare.translate(_CLASSES)) >= 2 else text[:1] + text[1:].replace("y", "")
    if text.endswith("h"):
        text = text[:-1]
    text = text.translate(_CLASSES)
    return text if len(text) >= 2 else ""
