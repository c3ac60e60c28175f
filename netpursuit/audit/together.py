"""What several threads wait for at the same moment, done in one go by one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Item]):
    """``woken``: it is done, or it is this one's turn to lead."""

    item: Item
    woken: threading.Event = field(default_factory=threading.Event)
    done: bool = False
    error: BaseException | None = None


class Together(Generic[Item]):
    """``do_all`` does a group in the order of arrival, in the thread of its first; never two groups at a time. Whoever
    comes while a group is being done belongs to the next one. What ``do_all`` raises everyone of its group gets."""

    def __init__(self, do_all: Callable[[Sequence[Item]], None]) -> None:
        self._do_all = do_all
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[Item]] = []
        self._is_led = False

    def do(self, item: Item) -> None:
        """Returns, or raises, when it is done."""
        mine = _Waiting(item)
        with self._lock:
            self._waiting.append(mine)
            leads, self._is_led = not self._is_led, True
        if not leads:
            mine.woken.wait()
        if not mine.done:
            self._lead()
        if mine.error is not None:
            raise mine.error

    def _lead(self) -> None:
        with self._lock:
            group, self._waiting = self._waiting, []
        error: BaseException | None = None
        try:
            self._do_all([one.item for one in group])
        except BaseException as raised:  # an interrupt, too: nobody must wait for ever
            error = raised
        with self._lock:
            following = self._waiting[:1]
            self._is_led = bool(following)
        for one in group:
            one.done, one.error = True, error
        for one in (*group, *following):
            one.woken.set()
