"""Commands as processes of their own, with the memory that each took at its peak."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass

from tests.cli.conftest import environment

# The peak is the child's own word: what the kernel tells of a child begins with the memory of who started it.
_CODE = """
import sys
from pathlib import Path
from netpursuit.cli import run
code = run(sys.argv[2:])
status = Path("/proc/self/status")
if status.exists():
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    Path(sys.argv[1]).write_text(line.split()[1])
raise SystemExit(code)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """``peak_mb`` is 0 where the system does not tell."""

    code: int
    out: str
    err: str
    peak_mb: float
    seconds: float


def measured(note: object, *arguments: object) -> Measured:
    """Run a command; ``note`` is a file that the child writes its peak to."""
    began = time.monotonic()
    child = subprocess.run(
        [sys.executable, "-c", _CODE, str(note), *map(str, arguments)],
        capture_output=True,
        env=environment(),
        check=False,
        timeout=600,
    )
    seconds = time.monotonic() - began
    try:
        with open(str(note), encoding="ascii") as file:  # noqa: PTH123 - a path of any kind
            peak = int(file.read()) / 1024
    except OSError:
        peak = 0.0
    return Measured(child.returncode, child.stdout.decode("utf-8"), child.stderr.decode("utf-8"), peak, seconds)
