"""``netpursuit compare``: scores given pairs of records; no list, no workspace, no consultation."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import FILE, Settings, common, show_json
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
from netpursuit.records import Evidence, Match

ADDED = ("bits", "probability", "band", "capped", "evidence")


def evidence_text(evidence: tuple[Evidence, ...]) -> str:
    """Evidence on one line, without what was not compared: ``name same +18.2; birth-date same-day +14.2``."""
    parts = [
        f"{item.field} {item.level} {item.millibits / 1000:+.1f}"
        for item in evidence
        if item.level != "not-compared" and item.field != "prior"
    ]
    return "; ".join(parts)


def scores_of(match: Match) -> dict[str, Any]:
    """The columns that ``compare`` adds."""
    return {
        "bits": f"{match.millibits / 1000:.1f}",
        "probability": f"{match.probability:.6f}",
        "band": match.band.word,
        "capped": match.capped,
        "evidence": evidence_text(match.evidence),
    }


def command(words: Catalogue) -> click.Command:
    @new_command(words, "compare", "help.compare")
    @click.argument("pairs", type=FILE, metavar="PAIRS")
    @click.option("--out", type=FILE, metavar="SCORES", required=True, help=words("option.compare.out"))
    @click.option("--policy", type=FILE, metavar="FILE", help=words("option.policy"))
    @common(words, authority=False, workspace=False)
    def compare(settings: Settings, pairs: str, out: str, policy: str | None) -> int:
        return run_compare(settings, pairs, out, policy)

    return compare


def run_compare(settings: Settings, pairs: str, out: str, fitted: str | None = None) -> int:
    """Stream the pairs, score them chunk by chunk, keep every input column.

    A row that cannot be used keeps its place with empty scores, a value that cannot be read is left out of its pair;
    both are reported on standard error by line and column.
    """
    from netpursuit.match import compare_all
    from netpursuit.policy.model import Policy
    from netpursuit.prepare import Preparer

    policy = Policy.from_toml(Path(fitted)) if fitted else Policy.shipped()
    preparer = Preparer(policy.frequencies)
    counts = {"pairs": 0, "weak": 0, "possible": 0, "strong": 0, "rejected": 0, "left_out": 0}
    report = PairReport(settings.words, pairs, counts)
    with long_fields(), open_input(pairs) as stream:
        reader = csv.DictReader(stream, strict=True, restkey=REST)
        columns = checked_columns(reader, pairs, reserved=ADDED)
        with open_output(out) as target:
            writer = csv.DictWriter(target, [*columns, *ADDED], lineterminator="\n", extrasaction="ignore")
            if not settings.as_json:
                writer.writeheader()
            for chunk in row_chunks(reader, pairs):
                persons = [report.persons(line, row) for line, row in chunk]
                matches = iter(compare_all([both for both in persons if both is not None], preparer, policy))
                for (_, row), both in zip(chunk, persons, strict=True):
                    match = next(matches) if both is not None else None
                    counts["pairs"] += 1
                    if match is not None and match.band.word:
                        counts[match.band.word] += 1
                    row.pop(REST, None)
                    if settings.as_json:
                        target.write(json.dumps({**row, **_json_scores(match)}, ensure_ascii=False) + "\n")
                    else:
                        writer.writerow({**row, **(scores_of(match) if match else {})})
    report.end()
    if out != "-":
        if settings.as_json:
            show_json(counts)
        else:
            click.echo(settings.words("compare.done", **counts, file=out))
    return 0


def _json_scores(match: Match | None) -> dict[str, Any]:
    from netpursuit.reports.shapes import evidence_json

    if match is None:
        return {"bits": None, "probability": None, "band": "", "capped": "", "evidence": []}
    return {
        "bits": match.bits,
        "probability": match.probability,
        "band": match.band.word,
        "capped": match.capped,
        "evidence": [evidence_json(item) for item in match.evidence],
    }
