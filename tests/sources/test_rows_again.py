"""Every row that a table gives is found again by its place, whatever its text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netpursuit.sources.tables import line_starts, open_table, rows_at

# What parts cells, rows and quotes, in any order; characters of one to four bytes.
TEXT = st.text(alphabet='ab ",\n\r;\t汉é\U0001f600', max_size=200)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rows") / "t.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@given(text=TEXT)
@example(text='x,"a\n"b"\r\nc,d\n"e,f')
@example(text="\r\r\n\na,b\rc,d\r")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_row_of_a_text_table_is_found_at_its_place(place: Path, encoding: str, text: str) -> None:
    place.write_bytes(f"name,address\r\n张,伟\n{text}".encode(encoding))
    table = open_table(place, encoding=encoding)
    starts = line_starts(table)
    assert starts is not None
    rows = list(table.rows())
    for row in rows:
        assert list(rows_at(table, [(row.line, int(starts[row.line - 1]))])) == [row]
    places = [(row.line, int(starts[row.line - 1])) for row in rows]
    assert list(rows_at(table, places)) == rows


@given(rows=st.lists(st.dictionaries(st.sampled_from(["name", "unit", "n"]), st.text(max_size=8) | st.integers())))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_row_of_json_lines_is_found_at_its_place(place: Path, rows: list[dict[str, object]]) -> None:
    lines = ['{"name": "x", "unit": "1"}', *(json.dumps(row) for row in rows), "{broken"]
    place.write_text("\n".join(lines), encoding="utf-8")
    table = open_table(place, format="jsonl")
    starts = line_starts(table)
    assert starts is not None
    for row in table.rows():
        assert list(rows_at(table, [(row.line, int(starts[row.line - 1]))])) == [row]


def test_lines_across_blocks_are_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netpursuit.sources.tables.places._BLOCK", 7)
    place.write_bytes(b"name,address\r\na,b\rc,d\r\ne,f\n\rg,h\r")
    table = open_table(place)
    starts = line_starts(table)
    assert starts is not None
    rows = list(table.rows())
    assert len(rows) == 4
    assert list(rows_at(table, [(row.line, int(starts[row.line - 1])) for row in rows])) == rows


def test_rows_that_bytes_do_not_tell_are_read_through(place: Path) -> None:
    place.write_bytes("name,address\n张,a\n伟,b\n李,c\n".encode("utf-16"))
    table = open_table(place)
    assert line_starts(table) is None
    assert [row.line for row in rows_at(table, [(4, -1), (2, -1)])] == [2, 4]
    assert list(rows_at(table, [])) == []
