"""The page draws the same signs as the pictures."""

from __future__ import annotations

from tools import page_signs


def test_the_page_draws_the_signs_of_the_pictures():
    assert page_signs.FILE.read_text(encoding="utf-8") == page_signs.signs(), "run python -m tools.page_signs"
