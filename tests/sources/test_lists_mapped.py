"""A user's own list declares what A8 demands, or it is refused; a bad row is a rejection, a bad mapping says all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from netpursuit.errors import InputError, RefusedError, SettingsError
from netpursuit.records import (
    AddressKind,
    DocumentKind,
    Entry,
    Instrument,
    ListChange,
    NameKind,
    Operation,
    Rejected,
    Sex,
)
from netpursuit.sources.lists.mapped import MappedReader
from netpursuit.sources.lists.mapping import load_mapping

LISTS = Path(__file__).resolve().parent.parent / "fixtures" / "lists"
OWN = (LISTS / "own.toml").read_text(encoding="utf-8")
ROWS = (LISTS / "own.csv").read_text(encoding="utf-8").splitlines()


def read_own(folder: Path, mapping: str = OWN, rows: list[str] | None = None) -> list[object]:
    (folder / "own.toml").write_text(mapping, encoding="utf-8")
    (folder / "own.csv").write_text("\n".join(rows or ROWS), encoding="utf-8")
    return list(MappedReader(load_mapping(folder / "own.toml")).read([folder / "own.csv"]))


def problems_of(folder: Path, mapping: str) -> str:
    (folder / "own.toml").write_text(mapping, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_mapping(folder / "own.toml")
    return "\n".join(caught.value.problems)


def without(key: str) -> str:
    """The mapping of the fixture with no line for this key, whether constant or column."""
    return "\n".join(line for line in OWN.splitlines() if not line.startswith(f"{key} ="))


def test_a_row_becomes_an_entry_with_warrant_and_person(tmp_path: Path) -> None:
    first, second, *_ = read_own(tmp_path)
    assert isinstance(first, Entry)
    assert [(name.text, name.kind, name.weak) for name in first.person.names] == [
        ("陈测试", NameKind.PRIMARY, False),
        ("陈小测", NameKind.ALIAS, False),
        ("陈样本", NameKind.ALIAS, False),
        ("阿测", NameKind.ALIAS, True),
    ]
    assert first.person.sex is Sex.MALE
    assert str(first.person.birth_dates[0]) == "1985-03-04"
    assert first.person.nationalities == ("CN",)
    [document] = first.person.documents
    assert (document.number, document.kind, document.country, document.note) == (
        *("990101198503040015", DocumentKind.NATIONAL_ID, "CN", ""),
    )
    assert first.person.phones == ("13900000001",)
    assert [(item.text, item.kind) for item in first.person.addresses] == [
        ("虚构省甲市一路1号", AddressKind.REGISTERED)
    ]
    warrant = first.warrant
    assert warrant.instrument is Instrument.ARREST_WARRANT
    assert (warrant.document_number, warrant.authority, warrant.issuing_unit, warrant.offence) == (
        *("虚捕字1号", "甲市人民检察院", "甲市公安局", "诈骗"),
    )
    assert (warrant.issue_date, warrant.review_by) == (date(2026, 10, 1), date(2026, 12, 31))
    assert isinstance(second, Entry)
    assert second.warrant.instrument is Instrument.EXTRADITION_OR_RED_NOTICE
    assert str(second.person.birth_dates[0]) == "1990-07"
    assert second.person.documents[0].number == "E00000001"  # the spreadsheet's apostrophe is not part of it


def test_ethnicity_is_never_read(tmp_path: Path) -> None:
    assert "汉族" not in repr(read_own(tmp_path))
    mapping = OWN.replace('offence = "案由"', 'offence = "案由"\ndescription = "案由"')
    [entry] = read_own(tmp_path, mapping, [ROWS[0], ROWS[1].replace("诈骗", "诈骗；汉族；籍贯河南；戴眼镜")])
    assert isinstance(entry, Entry)
    assert entry.description == "诈骗；戴眼镜"
    assert "never read" in problems_of(tmp_path, OWN.replace('sex = "性别"', 'sex = "性别"\ndescription = "民族"'))


def test_a_row_that_lacks_what_a8_demands_is_rejected_by_column(tmp_path: Path) -> None:
    rejected = [item for item in read_own(tmp_path) if isinstance(item, Rejected)]
    assert [(item.line, item.column, item.reason, item.entry_id) for item in rejected] == [
        (4, "法律文书", "missing-warrant-field", "X3"),
        (5, "通缉日期", "missing-warrant-field", "X4"),
        (6, "复核日期", "review-too-late", "X5"),
        (7, "法律文书", "unknown-instrument", "X6"),
        (8, "出生日期", "entry-bad-date", "X7"),
        (9, "编号", "no-id", ""),
    ]
    assert all(item.file_digest and item.file == "own.csv" for item in rejected)


@pytest.mark.parametrize(
    "key",
    ["instrument", "authority", "document_number", "issuing_unit", "issue_date", "review_by", "publisher", "title"],
)
def test_a_mapping_that_leaves_out_what_a8_demands_is_refused(tmp_path: Path, key: str) -> None:
    assert key in problems_of(tmp_path, without(key))


def test_all_problems_of_a_mapping_are_reported_together(tmp_path: Path) -> None:
    broken = without("authority").replace(
        'title = "在逃人员名单"', 'title = ""\nlist_dat = 2026-01-01\ninstrument = "hunch"'
    )
    broken += '\n[read]\nformat = "pdf"\ndate_order = "mixed"\n[extras]\na = 1\n'
    problems = problems_of(tmp_path, broken)
    for word in ("authority", "title", "list_dat", "hunch", "pdf", "mixed", "extras"):
        assert word in problems


def test_a_mapping_without_a_name_is_refused(tmp_path: Path) -> None:
    assert "columns.name" in problems_of(tmp_path, without("name"))


def test_a_mapping_that_is_no_toml_says_where(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[list\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.toml"):
        load_mapping(tmp_path / "own.toml")
    with pytest.raises(InputError, match="cannot be read"):
        load_mapping(tmp_path / "nothing.toml")


def test_headers_that_the_file_lacks_are_named_together(tmp_path: Path) -> None:
    rows = [ROWS[0].replace("姓名", "名字").replace("案由", "事由"), *ROWS[1:]]
    with pytest.raises(SettingsError) as caught:
        read_own(tmp_path, rows=rows)
    assert "'姓名'" in str(caught.value)
    assert "'案由'" in str(caught.value)


@pytest.mark.parametrize("title", ["2026年重点人员名单", "信访人员", "上訪人員", "前科人员台账", "List of petitioners"])
def test_registers_of_watched_people_are_refused_by_title(tmp_path: Path, title: str) -> None:
    with pytest.raises(RefusedError):
        read_own(tmp_path, OWN.replace("在逃人员名单", title))


def test_registers_of_watched_people_are_refused_by_the_title_above_the_header(tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        read_own(tmp_path, rows=["甲市重点人员管控表" + "," * 17, *ROWS])
    assert len(read_own(tmp_path, rows=["甲市在逃人员登记表" + "," * 17, *ROWS])) == 8


def test_a_watched_persons_heading_in_a_sheet_is_refused_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["甲市稳控对象"])
    for row in ROWS:
        sheet.append(row.split(","))
    book.save(tmp_path / "own.xlsx")
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    reader = MappedReader(load_mapping(tmp_path / "own.toml"))
    with pytest.raises(RefusedError):
        reader.header([tmp_path / "own.xlsx"])


def test_registers_of_watched_people_are_refused_by_category(tmp_path: Path) -> None:
    mapping = OWN.replace('offence = "案由"', 'offence = "案由"\ncategory = "案由"')
    with pytest.raises(RefusedError):
        read_own(tmp_path, mapping, [ROWS[0], ROWS[1].replace("诈骗", "前科人员")])


def test_a_number_that_a_spreadsheet_has_cut_is_marked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(ROWS[0].split(","))
    cells: list[object] = list(ROWS[1].split(","))
    cells[8] = 990101198503040015
    book.active.append(cells)
    book.save(tmp_path / "own.xlsx")
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    [entry] = MappedReader(load_mapping(tmp_path / "own.toml")).read([tmp_path / "own.xlsx"])
    assert isinstance(entry, Entry)
    assert entry.person.documents[0].note == "truncated"


def test_a_comma_parts_chinese_aliases_and_not_a_latin_name(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1].replace("陈小测;陈样本", '"Chen, Ceshi|陈小测"').replace("阿测", '"阿测，小测"')]
    [entry] = read_own(tmp_path, rows=rows)
    assert isinstance(entry, Entry)
    assert [name.text for name in entry.person.names[1:]] == ["Chen, Ceshi", "陈小测", "阿测", "小测"]


def test_a_delta_states_an_operation_a_row(tmp_path: Path) -> None:
    reader = MappedReader(load_mapping(LISTS / "delta.toml"))
    items = list(reader.read([LISTS / "delta.csv"]))
    changes = [(item.operation, item.entry.entry_id) for item in items if isinstance(item, ListChange)]
    assert changes == [(Operation.ADD, "D1"), (Operation.CHANGE, "D2"), (Operation.WITHDRAW, "D3")]
    assert [(item.line, item.column, item.reason) for item in items if isinstance(item, Rejected)] == [
        (5, "operation", "unknown-operation")
    ]
    no_id = (LISTS / "delta.toml").read_text(encoding="utf-8").replace('entry_id = "id"', "")
    assert "entry_id" in problems_of(tmp_path, no_id)


def test_a_published_list_in_another_layout_needs_only_its_publisher(tmp_path: Path) -> None:
    (tmp_path / "their.toml").write_text(
        '[list]\npublisher = "Interior Ministry"\ntitle = "Wanted"\n'
        '[columns]\nfamily_name = "surname"\ngiven_name = "forename"\nbirth_date = "born"\nnationality = "state"\n'
        '[read]\ndate_order = "mdy"\nseparator = "/"\n',
        encoding="utf-8",
    )
    (tmp_path / "their.csv").write_text(
        "surname;forename;born;state\nProbe;Ilse;03/04/1985;Germany/Austria\nProbe;Udo;1970;?\n", encoding="utf-8"
    )
    reader = MappedReader(load_mapping(tmp_path / "their.toml"))
    header = reader.header([tmp_path / "their.csv"])
    assert (header.own, header.published_on, header.publisher) == (False, None, "Interior Ministry")
    first, second = reader.read([tmp_path / "their.csv"])
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert (first.person.names[0].text, first.person.names[0].family) == ("Ilse Probe", "Probe")
    assert str(first.person.birth_dates[0]) == "1985-03-04"
    assert first.person.nationalities == ("DE", "AT")
    assert first.warrant.instrument is Instrument.PUBLISHED
    assert first.warrant.authority == "Interior Ministry"
    assert first.entry_id != second.entry_id
