"""Agreements between the parts of names: for pairs of names, which slots agree, at what level and weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.native_name_levels import LETTERS
from netpursuit.kernel.ragged import pair_rows
from netpursuit.kernel.relate import COSTS, MIN_EDIT_LENGTH, Relations
from netpursuit.policy.weights import (
    CONSONANT_RARITY,
    GARBLED_PART_CAPS,
    GARBLED_PART_COSTS,
    INITIAL_RARITY,
    ROLE_SWAP_COST,
    UNKNOWN_NAME_RARITIES,
    TokenLevel,
)
from netpursuit.prepare.columns import PreparedBatch
from netpursuit.text.scripts import Script

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Agreements:
    """Rows: ``combo`` (which pair of names), slots of both sides, level, weight > 0 in thousandths of a bit."""

    combo: Array
    left_slot: Array
    right_slot: Array
    level: Array
    weight: Array


_IS_SLIP = np.isin(np.arange(len(COSTS)), (TokenLevel.SLIP, TokenLevel.SHORT_SLIP, TokenLevel.SCRAMBLED))
_IS_HEARD = np.isin(np.arange(len(COSTS)), (TokenLevel.SKELETON, TokenLevel.SOUND))
_NOT_BETWEEN_NAMES = _IS_SLIP | (np.arange(len(COSTS)) == TokenLevel.SOUND)


_UNKNOWN, _GARBLED_COST, _GARBLED_CAP = (
    np.array(by_length, np.int64) for by_length in (UNKNOWN_NAME_RARITIES, GARBLED_PART_COSTS, GARBLED_PART_CAPS)
)
_GARBLED_LETTERS = MIN_EDIT_LENGTH + 1  # with fewer a slip never weighs more than a garbled part


def _by_letters(table: Array, letters: Array) -> Array:
    """The row of a table by the number of letters; the last row holds for more."""
    rows: Array = table[np.minimum(letters, len(table) - 1)]
    return rows


def weigh(left_rarity: Array, right_rarity: Array, level: Array, consonants: Array, letters: Array) -> Array:
    """What agreeing tokens weigh, in thousandths of a bit: the rarity of the commoner less the level's cost.

    What agrees by its consonants alone is no rarer than so many ``consonants`` are (0: unknown). ``letters``: of the
    shorter of the two.
    """
    rarity = np.where(level == TokenLevel.INITIAL, INITIAL_RARITY, np.minimum(left_rarity, right_rarity))
    heard = _IS_HEARD[level] & (consonants > 0)
    rarity = np.where(heard, np.minimum(rarity, consonants * CONSONANT_RARITY), rarity)
    weight = rarity.astype(np.int64) - COSTS[level]
    unknown = np.maximum(left_rarity, right_rarity) >= _by_letters(_UNKNOWN, letters)
    garbled = np.minimum(rarity - _by_letters(_GARBLED_COST, letters), _by_letters(_GARBLED_CAP, letters))
    # In three letters a rare name is always near a commoner one.
    garbled = np.where(letters < _GARBLED_LETTERS, garbled, np.maximum(weight, garbled))
    weight = np.where(_IS_SLIP[level] & unknown, garbled, weight)
    # Two known names a letter apart (Mina, Tina), of the same letters or the same sound are two names: siblings.
    return np.where(_NOT_BETWEEN_NAMES[level] & ~unknown, 0, weight)


def find_agreements(
    left: PreparedBatch, right: PreparedBatch, left_names: Array, right_names: Array, relations: Relations
) -> Agreements:
    """Every agreement of every given pair of names (rows of ``name_text``)."""
    combo, ls, rs = pair_rows(left.slot_start, left_names, right.slot_start, right_names)
    lt, rt = left.slot_token[ls], right.slot_token[rs]
    level = relations.levels_of(lt, rt)
    left_length, right_length = left.tokens.length[lt], right.tokens.length[rt]
    initial = (
        (level < 0)
        & ((left_length == 1) != (right_length == 1))
        & (left.tokens.initial[lt] == right.tokens.initial[rt])
        & (left.tokens.script[lt] == int(Script.LATIN))
        & ~left.tokens.joined[lt]
        & ~right.tokens.joined[rt]
    )
    level = np.where(initial, np.int8(TokenLevel.INITIAL), level)
    keep = np.flatnonzero(level >= 0)
    combo, ls, rs, lt, rt, level = combo[keep], ls[keep], rs[keep], lt[keep], rt[keep], level[keep]
    left_role, right_role = left.slot_role[ls], right.slot_role[rs]
    consonants = np.minimum(left.tokens.consonants[lt], right.tokens.consonants[rt]).astype(np.int64)
    letters = np.minimum(left.tokens.length[lt], right.tokens.length[rt])
    rarities = left.tokens.rarity[lt, left_role], right.tokens.rarity[rt, right_role]
    weight = weigh(*rarities, level, consonants, letters)
    swapped = (left_role > 0) & (right_role > 0) & (left_role != right_role)
    weight = np.where(swapped, weight - ROLE_SWAP_COST, weight)
    keep = np.flatnonzero(weight > 0)
    return Agreements(combo[keep], ls[keep], rs[keep], level[keep], weight[keep])


def rules_of_agreements() -> tuple[dict[str, Array], dict[str, int]]:
    """Tables and numbers of ``weigh`` and ``find_agreements`` for the compiled kernel."""
    letters = np.arange(LETTERS)
    tables = {
        "cost": COSTS,
        "is_slip": _IS_SLIP,
        "not_between_names": _NOT_BETWEEN_NAMES,
        "is_heard": _IS_HEARD,
        "unknown": _by_letters(_UNKNOWN, letters),
        "garbled_cost": _by_letters(_GARBLED_COST, letters),
        "garbled_cap": _by_letters(_GARBLED_CAP, letters),
    }
    numbers = {
        "latin": Script.LATIN,
        "initial_level": TokenLevel.INITIAL,
        "initial_rarity": INITIAL_RARITY,
        "consonant_rarity": CONSONANT_RARITY,
        "garbled_letters": _GARBLED_LETTERS,
        "role_swap": ROLE_SWAP_COST,
    }
    return tables, {name: int(number) for name, number in numbers.items()}
