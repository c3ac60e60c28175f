"""``users`` and ``whoami``: several people on one workspace, each with what his roles allow."""

from __future__ import annotations

import json
import os
import pwd
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import netpursuit
from netpursuit import RefusedError
from netpursuit.catalogue import Catalogue
from netpursuit.gate.users import groups_of_machine, is_known_to_machine, user_of_machine
from netpursuit.policy.roles import MAY, UserRole
from tests.cli.conftest import AS_OF, Answer, Run, environment
from tests.conftest import leave_out

ROOT = Path(netpursuit.__file__).parent.parent
STAFF = {
    "ada": ["administrator"],
    "ines": ["investigator"],
    "rita": ["reviewer"],
    "remy": ["reviewer"],
    "sam": ["supervisor"],
    "sue": ["supervisor"],
    "axel": ["auditor"],
}
BOTH = ("--same-person", "--entry-in-force")


class Office:
    """Commands by one user or another."""

    def __init__(self, command: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.command, self.folder, self.patch = command, folder, monkeypatch

    def __call__(self, who: str, *arguments: object, code: int = 0, reason: str = "check:T-1") -> Answer:
        self.patch.setattr("netpursuit.wiring.desks.user_of_machine", lambda: who)
        stated = () if arguments[0] in ("whoami", "case", "reason") else ("--reason", reason)
        dated = ("--as-of", AS_OF) if arguments[0] in ("leads", "match", "screen") else ()
        answer = self.command(*map(str, arguments), "--workspace", self.folder, "--lang", "en", *stated, *dated)
        assert answer.code == code, answer.err or answer.out
        return answer

    def log(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self("axel", "audit", "show", "--json", reason="audit:A-1").json
        return items


@pytest.fixture
def office(
    command: Run, workspace: Path, register: Path, feed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Office:
    """A workspace with two leads, and a staff with a role each."""
    done = command("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF)
    assert done.code == 0, done.err
    users = tmp_path / "users.toml"
    users.write_text("[users]\n" + "".join(f"{name} = {roles}\n" for name, roles in STAFF.items()), encoding="utf-8")
    made = Office(command, workspace, monkeypatch)
    begun = made("ada", "users", "import", users)
    assert "Roles are in use" in begun.out
    return made


def lead_of(office: Office) -> str:
    leads = office("rita", "leads", "list", "--json").json["leads"]
    return str(next(item["lead"] for item in leads if item["registration_id"] == "R1"))


def test_each_does_what_the_role_is_for_and_is_refused_the_rest(office: Office) -> None:
    lead = lead_of(office)
    confirm = ("leads", "confirm", lead, *BOTH, "--name", "N", "--note", "seen")
    for who in ("ada", "ines", "sam", "axel"):
        refused = office(who, *confirm, code=4)
        assert "reviewer; ada" in refused.err
        assert refused.out == ""
    assert office("rita", "leads", "show", lead, "--json").json["state"] == "open"
    assert office("ines", "match", "欧阳志远", "--json").out
    for who in ("ada", "rita", "sam", "axel"):
        assert office(who, "match", "慕容Canary", code=4).out == ""
    office("ada", "leads", "show", lead, code=4)
    office("axel", "leads", "list", code=4)
    office("ada", "audit", "show", code=4, reason="audit:A-1")
    assert "confirmed" in office("rita", *confirm).out
    denied = [(item["who"], item["verb"]) for item in office.log() if (item["outcome"] or {}).get("refused") == "role"]
    assert [pair for pair in denied if pair[1] == "leads-confirm"] == [
        (who, "leads-confirm") for who in ("ada", "ines", "sam", "axel")
    ]
    assert ("ada", "audit-show") in denied
    assert "Canary" not in json.dumps(office.log(), ensure_ascii=False)
    with sqlite3.connect(office.folder / "truth.sqlite") as base:
        assert "Canary" not in "\n".join(base.iterdump())
    base.close()


def test_administrators_grant_and_revoke_and_nobody_else(office: Office) -> None:
    for who in STAFF:
        if who != "ada":
            office(who, "users", "grant", who, "administrator", code=4)
    added = office("ada", "users", "grant", "ines", "reviewer", "--json").json
    assert [(item["user"], item["roles"]) for item in added["changed"]] == [("ines", ["investigator", "reviewer"])]
    assert added["unknown"] == ["ines"]
    lead = lead_of(office)
    office("ines", "leads", "clear", lead, "--why", "elsewhere", "--name", "Ines")
    office("ada", "users", "revoke", "ines", "reviewer")
    office("ines", "leads", "reopen", lead, "--name", "Ines", "--note", "n", code=4)
    assert "no role" in office("ada", "users", "revoke", "ines").out
    assert "do not allow this" in office("ines", "match", "欧阳志远", code=4).err
    office("ada", "users", "revoke", "ada", code=4)
    listed = office("axel", "users", "list", "--json").json
    assert {item["user"]: item["roles"] for item in listed} == {k: v for k, v in STAFF.items() if k != "ines"}
    assert {item["changed_by"] for item in listed} == {"ada"}
    assert "axel: auditor  (ada, " in office("sam", "users", "list").out
    office("ines", "users", "list", code=4)
    office("ada", "users", "grant", "zoe", "boss", code=2)
    office("ada", "users", "grant", "li@example.org", "auditor", code=2)


def test_whoami_says_roles_and_what_they_allow(office: Office, command: Run) -> None:
    before = len(office.log())
    shown = office("rita", "whoami", "--json").json
    assert (shown["user"], shown["roles_in_use"], shown["roles"]) == ("rita", True, ["reviewer"])
    assert "leads-confirm" in shown["may"]
    assert "match" not in shown["may"]
    said = office("rita", "whoami").out
    assert "rita: reviewer" in said
    assert "lead confirmed" in said
    assert "granted by: ada" in said
    assert "no role" in office("stranger", "whoami").out
    assert len(office.log()) == before + 1, "it looks at nobody; the look at the log itself counts"
    chinese = command("whoami", "--workspace", office.folder, "--lang", "zh").out
    assert "审计员（auditor）" in chinese


def test_without_roles_all_is_as_before(command: Run, workspace: Path, tmp_path: Path) -> None:
    shown = command("whoami", "--workspace", workspace, "--json").json
    assert (shown["roles_in_use"], shown["roles"]) == (False, list(UserRole))
    assert "No roles are in use" in command("whoami", "--workspace", workspace, "--lang", "en").out
    assert "No roles are in use" in command("users", "list", "--workspace", workspace, "--lang", "en").out
    missing = command("whoami", "--workspace", tmp_path / "nowhere")
    assert missing.code == 2
    assert not (tmp_path / "nowhere").exists()


def test_one_person_may_hold_every_role(command: Run, workspace: Path) -> None:
    me = user_of_machine()
    assert command("users", "grant", me, *UserRole, "--workspace", workspace).code == 0
    assert command("match", "欧阳志远", "--workspace", workspace, "--as-of", AS_OF).code == 0
    assert command("audit", "show", "--workspace", workspace, "--reason", "audit:A-1").code == 0
    assert command("users", "grant", "li", "reviewer", "--workspace", workspace).code == 0


def test_the_first_grant_makes_its_user_an_administrator(command: Run, workspace: Path) -> None:
    refused = command("users", "grant", "li", "administrator", "--workspace", workspace, "--lang", "en")
    assert refused.code == 4
    assert "grant yourself" in refused.err
    assert command("whoami", "--workspace", workspace, "--json").json["roles_in_use"] is False


def test_a_real_group_of_the_operating_system_gives_its_role(command: Run, workspace: Path) -> None:
    me = user_of_machine()
    (group, *_) = sorted(groups_of_machine(me))
    assert is_known_to_machine(f"@{group}")
    assert is_known_to_machine(me)
    assert not is_known_to_machine("@no-such-group-here")
    assert groups_of_machine("no-such-user-here") == frozenset()
    assert command("users", "grant", me, "administrator", "--workspace", workspace).code == 0
    assert command("match", "欧阳志远", "--workspace", workspace, "--as-of", AS_OF).code == 4
    given = command("users", "grant", f"@{group}", "investigator", "--workspace", workspace)
    assert given.code == 0, given.err
    assert command("match", "欧阳志远", "--workspace", workspace, "--as-of", AS_OF).code == 0
    assert command("whoami", "--workspace", workspace, "--json").json["roles"] == ["investigator", "administrator"]


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() >= 1000, reason="the kernel's login uid, behind root")
def test_people_who_share_an_account_are_told_apart_by_who_logged_in(
    command: Run, workspace: Path, tmp_path: Path
) -> None:
    """Real processes of one account, each from another login, as ``sudo -u`` starts them."""
    uids = {name: pwd.getpwnam(name).pw_uid for name in ("daemon", "bin", "nobody")}
    call = """
import sys
from pathlib import Path
Path("/proc/self/loginuid").write_text(sys.argv.pop(1))
from netpursuit.cli import main
main()
"""

    def as_login(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        everything = [sys.executable, "-c", call, str(uids[name]), *map(str, arguments), "--workspace", str(workspace)]
        where = environment(SUDO_USER="root", LOGNAME="root", NETPURSUIT_LANG="en")
        return subprocess.run(everything, capture_output=True, text=True, timeout=60, check=False, env=where)

    first = as_login("daemon", "whoami")
    if "loginuid" in first.stderr:
        leave_out("needs the right to set a login uid (root with CAP_AUDIT_CONTROL)")
    assert "You are daemon" in first.stdout
    begun = as_login("daemon", "users", "grant", "daemon", "administrator", "--reason", "check:T-1")
    assert begun.returncode == 0, begun.stderr
    assert as_login("daemon", "users", "grant", "bin", "investigator", "--reason", "check:T-1").returncode == 0
    asked = ("match", "欧阳志远", "--as-of", AS_OF, "--reason", "check:T-1")
    assert [as_login(name, *asked).returncode for name in uids] == [4, 0, 4]
    assert command("match", "欧阳志远", "--workspace", workspace).code == 4, "the account itself holds no role"


def test_the_python_face_goes_through_the_same_gate(office: Office) -> None:
    office.patch.setattr("netpursuit.wiring.desks.user_of_machine", lambda: "ines")
    with netpursuit.open(office.folder, reason="check:T-1") as opened:
        assert opened.match(netpursuit.Person(names=(netpursuit.Name(text="欧阳志远"),))).lists
    office.patch.setattr("netpursuit.wiring.desks.user_of_machine", lambda: "axel")
    with (
        netpursuit.open(office.folder, reason="check:T-1") as opened,
        pytest.raises(RefusedError, match="investigator"),
    ):
        opened.leads()


def test_a_lead_is_given_to_a_user_who_may_decide_it(office: Office) -> None:
    lead = lead_of(office)
    for to in ("ines", "Rita Reviewer", "sam"):
        refused = office("sam", "leads", "assign", lead, "--to", to, code=4)
        assert "role reviewer" in refused.err
        assert to not in json.dumps(office.log()[-2]["about"])
    office("ines", "leads", "assign", lead, "--to", "rita", code=4)
    assert "rita" in office("sam", "leads", "assign", lead, "--to", "rita").out
    assert office("rita", "leads", "show", lead, "--json").json["assigned_to"] == "rita"


def test_four_eyes_are_switched_off_by_two(office: Office) -> None:
    for who in ("ada", "rita", "ines", "axel"):
        office(who, "policy", "four-eyes", "on", code=4)
    assert office("sam", "policy", "four-eyes", "on", "--json").json == {"four_eyes": True}
    waits = office("sam", "policy", "four-eyes", "off", "--json").json
    assert (waits["four_eyes"], waits["off_asked_by"]) == (True, "sam")
    refused = office("sam", "policy", "four-eyes", "off", code=4)
    assert "two users" in refused.err
    assert "sam has asked" in office("sue", "policy", "four-eyes").out
    lead = lead_of(office)
    office("rita", "leads", "confirm", lead, *BOTH, "--name", "Rita", "--note", "seen")
    assert office("rita", "leads", "show", lead, "--json").json["state"] == "open", "it is on until the second agrees"
    assert office("sue", "policy", "four-eyes", "off", "--json").json == {"four_eyes": False}
    office("sue", "policy", "four-eyes", "on")
    office("sue", "policy", "four-eyes", "off")
    office("sam", "policy", "four-eyes", "on")
    waits = office("sam", "policy", "four-eyes", "off", "--json").json
    assert waits["off_asked_by"] == "sam", "whoever asks anew after it was switched on is the first again"


def test_a_wish_to_switch_four_eyes_off_lapses(office: Office) -> None:
    office("sam", "policy", "four-eyes", "on")
    office("sam", "policy", "four-eyes", "off")
    with sqlite3.connect(office.folder / "truth.sqlite") as base:
        (kept,) = base.execute("SELECT value FROM setting WHERE key = 'four-eyes.off'").fetchone()
        old = json.dumps({**json.loads(kept), "at": "2026-01-01T00:00:00+00:00"})
        base.execute("UPDATE setting SET value = ? WHERE key = 'four-eyes.off'", (old,))
    base.close()
    assert office("sue", "policy", "four-eyes", "off", "--json").json["off_asked_by"] == "sue"


def test_rows_are_read_again_by_those_who_look_at_people_alone(office: Office, register: Path) -> None:
    assert "register.csv:6" in office("ada", "quarantine", "show").out
    refused = office("ada", "quarantine", "show", "--source", register, code=4)
    assert "1991" not in refused.out + refused.err
    assert "1991" in office("sam", "quarantine", "show", "--source", register).out


def test_the_account_of_the_night_screens_in_it_and_not_by_hand(
    office: Office, tmp_path: Path, wanted: tuple[Path, Path], register: Path, feed: Path
) -> None:
    config = tmp_path / "night.toml"
    more = register.read_text(encoding="utf-8").replace("R2,", "R22,")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "more.csv").write_text(more, encoding="utf-8")
    config.write_text(
        f'[[list]]\nid = "wanted"\nfiles = ["{wanted[0].name}"]\nmapping = "{wanted[1].name}"\n'
        f'[[feed]]\nfeed = "{feed.name}"\nfolder = "new"\n',
        encoding="utf-8",
    )
    office("ines", "night", config, "--as-of", AS_OF, code=4)
    by_hand = office("ada", "screen", tmp_path / "new" / "more.csv", "--feed", feed, code=4)
    assert by_hand.out == ""
    done = office("ada", "night", config, "--as-of", AS_OF, "--json")
    assert [item["what"] for item in done.json["leads"]].count("new") == 1
    assert "章玉琴" not in done.out
    office("ada", "leads", "list", code=4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it names nobody"),
        ("[users]\n", "it names nobody"),
        ("[users]\nada = 'administrator'\n", "ada: expected a list of roles"),
        ("[users]\nada = []\n", "ada: expected a list of roles"),
        ("[users]\nada = ['administrator', 'boss']\nli = ['chief']\n", "unknown role 'chief'"),
        ("[users]\nada = ['administrator']\n' ada' = ['auditor']\n", "ada: named twice"),
        ("[users]\n'x/y' = ['administrator']\n", "no name of a user"),
        ("[users]\nada = ['administrator']\n[roles]\nx = 1\n", "unknown setting 'roles'"),
        ("[users\n", "this is no TOML"),
        ("[users]\nada = [['administrator']]\n", "unknown role ['administrator']"),
    ],
)
def test_a_wrong_file_of_users_changes_nothing(
    command: Run, workspace: Path, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "users.toml"
    file.write_text(text, encoding="utf-8")
    answer = command("users", "import", file, "--workspace", workspace, "--lang", "en")
    assert answer.code == 2
    assert "users.toml: " in answer.err
    assert said in answer.err
    assert command("whoami", "--workspace", workspace, "--json").json["roles_in_use"] is False
    assert command("users", "import", tmp_path / "none.toml", "--workspace", workspace).code == 2
    chinese = command("users", "import", file, "--workspace", workspace, "--lang", "zh").err
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese.split("users.toml")[-1])


def test_an_import_takes_the_place_of_all_that_was(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text('[users]\nada = ["administrator"]\n"@no-such-group-here" = ["auditor"]\n', encoding="utf-8")
    done = office("ada", "users", "import", file)
    assert "does not know @no-such-group-here" in done.err
    assert "rita: no role" in done.out
    office("rita", "leads", "list", code=4)
    assert "Nobody's roles have changed" in office("ada", "users", "import", file).out


def test_the_page_about_roles_says_what_the_program_does() -> None:
    page = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    rows = [row.strip("|").split("|") for row in page.splitlines() if row.startswith("| `")]
    told = {row[0].strip().strip("`"): tuple(cell.strip() for cell in row[1:]) for row in rows}
    expected = {
        verb.value: tuple("yes" if role in roles else "" for role in UserRole) for verb, roles in MAY.items() if roles
    }
    assert told == expected


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_role_and_every_act_has_its_words(lang: str) -> None:
    words = Catalogue(lang)
    needed = [f"user-role.{role.value}{part}" for role in UserRole for part in ("", ".may")]
    assert [key for key in (*needed, *(f"verb.{verb.value}" for verb in MAY)) if key not in words] == []
