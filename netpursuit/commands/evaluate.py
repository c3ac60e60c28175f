"""``netpursuit evaluate``: how well labelled pairs are told apart; no list, no workspace, no consultation."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import DAY, Settings, common, show_json
from netpursuit.commands.pairs import PairReport, checked_columns, long_fields, open_input, open_output, row_chunks
from netpursuit.commands.worded import new_command
from netpursuit.errors import InputError

if TYPE_CHECKING:
    from netpursuit.evaluation import LabelledPair

OWN = ("left_id", "right_id")
WORST = 10
_TRUE = frozenset({"true", "1", "yes", "y", "是"})
_FALSE = frozenset({"false", "0", "no", "n", "否"})
_SAMPLES = 200


def command(words: Catalogue) -> click.Command:
    @new_command(words, "evaluate", "help.evaluate")
    @click.argument("labelled", metavar="LABELLED")
    @click.option("--report", metavar="R.html", help=words("option.evaluate.report"))
    @click.option("--policy", metavar="FILE", help=words("option.policy"))
    @click.option("--threshold", type=float, metavar="BITS", help=words("option.evaluate.threshold"))
    @click.option("--hold-out", type=float, metavar="SHARE", help=words("option.evaluate.hold-out"))
    @click.option("--seed", type=int, default=1, show_default=True, help=words("option.evaluate.seed"))
    @click.option("--fit", metavar="OUT.toml", help=words("option.evaluate.fit"))
    @click.option("--date", "day", type=DAY, help=words("option.evaluate.date"))
    @click.option("--against", metavar="OLD_HITS.csv", help=words("option.evaluate.against"))
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
    hold_out: float | None,
    seed: int,
    fit: str | None,
    day: date | None,
    against: str | None,
) -> int:
    """Score the pairs, judge them as a whole and by script and category, fit and compare where asked."""
    from netpursuit.evaluation import collect, compare_with_hits, fit_weights, held_back, judge
    from netpursuit.policy.model import Policy

    if hold_out is not None and not 0 < hold_out < 1:
        raise InputError(f"--hold-out {hold_out:g}", expected="a share between 0 and 1, such as 0.33")
    if labelled == "-" and (fit or report):
        raise InputError("standard input is read once", where="-", expected="a file, for --fit and --report")
    hits = read_hits(against) if against else None
    used = Policy.from_toml(Path(policy)) if policy else Policy.shipped()
    if fit and used.fitted:
        raise InputError("--fit begins from the shipped weights", expected="--fit without --policy")
    found = collect(read_labelled(settings.words, labelled, need_id=hits is not None), used)
    if not len(found):
        raise InputError("no labelled pair", where=labelled, expected="rows with is_match")
    share = hold_out if hold_out is not None else (1 / 3 if fit else None)
    held = held_back(found, share, seed) if share else None
    judged = found if held is None else found.where(held)
    prevalence = None if held is None else float(found.same[~held].mean()) if (~held).any() else None
    if held is not None and (not len(judged) or prevalence is None):
        raise InputError("too few persons to hold some back", where=labelled, expected="several person_id")
    overall = judge(judged, prevalence=prevalence, threshold=threshold, resamples=_SAMPLES, seed=seed)
    parts = {
        kind: {value: judge(judged.where(getattr(judged, kind) == value)) for value in _values(getattr(judged, kind))}
        for kind in ("script", "category", "tradition")
    }
    shown: dict[str, Any] = {
        "policy": used.version,
        "rows": {"pairs": len(found), "judged": len(judged)},
        "overall": asdict(overall),
        **{kind: {value: asdict(quality) for value, quality in some.items()} for kind, some in parts.items()},
    }
    if fit and held is not None:
        shown["fit"] = _fit(
            settings, labelled, fit, day, seed, found, held, used, fit_weights(found.where(~held), used)
        )
    compared = compare_with_hits(judged, hits) if hits is not None else None
    if compared is not None:
        shown["against"] = {**asdict(compared), "reviews_saved": compared.reviews_saved}
    worst = _worst(settings.words, labelled, judged, used) if report or not settings.as_json else ()
    if report:
        from netpursuit.reports.quality import QualityReport, render_quality

        page = QualityReport(
            policy=used.version, file=Path(labelled).name, judged=judged, overall=overall, parts=parts, worst=worst
        )
        with open_output(report) as target:
            target.write(render_quality(page, settings.words))
    if settings.as_json:
        show_json(shown)
    elif report != "-":
        from netpursuit.commands.show import console
        from netpursuit.reports.quality import draw_quality

        draw_quality(console(), settings.words, overall, parts, worst, compared, shown.get("fit"))
    return 0


def _values(words: Any) -> list[str]:
    return sorted({str(word) for word in words} - {""})


def _fit(
    settings: Settings,
    labelled: str,
    out: str,
    day: date | None,
    seed: int,
    found: Any,
    held: Any,
    used: Any,
    fitted: Any,
) -> dict[str, Any]:
    """Write the fitted table, and judge the held-back pairs before and after it."""
    from netpursuit.evaluation import collect, judge
    from netpursuit.policy.model import Policy

    text = fitted.as_toml(
        base=used.version,
        name=Path(out).stem,
        source=hashlib.sha256(Path(labelled).read_bytes()).hexdigest(),
        fitted_on=(day or datetime.now().astimezone().date()).isoformat(),
    )
    with open_output(out) as target:
        target.write(text)
    prevalence = float(found.same[~held].mean())
    before = judge(found.where(held), prevalence=prevalence)
    if not fitted.changes:
        return {"changes": [], "before": asdict(before), "after": asdict(before)}
    again = collect(read_labelled(settings.words, labelled, quiet=True), Policy.from_text(text, out))
    after = judge(again.where(held), prevalence=prevalence)
    return {"changes": [asdict(one) for one in fitted.changes], "before": asdict(before), "after": asdict(after)}


def read_labelled(
    words: Catalogue, path: str, *, need_id: bool = False, quiet: bool = False
) -> Iterator[list[LabelledPair]]:
    """Chunks of labelled pairs. Raises ``InputError`` for a label that is none, naming line and column."""
    from netpursuit.evaluation import LabelledPair

    report = PairReport(words, path, {"rejected": 0, "left_out": 0}, quiet=quiet)
    with long_fields(), open_input(path) as stream:
        reader = csv.DictReader(stream, strict=True, restkey="\0rest")
        columns = checked_columns(reader, path, own=OWN)
        if "is_match" not in columns:
            raise InputError("the column is_match is missing", where=path, line=1, expected="is_match: true or false")
        if need_id and "pair_id" not in columns and not set(OWN) <= set(columns):
            raise InputError("pairs have no id", where=path, line=1, expected="pair_id, or left_id and right_id")
        for chunk in row_chunks(reader, path):
            pairs = []
            for line, row in chunk:
                both = report.persons(line, row)
                if both is None:
                    continue
                label = (row.get("is_match") or "").strip().lower()
                if label not in _TRUE | _FALSE:
                    raise InputError(
                        f"is_match is {label!r}", where=path, line=line, expected="true or false, 1 or 0, yes or no"
                    )
                pairs.append(
                    LabelledPair(
                        left=both[0],
                        right=both[1],
                        same=label in _TRUE,
                        line=line,
                        person_id=(row.get("person_id") or "").strip(),
                        category=(row.get("category") or "").strip(),
                        tradition=(row.get("synthetic_tradition") or "").strip(),
                        pair_id=_pair_id(row),
                    )
                )
            yield pairs
    report.end()


def _pair_id(row: dict[str, Any]) -> str:
    if row.get("pair_id"):
        return str(row["pair_id"]).strip()
    return "|".join((row.get(key) or "").strip() for key in OWN)


def read_hits(path: str) -> frozenset[str]:
    """The ids of the pairs that the present tool called: those whose ``hit`` is true, or all where there is no column
    ``hit``. Raises ``InputError`` where ids are missing or a ``hit`` is no label."""
    found = set()
    with long_fields(), open_input(path) as stream:
        reader = csv.DictReader(stream, strict=True)
        columns = set(reader.fieldnames or ())
        if "pair_id" not in columns and not set(OWN) <= columns:
            raise InputError("hits have no id", where=path, line=1, expected="pair_id, or left_id and right_id")
        for chunk in row_chunks(reader, path):
            for line, row in chunk:
                label = (row.get("hit") or "true").strip().lower()
                if label not in _TRUE | _FALSE:
                    raise InputError(f"hit is {label!r}", where=path, line=line, expected="true or false")
                if label in _TRUE:
                    found.add(_pair_id(row))
    return frozenset(found)


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
