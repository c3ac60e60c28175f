"""Characters that steer a terminal or turn the direction of text, so that a value could forge what stands beside it."""

from __future__ import annotations

_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)

STEERING: dict[int, None] = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *_TURNING])
"""For ``str.translate``: takes them all out, tab and line ends too."""

_IN_LINES: dict[int, None] = {point: None for point in STEERING if chr(point) not in "\t\r\n"}


def steerless(text: str) -> str:
    """A text of one or more lines without them.

    >>> steerless("A\\x1b[31mB\\u202eC\\n")
    'A[31mBC\\n'
    """
    return text if text.isascii() and text.isprintable() else text.translate(_IN_LINES)
