"""``python -m bench.pictures`` draws ``bench/results/speed.json`` as ``docs/pictures/speed.svg`` (needs matplotlib)."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.speed import RESULTS, Figures

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "speed.svg"
# figure -> (how it is called in the picture, colour)
RATES = {
    "prepared columns to scored leads, registrations/s, one core": (
        "netpursuit, prepared to scored, one core",
        "#7fb2e5",
    ),
    "screen from file to leads, registrations/s": ("netpursuit, file to leads", "#1f5fa8"),
    "splink on DuckDB: predict, registrations/s": ("splink, predict", "#f0a860"),
    "splink on DuckDB: with training, registrations/s": ("splink, with its training", "#c2660b"),
    "TF-IDF of 3-grams, sparse top 10: names only, registrations/s (first 5000)": ("TF-IDF, names only", "#7a9e5a"),
    "RapidFuzz cdist: names only, registrations/s (first 500)": ("RapidFuzz cdist, names only", "#888888"),
}
STEPS = {
    "prepare, us/registration": ("preparation", "#1f5fa8"),
    "relate names, us/registration": ("vocabulary join", "#7fb2e5"),
    "candidates, us/registration": ("candidates", "#f0a860"),
    "score, us/registration": ("scoring", "#7a9e5a"),
}
RECALL = {
    "recall, all": ("netpursuit", "#1f5fa8"),
    "splink on DuckDB: recall at 50 false leads per 100,000": ("splink at 50 false leads per 100,000", "#c2660b"),
}
QUERIES = {
    "one query, ms p50": ("netpursuit, with evidence, p50", "#1f5fa8"),
    "one query, ms p95": ("netpursuit, with evidence, p95", "#7fb2e5"),
    "tantivy, fuzzy terms: query, candidates only, ms p50": ("tantivy, candidates only, p50", "#c2660b"),
}


def _series(runs: list[Figures], name: str) -> tuple[list[int], list[float]]:
    """Entries and figures of the runs that have this one."""
    there = [run for run in runs if name in run]
    return [int(run["entries"]) for run in there], [float(run[name]) for run in there]


def _lines(
    axes: Axes, runs: list[Figures], wanted: dict[str, tuple[str, str]], title: str, *, log: bool = True
) -> None:
    for name, (label, colour) in wanted.items():
        axes.plot(*_series(runs, name), marker="o", label=label, color=colour)
    axes.set(xscale="log", yscale="log" if log else "linear", xlabel="entries of the list", title=title)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7)


def draw(runs: list[Figures]) -> Figure:
    """Four charts over the length of the list: rates, steps of one registration, recall, one query."""
    figure = Figure(figsize=(11, 8), layout="constrained")
    (rates, steps), (recall, queries) = figure.subplots(2, 2)
    _lines(rates, runs, RATES, "registrations a second")
    places, bottom = range(len(runs)), [0.0] * len(runs)
    for name, (label, colour) in STEPS.items():
        heights = [float(run[name]) for run in runs]
        steps.bar(places, heights, bottom=bottom, label=label, color=colour)
        bottom = [below + height for below, height in zip(bottom, heights, strict=True)]
    steps.set(title="microseconds a registration, one process", xticks=list(places))
    steps.set_xticklabels([f"{int(run['entries']):,}" for run in runs])
    steps.legend(fontsize=7)
    _lines(recall, runs, RECALL, "recall of the planted", log=False)
    recall.set_ylim(0, 1)
    _lines(queries, runs, QUERIES, "one query, ms")
    return figure


def main() -> None:
    mpl.rcParams["svg.hashsalt"] = "speed"  # so that the same figures give the same file
    mpl.rcParams["svg.fonttype"] = "none"
    runs = json.loads((RESULTS / "speed.json").read_text(encoding="utf-8"))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    draw(runs).savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
