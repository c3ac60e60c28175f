"""A night over feeds with databases: new rows, backwards over earlier ones, and what goes wrong with one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PEOPLE, Run
from tests.cli.test_night_command import DAY_ONE, NEWCOMERS, House, fates, whats
from tests.databases import Register, sqlite_register, write_feed

NEWCOMERS_ROW = "R8,马远行,1991-01-01,,,幻县虚构路31号,2026-04-02,"
ENDED = "R9,马远行,1991-01-01,,,幻县虚构路30号,2026-04-02,2026-04-05"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with sqlite_register(tmp_path) as found:
        yield found


@pytest.fixture
def house(tmp_path: Path, command: Run, register: Register) -> House:
    """The house whose rental feed is read from a database."""
    house = House(tmp_path / "house", command)
    text = (house.folder / "night.toml").read_text(encoding="utf-8")
    (house.folder / "night.toml").write_text(
        text.replace('folder = "rental"\npattern = "*.csv"\n', ""), encoding="utf-8"
    )
    write_feed(house.folder / "rental.toml", register.url)
    register.put(*DAY_ONE, at=10)
    return house


def configure(house: House, part: str, other: str) -> None:
    path = house.folder / "night.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(part, other), encoding="utf-8")


def rental(night: Any) -> dict[str, Any]:
    (feed,) = [item for item in night["feeds"] if item["feed"] == "rental"]
    return {item["file"]: item for item in feed["files"]}


def test_a_night_reads_what_is_new_and_the_next_one_what_came_since(house: House, register: Register) -> None:
    planned = house.night("--dry-run")
    assert fates(planned)["rental/query"] == "would-screen"
    first = house.night()
    assert fates(first)["rental/query"] == "new"
    assert set(house.leads()) == {"R1 W1", "R3 W2", "R4 V1"}
    register.put("R5,章玉琴,1971-11-23,,,幻县虚构路19号,2026-04-08,", at=20)
    second = house.night()
    assert rental(second)["query"]["counts"]["read"] == 4, "the rows of the last mark, and the new one"
    assert rental(second)["query-earlier"]["fate"] == "known"
    assert whats(second) == ["new"]
    before = house.leads()
    third = house.night()
    assert third["leads"] == third["problems"] == third["unchecked"] == []
    assert house.leads() == before


def test_a_new_entry_is_found_among_earlier_rows_of_running_stays(house: House, register: Register) -> None:
    register.put(ENDED, at=11)
    house.night()
    house.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    planned = house.night("--dry-run")
    assert fates(planned)["rental/query-earlier"] == "would-backwards"
    night = house.night()
    assert (fates(night)["rental/query-earlier"], fates(night)["rental/query"]) == ("backwards", "new")
    assert rental(night)["query-earlier"]["counts"]["stays_ended"] == 1
    assert set(house.leads()) >= {"R1 W1", "R2 W4", "R3 W2"}
    assert night["unchecked"] == []
    again = house.night()
    assert fates(again)["rental/query-earlier"] == "known"
    path = house.folder / "night.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('feed = "rental.toml"', 'feed = "rental.toml"\nbackwards = "period"'), encoding="utf-8"
    )
    register.put(NEWCOMERS_ROW, at=30)
    night = house.night()
    assert fates(night)["rental/query-earlier"] == "backwards", "it was gone through in part alone"
    assert "R9 W5" in house.leads()


def test_what_is_not_gone_through_backwards_is_named(house: House, register: Register) -> None:
    house.night()
    configure(house, 'feed = "rental.toml"', 'feed = "rental.toml"\nbackwards = "off"')
    house.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    night = house.night()
    assert fates(night)["rental/query-earlier"] == "left"
    (item,) = night["unchecked"]
    assert (item["feed"], item["why"], item["files"]) == ("rental", "backwards-off", ["query-earlier"])
    assert [news["ids"] for news in item["entries"]] == [["W4", "W5"]]


def test_a_changed_feed_file_reads_everything_again(house: House, register: Register) -> None:
    house.night()
    file = house.folder / "rental.toml"
    text = file.read_text(encoding="utf-8").replace('"tenant", "occupant"', '"tenant", "occupant", "guest"')
    file.write_text(text, encoding="utf-8")
    night = house.night()
    assert "query-earlier" not in rental(night)
    assert rental(night)["query"]["counts"]["read"] == 3


def test_a_database_that_is_down_leaves_the_other_feeds_alone(house: House, register: Register, tmp_path: Path) -> None:
    house.night()
    moved = (tmp_path / "register.sqlite").rename(tmp_path / "moved.sqlite")
    house.register("hotel/day2.csv", "R6,柳如烟,1983-08-08,,,幻县虚构路20号,2026-04-09,")
    night = house.night(code=3)
    assert fates(night)["rental/query"] == "failed"
    assert fates(night)["hotel/day2.csv"] == "new"
    (problem,) = night["problems"]
    assert problem["about"] == "rental/query"
    assert "unable to open database file" in problem["why"]
    assert [(item["why"], item["files"]) for item in night["unchecked"]] == [("failed", ["query"])]
    moved.rename(tmp_path / "register.sqlite")
    assert house.night()["problems"] == []


def test_a_feed_with_a_database_takes_no_files(house: House) -> None:
    configure(house, 'feed = "rental.toml"', 'feed = "rental.toml"\nfolder = "rental"')
    refused = house.run()
    assert refused.code == 2
    assert "the feed is read from its database" in refused.err
