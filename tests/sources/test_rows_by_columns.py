"""Rows that are read together are read as each alone; people and registrations as columns are those people."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpursuit.records import Registration
from netpursuit.records.columns import Coded, PersonColumns
from netpursuit.sources.registrations import open_registrations
from netpursuit.sources.registrations.reader import RegistrationFile
from tests.sources.test_registrations import FEED

CELLS = {
    "registration_id": ("R1", "R2", "", "不详"),
    "name": ("Li Wei", "王伟", "", "N/A", " Anna   Maria "),
    "native_name": ("", "李伟", "Li Wei", "无"),
    "aliases": ("", "Bob; Rob", "小李,老李", "王伟"),
    "birth_date": ("1985-04-03", "", "1985", "31", "no date", "0000-00-00"),
    "id_number": ("", "11010519491231002X", "'110105194912310000", "3.60102E+17", "E12345678"),
    "id_type": ("", "护照", "居民身份证"),
    "nationality": ("", "中国", "US|CN"),
    "phone": ("", "13800138000, 010-123456"),
    "person_id": ("", "P1"),
    "registered_address": ("", "Main St 5"),
    "address": ("", "Park Rd 7"),
    "unit_code": ("", "U7"),
    "stay_kind": ("", "hotel", "租赁"),
    "start_date": ("2026-06-01", "", "soon", "2026"),
    "end_date": ("", "2026-07-01", "later"),
    "role": ("", "tenant", "房东", "妻子", "owner?"),
}
OF_PERSONS = ("name", "native_name", "birth_date", "id_number", "nationality", "phone", "person_id")
PREFIXES = ("co_tenant_1_", "co_tenant_2_", "occupant_1_", "landlord_")
COLUMNS = (*CELLS, *(prefix + field for prefix in PREFIXES for field in OF_PERSONS))


def cells_of(column: str) -> tuple[str, ...]:
    for prefix in PREFIXES:
        column = column.removeprefix(prefix)
    return CELLS[column]


TABLES = st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True).flatmap(
    lambda columns: st.tuples(
        st.just(["name", *(column for column in columns if column != "name")]),
        st.lists(
            st.tuples(
                st.sampled_from(CELLS["name"]),
                *(st.sampled_from(cells_of(column)) for column in columns if column != "name"),
            ),
            max_size=8,
        ),
    )
)
Table = tuple[list[str], list[tuple[str, ...]]]


def register_of(folder: Path, table: Table) -> RegistrationFile:
    columns, rows = table
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*columns, "nothing"])
        writer.writerows([*row, "0"] for row in rows)
    return open_registrations(folder / "rows.csv", FEED)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(table=TABLES)
def test_rows_read_together_are_those_read_alone(tmp_path: Path, table: Table) -> None:
    register = register_of(tmp_path, table)
    rows = list(register.raw())

    together = register.reader(rows)

    assert together == [record for row in rows for record in register.reader([row])]
    assert len(together) == len(rows)
    assert register.reader(list(register.blocks())) == together


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(table=TABLES)
def test_columns_of_rows_say_what_their_registrations_say(tmp_path: Path, table: Table) -> None:
    register = register_of(tmp_path, table)
    rows = list(register.raw())

    read = register.reader.columns(rows)

    made = {row: record for row, record in enumerate(read.records()) if isinstance(record, Registration)}
    assert read.rows.tolist() == list(made)
    assert set(read.rejected) == set(range(len(rows))) - set(made)
    assert read.lines.tolist() == [record.line for record in made.values()]
    people = [someone for record in made.values() for someone in record.persons]
    assert [last - first for first, last in pairwise(read.person_start.tolist())] == [
        len(record.persons) for record in made.values()
    ]
    assert list(read.persons.people) == [someone.person for someone in people]
    assert read.persons.truncated_numbers().tolist() == [someone.truncated_numbers for someone in people]
    some = np.arange(len(people))[::-2]
    assert [read.persons.pick(some).person(at) for at in range(len(some))] == [people[at] for at in some.tolist()]


def test_several_of_one_role_are_counted(tmp_path: Path) -> None:
    columns = ["role", "name", "co_tenant_1_name", "co_tenant_2_name", "landlord_name", "landlord_phone"]
    rows = [
        ("co-tenant", "Li Wei", "Li Na", "Li Hua", "", ""),
        ("tenant", "Li Wei", "", "Li Hua", "", "13800138000"),
        ("landlord", "", "", "", "Li Da", ""),
    ]
    first, second, third = register_of(tmp_path, (columns, rows)).read()
    assert isinstance(first, Registration)
    assert isinstance(second, Registration)
    assert isinstance(third, Registration)
    assert [(one.role.value, one.position) for one in first.persons] == [("co-tenant", at) for at in range(3)]
    assert [(one.role.value, one.position) for one in second.persons] == [("tenant", 0), ("co-tenant", 0)]
    assert [(one.role.value, one.column) for one in second.unnamed] == [("landlord", "landlord_name")]
    assert [(one.role.value, one.position) for one in third.persons] == [("landlord", 0)]
    assert [one.role.value for one in third.unnamed] == ["landlord"]


@given(
    st.lists(st.lists(st.sampled_from("abcd"), max_size=6), min_size=1, max_size=4),
    st.booleans(),
    st.data(),
)
def test_a_column_of_codes_is_its_rows(parts: list[list[str]], plain: bool, data: st.DataObject) -> None:
    columns = [Coded(part) if plain and at % 2 else Coded.of(part) for at, part in enumerate(parts)]
    rows = [value for part in parts for value in part]

    joined = Coded.joined(columns)

    assert len(joined) == len(rows)
    assert list(joined.rows()) == rows == [joined[at] for at in range(len(rows))]
    assert list(joined.map(str.upper).rows()) == [value.upper() for value in rows]
    assert joined.array(np.array(list(joined.values))).tolist() == rows
    chosen = data.draw(st.lists(st.sampled_from(range(len(rows))), max_size=8)) if rows else []
    picked = joined.pick(np.array(chosen, np.int64))
    assert list(picked.rows()) == [rows[at] for at in chosen]
    if picked.codes is not None:
        assert list(dict.fromkeys(picked.codes.tolist())) == list(range(len(picked.values)))


def test_people_as_columns_are_a_sequence_of_people(tmp_path: Path) -> None:
    rows = [("Li Wei", "1985"), ("王伟", ""), ("Li Wei", "1985-04-03")]
    register = register_of(tmp_path, (["name", "birth_date"], rows))
    people = register.reader.columns(list(register.raw())).persons.people
    plain: Sequence[object] = list(people)
    assert len(plain) == len(people) == 3
    assert people[-1] == plain[2]
    assert list(people[1:]) == plain[1:]
    assert people[:] is people
    assert list(PersonColumns.of(plain)) == plain  # type: ignore[arg-type]
