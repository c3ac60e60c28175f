"""The workspace of the command line's tests, for real processes that are killed."""

from pathlib import Path

from tests.cli.conftest import command, feed, register, wanted, workspace

__all__ = ["ROOT", "command", "feed", "register", "wanted", "workspace"]

ROOT = Path(__file__).resolve().parents[2]


def register_rows(prefix: str, rows: int) -> list[str]:
    """Stays with a last column for their end, of which every hundredth is of somebody on the list."""
    found = []
    for row in range(rows):
        name, born = f"李{chr(0x5000 + row % 800)}", f"19{60 + row % 40}-05-06"
        if row % 100 == 7:
            name, born = (("章玉琴", "1971-11-23"), ("欧阳志远", "1985-03-04"), ("马远行", "1991-01-01"))[
                row // 100 % 3
            ]
        ends = "2026-04-05" if row % 3 == 0 else ""
        found.append(f"{prefix}{row:06d},{name},{born},,,幻县虚构路{row}号,2026-04-02,{ends}")
    return found
