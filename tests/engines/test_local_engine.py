"""The engine on this machine gives the same results in one process and in several."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from netpursuit.engines.local import LocalEngine


def double(chunk: list[int]) -> list[int]:
    if chunk == [13]:
        raise LookupError("thirteen")
    return [2 * number for number in chunk]


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_chunks(workers: int) -> None:
    chunks = [[number, number + 1] for number in range(20)]
    assert list(LocalEngine(workers).map(double, chunks)) == [double(chunk) for chunk in chunks]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_chunk_raises_after_the_results_before_it(workers: int) -> None:
    results = LocalEngine(workers).map(double, [[1], [2], [13], [4]])
    assert [next(results), next(results)] == [[2], [4]]
    with pytest.raises(LookupError, match="thirteen"):
        next(results)


@pytest.mark.parametrize(("workers", "ahead"), [(1, 1), (2, 6)])
def test_chunks_are_taken_only_a_few_ahead_of_the_results(workers: int, ahead: int) -> None:
    taken = 0

    def endless() -> Iterator[list[int]]:
        nonlocal taken
        while True:
            taken += 1
            yield [taken]

    results = LocalEngine(workers).map(double, endless())
    assert next(results) == [2]
    assert taken <= ahead
    results.close()  # type: ignore[attr-defined]


KILLED = """
import os
from netpursuit.engines.local import LocalEngine
from tests.engines.test_local_engine import own_number

if __name__ == "__main__":
    for number in LocalEngine(2).map(own_number, iter(int, 1)):
        print(number, flush=True)
"""


def own_number(_: int) -> int:
    return os.getpid()


def test_workers_end_with_a_process_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(KILLED, encoding="utf-8")
    root = str(Path(__file__).resolve().parents[2])
    child = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert child.stdout is not None
    workers = {int(child.stdout.readline()) for _ in range(20)}
    child.kill()
    child.wait()
    child.stdout.close()
    assert workers
    until = time.monotonic() + 20
    while time.monotonic() < until and any(map(is_alive, workers)):
        time.sleep(0.05)
    left = [worker for worker in workers if is_alive(worker)]
    for worker in left:
        os.kill(worker, signal.SIGKILL)
    assert left == []


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except OSError:
        return False
    status = Path(f"/proc/{number}/stat")
    return not status.exists() or status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


def test_no_worker_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 1 or more"):
        LocalEngine(0)


@pytest.mark.parametrize("workers", [1, 2])
def test_how_often_cycles_are_looked_for_is_as_before_once_the_results_are_taken(workers: int) -> None:
    before = gc.get_threshold()
    results = LocalEngine(workers).map(double, [[1], [2]])
    next(results)
    assert gc.get_threshold()[0] > before[0]
    list(results)
    assert gc.get_threshold() == before
