"""The compiled kernel finds what NumPy finds, bound by bound, and stops at an index that leads astray."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netpursuit.errors import StorageError
from netpursuit.index import candidates, walk
from netpursuit.index.bounds import NameBounds
from netpursuit.index.compiled import CompiledList, Lookup, compile_list
from netpursuit.kernel import native
from netpursuit.kernel.relate import relate
from netpursuit.match import Matcher
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import BAND_FLOORS
from netpursuit.prepare import Preparer
from netpursuit.records import Band, Entry, EntryKind, SourceRef
from tests.conftest import ROOT, leave_out
from tests.matching.test_lossless import people


@pytest.fixture(autouse=True)
def _compiled_here() -> None:
    if not native.is_native():
        leave_out("the native kernel is not compiled (it needs a C compiler while the package is installed)")


def compiled_list(seed: int, size: int) -> CompiledList:
    entries = [
        ("w", Entry(entry_id=str(row), kind=EntryKind.PERSON, person=who, source=SourceRef(file="w", line=row)))
        for row, who in enumerate(people(seed, size))
    ]
    return compile_list(entries, Preparer(Policy.shipped().frequencies))


def found_by(compiled: CompiledList, seed: int, asked: int, floor: int) -> candidates.Candidates:
    left = Preparer(Policy.shipped().frequencies).prepare(people(seed, asked))
    relations = relate(left.tokens, compiled.batch.tokens, compiled.keys)
    return candidates.generate(left, compiled, relations, floor, Policy.shipped())


@pytest.mark.parametrize("band", [Band.WEAK, Band.POSSIBLE, Band.STRONG])
@pytest.mark.parametrize(("seed", "size"), [(1, 30), (2, 400), (3, 3_000)])
def test_both_kernels_find_the_same_pairs_with_the_same_bounds(
    monkeypatch: pytest.MonkeyPatch, seed: int, size: int, band: Band
) -> None:
    compiled = compiled_list(seed, size)
    floor = dict(BAND_FLOORS)[band] - Matcher(compiled, Policy.shipped()).prior
    walks: list[tuple[np.ndarray, ...]] = []

    def keeping(walk: Callable[..., tuple[np.ndarray, ...]]) -> Callable[..., tuple[np.ndarray, ...]]:
        return lambda *arguments: walks.append(walk(*arguments)) or walks[-1]

    for name in ("_walk", "_walk_natively"):
        monkeypatch.setattr(candidates, name, keeping(getattr(candidates, name)))
    whole = found_by(compiled, seed + 10, 200, floor)
    monkeypatch.setattr(candidates, "is_native", lambda: False)
    reference = found_by(compiled, seed + 10, 200, floor)
    for one, other in zip(*walks, strict=True):
        np.testing.assert_array_equal(one, other)
    assert len(walks[0][0]) > 20, "the data must hold candidates"
    np.testing.assert_array_equal(whole.record, reference.record)
    np.testing.assert_array_equal(whole.cut, reference.cut)


@pytest.mark.parametrize("most", [0, 25, 400, 100_000])
@pytest.mark.parametrize("initials", [False, True])
def test_names_are_bounded_and_postings_chosen_alike(
    monkeypatch: pytest.MonkeyPatch, most: int, initials: bool
) -> None:
    monkeypatch.setattr(walk, "POSTINGS_PER_NAME", most)
    compiled = compiled_list(4, 1_500)
    if not initials:  # then a part of a query is no initial of one of the list
        longer = replace(compiled.batch.tokens, length=np.maximum(compiled.batch.tokens.length, 2))
        compiled = replace(compiled, batch=replace(compiled.batch, tokens=longer))
    assert compiled.has_initials is initials
    query = Preparer(Policy.shipped().frequencies).prepare(people(14, 300))
    relations = relate(query.tokens, compiled.batch.tokens, compiled.keys)
    needed = np.random.default_rng(5).integers(-1_000, 25_000, len(query))
    reference, cut = NameBounds.of(query, compiled, relations, Policy.shipped()), np.zeros(len(query), np.int64)
    ranges = walk.name_ranges(query, compiled, reference, needed, cut)
    native = walk.bound_natively(query, compiled, relations, needed)
    person = np.repeat(np.arange(len(query)), np.diff(native.start))
    np.testing.assert_array_equal(person * reference.right_size + native.token, reference.key)
    np.testing.assert_array_equal(native.weight, reference.weight)
    for column in ("initials", "firsts"):
        np.testing.assert_array_equal(getattr(native, column), getattr(reference, column), column)
    for column in ("person", "low", "high"):
        np.testing.assert_array_equal(getattr(native, column), getattr(ranges, column), column)
    np.testing.assert_array_equal(native.cut, cut)
    assert cut.any() == (most < 1_000)
    assert len(native.low) or not most


@pytest.mark.parametrize("place", [-1, 1 << 40])
def test_postings_that_lead_outside_of_their_column_are_damage(place: int) -> None:
    compiled = compiled_list(2, 400)
    astray = replace(compiled, posting_start=np.full(len(compiled.posting_start), place, np.int64))
    short = replace(compiled, posting_start=compiled.posting_start[:-1])
    for damaged in (astray, short):
        with pytest.raises(StorageError, match="outside of its column"):
            found_by(damaged, 12, 50, -20_000)


@pytest.mark.parametrize("place", [-1, 1 << 30])
def test_a_look_up_that_leads_outside_of_the_list_is_damage(place: int) -> None:
    compiled = compiled_list(2, 400)
    astray = replace(compiled, days=Lookup(compiled.days.hash, np.full(len(compiled.days.record), place, np.int32)))
    floor = dict(BAND_FLOORS)[Band.WEAK] - Matcher(compiled, Policy.shipped()).prior
    with pytest.raises(StorageError, match="outside of its column"):
        found_by(astray, 12, 50, floor)


def test_the_environment_sets_the_kernel_aside() -> None:
    line = "from netpursuit.kernel.native import kernel_name; print(kernel_name())"
    said = [
        subprocess.run(
            [sys.executable, "-c", line], env={**os.environ, **more}, check=True, capture_output=True, text=True
        ).stdout.strip()
        for more in ({}, {"NETPURSUIT_KERNEL": "reference"})
    ]
    assert said == ["native", "numpy"]


def test_no_function_of_the_kernel_has_a_frame_of_more_than_a_page(tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        leave_out("there is no C compiler of the machine's own")
    source = ROOT / "netpursuit" / "kernel" / "native.c"
    wary = "-Werror=frame-larger-than=4000"  # beyond a page Windows needs code of the compiler's own, which is left out
    built = subprocess.run(
        ["cc", "-std=c11", "-O2", wary, "-c", "-o", str(tmp_path / "native.o"), str(source)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr


@pytest.mark.slow
def test_hostile_arrays_lead_the_kernel_to_no_byte_outside_of_them(tmp_path: Path) -> None:
    program = tmp_path / "fuzz"
    sanitizers = "-fsanitize=address,undefined", "-fno-sanitize-recover=all"
    source = ROOT / "tests" / "kernel" / "fuzz_native.c"
    include = f"-I{ROOT / 'netpursuit' / 'kernel'}"
    built = subprocess.run(
        ["cc", "-std=c11", "-O1", "-g", *sanitizers, include, "-o", str(program), str(source)],
        check=False,
        capture_output=True,
        text=True,
    )
    if "cannot find" in built.stderr:
        leave_out("the compiler has no sanitizers")
    assert built.returncode == 0, built.stderr
    done = subprocess.run([str(program), "40000"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    counts = list(map(int, done.stdout.split()))
    assert len(counts) == 11
    assert min(counts) > 1_000, "both whole and damaged lists must come up, in each part of the kernel"
