"""The one scoring path: whoever matches, compares or screens comes through here.

``Matcher`` searches a compiled list; ``compare`` scores two records that the caller holds, without a list, with the
policy's pair prior. Both prepare with the same function and score with the same tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from netpursuit.errors import StorageError
from netpursuit.evidence import FIELDS
from netpursuit.evidence.comparison import Comparison, compare_pairs, evidence_of
from netpursuit.index.candidates import generate
from netpursuit.index.compiled import (
    FORMAT,
    CompiledList,
    compile_list,
    open_list,
    read_manifest,
    verify_list,
    write_list,
)
from netpursuit.index.renewal import Lists, Spread, renewed
from netpursuit.kernel.relate import Relations, relate, sort_keys
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import BAND_FLOORS, CAP_REASONS, PAIR_PRIOR_MILLIBITS, prior_millibits
from netpursuit.prepare import PreparedBatch, Preparer
from netpursuit.records import Band, Entry, EntryKey, Evidence, Match, MatchSet, MilliBits, Person
from netpursuit.scoring import Scores, probability_of, score

PERSONS_AT_ONCE = 2048
PAIRS_AT_ONCE = 200_000  # scored together; a batch with more is halved, so that memory stays bounded
CODE_VERSION = 10  # raise it when preparation, the join keys or what a pair weighs change


@dataclass(frozen=True, slots=True)
class _Scored:
    """Scored pairs of one batch, with all that is needed to write out the evidence of some."""

    left: PreparedBatch
    right: PreparedBatch
    relations: Relations
    comparison: Comparison
    scores: Scores
    prior: int

    def match(self, pair: int, key: EntryKey) -> Match:
        total = int(self.scores.millibits[pair])
        prior = Evidence(field="prior", level="prior", millibits=MilliBits(self.prior))
        fields = evidence_of(self.comparison, pair, self.left, self.right, self.relations)
        return Match(
            key=key,
            millibits=MilliBits(total),
            probability=probability_of(total),
            band=Band(int(self.scores.band[pair])),
            capped=CAP_REASONS[self.scores.capped[pair]],
            evidence=(prior, *fields),
        )


class Matcher:
    """Searches people among the entries of one sealed set of lists.

    Build one with ``over`` (entries in memory) or ``opened`` (a compiled index on disk). Deterministic: the same lists,
    policy and persons give the same matches on any machine.
    """

    def __init__(self, compiled: CompiledList, policy: Policy, folder: Path | None = None) -> None:
        self._compiled = compiled
        self._preparer = Preparer(policy.frequencies, compiled.known)
        self._policy = policy
        self._folder = folder

    def __reduce__(self) -> tuple[Callable[..., Matcher], tuple[object, ...]]:
        # Another process maps the same files; only an index in memory is copied.
        if self._folder is not None:
            return Matcher.opened, (self._folder, self._policy)
        return Matcher, (self._compiled, self._policy)

    @classmethod
    def over(cls, entries: Iterable[tuple[str, Entry]], policy: Policy | None = None) -> Matcher:
        """A matcher over (list id, entry) pairs; kinds other than ``person`` and ``unstated`` are left out."""
        policy = policy or Policy.shipped()
        return cls(compile_list(entries, Preparer(policy.frequencies)), policy)

    @classmethod
    def opened(cls, folder: Path, policy: Policy | None = None) -> Matcher:
        """A matcher over a compiled index. Raises ``StorageError`` where the index is missing or damaged."""
        policy = policy or Policy.shipped()
        return cls(open_list(folder), policy, folder)

    def __len__(self) -> int:
        return len(self._compiled)

    @property
    def folder(self) -> Path | None:
        """Where the index stands; None: in memory."""
        return self._folder

    @property
    def policy(self) -> Policy:
        return self._policy

    @cached_property
    def policy_version(self) -> str:
        """Weights and frequencies together; stored with every lead."""
        return self._policy.version

    @cached_property
    def prior(self) -> int:
        """The prior of one pair in thousandths of a bit: the list's size rounded up to a power of two."""
        return prior_millibits(len(self._compiled))

    def _key(self, record: int) -> EntryKey:
        return EntryKey(list_id=self._compiled.list_id[record], entry_id=self._compiled.entry_id[record])

    def _record_of(self, key: EntryKey) -> int:
        """The record of an entry, or -1."""
        wanted = key.entry_id.encode("utf-8", "surrogatepass")
        rows = np.flatnonzero(np.diff(self._compiled.entry_id.start) == len(wanted))
        alike = (self._compiled.entry_id.matrix(rows, len(wanted)) == np.frombuffer(wanted, np.uint8)).all(axis=1)
        return next((row for row in rows[alike].tolist() if self._compiled.list_id[row] == key.list_id), -1)

    def match(
        self,
        persons: Sequence[Person],
        *,
        min_band: Band = Band.WEAK,
        limit: int | None = 10,
        held_out: frozenset[EntryKey] = frozenset(),
    ) -> list[MatchSet]:
        """The matches of each person at or above ``min_band``, best first; one ``MatchSet`` a person, same order.

        ``limit`` bounds the matches of one person (None: all). ``held_out`` entries never match (expired, withdrawn).
        """
        results: list[MatchSet] = []
        for begin in range(0, len(persons), PERSONS_AT_ONCE):
            results += self._match_some(persons[begin : begin + PERSONS_AT_ONCE], min_band, limit, held_out)
        return results

    def _match_some(
        self, persons: Sequence[Person], min_band: Band, limit: int | None, held_out: frozenset[EntryKey]
    ) -> list[MatchSet]:
        left, right = self._preparer.prepare(persons), self._compiled.batch
        relations = relate(left.tokens, right.tokens, self._compiled.keys)
        floor = dict(BAND_FLOORS).get(max(min_band, Band.WEAK), 0) - self.prior
        found = generate(left, self._compiled, relations, floor, self._policy)
        if len(found.person) > PAIRS_AT_ONCE and len(persons) > 1:
            middle = len(persons) // 2
            halves = persons[:middle], persons[middle:]
            return [one for half in halves for one in self._match_some(half, min_band, limit, held_out)]
        candidates = np.bincount(found.person, minlength=len(persons))
        results = _without_matches(candidates.tolist(), found.cut.tolist())
        if not len(found.person):  # most people of most nights
            return results
        scored = self._score(left, found.person, found.record, relations)
        shown = np.flatnonzero(scored.scores.band >= max(min_band, Band.WEAK))
        by_person: dict[int, list[int]] = {}
        keys: dict[int, EntryKey] = {}
        for pair in shown.tolist():
            keys[pair] = self._key(int(found.record[pair]))
            if keys[pair] not in held_out:
                by_person.setdefault(int(found.person[pair]), []).append(pair)
        for row, pairs in by_person.items():
            order = sorted(
                pairs,
                key=lambda pair: (
                    -int(scored.scores.band[pair]),
                    -int(scored.scores.millibits[pair]),
                    keys[pair],
                ),
            )
            kept = order if limit is None else order[:limit]
            results[row] = replace(
                results[row],
                matches=tuple(scored.match(pair, keys[pair]) for pair in kept),
                truncated=len(kept) < len(order),
            )
        return results

    def _score(
        self,
        left: PreparedBatch,
        persons: np.typing.NDArray[np.int64],
        records: np.typing.NDArray[np.int64],
        relations: Relations,
    ) -> _Scored:
        right = self._compiled.batch
        bearers = self._compiled.number_bearers, self._compiled.phone_bearers
        comparison = compare_pairs(left, right, persons, records, relations, self._policy, *bearers)
        return _Scored(left, right, relations, comparison, score(comparison, self.prior), self.prior)

    def explain(self, person: Person, key: EntryKey) -> Match | None:
        """The match of one person with one entry, whatever its band; None where the lists hold no such person."""
        row = self._record_of(key)
        if row < 0:
            return None
        left = self._preparer.prepare([person])
        relations = relate(left.tokens, self._compiled.batch.tokens, self._compiled.keys)
        return self._score(left, np.zeros(1, np.int64), np.array([row], np.int64), relations).match(0, key)


def _without_matches(candidates: list[int], cut: list[int]) -> list[MatchSet]:
    """The answers about people of whom nothing is reported; equal ones are one object."""
    counts = list(zip(candidates, cut, strict=True))
    made = {pair: MatchSet(matches=(), candidates=pair[0], cut=pair[1]) for pair in set(counts)}
    return list(map(made.__getitem__, counts))


def _score_pairs(
    pairs: Sequence[tuple[Person, Person]], preparer: Preparer | None, policy: Policy | None
) -> Iterator[_Scored]:
    policy = policy or Policy.shipped()
    preparer = preparer or Preparer(policy.frequencies)
    for begin in range(0, len(pairs), PERSONS_AT_ONCE):
        some = pairs[begin : begin + PERSONS_AT_ONCE]
        left, right = preparer.prepare(one for one, _ in some), preparer.prepare(other for _, other in some)
        relations = relate(left.tokens, right.tokens, sort_keys(right.tokens))
        rows = np.arange(len(some), dtype=np.int64)
        comparison = compare_pairs(left, right, rows, rows, relations, policy)
        yield _Scored(left, right, relations, comparison, score(comparison, PAIR_PRIOR_MILLIBITS), PAIR_PRIOR_MILLIBITS)


def compare_all(
    pairs: Sequence[tuple[Person, Person]], preparer: Preparer | None = None, policy: Policy | None = None
) -> list[Match]:
    """Score pairs of records with the pair prior, in order; no list, no workspace, no consultation."""
    nobody = EntryKey(list_id="", entry_id="")
    return [
        scored.match(pair, nobody)
        for scored in _score_pairs(pairs, preparer, policy)
        for pair in range(len(scored.scores.band))
    ]


@dataclass(frozen=True, slots=True)
class Measured:
    """Scored pairs as arrays, one row a pair: ``levels`` (``int8`` codes) and ``millibits`` (``int32``) by field in the
    order of ``evidence.FIELDS``, the ``total`` with the pair prior (``int64``), the band after every cap (``int8``)."""

    levels: np.typing.NDArray[np.int8]
    millibits: np.typing.NDArray[np.int32]
    total: np.typing.NDArray[np.int64]
    band: np.typing.NDArray[np.int8]


def measure_all(
    pairs: Sequence[tuple[Person, Person]], preparer: Preparer | None = None, policy: Policy | None = None
) -> Measured:
    """As ``compare_all``, without evidence written out."""
    parts = list(_score_pairs(pairs, preparer, policy))
    return Measured(
        np.concatenate([part.comparison.levels for part in parts]) if parts else np.zeros((0, len(FIELDS)), np.int8),
        np.concatenate([part.comparison.millibits for part in parts])
        if parts
        else np.zeros((0, len(FIELDS)), np.int32),
        np.concatenate([part.scores.millibits for part in parts]) if parts else np.zeros(0, np.int64),
        np.concatenate([part.scores.band for part in parts]) if parts else np.zeros(0, np.int8),
    )


def compare(left: Person, right: Person) -> Match:
    """Score two records that the caller holds."""
    return compare_all([(left, right)])[0]


@cache
def scored_by() -> str:
    """The program that scores, as every lead names it beside its policy (A17): ``<version>/<version of the index>``."""
    from importlib.metadata import version  # slow, and a query stores no lead

    return f"{version('netpursuit')}/{CODE_VERSION}"


def index_key(versions: Sequence[tuple[str, str]], policy: Policy | None = None) -> str:
    """The content address of an index: (list id, version) pairs, policy and code; 16 hex digits."""
    text = repr((sorted(versions), (policy or Policy.shipped()).version, CODE_VERSION, FORMAT))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def compile_index(
    lists: Lists,
    folder: Path,
    policy: Policy | None = None,
    *,
    before: Path | None = None,
    spread: Spread = map,
) -> int:
    """Compile lists into ``folder``; returns how many people it holds.

    ``before`` is an index that may hold some of the entries already; one of another policy or code, or a damaged one,
    is left alone. ``spread`` prepares pieces of the lists, as ``map`` does or over processes.
    """
    policy = policy or Policy.shipped()
    about = {"policy": policy.version, "code": CODE_VERSION}
    compiled = renewed(lists, Preparer(policy.frequencies), _usable(before, about), spread)
    write_list(compiled, folder, about)
    return len(compiled)


def _usable(before: Path | None, about: dict[str, object]) -> CompiledList | None:
    if before is None:
        return None
    try:
        manifest = read_manifest(before)
        if any(manifest.get(name) != value for name, value in about.items()):
            return None
        verify_list(before)
        return open_list(before)
    except (StorageError, OSError):
        return None
