"""An SVG as pixels, by resvg with the fonts of the machine: a picture for programs that take no SVG."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from netpursuit.errors import InputError
from netpursuit.reports.graph_lines import FONTS, HAN_FONTS, fonts_of

_SCALE = 2.0  # sharp on paper
_MOST_PIXELS = 12_000  # of a side
_TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")
_NO_LETTER = "\U0010fffd"  # a private character, in place of which a font draws what it draws for all that it lacks


def as_png(svg: str) -> bytes:
    """The picture as PNG.

    Raises ``InputError`` where no font of the machine has a letter of the picture: resvg would leave a name, or the
    warning, blank without a word.
    """
    import resvg_py

    missing = _missing(svg)
    if missing:
        shown = " ".join(missing[:10])
        raise InputError(
            f"no font on this machine has {len(missing)} of the letters: {shown}",
            where=".png",
            expected=".svg, or a font that has them (such as Noto Sans CJK)",
        )
    longest = max(float(number) for number in re.findall(r'(?:width|height)="(\d+)"', svg[: svg.index(">")]))
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=min(_SCALE, _MOST_PIXELS / longest)))


def _missing(svg: str) -> list[str]:
    """The letters and digits of the picture that no font has."""
    import resvg_py

    def drawn(char: str, family: str) -> bytes:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string='<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">'
                f'<text x="4" y="18" font-size="14" font-family="{family}">{char}</text></svg>'
            )
        )

    nothing = {drawn(char, family) for char in (" ", _NO_LETTER) for family in (FONTS, HAN_FONTS)}
    letters = {
        char
        for text in _TEXT.findall(svg)
        for char in unescape(text)
        if unicodedata.category(char)[0] in "LN" and unicodedata.category(char) != "Lm"
    }
    return [char for char in sorted(letters) if drawn(char, fonts_of(char)) in nothing]
