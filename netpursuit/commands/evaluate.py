"""``netpursuit evaluate``: how well labelled pairs are told apart; no list, no workspace, no consultation."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import DAY, FILE, Settings, common, show_json
from netpursuit.commands.pairs import (
    REST,
    PairReport,
    checked_columns,
    long_fields,
    open_input,
    open_output,
    row_chunks,
)
from netpursuit.commands.worded import new_command
from netpursuit.errors import InputError

if TYPE_CHECKING:
    from netpursuit.evaluation import Fit, Labelled, LabelledPair
    from netpursuit.policy.model import Policy
    from netpursuit.reports.quality import Fitted

OWN = ("left_id", "right_id")
WORST = 10
MOST_PARTS = 40  # categories judged one by one
WORD = 80  # characters of a category or a label that are shown
_TRUE = frozenset({"true", "1", "yes", "y", "是"})
_FALSE = frozenset({"false", "0", "no", "n", "否"})
_SAMPLES = 200


def command(words: Catalogue) -> click.Command:
    @new_command(words, "evaluate", "help.evaluate")
    @click.argument("labelled", type=FILE, metavar="LABELLED")
    @click.option("--report", type=FILE, metavar="R.html", help=words("option.evaluate.report"))
    @click.option("--policy", type=FILE, metavar="FILE", help=words("option.policy"))
    @click.option("--threshold", type=float, metavar="BITS", help=words("option.evaluate.threshold"))
    @click.option("--hold-out", metavar="SHARE", help=words("option.evaluate.hold-out"))
    @click.option("--seed", type=int, default=1, show_default=True, help=words("option.evaluate.seed"))
    @click.option("--fit", type=FILE, metavar="OUT.toml", help=words("option.evaluate.fit"))
    @click.option("--date", "day", type=DAY, help=words("option.evaluate.date"))
    @click.option("--against", type=FILE, metavar="OLD_HITS.csv", help=words("option.evaluate.against"))
    @common(words, authority=False, workspace=False)
    def evaluate(settings: Settings, **options: Any) -> int:
        return run_evaluate(settings, **options)

    return evaluate


def run_evaluate(
    settings: Settings,
    labelled: str,
    report: str | None,
    policy: str | None,
    threshold: float | None,
    hold_out: str | None,
    seed: int,
    fit: str | None,
    day: date | None,
    against: str | None,
) -> int:
    """Score the pairs, judge them as a whole and by script and category, fit and compare where asked."""
    from netpursuit.evaluation import collect, compare_with_hits, fit_weights, held_back, judge
    from netpursuit.policy.model import Policy

    share = _share(hold_out) if hold_out else (1 / 3 if fit else None)
    if labelled == "-" and (fit or report):
        raise InputError("standard input is read once", where="-", expected="a file, for --fit and --report")
    if fit == "-" or (report == "-" and settings.as_json):
        raise InputError("standard output carries the figures", where="-", expected="a file")
    hits = read_hits(against) if against else None
    used = Policy.from_toml(Path(policy)) if policy else Policy.shipped()
    if fit and used.fitted:
        raise InputError("--fit begins from the shipped weights", expected="--fit without --policy")
    found = collect(read_labelled(settings.words, labelled, id_columns=hits.columns if hits else ()), used)
    if not len(found):
        raise InputError("no labelled pair", where=labelled, expected="rows with is_match")
    held = held_back(found, share, seed) if share else None
    judged = found if held is None else found.where(held)
    prevalence = None if held is None else float(found.same[~held].mean()) if (~held).any() else None
    if held is not None and (not len(judged) or prevalence is None):
        raise InputError("too few persons to hold some back", where=labelled, expected="several person_id")
    overall = judge(judged, prevalence=prevalence, threshold=threshold, resamples=_SAMPLES, seed=seed)
    parts = {
        kind: {value: judge(judged.where(rows)) for value, rows in _parts(getattr(judged, kind)).items()}
        for kind in ("script", "category", "tradition")
    }
    shown: dict[str, Any] = {
        "policy": used.version,
        "rows": {"pairs": len(found), "judged": len(judged)},
        "overall": asdict(overall),
        **{kind: {value: asdict(quality) for value, quality in some.items()} for kind, some in parts.items()},
    }
    beside = None
    if fit and held is not None:
        fitted = fit_weights(found.where(~held), used)
        beside = _fit(settings, labelled, fit, day, found, held, used, fitted)
        shown["fit"] = {**asdict(beside), "changes": [asdict(one) for one in fitted.changes]}
    compared = None
    if hits is not None:
        compared = compare_with_hits(judged, hits.called, hits.scores)
        unknown = len(hits.called - set(found.pair_id))
        shown["against"] = {**asdict(compared), "reviews_saved": compared.reviews_saved, "unknown": unknown}
        if unknown:
            click.echo(settings.words("evaluate.unknown-hits", count=unknown, file=against), err=True)
    worst = _worst(settings.words, labelled, judged, used) if report or not settings.as_json else ()
    if report:
        from netpursuit.reports.quality import QualityReport, render_quality

        page = QualityReport(
            policy=used.version,
            file=Path(labelled).name,
            judged=judged,
            overall=overall,
            parts=parts,
            worst=worst,
            against=compared,
        )
        with open_output(report) as target:
            target.write(render_quality(page, settings.words))
    if settings.as_json:
        show_json(shown)
    elif report != "-":
        from netpursuit.commands.show import console
        from netpursuit.reports.quality import draw_quality

        draw_quality(console(), settings.words, overall, parts, worst, compared, beside)
    return 0


def _share(text: str) -> float:
    """``1/3`` or ``0.33`` as a number. Raises ``InputError`` for anything but a share between 0 and 1."""
    try:
        share = float(Fraction(text))
    except (ValueError, ZeroDivisionError, OverflowError):
        share = 0.0
    if not 0 < share < 1:
        raise InputError(f"--hold-out {text}", expected="a share between 0 and 1, such as 1/3 or 0.33")
    return share


def _parts(column: Any) -> dict[str, Any]:
    """The rows of each word, of the ``MOST_PARTS`` most frequent ones; the rest together as ``…``."""
    import numpy as np

    counts = Counter(column.tolist())
    counts.pop("", None)
    kept = sorted(word for word, _ in counts.most_common(MOST_PARTS))
    parts = {word: column == word for word in kept}
    if len(counts) > len(kept):
        parts["…"] = ~np.isin(column.astype(np.str_), ["", *kept])
    return parts


def _fit(
    settings: Settings, labelled: str, out: str, day: date | None, found: Labelled, held: Any, used: Policy, fitted: Fit
) -> Fitted:
    """Write the fitted table, and judge the held-back pairs before and after it."""
    from netpursuit.evaluation import collect, judge
    from netpursuit.policy.model import Policy
    from netpursuit.reports.quality import Fitted

    text = fitted.as_toml(
        base=used.version,
        name=Path(out).stem,
        source=_digest(labelled),
        fitted_on=(day or datetime.now().astimezone().date()).isoformat(),
    )
    with open_output(out) as target:
        target.write(text)
    prevalence = float(found.same[~held].mean())
    before = judge(found.where(held), prevalence=prevalence)
    if not fitted.changes:
        return Fitted(0, before, before)
    again = collect(read_labelled(settings.words, labelled, quiet=True), Policy.from_text(text, out))
    after = judge(again.where(held), prevalence=prevalence)
    return Fitted(len(fitted.changes), before, after)


def _digest(path: str) -> str:
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_labelled(
    words: Catalogue, path: str, *, id_columns: Sequence[str] = (), quiet: bool = False
) -> Iterator[list[LabelledPair]]:
    """Chunks of labelled pairs, with ids of ``id_columns``.

    Raises ``InputError`` for a label that is none and for an id that is empty or double, naming line and column.
    """
    from netpursuit.evaluation import LabelledPair

    report = PairReport(words, path, {"rejected": 0, "left_out": 0}, quiet=quiet)
    with long_fields(), open_input(path) as stream:
        reader = csv.DictReader(stream, strict=True, restkey=REST)
        columns = checked_columns(reader, path, own=OWN)
        if "is_match" not in columns:
            raise InputError("the column is_match is missing", where=path, line=1, expected="is_match: true or false")
        if not set(id_columns) <= set(columns):
            raise InputError("pairs have no id", where=path, line=1, expected=" and ".join(id_columns))
        seen: set[str] = set()
        for chunk in row_chunks(reader, path):
            pairs = []
            for line, row in chunk:
                both = report.persons(line, row)
                if both is None:
                    continue
                label = (row.get("is_match") or "").strip().lower()
                if label not in _TRUE | _FALSE:
                    raise InputError(
                        f"is_match is {label[:WORD]!r}",
                        where=path,
                        line=line,
                        expected="true or false, 1 or 0, yes or no, 是 or 否",
                    )
                name = _pair_id(row, id_columns, path, line) if id_columns else ""
                if name and name in seen:
                    raise InputError(f"the pair {name!r} stands there twice", where=path, line=line)
                seen.update({name} - {""})
                pairs.append(
                    LabelledPair(
                        left=both[0],
                        right=both[1],
                        same=label in _TRUE,
                        line=line,
                        person_id=(row.get("person_id") or "").strip(),
                        category=(row.get("category") or "").strip()[:WORD],
                        tradition=(row.get("synthetic_tradition") or "").strip()[:WORD],
                        pair_id=name,
                    )
                )
            yield pairs
    report.end()


def _pair_id(row: Mapping[str, Any], columns: Sequence[str], path: str, line: int) -> str:
    """The id of a row. Raises ``InputError`` where a part of it is empty."""
    parts = [(row.get(column) or "").strip() for column in columns]
    if not all(parts):
        raise InputError(f"{columns[parts.index('')]} is empty", where=path, line=line, expected="the id of the pair")
    return "|".join(parts)


@dataclass(frozen=True, slots=True)
class Hits:
    """What the present tool called: ids made of ``columns``, and its scores where it gives any."""

    columns: tuple[str, ...]
    called: frozenset[str]
    scores: Mapping[str, float]


def read_hits(path: str) -> Hits:
    """The pairs of the present tool; called are those whose ``hit`` is true, or all where there is no such column.

    Raises ``InputError`` where ids are missing, a ``hit`` is no label or a ``score`` no number.
    """
    called, scores = set(), {}
    with long_fields(), open_input(path) as stream:
        reader = csv.DictReader(stream, strict=True, restkey=REST)
        try:
            header = set(reader.fieldnames or ())
        except (csv.Error, UnicodeError):
            raise InputError("not readable as CSV", where=path, line=1, expected="CSV") from None
        columns = ("pair_id",) if "pair_id" in header else OWN
        if not set(columns) <= header:
            raise InputError("hits have no id", where=path, line=1, expected="pair_id, or left_id and right_id")
        for chunk in row_chunks(reader, path):
            for line, row in chunk:
                name = _pair_id(row, columns, path, line)
                label = (row["hit"] or "").strip().lower() if "hit" in header else "true"
                if label not in _TRUE | _FALSE:
                    raise InputError(f"hit is {label[:WORD]!r}", where=path, line=line, expected="true or false")
                if label in _TRUE:
                    called.add(name)
                if "score" in header:
                    scores[name] = _number(row["score"] or "", path, line)
    return Hits(columns, frozenset(called), scores)


def _number(text: str, path: str, line: int) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise InputError(f"score is {text[:WORD]!r}", where=path, line=line, expected="a number")
    return number


def _worst(words: Catalogue, path: str, judged: Any, used: Any) -> tuple[Any, ...]:
    """The true pairs of the lowest and the false pairs of the highest scores, with their evidence."""
    import numpy as np

    from netpursuit.match import compare_all
    from netpursuit.reports.quality import Worst

    same, total = judged.same, judged.total
    order = np.argsort(total, kind="stable")
    low = [row for row in order.tolist() if same[row]][:WORST]
    high = [row for row in order[::-1].tolist() if not same[row]][:WORST]
    lines = {int(judged.line[row]): bool(same[row]) for row in (*low, *high)}
    if path == "-":
        return ()
    pairs = [pair for chunk in read_labelled(words, path, quiet=True) for pair in chunk if pair.line in lines]
    matches = compare_all([(pair.left, pair.right) for pair in pairs], policy=used)
    found = [Worst(pair.line, pair.same, pair.category, match) for pair, match in zip(pairs, matches, strict=True)]
    return tuple(sorted(found, key=lambda one: (not one.same, one.match.millibits * (1 if one.same else -1))))
