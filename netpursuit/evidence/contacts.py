"""Telephones, e-mails, addresses, sex and nationality."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from netpursuit.evidence.choice import FieldComparison, choose, not_compared
from netpursuit.evidence.numbers import losses, share_out
from netpursuit.ids.emails import email_slip
from netpursuit.kernel import native_fields
from netpursuit.kernel.native import is_native
from netpursuit.kernel.ragged import first_that_holds, one_of, pair_rows
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import NUMBER_BITS_PER_CHARACTER, codes
from netpursuit.prepare.columns import PreparedBatch
from netpursuit.prepare.fields import ADDRESS_KINDS, AddressPart
from netpursuit.records import AddressKind

Array = npt.NDArray[Any]
_REGISTERED = ADDRESS_KINDS[AddressKind.REGISTERED]
_RESIDENCE = ADDRESS_KINDS[AddressKind.RESIDENCE]
_HIDDEN = (ord("?"), ord("*"))
_MASK_CAP = 9_000
_WIDTH = 24
_PLACE_LETTERS_PER_SLIP = 9
_MOST_SLIPS = 2
_MIN_SEEN = 8  # digits that tell a number
_MIN_SEEN_MASKED = 5
_MASK_TOLL = 3


def compare_phones(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    policy: Policy,
    shared: Array | None = None,
) -> FieldComparison:
    """Same E.164 number, consistent with a mask, or one digit apart.

    ``shared`` counts, for each telephone row of the right side, how many entries bear that number.
    """
    if not (len(left.phone_text) and len(right.phone_text)):
        return not_compared("phone", len(left_rows))
    if is_native():
        rows = left, right, left_rows, right_rows
        found = native_fields.compare_phones(*rows, _phone_rules(policy), shared, losses())
        if found is not None:
            return FieldComparison(*found)
    return _compare_phones(left, right, left_rows, right_rows, policy, shared)


@lru_cache
def _phone_rules(policy: Policy) -> native_fields.PhoneRules:
    return native_fields.filled(
        native_fields.PhoneRules(),
        **native_fields.in_order(native_fields.PHONE_LEVELS, codes("phone"), policy.weights["phone"]),
        hides=one_of(np.arange(native_fields.BYTES), _HIDDEN),
        per_digit=NUMBER_BITS_PER_CHARACTER,
        mask_cap=_MASK_CAP,
        mask_toll=_MASK_TOLL,
        least_seen=_MIN_SEEN,
        least_masked=_MIN_SEEN_MASKED,
    )


def _compare_phones(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    policy: Policy,
    shared: Array | None = None,
) -> FieldComparison:
    """``compare_phones`` column by column."""
    level_of = codes("phone")
    pair, lr, rr = pair_rows(left.phone_start, left_rows, right.phone_start, right_rows)
    left_texts, right_texts = left.phone_text.take(lr.tolist()), right.phone_text.take(rr.tolist())
    # From the right, since one side may lack its country code.
    lm = left.phone_text.matrix(lr, _WIDTH, reverse=True)
    rm = right.phone_text.matrix(rr, _WIDTH, reverse=True)
    lm, rm = np.where(lm == ord("+"), 0, lm), np.where(rm == ord("+"), 0, rm)
    hidden_left, hidden_right = one_of(lm, _HIDDEN), one_of(rm, _HIDDEN)
    both = (lm > 0) & (rm > 0)
    agrees = (lm == rm) | hidden_left | hidden_right | ~both
    seen = (both & ~hidden_left & ~hidden_right).sum(axis=1)
    masked = hidden_left.any(axis=1) | hidden_right.any(axis=1)
    same = left.phone_hash[lr] == right.phone_hash[rr]
    # A national number without its country code agrees with the end of the international one.
    tail = agrees.all(axis=1) & (seen >= _MIN_SEEN)
    distance = cpdist(left_texts, right_texts, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
    near = (distance == 1) & ((lm > 0).sum(axis=1) == (rm > 0).sum(axis=1)) & (seen >= _MIN_SEEN)
    consistent = agrees.all(axis=1) & masked & (seen >= _MIN_SEEN_MASKED)
    level = first_that_holds(
        [same & ~masked, tail & ~masked, consistent, near],
        [level_of["same"], level_of["same"], level_of["consistent"], level_of["one-digit"]],
        level_of["differs"],
    )
    visible = np.minimum(np.maximum(seen - _MASK_TOLL, 0) * NUMBER_BITS_PER_CHARACTER, _MASK_CAP)
    bits = np.where(level == level_of["consistent"], visible, policy.weights["phone"][level])
    if shared is not None and len(rr):
        bits = share_out(bits, shared[rr])
    return choose("phone", len(left_rows), pair, level, bits, lr, rr)


def compare_emails(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, policy: Policy
) -> FieldComparison:
    """The same box, one that a slip of a key leads to, the same name at another provider, or another box."""
    level_of = codes("email")
    if not (len(left.email_text) and len(right.email_text)):
        return not_compared("email", len(left_rows))
    pair, lr, rr = pair_rows(left.email_start, left_rows, right.email_start, right_rows)
    both = zip(left.email_text.take(lr.tolist()), right.email_text.take(rr.tolist()), strict=True)
    level = np.fromiter((level_of[email_slip(one, other).value] for one, other in both), np.int64, len(lr))
    return choose("email", len(left_rows), pair, level, policy.weights["email"][level], lr, rr)


def compare_addresses(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, policy: Policy
) -> FieldComparison:
    """Registered with registered, residence with residence; an address of unstated kind with either."""
    if not (len(left.address_text) and len(right.address_text)):
        return not_compared("address", len(left_rows))
    if is_native():
        rows = left, right, left_rows, right_rows
        return FieldComparison(*native_fields.compare_addresses(*rows, _address_rules(policy)))
    return _compare_addresses(left, right, left_rows, right_rows, policy)


@lru_cache
def _address_rules(policy: Policy) -> native_fields.AddressRules:
    return native_fields.filled(
        native_fields.AddressRules(),
        **native_fields.in_order(native_fields.ADDRESS_LEVELS, codes("address"), policy.weights["address"]),
        registered=_REGISTERED,
        residence=_RESIDENCE,
        letters_per_slip=_PLACE_LETTERS_PER_SLIP,
        most_slips=_MOST_SLIPS,
    )


def _compare_addresses(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, policy: Policy
) -> FieldComparison:
    """``compare_addresses`` column by column."""
    level_of = codes("address")
    pair, lr, rr = pair_rows(left.address_start, left_rows, right.address_start, right_rows)
    left_kind, right_kind = left.address_kind[lr], right.address_kind[rr]
    crossed = ((left_kind == _REGISTERED) & (right_kind == _RESIDENCE)) | (
        (left_kind == _RESIDENCE) & (right_kind == _REGISTERED)
    )
    keep = np.flatnonzero(~crossed)
    pair, lr, rr = pair[keep], lr[keep], rr[keep]
    lp, rp = left.address_parts[lr], right.address_parts[rr]
    known = (lp != 0) & (rp != 0)
    same = (lp == rp) & known
    towns = [AddressPart.CITY, AddressPart.DISTRICT]
    # A High Street is in every town: without a town that agrees the next level below counts, and none in another town.
    placed = same[:, [*towns, AddressPart.POSTCODE]].any(axis=1)
    elsewhere = (known & ~same)[:, towns].any(axis=1)
    unit, house, street = (same[:, part] for part in (AddressPart.UNIT, AddressPart.HOUSE, AddressPart.STREET))
    other_flat, other_number = ((known & ~same)[:, part] for part in (AddressPart.FLAT, AddressPart.NUMBER))
    one_slip = _slips(left, right, lr, rr, same[:, AddressPart.NUMBER])
    level = first_that_holds(
        [
            same[:, AddressPart.UNIT_CODE] | (unit & placed & ~elsewhere),
            house & placed & ~elsewhere & other_flat & ~unit,
            ((house & placed) | unit) & ~elsewhere,
            one_slip & ~other_flat,
            street & placed & ~elsewhere & other_number,
            ((street & placed) | house) & ~elsewhere & ~(house & other_flat),
            same[:, AddressPart.CITY],
        ],
        [
            level_of[key]
            for key in ("same-unit", "other-unit", "same-house", "similar", "other-house", "same-street", "same-city")
        ],
        level_of["other"],
    )
    # Two addresses of which one names a country only have nothing to compare.
    comparable = (lp != 0).any(axis=1) & (rp != 0).any(axis=1)
    pair, lr, rr, level = pair[comparable], lr[comparable], rr[comparable], level[comparable]
    return choose("address", len(left_rows), pair, level, policy.weights["address"][level], lr, rr)


def _slips(left: PreparedBatch, right: PreparedBatch, lr: Array, rr: Array, numbered: Array) -> Array:
    """Whether two alphabetic addresses of one number are a slip of a key apart in street or town, or two if long."""
    found = np.zeros(len(lr), bool)
    rows = np.flatnonzero(numbered)
    one, other = left.address_place.take(lr[rows].tolist()), right.address_place.take(rr[rows].tolist())
    distance = cpdist(one, other, scorer=OSA.distance, score_cutoff=_MOST_SLIPS, dtype=np.uint8)
    shorter = np.array([min(map(len, both)) if "".join(both).isascii() else 0 for both in zip(one, other, strict=True)])
    slip = (distance > 0) & (distance <= _MOST_SLIPS)  # further apart than the cutoff it is one more
    found[rows] = slip & (distance * _PLACE_LETTERS_PER_SLIP <= shorter)
    return found


def compare_sex(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, policy: Policy
) -> FieldComparison:
    """Same, different or not stated."""
    level_of = codes("sex")
    one, other = left.sex[left_rows], right.sex[right_rows]
    level = first_that_holds(
        [(one == 0) | (other == 0), one == other], [level_of["not-compared"], level_of["same"]], level_of["differs"]
    )
    return FieldComparison(level.astype(np.int8), policy.weights["sex"][level], left_rows, right_rows)


def compare_nationalities(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, policy: Policy
) -> FieldComparison:
    """Any nationality shared."""
    if not (len(left.nation_code) and len(right.nation_code)):
        return not_compared("nationality", len(left_rows))
    if is_native():
        rows = left, right, left_rows, right_rows
        return FieldComparison(*native_fields.compare_nationalities(*rows, _nation_rules(policy)))
    return _compare_nationalities(left, right, left_rows, right_rows, policy)


@lru_cache
def _nation_rules(policy: Policy) -> native_fields.NationRules:
    order = native_fields.in_order(native_fields.NATION_LEVELS, codes("nationality"), policy.weights["nationality"])
    return native_fields.filled(native_fields.NationRules(), **order)


def _compare_nationalities(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, policy: Policy
) -> FieldComparison:
    """``compare_nationalities`` column by column."""
    level_of = codes("nationality")
    pair, lr, rr = pair_rows(left.nation_start, left_rows, right.nation_start, right_rows)
    level = np.where(left.nation_code[lr] == right.nation_code[rr], level_of["same"], level_of["differs"])
    return choose("nationality", len(left_rows), pair, level, policy.weights["nationality"][level], lr, rr)


def show_country(code: int) -> str:
    """The two letters behind ``prepare.numbers.country_code``."""
    return chr(code // 27 + 64) + chr(code % 27 + 64) if code else ""


SEX_WORDS: tuple[str, ...] = ("", "male", "female")
