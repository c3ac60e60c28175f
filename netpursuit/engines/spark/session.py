"""A Spark session as the program needs it, on the cluster that is stated or that ``spark-submit`` has set."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.errors import InputError, StorageError

if TYPE_CHECKING:
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

MASTER = "NETPURSUIT_SPARK_MASTER"
ENCRYPTION = "spark.io.encryption.enabled"
_WHERE = "--engine spark"

# What holds unless the cluster's own configuration says otherwise.
_USUAL = {
    "spark.ui.showConsoleProgress": "false",
    "spark.excludeOnFailure.enabled": "true",  # a task that failed is tried again somewhere else
    "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",  # a row is a chunk of rows, or a whole file
    "spark.sql.files.openCostInBytes": "134217728",  # a task takes one file
}
_ON_THIS_MACHINE = {
    "spark.log.level": "ERROR",  # a cluster's warnings say why nothing begins
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


@contextmanager
def spark_session(master: str = "") -> Iterator[SparkSession]:
    """A session that encrypts what it spills; one that this call has started ends with the block.

    ``master`` empty: ``NETPURSUIT_SPARK_MASTER``, else what ``spark-submit`` or ``spark-defaults.conf`` say, else all
    cores of this machine. Raises ``InputError`` where PySpark or Java is missing, and where a session that is already
    running writes rows to disk in clear; ``StorageError`` where the cluster cannot be reached.
    """
    _check_installed()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        _check_encrypted(running)
        yield running
        return
    interrupted = signal.getsignal(signal.SIGINT)  # PySpark sets one that needs its session
    try:
        conf = _configured(master or os.environ.get(MASTER, ""))
        session = SparkSession.builder.config(conf=conf).getOrCreate()
    except PySparkException as error:
        if error.getCondition() == "JAVA_GATEWAY_EXITED":
            raise _no_java() from None
        raise StorageError(f"Spark does not start ({type(error).__name__})") from None
    except Exception as error:  # what Java says of an unknown master, py4j's own error
        raise StorageError(f"Spark does not start ({java_kind(error)})") from None
    try:
        _check_encrypted(session)
        yield session
    finally:
        session.stop()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, interrupted)


def is_local(session: SparkSession) -> bool:
    """Whether all runs in this machine's one process of Spark."""
    return str(session.sparkContext.master).startswith("local")


def _configured(master: str) -> SparkConf:
    from pyspark import SparkConf

    conf = SparkConf()  # starts Java, and has what spark-submit and the configuration folder state
    if master:
        conf.setMaster(master)
    conf.setIfMissing("spark.master", "local[*]")
    conf.setIfMissing("spark.app.name", "netpursuit")
    local = str(conf.get("spark.master")).startswith("local")
    if local:
        # The interpreter of a cluster's executors is the cluster's; here it is this one.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    for name, value in (_USUAL | (_ON_THIS_MACHINE if local else {})).items():
        conf.setIfMissing(name, value)
    return conf.set(ENCRYPTION, "true")


def _check_installed() -> None:
    try:
        import pandas  # noqa: F401 - PySpark needs it for Arrow and says so only in mid-run
        import pyspark  # noqa: F401
    except ImportError:
        raise InputError(
            "the Spark engine needs PySpark", where=_WHERE, expected="pip install 'netpursuit[spark]'"
        ) from None
    home = os.environ.get("JAVA_HOME", "")
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        return  # started by spark-submit: Java runs
    if not (home and shutil.which("java", path=str(Path(home) / "bin"))) and not shutil.which("java"):
        raise _no_java()


def _no_java() -> InputError:
    return InputError("the Spark engine needs Java", where=_WHERE, expected="Java 17 or later on the path or JAVA_HOME")


def _check_encrypted(session: SparkSession) -> None:
    if session.sparkContext.getConf().get(ENCRYPTION, "false") != "true":
        raise InputError(
            "this Spark session would write rows to disk in clear", where=_WHERE, expected=f"{ENCRYPTION} true"
        )


def java_kind(error: Exception) -> str:
    """The class of what Java has thrown; never its message."""
    thrown = getattr(error, "java_exception", None)
    return str(thrown.getClass().getSimpleName()) if thrown is not None else type(error).__name__
