"""What most names are is read by a short way, which must lead where the long one does."""

from __future__ import annotations

from string import ascii_letters

from hypothesis import example, given
from hypothesis import strategies as st

from netpursuit.records import Name
from netpursuit.text import generations, particles
from netpursuit.text.tokens import parse_name

_GROUPS = ("TITLES", "SOFT_TITLES", "SUFFIXES", "_KINSHIP", "_ARTICLES", "_PARTICLES", "_ABD_WORDS", "_DIN_WORDS")
_ODD = sorted({word for group in _GROUPS for word in getattr(particles, group)} | set(generations._BEHIND_TWO))
_NAMES = [
    "Nguyen",
    "Van",
    "Habib",
    "Salah",
    "Rahman",
    "Xx",
    "JC",
    "Ng",
    "Md",
    "Ullah",
    "Abdurrahman",
    "Wei",
    "Jong",
    "un",
]
_WORDS = st.one_of(
    st.sampled_from(_NAMES),
    st.sampled_from([word for word in _ODD if word.isascii()]),
    st.text(ascii_letters, min_size=2),
)


@given(st.lists(_WORDS, min_size=1, max_size=7))
@example(["Robert", "Junior"])
@example(["Salah", "Uddin", "Khan"])
def test_one_space_or_two_between_the_words_of_a_name_make_no_difference(words: list[str]) -> None:
    # Two spaces are never read by the short way.
    short, long = (parse_name(Name(text=space.join(words))) for space in (" ", "  "))
    assert [(parsed.tokens, parsed.generation) for parsed in short] == [
        (parsed.tokens, parsed.generation) for parsed in long
    ]


def test_the_short_way_is_taken_by_plain_names_alone() -> None:
    taken = [
        parsed.plain
        for text in ("Maria Garcia", "Maria de Garcia", "María Garcia")
        for parsed in parse_name(Name(text=text))
    ]
    assert taken == [True, False, False]
