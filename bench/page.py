"""How fast the canvas of the graph browser draws, in a real browser without a graphics card.

``python -m bench.page [--rounds N] [--shots FOLDER]`` builds the canvas alone (``web/bench``), serves it under the
page's own policy, and measures in headless Chromium with SwiftShader, for 1,000, 5,000 and 20,000 nodes:

- ``draw``: ms from the answer until all of it is on the screen, links and the names that find room included;
- ``pan``: frames a second while the view goes once around a circle 600 pixels across in three seconds, with all in
  view, and ``pan-near`` three times nearer, where there is more beyond the view on all sides; ``…-longest``: the
  longest wait for a frame, ms;
- ``select``, ``expand``: ms until five chosen nodes, or 30 that an answer brings, are on the screen, without a server.

A frame is on the screen when the graphics card has done it. Each figure is the median of ``--rounds``, with the best
beside, without the layout that follows; the machine's load before and after stands beside.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import subprocess
import threading
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from netpursuit.web.page import POLICY

WEB = Path(__file__).parents[1] / "web"
TARGETS = {"draw-5000": 1200, "pan-5000": 20, "expand-5000": 150, "draw-20000": 2500}
_FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


class Files(SimpleHTTPRequestHandler):
    """A folder, under the page's own policy."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *args: Any) -> None:
        pass


def measure(page: Page, rounds: int, shots: Path | None) -> dict[str, dict[str, float]]:
    """Of each figure the median and the best of the rounds."""

    def taken(act: str) -> list[Any]:
        runs = []
        for _ in range(rounds):
            runs.append(page.evaluate(act))
            page.evaluate("bench.stop()")
        return runs

    def told(runs: list[float], best: Callable[[list[float]], float] = min) -> dict[str, float]:
        return {"median": round(statistics.median(runs), 1), "best": round(best(runs), 1)}

    found: dict[str, dict[str, float]] = {}
    page.evaluate("bench.state.assessments.value = true")
    page.evaluate("bench.draw(200)")  # the programs of the graphics card are compiled once
    page.evaluate("bench.stop()")
    for count in (1000, 5000, 20_000):
        found[f"draw-{count}"] = told(taken(f"bench.draw({count})"))
        for name, near in (("pan", 1), ("pan-near", 3)):
            runs = taken(f"bench.pan(3, 600, {near})")
            found[f"{name}-{count}"] = told([run["fps"] for run in runs], max)
            found[f"{name}-{count}-longest"] = told([run["longest"] for run in runs])
        found[f"select-{count}"] = told(taken("bench.select(5)"))
        found[f"expand-{count}"] = told(taken("bench.expand(30)"))
        if shots:
            page.screenshot(path=str(shots / f"canvas-{count}.png"))
    return found


def main() -> None:
    """Builds, serves, measures and prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shots", type=Path, help="a folder for screenshots")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser's program")
    chosen = parser.parse_args()
    vite = ["npx", "vite", "build", "--config", "vite.bench.config.ts", "--logLevel", "error"]
    subprocess.run(vite, cwd=WEB, check=True)
    handler = functools.partial(Files, directory=str(WEB / "bench/built"))
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
        found = measure(page, chosen.rounds, chosen.shots)
        browser.close()
    server.shutdown()
    load = [round(value, 1) for value in (before, os.getloadavg()[0])]
    print(json.dumps({"figures": found, "targets": TARGETS, "load": load, "problems": problems}, indent=2))


if __name__ == "__main__":
    main()
