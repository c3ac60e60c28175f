"""Node and edge tables: which column is what, types of values, days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from netpursuit.errors import InputError
from netpursuit.policy.labels import names_group, names_place
from netpursuit.sources.graph_tables import open_graph_tables
from netpursuit.sources.graph_tables.layout import Column, lay_out, name_of_file
from netpursuit.sources.graph_tables.values import expected_of, is_day_first, to_day

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


def test_neo4j_headers() -> None:
    columns = (
        "personId:ID(Person)",
        "name",
        "age:int",
        "tags:string[]",
        "x:IGNORE",
        ":LABEL",
        "at:point{crs:WGS-84}",
    )
    layout = lay_out(columns, "x", "x.csv")
    assert (layout.edges, layout.ids, layout.kind) == (False, (("personId:ID(Person)", "Person"),), ":LABEL")
    assert [(column.name, column.type, column.array) for column in layout.properties] == [
        ("personId", "", False),
        ("name", "", False),
        ("age", "int", False),
        ("tags", "string", True),
        ("at", "point", False),
    ]


@pytest.mark.parametrize(
    ("columns", "ends"),
    [
        ((":START_ID(P)", ":END_ID(Q)", ":TYPE"), ((":START_ID(P)", "P"), (":END_ID(Q)", "Q"))),
        (("Source", "Target", "weight"), (("Source", ""), ("Target", ""))),
        (("from_id", "to_id"), (("from_id", ""), ("to_id", ""))),
    ],
)
def test_headers_of_links(columns: tuple[str, ...], ends: tuple[tuple[str, str], ...]) -> None:
    layout = lay_out(columns, "x.edges", "x.edges.csv")
    assert (layout.edges, layout.ids) == (True, ends)


def test_a_colon_in_a_header_that_is_no_type_is_part_of_the_name() -> None:
    layout = lay_out((":ID", "time: start", "ratio:percent"), "x", "x.csv")
    assert [column.name for column in layout.properties] == ["time: start", "ratio:percent"]


@pytest.mark.parametrize("column", ["民族", "ethnicity", "籍贯", "Religion", "race"])
def test_columns_of_ethnicity_native_place_and_religion_are_dropped(column: str) -> None:
    layout = lay_out((":ID", "name", column), "x", "x.csv")
    assert layout.dropped == (column,)
    assert column not in [kept.name for kept in layout.properties]


@pytest.mark.parametrize(
    ("stem", "told"),
    [
        ("crime-investigation.nodes.Person", ("crime-investigation", "Person")),
        ("crime-investigation.relationships.KNOWS", ("crime-investigation", "KNOWS")),
        ("madoff.edges", ("madoff", "")),
        ("nodes", ("", "")),
        ("persons", ("", "persons")),
    ],
)
def test_a_files_name_gives_label_and_network(stem: str, told: tuple[str, str]) -> None:
    assert name_of_file(stem) == told


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("int", "-12", ""),
        ("int", "1.5", "a whole number"),
        ("double", "-2.61741", ""),
        ("double", "north", "a number"),
        ("boolean", "TRUE", ""),
        ("boolean", "yes", "true or false"),
        ("date", "2017-08-24", ""),
        ("date", "24/08/2017", "a date YYYY-MM-DD"),
        ("string", "anything", ""),
        ("int", "", ""),
    ],
)
def test_values_of_a_type(kind: str, value: str, expected: str) -> None:
    assert expected_of(Column(header=f"x:{kind}", name="x", type=kind), value) == expected


def test_every_value_of_an_array_is_of_its_type() -> None:
    column = Column(header="x:int[]", name="x", type="int", array=True)
    assert expected_of(column, "1;2;3") == ""
    assert expected_of(column, "1;two;3") == "a whole number"


@pytest.mark.parametrize(
    ("values", "day_first"),
    [
        (["24/08/2017", "04/08/2017"], True),
        (["08/24/2017", "04/08/2017"], False),
        (["04/08/2017", "05/06/2017"], None),
        (["24/08/2017", "08/24/2017"], None),
        (["2017-08-24"], None),
        ([], None),
    ],
)
def test_a_column_says_itself_how_it_writes_days(values: Iterable[str], day_first: bool | None) -> None:
    assert is_day_first(values) is day_first


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("2017-08-04", None, "2017-08-04"),
        ("2017-08-04T10:00:00Z", None, "2017-08-04"),
        ("2017年8月4日", None, "2017-08-04"),
        ("04/08/2017", True, "2017-08-04"),
        ("04/08/2017", False, "2017-04-08"),
        ("04/08/2017", None, ""),
        ("31/02/2017", True, ""),
        ("soon", True, ""),
        ("", None, ""),
    ],
)
def test_days(text: str, day_first: bool | None, day: str) -> None:
    assert to_day(text, day_first=day_first) == day


def test_labels_of_groups_and_of_places() -> None:
    for label in ("Nationality", "PLACE_OF_BIRTH", "Tribe", "国籍"):
        assert names_group(label), label
    for label in ("HomeAddress", "PostCode", "LOCATION", "居住地址", "hotel_room"):
        assert names_place(label), label
    for label in ("Person", "Section", "Gang", "Phone", "Species"):
        assert not names_group(label), label
        assert not names_place(label), label


def test_what_cannot_be_printed_is_in_no_name_and_no_id(write: Write) -> None:
    tables = open_graph_tables([write("n.csv", ':ID,name,:LABEL\n1,"\x1b[2JAnn",P\n')])
    assert [node.name for node in tables.nodes()] == ["[2JAnn"]
    wrong = open_graph_tables([write("m.csv", ":ID,name,:LABEL\n\x1b[2J,Ann,P\n")])
    with pytest.raises(InputError, match=r"m\.csv:2: column ':ID' holds unprintable characters"):
        list(wrong.nodes())


def test_one_property_stands_in_one_column() -> None:
    with pytest.raises(InputError, match=r"x\.csv:1: two columns of one property"):
        lay_out((":ID", "age:int", "age:string"), "x", "x.csv")


def test_a_title_above_the_header_is_no_header(write: Write) -> None:
    with pytest.raises(InputError, match=r"n\.csv:1: the first line is no header"):
        open_graph_tables([write("n.csv", "Register,,\nid,name,phone\n1,Ann,3\n")])


def test_other_separators_and_encodings(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_bytes("sep=;\nid;name\n1;张伟\n".encode("utf-8-sig"))
    (tmp_path / "m.tsv").write_bytes("id\tname\n2\t王小明，某某公司经理\n".encode("gb18030"))
    tables = open_graph_tables([tmp_path])
    assert {(node.key, node.name) for node in tables.nodes()} == {("n:1", "张伟"), ("m:2", "王小明，某某公司经理")}
