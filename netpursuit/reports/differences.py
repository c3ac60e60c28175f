"""Which characters of two values differ, so that a reader's eye falls on them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

Kind = Literal["same", "differs", "hidden", "script"]

_SEPARATORS = re.compile(r"([\s,，;；、·•・/]+)")
_MASKS = frozenset("*＊?？●○×")
# Two words that share less than this are another word, not the same word misspelt.
_SAME_WORD = 0.45


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters.

    ``same`` on both sides; ``differs``; ``hidden`` by a mask on one side; or in another ``script`` than the other
    side, where characters cannot be set against each other.
    """

    text: str
    kind: Kind


Spans = tuple[Span, ...]


def mark_differences(left: str, right: str) -> tuple[Spans, Spans]:
    """Both values in spans whose texts join to the values again.

    Words are paired whatever their order, best likeness first, and compared character by character; case and
    separators are no difference, everything else is (simplified and traditional characters, accents, digits). Where a
    side is empty, the other is one span that differs; equal values are one span that does not.

    >>> mark_differences("1985-03-14", "1985-03-19")[0]
    (Span(text='1985-03-1', kind='same'), Span(text='4', kind='differs'))
    """
    if left and right and not _scripts(left) & _scripts(right):
        return (Span(left, "script"),), (Span(right, "script"),)
    left_words, right_words = _words(left), _words(right)
    if len(left_words) <= 2 and len(right_words) <= 2:
        return _mark_characters(left, right)
    pairs = _pair(left_words, right_words)
    left_spans: list[Span] = []
    right_spans: list[list[Span]] = [[_whole(word, place)] for place, word in enumerate(right_words)]
    for place, word in enumerate(left_words):
        if place in pairs:
            one, other = _mark_characters(word, right_words[pairs[place]])
            left_spans += one
            right_spans[pairs[place]] = list(other)
        else:
            left_spans.append(_whole(word, place))
    return _join(left_spans), _join([span for spans in right_spans for span in spans])


def likeness(left: str, right: str) -> float:
    """How alike two values are whatever the order of their words, 0 to 1; for choosing which values face each other."""
    one, other = (" ".join(sorted(_fold(word) for word in _words(text)[::2])) for text in (left, right))
    return Levenshtein.normalized_similarity(one, other)


def _words(text: str) -> list[str]:
    """Words and, between them at odd places, separators."""
    return _SEPARATORS.split(text)


def _whole(word: str, place: int) -> Span:
    return Span(word, "same" if place % 2 else "differs")


def _pair(left: Sequence[str], right: Sequence[str]) -> dict[int, int]:
    """Place of a left word -> place of the right word it is read as, best likeness first, then by order."""
    rated = [
        (-Levenshtein.normalized_similarity(_fold(one), _fold(other)), abs(a - b), a, b)
        for a, one in enumerate(left)
        for b, other in enumerate(right)
        if a % 2 == 0 and b % 2 == 0 and one and other
    ]
    pairs: dict[int, int] = {}
    for negative, _, a, b in sorted(rated):
        if -negative >= _SAME_WORD and a not in pairs and b not in pairs.values():
            pairs[a] = b
    return pairs


def _mark_characters(left: str, right: str) -> tuple[Spans, Spans]:
    one, other = _clusters(left), _clusters(right)
    if len(one) == len(other) and (_MASKS & {*left, *right}):
        kinds = [_kind(a, b) for a, b in zip(one, other, strict=True)]
        return _join(map(Span, one, kinds)), _join(map(Span, other, kinds))
    folded_one, folded_other = [_fold(part) for part in one], [_fold(part) for part in other]
    left_spans, right_spans = [], []
    for step in Levenshtein.opcodes(folded_one, folded_other):
        kind: Kind = "same" if step.tag == "equal" else "differs"
        left_spans.append(Span("".join(one[step.src_start : step.src_end]), kind))
        right_spans.append(Span("".join(other[step.dest_start : step.dest_end]), kind))
    return _join(left_spans), _join(right_spans)


def _scripts(text: str) -> set[str]:
    """The scripts of a value's letters by the first word of their Unicode names; digits stand for a script, too.

    >>> sorted(_scripts("Zhang 伟 3"))
    ['CJK', 'DIGIT', 'LATIN']
    """
    names = (unicodedata.name(char, "?").split()[0].split("-")[0] for char in text if char.isalnum())
    return {"DIGIT" if name in {"FULLWIDTH", "CIRCLED"} else name for name in names} or {"?"}


def _kind(left: str, right: str) -> Kind:
    if left in _MASKS or right in _MASKS:
        return "hidden"
    return "same" if _fold(left) == _fold(right) else "differs"


def _clusters(text: str) -> list[str]:
    """Characters with the marks that combine with them (vowel signs, tones), so that no mark stands alone."""
    clusters: list[str] = []
    for char in text:
        if clusters and unicodedata.category(char) in {"Mn", "Me", "Mc"}:
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _join(spans: Sequence[Span] | map[Span]) -> Spans:
    """Neighbouring spans of one kind as one, without empty ones."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].kind == span.kind:
            joined[-1] = Span(joined[-1].text + span.text, span.kind)
        elif span.text:
            joined.append(span)
    return tuple(joined)
