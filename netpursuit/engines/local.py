"""The default engine: this machine, one process or several."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Any, TypeVar

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

# The task of a worker process. It arrives once, when the process starts, because it may carry an index.
_task: Callable[[Any], Any] | None = None


class LocalEngine:
    """Runs chunks in this process (``workers`` 1) or in ``workers`` processes; results come in order either way.

    Processes are spawned, never forked, so that the same happens on every system; a task for several workers must be
    picklable. At most twice as many chunks as workers are under way. Raises ``ValueError`` for fewer than one worker.
    """

    def __init__(self, workers: int = 1) -> None:
        if workers < 1:
            raise ValueError(f"{workers} workers: expected 1 or more")
        self.workers = workers

    def map(self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        """One result a chunk, in order. A worker that dies raises ``BrokenProcessPool``."""
        before = gc.get_threshold()
        _collect_seldom()
        try:
            yield from map(task, chunks) if self.workers == 1 else self._spread(task, chunks)
        finally:
            gc.set_threshold(*before)

    def _spread(self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        waiting: deque[Future[Result]] = deque()
        source = iter(chunks)
        pool = ProcessPoolExecutor(
            self.workers, multiprocessing.get_context("spawn"), initializer=_install, initargs=(task,)
        )
        try:
            for chunk in islice(source, 2 * self.workers):
                waiting.append(pool.submit(_run, chunk))
            while waiting:
                result = waiting.popleft().result()
                for chunk in islice(source, 1):
                    waiting.append(pool.submit(_run, chunk))
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _install(task: Callable[[Any], Any]) -> None:
    global _task
    _task = task
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    _collect_seldom()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for its next chunk for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _collect_seldom() -> None:
    """Batches make many small objects and no cycles: looking for cycles among them takes a third of the time."""
    gc.set_threshold(50_000, 20, 50)


def _run(chunk: Any) -> Any:
    assert _task is not None, "the worker was started without its task"
    return _task(chunk)
