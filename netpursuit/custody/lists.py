"""Lists come in, are replaced and removed; what they end is ended with them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from netpursuit.custody.cut_off import ends_within_line, keep_end, refuse_cut_off
from netpursuit.custody.delivery import Delivery, Known, Replacement, Terms, amended, receive, replaced
from netpursuit.custody.demands import refuse_watch_register
from netpursuit.errors import InputError, StorageError
from netpursuit.gate.erased import end_erased
from netpursuit.gate.groups import ENTRY_LEFT
from netpursuit.gate.workbench import (
    Workbench,
    before_setting,
    changes_setting,
    is_sound,
    keep_list,
    kept_lists,
    last_setting,
    review_setting,
)
from netpursuit.ids.fingerprints import entry_version, list_digest
from netpursuit.policy.standing import (
    ENTRY_WITHDRAWN,
    MAX_AGE_DAYS,
    is_mass_withdrawal,
    is_matched,
)
from netpursuit.ports.readers import ListReader
from netpursuit.ports.truth import LeadQuery, Truth, UnitOfWork
from netpursuit.records import (
    Entry,
    EntryKey,
    Intent,
    LeadState,
    ListHeader,
    ListVersion,
    Outcome,
    Rejected,
    Verb,
)

_LIST_ID = re.compile(r"\w[\w.-]{0,63}")  # a colon would part list from entry, and a sentence belongs into no log

EXAMPLES = 10
"""How many ids of each kind, and how many rejections, an answer names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewList:
    """What the user says about a delivery.

    ``list_date`` is needed where the files state none. ``max_age_days`` None: the list never goes stale. ``as_of`` is
    the day of the delivery. ``source`` is a digest of all that the list is read from, kept with the version so that the
    same delivery can be told again; empty: none is kept.
    """

    list_id: str
    paths: tuple[Path, ...]
    list_date: date | None = None
    max_age_days: int | None = MAX_AGE_DAYS
    delta: bool = False
    accept_withdrawals: bool = False
    accept_older: bool = False
    as_of: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReceipt:
    """What an added list changed; ``date_before`` is that of the edition it replaced, None for a first one.

    Ids and rejections are examples, the first ``EXAMPLES`` of each; counts are full.
    """

    version: ListVersion
    date_before: date | None
    added: int
    changed: int
    withdrawn: int
    unchanged: int
    kept: int
    leads_marked: int
    added_ids: tuple[str, ...]
    changed_ids: tuple[str, ...]
    withdrawn_ids: tuple[str, ...]
    kept_ids: tuple[str, ...]
    rejected: tuple[Rejected, ...]
    consultation_id: str


def add_list(desk: Workbench, new: NewList, reader: ListReader) -> ListReceipt:
    """Read a delivery and put it in the place of the list before, in one transaction or not at all.

    Raises ``InputError`` where the date is not known, no usable record is left, too many entries would be withdrawn or
    the file may have been cut off without ``accept_withdrawals``, or an older edition would replace a newer one without
    ``accept_older``; ``RefusedError`` where the list is none of wanted people (A8).
    """
    if not _LIST_ID.fullmatch(new.list_id):
        raise InputError(
            "this is no id for a list",
            where="--list",
            expected="up to 64 letters, digits, dots, dashes and underscores",
        )
    as_of = new.as_of or desk.today
    # A date that is still to come would let an entry run for longer than its delivery allows (A8).
    delivered_on = min(as_of, desk.today)
    files = ", ".join(path.name for path in new.paths)
    about = {"list": new.list_id, "files": str(len(new.paths)), "mode": "delta" if new.delta else "whole"}
    intent = Intent(verb=Verb.LISTS_ADD, authority=desk.authority, about=about, as_of=as_of)
    with desk.gate.consult(intent) as consultation:
        header = reader.header(new.paths)
        list_date = _list_date(new, header, as_of, files)
        refuse_watch_register((new.list_id, header.title, *(path.name for path in new.paths)))
        terms = Terms(own=header.own, delta=new.delta, delivered_on=delivered_on, where=files)
        delivery = receive(reader.read(new.paths), terms)
        with desk.truth.transaction() as unit:
            before = desk.truth.list_version(new.list_id)
            previous, sound = _previous(desk.truth, before)
            if new.delta and (before is None or not sound):
                raise InputError(f"there is no sound list {new.list_id!r} to amend", expected="a whole list first")
            if before is not None and before.own != header.own:
                raise InputError(f"the list {new.list_id!r} is of another kind", expected="another --list id")
            if before is not None and list_date < before.list_date and not new.accept_older:
                raise InputError(
                    f"this edition is of {list_date}, older than the one in force ({before.list_date})",
                    where=files,
                    expected="--accept-older where that is meant",
                )
            open_end = ends_within_line(new.paths)
            if not new.delta and not new.accept_withdrawals:
                refuse_cut_off(desk.truth, new.list_id, open_end, files)
            change = (amended if new.delta else replaced)(previous, delivery)
            _accept(new, change, delivery, len(previous), files)
            version = _version(new, header, list_date, delivery, change, unit)
            unit.put_list_version(version, change.entries)
            if not sound and not is_sound(desk.truth, version):
                raise StorageError(
                    f"what the workspace holds of list {new.list_id!r} was changed and cannot be replaced"
                )
            unit.put_setting(review_setting(new.list_id, version.version), _reviews(change.entries))
            last = desk.truth.setting(last_setting(new.list_id))
            if last is not None and last != version.version:
                unit.put_setting(before_setting(new.list_id, version.version), last)
            if last != version.version:
                unit.put_setting(changes_setting(new.list_id, version.version), _changes(change))
            unit.put_setting(last_setting(new.list_id), version.version)
            unit.put_setting(_source_setting(new.list_id), new.source or None)
            if not new.delta:
                keep_end(unit, new.list_id, open_end)
            keep_list(desk.truth, unit, new.list_id, kept=True)
            unit.put_rejected(f"{new.list_id}@{version.version}", delivery.rejected)
            stays = {entry.entry_id for entry in change.entries}
            # Also what a damaged list before could not name any more: whoever had a lead there is on record.
            ended = {*change.withdrawn, *(item for item in _led_ids(desk.truth, new.list_id) if item not in stays)}
            marked = _end_entries(desk, unit, new.list_id, ended)
            date_before = before.list_date if before is not None else None
            receipt = _receipt(version, date_before, change, delivery, marked, consultation.consultation_id)
            consultation.conclude(_outcome(receipt, marked), unit)
    return receipt


def remove_list(desk: Workbench, list_id: str, *, as_of: date | None = None) -> int:
    """End a list: nothing on it matches any more, open leads on it are marked, its clearances end.

    Returns how many leads were marked. Raises ``InputError`` where there is no such list.
    """
    there = desk.truth.list_version(list_id) is not None or list_id in kept_lists(desk.truth)
    about = {"list": list_id if there else ""}  # what names no list may name anybody
    intent = Intent(verb=Verb.LISTS_REMOVE, authority=desk.authority, about=about, as_of=as_of)
    with desk.gate.consult(intent) as consultation, desk.truth.transaction() as unit:
        if desk.truth.list_version(list_id) is None and list_id not in kept_lists(desk.truth):
            raise InputError(f"there is no list {list_id!r}")
        ids = _readable_ids(desk.truth, list_id)
        marked = _end_entries(desk, unit, list_id, {*ids, *_led_ids(desk.truth, list_id)})
        unit.remove_list(list_id)
        keep_list(desk.truth, unit, list_id, kept=False)
        counts = {"entries": len(ids), "leads_marked": len(marked)}
        consultation.conclude(Outcome(counts=counts, lead_ids=marked), unit)
    return len(marked)


def source_of(truth: Truth, list_id: str) -> str:
    """The digest of what the current version of a list was read from; empty where it is not known or not sound."""
    version = truth.list_version(list_id)
    return truth.setting(_source_setting(list_id)) or "" if version is not None and not version.damaged else ""


def _source_setting(list_id: str) -> str:
    return f"source.{list_id}"


def _previous(truth: Truth, before: ListVersion | None) -> tuple[dict[str, Known], bool]:
    """The entries before by id, and whether they are what was sealed; of a list that cannot be read, none."""
    if before is None:
        return {}, True
    try:
        previous = {entry.entry_id: Known(entry, entry_version(entry)) for entry in truth.entries(before.list_id)}
    except StorageError:
        return {}, False
    sealed = list_digest((entry_id, previous[entry_id].version) for entry_id in sorted(previous))
    return previous, sealed == before.version


def _list_date(new: NewList, header: ListHeader, as_of: date, files: str) -> date:
    stated = new.list_date or header.published_on
    if stated is None:
        raise InputError("the files state no publication date", where=files, expected="--date YYYY-MM-DD")
    # A list published on the other side of the date line may be a day ahead.
    if stated > as_of + timedelta(days=1):
        raise InputError(f"the list's date {stated} lies in the future", where=files, expected=f"{as_of} or before")
    return stated


def _accept(new: NewList, change: Replacement, delivery: Delivery, before: int, files: str) -> None:
    """Refuse what would empty a list by mistake."""
    if not delivery.operations:
        found = f"{len(delivery.rejected)} rejected, {sum(delivery.unlisted.values())} not wanted"
        if delivery.rejected:
            first = delivery.rejected[0]
            found += f"; the first: line {first.line}, {first.column}: {first.reason}"
        raise InputError(f"no usable record ({found})", where=files)
    if is_mass_withdrawal(len(change.withdrawn), before) and not new.accept_withdrawals:
        raise InputError(
            f"{len(change.withdrawn)} of {before} entries would be withdrawn",
            where=files,
            expected="--accept-withdrawals where that is meant",
        )


def _version(
    new: NewList, header: ListHeader, list_date: date, delivery: Delivery, change: Replacement, unit: UnitOfWork
) -> ListVersion:
    people = sum(is_matched(entry) for entry in change.entries)
    return ListVersion(
        list_id=new.list_id,
        version=change.version,
        format=header.format,
        publisher=header.publisher,
        title=header.title,
        list_date=list_date,
        max_age_days=new.max_age_days,
        added_at=unit.at,
        own=header.own,
        people=people,
        others=len(change.entries) - people,
        unlisted=dict(sorted(delivery.unlisted.items())),
        rejected=len(delivery.rejected),
    )


def _reviews(entries: Sequence[Entry]) -> str | None:
    days = [entry.warrant.review_by for entry in entries if entry.warrant.review_by is not None]
    return f"{min(days)}/{max(days)}" if days else None


def _led_ids(truth: Truth, list_id: str) -> set[str]:
    """The entries of a list on which there is a lead, or that anybody was ever cleared of: leads are purged sooner."""
    leads = truth.leads(LeadQuery(list_id=list_id))
    led = {match.key.entry_id for lead in leads for match in lead.matches if match.key.list_id == list_id}
    return led | {key.entry_id for key in truth.entries_cleared(list_id)}


def _end_entries(desk: Workbench, unit: UnitOfWork, list_id: str, ended: AbstractSet[str]) -> tuple[str, ...]:
    """Mark the leads on entries that end, and end their clearances. Returns the ids of the leads that were marked."""
    truth = desk.truth
    marked: list[str] = []
    if not ended:
        return ()
    end_erased(desk.keys, unit, list_id, ended)
    for lead in truth.leads(LeadQuery(list_id=list_id, states=(LeadState.OPEN, LeadState.CONFIRMED))):
        ends = {match.key for match in lead.matches if match.key.list_id == list_id and match.key.entry_id in ended}
        if not ends or lead.flag == ENTRY_WITHDRAWN:
            continue
        # A lead on a group goes on where another of its entries is still listed.
        goes_on = any(truth.entry(match.key) is not None for match in lead.matches if match.key not in ends)
        if not (goes_on and lead.flag):
            unit.put_lead(replace(lead, flag=ENTRY_LEFT if goes_on else ENTRY_WITHDRAWN, updated_at=unit.at))
            marked.append(lead.lead_id)
    for entry_id in sorted(ended):
        for clearance in truth.clearances_of_entry(EntryKey(list_id=list_id, entry_id=entry_id)):
            if clearance.ended_at is None:
                unit.put_clearance(replace(clearance, ended_at=unit.at))
    return tuple(sorted(marked))


def _changes(change: Replacement) -> str:
    return json.dumps({name: len(getattr(change, name)) for name in ("added", "changed", "withdrawn")})


def _receipt(
    version: ListVersion,
    date_before: date | None,
    change: Replacement,
    delivery: Delivery,
    marked: Sequence[str],
    consultation_id: str,
) -> ListReceipt:
    return ListReceipt(
        version=version,
        date_before=date_before,
        added=len(change.added),
        changed=len(change.changed),
        withdrawn=len(change.withdrawn),
        unchanged=change.unchanged,
        kept=len(change.kept),
        leads_marked=len(marked),
        added_ids=change.added[:EXAMPLES],
        changed_ids=change.changed[:EXAMPLES],
        withdrawn_ids=change.withdrawn[:EXAMPLES],
        kept_ids=change.kept[:EXAMPLES],
        rejected=tuple(delivery.rejected[:EXAMPLES]),
        consultation_id=consultation_id,
    )


def _outcome(receipt: ListReceipt, marked: tuple[str, ...]) -> Outcome:
    counts = {
        "people": receipt.version.people,
        "others": receipt.version.others,
        "added": receipt.added,
        "changed": receipt.changed,
        "withdrawn": receipt.withdrawn,
        "kept": receipt.kept,
        "rejected": receipt.version.rejected,
        "leads_marked": receipt.leads_marked,
    }
    about = {"list": receipt.version.list_id, "version": receipt.version.version}
    shown = dict.fromkeys((*receipt.added_ids, *receipt.changed_ids, *receipt.withdrawn_ids, *receipt.kept_ids))
    entry_ids = tuple(f"{receipt.version.list_id}:{entry_id}" for entry_id in shown)
    return Outcome(counts=counts, lead_ids=marked, entry_ids=entry_ids, about=about)


def _readable_ids(truth: Truth, list_id: str) -> list[str]:
    """The ids on a list; of a damaged one, none: what cannot be read must still be removable."""
    try:
        return [entry.entry_id for entry in truth.entries(list_id)]
    except StorageError:
        return []
