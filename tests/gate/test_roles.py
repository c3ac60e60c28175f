"""Who may do what: every act by every role through the gate, and who gives roles to whom."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fake_workbench import WHO, Bench, open_bench
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.custody.users import grant_roles, list_users, replace_users, revoke_roles
from netpursuit.errors import DamagedError, InputError, RefusedError, StorageError
from netpursuit.gate.cases import NewCase, list_cases, open_case
from netpursuit.gate.roles import Grant, UserBook, user_name
from netpursuit.gate.workbench import Workbench
from netpursuit.policy.roles import MAY, PARTS, UserRole, acts_of, roles_for
from netpursuit.records import Consultation, Intent, Outcome, Verb

ADMINISTRATOR = UserRole.ADMINISTRATOR


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = open_bench(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def staffed(bench: Bench) -> Bench:
    """One user for each role, under the role's name; the officer was the first and is an administrator."""
    grant_roles(bench.desk, WHO, [ADMINISTRATOR])
    for role in UserRole:
        grant_roles(bench.desk, role.value, [role])
    return bench


def attempt(desk: Workbench, verb: Verb) -> str:
    """Consult under a verb; answers the code of the refusal, or nothing."""
    intent = Intent(verb=verb, authority=desk.authority, about={"user": "Canary Name"})
    try:
        with desk.gate.consult(intent) as consultation:
            consultation.conclude(Outcome())
    except RefusedError as refusal:
        return refusal.code
    return ""


def last(bench: Bench) -> Consultation:
    return list(bench.desk.gate.log.read())[-1]


def code_of(caught: pytest.ExceptionInfo[RefusedError]) -> str:
    return caught.value.code


# What each role may do, said again by hand: a change of the table has to be made in both places.
ALLOWED = {
    UserRole.INVESTIGATOR: """own-password sign-in
        match screen leads-open leads-list leads-show leads-sheet leads-note leads-outcome
        lists-show runs-show case-close quarantine-show quarantine-read export graph graph-import graph-drop
        graph-list graph-attach graph-attached graph-detach graph-draw-in graph-view""",
    UserRole.REVIEWER: """own-password sign-in
        leads-list leads-show leads-sheet leads-note leads-outcome leads-assign leads-confirm
        leads-clear leads-reopen leads-replay groups-propose groups-list groups-show groups-accept
        groups-reject groups-dissolve lists-show runs-show rates-show""",
    UserRole.SUPERVISOR: """own-password sign-in
        leads-list leads-show leads-note leads-assign leads-reopen leads-replay groups-list
        groups-show runs-show rates-show case-open case-close policy-four-eyes lists-show quarantine-show
        quarantine-read users-list tokens-list audit-show audit-unusual audit-prove
        audit-prove-record audit-approve subject-find subject-correct subject-erase subject-prove""",
    UserRole.ADMINISTRATOR: """night lists-add lists-remove lists-show policy-use quarantine-show users-list users-grant
        runs-show users-revoke users-import users-password own-password sign-in tokens-issue tokens-list tokens-revoke
        retain policy-retention backup-create backup-keys backup-restore""",
    UserRole.AUDITOR: """audit-show audit-unusual audit-export audit-prove audit-prove-record audit-request audit-open
        users-list tokens-list own-password sign-in""",
}


def test_every_act_has_its_roles() -> None:
    assert set(MAY) == set(Verb), "an act without a row in policy/roles.py may be used by nobody"
    assert [verb for verb in Verb if not roles_for(verb)] == [Verb.REFUSED]


@pytest.mark.parametrize("role", UserRole)
def test_every_act_by_every_role_through_the_gate(staffed: Bench, role: UserRole) -> None:
    desk = staffed.of(role.value)
    assert {verb.value for verb in acts_of(frozenset({role}))} == set(ALLOWED[role].split())
    for verb in Verb:
        allowed = verb.value in ALLOWED[role].split()
        assert attempt(desk, verb) == ("" if allowed else "role"), verb
        record = last(staffed)
        assert (record.intent.verb, record.intent.authority.who) == (verb, role.value)
        assert record.outcome is not None
        assert record.outcome.refused == ("" if allowed else "role")
        assert allowed or "Canary" not in repr(record), "nothing typed is kept of what was refused"


def test_duties_stay_apart() -> None:
    def may(role: UserRole) -> set[Verb]:
        return set(acts_of(frozenset({role})))

    decisions = {Verb.LEADS_CONFIRM, Verb.LEADS_CLEAR, Verb.GROUPS_ACCEPT, Verb.GROUPS_REJECT}
    searches = {Verb.MATCH, Verb.SCREEN, Verb.GRAPH, Verb.GRAPH_DRAW_IN, Verb.LEADS_OPEN}
    people = (
        decisions
        | searches
        | {verb for verb in Verb if verb.value.startswith(("leads-", "groups-", "graph", "subject-"))}
    )
    for role in UserRole:
        assert not (may(role) & decisions and may(role) & searches), "who looks does not decide"
        assert (role is ADMINISTRATOR) == bool(may(role) & {Verb.USERS_GRANT, Verb.LISTS_ADD, Verb.POLICY_USE})
    assert not may(ADMINISTRATOR) & (people | {Verb.AUDIT_SHOW, Verb.QUARANTINE_READ})
    own = {Verb.OWN_PASSWORD, Verb.SIGN_IN}
    assert all(verb.value.startswith(("audit-", "users-list", "tokens-list")) for verb in may(UserRole.AUDITOR) - own)
    assert may(UserRole.SUPERVISOR) >= {Verb.CASE_OPEN, Verb.POLICY_FOUR_EYES}


def test_an_act_that_the_table_does_not_know_is_for_nobody(staffed: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    without = {verb: roles for verb, roles in MAY.items() if verb is not Verb.MATCH}
    monkeypatch.setattr("netpursuit.policy.roles.MAY", without)
    assert attempt(staffed.of("investigator"), Verb.MATCH) == "role"


def test_the_refusal_names_the_roles_and_the_administrators_alone(staffed: Bench) -> None:
    with pytest.raises(RefusedError) as caught:
        list_users(staffed.of("reviewer"))
    assert caught.value.about == "supervisor, administrator, auditor; administrator, officer"


def test_a_night_updates_and_screens_and_its_user_does_neither_by_hand(staffed: Bench) -> None:
    desk = staffed.of("administrator")
    assert attempt(desk, Verb.SCREEN) == "role"
    with desk.gate.consult(Intent(verb=Verb.NIGHT, authority=desk.authority)) as night:
        assert [attempt(desk, verb) for verb in PARTS[Verb.NIGHT]] == ["", ""]
        assert attempt(desk, Verb.MATCH) == "role"
        night.conclude(Outcome())
    assert attempt(desk, Verb.SCREEN) == "role"


def test_without_roles_everybody_whom_the_files_let_in_may_do_everything(bench: Bench) -> None:
    assert bench.desk.gate.users() is None
    assert bench.of("anybody").gate.roles_of("anybody") == frozenset(UserRole)
    assert [verb for verb in Verb if attempt(bench.of("anybody"), verb)] == []


def test_a_user_without_any_role_gets_nowhere(staffed: Bench) -> None:
    stranger = staffed.of("stranger")
    assert {attempt(stranger, verb) for verb in Verb} == {"role"}
    for act in (lambda: list_cases(stranger.gate), lambda: stranger.gate.choose_reason("check:T-1")):
        with pytest.raises(RefusedError) as caught:
            act()
        assert code_of(caught) == "role"
        assert last(staffed).intent.authority.who == "stranger"


def test_a_typed_case_is_not_kept_of_a_denied_attempt(staffed: Bench) -> None:
    new = NewCase(
        case_id="Canary-Name",
        title="t",
        authority="a",
        legal_basis="l",
        purpose="p",
        members=("investigator",),
        expires_on=date(2026, 12, 31),
    )
    with pytest.raises(RefusedError):
        open_case(staffed.of("investigator").gate, new, new_id=lambda: "K-1")
    assert "Canary" not in repr(last(staffed))
    open_case(staffed.of("supervisor").gate, new, new_id=lambda: "K-1")
    assert last(staffed).intent.authority.case_id == "Canary-Name"


def test_roles_come_through_groups_of_the_operating_system(staffed: Bench) -> None:
    grant_roles(staffed.desk, "@np-review", [UserRole.REVIEWER])
    assert attempt(staffed.of("li", "np-review", "users"), Verb.LEADS_CONFIRM) == ""
    assert attempt(staffed.of("li", "np-reviewers"), Verb.LEADS_CONFIRM) == "role"
    assert attempt(staffed.of("np-review"), Verb.LEADS_CONFIRM) == "role", "a user is not the group of the same name"
    revoke_roles(staffed.desk, "@np-review")
    assert attempt(staffed.of("li", "np-review"), Verb.LEADS_CONFIRM) == "role"


def test_whoever_puts_roles_in_use_is_the_first_administrator(bench: Bench) -> None:
    for act in (
        lambda: grant_roles(bench.desk, "li", [ADMINISTRATOR]),
        lambda: grant_roles(bench.desk, WHO, [UserRole.REVIEWER]),
        lambda: replace_users(
            bench.desk, {"li": Grant(roles=(ADMINISTRATOR,)), WHO: Grant(roles=(UserRole.AUDITOR,))}, "0" * 64
        ),
        lambda: grant_roles(bench.of(WHO, "staff"), "@staff", [ADMINISTRATOR]),
    ):
        with pytest.raises(RefusedError) as caught:
            act()
        assert code_of(caught) == "first-administrator"
        assert last(bench).outcome == Outcome(refused="first-administrator")
        assert bench.desk.gate.users() is None
    done = grant_roles(bench.desk, WHO, UserRole)
    assert (done.begun, done.names) == (True, (WHO,))
    assert [verb for verb in Verb if attempt(bench.desk, verb)] == [Verb.REFUSED]


def test_of_two_who_begin_at_once_the_second_is_no_administrator(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    other = bench.of("other")
    admit = other.gate._admit

    def admitted_and_overtaken(*arguments: object) -> None:
        admit(*arguments)  # type: ignore[arg-type]
        grant_roles(bench.desk, WHO, [ADMINISTRATOR])

    monkeypatch.setattr(other.gate, "_admit", admitted_and_overtaken)
    with pytest.raises(RefusedError) as caught:
        grant_roles(other, "other", [ADMINISTRATOR])
    assert (code_of(caught), caught.value.about) == ("role", f"administrator; {WHO}")
    assert bench.desk.gate.users() == UserBook.read(bench.desk.keys.roles()[0])
    assert attempt(bench.of("other"), Verb.USERS_GRANT) == "role"


def test_nobody_is_a_group_by_being_called_like_one(staffed: Bench) -> None:
    grant_roles(staffed.desk, "@staff", [UserRole.REVIEWER])
    assert attempt(staffed.of("@staff"), Verb.LEADS_CONFIRM) == "role"


def test_the_last_administrator_stays(bench: Bench) -> None:
    grant_roles(bench.desk, WHO, [ADMINISTRATOR, UserRole.AUDITOR])
    grant_roles(bench.desk, "@admins", [ADMINISTRATOR])
    for taken in ((), (ADMINISTRATOR,)):
        with pytest.raises(RefusedError) as caught:
            revoke_roles(bench.desk, WHO, taken)
        assert code_of(caught) == "last-administrator"
    assert revoke_roles(bench.desk, WHO, [UserRole.AUDITOR]).book.roles_of(WHO) == {ADMINISTRATOR}
    grant_roles(bench.desk, "li", [ADMINISTRATOR])
    assert revoke_roles(bench.desk, WHO).book.holding(ADMINISTRATOR) == ("@admins", "li")
    assert attempt(bench.desk, Verb.USERS_GRANT) == "role"


def test_nobody_gives_himself_what_another_administrator_could(bench: Bench) -> None:
    grant_roles(bench.desk, WHO, [ADMINISTRATOR])
    grant_roles(bench.desk, WHO, [UserRole.AUDITOR])  # the only one there is: on record, and there is no other way
    grant_roles(bench.desk, "li", [ADMINISTRATOR])
    own = bench.of(WHO, "staff")
    for act in (
        lambda: grant_roles(own, WHO, [UserRole.REVIEWER]),
        lambda: grant_roles(own, "@staff", [UserRole.REVIEWER]),
        lambda: replace_users(
            own, {WHO: Grant(roles=(ADMINISTRATOR, UserRole.REVIEWER)), "li": Grant(roles=(ADMINISTRATOR,))}, "0" * 64
        ),
    ):
        with pytest.raises(RefusedError) as caught:
            act()
        assert (code_of(caught), caught.value.about) == ("own-role", "reviewer")
    assert attempt(own, Verb.LEADS_CONFIRM) == "role"
    grant_roles(bench.of("li"), WHO, [UserRole.REVIEWER])
    assert attempt(own, Verb.LEADS_CONFIRM) == ""
    assert revoke_roles(own, WHO, [UserRole.REVIEWER]).names == (WHO,), "anybody may have less"


def test_nobody_becomes_the_sole_administrator_by_himself(bench: Bench) -> None:
    grant_roles(bench.desk, WHO, [ADMINISTRATOR])
    grant_roles(bench.desk, "li", [ADMINISTRATOR])
    grant_roles(bench.desk, "@staff", [UserRole.REVIEWER])
    for act in (
        lambda: revoke_roles(bench.desk, "li"),
        lambda: revoke_roles(bench.desk, "li", [ADMINISTRATOR]),
        lambda: replace_users(bench.desk, {WHO: Grant(roles=(ADMINISTRATOR, UserRole.REVIEWER))}, "0" * 64),
    ):
        with pytest.raises(RefusedError) as caught:
            act()
        assert (code_of(caught), caught.value.about) == ("other-administrator", "li")
        assert last(bench).outcome == Outcome(refused="other-administrator")
    grant_roles(bench.desk, "next", [ADMINISTRATOR])
    assert revoke_roles(bench.desk, "li").book.holding(ADMINISTRATOR) == ("next", WHO), "who has left is replaced"
    with pytest.raises(RefusedError) as caught:
        revoke_roles(bench.desk, "next")
    assert code_of(caught) == "other-administrator"
    with pytest.raises(RefusedError) as caught:
        grant_roles(bench.desk, WHO, [UserRole.REVIEWER])
    assert code_of(caught) == "own-role", "a name instead of the other one gains him nothing"
    assert revoke_roles(bench.of("next"), "next").book.holding(ADMINISTRATOR) == (WHO,), "he gives it up himself"


def test_a_group_is_another_administrator(bench: Bench) -> None:
    grant_roles(bench.desk, WHO, [ADMINISTRATOR])
    grant_roles(bench.desk, "@admins", [ADMINISTRATOR])
    with pytest.raises(RefusedError) as caught:
        revoke_roles(bench.of(WHO, "admins"), "@admins")
    assert (code_of(caught), caught.value.about) == ("other-administrator", "@admins")
    assert revoke_roles(bench.of("li", "admins"), "@admins").book.holding(ADMINISTRATOR) == (WHO,)


@pytest.mark.parametrize("name", ["", "@", "a" * 65, "x/y", "a\nb", "li'; --", "13800138000", "-li", "li@example.org"])
def test_what_is_no_name_of_a_user_is_not_taken(bench: Bench, name: str) -> None:
    head = bench.truth.log_head()
    with pytest.raises(InputError, match="no name of a user"):
        grant_roles(bench.desk, name, [ADMINISTRATOR])
    assert bench.truth.log_head() == head


@pytest.mark.parametrize(
    "name", ["li", "li.hua", "uid-1000", "@np-review", "_www", "DOMAIN\\li", "Li Hua", "host$", "王芳"]
)
def test_names_of_users(name: str) -> None:
    assert user_name(f" {name} ") == name


def test_what_nobody_holds_cannot_be_taken(staffed: Bench) -> None:
    with pytest.raises(InputError, match="li holds no such role"):
        revoke_roles(staffed.desk, "li")
    assert grant_roles(staffed.desk, "auditor", [UserRole.AUDITOR]).names == (), "held already"


_NAMES = st.sampled_from(("a", "b", "@g", "@h"))
_STEPS = st.lists(st.tuples(_NAMES, st.frozensets(st.sampled_from(UserRole))), max_size=8)


@settings(max_examples=60, deadline=None)
@given(_STEPS)
def test_a_book_reads_as_it_was_written_and_holds_what_was_last_put(
    steps: list[tuple[str, frozenset[UserRole]]],
) -> None:
    book, held = UserBook({}), dict[str, frozenset[UserRole]]()
    for name, roles in steps:
        book = book.put(name, roles, by="x", at=datetime(2026, 1, 1, tzinfo=UTC))
        held[name] = roles
    again = UserBook.read(book.text())
    assert again == book
    for name in ("a", "b"):
        through = held.get("@g", frozenset())
        assert again.roles_of(name, ["g"]) == held.get(name, frozenset()) | through


# Where it is kept, and what does not reach it.


def test_what_the_workspace_says_of_roles_gives_nobody_anything(staffed: Bench, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "workspace" / "truth.sqlite") as base:
        rows = base.execute("SELECT key, value FROM setting").fetchall()
        assert ("user-roles", "on") in rows
        assert not [row for row in rows if "auditor" in row[1]], "who holds what is not in the workspace"
        everything = json.dumps({"stranger": {"roles": list(UserRole), "by": "x", "at": "2026-01-01T00:00:00+00:00"}})
        base.execute("UPDATE setting SET value = ? WHERE key = 'user-roles'", (everything,))
    base.close()
    assert attempt(staffed.of("stranger"), Verb.MATCH) == "role"
    with sqlite3.connect(tmp_path / "workspace" / "truth.sqlite") as base:
        base.execute("DELETE FROM setting WHERE key = 'user-roles'")
    base.close()
    assert attempt(staffed.of("stranger"), Verb.MATCH) == "role"
    assert attempt(staffed.of("auditor"), Verb.AUDIT_SHOW) == ""


def test_a_key_folder_without_its_roles_lets_nobody_in(staffed: Bench, tmp_path: Path) -> None:
    (file,) = (tmp_path / "keys").rglob("keys.sqlite")
    with sqlite3.connect(file) as base:
        base.execute("DELETE FROM user_roles")
    base.close()
    with pytest.raises(DamagedError, match="the key folder has none"):
        attempt(staffed.desk, Verb.USERS_LIST)


def test_a_key_folder_of_ones_own_lets_nobody_in(staffed: Bench, tmp_path: Path) -> None:
    """Whoever copies the workspace and brings keys of his own, in which roles were never in use, does not get on."""
    staffed.workspace.close()
    own = open_bench(tmp_path / "own")
    own.workspace.close()
    shutil.copytree(tmp_path / "workspace", tmp_path / "stolen" / "workspace")
    with sqlite3.connect(tmp_path / "stolen" / "workspace" / "truth.sqlite") as base:
        base.execute("DELETE FROM setting WHERE key = 'user-roles'")
    base.close()
    (mine,) = (tmp_path / "own" / "keys").iterdir()
    (theirs,) = (tmp_path / "keys").iterdir()
    shutil.copytree(mine, tmp_path / "stolen" / "keys" / theirs.name)
    stolen = open_bench(tmp_path / "stolen")
    with pytest.raises(StorageError, match="signed with other keys"):
        attempt(stolen.desk, Verb.MATCH)
    stolen.workspace.close()
    staffed.workspace = open_bench(tmp_path).workspace


def test_where_the_outcome_cannot_be_written_no_role_is_given(staffed: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageError("no space left")

    before = staffed.desk.keys.roles()
    with monkeypatch.context() as patch:
        patch.setattr(staffed.desk.gate.log, "finish", full)
        with pytest.raises(StorageError):
            grant_roles(staffed.desk, "li", [UserRole.REVIEWER])
    assert staffed.desk.keys.roles() == before
    assert attempt(staffed.of("li"), Verb.LEADS_CONFIRM) == "role"


def test_where_the_keys_cannot_be_written_no_role_is_given(staffed: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(staffed.desk.keys, "propose_roles", full)
        with pytest.raises(StorageError):
            grant_roles(staffed.desk, "li", [UserRole.REVIEWER])
    record = last(staffed)
    assert record.outcome is not None
    assert record.outcome.about == {"failed": "StorageError"}
    assert attempt(staffed.of("li"), Verb.LEADS_CONFIRM) == "role"
    with monkeypatch.context() as patch:  # settled later: the outcome is on record
        patch.setattr(staffed.desk.keys, "settle_roles", full)
        with pytest.raises(StorageError):
            grant_roles(staffed.desk, "li", [UserRole.REVIEWER])
    assert attempt(staffed.of("li"), Verb.LEADS_CONFIRM) == ""


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {paths!r}
from fake_workbench import open_bench
from netpursuit.custody.users import grant_roles
from netpursuit.policy.roles import UserRole
bench = open_bench(Path({folder!r}))
def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if {point!r} == "before it is proposed":
    bench.desk.keys.propose_roles = kill
elif {point!r} == "proposed":
    bench.desk.gate.log.finish = kill
else:
    bench.desk.keys.settle_roles = kill
grant_roles(bench.desk, "li", [UserRole.REVIEWER])
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize(
    ("point", "given"), [("before it is proposed", False), ("proposed", False), ("committed", True)]
)
@pytest.mark.parametrize("first", [False, True])
def test_a_change_that_is_killed_is_made_with_its_outcome_or_not_at_all(
    tmp_path: Path, point: str, given: bool, first: bool
) -> None:
    bench = open_bench(tmp_path)
    if not first:
        grant_roles(bench.desk, WHO, [ADMINISTRATOR])
    script = KILLED.format(paths=[str(Path(__file__).parent.parent)], folder=str(tmp_path), point=point)
    script = script.replace('"li", [UserRole.REVIEWER]', f'"{WHO}", UserRole') if first else script
    died = subprocess.run([sys.executable, "-c", script], timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
    name, verb = (WHO, Verb.AUDIT_SHOW) if first else ("li", Verb.LEADS_CONFIRM)
    book = bench.desk.gate.users()
    assert (name in (book.holders if book else {})) == given
    assert bench.desk.keys.roles()[1] == "", "nothing is left open"
    record = next(
        item
        for item in bench.desk.gate.log.read()
        if item.intent.verb is Verb.USERS_GRANT and (first or item.intent.about["user"] == "li")
    )
    assert (record.outcome is not None) == given
    assert attempt(bench.of(name), verb) == ("" if given or first else "role")
    assert bench.desk.gate.log.verify() == []
    grant_roles(bench.desk, WHO, [ADMINISTRATOR])
    bench.workspace.close()
