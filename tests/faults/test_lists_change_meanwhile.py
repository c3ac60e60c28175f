"""A list, a registration or the link graph's server that changes in the middle: nothing is lost, nothing mixed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from netpursuit.errors import StorageError
from netpursuit.stores.graph_sqlite import SqliteGraph
from tests.cli.conftest import AS_OF, PEOPLE, Run, start
from tests.cli.test_night_command import NEWCOMERS, House, fates
from tests.faults.conftest import register_rows


def test_a_list_that_is_updated_in_mid_batch_is_met_by_the_run_or_by_the_next_never_in_part(
    command: Run, tmp_path: Path
) -> None:
    house = House(tmp_path / "house", command)
    house.register("rental/day1.csv", *register_rows("R", 6_000), "Z1,李明,1990-05-06,,,幻县虚构路1号,2026-04-03,")
    child = start("night", house.folder / "night.toml", "--as-of", AS_OF, "--log", "json", stdout=subprocess.DEVNULL)
    assert child.stderr is not None
    for line in child.stderr:
        if json.loads(line)["event"] == "rows":
            break
    # W2 is withdrawn and W4 comes, while rows are screened against the version before.
    house.write_list("wanted.csv", PEOPLE[0], PEOPLE[2], *NEWCOMERS)
    add = ("lists", "add", house.folder / "wanted.csv", "--list", "wanted", "--mapping", house.folder / "mapping.toml")
    added = command(*add, "--workspace", house.workspace, "--as-of", AS_OF, "--reason", "check:T-1", "--json")
    assert added.code == 0, added.err
    child.communicate(timeout=300)
    assert child.returncode in (0, 3), "a run that met the change is done again, or told"
    house.night()
    again = house.night()
    assert again["leads"] == again["problems"] == again["unchecked"] == []
    leads = house.leads()
    assert "Z1 W4" in leads, "who was added in the middle is found"
    ended = {state for name, (state, _, _) in leads.items() if name.endswith(" W2")}
    assert ended <= {"withdrawn"}, "on whom was withdrawn in the middle nothing stays open"
    assert {state for name, (state, _, _) in leads.items() if name.endswith((" W1", " W5"))} == {"open"}
    assert sum(name.endswith(" W1") for name in leads) == 20
    for check in ("audit", "graph"):
        assert command(check, "verify", "--workspace", house.workspace).code == 0


def test_an_id_that_is_used_again_for_somebody_else_is_scored_anew(command: Run, tmp_path: Path) -> None:
    house = House(tmp_path / "house", command)
    house.night()
    assert house.leads()["R1 W1"] == ("open", None, 1)
    house.register(
        "rental/day1.csv",
        "R1,李雷,1990-05-06,,,幻县虚构路12号501,2026-04-02,",  # was W1
        "R2,章玉琴,1971-11-23,,,幻县虚构路12号502,2026-04-03,",  # was nobody
        "R3,章玉琴,1999-01-01,,,幻县虚构路13号101室,2026-04-04,2026-04-06",  # was W2, is a namesake
    )
    night = house.night()
    assert fates(night)["rental/day1.csv"] == "new"
    leads = house.leads()
    assert leads["R1 W1"][0] == leads["R3 W2"][0] == "withdrawn"
    assert leads["R2 W2"] == ("open", None, 1)
    assert len(leads) == 4


class Dying(SqliteGraph):
    """A link graph whose store goes away at its n-th batch, before or after it is written."""

    def __init__(self, path: Path, batch: int, *, written: bool) -> None:
        super().__init__(path)
        self._left, self._written = batch, written

    def put(self, *parts: Any, **more: Any) -> Any:
        self._left -= 1
        if self._left:
            return super().put(*parts, **more)
        if self._written:
            super().put(*parts, **more)
        raise StorageError("the server does not answer any more")


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("written", [False, True], ids=["before the commit", "after the commit"])
def test_a_graph_store_that_goes_away_in_a_night_costs_nothing(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int, written: bool
) -> None:
    import netpursuit.custody.graph
    import netpursuit.stores.graph_sqlite

    house = House(tmp_path / "house", command)
    house.register("rental/day1.csv", *register_rows("R", 1_500))
    monkeypatch.setattr(netpursuit.custody.graph, "_AT_ONCE", 5)
    with monkeypatch.context() as broken:
        broken.setattr(
            netpursuit.stores.graph_sqlite, "SqliteGraph", lambda path, **more: Dying(path, batch, written=written)
        )
        night = house.night(code=3)
    assert [item["kind"] for item in night["problems"]] == ["graph"]
    assert night["health"]["graph_pending"] > 0
    leads = house.leads()
    assert len(leads) > 10
    mended = house.night()
    assert (mended["problems"], mended["health"]["graph_pending"]) == ([], 0)
    assert house.leads() == leads
    assert command("graph", "verify", "--workspace", house.workspace).code == 0
