"""A real ``netpursuit screen`` over a PostgreSQL server is killed in mid-query; the one that goes on loses and doubles
nothing."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netpursuit.reports.receipt_file import read_receipt
from tests.cli.conftest import AS_OF, Run, start
from tests.databases import STAYS, Register, postgres_register, postgres_server, write_feed
from tests.faults.conftest import register_rows
from tests.faults.test_screen_killed import checkpoint, twin_of

pytestmark = pytest.mark.xdist_group("postgres")
ROWS = 5_000


@pytest.fixture
def register() -> Iterator[Register]:
    with postgres_server() as server, postgres_register(server) as found:
        rows = register_rows("R", ROWS)
        for part in range(10):  # loaded in bulk: many rows have one mark
            found.load(*rows[part::10], at=part // 2)
        yield found


def screening(workspace: Path, feed: Path, out: Path, *more: object) -> subprocess.Popen[bytes]:
    asked = ("screen", "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--out", out, *more, "--json")
    return start(*asked, env=None)


def finished(child: subprocess.Popen[bytes]) -> Any:
    printed, said = child.communicate(timeout=300)
    assert child.returncode == 0, said.decode("utf-8")
    return json.loads(printed)


@pytest.mark.parametrize("kills", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_a_killed_query_goes_on_and_ends_with_the_same_leads(
    command: Run, workspace: Path, wanted: tuple[Path, Path], register: Register, tmp_path: Path, kills: int
) -> None:
    feed = write_feed(tmp_path / "rental.toml", register.url, overlap="2")
    out, receipt = tmp_path / "leads.csv", tmp_path / "run.receipt"
    moments, killed = random.Random(20261126), 0
    for kill in range(kills):
        child = screening(workspace, feed, out, "--receipt", receipt)
        # The last one is killed when something was committed, those before it anywhere.
        while child.poll() is None and checkpoint(workspace) < 2_000 * (kill == kills - 1):
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.05) if kill == kills - 1 else moments.uniform(0.3, 1.2))
        killed += child.poll() is None
        child.kill()
        child.communicate()
    resumed = checkpoint(workspace)
    assert killed == kills, "each kill met a living run"
    assert 0 < resumed < ROWS
    # While nobody reads, a row is committed that was dated before what has been read.
    register.put("X000003,章玉琴,1971-11-23,,,幻县虚构路3号,2026-04-02,", at=0.5)
    assert not receipt.exists(), "no half of a receipt is found under its name"
    last = finished(screening(workspace, feed, out, "--receipt", receipt))
    assert (last["resumed_rows"], last["counts"]["read"]) == (resumed + 1, ROWS)
    # Of rows read a second time nobody can say that they are those that were screened: the register may have changed.
    marks = read_receipt(receipt).marks
    assert marks == ("read-again",) * (resumed + 1) + ("tenant:screened",) * (ROWS - resumed)
    in_order = [line for part in range(10) for line in register_rows("R", ROWS)[part::10]]
    for line, mark in ((in_order[3], "read-again"), (in_order[-3], "tenant:screened")):
        mine = tmp_path / "mine.csv"
        mine.write_text("\n".join([",".join(STAYS), line, ""]), encoding="utf-8")
        asked = ("audit", "prove", last["run"], "--receipt", receipt, "--record", mine, "--workspace", workspace)
        proved = command(*asked, "--json", "--reason", "audit:A-1")
        assert (proved.code, proved.json["mark"]) == (0, mark), proved.err
    again = finished(screening(workspace, feed, out))
    assert again["query"]["since"] < last["query"]["until"]
    assert (again["counts"]["leads_updated"], again["counts"]["leads_withdrawn"]) == (0, 0)
    twin = twin_of(command, wanted, tmp_path / "twin")
    whole = finished(screening(twin, feed, out))
    assert whole["counts"]["read"] == ROWS + 1
    assert leads_of(command, workspace) == leads_of(command, twin)
    assert len(leads_of(command, twin)) > 30
    assert command("audit", "verify", "--workspace", workspace).code == 0


def leads_of(command: Run, workspace: Path) -> list[tuple[str, ...]]:
    asked = ("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--reason", "check:T-1", "--limit", "100000")
    return sorted(
        (lead["registration_id"], lead["entry"]["id"], lead["state"], str(lead["revision"]), lead["band"])
        for lead in command(*asked, "--json").json["leads"]
    )
