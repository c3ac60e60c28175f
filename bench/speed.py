"""How fast a night is screened and one query answered, on a seeded job (``bench.job``), beside other tools.

``python -m bench.speed --entries N --registrations N [--peer-python PY] [--save]`` works through the commands and the
API that users have, in a folder of its own: adds the list, builds the index, screens, matches. ``PY`` is an interpreter
with some of splink, duckdb, tantivy, rapidfuzz, scikit-learn and sparse-dot-topn; peers that it lacks are named.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.job import COLUMNS, Job, make_job, write_job
from netpursuit.index.candidates import generate
from netpursuit.kernel.relate import relate
from netpursuit.match import Matcher
from netpursuit.policy.weights import BAND_FLOORS
from netpursuit.records import Band, EntryKey, Person
from netpursuit.records.columns import PersonColumns
from netpursuit.screening.intake import raw_chunks
from netpursuit.sources.registrations import feed_file, open_registrations

AS_OF = "2026-11-10"
CHANGED_ONE_IN = 1000
ASKED = 400
AT_ONCE = 2_000
RESULTS = Path(__file__).parent / "results"
Figures = dict[str, float | str]


def command(*arguments: str, workspace: Path) -> float:
    """Seconds that a command took; raises where it failed. Modules are compiled once, as an installation does it."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(workspace.with_name("bytecode")),
        "NETPURSUIT_KEYS": str(workspace.with_name("keys")),
    }
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "netpursuit", *arguments, "--workspace", str(workspace)],
        check=True,
        env=environment,
        capture_output=True,
    )
    return time.perf_counter() - began


def _tree(root: int) -> list[int]:
    """A process and all below it."""
    found = [root]
    for process in found:
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, children.read_text().split())
    return found


def _pss(root: int) -> int:
    """Kilobytes of a process and those below it, what several share counted once."""
    total = 0
    for process in _tree(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


@contextmanager
def peak_memory() -> Iterator[list[float]]:
    """Megabytes that the processes below this one took together at most, sampled every tenth of a second (Linux)."""
    peak, stop, own = [0.0], threading.Event(), os.getpid()

    def watch() -> None:
        while not stop.wait(0.1):
            children = [
                pid for file in Path(f"/proc/{own}/task").glob("*/children") for pid in file.read_text().split()
            ]
            peak[0] = max(peak[0], sum(_pss(int(pid)) for pid in children) / 1024)

    thread = threading.Thread(target=watch)
    if Path("/proc/self/smaps_rollup").exists():
        thread.start()
    try:
        yield peak
    finally:
        stop.set()
        if thread.ident:
            thread.join()


def people_of(folder: Path) -> list[Person]:
    """The registered people of a job, as the program reads them."""
    return [person for chunk in _chunks_of(folder) for person in chunk]


def _chunks_of(folder: Path) -> list[PersonColumns]:
    source = open_registrations(folder / "registrations.csv", feed_file.read_feed(folder / "feed.toml"))
    chunks = raw_chunks(source.blocks(), size=AT_ONCE, done=0)
    return [source.reader.columns(chunk.rows).persons.people for chunk in chunks]


def phases(matcher: Matcher, chunks: Sequence[PersonColumns]) -> Figures:
    """Microseconds a registration of each step in one process, and how many a second from prepared columns on."""
    spent = np.zeros(4)
    floor = dict(BAND_FLOORS)[Band.POSSIBLE] - matcher.prior
    compiled, policy, preparer = matcher._compiled, matcher._policy, matcher._preparer
    for people in chunks:
        marks = [time.perf_counter()]
        left = preparer.prepare(people)
        marks.append(time.perf_counter())
        relations = relate(left.tokens, compiled.batch.tokens, compiled.keys)
        marks.append(time.perf_counter())
        found = generate(left, compiled, relations, floor, policy)
        marks.append(time.perf_counter())
        matcher._score(left, found.person, found.record, relations)
        marks.append(time.perf_counter())
        spent += np.diff(marks)
    each = spent / sum(map(len, chunks)) * 1e6
    names = ("prepare", "relate names", "candidates", "score")
    return {f"{name}, us/registration": round(value, 1) for name, value in zip(names, each, strict=True)} | {
        "prepared columns to scored leads, registrations/s, one core": round(1e6 / each[1:].sum())
    }


def recall(job: Job, matcher: Matcher, people: Sequence[Person]) -> Figures:
    """How many of the planted are leads, by what was done to them, and how many others are."""
    sets = matcher.match(people, min_band=Band.POSSIBLE, limit=None)
    leads = [{match.key.entry_id for match in found.matches} for found in sets]
    hits: Counter[str] = Counter()
    total: Counter[str] = Counter()
    true = set()
    could = found_could = 0
    for one in job.planted:
        hit = f"E{one.entry}" in leads[one.registration]
        true.add((one.registration, f"E{one.entry}"))
        for kind in one.corruptions or ("none",):
            total[kind] += 1
            hits[kind] += hit
        total["all"] += 1
        hits["all"] += hit
        rest = _uncorrupted(people[one.registration], one.corruptions)
        match = matcher.explain(rest, EntryKey(list_id="bench", entry_id=f"E{one.entry}"))
        if match is not None and match.band >= Band.POSSIBLE:
            could += 1
            found_could += hit
    false = [row for row, found in enumerate(leads) for entry in found if (row, entry) not in true]
    chance = [row for row in false if row not in job.negatives]
    per = 100_000 / len(people)
    return {
        **{f"recall, {kind}": round(hits[kind] / total[kind], 4) for kind in sorted(total)},
        "recall, remainder clears possible": round(found_could / max(1, could), 4),
        "false leads per 100,000": round(len(false) * per, 1),
        "false leads per 100,000, planted namesakes and siblings left out": round(len(chance) * per, 1),
    }


def _uncorrupted(person: Person, corruptions: Sequence[str]) -> Person:
    touched = {kind.partition("-")[0] for kind in corruptions}
    return replace(
        person,
        names=() if "name" in touched else person.names,
        birth_dates=() if "date" in touched else person.birth_dates,
        documents=() if "number" in touched else person.documents,
    )


def latencies(ask: Callable[[Person], object], people: Sequence[Person]) -> Figures:
    spent = []
    for person in people:
        began = time.perf_counter()
        ask(person)
        spent.append((time.perf_counter() - began) * 1e3)
    return {f"one query, ms p{share}": round(float(np.percentile(spent, share)), 3) for share in (50, 95, 99)}


def missing_reads() -> float:
    """Million reads a second that miss every cache, one thread: a mark of the machine."""
    table = np.ones(1 << 26, np.int64)
    rows = np.random.default_rng(1).integers(0, len(table), 1 << 21)
    began = time.perf_counter()
    table[rows].sum()
    return round(len(rows) / (time.perf_counter() - began) / 1e6, 1)


def measure(entries: int, registrations: int, seed: int, folder: Path, workers: int) -> Figures:
    """All figures of one job."""
    job = make_job(entries, registrations, seed)
    write_job(job, folder)
    workspace = folder / "workspace"
    feed, file = str(folder / "feed.toml"), str(folder / "registrations.csv")
    figures: Figures = {"entries": entries, "registrations": registrations, "million reads/s": missing_reads()}
    figures["add the list, s"] = add_list(folder, workspace)
    with peak_memory() as peak:
        figures["build the index, s"] = round(
            command("index", "build", "--workers", str(workers), workspace=workspace), 1
        )
    figures["build the index, peak MB"] = round(peak[0])
    (index,) = (path for path in (workspace / "index").iterdir() if not path.name.startswith("."))
    figures["index on disk, MB"] = round(sum(part.stat().st_size for part in index.iterdir()) / 1e6)
    with peak_memory() as peak:
        seconds = command(
            *("screen", file, "--feed", feed, "--as-of", AS_OF, "--workers", str(workers)), workspace=workspace
        )
    figures["screen from file to leads, registrations/s"] = round(registrations / seconds)
    figures["screen, peak MB over all processes"] = round(peak[0])
    name, born, _ = job.registrations[0]
    asked = ("match", name, "--birth-date", born, "--reason", "check:bench", "--as-of", AS_OF)
    shell = [command(*asked, workspace=workspace) for _ in range(7)]
    figures["match from the shell, s"] = round(float(np.median(shell)), 3)
    opened = []
    for _ in range(5):
        began = time.perf_counter()
        matcher = Matcher.opened(index)
        opened.append((time.perf_counter() - began) * 1e3)
    figures["open the index, ms"] = round(min(opened), 1)
    people = people_of(folder)
    figures |= phases(matcher, _chunks_of(folder))
    figures |= latencies(lambda person: matcher.match([person]), people[:ASKED])
    figures |= recall(job, matcher, people)
    rows = list(job.entries)
    for row in range(0, len(rows), CHANGED_ONE_IN):
        rows[row] = (f"{rows[row][0]} Anders", *rows[row][1:])
    write_job(replace(job, entries=rows), folder)
    figures["replace the list, one entry in a thousand changed, s"] = add_list(folder, workspace)
    figures["renew the index, one entry in a thousand changed, s"] = round(
        command("index", "build", workspace=workspace), 1
    )
    return figures


def add_list(folder: Path, workspace: Path) -> float:
    """Seconds that ``lists add`` takes."""
    return round(
        command(
            *("lists", "add", str(folder / "wanted.csv"), "--list", "bench", "--reason", "check:bench"),
            *("--mapping", str(folder / "mapping.toml")),
            workspace=workspace,
        ),
        1,
    )


def peers(python: str, job: Job, folder: Path) -> Figures:
    """What the other tools do with the same rows."""
    with (folder / "rows.json").open("w", encoding="utf-8") as stream:
        truth = [(one.registration, one.entry) for one in job.planted]
        json.dump({"columns": COLUMNS, "left": job.registrations, "right": job.entries, "truth": truth}, stream)
    script = Path(__file__).with_name("speed_peers.py")
    answer = subprocess.run(
        [python, str(script), str(folder / "rows.json")], check=True, capture_output=True, text=True
    )
    found: Figures = json.loads(answer.stdout.splitlines()[-1])
    return found


def show(figures: Figures) -> str:
    return "\n".join(f"{name:<70}{value:>16}" for name, value in figures.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=[20_000])
    parser.add_argument("--registrations", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--peer-python", default="")
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    runs = []
    for entries in options.entries:
        with tempfile.TemporaryDirectory() as name:
            figures = measure(entries, options.registrations, options.seed, Path(name), options.workers)
            if options.peer_python:
                figures |= peers(
                    options.peer_python, make_job(entries, options.registrations, options.seed), Path(name)
                )
        print(show(figures), end="\n\n", flush=True)
        runs.append(figures)
    if options.save:
        (RESULTS / "speed.json").write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
