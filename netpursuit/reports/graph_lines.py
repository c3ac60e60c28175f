"""Text of a picture: how wide it is, and where it breaks. An SVG does neither by itself."""

from __future__ import annotations

from rich.cells import get_character_cell_size

from netpursuit.reports.wording import clean, plain

# Letters that a font lacks are taken from any other, bold or slanted: so each text begins with a font that has its own.
FONTS = "'Noto Sans','DejaVu Sans','Segoe UI','Helvetica Neue',Arial,sans-serif"
HAN_FONTS = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
_NARROW, _BROAD = 0.58, 1.0  # width of a letter by its size, of Han and the like and of all others; rather too wide


def fonts_of(text: str) -> str:
    """The families of fonts in which a text is drawn, best first."""
    return HAN_FONTS if any(get_character_cell_size(char) > 1 for char in text) else FONTS


def width_of(text: str, size: float) -> float:
    """About how wide a text of this size is drawn."""
    return sum(_BROAD if get_character_cell_size(char) > 1 else _NARROW for char in text) * size


def broken(text: str, size: float, width: float, most: int) -> list[str]:
    """The lines of a text, none wider than ``width``, at most ``most``; what is left out is told by ``…``.

    Breaks at spaces, and within a word that is too long by itself; Chinese breaks anywhere but within a number.
    """
    lines: list[str] = []
    left = " ".join(plain(clean(text)).split())
    while left:
        line, left = _first(left, size, width)
        if left and len(lines) + 1 == most:
            while line and width_of(f"{line}…", size) > width:
                line = line[:-1]
            return [*lines, f"{line.rstrip()}…"]
        lines.append(line)
    return lines


def _first(text: str, size: float, width: float) -> tuple[str, str]:
    """The first line, and the rest."""
    at = len(text)
    for end in range(1, len(text) + 1):
        if end > 1 and width_of(text[:end], size) > width:
            at = end - 1
            break
    else:
        return text, ""
    whole = at
    # A number or a word stays whole where it fits on a line: half a house number is another house's.
    while whole and _joins(text[whole - 1]) and _joins(text[whole]):
        whole -= 1
    at = whole or at
    return text[:at].rstrip(), text[at:].lstrip()


def _joins(char: str) -> bool:
    return get_character_cell_size(char) < 2 and not char.isspace()
