"""One process at a time: a claim is held, named, refused to others, and gone with its holder."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netpursuit.errors import StorageError
from netpursuit.stores.claims import claim

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from netpursuit.stores.claims import claim
with claim(Path(sys.argv[1]), "a screening", "li", datetime(2026, 11, 23, 12, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_claim_names_its_holder_to_others_and_ends_with_its_block(tmp_path: Path) -> None:
    with claim(tmp_path / "c", "a screening", "wang", NOON):
        with (
            pytest.raises(StorageError, match=r"under way by wang \(process \d+\) since 2026-11-23T12:00:00\+00:00"),
            claim(tmp_path / "c", "a screening", "li", NOON),
        ):
            pytest.fail("it is held")
        with claim(tmp_path / "c", "another purpose", "li", NOON):
            pass
    with pytest.raises(KeyError), claim(tmp_path / "c", "a screening", "li", NOON):
        raise KeyError
    with claim(tmp_path / "c", "a screening", "li", NOON):
        pass


def test_a_claim_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline().strip() == "held"
    with (
        pytest.raises(StorageError, match=f"by li \\(process {child.pid}\\)"),
        claim(tmp_path, "a screening", "wang", NOON),
    ):
        pytest.fail("another process holds it")
    child.kill()
    child.wait(timeout=30)
    child.stdin.close()
    child.stdout.close()
    with claim(tmp_path, "a screening", "wang", NOON):
        pass


def test_the_file_of_a_claim_does_not_tell_its_purpose(tmp_path: Path) -> None:
    with claim(tmp_path, "canary", "wang", NOON):
        pass
    (file,) = tmp_path.iterdir()
    assert b"canary" not in file.name.encode() + file.read_bytes()
