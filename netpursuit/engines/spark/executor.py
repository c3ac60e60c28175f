"""What runs on the executors: the same task over the same chunks as on one machine.

Nothing of a row may come into an executor's log (A4): whatever goes wrong is raised again with its kind alone, or,
where it is the program's own error, with its message, which names no values.
"""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netpursuit.engines.spark.shipping import unpack
from netpursuit.errors import InputError, NetpursuitError, StorageError

if TYPE_CHECKING:
    import pyarrow
    from pyspark import Broadcast

RESULTS = "number long, result binary"


class ExecutorError(Exception):
    """A task could not be done here; Spark tries it again."""


@dataclass(frozen=True, slots=True)
class Held:
    """A task on its way: ``packed`` goes once to each executor. ``code`` is the program that the driver runs."""

    key: str
    code: str
    packed: Broadcast[bytes]


@dataclass(frozen=True, slots=True)
class Failed:
    """In the place of a result: the task failed over this chunk, and would again."""

    error: NetpursuitError


ENDED = "ended"  # the last result of a file
_END = object()

# The task of this process, which outlives the chunks it does.
_loaded: tuple[str, Any] = ("", None)


def task_of(held: Held) -> Any:
    """The task, made of its bytes once in a process, its index mapped and checked."""
    global _loaded
    if _loaded[0] != held.key:
        from pyspark import SparkFiles

        from netpursuit.match import scored_by

        if held.code != scored_by():
            raise ExecutorError(f"netpursuit {scored_by()} is installed here, {held.code} on the driver")
        try:
            task = unpack(held.packed.value, Path(SparkFiles.getRootDirectory()).resolve())
        except Exception as error:
            raise told(error) from None
        _loaded = held.key, task
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)  # as the workers of one machine: batches make no cycles
    return _loaded[1]


def run_chunks(held: Held, batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """Each chunk of some batches (number, pickled chunk) as (number, pickled result)."""
    task = task_of(held)
    for batch in batches:
        for number, chunk in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            yield as_batch(number, attempted(partial(_unpacked, task, chunk)))


PIECES = 1 << 32  # results of one file at most; no file has as many rows


def run_files(held: Held, batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """The results over each file of some batches (path, content), numbered by file and place within it.

    The task is a pair: what to do with a file, and the files by their paths."""
    work, files = task_of(held)
    for batch in batches:
        for row in range(len(batch)):
            file = files[batch.column(0)[row].as_py()]
            yield from _over(file, work(file, batch.column(1)[row].as_py()))


def run_part(held: Held, batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """As ``run_files``, over the part of a table that this task of Spark has been given."""
    from pyspark import TaskContext

    work, files = task_of(held)
    context = TaskContext.get()
    assert context is not None, "a task of Spark"
    part = [file for path, file in files.items() if path.endswith(f"#{context.partitionId()}")]
    first = next(batches, None)
    if first is not None:  # a job is given some parts alone; the others come without rows
        yield from _over(part[0], work(part[0], chain([first], batches)))


def _over(file: Any, results: Iterator[Any]) -> Iterator[pyarrow.RecordBatch]:
    for number in count(file.number * PIECES):
        result = attempted(partial(next, results, _END))
        yield as_batch(number, ENDED if result is _END else result)
        if result is _END or isinstance(result, Failed):
            return


def _unpacked(task: Callable[[Any], Any], chunk: bytes) -> Any:
    return task(pickle.loads(chunk))


def attempted(work: Callable[[], Any]) -> Any:
    """What work gives, or ``Failed`` where it would fail everywhere; raises what may go well elsewhere."""
    try:
        return work()
    except InputError as error:
        return Failed(error)
    except (OSError, MemoryError, StorageError) as error:
        raise told(error) from None
    except Exception as error:
        return Failed(StorageError(f"a chunk could not be worked through ({type(error).__name__})"))


def as_batch(number: int, result: Any) -> pyarrow.RecordBatch:
    import pyarrow

    packed = pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL)
    columns = [pyarrow.array([number], pyarrow.int64()), pyarrow.array([packed], pyarrow.binary())]
    return pyarrow.RecordBatch.from_arrays(columns, names=["number", "result"])


def told(error: Exception) -> ExecutorError:
    """An error as a log may show it."""
    if isinstance(error, ExecutorError):
        return error
    said = f": {error}" if isinstance(error, NetpursuitError) else ""
    return ExecutorError(f"{type(error).__name__}{said}")
