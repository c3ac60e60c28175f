"""Values of typed columns, and days in whatever form a column writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from netpursuit.sources.graph_tables.layout import Column

_INTEGER = re.compile(r"[+-]?\d+")
_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
_PARTED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ].*)?")


def expected_of(column: Column, value: str) -> str:
    """Empty where the value is one of the column's type; else what was expected. An empty cell states nothing."""
    values = value.split(";") if column.array else [value]
    return next(filter(None, (_expected(column.type, one.strip()) for one in values if one.strip())), "")


def _expected(kind: str, value: str) -> str:
    match kind:
        case "int" | "long" | "short" | "byte":
            return "" if _INTEGER.fullmatch(value) else "a whole number"
        case "float" | "double":
            try:
                float(value)
            except ValueError:
                return "a number"
            return ""
        case "boolean":
            return "" if value.lower() in ("true", "false") else "true or false"
        case "date":
            return "" if to_day(value, day_first=None) else "a date YYYY-MM-DD"
    return ""


def is_day_first(values: Iterable[str]) -> bool | None:
    """Whether a column writes 24/08/2017 (True) or 08/24/2017 (False); None where its values leave it open, or differ.

    What is left open is no date: to guess it would put people in a place on a wrong day.
    """
    told = set()
    for value in values:
        if match := _PARTED.fullmatch(value.strip()):
            first, second = int(match[1]), int(match[2])
            if (first > 12) != (second > 12):
                told.add(first > 12)
    return told.pop() if len(told) == 1 else None


def to_day(text: str, *, day_first: bool | None) -> str:
    """The day as an ISO date, or empty where it is none or cannot be told."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif (match := _PARTED.fullmatch(text)) and day_first is not None:
        year = int(match[3])
        month, day = (int(match[2]), int(match[1])) if day_first else (int(match[1]), int(match[2]))
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
