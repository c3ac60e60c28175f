"""A list that arrives truncated, in every format: whatever it lacks is not withdrawn, and what was in force stays."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run

CUTS = 8
# Rows of text, where a cut between two rows leaves a list that is whole in itself.
ROWS = (
    "bis.txt",
    "own.csv",
    "eu_short_plain.csv",
    "eu_short_quoted.csv",
    "uk_conlist_2014.csv",
    "uk_sanctions_list.csv",
)
OTHERS = (
    *("canada_sema.xml", "eu_full.xml", "ofac_sdn.xml", "ofac_advanced.xml", "un_consolidated.xml"),
    *("uk_sanctions_list.xml", "fbi_wanted.json", "invented.ftm.json"),
)
LARGE = (
    *("bis/dpl.txt", "canada/canada_sema.xml", "eu/EUSanctionsShort.csv", "fbi/fbi_wanted_2020-11.json"),
    *("uk/sanctionsconlist.csv", "un/UN_consolidated_2026-02-27.xml", "ftm/zala.entities.ftm.json"),
)


class Delivered:
    """A workspace with one list from a file that is then cut."""

    def __init__(self, command: Run, folder: Path, source: Path) -> None:
        self._command, self._whole = command, source.read_bytes()
        if not self._whole.startswith((b"<", b"{", b"[", b"\xef\xbb\xbf<")):
            self._whole = self._whole.rstrip(b"\x1a\r\n") + b"\n"
        self._file = folder / source.name
        self._file.write_bytes(self._whole)
        mapping = source.with_suffix(".toml")
        self._arguments = [
            *("lists", "add", self._file, "--list", "x", "--workspace", folder / "ws", "--reason", "check:T-1"),
            *("--json", "--as-of", "2026-11-26", "--date", "2026-11-20", "--lang", "en"),
            *(("--mapping", mapping) if mapping.is_file() else ()),
        ]
        self.size = len(self._whole)
        self.first = command(*self._arguments)
        self._shown = ("lists", "show", "--workspace", folder / "ws", "--reason", "check:T-1", "--json")

    def standing(self) -> object:
        return self._command(*self._shown, "--as-of", "2026-11-26").json

    def deliver(self, size: int) -> tuple[int, str]:
        self._file.write_bytes(self._whole[:size])
        answer = self._command(*self._arguments)
        return answer.code, answer.err

    def ends_a_row(self, size: int) -> bool:
        return self._whole[:size].rstrip(b" \t").endswith((b"\n", b"\r"))


def offsets(size: int, count: int, seed: str) -> list[int]:
    """Seeded places to cut at, half of them near the end, where little is missing."""
    dice = random.Random(seed)
    near = max(1, size - min(size // 3, 4_000))
    return sorted(
        {dice.randrange(1, size - 2) for _ in range(count)} | {dice.randrange(near, size - 2) for _ in range(count)}
    )


def check(list_file: Delivered, seed: str, count: int) -> None:
    assert list_file.first.code == 0, list_file.first.err
    before = list_file.standing()
    for size in offsets(list_file.size, count, seed):
        if list_file.ends_a_row(size):
            continue
        code, said = list_file.deliver(size)
        assert code == 2, f"cut at {size} of {list_file.size} was taken"
        assert said.count("\n") <= 3, "one sentence"
        assert "Traceback" not in said
        assert list_file.standing() == before, size
    assert list_file.deliver(list_file.size)[0] == 0, "the whole file is taken again"


@pytest.mark.parametrize("name", [*ROWS, *OTHERS])
def test_a_list_cut_anywhere_within_a_record_is_not_taken(
    command: Run, fixtures: Path, tmp_path: Path, name: str
) -> None:
    check(Delivered(command, tmp_path, fixtures / "lists" / name), name, CUTS)


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_published_list_cut_anywhere_within_a_record_is_not_taken(
    command: Run, shared_data: Path, tmp_path: Path, name: str
) -> None:
    check(Delivered(command, tmp_path, shared_data / "lists" / name), name, 4)


@pytest.mark.data
def test_a_list_cut_between_rows_withdraws_only_what_may_go_without_a_word(
    command: Run, shared_data: Path, tmp_path: Path
) -> None:
    whole = (shared_data / "lists" / "bis" / "dpl.txt").read_bytes()
    list_file = Delivered(command, tmp_path, shared_data / "lists" / "bis" / "dpl.txt")
    before = list_file.standing()
    lines = whole.splitlines(keepends=True)
    for share in (0.2, 0.5, 0.9):
        code, said = list_file.deliver(sum(map(len, lines[: int(len(lines) * share)])))
        assert (code, "would be withdrawn" in said) == (2, True), share
        assert list_file.standing() == before


def test_a_file_that_is_whole_and_ends_so_is_taken_by_an_explicit_word_and_then_always(
    command: Run, fixtures: Path, tmp_path: Path
) -> None:
    for name in ("own.csv", "own.toml"):
        shutil.copy(fixtures / "lists" / name, tmp_path / name)
    listed = tmp_path / "own.csv"
    text = listed.read_text(encoding="utf-8").rstrip("\n")
    add = (
        *("lists", "add", listed, "--list", "x", "--mapping", tmp_path / "own.toml", "--workspace", tmp_path / "ws"),
        *("--reason", "check:T-1", "--as-of", "2026-11-26"),
    )
    listed.write_text(text + "\n", encoding="utf-8")
    assert command(*add).code == 0
    listed.write_text(text, encoding="utf-8")
    refused = command(*add, "--lang", "en")
    assert (refused.code, "may have been cut off" in refused.err) == (2, True)
    assert "截断" in command(*add, "--lang", "zh").err
    assert command(*add, "--accept-withdrawals").code == 0
    assert command(*add).code == 0, "this publisher ends its files so"
