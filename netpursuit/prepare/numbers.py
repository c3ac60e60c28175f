"""Document numbers into columns: the commonest kinds many at once, the others one by one, with the same results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from netpursuit.ids import chinese_numbers
from netpursuit.ids.documents import (
    FAMILY_OF_KIND,
    KNOWN_DIGITS,
    LIFELONG_FAMILIES,
    PreparedNumber,
    may_be_chinese,
    prepare_number,
)
from netpursuit.ids.known_fakes import SPECIMENS, is_placeholder
from netpursuit.ids.validity import has_rules
from netpursuit.prepare.columns import TextColumn
from netpursuit.records import Document, DocumentKind, PartialDate, Sex
from netpursuit.records.columns import Coded

Array = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FAMILIES = (
    "other",
    "cn-resident",
    "cn-hmt-resident",
    "cn-foreign-permanent",
    "cn-travel-permit",
    "passport",
    "national-id",
    "tax",
    "driving",
    "social-security",
    "residence-permit",
)


class NumberFlag(IntFlag):
    LIFELONG = 1
    PARTIAL = 2  # masked, or cut by a spreadsheet: has unknown positions
    FAKE = 4
    HOLDS_BIRTH_DATE = 8
    HOLDS_SEX = 16
    RIGHT_CHECK = 32
    WRONG_CHECK = 64


def country_code(alpha2: str) -> int:
    """Two letters as one small number; 0 for anything else.

    >>> country_code("CN")
    95
    """
    if len(alpha2) == 2 and alpha2.isascii() and alpha2.isalpha():
        return (ord(alpha2[0].upper()) - 64) * 27 + ord(alpha2[1].upper()) - 64
    return 0


@dataclass(frozen=True, slots=True)
class NumberColumns:
    """Prepared numbers, a row each. ``text`` is the canonical form, empty where nothing is readable; ``birth`` the
    date that the number holds as YYYYMMDD, zeros for what it leaves open, 0 for none; ``sex`` 0 unknown, 1 male, 2
    female."""

    text: list[str]
    raw: list[str]
    family: npt.NDArray[np.int8]
    country: npt.NDArray[np.int16]
    flags: npt.NDArray[np.uint8]
    birth: npt.NDArray[np.int32]
    sex: npt.NDArray[np.int8]

    def pick(self, rows: Array) -> NumberColumns:
        """These numbers, in this order."""
        picked = rows.tolist()
        return NumberColumns(
            [self.text[row] for row in picked],
            [self.raw[row] for row in picked],
            self.family[rows],
            self.country[rows],
            self.flags[rows],
            self.birth[rows],
            self.sex[rows],
        )


FEW = 24  # numbers; fewer are sooner prepared one by one
_SHORTEST, _LONGEST = 6, 14  # of bare numbers that are nothing but what they say: neither Chinese nor ever cut
_CITIZEN = chinese_numbers.LENGTH
_FAMILY_CODES = {family: code for code, family in enumerate(FAMILIES)}
# As plain numbers: an enumeration takes longer to add up than the number itself to prepare.
_LIFELONG, _PARTIAL, _FAKE, _BIRTH, _SEX, _RIGHT, _WRONG = (int(flag) for flag in NumberFlag)
_ZERO, _CAPITAL_X = ord("0"), ord("X") - ord("0")
_WEIGHTS = np.array(chinese_numbers.WEIGHTS, np.int32)
_CHECKS = np.frombuffer(chinese_numbers.CHECKS.encode(), np.uint8) - _ZERO
_REGIONS = np.array(chinese_numbers.HMT_REGIONS, np.int32)
_RESIDENT, _HMT, _PERMANENT = (
    _FAMILY_CODES[f"cn-{name}"] for name in ("resident", "hmt-resident", "foreign-permanent")
)
_DECIMALS = 10 ** np.arange(7, -1, -1, dtype=np.int32)
_DAYS = np.array((0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), np.int32)
_STEPS = (0, 1, 9)  # from one digit to the next, modulo ten: in a repetition, in a run up, in a run down
_statement = attrgetter("kind", "country", "note")


def number_columns(documents: Sequence[Document]) -> NumberColumns:
    """What ``prepare_number`` says of each document."""
    if not documents:
        return _NONE
    return _one_by_one(documents) if len(documents) < FEW else _together(documents)


def _flags_of(number: PreparedNumber) -> int:
    flags = _LIFELONG if number.lifelong else 0
    flags |= _PARTIAL if "?" in number.canonical else 0
    flags |= _FAKE if number.fake else 0
    flags |= _BIRTH if number.birth_date else 0
    flags |= _SEX if number.sex else 0
    if number.valid is not None:
        flags |= _RIGHT if number.valid else _WRONG
    return flags


def _day_of(date: PartialDate) -> int:
    return date.year * 10_000 + (date.month or 0) * 100 + (date.day or 0)


def sex_code(sex: Sex | None) -> int:
    """0 unknown, 1 male, 2 female."""
    return 0 if sex is None else 1 if sex is Sex.MALE else 2


def _one_by_one(documents: Sequence[Document]) -> NumberColumns:
    numbers = list(map(prepare_number, documents))
    return NumberColumns(
        [number.canonical for number in numbers],
        [document.number for document in documents],
        np.array([_FAMILY_CODES.get(number.family, 0) for number in numbers], np.int8),
        np.array([country_code(number.country) for number in numbers], np.int16),
        np.array(list(map(_flags_of, numbers)), np.uint8),
        np.array([_day_of(number.birth_date) if number.birth_date else 0 for number in numbers], np.int32),
        np.array([sex_code(number.sex) for number in numbers], np.int8),
    )


_NONE = _one_by_one(())


class _Statements:
    """What documents say of their numbers, an array each."""

    def __init__(self, documents: Sequence[Document]) -> None:
        said = Coded.of(list(map(_statement, documents)))
        rows = []
        for kind, country, note in said.values:
            family = FAMILY_OF_KIND[kind]
            # Travel permits lose what counts renewals, and a zone that is read holds another number.
            plain = kind not in (DocumentKind.MRZ, DocumentKind.TRAVEL_PERMIT)
            plain = plain and not has_rules(family, country.upper())
            rows.append(
                (
                    may_be_chinese(kind, country),
                    kind is DocumentKind.RESIDENCE_PERMIT,
                    note == "truncated",
                    plain,
                    _FAMILY_CODES[family],
                    country_code(country.upper()),
                    _LIFELONG if family in LIFELONG_FAMILIES else 0,
                )
            )
        columns = said.array(np.array(rows, np.int16)).T
        self.chinese, self.permit, self.cut, self.plain = columns[:4].astype(np.bool_)
        self.family, self.country, self.flags = columns[4:]


def _together(documents: Sequence[Document]) -> NumberColumns:
    raw = [document.number for document in documents]
    written, said = TextColumn.of(raw), _Statements(documents)
    width = np.diff(written.start)
    size = len(raw)
    text, done, suspect = raw.copy(), np.zeros(size, np.bool_), _ends_like_a_fake(written)
    family, country, flags = said.family.astype(np.int8), said.country.copy(), said.flags.astype(np.uint8)
    birth, sex = np.zeros(size, np.int32), np.zeros(size, np.int8)

    done[_plain(written, width, said.plain)] = True
    citizens = _citizens(written, np.flatnonzero(said.chinese & (width == _CITIZEN)), said)
    rows = citizens.row
    done[rows] = True
    family[rows], flags[rows], birth[rows], sex[rows] = citizens.family, citizens.flags, citizens.birth, citizens.sex
    country[rows] = country_code("CN")
    for row in rows[citizens.is_cut].tolist():
        text[row] = raw[row][:KNOWN_DIGITS].ljust(_CITIZEN, "?")
    suspect[rows] |= citizens.is_cut | (citizens.birth == 1900_01_01)
    suspect[[row for row, number in enumerate(raw) if number in SPECIMENS]] = True
    for row in np.flatnonzero(done & suspect).tolist():
        if is_placeholder(text[row]):
            flags[row] |= _FAKE

    others = np.flatnonzero(~done)
    one_by_one = _one_by_one([documents[row] for row in others.tolist()])
    for row, canonical in zip(others.tolist(), one_by_one.text, strict=True):
        text[row] = canonical
    family[others], country[others], flags[others] = one_by_one.family, one_by_one.country, one_by_one.flags
    birth[others], sex[others] = one_by_one.birth, one_by_one.sex
    return NumberColumns(text, raw, family, country, flags, birth, sex)


def _ends_like_a_fake(written: TextColumn) -> Mask:
    """Whether the last three characters may be of a repetition or a run; of texts of three and more."""
    if len(written.data) < 3:
        return np.zeros(len(written), np.bool_)
    last = np.maximum(written.start[1:] - 1, 2)
    data = written.data.astype(np.int16)
    step, before = (data[last] - data[last - 1]) % 10, (data[last - 1] - data[last - 2]) % 10
    mask: Mask = (step == before) & np.isin(step, _STEPS)
    return mask


def _plain(written: TextColumn, width: Array, plain: Mask) -> Array:
    """The rows of bare numbers, digits or a letter before digits, of kinds without rules."""
    rows = np.flatnonzero(plain & (width >= _SHORTEST) & (width <= _LONGEST))
    letters = written.matrix(rows, _LONGEST)
    bare = ((letters - _ZERO) <= 9) | (np.arange(_LONGEST) >= width[rows][:, None])
    bare[:, 0] |= (letters[:, 0] - ord("A")) < 26
    return rows[bare.all(1)]


@dataclass(frozen=True, slots=True)
class _Citizens:
    """Numbers of the shape of Chinese citizens' by their rows."""

    row: Array
    family: npt.NDArray[np.int8]
    flags: npt.NDArray[np.uint8]
    birth: npt.NDArray[np.int32]
    sex: npt.NDArray[np.int8]
    is_cut: Mask


def _citizens(written: TextColumn, rows: Array, said: _Statements) -> _Citizens:
    """The numbers among rows of eighteen bytes that ``chinese_numbers.is_shape`` takes, nothing hidden."""
    figures = written.matrix(rows, _CITIZEN) - _ZERO
    birth = figures[:, chinese_numbers.BIRTH] @ _DECIMALS
    shaped = (figures[:, :-1] <= 9).all(1) & ((figures[:, -1] <= 9) | (figures[:, -1] == _CAPITAL_X))
    shaped &= (figures[:, 0] > 0) & _is_possible(birth)
    rows, figures, birth = rows[shaped], figures[shaped], birth[shaped]

    month, day = birth // 100 % 100, birth % 100
    birth -= np.where(month == 0, day, 0)  # a day without a month is none
    right = _CHECKS[(figures[:, :-1] @ _WEIGHTS) % 11] == figures[:, -1]
    is_cut = said.cut[rows] | (~right & (figures[:, KNOWN_DIGITS:] == 0).all(1))
    region = figures[:, :2] @ _DECIMALS[-2:]
    family = np.where(np.isin(region, _REGIONS), _HMT, _RESIDENT)
    family[(figures[:, 0] == 9) & said.permit[rows]] = _PERMANENT
    flags = np.where(is_cut, _PARTIAL, np.where(right, _RIGHT, _WRONG) | _SEX) | _LIFELONG | _BIRTH
    sex = np.where(is_cut, 0, 2 - figures[:, 16] % 2)
    return _Citizens(rows, family.astype(np.int8), flags.astype(np.uint8), birth, sex.astype(np.int8), is_cut)


def _is_possible(birth: npt.NDArray[np.int32]) -> Mask:
    """Whether eight digits are a date of 1800 to 2099; zeros leave the month or the day open."""
    year, month, day = birth // 10_000, birth // 100 % 100, birth % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = _DAYS[np.minimum(month, 12)] + (leap & (month == 2))
    mask: Mask = (year >= 1800) & (year <= 2099) & ((month == 0) | ((month <= 12) & (day <= days)))
    return mask
