"""Both records of a lead field by field, each value facing the one it is most like. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from netpursuit.records import Address, AddressKind, Document, Match, Person
from netpursuit.reports.differences import Span, Spans, likeness, mark_differences
from netpursuit.reports.waterfall import NOT_COMPARED
from netpursuit.reports.wording import clean

# How many values of one field are shown before the rest is folded away.
SHOWN = 3
# Values less alike than this are another value, not the same one written differently.
ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of both records.

    ``verdict``: ``agrees``, ``disagrees``, ``neutral`` (no weight either way), ``not-compared``, or ``only-one``
    side states it. The first value of each side is the pair that faces each other, with differences marked; values
    beyond ``SHOWN`` are in ``more``.
    """

    field: str
    verdict: str
    left: tuple[Spans, ...]
    right: tuple[Spans, ...]
    left_more: tuple[str, ...] = ()
    right_more: tuple[str, ...] = ()


def face_fields(left: Person, right: Person | None, match: Match) -> tuple[FieldPair, ...]:
    """Every field that either record states, in a fixed order."""
    listed = right or Person()
    verdicts = {item.field: item for item in match.evidence}
    one, other = _values(left), _values(listed)
    # One comparison of addresses speaks for the registered ones where both sides state such.
    if one["registered-address"] and other["registered-address"] and "address" in verdicts:
        verdicts["registered-address"] = verdicts.pop("address")
    pairs = []
    for field in one:
        if not (one[field] or other[field]):
            continue
        evidence = verdicts.get(field)
        if not (one[field] and other[field]):
            verdict = "only-one"
        elif evidence is None or evidence.level == NOT_COMPARED:
            verdict = "not-compared"
        elif evidence.millibits > 0:
            verdict = "agrees"
        else:
            verdict = "disagrees" if evidence.millibits < 0 else "neutral"
        pairs.append(_face(field, verdict, one[field], other[field]))
    return tuple(pairs)


def _face(field: str, verdict: str, left: list[str], right: list[str]) -> FieldPair:
    """Put the most alike pair of values first, with its differences marked."""
    if left and right:
        rated = [(-likeness(a, b), x, y) for x, a in enumerate(left) for y, b in enumerate(right)]
        negative, x, y = min(rated)
        left.insert(0, left.pop(x))
        right.insert(0, right.pop(y))
        # Where nearly everything differs, marking it all would only be noise.
        marked = mark_differences(left[0], right[0]) if -negative >= ALIKE else (_plain(left[0]), _plain(right[0]))
    else:
        marked = _plain(left[0] if left else ""), _plain(right[0] if right else "")
    rest = [_plain(text) for text in left[1:SHOWN]], [_plain(text) for text in right[1:SHOWN]]
    return FieldPair(
        field=field,
        verdict=verdict,
        left=(marked[0], *rest[0]) if left else (),
        right=(marked[1], *rest[1]) if right else (),
        left_more=tuple(left[SHOWN:]),
        right_more=tuple(right[SHOWN:]),
    )


def _plain(text: str) -> Spans:
    return (Span(text, "same"),) if text else ()


def _readable(document: Document) -> str:
    """The number; of one that a spreadsheet cut, what stands after the fifteenth digit is unknown, not zero."""
    number = document.number
    return number[:15] + "?" * len(number[15:]) if document.note == "truncated" else number


def _place(address: Address) -> str:
    """An address with its unit, where the text does not name it already."""
    return address.text if address.unit in address.text else f"{address.text} {address.unit}"


def _values(person: Person) -> dict[str, list[str]]:
    """Each field's values as text, without repeats, in the order of the record."""
    documents = [f"{_readable(document)} {document.country}".strip() for document in person.documents]
    values = {
        "name": [name.text for name in person.names],
        "birth-date": [str(day) for day in person.birth_dates],
        "document": documents,
        "sex": [person.sex.value] if person.sex else [],
        "nationality": list(person.nationalities),
        "phone": list(person.phones),
        "email": list(person.emails),
        "registered-address": [_place(place) for place in person.addresses if place.kind is AddressKind.REGISTERED],
        "address": [_place(place) for place in person.addresses if place.kind is not AddressKind.REGISTERED],
    }
    return {field: list(dict.fromkeys(clean(text) for text in texts if text)) for field, texts in values.items()}
