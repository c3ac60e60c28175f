"""The Denied Persons List has no type, no id and no date; every row is still an entry or a rejection."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from netpursuit.errors import InputError
from netpursuit.policy.standing import is_expired
from netpursuit.records import Entry, EntryKind, Rejected
from netpursuit.sources.lists.bis import BisReader, is_organisation


@pytest.fixture(scope="module")
def items(fixtures: Path) -> list[object]:
    return list(BisReader().read([fixtures / "lists" / "bis.txt"]))


def entry(items: list[object], name: str) -> Entry:
    return next(item for item in items if isinstance(item, Entry) and item.person.names[0].text == name)


def test_rows_without_a_word_of_an_organisation_are_unstated(items: list[object]) -> None:
    kinds = {item.person.names[0].text: item.kind for item in items if isinstance(item, Entry)}
    assert kinds == {
        "HARLAN P. WEXFORD": EntryKind.UNSTATED,
        "WEXFORD AVIONICS TRADING FZE": EntryKind.ORGANISATION,
        "COTTER S.A.": EntryKind.ORGANISATION,
        "LIN MEI": EntryKind.UNSTATED,
        "VERA INCARDONA": EntryKind.UNSTATED,
    }


@pytest.mark.parametrize("name", ["JIN, ZHONGDA", "CORALIE INCARDONA", "LIMIT SINGH", "CO NGUYEN", "SA NA"])
def test_names_that_only_look_like_companies_are_people(name: str) -> None:
    assert not is_organisation(name)


@pytest.mark.parametrize("name", ["AQUA-LOOP, CO.", "ELMONT AG", "YARRA ANSTALT A.G.", "AL NASER AIRLINES"])
def test_words_of_organisations_decide(name: str) -> None:
    assert is_organisation(name)


def test_an_alias_within_the_name_is_a_name_of_its_own(items: list[object]) -> None:
    assert [name.text for name in entry(items, "LIN MEI").person.names] == ["LIN MEI", "MAY LIN"]


def test_a_denial_order_stops_matching_after_its_expiration(items: list[object]) -> None:
    wexford = entry(items, "HARLAN P. WEXFORD")
    assert wexford.listed_on == date(2017, 10, 16)
    assert not is_expired(wexford, date(2027, 10, 13))
    assert is_expired(wexford, date(2027, 10, 14))
    assert not is_expired(entry(items, "COTTER S.A."), date(2099, 1, 1))


def test_addresses_keep_their_parts(items: list[object]) -> None:
    [address] = entry(items, "HARLAN P. WEXFORD").person.addresses
    assert (address.text, address.city, address.region, address.postcode, address.country) == (
        *("12 ELM ROAD, SALEM, OR, 97301, US", "SALEM", "OR", "97301", "US"),
    )


def test_bad_rows_are_rejected_by_line_and_an_open_quote_breaks_only_its_own(items: list[object]) -> None:
    rejected = [(item.line, item.column, item.reason) for item in items if isinstance(item, Rejected)]
    assert rejected == [
        (6, "effective_date", "entry-bad-date"),
        (7, "", "entry-bad-row"),
        (8, "", "entry-bad-row"),
    ]
    assert len(items) == 9


def test_ids_are_stable_and_a_repeated_row_keeps_its_own(items: list[object], fixtures: Path, tmp_path: Path) -> None:
    ids = [item.entry_id for item in items if isinstance(item, Entry)]
    assert len(set(ids)) == len(ids)
    lines = (fixtures / "lists" / "bis.txt").read_text(encoding="utf-8").splitlines()
    shorter = tmp_path / "dpl.txt"
    shorter.write_text("\n".join([lines[0], lines[2].replace("2017-10-23", "2020-01-01")]), encoding="utf-8")
    [changed] = BisReader().read([shorter])
    assert isinstance(changed, Entry)
    assert changed.entry_id == entry(items, "WEXFORD AVIONICS TRADING FZE").entry_id


def test_another_table_is_not_the_denied_persons_list(fixtures: Path) -> None:
    assert BisReader().recognises([fixtures / "lists" / "bis.txt"])
    with pytest.raises(InputError, match="columns are missing"):
        BisReader().header([fixtures / "lists" / "own.csv"])
