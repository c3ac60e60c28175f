"""``POST /match``: a client of yente asks, and is answered in the shape that it knows, under the program's promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from netpursuit.web import limits
from tests.cli.conftest import Run
from tests.web.conftest import REASON, USER, Clock, issue

ASKED = {"schema": "Person", "properties": {"name": ["欧阳志远"], "birthDate": ["1985-03-04"]}}


def ask(client: TestClient, token: str, *entities: object, path: str = "/match/default", **headers: str) -> Any:
    body = {"queries": {f"q{place}": entity for place, entity in enumerate(entities)}}
    return client.post(path, json=body, headers={"Authorization": f"Bearer {token}", **REASON, **headers})


def log_of(command: Run, workspace: Path) -> list[dict[str, Any]]:
    done = command("audit", "show", "--workspace", workspace, "--reason", "audit:A-1", "--json")
    return [item for item in done.json if item["verb"] == "match"]


def test_a_query_is_answered_in_the_shape_of_yente(client: TestClient, token: str) -> None:
    answered = ask(client, token, ASKED)
    assert answered.status_code == 200
    shape = answered.json()
    assert shape["limit"] == 5
    one = shape["responses"]["q0"]
    assert one["status"] == 200
    assert one["total"] == {"value": 2, "relation": "eq"}
    first = one["results"][0]
    assert (first["id"], first["schema"], first["caption"]) == ("W1", "Person", "欧阳志远")
    assert first["properties"]["idNumber"] == ["990101198503040010"]
    assert first["properties"]["birthDate"] == ["1985-03-04"]
    assert first["match"] is True
    assert 0.5 < first["score"] <= 1
    assert first["band"] == "strong"
    assert first["features"]["name"] > 0
    assert {item["field"] for item in first["evidence"]} >= {"name", "birth-date", "document"}
    assert {result["datasets"][0] for result in one["results"]} == {"wanted", "other"}
    assert answered.headers["cache-control"] == "no-store"


def test_a_name_alone_is_no_match(client: TestClient, token: str) -> None:
    one = ask(client, token, {"schema": "Person", "properties": {"name": "Ouyang Zhiyuan"}}).json()["responses"]["q0"]
    assert one["results"], "found, and capped"
    assert all(result["band"] == "weak" and result["match"] is False for result in one["results"])


def test_every_query_is_on_record_under_the_tokens_user_and_its_reason(
    client: TestClient, token: str, command: Run, workspace: Path
) -> None:
    answered = ask(client, token, ASKED, {"schema": "Person", "properties": {"name": "章玉琴"}}).json()
    recorded = log_of(command, workspace)
    assert [item["consultation"] for item in recorded] == [
        answered["responses"][name]["consultation"] for name in ("q0", "q1")
    ]
    assert {item["who"] for item in recorded} == {USER}
    assert {item["authority"] for item in recorded} == {"check:T-9"}
    assert recorded[0]["outcome"]["entries"] == ["other:W1", "wanted:W1"]
    assert "欧阳" not in json.dumps(recorded, ensure_ascii=False)


def test_without_a_reason_nothing_runs_and_the_refusal_is_on_record(
    client: TestClient, token: str, command: Run, workspace: Path
) -> None:
    refused = ask(client, token, ASKED, **{"X-Netpursuit-Reason": ""})
    assert (refused.status_code, refused.json()["code"]) == (403, "no-reason")
    (item,) = log_of(command, workspace)
    assert (item["who"], item["outcome"]["refused"]) == (USER, "no-reason")


def test_a_reason_chosen_at_the_terminal_is_none_of_a_programs(
    client: TestClient, command: Run, workspace: Path
) -> None:
    me = command("tokens", "list", "--workspace", workspace, "--reason", "check:T-1", "--json")
    assert me.code == 0
    assert command("reason", "set", "check:T-2", "--workspace", workspace).code == 0
    who = command("audit", "show", "--workspace", workspace, "--json").json[-1]["who"]
    own = issue(command, workspace, who)["token"]
    assert ask(client, own, ASKED, **{"X-Netpursuit-Reason": ""}).status_code == 403


def test_a_group_query_is_refused_beside_others_that_are_answered(client: TestClient, token: str) -> None:
    answered = ask(client, token, {"schema": "Person", "properties": {"address": "幻县一路1号"}}, ASKED).json()
    assert answered["responses"]["q0"] == {
        "status": 403,
        "code": "building-query",
        "detail": answered["responses"]["q0"]["detail"],
    }
    assert answered["responses"]["q1"]["results"]


def test_a_list_is_chosen_by_the_address_or_left_out(client: TestClient, token: str) -> None:
    def lists(path: str) -> set[str]:
        answered = ask(client, token, ASKED, path=path)
        assert answered.status_code == 200, answered.text
        return {result["datasets"][0] for result in answered.json()["responses"]["q0"]["results"]}

    assert lists("/match/wanted") == {"wanted"}
    assert lists("/match/default?exclude_dataset=wanted") == {"other"}
    assert lists("/match/default?include_dataset=wanted") == {"wanted"}
    assert ask(client, token, ASKED, path="/match/nowhere").status_code == 404
    assert ask(client, token, ASKED, path="/match/wanted?exclude_dataset=wanted").status_code == 400


def test_an_answer_of_one_list_names_no_other_in_the_log(
    client: TestClient, token: str, command: Run, workspace: Path
) -> None:
    ask(client, token, ASKED, path="/match/wanted")
    (item,) = log_of(command, workspace)
    assert item["outcome"]["entries"] == ["wanted:W1"]


def test_a_list_that_comes_while_the_server_runs_is_asked_at_once(
    client: TestClient, token: str, command: Run, workspace: Path
) -> None:
    assert len(ask(client, token, ASKED).json()["responses"]["q0"]["results"]) == 2
    gone = command("lists", "remove", "other", "--workspace", workspace, "--reason", "check:T-1")
    assert gone.code == 0, gone.err
    (left,) = ask(client, token, ASKED).json()["responses"]["q0"]["results"]
    assert left["datasets"] == ["wanted"]


@pytest.mark.parametrize("path", ["/match/default", "/catalog"])
def test_without_a_valid_token_nothing_is_answered(
    client: TestClient, path: str, token: str, command: Run, workspace: Path
) -> None:
    for header in ({}, {"Authorization": "Bearer np_wrong"}, {"Authorization": f"Basic {token}"}):
        answered = client.request(
            "POST" if path.startswith("/match") else "GET", path, headers={**REASON, **header}, content=b"{}"
        )
        assert answered.status_code == 401
    assert log_of(command, workspace) == []


def test_a_token_ends_when_it_is_revoked(client: TestClient, command: Run, workspace: Path) -> None:
    made = issue(command, workspace, "somebody")
    assert ask(client, made["token"], ASKED).status_code == 200
    listed = command("tokens", "list", "--workspace", workspace, "--reason", "check:T-1", "--json").json["tokens"]
    assert [item["id"] for item in listed] == [made["id"]]
    assert made["token"] not in json.dumps(listed)
    done = command("tokens", "revoke", made["id"], "--workspace", workspace, "--reason", "check:T-1")
    assert done.code == 0, done.err
    assert ask(client, made["token"], ASKED).status_code == 401
    again = command("tokens", "revoke", made["id"], "--workspace", workspace, "--reason", "check:T-1", "--lang", "en")
    assert again.code == 2


def test_a_token_stands_in_no_byte_of_workspace_and_keys(token: str, workspace: Path) -> None:
    keys = workspace.with_name("ws-keys")
    files = [file for folder in (workspace, keys) for file in folder.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"truth.sqlite", "keys.sqlite"}
    assert not [file for file in files if token.encode() in file.read_bytes()]


def test_who_guesses_tokens_is_locked_out_for_a_while_and_nobody_else(
    client: TestClient, token: str, clock: Clock
) -> None:
    for _ in range(limits.WRONG_TOKENS):
        assert ask(client, "np_guess", ASKED).status_code == 401
    locked = ask(client, "np_guess", ASKED)
    assert locked.status_code == 429
    assert int(locked.headers["retry-after"]) >= 1
    assert ask(client, token, ASKED).status_code == 200, "from the same address, with a token"
    clock.now += limits.LOCKED_SECONDS
    assert ask(client, "np_guess", ASKED).status_code == 401


def test_a_request_counts_as_many_as_it_asks(client: TestClient, token: str, clock: Clock) -> None:
    broken = {"schema": "Company", "properties": {}}
    assert [ask(client, token, *[broken] * 80).status_code for _ in range(3)] == [200, 200, 429]
    clock.now += 1
    assert ask(client, token, *[broken] * 80).status_code == 200


def test_whoever_is_silent_longest_is_forgotten_first() -> None:
    clock = Clock()
    buckets = limits.Buckets(1.0, 2.0, clock)
    for caller in range(limits.MOST_CALLERS + 5):
        buckets.take(caller)
    assert len(buckets._held) == limits.MOST_CALLERS
    assert 0 not in buckets._held


def test_one_user_asks_so_often_and_no_more(client: TestClient, token: str, clock: Clock) -> None:
    body = {"queries": {}}
    headers = {"Authorization": f"Bearer {token}", **REASON}
    codes = [client.post("/match/default", json=body, headers=headers).status_code for _ in range(205)]
    assert codes[:200] == [400] * 200
    assert codes[200:] == [429] * 5
    clock.now += 1
    assert ask(client, token, ASKED).status_code == 200


BAD: dict[str, tuple[object, int]] = {
    "no JSON": (b"{", 400),
    "no object": (b"[]", 400),
    "no queries": (b'{"queries": {}}', 400),
    "too many": (json.dumps({"queries": {str(place): ASKED for place in range(101)}}).encode(), 400),
    "too long": (b'{"queries": "' + b"x" * limits.MOST_BYTES + b'"}', 413),
    "deep": (b"[" * 100_000, 400),
    "half a character": (b'{"queries": {"\\ud800": {"schema": "Person", "properties": {"name": "Li Ming"}}}}', 400),
}


@pytest.mark.parametrize("name", BAD)
def test_a_body_that_asks_nothing_is_refused_with_what_was_expected(client: TestClient, token: str, name: str) -> None:
    body, status = BAD[name]
    answered = client.post("/match/default", content=body, headers={"Authorization": f"Bearer {token}", **REASON})  # type: ignore[arg-type]
    assert answered.status_code == status
    assert answered.json()["detail"]


@pytest.mark.parametrize(
    ("entity", "said"),
    [
        ({"schema": "Company", "properties": {}}, "schema: only people are looked for, expected Person"),
        ({"schema": "Person"}, "query: not an entity, expected schema and properties"),
        (
            {"schema": "Person", "properties": {"name": "Li Ming", "birthDate": "then"}},
            "birthDate: not a date, expected 1958-07-03, 1958-07 or 1958",
        ),
        (
            {"schema": "Person", "properties": {"name": [7]}},
            "name: not text, expected a string or a list of strings",
        ),
    ],
)
def test_a_query_that_cannot_be_read_says_why_and_the_others_are_answered(
    client: TestClient, token: str, entity: object, said: str
) -> None:
    answered = ask(client, token, entity, ASKED)
    assert answered.status_code == 200
    assert answered.json()["responses"]["q0"] == {"status": 400, "detail": said}
    assert answered.json()["responses"]["q1"]["results"]


def test_what_is_not_read_is_named_and_recorded_nowhere(
    client: TestClient, token: str, command: Run, workspace: Path
) -> None:
    entity = {"schema": "Person", "properties": {**ASKED["properties"], "ethnicity": ["Canary"], "religion": "Canary"}}
    one = ask(client, token, entity).json()["responses"]["q0"]
    assert one["unread"] == ["ethnicity", "religion"]
    assert "Canary" not in json.dumps(one)
    assert not [file for file in workspace.rglob("*") if file.is_file() and b"Canary" in file.read_bytes()]


def test_an_unknown_parameter_or_bound_is_refused(client: TestClient, token: str) -> None:
    for query in ("topics=crime", "limit=0", "limit=1000", "threshold=2", "limit=many"):
        assert ask(client, token, ASKED, path=f"/match/default?{query}").status_code == 400
    assert ask(client, token, ASKED, path="/match/default?algorithm=logic-v1&fuzzy=false").status_code == 200
    low = ask(client, token, ASKED, path="/match/default?limit=1").json()["responses"]["q0"]
    assert (len(low["results"]), low["total"]["relation"]) == (1, "gte")
    by_name = {"schema": "Person", "properties": {"name": "章玉琴", "birthDate": "1971-11"}}
    for threshold, match in ((0, True), (1, False)):
        found = ask(client, token, by_name, path=f"/match/wanted?threshold={threshold}").json()["responses"]["q0"]
        assert [result["match"] for result in found["results"]] == [match]


def test_the_description_names_every_route_and_every_answer_of_it(client: TestClient, token: str) -> None:
    described = client.get("/openapi.json").json()
    for_programs = {path for path in described["paths"] if not path.startswith("/api/")}
    assert for_programs == {"/healthz", "/readyz", "/openapi.json", "/catalog", "/match/{list}"}
    for path, how in (("/healthz", {}), ("/readyz", {}), ("/catalog", {"Authorization": f"Bearer {token}", **REASON})):
        answered = client.get(path, headers=how)
        assert answered.status_code == 200
        wanted = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert set(wanted["required"]) <= set(answered.json())
    assert client.get("/nowhere").status_code == 404
    assert client.get("/match/default").status_code == 405


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "queries",
                        "schema",
                        "properties",
                        "name",
                        "birthDate",
                        "idNumber",
                        "phone",
                        "address",
                        "nationality",
                    ]
                )
                | st.text(max_size=5),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_is_sent_the_answer_is_one_of_the_description(
    client: TestClient, token: str, clock: Clock, body: object
) -> None:
    clock.now += 10
    content = json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", **REASON, "Content-Type": "application/json"}
    assert client.post("/match/default", content=content, headers=headers).status_code in (200, 400)
    wrapped = json.dumps({"queries": {"q": {"schema": "Person", "properties": {"name": body}}}}).encode()
    assert client.post("/match/default", content=wrapped, headers=headers).status_code in (200, 400)


def test_an_error_of_the_program_tells_its_kind_and_no_value(
    client: TestClient,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("欧阳志远")

    monkeypatch.setattr("netpursuit.web.programs.search", broken)
    answered = ask(client, token, ASKED)
    assert (answered.status_code, answered.json()) == (500, {"code": "internal", "detail": "ValueError"})
    assert "欧阳" not in "".join((*capsys.readouterr(), caplog.text))


def test_a_tokens_user_needs_the_role_of_the_act(client: TestClient, token: str, command: Run, workspace: Path) -> None:
    assert ask(client, token, ASKED).status_code == 200
    who = log_of(command, workspace)[0]["who"]
    common = ("--workspace", workspace, "--reason", "check:T-1")
    me = command("audit", "show", *common, "--json").json[-1]["who"]
    for user, role in ((me, "administrator"), (me, "auditor"), (who, "reviewer")):
        assert command("users", "grant", user, role, *common).code == 0
    refused = ask(client, token, ASKED)
    assert (refused.status_code, refused.json()["code"]) == (403, "role")
    assert command("users", "grant", who, "investigator", *common).code == 0
    assert ask(client, token, ASKED).status_code == 200
    assert [item["outcome"]["refused"] for item in log_of(command, workspace)] == [None, "role", None]
