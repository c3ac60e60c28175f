"""Chinese characters that hands, eyes and scanners take for one another (形近字): a hint that costs dear."""

from __future__ import annotations

from netpursuit.text.han import look_alikes


def look_alike_forms(text: str) -> tuple[str, ...]:
    """Forms of a text of simplified characters; two texts share one where exactly one character is taken for another.

    >>> set(look_alike_forms("建末")) & set(look_alike_forms("建未"))
    {'建(未末)'}
    """
    return tuple(
        f"{text[:at]}({min(char, other)}{max(char, other)}){text[at + 1 :]}"
        for at, char in enumerate(text)
        for other in look_alikes(char)
    )
