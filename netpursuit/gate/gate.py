"""What every use case passes: who looks, why they may, and the bracket of intent and outcome around what they do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo

from netpursuit.audit.log import ConsultationLog
from netpursuit.errors import ErasedError, InputError, NetpursuitError, RefusedError, StorageError
from netpursuit.gate.own_names import bears_own_name
from netpursuit.gate.plain import plain
from netpursuit.gate.queries import check_query
from netpursuit.gate.roles import UserBook, book_in_force
from netpursuit.policy.reasons import SHIFT, parse_reason
from netpursuit.policy.roles import PARTS, UserRole, roles_for
from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import OWN, OWN_NAME, Authority, Case, Intent, Outcome, Person, Reason, Verb

Clock = Callable[[], datetime]
Groups = Callable[[str], frozenset[str]]
Names = Callable[[str], tuple[str, ...]]


def no_groups(_who: str) -> frozenset[str]:
    """The groups of users whom no operating system knows."""
    return frozenset()


def no_names(_who: str) -> tuple[str, ...]:
    """The full names of users whom no operating system knows."""
    return ()


class OpenConsultation:
    """A consultation that runs: its intent is committed, its outcome still owed."""

    def __init__(self, log: ConsultationLog, consultation_id: str, intent: Intent) -> None:
        self._log = log
        self.consultation_id = consultation_id
        self.intent = intent
        self.concluded = False

    def conclude(self, outcome: Outcome, unit: UnitOfWork | None = None) -> None:
        """Record the outcome before anything is shown; for writes in the action's own unit of work.

        Raises ``StorageError`` where it cannot be written: then nothing is shown, and the action does not happen."""
        if self.concluded:
            raise RuntimeError("a consultation has one outcome")
        # Marked before the anchor: what is committed is concluded.
        self._log.finish(unit, self.consultation_id, outcome, self._mark_concluded)

    def conclude_part(self, outcome: Outcome, unit: UnitOfWork) -> None:
        """Record what one part of a long consultation stores, in the unit of work that stores it.

        Lead and entry ids add up over the parts; counts too, unless the last outcome states its own."""
        self._log.record_part(unit, self.consultation_id, outcome)

    def _mark_concluded(self) -> None:
        self.concluded = True


class Gate:
    """The gate of one workspace for one person.

    ``who`` is the operating-system user, ``groups`` and ``names`` give groups and full names of any user. Expiry of
    cases and of the shift's reason is judged by the truth's own clock in ``zone`` (None: the machine's), never by a
    stated as-of date."""

    def __init__(
        self,
        truth: Truth,
        log: ConsultationLog,
        *,
        who: str,
        clock: Clock,
        zone: tzinfo | None = None,
        groups: Groups = no_groups,
        names: Names = no_names,
    ) -> None:
        if not who:
            raise ValueError("the gate needs to know who asks")
        self.truth, self.log, self.who = truth, log, who
        self._clock, self._zone, self._groups, self._names = clock, zone, groups, names
        self._running: list[Verb] = []

    def users(self) -> UserBook | None:
        """Who holds which role in this workspace; None where roles are not in use."""
        return book_in_force(self.truth, self.log)

    def roles_of(self, who: str) -> frozenset[UserRole]:
        """The roles of a user by name and groups; all of them where roles are not in use."""
        book = self.users()
        return frozenset(UserRole) if book is None else book.roles_of(who, self._groups(who))

    def roles_in(self, book: UserBook) -> frozenset[UserRole]:
        """What the user of this gate holds in a book, by name and groups."""
        return book.roles_of(self.who, self._groups(self.who))

    def own_names(self) -> tuple[str, ...]:
        """The full names of the user of this gate: those given with the roles, and the account's."""
        book = self.users()
        return tuple(dict.fromkeys((*(book.names_of(self.who) if book else ()), *self._names(self.who))))

    def check_user(self) -> None:
        """Refuse (``role``, on record) whoever holds no role at all; for what names nobody and is no consultation."""
        if not self.roles_of(self.who):
            refusal = self._lacks_role(frozenset(UserRole))
            self._refuse(Intent(verb=Verb.REFUSED, authority=Authority(who=self.who)), refusal.code)
            raise refusal

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self._clock().astimezone(UTC)

    def today(self) -> date:
        """The calendar date where the user is."""
        return self._clock().astimezone(self._zone).date()

    def authority(self, *, reason: str = "", case_id: str = "", verb: Verb = Verb.REFUSED) -> Authority:
        """What the user states, or else the reason chosen for the shift; with neither, an authority for nothing.

        Raises ``InputError`` for both at once, ``RefusedError`` (recorded under ``verb``) for what is no reason.
        """
        if reason and case_id:
            raise InputError("a reason and a case at once", expected="one of --reason and --case")
        if case_id:
            return Authority(who=self.who, case_id=case_id)
        if not reason:
            chosen = self.chosen_reason()
            return Authority(who=self.who, reason=chosen[0] if chosen else None)
        try:
            return Authority(who=self.who, reason=parse_reason(reason))
        except RefusedError as refusal:
            self._refuse(Intent(verb=verb, authority=Authority(who=self.who)), refusal.code)
            raise

    def choose_reason(self, text: str) -> tuple[Reason, datetime]:
        """Keep a reason for the shift (12 hours); answers it and when it ends. Raises ``RefusedError`` for none, and
        for somebody without any role."""
        reason = parse_reason(text)
        self.check_user()
        with self.truth.transaction() as unit:
            until = unit.at.astimezone(UTC) + SHIFT
            kept = {"reason": str(reason), "until": until.isoformat()}
            unit.put_setting(self._reason_setting, json.dumps(kept))
        return reason, until

    def forget_reason(self) -> None:
        """End the chosen reason before its time."""
        with self.truth.transaction() as unit:
            unit.put_setting(self._reason_setting, None)

    def chosen_reason(self) -> tuple[Reason, datetime] | None:
        """The reason chosen for the shift and its end, while it lasts."""
        kept = self.truth.setting(self._reason_setting)
        if kept is None:
            return None
        try:
            stored = json.loads(kept)
            reason, until = parse_reason(stored["reason"]), datetime.fromisoformat(stored["until"])
        except (ValueError, KeyError, TypeError, RefusedError):
            return None
        now = self.now()
        # A clock set back must not lengthen a shift.
        return (reason, until) if now < until <= now + SHIFT else None

    @property
    def _reason_setting(self) -> str:
        return f"reason.{self.who}"

    @contextmanager
    def consult(
        self, intent: Intent, *, persons: Sequence[Person] = (), texts: Sequence[str] = ()
    ) -> Iterator[OpenConsultation]:
        """The bracket around a consultation: admit, commit the intent, run, demand the outcome.

        ``persons`` are those asked for, which A10 limits; ``texts`` what else was typed that may be a name. Where one
        of them bears a name of the user's own, the intent says so, and not the name (``own``). What is refused is
        recorded, raised as ``RefusedError``, and runs nothing. An error inside is recorded as ``failed`` with its kind,
        a refusal with its code, neither with a value; a kill or an interrupt leaves the intent without outcome."""
        intent = replace(intent, about=plain(intent.about))
        self._admit(intent, persons)
        if (persons or texts) and bears_own_name(self.own_names(), persons, texts):
            intent = replace(intent, about={**intent.about, OWN: OWN_NAME})
        consultation = OpenConsultation(self.log, self.log.begin(intent), intent)
        self._running.append(intent.verb)
        try:
            yield consultation
            if not consultation.concluded:
                raise StorageError("the consultation ended without an outcome on record: nothing may be shown")
        except Exception as error:
            if not consultation.concluded:
                with suppress(NetpursuitError):  # the log itself may be what failed; the first error says so
                    consultation.conclude(_failure(error))
            raise
        finally:
            self._running.pop()

    def _admit(self, intent: Intent, persons: Sequence[Person]) -> None:
        try:
            self._check_authority(intent)
            for person in persons:
                check_query(person)
        except RefusedError as refusal:
            self._refuse(intent, refusal.code)
            raise

    def _refuse(self, intent: Intent, code: str) -> None:
        known = replace(intent.authority, who=self.who)
        if code == "role":  # nothing of what was asked for has been looked at: it may be anybody's name or number
            intent = replace(intent, about=dict.fromkeys(intent.about, ""))
        if known.case_id and self.truth.case(known.case_id) is None:  # what was typed is the id of nothing
            known = replace(known, case_id="")
            intent = replace(intent, about=dict.fromkeys(intent.about, ""))
        self.log.refuse(replace(intent, authority=known), code)

    def _check_authority(self, intent: Intent) -> None:
        authority = intent.authority
        if authority.who != self.who:
            raise RefusedError("another-user", "a consultation runs under the user who asks")
        stated = (authority.reason is not None, bool(authority.case_id), bool(authority.feed_purpose))
        if sum(stated) > 1:
            raise RefusedError("two-authorities", "a consultation has one reason, one case or one purpose")
        if authority.reason is not None:
            parse_reason(str(authority.reason))
        self._check_role(intent.verb)
        if authority.case_id:
            self._check_case(intent.verb, authority.case_id)
        elif authority.reason is None and not authority.feed_purpose.strip():
            raise RefusedError("no-reason", "no reason and no case: state one with --reason CODE:TASK or --case ID")
        elif authority.reason is None and intent.verb is not Verb.SCREEN:
            raise RefusedError("purpose-only-screens", "a feed's purpose authorises its screening and nothing else")

    def _check_role(self, verb: Verb) -> None:
        if any(verb in PARTS.get(running, ()) for running in self._running):
            return
        needed = roles_for(verb)
        if (book := self.users()) is not None and not needed & self.roles_in(book):
            raise self._lacks_role(needed, verb)

    def _lacks_role(self, needed: frozenset[UserRole], verb: Verb | None = None) -> RefusedError:
        roles = ", ".join(role.value for role in UserRole if role in needed) or "–"
        book = self.users()
        administrators = ", ".join(book.holding(UserRole.ADMINISTRATOR)) if book else ""
        what = f"{verb.value} is not for you: it needs one of {roles}" if verb else f"this needs one of {roles}"
        return RefusedError("role", f"{what}; {administrators} can grant it", about=f"{roles}; {administrators}")

    def _check_case(self, verb: Verb, case_id: str) -> None:
        case = self.truth.case(case_id)
        if verb is Verb.CASE_OPEN:
            if case is not None:
                raise RefusedError("case-exists", f"there is a case {case_id!r} already", about=case_id)
            return
        if case is None:
            raise RefusedError("case-unknown", f"there is no case {case_id!r}", about=case_id)
        if self.who not in case.members and not (verb is Verb.CASE_CLOSE and self.who == case.opened_by):
            raise RefusedError("case-member", f"you are no member of case {case_id!r}", about=case_id)
        if case.closed_at is not None:
            day = case.closed_at.date()
            raise RefusedError("case-closed", f"case {case_id!r} was closed on {day}", about=f"{case_id}, {day}")
        if verb is not Verb.CASE_CLOSE and self.is_expired(case):
            about = f"{case_id}, {case.expires_on}"
            raise RefusedError("case-expired", f"case {case_id!r} expired on {case.expires_on}", about=about)

    def is_expired(self, case: Case) -> bool:
        """Whether the case's last day is over where the user is."""
        return self.today() > case.expires_on


def _failure(error: Exception) -> Outcome:
    if isinstance(error, RefusedError):
        return Outcome(refused=error.code)
    if isinstance(error, ErasedError):
        return Outcome(counts={"erased": 1}, about={"order": error.order})
    return Outcome(about={"failed": type(error).__name__})
