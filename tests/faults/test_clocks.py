"""Clocks that go back or forward, the 29th of February, and time zones: what is in force is judged by the right day."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

import netpursuit.stores.workspace
import netpursuit.wiring.folders
from tests.cli.conftest import HEADER, MAPPING, Answer, Run, feed_text
from tests.cli.test_night_command import STAYS, House

SetClock = Callable[[str], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the machine's clock, as the program reads it, to an instant in UTC."""

    def set_to(text: str) -> None:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)

        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:
                # Each reading a little later, as on a machine; the start is what the test states.
                return moment.astimezone(tz) if tz else moment.astimezone().replace(tzinfo=None)

        for module in (netpursuit.stores.workspace, netpursuit.wiring.folders):
            monkeypatch.setattr(module, "datetime", Clock)

    return set_to


@pytest.fixture
def machine_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def set_to(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield set_to
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def house(tmp_path: Path, command: Run, set_clock: SetClock) -> House:
    set_clock("2026-04-10T02:00:00")
    return House(tmp_path / "house", command)


def by_the_clock(house: House, *more: object) -> Answer:
    """A night on no stated day."""
    return house._command("night", house.folder / "night.toml", "--lang", "en", "--json", *more)


def night(house: House, code: int = 0) -> Any:
    answer = by_the_clock(house)
    assert answer.code == code, (answer.out, answer.err)
    return answer.json


def refusals(found: Any) -> dict[str, str]:
    return {feed["feed"]: feed["refused"] for feed in found["feeds"]}


def test_a_clock_that_went_back_stops_a_night_before_it_does_anything(
    house: House, set_clock: SetClock, command: Run
) -> None:
    night(house)
    leads, records = house.leads(), len(house.log())
    house.register("rental/day2.csv", "R5,章玉琴,1971-11-23,,,幻县虚构路19号,2026-04-08,")
    set_clock("2026-04-09T02:00:00")
    stopped = by_the_clock(house)
    assert stopped.code == 1
    assert "the clock says 2026-04-09T02:00:00" in stopped.err
    assert "set the machine's clock" in stopped.err
    set_clock("2026-04-10T02:00:30")
    assert house.leads() == leads
    assert len([item for item in house.log() if item["verb"] == "night"]) == 1
    assert len(house.log()) >= records
    assert night(house)["resumed"] is False
    assert "R5 W2" in house.leads()
    assert command("audit", "verify", "--workspace", house.workspace).code == 0


def test_a_clock_that_went_forward_ends_what_has_run_out_and_cannot_be_taken_back_in_silence(
    house: House, set_clock: SetClock
) -> None:
    night(house)
    set_clock("2027-01-01T02:00:00")
    later = night(house, code=3)
    assert refusals(later) == {"rental": "feed-expired", "hotel": "feed-expired"}
    assert {item["status"] for item in later["lists"]} == {"expired"}
    assert {state for state, _, _ in house.leads().values()} == {"withdrawn"}
    set_clock("2026-04-11T02:00:00")
    stopped = by_the_clock(house)
    assert stopped.code == 1
    assert "before the last log record (2027-01-01T02:00:00" in stopped.err


def test_the_last_day_of_february_is_a_day_like_any_other(tmp_path: Path, command: Run, set_clock: SetClock) -> None:
    set_clock("2028-02-29T03:00:00")
    house = House(tmp_path / "leap", command)
    (house.folder / "mapping.toml").write_text(MAPPING.replace("2026-04-01", "2028-02-28"), encoding="utf-8")
    entry = "W{0},{1},,女,{2},,虚构省幻县二路2号,诈骗,幻县公安局,000-1,幻捕字{0}号,2028-01-31,{3}"
    for name in ("wanted.csv", "second/second.csv"):
        people = (
            entry.format(1, "章玉琴", "1988-02-29", "2028-02-29"),
            entry.format(2, "白夜行", "1979-09-09", "2028-05-28"),
        )
        (house.folder / name).write_text("\n".join([HEADER, *people]) + "\n", encoding="utf-8")
    feed = feed_text(dict(STAYS), period_from="2028-02-29", period_to="2028-02-29", expires_on="2028-02-29")
    (house.folder / "rental.toml").write_text(feed, encoding="utf-8")
    hotel = feed_text(dict(STAYS), feed_id='"hotel"', period_to="2028-12-31", expires_on="2028-12-31")
    (house.folder / "hotel.toml").write_text(hotel, encoding="utf-8")
    house.register("rental/day1.csv", "R1,章玉琴,1988-02-29,,,幻县虚构路13号,2028-02-29,")
    house.register("hotel/day1.csv", "R2,章玉琴,1988-02-29,,,幻县虚构路13号,2028-02-28,2028-03-01")
    first = night(house)
    assert first["as_of"] == "2028-02-29"
    assert [item["what"] for item in first["leads"]] == ["new"] * 4, "in force on its last day, on both lists"
    assert {item["list"]: item["about_to_expire"] for item in first["lists"]}["wanted"] == {"30": 1, "7": 1}
    set_clock("2028-02-29T17:00:00")  # in Shanghai the first of March has begun
    second = night(house, code=3)
    assert refusals(second) == {"rental": "feed-expired", "hotel": None}
    set_clock("2028-03-01T03:00:00")
    assert {item["flag"] for item in night(house, code=3)["leads"]} <= {"entry-expired"}
    states = {lead["flag"] for lead in _all(house, "2028-03-01")}
    assert states == {"entry-expired"}


def _all(house: House, day: str) -> list[dict[str, Any]]:
    shown = house._command(
        *("leads", "list", "--workspace", house.workspace, "--as-of", day, "--reason", "check:T-1", "--json")
    )
    found: list[dict[str, Any]] = shown.json["leads"]
    return found


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is set on POSIX")
@pytest.mark.parametrize("machine", ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_feed_runs_until_its_own_midnight_wherever_the_machine_is(
    house: House, set_clock: SetClock, machine_zone: Callable[[str], None], machine: str
) -> None:
    machine_zone(machine)
    for name in ("rental", "hotel"):
        text = feed_text(dict(STAYS), feed_id=f'"{name}"', expires_on="2026-04-10")
        (house.folder / f"{name}.toml").write_text(text, encoding="utf-8")
    set_clock("2026-04-10T15:59:00")  # 23:59 in Shanghai
    assert refusals(night(house)) == {"rental": None, "hotel": None}
    set_clock("2026-04-10T16:00:00")
    assert set(refusals(night(house, code=3)).values()) == {"feed-expired"}


@pytest.mark.parametrize(
    ("zone", "expires", "last", "after"),
    [
        # The hour that is left out: midnight comes at 23:00 UTC, an hour earlier than the day before.
        ("Europe/London", "2026-03-29", "2026-03-29T22:59:00", "2026-03-29T23:00:00"),
        # The hour that comes twice: the day has 25.
        ("Europe/London", "2026-10-25", "2026-10-25T23:59:00", "2026-10-26T00:00:00"),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-05T13:29:00", "2026-04-05T13:30:00"),
    ],
)
def test_summer_time_moves_the_midnight_of_a_feed(
    tmp_path: Path, command: Run, set_clock: SetClock, zone: str, expires: str, last: str, after: str
) -> None:
    feed = tmp_path / "feed.toml"
    feed.write_text(feed_text(time_zone=f'"{zone}"', expires_on=expires), encoding="utf-8")
    from netpursuit.gate.feeds import feed_date
    from netpursuit.sources.registrations.feed_file import read_feed

    loaded = read_feed(feed)
    for moment, over in ((last, False), (after, True)):
        day = feed_date(loaded, datetime.fromisoformat(moment).replace(tzinfo=UTC))
        assert (day > loaded.expires_on) is over, moment
