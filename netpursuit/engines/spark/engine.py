"""The Spark engine on the driver: chunks go out in waves, results come back in the order of the chunks."""

from __future__ import annotations

import pickle
import re
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from netpursuit.engines.spark.executor import ENDED, PIECES, RESULTS, Failed, Held, run_chunks, run_files, run_part
from netpursuit.engines.spark.session import is_local, java_kind, spark_session
from netpursuit.engines.spark.shipping import IndexTicket, archived, manifest_digest, pack
from netpursuit.errors import InputError, StorageError
from netpursuit.match import Matcher, scored_by
from netpursuit.ports.spread import StoredFile

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

SHARED = "spark.netpursuit.index"  # "shared": every executor sees the workspace's index under the driver's path
ROWS_OF_A_BATCH = 2_000  # of a table, on their way to Python
CHUNKS = "spark.netpursuit.chunksPerCore"
AT_ONCE = 4  # chunks of one job for each core, unless that says otherwise
AHEAD = 2  # jobs under way: no core waits for the slowest chunk of a job, nor for the driver's commit

_GLOBS = re.compile(r"[\\{}\[\]*?]")  # in a path that is meant as it stands


class SparkEngine:
    """``ports.engine.Engine`` over a Spark session.

    A job has some chunks for each core of the cluster, and two jobs are under way. A chunk that was tried twice
    (a lost executor, speculation) counts once. An exception of the task is raised where its result would have come:
    the program's own as it is, any other as a ``StorageError`` that names its kind alone.
    """

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._stack = ExitStack()
        self._tickets: dict[Path, IndexTicket] = {}
        self._tables: dict[str, tuple[DataFrame, int]] = {}

    def close(self) -> None:
        """Remove what was made to ship an index."""
        self._stack.close()

    def map(self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        """One result a chunk, in order. Raises ``StorageError`` where Spark gives a job up."""
        with self.held(task) as held:
            jobs = (partial(self._wave, held, wave) for wave in self._waves(chunks))
            for results in self.in_turn(jobs):
                yield from results

    @contextmanager
    def held(self, task: Any) -> Iterator[Held]:
        """A task as the executors get it; they forget it at the end of the block."""
        packed = self._session.sparkContext.broadcast(pack(task, self._ticket))
        try:
            yield Held(secrets.token_hex(8), scored_by(), packed)
        finally:
            packed.destroy()

    def in_turn(self, jobs: Iterator[Callable[[], Result]]) -> Iterator[Result]:
        """What jobs give, in order, ``AHEAD`` of them under way; those that are left are cancelled."""
        context, group = self._session.sparkContext, f"netpursuit-{secrets.token_hex(4)}"

        def run(job: Callable[[], Result]) -> Result:
            context.setJobGroup(group, "netpursuit", interruptOnCancel=False)
            return job()

        waiting: deque[Future[Result]] = deque()
        with ThreadPoolExecutor(AHEAD) as pool:
            try:
                waiting.extend(pool.submit(run, job) for job in islice(jobs, AHEAD))
                while waiting:
                    result = waiting.popleft().result()
                    waiting.extend(pool.submit(run, job) for job in islice(jobs, 1))
                    yield result
            finally:
                if waiting:
                    pool.shutdown(wait=False, cancel_futures=True)
                    context.cancelJobGroup(group)

    def collected(self, held: Held, frame: DataFrame, work: Callable[..., Any]) -> list[tuple[int, Any]]:
        """What ``work`` over the batches of a frame gives, (number, result) by number, each number once.

        Raises ``StorageError`` where a task has failed as often as the cluster allows."""
        from pyspark.errors import PySparkException

        def mapped(batches: Iterator[Any]) -> Iterator[Any]:
            yield from work(held, batches)

        try:
            table = frame.mapInArrow(mapped, RESULTS).toArrow()
        except PySparkException as error:
            raise StorageError(f"Spark gave up: {_why(str(error))}") from None
        except Exception as error:  # py4j: Java itself has gone
            raise StorageError(f"Spark gave up ({type(error).__name__})") from None
        results = dict(zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True))
        return [(number, _result(results.pop(number))) for number in sorted(results)]

    def files(self, url: str) -> list[StoredFile]:
        """``ports.spread.FileEngine``: whatever Spark reaches at an address, hidden files left out."""
        with _reading(url, "PATH_NOT_FOUND", "file not found"):
            found = self._binary([url]).select("path", "length").toArrow()
        listed = sorted(zip(found.column(0).to_pylist(), found.column(1).to_pylist(), strict=True))
        listed = [(path, size) for path, size in listed if size] or listed[:1]  # parts of a table may be empty
        if not listed:
            raise InputError("no file", where=url, expected="a register, or a folder of its files")
        return [StoredFile(number, path, size) for number, (path, size) in enumerate(listed)]

    def table(self, name: str, leaves_out: Callable[[str], bool]) -> list[StoredFile]:
        """``ports.spread.FileEngine``: the sorted rows stay on executors' disks, encrypted, until the engine closes."""
        from pyspark import StorageLevel
        from pyspark.sql.functions import col, spark_partition_id

        session = self._session.newSession()  # with batches of many rows
        session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS_OF_A_BATCH))
        with _reading(name, "TABLE_OR_VIEW_NOT_FOUND", "no such table"):
            table = session.table(name)
            kept = [col(f"`{column.replace('`', '``')}`") for column in table.columns if not leaves_out(column)]
            rows = table.select(kept).orderBy(kept).persist(StorageLevel.DISK_ONLY)
            self._stack.callback(rows.unpersist)
            found = rows.groupBy(spark_partition_id().alias("part")).count().toArrow()
        parts = sorted(zip(found.column(0).to_pylist(), found.column(1).to_pylist(), strict=True))
        if not parts:
            raise InputError("the table has no rows", where=name)
        files = [StoredFile(number, f"{name}#{part}", 100 * count) for number, (part, count) in enumerate(parts)]
        self._tables |= {file.path: (rows, part) for file, (part, _) in zip(files, parts, strict=True)}
        return files

    def map_files(
        self, task: Callable[[StoredFile, Any], Iterator[Result]], jobs: Iterable[Sequence[StoredFile]]
    ) -> Iterator[tuple[StoredFile, Result]]:
        """``ports.spread.FileEngine``: a file or a part is worked through by one task of Spark."""
        parts = list(jobs)
        files = [file for job in parts for file in job]
        with self.held((task, {file.path: file for file in files})) as held:
            for results in self.in_turn(partial(self._job, held, job) for job in parts):
                for number, result in results:
                    yield files[number], result

    def _job(self, held: Held, job: Sequence[StoredFile]) -> Iterator[tuple[int, Any]]:
        from pyspark.sql.functions import spark_partition_id

        if job[0].path in self._tables:
            rows = self._tables[job[0].path][0]
            parts = [self._tables[file.path][1] for file in job]
            results = self.collected(held, rows.where(spark_partition_id().isin(parts)), run_part)
        else:
            paths = [_GLOBS.sub(r"\\\g<0>", file.path) for file in job]
            results = self.collected(held, self._binary(paths).select("path", "content"), run_files)
        return _of_files(results, [file.number for file in job])

    def _binary(self, paths: list[str]) -> DataFrame:
        return self._session.read.format("binaryFile").load(paths)

    def _waves(self, chunks: Iterable[Chunk]) -> Iterator[list[tuple[int, bytes]]]:
        packed = (pickle.dumps(chunk, protocol=pickle.HIGHEST_PROTOCOL) for chunk in chunks)
        numbered = enumerate(packed)
        context = self._session.sparkContext
        each = int(context.getConf().get(CHUNKS) or AT_ONCE)
        while wave := list(islice(numbered, each * context.defaultParallelism)):
            yield wave

    def _wave(self, held: Held, wave: list[tuple[int, bytes]]) -> Iterator[Any]:
        import pyarrow

        schema = pyarrow.schema([("number", pyarrow.int64()), ("chunk", pyarrow.binary())])
        # A batch a chunk: Spark parts batches among its tasks, never the rows of one.
        batches = [
            pyarrow.RecordBatch.from_arrays([pyarrow.array([number]), pyarrow.array([chunk])], schema=schema)
            for number, chunk in wave
        ]
        frame = self._session.createDataFrame(pyarrow.Table.from_batches(batches, schema))
        results = self.collected(held, frame, run_chunks)
        if [number for number, _ in results] != [number for number, _ in wave]:
            raise StorageError("Spark gave other chunks than it was given")
        return _unless_failed(results)

    def _ticket(self, matcher: Matcher) -> IndexTicket:
        """Ship the index once; several tasks may use it."""
        folder = matcher.folder
        assert folder is not None, "an index in memory travels with its task"
        if folder not in self._tickets:
            digest, archive = manifest_digest(folder), ""
            shared = is_local(self._session) or self._session.sparkContext.getConf().get(SHARED) == "shared"
            if not shared:
                file = self._stack.enter_context(archived(folder))
                self._session.sparkContext.addFile(str(file))
                archive = file.name
            place = str(folder.resolve()) if shared else ""
            self._tickets[folder] = IndexTicket(digest, place, archive, matcher.policy)
        return self._tickets[folder]


@contextmanager
def open_spark(master: str = "") -> Iterator[SparkEngine]:
    """The engine on a cluster, or on this machine; see ``spark_session``."""
    with spark_session(master) as session:
        engine = SparkEngine(session)
        try:
            yield engine
        finally:
            engine.close()


def _result(packed: bytes) -> Any:
    return pickle.loads(packed)


def _unless_failed(results: Iterable[tuple[int, Any]]) -> Iterator[Any]:
    for _, result in results:
        if isinstance(result, Failed):
            raise result.error
        yield result


def _of_files(results: Iterable[tuple[int, Any]], files: list[int]) -> Iterator[tuple[int, Any]]:
    """The results of some files by file, each of them whole."""
    whole = [PIECES * files[0]] if files else []
    for number, result in results:
        if isinstance(result, Failed):
            raise result.error
        if not whole or number != whole[0]:
            break
        whole[0] += 1
        if result == ENDED:
            files = files[1:]
            whole = [PIECES * files[0]] if files else []
        else:
            yield number // PIECES, result
    if files:
        raise StorageError("Spark gave less than whole files")


@contextmanager
def _reading(where: str, missing: str, said: str) -> Iterator[None]:
    """What Spark raises while it reads, in our words: ``said`` of what is not there (Spark's condition ``missing``),
    else the kind of the error alone."""
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        if error.getCondition() == missing:
            raise InputError(said, where=where) from None
        raise StorageError(f"Spark cannot read {where} ({type(error).__name__})") from None
    except Exception as error:
        raise StorageError(f"Spark cannot read {where} ({java_kind(error)})") from None


def _why(said: str) -> str:
    """The last line of what an executor has told; Spark's own text quotes plans and addresses."""
    lines = [line.strip() for line in said.splitlines() if "ExecutorError: " in line]
    return lines[-1].partition("ExecutorError: ")[2] if lines else "a task failed too often"
