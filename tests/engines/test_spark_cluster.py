"""A real cluster of one master and two workers: a lost worker, a lost driver, a damaged index; nothing lost, nothing
doubled, and no record in any log."""

from __future__ import annotations

import csv
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, COLUMNS, HEADER, MAPPING, PEOPLE, environment, feed_text, start
from tests.conftest import ROOT
from tests.engines.spark_home import bytes_written, make_home, need_java
from tests.faults.conftest import register_rows

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("spark-cluster")]
ROWS = 24_000
CANARY = "卡纳里"


@dataclass
class Cluster:
    """``home``: where Spark's processes write."""

    url: str
    home: Path
    settings: dict[str, str]
    workers: dict[int, subprocess.Popen[bytes]]  # by the number in their folder's name
    start_worker: Callable[[], None]
    drivers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def executors(self) -> list[Path]:
        """The folders of the executors of the application that was started last."""
        applications = sorted(self.home.glob("work-*/app-*"), key=lambda folder: folder.name)
        if not applications:
            return []
        return sorted(found for found in self.home.glob(f"work-*/{applications[-1].name}/*") if found.is_dir())


def spark_class(name: str, *arguments: str, env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    import pyspark

    home = Path(pyspark.__file__).parent
    with log.open("ab") as stream:
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments],
            stdout=stream,
            stderr=stream,
            env={**env, "SPARK_HOME": str(home)},
        )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    need_java()
    folder = tmp_path_factory.mktemp("cluster")
    conf = make_home(
        folder,
        authenticate="true",
        authenticate_secret=secrets.token_hex(16),
        network_crypto_enabled="true",
        executor_memory="512m",
        executor_extraJavaOptions="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        driver_host="127.0.0.1",
        driver_bindAddress="127.0.0.1",
        netpursuit_chunksPerCore="1",  # jobs of two chunks: there is always one under way
        # As many tasks twice as can be.
        speculation="true",
        speculation_quantile="0.1",
        speculation_multiplier="1.01",
    )
    (conf / "log4j2.properties").unlink()  # each process writes its own standard error, at INFO
    home = folder / "spark"
    settings = environment(
        SPARK_CONF_DIR=str(conf),
        SPARK_LOCAL_DIRS=str(home / "local"),
        SPARK_LOCAL_IP="127.0.0.1",
        SPARK_DAEMON_JAVA_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        SPARK_DAEMON_MEMORY="256m",
        PYSPARK_PYTHON=sys.executable,
        PYTHONPATH=str(ROOT),
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    at = ("--host", "127.0.0.1", "--webui-port", "0")
    processes = [spark_class("master.Master", *at, "--port", str(port), env=settings, log=home / "master.log")]
    workers: dict[int, subprocess.Popen[bytes]] = {}

    def start_worker() -> None:
        number = len(processes)
        room = ("--work-dir", str(home / f"work-{number}"), "--cores", "1", "--memory", "1g")
        where = (*at, *room, f"spark://127.0.0.1:{port}")
        worker = spark_class("worker.Worker", *where, env=settings, log=home / f"worker-{number}.log")
        processes.append(worker)
        workers[number] = worker

    def all_registered() -> bool:
        said = (home / "master.log").read_text(encoding="utf-8", errors="replace")
        return said.count("Registering worker") == 2

    try:
        start_worker()
        start_worker()
        wait_until(all_registered)
        made = Cluster(f"spark://127.0.0.1:{port}", home, settings, workers, start_worker)
        yield made
        processes += made.drivers
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until(holds: Callable[[], bool], seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it never came to it"
        time.sleep(0.05)


@dataclass
class Job:
    """A workspace that nobody has screened with, a feed, a register, and what one machine makes of it."""

    folder: Path
    feed: Path
    register: Path
    leads: bytes
    said: Any

    def twin(self, name: str) -> Path:
        own = self.folder / name
        shutil.copytree(self.folder / "ws", own)
        shutil.copytree(self.folder / "ws-keys", self.folder / f"{name}-keys")
        return own


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("job")
    (folder / "wanted.csv").write_text("\n".join([HEADER, *PEOPLE]) + "\n", encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "feed.toml").write_text(feed_text(), encoding="utf-8")
    rows = [row.rpartition(",")[0] for row in register_rows("R", ROWS)]
    for at in range(1_000, ROWS, 7_001):
        rows[at] = rows[10]  # stands in several chunks
        rows[at + 1] = f"X{at},{CANARY},1985-13-04,,,幻县虚构路1号,2026-04-02"
        rows[at + 2] = f"Y{at},{CANARY},1985-03-04,990101198503049999,,幻县虚构路1号,2026-04-02"
    with (folder / "register.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(COLUMNS.values())
        stream.write("\n".join(rows) + "\n")
    at = ("--workspace", folder / "ws")
    finished(start("reason", "set", "check:T-1", *at))
    added = ("--list", "wanted", "--mapping", folder / "mapping.toml", "--as-of", AS_OF)
    finished(start("lists", "add", folder / "wanted.csv", *added, *at))
    made = Job(folder, folder / "feed.toml", folder / "register.csv", b"", None)
    here = made.twin("here")
    said = json.loads(finished(start(*asked(made, here), "--workers", "2")))
    made.leads, made.said = (folder / "here.jsonl").read_bytes(), said
    assert said["counts"]["rejected"] == 8
    assert made.leads.count(b"\n") > 100
    return made


def asked(job: Job, workspace: Path, register: object = None) -> tuple[object, ...]:
    out = workspace.with_suffix(".jsonl")
    where = ("--feed", job.feed, "--workspace", workspace, "--as-of", AS_OF, "--out", out, "--json")
    return ("screen", register or job.register, *where)


def on(cluster: Cluster, job: Job, workspace: Path, register: object = None) -> subprocess.Popen[bytes]:
    more = ("--engine", "spark", "--spark-master", cluster.url)
    driver = start(*asked(job, workspace, register), *more, env=cluster.settings)
    cluster.drivers.append(driver)
    return driver


def finished(child: subprocess.Popen[bytes]) -> bytes:
    printed, said = child.communicate(timeout=600)
    assert child.returncode == 0, said.decode("utf-8", "replace")[-4_000:]
    return printed


def checkpoint(workspace: Path) -> int:
    """How many rows the run under way has committed, read as another process reads."""
    base = sqlite3.connect(f"file:{workspace / 'truth.sqlite'}?mode=ro", uri=True, timeout=10)
    found: tuple[int | None] = base.execute("SELECT max(rows_done) FROM run_checkpoint").fetchone()
    base.close()
    return found[0] or 0


def in_mid_job(child: subprocess.Popen[bytes], workspace: Path) -> int:
    wait_until(lambda: child.poll() is not None or checkpoint(workspace) > 0)
    done = checkpoint(workspace)
    assert child.poll() is None, "the run had ended before anything happened to it"
    assert 0 < done < ROWS
    return done


def check_same(job: Job, workspace: Path, printed: bytes, *, counts: bool = True) -> None:
    said = json.loads(printed)
    assert workspace.with_suffix(".jsonl").read_bytes() == job.leads
    assert said["leads"] == job.said["leads"]
    if counts:
        assert said["counts"] == job.said["counts"]


def processes_in(folder: Path, *names: str) -> list[int]:
    """The processes whose working directory this is and whose command has one of these words."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            here = (place / "cwd").readlink() == folder
            command = (place / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if here and any(name in command for name in names):
            found.append(int(place.name))
    return found


def test_a_cluster_gives_the_leads_of_one_machine_and_logs_nobody(cluster: Cluster, job: Job, tmp_path: Path) -> None:
    workspace, folder = job.twin("whole"), tmp_path / "register"
    folder.mkdir()
    header, *rows = job.register.read_text(encoding="utf-8").splitlines()
    for number in range(4):
        part = rows[number * ROWS // 4 : (number + 1) * ROWS // 4]
        (folder / f"part-{number}.csv").write_text("\n".join([header, *part]) + "\n", encoding="utf-8")
    child = on(cluster, job, workspace, folder.as_uri())
    printed, said = child.communicate(timeout=600)
    assert child.returncode == 0, said.decode("utf-8", "replace")[-4_000:]
    check_same(job, workspace, printed)
    rooms = cluster.executors()
    assert len(rooms) == 2, "both workers have worked"
    for room in rooms:
        assert list(room.glob("netpursuit-index-*/manifest.json")), "the index was shipped there"
    written = {**bytes_written(cluster.home), Path("driver"): said, Path("printed"): printed}
    assert sum("stderr" in file.name for file in written) >= 2
    assert any("events" in str(file) for file in written)
    index = {file for file in written if any("netpursuit-index-" in part for part in file.parts)}
    for name in (CANARY, "欧阳志远", "990101198503049999", "虚构路"):
        for form in (name.encode("utf-8"), name.encode("unicode_escape"), name.encode("utf-16-le")):
            assert [file for file, content in written.items() if file not in index and form in content] == []


def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(cluster: Cluster, job: Job) -> None:
    workspace = job.twin("worker-lost")
    child = on(cluster, job, workspace)
    in_mid_job(child, workspace)
    room = cluster.executors()[0]
    lost = cluster.workers.pop(int(room.parts[-3].removeprefix("work-")))
    lost.kill()
    lost.wait()
    for process in processes_in(room, "java", "pyspark"):
        os.kill(process, signal.SIGKILL)
    printed = finished(child)
    check_same(job, workspace, printed)
    cluster.start_worker()  # for the drills that follow


def test_a_driver_that_is_killed_goes_on_where_it_was(cluster: Cluster, job: Job) -> None:
    workspace = job.twin("driver-lost")
    child = on(cluster, job, workspace)
    in_mid_job(child, workspace)
    child.kill()
    child.communicate()
    done = checkpoint(workspace)
    printed = finished(on(cluster, job, workspace))
    assert json.loads(printed)["resumed_rows"] == done > 0
    check_same(job, workspace, printed)


def test_an_index_that_is_damaged_on_its_way_is_never_used(cluster: Cluster, job: Job) -> None:
    workspace = job.twin("index-damaged")
    child = on(cluster, job, workspace)
    in_mid_job(child, workspace)
    room, _ = cluster.executors()
    (archive,) = room.glob("netpursuit-index-*.packed")
    (place,) = (found for found in room.glob("netpursuit-index-*") if found.is_dir())
    archive.write_bytes(b"\0" * archive.stat().st_size)
    (place / "parts.npy").write_bytes(b"\0" * 1_000)
    # New processes of Python have to open it; those that had it mapped are gone.
    for process in processes_in(room, "pyspark.daemon"):
        os.kill(process, signal.SIGKILL)
    printed = finished(child)
    check_same(job, workspace, printed)
    assert b"index at" in (room / "stderr").read_bytes()
