"""The vocabulary join: how each distinct token of one side agrees with each of the other, worked out once per batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from netpursuit.kernel import native_join
from netpursuit.kernel.deletions import deletion_keys
from netpursuit.kernel.native import Kept, described, is_native
from netpursuit.kernel.ragged import distinct, join_sorted
from netpursuit.kernel.together import slips_in_joined
from netpursuit.policy.weights import TOKEN_COSTS, UNKNOWN_NAME_RARITIES, TokenLevel
from netpursuit.prepare.columns import TokenTable
from netpursuit.prepare.token_facts import KeyKind
from netpursuit.text.scripts import Script

Array = npt.NDArray[Any]

COSTS = np.array([level.millibits for level in TOKEN_COSTS], np.int32)
_IS_SYLLABIC = np.isin(np.arange(len(Script)), (Script.HAN, Script.HANGUL))
_IS_ABJAD = np.isin(np.arange(len(Script)), (Script.ARABIC, Script.HEBREW))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)  # itself a key of how the kernel reads it
class SortedKeys:
    """The keys of one token table in hash order, ready to be joined: agreements, and deletion forms."""

    hash: Array
    token: Array
    kind: Array
    deletion_hash: Array
    deletion_token: Array


@dataclass(frozen=True, slots=True)
class Relations:
    """Pairs of tokens that agree: sorted ``key`` = left token * ``right_size`` + right token, and the best level."""

    right_size: int
    key: npt.NDArray[np.int64]
    level: npt.NDArray[np.int8]

    @property
    def left_token(self) -> Array:
        return self.key // max(1, self.right_size)

    @property
    def right_token(self) -> Array:
        return self.key % max(1, self.right_size)

    def levels_of(self, left: Array, right: Array) -> npt.NDArray[np.int8]:
        """The level of each pair of tokens, -1 where they do not agree."""
        wanted = left.astype(np.int64) * self.right_size + right
        if not len(self.key):
            return np.full(len(wanted), -1, np.int8)
        place = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        return np.where(self.key[place] == wanted, self.level[place], np.int8(-1))


_LONG_ENOUGH = 4  # letters in which a name can be told by its sound
MIN_EDIT_LENGTH = 3  # letters of a part in which a slip can be told from another name
_UNKNOWN_SHORT = UNKNOWN_NAME_RARITIES[MIN_EDIT_LENGTH]


def edit_rows(table: TokenTable) -> Array:
    """Tokens in which one slip can be told from another name: four letters and more, or three that are Latin."""
    short = (table.length == MIN_EDIT_LENGTH) & (table.script == int(Script.LATIN)) & ~table.joined
    return np.flatnonzero((table.length > MIN_EDIT_LENGTH) | short)


def _may_be_slips(left: TokenTable, right: TokenTable, lt: Array, rt: Array) -> npt.NDArray[np.bool_]:
    """Whether a slip between these tokens can be told: of three letters only where one of the two is a known name."""
    one, other = left.rarity[lt].min(axis=1), right.rarity[rt].min(axis=1)
    known_and_not = (np.maximum(one, other) >= _UNKNOWN_SHORT) & (np.minimum(one, other) < _UNKNOWN_SHORT)
    told: npt.NDArray[np.bool_] = np.minimum(left.length[lt], right.length[rt]) > MIN_EDIT_LENGTH
    told |= known_and_not & ~left.joined[lt]
    return told


def _deletions(table: TokenTable, rows: Array, *, whole: bool = False) -> tuple[Array, Array]:
    """(token, hash) of the deletion forms of these tokens, as compared and as typed; ``whole`` leaves no letter out."""
    folded, plain = table.folded.take(rows.tolist()), table.plain.take(rows.tolist())
    typed = [at for at, (one, other) in enumerate(zip(folded, plain, strict=True)) if one != other]
    owners, hashes = deletion_keys(folded + [plain[at] for at in typed], whole=whole)
    tokens: Array = np.concatenate([rows, rows[typed]])[owners]
    return tokens, hashes


def _listed_deletions(table: TokenTable) -> tuple[Array, Array]:
    """(token, hash) of the deletion forms of a list. Two neighbours read as one stand only as they are, so that a
    word with one letter too many meets them (a space typed as a letter); for other slips the words of a query are cut
    (``kernel.together``), since a list has a pair of neighbours for every entry."""
    rows = edit_rows(table)
    joined = table.joined[rows]
    forms = (_deletions(table, rows[~joined]), _deletions(table, rows[joined], whole=True))
    owners, hashes = zip(*forms, strict=True)
    return np.concatenate(owners), np.concatenate(hashes)


def sort_keys(table: TokenTable) -> SortedKeys:
    """The join side of a token table."""
    order = np.argsort(table.key_hash, kind="stable")
    owners, hashes = _listed_deletions(table)
    deletions = np.argsort(hashes, kind="stable")
    return SortedKeys(
        hash=table.key_hash[order],
        token=table.key_token[order],
        kind=table.key_kind[order],
        deletion_hash=hashes[deletions],
        deletion_token=owners[deletions].astype(np.int32),
    )


def _key_levels(left: TokenTable, right: TokenTable, lt: Array, rt: Array, kind: Array) -> Array:
    """The level that a shared key of this kind means for these two tokens; -1 for none."""
    ls, rs = left.script[lt], right.script[rt]
    long_enough = np.minimum(left.length[lt], right.length[rt]) >= _LONG_ENOUGH
    return _levels_of_keys(
        kind, ls == rs, ls == int(Script.LATIN), ls == int(Script.HAN), _IS_ABJAD[ls] | _IS_ABJAD[rs], long_enough
    )


def _levels_of_keys(
    kind: Array, same_script: Array, latin: Array, han: Array, abjad: Array, long_enough: Array
) -> npt.NDArray[np.int8]:
    """By the kind of the key and what is known of the two: one script, the left one Latin or Han, one of them of a
    script without vowels, and both long enough to be told by their sound."""
    both_han = same_script & han
    level = np.full(len(kind), -1, np.int8)
    level[kind == KeyKind.SURFACE] = TokenLevel.EXACT
    level[kind == KeyKind.FOLDED] = TokenLevel.FOLDED
    reading = kind == KeyKind.READING
    level[reading] = TokenLevel.READING
    level[reading & same_script & ~latin] = TokenLevel.SOUND
    level[reading & both_han] = TokenLevel.HOMOPHONE
    level[kind == KeyKind.VARIANT] = TokenLevel.VARIANT
    skeleton = kind == KeyKind.SKELETON
    level[skeleton & abjad] = TokenLevel.SKELETON
    level[skeleton & ~abjad & long_enough] = TokenLevel.SOUND
    sound = kind == KeyKind.SOUND
    level[sound & long_enough] = TokenLevel.SOUND
    level[sound & both_han] = TokenLevel.HOMOPHONE
    level[(kind == KeyKind.LETTERS) & same_script] = TokenLevel.SCRAMBLED
    level[(kind == KeyKind.LOOK_ALIKE) & both_han] = TokenLevel.LOOK_ALIKE
    return level


def _slip_levels(left: TokenTable, right: TokenTable, lt: Array, rt: Array) -> Array:
    """The level of pairs that share a deletion form, by their true distance (optimal string alignment)."""
    left_tokens, right_tokens = lt.tolist(), rt.tolist()
    distances = [
        cpdist(one.take(left_tokens), other.take(right_tokens), scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
        for one, other in ((left.folded, right.folded), (left.plain, right.plain))
    ]
    shorter = np.minimum(left.length[lt], right.length[rt])
    return _levels_of_slips(np.minimum(*distances), shorter, _IS_SYLLABIC[left.script[lt]])


def _levels_of_slips(distance: Array, shorter: Array, syllabic: Array) -> npt.NDArray[np.int8]:
    level = np.full(len(distance), -1, np.int8)
    level[(distance == 2) & (shorter >= 8) & ~syllabic] = TokenLevel.TWO_SLIPS
    level[distance == 1] = TokenLevel.SHORT_SLIP
    level[(distance == 1) & (shorter >= 7)] = TokenLevel.SLIP
    return level


_BY_COST = np.lexsort((np.arange(len(COSTS)), COSTS)).astype(np.int8)  # the level of each rank


@cache
def _rules() -> native_join.Tables:
    """The tables of ``_levels_of_keys`` and ``_levels_of_slips``, worked out by them."""
    ranks = np.full(len(COSTS) + 1, native_join.NONE, np.uint8)  # the last: of no level
    ranks[_BY_COST] = np.arange(len(COSTS))
    kind, relation = np.divmod(np.arange(native_join.KINDS * native_join.RELATIONS), native_join.RELATIONS)
    bits = [(relation >> bit & 1).astype(bool) for bit in range(5)]
    distance, rest = np.divmod(np.arange(3 * native_join.SHORTER * 2), native_join.SHORTER * 2)
    scripts = np.zeros((4, native_join.SCRIPTS), bool)
    scripts[0, Script.LATIN] = scripts[1, Script.HAN] = True
    scripts[2, : len(Script)], scripts[3, : len(Script)] = _IS_ABJAD, _IS_SYLLABIC
    may_slip = np.zeros(native_join.LEVELS, bool)
    may_slip[: len(COSTS)] = COSTS[_BY_COST] > COSTS[TokenLevel.SLIP]
    latin, han, abjad, syllabic = scripts
    rules = native_join.Rules(
        key_rank=ranks[_levels_of_keys(kind, *bits)],
        slip_rank=ranks[_levels_of_slips(distance, rest // 2, (rest % 2).astype(bool))],
        may_slip=may_slip,
        is_latin=latin,
        is_han=han,
        is_abjad=abjad,
        is_syllabic=syllabic,
        long_enough=_LONG_ENOUGH,
        least_letters=MIN_EDIT_LENGTH,
        unknown=_UNKNOWN_SHORT,
    )
    return native_join.tables(rules)


def relate(left: TokenTable, right: TokenTable, right_keys: SortedKeys) -> Relations:
    """All agreeing pairs of tokens with their cheapest level. Two joined tokens never agree: their parts do."""
    more = slips_in_joined(left, right, right_keys.hash, right_keys.deletion_hash, right_keys.deletion_token)
    return (_relate_natively if is_native() else _relate)(left, right, right_keys, more)


def _described_keys(keys: SortedKeys, keep: Kept) -> native_join.Keyed:
    return native_join.keyed(keys.hash, keys.token, keys.kind, keep)


def _described_forms(keys: SortedKeys, keep: Kept) -> native_join.Keyed:
    return native_join.keyed(keys.deletion_hash, keys.deletion_token, None, keep)


def _relate_natively(left: TokenTable, right: TokenTable, right_keys: SortedKeys, more: Array) -> Relations:
    """As ``_relate``, token by token in the compiled kernel."""
    editable = np.zeros(len(left), bool)
    editable[edit_rows(left)] = True
    keys, forms = described(_described_keys, right_keys), described(_described_forms, right_keys)
    key, rank = native_join.join(left, editable, right, keys, forms, more, _rules())
    return Relations(len(right), key, _BY_COST[rank])


def _relate(left: TokenTable, right: TokenTable, right_keys: SortedKeys, more: Array) -> Relations:
    """``relate`` column by column; ``more``: pairs that may be a slip apart besides those that share a form."""
    size = len(right)
    at, found = join_sorted(left.key_hash, right_keys.hash)
    lt, rt = left.key_token[at].astype(np.int64), right_keys.token[found].astype(np.int64)
    level = _key_levels(left, right, lt, rt, right_keys.kind[found])
    keep = (level >= 0) & ~(left.joined[lt] & right.joined[rt])
    key, level = _cheapest(lt[keep] * size + rt[keep], level[keep])

    owners, hashes = _deletions(left, edit_rows(left))
    at, found = join_sorted(hashes, right_keys.deletion_hash)
    lt, rt = owners[at], right_keys.deletion_token[found].astype(np.int64)
    keep = (left.script[lt] == right.script[rt]) & ~(left.joined[lt] & right.joined[rt])
    keep &= _may_be_slips(left, right, lt, rt)
    slips = distinct(np.concatenate([lt[keep] * size + rt[keep], more[0] * size + more[1]]))
    known = Relations(size, key, level).levels_of(slips // max(1, size), slips % max(1, size))
    slips = slips[(known < 0) | (COSTS[known] > COSTS[TokenLevel.SLIP])]
    slip_level = (
        _slip_levels(left, right, slips // max(1, size), slips % max(1, size)) if len(slips) else np.zeros(0, np.int8)
    )
    keep = slip_level >= 0
    key, level = _cheapest(np.concatenate([key, slips[keep]]), np.concatenate([level, slip_level[keep]]))
    return Relations(size, key, level)


def _cheapest(key: Array, level: Array) -> tuple[Array, Array]:
    """One row per key, with the level of the least cost."""
    order = np.lexsort((level, COSTS[level], key))
    key, level = key[order], level[order]
    first = np.ones(len(key), bool)
    first[1:] = key[1:] != key[:-1]
    return key[first], level[first].astype(np.int8)
