"""Words behind a name that tell father from son: Jr, Sr, II, the Elder, père, fils, hijo, Filho, младший.

They are no part of the name: missing on one side they say nothing. Two that differ are two people. ``Neto`` and
``al-Kabir`` are left in the name: they are family names as often.
"""

from __future__ import annotations

from collections.abc import Sequence

# First: never a name. Second: a name too (Robert Junior), so only behind at least two other words.
_ALWAYS = {"jr": 2, "jnr": 2, "sr": 1, "snr": 1, "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "мл": 2, "ст": 1}
_BEHIND_TWO = {
    "junior": 2, "senior": 1, "elder": 1, "younger": 2, "pere": 1, "fils": 2, "padre": 1, "hijo": 2, "filho": 2,
    "altere": 1, "aeltere": 1, "jungere": 2, "juengere": 2, "aine": 1, "jeune": 2, "старший": 1, "младший": 2,
}  # fmt: skip
_ARTICLES = frozenset({"the", "der", "die", "le", "la", "l", "el"})


def says_generation(word: str) -> bool:
    """Whether a folded word tells father from son at the end of some name."""
    return word in _ALWAYS or word in _BEHIND_TWO


def generation_at_end(words: Sequence[str], others: int = 0) -> tuple[int, int]:
    """(generation, how many folded words at the end say so); (0, 0) where none does. Father 1, son 2, grandson 3.

    ``others``: words of the name outside of these, before a comma.

    >>> generation_at_end(["john", "smith", "jr"]), generation_at_end(["john", "smith", "the", "elder"])
    ((2, 1), (1, 2))
    >>> generation_at_end(["robert", "junior"]), generation_at_end(["jr"], others=2)
    ((0, 0), (2, 1))
    """
    if not words:
        return 0, 0
    left = len(words) - 1 + others
    if words[-1] in _ALWAYS and left:
        return _ALWAYS[words[-1]], 1
    if words[-1] in _BEHIND_TWO and left >= 2:
        article = len(words) > 1 and words[-2] in _ARTICLES and left > 2
        return _BEHIND_TWO[words[-1]], 1 + article
    return 0, 0
