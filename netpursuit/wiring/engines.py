"""The engine that a batch runs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netpursuit.errors import InputError
from netpursuit.ports.spread import FileEngine

if TYPE_CHECKING:
    from netpursuit.ports.engine import Engine
    from netpursuit.ports.readers import RegistrationSource
    from netpursuit.records import Feed

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


def open_address(url: str, feed: Feed, engine: Engine) -> RegistrationSource:
    """The register at an address that the engine reaches. Raises ``InputError`` where it reaches none, and as
    ``open_spread``."""
    from netpursuit.sources.registrations.spread import open_spread

    if not isinstance(engine, FileEngine):
        raise InputError("an address is read by Spark", where=url, expected="--engine spark, or a file")
    return open_spread(url, feed, engine)
