"""Whoever asks for a name of their own: answered as ever, noted when asked, told to a supervisor, never by name."""

from __future__ import annotations

import json
import pwd
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, Answer, Run
from tests.cli.test_lead_handling import as_user

NAMES = ("王安娜", "Wang Anna Canaria")


class Office:
    """Commands by one user or another, in English."""

    def __init__(self, command: Run, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.command, self.folder, self.patch = command, folder, patch

    def __call__(self, who: str, *arguments: object, code: int = 0) -> Answer:
        as_user(self.patch, who)
        stated = () if "--case" in arguments or arguments[0] in ("whoami", "case") else ("--reason", "check:T-1")
        answer = self.command(*arguments, *stated, "--workspace", self.folder, "--lang", "en")
        assert answer.code == code, (answer.out, answer.err)
        return answer

    def match(self, who: str, *asked: object, code: int = 0) -> Answer:
        return self(who, "match", *asked, "--as-of", AS_OF, code=code)

    def own(self, *, verb: str = "match", auditor: str = "axel") -> list[bool]:
        """Of each consultation of a kind, whether it says that it was for an own name."""
        found = self(auditor, "audit", "show", "--verb", verb, "--json").json
        assert {item["about"].get("own") for item in found} <= {None, "name"}
        return [item["about"].get("own") == "name" for item in found]

    def signs(self, auditor: str = "axel") -> list[dict[str, Any]]:
        found = self(auditor, "audit", "unusual", "--json").json["signs"]
        return [sign for sign in found if sign["rule"] == "own-name"]


@pytest.fixture
def office(command: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    made = Office(command, workspace, monkeypatch)
    made("ada", "users", "grant", "ada", "administrator")
    made("ada", "users", "grant", "anna", "investigator", "supervisor", *(f"--name={name}" for name in NAMES))
    made("ada", "users", "grant", "axel", "auditor")
    return made


def test_a_look_for_ones_own_name_is_answered_and_noted_without_the_name(office: Office) -> None:
    others = office.match("anna", "欧阳志远", "--json").json["matches"]
    assert others
    asked = ("王 安娜", "王安娜", "CANARIA, wang anna", "anna wang-canaria")
    for text in asked:
        office.match("anna", text, "--birth-date", "1980-01-02")
    for text in ("安娜", "王安", "Anna", "Wang Anna", "李安娜"):
        office.match("anna", text, "--birth-date", "1980-01-02")
    assert office.own() == [False, True, True, True, True, *5 * [False]]
    (sign,) = office.signs()
    assert (sign["who"], sign["counts"]) == ("anna", {"looks": 4})
    marked = [item["consultation"] for item in office("axel", "audit", "show", "--verb", "match", "--json").json]
    assert sign["consultations"] == marked[1:5]
    said = office("axel", "audit", "unusual").out
    assert "anna: 4 lookups for a name of their own" in said
    assert "own-name: 1 query for a full name" in said
    assert "查询本人姓名 4 次" in office("axel", "audit", "unusual", "--lang", "zh").out
    assert not {"score", "rank", "risk"} & set(said.split())
    with sqlite3.connect(office.folder / "truth.sqlite") as base:
        kept = "\n".join(base.iterdump()).casefold()
    base.close()
    assert "canaria" not in kept
    assert "王安娜" not in kept


def test_it_is_the_user_who_asks_and_no_namesake_among_the_others(office: Office) -> None:
    office("ada", "users", "grant", "ines", "investigator", "--name", "Ines Berg")
    office.match("ines", "王安娜")
    office.match("ines", "Berg Ines")
    assert office.own() == [False, True]
    assert [sign["who"] for sign in office.signs()] == ["ines"]


def test_a_question_to_the_graph_and_to_what_is_held_of_a_person_are_looks_too(office: Office) -> None:
    stated = [text for name in ("title", "authority", "legal-basis", "purpose") for text in (f"--{name}", "x")]
    office("anna", "case", "open", "--id", "K-1", *stated, "--expires", "2126-01-01")
    office("anna", "graph", "neighbours", "Anna Wang Canaria", "--case", "K-1", code=2)  # nobody there is called so
    office("anna", "graph", "neighbours", "Canaria Xu", "--case", "K-1", code=2)
    office("anna", "subject", "find", "王安娜", "--birth-date", "1980-01-02")
    assert office.own(verb="graph") == [True, False]
    assert office.own(verb="subject-find") == [True]
    assert office.signs()[0]["counts"] == {"looks": 2}


def test_what_is_refused_has_looked_at_nothing_and_says_nothing_of_a_name(office: Office) -> None:
    office.match("axel", *NAMES[:1], code=4)  # an auditor asks nobody
    office("ada", "users", "grant", "axel", "auditor", "--name", "王安娜")
    office.match("axel", *NAMES[:1], code=4)
    assert office.own() == [False, False]


def test_the_full_name_of_the_account_is_known_where_no_roles_are_in_use(
    command: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(command, workspace, monkeypatch)
    account = list(pwd.getpwuid(0))
    account[4] = "Ilse & Example,Room Seven,,"
    monkeypatch.setattr(pwd, "getpwnam", lambda name: pwd.struct_passwd([name, *account[1:]]))
    office.match("berta", "Ilse Berta Example")
    office.match("berta", "Example, Ilse Berta")
    office.match("berta", "Room Seven")
    office.match("berta", "Ilse Example")
    assert office.own(auditor="berta") == [True, True, False, False]
    assert "Ilse Berta Example" in office("berta", "whoami").out
    monkeypatch.setattr(pwd, "getpwnam", lambda name: pwd.struct_passwd([name, *account[1:4], "Ilse", *account[5:]]))
    office.match("berta", "Ilse")
    assert office.own(auditor="berta")[-1] is False, "one part of a name is many people's"


def test_names_are_given_with_a_role_changed_kept_and_taken_with_it(office: Office, tmp_path: Path) -> None:
    def known(who: str) -> list[str]:
        found = office("ada", "users", "list", "--json").json
        return next((item["names"] for item in found if item["user"] == who), [])

    assert known("anna") == list(NAMES)
    assert "anna (王安娜, Wang Anna Canaria): investigator, supervisor" in office("ada", "users", "list").out
    office("ada", "users", "grant", "anna", "reviewer")
    office("ada", "users", "revoke", "anna", "reviewer")
    assert known("anna") == list(NAMES), "a role more or less changes no name"
    office("ada", "users", "grant", "anna", "investigator", "--name", "Anna  Neu")
    assert known("anna") == ["Anna Neu"]
    assert office("anna", "whoami", "--json").json["names"] == ["Anna Neu"]
    users = tmp_path / "users.toml"
    users.write_text(
        '[users]\nada = ["administrator"]\nanna = ["investigator"]\n'
        'axel = { roles = ["auditor"], names = ["Axel Alt"] }\n',
        encoding="utf-8",
    )
    office("ada", "users", "import", users)
    assert (known("anna"), known("axel")) == (["Anna Neu"], ["Axel Alt"])
    office("ada", "users", "revoke", "anna")
    office("ada", "users", "grant", "anna", "investigator")
    assert known("anna") == []
    log = json.dumps(office("axel", "audit", "show", "--json").json, ensure_ascii=False)
    assert "Canaria" not in log
    assert "Neu" not in log


def test_what_is_no_full_name_and_who_may_not_state_one_is_told(office: Office, tmp_path: Path) -> None:
    for name in ("Anna", "王", "", "x" * 101 + " y", "Jean-Pierre"):
        refused = office("ada", "users", "grant", "anna", "reviewer", "--name", name, code=2)
        assert "this is no full name" in refused.err
    assert "a group has no full name" in office("ada", "users", "grant", "@desk", "auditor", "--name=A B", code=2).err
    users = tmp_path / "users.toml"
    users.write_text(
        '[users]\nada = { roles = ["administrator"], names = ["Ada"], nick = 1 }\nbo = { names = "Bo Berg" }\n',
        encoding="utf-8",
    )
    told = office("ada", "users", "import", users, code=2).err
    for part in (
        "ada: names: expected full names",
        "unknown setting 'nick'",
        "expected a list of full names",
        "bo: expected a",
    ):
        assert part in told
    office("ada", "users", "grant", "ada", "administrator", "--name", "Ada Alt")  # nobody else could
    office("ada", "users", "grant", "ben", "administrator")
    own = office("ada", "users", "grant", "ada", "administrator", "--name", "Ada Neu", code=4)
    assert "own name" in own.err
    office("ben", "users", "grant", "ada", "administrator", "--name", "Ada Neu")
