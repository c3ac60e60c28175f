"""Which format some files are is judged by their content; what is of none is said plainly."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpursuit.catalogue import all_words
from netpursuit.errors import InputError
from netpursuit.sources.lists.registry import FORMATS, READERS, expand, find_reader


def test_every_format_has_a_name_of_its_own() -> None:
    assert len(set(FORMATS)) == len(FORMATS) == len(READERS) + 1


def test_a_folder_gives_its_files_in_order_without_hidden_ones(fixtures: Path, tmp_path: Path) -> None:
    names = [path.name for path in expand([fixtures / "lists" / "ofac_legacy"])]
    assert names == ["SDN.CSV", "add.csv", "alt.csv", "sdn_comments.csv"]
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="no file"):
        expand([tmp_path])
    with pytest.raises(InputError, match="not found"):
        expand([tmp_path / "nothing.csv"])
    with pytest.raises(InputError, match="no file"):
        expand([])


@pytest.mark.parametrize(
    ("path", "format_name"),
    [
        ("ofac_legacy", "ofac-legacy"),
        ("ofac_sdn.xml", "ofac-xml"),
        ("ofac_advanced.xml", "ofac-advanced-xml"),
        ("bis.txt", "bis-dpl"),
    ],
)
def test_formats_are_recognised_by_content(fixtures: Path, tmp_path: Path, path: str, format_name: str) -> None:
    files = expand([fixtures / "lists" / path])
    assert find_reader(files).format == format_name
    renamed = []
    for number, file in enumerate(files):
        copy = tmp_path / f"{number}.dat"
        copy.write_bytes(file.read_bytes())
        renamed.append(copy)
    assert find_reader(renamed).format == format_name


def test_a_stated_format_is_taken_at_its_word_and_the_reader_says_what_does_not_fit(fixtures: Path) -> None:
    path = fixtures / "lists" / "bis.txt"
    reader = find_reader([path], "ofac-legacy")
    with pytest.raises(InputError):
        reader.header([path])
    with pytest.raises(InputError, match="unknown format"):
        find_reader([path], "gospel")


def test_a_mapping_decides_the_reader(fixtures: Path) -> None:
    path = fixtures / "lists" / "own.csv"
    reader = find_reader([path], mapping=fixtures / "lists" / "own.toml")
    assert reader.format == "mapped"
    assert reader.header([path]).own
    with pytest.raises(InputError, match="without a mapping"):
        find_reader([path], "mapped")
    with pytest.raises(InputError, match="with a mapping"):
        find_reader([path], "bis-dpl", mapping=fixtures / "lists" / "own.toml")


def test_unknown_files_are_refused_with_the_known_formats(fixtures: Path) -> None:
    with pytest.raises(InputError, match=r"ofac-legacy.*mapping"):
        find_reader([fixtures / "lists" / "own.csv"])


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty"), (b"\r\n \r\n", "empty"), (b"\x00\x01\x02\xff" * 400, "binary")]
)
def test_empty_and_binary_files_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        find_reader([path])
    for reader in READERS:
        with pytest.raises(InputError):
            reader.header([path])


def test_every_reason_of_a_rejection_has_words() -> None:
    words = all_words()
    reasons = (
        *("entry-bad-row", "entry-bad-date", "entry-no-name", "entry-unknown", "entry-kind", "entry-too-long", "no-id"),
        *("repeated-id", "missing-warrant-field", "review-too-late", "unknown-instrument", "unknown-operation"),
    )
    assert [reason for reason in reasons if f"rejected.{reason}" not in words] == []
