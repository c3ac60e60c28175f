"""What Spark costs beside one machine on the same two cores, and a model of a cluster from parts that were measured.

``python -m bench.spark --entries 20000 200000 --registrations 100000 [--turns 2] [--save]`` invents a job and screens
it in turns with ``--workers 2`` and on ``local[2]``, and compares the seconds of the runs themselves, the
start of either program left out. Then it measures each part by itself, in one process, and puts them into the model
that ``docs/spark.md`` explains. The load of the machine stands beside the figures: on a busy one compare pairs only.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from bench.job import make_job, write_job
from bench.speed import AS_OF, RESULTS, Figures, _tree, add_list, command
from netpursuit.api import open as open_workspace
from netpursuit.engines.spark.engine import open_spark
from netpursuit.engines.spark.shipping import archived
from netpursuit.index.compiled import verify_list
from netpursuit.screening.run import ScreenRequest, screen
from netpursuit.sources.registrations import open_registrations, read_feed

SEED = 11
CLUSTER = {"registrations": 100_000_000, "entries": 10_000_000, "executors": 64, "cores": 4, "network MB/s": 1_000}


@dataclass
class Watched:
    """The engine of one process, which notes what each side has spent: here working through chunks, there taking them
    in. Cutting the file into rows counts apart. Processor seconds: waiting for the disk is
    none of them, and other work on the machine changes them little."""

    cut: float = 0.0
    work: float = 0.0
    taken: float = 0.0
    bytes: int = 0

    def map(self, task: Callable[[Any], Any], chunks: Iterable[Any]) -> Iterator[Any]:
        source = iter(chunks)
        while True:
            began = time.process_time()
            chunk = next(source, None)
            if chunk is None:
                return
            cut = time.process_time()
            result = task(chunk)
            worked = time.process_time()
            self.bytes += len(pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL))
            given = time.process_time()
            yield result
            self.cut, self.work = self.cut + cut - began, self.work + worked - cut
            self.taken += time.process_time() - given


def prepare(entries: int, registrations: int, folder: Path) -> Path:
    """A workspace with the list and its index; beside it the register."""
    write_job(make_job(entries, registrations, SEED), folder)
    workspace = folder / "workspace"
    add_list(folder, workspace)
    command("index", "build", workspace=workspace)
    return workspace


@contextmanager
def processor_seconds(root: Callable[[], int]) -> Iterator[list[float]]:
    """Processor time of a process and all below it, Java too, by looking five times a second (Linux): the figure that
    other work on the machine changes least."""
    spent: dict[tuple[int, str], float] = {}
    total, stop = [0.0], threading.Event()
    tick = os.sysconf("SC_CLK_TCK")

    def look() -> None:
        for process in _tree(root()):
            try:
                fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            spent[process, fields[19]] = (int(fields[11]) + int(fields[12])) / tick

    def watch() -> None:
        while not stop.wait(0.2):
            look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield total
    finally:
        stop.set()
        thread.join()
        total[0] = sum(spent.values())


@dataclass(frozen=True, slots=True)
class Spent:
    """One run: its seconds without the start of its program, the processor's seconds with it, and its leads."""

    seconds: float
    processor: float
    leads: int


def run_once(folder: Path, workspace: Path, register: Path, *more: str) -> Spent:
    """A run in a workspace of its own."""
    own = folder / "own"
    shutil.copytree(workspace, own)
    shutil.copytree(folder / "keys", folder / "own-keys")
    arguments = ("screen", str(register), "--feed", str(folder / "feed.toml"), "--as-of", AS_OF)
    child = subprocess.Popen(
        [sys.executable, "-m", "netpursuit", *arguments, "--workspace", str(own), "--json", *more],
        env={**os.environ, "NETPURSUIT_KEYS": str(folder / "own-keys")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with processor_seconds(lambda: child.pid) as spent:
        printed, told = child.communicate()
    if child.returncode:
        raise RuntimeError(told.decode("utf-8", "replace"))
    for part in (own, folder / "own-keys"):
        shutil.rmtree(part)
    said = json.loads(printed)
    return Spent(float(said["seconds"]), spent[0], len(said["leads"]))


def beside(folder: Path, workspace: Path, turns: int) -> Figures:
    """The two engines in turns, over the register and over its first tenth: what is between the two is rows alone."""
    whole, tenth = folder / "registrations.csv", folder / "tenth.csv"
    lines = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    tenth.write_text("".join(lines[: 1 + len(lines) // 10]), encoding="utf-8")
    on = {"local": ("--workers", "2"), "spark": ("--engine", "spark", "--spark-master", "local[2]")}
    runs: dict[tuple[str, str], list[Spent]] = {}
    for _ in range(turns):
        for register in (tenth, whole):
            for name, options in on.items():
                runs.setdefault((name, register.stem), []).append(run_once(folder, workspace, register, *options))
    leads = {run.leads for (_, register), found in runs.items() if register == whole.stem for run in found}
    assert len(leads) == 1, "the engines disagree"

    def median(name: str, register: Path, of: str) -> float:
        return statistics.median(getattr(run, of) for run in runs[name, register.stem])

    def between(name: str, of: str) -> float:
        return median(name, whole, of) - median(name, tenth, of)

    return {
        "leads": leads.pop(),
        **{
            f"{name}, {of} s, {register.stem}": round(median(name, register, of), 2)
            for name in on
            for register in (tenth, whole)
            for of in ("seconds", "processor")
        },
        "spark / local, seconds of the whole run": round(
            median("spark", whole, "seconds") / median("local", whole, "seconds"), 3
        ),
        "spark / local, seconds beyond the first tenth": round(
            between("spark", "seconds") / between("local", "seconds"), 3
        ),
        "spark / local, processor beyond the first tenth": round(
            between("spark", "processor") / between("local", "processor"), 3
        ),
    }


def parts(folder: Path, workspace: Path) -> Figures:
    """Each part of a run in one process, in microseconds of the processor a registration."""
    os.environ["NETPURSUIT_KEYS"] = str(folder / "keys")
    feed = read_feed(folder / "feed.toml")
    source = open_registrations(folder / "registrations.csv", feed)
    began = time.process_time()
    rows = sum(1 for _ in source.raw())
    look = time.process_time() - began
    watched = Watched()
    with open_workspace(workspace, reason="check:bench") as opened:
        request = ScreenRequest(feed=feed, source=source, engine=watched, as_of=_day())
        screen(opened._desk, request)
    (index,) = (path for path in (workspace / "index").iterdir() if not path.name.startswith("."))
    size = sum(part.stat().st_size for part in index.iterdir())
    began = time.perf_counter()
    with archived(index):
        packed = time.perf_counter() - began
    began = time.perf_counter()
    verify_list(index)
    checked = time.perf_counter() - began
    return {
        "executor: a first look at a row, us": round(look / rows * 1e6, 2),
        "executor: cut, read and match a row, us": round((watched.cut + watched.work) / rows * 1e6, 1),
        "driver: take a row in and commit, us": round(watched.taken / rows * 1e6, 2),
        "result of a row, bytes": round(watched.bytes / rows, 1),
        "index, MB": round(size / 1e6, 1),
        "index packed, MB/s": round(size / 1e6 / packed),
        "index checked, MB/s": round(size / 1e6 / checked),
    }


def _day() -> Any:
    from datetime import date

    return date.fromisoformat(AS_OF)


def job_seconds(jobs: int = 12) -> Figures:
    """What a job of Spark costs that has next to nothing to do; and the start of a session."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    began = time.perf_counter()
    with open_spark("local[2]") as engine:
        started = time.perf_counter() - began
        list(engine.map(abs, range(16)))
        began = time.perf_counter()
        list(engine.map(abs, range(8 * jobs)))
        each = (time.perf_counter() - began) / jobs
    return {"spark: start of a session, s": round(started, 1), "spark: an empty job of 8 chunks, s": round(each, 3)}


def model(small: Figures, large: Figures, jobs: Figures) -> Figures:
    """Hours and seconds of the large screening from parts; what grows with the list grows on as it did between the two
    sizes that were measured."""

    def of(figures: Figures, name: str) -> float:
        return float(figures[name])

    entries, rows = CLUSTER["entries"], CLUSTER["registrations"]
    cores = CLUSTER["executors"] * CLUSTER["cores"]
    name = "executor: cut, read and match a row, us"
    steps = math.log(of(large, "entries") / of(small, "entries"))
    slope = max(0.0, math.log(of(large, name) / of(small, name)) / steps)
    each = of(large, name) * (entries / of(large, "entries")) ** slope
    index = of(large, "index, MB") * entries / of(large, "entries")
    shipped = index * CLUSTER["executors"] / CLUSTER["network MB/s"]
    look = rows * of(large, "executor: a first look at a row, us") / 1e6 / cores
    work = rows * each / 1e6 / cores
    driver = rows * of(large, "driver: take a row in and commit, us") / 1e6
    waves = rows / 2_000_000 * of(jobs, "spark: an empty job of 8 chunks, s")
    ready = index / of(large, "index packed, MB/s") + 2 * index / of(large, "index checked, MB/s")
    return {
        **{f"cluster: {key}": value for key, value in CLUSTER.items()},
        "model: growth exponent of a row's work with the list": round(slope, 3),
        "model: a row's work at that list, us": round(each, 1),
        "model: index, MB": round(index),
        "model: index sent by the driver, s": round(shipped, 1),
        "model: index packed, unpacked and checked, s": round(ready, 1),
        "model: first look, s": round(look, 1),
        "model: executors, s": round(work, 1),
        "model: driver, s": round(driver, 1),
        "model: jobs, s": round(waves, 1),
        "model: whole, index sent, s": round(shipped + ready + look + max(work, driver) + waves, 1),
        "model: whole, index on a shared file system, s": round(ready + look + max(work, driver) + waves, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs=2, default=(20_000, 200_000))
    parser.add_argument("--registrations", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--save", action="store_true", help=f"keep the figures in {RESULTS / 'spark.json'}")
    asked = parser.parse_args()
    measured: list[Figures] = []
    with tempfile.TemporaryDirectory() as name:
        for entries in sorted(asked.entries):
            folder = Path(name) / str(entries)
            figures: Figures = {
                "entries": entries,
                "registrations": asked.registrations,
                "load of the machine at the start (1 min)": round(os.getloadavg()[0], 2),
            }
            workspace = prepare(entries, asked.registrations, folder)
            figures |= beside(folder, workspace, asked.turns)
            figures |= parts(folder, workspace)
            print(json.dumps(figures, indent=1), file=sys.stderr)  # a long way to the end
            measured.append(figures)
        with redirect_stdout(StringIO()):
            jobs = job_seconds()
    figures = jobs | model(measured[0], measured[1], jobs)
    found = {"sizes": measured, "model": figures, "load of the machine at the end": round(os.getloadavg()[0], 2)}
    print(json.dumps(found, indent=1))
    if asked.save:
        (RESULTS / "spark.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
