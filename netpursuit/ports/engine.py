"""Ways to run a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class Engine(Protocol):
    """Maps a task over chunks, one result a chunk, in the order of the chunks.

    The task and the chunks must be picklable where the engine uses several processes. Chunks are taken from their
    iterator only a few ahead of the results, so that a file larger than memory can be mapped. An exception of the
    task is raised where its result would have come.
    """

    def map(self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]: ...
