"""What a preparer remembers between batches shortens the way and changes nothing of where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bench.job import make_job
from netpursuit.policy.model import Policy
from netpursuit.prepare import KnownTokens, PreparedBatch, Preparer, tokens
from netpursuit.prepare.batch import _WORTH_REMEMBERING
from netpursuit.prepare.columns import flatten
from netpursuit.records import Name, Person

JOB = make_job(1_200, 10, 5)
PEOPLE = [Person(names=(Name(text=name),)) for name, _, _ in JOB.entries]
BATCHES = [PEOPLE[begin : begin + 100] for begin in range(0, len(PEOPLE), 100)]


def same(one: PreparedBatch, other: PreparedBatch) -> None:
    left, right = flatten(one), flatten(other)
    for name, array in left.items():
        assert array.dtype == right[name].dtype, name
        np.testing.assert_array_equal(array, right[name], name)


def preparer(known: Sequence[Person] = ()) -> Preparer:
    frequencies = Policy.shipped().frequencies
    listed = KnownTokens.of(Preparer(frequencies).prepare(known).tokens) if known else None
    return Preparer(frequencies, listed)


@pytest.mark.parametrize("known", [[], PEOPLE[::3]])
def test_a_batch_is_the_same_whatever_was_prepared_before_it(known: list[Person]) -> None:
    lasting = preparer(known)
    for batch in (*BATCHES, *BATCHES[::-1]):
        same(lasting.prepare(batch), preparer(known).prepare(iter(batch)))


def test_a_full_book_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_MOST_REMEMBERED", 500)
    lasting = preparer()
    for batch in BATCHES:
        same(lasting.prepare(batch), preparer().prepare(batch))
        (book,) = lasting._kept
        assert len(book._tokens) <= 500


def test_few_persons_are_prepared_as_many_are() -> None:
    few = PEOPLE[: _WORTH_REMEMBERING - 1]
    for known in ([], PEOPLE[::3]):
        same(preparer(known).prepare(few), preparer(known).prepare(iter(few)))


def test_threads_share_a_preparer() -> None:
    shared = preparer()
    with ThreadPoolExecutor(4) as pool:
        for batch, made in zip(BATCHES * 3, pool.map(shared.prepare, BATCHES * 3), strict=True):
            same(made, preparer().prepare(batch))


def test_a_batch_that_fails_leaves_nothing_behind() -> None:
    lasting = preparer()

    def broken() -> object:
        yield from BATCHES[0]
        raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        lasting.prepare(broken())  # type: ignore[arg-type]
    same(lasting.prepare(BATCHES[0]), preparer().prepare(BATCHES[0]))
