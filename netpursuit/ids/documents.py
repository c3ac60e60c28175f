"""Document numbers in one comparable form: family, canonical characters, what is hidden, what they hold.

Validity is evidence, never a filter: a number with a wrong check digit is kept, and says so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from netpursuit.ids import chinese_numbers
from netpursuit.ids.known_fakes import is_placeholder
from netpursuit.ids.mrz import parse_mrz
from netpursuit.ids.validity import keeps_rules
from netpursuit.records import Document, DocumentKind, PartialDate, Sex
from netpursuit.text.patterns import regex

MAX_LENGTH = 40
_MASK = regex(r"[*•●?#＊]")
_US_MASK = regex(r"^[X*#]{3}-?[X*#]{2}-?(?=\d{4}$)")  # how the United States show a social security number
_X_RUN = regex(r"(?<=\d)X{3,}(?=[\dX]|$)")
_PREFIX = regex(
    r"^[^\d*]*?[:：]\s*"
    r"|^(?:护照|身份证|公民身份号码|证件号码?|NO\.?|ID|PASSPORT)\s*(?:NO\.?|号码?)?\s*(?=[A-Z]{0,2}\s?[\d*])"
)
_BARE = regex(r"[0-9]+|[A-Z][0-9]{5,}|[0-9]{17}X")  # most numbers: nothing to clean
_EXPONENT = regex(r"^\d(?:\.\d+)?E\+?\d+$")
# 回乡证 (H, M and eight digits, two more that count renewals) and 台胞证 (eight digits, two more) keep theirs for life;
# 往来港澳通行证 (C or W, a letter or digit, seven digits), 往来台湾通行证 (L or T and eight digits) are renewed.
_HOME_PERMIT = regex(r"([HM]\d{8})\d{2}")
_LIFELONG_PERMIT = regex(r"[HM]?[0-9?]{8}")
_TAIWAN_PERMIT = regex(r"(\d{8})(?:\d{2}(?:[A-Z]|\d)?|[A-Z])")
# 外国人永久居留身份证: eighteen characters beginning with 9 since 2023, before three letters and twelve digits.
_FOREIGN_PERMANENT = regex(r"9[0-9?]{16}[0-9X?]|[A-Z]{3}[0-9?]{12}")
_MISTYPED_CITIZEN = regex(r"(?=(?:[^0-9]*[0-9]){14})[0-9A-Z?]{17,19}")
_CHINESE_KINDS = (
    DocumentKind.NATIONAL_ID,
    DocumentKind.RESIDENCE_PERMIT,
    DocumentKind.DRIVING_LICENCE,
    DocumentKind.OTHER,
)
FAMILY_OF_KIND = {
    DocumentKind.NATIONAL_ID: "national-id",
    DocumentKind.PASSPORT: "passport",
    DocumentKind.RESIDENCE_PERMIT: "residence-permit",
    DocumentKind.TRAVEL_PERMIT: "cn-travel-permit",
    DocumentKind.DRIVING_LICENCE: "driving",
    DocumentKind.TAX_NUMBER: "tax",
    DocumentKind.SOCIAL_SECURITY: "social-security",
    DocumentKind.MRZ: "passport",
    DocumentKind.OTHER: "other",
}
# Numbers that a person keeps for life; passports, permits and licences are renewed.
LIFELONG_FAMILIES = frozenset(
    {"cn-resident", "cn-hmt-resident", "cn-foreign-permanent", "national-id", "tax", "social-security"}
)
# What scanners and tired eyes take for one another.
_CONFUSED = str.maketrans("OIQDLSBZ", "01001582")
_CITIZEN_FAMILIES = ("cn-resident", "cn-hmt-resident", "cn-foreign-permanent")
KNOWN_DIGITS = 15  # what a spreadsheet keeps of a number


class SlipKind(StrEnum):
    """How two canonical numbers differ; ``?`` agrees with anything."""

    SAME = "same"
    OCR = "ocr"
    TRANSPOSED = "transposed"
    ONE_CHARACTER = "one-character"
    ONE_MISSING = "one-missing"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedNumber:
    """A number ready to be compared. ``canonical`` has ``?`` for each unknown position; empty: nothing readable.

    ``visible`` counts known positions. ``valid`` None: no rule is known. Birth date and sex only where the number
    itself holds them.
    """

    family: str
    country: str
    canonical: str
    visible: int
    lifelong: bool
    valid: bool | None = None
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    truncated: bool = False
    masked: bool = False
    fake: bool = False


def prepare_number(document: Document) -> PreparedNumber:
    """The comparable form of a document number. Never raises.

    >>> prepare_number(Document(number="110105491231002")).canonical
    '11010519491231002X'
    """
    if document.kind is DocumentKind.MRZ or "<<" in document.number:
        zone = parse_mrz(document.number)
        if zone is not None:
            plain = Document(number=zone.number, kind=DocumentKind.PASSPORT, country=zone.country or document.country)
            return prepare_number(plain)
    text = _clean(document.number)
    truncated = document.note == "truncated" or cut_by_spreadsheet(text, False)
    if _EXPONENT.fullmatch(text):
        text = _from_exponent(text)
    if truncated and len(text) > KNOWN_DIGITS:
        text = text[:KNOWN_DIGITS] + "?" * (len(text) - KNOWN_DIGITS)
    masked = "?" in text and not truncated
    chinese = may_be_chinese(document.kind, document.country)
    if chinese and document.country == "" and document.kind is DocumentKind.NATIONAL_ID and not text[:1].isdigit():
        chinese = False
    family, canonical = FAMILY_OF_KIND[document.kind], text
    if chinese and len(text) == chinese_numbers.LENGTH and chinese_numbers.is_shape(text):
        family = chinese_numbers.family_of(text)
        if text[0] == "9" and document.kind is DocumentKind.RESIDENCE_PERMIT:
            family = "cn-foreign-permanent"
    elif chinese and chinese_numbers.is_old_shape(text):
        family, canonical = "cn-resident", chinese_numbers.expand_old(text)
    elif document.kind is DocumentKind.RESIDENCE_PERMIT and _FOREIGN_PERMANENT.fullmatch(text):
        family = "cn-foreign-permanent"
    elif document.kind is DocumentKind.TRAVEL_PERMIT:
        renewed = _HOME_PERMIT.fullmatch(text) or _TAIWAN_PERMIT.fullmatch(text)
        canonical = renewed[1] if renewed else text
    elif chinese:
        folded = fold_confused(text)
        is_misread = len(text) == chinese_numbers.LENGTH and chinese_numbers.is_shape(folded)
        stated = document.kind is DocumentKind.NATIONAL_ID and document.country == "CN"
        if is_misread and (stated or chinese_numbers.has_right_check(folded)):
            family, canonical = chinese_numbers.family_of(folded), folded
        elif stated and _MISTYPED_CITIZEN.fullmatch(text):
            # A slip in the date, a digit too many or too few: still to be compared with the number that it was.
            family = "cn-resident"
    holds = family in _CITIZEN_FAMILIES and chinese_numbers.is_shape(canonical)
    return PreparedNumber(
        family=family,
        country="CN" if family.startswith("cn-") else document.country.upper(),
        canonical=canonical,
        visible=len(canonical) - canonical.count("?"),
        lifelong=family in LIFELONG_FAMILIES
        or bool(family == "cn-travel-permit" and _LIFELONG_PERMIT.fullmatch(canonical)),
        valid=_is_valid(canonical, family, document.country.upper(), holds),
        birth_date=chinese_numbers.birth_date_of(canonical) if holds else None,
        sex=chinese_numbers.sex_of(canonical) if holds else None,
        truncated=truncated,
        masked=masked,
        fake=is_placeholder(canonical),
    )


def may_be_chinese(kind: DocumentKind, country: str) -> bool:
    """Whether a number that a source states so may be that of a Chinese citizen's card."""
    return country in ("", "CN") and kind in _CHINESE_KINDS


def _is_valid(canonical: str, family: str, country: str, holds: bool) -> bool | None:
    if holds:
        return chinese_numbers.has_right_check(canonical)
    if family == "cn-resident":
        return False if "?" not in canonical else None
    return keeps_rules(canonical, family, country)


def _clean(number: str) -> str:
    """Capitals, half width, no spaces and marks; every mask character becomes ``?``."""
    if _BARE.fullmatch(number):
        return number[:MAX_LENGTH]
    text = unicodedata.normalize("NFKC", number[:400]).upper().replace("×", "X").strip()
    text = _PREFIX.sub("", text)
    text = _US_MASK.sub("?????", text)
    text = _MASK.sub("?", text)
    if _EXPONENT.fullmatch(text.replace(" ", "")):
        return text.replace(" ", "")
    # A run of X is a mask whatever stood behind it or within: the canonical form is its own canonical form.
    text = re.sub(r"[^0-9A-Z?]", "", text)
    return _X_RUN.sub(lambda run: "?" * len(run[0]), text)[:MAX_LENGTH]


def _from_exponent(text: str) -> str:
    """``3.60102E+17`` -> 360102 and twelve unknown positions."""
    mantissa, _, exponent = text.partition("E")
    known = mantissa.replace(".", "")
    length = min(int(exponent.lstrip("+")) + 1, MAX_LENGTH)
    return known[:length].ljust(length, "?")


def cut_by_spreadsheet(text: str, numeric: bool) -> bool:
    """Whether a spreadsheet has destroyed the number: it keeps fifteen digits (IEEE 754 double, shown to 15).

    A numeric cell of sixteen digits and more, a number in exponent form, or an 18-digit text ending in 000 whose check
    character is wrong.
    """
    text = text.strip().upper()
    if "E" in text:
        return bool(_EXPONENT.fullmatch(text))
    if not (text.isascii() and text.isdigit()):
        return False
    if numeric and len(text) >= 16:
        return True
    return len(text) == 18 and text.endswith("000") and chinese_numbers.check_character(text[:17]) != "0"


def fold_confused(text: str) -> str:
    """A number with letters that scanners take for digits read as these digits.

    >>> fold_confused("GO1S3")
    'G0153'
    """
    return text.translate(_CONFUSED)


def number_slips(left: str, right: str) -> SlipKind:
    """How two canonical numbers differ; unknown positions agree with anything."""
    from rapidfuzz.distance import OSA

    if len(left) == len(right) and all(a == b or "?" in (a, b) for a, b in zip(left, right, strict=True)):
        return SlipKind.SAME
    if left.translate(_CONFUSED) == right.translate(_CONFUSED):
        return SlipKind.OCR
    if OSA.distance(left, right, score_cutoff=1) != 1:
        return SlipKind.NONE
    if len(left) != len(right):
        return SlipKind.ONE_MISSING
    return SlipKind.TRANSPOSED if sorted(left) == sorted(right) else SlipKind.ONE_CHARACTER
