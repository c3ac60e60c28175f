"""Settings that several files of the user's have in common, each checked by one rule: what is wrong, or nothing."""

from __future__ import annotations

import codecs
import re
from zoneinfo import ZoneInfo


def country_problem(code: str) -> str:
    """Of a country; empty for two capital letters and where none is stated."""
    if code and not re.fullmatch("[A-Z]{2}", code):
        return f"country: {code!r}, expected two capital letters as CN or GB"
    return ""


def zone_problem(name: str) -> str:
    """Of a time zone; empty for a known one and where none is stated."""
    if name:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            return f"time_zone: unknown zone {name!r}, expected one as Asia/Shanghai or Europe/London"
    return ""


def encoding_problem(name: str) -> str:
    """Of a text encoding; empty for a known one and where none is stated."""
    if name:
        try:
            "".encode(codecs.lookup(name).name)
        except (LookupError, TypeError, ValueError):
            return f"encoding: unknown {name!r}, expected utf-8, utf-16, gb18030, big5, cp1252 ..."
    return ""
