"""A receipt is that of an undisturbed run, whatever stopped the run; its key is in no other file (A18)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, person, row, wanted, written_rows

from netpursuit.engines.local import LocalEngine
from netpursuit.errors import InputError, StorageError
from netpursuit.ports.truth import UnitOfWork
from netpursuit.records import Rejected, Role, UnnamedPerson
from netpursuit.reports.receipt_file import read_receipt, receipt_at
from netpursuit.screening.run import Progress, ScreenAnswer, ScreenRequest, screen

ANA = person("Ana Example", "1980-01-02")
BEN = person("Ben Example", "1981-03-04", "N-81")
ZOE = person("Zoe Nobody", "1990-09-09")
LISTED = [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")]
KEY = bytes(range(32))
NOTICE = {"warning": "w", "purpose": "p", "user": "u", "expires_on": "2026-12-31"}
BAD = Rejected(file_digest="d" * 64, file="night.csv", line=6, column="birth_date", reason="bad-date")
ROWS: list[Any] = [
    row("R0", ANA),
    row("R1", ZOE, ZOE, line=3),
    row("R2", ZOE, line=4, role=Role.LANDLORD),
    row("R3", BEN, line=5, start_date=date(2025, 1, 1)),
    BAD,
    row("R1", ZOE, line=7),
    row("R4", BEN, line=8, unnamed=(UnnamedPerson(role=Role.OCCUPANT, column="name"),)),
    row("R1", ANA, BEN, ZOE, line=9),
    *(row(f"S{number}", (ANA, ZOE, BEN)[number % 3], line=10 + number) for number in range(12)),
    row("S3", ZOE, line=30),
]
MARKS = [
    "tenant:screened",
    "tenant:screened tenant:screened",
    "landlord:role-not-screened",
    "tenant:out-of-period",
    "rejected:bad-date",
    "tenant:repeated",
    "tenant:screened occupant:unnamed",
    "tenant:repeated tenant:repeated tenant:screened",
    *["tenant:screened"] * 12,
    "tenant:repeated",
]


class StopsHereError(Exception):
    """The run stops here."""


@pytest.fixture
def listed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A workspace whose runs all have one key."""
    monkeypatch.setattr("netpursuit.screening.receipt.new_key", lambda: KEY)
    bench.add("pub", LISTED)
    return bench


def run(
    bench: Bench, path: Path, rows: list[Any] = ROWS, *, tell: Callable[[Progress], None] | None = None, **more: Any
) -> ScreenAnswer:
    request = ScreenRequest(
        feed=FEED,
        source=RowsSource(rows),
        engine=LocalEngine(more.pop("workers", 1)),
        as_of=DAY,
        chunk_rows=more.pop("chunk_rows", 3),
        receipt=receipt_at(lambda manifest: path, NOTICE),
        **more,
    )
    return screen(bench.desk, request, tell or (lambda progress: None))


def stopping(at: int) -> Callable[[Progress], None]:
    def stop(progress: Progress) -> None:
        if progress.rows_done >= at:
            raise StopsHereError

    return stop


def bytes_of(path: Path, answer: ScreenAnswer) -> bytes:
    """The receipt without the name of its run."""
    return path.read_bytes().replace(answer.manifest.run_id.encode(), b"RUN")


def test_each_row_is_in_the_receipt_with_what_became_of_it(listed: Bench, tmp_path: Path) -> None:
    answer = run(listed, tmp_path / "r")
    receipt = read_receipt(tmp_path / "r")
    assert list(receipt.marks) == MARKS
    assert [receipt.find(item) for item in written_rows(ROWS)] == list(range(len(ROWS)))
    assert (answer.receipt.rows, answer.receipt.root) == (receipt.rows, receipt.root)
    assert receipt.is_whole()
    said = {"screened": 0, "role-not-screened": 0, "unnamed": 0}
    for part in " ".join(MARKS).split(" "):
        fate = part.partition(":")[2]
        said[fate] = said.get(fate, 0) + 1
    counts = answer.manifest.counts
    assert (said["screened"], said["role-not-screened"]) == (counts.screened, counts.unscreened_role)
    assert said["unnamed"] == counts.unscreened_unnamed == 1


@pytest.mark.parametrize(("stops", "workers"), [((3,), 1), ((6, 15), 1), ((21,), 1), ((9,), 2)])
def test_a_run_that_was_stopped_gives_the_receipt_of_an_undisturbed_one(
    listed: Bench, tmp_path: Path, stops: tuple[int, ...], workers: int
) -> None:
    for at in stops:
        with pytest.raises(StopsHereError):
            run(listed, tmp_path / "r", tell=stopping(at))
        listed.now += timedelta(minutes=1)
        assert not (tmp_path / "r").exists()
    last = run(listed, tmp_path / "r", workers=workers)
    assert last.resumed_rows > 0
    other = open_bench(tmp_path / "undisturbed")
    other.add("pub", LISTED)
    whole = run(other, tmp_path / "w", chunk_rows=5)
    assert bytes_of(tmp_path / "r", last) == bytes_of(tmp_path / "w", whole)
    assert last.receipt == whole.receipt
    other.workspace.close()


def test_a_night_that_goes_through_old_files_says_which_stays_had_ended(listed: Bench, tmp_path: Path) -> None:
    """Also where it was stopped after it has made a lead on a registration of which another stay had ended."""
    over = date(2026, 11, 1)
    rows = [row("R1", ZOE, end_date=over), row("R1", ANA, line=3), row("R2", BEN, line=4), row("R3", ZOE, line=5)]
    with pytest.raises(StopsHereError):
        run(listed, tmp_path / "r", rows, tell=stopping(2), chunk_rows=2, running_only=True)
    assert [lead.key.registration_id for lead in listed.truth.leads()] == ["R1"]
    run(listed, tmp_path / "r", rows, chunk_rows=2, running_only=True)
    assert read_receipt(tmp_path / "r").marks == ("stay-ended", *["tenant:screened"] * 3)


def test_where_the_run_cannot_end_its_receipt_is_written_anew(
    listed: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("netpursuit.screening.run._Run.finish", full)
        with pytest.raises(StorageError, match="full"):
            run(listed, tmp_path / "r")
    assert (tmp_path / "r").exists(), "it was written before the end of the run was to be on record"
    assert all("receipt" not in (item.outcome.about if item.outcome else {}) for item in listed.desk.gate.log.read())
    answer = run(listed, tmp_path / "r")
    assert read_receipt(tmp_path / "r").root == answer.receipt.root
    # Now it is the receipt of a run that has ended: no other one takes its place.
    before = (tmp_path / "r").read_bytes()
    with pytest.raises(InputError, match="there already"):
        run(listed, tmp_path / "r")
    assert (tmp_path / "r").read_bytes() == before


def test_a_receipt_that_cannot_be_written_lets_no_run_end(
    listed: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("netpursuit.reports.receipt_file.os.fsync", full)
        with pytest.raises(StorageError, match="cannot be written"):
            run(listed, tmp_path / "r")
    (manifest,) = listed.truth.runs()
    assert manifest.finished_at is None
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == []
    assert run(listed, tmp_path / "r").manifest.run_id == manifest.run_id


def test_the_root_is_put_on_record_in_the_transaction_that_ends_the_run(
    listed: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from netpursuit.gate.gate import OpenConsultation

    kept = OpenConsultation.conclude

    def conclude(self: OpenConsultation, outcome: Any, unit: UnitOfWork | None = None) -> None:
        if unit is not None:
            raise StopsHereError
        kept(self, outcome, unit)

    with monkeypatch.context() as patched:
        patched.setattr(OpenConsultation, "conclude", conclude)
        with pytest.raises(StopsHereError):
            run(listed, tmp_path / "r")
    assert listed.truth.runs()[0].finished_at is None
    stated = [item for item in listed.truth.log_records() if item.payload and "receipt_rows" in item.payload]
    assert stated == []
    assert listed.desk.gate.log.verify() == []


@pytest.mark.parametrize("at", [0, 9, None], ids=["as it begins", "in the middle", "at its end"])
def test_the_key_of_a_run_is_in_no_byte_of_workspace_or_keys(listed: Bench, tmp_path: Path, at: int | None) -> None:
    if at is None:
        run(listed, tmp_path / "r")
    else:
        with pytest.raises(StopsHereError):
            run(listed, tmp_path / "r", tell=stopping(at))
    receipts = {file for file in tmp_path.rglob("*") if file == tmp_path / "r"}
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file not in receipts]
    assert {"truth.sqlite", "keys.sqlite"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes()
        assert KEY not in content, file
        assert KEY.hex().encode() not in content, file
    assert bool(receipts) == (at is None)


def test_two_runs_of_one_file_have_keys_and_roots_of_their_own(bench: Bench, tmp_path: Path) -> None:
    bench.add("pub", LISTED)
    first, second = run(bench, tmp_path / "a"), run(bench, tmp_path / "b")
    held = [read_receipt(tmp_path / name) for name in ("a", "b")]
    assert held[0].seals.key != held[1].seals.key
    assert first.receipt.root != second.receipt.root
    assert set(held[0].leaves()).isdisjoint(held[1].leaves())
