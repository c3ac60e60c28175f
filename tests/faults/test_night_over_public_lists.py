"""The whole job: a night over published lists and 100,000 registrations, killed three times, ends as if undisturbed."""

from __future__ import annotations

import csv
import os
import random
from pathlib import Path

import pytest

from bench.job import FEED, make_job
from netpursuit.records import Entry
from netpursuit.sources.lists.un import UnReader
from tests.cli.conftest import Run
from tests.cli.test_night_command import House
from tests.faults.test_night_killed import killed_at, left_by

LISTS = {
    "bis": "bis/dpl.txt",
    "canada": "canada/canada_sema.xml",
    "eu": "eu/EUSanctionsShort.csv",
    "fbi": "fbi/fbi_wanted_2020-11.json",
    "ofac-consolidated": "ofac/consolidated_2025-12",
    "ofac-sdn": "ofac/sdn_2022-01",
    "uk": "uk/sanctionsconlist.csv",
    "un": "un/UN_consolidated_2026-02-27.xml",
}
ROWS, LISTED = 100_000, 400
LIMIT_SECONDS = 300  # of processor time, of all nights and checks together


class PublicHouse(House):
    """The lists of the shared folder, one feed, and the file of a night over them."""

    def __init__(self, folder: Path, command: Run, data: Path, register: Path) -> None:
        self.folder, self._command, self.workspace = folder, command, folder / "ws"
        (folder / "register").mkdir(parents=True)
        (folder / "register" / "june.csv").symlink_to(register)
        (folder / "feed.toml").write_text(FEED, encoding="utf-8")
        parts = ['workspace = "ws"', 'reason = "check:nightly"', "workers = 2"]
        for name, place in LISTS.items():
            path = data / "lists" / place
            where = f'folder = "{path}"' if path.is_dir() else f'files = ["{path}"]'
            parts.append(f'[[list]]\nid = "{name}"\n{where}\ndate = 2026-04-01\nmax_age = "none"')
        parts.append('[[feed]]\nfeed = "feed.toml"\nfolder = "register"\n[report]\nfolder = "reports"')
        (folder / "night.toml").write_text("\n".join(parts), encoding="utf-8")


def write_register(path: Path, data: Path) -> None:
    """Invented people, and among them, seeded, some of the United Nations' list as that has them."""
    rows = [list(row) for row in make_job(20_000, ROWS, 7).registrations]
    listed = [
        item
        for item in UnReader().read([data / "lists" / LISTS["un"]])
        if isinstance(item, Entry) and item.person.birth_dates and item.person.birth_dates[0].day
    ]
    dice = random.Random(20261126)
    for place in dice.sample(range(ROWS), LISTED):
        person = dice.choice(listed).person
        rows[place] = [person.names[0].text, str(person.birth_dates[0]), ""]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("registration_id", "name", "birth_date", "id_number", "start_date"))
        writer.writerows((f"R{row}", *values, "2026-06-01") for row, values in enumerate(rows))


def processor_seconds() -> float:
    """Of this process and of those that it has waited for."""
    return sum(os.times()[:4])


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.data
def test_a_night_over_published_lists_killed_three_times_ends_as_an_undisturbed_one(
    command: Run, shared_data: Path, tmp_path: Path
) -> None:
    register = tmp_path / "june.csv"
    write_register(register, shared_data)
    twin, house = (PublicHouse(tmp_path / name, command, shared_data, register) for name in ("twin", "house"))
    began = processor_seconds()
    whole = twin.night()
    assert whole["feeds"][0]["files"][0]["counts"]["read"] == ROWS
    assert sum(item["people"] for item in whole["lists"]) > 5_000
    assert len(whole["leads"]) >= LISTED * 0.9
    moments = random.Random(7)
    for event in ("list", "rows", "graph"):
        assert killed_at(house.folder / "night.toml", event, moments), f"a living night was killed after {event}"
    again = house.night()
    assert again["resumed"] is True
    assert left_by(house, command) == left_by(twin, command)
    assert processor_seconds() - began < LIMIT_SECONDS
