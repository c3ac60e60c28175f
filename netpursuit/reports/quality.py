"""Quality on labelled pairs as a terminal table and as a self-contained page with curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from netpursuit.catalogue import Catalogue
from netpursuit.evaluation import Against, Labelled, Quality, Threshold
from netpursuit.evaluation.figures import precision_recall
from netpursuit.policy.weights import BAND_FLOORS
from netpursuit.records import Match
from netpursuit.reports.page import draw, page_environment
from netpursuit.reports.wording import band_word, clean, signed

Parts = Mapping[str, Mapping[str, Quality]]
_BARS = 40
_POINTS = 200


@dataclass(frozen=True, slots=True)
class Worst:
    """One of the worst errors: its line in the file, its label, its category, and its evidence."""

    line: int
    same: bool
    category: str
    match: Match


@dataclass(frozen=True, slots=True)
class Fitted:
    """The pairs held back before and after a fit of so many levels."""

    changes: int
    before: Quality
    after: Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """What the page shows."""

    policy: str
    file: str
    judged: Labelled
    overall: Quality
    parts: Parts
    worst: Sequence[Worst]
    against: Against | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A drawing in a square of 100 by 100: lines and bars in that square, ticks as (place, text)."""

    key: str
    x_label: str
    y_label: str
    lines: tuple[tuple[str, str], ...] = ()  # class, points
    bars: tuple[tuple[str, float, float, float], ...] = ()  # class, x, width, height
    x_ticks: tuple[tuple[float, str], ...] = ()
    y_ticks: tuple[tuple[float, str], ...] = ()
    legend: tuple[tuple[str, str], ...] = ()  # class, text


def shown(value: float | None, digits: int = 3) -> str:
    """A figure with so many digits; a dash for none."""
    return "–" if value is None else f"{value:.{digits}f}"


def threshold_word(words: Catalogue, row: Threshold) -> str:
    """``possible``, or ``threshold +3.0``."""
    bits = "" if row.bits is None else f"{row.bits:+.1f}"
    return words(f"quality.threshold.{row.name}", bits=bits) if bits else words(f"quality.threshold.{row.name}")


def draw_quality(
    out: Console,
    words: Catalogue,
    overall: Quality,
    parts: Parts,
    worst: Sequence[Worst],
    against: Against | None,
    fit: Fitted | None,
) -> None:
    """Print the figures."""
    out.print(words("quality.heading"), style="bold")
    for key, value in headline(overall):
        out.print(f"  {words(f'quality.{key}')}: {value}")
    table = Table(box=None, pad_edge=False)
    for column in ("at", "precision", "recall", "f1", "reviews", "false-leads"):
        table.add_column(words(f"quality.{column}"), justify="left" if column == "at" else "right")
    for row in _rows(overall):
        table.add_row(
            threshold_word(words, row),
            _with_interval(row.precision, row.precision_interval),
            _with_interval(row.recall, row.recall_interval),
            shown(row.f1),
            shown(row.reviews, 2),
            shown(row.false_leads, 1),
        )
    out.print(table)
    for kind, some in parts.items():
        if len(some) > 1 or (some and kind != "script"):
            out.print()
            out.print(_part_table(words, kind, some))
    if worst:
        out.print()
        out.print(words("quality.worst"), style="bold")
    for one in worst:
        key = "quality.missed" if one.same else "quality.false"
        out.print(f"  {signed(one.match.millibits):>6}  {words(key, line=one.line)}", clean(_evidence(one.match)))
    if against is not None:
        out.print()
        for sentence in against_words(words, against):
            out.print(sentence)
        for key, ids in (("quality.gained", against.gained), ("quality.lost", against.lost)):
            if ids:
                out.print(f"  {words(key)}: {clean(', '.join(ids[:50]))}{' …' if len(ids) > 50 else ''}")
    if fit is not None:
        out.print()
        out.print(words("quality.fitted", count=fit.changes), style="bold")
        beside = Table(box=None, pad_edge=False)
        for name in ("", words("quality.before"), words("quality.after")):
            beside.add_column(name, justify="right" if name else "left")
        for (key, before), (_, after) in zip(headline(fit.before)[2:], headline(fit.after)[2:], strict=True):
            beside.add_row(words(f"quality.{key}"), before, after)
        out.print(beside)


def against_words(words: Catalogue, against: Against) -> list[str]:
    """The present tool beside this one, in sentences without ids."""
    said = [
        words(
            "quality.against",
            both=against.both,
            gained=len(against.gained),
            lost=len(against.lost),
            neither=against.neither,
            new=against.false_leads,
            old=against.old_false_leads,
        )
    ]
    if against.reviews_saved is None:
        said.append(words("quality.not-saved"))
    else:
        reviews, saved = against.reviews_at_old_recall, against.reviews_saved
        said.append(words("quality.saved", reviews=reviews, old=against.old_reviews, saved=saved))
    if against.old_auc is not None:
        said.append(words("quality.old-auc", auc=shown(against.old_auc, 4)))
    return said


def headline(quality: Quality, *, interval: bool = True) -> list[tuple[str, str]]:
    """The figures that stand first: (key of the word, value)."""

    def ranged(value: float | None, between: tuple[float, float] | None) -> str:
        more = f" ({between[0]:.3f}–{between[1]:.3f})" if between and interval else ""
        return shown(value, 4) + more

    return [
        ("pairs", f"{quality.pairs:,}"),
        ("true-pairs", f"{quality.true_pairs:,}"),
        ("auc", ranged(quality.auc, quality.auc_interval)),
        ("average-precision", shown(quality.average_precision, 4)),
        ("best-f1", ranged(quality.best.f1 if quality.best else None, quality.f1_interval)),
        ("brier", shown(quality.brier, 4)),
        ("calibration-error", shown(quality.calibration_error, 4)),
    ]


def _rows(quality: Quality) -> tuple[Threshold, ...]:
    return (*quality.bands, *((quality.best,) if quality.best else ()))


def _with_interval(rate: float, interval: tuple[float, float]) -> str:
    return f"{rate:.3f} ({interval[0]:.2f}–{interval[1]:.2f})"


def at_possible(quality: Quality) -> Threshold:
    """The row of ``possible``."""
    return next(row for row in quality.bands if row.name == "possible")


def _part_table(words: Catalogue, kind: str, some: Mapping[str, Quality]) -> Table:
    table = Table(title=words(f"quality.by.{kind}"), title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    for column in ("pairs", "true-pairs", "auc", "best-f1", "recall-at-possible", "false-at-possible"):
        table.add_column(words(f"quality.{column}"), justify="right")
    for value, quality in some.items():
        table.add_row(part_word(words, kind, value), *_part_cells(quality))
    return table


def part_word(words: Catalogue, kind: str, value: str) -> str:
    """``Han – Latin`` for the scripts of a pair; a file's own word as it is."""
    if kind != "script" or value == "…":
        return clean(value)
    return " – ".join(words(f"quality.script.{script}") for script in value.split("-"))


def _part_cells(quality: Quality) -> tuple[str, ...]:
    row = at_possible(quality)
    return (
        str(quality.pairs),
        str(quality.true_pairs),
        shown(quality.auc),
        shown(quality.best.f1 if quality.best else None),
        shown(row.recall if quality.true_pairs else None),
        shown(row.false_leads if quality.pairs > quality.true_pairs else None, 1),
    )


def _evidence(match: Match) -> str:
    return "; ".join(
        f"{item.field} {item.level} {item.millibits / 1000:+.1f}"
        for item in match.evidence
        if item.level != "not-compared" and item.field != "prior"
    )


def render_quality(report: QualityReport, words: Catalogue) -> str:
    """The whole page as text; the same report gives the same bytes."""
    environment = page_environment(words)
    environment.filters.update(shown=shown)
    environment.globals.update(threshold_word=lambda row: threshold_word(words, row))
    return environment.get_template("quality.html.j2").render(
        report=report,
        headline=headline(report.overall, interval=False),
        rows=_rows(report.overall),
        against=against_words(words, report.against) if report.against else [],
        parts={
            kind: [(part_word(words, kind, value), _part_cells(quality)) for value, quality in some.items()]
            for kind, some in report.parts.items()
            if some
        },
        curves=[
            precision_recall_curve(words, report.judged),
            reliability_curve(words, report.overall),
            score_curve(words, report.judged),
            review_curve(words, report.judged),
        ],
        worst=[(one, draw(one.match)) for one in report.worst],
    )


_SHARES = tuple((place * 100, f"{place:g}") for place in (0, 0.25, 0.5, 0.75, 1))


def _thin(values: np.typing.NDArray[Any]) -> np.typing.NDArray[Any]:
    """At most so many points as can be seen, the ends among them."""
    if len(values) <= _POINTS:
        return np.arange(len(values))
    return np.unique(np.linspace(0, len(values) - 1, _POINTS).astype(int))


def _points(xs: Sequence[float], ys: Sequence[float]) -> str:
    return " ".join(f"{x:.2f},{100 - y:.2f}" for x, y in zip(xs, ys, strict=True))


def precision_recall_curve(words: Catalogue, judged: Labelled) -> Curve:
    """Precision over recall at every threshold."""
    _, precision, recall = precision_recall(judged.total, judged.same)
    keep = _thin(recall)
    line = _points((recall[keep] * 100).tolist(), (precision[keep] * 100).tolist())
    return Curve(
        "precision-recall",
        words("quality.recall"),
        words("quality.precision"),
        lines=(("for", line),) if line else (),
        x_ticks=_SHARES,
        y_ticks=_SHARES,
    )


def reliability_curve(words: Catalogue, quality: Quality) -> Curve:
    """Observed share over predicted probability, beside the diagonal of perfect calibration."""
    line = _points(
        [item.predicted * 100 for item in quality.reliability], [item.observed * 100 for item in quality.reliability]
    )
    return Curve(
        "reliability",
        words("quality.probability"),
        words("quality.observed"),
        lines=(("axis", "0,100 100,0"), ("for", line)),
        x_ticks=_SHARES,
        y_ticks=_SHARES,
    )


def _bit_scale(judged: Labelled) -> tuple[float, float]:
    return float(judged.total.min()) / 1000 - 1, float(judged.total.max()) / 1000 + 1


def _bit_ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    step = 5 if high - low < 45 else 10
    first = int(-(-low // step) * step)
    return tuple(((bits - low) * 100 / (high - low), f"{bits:+d}") for bits in range(first, int(high) + 1, step))


def score_curve(words: Catalogue, judged: Labelled) -> Curve:
    """How many true and false pairs have so many bits; heights relative to the fullest bar."""
    low, high = _bit_scale(judged)
    edges = np.linspace(low, high, _BARS + 1)
    counts = [np.histogram(judged.total[judged.same == kind] / 1000, edges)[0] for kind in (True, False)]
    most = max(1, *(int(count.max()) for count in counts))
    width = 100 / _BARS / 2
    bars = tuple(
        (("for", "against")[row], at * 2 * width + row * width, width * 0.9, float(value) * 100 / most)
        for row, count in enumerate(counts)
        for at, value in enumerate(count.tolist())
        if value
    )
    return Curve(
        "scores",
        words("quality.bits"),
        words("quality.pairs"),
        lines=_floors(low, high),
        bars=bars,
        x_ticks=_bit_ticks(low, high),
        y_ticks=((0, "0"), (100, f"{most:,}")),
        legend=(
            ("for", words("quality.true-pairs")),
            ("against", words("quality.false-pairs")),
            *_floor_legend(words, low, high),
        ),
    )


def _floors(low: float, high: float) -> tuple[tuple[str, str], ...]:
    places = [(band.word, (floor / 1000 - low) * 100 / (high - low)) for band, floor in BAND_FLOORS]
    return tuple((f"floor {word}", f"{x:.2f},0 {x:.2f},100") for word, x in places if 0 <= x <= 100)


def _floor_legend(words: Catalogue, low: float, high: float) -> tuple[tuple[str, str], ...]:
    return tuple((band.word, band_word(words, band)) for band, floor in BAND_FLOORS if low <= floor / 1000 <= high)


def review_curve(words: Catalogue, judged: Labelled) -> Curve:
    """Reviews per true match, one to ten, when pairs are called from so many bits on."""
    low, high = _bit_scale(judged)
    thresholds, precision, _ = precision_recall(judged.total, judged.same)
    keep = _thin(thresholds)
    reviews = np.clip(1 / np.maximum(precision[keep], 0.01), 1, 10)
    xs = (thresholds[keep] / 1000 - low) * 100 / (high - low)
    return Curve(
        "reviews",
        words("quality.bits"),
        words("quality.reviews"),
        lines=(*_floors(low, high), ("for", _points(xs.tolist(), ((reviews - 1) * 100 / 9).tolist()))),
        x_ticks=_bit_ticks(low, high),
        y_ticks=tuple(((count - 1) * 100 / 9, str(count)) for count in (1, 2, 4, 6, 8, 10)),
        legend=_floor_legend(words, low, high),
    )
