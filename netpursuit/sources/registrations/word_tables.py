"""Tables of words in plain text: ``key: word, word`` with continued lines indented."""

from __future__ import annotations


def read_words(text: str) -> dict[str, tuple[str, ...]]:
    """Key -> words, both in the order of the text.

    >>> read_words("sex: 性别,\\n    gender")
    {'sex': ('性别', 'gender')}
    """
    tables: dict[str, list[str]] = {}
    words: list[str] = []
    for line in text.strip().splitlines():
        if not line.startswith(" "):
            key, _, line = line.partition(":")
            words = tables.setdefault(key, [])
        words += [word.strip() for word in line.split(",") if word.strip()]
    return {key: tuple(found) for key, found in tables.items()}
