"""The exception tree. Only ``cli`` turns an error into an exit code.

::

    NetpursuitError
    ├── InputError            a file, row, option or mapping that cannot be used      exit 2
    │   ├── ChangedError      what is to be changed is no longer as it was seen          exit 2
    │   ├── ErasedError       what is asked for was erased under an order                exit 2
    │   ├── UnknownIdError    there is nothing under this id                            exit 2
    │   ├── SettingsError     all problems of one settings or mapping file together   exit 2
    │   └── RowsError         all wrong rows of a table of which nothing was taken    exit 2
    ├── RefusedError          the gate said no: reason, limits, expiry                exit 4
    ├── StorageError          the workspace, the log or the index could not be used   exit 1
    │   └── DamagedError      what is stored cannot be read any more                  exit 1
    │   └── HeldError         another process does what one process at a time may do  exit 1
    └── VerificationError     a check found a difference                              exit 6
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime


class NetpursuitError(Exception):
    """Base of all errors a caller may want to catch. ``str()`` is one English sentence for a person."""

    exit_code = 1


class InputError(NetpursuitError):
    """Bad input: says where, what was found and what was expected.

    ``InputError("passport 'X12O4567': check digit 7", expected="3", where="wanted.csv", line=1042)`` reads
    ``wanted.csv:1042: passport 'X12O4567': check digit 7, expected 3``. Never put a person's value into an
    error about a registration: those errors are stored and shown (promise A4).
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", line: int | None = None, expected: str = "") -> None:
        self.what, self.where, self.line, self.expected = what, where, line, expected
        place = f"{where}:{line}: " if where and line is not None else f"{where}: " if where else ""
        tail = f", expected {expected}" if expected else ""
        super().__init__(f"{place}{what}{tail}")


class ErasedError(InputError):
    """What is asked for was erased under an order (A17): since when and by which."""

    def __init__(self, about: str, *, on: date, order: str) -> None:
        self.about, self.on, self.order = about, on, order
        super().__init__(f"{about} was erased on {on} under order {order}")


class UnknownIdError(InputError):
    """There is no lead, case ... of this id; whoever tries many is noticed by it."""


class ChangedError(InputError):
    """What is to be changed is no longer as it was seen: ``act`` is what was done last, ``by`` the name stated,
    ``user`` and ``at`` (UTC) of whom and when; they are empty and None where that is not kept."""

    def __init__(self, about: str, *, act: str, by: str = "", user: str = "", at: datetime | None = None) -> None:
        self.about, self.act, self.by, self.user, self.at = about, act, by, user, at
        super().__init__(f"{about} is no longer as it was seen")


class SettingsError(InputError):
    """A settings, feed or mapping file with problems; all of them are reported together."""

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems), where=where)


class RowsError(InputError):
    """A table that is taken whole or not at all, with the rows that are wrong; ``problems`` name line and column."""

    def __init__(self, where: str, problems: Sequence[str], count: int) -> None:
        self.problems = tuple(problems)
        more = [f"and {count - len(self.problems)} more"] if count > len(self.problems) else []
        what = f"{count} cells or rows cannot be used; nothing was taken"
        super().__init__("\n  ".join((what, *self.problems, *more)), where=where)


class RefusedError(NetpursuitError):
    """The request is outside what the program does (promises A1, A5, A8, A9, A10); nothing ran.

    ``code`` is a key of the catalogue (``refused.<code>``) whose text explains the rule to the person; ``about`` names
    what it was applied to (ids, keys, dates; never words or anybody's value). ``str()`` says both in English.
    """

    exit_code = 4

    def __init__(self, code: str, what: str, *, about: str = "") -> None:
        self.code, self.about = code, about
        super().__init__(what)


class StorageError(NetpursuitError):
    """The truth, the log, the keys or the index cannot be read or written."""

    exit_code = 1


class DamagedError(StorageError):
    """A stored file is not what was written: truncated, overwritten, or another's. Says what mends it where that is
    known."""


class HeldError(StorageError):
    """Another process holds what one process at a time may do. ``who``, ``process`` and ``since`` (UTC) say which; they
    are empty, 0 and None where it has not said so yet."""

    def __init__(self, purpose: str, *, who: str = "", process: int = 0, since: datetime | None = None) -> None:
        self.who, self.process, self.since = who, process, since
        by = f" by {who} (process {process}) since {since.isoformat(timespec='seconds')}" if since else ""
        super().__init__(f"{purpose} is under way{by}; wait for its end, or end that process")


class VerificationError(NetpursuitError):
    """A verification found a difference between what is stored and what must be stored."""

    exit_code = 6
