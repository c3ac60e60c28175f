"""Published cross references: the United Nations' number of a person, as several lists quote it.

Shown, never scored. Pure.

The Council's permanent reference numbers (``QDi.086``) replaced in 2014 numbers that held the year of listing
(``QI.A.86.03``); lists kept before, as the United Kingdom's of 2014, quote the former ones.
Source: UN Security Council, Consolidated List, explanation of permanent reference numbers.
"""

from __future__ import annotations

import re

from netpursuit.records import Entry

_PERMANENT = re.compile(r"\b([A-Z]{2})i\.(\d{3})\b")
_FORMER = re.compile(r"\b([QT])I\.[A-Z]\.(\d{1,3})\.\d{2}\b")
_QUOTED = re.compile(r"\bUN Ref(?:erence)?\b[^A-Z]*([A-Z]{1,2}[Ii]\.[\w.]*\w)")
_REGIMES = {"Q": "QD", "T": "TA"}


def published_references(entry: Entry) -> frozenset[str]:
    """The permanent reference numbers under which an entry says that its person is listed; a former one is translated.

    A number that a description merely mentions may be a relative's.
    """
    texts = (entry.entry_id, entry.warrant.document_number, *_QUOTED.findall(entry.description))
    found = {f"{regime}i.{number}" for text in texts for regime, number in _PERMANENT.findall(text)}
    found |= {f"{_REGIMES[regime]}i.{number:0>3}" for text in texts for regime, number in _FORMER.findall(text)}
    return frozenset(found)
