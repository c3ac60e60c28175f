"""How fast the HTTP face answers: ``python -m bench.web [--entries 200000] [--seconds 20] [--folder FOLDER]``.

Fills a workspace with the list of ``bench.job``, starts ``netpursuit web`` as a process of its own and asks it over
kept connections at a steady rate, each question about another registered person and on record as any other: p50, p95
and p99 at 50 requests a second (target: p95 25 ms at a million entries), then ten times as many (only 200 and 429 may
come back), then 50 again. A question that comes back late does not delay the next one: what waited for a free
connection counts as waited. Beside it the server's processor time for each answer, which depends least on what else the
machine does. ``--folder`` keeps the workspace, and is measured again without making it.

A shared machine is at times several times slower than at others, whatever runs on it. A small loop in a process of its
own tells when: the last p95 is of those questions during which none of its turns took more than twice the usual
processor time; before it their share, and before the first question that of slow turns on the machine without us.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue

import numpy as np
from numpy.typing import NDArray

from bench.job import Job, make_job, write_job
from bench.speed import add_list, command

Array = NDArray[np.float64]
CONNECTIONS = 64
WITHOUT_US = 10  # seconds
EARLIER = 0.02  # seconds: a turn that began so long before a question may still have been slow in it
WATCH = """
import time
while True:
    began, worked = time.perf_counter(), time.thread_time()
    for _ in range(20_000): pass
    print(began, time.thread_time() - worked, flush=True)
    time.sleep(0.01)
"""
NETPURSUIT = (sys.executable, "-m", "netpursuit")


@contextmanager
def watched() -> Iterator[Callable[[], tuple[Array, float]]]:
    """Begins to watch how fast the machine is; answers when slow turns of a loop began, and their share of all."""
    with tempfile.TemporaryFile("w+") as told:
        watcher = subprocess.Popen([sys.executable, "-c", WATCH], stdout=told)

        def slow() -> tuple[Array, float]:
            watcher.terminate()
            watcher.wait()
            told.seek(0)
            turns = np.array([line.split() for line in told.read().splitlines()[:-1]], np.float64)
            found = turns[:, 1] > 2 * np.median(turns[:, 1])
            return turns[found, 0], float(found.mean())

        try:
            yield slow
        finally:
            watcher.kill()
            watcher.wait()


def ask(address: tuple[str, int], token: str, bodies: Sequence[bytes], rate: float) -> tuple[Array, Counter[int]]:
    """(when a question was due and when it was answered, of those answered with 200; how many of each status)."""
    due: Queue[tuple[float, bytes]] = Queue()
    spent: list[tuple[float, float]] = []
    codes: Counter[int] = Counter()
    lock = threading.Lock()
    began = time.perf_counter() + 0.2
    for place, body in enumerate(bodies):
        due.put((began + place / rate, body))

    def work() -> None:
        line = http.client.HTTPConnection(*address, timeout=60)
        headers = {"Authorization": f"Bearer {token}", "X-Netpursuit-Reason": "check:bench"}
        with suppress(Empty):
            while True:
                at, body = due.get_nowait()
                time.sleep(max(0.0, at - time.perf_counter()))
                line.request("POST", "/match/default", body, headers)
                answered = line.getresponse()
                answered.read()
                with lock:
                    codes[answered.status] += 1
                    if answered.status == 200:
                        spent.append((at, time.perf_counter()))
        line.close()

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return np.array(spent), codes


def bodies_of(job: Job) -> list[bytes]:
    """A question about each registered person."""
    asked = []
    for name, born, number in job.registrations:
        stated = {"name": name, "birthDate": born, "idNumber": number.partition(":")[2] or number}
        properties = {key: [value] for key, value in stated.items() if value}
        asked.append(json.dumps({"queries": {"q": {"schema": "Person", "properties": properties}}}).encode())
    return asked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        job = make_job(options.entries, 20_000, 1)
        if not (folder / "token").is_file():
            prepare(job, folder)
        measure(options.entries, bodies_of(job), options.seconds, folder)


def places(folder: Path) -> dict[str, str]:
    return {**os.environ, "NETPURSUIT_KEYS": str(folder / "keys")}


def prepare(job: Job, folder: Path) -> None:
    """A workspace with the list, its index and a token."""
    workspace = folder / "workspace"
    write_job(job, folder)
    add_list(folder, workspace)
    command("index", "build", "--workers", "2", workspace=workspace)
    asked = ("tokens", "issue", "--user", "bench", "--reason", "check:bench", "--workspace", str(workspace))
    issued = subprocess.run([*NETPURSUIT, *asked], check=True, env=places(folder), capture_output=True, text=True)
    (folder / "token").write_text(issued.stdout.strip(), encoding="ascii")


def measure(entries: int, bodies: Sequence[bytes], seconds: int, folder: Path) -> None:
    with watched() as slow:
        time.sleep(WITHOUT_US)
        print(f"the machine without us: {slow()[1]:.1%} of the turns of a loop slow", flush=True)
    server = subprocess.Popen(
        [*NETPURSUIT, "web", "--port", "0", "--workspace", str(folder / "workspace"), "--lang", "en"],
        env=places(folder),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    host, port = server.stderr.readline().split()[2].rstrip(";").removeprefix("http://").split(":")
    place, token = (host, int(port)), (folder / "token").read_text(encoding="ascii")
    ask(place, token, bodies[:50], 50)  # opens the index
    for rate, duration in ((50, seconds), (500, 5), (50, seconds)):
        began = spent_by(server.pid)
        with watched() as slow:
            answered, codes = ask(place, token, bodies[: rate * duration], rate)
            turns, _ = slow()
        worked = (spent_by(server.pid) - began) / max(1, codes[200]) * 1e3
        spent = (answered[:, 1] - answered[:, 0]) * 1e3
        p50, p95, p99 = np.percentile(spent, (50, 95, 99))
        even = np.searchsorted(turns, answered[:, 1]) == np.searchsorted(turns, answered[:, 0] - EARLIER)
        evenly = np.percentile(spent[even], 95) if even.any() else np.nan
        print(
            f"{entries:>9,} entries, {rate:>3} requests/s: p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms; "
            f"{worked:.1f} ms of processor time; answers {dict(sorted(codes.items()))}; load {os.getloadavg()[0]:.1f}; "
            f"while the machine was even ({even.mean():.0%}) p95 {evenly:.1f} ms",
            flush=True,
        )
    server.terminate()
    server.wait()


def spent_by(process: int) -> float:
    """Seconds of processor time that a process has taken; 0 where the system does not tell."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.is_file():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
