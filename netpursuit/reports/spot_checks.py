"""What to look at on the spot, from what differs, what is missing and what the entry offers. Pure.

Each check is a key ``check.<key>`` of the catalogue with its values; the order is that of the work at a door.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from netpursuit.ids.documents import prepare_number
from netpursuit.records import Document, Entry, Evidence, Lead, Match, Person
from netpursuit.reports.waterfall import NOT_COMPARED

_SLIPS = ("ocr", "transposed", "one-slip")
_WRONG_CHECK = "wrong check character: "
_NEAR_DATES = ("day-month-swapped", "one-digit", "year-off-by-one", "year-near", "two-digits", "near")
_OTHER_DATES = ("same-year-other-day", "differs", "differs-widely")
_COARSE_DATES = ("same-month", "same-year", "same-circa-year", "within-span", "same-day-conventional")
_OTHER_NAMES = ("part-differs", "part-near", "part-two-near", "part-alike", "near", "differs", "order-differs")


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """One thing to look at; ``values`` fill in the words."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


def spot_checks(lead: Lead, match: Match, entry: Entry | None, as_of: date) -> tuple[SpotCheck, ...]:
    """The checks for one lead on one entry, the most telling first; never empty."""
    found = {item.field: item for item in match.evidence}
    listed = entry.person if entry is not None else Person()
    return (
        SpotCheck("document-in-hand"),
        *_numbers(found.get("document"), lead.person, listed),
        *_dates(found.get("birth-date"), lead.person, listed),
        *_names(found.get("name"), match, listed),
        *([SpotCheck("sex")] if _level(found.get("sex")) == "differs" else []),
        SpotCheck("photograph-and-marks" if entry is not None and entry.description else "photograph"),
        _in_force(entry),
        *([SpotCheck("stay-over", {"date": str(lead.registration.end_date)})] if _is_over(lead, as_of) else []),
    )


def is_borrowed(match: Match) -> bool:
    """Whether the same lifelong number stands under two names: its owner may be the victim (A11)."""
    return any(item.field == "document" and item.level == "same-other-name" for item in match.evidence)


def _level(evidence: Evidence | None) -> str:
    return evidence.level if evidence is not None else NOT_COMPARED


def _numbers(evidence: Evidence | None, person: Person, listed: Person) -> Iterator[SpotCheck]:
    level = _level(evidence)
    if level == "same-other-name":
        yield SpotCheck("number-owner")
    elif level in _SLIPS:
        side = evidence.note.removeprefix(_WRONG_CHECK) if evidence is not None else ""
        yield SpotCheck(f"number-check-character-{side}" if side in ("left", "right") else "number-slip")
    elif level in ("differs", "agrees-conflicts"):
        yield SpotCheck("number-other")
    elif level == "renewable-differs":
        yield SpotCheck("number-renewed")
    elif level == "consistent":
        yield SpotCheck("number-hidden")
    elif level in ("shared", "known-fake"):
        yield SpotCheck("number-placeholder")
    elif level == NOT_COMPARED:
        if person.documents and listed.documents:
            yield SpotCheck("number-other-kind")
        else:
            yield SpotCheck("number-not-registered" if listed.documents else "number-not-listed")
    if level not in _SLIPS and any(map(_is_wrong, person.documents)):
        yield SpotCheck("number-check-character-left")


def _is_wrong(document: Document) -> bool:
    """Whether the issuer's own rule says that the number was written down wrongly."""
    number = prepare_number(document)
    return number.valid is False and not (number.masked or number.truncated)


def _dates(evidence: Evidence | None, person: Person, listed: Person) -> Iterator[SpotCheck]:
    level = _level(evidence)
    if level == NOT_COMPARED:
        if not person.birth_dates:
            yield SpotCheck("birth-date-not-registered")
        if not listed.birth_dates:
            yield SpotCheck("birth-date-not-listed")
    elif level == "lunar":
        yield SpotCheck("birth-date-lunar")
    elif level in _NEAR_DATES:
        yield SpotCheck("birth-date-slip")
    elif level in _OTHER_DATES:
        yield SpotCheck("birth-date-other")
    elif level in _COARSE_DATES:
        yield SpotCheck("birth-date-coarse")


def _names(evidence: Evidence | None, match: Match, listed: Person) -> Iterator[SpotCheck]:
    level = _level(evidence)
    if match.capped == "a relative" or level == "generation-differs":
        yield SpotCheck("relatives")
    if level in _OTHER_NAMES:
        yield SpotCheck("names-asked")
    elif level == "same-other-script":
        yield SpotCheck("name-in-script")
    elif level not in ("same", NOT_COMPARED) or len(listed.names) > 1:
        yield SpotCheck("names-former")


def _in_force(entry: Entry | None) -> SpotCheck:
    warrant = entry.warrant if entry is not None else None
    if warrant is not None and (warrant.issuing_unit or warrant.issuing_phone):
        who = " ".join(part for part in (warrant.issuing_unit, warrant.issuing_phone) if part)
        return SpotCheck("in-force-unit", {"unit": who, "number": warrant.document_number or "–"})
    return SpotCheck("in-force-publisher")


def _is_over(lead: Lead, as_of: date) -> bool:
    return lead.registration.end_date is not None and lead.registration.end_date < as_of
