"""The promises as the command line keeps them: who looks says why, all of it is on record, and nobody else is."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

import netpursuit
from netpursuit import Name, Person, RefusedError
from netpursuit.catalogue import Catalogue
from netpursuit.commands import build_cli
from netpursuit.links.analyses import ANALYSES
from netpursuit.policy.model import Policy
from netpursuit.records import Verb
from tests.cli.conftest import AS_OF, Answer, Run, environment, register_text, start

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
# Commands that show nobody: they take no reason, and none of them opens a record of a person.
SHOW_NOBODY = {
    *("compare", "feed init", "feed check", "case open", "case list", "case close", "reason set", "reason show"),
    *("audit anchor", "completion"),
    *("audit verify", "demo", "evaluate", "policy show", "whoami", "web", "backup verify", "backup restore-keys"),
}
COUNTS_ONLY = {"index build", "index status", "graph status", "graph rebuild", "graph verify"}  # nobody is shown


ELSEWHERE = {"screen", "backup restore"}  # by a feed's purpose; on record in what was restored


def leaves() -> Iterator[tuple[str, click.Command]]:
    def below(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
        if not isinstance(command, click.Group):
            yield path, command
            return
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from below(child, f"{path} {name}".strip())

    cli = build_cli(Catalogue("en"))
    context = click.Context(cli)
    yield from below(cli, "")


@pytest.fixture
def led(command: Run, workspace: Path, register: Path, feed: Path) -> Path:
    """A workspace with two leads, whose shift's reason is over."""
    done = command("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF)
    assert done.code == 0
    with sqlite3.connect(workspace / "truth.sqlite") as base:
        base.execute("DELETE FROM setting WHERE key LIKE 'reason%' OR key LIKE 'shift%'")
    base.close()
    assert command("reason", "show", "--workspace", workspace, "--json").json["reason"] is None
    return workspace


def first_lead(command: Run, folder: Path) -> str:
    shown = command("leads", "list", "--workspace", folder, "--as-of", AS_OF, "--reason", "check:T-9", "--json")
    return str(shown.json["leads"][0]["lead"])


def log_of(command: Run, folder: Path, *more: str) -> list[dict[str, object]]:
    shown = command("audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json", *more)
    assert shown.code == 0, shown.err
    items: list[dict[str, object]] = shown.json
    return items


def test_every_command_that_shows_a_person_asks_for_a_reason() -> None:
    for path, command in leaves():
        options = {option for parameter in command.params for option in parameter.opts}
        assert path in COUNTS_ONLY or ({"--reason", "--case"} <= options) != (path in SHOW_NOBODY), path


CALLS: dict[str, tuple[str, ...]] = {
    "match": ("欧阳志远",),
    "leads list": (),
    "leads show": ("LEAD",),
    "leads confirm": ("LEAD", "--name", "Wang", "--note", "n", "--same-person", "--entry-in-force"),
    "leads clear": ("LEAD", "--name", "Wang", "--why", "elsewhere"),
    "leads assign": ("LEAD", "--to", "Wang"),
    "leads note": ("LEAD", "--name", "Wang", "--note", "n"),
    "leads outcome": ("LEAD", "--found", "--name", "Wang"),
    "leads reopen": ("LEAD", "--name", "Wang", "--note", "n"),
    "leads sheet": ("LEAD", "--out", "SHEET"),
    "leads replay": ("LEAD",),
    "leads open": ("C-X", "wanted:W1", "--record", "RECORD"),
    "lists add": ("WANTED", "--list", "other", "--mapping", "MAPPING"),
    "lists show": (),
    "lists remove": ("wanted",),
    "lists groups propose": (),
    "lists groups list": (),
    "lists groups show": ("G-X",),
    "lists groups accept": ("G-X", "--name", "Wang"),
    "lists groups reject": ("G-X", "--reason-code", "too-little"),
    "lists groups dissolve": ("G-X",),
    "graph import": ("FOLDER", "--graph", "pole"),
    "graph graphs": (),
    "graph drop": ("pole",),
    "graph attach": ("WANTED", "--mapping", "MAPPING"),
    "graph attached": (),
    "graph detach": ("calls",),
    "graph draw-in": ("NODE",),
    **{f"graph {name}": ("NODE", "OTHER")[: analysis.fewest] for name, analysis in ANALYSES.items()},
    "graph run": ("SEQUENCE", "NODE"),
    "graph load": ("NODE", "--uri", "bolt://127.0.0.1:1"),
    "audit show": (),
    "audit prove": ("R-X", "--receipt", "RECORD", "--line", "1"),
    "audit unusual": (),
    "audit export": ("SHEET",),
    "audit prove-record": ("C-X", "SHEET"),
    "audit request": ("C-X",),
    "audit approve": ("C-X",),
    "audit open": ("C-X",),
    "quarantine show": (),
    "policy use": ("FITTED",),
    "policy reset": (),
    "policy four-eyes": ("on",),
    "policy retention": ("lead-open", "30"),
    "retain": (),
    "subject find": ("欧阳志远",),
    "subject correct": ("LEAD", "--phone", "13800138009", "--order", "O-1"),
    "subject erase": ("LEAD", "--order", "O-1"),
    "subject prove-erased": ("LEAD",),
    "backup create": ("BACKUP",),
    "backup keys": ("BACKUP", "--passphrase-file", "PASSPHRASE"),
    "users list": (),
    "users grant": ("anna", "reviewer"),
    "users revoke": ("anna",),
    "users password": ("anna", "--remove"),
    "users import": ("USERS",),
    "tokens issue": ("--user", "desk-7"),
    "tokens list": (),
    "tokens revoke": ("0123456789ab",),
    "night": ("NIGHT",),
}


@pytest.mark.parametrize("named", CALLS)
def test_without_a_reason_nothing_is_shown_and_the_refusal_is_on_record(
    command: Run, led: Path, tmp_path: Path, wanted: tuple[Path, Path], named: str
) -> None:
    record = tmp_path / "record.json"
    record.write_text(json.dumps({"names": "欧阳志远"}), encoding="utf-8")
    fitted = tmp_path / "fitted.toml"
    fitted.write_text(f'[policy]\nbase = "{Policy.shipped().version}"\n[levels.sex]\nsame = 800\n', encoding="utf-8")
    filled = {"LEAD": first_lead(command, led), "RECORD": record, "WANTED": wanted[0], "MAPPING": wanted[1]}
    filled["FITTED"] = fitted
    filled["FOLDER"] = tmp_path
    filled["BACKUP"] = tmp_path / "backup.npb"
    filled["PASSPHRASE"] = tmp_path / "passphrase"
    filled["PASSPHRASE"].write_text("a long passphrase of several words\n", encoding="utf-8")
    filled["USERS"] = tmp_path / "users.toml"
    filled["USERS"].write_text('[users]\nanna = ["administrator"]\n', encoding="utf-8")
    filled["SHEET"] = tmp_path / "sheet.html"
    filled["NIGHT"] = tmp_path / "night.toml"
    filled["NIGHT"].write_text(
        '[[list]]\nid = "wanted"\nfiles = ["wanted.csv"]\nmapping = "mapping.toml"\n', encoding="utf-8"
    )
    filled["SEQUENCE"] = tmp_path / "sequence.toml"
    filled["SEQUENCE"].write_text('name = "n"\n[[step]]\nanalysis = "timeline"\nnodes = "start"\n', encoding="utf-8")
    arguments = [str(filled.get(part, part)) for part in CALLS[named]]
    before = log_of(command, led)
    refused = command(*named.split(), *arguments, "--workspace", led, "--as-of", AS_OF)
    assert (refused.code, refused.out) == (4, ""), refused.err
    last = log_of(command, led)[len(before) + 1 :]  # the look at the log itself stands between
    assert len(last) == 1
    assert last[0]["outcome"] is not None
    assert last[0]["outcome"]["refused"] == "no-reason"  # type: ignore[index]
    assert not filled["SHEET"].exists()
    assert not filled["BACKUP"].exists()


def test_every_command_that_shows_a_person_is_called_above() -> None:
    assert {path for path, _ in leaves()} == {*CALLS, *SHOW_NOBODY, *COUNTS_ONLY, *ELSEWHERE}


def test_screening_runs_for_its_feeds_purpose(command: Run, led: Path) -> None:
    (run,) = [item for item in log_of(command, led) if item["verb"] == "screen"]
    assert run["authority"] == "purpose:查找在逃人员"


@pytest.mark.parametrize("reason", ["holiday:T-1", "check", "check:", ":T-1", "curious", "check:990101198503040010"])
def test_a_reason_is_a_code_of_the_policy_and_a_task(command: Run, led: Path, reason: str) -> None:
    for arguments in (("leads", "list", "--reason", reason), ("reason", "set", reason)):
        refused = command(*arguments, "--workspace", led)
        assert refused.code in (2, 4)
        assert refused.out == ""


def open_case(command: Run, folder: Path, case_id: str, days: int, *more: str) -> Answer:
    until = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
    stated = ("--title", "案件", "--authority", "幻县公安局", "--legal-basis", "立案决定书", "--purpose", "追逃")
    return command("case", "open", "--id", case_id, *stated, "--expires", until, "--workspace", folder, *more)


def test_a_case_opens_the_leads_to_its_members_until_it_is_closed_or_over(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = ("leads", "list", "--workspace", led, "--as-of", AS_OF, "--json", "--case")
    assert open_case(command, led, "K-1", 30).code == 0
    assert command(*shown, "K-1").json["total"] == 2
    assert log_of(command, led)[-1]["authority"] == "case:K-1"

    assert open_case(command, led, "K-2", 30, "--member", "somebody-else").code == 0
    assert open_case(command, led, "K-3", 30).code == 0
    assert command("case", "close", "K-3", "--workspace", led).code == 0
    assert open_case(command, led, "K-4", -1).code != 0, "over before it began"
    for case_id in ("K-2", "K-3", "K-4", "K-NONE"):
        refused = command(*shown, case_id)
        assert (refused.code, refused.out) == (4, ""), case_id
    states = {case["case"]: case["state"] for case in command("case", "list", "--workspace", led, "--json").json}
    assert states["K-1"] != states["K-3"]


def test_a_case_that_has_expired_opens_nothing(command: Run, led: Path) -> None:
    assert open_case(command, led, "K-1", 1).code == 0
    with sqlite3.connect(led / "truth.sqlite") as base:
        (body,) = base.execute("SELECT body FROM case_file").fetchone()
        until = json.loads(body)["expires_on"]
        base.execute("UPDATE case_file SET body = ?", (body.replace(until, "2026-01-01"),))
    base.close()
    refused = command("leads", "list", "--workspace", led, "--case", "K-1", "--json")
    assert (refused.code, refused.out) == (4, "")


GROUPS: list[dict[str, object]] = [
    {"nationality": "CN"},
    {"names": "张"},
    {"names": "张*"},
    {"names": "?伟"},
    {"sex": "male", "nationality": "CN"},
    {"birth_date": "1990-01-01"},
    {"address": "幻县虚构路12号"},
    {"address": "幻县虚构路12号", "sex": "female"},
    {"id_number": "650102", "id_country": "CN"},
    {"id_number": "650102**********", "id_country": "CN"},
    {"id_number": "65010219900101****", "id_country": "CN", "id_type": "居民身份证"},
    {"phone": "138"},
    {"phone": "138****"},
    {"email": "@example.org"},
]


@pytest.mark.parametrize("asked", GROUPS, ids=map(str, range(len(GROUPS))))
def test_group_queries_are_refused_through_every_face(
    command: Run, workspace: Path, tmp_path: Path, asked: dict[str, object]
) -> None:
    record = tmp_path / "record.jsonl"
    record.write_text(json.dumps(asked, ensure_ascii=False) + "\n", encoding="utf-8")
    options = {"names": "", "birth_date": "--birth-date", "id_number": "--id", "id_country": None, "id_type": None}
    typed: list[str] = []
    for key, value in asked.items():
        option = options.get(key, f"--{key}")
        if option is not None:
            typed += [option, str(value)] if option else [str(value)]
    for arguments in (
        ("match", *typed),
        ("match", "--record", str(record)),
        ("match", "--record", str(record), "--json"),
    ):
        refused = command(*arguments, "--workspace", workspace, "--as-of", AS_OF)
        assert (refused.code, refused.out) == (4, ""), (arguments, refused.err)
    log = log_of(command, workspace)
    assert all(item["outcome"]["refused"] for item in log[-3:])  # type: ignore[index]


def test_group_queries_are_refused_to_programs_too(workspace: Path) -> None:
    with netpursuit.open(workspace, reason="check:T-1") as opened:
        for person in (Person(nationalities=("CN",)), Person(names=(Name(text="张"),)), Person()):
            with pytest.raises((RefusedError, netpursuit.InputError)):
                opened.match(person)


def test_no_command_and_no_call_but_one_confirms(command: Run, led: Path) -> None:
    confirming = [path for path, _ in leaves() if "confirm" in path]
    assert confirming == ["leads confirm"]
    assert not [verb for verb in Verb if "confirm" in verb.value and verb is not Verb.LEADS_CONFIRM]
    # Two entries are one person, or what was typed may be read: nobody registered is said to be anybody.
    about_no_lead = {"lists groups accept", "audit approve"}
    for word in ("accept", "approve", "verdict", "arrest"):
        assert not [path for path, _ in leaves() if word in path and path not in about_no_lead]
    shown = command("leads", "list", "--workspace", led, "--reason", "check:T-1", "--as-of", AS_OF, "--json").json
    assert {lead["state"] for lead in shown["leads"]} == {"open"}


def test_the_log_shows_fields_and_counts_but_nothing_typed(command: Run, led: Path) -> None:
    asked = ("match", "Canarystein Quux", "--birth-date", "1911-11-11", "--id", "GB:99887766", "--phone", "13899887766")
    assert command(*asked, "--workspace", led, "--reason", "check:T-7", "--as-of", AS_OF).code == 0
    refused = ("match", "慕容*", "--workspace", led, "--reason", "check:T-8")
    assert command(*refused).code == 4
    for shown in (
        command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").out,
        command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--lang", "zh").out,
    ):
        assert "T-7" in shown
        for typed in ("Canary", "Quux", "1911", "99887766", "慕容"):
            assert typed not in shown
    query = next(item for item in log_of(command, led) if item["authority"] == "check:T-7")
    assert set(query["fields"]) >= {"name", "birth-date"} or set(query["fields"]) >= {"names", "birth_date"}  # type: ignore[call-overload]


def test_nothing_of_strangers_stays_on_disk(command: Run, workspace: Path, feed: Path, tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    canaries = (
        "慕容玖琅",
        "Canarystein",
        "13899887766",
        "990101199307078888",
        "1993-07-07",
        "虚构里弄七十七号",
        "S77X",
    )
    register = tmp_path / "in" / "register.csv"
    register.parent.mkdir()
    rows = (
        "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,2026-04-02",
        "S77X1,慕容玖琅,1993-07-07,990101199307078888,13899887766,虚构里弄七十七号,2026-04-02",
        "S77X2,Canarystein Quux,1993-07-07,990101199307078888,13899887766,虚构里弄七十七号,2026-14-02",
        "S77X3,慕容玖琅,1993-07-07",
        "S77X4,,1993-07-07,990101199307078888,13899887766,虚构里弄七十七号,2026-04-02",
        'S77X5,"慕容玖琅,1993-07-07',
    )
    register.write_text(register_text(*rows), encoding="utf-8")
    private = environment(TMPDIR=str(scratch), TEMP=str(scratch), TMP=str(scratch), HOME=str(home))
    common = ("--workspace", workspace, "--as-of", AS_OF)
    out = ("--out", tmp_path / "leads.csv", "--report", tmp_path / "leads.html")
    record = tmp_path / "in" / "record.json"
    record.write_text(json.dumps({"names": ["慕容玖琅", "Canarystein"], "birth_date": "1993-07-07"}), encoding="utf-8")
    calls: tuple[tuple[object, ...], ...] = (
        ("screen", register, "--feed", feed, *out, *common),
        ("match", "慕容玖琅", "--birth-date", "1993-07-07", "--id", "CN:990101199307078888", *common),
        ("match", "Canarystein Quux 1993-07-07 13899887766", "--address", "虚构里弄七十七号", *common),
        ("match", "--record", record, "--json", *common),
        ("match", "Canarystein*", *common),
        ("match", "A B", "--birth-date", "Canarystein", *common),
        ("match", "A B", "--against", "Canarystein:慕容玖琅", *common),
        ("leads", "show", "Canarystein", *common),
        ("leads", "open", "C-Canarystein", "wanted:慕容玖琅", "--record", record, *common),
        ("quarantine", "show", "--source", register, *common),
    )
    said = {}
    for arguments in calls:
        child = start(*arguments, env=private)
        printed, err = child.communicate(timeout=120)
        said[str(arguments[:2])] = (child.returncode, printed, err)
    assert said["('screen', " + repr(register) + ")"][0] == 0, said
    kept = command("quarantine", "show", "--workspace", workspace, "--json").json
    assert len(kept) >= 3, "canaries are among the quarantined, too"
    places = (workspace, workspace.with_name("ws-keys"), home, scratch)
    files = [file for place in places for file in place.rglob("*") if file.is_file()]
    files += [file for file in tmp_path.iterdir() if file.is_file()]
    assert tmp_path / "leads.csv.notice.txt" in files
    for file in files:
        content = file.read_bytes()
        for canary in canaries:
            for encoding in ENCODINGS:
                assert canary.encode(encoding) not in content, (file, canary, encoding)
                assert canary.encode(encoding) not in os.fsencode(file.name)


TAMPERINGS = {
    "a leaf edited": "UPDATE log SET leaf = zeroblob(32) WHERE position = (SELECT min(position) + 1 FROM log)",
    "a record deleted": "DELETE FROM log WHERE position = (SELECT min(position) + 1 FROM log)",
    "the end cut off": "DELETE FROM log WHERE position > (SELECT max(position) - 2 FROM log)",
    "a payload rewritten": "UPDATE log_payload SET {payload} = replace({payload}, 'check', 'audit')",
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_tampering_with_the_log_is_noticed(command: Run, led: Path, how: str) -> None:
    verify = ("audit", "verify", "--workspace", led)
    assert command(*verify).code == 0
    with sqlite3.connect(led / "truth.sqlite") as base:
        columns = [
            row[1] for row in base.execute("PRAGMA table_info(log_payload)") if "payload" in row[1] or row[1] == "body"
        ]
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f"DROP TRIGGER {trigger}")
        done = base.execute(TAMPERINGS[how].format(payload=columns[0]))
        assert done.rowcount > 0
    base.close()
    assert command(*verify).code == 6
    shown = command(*verify, "--json")
    assert (shown.code, shown.json["intact"]) == (6, False)
    assert shown.json["problems"]


def test_a_workspace_rolled_back_is_noticed(command: Run, led: Path) -> None:
    for name in ("truth.sqlite", "truth.sqlite-wal"):
        if (led / name).exists():
            (led / f"{name}.old").write_bytes((led / name).read_bytes())
    assert first_lead(command, led)
    for name in ("truth.sqlite", "truth.sqlite-wal", "truth.sqlite-shm"):
        (led / name).unlink(missing_ok=True)
        if (led / f"{name}.old").exists():
            (led / f"{name}.old").replace(led / name)
    assert command("audit", "verify", "--workspace", led).code == 6
