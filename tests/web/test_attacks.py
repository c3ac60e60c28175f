"""Attacks on the page's server, by somebody without a session, with another's role, or from another page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from netpursuit.catalogue import LANGUAGES
from netpursuit.custody.users import grant_roles
from netpursuit.gate.users import user_of_machine
from netpursuit.policy.roles import MAY, UserRole
from netpursuit.web import limits
from netpursuit.web.answers import HEADERS
from netpursuit.web.app import DESCRIBED, ENDPOINTS, create_app
from netpursuit.web.doors import LOOPBACK
from netpursuit.web.endpoints import BASE, COOKIE, Endpoint
from netpursuit.web.room import Room
from netpursuit.web.sign_in import CHANGE
from tests.cli.conftest import Run
from tests.web.conftest import HERE, Clock, SignedIn, by_link, issue
from tests.web.test_served import served

CANARY = "ZoephiraCanary"
CLOSED = [call for call in DESCRIBED if call.signed_in]


def place(path: str, filled: str = "L-AAAAAAAAAAAA") -> str:
    """The path of a call with something in its places."""
    return re.sub(r"\{\w+\}", lambda _: filled, path)


def stated(shape: type[Any]) -> dict[str, Any]:
    """The least that a body of this shape states."""
    fields = msgspec.structs.fields(shape)
    return {field.encode_name: least(msgspec.inspect.type_info(field.type)) for field in fields if field.required}


def least(kind: Any) -> Any:
    """The smallest value of a type."""
    if isinstance(kind, msgspec.inspect.Metadata):
        return least(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        return least(kind.types[0])
    if isinstance(kind, msgspec.inspect.StructType):
        return stated(kind.cls)
    if isinstance(kind, msgspec.inspect.LiteralType):
        return kind.values[0]
    if isinstance(kind, msgspec.inspect.EnumType):
        return next(iter(kind.cls)).value
    if isinstance(kind, msgspec.inspect.StrType):
        return "x" * max(1, kind.min_length or 0)
    if isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType):
        return kind.ge or 1
    if isinstance(kind, msgspec.inspect.DateTimeType):
        return "2026-11-26T12:00:00Z"
    if isinstance(kind, msgspec.inspect.DateType):
        return "2026-11-26"
    if isinstance(kind, msgspec.inspect.BoolType):
        return True
    if isinstance(kind, msgspec.inspect.ListType | msgspec.inspect.VarTupleType):
        return [least(kind.item_type)] * (kind.min_length or 0)
    return {}


# Without a session, or with what is none.


def test_nobody_gets_anywhere(client: TestClient) -> None:
    for cookie in ("", "A" * 43, "../../etc/passwd", "A" * 5000):
        headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        for call in CLOSED:
            answered = client.request(call.method, BASE + place(call.path), headers=headers, content=b"{}")
            assert (answered.status_code, answered.json()["code"]) == (401, "session"), call.path


def test_a_bearer_token_opens_no_call_of_the_page(client: TestClient, token: str) -> None:
    for call in CLOSED:
        answered = client.request(
            call.method, BASE + place(call.path), headers={"Authorization": f"Bearer {token}"}, content=b"{}"
        )
        assert answered.status_code == 401, call.path


def test_a_request_that_the_page_did_not_make_does_nothing(signed_in: SignedIn) -> None:
    """CSRF: the browser sends the cookie along, and another page knows no token."""
    for token in ("", "A" * 43, signed_in.csrf[:-1], signed_in.csrf + "A"):
        for call in (call for call in CLOSED if call.method != "GET"):
            where, sent = BASE + place(call.path), {"X-CSRF-Token": token}
            answered = signed_in.client.request(call.method, where, headers=sent, content=b"{}")
            assert (answered.status_code, answered.json()["code"]) == (403, "csrf"), call.path
    assert signed_in.client.get(f"{BASE}/session").status_code == 200


def test_the_token_of_another_session_is_none(room: Room, client: TestClient) -> None:
    first = by_link(room, client).csrf
    cookie = client.cookies[COOKIE]
    client.cookies.clear()
    by_link(room, client, "another")
    headers = {"Cookie": f"{COOKIE}={cookie}", "X-CSRF-Token": first}
    mixed = client.put(f"{BASE}/session/authority", json={}, headers={"X-CSRF-Token": first})
    assert mixed.status_code == 403
    client.cookies.clear()
    assert client.put(f"{BASE}/session/authority", json={}, headers=headers).status_code == 200


# Forced browsing: every call by every role.


@pytest.fixture
def staffed(room: Room) -> Room:
    desk = room.service.desk(user_of_machine(), "check:T-1")
    grant_roles(desk, user_of_machine(), [UserRole.ADMINISTRATOR])
    for role in UserRole:
        grant_roles(desk, f"the-{role.value}", [role])
    return room


@pytest.fixture(autouse=True)
def _no_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call is asked many times; how often one may ask is tried elsewhere."""
    monkeypatch.setattr(limits, "BURST", 1e9)


def refused_for(room: Room, call: Endpoint, signed: SignedIn) -> tuple[int, str]:
    body = None if call.method == "GET" else stated(call.asks)
    answered = signed.call(call.method, place(call.path), body)
    kind = answered.headers["content-type"]
    code = answered.json().get("code", "") if kind == "application/json" and answered.status_code >= 400 else ""
    return answered.status_code, str(code)


def test_who_holds_no_role_gets_nowhere(staffed: Room, client: TestClient) -> None:
    signed = SignedIn(client, _session_of(staffed, client, "nobody-here"))
    for call in ENDPOINTS:
        if call.free:
            assert call.path == "/session", "what shows something of people is for those who hold a role"
        else:
            assert refused_for(staffed, call, signed) == (403, "role"), call.path
    shown = signed.call("GET", "/session").json()
    assert (shown["roles"], shown["may"], shown["cases"]) == ([], [], [])


def _session_of(room: Room, client: TestClient, who: str) -> str:
    """A session that was begun while the user still held a role."""
    session, cookie = room.sessions.begin(who, of_machine=False)
    client.cookies.set(COOKIE, cookie, domain="127.0.0.1", path="/")
    return session.csrf


@pytest.mark.parametrize("role", UserRole)
def test_every_call_by_every_role_runs_what_the_role_may_and_nothing_else(
    staffed: Room, client: TestClient, role: UserRole, command: Run, workspace: Path
) -> None:
    """Whatever a call puts on record without a refusal is an act that the role's row allows."""
    who = f"the-{role.value}"
    signed = SignedIn(client, _session_of(staffed, client, who))
    assert signed.call("PUT", "/session/authority", {"reason": "check:T-1"}).status_code == 200
    log = staffed.service.desk(who).gate.log
    for call in (call for call in ENDPOINTS if not call.free and call.path != "/session/authority"):
        before = len(list(log.read()))
        status, code = refused_for(staffed, call, signed)
        assert status < 500, (call.path, code)
        new = list(log.read())[before:]
        for item in new:
            assert item.intent.authority.who == who
            assert item.outcome is not None
            allowed = role in MAY[item.intent.verb]
            assert allowed or item.outcome.refused == "role", (call.path, item.intent.verb)
            assert allowed or code == "role", "and is told so"
        staffed.unknown = limits.Buckets(1.0, 100.0, staffed.clock)


def test_without_a_reason_no_call_looks_at_anybody(signed_in: SignedIn, room: Room) -> None:
    log = room.service.desk("any").gate.log
    for call in (call for call in ENDPOINTS if not call.free and call.path != "/session/authority"):
        before = len(list(log.read()))
        refused_for(room, call, signed_in)
        for item in list(log.read())[before:]:
            assert item.outcome is not None
            assert item.outcome.refused, (call.path, item.intent.verb)
        room.unknown = limits.Buckets(1.0, 100.0, room.clock)


# From another page, or under another name.


FOREIGN = (
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "0.0.0.0",
    "[::2]",
    "127.0.0.1@evil",
    "",
    "a b",
)


def test_under_another_name_nothing_is_answered(signed_in: SignedIn) -> None:
    """DNS rebinding: a name of the attacker's that leads here."""
    for host in FOREIGN:
        for path in ("/", f"{BASE}/session", f"{BASE}/words/en", "/openapi.json", "/assets/x.js", "/nowhere"):
            answered = signed_in.client.get(path, headers={"Host": host})
            assert (answered.status_code, answered.json()["code"]) == (421, "host")
        assert signed_in.client.get("/healthz", headers={"Host": host or "x"}).status_code == 200


def test_the_names_of_this_machine_are_its_own(client: TestClient) -> None:
    for host in ("127.0.0.1", "127.0.0.1:9999", "localhost:8100", "LOCALHOST", "[::1]:8100"):
        assert client.get(f"{BASE}/words/en", headers={"Host": host}).status_code == 200, host


ORIGINS = (
    ("127.0.0.1:8100", "http://127.0.0.1:8100", 200),
    ("127.0.0.1:8100", "https://127.0.0.1:8100", 200),
    ("127.0.0.1:8100", "http://127.0.0.1:9000", 403),  # another program on this machine
    ("127.0.0.1:8100", "http://localhost:8100", 403),
    ("127.0.0.1:8100", "https://evil.example", 403),
    ("127.0.0.1:8100", "null", 403),
    ("tracing.example", "https://tracing.example", 200),
    ("tracing.example", "http://tracing.example", 403),  # whoever sits on the way
    ("tracing.example", "https://tracing.example.evil.example", 403),
)


def test_where_a_request_was_sent_from_is_looked_at(room: Room) -> None:
    with TestClient(create_app(room, [*LOOPBACK, "tracing.example"]), base_url=HERE) as client:
        signed = by_link(room, client)
        for host, origin, status in ORIGINS:
            sent = {"Host": host, "Origin": origin}
            assert client.get(f"{BASE}/words/en", headers=sent).status_code == status, sent
            assert signed.call("PUT", "/session/authority", {}, **sent).status_code == status, sent


def test_what_another_site_makes_a_browser_send_is_refused(signed_in: SignedIn) -> None:
    for site in ("cross-site", "same-site"):
        for call in CLOSED:
            answered = signed_in.call(call.method, place(call.path), None, **{"Sec-Fetch-Site": site})
            assert (answered.status_code, answered.json()["code"]) == (403, "origin")
        followed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
        assert signed_in.client.get("/", headers=followed).status_code in (200, 404), "a link to the page"
        framed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
        assert signed_in.client.get("/", headers=framed).status_code == 403
        signing = signed_in.client.post(f"{BASE}/sign-in", json={"link": "x"}, headers={"Sec-Fetch-Site": site})
        assert signing.status_code == 403, "nobody is signed in as somebody else"
    for site in ("same-origin", "none"):
        assert signed_in.call("GET", "/session", **{"Sec-Fetch-Site": site}).status_code == 200


# Paths, bodies, headers.

ESCAPES = (
    *("../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/keys.sqlite", "....//....//etc/passwd"),
    *("..\\..\\truth.sqlite", "%5c..%5c..", "/etc/passwd", "%00", "x%00.js", "index.html%00", "..%c0%af..%c0%afetc"),
    *("C:/Windows/win.ini", "file:///etc/passwd", "L-1;id", "L-1' OR '1'='1"),
    *("L-1%0d%0aSet-Cookie:%20a=b", "%F0%9F%92%A3"),
)


def test_no_path_leads_out_of_the_page(signed_in: SignedIn, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "refuse_who_tries_ids", lambda who: None)
    for escape in ESCAPES:
        for before in ("/assets/", "/", f"{BASE}/", f"{BASE}/words/"):
            answered = signed_in.client.get(f"{before}{escape}")
            assert answered.status_code in (200, 404, 405)
            assert b"root:" not in answered.content
            assert b"SQLite" not in answered.content
            assert "a" not in answered.cookies
        for call in (call for call in ENDPOINTS if "{" in call.path):
            answered = signed_in.call(call.method, place(call.path, escape), None if call.method == "GET" else {})
            assert answered.status_code < 500
            assert answered.status_code >= 400
            assert "set-cookie" not in answered.headers


def test_a_body_of_a_hundred_megabytes_is_turned_away_early(signed_in: SignedIn) -> None:
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1 << 20
            yield b"x" * (1 << 20)

    for method, path in (("POST", "/sign-in"), ("PUT", "/session/authority")):
        answered = signed_in.client.request(
            method, BASE + path, content=body(), headers={"X-CSRF-Token": signed_in.csrf}
        )
        assert (answered.status_code, answered.json()["code"]) == (413, "too-long")
        assert answered.headers["connection"] == "close"


BODIES = (
    *(b"{", b"[]", b"[" * 100_000, b'{"reason": {"a": 1}}', b'{"ZoephiraCanary": 1}', b'{"reason": "\\ud800"}'),
    *(b"\xff\xfe\x00", b'{"reason": 1e999}', b'{"reason": NaN}', b'{"reason": "ZoephiraCanary"}'),
    b'"ZoephiraCanary"',
)


def test_no_error_repeats_what_was_stated(signed_in: SignedIn, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "refuse_who_tries_ids", lambda who: None)
    for body in BODIES:
        for call in (call for call in CLOSED if call.method != "GET" and not call.path.startswith("/session/pass")):
            for lang in LANGUAGES:
                sent = {"X-CSRF-Token": signed_in.csrf, "Accept-Language": lang}
                if call.method == "DELETE" and call.path == "/session":
                    continue
                answered = signed_in.client.request(
                    call.method, BASE + place(call.path, CANARY), content=body, headers=sent
                )
                assert answered.status_code < 500, call.path
                assert CANARY not in answered.text, (call.path, answered.text)
                assert CANARY not in str(answered.headers)


def test_nothing_that_is_sent_becomes_a_header(signed_in: SignedIn) -> None:
    for value in ("x\r\nSet-Cookie: a=b", "x\nX-Evil: 1", "x%0d%0aX-Evil:1"):
        for sent in ({"reason": f"check:{value}"}, {"case": value}):
            answered = signed_in.call("PUT", "/session/authority", sent)
            assert "x-evil" not in answered.headers
            assert "set-cookie" not in answered.headers
        again = signed_in.call("PUT", "/session/authority", {}, **{"X-Request-Id": "x%0d%0aX-Evil:1"})
        assert "x-evil" not in again.headers


def test_every_answer_bears_the_headers_of_all(signed_in: SignedIn, token: str) -> None:
    client = signed_in.client
    asked = [("GET", "/"), ("GET", "/nowhere"), ("POST", "/"), ("TRACE", "/"), ("GET", "/healthz"), ("GET", "/readyz")]
    asked += [("GET", "/openapi.json"), ("GET", "/catalog"), ("POST", "/match/default"), ("GET", "/assets/none.js")]
    asked += [(call.method, BASE + place(call.path)) for call in DESCRIBED]
    asked += [("PATCH", BASE + place(call.path)) for call in DESCRIBED]
    for method, path in asked:
        for host in ("127.0.0.1", "evil.example"):
            answered = client.request(method, path, headers={"Host": host, "X-CSRF-Token": signed_in.csrf})
            for name, value in HEADERS.items():
                if name == "Content-Security-Policy":
                    policy = answered.headers[name]
                    assert "default-src 'none'" in policy
                    assert "frame-ancestors 'none'" in policy
                    assert "unsafe" not in policy
                elif not (name == "Cache-Control" and path.startswith("/assets/")):
                    assert answered.headers[name] == value, (method, path, name)
            assert "server" not in answered.headers
            assert ("strict-transport-security" in answered.headers) == (host not in LOOPBACK), "its ports are others'"


# Trying ids.


def test_who_tries_ids_is_stopped_and_is_seen_in_the_log(
    room: Room, client: TestClient, clock: Clock, command: Run, workspace: Path
) -> None:
    """After so many that are none nothing at all is answered for a while, so that no hit tells."""
    signed = by_link(room, client)
    assert signed.call("PUT", "/session/authority", {"reason": "check:T-1"}).status_code == 200
    codes = []
    for number in range(limits.UNKNOWN_IDS + 5):
        clock.now += 0.01
        codes.append(signed.call("PUT", "/session/authority", {"case": f"K-{number}"}).status_code)
    assert codes == [403] * limits.UNKNOWN_IDS + [429] * 5
    refused = signed.call("PUT", "/session/authority", {"reason": "check:T-1"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) <= limits.UNKNOWN_SECONDS / limits.UNKNOWN_IDS + 1
    assert signed.call("GET", "/session").status_code == 200
    other = by_link(room, client, "another")
    assert other.call("PUT", "/session/authority", {"reason": "check:T-1"}).status_code == 200, "and nobody else"
    client.cookies.clear()
    clock.now += limits.UNKNOWN_SECONDS
    again = by_link(room, client)
    assert again.call("PUT", "/session/authority", {"reason": "check:T-1"}).status_code == 200
    found = command("audit", "unusual", "--workspace", workspace, "--reason", "audit:A-1", "--json").json["signs"]
    assert [(sign["rule"], sign["who"]) for sign in found] == [("refusals", user_of_machine())]


def test_leads_that_are_none_are_a_sign_of_their_own(command: Run, workspace: Path) -> None:
    for number in range(10):
        shown = command("leads", "show", f"L-AAAAAAAAAA{number:02}", "--workspace", workspace, "--reason", "check:T-1")
        assert shown.code == 2
    found = command("audit", "unusual", "--workspace", workspace, "--reason", "audit:A-1", "--json").json["signs"]
    assert [(sign["rule"], sign["counts"]) for sign in found] == [("unknown-ids", {"tries": 10})]


# What the server says and keeps.


def test_nothing_that_is_asked_stands_in_what_the_server_says_or_keeps(
    workspace: Path, command: Run, tmp_path: Path
) -> None:
    """A real process: names in bodies, addresses, headers, cookies; nothing of it on its streams or in a file."""
    import http.client
    from urllib.parse import urlsplit

    token = issue(command, workspace)["token"]
    with served(workspace) as address:
        for path in (
            f"/{CANARY}",
            f"/match/{CANARY}?{CANARY}={CANARY}",
            f"{BASE}/{CANARY}?q={CANARY}",
            f"/assets/{CANARY}",
        ):
            for method in ("GET", "POST", CANARY):
                line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
                headers = {"Authorization": f"Bearer {token}", "Cookie": f"{COOKIE}={CANARY}", "User-Agent": CANARY}
                body = json.dumps({"user": CANARY, "password": CANARY, "queries": {"q": {"schema": CANARY}}})
                line.request(
                    method, f"{path}{CANARY}?{CANARY}={CANARY}", body, {**headers, "Referer": f"https://x/{CANARY}"}
                )
                assert line.getresponse().read() is not None
                line.close()
        line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        line.request("POST", f"{BASE}/sign-in", json.dumps({"user": CANARY, "password": CANARY}))
        assert line.getresponse().status == 401
        line.close()
    # ``served`` finds its standard error empty at the end.
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"truth.sqlite", "keys.sqlite"}
    assert [file.name for file in files if CANARY.encode() in file.read_bytes()] == []


def test_an_error_of_the_program_tells_its_kind_alone(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from netpursuit.web import endpoints

    def broken(*_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(endpoints, "check_session", broken)
    answered = signed_in.call("GET", "/session")
    assert (answered.status_code, answered.json()) == (500, {"code": "internal", "detail": "ValueError"})
    assert CANARY not in "".join(capsys.readouterr())


def test_what_is_sent_again_is_done_once_and_only_for_who_sent_it(
    room: Room, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = by_link(room, client)
    again = {"X-Request-Id": "one"}
    first = signed.call("PUT", "/session/authority", {"reason": "check:T-1"}, **again)
    assert signed.call("PUT", "/session/authority", {"reason": "check:T-2"}, **again).content == first.content
    assert signed.call("GET", "/session").json()["reason"] == "check:T-1"
    other = by_link(room, client, "another")
    assert other.call("PUT", "/session/authority", {"reason": "check:T-3"}, **again).json()["reason"] == "check:T-3"
    client.cookies.clear()
    assert client.put(f"{BASE}/session/authority", json={}, headers=again).status_code == 401


def test_every_call_that_needs_a_session_is_tried() -> None:
    assert CHANGE in CLOSED
    assert {(call.method, call.path) for call in ENDPOINTS} <= {(call.method, call.path) for call in CLOSED}
