"""Both records of a match field by field and its evidence as a sum, worded, as JSON for a page that draws them."""

from __future__ import annotations

from typing import Any

from netpursuit.catalogue import Catalogue
from netpursuit.policy.weights import BAND_FLOORS
from netpursuit.records import Entry, Match, Person
from netpursuit.reports.differences import Spans
from netpursuit.reports.lead_words import entry_facts
from netpursuit.reports.page import safe_link
from netpursuit.reports.sides import FieldPair, face_fields
from netpursuit.reports.waterfall import Step, not_compared, waterfall_steps
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


def compared_json(words: Catalogue, person: Person, match: Match, entry: Entry | None) -> dict[str, Any]:
    """``sides``: the fields that either record states, aligned; ``steps``: the sum from the prior on, in thousandths of
    a bit; ``not_compared``; ``floors``: where the bands begin; ``worded``; ``facts`` that the entry tells a human."""
    pairs = face_fields(person, entry.person if entry else None, match)
    return {
        "sides": [_pair_json(words, pair) for pair in pairs],
        "steps": [_step_json(words, step) for step in waterfall_steps(match)],
        "not_compared": [{"field": one.field, "label": field_word(words, one.field)} for one in not_compared(match)],
        "floors": [
            {"band": band.word, "label": band_word(words, band), "millibits": int(floor)} for band, floor in BAND_FLOORS
        ],
        "worded": {
            "band": band_word(words, match.band),
            "probability": percent(match.probability),
            "bits": signed(match.millibits),
            "capped": capped_word(words, match.capped),
        },
        "facts": facts_json(words, entry) if entry else [],
    }


def facts_json(words: Catalogue, entry: Entry) -> list[dict[str, str]]:
    """What the entry tells a human; a link has ``href``, empty where no browser should follow it."""
    return [
        {"key": fact.key, "label": fact.label, "text": fact.text}
        | ({"href": safe_link(entry.link)} if fact.key == "link" else {})
        for fact in entry_facts(entry, words)
    ]


def _pair_json(words: Catalogue, pair: FieldPair) -> dict[str, Any]:
    return {
        "field": pair.field,
        "label": field_word(words, pair.field),
        "verdict": pair.verdict,
        "verdict_label": words(f"report.verdict.{pair.verdict}"),
        "left": [_spans_json(words, pair.field, spans) for spans in pair.left],
        "right": [_spans_json(words, pair.field, spans) for spans in pair.right],
        "left_more": list(pair.left_more),
        "right_more": list(pair.right_more),
    }


def _spans_json(words: Catalogue, field: str, spans: Spans) -> list[dict[str, str]]:
    """A value in runs of one mark; one that is a word of the program (a sex) is worded whole."""
    key = f"{field}.{''.join(span.text for span in spans)}"
    if key in words:
        kinds = {span.kind for span in spans}
        return [{"text": words(key), "mark": "same" if kinds == {"same"} else "differs"}]
    return [{"text": span.text, "mark": span.kind} for span in spans]


def _step_json(words: Catalogue, step: Step) -> dict[str, Any]:
    item = step.evidence
    left, right = (_value(words, item.field, side) for side in (item.left, item.right))
    return {
        "field": item.field,
        "label": field_word(words, item.field),
        "level": item.level,
        "finding": level_word(words, item.field, item.level),
        "left": left,
        "right": right,
        "note": clean(note_text(words, item.note)) if item.note else "",
        "millibits": int(item.millibits),
        "bits": signed(item.millibits),
        "start": int(step.start),
        "end": int(step.end),
    }


def _value(words: Catalogue, field: str, text: str) -> str:
    return clean(term(words, f"report.sex.{text}", text) if field == "sex" else text)
