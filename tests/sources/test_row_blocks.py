"""Rows that travel in blocks are the rows of the file: the same cells, lines, rejections, chunks and bytes."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netpursuit.audit.row_form import canonical_row
from netpursuit.ports.blocks import Block
from netpursuit.records import Feed, Rejected
from netpursuit.screening.intake import raw_chunks
from netpursuit.sources.registrations import feed_file, open_registrations
from netpursuit.sources.registrations.canonical import canonical_rows
from netpursuit.sources.registrations.reader import RegistrationFile
from netpursuit.sources.tables import Row, TextTable, delimited, open_table

HEADERS = ("registration_id", "name", "birth_date")
FEED = """\
feed_id = "test"
legal_basis = "A test"
area = "Nowhere"
period_from = 2026-01-01
period_to = 2026-12-31
purpose = "Testing"
screened_roles = ["tenant"]
time_zone = "UTC"
expires_on = 2036-01-01
country = ""
format = "csv"
encoding = "{encoding}"
date_order = "ymd"
"""
# What stands in the way of a block, and what only looks as if it did.
_SPACE = ["", " ", "\u3000", "\n", "\r", "\r\n", "\x0b", "\x85", "\u2028", "\x1a"]
_QUOTED = ['"', '""', '","', '"\n', '5" pipe', '"x, y"', '"x""y"', '"\n"', 'a"b"c', '"a"b']
ODD = st.sampled_from([*_SPACE, *_QUOTED, ",", "\0", "\ufffd", "\udcff", "Li", "李", "é" * 9, "3.4.1985", "x" * 70])
PLAIN = st.sampled_from(["Li Wei", "李伟", "", " ", "1985-04-03", "1985", "不详", '"Smith, John"', '"Li ""Wei"""', "?"])
ROW = st.one_of(
    st.lists(PLAIN, min_size=3, max_size=3).map(",".join),
    st.lists(PLAIN, min_size=3, max_size=3).map(lambda cells: ",".join(cells) + ",,"),
    st.lists(ODD, max_size=6).map(",".join),
    st.lists(ODD, max_size=6).map("".join),
)
TEXTS = st.tuples(st.lists(ROW, max_size=30), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans()).map(
    lambda parts: parts[1].join(parts[0]) + parts[1] * parts[2]
)


def in_rows(items: Iterable[Any]) -> Iterator[Row | Rejected]:
    """The rows of blocks, and what stands between them."""
    for item in items:
        if isinstance(item, Block):
            for place, line in enumerate(item.lines):
                yield Row(line, {name: item.column(name)[place] for name in item.names})
        else:
            yield item


def table_of(path: Path, text: str, encoding: str = "utf-8") -> TextTable:
    path.write_bytes(text.encode(encoding, "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"))
    table = open_table(path, format="csv", encoding=encoding, header_words=frozenset(HEADERS))
    assert isinstance(table, TextTable)
    return table


def register_of(folder: Path, text: str) -> RegistrationFile:
    path = folder / "rows.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return open_registrations(path, feed(folder))


def feed(folder: Path) -> Feed:
    (folder / "feed.toml").write_text(FEED.format(encoding="utf-8"), encoding="utf-8")
    return feed_file.read_feed(folder / "feed.toml")


def header(delimiter: str = ",") -> str:
    return delimiter.join(HEADERS) + "\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=TEXTS,
    block=st.sampled_from([1, 5, 30, 80, 1 << 16]),
    line_limit=st.sampled_from([40, 1 << 20]),
    encoding=st.sampled_from(["utf-8", "utf-16-le", "gb18030"]),
)
@example(text="a,b,c\n" * 9 + 'x,"y,z\n' + "a,b,c\n" * 9, block=30, line_limit=1 << 20, encoding="utf-8")
@example(text="a," + "x" * 36 + ",c\n", block=1 << 16, line_limit=1 << 20, encoding="utf-8")
@example(text='a,"b"c",d\nf,g,h\n', block=1 << 16, line_limit=1 << 20, encoding="utf-8")
@example(text='a,b"c"d,"e\nf,g,h\n', block=1 << 16, line_limit=1 << 20, encoding="utf-8")
@example(text='a,b"c,"d', block=1 << 16, line_limit=1 << 20, encoding="utf-8")
def test_blocks_hold_the_rows_of_the_file(
    tmp_path: Path, text: str, block: int, line_limit: int, encoding: str
) -> None:
    if encoding == "gb18030":
        text = text.replace("\udcff", "")
    table = table_of(tmp_path / "rows.csv", header() + text, encoding)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delimited, "BLOCK_CHARACTERS", block)
        patched.setattr(delimited, "LINE_LIMIT", line_limit)
        patched.setattr(delimited, "FIELD_LIMIT", 35)
        assert list(in_rows(table.blocks())) == list(table.rows())


def test_half_a_character_at_the_end_costs_only_its_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes((header() + "1,Li Wei,1985\n2,Wang\ufffd,1985\n3,Li Na,198").encode("utf-16-le") + b"5")
    table = open_table(path, format="csv", encoding="utf-16-le", header_words=frozenset(HEADERS))
    assert isinstance(table, TextTable)
    assert list(in_rows(table.blocks())) == list(table.rows())
    assert [type(row) for row in table.rows()] == [Row, Rejected, Rejected]


def test_plain_rows_come_in_blocks(tmp_path: Path) -> None:
    rows = "".join(f'{number},"Li, Wei {number}",1985-04-03,,\r\n' for number in range(5_000))
    pieces = list(table_of(tmp_path / "rows.csv", header() + rows).blocks())
    assert all(isinstance(piece, Block) for piece in pieces)
    assert len(pieces) < 10


def test_a_row_out_of_the_way_costs_only_its_own_block(tmp_path: Path) -> None:
    rows = [f"{number},Li Wei,1985-04-03\n" for number in range(20_000)]
    rows[7_000] = 'x,"Li\nWei",1985-04-03\n'
    pieces = list(table_of(tmp_path / "rows.csv", header() + "".join(rows)).blocks())
    assert sum(isinstance(piece, Row) for piece in pieces) < 4_000
    assert [row.line for row in in_rows(pieces)] == [*range(2, 7_003), *range(7_004, 20_003)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS, size=st.integers(1, 12), done=st.integers(0, 30))
def test_chunks_of_blocks_hold_the_same_rows(tmp_path: Path, text: str, size: int, done: int) -> None:
    register = register_of(tmp_path, header() + text)
    alone = list(raw_chunks(register.raw(), size=size, done=done))
    together = list(raw_chunks(register.blocks(), size=size, done=done))
    assert [(chunk.rows_done, chunk.again) for chunk in together] == [(chunk.rows_done, chunk.again) for chunk in alone]
    for one, other in zip(alone, together, strict=True):
        sent: Sequence[Any] = pickle.loads(pickle.dumps(other)).rows
        assert list(in_rows(sent)) == one.rows
        assert register.reader(sent) == register.reader(one.rows)
        assert register.canonical(sent) == register.canonical(one.rows)


@given(st.lists(st.tuples(*[st.text(st.characters(exclude_characters="\0"))] * 4), min_size=1))
def test_the_bytes_of_a_block_are_those_of_its_rows(rows: list[tuple[str, ...]]) -> None:
    names = ("name", " note", "民族", "Birth  date")
    block = Block(range(2, 2 + len(rows)), names, tuple(zip(*rows, strict=True)))
    kept = [{name: cell for name, cell in zip(names, row, strict=True) if name != "民族"} for row in rows]
    assert canonical_rows([block]) == list(map(canonical_row, kept))
