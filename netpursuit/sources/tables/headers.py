"""Which of the first rows is the header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from netpursuit.errors import InputError

HEADER_ROWS = 10  # a title, a unit, a filing date and a period stand above the header of a Chinese register

# Words of person registers in general; readers pass their own as well. Folded as by ``fold_header``.
_WORDS = """
姓名 曾用名 别名 绰号 性别 出生日期 出生年月 证件类型 证件种类 证件号码 公民身份号码 身份证号 身份证号码 手机号
手机号码 联系电话 电话 户籍地址 户籍地 现住址 住址 地址 国籍 序号 编号 案由 案件编号 立案单位 通缉日期 复核日期 房号
房东 房东姓名 入住日期 离开日期 备注 角色 別名 性別 證件號碼 身份證號碼 手機號碼 聯絡電話 電話 戶籍地址 現住址 國籍 序號
編號 房號 離開日期
id name fullname firstname lastname surname givenname alias aliases birthdate dateofbirth dob sex gender nationality
idtype idnumber passport passportnumber phone mobile email address role unit startdate enddate registrationid personid
entryid offence issuedate reviewby
"""
COMMON_HEADER_WORDS = frozenset(_WORDS.split())

_BRACKETED = re.compile(r"[(\[{<（【〔].*?[)\]}>）】〕]")
_NUMERIC = re.compile(r"^[\s\d.,:/+\-年月日时分秒%]*\d[\s\d.,:/+\-年月日时分秒%]*$")


def fold_header(text: str) -> str:
    """A header without case, width, spaces, punctuation and bracketed remarks: ``Birth_Date (d/m/y)`` -> ``birthdate``.

    A header that is nothing but a remark keeps its text.
    """
    folded = re.sub(r"['’]s\b", "", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(char for char in _BRACKETED.sub("", folded) if char.isalnum())
    return bare or "".join(char for char in folded if char.isalnum())


def count_known(cells: Sequence[str], header_words: frozenset[str]) -> int:
    """How many distinct cells are known header words."""
    return len({word for cell in cells if (word := fold_header(cell)) in header_words})


def find_header(rows: Sequence[Sequence[str]], header_words: frozenset[str]) -> int | None:
    """The index of the header among the first ten rows, or None.

    The first row with at least two known words; else the first that is text throughout and at least half as wide as
    the widest row (so that a title in one cell is none).
    """
    first = rows[:HEADER_ROWS]
    for index, cells in enumerate(first):
        if count_known(cells, header_words) >= 2:
            return index
    widest = max((_filled(cells) for cells in first), default=0)
    for index, cells in enumerate(first):
        filled = _filled(cells)
        if filled and 2 * filled >= widest and not any(_NUMERIC.match(cell) for cell in cells if cell.strip()):
            return index
    return None


def name_columns(cells: Sequence[str], *, where: str, line: int) -> tuple[str, ...]:
    """The header's cells as column names: trimmed, line breaks as spaces; an empty one stays empty (no column).

    Raises ``InputError`` where a name stands twice: which of the two is meant cannot be known. The error counts
    columns and does not name them, for what was taken for a header may be a row of somebody's data (A4).
    """
    names = tuple(" ".join(cell.replace("\ufeff", "").split()) for cell in cells)
    seen: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        if name and name in seen:
            what = f"columns {seen[name]} and {number} of the header have the same name"
            raise InputError(what, where=where, line=line, expected="a name of its own for each column")
        seen[name] = number
    return names


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())
