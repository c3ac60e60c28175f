"""A token is its user, and its user holds roles or none: the gate is the same behind every face."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from netpursuit.gate.users import groups_of_machine, user_of_machine
from tests.cli.conftest import Run
from tests.web.conftest import REASON, USER, issue

BODY = {"queries": {"q0": {"schema": "Person", "properties": {"name": ["欧阳志远"], "birthDate": ["1985-03-04"]}}}}


def asked(client: TestClient, token: str) -> tuple[int, str]:
    said = client.post("/match/default", json=BODY, headers={"Authorization": f"Bearer {token}", **REASON})
    return said.status_code, said.json().get("code", "")


def test_a_tokens_user_needs_a_role_by_name(client: TestClient, token: str, command: Run, workspace: Path) -> None:
    def users(*arguments: str) -> None:
        done = command("users", *arguments, "--workspace", workspace, "--reason", "check:T-1")
        assert done.code == 0, done.err

    assert asked(client, token) == (200, "")
    users("grant", user_of_machine(), "administrator", "auditor")
    assert asked(client, token) == (403, "role")
    users("grant", USER, "auditor")
    assert asked(client, token) == (403, "role")
    users("grant", USER, "investigator")
    assert asked(client, token) == (200, "")
    users("revoke", USER, "investigator")
    assert asked(client, token) == (403, "role"), "at once, while the server runs"
    shown = command("audit", "show", "--workspace", workspace, "--reason", "audit:A-1", "--json").json
    refused = [item for item in shown if item["outcome"] and item["outcome"]["refused"] == "role"]
    assert [(item["who"], item["verb"]) for item in refused] == [(USER, "match")] * 3


def test_a_tokens_user_belongs_to_no_group_of_the_machine(client: TestClient, command: Run, workspace: Path) -> None:
    me = user_of_machine()
    (group, *_) = sorted(groups_of_machine(me))
    given = str(issue(command, workspace, me)["token"])
    for name, role in ((me, "administrator"), (f"@{group}", "investigator")):
        done = command("users", "grant", name, role, "--workspace", workspace, "--reason", "check:T-1")
        assert done.code == 0, done.err
    assert asked(client, given) == (403, "role"), "who issued the token says who it is, not the operating system"
