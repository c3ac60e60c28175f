"""A Neo4j server for tests, from its published Maven artifacts: fetched once, on loopback, with a password of its own.

``tools/neo4j-server [--version 5.26.28]`` starts one and prints its address until it is interrupted. The server is
GPL-3: it is fetched when somebody asks for it, never shipped.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VERSIONS = {"5.26.28": (17, 21), "2026.09.0": (21, 99)}  # release: oldest and newest Java that it runs on
ORDINARY = "5.26.28"
CURRENT = "2026.09.0"
_ENTRY = "META-INF/services/org.neo4j.server.startup.EntryPoint"
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>fetch</groupId><artifactId>neo4j</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{0}</version></dependency>
<dependency><groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId><version>{0}</version>
<scope>runtime</scope></dependency>
</dependencies></project>
"""
_CONF = """server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.heap.max_size=1g
server.memory.pagecache.size=512m
"""


class MissingError(RuntimeError):
    """Something that a server needs is not on this machine."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; ``stop`` and ``start`` end and resume it with the same data, port and password."""

    version: str
    home: Path
    port: int
    password: str
    command: tuple[str, ...]
    processes: list[subprocess.Popen[bytes]]

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.home / "logs" / "console.log").open("ab") as log:
            self.processes.append(subprocess.Popen(self.command, stdout=log, stderr=log, start_new_session=True))
        for _ in range(600):
            if self.processes[-1].poll() is not None:
                raise RuntimeError(f"Neo4j {self.version} ended at its start: {_tail(self.home)}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        raise RuntimeError(f"Neo4j {self.version} did not open its port in two minutes: {_tail(self.home)}")

    def stop(self, *, kill: bool = False) -> None:
        process = self.processes[-1]
        if process.poll() is None:
            process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _tail(home: Path) -> str:
    return (home / "logs" / "console.log").read_text(encoding="utf-8", errors="replace")[-800:]


def cache_folder() -> Path:
    """Where fetched servers stay, outside the repository."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "netpursuit-neo4j"


def fetch(version: str) -> Path:
    """The folder of the server's jars, fetched with Maven where it is not there yet."""
    place = cache_folder() / version
    if place.is_dir():
        return place
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingError("Maven (mvn), which fetches the server")
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        (Path(folder) / "pom.xml").write_text(_POM.format(version), encoding="utf-8")
        jars = Path(folder) / "jars"
        subprocess.run(
            [maven, "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={jars}", "-DincludeScope=runtime"],
            cwd=folder,
            check=True,
        )
        try:
            jars.replace(place)
        except OSError:
            if not place.is_dir():  # another process was faster
                raise
    return place


def find_java(version: str) -> str:
    """A Java that the release runs on: ``JAVA_HOME``, the path, or what stands under the usual folders."""
    oldest, newest = VERSIONS[version]
    named = [Path(os.environ["JAVA_HOME"]) / "bin" / "java"] if os.environ.get("JAVA_HOME") else []
    on_path = shutil.which("java")
    named += [Path(on_path)] if on_path else []
    for root in ("/usr/lib/jvm", "/opt", "/opt/java", "/Library/Java/JavaVirtualMachines"):
        named += sorted(Path(root).glob("*/bin/java"))
    for java in named:
        if not java.is_file():
            continue
        told = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False).stderr
        found = re.search(r'version "(\d+)', told)
        if found and oldest <= int(found[1]) <= newest:
            return str(java)
    raise MissingError(f"Java {oldest} or later, which Neo4j {version} runs on")


@contextmanager
def running(version: str = ORDINARY) -> Iterator[Server]:
    """A server that runs for the length of the block, with empty data."""
    from neo4j import GraphDatabase

    java, jars = find_java(version), fetch(version)
    with zipfile.ZipFile(jars / f"neo4j-{version}.jar") as jar:
        main = jar.read(_ENTRY).decode().split()[0]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="neo4j-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        for name in ("conf", "data", "logs", "plugins", "import", "run", "licenses"):
            (home / name).mkdir()
        (home / "conf" / "neo4j.conf").write_text(_CONF.format(port=port), encoding="utf-8")
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
        command = (
            *(java, "-Xmx1g", *opened, "-Dio.netty.tryReflectionSetAccessible=true", "-cp", f"{jars}/*", main),
            *(f"--home-dir={home}", f"--config-dir={home / 'conf'}"),
        )
        server = Server(version, home, port, secrets.token_urlsafe(16), command, [])
        try:
            server.start()
            with GraphDatabase.driver(server.uri, auth=("neo4j", "neo4j")) as driver:
                driver.execute_query(
                    "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                    old="neo4j",
                    new=server.password,
                    database_="system",
                )
            yield server
        finally:
            if server.processes:
                server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", choices=VERSIONS, default=ORDINARY)
    options = parser.parse_args()
    try:
        with running(options.version) as server:
            print(f"{server.uri} neo4j {server.password}", flush=True)
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except MissingError as error:
        sys.exit(f"needs {error}")


if __name__ == "__main__":
    main()
