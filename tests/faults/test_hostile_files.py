"""Files that are broken or built to hurt: one clear sentence with file and place, bounded memory, nothing half done."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import AS_OF, COLUMNS, Run, register_text
from tests.faults.measured import measured

HEADER = ",".join(COLUMNS.values())
GOOD = "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,2026-04-02"
SECRET = "赵某某秘密"  # stands in every file; no error may repeat it (A4)
ROW = f"R9,{SECRET},1990-01-01,,,,2026-04-02"


def workbook(*, pad_mb: int = 0, says: int = 0, entities: bool = False) -> bytes:
    """A register as XLSX; padded, with a lie about its size, or with an entity bomb in its sheet."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in (HEADER, GOOD, ROW):
        book.active.append(line.split(","))
    plain, made = io.BytesIO(), io.BytesIO()
    book.save(plain)
    size = 0
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                if entities:
                    content = bomb("worksheet").encode() + content[content.index(b"<worksheet") :]
                    content = content.replace(b"<t>R1</t>", b"<t>&a9;</t>").replace(b"R1", b"&a9;")
                at = content.index(b"<sheetData")
                size = len(content) + (pad_mb << 20)
                with target.open(name, "w") as file:
                    file.write(content[:at])
                    for _ in range(pad_mb):
                        file.write(b" " * (1 << 20))
                    file.write(content[at:])
            else:
                target.writestr(name, content)
    found = made.getvalue()
    return found.replace(struct.pack("<I", size), struct.pack("<I", says)) if says else found


def bomb(root: str) -> str:
    """A document type whose entities grow to a billion characters."""
    steps = ["x" * 10, *(f"&a{step};" * 10 for step in range(9))]
    entities = "".join(f'<!ENTITY a{step} "{text}">' for step, text in enumerate(steps))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [{entities}]>'


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


TABLE = register_text(GOOD, ROW)
# Name of the file, its bytes, and what is said of it.
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a column twice": ("a.csv", lambda: TABLE.replace("手机号", "姓名").encode(), r"a\.csv:1: columns 2 and 5"),
    "only zero bytes": ("a.csv", lambda: b"\0" * 5_000, "empty"),
    "a program": ("a.csv", lambda: b"MZ\x90" + TABLE.encode(), "a program"),
    "bytes of no script": ("a.csv", lambda: bytes(range(128, 256)) * 40, "encoding cannot be told"),
    "a gzip archive": ("a.csv", lambda: b"\x1f\x8b\x08" + TABLE.encode(), "gzip"),
    "a zip": ("a.csv", lambda: zipped("a.csv", TABLE.encode()), "an archive"),
    "a zip in a zip": ("a.xlsx", lambda: zipped("b.zip", zipped("a.csv", TABLE.encode())), "an archive"),
    "a zip cut short": ("a.xlsx", lambda: workbook()[:700], "damaged"),
    "a workbook that unpacks to 1.1 GB": ("a.xlsx", lambda: workbook(pad_mb=1_100), "more than 1 GiB"),
    "a workbook that lies about its size": ("a.xlsx", lambda: workbook(pad_mb=300, says=2_000), "cannot be read"),
    "a web page": ("a.xls", lambda: f"<html><table><tr><td>{SECRET}".encode(), "a web page"),
    "entities": ("a.csv", lambda: (bomb("x") + f"<x>{SECRET}&a9;</x>").encode(), "a web page or XML"),
    "no header": ("a.csv", lambda: b"1,2,3\n4,5,6\n", "header"),
    "a million columns": (
        "a.csv",
        lambda: (",".join(f"c{n}" for n in range(1_000_000)) + "\n").encode(),
        r"a\.csv:1: the first line is too long",
    ),
    "a million columns of one name": (
        "a.csv",
        lambda: b"x," * 1_000_000 + b"\n1\n",
        r"a\.csv:1: the first line is too",
    ),
    "deep JSON": ("a.jsonl", lambda: b'{"a":' * 100_000, "no JSON object"),
    "a workbook with entities": ("a.xlsx", lambda: workbook(entities=True), "cannot be read"),
    "a JSON array": ("a.jsonl", lambda: f'[{{"name": "{SECRET}"}}]'.encode(), "JSON array"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_register_that_is_none_is_refused_in_one_sentence_and_nothing_is_done(
    command: Run, workspace: Path, feed: Path, tmp_path: Path, what: str
) -> None:
    name, content, said = REFUSED[what]
    file, out = tmp_path / name, tmp_path / "out.csv"
    file.write_bytes(content())
    answer = command(
        *("screen", file, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--out", out, "--lang", "en")
    )
    assert (answer.code, answer.out) == (2, ""), answer.out
    assert re.search(said, answer.err), answer.err
    assert name in answer.err
    assert len(answer.err) < 1_000
    assert SECRET not in answer.err
    assert not out.exists()
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--json").json
    assert shown["leads"] == []
    assert command("audit", "verify", "--workspace", workspace).code == 0


QUARANTINED: dict[str, tuple[str, str]] = {
    "zero bytes": (f"R2,{SECRET}\0,1990-01-01,,,,2026-04-02", "nul-byte"),
    "a quote that is never closed": (f'R2,"{SECRET},1990-01-01,,,,2026-04-02', "unclosed-quote"),
    "too few cells": (f"R2,{SECRET},1990-01-01", "ragged-row"),
    "too many cells": (f"R2,{SECRET},1990-01-01,,,,2026-04-02,,,7", "ragged-row"),
    "a cell of a megabyte": (f"R2,{SECRET * 200_000},1990-01-01,,,,2026-04-02", "field-too-long"),
    "bytes of no encoding": (f"R2,{SECRET}\udcff\udcfe,1990-01-01,,,,2026-04-02", "undecodable"),
    "a date of no calendar": (f"R2,{SECRET},1990-02-30,,,,2026-04-02", "bad-date"),
}


@pytest.mark.parametrize("what", QUARANTINED)
def test_a_row_that_is_broken_costs_itself_alone_and_says_where_and_why(
    command: Run, workspace: Path, feed: Path, tmp_path: Path, what: str
) -> None:
    row, reason = QUARANTINED[what]
    file = tmp_path / "a.csv"
    file.write_bytes(register_text(GOOD, row, GOOD.replace("R1,", "R3,")).encode("utf-8", "surrogateescape"))
    common = ("--workspace", workspace, "--json")
    run = command("screen", file, "--feed", feed, "--as-of", AS_OF, *common).json
    assert (run["counts"]["leads_new"], run["counts"]["rejected"]) == (2, 1)
    (kept,) = command("quarantine", "show", *common).json
    assert (kept["file"], kept["line"], kept["reason"]) == ("a.csv", 3, reason)
    for path in (*workspace.rglob("*"), *workspace.with_name("ws-keys").rglob("*")):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path


def test_a_formula_is_text_and_runs_in_no_spreadsheet(
    command: Run, workspace: Path, feed: Path, tmp_path: Path
) -> None:
    file, out = tmp_path / "a.csv", tmp_path / "out.csv"
    formula = '=cmd|"/c calc"!A0'
    row = GOOD.replace("R1,", f'"{formula.replace(chr(34), chr(34) * 2)}",')
    file.write_text(register_text(row), encoding="utf-8")
    run = command(
        *("screen", file, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--out", out, "--json")
    ).json
    assert run["counts"]["leads_new"] == 1
    assert "'=cmd|" in out.read_text(encoding="utf-8")


LISTS = {
    "UN": '<CONSOLIDATED_LIST dateGenerated="2026-04-01"><INDIVIDUALS><INDIVIDUAL><DATAID>&a9;</DATAID>',
    "OFAC": '<sdnList xmlns="http://tempuri.org/sdnList.xsd"><sdnEntry><uid>1</uid><lastName>&a9;</lastName>',
    "EU": '<export xmlns="http://eu.europa.ec/fpi/fsd/export"><sanctionEntity logicalId="&a9;">',
    "Canada": "<data-set><record><LastName>&a9;</LastName></record>",
}


@pytest.mark.parametrize("publisher", LISTS)
@pytest.mark.parametrize("kind", ["grows", "reads"])
def test_entities_of_a_list_are_never_followed(
    command: Run, workspace: Path, tmp_path: Path, publisher: str, kind: str
) -> None:
    file, secret = tmp_path / "list.xml", tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    root = re.findall(r"<([\w-]+)", LISTS[publisher])[0]
    outside = f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a9 SYSTEM "{secret.as_uri()}">]>'
    file.write_text((bomb(root) if kind == "grows" else outside) + LISTS[publisher], encoding="utf-8")
    before = command("lists", "show", "--workspace", workspace, "--as-of", AS_OF, "--json").json
    formats = {"UN": "un-xml", "OFAC": "ofac-xml", "EU": "eu-xml", "Canada": "canada-sema-xml"}
    answer = command(
        *("lists", "add", file, "--list", "bad", "--workspace", workspace, "--as-of", AS_OF, "--date", "2026-04-01"),
        *("--format", formats[publisher], "--lang", "en"),
    )
    assert (answer.code, answer.out) == (2, "")
    assert "list.xml" in answer.err
    assert "document types and entities are refused" in answer.err
    assert SECRET not in answer.err
    assert command("lists", "show", "--workspace", workspace, "--as-of", AS_OF, "--json").json == before


ENDLESS = {
    "register.csv": (f"{HEADER}\n{GOOD}\nR2,", f"\n{GOOD.replace('R1,', 'R3,')}\n"),
    "register.jsonl": ('{"registration_id": "R1", "name": "', '"}\n'),
    "un.xml": ('<CONSOLIDATED_LIST dateGenerated="2026-04-01"><INDIVIDUALS><INDIVIDUAL><DATAID>', "</DATAID>"),
    "eu.csv": ("fileGenerationDate;Entity_LogicalId\n", ";1\n"),
    "list.ftm.json": ('{"id": "p1", "schema": "Person", "properties": {"name": ["', '"]}}\n'),
    "fbi.json": ('{"total": 1, "items": [{"uid": "w1", "title": "', '"}]}'),
}
FORMATS = {"un.xml": "un-xml", "eu.csv": "eu-csv", "list.ftm.json": "ftm-jsonl", "fbi.json": "fbi-wanted-json"}


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize("size_mb", [pytest.param(1_024, marks=pytest.mark.slow)])
def test_a_field_of_a_gigabyte_takes_little_memory(
    command: Run, workspace: Path, feed: Path, tmp_path: Path, name: str, size_mb: int
) -> None:
    begin, end = ENDLESS[name]
    file = tmp_path / name
    with file.open("wb") as stream:
        stream.write(begin.encode())
        for _ in range(size_mb):
            stream.write(b"x" * (1 << 20))
        stream.write(end.encode())
    common = ("--workspace", workspace, "--as-of", AS_OF, "--lang", "en")
    if name.startswith("register"):
        arguments: tuple[object, ...] = ("screen", file, "--feed", feed, *common)
    else:
        arguments = ("lists", "add", file, "--list", "bad", "--format", FORMATS[name], "--date", "2026-04-01", *common)
    answer = measured(tmp_path / "peak", *arguments)
    file.unlink()
    assert "Traceback" not in answer.err
    assert answer.peak_mb < 400, f"{answer.peak_mb:.0f} MB"
    assert answer.seconds < 120
    assert len(answer.err) < 2_000
    if name == "register.csv":
        assert answer.code == 0, answer.err
        assert len(command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--json").json["leads"]) == 2
    else:
        assert answer.code == 2, (answer.out, answer.err)
        assert name in answer.err
