"""What an investigator expects of a match."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from netpursuit.errors import StorageError
from netpursuit.index.compiled import _arrays, open_list
from netpursuit.match import Matcher, compare, compile_index, index_key
from netpursuit.records import (
    Address,
    AddressKind,
    Band,
    Document,
    Entry,
    EntryKey,
    EntryKind,
    Match,
    Name,
    PartialDate,
    Person,
    Sex,
    SourceRef,
)
from tests.matching.test_renewal import MemoryLists

NUMBER = "990101198503040010"  # a region that was never issued


def person(*names: str, born: str = "", number: str = "", weak: tuple[str, ...] = (), **more: object) -> Person:
    parts = [int(part) for part in born.split("-")] if born else []
    dates = (PartialDate(**dict(zip(("year", "month", "day"), parts, strict=False))),) if parts else ()
    return Person(
        names=(*(Name(text=name) for name in names), *(Name(text=name, weak=True) for name in weak)),
        birth_dates=dates,
        documents=(Document(number=number, country="CN"),) if number else (),
        **more,  # type: ignore[arg-type]
    )


def entry(entry_id: str, who: Person, kind: EntryKind = EntryKind.PERSON) -> tuple[str, Entry]:
    return "wanted", Entry(entry_id=entry_id, kind=kind, person=who, source=SourceRef(file="w.csv", line=1))


def key(entry_id: str) -> EntryKey:
    return EntryKey(list_id="wanted", entry_id=entry_id)


def field(match: Match, name: str) -> tuple[str, int]:
    item = next(item for item in match.evidence if item.field == name)
    return item.level, item.millibits


@pytest.fixture(scope="module")
def entries() -> list[tuple[str, Entry]]:
    return [
        entry("1", person("欧阳志远", "Ouyang Zhiyuan", born="1985-03-04", number=NUMBER)),
        entry("2", person("Bakhtiyar Qasimzadeh", born="1971-11-23")),
        entry("3", person("张伟", born="1990-01-15")),
        entry("4", person("Anatoliy Grishchenkov", weak=("Falcon",), born="1966-06-06", sex=Sex.MALE)),
        entry("5", person("Acme Trading"), EntryKind.ORGANISATION),
        entry("6", person("Soraya Winterbourne", addresses=(Address(text="Flat 3, 12 Mill Lane, Oxford"),))),
    ]


@pytest.fixture(scope="module")
def matcher(entries: list[tuple[str, Entry]]) -> Matcher:
    return Matcher.over(entries)


def best(matcher: Matcher, who: Person) -> Match | None:
    found = matcher.match([who])[0].matches
    return found[0] if found else None


@pytest.mark.parametrize(
    ("asked", "entry_id"),
    [
        (person("歐陽志遠", born="1985-03-04"), "1"),
        (person("Ou Yang Zhi Yuan", born="1985-03-04"), "1"),
        (person("Zhiyuan Ouyang", born="1985-03-04"), "1"),
        (person("Bakhtiar Qasimzadeh", born="1971-11-23"), "2"),
        (person("Qasimzadeh Bakhtiyar", born="1971-11-23"), "2"),
        (person("Wei ZHANG", born="1990-01-15"), "3"),
        (person("Анатолий Грищенков", born="1966-06-06"), "4"),
        (person("Somebody Else", number="990101198503040015"), "1"),
        (person("欧阳志远", number="990101********0010"), "1"),
    ],
)
def test_listed_people_are_found_first(matcher: Matcher, asked: Person, entry_id: str) -> None:
    match = best(matcher, asked)
    assert match is not None
    assert match.key == key(entry_id)


def test_a_rare_name_alone_is_weak_and_says_why(matcher: Matcher) -> None:
    match = best(matcher, person("Bakhtiyar Qasimzadeh"))
    assert match is not None
    assert match.band is Band.WEAK
    assert match.capped == "names alone"
    assert match.probability > 0.3, "the probability stays what it is"


def test_a_common_name_alone_is_not_even_weak() -> None:
    crowd = [entry(str(row), person("张伟", born=f"19{row % 60 + 30}-05-{row % 27 + 1:02d}")) for row in range(2_000)]
    assert Matcher.over(crowd).match([person("张伟")])[0].matches == ()


def test_sex_nationality_and_city_never_lift_the_cap(matcher: Matcher) -> None:
    match = best(matcher, person("Anatoliy Grishchenkov", sex=Sex.MALE, nationalities=("RU",)))
    assert match is not None
    assert match.band is Band.WEAK


def test_a_weak_alias_carries_half() -> None:
    strong = compare(person("Zebulon Falconer"), person("Zebulon Falconer"))
    weak = compare(person("Zebulon Falconer"), person(weak=("Zebulon Falconer",)))
    assert field(weak, "name")[1] == field(strong, "name")[1] // 2


def test_another_birth_year_speaks_against() -> None:
    same = compare(person("Ivan Petrenko", born="1980-05-05"), person("Ivan Petrenko", born="1980-05-05"))
    other = compare(person("Ivan Petrenko", born="1980-05-05"), person("Ivan Petrenko", born="1955-02-19"))
    assert same.millibits - other.millibits > 15_000


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1985-03-04", "1985-03-04", "same-day"),
        ("1985-03-04", "1985-04-03", "day-month-swapped"),
        ("1985-03-04", "1985-03", "same-month"),
        ("1985-03-04", "1985", "same-year"),
        ("1985-03-04", "1985-03-05", "one-digit"),
        ("1985-03-04", "1986-03-04", "year-off-by-one"),
        ("1985-01-01", "1985-01-01", "same-day-conventional"),
        ("1985-03-04", "1985-11-28", "same-year-other-day"),
        ("1985-03-04", "1991-11-28", "differs"),
        ("1985-03-04", "1953-11-28", "differs-widely"),
    ],
)
def test_birth_dates_are_compared_as_precisely_as_they_are_stated(one: str, other: str, level: str) -> None:
    assert field(compare(person("A B", born=one), person("A B", born=other)), "birth-date")[0] == level


def test_what_a_number_holds_is_counted_once() -> None:
    match = compare(person("李娜", number=NUMBER), person("李娜", number=NUMBER))
    assert field(match, "birth-date") == ("in-number", 0)
    assert field(match, "sex") == ("in-number", 0)


def test_the_same_number_with_another_name_is_a_level_of_its_own() -> None:
    match = compare(person("欧阳志远", number=NUMBER), person("王芳", number=NUMBER))
    assert field(match, "document")[0] == "same-other-name"
    assert match.band is not Band.STRONG


def test_fifteen_and_eighteen_digits_are_one_number() -> None:
    level, bits = field(compare(person("李娜", number="990101850304001"), person("李娜", number=NUMBER)), "document")
    assert level == "same-other-form"
    assert bits > 20_000


def test_missing_is_neither_agreement_nor_disagreement() -> None:
    match = compare(person("Ivan Petrenko", born="1980-05-05"), person("Ivan Petrenko"))
    assert field(match, "birth-date") == ("not-compared", 0)


def test_the_waterfall_adds_up_to_the_thousandth(matcher: Matcher) -> None:
    match = best(matcher, person("Bakhtiar Qasimzadeh", born="1971-11-23"))
    assert match is not None
    assert sum(item.millibits for item in match.evidence) == match.millibits


def test_siblings_are_not_strong_on_names() -> None:
    match = compare(person("张建国", born="1980-05-05"), person("张建军", born="1983-09-17"))
    assert match.band < Band.POSSIBLE


def test_organisations_are_never_matched(matcher: Matcher) -> None:
    assert best(matcher, person("Acme Trading")) is None


def test_held_out_entries_do_not_match(matcher: Matcher) -> None:
    asked = person("Bakhtiyar Qasimzadeh", born="1971-11-23")
    assert matcher.match([asked], held_out=frozenset([key("2")]))[0].matches == ()


def test_registered_and_residence_addresses_are_not_compared() -> None:
    home = Address(text="Flat 3, 12 Mill Lane, Oxford", kind=AddressKind.REGISTERED)
    stay = Address(text="Flat 3, 12 Mill Lane, Oxford", kind=AddressKind.RESIDENCE)
    match = compare(person("A B", addresses=(home,)), person("A B", addresses=(stay,)))
    assert field(match, "address")[0] == "not-compared"


@pytest.mark.parametrize(
    ("other", "level"),
    [
        ("12 Kensington Church Street, Manchester", "other"),
        ("12 Nevski Prospekt Avenue, Birminghan", "similar"),
        ("12 Nevsky Prospekt Avenue, Manchester", "other"),
    ],
)
def test_an_address_of_the_same_number_is_a_slip_of_another_only_where_they_are_near(other: str, level: str) -> None:
    one, other_one = (Address(text=text) for text in ("12 Nevsky Prospekt Avenue, Birmingham", other))
    match = compare(person("A B", addresses=(one,)), person("A B", addresses=(other_one,)))
    assert field(match, "address")[0] == level


def test_the_same_flat_is_found_and_lifts_the_cap(matcher: Matcher) -> None:
    match = best(matcher, person("Soraya Winterbourne", addresses=(Address(text="12 Mill Lane, Flat 3, Oxford"),)))
    assert match is not None
    assert field(match, "address")[0] == "same-unit"
    assert match.band > Band.WEAK


def test_an_index_on_disk_answers_as_one_in_memory(
    entries: list[tuple[str, Entry]], matcher: Matcher, tmp_path: Path
) -> None:
    assert compile_index(MemoryLists(entries), tmp_path / "index") == 5
    opened = Matcher.opened(tmp_path / "index")
    asked = [person("Wei Zhang", born="1990-01-15"), person("歐陽志遠"), person("nobody at all")]
    assert opened.match(asked) == matcher.match(asked)
    assert pickle.loads(pickle.dumps(opened)).match(asked) == matcher.match(asked)
    assert opened.policy_version == matcher.policy_version


def test_a_damaged_index_is_noticed(entries: list[tuple[str, Entry]], tmp_path: Path) -> None:
    compile_index(MemoryLists(entries), tmp_path / "index")
    (tmp_path / "index" / "posting_record.npy").unlink()
    with pytest.raises(StorageError, match="damaged"):
        Matcher.opened(tmp_path / "index")


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"x" * 200])
def test_an_array_that_is_none_is_noticed(entries: list[tuple[str, Entry]], tmp_path: Path, content: bytes) -> None:
    compile_index(MemoryLists(entries), tmp_path / "index")
    (tmp_path / "index" / "list_id.data.npy").write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        Matcher.opened(tmp_path / "index")


@pytest.mark.parametrize("name", ["parts", "batch.address_parts", "batch.tokens.rarity", "days.hash"])
def test_an_array_of_another_size_is_noticed(entries: list[tuple[str, Entry]], tmp_path: Path, name: str) -> None:
    compile_index(MemoryLists(entries), tmp_path / "index")
    file = tmp_path / "index" / f"{name}.npy"
    content = file.read_bytes()
    for wrong in (content[:-1], content + b"\0", content[:80]):
        file.write_bytes(wrong)
        with pytest.raises(StorageError, match=f"damaged: {name}.npy"):
            Matcher.opened(tmp_path / "index")


def test_a_mapped_array_is_the_one_that_numpy_reads(entries: list[tuple[str, Entry]], tmp_path: Path) -> None:
    compile_index(MemoryLists(entries), tmp_path / "index")
    opened = _arrays(open_list(tmp_path / "index"))
    for name, array in opened.items():
        read = np.load(tmp_path / "index" / f"{name}.npy", allow_pickle=False)
        assert (array.dtype, array.shape) == (read.dtype, read.shape), name
        assert array.tobytes() == read.tobytes(), name
        assert not array.size or not array.flags.writeable, name


def test_the_index_key_depends_on_the_versions() -> None:
    assert index_key([("a", "1"), ("b", "2")]) == index_key([("b", "2"), ("a", "1")])
    assert index_key([("a", "1")]) != index_key([("a", "2")])


def test_explaining_answers_for_an_entry_below_every_band(matcher: Matcher) -> None:
    match = matcher.explain(person("John Brown", born="1950-12-12"), key("2"))
    assert match is not None
    assert match.band is Band.NONE
    assert matcher.explain(person("John Brown"), key("99")) is None


def test_nobody_and_empty_lists_are_answered() -> None:
    assert Matcher.over([]).match([person("John Brown"), Person()])[0].matches == ()
    assert compare(Person(), Person()).millibits == -10_000


def test_hostile_names_stay_bounded(matcher: Matcher) -> None:
    found = matcher.match([person("A " * 5_000), person("伟" * 20_000), person("\u202e\x00‮"), person("张伟" * 3)])
    assert len(found) == 4
