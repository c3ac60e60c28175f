"""The one type that both sides are prepared into: columns, ragged by offsets, without Python objects per record.

Record ``r`` owns the rows ``start[r]:start[r + 1]`` of a field's columns. Text stands in ``TextColumn``: UTF-8 bytes
behind offsets, so that a column can be mapped from disk and no string exists until somebody reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.prepare.ragged import expand

Ints = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]

_TEXTS_AT_ONCE = 1 << 17  # so that the places of their letters stay in bounds


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Strings as UTF-8 bytes: row ``i`` is ``data[start[i]:start[i + 1]]``."""

    start: npt.NDArray[np.int64]
    data: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Iterable[str]) -> TextColumn:
        chunks: list[Any] = list(texts)
        if not chunks:
            return _NO_TEXT
        whole: Any = "".join(chunks)
        if whole.isascii():  # a letter is a byte
            whole = whole.encode()
        else:
            chunks = [text.encode("utf-8", "surrogatepass") for text in chunks]
            whole = b"".join(chunks)
        start = np.fromiter(accumulate(map(len, chunks), initial=0), np.int64, len(chunks) + 1)
        return cls(start, np.frombuffer(whole, np.uint8))

    def __len__(self) -> int:
        return len(self.start) - 1

    def __getitem__(self, row: int) -> str:
        return bytes(self.data[self.start[row] : self.start[row + 1]]).decode("utf-8", "surrogatepass")

    def matrix(self, rows: npt.NDArray[Any], width: int, *, reverse: bool = False) -> npt.NDArray[np.uint8]:
        """(rows, ``width``) bytes, 0 behind the end; longer texts keep their first (reversed: last) bytes."""
        first, last = self.start[rows][:, None], self.start[rows + 1][:, None]
        place = np.arange(width, dtype=np.int64)[None, :]
        at = last - 1 - place if reverse else first + place
        inside = (at >= first) if reverse else (at < last)
        if not len(self.data):
            return np.zeros(inside.shape, np.uint8)
        return np.where(inside, self.data[np.where(inside, at, 0)], 0).astype(np.uint8)

    def pick(self, rows: npt.NDArray[Any]) -> TextColumn:
        """The column of these rows, in this order."""
        start = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(self.start[rows + 1] - self.start[rows], out=start[1:])
        pieces = [
            self.data[expand(self.start, rows[begin : begin + _TEXTS_AT_ONCE])[1]]
            for begin in range(0, len(rows) or 1, _TEXTS_AT_ONCE)
        ]
        return TextColumn(start, np.concatenate(pieces))

    def take(self, rows: Iterable[int]) -> list[str]:
        """The strings of the rows, in order."""
        wanted = np.fromiter(rows, np.int64)
        spans = zip(self.start[wanted].tolist(), self.start[wanted + 1].tolist(), strict=True)
        data = np.asarray(self.data).data
        return [str(data[first:last], "utf-8", "surrogatepass") for first, last in spans]


_NO_TEXT = TextColumn(np.zeros(1, np.int64), np.zeros(0, np.uint8))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)  # itself a key of how the kernel reads it
class TokenTable:
    """Distinct name tokens of a batch, each with what is computed once: rarity by role and its keys.

    ``plain`` is the token as typed, where ``folded`` writes a compound one way (``abdurrahman``: ``abdalrahman``).
    ``joined`` tokens are two neighbours read as one; ``initial`` is the first code point.
    ``consonants`` counts those of the skeleton, 0 where there is none.
    ``rarity`` is (tokens, 3) by role UNKNOWN, FAMILY, GIVEN in thousandths of a bit. Key ``k`` belongs to token
    ``key_token[k]`` (ascending), is of ``key_kind[k]`` (``token_facts.KeyKind``) and has the hash ``key_hash[k]``.
    ``identity`` is the hash of all that tells one token from another.
    """

    folded: TextColumn
    plain: TextColumn
    script: npt.NDArray[np.int8]
    joined: npt.NDArray[np.bool_]
    length: npt.NDArray[np.int16]
    consonants: npt.NDArray[np.int8]
    initial: Ints
    rarity: Ints
    identity: Hashes
    key_token: Ints
    key_kind: npt.NDArray[np.int8]
    key_hash: Hashes

    def __len__(self) -> int:
        return len(self.script)

    def keys_of(self, tokens: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """(position in ``tokens``, row of the keys) of every key of the tokens."""
        wanted = tokens.astype(np.int32)
        first = self.key_token.searchsorted(wanted)
        counts = self.key_token.searchsorted(wanted, "right") - first
        position = np.arange(len(tokens)).repeat(counts)
        return position, np.arange(len(position)) - (counts.cumsum() - counts - first).repeat(counts)

    def pick(self, tokens: npt.NDArray[np.int64]) -> TokenTable:
        """The table of these tokens, in this order."""
        owner, keys = self.keys_of(tokens)
        return TokenTable(
            folded=self.folded.pick(tokens),
            plain=self.plain.pick(tokens),
            script=self.script[tokens],
            joined=self.joined[tokens],
            length=self.length[tokens],
            consonants=self.consonants[tokens],
            initial=self.initial[tokens],
            rarity=self.rarity[tokens],
            identity=self.identity[tokens],
            key_token=owner.astype(np.int32),
            key_kind=self.key_kind[keys],
            key_hash=self.key_hash[keys],
        )


@dataclass(frozen=True, slots=True)
class KnownTokens:
    """The tokens of a compiled list by their identity, so that what is computed of them need not be again."""

    table: TokenTable
    identity: Hashes  # ascending
    token: Ints

    @classmethod
    def of(cls, table: TokenTable) -> KnownTokens:
        order = np.argsort(table.identity)
        return cls(table, table.identity[order], order.astype(np.int32))

    def find(self, identities: Hashes) -> npt.NDArray[np.int64]:
        """The token of each identity, -1 where the list has none."""
        if not len(self.identity):
            return np.full(len(identities), -1, np.int64)
        place = np.minimum(np.searchsorted(self.identity, identities), len(self.identity) - 1)
        return np.where(self.identity[place] == identities, self.token[place], -1).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)  # as above
class PreparedBatch:
    """Records as columns. All ``*_start`` arrays have one more row than there are owners.

    Names: record -> names (``name_start``), name -> slots (``slot_start``). A slot is a token, or two neighbours read
    as one; ``slot_mask`` has a bit for each base token it covers. ``name_size`` counts base tokens;
    ``name_ordered``: the order of the parts tells people apart; ``name_generation``: father 1 (Sr), son 2 (Jr), 0 none.
    Dates: month, day 0 where unknown; ``date_last`` 0 where there is no span. Numbers, phones, e-mails: text in
    canonical form with hashes. Addresses: hashes of parts, 0 where unknown. ``sex`` 0 unknown, 1 male, 2 female.
    """

    tokens: TokenTable
    name_start: Ints
    name_text: TextColumn
    name_weak: npt.NDArray[np.bool_]
    name_size: npt.NDArray[np.int8]
    name_ordered: npt.NDArray[np.bool_]
    name_generation: npt.NDArray[np.int8]
    slot_start: Ints
    slot_token: Ints
    slot_role: npt.NDArray[np.int8]
    slot_mask: npt.NDArray[np.uint16]
    date_start: Ints
    date_year: npt.NDArray[np.int16]
    date_month: npt.NDArray[np.int8]
    date_day: npt.NDArray[np.int8]
    date_last: npt.NDArray[np.int16]
    date_circa: npt.NDArray[np.bool_]
    date_in_number: npt.NDArray[np.bool_]
    number_start: Ints
    number_text: TextColumn
    number_raw: TextColumn
    number_family: npt.NDArray[np.int8]
    number_country: npt.NDArray[np.int16]
    number_flags: npt.NDArray[np.uint8]
    phone_start: Ints
    phone_text: TextColumn
    phone_hash: Hashes
    email_start: Ints
    email_text: TextColumn
    email_hash: Hashes
    address_start: Ints
    address_text: TextColumn
    address_kind: npt.NDArray[np.int8]
    address_place: TextColumn  # street and city, where both are known
    address_parts: Hashes  # (addresses, 9) in the order of ``prepare.fields.AddressPart``
    sex: npt.NDArray[np.int8]
    nation_start: Ints
    nation_code: npt.NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.sex)


def flatten(record: Any, prefix: str = "") -> dict[str, npt.NDArray[Any]]:
    """Every array of a batch under a dotted name, as it is written to disk."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            arrays[prefix + field.name] = value
        else:
            arrays.update(flatten(value, f"{prefix}{field.name}."))
    return arrays


def _text(arrays: dict[str, npt.NDArray[Any]], name: str) -> TextColumn:
    return TextColumn(arrays[f"{name}.start"], arrays[f"{name}.data"])


def unflatten_tokens(arrays: dict[str, npt.NDArray[Any]]) -> TokenTable:
    """The table whose arrays ``flatten`` gave. Raises ``KeyError`` where one is missing."""
    return TokenTable(
        _text(arrays, "folded"),
        _text(arrays, "plain"),
        *(arrays[field.name] for field in fields(TokenTable) if field.name not in ("folded", "plain")),
    )


def unflatten(arrays: dict[str, npt.NDArray[Any]]) -> PreparedBatch:
    """The batch whose arrays ``flatten`` gave. Raises ``KeyError`` where one is missing."""
    prefix = "tokens."
    tokens = unflatten_tokens({name[len(prefix) :]: array for name, array in arrays.items() if name.startswith(prefix)})
    columns: dict[str, Any] = {"tokens": tokens}
    for field in fields(PreparedBatch):
        if field.name in columns:
            continue
        columns[field.name] = arrays[field.name] if field.name in arrays else _text(arrays, field.name)
    return PreparedBatch(**columns)
