"""What is left of two names when all agreeing parts are taken away: nothing but a slip, or another part."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from netpursuit.kernel.native_name_levels import CODE_POINTS, LETTERS, UNTOLD_LETTER
from netpursuit.kernel.ragged import expand, one_of
from netpursuit.policy.weights import (
    MIN_GARBLED_LENGTH,
    MIN_NEAR_ALONE,
    MIN_NEAR_LENGTH,
    MIN_NEAR_STRANGE,
    MIN_TWO_NEAR,
    UNKNOWN_PART_RARITIES,
)
from netpursuit.prepare.columns import PreparedBatch
from netpursuit.text.scripts import Script

Array = npt.NDArray[Any]
UNSEEN_RARITIES = np.array(UNKNOWN_PART_RARITIES)
_MOST = 1 << 30
_NEAR_LETTERS = 2
_SYLLABIC = (int(Script.HAN), int(Script.HANGUL), int(Script.KANA))


class Residue(NamedTuple):
    """What two names differ in, per combination: nothing but a slip of the pen, a letter that makes another known name
    of it, two letters; ``alike``: two letters of a few, and both are known names; ``alone``: long enough to be near
    without any part that agrees."""

    slip: npt.NDArray[np.bool_]
    near: npt.NDArray[np.bool_]
    two_near: npt.NDArray[np.bool_]
    alike: npt.NDArray[np.bool_]
    alone: npt.NDArray[np.bool_]


def compare_residues(
    left: PreparedBatch,
    right: PreparedBatch,
    left_names: Array,
    right_names: Array,
    used_left: Array,
    used_right: Array,
    asked: Array,
) -> Residue:
    """How near the parts are that agree with nothing, put together and compared letter by letter.

    ``RI JnE IL`` is a slip of ``RI JAE IL``, ``ABDUL LTIF`` of ``ABDULLATIF``: one letter, and what is left is no known
    name. ``Zhang Wen`` is near ``Zhang Wei`` but no slip of it, since both are known names.
    """
    found = Residue(*(np.zeros(len(left_names), bool) for _ in range(5)))
    rows = np.flatnonzero(asked)
    one, other = Rest.of(left, left_names[rows], used_left[rows]), Rest.of(right, right_names[rows], used_right[rows])
    longer = np.maximum(one.length, other.length)
    spelt = one.spelt & other.spelt
    strange = (one.unknown | other.unknown) & spelt
    unknown = strange & (np.minimum(one.whole, other.whole) >= MIN_GARBLED_LENGTH)
    apart = np.abs(one.length - other.length)
    # Characters and syllables: one that is missing (小明, 明); another one in its place is another name.
    missing = ~one.spelt & ~other.spelt & (apart == 1) & (np.minimum(one.length, other.length) > 0)
    # Of two letters (Il, Iz) one is wrong only where what stands there is no name.
    enough = np.where(strange, MIN_NEAR_STRANGE, MIN_NEAR_LENGTH)
    worth = np.flatnonzero((spelt & (apart <= _NEAR_LETTERS) & (longer >= enough)) | missing)
    distance = np.full(len(rows), _NEAR_LETTERS + 1, np.uint8)
    distance[worth] = cpdist(
        one.texts(worth), other.texts(worth), scorer=OSA.distance, score_cutoff=_NEAR_LETTERS, dtype=np.uint8
    )
    # A slip may fall on a word that parsing drops, joins or takes for initials (``BAD AL-RAHMAN``, ``BD AL-RAHMAN``):
    # then the whole name tells.
    cut = (one.cut | other.cut) & (np.minimum(one.whole, other.whole) >= MIN_GARBLED_LENGTH)
    # A key writes a part of a syllable of Hangul (민수, 민소): near, as two known names one letter apart are.
    hangul = np.flatnonzero(one.hangul & other.hangul & (apart == 0) & (one.length > 0))
    letters_apart = cpdist(
        _jamo(one.texts(hangul)), _jamo(other.texts(hangul)), scorer=OSA.distance, score_cutoff=1, dtype=np.uint8
    )
    distance[hangul[letters_apart <= 1]] = 1
    typed = np.flatnonzero((unknown | cut) & spelt & (distance > 1))
    letters = [
        [_letters(text) for text in batch.name_text.take(names[rows[typed]].tolist())]
        for batch, names in ((left, left_names), (right, right_names))
    ]
    whole = cpdist(*letters, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
    distance[typed] = np.where(whole <= 1, whole, distance[typed])
    unknown[typed[whole <= 1]] = True
    by_one, by_two = distance <= 1, spelt & (distance == _NEAR_LETTERS) & (longer >= MIN_TWO_NEAR)
    found.slip[rows], found.near[rows] = by_one & unknown, by_one & ~unknown
    alike = ~unknown & (longer < MIN_GARBLED_LENGTH)
    found.two_near[rows], found.alike[rows] = by_two & ~alike, by_two & alike
    found.alone[rows] = (by_one | by_two) & (np.minimum(one.length, other.length) >= MIN_NEAR_ALONE)
    return found


def _unseen(letters: Array) -> Array:
    """The rarity from which a part of so many letters is no known name."""
    rarity: Array = UNSEEN_RARITIES[np.minimum(letters, len(UNSEEN_RARITIES) - 1)]
    return rarity


def rules_of_residues() -> tuple[dict[str, Array], dict[str, int]]:
    """Tables and numbers of ``compare_residues`` for the compiled kernel."""
    folded = [_letters(chr(point)) for point in range(CODE_POINTS)]
    known = [not text or (len(text) == 1 and ord(text) < CODE_POINTS) for text in folded]
    points = [ord(text or "\0") if told else UNTOLD_LETTER for text, told in zip(folded, known, strict=True)]
    scripts = np.arange(len(Script))
    tables = {
        "unseen": _unseen(np.arange(LETTERS)),
        "folded_letter": np.array(points),
        "is_syllabic": one_of(scripts, _SYLLABIC),
        "is_hangul": scripts == int(Script.HANGUL),
    }
    numbers = {
        "whole_letters": MIN_GARBLED_LENGTH,
        "near_letters": MIN_NEAR_LENGTH,
        "strange_letters": MIN_NEAR_STRANGE,
        "two_letters": MIN_TWO_NEAR,
        "alone_letters": MIN_NEAR_ALONE,
    }
    return tables, numbers


def _jamo(texts: list[str]) -> list[str]:
    """Syllables of Hangul as the letters they are written with."""
    return [unicodedata.normalize("NFD", text) for text in texts]


def _letters(text: str) -> str:
    """The letters of a name as typed, without spaces, marks and capitals."""
    return "".join(filter(str.isalpha, text.casefold()))


@dataclass(frozen=True, slots=True)
class Rest:
    """The parts of some names that agree with nothing: letters in them and in the whole name, and whether all are
    spelt with letters, all in Hangul, some is no known name, and some is a lone letter beside others (``cut``)."""

    batch: PreparedBatch
    start: Array
    token: Array
    length: Array
    whole: Array
    spelt: npt.NDArray[np.bool_]
    hangul: npt.NDArray[np.bool_]
    unknown: npt.NDArray[np.bool_]
    cut: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, batch: PreparedBatch, names: Array, used: Array) -> Rest:
        owner, slot = expand(batch.slot_start, names)
        mask = batch.slot_mask[slot]
        base = (mask & (mask - 1)) == 0
        tokens = batch.tokens
        whole = np.bincount(owner[base], tokens.length[batch.slot_token[slot[base]]], len(names))
        free = base & ((mask & used[owner]) == 0)
        owner, token = owner[free], batch.slot_token[slot[free]]
        strange = tokens.rarity[token].min(axis=1, initial=_MOST) >= _unseen(tokens.length[token])
        counts = np.bincount(owner, minlength=len(names))
        start = np.concatenate([[0], np.cumsum(counts)])
        length = np.bincount(owner, tokens.length[token], len(names)).astype(np.int64)
        spelt = np.bincount(owner, ~one_of(tokens.script[token], _SYLLABIC), len(names)) == counts
        hangul = np.bincount(owner, tokens.script[token] == int(Script.HANGUL), len(names)) == counts
        unknown = np.bincount(owner, strange, len(names)) > 0
        letters = np.bincount(owner, tokens.length[token] == 1, len(names))
        return cls(batch, start, token, length, whole, spelt, hangul, unknown, (letters > 0) & (letters < counts))

    def texts(self, rows: Array) -> list[str]:
        """The letters of each row, without spaces."""
        plain = self.batch.tokens.plain
        return [
            "".join(plain.take(self.token[self.start[row] : self.start[row + 1]].tolist())) for row in rows.tolist()
        ]
