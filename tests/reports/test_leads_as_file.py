"""Files of leads: stable bytes, safe cells, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError, StorageError
from netpursuit.records import EntryKey, Lead, Match, MatchedEntry
from netpursuit.reports.leads_file import COLUMNS, GROUP_COLUMNS, Notice, write_leads, write_notice

KEY = EntryKey(list_id="wanted", entry_id="T1")


def test_the_same_leads_in_another_order_give_the_same_bytes(make_lead: Callable[..., Lead], tmp_path: Path) -> None:
    leads = [make_lead(registration_id=f"XG-{number}") for number in (3, 1, 2)]
    for ending in ("csv", "jsonl"):
        write_leads(leads, {KEY: "刘建业"}, tmp_path / f"a.{ending}")
        write_leads(leads[::-1], {KEY: "刘建业"}, tmp_path / f"b.{ending}")
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_a_csv_row_carries_the_promised_columns(make_lead: Callable[..., Lead], tmp_path: Path) -> None:
    assert write_leads([make_lead()], {KEY: "刘建业"}, tmp_path / "leads.csv") == 1
    (row,) = csv.DictReader(io.StringIO((tmp_path / "leads.csv").read_text(encoding="utf-8")))
    assert tuple(row) == COLUMNS
    assert row["registration_id"] == "XG-1"
    assert (row["list"], row["entry_id"], row["entry_name"]) == ("wanted", "T1", "刘建业")
    assert (row["band"], row["bits"]) == ("strong", "9.6")
    assert float(row["probability"]) == pytest.approx(0.9987, abs=1e-4)
    assert "document:one-slip:+14.5" in row["evidence"]


def test_a_json_line_carries_the_evidence_whole(make_lead: Callable[..., Lead], tmp_path: Path) -> None:
    write_leads([make_lead()], {KEY: "刘建业"}, tmp_path / "leads.jsonl")
    row = json.loads((tmp_path / "leads.jsonl").read_text(encoding="utf-8"))
    assert tuple(row) == COLUMNS
    assert {"field": "name", "level": "same-other-script"}.items() <= row["evidence"][1].items()


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0", "＝1"])
def test_no_cell_of_a_csv_is_taken_for_a_formula(make_lead: Callable[..., Lead], tmp_path: Path, evil: str) -> None:
    write_leads([make_lead(registration_id=evil)], {KEY: evil}, tmp_path / "leads.csv")
    with (tmp_path / "leads.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["registration_id"] == f"'{evil}"
    assert row["entry_name"] == f"'{evil}"


def test_negative_bits_stay_a_number(
    make_lead: Callable[..., Lead], make_match: Callable[..., Match], tmp_path: Path
) -> None:
    match = make_match((("prior", "prior", -15_000, "", ""), ("name", "same", 12_000, "", "")))
    write_leads([make_lead(match=match)], {}, tmp_path / "leads.csv")
    (row,) = csv.DictReader(io.StringIO((tmp_path / "leads.csv").read_text(encoding="utf-8")))
    assert row["bits"] == "-3.0"


def test_an_unknown_ending_is_refused_and_nothing_written(make_lead: Callable[..., Lead], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv or \.jsonl"):
        write_leads([make_lead()], {}, tmp_path / "leads.docx")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_earlier_file_and_no_temporary_one(
    make_lead: Callable[..., Lead], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "leads.csv"
    target.write_text("earlier", encoding="utf-8")

    def refuse(self: Path, other: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageError, match="No space left"):
        write_leads([make_lead()], {}, target)
    assert [path.name for path in tmp_path.iterdir()] == ["leads.csv"]
    assert target.read_text(encoding="utf-8") == "earlier"


def test_a_missing_folder_is_a_storage_error(make_lead: Callable[..., Lead], tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"leads\.csv"):
        write_leads([make_lead()], {}, tmp_path / "gone" / "leads.csv")


def test_the_notice_states_purpose_user_run_and_expiry(tmp_path: Path) -> None:
    notice = Notice(purpose="check", user="alice", run_ids=("R-1",), expires_on=date(2026, 6, 30))
    text = write_notice(tmp_path / "leads.csv", notice, Catalogue("en")).read_text(encoding="utf-8")
    for part in ("leads.csv", "none is a verdict", "check", "alice", "R-1", "2026-06-30"):
        assert part in text


def test_a_lead_on_a_group_tells_all_its_entries_in_columns_that_other_files_do_not_have(
    make_lead: Callable[..., Lead], make_match: Callable[..., Match], tmp_path: Path
) -> None:
    single = make_lead()
    others = [make_match(entry="T1"), make_match(entry="=T2")]
    entries = tuple(
        MatchedEntry(match=match, entry_version="e", list_version="v", list_date=date(2026, 1, 1)) for match in others
    )
    group = replace(single.key, registration_id="XG-2", entry=EntryKey(list_id="", entry_id="G-ABCDEFGHIJKL"))
    lead = replace(single, lead_id="L-2", key=group, match=others[0], entries=entries)
    write_leads([lead, single], {KEY: "刘建业"}, tmp_path / "leads.csv")
    with (tmp_path / "leads.csv").open(encoding="utf-8", newline="") as file:
        one, two = csv.DictReader(file)
    assert tuple(one) == (*COLUMNS, *GROUP_COLUMNS)
    assert (one["group"], one["entries"]) == ("", "")
    assert (two["group"], two["entries"]) == ("G-ABCDEFGHIJKL", "wanted:T1:strong:+9.6; wanted:=T2:strong:+9.6")
    write_leads([lead, single], {KEY: "刘建业"}, tmp_path / "leads.jsonl")
    one, two = map(json.loads, (tmp_path / "leads.jsonl").read_text(encoding="utf-8").splitlines())
    assert tuple(one) == COLUMNS
    assert [(item["entry_id"], item["entry_name"]) for item in two["entries"]] == [("T1", "刘建业"), ("=T2", "")]
