"""Which postings of name parts are walked: the rare ones, until what is left could not carry a pair."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.index.bounds import INITIAL_MILLIBITS, NameBounds, RowRanges
from netpursuit.index.compiled import CompiledList
from netpursuit.kernel.agreements import rules_of_agreements
from netpursuit.kernel.native_bounds import Bounded, Limits, bound_names
from netpursuit.kernel.native_name_levels import Rules, rules_of
from netpursuit.kernel.ragged import distinct, owners_of
from netpursuit.kernel.relate import Relations
from netpursuit.policy.weights import NAME_CAP, NAME_DAMP_FROM, NAME_DAMP_PERCENT
from netpursuit.prepare.columns import PreparedBatch
from netpursuit.text.scripts import Script

Array = npt.NDArray[Any]

POSTINGS_PER_NAME = 100_000  # walked for one spelling, rarest parts first
_NEVER = 1 << 40


def undamped(millibits: Array) -> Array:
    """The sum of name parts that damping turns into so many thousandths of a bit; beyond the cap none does."""
    beyond = np.maximum(millibits - NAME_DAMP_FROM, 0)
    needed = np.minimum(millibits, NAME_DAMP_FROM) + beyond * 100 // NAME_DAMP_PERCENT
    return np.where(millibits > NAME_CAP, _NEVER, needed)


@cache
def _weights() -> Rules:
    """What agreeing parts weigh, for the compiled kernel; what names cost that differ is not asked here."""
    return rules_of(*rules_of_agreements(), whole=False)


def bound_natively(query: PreparedBatch, compiled: CompiledList, relations: Relations, needed: Array) -> Bounded:
    """``NameBounds`` and ``name_ranges`` in the compiled kernel."""
    limits = Limits(INITIAL_MILLIBITS, POSTINGS_PER_NAME, compiled.has_initials)
    postings = compiled.posting_start, len(compiled.posting_record)
    return bound_names(query, compiled.batch, relations, _weights(), *postings, limits, needed)


def name_ranges(
    query: PreparedBatch, compiled: CompiledList, bounds: NameBounds, needed: Array, cut: Array
) -> RowRanges:
    """The postings to walk for each person whose names could carry ``needed`` (per person) by themselves.

    Within a spelling the parts stand by the length of their postings. A part is walked as long as it and all that
    stand behind it could carry the sum; a pair that has only parts further behind cannot. Adds to ``cut`` what a cap
    leaves out.
    """
    tokens = query.tokens
    name = owners_of(query.slot_start)
    person = owners_of(query.name_start)[name]
    length = (compiled.posting_start[bounds.row_token + 1] - compiled.posting_start[bounds.row_token]).astype(np.int64)
    slots = len(query.slot_token)
    load = np.bincount(bounds.row_at, length, slots).astype(np.int64)
    wanted = person[bounds.row_at] * bounds.right_size + bounds.row_token
    most = np.zeros(slots, np.int64)
    np.maximum.at(most, bounds.row_at, bounds.weight[np.searchsorted(bounds.key, wanted)] if len(wanted) else 0)
    initial = (tokens.script == int(Script.LATIN)) & ~tokens.joined
    if not bounds.has_initials:
        initial = initial & (tokens.length == 1)
    # An initial of a part that is walked may still agree in a record that holds only parts further behind.
    spare = np.where(initial[query.slot_token], INITIAL_MILLIBITS, 0)
    most = np.maximum(most, spare)
    order = np.lexsort((np.arange(slots), load, name))
    last = query.slot_start[name[order] + 1].astype(np.int64) - 1
    begin = query.slot_start[name[order]].astype(np.int64)
    carried, spared = np.cumsum(most[order]), np.cumsum(spare[order])
    behind = carried[last] - carried + most[order] + spared - spare[order] - (spared - spare[order])[begin]
    before = np.cumsum(load[order]) - load[order]
    used = before - before[begin] + load[order]
    could = behind >= needed[person[order]]
    walked = np.zeros(slots, bool)
    walked[order] = could & (used <= POSTINGS_PER_NAME)
    refused = order[could & (used > POSTINGS_PER_NAME)]
    np.add.at(cut, person[refused], load[refused])
    rows = walked[bounds.row_at]
    token = bounds.row_token[rows]
    key = distinct(person[bounds.row_at[rows]] * bounds.right_size + token)
    who, token = np.divmod(key, bounds.right_size)
    return RowRanges(
        who,
        compiled.posting_start[token].astype(np.int64),
        compiled.posting_start[token + 1].astype(np.int64),
        compiled.posting_record,
    )
