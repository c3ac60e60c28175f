"""The compiled list: built beside its place, verified, renamed; opened by mapping its arrays.

A folder holds ``arrays.npz``-like files, one ``.npy`` per array, and ``manifest.json`` with the SHA-256 of each. A
folder without a manifest, or whose files differ from it, is damaged and never used.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.errors import StorageError
from netpursuit.ids.documents import fold_confused
from netpursuit.ids.emails import email_keys
from netpursuit.kernel.deletions import deletion_keys
from netpursuit.kernel.ragged import distinct, owners_of
from netpursuit.kernel.relate import SortedKeys, sort_keys
from netpursuit.prepare.batch import Preparer
from netpursuit.prepare.columns import KnownTokens, PreparedBatch, TextColumn, TokenTable, flatten, unflatten
from netpursuit.prepare.fields import AddressPart
from netpursuit.prepare.hashes import hash_texts
from netpursuit.prepare.numbers import NumberFlag
from netpursuit.records import Entry, EntryKind
from netpursuit.text.scripts import Script

Array = npt.NDArray[Any]
FORMAT = 10
MIN_SLIP_LENGTH = 6
MATCHED_KINDS = (EntryKind.PERSON, EntryKind.UNSTATED)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Hashes in order, and the record that each belongs to."""

    hash: Array
    record: Array


@dataclass(frozen=True)
class CompiledList:
    """A sealed set of lists, ready to be searched. ``list_id[r]`` and ``entry_id[r]`` name record ``r``."""

    batch: PreparedBatch
    keys: SortedKeys
    known: KnownTokens
    letters: Array  # of the tokens that may be initials, as ``first_letters`` gives them
    part_start: Array  # record -> its name parts as the kernel walks them
    parts: Array
    list_id: TextColumn
    entry_id: TextColumn
    posting_start: Array
    posting_record: Array
    numbers: Lookup
    slips: Lookup
    phones: Lookup
    emails: Lookup
    near_emails: Lookup
    units: Lookup
    houses: Lookup
    days: Lookup
    number_bearers: Array
    phone_bearers: Array
    partial_numbers: Array
    masked_phones: Array
    version: Array  # hash of list, entry and what it says, by record
    passed: Array  # the same of entries that are not of a kind that is matched, ascending

    def __len__(self) -> int:
        return len(self.batch)

    @cached_property
    def lone(self) -> npt.NDArray[np.bool_]:
        """Tokens that are one letter and may be initials."""
        found: npt.NDArray[np.bool_] = (self.letters != NO_LETTER) & (self.batch.tokens.length == 1)
        return found

    @cached_property
    def has_initials(self) -> bool:
        return bool(self.lone.any())


NO_LETTER = 255


def first_letters(table: TokenTable) -> npt.NDArray[np.uint8]:
    """The first letter of each token that may stand or be taken for an initial (Latin, not joined), 0 to 25; 26 for
    letters beyond a to z, 255 for all other tokens."""
    place = table.initial.astype(np.int64) - ord("a")
    letter = np.where((place >= 0) & (place < 26), place, 26)
    return np.where((table.script == int(Script.LATIN)) & ~table.joined, letter, NO_LETTER).astype(np.uint8)


PART_BITS = 25
MOST_TOKENS = 1 << PART_BITS


def pack_parts(batch: PreparedBatch, letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """Every slot of the batch in four bytes, so that the walk reads one place a record: the token, from bit 25 on its
    letter (31: none), bit 30 where it is one letter, bit 31 where its name ends.

    Raises ``StorageError`` for a list of more than 33 million distinct parts.
    """
    if len(batch.tokens) > MOST_TOKENS:
        raise StorageError(f"{len(batch.tokens)} distinct parts of names: one list holds at most {MOST_TOKENS}")
    token = batch.slot_token.astype(np.uint32)
    letter = np.minimum(letters, 31).astype(np.uint32)
    lone = ((letters != NO_LETTER) & (batch.tokens.length == 1)).astype(np.uint32)
    packed: npt.NDArray[np.uint32] = token | letter[token] << np.uint32(PART_BITS) | lone[token] << np.uint32(30)
    packed[batch.slot_start[1:] - 1] |= np.uint32(1 << 31)  # no name is without parts
    return packed


def day_code(year: Array, month: Array, day: Array) -> Array:
    """Year, month and day as one number; day 0 stands for the month."""
    return (year.astype(np.int64) * 13 + month) * 32 + day


def number_hashes(texts: list[str]) -> tuple[Array, Array]:
    """(row, hash) of whole numbers, as written and with the characters that scanners confuse folded."""
    folded = [(row, form) for row, form in enumerate(map(fold_confused, texts)) if form != texts[row]]
    rows = np.concatenate([np.arange(len(texts)), np.array([row for row, _ in folded], np.int64)])
    return rows, hash_texts([*texts, *(form for _, form in folded)])


def slip_hashes(texts: list[str]) -> tuple[Array, Array]:
    """(row, hash) of the forms by which numbers one slip apart meet: each with one character left out, and whole.

    Numbers below six characters and masked ones have none.
    """
    rows = np.array(
        [row for row, text in enumerate(texts) if len(text) >= MIN_SLIP_LENGTH and "?" not in text], np.int64
    )
    owners, hashes = deletion_keys([texts[row] for row in rows.tolist()])
    return rows[owners], hashes


def email_hashes(batch: PreparedBatch) -> tuple[Array, Array]:
    """(row, hash) of the keys under which e-mail addresses meet that are near each other."""
    keys = [(row, key) for row in range(len(batch.email_text)) for key in email_keys(batch.email_text[row])]
    return np.array([row for row, _ in keys], np.int64), hash_texts(key for _, key in keys)


def _lookup(hashes: Array, records: Array) -> Lookup:
    known = hashes != 0
    hashes, records = hashes[known], records[known]
    order = np.lexsort((records, hashes))
    return Lookup(hashes[order], records[order].astype(np.int32))


def _postings(batch: PreparedBatch) -> tuple[Array, Array]:
    """Token -> records that bear it, each record once."""
    records = owners_of(batch.name_start)[owners_of(batch.slot_start)]
    pairs = distinct(batch.slot_token.astype(np.int64) * max(1, len(batch)) + records)
    tokens, bearers = np.divmod(pairs, max(1, len(batch)))
    start = np.searchsorted(tokens, np.arange(len(batch.tokens) + 1)).astype(np.int64)
    return start, bearers.astype(np.int32)


def compile_list(entries: Iterable[tuple[str, Entry]], preparer: Preparer) -> CompiledList:
    """Compile the people among the entries (kinds ``person`` and ``unstated``), in the given order."""
    people = [(list_id, entry) for list_id, entry in entries if entry.kind in MATCHED_KINDS]
    nothing = np.zeros(0, np.uint64)
    return seal(
        preparer.prepare(entry.person for _, entry in people),
        list_id=TextColumn.of(list_id for list_id, _ in people),
        entry_id=TextColumn.of(entry.entry_id for _, entry in people),
        version=nothing,
        passed=nothing,
    )


def seal(
    batch: PreparedBatch, *, list_id: TextColumn, entry_id: TextColumn, version: Array, passed: Array
) -> CompiledList:
    """All that is looked up in a prepared batch, one record an entry."""
    number_owner = owners_of(batch.number_start)
    whole = (batch.number_flags & (NumberFlag.PARTIAL | NumberFlag.FAKE)) == 0
    number_texts = batch.number_text.take(range(len(batch.number_text)))
    number_hash = hash_texts(number_texts)
    form_row, form_hash = number_hashes(number_texts)
    slip_row, slip_hash = slip_hashes(number_texts)
    usable = whole[form_row] if len(form_row) else np.zeros(0, bool)
    slipped = whole[slip_row] if len(slip_row) else np.zeros(0, bool)
    phone_owner, address_owner = owners_of(batch.phone_start), owners_of(batch.address_start)
    dated = batch.date_month > 0
    days = day_code(batch.date_year[dated], batch.date_month[dated], batch.date_day[dated]).astype(np.uint64)
    posting_start, posting_record = _postings(batch)
    letters = first_letters(batch.tokens)
    email_row, email_hash = email_hashes(batch)
    phone_texts = batch.phone_text.take(range(len(batch.phone_text)))
    phone_tails = hash_texts(phone_tail(text) for text in phone_texts)
    masked = np.fromiter(("?" in text or "*" in text for text in phone_texts), np.bool_, len(phone_texts))
    return CompiledList(
        batch=batch,
        keys=sort_keys(batch.tokens),
        known=KnownTokens.of(batch.tokens),
        letters=letters,
        part_start=batch.slot_start[batch.name_start],
        parts=pack_parts(batch, letters),
        list_id=list_id,
        entry_id=entry_id,
        posting_start=posting_start,
        posting_record=posting_record,
        numbers=_lookup(form_hash[usable], number_owner[form_row[usable]]),
        slips=_lookup(slip_hash[slipped], number_owner[slip_row[slipped]]),
        phones=_lookup(np.concatenate([batch.phone_hash, phone_tails]), np.concatenate([phone_owner, phone_owner])),
        emails=_lookup(batch.email_hash, owners_of(batch.email_start)),
        near_emails=_lookup(email_hash, owners_of(batch.email_start)[email_row]),
        units=_lookup(batch.address_parts[:, AddressPart.UNIT], address_owner),
        houses=_lookup(batch.address_parts[:, AddressPart.HOUSE], address_owner),
        days=_lookup(days, owners_of(batch.date_start)[dated]),
        number_bearers=count_bearers(number_hash, number_owner),
        phone_bearers=count_bearers(batch.phone_hash, phone_owner),
        partial_numbers=np.flatnonzero((batch.number_flags & NumberFlag.PARTIAL) > 0),
        masked_phones=np.flatnonzero(masked),
        version=version,
        passed=passed,
    )


def count_bearers(hashes: Array, owners: Array) -> Array:
    """For each row how many records bear its value."""
    values, place = np.unique(hashes, return_inverse=True)
    if not len(place):
        return np.zeros(0, np.int64)
    pairs = distinct(place.astype(np.int64) * (int(owners.max()) + 1) + owners)
    bearers = np.bincount(pairs // (int(owners.max()) + 1), minlength=len(values))
    return bearers[place].astype(np.int64)


def phone_tail(text: str) -> str:
    """The last eight digits, by which numbers with and without country code meet; empty where masked or shorter."""
    return text[-8:] if len(text) >= 8 and text[-8:].isdigit() else ""


_LOOKUPS = ("numbers", "slips", "phones", "emails", "near_emails", "units", "houses", "days")
_ARRAYS = (
    "letters",
    "part_start",
    "parts",
    "posting_start",
    "posting_record",
    "number_bearers",
    "phone_bearers",
    "partial_numbers",
    "masked_phones",
    "version",
    "passed",
)


def _arrays(compiled: CompiledList) -> dict[str, Array]:
    arrays = {f"batch.{name}": array for name, array in flatten(compiled.batch).items()}
    arrays |= {f"keys.{part.name}": getattr(compiled.keys, part.name) for part in fields(SortedKeys)}
    arrays |= {f"known.{name}": getattr(compiled.known, name) for name in ("identity", "token")}
    for name in _LOOKUPS:
        lookup: Lookup = getattr(compiled, name)
        arrays |= {f"{name}.hash": lookup.hash, f"{name}.record": lookup.record}
    arrays |= {name: getattr(compiled, name) for name in _ARRAYS}
    for name in ("list_id", "entry_id"):
        column: TextColumn = getattr(compiled, name)
        arrays |= {f"{name}.start": column.start, f"{name}.data": column.data}
    return arrays


def write_list(compiled: CompiledList, folder: Path, about: dict[str, Any]) -> None:
    """Write to a temporary name beside ``folder``, verify, rename. An intact folder already there is kept."""
    temporary: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        digests = {}
        for name, array in _arrays(compiled).items():
            file = temporary / f"{name}.npy"
            np.save(file, np.ascontiguousarray(array), allow_pickle=False)
            file.chmod(0o600)
            digests[name] = _digest(file)
        manifest = {"format": FORMAT, "entries": len(compiled), **about, "sha256": digests}
        (temporary / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
        verify_list(temporary)
        if folder.exists():
            shutil.rmtree(folder)
        temporary.replace(folder)
    except OSError as error:
        why = error.strerror or "the disk is full or failing"  # NumPy tells bytes
        raise StorageError(f"the index cannot be written to {folder}: {why}") from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """What the index says of itself. Raises ``StorageError`` where there is no whole index."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StorageError(f"no whole index at {folder}: {error}") from error
    if manifest.get("format") != FORMAT:
        raise StorageError(f"the index at {folder} has format {manifest.get('format')}, expected {FORMAT}")
    return manifest


def verify_list(folder: Path) -> None:
    """Read every file and compare it with the manifest. Raises ``StorageError`` for any difference."""
    for name, digest in read_manifest(folder)["sha256"].items():
        file = folder / f"{name}.npy"
        if not file.is_file() or _digest(file) != digest:
            raise StorageError(f"the index at {folder} is damaged: {file.name}")


# What ``np.save`` puts before a contiguous array, and nothing else: reading it as Python takes longer than the mapping.
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([<>|][biuf]\d)', 'fortran_order': False, "
    rb"'shape': \((\d+),(?: (\d+))?\), \} *\n",
    re.DOTALL,
)


def _mapped(file: Path) -> Array:
    """A written array, its file mapped and never read whole. Raises ``ValueError`` where the file is not of its size.

    A plain array over the mapping: ``np.memmap`` itself takes microseconds for every slice.
    """
    with file.open("rb", buffering=0) as stream:
        header = _HEADER.match(stream.read(256))
        if header is None:
            raise ValueError(f"{file.name} begins with no header of an array")
        kind = np.dtype(header[1].decode())
        shape = tuple(int(length) for length in header.groups()[1:] if length is not None)
        size = prod(shape) * kind.itemsize
        if os.fstat(stream.fileno()).st_size != header.end() + size:
            raise ValueError(f"{file.name} is not of the size that its header states")
        if not size:
            return np.zeros(shape, kind)
        mapping = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(mapping, kind, offset=header.end()).reshape(shape)


def open_list(folder: Path) -> CompiledList:
    """Map the arrays of a compiled list. Raises ``StorageError`` where a file is missing or of the wrong size."""
    names = read_manifest(folder)["sha256"]
    try:
        arrays = {name: _mapped(folder / f"{name}.npy") for name in names}
        parts: dict[str, Any] = {
            name: Lookup(arrays[f"{name}.hash"], arrays[f"{name}.record"]) for name in _LOOKUPS
        } | {name: arrays[name] for name in _ARRAYS}
        batch = unflatten({name[6:]: array for name, array in arrays.items() if name.startswith("batch.")})
        return CompiledList(
            batch=batch,
            keys=SortedKeys(*(arrays[f"keys.{part.name}"] for part in fields(SortedKeys))),
            known=KnownTokens(batch.tokens, arrays["known.identity"], arrays["known.token"]),
            list_id=TextColumn(arrays["list_id.start"], arrays["list_id.data"]),
            entry_id=TextColumn(arrays["entry_id.start"], arrays["entry_id.data"]),
            **parts,
        )
    except (OSError, EOFError, KeyError, ValueError) as error:  # EOFError: an empty file
        raise StorageError(f"the index at {folder} is damaged: {error}") from error
