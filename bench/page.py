"""How fast the canvas of the graph browser draws, in a real browser without a graphics card.

``python -m bench.page [--shots FOLDER]`` builds the canvas alone (``web/bench``), serves it under the page's own
policy, and measures in headless Chromium with SwiftShader: until 5,000 and 20,000 nodes are drawn, frames a second
while the view is moved, and until an expansion of 30 nodes is drawn. Each figure is the median of three; the
machine's load stands beside.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from netpursuit.web.page import POLICY

WEB = Path(__file__).parents[1] / "web"
TARGETS = {"draw-5000-ms": 1200, "pan-5000-fps": 20, "expand-5000-ms": 150, "draw-20000-ms": 2500}
_FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


class _Files(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def measure(page: Page, shots: Path | None) -> dict[str, float]:
    """The median of three of each figure."""

    def median(script: str, times: int = 3) -> float:
        return round(statistics.median(page.evaluate(script) for _ in range(times)), 1)

    found: dict[str, float] = {}
    page.evaluate("bench.draw(200)")  # the programs of the graphics card are compiled once
    for count in (1000, 5000, 20_000):
        found[f"draw-{count}-ms"] = median(f"bench.draw({count})")
        found[f"layout-{count}-ms"] = round(page.evaluate("bench.rest()"), 1)
        found[f"pan-{count}-fps"] = median("bench.pan(30)")
        found[f"select-{count}-ms"] = median("bench.select(5)")
        found[f"expand-{count}-ms"] = median("bench.expand(30)")
        page.evaluate("bench.rest()")
        if shots:
            page.screenshot(path=str(shots / f"canvas-{count}.png"))
    return found


def main() -> None:
    """Builds, serves, measures and prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shots", type=Path, help="a folder for screenshots")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser's program")
    chosen = parser.parse_args()
    vite = ["npx", "vite", "build", "--config", "vite.bench.config.ts", "--logLevel", "error"]
    subprocess.run(vite, cwd=WEB, check=True)
    handler = functools.partial(_Files, directory=str(WEB / "bench/built"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = os.getloadavg()[0]
    with sync_playwright() as played:
        browser = played.chromium.launch(executable_path=chosen.chromium, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        problems: list[str] = []
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        page.wait_for_function("window.bench !== undefined")
        found = measure(page, chosen.shots)
        browser.close()
    server.shutdown()
    load = [round(value, 1) for value in (before, os.getloadavg()[0])]
    print(json.dumps({"figures": found, "targets": TARGETS, "load": load, "problems": problems}, indent=2))


if __name__ == "__main__":
    main()
