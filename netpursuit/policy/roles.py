"""Who may do what: a closed set of roles, and for every act of a consultation the roles that may use it. Compiled in.

Five roles keep apart what one person should not do alone: looking (investigator), deciding (reviewer), answering for
cases and people (supervisor), keeping the workspace (administrator) and watching the log (auditor). A user may hold
several where an office is small; whoever grants them is on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from netpursuit.records import Verb


class UserRole(StrEnum):
    """What a user is in a workspace; not to be mixed up with ``records.Role``, the role of a registered person."""

    INVESTIGATOR = "investigator"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


_I, _R, _S, _A, _U = UserRole

# One row for each act, by what it lets a user see or change. An act without a row may be used by nobody.
MAY: Mapping[Verb, frozenset[UserRole]] = {
    # Looks for a person. Who decides does not go looking, and who keeps the machine does not look at all.
    Verb.MATCH: frozenset({_I}),
    Verb.SCREEN: frozenset({_I}),
    Verb.LEADS_OPEN: frozenset({_I}),
    Verb.GRAPH: frozenset({_I}),
    Verb.GRAPH_IMPORT: frozenset({_I}),
    Verb.GRAPH_DROP: frozenset({_I}),
    Verb.GRAPH_LIST: frozenset({_I}),
    Verb.GRAPH_ATTACH: frozenset({_I}),
    Verb.GRAPH_ATTACHED: frozenset({_I}),
    Verb.GRAPH_DETACH: frozenset({_I}),
    Verb.GRAPH_DRAW_IN: frozenset({_I}),
    Verb.GRAPH_VIEW: frozenset({_I}),
    Verb.EXPORT: frozenset({_I}),
    # Leads that are there.
    Verb.LEADS_LIST: frozenset({_I, _R, _S}),
    Verb.LEADS_SHOW: frozenset({_I, _R, _S}),
    Verb.LEADS_SHEET: frozenset({_I, _R}),
    Verb.LEADS_NOTE: frozenset({_I, _R, _S}),
    Verb.LEADS_OUTCOME: frozenset({_I, _R}),
    Verb.LEADS_ASSIGN: frozenset({_R, _S}),
    Verb.LEADS_CONFIRM: frozenset({_R}),
    Verb.LEADS_CLEAR: frozenset({_R}),
    Verb.LEADS_REOPEN: frozenset({_R, _S}),  # decides nothing: a supervisor may undo what should not stand
    Verb.LEADS_REPLAY: frozenset({_R, _S}),
    Verb.RATES_SHOW: frozenset({_R, _S}),  # counts of decisions, of nobody
    # That two entries are one person is a decision about people.
    Verb.GROUPS_PROPOSE: frozenset({_R}),
    Verb.GROUPS_LIST: frozenset({_R, _S}),
    Verb.GROUPS_SHOW: frozenset({_R, _S}),
    Verb.GROUPS_ACCEPT: frozenset({_R}),
    Verb.GROUPS_REJECT: frozenset({_R}),
    Verb.GROUPS_DISSOLVE: frozenset({_R}),
    # Answers for cases and for those who work on them.
    Verb.CASE_OPEN: frozenset({_S}),
    Verb.CASE_CLOSE: frozenset({_I, _S}),  # the gate lets members close a case, and whoever opened it
    Verb.POLICY_FOUR_EYES: frozenset({_S}),
    # Looks for one person in all that is kept, and answers to that person.
    Verb.SUBJECT_FIND: frozenset({_S}),
    Verb.SUBJECT_CORRECT: frozenset({_S}),
    Verb.SUBJECT_ERASE: frozenset({_S}),
    Verb.SUBJECT_PROVE: frozenset({_S}),
    # Keeps the workspace: shows counts, ids and the state of lists.
    Verb.NIGHT: frozenset({_A}),
    Verb.RUNS_SHOW: frozenset({_I, _R, _S, _A}),
    Verb.LISTS_ADD: frozenset({_A}),
    Verb.LISTS_REMOVE: frozenset({_A}),
    Verb.LISTS_SHOW: frozenset({_I, _R, _S, _A}),
    Verb.POLICY_USE: frozenset({_A}),
    Verb.POLICY_RETENTION: frozenset({_A}),
    Verb.RETAIN: frozenset({_A}),
    Verb.BACKUP_CREATE: frozenset({_A}),
    Verb.BACKUP_KEYS: frozenset({_A}),
    Verb.BACKUP_RESTORE: frozenset({_A}),
    Verb.QUARANTINE_SHOW: frozenset({_I, _S, _A}),
    Verb.QUARANTINE_READ: frozenset({_I, _S}),  # reads the rows themselves again
    Verb.USERS_GRANT: frozenset({_A}),
    Verb.USERS_REVOKE: frozenset({_A}),
    Verb.USERS_IMPORT: frozenset({_A}),
    Verb.USERS_PASSWORD: frozenset({_A}),  # of somebody else
    Verb.USERS_LIST: frozenset({_A, _S, _U}),
    Verb.TOKENS_ISSUE: frozenset({_A}),
    Verb.TOKENS_LIST: frozenset({_A, _S, _U}),
    Verb.TOKENS_REVOKE: frozenset({_A}),
    # One's own, whatever one is.
    Verb.OWN_PASSWORD: frozenset(UserRole),
    Verb.SIGN_IN: frozenset(UserRole),
    # The log.
    Verb.AUDIT_SHOW: frozenset({_S, _U}),
    Verb.AUDIT_UNUSUAL: frozenset({_S, _U}),
    Verb.AUDIT_EXPORT: frozenset({_U}),
    Verb.AUDIT_PROVE_RECORD: frozenset({_S, _U}),
    Verb.AUDIT_PROVE: frozenset({_S, _U}),
    Verb.AUDIT_REQUEST: frozenset({_U}),
    Verb.AUDIT_APPROVE: frozenset({_S}),  # the second person is of another role than the first
    Verb.AUDIT_OPEN: frozenset({_U}),
    Verb.REFUSED: frozenset(),  # stands in the log alone
}

# Acts that are part of another and show nothing of their own to whoever runs it: a night's report holds counts and ids.
PARTS: Mapping[Verb, frozenset[Verb]] = {Verb.NIGHT: frozenset({Verb.LISTS_ADD, Verb.SCREEN})}


def roles_for(verb: Verb) -> frozenset[UserRole]:
    """The roles that may use an act; none for one that the table does not know."""
    return MAY.get(verb, frozenset())


def acts_of(roles: frozenset[UserRole]) -> tuple[Verb, ...]:
    """What somebody with these roles may do, in the order of the table."""
    return tuple(verb for verb, allowed in MAY.items() if allowed & roles)
