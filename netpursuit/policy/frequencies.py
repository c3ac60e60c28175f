"""How rare a part of a name is: the source of every term-frequency adjustment.

The tables are shipped with the policy and versioned with it, never taken from the list or the feed at hand (an update
must not change an old score). All shares are parts per million (ppm) of the people of one tradition; a token found in
several tables counts as common as in the one where it is commonest. The header of each file in ``tables/`` states its
origin.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from importlib import resources
from itertools import chain
from math import log2

MilliBits = int  # thousandths of a bit, as in netpursuit.records

FLOOR = 2_000  # no name part says less than this: the commonest surname of Korea, 이 or 김, carries 2.2 to 2.8 bits
CAP = 20_000  # one in a million; beyond it the tables say nothing
_SHARES_KEPT = 4_096  # more than twice as many as there are different ones
_TABLES = ("han_surnames.csv", "han_given.csv", "world.csv", "us_names.csv", "derived.csv")

# Scripts and roles by their stored numbers (netpursuit.text.scripts.Script, netpursuit.text.tokens.TokenRole).
_LATIN, _HAN, _CYRILLIC, _ARABIC, _HANGUL, _KANA, _GREEK, _HEBREW = range(8)
_FAMILY, _GIVEN = 1, 2

# Unseen Latin tokens by length: initials are shared by a sixteenth of all people; two and three letters are mostly
# parts of East Asian names; a token of five letters and more that is in none of the tables (15,000 common tokens) is
# rarer than one in 60,000.
_UNSEEN_LATIN = (0, 4_000, 9_000, 12_000, 14_500, 16_000, 16_500, 16_500, 17_000)
_UNSEEN_HAN_SURNAME = (
    13_500  # beyond the three hundred commonest: together about 4 % of people over thousands of surnames
)
_UNSEEN_HAN_CHARACTER = 12_500  # beyond the commonest seven hundred characters of given names
_UNSEEN_SYLLABLE = 10_000
# Unseen tokens of the other scripts. Arabic and Hebrew write few vowels, so that several names share one spelling.
_UNSEEN_OTHER = {_CYRILLIC: 15_500, _ARABIC: 14_000, _GREEK: 15_500, _KANA: 13_500, _HEBREW: 14_000}
_UNSEEN_DEFAULT = 15_000
# A given name of two characters or syllables is less rare than chance would have it (建国 comes as a pair), and beyond
# two the parts hardly add: shares of the sum of the parts' bits, by their number, set so that 建国 gives about 10 bits
# and a pair of rare characters 16. A single character alone is borne by about half of those whose given name has it.
_DAMPED = (0, 1_000, 750, 620, 550)
_ALONE = 800
_MOST_OF_CHARACTERS = (
    17_000  # transliterations run through few characters; without a table they are like unseen Latin names
)


class Frequencies:
    """The shipped tables; read on first use and kept as long as the object lives (about 10 ms, 3 MB)."""

    def __reduce__(self) -> tuple[type[Frequencies], tuple[()]]:
        return Frequencies, ()  # another process reads them itself

    @cached_property
    def version(self) -> str:
        """The content address of the tables, as ``freq-1-0a1b2c3d``; every score depends on it."""
        digest = hashlib.sha256()
        for name in _TABLES:
            digest.update(_rows(name).encode())
            digest.update(b"\0")
        return f"freq-1-{digest.hexdigest()[:8]}"

    def rarity(self, folded: str, script: int, role: int) -> MilliBits:
        """-log2 of the share of people who bear this token in such a role, in thousandths of a bit: 2,000 to 20,000.

        ``script`` and ``role`` are the numbers of ``Script`` and ``TokenRole``; for an unknown role the commoner of
        family and given name counts. An unseen token gets a value by its script and length; an empty one the floor.
        """
        return self.rarities(folded, script)[role]

    def rarities(self, folded: str, script: int) -> tuple[MilliBits, MilliBits, MilliBits]:
        """``rarity`` for the roles UNKNOWN, FAMILY and GIVEN."""
        if not folded:
            return FLOOR, FLOOR, FLOOR
        if script == _HAN:
            return _bounded(self._rarities_of_han(folded))
        if script == _LATIN and not self._is_listed(folded):  # most of what is asked
            unseen = _UNSEEN_LATIN[min(len(folded), len(_UNSEEN_LATIN) - 1)]
            either = min(unseen, self._rarity_of_pinyin(folded)) if len(folded) > 3 else unseen
            return either, unseen, either
        family, given, both = self._shares_of(folded)
        syllable = self._syllables.get(folded, 0) if script == _LATIN else 0
        # A name known in the other role alone is rarer in this one, but no stranger.
        other = max(family, given) / 16
        by_role = (max(both, family, given, syllable), max(both, family), max(both, given, syllable))
        if other or by_role[0]:
            found = [
                _bits(max(ppm, other)) if other or ppm else self._unseen(folded, script, role)
                for role, ppm in enumerate(by_role)
            ]
        else:
            found = [self._unseen(folded, script, role) for role in (0, _FAMILY, _GIVEN)]
        if script == _LATIN and len(folded) > 3:
            spelt = self._rarity_of_pinyin(folded)
            found = [min(found[0], spelt), found[1], min(found[2], spelt)]
        return _bounded(found)

    def latin_shares(self) -> dict[str, int]:
        """Every token of the tables, syllables of pinyin among them -> ppm in the role where it is commonest."""
        tokens = dict.fromkeys(chain(*self._counted, *self._estimated))
        found = {token: max(self._shares_of(token)) for token in tokens}
        for token, ppm in self._syllables.items():
            found[token] = max(found.get(token, 0), ppm)
        return found

    def _rarities_of_han(self, folded: str) -> list[MilliBits]:
        spelt = self._rarity_of_characters(folded)
        single = len(folded) == 1
        unknown, family, given = [], _UNSEEN_HAN_SURNAME if single else 15_000, spelt
        if self._is_listed(folded):
            of_family, of_given, _ = self._shares_of(folded)
            if of_family:
                unknown.append(family := _bits(of_family))
            if of_given:
                unknown.append(given := _bits(of_given))
        if single or not unknown:
            unknown.append(spelt)
        return [min(unknown), family, given]

    def _rarity_of_characters(self, folded: str) -> MilliBits:
        characters = self._characters
        parts = [_bits(characters[char]) if char in characters else _UNSEEN_HAN_CHARACTER for char in folded[:4]]
        return min(_damped(parts), _MOST_OF_CHARACTERS)

    def _rarity_of_pinyin(self, folded: str) -> MilliBits:
        """A given name of two or three syllables of pinyin written together (weiming) by its syllables."""
        parts = self._split(folded, 3)
        return max(8_000, _damped(parts)) if len(parts) > 1 else CAP

    def _split(self, word: str, limit: int) -> list[MilliBits]:
        """The rarities of the syllables of a word cut into at most ``limit`` of them; empty where it cannot be."""
        syllables = self._syllables
        if word in syllables:
            return [_bits(syllables[word])]
        if limit > 1 and len(word) <= 6 * limit and word[-1] in self._last_letters:
            for cut in range(min(6, len(word) - 1), 0, -1):
                if word[:cut] in syllables and (rest := self._split(word[cut:], limit - 1)):
                    return [_bits(syllables[word[:cut]]), *rest]
        return []

    def _unseen(self, folded: str, script: int, role: int) -> MilliBits:
        if script == _LATIN:
            return _UNSEEN_LATIN[min(len(folded), len(_UNSEEN_LATIN) - 1)]
        if script == _HANGUL:
            return 13_000 if role == _FAMILY else (7_500, 9_500, 11_500, 13_000)[min(len(folded), 4) - 1]
        return _UNSEEN_OTHER.get(script, _UNSEEN_DEFAULT) - max(0, 4 - len(folded)) * 2_000

    def _is_listed(self, token: str) -> bool:
        for table in self._tables:  # noqa: SIM110 - a generator would cost more than all it asks
            if token in table:
                return True
        return False

    def _shares_of(self, token: str) -> tuple[int, int, int]:
        """ppm as a family name, as a given name, in any role; 0 where no table has it."""
        families, givens, every = self._estimated
        family, given, both = families.get(token, 0), givens.get(token, 0), every.get(token, 0)
        for table in self._counted:
            if cells := table.get(token):
                of_family, of_given, *_ = cells.split(";")
                family, given = max(family, int(of_family or 0)), max(given, int(of_given or 0))
        return family, given, both

    @cached_property
    def _tables(self) -> tuple[Mapping[str, object], ...]:
        """All that ``_shares_of`` looks into."""
        return (*self._counted, *self._estimated)

    @cached_property
    def _counted(self) -> tuple[dict[str, str], ...]:
        """Token -> the rest of its row, of each of the long tables: a query takes few of their 20,000 rows apart."""
        return tuple(
            {token: cells for token, _, cells in (row.partition(";") for row in _rows(name).split("\n"))}
            for name in ("us_names.csv", "derived.csv")
        )

    @cached_property
    def _estimated(self) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        """Token -> ppm as a family name, as a given name, in any role, by the short tables."""
        columns: dict[str, dict[str, int]] = {"F": {}, "G": {}, "P": {}}
        for row in _rows("world.csv").split("\n"):
            _, role, ppm, tokens = row.split(";")
            column = columns[role]
            for token in tokens.split():
                column[token] = max(column.get(token, 0), int(ppm))
        for row in _rows("han_surnames.csv").split("\n"):
            token, ppm = row.split(";")
            columns["F"][token] = max(columns["F"].get(token, 0), int(ppm))
        return columns["F"], columns["G"], columns["P"]

    @cached_property
    def _characters(self) -> dict[str, float]:
        """Chinese character -> ppm of people whose given name has it."""
        return dict(character_shares())

    @cached_property
    def _syllables(self) -> dict[str, int]:
        """Syllable of pinyin -> ppm of people whose given name has it."""
        return {token: int(cells.split(";")[2]) for token, cells in self._counted[1].items() if cells[-1] != ";"}

    @cached_property
    def _last_letters(self) -> frozenset[str]:
        return frozenset(syllable[-1] for syllable in self._syllables)


def character_shares() -> Iterator[tuple[str, float]]:
    """(character, ppm of people whose given name has it), the commonest first; the formula of ``han_given.csv``."""
    for row in _rows("han_given.csv").split("\n"):
        first, characters = row.split(";")
        for rank, char in enumerate(characters, int(first)):
            yield char, 15_000 / (1 + rank / 30) ** 1.3


def _bounded(found: list[MilliBits]) -> tuple[MilliBits, MilliBits, MilliBits]:
    unknown, family, given = found
    return max(FLOOR, min(CAP, unknown)), max(FLOOR, min(CAP, family)), max(FLOOR, min(CAP, given))


def _damped(parts: list[MilliBits]) -> MilliBits:
    if len(parts) == 1:
        return parts[0] + _ALONE
    return sum(parts) * _DAMPED[min(len(parts), len(_DAMPED) - 1)] // 1_000


@lru_cache(_SHARES_KEPT)
def _bits(ppm: float) -> MilliBits:
    return round(-1_000 * log2(ppm / 1_000_000))


@cache
def _rows(name: str) -> str:
    """The rows of a table as one text, without the lines of comment above them."""
    text = (resources.files(__package__) / "tables" / name).read_text(encoding="utf-8")
    while text.startswith("#"):
        text = text[text.index("\n") + 1 :]
    return text.removesuffix("\n")
