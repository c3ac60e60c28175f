"""Whether a query bears a name of the user who asks. Pure; says yes or no and keeps no name.

A full name has two parts or more, or two characters in a script that writes names without spaces: one given name
alone is many people's. Names are compared as written once they are folded (case, accents, forms of characters), in
whatever order of parts; a name that was given in one script is not looked for in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations

from netpursuit.errors import InputError
from netpursuit.records import Person
from netpursuit.text.scripts import Script
from netpursuit.text.words import cut_words

_LONGEST = 100
_MOST_PARTS = 5  # whose every order is tried; of longer names the order as written and as sorted
_UNSPACED = frozenset((Script.HAN, Script.HANGUL))


def full_name(text: str) -> str:
    """A name that is given as a user's own, trimmed. Raises ``InputError`` for one that does not tell who is meant."""
    name = " ".join(text.split())
    if len(name) > _LONGEST or not name.isprintable() or not _forms(name):
        raise InputError(
            "this is no full name",
            expected=f"family and given name, at most {_LONGEST} characters; a name of one part is many people's",
        )
    return name


def bears_own_name(own: Iterable[str], persons: Iterable[Person] = (), texts: Iterable[str] = ()) -> bool:
    """Whether one of these persons, or a text that may be a name, bears one of the user's own names.

    >>> bears_own_name(["Anna Schmidt"], texts=["SCHMIDT, Anna"]), bears_own_name(["Anna"], texts=["Anna"])
    (True, False)
    """
    known = {form for name in own for form in _forms(name)}
    return bool(known) and any(not known.isdisjoint(_forms(text)) for text in (*_names(persons), *texts))


def _names(persons: Iterable[Person]) -> Iterator[str]:
    for person in persons:
        for name in person.names:
            yield name.text
            if name.family and name.given:
                yield f"{name.family} {name.given}"


def _forms(text: str) -> frozenset[str]:
    """A name's parts written together in every order; none for a name of one part. What a hyphen joins is one part."""
    parts: list[str] = []
    words = cut_words(text)
    for word in words:
        if word.glue == "-" and parts:
            parts[-1] += word.folded
        else:
            parts.append(word.folded)
    if len(parts) < 2 and not (parts and len(parts[0]) >= 2 and words[0].script in _UNSPACED):
        return frozenset()
    if len(parts) > _MOST_PARTS:
        return frozenset(("".join(parts), "".join(sorted(parts))))
    return frozenset(map("".join, permutations(parts)))
