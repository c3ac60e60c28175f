"""What is written is the same, byte for byte: whatever the hash seed, the workers and the order of the rows."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, COLUMNS, Run, environment, start
from tests.faults.conftest import register_rows

# (hash seed, workers, seed of the order of rows)
SHORT = (("0", "1", 0), ("4242", "2", 1))
FULL = tuple((str(seed), workers, order) for seed in (1, 77, 31337) for workers in ("1", "2") for order in (2, 3))


@pytest.mark.parametrize("turns", [SHORT, pytest.param(FULL, marks=pytest.mark.slow)], ids=["short", "full"])
def test_files_of_leads_are_the_same_bytes(
    command: Run, workspace: Path, feed: Path, tmp_path: Path, turns: tuple[tuple[str, str, int], ...]
) -> None:
    rows = [row.rpartition(",")[0] for row in register_rows("R", 2_500)]
    rows += ["X1,欧阳志远,1985-03-04,990101198503040010,,幻县虚构路1号,2026-04-02"]
    written: dict[str, set[bytes]] = {form: set() for form in (("csv",) if turns is SHORT else ("csv", "jsonl"))}
    for seed, workers, order in turns:
        register, own = tmp_path / "register.csv", tmp_path / f"ws-{seed}-{workers}-{order}"
        shuffled = sorted(rows) if not order else random.Random(order).sample(rows, len(rows))
        with register.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerow(COLUMNS.values())
            stream.write("\n".join(shuffled) + "\n")
        shutil.copytree(workspace, own)
        shutil.copytree(workspace.with_name("ws-keys"), own.with_name(f"{own.name}-keys"))
        for form, kept in written.items():
            out = tmp_path / f"leads.{form}"
            child = start(
                *("screen", register, "--feed", feed, "--workspace", own, "--as-of", AS_OF, "--out", out),
                *("--workers", workers),
                env=environment(PYTHONHASHSEED=seed),
            )
            _, said = child.communicate(timeout=300)
            assert child.returncode == 0, said.decode("utf-8")
            kept.add(out.read_bytes())
    for form, kept in written.items():
        assert len(kept) == 1, f"{len(kept)} different files of {form}"
    (text,) = written["csv"]
    lines = list(csv.DictReader(text.decode("utf-8-sig").splitlines()))
    assert len(lines) == 18
    keys = [(line["feed"], line["registration_id"], line["role"], line["list"], line["entry_id"]) for line in lines]
    assert keys == sorted(keys), "in the order of their keys"
