"""Names as written -> names as compared: a few tokens with their comparison keys and, where known, their roles.

Fixed order of ``parse_name``: cut to a bounded length; clean (``folding.clean``); cut into words at spaces, hyphens,
dots, commas and brackets; part by script; then Chinese, Korean and all other names each by their own rules (titles,
particles, compounds, roles). The same function serves both sides of every comparison.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from netpursuit.records import Name
from netpursuit.text.clusters import known_member
from netpursuit.text.folding import clean, fold
from netpursuit.text.han import simplify
from netpursuit.text.particles import (
    HAN_TITLES,
    HANGUL_TITLES,
    SOFT_TITLES,
    SUFFIXES,
    TITLES,
    are_particles_names,
    is_article,
    is_kinship,
    is_particle,
    joined_abd,
    joined_din,
    standard_compound,
)
from netpursuit.text.scripts import Script, script_of
from netpursuit.text.surnames import split_of_hangul, splits_of_han, surname_spellings

MAX_TOKENS = 12
MAX_PARSES = 4
_MAX_TEXT = 600  # characters read of a name: no name of twelve tokens is longer
_MAX_WORD = 48


class TokenRole(IntEnum):
    """What part of a name a token is; the numbers are stored in compiled indexes and never change."""

    UNKNOWN = 0
    FAMILY = 1
    GIVEN = 2


@dataclass(frozen=True, slots=True)
class NameToken:
    """One part of a name.

    ``surface`` keeps diacritics and traditional forms, ``folded`` is the comparison key (never empty). ``joins``: may
    be read as one word with the next token (``Jong`` + ``un``, ``wei`` + ``ming``).
    """

    surface: str
    folded: str
    script: Script
    role: TokenRole = TokenRole.UNKNOWN
    joins: bool = False


@dataclass(frozen=True, slots=True)
class ParsedName:
    """One way to read a name: 1 to 12 tokens."""

    tokens: tuple[NameToken, ...]


@dataclass(slots=True)
class _Word:
    surface: str
    folded: str
    script: Script
    glue: str  # the separator before it: " ", "-", ".", "·", ",", "("
    role: TokenRole = TokenRole.UNKNOWN


_PIECES = re.compile(r"[^ \-·.,()]+|[\-·.,()]")
_FIRST_EAST_ASIAN = "\u1100"  # Hangul Jamo; no Han, Kana or Hangul lies below
_MASK = re.compile(r"x{2,}|某+")
_JOINABLE = frozenset({Script.LATIN, Script.HANGUL, Script.ARABIC, Script.CYRILLIC})


def parse_name(name: Name) -> tuple[ParsedName, ...]:
    """The readings of a name: none for a text without letters, one as a rule, two where it is truly ambiguous.

    A text in several scripts gives the readings of each script, at most four in all. Roles come from the source
    (``family``, ``given``), from ``FAMILY, Given``, and from known Chinese and Korean surnames. Any text is accepted;
    only its first 600 characters and twelve tokens are used.
    """
    text = name.text if name.text.strip() else f"{name.family} {name.given}"
    words = _cut(text)
    if not words:
        return ()
    scripts = tuple(dict.fromkeys(word.script for word in words))
    if len(scripts) == 1:
        parses = _parse(words, scripts[0], name)
    elif Script.KANA in scripts and Script.HAN in scripts:  # Japanese: one name in two scripts
        parses = [_plain(words)] if len(scripts) == 2 else []
        for script in scripts:
            if script not in (Script.KANA, Script.HAN):
                parses += _parse([word for word in words if word.script is script], script, name)
        if len(scripts) > 2:
            parses.insert(0, _plain([word for word in words if word.script in (Script.KANA, Script.HAN)]))
    else:
        parses = []
        for script in scripts:
            parses += _parse([word for word in words if word.script is script], script, name)
    return tuple(ParsedName(tokens) for tokens in parses[:MAX_PARSES] if tokens)


def _cut(text: str) -> list[_Word]:
    """The words of a text with the separator before each; words without a letter are left out."""
    words: list[_Word] = []
    glue = " "
    place = 0
    cleaned = clean(text[:_MAX_TEXT])[:_MAX_TEXT]
    for found in _PIECES.finditer(cleaned):
        piece = found.group()
        if found.start() > place and glue != ",":
            glue = " "
        place = found.end()
        if len(piece) == 1 and piece in "-·.,()":
            glue = piece
            continue
        for part in (piece,) if max(piece) < _FIRST_EAST_ASIAN else _parts_by_script(piece):
            surface = part.strip("'")[:_MAX_WORD]
            script = script_of(surface)
            if script is Script.OTHER and not any(map(str.isalpha, surface)):
                continue
            words.append(_Word(surface, fold(surface, script), script, glue))
            glue = " "
    return words


def _parts_by_script(piece: str) -> list[str]:
    """A word cut where Han, Kana or Hangul meets another script (张伟Zhang); other mixtures are one misspelt word."""
    parts: list[str] = []
    before: int | None = None
    for char in piece:
        script = script_of(char)
        kind = int(script) if script in (Script.HAN, Script.HANGUL, Script.KANA) else -1
        if script is Script.OTHER and not char.isalpha():
            kind = before if before is not None else kind
        if before is None or kind != before:
            parts.append(char)
        else:
            parts[-1] += char
        before = kind
    return parts


def _parse(words: list[_Word], script: Script, name: Name) -> list[tuple[NameToken, ...]]:
    if script is Script.HAN:
        return _parse_han(words, name)
    if script is Script.HANGUL:
        words = _split_hangul(words)
    elif script is not Script.KANA:
        words = _parse_alphabetic(words)
    _give_stated_roles(words, name)
    return [_plain(words)]


def _plain(words: list[_Word]) -> tuple[NameToken, ...]:
    """Words as tokens; two neighbours of one joinable script and one role may be joined."""
    words = words[:MAX_TOKENS]
    tokens = []
    for word, after in zip(words, [*words[1:], None], strict=True):
        joins = (
            after is not None
            and after.script is word.script
            and word.script in _JOINABLE
            and after.role is word.role
            and after.glue != ","
        )
        tokens.append(NameToken(word.surface, word.folded, word.script, word.role, joins))
    return tuple(tokens)


# -- Latin, Cyrillic, Greek, Arabic, Hebrew and every other alphabet ------------------------------------------------


def _parse_alphabetic(words: list[_Word]) -> list[_Word]:
    segments = _segments(words)
    if len(segments) == 2:
        for segment, role in zip(segments, (TokenRole.FAMILY, TokenRole.GIVEN), strict=True):
            for word in segment:
                word.role = role
    words = [word for segment in segments for word in segment]
    if len(words) > 1:
        words = _without_particles(words)
    for word in words:
        if word.script is Script.LATIN and len(word.folded) > 5:
            word.folded = standard_compound(word.folded)
        elif (
            word.script is Script.ARABIC
            and len(word.folded) > 4
            and word.folded.startswith("ال")
            and word.folded not in _NO_ARTICLE
        ):
            word.folded = word.folded[2:]
    return words


# Names that begin with the letters of the article: Ilyas, Ilham.
_NO_ARTICLE = frozenset({"الياس", "الهام", "اليسع", "اليزابيث", "الكساندر", "الكسندر"})


def _segments(words: list[_Word]) -> list[list[_Word]]:
    """The words between commas without leading titles and trailing suffixes; segments of nothing else vanish."""
    segments: list[list[_Word]] = [[]]
    for word in words:
        if word.glue == "," and segments[-1]:
            segments.append([])
        segments[-1].append(word)
    left = len(words)
    kept = []
    for segment in segments:
        start, end = 0, len(segment)
        if left > 2 and [word.folded for word in segment[:2]] in (["г", "н"], ["г", "жа"]):  # г-н, г-жа
            start, left = 2, left - 2
        while start < end and left > 1 and _is_title(segment[start].folded, left):
            start, left = start + 1, left - 1
        while start < end and left > 1 and _is_suffix(segment[end - 1].folded, end - start):
            end, left = end - 1, left - 1
        while start < end and left > 1 and _MASK.fullmatch(segment[end - 1].folded):
            end, left = end - 1, left - 1
        if start < end:
            kept.append(segment[start:end])
    return kept


def _is_title(folded: str, left: int) -> bool:
    return folded in TITLES or (left > 2 and folded in SOFT_TITLES)


def _is_suffix(folded: str, count: int) -> bool:
    """Whether a word is a generation or a degree; ``Md`` of two words at most (Ahmed Md.) is short for Muhammad."""
    return folded in SUFFIXES and (count > 2 or folded != "md")


def _without_particles(words: list[_Word]) -> list[_Word]:
    """The words without kinship words, articles and particles, ``Abd`` and ``al-Din`` compounds put together."""
    kept: list[_Word] = []
    count = len(words)
    at = 0
    names: bool | None = None
    while at < count:
        word = words[at]
        if at + 1 < count:
            after = words[at + 1]
            if merged := _compound(words, at):
                kept.append(merged[0])
                at += merged[1]
                continue
            hyphened = after.glue == "-"
            if is_article(word.folded, hyphened, at, count) or (not hyphened and is_kinship(word.folded, at)):
                after.glue = word.glue
                at += 1
                continue
            if is_particle(word.folded) and not hyphened and word.glue != "-":
                if names is None:
                    names = are_particles_names([item.folded for item in words])
                if not names:
                    after.glue = word.glue
                    at += 1
                    continue
        kept.append(word)
        at += 1
    return kept


def _compound(words: list[_Word], at: int) -> tuple[_Word, int] | None:
    """A compound that begins at a word, as one word, and how many words it took."""
    first, second = words[at], words[at + 1]
    if second.glue == ",":
        return None
    if first.script is Script.ARABIC:
        if first.folded == "عبد":
            return _Word(
                first.surface + second.surface, "عبد" + second.folded, Script.ARABIC, first.glue, first.role
            ), 2
        return None
    if first.script is not Script.LATIN:
        return None
    third = words[at + 2] if at + 2 < len(words) and words[at + 2].glue != "," else None
    article = third is not None and is_article(second.folded, third.glue == "-" or first.folded == "abd", 1, 3)
    if article and third is not None:
        folded = joined_abd(first.folded, third.folded, article=first.folded == "abd")
        folded = folded or joined_din(first.folded, third.folded)
        if folded:
            return _Word(
                first.surface + second.surface + third.surface, folded, Script.LATIN, first.glue, first.role
            ), 3
    folded = joined_abd(first.folded, second.folded) or joined_din(first.folded, second.folded)
    if folded:
        return _Word(first.surface + second.surface, folded, Script.LATIN, first.glue, first.role), 2
    return None


def _give_stated_roles(words: list[_Word], name: Name) -> None:
    """Roles from the source's own family and given name, where a word stands in exactly one of them."""
    if not name.family and not name.given:
        return
    family = {word.folded for word in _parse_alphabetic(_cut(name.family))}
    given = {word.folded for word in _parse_alphabetic(_cut(name.given))}
    for word in words:
        if (word.folded in family) != (word.folded in given):
            word.role = TokenRole.FAMILY if word.folded in family else TokenRole.GIVEN


# -- Korean ---------------------------------------------------------------------------------------------------------


def _split_hangul(words: list[_Word]) -> list[_Word]:
    last = words[-1]
    for title in HANGUL_TITLES:
        if len(words) > 1 and last.folded == title:
            words = words[:-1]
            break
        if last.folded.endswith(title) and len(last.folded) - len(title) > 1:
            last.surface, last.folded = last.surface[: -len(title)], last.folded[: -len(title)]
            break
    if len(words) == 1:
        word = words[0]
        if split := split_of_hangul(word.folded):
            return _family_and_given(word.surface, split, Script.HANGUL)
        return words
    if (
        len(words) == 2
        and (split := split_of_hangul(words[0].folded + words[1].folded))
        and split[0] == words[0].folded
    ):
        words[0].role, words[1].role = TokenRole.FAMILY, TokenRole.GIVEN
    return words


def _family_and_given(surface: str, split: tuple[str, str], script: Script) -> list[_Word]:
    cut = len(split[0])
    words = [_Word(surface[:cut], split[0], script, " ", TokenRole.FAMILY)]
    if split[1]:
        words.append(_Word(surface[cut:], split[1], script, " ", TokenRole.GIVEN))
    return words


# -- Chinese --------------------------------------------------------------------------------------------------------


def _parse_han(words: list[_Word], name: Name) -> list[tuple[NameToken, ...]]:
    if any(word.glue in "·.," for word in words[1:]):
        if len(words) == 2 and words[1].glue == ",":
            words[0].role, words[1].role = TokenRole.FAMILY, TokenRole.GIVEN
        return [_plain(words)]
    written = "".join(word.surface for word in words)
    surface = _without_han_titles(written)
    folded = simplify(surface)
    family, given = simplify(clean(name.family)), simplify(clean(name.given))
    if family and family + given == folded:
        return [_plain(_family_and_given(surface, (family, given), Script.HAN))]
    if len(words) > 1 and not _is_spaced_out(words):
        return [_plain(words)]
    whole = _plain([_Word(surface[:_MAX_WORD], folded[:_MAX_WORD], Script.HAN, " ")])
    splits = splits_of_han(folded)
    if len(folded) > 1 and known_member(
        folded
    ):  # a transliterated name (买买提), or a Chinese one of those letters (马木提)
        common = surname_spellings() if splits and splits[0][1] else ()
        return [whole] + [
            _plain(_family_and_given(surface, split, Script.HAN)) for split in splits[:1] if split[0] in common
        ]
    if splits:
        return [_plain(_family_and_given(surface, split, Script.HAN)) for split in splits]
    if 2 <= len(folded) <= 4:
        parts = ((surface[:1], folded[:1]), (surface[1:], folded[1:]))
        return [_plain([_Word(part, key, Script.HAN, " ") for part, key in parts])]
    if surface != written and len(folded) == 1:  # 王先生, 张某某
        return [_plain(_family_and_given(surface, (folded, ""), Script.HAN))]
    return [whole]


def _without_han_titles(text: str) -> str:
    """A Chinese name without a title after it and without the 某 that hides a given name."""
    for title in HAN_TITLES:
        if text.endswith(title) and len(text) > len(title):
            text = text[: -len(title)]
    return _MASK.sub("", text) or text


def _is_spaced_out(words: list[_Word]) -> bool:
    """Whether spaces only pad a name (张　伟; 欧 阳 修; 欧阳 修) and do not part one of Japan (田中 太郎)."""
    if sum(len(word.folded) for word in words) > 4:
        return False
    first = words[0].folded
    if len(first) == 1:
        return len(words) == 2 or all(len(word.folded) == 1 for word in words)
    splits = splits_of_han("".join(word.folded for word in words))
    return any(family == first for family, _ in splits)
