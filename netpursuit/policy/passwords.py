"""What a password must be, and how dear it is to guess one: compiled in.

NIST SP 800-63B (5.1.1): length and nothing about its composition, no change by the calendar, a look at what everybody
guesses first. The password of somebody who looks at people is long: twelve characters are four words.
"""

from __future__ import annotations

import unicodedata

LEAST = 12  # characters
MOST = 256

# Argon2id (RFC 9106, the second recommended option): above the least that OWASP's Password Storage Cheat Sheet takes
# (19 MiB, 2 passes). A guess costs some 50 ms and 64 MiB.
MEMORY_KIB = 64 * 1024
PASSES = 3
LANES = 4

_FEWEST_DIFFERENT = 5  # characters
_LEAST_WORD = 3  # letters
_ROWS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
# What people begin with who were asked for something long; of lists of passwords that were found in the open.
_FIRST = (
    *("password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "letmein", "welcome", "iloveyou", "administrator"),
    *("netpursuit", "changeme", "trustno1", "sunshine", "football", "princess", "superman", "mynameis", "adminadmin"),
    *("woaini", "woaiwojia", "mima", "5201314", "wodemima", "monkey", "dragon", "master", "qwerty", "abc", "admin"),
)


def normal(password: str) -> str:
    """The form in which a password is compared, however a keyboard composes it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def is_guessed_first(password: str, user: str) -> bool:
    """Whether somebody who guesses comes to it soon: few different characters, a row of keys, the user's own name or a
    well-known word with little beside it."""
    text = normal(password).casefold()
    if len(set(text)) < _FEWEST_DIFFERENT or any(text in row + row for row in _ROWS):
        return True
    for word in sorted({*_FIRST, user.casefold()}, key=len, reverse=True):
        if len(word) >= _LEAST_WORD:
            text = text.replace(word, "")
    own = "".join(character for character in text if character.isalpha())
    return len(own) < _LEAST_WORD and len(text) < LEAST - _LEAST_WORD
