"""Retention: what has been kept for its period is purged, kind by kind (promise A14).

Each kind follows the ones before it, so that what only a purged lead needed goes with it. Every step is a transaction
with its part of the consultation; killed anywhere, the next call goes on, and a call with nothing due changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import TypeVar

from netpursuit.custody.case_ends import end_cases
from netpursuit.custody.erasure import is_wal_left, purge_lead, settle_ledger
from netpursuit.gate import groups
from netpursuit.gate.gate import OpenConsultation
from netpursuit.gate.retention import choose_period, periods_in_use
from netpursuit.gate.workbench import (
    Workbench,
    before_setting,
    changes_setting,
    last_setting,
    review_setting,
)
from netpursuit.policy.retention import Kept, check_days
from netpursuit.ports.imported_graphs import ImportedPlaces
from netpursuit.ports.kept_files import KeptFiles
from netpursuit.ports.truth import LeadQuery, SealedVersion, Truth, UnitOfWork
from netpursuit.records import Intent, Lead, LeadState, Outcome, RunManifest, Verb

Item = TypeVar("Item")

INDEX_DAYS = 1  # an index of another set of lists: a run that began before may still read it
_AT_ONCE = 200
_LEADS = {
    Kept.LEAD_OPEN: LeadState.OPEN,
    Kept.LEAD_WITHDRAWN: LeadState.WITHDRAWN,
    Kept.LEAD_CLEARED: LeadState.CLEARED,
    Kept.LEAD_CONFIRMED: LeadState.CONFIRMED,
}
_FILES = {"index": INDEX_DAYS, "unit-index": None, "fetched": None, "report": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What was purged, or (``dry_run``) would be: counts by kind, kinds with none left out, and the leads' ids.

    ``wal_left``: another session kept reading, so that what was deleted may stand in the write-ahead log until it ends.
    """

    counts: Mapping[str, int]
    lead_ids: tuple[str, ...]
    dry_run: bool
    consultation_id: str
    wal_left: bool = False


@dataclass(slots=True)
class _Tally:
    counts: dict[str, int] = field(default_factory=dict)
    lead_ids: list[str] = field(default_factory=list)

    def add(self, kind: str, count: int) -> None:
        if count:
            self.counts[kind] = self.counts.get(kind, 0) + count


def retain(desk: Workbench, files: KeptFiles, imported: ImportedPlaces, *, dry_run: bool = False) -> Retained:
    """Purge all that is due, as one consultation; ``dry_run`` counts it alone.

    The link graph forgets with its next drain. Raises ``StorageError`` where something cannot be removed; what was
    purged before stays purged and on record.
    """
    about = {"mode": "dry-run"} if dry_run else {}
    with desk.gate.consult(Intent(verb=Verb.RETAIN, authority=desk.authority, about=about)) as consultation:
        if not dry_run:
            settle_ledger(desk.truth, desk.keys)
        work = _Retention(desk, files, imported, consultation, dry_run=dry_run)
        tally = work.run()
        wal_left = not dry_run and bool(tally.counts) and is_wal_left(desk.truth, desk.keys)
        consultation.conclude(Outcome(counts=tally.counts, lead_ids=tuple(tally.lead_ids)))
    return Retained(
        counts=tally.counts,
        lead_ids=tuple(tally.lead_ids),
        dry_run=dry_run,
        consultation_id=consultation.consultation_id,
        wal_left=wal_left,
    )


def set_period(desk: Workbench, kind: str, days: int | None) -> None:
    """Keep a kind for so many days; None: as the policy says. Raises ``InputError`` outside the policy's range."""
    chosen = check_days(kind, days)
    about = {"kind": chosen.value, "days": str(days) if days is not None else "policy"}
    intent = Intent(verb=Verb.POLICY_RETENTION, authority=desk.authority, about=about)
    with desk.gate.consult(intent) as consultation, desk.truth.transaction() as unit:
        choose_period(desk.truth, unit, chosen, days)
        consultation.conclude(Outcome(), unit)


class _Retention:
    """One call: what is due of each kind, and its removal."""

    def __init__(
        self,
        desk: Workbench,
        files: KeptFiles,
        imported: ImportedPlaces,
        consultation: OpenConsultation,
        *,
        dry_run: bool,
    ) -> None:
        self._desk, self._files, self._imported = desk, files, imported
        self._truth: Truth = desk.truth
        self._consultation, self._dry_run = consultation, dry_run
        now = desk.gate.now()
        self._before = {kind: now - timedelta(days=days) for kind, days in periods_in_use(desk.truth).items()}
        self._now = now
        self._tally = _Tally()
        # What goes, and in a dry run is still there.
        self._gone: set[str] = set()
        self._gone_runs: set[str] = set()
        self._old_revisions: set[tuple[str, int]] = set()

    def run(self) -> _Tally:
        self._leads()
        self._revisions()
        self._clearances()
        kept = list(self._kept_leads())
        self._runs(kept)
        self._quarantine()
        self._versions(kept)
        self._pairs()
        self._cases()
        self._typed()
        self._log()
        self._kept_files()
        return self._tally

    def _leads(self) -> None:
        for kind, state in _LEADS.items():
            found = [lead for lead in self._all_leads(state) if _aged(lead) < self._before[kind]]
            self._gone.update(lead.lead_id for lead in found)
            self._tally.lead_ids += [lead.lead_id for lead in found]

            def purge(unit: UnitOfWork, lead: Lead, kind: Kept = kind) -> bool:
                now = self._truth.lead(lead.lead_id)
                if now is None or now.state is not lead.state or _aged(now) >= self._before[kind]:
                    return False  # somebody has worked on it meanwhile
                purge_lead(unit, lead.lead_id)
                return True

            self._each(kind.value, found, purge, ids=lambda lead: (lead.lead_id,))

    def _all_leads(self, state: LeadState) -> tuple[Lead, ...]:
        return self._truth.leads(LeadQuery(states=(state,)))

    def _revisions(self) -> None:
        due = [
            (past.lead_id, past.revision)
            for past in self._truth.past_leads()
            if past.lead_id not in self._gone and past.updated_at < self._before[Kept.REVISION]
        ]
        self._each(
            Kept.REVISION.value,
            due,
            lambda unit, item: unit.drop_revision(*item),
            ids=lambda item: (item[0],),
        )
        self._old_revisions = set(due)

    def _clearances(self) -> None:
        due = [
            item
            for item in self._truth.all_clearances()
            if item.ended_at is not None and item.ended_at < self._before[Kept.CLEARANCE]
        ]
        self._each(
            Kept.CLEARANCE.value,
            due,
            lambda unit, item: unit.drop_clearance(item.person_digest, item.entry.list_id, item.entry.entry_id),
        )

    def _kept_leads(self) -> Iterator[Lead]:
        """Every lead that stays, and its revisions that stay."""
        for lead in self._truth.leads():
            if lead.lead_id not in self._gone:
                yield lead
        for past in self._truth.past_leads():
            if past.lead_id not in self._gone and (past.lead_id, past.revision) not in self._old_revisions:
                yield past

    def _runs(self, kept: Sequence[Lead]) -> None:
        named = {lead.run_id for lead in kept}
        due = [run for run in self._truth.runs() if run.started_at < self._before[Kept.RUN] and run.run_id not in named]
        self._gone_runs = {run.run_id for run in due}

        def purge(unit: UnitOfWork, run: RunManifest) -> None:
            unit.drop_run(run.run_id)
            unit.put_setting(f"run.{run.run_id}.reported", None)
            unit.put_setting(f"run.{run.run_id}.place", None)

        self._each(Kept.RUN.value, due, purge)

    def _quarantine(self) -> None:
        added = {
            f"{item.version.list_id}@{item.version.version}": item.version.added_at
            for item in self._truth.sealed_versions()
        }
        due = []
        for run_id in self._truth.quarantined():
            run = self._truth.run(run_id)
            at = run.started_at if run is not None else added.get(run_id)
            if run_id not in self._gone_runs and (at is None or at < self._before[Kept.QUARANTINE]):
                due.append(run_id)
        self._each(Kept.QUARANTINE.value, due, lambda unit, run_id: unit.drop_rejected(run_id))

    def _versions(self, kept: Iterable[Lead]) -> None:
        runs = {run.run_id: run for run in self._truth.runs()}
        needed = {pinned for run in runs.values() if run.finished_at is None for pinned in run.lists}
        for lead in kept:
            needed |= _needed(lead, runs)
        by_list: dict[str, list[SealedVersion]] = {}
        for item in self._truth.sealed_versions():
            by_list.setdefault(item.version.list_id, []).append(item)
        for list_id, versions in sorted(by_list.items()):
            due = [item for item in self._superseded(versions) if (list_id, item.version.version) not in needed]
            self._tally.add(Kept.LIST_VERSION.value, len(due))
            if not due or self._dry_run:
                continue
            with self._truth.transaction() as unit:
                unit.drop_list_versions(list_id, [item.number for item in due])
                _forget_versions(self._truth, unit, list_id, versions, due)
                outcome = Outcome(counts={Kept.LIST_VERSION.value: len(due)}, about={"list": list_id})
                self._consultation.conclude_part(outcome, unit)

    def _superseded(self, versions: Sequence[SealedVersion]) -> list[SealedVersion]:
        """Versions of a list that another took the place of long enough ago; of a removed list also the last."""
        before = self._before[Kept.LIST_VERSION]
        found = [item for item, after in pairwise(versions) if after.version.added_at < before and not item.in_force]
        last = versions[-1]
        return [*found, last] if not last.in_force and last.version.added_at < before else found

    def _pairs(self) -> None:
        due = self._truth.gone_pairs()

        def purge(unit: UnitOfWork, pair_id: str) -> None:
            unit.drop_entry_pair(pair_id)
            unit.put_outbox(pair_id, groups.KIND, "{}")

        self._each("pair", due, purge)

    def _cases(self) -> None:
        if not self._dry_run:
            self._tally.add("case-part", end_cases(self._desk.gate, self._imported))
        before = self._before[Kept.CASE]
        due = []
        for case in self._truth.cases():
            ended = case.closed_at or datetime.combine(case.expires_on + timedelta(days=1), time(), UTC)
            if ended < before:
                due.append(case.case_id)
        self._each(Kept.CASE.value, due, lambda unit, case_id: unit.drop_case(case_id))

    def _typed(self) -> None:
        """Typed values of consultations: their keys are destroyed, what was sealed stays and says nothing."""
        known, due = self._desk.keys.destroyed(), []
        for record in self._truth.log_records():
            old = record.at is not None and record.at < self._before[Kept.TYPED]
            if record.sealed is not None and old and record.consultation_id not in known:
                due.append(record.consultation_id)
        self._tally.add(Kept.TYPED.value, len(due))
        if due and not self._dry_run:
            with self._truth.transaction() as unit:
                self._consultation.conclude_part(Outcome(counts={Kept.TYPED.value: len(due)}), unit)
            self._desk.keys.destroy(*due)

    def _log(self) -> None:
        before = self._before[Kept.LOG]
        if self._dry_run:
            self._tally.add(Kept.LOG.value, self._desk.gate.log.count_before(before))
        else:
            self._tally.add(Kept.LOG.value, self._desk.gate.log.purge(before, who=self._desk.gate.who))

    def _kept_files(self) -> None:
        for kind, days in _FILES.items():
            before = self._now - timedelta(days=days) if days is not None else self._before[Kept(kind)]
            names = self._files.unused(kind, before)
            self._tally.add(kind, len(names))
            if names and not self._dry_run:
                self._files.remove(kind, names)

    def _each(
        self,
        kind: str,
        due: Iterable[Item],
        purge: Callable[[UnitOfWork, Item], bool | None],
        ids: Callable[[Item], tuple[str, ...]] = lambda item: (),
    ) -> None:
        """Purge items in transactions of some, each with what it did; ``purge`` answers False where it did not."""
        if self._dry_run:
            self._tally.add(kind, sum(1 for _ in due))
            return
        rest = iter(due)
        while some := list(islice(rest, _AT_ONCE)):
            with self._truth.transaction() as unit:
                done = [item for item in some if purge(unit, item) is not False]
                if done:
                    named = tuple(dict.fromkeys(lead_id for item in done for lead_id in ids(item)))
                    self._consultation.conclude_part(Outcome(counts={kind: len(done)}, lead_ids=named), unit)
            self._tally.add(kind, len(done))


def _aged(lead: Lead) -> datetime:
    """From when the days of a lead are counted: its last change, or what a human did with it later."""
    said = [item.said.at for item in lead.outcomes] if lead.state is LeadState.CONFIRMED else []
    return max([lead.updated_at, *said])


def kept_until(lead: Lead, days: Mapping[Kept, int]) -> date:
    """The last day, where the user is, on which a lead is kept if nothing more happens to it."""
    kind = next(kind for kind, state in _LEADS.items() if state is lead.state)
    return (_aged(lead) + timedelta(days=days[kind])).astimezone().date()


def _needed(lead: Lead, runs: Mapping[str, RunManifest]) -> set[tuple[str, str]]:
    """The versions of lists that a lead is shown and replayed with (A17)."""
    run = runs.get(lead.run_id)
    needed = set(run.lists if run is not None else lead.lists)
    needed.add((lead.match.key.list_id, lead.list_version))
    return needed | {(item.match.key.list_id, item.list_version) for item in lead.entries}


def _forget_versions(
    truth: Truth,
    unit: UnitOfWork,
    list_id: str,
    versions: Sequence[SealedVersion],
    due: Sequence[SealedVersion],
) -> None:
    """What is kept beside versions that are gone; the chain of those before them closes over the gap."""
    numbers = {item.number for item in due}
    stays = {item.version.version for item in versions if item.number not in numbers}
    gone = {item.version.version for item in due} - stays

    def sound(version: str | None) -> str | None:
        looked: set[str] = set()
        while version in gone and version not in looked:
            looked.add(version)
            version = truth.setting(before_setting(list_id, version))
        return version if version not in gone else None

    links = {version: sound(truth.setting(before_setting(list_id, version))) for version in stays}
    last = sound(truth.setting(last_setting(list_id)))
    for version, before in links.items():
        unit.put_setting(before_setting(list_id, version), before)
    unit.put_setting(last_setting(list_id), last)
    for version in gone:
        unit.put_setting(before_setting(list_id, version), None)
        unit.put_setting(review_setting(list_id, version), None)
        unit.put_setting(changes_setting(list_id, version), None)
