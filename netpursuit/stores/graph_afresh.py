"""A graph file in the place of a damaged one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from netpursuit.errors import StorageError
from netpursuit.stores.files import database_files
from netpursuit.stores.graph_sqlite import SqliteGraph


@contextmanager
def built_beside(path: Path) -> Iterator[SqliteGraph]:
    """A new store that takes the place of a damaged file when the block ends well; before, nobody sees it.

    What a kill left of an earlier one goes first: it would keep what retention takes from the graph. Raises
    ``StorageError`` where the file cannot be replaced."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        for left in path.parent.glob(f".{path.name}.*"):
            left.unlink(missing_ok=True)
        store = SqliteGraph(beside)
        try:
            yield store
            store.finish()
        finally:
            store.close()
        # First the log of the damaged file: over the new one it would be replayed.
        for side in database_files(path)[1:]:
            side.unlink(missing_ok=True)
        beside.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or 'cannot be replaced'}") from error
    finally:
        for part in database_files(beside):
            with suppress(OSError):
                part.unlink(missing_ok=True)
