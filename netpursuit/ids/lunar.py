"""The Chinese lunar calendar (农历), GB/T 33661-2017, for the years 1900 to 2099: lunar days as solar ones.

The lengths of the months and the place of the leap month are published facts; each year is one number: the leap month
(0: none) in the bits from 13 on, and below a bit for each month of thirty days, the first lowest.
Checked against two calendar libraries month by month.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FIRST_YEAR = 1900
_NEW_YEAR = date(1900, 1, 31).toordinal()
_YEARS = """
116d2 00752 00ea5 0b64a 0064b 00a9b 09556 0056a 00b59 05752 00752 0db25 00b25 00a4b 0b4ab 002ad
0056b 04b69 00da9 0fd92 00e92 00d25 0ba4d 00a56 002b6 095b5 006d4 00ea9 05e92 00e92 0cd26 0052b
00a57 0b2b6 00b5a 006d4 06ec9 00749 0f693 00a93 0052b 0ca5b 00aad 0056a 09b55 00ba4 00b49 05a93
00a95 0f52d 00536 00aad 0b5aa 005b2 00da5 07d4a 00d4a 10a95 00a97 00556 0cab5 00ad5 006d2 08ea5
00ea5 0064a 06c97 00a9b 0f55a 0056a 00b69 0b752 00b52 00b25 0964b 00a4b 114ab 002ad 0056d 0cb69
00da9 00d92 09d25 00d25 15a4d 00a56 002b6 0c5b5 006d5 00ea9 0be92 00e92 00d26 06a56 00a57 114d6
0035a 006d5 0b6c9 00749 00693 0952b 0052b 00a5b 0555a 0056a 0fb55 00ba4 00b49 0ba93 00a95 0052d
08aad 00ab5 135aa 005d2 00da5 0dd4a 00d4a 00c95 0952e 00556 00ab5 055b2 006d2 0cea5 00725 0064b
0ac97 00cab 0055a 06ad6 00b69 17752 00b52 00b25 0da4b 00a4b 004ab 0a55b 005ad 00b6a 05b52 00d92
0fd25 00d25 00a55 0b4ad 004b6 005b5 06daa 00ec9 11e92 00e92 00d26 0ca56 00a57 004d6 086d5 00755
00749 06e93 00693 0f52b 0052b 00a5b 0b55a 0056a 00b65 0974a 00b4a 11a95 00a95 0052d 0caad 00ab5
005aa 08ba5 00da5 00d4a 07c95 00c96 0f94e 00556 00ab5 0b5b2 006d2 00ea5 08e4a 0064b 10c97 004ab
0055b 0cad6 00b6a 00752 09725 00b25 00a8b 0549b
"""


@cache
def month_table() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First day (ordinal) and length of each month as (years, 12, 2), the second for a leap month; length 0: none."""
    import numpy as np

    years = [int(code, 16) for code in _YEARS.split()]
    first, length = np.zeros((len(years), 12, 2), np.int64), np.zeros((len(years), 12, 2), np.int64)
    day = _NEW_YEAR
    for row, code in enumerate(years):
        leap = code >> 13
        months = [(month, 0) for month in range(12)]
        if leap:
            months.insert(leap, (leap - 1, 1))
        for at, (month, second) in enumerate(months):
            first[row, month, second], length[row, month, second] = day, 29 + (code >> at & 1)
            day += int(length[row, month, second])
    return first, length


def solar_dates(year: Any, month: Any, day: Any) -> npt.NDArray[np.int64]:
    """The solar days of lunar ones as yyyymmdd: (rows, 2), the second in the leap month of that number; 0 for none.

    >>> solar_dates([1985], [1], [15]).tolist()
    [[19850306, 0]]
    """
    import numpy as np

    first, length = month_table()
    row, month, day = np.asarray(year) - FIRST_YEAR, np.asarray(month), np.asarray(day)
    known = (row >= 0) & (row < len(first)) & (month >= 1) & (month <= 12) & (day >= 1)
    at = np.where(known, row, 0), np.where(known, month - 1, 0)
    there = known[:, None] & (day[:, None] <= length[at])
    ordinal = np.where(there, first[at] + day[:, None] - 1, 1)
    days = (ordinal - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64)
    text = (months // 12 + 1970) * 10_000 + (months % 12 + 1) * 100
    text += (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    return np.where(there, text, 0)
