"""Sentences of errors and notes, which the program writes in English, found again by their English form.

``said.<name>`` of the catalogue holds the English form with its fields in braces beside the other languages; a field
that is a word of the program itself (the state of a lead, the reason of a rejection) is said by that word.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping

AREA = "said."
# Fields that hold numbers, dates or times, so that a form of few words does not swallow other sentences.
_NUMBERS = ("count", "line", "rejected", "unlisted", "least", "most", "date", "before", "calls", "days", "seconds")
_PATTERNS = dict.fromkeys(_NUMBERS, r"\d[\d-]*") | dict.fromkeys(("bits", "began", "ended"), r"\d[\d.:]*")
# Fields that hold a key of the program, and under what it stands in the catalogue.
_KEYS = {"state": "lead.state.", "reason": "rejected.", "side": "side.", "band": "band.", "role": "role."}


class Sentences:
    """The forms of one language, by their English ones, under the keys of one area of the catalogue."""

    def __init__(self, words: Mapping[str, Mapping[str, str]], lang: str, area: str = AREA) -> None:
        forms = {texts["en"]: texts[lang] for key, texts in words.items() if key.startswith(area)}
        self._whole = {form: said for form, said in forms.items() if "{" not in form}
        fielded = [form for form in forms if "{" in form]
        # The form with the most letters of its own is the one that is meant.
        fielded.sort(key=lambda form: -len(re.sub(r"\{\w+\}", "", form)))
        self._fielded = [(re.compile(_pattern(form), re.DOTALL), forms[form]) for form in fielded]
        self._keys = {
            field: {key.removeprefix(area): texts[lang] for key, texts in words.items() if key.startswith(area)}
            for field, area in _KEYS.items()
        }

    def say(self, text: str) -> str:
        """The sentence in this language; the text itself where no form fits."""
        if text in self._whole:
            return self._whole[text]
        for pattern, form in self._fielded:
            if found := pattern.fullmatch(text):
                return form.format(**{field: self._field(field, value) for field, value in found.groupdict().items()})
        return text

    def _field(self, field: str, value: str) -> str:
        if field in self._keys:
            return self._keys[field].get(value.replace(", ", "-"), value)
        return self._whole.get(value, value)


def _pattern(form: str) -> str:
    parts = []
    seen: set[str] = set()
    for literal, field, _, _ in string.Formatter().parse(form):
        parts.append(re.escape(literal))
        if field:
            value = _PATTERNS.get(field, ".+?")
            parts.append(f"(?P={field})" if field in seen else f"(?P<{field}>{value})")
            seen.add(field)
    return "".join(parts)
