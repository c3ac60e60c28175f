"""The evidence model as one table: every comparison, its levels, their weights in thousandths of a bit, and why.

Fellegi-Sunter: a level's weight is log2(m/u), where m is how often the level occurs between two records of one
person and u how often between two strangers (Fellegi and Sunter, JASA 64, 1969). Weights of agreeing names, numbers and
phones start from the rarity of the agreeing value (``u`` of that very value) and lose the level's *cost*, which is
-log2(m) plus what the level's wider neighbourhood adds to u. Sums are whole numbers, so that they are exact in any
order and on any machine.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from netpursuit.records import Band

PROGRAM_POLICY = "2026.11-5"


class Level(NamedTuple):
    """One level of a comparison: its stable key, its weight (or cost) in thousandths of a bit, and the reason."""

    key: str
    millibits: int
    why: str


class TokenLevel(IntEnum):
    """How two name tokens agree, best first. The weight is the rarity of the commoner token less the level's cost."""

    EXACT = 0
    FOLDED = 1
    READING = 2
    VARIANT = 3
    SKELETON = 4
    SLIP = 5
    SOUND = 6
    SHORT_SLIP = 7
    TWO_SLIPS = 8
    HOMOPHONE = 9
    LOOK_ALIKE = 10
    SCRAMBLED = 11
    INITIAL = 12


TOKEN_COSTS: tuple[Level, ...] = (
    Level("exact", 200, "about 87 % of true pairs write a token alike"),
    Level("folded", 400, "accents, traditional characters, capitals: the same token in another spelling habit"),
    Level("reading", 900, "a romanisation: the rarity is already that of the Latin form, which many characters share"),
    Level("variant", 2_000, "a listed variant or nickname: clusters hold four members on average"),
    Level("skeleton", 2_800, "a script without vowels: several names share the consonants"),
    Level("slip", 4_500, "one slip of a key in seven letters or more: m about .05"),
    Level("sound", 5_500, "the same sound key: about ten names share one"),
    Level("short-slip", 5_400, "one slip in three to six letters: short names have many neighbours"),
    Level("two-slips", 7_500, "two slips in eight letters or more: m about .01"),
    Level("homophone", 7_000, "another character of the same sound: a mistake of the ear, or another person"),
    Level("look-alike", 6_500, "a character of the same shape: a mistake of eye or scanner, or another person"),
    Level("scrambled", 6_500, "the same letters in another order, and not both are known names"),
    Level("initial", 1_500, "an initial for a name"),
)

# Two known names (Zhang, Zheng) are two names. Where one of the two is no known name (Mohammad, Mohbmmad), somebody
# slipped, whoever the person is: what counts is how many people bear names that lie so near. Of common names those are
# mostly the name itself, in short ones its neighbours too; rare ones lie near commoner ones, hence the most that this
# can weigh. By the letters of the shorter part: below three no slip is told from another name.
UNKNOWN_NAME_RARITIES = (13_000, 13_000, 13_000, 12_000, 13_000)
# Bits of the name less bits of all names one slip from what was written, on average over 30,000 seeded slips of names
# drawn by their share (``tools/measure_slips.py``): 1.9 of three letters, 1.1 of four, .5 of five, .2 of more.
GARBLED_PART_COSTS = (0, 0, 0, 2_000, 1_000)
# A quarter of those slips of names of eleven bits and more lie nearer to commoner names than so many bits: 4.6 of
# three letters, 5.9 of four, 10 and more of five and more, where names that no table holds set the bound.
GARBLED_PART_CAPS = (0, 0, 0, 4_000, 6_000, 8_000, 9_000)
# A slip in a name of so many letters may make a part unrecognisable (a space, a short part), which then says nothing.
MIN_GARBLED_LENGTH = 8
MIN_NEAR_LENGTH = 3  # letters of the longer side of a part that is near another by one letter
MIN_NEAR_STRANGE = 2  # and where one of the two is no known name
MIN_TWO_NEAR = 5  # and by two
MIN_NEAR_ALONE = 7  # of a name of one part that is near another
UNKNOWN_PART_RARITIES = (99_000, 99_000, 9_000, 12_000, 13_000, 15_000, 16_000)  # by length: of no known name
# Names of so many consonants: some twelve classes of consonants, unevenly used.
CONSONANT_RARITY = 3_500
INITIAL_RARITY = 4_000  # sixteen letters carry most initials

NAME_LEVELS: tuple[Level, ...] = (
    Level("same", 0, "every part agrees"),
    Level("same-other-script", 0, "every part agrees through a reading in another script"),
    Level("similar", 0, "every part of the shorter name agrees, some by variant, slip or sound"),
    Level("part-missing", 800, "cost of each part that only one side has"),
    Level("only-part", 2_500, "further cost where a side has one part only: nothing else could have differed"),
    Level("part-differs", 6_500, "cost of each part that both sides have and that differs: m about .01"),
    Level("order-differs", 9_000, "cost of parts in another order where a word says whose child somebody is"),
    Level("part-near", 0, "a part one letter from another known name: a slip as likely as a sibling"),
    Level("part-two-near", 300, "cost of a part that differs by two letters: of many, or no known name on one side"),
    Level("near", -4_000, "no part agrees, but the whole name differs by two letters only"),
    Level("differs", -9_000, "floor of a name comparison: married, adopted and borrowed names exist"),
    Level("not-compared", 0, "one side has no name"),
    Level("turned-within", 2_000, "cost of parts in another order, but not the last ones first: seldom one person's"),
    Level("generation-differs", 6_500, "cost of Sr against Jr: father and son, who share every other part"),
    Level("part-alike", 300, "cost of two short known names two letters apart: two slips, or rather another person's"),
)

NAME_DAMP_FROM = 8_000  # beyond eight bits further parts are not independent of the first (families, regions)
NAME_DAMP_PERCENT = 75
NAME_CAP = 22_000  # no name is proof
NAME_CAP_NEAR = 14_000  # a name that is one letter from another known name may be the sibling's
NAME_CAP_DIFFERING = 10_000  # relatives share every part but one: what agrees then says less about the person
WEAK_ALIAS_PERCENT = 50  # a low-quality alias carries half
ROLE_SWAP_COST = 1_000  # a family name that agrees with a given name

BIRTH_DATE_LEVELS: tuple[Level, ...] = (
    Level("same-day", 12_500, "one of 22,000 days over sixty birth years, held down: twins share it, clerks copy it"),
    Level("same-day-conventional", 6_000, "1 January stands for an unknown day on many documents"),
    Level("same-month", 9_000, "year and month agree, one side gives no day"),
    Level("same-year", 5_600, "one of sixty years; one side gives no more"),
    Level("same-circa-year", 5_000, "the very year that a side gives as about; m .55 of one in sixty"),
    Level("within-span", 3_000, "inside the stated span of years or the range of a circa date"),
    Level("day-month-swapped", 8_200, "day and month change places; m .02"),
    Level("one-digit", 5_000, "one digit of day, month or year differs; m .03, some thirty such neighbours"),
    Level("year-off-by-one", 5_600, "same day and month, the next or last year"),
    Level("year-near", 1_000, "years one apart where a side gives the year only"),
    Level("same-year-other-day", -1_000, "the year agrees, the day does not"),
    Level("differs", -5_000, "another date within ten years; m .03"),
    Level("differs-widely", -7_500, "more than ten years apart; m .005"),
    Level("in-number", 0, "counted once: the agreeing document number contains it"),
    Level("not-compared", 0, "a side gives no birth date"),
    Level("lunar", 5_500, "one side writes the Chinese lunar day as if it were solar; m .01, two such days of 22,000"),
    Level("two-digits", -2_000, "two digits differ; m .01, u about .04"),
    Level("near", 0, "day, month and year each differ by a little: several small slips; m and u about .005"),
)

DOCUMENT_LEVELS: tuple[Level, ...] = (
    Level("same", 24_000, "the same number; capped, since numbers are borrowed and mistyped; short numbers weigh less"),
    Level("same-other-form", 500, "cost of another form: 15 against 18 digits, MRZ against typed, other spacing"),
    Level("consistent", 0, "agrees wherever both sides can be read; by what the visible positions rule out"),
    Level("ocr", 6_500, "cost of characters that scanners confuse"),
    Level("transposed", 8_000, "cost of two neighbours that change places"),
    Level("one-slip", 9_500, "cost of one wrong, missing or added character"),
    Level("same-other-name", 2_000, "cost where another name stands beside the same number: another's, or a new name"),
    Level("agrees-conflicts", 0, "one number agrees, another lifelong one differs: the sum of both"),
    Level("shared", 0, "the same number, which several entries of the lists share"),
    Level("known-fake", 0, "a placeholder: agreeing says nothing"),
    Level("renewable-differs", -300, "another passport or permit: documents are renewed"),
    Level("differs", -8_000, "another lifelong number of one country and family; m .005"),
    Level("not-compared", 0, "no two numbers of one family"),
)

# Citizen numbers whose check character is right are no slip of the pen: the number space carries some 32 bits.
CITIZEN_NUMBER_MILLIBITS = 28_000
# Two such numbers that differ: nobody has two, but for the one in two thousand with a second household register.
CITIZEN_CONFLICT_MILLIBITS = -11_000

# Under another name a number that is masked or cut is no proof: a county has dozens born on one day.
PARTIAL_OTHER_NAME_MILLIBITS = 12_000
NUMBER_BITS_PER_CHARACTER = 3_300
NUMBER_LENGTH_TOLL = 2_000  # issuers number in series; the first characters are shared

PHONE_LEVELS: tuple[Level, ...] = (
    Level("same", 13_000, "numbers are shared in families and reassigned"),
    Level("consistent", 0, "masked: by the visible digits"),
    Level("one-digit", 4_500, "one digit differs"),
    Level("differs", -200, "people change numbers"),
    Level("not-compared", 0, "a side gives no telephone"),
)

EMAIL_LEVELS: tuple[Level, ...] = (
    Level("same", 15_000, "the same box"),
    Level("differs", -100, "people have several"),
    Level("not-compared", 0, "a side gives no e-mail"),
    Level("similar", 8_000, "a slip of a key or two in the box, not in digits alone, or in its domain"),
    Level("same-name-elsewhere", 3_500, "the same name of a box at another provider"),
)

ADDRESS_LEVELS: tuple[Level, ...] = (
    Level("same-unit", 9_000, "the same flat; families and later tenants share it"),
    Level("same-house", 6_000, "the same house number of the same street"),
    Level("same-street", 3_500, "the same street"),
    Level("same-city", 1_000, "the same city: weak"),
    Level("other", -200, "people move"),
    Level("not-compared", 0, "a side gives no address of this kind"),
    Level("similar", 3_500, "the same number, with one slip of a key in the street or the town"),
    Level("other-unit", 1_500, "the same house, another flat: neighbours, or moved within"),
    Level("other-house", 500, "the same street, another number"),
    Level("in-number", 0, "counted once: the agreeing document number contains the region"),
)

SEX_LEVELS: tuple[Level, ...] = (
    Level("same", 900, "half of all people"),
    Level("differs", -4_500, "lists err on about four in a hundred"),
    Level("in-number", 0, "counted once: the agreeing document number contains it"),
    Level("not-compared", 0, "a side does not state it"),
)

NATIONALITY_LEVELS: tuple[Level, ...] = (
    Level("same", 1_000, "kept low on purpose: a nationality says nothing about a person"),
    Level("differs", -1_500, "second nationalities are common"),
    Level("not-compared", 0, "a side does not state it"),
)

BASE_RATE_MILLIBITS = 4_700  # of those who register, about one in 26 is taken to be on a list at all
PAIR_PRIOR_MILLIBITS = -10_000  # ``compare``: one pair in about a thousand is taken to be one person

# Thresholds of the sum in thousandths of a bit. One true match costs about 33 reviews at the lower edge of
# ``weak``, six at that of ``possible``, one at that of ``strong``.
BAND_FLOORS: tuple[tuple[Band, int], ...] = ((Band.WEAK, -5_000), (Band.POSSIBLE, -2_200), (Band.STRONG, 4_250))

# A6: names alone stay ``weak`` until these fields together carry so much.
CAP_LIFT_MILLIBITS = 5_000
CAP_REASONS = ("", "names alone", "another name", "a name alike", "a relative", "another number")
# The same number under another name is somebody's to judge: the owner of the number may be the victim (A11).
CAP_OTHER_NAME = Band.POSSIBLE
# Where a part of the name differs, brothers, sisters and twins agree in as much: family name, home, telephone, even
# the birth date. Without a number of the person's own such a match stays ``possible``.
CAP_RELATIVE = Band.POSSIBLE
RELATIVE_LEVELS = ("part-near", "part-two-near", "part-differs", "order-differs", "generation-differs")
CAP_ALIKE = Band.WEAK
ALIKE_LEVELS = ("part-alike",)
# Two lifelong numbers of one family that differ: whatever else agrees, somebody must look at the documents.
CAP_OTHER_NUMBER = Band.POSSIBLE
OTHER_NUMBER_LEVELS = ("differs", "agrees-conflicts")
OWN_NUMBER_LEVELS = ("same", "same-other-form", "shared", "consistent", "ocr", "transposed", "one-slip")

TABLES: dict[str, tuple[Level, ...]] = {
    "token": TOKEN_COSTS,
    "name": NAME_LEVELS,
    "birth-date": BIRTH_DATE_LEVELS,
    "document": DOCUMENT_LEVELS,
    "phone": PHONE_LEVELS,
    "email": EMAIL_LEVELS,
    "address": ADDRESS_LEVELS,
    "sex": SEX_LEVELS,
    "nationality": NATIONALITY_LEVELS,
}

# Levels whose number is a cost, taken from what agrees; every other number is the level's own weight.
COSTS: dict[str, frozenset[str]] = {
    "token": frozenset(level.key for level in TOKEN_COSTS),
    "name": frozenset(
        (
            *("part-missing", "only-part", "part-differs", "part-near", "part-two-near", "part-alike"),
            *("order-differs", "generation-differs", "turned-within"),
        )
    ),
    "document": frozenset({"same-other-form", "ocr", "transposed", "one-slip", "same-other-name"}),
}

_NUMBERS = (
    MIN_GARBLED_LENGTH,
    MIN_NEAR_LENGTH,
    MIN_NEAR_STRANGE,
    MIN_TWO_NEAR,
    MIN_NEAR_ALONE,
    UNKNOWN_PART_RARITIES,
    UNKNOWN_NAME_RARITIES,
    GARBLED_PART_COSTS,
    GARBLED_PART_CAPS,
    INITIAL_RARITY,
    CONSONANT_RARITY,
    NAME_DAMP_FROM,
    NAME_DAMP_PERCENT,
    NAME_CAP,
    NAME_CAP_NEAR,
    NAME_CAP_DIFFERING,
    WEAK_ALIAS_PERCENT,
    ROLE_SWAP_COST,
    NUMBER_BITS_PER_CHARACTER,
    NUMBER_LENGTH_TOLL,
    PARTIAL_OTHER_NAME_MILLIBITS,
    BASE_RATE_MILLIBITS,
    PAIR_PRIOR_MILLIBITS,
    CAP_LIFT_MILLIBITS,
    CITIZEN_NUMBER_MILLIBITS,
    CITIZEN_CONFLICT_MILLIBITS,
)


@cache
def codes(table: str) -> dict[str, int]:
    """Level key -> code (its row in the table), which is what a comparison stores as ``int8``."""
    return {level.key: code for code, level in enumerate(TABLES[table])}


def policy_version(frequencies_version: str) -> str:
    """The version that every score carries: the name of the policy and a digest of all weights and frequencies."""
    ceilings = (CAP_LIFT_MILLIBITS, CAP_OTHER_NAME, CAP_RELATIVE, CAP_ALIKE, CAP_OTHER_NUMBER)
    levels = (RELATIVE_LEVELS, ALIKE_LEVELS, OWN_NUMBER_LEVELS, OTHER_NUMBER_LEVELS)
    text = repr((TABLES, _NUMBERS, BAND_FLOORS, ceilings, levels, frequencies_version))
    return f"{PROGRAM_POLICY}+{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def band_of(millibits: int) -> Band:
    """The band of a sum of evidence, before any cap."""
    best = Band.NONE
    for band, floor in BAND_FLOORS:
        if millibits >= floor:
            best = band
    return best


def prior_millibits(list_size: int) -> int:
    """The prior of one pair: the base rate, and the list's size rounded up to a power of two."""
    return -BASE_RATE_MILLIBITS - 1_000 * max(0, (max(1, list_size) - 1).bit_length())
