"""Names read many at once, by short ways, have the slots that each one has when it is read by itself the long way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from string import ascii_letters

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netpursuit.policy.model import Policy
from netpursuit.prepare import Preparer, names, plain_names
from netpursuit.prepare.columns import flatten
from netpursuit.prepare.tokens import TokenBook
from netpursuit.records import Name, Person
from netpursuit.records.columns import Coded, PersonColumns
from netpursuit.text import generations, particles
from netpursuit.text.clusters import clusters_by_member, han_parts
from netpursuit.text.han import simplification
from netpursuit.text.surnames import compound_surnames, hangul_surnames, japanese_surnames, single_surnames

FREQUENCIES = Policy.shipped().frequencies
Arrays = dict[str, np.ndarray]
Record = tuple[Name, ...]

_GROUPS = ("TITLES", "SOFT_TITLES", "SUFFIXES", "_KINSHIP", "_ARTICLES", "_PARTICLES", "_ABD_WORDS", "_DIN_WORDS")
_ODD = {word for group in _GROUPS for word in getattr(particles, group)} | set(generations._BEHIND_TWO)
WORDS = st.one_of(
    st.sampled_from(["Wei", "Ming", "Nguyen", "Abdurrahman", "Xx", "JC", "Md", "Ullah", "Zhangjianguo", "x", "wei"]),
    st.sampled_from(sorted(word for word in _ODD if word.isascii())),
    st.text(ascii_letters, max_size=9),
)
LATIN = st.lists(WORDS, max_size=8).map(" ".join)
_TRADITIONAL = sorted(map(chr, simplification()))
_BEYOND = "\u9ff0\u3400\U00020bb7\uf900々〇· 1Aのン"  # characters that no short way takes
HAN_PIECES = st.one_of(
    st.sampled_from(sorted(single_surnames())),
    st.sampled_from(sorted(chain(compound_surnames(), japanese_surnames(), han_parts(), particles.HAN_TITLES))),
    st.sampled_from(sorted(member for member in clusters_by_member() if "\u4e00" <= member[0] <= "\u9fef")),
    st.sampled_from(_TRADITIONAL),
    st.sampled_from(["某", "吉", "氏", *_BEYOND]),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FEF),
)
HANGUL_PIECES = st.one_of(
    st.sampled_from(sorted(chain(hangul_surnames(), particles.HANGUL_TITLES))),
    st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
    st.sampled_from(["\u1100", "王", "-"]),
)
TEXTS = st.one_of(
    LATIN,
    st.lists(HAN_PIECES, max_size=3).map("".join),
    st.lists(HANGUL_PIECES, max_size=3).map("".join),
    st.text(max_size=5),
)
STATED = st.sampled_from(["", "", "", "王", "Wei"])
NAMES = st.builds(Name, text=TEXTS, weak=st.booleans(), family=STATED, given=STATED)
RECORDS = st.one_of(
    st.builds(Name, text=TEXTS, weak=st.booleans()).map(lambda name: (name,)),
    st.lists(NAMES, max_size=4).flatmap(lambda some: st.permutations(some + some[:1])).map(tuple),
)


def prepared(column: Coded[Record]) -> Arrays:
    made = names.name_columns(column, TokenBook(FREQUENCIES))
    return {name: array for key in made for name, array in _arrays(key, made[key])}


def _arrays(key: str, made: object) -> list[tuple[str, np.ndarray]]:
    return [(key, made)] if isinstance(made, np.ndarray) else list(flatten(made, f"{key}.").items())


def same(one: Arrays, other: Arrays) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.dtype == other[name].dtype, name
        np.testing.assert_array_equal(array, other[name], name)


def in_short_ways(make: Callable[[], Arrays]) -> Arrays:
    """As of so many records that all short ways are worth taking."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "_MANY", 0)
        return make()


def in_the_long_way(make: Callable[[], Arrays]) -> Arrays:
    """Each name by itself, by ``parse_name``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "_MANY", 1 << 30)
        patch.setattr(TokenBook, "plain", lambda self, text: None)
        return make()


def of_texts(*texts: str) -> list[Record]:
    return [(Name(text=text),) for text in texts]


@settings(deadline=None)
@given(st.lists(RECORDS, max_size=12))
@example(of_texts("Wei Ming", "Wei Junior", "van Ming", "Ming Wei", "Xx Wei", "Wei JC", "WEI MING"))
@example(
    of_texts("王建国", "东方明", "田中惠", "卓玛吉", "买买提", "王先生", "先生", "王某", "辜晓潇", "銀慈", "歐陽修")
)
@example(of_texts("三上惠", "鈴木", "乔治", "艾明", "张某某", "王氏", "田中太郎"))
@example(
    [(Name(text="Wei Ming", given="Wei"),), (Name(text="Wei Ming", family="Ming"),), (Name(text="王明", family="王"),)]
)
@example(of_texts("김영남", "황보민", "남궁", "김선생", "영씨", "뷁영남"))
@example([])
def test_the_short_ways_lead_where_the_long_way_does(records: list[Record]) -> None:
    column = Coded(records)
    same(in_short_ways(lambda: prepared(column)), in_the_long_way(lambda: prepared(column)))


@settings(deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=5).flatmap(lambda values: st.tuples(st.just(values), _codes(values))))
def test_values_that_several_rows_share_are_prepared_as_rows_of_their_own(
    shared: tuple[list[Record], list[int]],
) -> None:
    values, codes = shared
    column = Coded(values, np.array(codes, np.int64))
    same(in_short_ways(lambda: prepared(column)), in_the_long_way(lambda: prepared(Coded(column.rows()))))


def _codes(values: Sequence[object]) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, len(values) - 1), max_size=40)


def test_people_in_columns_are_prepared_as_a_list_of_them_is() -> None:
    values = [*of_texts("Wei Ming", "王建国", "김영남", "Juan de la Cruz", ""), ()]
    people = [Person(names=values[row % len(values)]) for row in range(100)]
    columns = PersonColumns.of(people)
    shared = PersonColumns(Coded.of(columns.names.rows()), *columns.columns[1:])
    assert len(shared.names.values) == len(values)

    whole = flatten(Preparer(FREQUENCIES).prepare(people))
    same(flatten(Preparer(FREQUENCIES).prepare(columns)), whole)
    same(flatten(Preparer(FREQUENCIES).prepare(shared)), whole)


def test_plain_names_take_a_short_way() -> None:
    texts = ["Wei Ming", "Wei de Ming", "王建国", "辜晓潇", "王先生", "欧阳修", "김영남", "황보민"]
    records = [*of_texts(*texts), (Name(text="Wei Ming"), Name(text="王建国"))]
    taken = plain_names.plain_spellings(records, TokenBook(FREQUENCIES))
    assert sorted(chain.from_iterable(part.text for part in taken)) == sorted(
        ["Wei Ming", "王建国", "辜晓潇", "김영남"]
    )


def test_a_name_of_hundreds_of_spellings_keeps_the_strong_ones_first() -> None:
    some = [Name(text=f"Wei {a}{b}", weak=a < "n") for a in ascii_letters[:26] for b in "aeiou"]
    record = tuple(some)
    made = names.name_columns(Coded([record] * 40), TokenBook(FREQUENCIES))
    assert made["name_start"].tolist() == [names.MAX_NAMES * row for row in range(41)]
    assert not made["name_weak"][: names.MAX_NAMES].any()
