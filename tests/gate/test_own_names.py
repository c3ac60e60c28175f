"""Whether a query bears the asking user's own name: in any order, case and form, and for nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.errors import InputError
from netpursuit.gate.own_names import bears_own_name, full_name
from netpursuit.records import Name, Person

PARTS = st.lists(st.text("abcdefghijklmnop", min_size=2, max_size=6), min_size=2, max_size=5, unique=True)
LONE = st.text("abcdefghijklmnop'éü", min_size=1, max_size=12)


@given(PARTS, st.randoms(use_true_random=False), st.sampled_from([" ", ", ", "  ", " · "]))
def test_the_order_of_parts_and_how_they_are_written_make_no_difference(parts: list[str], random, comma: str) -> None:  # type: ignore[no-untyped-def]
    other = parts.copy()
    random.shuffle(other)
    asked = comma.join(part.upper() for part in other)
    assert bears_own_name([" ".join(parts)], texts=[asked])
    assert bears_own_name([" ".join(parts)], [Person(names=(Name(text="x y"), Name(text=asked)))])


@given(PARTS, st.integers(0, 4))
def test_a_name_with_a_part_less_is_another(parts: list[str], which: int) -> None:
    fewer = parts[:which] + parts[which + 1 :]
    asked = " ".join(fewer)
    assert bears_own_name([" ".join(parts)], texts=[asked]) == (len(fewer) == len(parts))


@given(LONE, st.text(max_size=20))
def test_a_lone_part_is_nobodys(lone: str, asked: str) -> None:
    assert not bears_own_name([lone], texts=[lone, asked])
    with pytest.raises(InputError):
        full_name(lone)


@pytest.mark.parametrize(
    ("own", "asked"),
    [
        ("張偉", "张伟"),
        ("张伟", "张 伟"),
        ("欧阳志远", "歐陽 志遠"),
        ("김민수", "민수 김"),
        ("Müller Jörg", "MULLER JORG"),
        ("Łukasz Wójcik", "wojcik, lukasz"),
        ("阿卜杜热西提·买买提", "买买提 阿卜杜热西提"),
        ("Семён Иванов", "иванов семен"),
        ("محمد أحمد", "احمد محمد"),
        ("Anne-Marie Duval", "Duval Anne Marie"),
        ("Ｗａｎｇ Ａｎｎａ", "wang anna"),
        ("Maria da Silva e Souza Lima", "MARIA DA SILVA E SOUZA LIMA"),
        ("Maria da Silva e Souza Lima", "Souza Lima Maria da Silva e"),
    ],
)
def test_forms_of_one_name(own: str, asked: str) -> None:
    assert bears_own_name([own], texts=[asked])
    assert full_name(own)


@pytest.mark.parametrize("asked", ["Zhang Wei", "张伟明", "伟", "李伟", "", "张*", "1234", "张伟 Smith"])
def test_another_name_or_another_script_is_not_the_own(asked: str) -> None:
    assert not bears_own_name(["张伟"], texts=[asked])


def test_parts_that_the_source_tells_apart_are_read_too() -> None:
    person = Person(names=(Name(text="Dr Weih", family="Wang", given="Weihong"),))
    assert bears_own_name(["Weihong Wang"], [person])
    assert not bears_own_name([], [person])
