"""The engine that a batch runs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netpursuit.errors import InputError

if TYPE_CHECKING:
    from netpursuit.ports.engine import Engine

ENGINES = ("local", "spark")


@contextmanager
def open_engine(name: str = "local", *, workers: int = 1, master: str = "") -> Iterator[Engine]:
    """``local``: this machine, in ``workers`` processes. ``spark``: the cluster of ``master`` (empty: as configured).

    Raises ``InputError`` for what is of the other engine, and where Spark is not installed."""
    if name == "spark":
        if workers != 1:
            raise InputError("Spark says how many work", where="--workers", expected="--engine local, or no --workers")
        from netpursuit.engines.spark.engine import open_spark

        with open_spark(master) as engine:
            yield engine
        return
    if master:
        raise InputError("a cluster without Spark", where="--spark-master", expected="--engine spark")
    from netpursuit.engines.local import LocalEngine

    yield LocalEngine(workers)
