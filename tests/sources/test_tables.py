"""Tables of any format read back as they were written, and what is broken costs only its own row."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import tracemalloc
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
import xlwt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError
from netpursuit.records import Rejected
from netpursuit.sources.tables import FIELD_LIMIT, Row, Table, open_table, read_line

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030")


def rows_of(table: Table) -> list[dict[str, str]]:
    return [row.values for row in table.rows() if isinstance(row, Row)]


def rejected_of(table: Table) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in table.rows() if isinstance(row, Rejected)]


def lines_of(table: Table) -> list[int]:
    return [row.line for row in table.rows()]


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    def to_file(content: str | bytes, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return to_file


def as_text(columns: list[str], rows: list[list[str]], delimiter: str, line_end: str, quoting: int) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


# Characters of every encoding below; control characters, lone surrogates and private use are no text of a register.
CELL = st.text(
    st.characters(codec="gb18030", exclude_categories=("Cs", "Co", "Cc", "Cn"), include_characters="\n\t")
    | st.sampled_from('",;|\t\n 张伟姓名Zoë'),
    max_size=12,
)
COLUMNS = st.lists(
    st.sampled_from(["姓名", "性别", "公民身份号码", "手机号", "name", "birth_date", "id number", "x", "备注"]),
    min_size=2,
    max_size=6,
    unique=True,
).map(lambda names: ["姓名2" if name == "name" and "姓名" in names else name for name in ["sex", "phone", *names]])


@given(
    data=st.data(),
    columns=COLUMNS,
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(",;|\t"),
    line_end=st.sampled_from(["\n", "\r", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_table_reads_back_equal(  # type: ignore[no-untyped-def]
    tmp_path: Path, data, columns: list[str], encoding: str, delimiter: str, line_end: str, quoting: int
) -> None:
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(columns), max_size=len(columns)), max_size=8))
    if any("\n" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL  # the csv module leaves a line feed bare where lines end in CR
    path = tmp_path / "any.csv"
    path.write_bytes(as_text(columns, rows, delimiter, line_end, quoting).encode(encoding))
    table = open_table(path, encoding=encoding)
    assert table.columns == tuple(columns)
    blank = [any(cell.strip() for cell in row) for row in rows]
    expected = [dict(zip(columns, row, strict=True)) for row, filled in zip(rows, blank, strict=True) if filled]
    assert list(rows_of(table)) == expected
    assert rejected_of(table) == []


@given(columns=COLUMNS, data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_lines_read_back_equal(tmp_path: Path, columns: list[str], data) -> None:  # type: ignore[no-untyped-def]
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(columns, CELL)), min_size=1, max_size=8))
    path = tmp_path / "any.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8", newline="")
    table = open_table(path)
    assert table.format == "jsonl"
    assert rows_of(table) == [row for row in rows if any(cell.strip() for cell in row.values())]


@given(columns=COLUMNS, data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_parquet_table_reads_back_equal(tmp_path: Path, columns: list[str], data) -> None:  # type: ignore[no-untyped-def]
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(columns, CELL)), min_size=1, max_size=8))
    path = tmp_path / "any.parquet"
    schema = pyarrow.schema([(name, pyarrow.string()) for name in columns])
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema), path)
    table = open_table(path)
    assert (table.format, table.columns) == ("parquet", tuple(columns))
    assert rows_of(table) == [row for row in rows if any(cell.strip() for cell in row.values())]


@given(name=st.text(max_size=400) | st.binary(max_size=400).map(lambda raw: raw.decode("latin-1")))
@example(name='"')
@example(name='姓名,性别\n"')
@example(name="\ufeff")
@example(name='a,b\n"x"y,z\n1,2\n')
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_whatsoever_crash_the_reader(tmp_path: Path, name: str) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(name.encode("utf-8", "surrogatepass"))
    try:
        table = open_table(path)
        list(table.rows())
    except InputError:
        return
    assert table.columns


REGISTER = """序号,姓名,性别,公民身份号码,户籍地址
1,王小明,男,110101199003070011,北京市东城区景山前街4号
2,李丽,女,,上海市黄浦区南京东路1号
"""
TRADITIONAL = """編號,姓名,性別,證件號碼,戶籍地址
1,陳大文,男,A123456(7),香港九龍彌敦道一號
2,黃麗華,女,,臺北市中正區重慶南路一段
"""
WESTERN = """Name,Address,Phone
José Muñoz,Calle de Alcalá 3,600
François Lefèvre,12 rue de l’Église,601
Jörg Müller,Königstraße 5,602
"""


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (REGISTER, "utf-8", "utf-8"),
        (REGISTER, "utf-8-sig", "utf-8-sig"),
        (REGISTER, "utf-16", "utf-16"),
        (REGISTER, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "utf-8", "utf-8"),
        (WESTERN.replace("Müller", "Ma"), "utf-16", "utf-16"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_the_encoding_is_recognised(write, text: str, written: str, found: str, line_end: str) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write(text.replace("\n", line_end), encoding=written))
    assert table.encoding == found
    assert rows_of(table) == [dict(row) for row in csv.DictReader(io.StringIO(text))]


def test_headers_alone_tell_gb18030_from_big5(write) -> None:  # type: ignore[no-untyped-def]
    simplified = write("姓名,手机号\nWang,138\n", encoding="gb18030")
    assert open_table(simplified).columns == ("姓名", "手机号")
    traditional = write("姓名,手機號碼\nWong,9123\n", encoding="big5")
    assert open_table(traditional).columns == ("姓名", "手機號碼")


def test_utf16_without_a_mark_is_recognised(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write("Name,Sex,Phone\nAnna,f,1\nBo,m,2\n", encoding="utf-16-le"))
    assert (table.encoding, table.columns) == ("utf-16-le", ("Name", "Sex", "Phone"))


def test_a_given_encoding_is_taken_and_an_unknown_one_refused(write) -> None:  # type: ignore[no-untyped-def]
    path = write("name,phone\nЖанна,1\n", encoding="koi8-r")
    assert rows_of(open_table(path, encoding="koi8-r")) == [{"name": "Жанна", "phone": "1"}]
    with pytest.raises(InputError, match="unknown encoding 'klingon'"):
        open_table(path, encoding="klingon")
    with pytest.raises(InputError, match="unknown encoding 'rot13'"):
        open_table(path, encoding="rot13")


def test_one_undecodable_row_does_not_change_the_encoding_of_the_file(write) -> None:  # type: ignore[no-untyped-def]
    rows = "".join(f"张伟{number},男\n" for number in range(40)).encode()
    table = open_table(write("姓名,性别\n".encode() + rows + b"\xff\xfe\xc3,m\n" + "李四,女\n".encode()))
    assert table.encoding == "utf-8"
    assert rejected_of(table) == [(42, "undecodable")]
    assert len(rows_of(table)) == 41


def test_half_a_character_in_utf16_costs_one_row(write) -> None:  # type: ignore[no-untyped-def]
    raw = "姓名,性别\n张伟,男\n李\ud800四,女\n王五,男\n".encode("utf-16", "surrogatepass")
    table = open_table(write(raw))
    assert [values["姓名"] for values in rows_of(table)] == ["张伟", "王五"]
    assert rejected_of(table) == [(3, "undecodable")]
    cut = open_table(write(raw[:-3]))
    assert [line for line, _ in rejected_of(cut)] == [3, 4]


def test_the_digest_is_that_of_the_bytes(write) -> None:  # type: ignore[no-untyped-def]
    path = write(REGISTER, encoding="gb18030")
    assert open_table(path).file_digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("above", range(10))
def test_the_header_may_stand_on_any_of_the_first_ten_rows(write, above: int) -> None:  # type: ignore[no-untyped-def]
    title = "".join(f"第{number}行说明,,\n" for number in range(above))
    table = open_table(write(title + "姓名,性别,房号\n张伟,男,301\n"))
    assert (table.header_line, table.columns) == (above + 1, ("姓名", "性别", "房号"))
    assert lines_of(table) == [above + 2]


def test_an_unknown_header_is_the_first_wide_row_of_text(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write("Quarterly report\n\nAlpha,Beta,Gamma\n1,2,3\n"))
    assert (table.header_line, table.columns) == (3, ("Alpha", "Beta", "Gamma"))


def test_words_of_the_caller_find_the_header(write) -> None:  # type: ignore[no-untyped-def]
    path = write("Kopf,Zeile,eins\nNachname,Wohnort,Zimmer\nMeyer,Kiel,3\n")
    table = open_table(path, header_words=frozenset({"Nachname", "wohnort"}))
    assert table.columns == ("Nachname", "Wohnort", "Zimmer")


def test_a_column_that_stands_twice_is_refused(write) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=r"table\.csv:2: columns 1 and 3 of the header have the same name"):
        open_table(write("登记表,,\n姓名,性别,姓名\n张伟,男,李四\n"))


def test_a_file_without_any_header_is_refused(write) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match="no header in the first ten rows"):
        open_table(write("1,2,3\n4,5,6\n"))


def test_ragged_rows_are_rejected_and_the_rest_read(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write("name,sex,phone\nAnna,f,1\nBo,m\nCy,m,2,surplus\nDee,f,3,,\n\n,,\nEd,m,4\n"))
    assert [values["name"] for values in rows_of(table)] == ["Anna", "Dee", "Ed"]
    assert rejected_of(table) == [(3, "ragged-row"), (4, "ragged-row")]


def test_quoted_line_breaks_keep_the_line_numbers_right(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write('name,address,phone\nAnna,"1 High St\nOxford",1\nBo,"2 ""Low"" St",2\n'))
    assert lines_of(table) == [2, 4]
    assert [values["address"] for values in rows_of(table)] == ["1 High St\nOxford", '2 "Low" St']


@pytest.mark.parametrize("tail", [200, 60_000])
def test_a_quote_that_is_never_closed_costs_one_row(write, tail: int) -> None:  # type: ignore[no-untyped-def]
    rest = "".join(f"Guest {number},m,{number}\n" for number in range(tail))
    table = open_table(write('name,sex,phone\nAnna,f,1\n"Bo,m,2\n' + rest))
    assert rejected_of(table) == [(3, "unclosed-quote")]
    assert len(rows_of(table)) == tail + 1


def test_two_stray_quotes_cost_two_rows_and_not_what_lies_between(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write('name,sex,phone\n"Anna,f,1\nBo,m,2\nCy,m,3\nDee,"f,4\nEd,m,5\n'))
    assert [values["name"] for values in rows_of(table)] == ["Bo", "Cy", "Ed"]
    assert [line for line, _ in rejected_of(table)] == [2, 5]


def test_an_inch_mark_within_a_field_is_a_character(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write('name,room,phone\nAnna,5" shelf,1\nBo,3,2\n'))
    assert [values["room"] for values in rows_of(table)] == ['5" shelf', "3"]


def test_nul_bytes_cost_one_row(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write("name,phone\nAnna,1\nB\0o,2\nCy,3\n"))
    assert rejected_of(table) == [(3, "nul-byte")]
    assert [values["name"] for values in rows_of(table)] == ["Anna", "Cy"]


@pytest.mark.parametrize("filling", ["x", "xxxxxxxxxxxxxxx\n", "x,"])
@pytest.mark.parametrize("quote", ['"', ""])
def test_a_field_of_ten_megabytes_costs_one_row(write, filling: str, quote: str) -> None:  # type: ignore[no-untyped-def]
    if not quote and filling != "x":
        filling = "xx"
    huge = filling * (10_000_000 // len(filling))
    table = open_table(write(f"name,phone,unit\nAnna,1,2\n{quote}{huge}{quote},2,3\nCy,3,4\n"))
    assert rejected_of(table) == [(3, "field-too-long")]
    assert [values["name"] for values in rows_of(table)] == ["Anna", "Cy"]


def test_a_field_just_over_the_limit_names_its_column(write) -> None:  # type: ignore[no-untyped-def]
    path = write(f"name,phone\nAnna,{'1' * FIELD_LIMIT}\nBo,{'2' * (FIELD_LIMIT + 1)}\nCy,3\n")
    table = open_table(path)
    assert [(row.line, row.column) for row in table.rows() if isinstance(row, Rejected)] == [(3, "phone")]
    assert len(rows_of(table)) == 2


def test_a_large_text_file_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("name,address,phone\n")
        for number in range(60_000):
            file.write(f"Guest number {number},{number} Long Road with a long name and no end,{number}\n")
    tracemalloc.start()
    try:
        count = sum(1 for _ in open_table(path).rows())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 60_000
    assert peak < path.stat().st_size  # the file has 4 MB; blocks, samples and one line are less


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "empty.csv", "empty"),
        (b"\xef\xbb\xbf\n\n", "bom.csv", "empty"),
        (bytes(range(256)) * 40, "noise.csv", "binary"),
        (b"%PDF-1.7 ...", "register.csv", "PDF"),
        (b"\x89PNG\r\n\x1a\n0000", "register.xls", "picture"),
        (b"PK\x03\x04 broken", "register.xlsx", "damaged"),
        (b"PAR1 broken", "register.parquet", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "register.xls", "cannot be read"),
        (b"<html><table><tr><td>x</td></tr></table>", "register.xls", "web page"),
        (b'[{"name": "Anna"}]', "register.json", "JSON array"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(write, content: bytes, name: str, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=message):
        open_table(write(content, name))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file not found"):
        open_table(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match=r"folder|cannot be read"):
        open_table(tmp_path)


def test_a_format_that_is_not_the_files_is_refused(write) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match="unknown format 'doc'"):
        open_table(write("a,b\nx,y\n"), format="doc")
    with pytest.raises(InputError, match="not a file of format xlsx"):
        open_table(write("a,b\nx,y\n"), format="xlsx")


def test_excels_own_separator_line_is_followed(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write("sep=;\nname;phone\nAnna, the first;1\n"))
    assert rows_of(table) == [{"name": "Anna, the first", "phone": "1"}]


def test_columns_without_a_name_are_left_out(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write("name,,phone\nAnna,x,1\n"))
    assert table.columns == ("name", "phone")
    assert rows_of(table) == [{"name": "Anna", "phone": "1"}]


def test_json_numbers_are_exact_and_marked(write) -> None:  # type: ignore[no-untyped-def]
    lines = [
        '{"name": "张伟", "id_number": 110101199003070011, "phone": "138", "aliases": ["阿伟", "大伟"], "ok": true}',
        '{"name": "李四", "id_number": 1.10101199003070E+17, "age": 36.0, "none": null}',
    ]
    first, second = open_table(write("\n".join(lines), "a.jsonl")).rows()
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert first.values["id_number"] == "110101199003070011"
    assert first.values["aliases"] == "阿伟|大伟"
    assert first.numeric == {"id_number"}
    assert second.values["id_number"] == "110101199003070000"
    assert second.values["age"] == "36"


def test_broken_json_lines_cost_one_row_each(write) -> None:  # type: ignore[no-untyped-def]
    lines = [
        '{"name": "a"}',
        "{",
        "[1]",
        '{"name": {"x": 1}}',
        '{"name": "b", "name": "c"}',
        '{"n": NaN}',
        '{"name": "z"}',
    ]
    lines.append('{"name": ' + "[" * 5000 + "}")
    lines.append('{"name": "' + "x" * 2_000_000 + '"}')
    table = open_table(write("\n".join(lines), "a.jsonl"))
    assert [values["name"] for values in rows_of(table)] == ["a", "z"]
    assert rejected_of(table) == [
        (2, "bad-json"),
        (3, "bad-json"),
        (4, "nested-value"),
        (5, "repeated-column"),
        (6, "bad-json"),
        (8, "bad-json"),
        (9, "field-too-long"),
    ]


def test_escaped_halves_of_characters_and_nuls_in_json_cost_one_row(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write('{"name": "a\\ud800"}\n{"name": "b\\u0000"}\n{"name": "\\ud83d\\ude00"}\n', "a.jsonl"))
    assert rejected_of(table) == [(1, "undecodable"), (2, "nul-byte")]
    assert rows_of(table) == [{"name": "😀"}]


def police_register(path: Path) -> None:
    """A register as a police station has it: XLS, title and unit above the header, numbers as numeric cells."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("登记表")
    book.add_sheet("Sheet2")
    sheet.write_merge(0, 0, 0, 6, "红星派出所辖区出租房屋承租人员登记表")
    sheet.write(1, 0, "填表单位：红星派出所")
    for column, header in enumerate(["序号", "姓名", "性别", "公民身份号码", "手机号", "入住日期", "房号"]):
        sheet.write(2, column, header)
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    rows = [
        (1, "张伟", "男", 110101199003070000, 13800138000, datetime.date(2026, 3, 4), 301),
        (2, "欧阳小丽", "女", "110101198506150028", 13900139000.0, datetime.date(2026, 12, 31), "302甲"),
    ]
    for line, row in enumerate(rows, start=3):
        for column, value in enumerate(row):
            sheet.write(line, column, value, day) if isinstance(value, datetime.date) else sheet.write(
                line, column, value
            )
    sheet.write(6, 1, "合计")
    sheet.write(6, 9, "盖章")
    book.save(str(path))


def test_a_police_register_in_xls_with_its_header_on_row_three(tmp_path: Path) -> None:
    police_register(tmp_path / "登记表.xls")
    table = open_table(tmp_path / "登记表.xls")
    assert (table.format, table.header_line) == ("xls", 3)
    first, second, footer = table.rows()
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.line, second.line, footer.line) == (4, 5, 7)
    assert first.values["公民身份号码"] == "110101199003070000"
    assert first.values["手机号"] == "13800138000"
    assert first.values["入住日期"] == "2026-03-04"
    assert first.numeric == {"序号", "公民身份号码", "手机号", "房号"}
    assert second.values["公民身份号码"] == "110101198506150028"
    assert "公民身份号码" not in second.numeric
    assert read_line(table, 2) == "填表单位：红星派出所"


def test_an_xlsx_register_keeps_dates_numbers_and_its_place(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = "姓名", "出生日期", "入住时间", "身份证号"
    sheet["B4"], sheet["C4"] = "张伟", datetime.date(1990, 3, 7)
    sheet["D4"], sheet["E4"] = datetime.datetime.fromisoformat("2026-01-02T14:05"), "11010119900307001X"
    sheet["B6"], sheet["E6"] = "李四", 0.5
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx")
    assert table.columns == ("姓名", "出生日期", "入住时间", "身份证号")
    first, last = table.rows()
    assert isinstance(first, Row)
    assert first.values == {
        "姓名": "张伟",
        "出生日期": "1990-03-07",
        "入住时间": "2026-01-02T14:05:00",
        "身份证号": "11010119900307001X",
    }
    assert isinstance(last, Row)
    assert (last.line, last.values["身份证号"]) == (6, "0.5")


def test_a_workbook_with_two_registers_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("二月")):
        sheet.append(["姓名", "性别"])
        sheet.append(["张伟", "男"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="several sheets hold a register: numbers 1, 2"):
        open_table(tmp_path / "a.xlsx")


def test_the_sheet_with_known_headers_is_chosen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["How to fill in", "this form"])
    sheet = book.create_sheet("register")
    sheet.append(["Name", "Phone"])
    sheet.append(["Anna", 1])
    book.save(tmp_path / "a.xlsx")
    assert rows_of(open_table(tmp_path / "a.xlsx")) == [{"Name": "Anna", "Phone": "1"}]


def test_parquet_types_become_text(tmp_path: Path) -> None:
    columns = {
        "name": ["张伟", None],
        "id_number": pyarrow.array([110101199003070011, None], pyarrow.int64()),
        "birth_date": pyarrow.array([datetime.date(1990, 3, 7), None], pyarrow.date32()),
        "start": pyarrow.array([1_700_000_000_000_000_001, None], pyarrow.timestamp("ns")),
        "aliases": pyarrow.array([["阿伟", "大伟"], None], pyarrow.list_(pyarrow.string())),
        "height": pyarrow.array([1.5, float("nan")]),
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    (row,) = open_table(tmp_path / "a.parquet").rows()
    assert isinstance(row, Row)
    assert row.values == {
        "name": "张伟",
        "id_number": "110101199003070011",
        "birth_date": "1990-03-07",
        "start": "2023-11-14T22:13:20",
        "aliases": "阿伟|大伟",
        "height": "1.5",
    }
    assert row.numeric == {"id_number", "height"}


def test_parquet_cells_that_cannot_be_text_cost_one_row(tmp_path: Path) -> None:
    columns = {
        "name": ["a", "b", "x" * (FIELD_LIMIT + 1), "d"],
        "more": pyarrow.array([None, {"x": 1}, None, None], pyarrow.struct([("x", pyarrow.int8())])),
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    table = open_table(tmp_path / "a.parquet")
    assert [values["name"] for values in rows_of(table)] == ["a", "d"]
    assert rejected_of(table) == [(2, "nested-value"), (3, "field-too-long")]


@pytest.mark.parametrize(
    "reason",
    [
        *("ragged-row", "unclosed-quote", "field-too-long", "nul-byte", "undecodable", "bad-json", "repeated-column"),
        *("nested-value", "bad-date", "unknown-role", "no-person"),
    ],
)
def test_every_reason_has_its_words_in_both_languages(reason: str) -> None:
    key = f"rejected.{reason}"
    assert Catalogue("en")(key) != Catalogue("zh")(key)


def test_rows_may_be_read_twice(write) -> None:  # type: ignore[no-untyped-def]
    table = open_table(write(REGISTER))
    assert rows_of(table) == rows_of(table)


def test_repr_shows_nobody(write) -> None:  # type: ignore[no-untyped-def]
    assert "王小明" not in repr(open_table(write(REGISTER)))


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "line_end"),
    [
        ("oxford_hmo.csv", b"\r"),
        ("toronto_rentsafe.csv", b"\n"),
        ("hpd_contacts.csv", b"\n"),
        ("hpd_registrations.csv", b"\n"),
    ],
)
def test_real_registers_keep_every_row(shared_data: Path, name: str, line_end: bytes) -> None:
    path = shared_data / "registrations" / name
    raw = path.read_bytes()
    # An independent count: line ends outside quotes, without the csv module.
    outside = b"".join(raw.split(b'"')[::2])
    count = len([line for line in outside.split(line_end) if line.strip()]) - 1
    table = open_table(path)
    items = list(table.rows())
    assert len(items) == count
    assert all(isinstance(item, Row) for item in items)
