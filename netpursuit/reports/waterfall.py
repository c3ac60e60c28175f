"""The evidence of a match as a sum that anyone can follow: the prior, then each comparison, up to the posterior."""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from netpursuit.catalogue import Catalogue
from netpursuit.records import Evidence, Match
from netpursuit.reports.wording import (
    band_word,
    capped_word,
    clean,
    field_word,
    level_word,
    note_text,
    percent,
    signed,
    term,
)

NOT_COMPARED = "not-compared"
_MIN_BAR, _MAX_BAR = 10, 44
_BESIDE_BAR = 60  # columns that field, level, bits and sum take beside the bar


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of evidence as a bar from ``start`` to ``end``, in thousandths of a bit."""

    evidence: Evidence
    start: int
    end: int


def waterfall_steps(match: Match) -> tuple[Step, ...]:
    """The compared evidence in its order, the prior first, each bar beginning where the one before ended.

    The last ``end`` equals ``match.millibits``; what was not compared has no step.
    """
    compared = [item for item in match.evidence if item.level != NOT_COMPARED]
    compared.sort(key=lambda item: item.field != "prior")
    steps: list[Step] = []
    total = 0
    for item in compared:
        steps.append(Step(item, total, total + item.millibits))
        total += item.millibits
    return tuple(steps)


def not_compared(match: Match) -> tuple[Evidence, ...]:
    """The comparisons that one side or the other gave nothing for."""
    return tuple(item for item in match.evidence if item.level == NOT_COMPARED)


def draw_waterfall(match: Match, catalogue: Catalogue, width: int | None = None) -> RenderableType:
    """A table of signed bars with the running sum, the posterior and the band.

    ``width`` is the number of columns of the whole drawing; None takes what the terminal has.
    """
    return _Waterfall(match, catalogue, width)


@dataclass(frozen=True, slots=True)
class _Waterfall:
    match: Match
    catalogue: Catalogue
    width: int | None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        words, match = self.catalogue, self.match
        width = self.width or options.max_width
        bar = min(_MAX_BAR, max(_MIN_BAR, width - _BESIDE_BAR))
        steps = waterfall_steps(match)
        low = min([0, *(min(step.start, step.end) for step in steps)])
        high = max([1, *(max(step.start, step.end) for step in steps)])
        title = Text.assemble((clean(f"{match.key.list_id}:{match.key.entry_id}"), "bold"))
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, width=self.width, pad_edge=False)
        table.add_column(words("report.field"), overflow="fold")
        table.add_column(words("report.finding"), overflow="fold", ratio=1)
        table.add_column("", no_wrap=True, width=bar)
        table.add_column(words("report.bits"), justify="right", no_wrap=True)
        table.add_column(words("report.sum"), justify="right", no_wrap=True)
        for step in steps:
            item = step.evidence
            style = "blue" if item.millibits > 0 else "yellow" if item.millibits < 0 else "dim"
            table.add_row(
                field_word(words, item.field),
                _finding(words, item),
                Text(_bar(step, low, high, bar), style=style),
                Text(signed(item.millibits), style=style),
                signed(step.end),
            )
        yield table
        verdict = Text.assemble(
            (f"{words('report.sum')} {signed(match.millibits)} {words('report.bits')}", "bold"),
            f" → {percent(match.probability)} → ",
            (band_word(words, match.band), "bold"),
        )
        if match.capped:
            verdict.append(f" · {words('report.capped')}: {capped_word(words, match.capped)}", "yellow")
        yield verdict
        silent = [field_word(words, item.field) for item in not_compared(match)]
        if silent:
            yield Text(f"{words('report.not-compared')}: {words('report.list-comma').join(silent)}", "dim")


def _finding(words: Catalogue, item: Evidence) -> Text:
    text = Text(level_word(words, item.field, item.level))
    if item.left or item.right:
        left, right = (_value(words, item.field, side) for side in (item.left, item.right))
        text.append(f"\n{left} ↔ {right}", "dim")
    if item.note:
        text.append(f"\n{clean(note_text(words, item.note))}", "dim italic")
    return text


def _value(words: Catalogue, field: str, text: str) -> str:
    shown = term(words, f"report.sex.{text}", text) if field == "sex" else text
    return clean(shown) or "–"


def _bar(step: Step, low: int, high: int, width: int) -> str:
    """A bar between start and end on a line of ``width`` columns that spans ``low`` to ``high``; zero is marked."""
    scale = (width - 1) / (high - low)
    first, last = sorted(round((value - low) * scale) for value in (step.start, step.end))
    line = [" "] * width
    line[round(-low * scale)] = "│"
    line[first : last + 1] = "█" * (last + 1 - first)
    return "".join(line)
