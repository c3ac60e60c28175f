"""Names in the scripts of India in Latin letters, as newspapers spell them: inherent vowels written, the last one not.

Source: the common layout of the Brahmi blocks of Unicode (Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu,
Kannada, Malayalam), and the dropping of the vowel before the last syllable in Hindi (देशमुख: deshmukh).
"""

from __future__ import annotations

import re

_FIRST, _LAST, _BLOCK = 0x0900, 0x0D7F, 0x80
# Places within a block, from 0x05 (a) to 0x39 (ha); empty where a block has no letter.
_LETTERS = "k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h"
_VOWELS = "a a i i u u r l e e e ai o o o au"
_VOWEL_SIGNS = "a i i u u r r e e e ai o o o au"
_CONSONANTS = dict(enumerate(_LETTERS.split(), 0x15))
_INITIALS = dict(enumerate(_VOWELS.split(), 0x05))
_SIGNS = dict(enumerate(_VOWEL_SIGNS.split(), 0x3E))
_VIRAMA, _ANUSVARA = 0x4D, (0x01, 0x02)


def indic_readings(text: str) -> tuple[str, ...]:
    """One or two Latin spellings of a word: without the inherent vowel between two syllables, then with it.

    Empty for a word with any other letter.

    >>> indic_readings("देशमुख"), indic_readings("मोहन")
    (('deshmukh', 'deshamukh'), ('mohan',))
    """
    parts: list[str] = []
    for char in text:
        point = ord(char)
        place = (point - _FIRST) % _BLOCK
        if not _FIRST <= point <= _LAST:
            return ()
        if place in _CONSONANTS:
            parts += [_CONSONANTS[place], "A"]  # the inherent vowel, as yet
        elif place in _SIGNS or place == _VIRAMA:
            if parts and parts[-1] == "A":
                parts.pop()
            parts.append(_SIGNS.get(place, ""))
        elif place in _INITIALS:
            parts.append(_INITIALS[place])
        elif place in _ANUSVARA:
            parts.append("n")
    spelt = "".join(parts)
    if parts[-3:-2] != [""]:  # narendra, prakash: the last vowel is heard behind two consonants
        spelt = spelt.removesuffix("A")
    dropped = re.sub("(?<=[aeiou])([a-z]{1,3})A(?=[a-z]{1,3}[aeiou])", r"\1", spelt)
    return tuple(dict.fromkeys(form.replace("A", "a") for form in (dropped, spelt) if form))
