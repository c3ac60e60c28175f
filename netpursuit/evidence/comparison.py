"""All fields of all pairs at once, with dependent fields conditioned."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.evidence.choice import FieldComparison
from netpursuit.evidence.contacts import (
    SEX_WORDS,
    compare_addresses,
    compare_emails,
    compare_nationalities,
    compare_phones,
    compare_sex,
    show_country,
)
from netpursuit.evidence.dates import compare_dates, show_date
from netpursuit.evidence.names import NameComparison, compare_names, explain_names
from netpursuit.evidence.numbers import compare_numbers, erring_side, holds
from netpursuit.kernel import native_fields, native_sums
from netpursuit.kernel.native import is_native
from netpursuit.kernel.ragged import one_of
from netpursuit.kernel.relate import Relations
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import PARTIAL_OTHER_NAME_MILLIBITS, TABLES, codes
from netpursuit.prepare.columns import PreparedBatch, TextColumn
from netpursuit.prepare.numbers import NumberFlag
from netpursuit.records import Evidence, MilliBits

Array = npt.NDArray[Any]
FIELDS = ("name", "birth-date", "document", "phone", "email", "address", "sex", "nationality")

_DOCUMENT = codes("document")
# A date that both numbers hold is counted with them: where they agree, and where they are two people's numbers (each
# number then vouches for its own date, and a near date is no slip).
_AGREEING = [
    _DOCUMENT[key] for key in ("same", "same-other-form", "shared", "consistent", "ocr", "transposed", "one-slip")
]
SLIPS = ("ocr", "transposed", "one-slip")
_WHOLE = [_DOCUMENT[key] for key in ("same", "same-other-form", "shared")]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every field of every pair: ``levels`` and ``millibits`` are (pairs, fields) in the order of ``FIELDS``."""

    levels: npt.NDArray[np.int8]
    millibits: npt.NDArray[np.int32]
    names: NameComparison
    rows: dict[str, FieldComparison]


def compare_pairs(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    relations: Relations,
    policy: Policy,
    shared_numbers: Array | None = None,
    shared_phones: Array | None = None,
) -> Comparison:
    """Compare records ``left_rows[i]`` with ``right_rows[i]``; ``relations`` join the two vocabularies."""
    names = compare_names(left, right, left_rows, right_rows, relations, policy)
    rows = {
        "birth-date": compare_dates(left, right, left_rows, right_rows, policy),
        "document": compare_numbers(left, right, left_rows, right_rows, policy, shared_numbers),
        "phone": compare_phones(left, right, left_rows, right_rows, policy, shared_phones),
        "email": compare_emails(left, right, left_rows, right_rows, policy),
        "address": compare_addresses(left, right, left_rows, right_rows, policy),
        "sex": compare_sex(left, right, left_rows, right_rows, policy),
        "nationality": compare_nationalities(left, right, left_rows, right_rows, policy),
    }
    levels = np.column_stack([names.level, *(rows[field].level for field in FIELDS[1:])])
    millibits = np.column_stack([names.millibits, *(rows[field].millibits for field in FIELDS[1:])]).astype(np.int32)
    _condition(left, right, levels, millibits, rows["document"], policy)
    return Comparison(levels, millibits, names, rows)


def _condition(
    left: PreparedBatch,
    right: PreparedBatch,
    levels: Array,
    millibits: Array,
    document: FieldComparison,
    policy: Policy,
) -> None:
    """Count once what a number holds, and keep a borrowed number apart from its owner's name."""
    if not len(left.number_flags):
        return
    if is_native():
        one, other = (left.number_flags, document.left_row), (right.number_flags, document.right_row)
        native_sums.condition(levels, millibits, *one, *other, _condition_rules(policy))
    else:
        _condition_columns(left, right, levels, millibits, document, policy)


@lru_cache
def _condition_rules(policy: Policy) -> native_sums.ConditionRules:
    date, address = codes("birth-date"), codes("address")
    return native_fields.filled(
        native_sums.ConditionRules(),
        agreeing=native_sums.bits_of(_AGREEING),
        whole=native_sums.bits_of(_WHOLE),
        number_differs=_DOCUMENT["differs"],
        consistent=_DOCUMENT["consistent"],
        same_other_name=_DOCUMENT["same-other-name"],
        same_day=date["same-day"],
        no_date=date["not-compared"],
        date_in_number=date["in-number"],
        sex_in_number=codes("sex")["in-number"],
        same_city=address["same-city"],
        address_in_number=address["in-number"],
        name=FIELDS.index("name"),
        date=FIELDS.index("birth-date"),
        document=FIELDS.index("document"),
        sex=FIELDS.index("sex"),
        address=FIELDS.index("address"),
        fields=len(FIELDS),
        holds_date=NumberFlag.HOLDS_BIRTH_DATE,
        holds_sex=NumberFlag.HOLDS_SEX,
        lifelong=NumberFlag.LIFELONG,
        partial_most=PARTIAL_OTHER_NAME_MILLIBITS,
        other_name_cost=policy.weight("document", "same-other-name"),
    )


def _condition_columns(
    left: PreparedBatch,
    right: PreparedBatch,
    levels: Array,
    millibits: Array,
    document: FieldComparison,
    policy: Policy,
) -> None:
    """``_condition`` column by column."""
    agreeing = one_of(document.level, _AGREEING)
    for field, flag in (("birth-date", NumberFlag.HOLDS_BIRTH_DATE), ("sex", NumberFlag.HOLDS_SEX)):
        held = holds(left, document.left_row, flag) & holds(right, document.right_row, flag)
        column = FIELDS.index(field)
        counted = agreeing & held & (millibits[:, column] > 0)
        if field == "birth-date":
            apart = (document.level == _DOCUMENT["differs"]) & held & (levels[:, column] != codes(field)["same-day"])
            counted |= apart & (levels[:, column] != codes(field)["not-compared"])
        levels[counted, column] = codes(field)["in-number"]
        millibits[counted, column] = 0
    # A number begins with the region where it was issued.
    address = FIELDS.index("address")
    region = agreeing & holds(left, document.left_row, NumberFlag.HOLDS_BIRTH_DATE)
    region &= levels[:, address] == codes("address")["same-city"]
    levels[region, address] = codes("address")["in-number"]
    millibits[region, address] = 0
    name, number = FIELDS.index("name"), FIELDS.index("document")
    lifelong = holds(left, document.left_row, NumberFlag.LIFELONG) & holds(
        right, document.right_row, NumberFlag.LIFELONG
    )
    partial = (document.level == _DOCUMENT["consistent"]) & (millibits[:, name] < 0)
    millibits[partial, number] = np.minimum(millibits[partial, number], PARTIAL_OTHER_NAME_MILLIBITS)
    # Quite another name, or a common surname shared (members of one family use each other's documents).
    borrowed = one_of(document.level, _WHOLE) & lifelong & (millibits[:, name] < 0)
    levels[borrowed, number] = _DOCUMENT["same-other-name"]
    cost = policy.weight("document", "same-other-name")
    millibits[borrowed, number] = np.maximum(millibits[borrowed, number] - cost, 0)
    # The name's disagreement is already in that level: another's document, or a new name.
    millibits[borrowed, name] = 0


def evidence_of(
    comparison: Comparison, pair: int, left: PreparedBatch, right: PreparedBatch, relations: Relations
) -> tuple[Evidence, ...]:
    """The evidence of one reported pair, with what was compared on either side."""
    items = []
    for column, field in enumerate(FIELDS):
        level = TABLES[field][comparison.levels[pair, column]].key
        millibits = MilliBits(int(comparison.millibits[pair, column]))
        note = ""
        if field == "name":
            one, other = int(comparison.names.left_name[pair]), int(comparison.names.right_name[pair])
            shown = _text(left.name_text, one), _text(right.name_text, other)
            note = explain_names(left, right, one, other, relations)
            if comparison.names.weak[pair]:
                note = f"weak alias; {note}" if note else "weak alias"
        else:
            row = comparison.rows[field]
            shown = (
                _show(left, field, int(row.left_row[pair])),
                _show(right, field, int(row.right_row[pair])),
            )
            if field == "birth-date":
                note = _held_in_number(left, right, int(row.left_row[pair]), int(row.right_row[pair]))
            elif field == "document" and level in SLIPS:
                side = erring_side(left, right, int(row.left_row[pair]), int(row.right_row[pair]))
                note = f"wrong check character: {side}" if side else ""
        items.append(Evidence(field=field, level=level, millibits=millibits, left=shown[0], right=shown[1], note=note))
    return tuple(items)


def _held_in_number(left: PreparedBatch, right: PreparedBatch, left_row: int, right_row: int) -> str:
    sides = []
    if left_row >= 0 and left.date_in_number[left_row]:
        sides.append("left")
    if right_row >= 0 and right.date_in_number[right_row]:
        sides.append("right")
    return f"read from the number ({', '.join(sides)})" if sides else ""


def _text(column: TextColumn, row: int) -> str:
    return column[row] if row >= 0 else ""


def _show(batch: PreparedBatch, field: str, row: int) -> str:
    if row < 0:
        return ""
    match field:
        case "birth-date":
            return show_date(batch, row)
        case "sex":
            return SEX_WORDS[int(batch.sex[row])]
        case "nationality":
            return show_country(int(batch.nation_code[row]))
        case "document":
            return batch.number_raw[row]
        case "phone":
            return batch.phone_text[row]
        case "email":
            return batch.email_text[row]
        case _:
            return batch.address_text[row]
