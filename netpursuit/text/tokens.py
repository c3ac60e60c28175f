"""Names as written -> names as compared: a few tokens with their comparison keys and, where known, their roles.

Fixed order of ``parse_name``: cut to a bounded length; clean (``folding.clean``); cut into words at spaces, hyphens,
dots, commas and brackets; part by script; then Chinese, Korean and all other names each by their own rules (titles,
particles, compounds, roles). The same function serves both sides of every comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from netpursuit.records import Name
from netpursuit.text.clusters import known_member
from netpursuit.text.generations import generation_at_end, says_generation
from netpursuit.text.han_names import family_and_given, read_han
from netpursuit.text.particles import (
    HANGUL_TITLES,
    SOFT_TITLES,
    SUFFIXES,
    TITLES,
    are_particles_names,
    is_article,
    is_kinship,
    is_particle,
    is_special,
    joined_abd,
    joined_allah,
    joined_din,
    standard_compound,
)
from netpursuit.text.patterns import regex
from netpursuit.text.pinyin import without_tone_numbers
from netpursuit.text.scripts import Script
from netpursuit.text.surnames import split_of_hangul, split_of_pinyin
from netpursuit.text.words import TokenRole, Word, cut_words

__all__ = [
    "MAX_PARSES",
    "MAX_TOKENS",
    "PLAIN",
    "NameToken",
    "ParsedName",
    "TokenRole",
    "parse_name",
    "plain_form",
    "plain_words",
]

MAX_TOKENS = 12
MAX_PARSES = 4
_WORDS_KEPT = 1 << 16


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
    """One way to read a name: 1 to 12 tokens.

    ``generation``: what a word behind the name says, father 1 (Sr, père), son 2 (Jr, II, hijo), grandson 3; 0 for none.
    ``plain``: two and more words of ASCII letters, none of which is anything but a name.
    """

    tokens: tuple[NameToken, ...]
    generation: int = 0
    plain: bool = False


_BESIDE_NAMES = TITLES | SOFT_TITLES | SUFFIXES
_MASK = regex(r"x{2,}|某+")
_JOINABLE = frozenset({Script.LATIN, Script.HANGUL, Script.ARABIC, Script.CYRILLIC})


def parse_name(name: Name) -> tuple[ParsedName, ...]:
    """The readings of a name: none for a text without letters, one as a rule, two where it is truly ambiguous.

    A text in several scripts gives the readings of each script, at most four in all. Roles come from the source
    (``family``, ``given``), from ``FAMILY, Given``, and from known Chinese and Korean surnames. Any text is accepted;
    only its first 600 characters and twelve tokens are used.
    """
    text = name.text if name.text.strip() else f"{name.family} {name.given}"
    if not name.family and not name.given and (tokens := _plain_tokens(text)):
        return (ParsedName(tokens, plain=True),)
    words = cut_words(text)
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
    generation = _generation(words)
    return tuple(ParsedName(tokens, generation) for tokens in parses[:MAX_PARSES] if tokens)


PLAIN = regex("[A-Za-z]{2,48}(?: [A-Za-z]{2,48}){1,5}")


def plain_words(text: str) -> list[str]:
    """The words of a text of two to six words of ASCII letters, in small letters; none of any other text.

    What most names of a night are. Where each is a ``plain_token``, they are its tokens, without a role, and every two
    neighbours may be read as one word.
    """
    return text.lower().split(" ") if PLAIN.fullmatch(text) else []


def _plain_tokens(text: str) -> tuple[NameToken, ...]:
    """The tokens of a plain name; none where a word is, or may be, something else than a name."""
    words = plain_words(text)
    if not words:
        return ()
    tokens = [token for token in map(plain_token, words) if token is not None]
    if len(tokens) < len(words):
        return ()
    *before, last = tokens
    return (*before, _last(last))


@lru_cache(_WORDS_KEPT)
def plain_token(word: str) -> NameToken | None:
    """The token of a word of small ASCII letters; None where it is, or may be, something else than a name."""
    folded = plain_form(word)
    return None if folded is None else NameToken(word, folded, Script.LATIN, joins=True)


def plain_form(word: str) -> str | None:
    """The comparison form of such a word; None where ``plain_token`` gives none."""
    if word in _BESIDE_NAMES or is_special(word) or says_generation(word) or _MASK.fullmatch(word):
        return None
    if len(word) == 2 and len(_initials(Word(word, word, Script.LATIN, " "))) > 1:
        return None
    return standard_compound(word) if len(word) > 5 else word


@lru_cache(_WORDS_KEPT)
def _last(token: NameToken) -> NameToken:
    return replace(token, joins=False)


def _parse(words: list[Word], script: Script, name: Name) -> list[tuple[NameToken, ...]]:
    if script is Script.HAN:
        return [_plain(reading) for reading in read_han(words, name)]
    if script is Script.HANGUL:
        words = _split_hangul(words)
    elif script is not Script.KANA:
        words = _parse_alphabetic(words)
    _give_stated_roles(words, name)
    alone = script is Script.LATIN and len(words) == 1 and not known_member(words[0].folded)
    if alone and (split := split_of_pinyin(words[0].folded)):  # Zhangjianguo; but Yangchen is one Tibetan name
        return [_plain(words), _plain(family_and_given(words[0].surface, split, script))]
    return [_plain(words)]


def _plain(words: list[Word]) -> tuple[NameToken, ...]:
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


def _parse_alphabetic(words: list[Word]) -> list[Word]:
    segments = _segments(words)
    if len(segments) == 2:
        for segment, role in zip(segments, (TokenRole.FAMILY, TokenRole.GIVEN), strict=True):
            for word in segment:
                word.role = role
    words = [word for segment in segments for word in segment]
    for word in words:
        word.folded = without_tone_numbers(word.folded)
    if len(words) > 1:
        words = [letter for word in _without_particles(words) for letter in _initials(word)]
    for word in words:
        if word.script is Script.LATIN and len(word.folded) > 5:
            word.folded = standard_compound(word.folded)
        elif (
            word.script is Script.ARABIC
            and len(word.folded) > 4
            and word.folded.startswith("ال")
            and word.surface[:1] not in "أإآ"  # with hamza or madda it is no article: أليكس
            and word.folded not in _NO_ARTICLE
        ):
            word.folded = word.folded[2:]
    return words


def _initials(word: Word) -> list[Word]:
    """Two initials written together (``JC Juncker``) as two words; two consonants that are a name or title stay."""
    both = word.folded
    if word.script is not Script.LATIN or len(both) != 2 or set(both) & set("aeiouy") or both in _NO_INITIALS:
        return [word]
    return [
        Word(letter, letter, word.script, glue, word.role) for letter, glue in zip(both, (word.glue, "."), strict=True)
    ]


_NO_INITIALS = frozenset(
    {"ng", "md", "st", "mc", "mr", "dr", "jr", "sr", "ms", "ch", "sh", "th", "kh", "zh", "lv", "nv"}
)
# Names that begin with the letters of the article: Ilyas, Ilham.
_NO_ARTICLE = frozenset(
    {"الياس", "الهام", "اليسع", "اليزابيث", "الكساندر", "الكسندر", "اليكس", "اليكسي", "البرت", "الينا"}
)


def _between_commas(words: list[Word]) -> list[list[Word]]:
    segments: list[list[Word]] = [[]]
    for word in words:
        if word.glue == "," and segments[-1]:
            segments.append([])
        segments[-1].append(word)
    return segments


def _generation(words: list[Word]) -> int:
    """Father or son, as the first part between commas says that says it; a word alone never does."""
    if len(words) == 1:
        return 0
    for segment in _between_commas(words):
        found, _ = generation_at_end([word.folded for word in segment], len(words) - len(segment))
        if found:
            return found
    return 0


def _segments(words: list[Word]) -> list[list[Word]]:
    """The words between commas without leading titles and trailing suffixes; segments of nothing else vanish."""
    segments = _between_commas(words)
    left = len(words)
    kept = []
    for segment in segments:
        start, end = 0, len(segment)
        if left > 2 and [word.folded for word in segment[:2]] in (["г", "н"], ["г", "жа"]):  # г-н, г-жа
            start, left = 2, left - 2
        while start < end and left > 1 and _is_title(segment[start].folded, left):
            start, left = start + 1, left - 1
        while start < end and left > 1 and (size := _suffix(segment[start:end], left)):
            end, left = end - size, left - size
        while start < end and left > 1 and _MASK.fullmatch(segment[end - 1].folded):
            end, left = end - 1, left - 1
        if start < end:
            kept.append(segment[start:end])
    return kept


def _is_title(folded: str, left: int) -> bool:
    return folded in TITLES or (left > 2 and folded in SOFT_TITLES)


def _suffix(words: list[Word], left: int) -> int:
    """How many words at the end are a generation or a degree; ``Md`` of two words (Ahmed Md.) is short for Muhammad."""
    last = words[-1].folded
    if last in SUFFIXES and (len(words) > 2 or last != "md"):
        return 1
    return generation_at_end([word.folded for word in words], left - len(words))[1]


def _without_particles(words: list[Word]) -> list[Word]:
    """The words without kinship words, articles and particles, ``Abd`` and ``al-Din`` compounds put together."""
    kept: list[Word] = []
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
            if is_particle(word.folded) and not hyphened and word.glue not in "-,":
                if names is None:
                    names = are_particles_names([item.folded for item in words])
                if not names:
                    after.glue = word.glue
                    at += 1
                    continue
        elif word.role is TokenRole.GIVEN and word.glue != "," and is_particle(word.folded):
            break  # Gaulle, Charles de
        kept.append(word)
        at += 1
    return kept


def _compound(words: list[Word], at: int) -> tuple[Word, int] | None:
    """A compound that begins at a word, as one word, and how many words it took."""
    first, second = words[at], words[at + 1]
    if second.glue == ",":
        return None
    if first.script is Script.ARABIC:
        if first.folded == "عبد" and second.folded.startswith("ال"):
            return Word(first.surface + second.surface, "عبد" + second.folded, Script.ARABIC, first.glue, first.role), 2
        return None
    if first.script is not Script.LATIN:
        return None
    third = words[at + 2] if at + 2 < len(words) and words[at + 2].glue != "," else None
    article = third is not None and is_article(second.folded, third.glue == "-" or first.folded == "abd", 1, 3)
    if article and third is not None:
        folded = joined_abd(first.folded, third.folded, article=first.folded == "abd")
        folded = folded or joined_din(first.folded, third.folded)
        if folded:
            return Word(first.surface + second.surface + third.surface, folded, Script.LATIN, first.glue, first.role), 3
    folded = joined_abd(first.folded, second.folded) or joined_din(first.folded, second.folded)
    folded = folded or joined_allah(first.folded, second.folded)
    if folded:
        return Word(first.surface + second.surface, folded, Script.LATIN, first.glue, first.role), 2
    return None


def _give_stated_roles(words: list[Word], name: Name) -> None:
    """Roles from the source's own family and given name, where a word stands in exactly one of them."""
    if not name.family and not name.given:
        return
    family = {word.folded for word in _parse_alphabetic(cut_words(name.family))}
    given = {word.folded for word in _parse_alphabetic(cut_words(name.given))}
    for word in words:
        if (word.folded in family) != (word.folded in given):
            word.role = TokenRole.FAMILY if word.folded in family else TokenRole.GIVEN


# -- Korean ---------------------------------------------------------------------------------------------------------


def _split_hangul(words: list[Word]) -> list[Word]:
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
            return family_and_given(word.surface, split, Script.HANGUL)
        return words
    if (
        len(words) == 2
        and (split := split_of_hangul(words[0].folded + words[1].folded))
        and split[0] == words[0].folded
    ):
        words[0].role, words[1].role = TokenRole.FAMILY, TokenRole.GIVEN
    return words
