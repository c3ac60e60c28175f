"""A case's own tables: rows become calls and holdings by a mapping, all or none, and no value is in an error."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpursuit.errors import InputError, RefusedError, RowsError, SettingsError
from netpursuit.ids.accounts import read_iban
from netpursuit.ids.plates import canonical_plate
from netpursuit.links.keys import account_key, address_key, phone_key, unit_key, vehicle_key
from netpursuit.records import Address
from netpursuit.records.attachments import Call, Holding, TableKind
from netpursuit.records.graph import NodeKind
from netpursuit.sources.attached import draft_mapping, open_attached, read_mapping
from netpursuit.sources.attached import reading as reading_module
from netpursuit.sources.attached.columns import COLUMNS
from netpursuit.sources.attached.reading import AttachedRows
from netpursuit.sources.attached.values import instant_of, seconds_of, telephone_of

CANARY = "ZoephiraCanary"
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CALLS = {"caller": "A", "callee": "B", "begin": "T", "duration": "S"}


def mapped(
    folder: Path,
    text: str,
    kind: str,
    columns: dict[str, str],
    *,
    defaults: str = "",
    file: str = "records.csv",
    **top: str,
) -> AttachedRows:
    """A table of this text, opened by a mapping of these columns."""
    table, mapping = folder / file, folder / "mapping.toml"
    table.write_text(text, encoding="utf-8")
    lines = [f'kind = "{kind}"', *(f'{key} = "{value}"' for key, value in top.items()), "[columns]"]
    lines += [f'{name} = "{header}"' for name, header in columns.items()]
    mapping.write_text("\n".join([*lines, "[defaults]", defaults]), encoding="utf-8")
    return open_attached(table, read_mapping(mapping))


def calls_of(folder: Path, *rows: str, **top: str) -> list[Call]:
    text = "\n".join(("A,B,T,S", *rows))
    return list(mapped(folder, text, "calls", CALLS, country="CN", **top).calls())


def holdings_of(folder: Path, text: str, kind: str, columns: dict[str, str], **top: str) -> list[Holding]:
    return list(mapped(folder, text, kind, columns, **top).holdings())


def test_a_call_is_read_with_its_numbers_day_time_and_length(tmp_path: Path) -> None:
    (call,) = calls_of(tmp_path, "138 0013 8000,+86 139-0013-9000,2026-03-01 22:14:05,0:01:05")
    assert call == Call(
        caller=phone_key("+8613800138000"),
        callee=phone_key("+8613900139000"),
        day="2026-03-01",
        second=22 * 3600 + 14 * 60 + 5,
        seconds=65,
        line=2,
    )


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-03-01T22:14:05", "ymd", ("2026-03-01", 80045)),
        ("20260301221405", "ymd", ("2026-03-01", 80045)),
        ("2026/3/1 22:14", "ymd", ("2026-03-01", 80040)),
        ("01.03.2026 22:14:05.120", "dmy", ("2026-03-01", 80045)),
        ("03/01/2026 10:14:05 PM", "mdy", ("2026-03-01", 80045)),
        ("03/01/2026 12:00 am", "mdy", ("2026-03-01", 0)),
        ("2026年3月1日 22时14分05秒", "ymd", ("2026-03-01", 80045)),
        ("2026年3月1日22:14:05", "ymd", ("2026-03-01", 80045)),
        ("2026-03-01", "ymd", ("2026-03-01", None)),
        ("2026-03-01T14:14:05Z", "ymd", ("2026-03-01", 80045)),
        ("2026-03-01T18:00:00Z", "ymd", ("2026-03-02", 7200)),
        ("2026-03-01 22:14:05+08:00", "ymd", ("2026-03-01", 80045)),
        ("2026-03", "ymd", None),
        ("2026-02-30 10:00:00", "ymd", None),
        ("2026-03-01 24:00:00", "ymd", None),
        ("2026-03-01 13:00 pm", "ymd", None),
        ("yesterday", "ymd", None),
        ("", "ymd", None),
    ],
)
def test_instants_in_the_forms_that_operators_write(text: str, order: str, expected: object) -> None:
    assert instant_of(text, order, ZoneInfo("Asia/Shanghai")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("83", 83), ("0", 0), ("83.0", 83), ("83 s", 83), ("1:02:03", 3723), ("83秒", 83)]
    + [(text, None) for text in ("-1", "1:23", "long", "864001", "1e3", "0:61:00")],
)
def test_lengths_are_seconds_or_a_clock(text: str, expected: int | None) -> None:
    assert seconds_of(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "withheld"),
        ("Anonymous", "withheld"),
        ("隐藏号码", "withheld"),
        ("10086", "short"),
        ("138****8000", "masked"),
        ("Jo Doe", "wrong"),
        ("Jo 13800138000", "wrong"),
        ("123456789012345678", "wrong"),
        ("+8613800138000", ""),
    ],
)
def test_what_is_no_whole_number_is_told_apart(text: str, why: str) -> None:
    key, told = telephone_of(text, "CN")
    assert (told, bool(key)) == (why, not why)


def test_withheld_short_and_masked_numbers_are_passed_over_and_counted(tmp_path: Path) -> None:
    table = mapped(
        tmp_path,
        "A,B,T,S\n,13800138000,2026-03-01,1\n10086,13800138000,2026-03-01,1\n13800138000,139****9000,2026-03-01,1\n"
        "13800138000,13900139000,2026-03-01,\n",
        "calls",
        CALLS,
        country="CN",
    )
    (call,) = table.calls()
    assert (call.line, call.second, call.seconds) == (5, None, None)
    assert (table.left_out, table.rows) == ({"masked": 1, "short": 1, "withheld": 1}, 4)


def test_day_and_time_in_two_columns_and_an_end_in_place_of_a_length(tmp_path: Path) -> None:
    (call,) = mapped(
        tmp_path,
        "From,To,Day,Time,End\n13800138000,13900139000,2026-03-01,23:59:00,2026-03-02 00:01:00\n",
        "calls",
        {"caller": "From", "callee": "To", "begin": "Day + Time", "end": "End"},
        country="CN",
    ).calls()
    assert (call.day, call.seconds) == ("2026-03-01", 120)


def test_all_wrong_rows_are_told_together_with_line_column_and_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(RowsError) as raised:
        calls_of(
            tmp_path,
            "13800138000,13900139000,2026-03-01 10:00:00,5",
            f"{CANARY},13900139000,2026-03-01 10:00:00,5",
            f"13800138000,13900139000,{CANARY},5",
            f"13800138000,13900139000,2026-03-01 10:00:00,{CANARY}",
            f"13800138000,13900139000,{CANARY}",
        )
    told = str(raised.value)
    assert CANARY not in told
    assert [problem[:6] for problem in raised.value.problems] == ["line 3", "line 4", "line 5", "line 6"]
    assert "records.csv: 4 cells or rows cannot be used; nothing was taken" in told
    assert "line 4, column 'T': no day with time, expected one as 2026-03-01 22:14:05" in told


def test_of_many_wrong_rows_the_first_fifty_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    with pytest.raises(RowsError) as raised:
        calls_of(tmp_path, *("x,y,z,1" for _ in range(70)))
    assert len(raised.value.problems) == 50
    assert str(raised.value).endswith("and 20 more")


def test_nothing_is_given_behind_a_wrong_row(tmp_path: Path) -> None:
    table = mapped(tmp_path, "A,B,T,S\nx,y,z,1\n13800138000,13900139000,2026-03-01,5\n", "calls", CALLS, country="CN")
    given_out = []
    with pytest.raises(RowsError):
        given_out += list(table.calls())
    assert given_out == []


def test_a_table_has_rows_and_not_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no rows"):
        calls_of(tmp_path)
    monkeypatch.setattr(reading_module, "MOST_CALLS", 2)
    row = "13800138000,13900139000,2026-03-01,5"
    assert len(calls_of(tmp_path, row, row)) == 2
    with pytest.raises(InputError, match="more than 2 rows"):
        calls_of(tmp_path, row, row, row)


def test_a_mapping_is_checked_whole(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'kind = "calls"\ncountry = "China"\ntime_zone = "Mars"\nfoo = 1\n[columns]\ncaller = "A"\ncell = "Cell"\n'
        'begin = ""\n[defaults]\ncallee = "1"\n',
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as raised:
        read_mapping(mapping)
    told = "\n".join(raised.value.problems)
    for part in (
        "foo: unknown",
        "country: 'China'",
        "time_zone: unknown",
        "columns.cell: unknown for calls",
        "columns.begin",
    ):
        assert part in told
    for part in ("missing for calls, expected callee", "missing for calls, expected begin", "defaults.callee"):
        assert part in told


def test_a_mapping_without_a_kind_or_of_another_says_which_there_are(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    for text in ('[columns]\ncaller = "A"\n', 'kind = "people"\n'):
        mapping.write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError, match="calls, subscribers, vehicles, accounts, companies, owners"):
            read_mapping(mapping)


def test_headers_that_are_not_there_are_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        mapped(tmp_path, "A,C\n1,2\n", "calls", CALLS)
    told = str(raised.value)
    assert "columns.callee: records.csv has no column 'B'" in told
    assert "expected some of: A, C" in told


@pytest.mark.parametrize("header", ["民族", "Ethnicity", "籍贯", "Religion", "Name + 民族"])
def test_ethnicity_native_place_and_religion_are_never_mapped(tmp_path: Path, header: str) -> None:
    with pytest.raises(SettingsError, match="never read"):
        mapped(tmp_path, "Plate\nA1\n", "vehicles", {"plate": "Plate", "make": header})


@pytest.mark.parametrize("where", ["title", "column"])
def test_a_register_of_watched_people_is_refused(tmp_path: Path, where: str) -> None:
    columns = {"plate": "Plate", "owner_name": "重点人员" if where == "column" else "Owner"}
    top = {"title": "上访人员车辆"} if where == "title" else {}
    with pytest.raises(RefusedError, match="watched people") as raised:
        mapped(tmp_path, "Plate,Owner\nA1,x\n", "vehicles", columns, **top)
    assert raised.value.code == "watch-register"


VEHICLES = {"plate": "Plate", "owner_name": "Owner", "owner_document": "ID", "owner_phone": "Phone", "from": "From"}


def test_a_vehicle_has_its_plate_and_its_owner(tmp_path: Path) -> None:
    (row,) = holdings_of(
        tmp_path,
        "Plate,Owner,ID,Phone,From\n幻a·12345,欧阳志远,990101198503040010,13800138000;13900139000,2026-03-01\n",
        "vehicles",
        VEHICLES,
        country="CN",
        defaults='owner_document_type = "居民身份证"',
    )
    assert (row.kind, row.key, row.first) == (NodeKind.VEHICLE, vehicle_key("幻A12345", "CN"), "2026-03-01")
    (owner,) = row.parties
    assert (owner.name, owner.role, owner.company) == ("欧阳志远", "owner", False)
    assert owner.document is not None
    assert owner.document.number == "990101198503040010"
    assert owner.phones == (phone_key("13800138000", "CN"), phone_key("13900139000", "CN"))


def test_a_vehicle_may_be_without_an_owner_but_not_with_an_unnamed_one(tmp_path: Path) -> None:
    (row,) = holdings_of(tmp_path, "Plate,Owner,ID,Phone,From\nA1,,,,\n", "vehicles", VEHICLES)
    assert row.parties == ()
    with pytest.raises(RowsError, match="nobody is named"):
        holdings_of(tmp_path, "Plate,Owner,ID,Phone,From\nA1,,,13800138000,\n", "vehicles", VEHICLES, country="CN")


def test_accounts_by_iban_and_by_number_with_bank(tmp_path: Path) -> None:
    columns = {"iban": "IBAN", "number": "No", "bank": "Bank", "holder_name": "Holder", "holder_company": "Firm"}
    one, other = holdings_of(
        tmp_path,
        "IBAN,No,Bank,Holder,Firm\ngb82 west 1234 5698 7654 32,,,Jo Doe,\n,6222 0201,幻县 银行,,Acme Ltd\n",
        "accounts",
        columns,
    )
    assert (one.key, one.label) == ("account:n2:iban:GB82WEST12345698765432", "GB82WEST12345698765432")
    assert other.key == account_key("62220201", "幻县  银行")
    assert [party.company for party in (*one.parties, *other.parties)] == [False, True]


@pytest.mark.parametrize("cells", [f"GB83WEST12345698765432,,{CANARY},", f",,{CANARY},", ",62**01,Bank,", ",6222,,"])
def test_a_wrong_iban_and_half_an_account_number_are_wrong_rows(tmp_path: Path, cells: str) -> None:
    columns = {"iban": "IBAN", "number": "No", "bank": "Bank", "holder_name": "Holder"}
    with pytest.raises(RowsError) as raised:
        holdings_of(tmp_path, f"IBAN,No,Bank,Holder\n{cells}\n", "accounts", columns)
    assert CANARY not in str(raised.value)


def test_companies_with_officers_and_owners(tmp_path: Path) -> None:
    columns = {
        "name": "Name",
        "number": "No",
        "officer_name": "Officer",
        "officer_role": "Role",
        "owner_company": "Parent",
    }
    one, other = holdings_of(
        tmp_path,
        "Name,No,Officer,Role,Parent\nAcme Ltd,0123,Jo Doe,director,Holding SA\nNameless,,,,\n",
        "companies",
        columns,
        country="GB",
    )
    assert (one.key, other.key) == ("organisation:n2:reg:GB:0123", "")
    assert [(party.column, party.role, party.company) for party in one.parties] == [
        ("officer", "director", False),
        ("owner", "owner", True),
    ]


def test_owners_of_units_and_houses(tmp_path: Path) -> None:
    columns = {"address": "Address", "unit": "Flat", "owner_name": "Owner"}
    flat, house = holdings_of(
        tmp_path,
        'Address,Flat,Owner\n"12 Mill Lane, Oxford",3,Jo Doe\n"14 Mill Lane, Oxford",,Jo Doe\n',
        "owners",
        columns,
    )
    assert (flat.kind, house.kind) == (NodeKind.RENTAL_UNIT, NodeKind.ADDRESS)
    with pytest.raises(RowsError, match="no house and no unit"):
        holdings_of(tmp_path, "Address,Flat,Owner\nOxford,,Jo Doe\n", "owners", columns)


def test_a_house_has_the_key_that_a_registration_gives_it(tmp_path: Path) -> None:
    columns = {"address": "A", "owner_name": "N", "owner_address": "L"}
    (row,) = holdings_of(tmp_path, "A,N,L\n幻县虚构路12号501室,x,幻县虚构路14号\n", "owners", columns, country="CN")
    assert row.key == unit_key(Address(text="幻县虚构路12号501室"))
    (owner,) = row.parties
    assert row.address is not None
    assert owner.address is not None
    assert address_key(row.address) == address_key(Address(text="幻县虚构路12号501室"))
    assert address_key(owner.address) == address_key(Address(text="幻县虚构路14号"))


@pytest.mark.parametrize("column", ["plate", "owner_name"])
def test_a_cell_as_long_as_a_book_is_no_name(tmp_path: Path, column: str) -> None:
    cells = {"plate": "A1", "owner_name": "Jo"} | {column: "x" * 400}
    with pytest.raises(RowsError, match="too long"):
        holdings_of(
            tmp_path, f"P,N\n{cells['plate']},{cells['owner_name']}\n", "vehicles", {"plate": "P", "owner_name": "N"}
        )


def test_a_last_day_before_the_first_is_wrong(tmp_path: Path) -> None:
    columns = {"phone": "P", "subscriber_name": "N", "from": "F", "to": "T"}
    with pytest.raises(RowsError, match="a last day before the first"):
        holdings_of(tmp_path, "P,N,F,T\n13800138000,x,2026-03-02,2026-03-01\n", "subscribers", columns, country="CN")


def test_other_formats_are_read_alike(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("A", "B", "T", "S"), ("13800138000", 13900139000, "2026-03-01 10:00:00", 5)):
        sheet.append(row)
    book.save(tmp_path / "calls.xlsx")
    (tmp_path / "calls.jsonl").write_text(
        '{"A": "13800138000", "B": 13900139000, "T": "2026-03-01 10:00:00", "S": 5}\n', encoding="utf-8"
    )
    wanted = calls_of(tmp_path, "13800138000,13900139000,2026-03-01 10:00:00,5")
    for name in ("calls.xlsx", "calls.jsonl"):
        found = list(open_attached(tmp_path / name, read_mapping(tmp_path / "mapping.toml")).calls())
        assert [(call.caller, call.callee, call.day, call.second, call.seconds) for call in found] == [
            (call.caller, call.callee, call.day, call.second, call.seconds) for call in wanted
        ]


@pytest.mark.parametrize(
    ("header", "kind", "lines"),
    [
        (
            "主叫号码,被叫号码,通话日期,通话时间,时长,基站",
            "calls",
            ('begin = "通话日期 + 通话时间"', "# not used: 基站"),
        ),
        ("Caller,Called number,Start,Duration", "calls", ('callee = "Called number"',)),
        ("车牌号,车主,身份证号,民族", "vehicles", ('owner_document = "身份证号"', "# never read: 民族", "居民身份证")),
        ("车牌号,车主,证件号码,电话", "vehicles", ('owner_phone = "电话"',)),
        ("IBAN,Holder,Passport", "accounts", ('iban = "IBAN"', 'holder_document_type = "passport"')),
        (
            "Company name,Company number,Director,Role",
            "companies",
            ('officer_name = "Director"', 'officer_role = "Role"'),
        ),
        ("Address,Flat,Owner", "owners", ('unit = "Flat"',)),
        ("MSISDN,Subscriber,Since", "subscribers", ('phone = "MSISDN"', 'from = "Since"')),
    ],
)
def test_a_draft_fills_in_what_the_headers_say(tmp_path: Path, header: str, kind: str, lines: tuple[str, ...]) -> None:
    table, mapping = tmp_path / "t.csv", tmp_path / "m.toml"
    table.write_text(f"{header}\n{','.join('1' for _ in header.split(','))}\n", encoding="utf-8")
    text = draft_mapping(table)
    assert f'kind = "{kind}"' in text
    for line in lines:
        assert line in text
    mapping.write_text(text, encoding="utf-8")
    assert read_mapping(mapping).kind is TableKind(kind)


def test_no_row_of_data_gets_into_a_draft(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"{CANARY},other\nmore,words\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        draft_mapping(table)
    assert CANARY not in str(raised.value)


@often
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_no_text_breaks_a_cell(text: str) -> None:
    for order in ("ymd", "dmy", "mdy"):
        found = instant_of(text, order, ZoneInfo("Asia/Shanghai"))
        assert found is None or (len(found[0]) == 10 and (found[1] is None or 0 <= found[1] < 86_400))
    length = seconds_of(text)
    assert length is None or 0 <= length <= 864_000
    key, why = telephone_of(text, "CN")
    assert bool(key) != bool(why)
    assert canonical_plate(canonical_plate(text)) == canonical_plate(text)
    assert read_iban(text) in ("", read_iban(read_iban(text)))


@often
@given(
    kind=st.sampled_from([kind for kind in TableKind if kind is not TableKind.CALLS]),
    cells=st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters='"\r\n\0'), max_size=12), max_size=20
    ),
)
def test_any_row_is_a_holding_or_a_wrong_row_and_its_values_stay_out_of_the_error(
    tmp_path_factory: pytest.TempPathFactory, kind: TableKind, cells: list[str]
) -> None:
    columns = COLUMNS[kind]
    marked = [f"{cell}{CANARY}" if cell.strip() else "" for cell in cells][: len(columns)]
    marked += [""] * (len(columns) - len(marked))
    row = ",".join(f'"{cell}"' for cell in marked)
    text = ",".join(columns) + f"\n{row}\n{','.join('x' for _ in columns)}\n"
    told, found = "", list[Holding]()
    try:
        found = holdings_of(tmp_path_factory.mktemp("any"), text, kind.value, {name: name for name in columns})
    except RowsError as error:
        told = str(error)
    assert CANARY not in told
    assert bool(told) != bool(found)
