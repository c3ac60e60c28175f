"""Files beside the truth that are kept for a while: indexes, fetched lists, reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class KeptFiles(Protocol):
    """Files and folders of a workspace by their kind: ``index``, ``unit-index``, ``fetched``, ``report``."""

    def unused(self, kind: str, before: datetime) -> tuple[str, ...]:
        """Those that are in use no longer and were last used before an instant; sorted."""
        ...

    def remove(self, kind: str, names: Sequence[str]) -> None:
        """Remove them; one that is gone already is no error. Raises ``StorageError`` where one cannot be removed."""
        ...
