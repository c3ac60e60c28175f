"""What must hold of every score: the evidence is a sum, and agreement never speaks against anybody."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpursuit.match import compare, compare_all, measure_all
from netpursuit.policy.weights import band_of
from netpursuit.records import Band, Document, DocumentKind, Name, PartialDate, Person, Sex

NAMES = (
    *(
        "张伟",
        "張偉",
        "欧阳志远",
        "Zhang Wei",
        "Ouyang Zhiyuan",
        "买买提·艾力",
        "扎西多吉",
        "Tashi Dorje",
        "김민수",
        "Kim Min-su",
    ),
    *(
        "Иванов Иван Петрович",
        "Ivan Ivanov",
        "Maria Lopez Garcia",
        "محمد الدليمي",
        "Muhammad al-Dulaimi",
        "Ng",
        "A. B. C.",
    ),
    *(
        "Zoltan Quarrington",
        "Zoltan Quarington",
        "QUARRINGTON, Zoltan",
        "Sukarno",
        "Nguyễn Văn Hải",
        "Τσίπρας",
        "やまだ たろう",
    ),
)
names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(lambda texts: tuple(Name(text=t) for t in texts))
dates = st.builds(
    PartialDate,
    year=st.integers(1950, 1960),
    month=st.one_of(st.none(), st.integers(1, 12)),
).flatmap(
    lambda date: st.just(date) if date.month is None else st.integers(1, 28).map(lambda day: replace(date, day=day))
)
numbers = st.sampled_from(("990101198503040010", "990101850304001", "99010119850304001O", "880202198503041234"))
persons = st.builds(
    Person,
    names=names,
    birth_dates=st.one_of(st.just(()), dates.map(lambda date: (date,))),
    sex=st.sampled_from((None, Sex.MALE, Sex.FEMALE)),
    documents=st.one_of(
        st.just(()),
        numbers.map(lambda number: (Document(number=number, kind=DocumentKind.NATIONAL_ID, country="CN"),)),
    ),
    phones=st.sampled_from(((), ("+8613800138000",), ("+8613800138001",))),
    emails=st.sampled_from(((), ("zq@example.org",))),
)
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(persons, persons)
def test_both_sides_are_alike_and_the_evidence_is_the_sum(left: Person, right: Person) -> None:
    match, turned = compare(left, right), compare(right, left)
    assert (match.millibits, match.band) == (turned.millibits, turned.band)
    assert sum(item.millibits for item in match.evidence) == match.millibits
    assert match.band <= band_of(match.millibits), "a cap only lowers"
    assert match.capped or match.band is band_of(match.millibits)


@often
@given(st.lists(st.tuples(persons, persons), min_size=1, max_size=6))
def test_pairs_scored_together_score_as_each_by_itself(pairs: list[tuple[Person, Person]]) -> None:
    together = [match.millibits for match in compare_all(pairs)]
    assert together == [compare(*pair).millibits for pair in pairs]
    assert measure_all(pairs).total.tolist() == together


@often
@given(names, names)
def test_names_alone_never_exceed_weak(left: tuple[Name, ...], right: tuple[Name, ...]) -> None:
    assert compare(Person(names=left), Person(names=right)).band <= Band.WEAK


@often
@given(persons, persons, dates)
def test_what_one_side_does_not_state_changes_nothing(left: Person, right: Person, date: PartialDate) -> None:
    left, right = replace(left, birth_dates=(), documents=()), replace(right, birth_dates=(), documents=())
    assert compare(left, right).millibits == compare(replace(left, birth_dates=(date,)), right).millibits


@often
@given(persons, persons)
def test_another_sex_never_raises_and_the_same_never_lowers(left: Person, right: Person) -> None:
    left, right = replace(left, sex=Sex.MALE, documents=()), replace(right, documents=())
    unknown, same, other = (compare(left, replace(right, sex=sex)) for sex in (None, Sex.MALE, Sex.FEMALE))
    assert other.millibits <= unknown.millibits <= same.millibits


@often
@given(persons, persons)
def test_the_order_of_aliases_changes_nothing(left: Person, right: Person) -> None:
    turned = replace(left, names=tuple(reversed(left.names)))
    assert compare(left, right).millibits == compare(turned, right).millibits


@often
@given(persons, persons)
def test_nobody_is_nearer_to_another_than_to_a_copy_by_name(left: Person, right: Person) -> None:
    one, other = Person(names=left.names[:1]), Person(names=right.names[:1])
    assert compare(one, other).millibits <= max(compare(one, one).millibits, compare(other, other).millibits)
