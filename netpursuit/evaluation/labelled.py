"""Labelled pairs as arrays: scores, levels and labels of every pair, and which pairs belong together."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.match import measure_all
from netpursuit.policy.model import Policy
from netpursuit.prepare import Preparer
from netpursuit.records import Person
from netpursuit.text.scripts import Script, script_of

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPair:
    """Two records and whether they are one person.

    ``person_id``: one id, or several behind ``|``; pairs that share one never come to lie on two sides of a split.
    ``tradition`` is what a file of synthetic people says of them; it is never derived from a name.
    """

    left: Person
    right: Person
    same: bool
    line: int
    person_id: str = ""
    category: str = ""
    tradition: str = ""
    pair_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Labelled pairs, one row each.

    ``levels`` and ``millibits``: (pairs, fields) in the order of ``evidence.FIELDS``; ``total``: the sum with the pair
    prior, thousandths of a bit; ``band``: after every cap; ``group``: pairs of one person share a number.
    ``script``, ``category``, ``tradition``: words (each kept once), empty where unknown.
    """

    line: Array
    same: npt.NDArray[np.bool_]
    total: Array
    band: Array
    levels: Array
    millibits: Array
    group: Array
    script: npt.NDArray[np.object_]
    category: npt.NDArray[np.object_]
    tradition: npt.NDArray[np.object_]
    pair_id: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.line)

    def where(self, rows: Array) -> Labelled:
        """The pairs of a mask or of row numbers."""
        numbers = np.arange(len(self))[rows]
        return Labelled(
            pair_id=tuple(self.pair_id[row] for row in numbers.tolist()),
            **{name: getattr(self, name)[rows] for name in self.__slots__ if name != "pair_id"},
        )


def collect(chunks: Iterable[Sequence[LabelledPair]], policy: Policy) -> Labelled:
    """Score labelled pairs chunk by chunk; records are let go, only numbers and words are kept."""
    preparer, ties = Preparer(policy.frequencies), _Ties()
    known: dict[str, str] = {}
    measured = [measure_all([], preparer, policy)]
    lines, same, first = array("q"), array("b"), array("q")
    words: dict[str, list[str]] = {"script": [], "category": [], "tradition": [], "pair_id": []}
    for chunk in chunks:
        measured.append(measure_all([(pair.left, pair.right) for pair in chunk], preparer, policy))
        for pair in chunk:
            lines.append(pair.line)
            same.append(pair.same)
            first.append(ties.add(_owners(pair)))
            said = (_scripts(pair), pair.category, pair.tradition, pair.pair_id)
            for column, word in zip(words.values(), said, strict=True):
                column.append(known.setdefault(word, word))
    return Labelled(
        line=np.array(lines, np.int64),
        same=np.array(same, np.bool_),
        total=np.concatenate([part.total for part in measured]),
        band=np.concatenate([part.band for part in measured]),
        levels=np.concatenate([part.levels for part in measured]),
        millibits=np.concatenate([part.millibits for part in measured]),
        group=np.unique([ties.root(one) for one in first], return_inverse=True)[1].astype(np.int64),
        script=np.array(words["script"], np.object_),
        category=np.array(words["category"], np.object_),
        tradition=np.array(words["tradition"], np.object_),
        pair_id=tuple(words["pair_id"]),
    )


def _scripts(pair: LabelledPair) -> str:
    """The scripts of the names of both sides: ``latin``, or ``han-latin`` where they differ."""
    found = {
        script_of(name.text).name.lower() for side in (pair.left, pair.right) for name in side.names[:1] if name.text
    }
    return "-".join(sorted(found)) if found else Script.OTHER.name.lower()


def _owners(pair: LabelledPair) -> tuple[str, ...]:
    """What ties a pair to others: the person ids, else the first record, and with a true pair the second."""
    if pair.person_id:
        return tuple(f"id:{part.strip()}" for part in pair.person_id.split("|") if part.strip())
    return tuple(
        f"record:{(side.names, side.birth_dates, side.documents)!r}"
        for side in ((pair.left, pair.right) if pair.same else (pair.left,))
    )


class _Ties:
    """Owners as numbers; pairs tied together through any owner, however long the chain, come to share a root."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._parent = array("q")

    def add(self, owners: Sequence[str]) -> int:
        """Tie the owners of one pair together; the number of the first, or a new one where there is none."""
        if not owners:
            return self._new()
        numbers = [self._number(owner) for owner in owners]
        for number in numbers[1:]:
            self._parent[self.root(number)] = self.root(numbers[0])
        return numbers[0]

    def root(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def _number(self, owner: str) -> int:
        key = hashlib.sha256(owner.encode("utf-8", "surrogatepass")).digest()[:12]
        if key not in self._numbers:
            self._numbers[key] = self._new()
        return self._numbers[key]

    def _new(self) -> int:
        self._parent.append(len(self._parent))
        return len(self._parent) - 1


def held_back(labelled: Labelled, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Which pairs are held back: a ``share`` (0 to 1) of the groups by a keyed hash, the same for the same seed."""
    groups = np.unique(labelled.group)
    hashes = [hashlib.sha256(f"{seed}:{number}".encode()).digest()[:8] for number in groups.tolist()]
    drawn = np.array([int.from_bytes(value, "big") / 2**64 for value in hashes]) < share
    return np.isin(labelled.group, groups[drawn])
