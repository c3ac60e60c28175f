"""How fast the HTTP face answers: ``python -m bench.web [--entries 200000] [--seconds 20] [--folder FOLDER]``.

Fills a workspace with the list of ``bench.job``, starts ``netpursuit web`` as a process of its own and asks it over
kept connections at a steady rate, each question about another registered person and on record as any other: p50, p95
and p99 at 50 requests a second (target: p95 25 ms at a million entries), then ten times as many (only 200 and 429 may
come back), then 50 again. A question that comes back late does not delay the next one: what waited for a free
connection counts as waited. Beside it the server's processor time for each answer, which depends least on what else the
machine does. ``--folder`` keeps the workspace, and is measured again without making it.
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
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue

import numpy as np

from bench.job import Job, make_job, write_job
from bench.speed import add_list, command

CONNECTIONS = 64
NETPURSUIT = (sys.executable, "-m", "netpursuit")


def ask(address: tuple[str, int], token: str, bodies: Sequence[bytes], rate: float) -> tuple[list[float], Counter[int]]:
    """(seconds from when a question was due to its answer, of those answered with 200; how many of each status)."""
    due: Queue[tuple[float, bytes]] = Queue()
    spent: list[float] = []
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
                        spent.append(time.perf_counter() - at)
        line.close()

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spent, codes


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
        spent, codes = ask(place, token, bodies[: rate * duration], rate)
        worked = (spent_by(server.pid) - began) / max(1, codes[200]) * 1e3
        p50, p95, p99 = np.percentile(spent, (50, 95, 99)) * 1e3
        print(
            f"{entries:>9,} entries, {rate:>3} requests/s: p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms; "
            f"{worked:.1f} ms of processor time; answers {dict(sorted(codes.items()))}; load {os.getloadavg()[0]:.1f}",
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
