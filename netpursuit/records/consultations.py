"""Who looked, when, why, and what they were shown (A1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Verb(StrEnum):
    """What a consultation does."""

    MATCH = "match"
    SCREEN = "screen"
    NIGHT = "night"
    RUNS_SHOW = "runs-show"
    LEADS_LIST = "leads-list"
    LEADS_SHOW = "leads-show"
    LEADS_OPEN = "leads-open"
    LEADS_CONFIRM = "leads-confirm"
    LEADS_CLEAR = "leads-clear"
    LEADS_ASSIGN = "leads-assign"
    LEADS_NOTE = "leads-note"
    LEADS_OUTCOME = "leads-outcome"
    LEADS_REOPEN = "leads-reopen"
    LEADS_SHEET = "leads-sheet"
    LEADS_REPLAY = "leads-replay"
    RATES_SHOW = "rates-show"
    LISTS_ADD = "lists-add"
    LISTS_REMOVE = "lists-remove"
    LISTS_SHOW = "lists-show"
    GROUPS_PROPOSE = "groups-propose"
    GROUPS_LIST = "groups-list"
    GROUPS_SHOW = "groups-show"
    GROUPS_ACCEPT = "groups-accept"
    GROUPS_REJECT = "groups-reject"
    GROUPS_DISSOLVE = "groups-dissolve"
    POLICY_USE = "policy-use"
    POLICY_FOUR_EYES = "policy-four-eyes"
    CASE_OPEN = "case-open"
    CASE_CLOSE = "case-close"
    AUDIT_SHOW = "audit-show"
    AUDIT_PROVE = "audit-prove"
    AUDIT_UNUSUAL = "audit-unusual"
    AUDIT_EXPORT = "audit-export"
    AUDIT_PROVE_RECORD = "audit-prove-record"
    AUDIT_REQUEST = "audit-request"
    AUDIT_APPROVE = "audit-approve"
    AUDIT_OPEN = "audit-open"
    QUARANTINE_SHOW = "quarantine-show"
    QUARANTINE_READ = "quarantine-read"
    GRAPH = "graph"
    GRAPH_IMPORT = "graph-import"
    GRAPH_DROP = "graph-drop"
    GRAPH_LIST = "graph-list"
    GRAPH_ATTACH = "graph-attach"
    GRAPH_ATTACHED = "graph-attached"
    GRAPH_DETACH = "graph-detach"
    GRAPH_DRAW_IN = "graph-draw-in"
    GRAPH_VIEW = "graph-view"
    RETAIN = "retain"
    SUBJECT_FIND = "subject-find"
    SUBJECT_CORRECT = "subject-correct"
    SUBJECT_ERASE = "subject-erase"
    SUBJECT_PROVE = "subject-prove"
    POLICY_RETENTION = "policy-retention"
    TOKENS_ISSUE = "tokens-issue"
    TOKENS_LIST = "tokens-list"
    TOKENS_REVOKE = "tokens-revoke"
    EXPORT = "export"
    USERS_LIST = "users-list"
    USERS_GRANT = "users-grant"
    USERS_REVOKE = "users-revoke"
    USERS_IMPORT = "users-import"
    USERS_PASSWORD = "users-password"
    OWN_PASSWORD = "own-password"
    SIGN_IN = "sign-in"
    BACKUP_CREATE = "backup-create"
    BACKUP_KEYS = "backup-keys"
    BACKUP_RESTORE = "backup-restore"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason as CODE:TASK: the code of the policy's closed set and the user's own task reference."""

    code: str
    task: str

    def __str__(self) -> str:
        return f"{self.code}:{self.task}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The authority under which a person looks. Judged by ``expires_on``; ``closed_at`` ends it early."""

    case_id: str
    title: str
    authority: str
    legal_basis: str
    purpose: str
    members: tuple[str, ...]
    opened_by: str
    opened_at: datetime
    expires_on: date
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Why a consultation may run: exactly one of reason, case or feed purpose is set; ``who`` is the OS user."""

    who: str
    reason: Reason | None = None
    case_id: str = ""
    feed_purpose: str = ""

    def __str__(self) -> str:
        if self.reason is not None:
            return str(self.reason)
        if self.case_id:
            return f"case:{self.case_id}"
        return f"purpose:{self.feed_purpose}" if self.feed_purpose else "none"


# In ``Intent.about`` of one who asked for a person with a name of his own: that it was so, never the name.
OWN, OWN_NAME = "own", "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Committed before anything runs. ``fields`` are names of the fields used, never their values;
    ``sealed`` is the JSON of typed values, which the log encrypts under a key of its own."""

    verb: Verb
    authority: Authority
    fields: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)  # ids, digests and list versions; never a person's value
    as_of: date | None = None
    sealed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Committed before anything is shown: counts and lead and entry ids."""

    counts: dict[str, int] = field(default_factory=dict)
    lead_ids: tuple[str, ...] = ()
    entry_ids: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """An intent with its outcome as the log shows it; ``outcome`` None reads ``interrupted``.

    ``stored`` is what the parts of an interrupted one had stored until then."""

    consultation_id: str
    at: datetime
    intent: Intent
    outcome: Outcome | None
    finished_at: datetime | None = None
    stored: Outcome | None = None
