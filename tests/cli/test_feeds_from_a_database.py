"""Feeds from a query: only what is new is read, nobody who is no lead leaves a trace, and errors name no password."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, Run
from tests.cli.test_graph_draw_in_command import open_case
from tests.databases import Register, postgres_register, postgres_server, sqlite_register, write_feed

pytestmark = pytest.mark.xdist_group("postgres")

OUYANG = "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,2026-04-02,"
ZHANG = "R2,章玉琴,1971-11-23,,,幻县虚构路13号101室,2026-04-04,"
NOBODY = "R4,李明,1990-05-06,,13800138001,幻县虚构路12号501,2026-04-03,"
BROKEN = "R5,赵某某,1991-13-01,,13800138002,幻县虚构路12号503,2026-04-03,"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres_server() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    if request.param == "sqlite":
        with sqlite_register(tmp_path) as found:
            yield found
    else:
        with postgres_register(request.getfixturevalue("server")) as found:
            yield found


@pytest.fixture
def feed(tmp_path: Path, register: Register) -> Path:
    return write_feed(tmp_path / "rental.toml", register.url)


def screen(command: Run, workspace: Path, feed: Path, *more: object, code: int = 0) -> Any:
    done = command("screen", "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--json", *more)
    assert done.code == code, done.err
    return done.json if code == 0 else done.err


def leads(command: Run, workspace: Path) -> dict[str, tuple[str, int]]:
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--json")
    return {
        f"{lead['registration_id']} {lead['entry']['id']}": (lead["state"], lead["revision"])
        for lead in shown.json["leads"]
    }


def test_only_new_and_changed_rows_are_read(command: Run, workspace: Path, register: Register, feed: Path) -> None:
    register.put(OUYANG, NOBODY, at=10)
    first = screen(command, workspace, feed)
    assert (first["counts"]["read"], first["counts"]["leads_new"]) == (2, 1)
    assert first["query"]["since"] == ""
    register.put(ZHANG, at=20)
    second = screen(command, workspace, feed)
    # Rows with the mark that the last run came to are read again: others may have come with it.
    assert (second["counts"]["read"], second["counts"]["leads_new"], second["counts"]["leads_unchanged"]) == (3, 1, 1)
    assert second["query"]["since"] == first["query"]["until"] != second["query"]["until"]
    third = screen(command, workspace, feed)
    assert (third["counts"]["read"], third["counts"]["leads_unchanged"]) == (1, 1)
    register.put(OUYANG.replace("R1", "R9"), at=20)
    tied = screen(command, workspace, feed)
    assert (tied["counts"]["read"], tied["counts"]["leads_new"]) == (2, 1)
    assert leads(command, workspace) == {"R1 W1": ("open", 1), "R2 W2": ("open", 1), "R9 W1": ("open", 1)}
    register.put(OUYANG.replace("1985-03-04", "1985-03-05"), at=30)
    changed = screen(command, workspace, feed)
    assert changed["counts"]["leads_updated"] == 1
    again = screen(command, workspace, feed, "--again")
    assert (again["counts"]["read"], again["counts"]["leads_unchanged"]) == (4, 3)
    assert command("audit", "verify", "--workspace", workspace).code == 0


def test_a_row_committed_late_with_an_earlier_mark_is_read(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    feed = write_feed(tmp_path / "rental.toml", register.url, overlap=None)
    register.put(NOBODY, at=2_000)
    screen(command, workspace, feed)
    register.put(ZHANG, at=1_500)  # dated before, committed after the run
    assert screen(command, workspace, feed)["counts"]["leads_new"] == 1


def test_somebody_who_left_a_registration_in_several_rows_is_told_from_one_whose_row_is_not_new(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    feed = write_feed(tmp_path / "rental.toml", register.url, {"person_id": "姓名"})
    pair = ZHANG.replace("R2", "R1")
    register.put(OUYANG, pair, at=10)
    screen(command, workspace, feed)
    before = leads(command, workspace)
    assert set(before) == {"R1 W1", "R1 W2"}
    register.put(OUYANG.replace("13800138000", "13800138009"), at=20)
    screen(command, workspace, feed)
    assert leads(command, workspace)["R1 W2"] == ("open", 1), "her row is still there, it is only not new"
    register.drop("R1")
    register.put(OUYANG, at=30)
    screen(command, workspace, feed)
    assert leads(command, workspace) == {"R1 W1": ("open", 3), "R1 W2": ("withdrawn", 1)}, "she has left"


def test_rows_without_a_mark_and_marks_that_are_texts_are_refused(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    register.put(NOBODY, at=None)
    feed = write_feed(tmp_path / "rental.toml", register.url)
    assert "rows without a value of 'changed_at'" in screen(command, workspace, feed, code=2)
    register.put(NOBODY, at=3)
    texts = write_feed(tmp_path / "texts.toml", register.url, high_water='"姓名"')
    said = screen(command, workspace, texts, code=2)
    assert "holds str values, expected whole numbers, instants or dates" in said
    assert "李明" not in said


def test_what_is_dated_in_the_future_hides_nothing(command: Run, workspace: Path, register: Register) -> None:
    if not register.instants:
        pytest.skip("numbers have no future")
    feed = write_feed(workspace.parent / "rental.toml", register.url)
    register.put(NOBODY, at=400 * 86_400)
    until = screen(command, workspace, feed)["query"]["until"]
    assert datetime.fromisoformat(until) <= datetime.now(UTC)


def test_quarantined_rows_are_read_again_by_the_query(
    command: Run, workspace: Path, register: Register, feed: Path
) -> None:
    register.put(NOBODY, at=10)
    register.put(BROKEN, at=11)
    register.put(OUYANG, at=12)
    run = screen(command, workspace, feed)["run"]
    shown = command("quarantine", "show", "--run", run, "--source", feed, "--workspace", workspace, "--json").json
    assert [(row["file"], row["line"], row["reason"]) for row in shown] == [("query", 2, "bad-date")]
    assert shown[0]["values"]["姓名"] == "赵某某"
    assert "民族" not in shown[0]["values"]
    register.put(NOBODY, at=13)  # what stood first stands behind now
    told = command("quarantine", "show", "--run", run, "--source", feed, "--workspace", workspace)
    assert "the database has changed" in told.out
    assert "赵某某" not in told.out + told.err
    assert "欧阳" not in told.out


def test_of_people_who_are_no_leads_no_byte_is_left(
    command: Run, workspace: Path, register: Register, feed: Path
) -> None:
    canaries = ("慕容玖琅", "1993-07-07", "13899887766", "虚构里弄七十七号", "Q-77-KEY")
    register.put(OUYANG, f"Q-77-KEY,{canaries[0]},{canaries[1]},,{canaries[2]},{canaries[3]},2026-04-02,", at=10)
    assert screen(command, workspace, feed)["counts"]["screened"] == 2
    files = [path for place in (workspace, workspace.with_name("ws-keys")) for path in place.rglob("*")]
    for path in filter(Path.is_file, files):
        for canary in canaries:
            for encoding in ("utf-8", "utf-16-le", "gb18030"):
                assert canary.encode(encoding) not in path.read_bytes(), (path.name, canary)


def test_the_unit_of_a_lead_is_read_by_its_own_query(
    command: Run, workspace: Path, register: Register, feed: Path
) -> None:
    register.put(OUYANG, NOBODY, "R7,吴同住,1988-08-08,,,幻县虚构路12号501,2026-04-05,", ZHANG, at=10)
    screen(command, workspace, feed)
    open_case(command, workspace)
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--json").json["leads"]
    lead = next(item["lead"] for item in shown if item["registration_id"] == "R1")
    ask = ("graph", "draw-in", f"Lead:{lead}", "--workspace", workspace, "--case", "K-1", "--json")
    drawn = command(*ask)
    assert drawn.code == 0, drawn.err
    assert sorted(person["label"] for person in drawn.json["people"]) == ["吴同住", "李明"]
    assert drawn.json["counts"]["subjects"] == 1
    assert command(*ask, "--feed", feed).json["counts"]["new"] == 0
    write_feed(feed, register.url, unit_query=None)
    assert "expected source.unit_query in its file" in command(*ask).err
    write_feed(feed, register.url, unit_query="'SELECT * FROM registrations WHERE \"现住址\" = :unit_code'")
    assert command(*ask).json["counts"]["registrations"] == 0
    write_feed(feed, register.url, unit_query="'SELECT * FROM registrations WHERE length(:address) > 0'")
    assert command(*ask).json["counts"]["registrations"] == 3, "what is of another unit is left out"
    other = write_feed(feed, register.url, query='"SELECT * FROM registrations WHERE 1 = 1"')
    assert "has not screened this file" in command(*ask, "--feed", other).err
