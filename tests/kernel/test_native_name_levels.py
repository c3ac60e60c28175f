"""The compiled comparison of names gives the level, weight and best names that NumPy gives, and stops at damage."""

from __future__ import annotations

import random
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.errors import StorageError
from netpursuit.evidence import names as compared
from netpursuit.kernel.native import is_native
from netpursuit.kernel.relate import Relations, relate, sort_keys
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import NAME_LEVELS
from netpursuit.prepare import PreparedBatch, Preparer
from netpursuit.prepare.columns import TextColumn
from netpursuit.records import Name, Person
from tests.conftest import leave_out
from tests.kernel.test_native_join import NAMES
from tests.matching.test_lossless import people

SHIPPED = Policy.shipped()
PREPARER = Preparer(SHIPPED.frequencies)
# Parts that meet in many ways: turned, in one word, with initials, of a father and a son, of letters that only Python
# folds (ß, İ, Georgian), of Hangul, with a slip in a short part or in a space.
MORE = (
    *("RI Jae Il", "Ri Jne Il", "RI Jae Iz", "Abdul Latif", "Abdullatif", "ABDUL LTIF", "Latif A.", "Li Il"),
    *("O Li", "Ng", "Bad al-Rahman Qasim", "Bd Al-Rahman Qasim", "Abd al-Rahman Qasim", "John Smith Sr"),
    *("John Smith Jr", "J. Smith", "Smith", "Smyth", "Helen Smith", "Ellen Smith", "Hoa Nghia Tran"),
    *("Nghia Hoa Tran", "Hoa Hoa Tran", "Hoa Tran Hoa", "Zhang Wei Ming", "Ming Zhang Wei"),
    *("Muhammad bin Salman", "Salman bin Muhammad", "Ali bin Ali", "Ali Omar", "阿里·阿里", "小明", "明"),
    *("王小明", "Weißkopf Jürgen", "Weisskopf", "İlkay Yıldırım", "Ilkay Yildirim", "გიორგი", "გიორგა"),
    *("Georgios Šmíd", "Павлов Дмитрий Петрович", "Павлав Д. Петровач", "Xqzzwkhnv", "Xqzzwkhnw"),
    *("Xqzzwkhmw Kim", "김민수", "김민소", "김민주", "김빈수", "김미수", "김아수", "김민 수", "김수", "김영"),
    *("김연", "김ᄆᆞ수", "김ᄆᆞ소", "김\ud7b0수", "김\ud7cb수"),
)
ALPHABET = "abdehimnorstuy -'áñßİ王明伟志ваинм민소გ\U00010400"


@pytest.fixture(autouse=True)
def _compiled_here() -> None:
    if not is_native():
        leave_out("the native kernel is not compiled (it needs a C compiler while the package is installed)")


def slipped(text: str, rng: random.Random) -> str:
    """A text with a letter put in, left out, changed or swapped with the next, or two parts turned."""
    at, letter = rng.randrange(len(text) + 1), rng.choice(ALPHABET)
    words = text.split()
    cut = rng.randrange(len(words)) if words else 0
    return rng.choice(
        [
            text[:at] + letter + text[at:],
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
            " ".join([*words[cut:], *words[:cut]]),
            " ".join(words[:cut] + words[cut + 1 :]),
        ]
    )


def person_of(rng: random.Random) -> Person:
    texts = [rng.choice((*NAMES, *MORE)) for _ in range(rng.choice((0, 1, 1, 1, 2, 3)))]
    for at in range(len(texts)):
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            texts[at] = slipped(texts[at], rng)
    made = []
    for text in texts:
        family, _, rest = text.partition(" ")
        roles = {"family": family, "given": rest} if rest.strip() and rng.random() < 0.3 else {}
        made.append(Name(text=text, weak=rng.random() < 0.2, **roles))
    return Person(names=tuple(made))


def persons_of(seed: int, count: int) -> list[Person]:
    rng = random.Random(seed)
    return [person_of(rng) for _ in range(count)]


Sides = tuple[PreparedBatch, PreparedBatch, np.ndarray, np.ndarray, Relations]


def sides(left: list[Person], right: list[Person]) -> Sides:
    """Every pair of the two sides."""
    one, other = PREPARER.prepare(left), PREPARER.prepare(right)
    rows = np.divmod(np.arange(len(left) * len(right)), max(1, len(right)))
    return one, other, *rows, relate(one.tokens, other.tokens, sort_keys(other.tokens))


def assert_alike(both: Sides, policy: Policy = SHIPPED) -> compared.NameComparison:
    reference = compared._compare(*both, policy)
    native = compared._compare_natively(*both, policy)
    for field in fields(reference):
        one, other = getattr(native, field.name), getattr(reference, field.name)
        np.testing.assert_array_equal(one, other, field.name)
        assert one.dtype == other.dtype
    return reference


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1 << 32), st.integers(0, 8), st.integers(0, 8))
def test_names_with_slips_are_compared_alike(seed: int, left: int, right: int) -> None:
    assert_alike(sides(persons_of(seed, left), persons_of(seed + 1, right)))


def test_every_level_is_reached_and_told_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    rest = compared.compare_residues
    monkeypatch.setattr(compared, "_COMBOS_AT_ONCE", 700)
    both = sides(persons_of(1, 300), persons_of(2, 300))
    reference = compared._compare(*both, SHIPPED)
    monkeypatch.setattr(compared, "compare_residues", lambda *some: asked.append(len(some[2])) or rest(*some))
    native = compared._compare_natively(*both, SHIPPED)
    for field in fields(reference):
        np.testing.assert_array_equal(getattr(native, field.name), getattr(reference, field.name), field.name)
    assert {level.key for level in NAME_LEVELS} == {NAME_LEVELS[code].key for code in set(native.level.tolist())}
    assert asked, "letters that only Python knows must come up"
    assert max(asked) <= 700
    assert sum(asked) < len(both[2]) / 20, "and be few"
    assert native.weak.any()


@pytest.mark.parametrize(("seed", "asked", "listed"), [(1, 40, 400), (2, 1, 900), (3, 400, 40)])
def test_invented_people_are_compared_alike(seed: int, asked: int, listed: int) -> None:
    assert (assert_alike(sides(people(seed + 10, asked), people(seed, listed))).millibits > 0).any()


@pytest.mark.parametrize("seed", range(4))
def test_fitted_weights_count_alike(seed: int) -> None:
    weights = {
        **SHIPPED.weights,
        "name": np.random.default_rng(seed).integers(-9_000, 9_000, len(NAME_LEVELS), np.int32),
    }
    assert_alike(sides(persons_of(seed, 40), persons_of(seed + 9, 40)), Policy(weights, SHIPPED.frequencies))


def test_people_without_names_and_without_pairs_are_compared_alike() -> None:
    nobody = [Person(names=())] * 3
    assert (assert_alike(sides(nobody, persons_of(1, 3))).left_name == -1).all()
    assert_alike(sides(nobody, nobody))
    assert_alike(sides([], persons_of(1, 3)))


def test_names_of_many_long_parts_are_compared_alike() -> None:
    word = "abcdefghijklmnopqrst" * 40
    parts = [f"{word[at:]} {word[: at + 9]}" for at in range(9)]
    long = [
        Person(names=(Name(text=" ".join(some)),)) for some in (parts, parts[::-1], [word[1:], *parts[3:]], ["a"] * 30)
    ]
    assert_alike(sides(long, long))


def damaged(batch: PreparedBatch) -> dict[str, PreparedBatch]:
    def text(column: TextColumn) -> TextColumn:
        start = column.start.copy()
        start[1::2] = 1 << 40
        return TextColumn(start, column.data)

    def tokens(**columns: object) -> PreparedBatch:
        return replace(batch, tokens=replace(batch.tokens, **columns))

    far, below = np.full_like(batch.slot_token, 1 << 30), np.full_like(batch.slot_token, -1)
    return {
        "name": replace(batch, name_start=batch.name_start + 1000),
        "names backwards": replace(batch, name_start=batch.name_start[::-1].copy()),
        "slot": replace(batch, slot_start=batch.slot_start + 1000),
        "slot below nought": replace(batch, slot_start=batch.slot_start - 1),
        "too many slots": replace(batch, slot_start=np.array([0, *[len(batch.slot_token)] * len(batch.name_size)])),
        "token": replace(batch, slot_token=far),
        "token below nought": replace(batch, slot_token=below),
        "role": replace(batch, slot_role=np.full_like(batch.slot_role, 3)),
        "no part": replace(batch, slot_mask=np.zeros_like(batch.slot_mask)),
        "text of a name": replace(batch, name_text=text(batch.name_text)),
        "text of a token": tokens(plain=text(batch.tokens.plain)),
        "names too few": replace(batch, name_size=batch.name_size[:-1]),
        "slots too few": replace(batch, slot_role=batch.slot_role[:-1]),
        "tokens too few": tokens(consonants=batch.tokens.consonants[:-1]),
    }


@pytest.mark.parametrize("what", list(damaged(PREPARER.prepare(persons_of(1, 1)))))
def test_an_index_that_leads_astray_is_damage(what: str) -> None:
    left, right, *rows, relations = sides(persons_of(1, 20), persons_of(2, 20))
    with pytest.raises(StorageError, match="the index is damaged"):
        compared._compare_natively(left, damaged(right)[what], *rows, relations, SHIPPED)


def test_a_record_behind_the_last_is_damage() -> None:
    left, right, lefts, rights, relations = sides(persons_of(1, 3), persons_of(2, 3))
    for astray in (rights + 3, rights - 3):
        with pytest.raises(StorageError, match="outside of its column"):
            compared._compare_natively(left, right, lefts, astray, relations, SHIPPED)
