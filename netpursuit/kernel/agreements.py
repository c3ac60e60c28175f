"""Agreements between the parts of names: for pairs of names, which slots agree, at what level and weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.ragged import pair_rows
from netpursuit.kernel.relate import COSTS, Relations
from netpursuit.policy.weights import (
    CONSONANT_RARITY,
    GARBLED_PART_CAP,
    GARBLED_PART_COST,
    INITIAL_RARITY,
    ROLE_SWAP_COST,
    UNKNOWN_NAME_RARITY,
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
_NOT_BETWEEN_NAMES = _IS_SLIP | (np.arange(len(COSTS)) == TokenLevel.SOUND)


def weigh(left_rarity: Array, right_rarity: Array, level: Array, consonants: Array) -> Array:
    """What agreeing tokens weigh, in thousandths of a bit: the rarity of the commoner less the level's cost.

    What agrees by its consonants alone is no rarer than so many ``consonants`` are (0: unknown).
    """
    rarity = np.where(level == TokenLevel.INITIAL, INITIAL_RARITY, np.minimum(left_rarity, right_rarity))
    heard = ((level == TokenLevel.SKELETON) | (level == TokenLevel.SOUND)) & (consonants > 0)
    rarity = np.where(heard, np.minimum(rarity, consonants * CONSONANT_RARITY), rarity)
    weight = rarity.astype(np.int64) - COSTS[level]
    slip = _IS_SLIP[level] & (np.maximum(left_rarity, right_rarity) >= UNKNOWN_NAME_RARITY)
    garbled = np.minimum(rarity - GARBLED_PART_COST, GARBLED_PART_CAP)
    weight = np.where(slip, np.maximum(weight, garbled), weight)
    # Two known names a letter apart (Mina, Tina), of the same letters or the same sound are two names: siblings.
    two_names = _NOT_BETWEEN_NAMES[level] & (np.maximum(left_rarity, right_rarity) < UNKNOWN_NAME_RARITY)
    return np.where(two_names, 0, weight)


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
    weight = weigh(left.tokens.rarity[lt, left_role], right.tokens.rarity[rt, right_role], level, consonants)
    swapped = (left_role > 0) & (right_role > 0) & (left_role != right_role)
    weight = np.where(swapped, weight - ROLE_SWAP_COST, weight)
    keep = np.flatnonzero(weight > 0)
    return Agreements(combo[keep], ls[keep], rs[keep], level[keep], weight[keep])
