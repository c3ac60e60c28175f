"""Prepared batches put together: many into one, and some records out of one.

What comes out is, array for array, the batch that preparing the same records at once would give: tokens stand in the
order in which the names first use them. So a list may be prepared in pieces, by several processes, or only as far as
it is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.ragged import expand
from netpursuit.prepare.columns import PreparedBatch, TextColumn, TokenTable

Array = npt.NDArray[Any]

_OF_RECORDS = ("name", "date", "number", "phone", "email", "address", "nation")
_KEYS = ("key_token", "key_kind", "key_hash")


def _columns(group: str) -> tuple[str, ...]:
    """The columns that have a row for each name, slot, date and so on."""
    start = f"{group}_start"
    return tuple(f.name for f in fields(PreparedBatch) if f.name.startswith(f"{group}_") and f.name != start)


_COLUMNS = {group: _columns(group) for group in (*_OF_RECORDS, "slot")}
_TOKEN_COLUMNS = tuple(f.name for f in fields(TokenTable) if f.name not in _KEYS)


def join_batches(batches: Sequence[PreparedBatch]) -> PreparedBatch:
    """One batch of all records, in order. Raises ``ValueError`` for no batch at all."""
    if len(batches) == 1:
        return batches[0]
    sizes = [len(batch.tokens) for batch in batches]
    tokens = {name: _joined([getattr(batch.tokens, name) for batch in batches]) for name in _TOKEN_COLUMNS}
    tokens |= {name: _joined([getattr(batch.tokens, name) for batch in batches]) for name in _KEYS[1:]}
    tokens["key_token"] = _shifted([batch.tokens.key_token for batch in batches], sizes)
    columns: dict[str, Any] = {"tokens": TokenTable(**tokens), "sex": _joined([batch.sex for batch in batches])}
    for group, names in _COLUMNS.items():
        columns[f"{group}_start"] = _starts([getattr(batch, f"{group}_start") for batch in batches])
        columns |= {name: _joined([getattr(batch, name) for batch in batches]) for name in names}
    columns["slot_token"] = _shifted([batch.slot_token for batch in batches], sizes)
    return _in_order_of_use(PreparedBatch(**columns))


def take_records(batch: PreparedBatch, records: npt.NDArray[np.int64]) -> PreparedBatch:
    """The batch of these records, in this order."""
    columns: dict[str, Any] = {"tokens": batch.tokens, "sex": batch.sex[records]}
    names = records
    for group in _OF_RECORDS:
        rows = _take_group(batch, group, records, columns)
        names = rows if group == "name" else names
    _take_group(batch, "slot", names, columns)
    return _in_order_of_use(PreparedBatch(**columns))


def _take_group(batch: PreparedBatch, group: str, owners: Array, columns: dict[str, Any]) -> Array:
    start: Array = getattr(batch, f"{group}_start")
    _, rows = expand(start, owners)
    counts = start[owners + 1].astype(np.int64) - start[owners]
    columns[f"{group}_start"] = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    columns.update({name: _taken(getattr(batch, name), rows) for name in _COLUMNS[group]})
    return rows


def _in_order_of_use(batch: PreparedBatch) -> PreparedBatch:
    """The same batch with each token once, in the order in which the slots name them."""
    tokens = batch.tokens
    _, first, again = np.unique(tokens.identity, return_index=True, return_inverse=True)
    used = first[again][batch.slot_token]
    kept, place = np.unique(used, return_index=True)
    kept = kept[np.argsort(place)]
    number = np.zeros(len(tokens), np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    return replace(batch, tokens=tokens.pick(kept), slot_token=number[used])


def _joined(parts: Sequence[Any]) -> Any:
    if isinstance(parts[0], TextColumn):
        start = _starts([part.start for part in parts])
        return TextColumn(start, np.concatenate([part.data for part in parts]))
    return np.concatenate(parts)


def _starts(parts: Sequence[Array]) -> Array:
    """Offsets of several pieces as one; every piece begins at 0."""
    ends = np.cumsum([int(part[-1]) for part in parts])
    moved = [part[1:] + parts[0].dtype.type(end - part[-1]) for part, end in zip(parts, ends.tolist(), strict=True)]
    return np.concatenate([parts[0][:1], *moved])


def _shifted(parts: Sequence[Array], sizes: Sequence[int]) -> Array:
    before = np.cumsum([0, *sizes[:-1]]).tolist()
    return np.concatenate([part + parts[0].dtype.type(shift) for part, shift in zip(parts, before, strict=True)])


def _taken(column: Any, rows: Array) -> Any:
    return column.pick(rows) if isinstance(column, TextColumn) else column[rows]
