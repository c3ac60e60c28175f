"""Chinese characters that hands, eyes and scanners take for one another (形近字): a hint that costs dear."""

from __future__ import annotations

from netpursuit.text.han import look_alikes


def look_alike_forms(text: str) -> tuple[str, ...]:
    """Forms of a text of simplified characters; two texts share one where exactly one character is taken for another.

    >>> set(look_alike_forms("建末")) & set(look_alike_forms("建未"))
    {'建(未末)'}
    """
    found = []
    for at, char in enumerate(text):
        for other in look_alikes(char):
            pair = char + other if char < other else other + char
            found.append(f"{text[:at]}({pair}){text[at + 1 :]}")
    return tuple(found)
