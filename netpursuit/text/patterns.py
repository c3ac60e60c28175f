"""Regular expressions that are compiled where they are first used: most of them read what a given call never sees."""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    """Stands for a regular expression; each of its methods is kept once it was asked for, and then costs nothing."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """``re.compile`` put off to the first use; what is wrong with ``text`` shows only there.

    >>> regex("b+").sub("c", "abba")
    'aca'
    """
    return cast("re.Pattern[str]", _Pattern(text, flags))
