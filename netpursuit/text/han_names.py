"""Names in Chinese characters cut into words: family and given name, or the parts of a transcription.

A text is read in one to three ways, none of which is forced: 罗桑 is a Tibetan name and a Mr Luo.
"""

from __future__ import annotations

from functools import cache

from netpursuit.records import Name
from netpursuit.text.clusters import han_parts, known_member
from netpursuit.text.folding import clean
from netpursuit.text.han import simplify
from netpursuit.text.particles import HAN_TITLES
from netpursuit.text.patterns import regex
from netpursuit.text.scripts import Script
from netpursuit.text.surnames import compound_surnames, japanese_surnames, splits_of_han, surname_spellings
from netpursuit.text.words import MAX_WORD, TokenRole, Word

_MASK = regex("某+")
_LAST_SYLLABLES = "措吉草加太本杰姆毛"  # that stand alone after a Tibetan name: 卓玛吉, 扎西措
_MOST_PARTS = 4


def read_han(words: list[Word], name: Name) -> list[list[Word]]:
    """The ways to read the words of a Han name, the likeliest first; at least one."""
    if len(words) > 1 and any(word.glue in "·.," for word in words[1:]):
        if len(words) == 2 and words[1].glue == ",":
            words[0].role, words[1].role = TokenRole.FAMILY, TokenRole.GIVEN
        return [words]
    written = "".join([word.surface for word in words])
    surface = _without_titles(written)
    folded = "".join([word.folded for word in words]) if surface == written else simplify(surface)
    if name.family:
        family, given = (simplify(clean(part[:MAX_WORD])) for part in (name.family, name.given))
        if family and family + given == folded:
            return [family_and_given(surface, (family, given), Script.HAN)]
    if len(words) > 1 and not _is_spaced_out(words):
        return [words]
    splits = splits_of_han(folded)
    if len(words) == 2 and len(words[0].folded) > 1:  # 欧阳 修, 田中 太郎: the space has parted it
        splits = tuple(split for split in splits if split[0] == words[0].folded)
    parts = (folded,) if len(folded) > 1 and known_member(folded) else cut_parts(folded)
    if parts:
        # A transcription (买买提, 扎西多吉). Read as surname and given name as well, 卓玛 would count as a rare Chinese
        # name, and its bearers be accused more often than others; a Mr Luo called 罗桑 is still found by his letters.
        return [_words(surface, parts)]
    if splits:
        readings = [family_and_given(surface, split, Script.HAN) for split in splits]
        return readings + _with_two_families(surface, folded)
    if 2 <= len(folded) <= 4:
        return [_words(surface, (folded[:1], folded[1:]))]
    if surface != written and len(folded) == 1:  # 王先生, 张某某
        return [family_and_given(surface, (folded, ""), Script.HAN)]
    return [_words(surface, (folded,))]


def family_and_given(surface: str, split: tuple[str, str], script: Script) -> list[Word]:
    """A surface cut by the lengths of a folded (family, given); no given word where that is empty."""
    roles = (TokenRole.FAMILY, TokenRole.GIVEN)
    words = _words(surface, tuple(filter(None, split)), script)
    for word, role in zip(words, roles, strict=False):
        word.role = role
    return words


@cache
def _longest_part() -> int:
    return max(map(len, han_parts()))


def cut_parts(text: str) -> tuple[str, ...]:
    """The two to four known parts of an undivided transcription in simplified characters, the fewest; else empty.

    >>> cut_parts("扎西多吉"), cut_parts("卓玛吉"), cut_parts("王建国")
    (('扎西', '多吉'), ('卓玛', '吉'), ())
    """
    if not 3 <= len(text) <= _MOST_PARTS * _longest_part():
        return ()
    parts = _cut(text, _MOST_PARTS)
    return parts if len(parts) > 1 else ()


def _cut(text: str, most: int) -> tuple[str, ...]:
    known = han_parts()
    if text in known:
        return (text,)
    best: tuple[str, ...] = ()
    if most > 1:
        for size in range(min(len(text) - 1, _longest_part()), 1, -1):
            if text[:size] not in known:
                continue
            rest = text[size:]
            after = (rest,) if len(rest) == 1 and rest in _LAST_SYLLABLES else _cut(rest, most - 1)
            if after and (not best or len(after) < len(best) - 1):
                best = (text[:size], *after)
    return best


def _words(surface: str, parts: tuple[str, ...], script: Script = Script.HAN) -> list[Word]:
    words, place = [], 0
    for part in parts:
        words.append(Word(surface[place : place + len(part)][:MAX_WORD], part[:MAX_WORD], script, " "))
        place += len(part)
    return words


def _with_two_families(surface: str, folded: str) -> list[list[Word]]:
    """陈方安生: a husband's family name before one's own (or both parents'), as another reading of four characters."""
    first, second = folded[:1], folded[1:2]
    known = surname_spellings()
    if len(folded) != 4 or first not in known or second not in known or folded[:2] in compound_surnames():
        return []
    words = _words(surface, (first, second, folded[2:]))
    for word, role in zip(words, (TokenRole.FAMILY, TokenRole.FAMILY, TokenRole.GIVEN), strict=True):
        word.role = role
    return [words]


def _without_titles(text: str) -> str:
    """A Chinese name without a title after it and without the 某 that hides a given name."""
    if text.endswith(HAN_TITLES):
        for title in HAN_TITLES:
            if text.endswith(title) and len(text) > len(title):
                text = text[: -len(title)]
    return (_MASK.sub("", text) or text) if "某" in text else text


def _is_spaced_out(words: list[Word]) -> bool:
    """Whether the spaces of a name only pad it (欧 阳 修) or its parts can be put together: 张　伟, 田中 太郎."""
    first = words[0].folded
    if len(words) == 2 and first in japanese_surnames():
        return len(words[1].folded) <= 3
    if sum(len(word.folded) for word in words) > 4:
        return False
    if len(first) == 1:
        return len(words) == 2 or all(len(word.folded) == 1 for word in words)
    splits = splits_of_han("".join(word.folded for word in words))
    return any(family == first for family, _ in splits)
