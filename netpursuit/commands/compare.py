"""``netpursuit compare``: scores given pairs of records; no list, no workspace, no consultation."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_command
from netpursuit.errors import InputError
from netpursuit.records import Evidence, Match

ADDED = ("bits", "probability", "band", "capped", "evidence")
_ROWS_AT_ONCE = 2_000


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


@contextmanager
def open_input(path: str) -> Iterator[IO[str]]:
    """A CSV file as text, or standard input for ``-``."""
    if path == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
        return
    try:
        stream = Path(path).open(encoding="utf-8-sig", newline="")  # noqa: SIM115
    except OSError:
        raise InputError("no such file", where=path, expected="a CSV file, or - for standard input") from None
    with stream:
        yield stream


@contextmanager
def open_output(path: str) -> Iterator[IO[str]]:
    """A new file that takes its name only when it is whole, or standard output for ``-``."""
    if path == "-":
        yield io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        return
    target = Path(path)
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        temporary.replace(target)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=path, expected="a writable place") from None
    finally:
        temporary.unlink(missing_ok=True)


def command(words: Catalogue) -> click.Command:
    @new_command(words, "compare", "help.compare")
    @click.argument("pairs", metavar="PAIRS")
    @click.option("--out", metavar="SCORES", required=True, help=words("option.compare.out"))
    @common(words, authority=False, workspace=False)
    def compare(settings: Settings, pairs: str, out: str) -> int:
        return run_compare(settings, pairs, out)

    return compare


def run_compare(settings: Settings, pairs: str, out: str) -> int:
    """Stream the pairs, score them chunk by chunk, keep every input column."""
    from netpursuit.match import compare_all
    from netpursuit.policy.frequencies import Frequencies
    from netpursuit.prepare import Preparer
    from netpursuit.sources.queries import KEYS, person_of

    preparer = Preparer(Frequencies())
    counts = {"pairs": 0, "weak": 0, "possible": 0, "strong": 0}
    with open_input(pairs) as stream:
        reader = csv.DictReader(stream, strict=True)
        columns = list(reader.fieldnames or ())
        sides = {f"{side}_{key}" for side in ("left", "right") for key in KEYS}
        if not {"left_names", "right_names"} <= set(columns):
            raise InputError("columns are missing", where=pairs, line=1, expected="left_names and right_names")
        if clash := [column for column in columns if column in ADDED]:
            raise InputError(f"the column {clash[0]!r} would be overwritten", where=pairs, line=1)
        if strange := [c for c in columns if c.startswith(("left_", "right_")) and c not in sides]:
            raise InputError(f"unknown column {strange[0]!r}", where=pairs, line=1, expected=", ".join(sorted(sides)))
        with open_output(out) as target:
            writer = csv.DictWriter(target, [*columns, *ADDED], lineterminator="\n")
            if not settings.as_json:
                writer.writeheader()
            for chunk in _chunks(reader, pairs):
                persons = [
                    tuple(
                        person_of(row, where=f"{pairs}:{line}", prefix=side, strict=False)
                        for side in ("left_", "right_")
                    )
                    for line, row in chunk
                ]
                matches = compare_all([(one, other) for one, other in persons], preparer)
                for (_, row), match in zip(chunk, matches, strict=True):
                    counts["pairs"] += 1
                    if match.band.word:
                        counts[match.band.word] += 1
                    if settings.as_json:
                        target.write(json.dumps({**row, **_json_scores(match)}, ensure_ascii=False) + "\n")
                    else:
                        writer.writerow({**row, **scores_of(match)})
    if out != "-":
        if settings.as_json:
            show_json(counts)
        else:
            click.echo(settings.words("compare.done", **counts, file=out))
    return 0


def _json_scores(match: Match) -> dict[str, Any]:
    from netpursuit.commands.shapes import evidence_json

    return {
        "bits": match.bits,
        "probability": match.probability,
        "band": match.band.word,
        "capped": match.capped,
        "evidence": [evidence_json(item) for item in match.evidence],
    }


def _chunks(reader: csv.DictReader[str], where: str) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    """Rows with their line numbers. Raises ``InputError`` for a row of another length or a broken quote."""
    chunk: list[tuple[int, dict[str, Any]]] = []
    try:
        for row in reader:
            if None in row or None in row.values():
                raise InputError(
                    "the row has another number of columns than the header", where=where, line=reader.line_num
                )
            chunk.append((reader.line_num, dict(row)))
            if len(chunk) == _ROWS_AT_ONCE:
                yield chunk
                chunk = []
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"not readable as CSV: {error}", where=where, line=reader.line_num + 1) from None
    if chunk:
        yield chunk
