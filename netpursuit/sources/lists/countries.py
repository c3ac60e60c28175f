"""Countries as lists write them: names, former names, adjectives and codes, in English and Chinese, to ISO alpha-2.

The table ``countries.csv`` lies beside this module; its header names the sources.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources


@cache  # the table is part of the program and never changes while it runs
def _table() -> dict[str, str]:
    text = (resources.files(__package__) / "countries.csv").read_text(encoding="utf-8")
    codes: dict[str, str] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        alpha2, alpha3, *names = (field.strip() for field in line.split(","))
        for name in (alpha2, alpha3, *(word for field in names for word in field.split("|"))):
            if name:
                codes.setdefault(_fold(name), alpha2)
    return codes


def country_code(text: str | None) -> str:
    """The ISO 3166-1 alpha-2 code of a country, or empty where the text names none.

    Takes a name, a former name, an adjective, a code of two or three letters, in English or Chinese.

    >>> country_code("Korea, North"), country_code("Afghan"), country_code("中国"), country_code("GBR")
    ('KP', 'AF', 'CN', 'GB')
    """
    if not text:
        return ""
    table = _table()
    turned = " ".join(reversed(text.split(",")))  # "Guinea, Equatorial"
    outer = re.sub(r"\(.*?\)", " ", text)  # "Iran (Islamic Republic of)"
    return next((table[key] for key in map(_fold, (text, turned, outer)) if key in table), "")


def _fold(text: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    words = re.findall(r"\w+", plain.casefold())
    return " ".join([word for word in words if word not in ("the", "of", "and")] or words)
