"""What a query must carry so that it asks for one person and not for a group (A10), and how many people a case may draw
in: compiled in."""

from __future__ import annotations

import math

BITS_OF_DIGIT = math.log2(10)
BITS_OF_LETTER = math.log2(26)

# A masked number must carry four visible digits of its own: region and birth date say to which group someone belongs,
# not who it is. Four digits leave one person in ten thousand (13.3 bits), which names and dates then decide; three
# would leave one in a thousand.
MASK_MIN_BITS = 13.0

NUMBER_MIN_CHARACTERS = 5  # shorter numbers are parts of numbers
MRZ_MIN_CHARACTERS = 14  # letters and digits of one line with a name; what is shorter is judged as any number
PHONE_MIN_DIGITS = 7  # ITU-T E.164: national numbers in use have seven digits or more
# The subscriber's line: what stands before it is country, operator, area or exchange (the fourth to seventh digit of a
# Chinese mobile number name the place where it was issued).
PHONE_OWN_DIGITS = 4
LONGEST_OTHER_NUMBER = 12  # digits of passports, permits and most countries' personal numbers; longer ones are Chinese
CITIZEN_LENGTHS = (15, 18)  # GB 11643: 15 digits until 1999, 18 since

# What draws people in under a case. A flat with more residents than this is a building or a unit code that is none;
# what is beyond is counted and said.
DRAWN_IN_MOST = 200
UNIT_ROWS_MOST = 2_000  # registrations of one unit over the years

MASK_CHARACTERS = frozenset("*＊•●·×✕#＃?？_＿%％…■□○◯")
WILDCARD_CHARACTERS = frozenset("*＊?？%％_＿#＃×✕■□○◯[]{}^$|\\")

# GB/T 2260: the first two digits of a citizen number or division code (and the permits of Hong Kong, Macao, Taiwan).
PROVINCES = frozenset(
    str(code)
    for span in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(span[0], span[1] + 1)
)

# Titles that follow a surname: 王先生 is one character of a name.
TITLES = ("先生", "女士", "小姐", "太太", "同志", "师傅", "老师", "氏")

# A case's own records: what one attached file may hold. A million calls is a dozen telephones over years; each
# statement (two numbers on one day, somebody and a thing) is a row in the graph.
MOST_CALLS = 1_000_000
MOST_ATTACHED_ROWS = 200_000
MOST_ATTACHED_STATEMENTS = 500_000
