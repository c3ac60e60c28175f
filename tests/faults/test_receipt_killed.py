"""A real ``netpursuit screen`` with a receipt is killed; the receipt in the end is what file and key alone give."""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, COLUMNS, Run, start
from tests.faults.conftest import register_rows
from tests.faults.test_screen_killed import checkpoint, finished


def textbook_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + textbook_root(leaves[:split]) + textbook_root(leaves[split:])).digest()


def root_from(register: Path, key: bytes) -> str:
    """The root that the docs ask for, by nothing of the program's."""
    digest = hashlib.sha256(register.read_bytes()).hexdigest().encode()
    leaves, seen = [], set[str]()
    for number, cells in enumerate(csv.DictReader(register.read_text(encoding="utf-8").splitlines())):
        kept = {name: cell for name, cell in cells.items() if cell}
        row = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        salt = hmac.new(key, digest + number.to_bytes(8, "big"), "sha256").digest()
        mark = b"tenant:repeated" if kept["登记编号"] in seen else b"tenant:screened"
        seen.add(kept["登记编号"])
        leaves.append(hashlib.sha256(salt + row).digest() + mark)
    return textbook_root(leaves).hex()


@pytest.mark.parametrize(
    ("rows", "kills"), [(5_000, 1), pytest.param(40_000, 20, marks=pytest.mark.slow)], ids=["short", "full"]
)
def test_a_killed_run_gives_the_whole_receipt_when_it_ends(
    command: Run, workspace: Path, feed: Path, tmp_path: Path, rows: int, kills: int
) -> None:
    register, receipt = tmp_path / "big.csv", tmp_path / "big.receipt"
    lines = [line.rpartition(",")[0] for line in register_rows("K", rows)]
    lines[rows // 2] = lines[7]  # in the middle somebody stands a second time
    register.write_text("\n".join([",".join(COLUMNS.values()), *lines, ""]), encoding="utf-8")

    def screening(workers: int) -> subprocess.Popen[bytes]:
        where = ("--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--receipt", receipt)
        return start("screen", register, *where, "--workers", workers, "--json")

    moments = random.Random(20261126)
    for kill in range(kills):
        child = screening(1 + kill % 2)
        while child.poll() is None and checkpoint(workspace) < rows * (kill + 1) // (kills + 1) - rows // 4:
            time.sleep(0.02)
        time.sleep(moments.uniform(0, 0.2))
        child.kill()
        child.communicate()
        assert not receipt.exists(), "no half of a receipt is found under its name"
    left = [file for file in tmp_path.iterdir() if file.name.endswith(".part")]
    assert all(b'"key"' not in file.read_bytes() for file in left)
    last = finished(screening(2))
    assert last["resumed_rows"] > 0
    held = json.loads(receipt.read_text(encoding="utf-8").splitlines()[-1])
    assert held["rows"] == rows
    assert held["root"] == last["receipt"]["root"] == root_from(register, bytes.fromhex(held["key"]))
    assert not [file for file in tmp_path.iterdir() if file.name.endswith(".part")]
    mine = tmp_path / "mine.csv"
    mine.write_text("\n".join([",".join(COLUMNS.values()), lines[rows // 3], ""]), encoding="utf-8")
    asked = ("audit", "prove", last["run"], "--receipt", receipt, "--record", mine, "--workspace", workspace, "--json")
    proved = command(*asked)
    assert proved.code == 0, proved.err
    assert (proved.json["row"], proved.json["mark"]) == (rows // 3, "tenant:screened")
