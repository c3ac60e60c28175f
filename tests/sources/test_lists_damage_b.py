"""Damaged list files: whatever is broken, a reader gives items and at most one error that says where."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError
from netpursuit.ports.readers import ListReader
from netpursuit.records import Entry, Rejected, Unlisted
from netpursuit.sources.lists.canada import CanadaReader
from netpursuit.sources.lists.eu import EuCsvReader, EuXmlReader
from netpursuit.sources.lists.fbi import FbiReader
from netpursuit.sources.lists.ftm import FtmReader
from netpursuit.sources.lists.uk_conlist import UkConlistReader
from netpursuit.sources.lists.uk_list import UkSanctionsListCsvReader, UkSanctionsListXmlReader
from netpursuit.sources.lists.un import UnReader

SAMPLES: list[tuple[ListReader, str]] = [
    (UnReader(), "un_consolidated.xml"),
    (UkConlistReader(), "uk_conlist_2014.csv"),
    (UkConlistReader(), "uk_conlist_2025.csv"),
    (UkSanctionsListCsvReader(), "uk_sanctions_list.csv"),
    (UkSanctionsListXmlReader(), "uk_sanctions_list.xml"),
    (EuCsvReader(), "eu_short_quoted.csv"),
    (EuCsvReader(), "eu_short_plain.csv"),
    (EuXmlReader(), "eu_full.xml"),
    (CanadaReader(), "canada_sema.xml"),
    (FbiReader(), "fbi_wanted.json"),
    (FtmReader(), "invented.ftm.json"),
]
BY_FILE = pytest.mark.parametrize(("reader", "file"), SAMPLES, ids=[file for _, file in SAMPLES])


@BY_FILE
def test_each_file_is_recognised_by_its_own_reader_alone(fixtures: Path, reader: ListReader, file: str) -> None:
    path = fixtures / "lists" / file
    assert {type(known) for known, _ in SAMPLES if known.recognises([path])} == {type(reader)}


@BY_FILE
def test_every_item_tells_file_and_line_and_every_entry_its_authority(
    fixtures: Path, reader: ListReader, file: str
) -> None:
    for item in reader.read([fixtures / "lists" / file]):
        if isinstance(item, Rejected):
            assert (item.file, len(item.file_digest)) == (file, 64)
            assert item.line >= 1
        else:
            assert isinstance(item, Entry | Unlisted)
            assert item.source.file == file
            assert item.source.line >= 1
        if isinstance(item, Entry):
            assert item.warrant.authority
            assert item.person.names


@BY_FILE
def test_every_reason_has_its_words(fixtures: Path, reader: ListReader, file: str) -> None:
    words = Catalogue("zh")
    for item in reader.read([fixtures / "lists" / file]):
        if isinstance(item, Rejected):
            assert f"rejected.{item.reason}" in words
        elif isinstance(item, Unlisted):
            assert f"unlisted.{item.reason}" in words


@BY_FILE
def test_damaged_bytes_never_crash_a_reader(fixtures: Path, tmp_path: Path, reader: ListReader, file: str) -> None:
    content = (fixtures / "lists" / file).read_bytes()
    dice = random.Random(file)
    path = tmp_path / file
    places: set[str] = set()
    for _ in range(60):
        broken = bytearray(content)
        for _ in range(dice.randint(1, 12)):
            broken[dice.randrange(len(broken))] = dice.choice(b'\x00\xff\x80"<>&;,\n\r{}[]:9')
        path.write_bytes(bytes(broken[: dice.randint(1, len(broken))]))
        reader.recognises([path])
        for step in (reader.header, lambda paths: all(reader.read(paths))):
            try:
                step([path])
            except InputError as error:
                places.add(error.where)
    assert places <= {file}


@BY_FILE
def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path, reader: ListReader, file: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        reader.header([tmp_path / file])
    assert not reader.recognises([tmp_path / file])


@pytest.mark.parametrize(
    "value", ["null", "7", '"text"', "[7, null]", '{"a": 1}', '[["x"]]', "true"], ids=lambda text: text
)
def test_json_values_of_the_wrong_kind_are_read_as_not_stated(tmp_path: Path, value: str) -> None:
    fbi, ftm = tmp_path / "fbi.json", tmp_path / "ftm.json"
    fields = ("aliases", "dates_of_birth_used", "sex", "nationality", "subjects", "description", "path", "status")
    fbi.write_text(
        '{"items": [{"uid": "w1", "title": "SELIM ORAN", '
        + ", ".join(f'"{field}": {value}' for field in fields)
        + "}]}",
        encoding="utf-8",
    )
    found = list(FbiReader().read([fbi]))
    assert [item.entry_id for item in found if isinstance(item, Entry)] == ["w1"]
    keys = ("birthDate", "gender", "nationality", "idNumber", "address", "alias", "phone")
    ftm.write_text(
        '{"id": "p1", "schema": "Person", "properties": {"name": ["Selim Oran"], "topics": ["wanted"], '
        + ", ".join(f'"{key}": {value}' for key in keys)
        + "}}\n",
        encoding="utf-8",
    )
    assert [item.entry_id for item in FtmReader().read([ftm]) if isinstance(item, Entry)] == ["p1"]
