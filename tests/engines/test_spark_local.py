"""On Spark the same leads come out, byte for byte, as on one machine; here with two tasks in one process of Spark."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, COLUMNS, Run, environment
from tests.conftest import ROOT
from tests.engines.spark_home import bytes_written, make_home, need_java
from tests.faults.conftest import register_rows

ON_SPARK = ("--engine", "spark", "--spark-master", "local[2]")
CANARY = "卡纳里"
pytestmark = [
    pytest.mark.xdist_group("spark"),
    # PySpark leaves sockets to its own process to be collected.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One Java for the module; what it writes."""
    need_java()
    from pyspark import SparkContext

    folder = tmp_path_factory.mktemp("spark-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(make_home(folder)))
        yield folder / "spark"
        gateway: Any = SparkContext._gateway
        if gateway is not None:
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(20)
            SparkContext._gateway = SparkContext._jvm = None


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Rows of several chunks: people of the list, strangers, rows that cannot be read, a person who stands twice."""
    file = tmp_path / "many.csv"
    rows = [row.rpartition(",")[0] for row in register_rows("R", 4_300)]
    rows[11] = rows[10]  # stands twice
    rows[12] = "X1,赵某某,1991-13-01,,,幻县虚构路1号,2026-04-02"
    rows[13] = 'X2,"没有结束,1991-12-01,,,幻县虚构路1号,2026-04-02'
    rows[14] = f"X3,{CANARY},1985-03-04,990101198503049999,,幻县虚构路1号,2026-04-02"
    rows[2_050] = f"X4,{CANARY},1985-13-04,,,幻县虚构路1号,2026-04-02"
    rows[4_200] = "X5,欧阳志远,1985-03-04,990101198503040010,,幻县虚构路1号,2026-04-02"
    rows[4_201] = rows[10]
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(COLUMNS.values())
        stream.write("\n".join(rows) + "\n")
    return file


def twin(workspace: Path, name: str) -> Path:
    own = workspace.with_name(name)
    shutil.copytree(workspace, own)
    shutil.copytree(workspace.with_name("ws-keys"), own.with_name(f"{name}-keys"))
    return own


def quarantined(workspace: Path) -> list[tuple[Any, ...]]:
    base = sqlite3.connect(workspace / "truth.sqlite")
    columns = [row[1] for row in base.execute("PRAGMA table_info(quarantine)") if row[1] not in ("run_id", "id")]
    found = base.execute(f"SELECT {', '.join(columns)} FROM quarantine ORDER BY line").fetchall()
    base.close()
    return found


def screened(command: Run, workspace: Path, feed: Path, register: object, *more: object) -> tuple[Any, bytes]:
    """The answer, and the file of leads."""
    out = workspace.with_name(f"{workspace.name}.jsonl")
    asked = ("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--out", out, "--json")
    answer = command(*asked, *more)
    assert answer.code == 0, answer.err
    return answer.json, out.read_bytes()


def test_leads_counts_and_quarantine_are_those_of_one_machine(
    command: Run, workspace: Path, feed: Path, many: Path, home: Path, tmp_path: Path
) -> None:
    other = twin(workspace, "other")
    here, leads = screened(command, workspace, feed, many)
    spark, same = screened(command, other, feed, many, *ON_SPARK)
    assert same == leads
    assert leads.count(b"\n") == 30
    assert spark["counts"] == here["counts"]
    assert here["counts"]["rejected"] >= 4
    assert spark["leads"] == here["leads"]
    assert quarantined(other) == quarantined(workspace)
    # Nothing that Spark has written knows anybody: neither whoever is on no lead nor whoever is.
    written = bytes_written(home)
    assert any("driver.log" in file.name for file in written)
    assert any("events" in file.name or "eventlog" in str(file) for file in written)
    for name in (CANARY, "欧阳志远", "990101198503049999", "虚构路"):
        for form in (name.encode("utf-8"), name.encode("unicode_escape"), name.encode("utf-16-le")):
            assert [file for file, content in written.items() if form in content] == []


@pytest.mark.slow
def test_files_that_executors_read_give_the_leads_of_one_machine(
    command: Run, workspace: Path, feed: Path, many: Path, home: Path, tmp_path: Path
) -> None:
    other = twin(workspace, "other")
    here, leads = screened(command, workspace, feed, many)
    folder = tmp_path / "a folder [of parts]"
    folder.mkdir()
    lines = many.read_text(encoding="utf-8").splitlines()
    parts = [lines[1:12], lines[12:2_500], lines[2_500:]]
    for number, part in enumerate(parts):
        text = "\n".join([lines[0], *part]) + "\n"
        (folder / f"part-{number}.csv").write_text(text, encoding="utf-8" if number else "gb18030")
    (folder / "part-3.csv").touch()
    (folder / "_SUCCESS").touch()
    spark, same = screened(command, other, feed, folder, *ON_SPARK)
    assert same == leads
    assert {**spark["counts"]} == here["counts"]
    assert spark["file"] == folder.name
    # In several files rows are numbered; the one header is no row.
    assert [(row[1] + 1, *row[2:4]) for row in quarantined(other)] == [row[1:4] for row in quarantined(workspace)]


@pytest.mark.slow
def test_a_table_gives_the_leads_of_its_rows_in_order(
    command: Run, workspace: Path, feed: Path, many: Path, home: Path, tmp_path: Path
) -> None:
    import pyarrow
    import pyarrow.parquet

    header, *rows = csv.reader(many.read_text(encoding="utf-8").replace('"', "").splitlines())
    rows.sort()
    columns = {name: [row[at] for row in rows] for at, name in enumerate(header)}
    table = pyarrow.table(
        {**columns, "民族": ["甲"] * len(rows), "more": [[{"x": 1}] if at == 5 else [] for at in range(len(rows))]}
    )
    sorted_file, shuffled = tmp_path / "rows.parquet", tmp_path / "shuffled"
    pyarrow.parquet.write_table(table, sorted_file)
    shuffled.mkdir()
    turned = table.take(pyarrow.array(range(len(rows) - 1, -1, -1)))
    for part in range(3):
        pyarrow.parquet.write_table(turned.slice(part * 1_500, 1_500), shuffled / f"{part}.parquet")
    other = twin(workspace, "other")
    here, leads = screened(command, workspace, feed, sorted_file)
    spark, same = screened(command, other, feed, f"table:parquet.`{shuffled}`", *ON_SPARK)
    assert same == leads
    assert leads.count(b"\n") == 30
    assert spark["counts"] == here["counts"]
    assert [row[1:4] for row in quarantined(other)] == [row[1:4] for row in quarantined(workspace)]
    missing = command("screen", "table:nowhere", "--feed", feed, "--workspace", other, *ON_SPARK, "--lang", "en")
    assert missing.code == 2
    assert "nowhere: no such table" in missing.err


@pytest.mark.slow
def test_nothing_runs_on_a_damaged_index_and_the_run_goes_on_when_it_is_whole(
    command: Run, workspace: Path, feed: Path, many: Path, home: Path
) -> None:
    other = twin(workspace, "other")
    here, leads = screened(command, workspace, feed, many)
    assert command("index", "build", "--workspace", other).code in (0, 3)
    (damaged,) = other.glob("index/*/parts.npy")
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    asked = ("screen", many, "--feed", feed, "--workspace", other, "--as-of", AS_OF, "--lang")
    answer = command(*asked, "en", *ON_SPARK)
    assert answer.code == 1
    assert "Spark gave up: StorageError: the index at" in answer.err
    assert "is damaged: parts.npy" in answer.err
    assert "Traceback" not in answer.err
    assert "Spark 已放弃" in command(*asked, "zh", *ON_SPARK).err
    base = sqlite3.connect(other / "truth.sqlite")
    assert base.execute("SELECT count(*) FROM lead").fetchone() == (0,)
    base.close()
    damaged.write_bytes(whole)
    spark, same = screened(command, other, feed, many, *ON_SPARK)
    assert same == leads
    assert spark["counts"] == here["counts"]


@pytest.mark.slow
def test_spark_submit_runs_the_command(command: Run, workspace: Path, feed: Path, many: Path, home: Path) -> None:
    import pyspark

    from netpursuit.engines.spark import __path__ as folders

    other = twin(workspace, "other")
    here, leads = screened(command, workspace, feed, many)
    out = other.with_name("other.jsonl")
    asked = ("screen", many, "--feed", feed, "--workspace", other, "--as-of", AS_OF, "--out", out, "--engine", "spark")
    package = Path(pyspark.__file__).parent
    done = subprocess.run(
        [package / "bin" / "spark-submit", "--master", "local[2]", Path(folders[0]) / "app.py", *asked, "--json"],
        env=environment(
            PYSPARK_PYTHON=sys.executable,
            PYTHONPATH=str(ROOT),
            SPARK_HOME=str(package),
            SPARK_CONF_DIR=os.environ["SPARK_CONF_DIR"],
        ),
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3_000:]
    assert json.loads(done.stdout)["counts"] == here["counts"]
    assert out.read_bytes() == leads
    refused = subprocess.run(
        [
            package / "bin" / "spark-submit",
            "--master",
            "local[1]",
            Path(folders[0]) / "app.py",
            "screen",
            "--feed",
            "none",
        ],
        env=environment(PYSPARK_PYTHON=sys.executable, PYTHONPATH=str(ROOT), SPARK_HOME=str(package)),
        capture_output=True,
        timeout=300,
    )
    assert refused.returncode == 2
