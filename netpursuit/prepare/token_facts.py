"""What is worked out once per distinct token of names: its rarity, and the keys by which it is found and compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from netpursuit.policy.frequencies import Frequencies
from netpursuit.prepare.columns import Hashes, Ints
from netpursuit.prepare.hashes import hash_texts
from netpursuit.prepare.look_alikes import look_alike_forms
from netpursuit.text.han import MIN_TRANSCRIBED
from netpursuit.text.keys import token_keys, variants_of_joined
from netpursuit.text.scripts import Script
from netpursuit.text.surnames import is_known_surname
from netpursuit.text.tokens import TokenRole

MIN_SCRAMBLED = 5  # letters of a part that is known again in another order (nituP)
_SPELT = frozenset({Script.LATIN, Script.CYRILLIC, Script.GREEK})
_SCRIPTS, _ROLES = tuple(Script), tuple(TokenRole)  # in the order of their numbers
_LATIN, _HAN = int(Script.LATIN), int(Script.HAN)
_READ_BY_ROLE = frozenset({Script.HAN, Script.HANGUL})
_ONE_ROLE = _ROLES[:1]  # unknown: that of the keys of all
_MOST_CONSONANTS = 100


class KeyKind(IntEnum):
    """What two tokens may share. ``SURFACE`` tells identity from mere folding."""

    SURFACE = 0
    FOLDED = 1
    READING = 2
    VARIANT = 3
    SKELETON = 4
    SOUND = 5
    LOOK_ALIKE = 6
    LETTERS = 7


# The mark of a kind stands before the text of its keys, and begins with its number.
_SURFACE, _FOLDED, _READING, _VARIANT, _SKELETON, _SOUND, _LOOK_ALIKE, _LETTERS = (f"{kind:d}:" for kind in KeyKind)


class Token(NamedTuple):
    """A distinct token: its forms, and whether it stands for two neighbours read as one."""

    surface: str
    folded: str
    script: int  # as ``Script``
    joined: bool


class TokenFacts(NamedTuple):
    """The facts of tokens, one after another, as ``TokenTable`` has them; ``counts``: how many keys each token has."""

    rarity: Ints
    consonants: npt.NDArray[np.int8]
    counts: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.int8]
    hashes: Hashes


def facts_of(tokens: Sequence[Token], frequencies: Frequencies) -> TokenFacts:
    """The facts of each token; none for none."""
    rarities = frequencies.rarities
    texts: list[str] = []  # of all keys, each behind the mark of its kind
    rarity: list[int] = []
    counts: list[int] = []
    consonants: list[int] = []
    for surface, folded, script, joined in tokens:
        before = len(texts)
        rarity += rarities(folded, script)
        texts += (_SURFACE + surface, _FOLDED + folded)
        if joined and script == _LATIN:  # has no reading but its own
            texts.append(_READING + folded)
            if variants := variants_of_joined(folded):
                texts += [_VARIANT + text for text in variants]
            consonants.append(0)
        else:
            consonants.append(_add_keys(texts, folded, script, joined))
        counts.append(len(texts) - before)
    return TokenFacts(
        np.array(rarity, np.int32).reshape(len(tokens), len(_ROLES)),
        np.array(consonants, np.int8),
        np.array(counts, np.int64),
        np.frombuffer("".join([text[0] for text in texts]).encode(), np.int8) - np.int8(ord(_SURFACE[0])),
        hash_texts(texts),
    )


def _add_keys(texts: list[str], folded: str, number: int, joined: bool) -> int:
    """Adds the keys of a token behind those of its own forms; gives how many consonants its skeleton has."""
    script = _SCRIPTS[number]
    readings, variants, sounds, skeleton = _read(folded, script, joined)
    texts += [_READING + text for text in readings if text]
    texts += [_VARIANT + text for text in variants if text]
    if skeleton:
        texts.append(_SKELETON + skeleton)
    texts += [_SOUND + text for text in sounds if text]
    if number == _HAN:
        texts += [_LOOK_ALIKE + text for text in look_alike_forms(folded)]
    elif number in _SPELT and len(folded) >= MIN_SCRAMBLED and not joined:
        texts.append(_LETTERS + "".join(sorted(folded)))
    return min(len(skeleton), _MOST_CONSONANTS)


def _read(folded: str, script: Script, joined: bool) -> tuple[Iterable[str], Iterable[str], Iterable[str], str]:
    """The readings, variants, sounds and the one skeleton of a token in every role it may have."""
    roles = _roles_of(folded, script)
    first = token_keys(folded, script, roles[0], joined=joined)
    if len(roles) == 1:
        return first.readings, first.variants, (first.sound,), first.skeleton
    found = [first, *[token_keys(folded, script, role, joined=joined) for role in roles[1:]]]
    return (
        dict.fromkeys(chain.from_iterable([keys.readings for keys in found])),
        dict.fromkeys(chain.from_iterable([keys.variants for keys in found])),
        dict.fromkeys([keys.sound for keys in found]),
        first.skeleton,  # the other roles have none
    )


def _roles_of(folded: str, script: Script) -> tuple[TokenRole, ...]:
    """The roles in which a token has other keys than in those before; only Chinese and Korean are read by role."""
    if script not in _READ_BY_ROLE:
        return _ONE_ROLE
    if script == _HAN and len(folded) > 1 and not is_known_surname(folded):
        # As a surname it would be read like any other text, and what is no transcription is read as a given name.
        return _ONE_ROLE if len(folded) < MIN_TRANSCRIBED else (TokenRole.UNKNOWN, TokenRole.GIVEN)
    return _ROLES
