"""Tries an installed netpursuit: the demonstration, the native kernel, the page. Standard library alone.

    python tools/smoke.py        with the Python that netpursuit is installed for

Ends with exit code 1 and one line on what is missing. The builds of packages run it on what they made.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any
from urllib.request import ProxyHandler, build_opener

PLANTED = 36
STALE = 3  # done, with lists that are old: those of the demonstration are
_SECONDS = 600
PROGRAM = (sys.executable, "-P", "-m", "netpursuit")  # -P: not what lies in the folder that it is called from


def environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NETPURSUIT", "PYTHONPATH"))}
    return kept | {"NETPURSUIT_WORKSPACE": str(folder / "workspace"), "NETPURSUIT_LANG": "en"}


def call(folder: Path, *arguments: str) -> Any:
    """The answer of a command, from JSON."""
    done = subprocess.run(
        [*PROGRAM, *arguments, "--json"],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode not in (0, STALE):
        raise SystemExit(f"netpursuit {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)


def find_planted(folder: Path) -> None:
    answer = call(folder, "demo", "--workspace", str(folder / "workspace"))
    if not answer["found"] == answer["planted"] == PLANTED or answer["false_leads"]:
        raise SystemExit(f"the demonstration found {answer['found']} of {answer['planted']}: {answer['false_leads']}")
    print(f"demonstration: {answer['found']} of {answer['planted']} found, no false lead")


def check_kernel(folder: Path) -> None:
    kernel = call(folder, "index", "status")["kernel"]
    if kernel != "native":
        raise SystemExit(f"the kernel is {kernel}, not the native one")
    print("kernel: native")


def check_page(folder: Path) -> None:
    """``netpursuit web`` serves the page and every part that it names."""
    served = subprocess.Popen(
        [*PROGRAM, "web", "--port", "0", "--no-browser"],
        cwd=folder,
        env=environment(folder),
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    watch = threading.Timer(120, served.kill)
    watch.start()
    try:
        assert served.stderr is not None
        address = address_in(served.stderr)
        opener = build_opener(ProxyHandler({}))  # what is on this machine is asked without a proxy
        with opener.open(f"{address}/", timeout=30) as answer:
            text = answer.read().decode("utf-8")
        parts = re.findall(r'(?:src|href)="(/assets/[^"]+)"', text)
        if not any(part.endswith(".js") for part in parts):
            raise SystemExit("the page names no script")
        for part in parts:
            with opener.open(f"{address}{part}", timeout=30) as answer:
                if not answer.read():
                    raise SystemExit(f"{part} is empty")
    finally:
        watch.cancel()
        served.terminate()
        served.wait(30)
    print(f"page: served with {len(parts)} parts")


def address_in(stream: IO[str]) -> str:
    """Where the server says that it listens. Raises ``SystemExit`` where it ends before."""
    said = []
    for line in stream:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            threading.Thread(target=stream.read, daemon=True).start()  # what else it says fills no pipe
            return found[0]
    raise SystemExit(f"netpursuit web ended: {''.join(said)[-500:]}")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="netpursuit-smoke-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        began = time.monotonic()
        for check in (find_planted, check_kernel, check_page):
            check(folder)
        print(f"all in {time.monotonic() - began:.0f} s with Python {sys.version.split()[0]}, {ssl.OPENSSL_VERSION}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
