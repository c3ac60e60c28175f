"""A configuration of Spark for tests: all that it writes stands in one folder, as much as it can write."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.conftest import leave_out

_LOGS = """
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = {file}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c: %m%n%ex
"""


def need_java() -> None:
    if shutil.which("java") is None:
        leave_out("needs Java 17 or later on the path")


def make_home(folder: Path, **settings: str) -> Path:
    """A configuration folder; ``folder/spark`` gets logs, event logs and spills."""
    conf, written = folder / "conf", folder / "spark"
    for made in (conf, written / "events", written / "local"):
        made.mkdir(parents=True)
    told = {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": (written / "events").as_uri(),
        "spark.local.dir": str(written / "local"),
        "spark.log.level": "INFO",
        "spark.driver.memory": "512m",
        # Short runs: no time for a second compiler, nor for threads that collect garbage.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.shuffle.partitions": "2",
        **{f"spark.{name.replace('_', '.')}": value for name, value in settings.items()},
    }
    lines = [f"{name} {value}" for name, value in told.items()]
    (conf / "spark-defaults.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (conf / "log4j2.properties").write_text(_LOGS.format(file=written / "driver.log"), encoding="utf-8")
    return conf


def bytes_written(folder: Path) -> dict[Path, bytes]:
    """Every file below a folder."""
    return {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
