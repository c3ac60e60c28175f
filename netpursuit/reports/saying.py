"""Errors in the words of whoever reads them."""

from __future__ import annotations

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError, NetpursuitError, RefusedError, SettingsError


def say_error(words: Catalogue, error: NetpursuitError) -> str:
    """One line for a person: where, what, what was expected."""
    if words.lang == "en" or not isinstance(error, InputError):
        return words.sentence(str(error))
    problems = error.problems if isinstance(error, SettingsError) else (error.what,)
    what = words("cli.error.next").join(map(words.sentence, problems))
    place = f"{error.where}:{error.line}" if error.line is not None else error.where
    if place:
        what = words("cli.error.at", place=place, what=what)
    return words("cli.error.expected", what=what, expected=words.sentence(error.expected)) if error.expected else what


def say_refusal(words: Catalogue, error: RefusedError) -> str:
    """The rule, once, and what it was applied to."""
    key = f"refused.{error.code}"
    if key not in words:
        return str(error)
    return f"{words(key)} ({error.about})" if error.about else words(key)
