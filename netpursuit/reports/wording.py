"""Words of evidence for people, with the stable key itself where the catalogue has none."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from netpursuit.catalogue import Catalogue
from netpursuit.catalogue.steering import STEERING
from netpursuit.records import Band

if TYPE_CHECKING:
    from netpursuit.records import Lead

_AGREEING = re.compile(r"(\S+=\S+) ([a-z-]+) (-?[\d.]+)")


def term(catalogue: Catalogue, key: str, fallback: str) -> str:
    """The text of a key, or the fallback where the catalogue does not know it."""
    return catalogue(key) if key in catalogue else fallback


def field_word(catalogue: Catalogue, field: str) -> str:
    """What a field of the evidence is called: ``birth-date`` -> ``birth date``."""
    return term(catalogue, f"field.{field}", field)


def level_word(catalogue: Catalogue, field: str, level: str) -> str:
    """What a level of a field is called, for example ``day and month swapped``."""
    return term(catalogue, f"level.{field}.{level}", level)


def band_word(catalogue: Catalogue, band: Band) -> str:
    """The band's word; ``not reportable`` below the weakest."""
    return catalogue(f"band.{band.word or 'none'}")


def capped_word(catalogue: Catalogue, capped: str) -> str:
    """Why the band is lower than the probability says; empty where it is not."""
    return term(catalogue, f"report.capped.{capped.replace(' ', '-')}", capped) if capped else ""


def note_text(catalogue: Catalogue, note: str) -> str:
    """A note of the evidence, piece by piece: ``wei=伟 reading 5.1; li≠wang`` keeps the parts of names as they are."""
    if catalogue.lang == "en":
        return note
    return "；".join(_piece(catalogue, piece) for piece in note.split("; "))


def _piece(catalogue: Catalogue, piece: str) -> str:
    if agreeing := _AGREEING.fullmatch(piece):
        parts, level, bits = agreeing.groups()
        return f"{parts} {term(catalogue, f'token.{level}', level)} {bits}"
    return catalogue.sentence(piece)


def group_of(lead: Lead) -> str:
    """The id of the group of entries that a lead is on; empty for a lead on one entry."""
    return "" if lead.key.entry.list_id else lead.key.entry.entry_id


def flag_word(catalogue: Catalogue, flag: str) -> str:
    """A lead's flag in words, with the fields that it names; empty for none."""
    word, _, fields = flag.partition(":")
    if not word:
        return ""
    names = [field_word(catalogue, name.partition(".")[2]) for name in fields.split(",") if name]
    told = term(catalogue, f"lead.flag.{word}", word)
    return f"{told} ({catalogue('report.list-comma').join(dict.fromkeys(names))})" if names else told


def clean(text: str) -> str:
    """A value without characters that steer a terminal or turn the direction of the text around it.

    >>> clean("A\\x1b[31mB\\tC\\u202eD")
    'A[31mB CD'
    """
    spaced = text.replace("\t", " ").replace("\r", " ").replace("\n", " ")
    return unicodedata.normalize("NFC", spaced.translate(STEERING))


def plain(text: str) -> str:
    """A text without the characters that XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets).

    >>> plain("A\\x07B\\ud800C\\tD")
    'ABC\\tD'
    """
    return "".join(char for char in text if char in "\t\n\r" or (char >= " " and not _is_no_xml(char)))


def _is_no_xml(char: str) -> bool:
    return "\ud800" <= char <= "\udfff" or char in "\ufffe\uffff"


def signed(millibits: int) -> str:
    """Bits with sign and one decimal: ``+14.2``, ``−5.0``, ``0.0``.

    >>> signed(14_200), signed(-40)
    ('+14.2', '0.0')
    """
    tenths = round(millibits / 100)
    return "0.0" if tenths == 0 else f"{'+' if tenths > 0 else '−'}{abs(tenths) / 10:.1f}"


def percent(probability: float) -> str:
    """A probability for people: never a false 0 or 100.

    >>> percent(0.99997), percent(0.934), percent(0.00001)
    ('> 99.9 %', '93.4 %', '< 0.1 %')
    """
    if probability > 0.999:
        return "> 99.9 %"
    if probability < 0.001:
        return "< 0.1 %"
    return f"{probability * 100:.1f} %"
