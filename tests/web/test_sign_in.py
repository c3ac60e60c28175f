"""Signing in to the page: who gets in, who waits, what ends a session, and what is on record of it."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from netpursuit.catalogue import Catalogue
from netpursuit.custody import passwords
from netpursuit.gate.users import user_of_machine
from netpursuit.policy import passwords as policy
from netpursuit.web import limits, sessions
from netpursuit.web.endpoints import COOKIE
from netpursuit.web.room import Room
from tests.cli.conftest import Run
from tests.web.conftest import HERE, Clock, SignedIn, by_link, give_password

WORDS = "four horses under a bridge"
OTHER = "seven lamps over the river"
DEAR = ("test_both_take", "test_a_password_under_weaker", "test_the_parameters")


def sign_in(client: TestClient, user: str, password: str = WORDS, **headers: str) -> Any:
    return client.post("/api/v1/sign-in", json={"user": user, "password": password}, headers=headers)


def log_of(command: Run, workspace: Path, verb: str = "sign-in") -> list[dict[str, Any]]:
    done = command("audit", "show", "--workspace", workspace, "--reason", "audit:A-1", "--json")
    return [item for item in done.json if item["verb"] == verb]


@pytest.fixture(autouse=True)
def _cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of these tests are not about the work of a guess."""
    if not request.node.name.startswith(DEAR):
        monkeypatch.setattr(policy, "MEMORY_KIB", 64)
        monkeypatch.setattr(policy, "PASSES", 1)


@pytest.fixture
def li(room: Room) -> str:
    """A user who has set a password of their own."""
    passwords.set_password(room.service.desk("li"), "li", WORDS)
    return "li"


def test_who_has_a_password_gets_in_and_it_is_on_record(
    client: TestClient, li: str, command: Run, workspace: Path
) -> None:
    assert client.get("/api/v1/sign-in").json() == {"passwords": True, "least": policy.LEAST}
    answered = sign_in(client, " li ")
    assert (answered.status_code, answered.json()["user"]) == (200, li)
    shown = client.get("/api/v1/session").json()
    assert (shown["user"], shown["password"], shown["csrf"]) == (li, "own", answered.json()["csrf"])
    (item,) = log_of(command, workspace)
    assert (item["who"], item["authority"], item["outcome"]["counts"]) == (li, "none", {"signed_in": 1})
    assert WORDS not in json.dumps(command("audit", "show", "--workspace", workspace, "--json").out)


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer_and_no_name_is_kept(
    client: TestClient, li: str, command: Run, workspace: Path
) -> None:
    wrong, unknown = sign_in(client, li, OTHER), sign_in(client, "Zoephira Canary")
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content) == (401, wrong.content)
    assert wrong.json() == {"code": "sign-in", "detail": Catalogue("en").sentence("this signs nobody in")}
    found = [
        (item["who"], item["about"].get("user"), item["outcome"]["refused"]) for item in log_of(command, workspace)
    ]
    assert found == [(passwords.STRANGER, li, "sign-in"), (passwords.STRANGER, "", "sign-in")]
    files = [file for file in workspace.parent.rglob("*") if file.is_file() and b"Zoephira" in file.read_bytes()]
    assert files == []
    assert COOKIE not in client.cookies


def test_both_take_the_same_time(room: Room, li: str) -> None:
    def seconds(who: str) -> float:
        began = time.perf_counter()
        assert passwords.check_password(room.service.keys, who, OTHER) is None
        return time.perf_counter() - began

    pairs = [(seconds(li), seconds("nobody")) for _ in range(5)]
    known, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2, (known, unknown)
    assert unknown > 0.005, "the work of Argon2 is done"


def test_who_guesses_waits_longer_each_time_and_is_told_how_long(client: TestClient, li: str, clock: Clock) -> None:
    waited = []
    for _ in range(limits.FREE_OF_USER):
        assert sign_in(client, li, OTHER).status_code == 401
    for _ in range(4):
        refused = sign_in(client, li)
        assert refused.status_code == 429, "the right password, too: else it would be told by that"
        waited.append(int(refused.headers["retry-after"]))
        clock.now += waited[-1]
        assert sign_in(client, li, OTHER).status_code == 401
    assert waited == [15, 30, 60, 120]
    assert sign_in(client, "another").status_code == 401, "each user for himself"
    clock.now += limits.LONGEST_WAIT
    assert sign_in(client, li).status_code == 200
    assert sign_in(client, li, OTHER).status_code == 401, "who got in begins anew"


def test_an_unknown_user_is_locked_out_like_a_known_one(client: TestClient) -> None:
    codes = [sign_in(client, "nobody").status_code for _ in range(limits.FREE_OF_USER + 1)]
    assert codes == [401] * limits.FREE_OF_USER + [429]


def test_one_address_does_not_try_many_users(client: TestClient, li: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "check_password", lambda keys, who, password: "s" if password == WORDS else None)
    for number in range(limits.FREE_OF_ADDRESS):
        assert sign_in(client, f"user{number}", OTHER).status_code == 401
    assert sign_in(client, li).status_code == 429


def test_a_wait_ends_and_doubles_up_to_a_bound_and_is_forgotten_after_a_day() -> None:
    clock = Clock()
    waits = limits.Waits(1, clock)
    seen = []
    for _ in range(9):
        assert waits.begin("x") == 0.0
        seen.append(waits.begin("x"))
        clock.now += seen[-1]
    assert seen == [15, 30, 60, 120, 240, 480, 900, 900, 900]
    clock.now += limits.FORGOTTEN_AFTER + 1
    assert waits.begin("x") == 0.0
    assert waits.begin("x") == 15


def test_tries_at_once_are_counted_before_the_first_is_answered() -> None:
    waits = limits.Waits(3, Clock())
    assert [waits.begin("x") > 0 for _ in range(5)] == [False, False, False, True, True]
    waits.forgive("x")
    assert waits.begin("x") == 0.0, "the last of them was right"


def test_whoever_guessed_longest_ago_is_forgotten_first() -> None:
    waits = limits.Waits(1, Clock())
    for caller in range(limits.MOST_CALLERS + 5):
        waits.begin(caller)
    assert waits.begin(0) == 0.0
    assert waits.begin(limits.MOST_CALLERS) > 0


def test_the_session_is_new_at_every_sign_in_and_the_one_before_is_over(client: TestClient, li: str) -> None:
    planted = "A" * 43
    first = sign_in(client, li, Cookie=f"{COOKIE}={planted}")
    cookie = client.cookies[COOKIE]
    assert cookie != planted
    second = sign_in(client, li)
    assert client.cookies[COOKIE] != cookie
    assert first.json()["csrf"] != second.json()["csrf"]
    client.cookies.clear()
    for old in (planted, cookie):
        assert client.get("/api/v1/session", headers={"Cookie": f"{COOKIE}={old}"}).status_code == 401


def test_a_session_ends_when_it_is_left_or_at_the_end_of_a_shift(
    room: Room, client: TestClient, clock: Clock, li: str
) -> None:
    sign_in(client, li)
    began = clock.now
    while clock.now < began + sessions.LONGEST_SECONDS - sessions.IDLE_SECONDS:
        clock.now += sessions.IDLE_SECONDS - 1
        assert client.get("/api/v1/session").status_code == 200
    clock.now = began + sessions.LONGEST_SECONDS
    assert client.get("/api/v1/session").status_code == 401
    sign_in(client, li)
    clock.now += sessions.IDLE_SECONDS
    assert client.get("/api/v1/session").status_code == 401


def test_who_signs_out_is_out(signed_in: SignedIn) -> None:
    cookie = signed_in.client.cookies[COOKIE]
    assert signed_in.call("DELETE", "/session").status_code == 200
    signed_in.client.cookies.clear()
    assert signed_in.client.get("/api/v1/session", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 401


@pytest.mark.parametrize("change", ["set", "removed"])
def test_a_password_that_another_process_changes_or_removes_ends_the_users_sessions(
    client: TestClient, room: Room, li: str, workspace: Path, change: str
) -> None:
    from netpursuit.wiring import Service

    passwords.set_password(room.service.desk("wang"), "wang", OTHER)
    sign_in(client, "wang", OTHER)
    wang = client.cookies[COOKIE]
    client.cookies.clear()
    sign_in(client, li)
    other = Service(workspace)  # as another process has it
    if change == "set":
        passwords.set_password(other.desk(li), li, "another four words here")
    else:
        passwords.remove_password(other.desk(li), li)
    other.close()
    assert client.get("/api/v1/session").status_code == 401
    client.cookies.clear()
    assert sign_in(client, li).status_code == 401
    assert client.get("/api/v1/session", headers={"Cookie": f"{COOKIE}={wang}"}).status_code == 200, "and no other's"


def test_a_link_signs_in_once_within_ten_minutes(room: Room, client: TestClient, clock: Clock) -> None:
    link = room.sessions.new_link("li")
    assert client.post("/api/v1/sign-in", json={"link": link}).status_code == 200
    assert client.post("/api/v1/sign-in", json={"link": link}).status_code == 401
    late = room.sessions.new_link("li")
    clock.now += sessions.LINK_SECONDS
    assert client.post("/api/v1/sign-in", json={"link": late}).status_code == 401
    both = client.post("/api/v1/sign-in", json={"link": "x", "user": "li"})
    assert (both.status_code, both.json()["code"]) == (400, "input")


def grant(command: Run, workspace: Path, *arguments: str) -> None:
    done = command("users", *arguments, "--workspace", workspace, "--reason", "check:T-1")
    assert done.code == 0, done.err


def test_roles_that_are_taken_away_hold_at_once(
    client: TestClient, room: Room, li: str, command: Run, workspace: Path
) -> None:
    grant(command, workspace, "grant", user_of_machine(), "administrator", "auditor")
    refused = sign_in(client, li)
    assert (refused.status_code, refused.json()["code"]) == (403, "role"), "the password alone opens nothing"
    grant(command, workspace, "grant", li, "investigator")
    csrf = sign_in(client, li).json()["csrf"]
    signed = SignedIn(client, csrf)
    assert signed.call("PUT", "/session/authority", {"reason": "check:T-2"}).json()["roles"] == ["investigator"]
    grant(command, workspace, "revoke", li)
    assert client.get("/api/v1/session").json()["may"] == []
    denied = signed.call("PUT", "/session/authority", {"reason": "check:T-3"})
    assert (denied.status_code, denied.json()["code"]) == (403, "role")
    assert [item["who"] for item in log_of(command, workspace, "refused")] == [li, li]


def test_a_password_that_another_gave_is_changed_before_anything_is_asked(
    client: TestClient, command: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(command, workspace, "li", WORDS, monkeypatch)
    signed = SignedIn(client, sign_in(client, "li").json()["csrf"])
    assert client.get("/api/v1/session").json()["password"] == "given"
    due = signed.call("PUT", "/session/authority", {"reason": "check:T-2"})
    assert (due.status_code, due.json()["code"]) == (403, "password-due")
    first = client.cookies[COOKIE]
    assert signed.call("PUT", "/session/password", {"old": OTHER, "new": "short"}).status_code == 401
    assert signed.call("PUT", "/session/password", {"old": WORDS, "new": "short"}).status_code == 400
    assert signed.call("PUT", "/session/password", {"old": WORDS, "new": WORDS}).status_code == 400
    done = signed.call("PUT", "/session/password", {"old": WORDS, "new": OTHER})
    assert done.status_code == 200
    signed = SignedIn(client, done.json()["csrf"])
    assert client.get("/api/v1/session").json()["password"] == "own"
    assert signed.call("PUT", "/session/authority", {"reason": "check:T-2"}).status_code == 200
    assert client.get("/api/v1/session", headers={"Cookie": f"{COOKIE}={first}"}).status_code in (200, 401)
    client.cookies.clear()
    assert client.get("/api/v1/session", headers={"Cookie": f"{COOKIE}={first}"}).status_code == 401
    (item,) = log_of(command, workspace, "own-password")
    assert (item["who"], item["about"]) == ("li", {"user": "li", "change": "set"})


def test_a_password_under_weaker_parameters_is_kept_under_those_of_today(room: Room, client: TestClient) -> None:
    keys = room.service.keys
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(WORDS)
    keys.keep_password("li", json.dumps({"hash": weak, "stamp": "s", "by": "li"}))
    sign_in(client, "li")
    kept = json.loads(keys.password("li") or "")
    assert kept["hash"].startswith(f"$argon2id$v=19$m={policy.MEMORY_KIB},t={policy.PASSES},p={policy.LANES}$")
    assert client.get("/api/v1/session").status_code == 200, "and the session goes on"
    assert sign_in(client, "li").status_code == 200


def test_a_change_meanwhile_wins_over_the_renewal_of_its_form(room: Room) -> None:
    keys = room.service.keys
    keys.keep_password("li", "new")
    keys.replace_password("li", "old", "renewed")
    assert keys.password("li") == "new"


def test_the_parameters_are_at_least_those_of_owasp() -> None:
    assert policy.MEMORY_KIB >= 19 * 1024
    assert policy.PASSES >= 2


@pytest.mark.parametrize(
    "password",
    [
        *("", "a" * 11, "a" * 40, "abababababab", "123456789012", "qwertyuiopas", "Password1234", "NetPursuit2026!"),
        *("li.hua-li.hua", "li.hua123456", "x" * 257, "iloveyou1234"),
    ],
)
def test_what_is_too_short_or_guessed_first_is_no_password(room: Room, password: str) -> None:
    from netpursuit.errors import InputError

    with pytest.raises(InputError, match="password") as caught:
        passwords.set_password(room.service.desk("li.hua"), "li.hua", password)
    assert not password or password not in str(caught.value)


@pytest.mark.parametrize(
    "password", [WORDS, "正确的马电池订书钉其实很好记", "tr0ub4dor&3xyz", "ﬁve ofﬁcers wait", "1qaz2wsx but longer"]
)
def test_anything_else_is_one_however_it_is_composed(room: Room, password: str) -> None:
    passwords.set_password(room.service.desk("li"), "li", password)
    assert passwords.check_password(room.service.keys, "li", policy.normal(password)) is not None
    assert passwords.check_password(room.service.keys, "li", password + " ") is None


def test_passwords_hold_nobody_up_who_works(
    client: TestClient, room: Room, li: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many sign-ins at once: a few are checked at a time, the others wait or are told to come again, and whoever is
    signed in goes on meanwhile."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event, Lock

    at_work, most, lock, free = 0, 0, Lock(), Event()

    def slow(keys: object, who: str, password: str) -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        free.wait(20)
        with lock:
            at_work -= 1

    worker = by_link(room, client)
    monkeypatch.setattr(passwords, "check_password", slow)
    monkeypatch.setattr(limits, "FREE_OF_ADDRESS", 1000)
    with ThreadPoolExecutor(limits.FREE_OF_ADDRESS) as pool:
        tried = [pool.submit(sign_in, client, f"user{number}") for number in range(limits.MOST_CHECKING + 3)]
        began = time.monotonic()
        while sum(item.done() for item in tried) < 3 and time.monotonic() - began < 10:
            assert worker.call("PUT", "/session/authority", {"reason": "check:T-1"}).status_code == 200
        free.set()
        codes = sorted(item.result().status_code for item in tried)
    assert codes == [401] * limits.MOST_CHECKING + [429] * 3
    assert most == limits.CHECKING


def test_the_cookie_is_for_this_host_alone_and_no_script(client: TestClient, li: str) -> None:
    set_cookie = sign_in(client, li).headers["set-cookie"]
    name, *rest = (part.strip() for part in set_cookie.split(";"))
    assert name.startswith("__Host-netpursuit=")
    assert len(name.partition("=")[2]) >= 43
    told = {part.casefold() for part in rest}
    assert {"httponly", "secure", "samesite=strict", "path=/"} <= told
    assert not any(part.startswith("domain") for part in told)
    assert client.base_url == HERE
