"""Backups from outside: what comes back, what must not, and what tells a restore from a rolled-back log."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from netpursuit.audit.log import ConsultationLog
from netpursuit.stores import schema
from netpursuit.stores.workspace import open_workspace
from tests.cli.conftest import AS_OF, Answer, Run, environment, start
from tests.lived import REASON, act, house, keys_of, lived

__all__ = ["house", "lived"]

PASSPHRASE = "correct horse battery staple"


def leads(command: Run, folder: Path) -> list[dict[str, Any]]:
    shown = act(command, folder, "leads", "list", "--as-of", AS_OF, "--json", *REASON)
    assert shown.code == 0, shown.err
    found: list[dict[str, Any]] = shown.json["leads"]
    return found


def back_up(command: Run, folder: Path, file: Path) -> Any:
    made = act(command, folder, "backup", "create", file, "--json")
    assert made.code == 0, made.err
    return made.json


def restore(command: Run, file: Path, target: Path, keys: Path, *more: object) -> Answer:
    return command("backup", "restore", file, "--to", target, "--keys", keys, *REASON, *more)


def verified(command: Run, folder: Path) -> Any:
    told = act(command, folder, "audit", "verify", "--json")
    return {**told.json, "code": told.code}


def states(command: Run, folder: Path) -> list[tuple[str, str, int]]:
    return [(lead["lead"], lead["state"], lead["revision"]) for lead in leads(command, folder)]


def test_what_was_backed_up_comes_back_and_what_was_lost_is_said(command: Run, lived: Path, tmp_path: Path) -> None:
    file = tmp_path / "night.npb"
    made, before = back_up(command, lived, file), states(command, lived)
    last = leads(command, lived)[-1]["lead"]
    assert act(command, lived, "leads", "assign", last, "--to", "Wang").code == 0
    shutil.move(lived, tmp_path / "away")

    done = restore(command, file, lived, keys_of(lived), "--json")
    assert done.code == 0, done.err
    # The outcome of the backup, and three consultations more.
    assert (done.json["lost"], done.json["sha256"], done.json["expired"]) == (7, made["sha256"], False)
    assert done.json["log"]["records"] == made["log"]["records"]
    told = verified(command, lived)
    assert (told["code"], told["intact"]) == (0, True)
    (named,) = told["restores"]
    assert (named["lost"], named["kept"], named["refused"]) == (7, made["log"]["records"], None)
    assert "records of the log that were made after the backup are lost" in restore_text(command, file, tmp_path)

    assert states(command, lived) == before
    assert act(command, lived, "graph", "verify").code == 0
    asked = ("graph", "neighbours", "Phone:+8613800138000", "--case", "K-1", "--as-of", AS_OF, "--json")
    assert act(command, lived, *asked).code == 0
    ring = act(command, lived, "graph", "graphs", "--json", *REASON)
    assert [graph["graph"] for graph in ring.json] == ["ring"]
    log = act(command, lived, "audit", "show", "--json", *REASON).json
    (record,) = [item for item in log if item["verb"] == "backup-restore"]
    assert record["outcome"]["counts"] == {
        "records": made["log"]["records"],
        "lost": 7,
        "purged": 0,
        "erased": 0,
    }


def restore_text(command: Run, file: Path, tmp_path: Path) -> str:
    """What a restore says, on a copy of the keys."""
    shutil.copytree(keys_of(tmp_path / "ws"), tmp_path / "copied-keys")
    told = restore(command, file, tmp_path / "copied", tmp_path / "copied-keys")
    assert told.code == 0, told.err
    return told.out


def test_screening_goes_on_after_a_restore_as_if_nothing_had_been(command: Run, lived: Path, tmp_path: Path) -> None:
    back_up(command, lived, tmp_path / "b")
    before = states(command, lived)
    shutil.rmtree(lived)
    assert restore(command, tmp_path / "b", lived, keys_of(lived)).code == 0
    again = act(
        command, lived, *("screen", tmp_path / "register.csv", "--feed", tmp_path / "rental.toml", "--as-of", AS_OF)
    )
    assert again.code == 0, again.err
    assert states(command, lived) == before, "decisions and clearances hold"


def test_a_log_rolled_back_by_hand_is_still_found(command: Run, lived: Path, tmp_path: Path) -> None:
    back_up(command, lived, tmp_path / "b")
    leads(command, lived)
    shutil.rmtree(lived)
    assert restore(command, tmp_path / "b", lived, keys_of(lived)).code == 0
    shutil.copytree(lived, tmp_path / "copy")
    leads(command, lived)
    assert verified(command, lived)["code"] == 0
    shutil.rmtree(lived)
    shutil.move(tmp_path / "copy", lived)
    assert verified(command, lived)["code"] == 6, "the restore excuses what was before it, nothing after"
    leads(command, lived)
    assert verified(command, lived)["code"] == 6


def test_unpacking_a_backup_without_the_record_is_found(command: Run, lived: Path, tmp_path: Path) -> None:
    """Somebody with the key folder's secret opens a backup, but leaves no record of the restore."""
    keys = keys_of(lived)
    back_up(command, lived, tmp_path / "b")
    leads(command, lived)
    shutil.copytree(keys, tmp_path / "keys")
    assert restore(command, tmp_path / "b", tmp_path / "secretly", tmp_path / "keys").code == 0
    shutil.rmtree(lived)
    shutil.move(tmp_path / "secretly", lived)
    assert verified(command, lived)["code"] == 6


def test_a_forged_record_of_a_restore_excuses_nothing(command: Run, lived: Path, tmp_path: Path) -> None:
    back_up(command, lived, tmp_path / "b")
    leads(command, lived)
    shutil.rmtree(lived)
    assert restore(command, tmp_path / "b", lived, keys_of(lived)).code == 0
    (file,) = keys_of(lived).glob("*/keys.sqlite")
    raw = sqlite3.connect(file)
    raw.execute("UPDATE restoration SET body = replace(body, '\"lost_to\":', '\"lost_to\":1')")
    raw.commit()
    raw.close()
    told = verified(command, lived)
    assert told["code"] == 6
    assert any("signature" in problem for problem in told["problems"])
    assert told["restores"] == []


def test_older_and_newer_backups_can_be_restored_in_any_order(command: Run, lived: Path, tmp_path: Path) -> None:
    back_up(command, lived, tmp_path / "older")
    leads(command, lived)
    back_up(command, lived, tmp_path / "newer")
    for name in ("older", "newer", "older", "newer"):
        shutil.rmtree(lived)
        done = restore(command, tmp_path / name, lived, keys_of(lived), "--json")
        assert done.code == 0, done.err
        leads(command, lived)
        told = verified(command, lived)
        assert (told["code"], told["problems"]) == (0, [])
    assert len(told["restores"]) == 4


def test_nothing_is_restored_over_anything(command: Run, lived: Path, tmp_path: Path) -> None:
    back_up(command, lived, tmp_path / "b")
    before = verified(command, lived)
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine").touch()
    for target in (lived, taken):
        refused = restore(command, tmp_path / "b", target, keys_of(lived))
        assert refused.code == 2
        assert "nothing is restored over it" in refused.err
    inside = restore(command, tmp_path / "b", keys_of(lived).parent, keys_of(lived))
    assert inside.code == 2
    assert verified(command, lived) == before
    assert back_up_again(command, lived, tmp_path / "b") == 2, "nor is a backup overwritten"
    for place in (lived / "b", keys_of(lived) / "b", tmp_path / "nowhere" / "b"):
        assert back_up_again(command, lived, place) == 2
    (tmp_path / "empty").mkdir()
    assert restore(command, tmp_path / "b", tmp_path / "empty", keys_of(lived)).code == 0


def back_up_again(command: Run, folder: Path, file: Path) -> int:
    return act(command, folder, "backup", "create", file).code


def test_a_refused_restore_restores_nothing_and_is_on_record(command: Run, lived: Path, tmp_path: Path) -> None:
    back_up(command, lived, tmp_path / "b")
    target = tmp_path / "other"
    refused = command("backup", "restore", tmp_path / "b", "--to", target, "--keys", keys_of(lived), "--case", "K-9")
    assert refused.code == 4
    assert not target.exists()
    assert sorted(path.name for path in tmp_path.iterdir() if "restoring" in path.name) == []
    told = verified(command, lived)
    assert (told["code"], [item["refused"] for item in told["restores"]]) == (0, ["case-unknown"])
    assert "was refused" in act(command, lived, "audit", "verify").out
    leads(command, lived)
    assert verified(command, lived)["code"] == 0


def test_what_was_purged_after_the_backup_goes_again(command: Run, lived: Path, tmp_path: Path) -> None:
    typed = act(command, lived, "match", "章玉琴", "--birth-date", "1971-11-23", "--as-of", AS_OF, "--json")
    assert typed.code == 0
    back_up(command, lived, tmp_path / "b")
    opened = open_workspace(lived, keys_of(lived), create=False)
    log = ConsultationLog(opened.truth, opened.keys)
    (asked,) = [item.consultation_id for item in log.read() if item.intent.verb.value == "match"]
    assert log.purge(datetime.now(UTC) + timedelta(days=1), who="li") > 5
    opened.close()
    shutil.rmtree(lived)

    done = restore(command, tmp_path / "b", lived, keys_of(lived), "--json")
    assert done.code == 0, done.err
    assert done.json["purged"] > 5
    assert verified(command, lived)["code"] == 0
    shown = act(command, lived, "audit", "show", "--json", *REASON).json
    assert asked not in [item["consultation"] for item in shown]
    assert not [path for path in lived.rglob("*") if path.is_file() and asked.encode() in path.read_bytes()]


def test_what_was_erased_under_an_order_after_the_backup_goes_again(command: Run, lived: Path, tmp_path: Path) -> None:
    typed = act(command, lived, "match", "章玉琴", "--birth-date", "1971-11-23", "--as-of", AS_OF, "--json", *REASON)
    assert typed.code == 0
    back_up(command, lived, tmp_path / "b")
    stated = ("--name", "欧阳志远", "--birth-date", "1985-03-04", "--phone", "13800138000", "--order", "E-1")
    erased = act(command, lived, "subject", "erase", *stated, "--json", *REASON)
    assert erased.code == 0, erased.err
    ids = erased.json["erased"]
    assert ids
    assert erased.json["case_parts"] == 2, "the subscriber and the telephone that the case had attached"
    opened = open_workspace(lived, keys_of(lived), create=False)
    asked = [item.consultation_id for item in opened.truth.log_records() if item.sealed is not None]
    opened.keys.destroy(*asked)  # as at the end of their period
    opened.close()
    shutil.rmtree(lived)

    done = restore(command, tmp_path / "b", lived, keys_of(lived), "--json")
    assert done.code == 0, done.err
    assert sorted(done.json["erased"]) == sorted(ids)
    assert done.json["purged"] == 0, "typed values have ended; that somebody asked stays on record"
    assert {item["lead"] for item in leads(command, lived)}.isdisjoint(ids)
    shown = act(command, lived, "leads", "show", ids[0], "--json", *REASON).json
    assert shown["order"] == "E-1"
    record = [
        item for item in act(command, lived, "audit", "show", "--json", *REASON).json if "restore" in item["verb"]
    ]
    assert sorted(record[-1]["outcome"]["leads"]) == sorted(ids)
    assert verified(command, lived)["code"] == 0
    assert not [path for path in lived.rglob("*") if path.is_file() and b"13800138000" in path.read_bytes()]


def test_who_was_erased_after_the_backup_is_erased_again(command: Run, lived: Path, tmp_path: Path) -> None:
    where = "虚构路13号101室"
    (lead,) = [item["lead"] for item in leads(command, lived) if item["registration_id"] == "R2"]
    back_up(command, lived, tmp_path / "b")
    assert act(command, lived, "subject", "erase", lead, "--order", "2026-17", *REASON).code == 0
    shutil.rmtree(lived)
    done = restore(command, tmp_path / "b", lived, keys_of(lived), "--json")
    assert done.code == 0, done.err
    assert done.json["erased"] == [lead]
    assert [item["lead"] for item in leads(command, lived) if item["lead"] == lead] == []
    files = [path for path in lived.rglob("*") if path.is_file()]
    assert [path.name for path in files if where.encode() in path.read_bytes()] == []
    replayed = act(command, lived, "leads", "replay", lead, *REASON)
    assert "2026-17" in replayed.out + replayed.err
    assert verified(command, lived)["code"] == 0
    assert act(command, lived, "graph", "verify").code == 0


def test_a_restore_does_not_switch_four_eyes_off(command: Run, lived: Path, tmp_path: Path) -> None:
    back_up(command, lived, tmp_path / "before")
    assert act(command, lived, "policy", "four-eyes", "on", *REASON).code == 0
    back_up(command, lived, tmp_path / "after")
    shutil.rmtree(lived)
    done = restore(command, tmp_path / "before", lived, keys_of(lived), "--json")
    assert (done.code, done.json["four_eyes_kept"]) == (0, True)
    assert act(command, lived, "policy", "four-eyes", "--json").json == {"four_eyes": True}
    log = act(command, lived, "audit", "show", "--json", *REASON).json
    (record,) = [item for item in log if item["verb"] == "backup-restore"]
    assert record["outcome"]["about"] == {"four-eyes": "on"}
    told = restore(command, tmp_path / "before", tmp_path / "again", keys_of(lived))
    assert "Four eyes were switched on after the backup and stay on." in told.out
    done = restore(command, tmp_path / "after", tmp_path / "third", keys_of(lived), "--json")
    assert done.json["four_eyes_kept"] is False, "it is on by itself"


def test_four_eyes_that_two_have_switched_off_stay_off(command: Run, lived: Path, tmp_path: Path) -> None:
    back_up(command, lived, tmp_path / "before")
    assert act(command, lived, "policy", "four-eyes", "on", *REASON).code == 0
    assert act(command, lived, "policy", "four-eyes", "off", *REASON).code == 0
    with sqlite3.connect(lived / "truth.sqlite") as base:
        (asked,) = base.execute("SELECT value FROM setting WHERE key = 'four-eyes.off'").fetchone()
        of_another = json.dumps({**json.loads(asked), "user": "another"})
        base.execute("UPDATE setting SET value = ? WHERE key = 'four-eyes.off'", (of_another,))
    base.close()
    off = act(command, lived, "policy", "four-eyes", "off", "--json", *REASON)
    assert off.json == {"four_eyes": False}
    shutil.rmtree(lived)
    done = restore(command, tmp_path / "before", lived, keys_of(lived), "--json")
    assert done.json["four_eyes_kept"] is False
    assert act(command, lived, "policy", "four-eyes", "--json").json == {"four_eyes": False}


def test_whoever_has_the_file_alone_learns_of_nobody(command: Run, lived: Path, tmp_path: Path) -> None:
    file = tmp_path / "b"
    back_up(command, lived, file)
    content = file.read_bytes()
    line = json.loads(content.split(b"\n", 1)[0])
    assert {"warning", "purpose", "user", "consultation", "expires_on", "made_at"} <= line.keys(), "A13"
    assert "Personal data" in line["warning"]
    for secret in ("欧阳", "章玉琴", "13800138000", "SQLite format", '"lead_id"', "Li Hua"):
        assert secret.encode() not in content.split(b"\n", 1)[1]
    other = tmp_path / "others-keys"
    for arguments in (("verify", file), ("restore", file, "--to", tmp_path / "new", *REASON)):
        failed = command("backup", *arguments, "--keys", other)
        assert failed.code == 1
        assert "NETPURSUIT_KEYS" in failed.err
    assert not (tmp_path / "new").exists()
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


def test_no_copy_of_anybody_is_left_beside(command: Run, lived: Path, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    back_up(command, lived, tmp_path / "b")
    made = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert {path.name for path in made if path.parent.name != "claims"} == {"b"}
    assert command("backup", "verify", tmp_path / "b", "--keys", keys_of(lived)).code == 0
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before | made


def test_a_backup_is_of_one_instant_while_others_write(command: Run, lived: Path, tmp_path: Path) -> None:
    ended, files = threading.Event(), []

    def look() -> None:
        opened = open_workspace(lived, keys_of(lived), create=False)
        number = 0
        while not ended.is_set():
            number += 1
            with opened.truth.transaction() as unit:
                unit.put_setting("one", str(number))
                unit.put_setting("two", str(number))
            ended.wait(0.002)
        opened.close()

    writer = threading.Thread(target=look)
    writer.start()
    try:
        for number in range(2):
            files.append(tmp_path / f"b{number}")
            back_up(command, lived, files[-1])
    finally:
        ended.set()
        writer.join()
    shutil.rmtree(lived)
    seen = []
    for file in files:
        shutil.rmtree(lived, ignore_errors=True)
        assert restore(command, file, lived, keys_of(lived)).code == 0
        assert verified(command, lived)["code"] == 0
        raw = sqlite3.connect(lived / "truth.sqlite")
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        values = [row[0] for row in raw.execute("SELECT value FROM setting WHERE key IN ('one', 'two')")]
        raw.close()
        assert len(set(values)) == 1
        seen.append(int(values[0]))
    assert seen == sorted(set(seen)), "the writer went on meanwhile"


def test_a_graph_that_stood_elsewhere_is_built_anew_after_a_restore(command: Run, lived: Path, tmp_path: Path) -> None:
    """A graph server knows what was after the backup; its marks must not be believed."""
    back_up(command, lived, tmp_path / "b")
    last = leads(command, lived)[-1]["lead"]
    assert act(command, lived, "leads", "reopen", last, "--name", "Li Hua", "--note", "wrong").code == 0
    assert act(command, lived, "graph", "verify").code == 0
    shutil.copy(lived / "graph.sqlite", tmp_path / "graph.sqlite")
    shutil.rmtree(lived)
    assert restore(command, tmp_path / "b", lived, keys_of(lived)).code == 0
    shutil.move(tmp_path / "graph.sqlite", lived / "graph.sqlite")
    asked = ("graph", "neighbours", f"Lead:{last}", "--as-of", AS_OF, *REASON)
    act(command, lived, *asked)
    assert act(command, lived, "graph", "verify").code == 0


def test_the_keys_have_a_backup_of_their_own_under_a_passphrase(command: Run, lived: Path, tmp_path: Path) -> None:
    word = tmp_path / "word"
    word.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    file, data = tmp_path / "keys.npk", tmp_path / "b"
    opened = open_workspace(lived, keys_of(lived), create=False)
    opened.keys.keep_token("0" * 64, "{}")
    opened.keys.keep_password("li", "{}")
    opened.close()
    assert act(command, lived, "backup", "keys", file, "--passphrase-file", word).code == 0
    back_up(command, lived, data)
    shutil.rmtree(keys_of(lived))
    assert verified_code(command, lived) == 1

    word.write_text("another word than that\n", encoding="utf-8")
    wrong = command("backup", "restore-keys", file, "--keys", keys_of(lived), "--passphrase-file", word)
    assert wrong.code == 1
    assert list(keys_of(lived).rglob("keys.sqlite")) == []
    word.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    done = command("backup", "restore-keys", file, "--keys", keys_of(lived), "--passphrase-file", word)
    assert done.code == 0, done.err
    told = verified(command, lived)
    assert (told["code"], [item["kind"] for item in told["restores"]]) == (0, ["keys"])
    opened = open_workspace(lived, keys_of(lived), create=False)
    assert list(opened.keys.tokens()) == [], "one that was revoked meanwhile would come back"
    assert opened.keys.password_users() == (), "so would one that was changed"
    opened.close()
    twice = command("backup", "restore-keys", file, "--keys", keys_of(lived), "--passphrase-file", word)
    assert twice.code == 2
    # A backup of the workspace that was made after that of the keys is opened by them.
    assert command("backup", "verify", data, "--keys", keys_of(lived)).code == 0
    for name, other in (("restore", file), ("restore-keys", data)):
        more = ("--to", tmp_path / "new", *REASON) if name == "restore" else ("--passphrase-file", word)
        assert command("backup", name, other, "--keys", tmp_path / "k9", *more).code == 2
    word.write_text("short\n", encoding="utf-8")
    assert act(command, lived, "backup", "keys", tmp_path / "k2", "--passphrase-file", word).code == 2


def test_a_passphrase_is_asked_for_twice_and_never_shown(
    command: Run, lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def type_in(prompt: str) -> str:
        asked.append(prompt)
        return PASSPHRASE

    monkeypatch.setattr(click.termui, "hidden_prompt_func", type_in)
    made = act(command, lived, "backup", "keys", tmp_path / "k", "--lang", "en")
    assert made.code == 0, made.err
    assert [prompt.strip(": ") for prompt in asked] == ["Passphrase", "The same again"]
    assert PASSPHRASE not in made.out + made.err
    read = command("backup", "verify", tmp_path / "k", "--keys", keys_of(lived), "--lang", "zh")
    assert read.code == 0, read.err
    assert "备份完好" in read.out
    assert len(asked) == 3


def verified_code(command: Run, folder: Path) -> int:
    return act(command, folder, "audit", "verify").code


def test_a_backup_of_a_newer_version_is_refused_before_anything_is_written(
    command: Run, lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from netpursuit.records.backups import BackupKind
    from netpursuit.stores import backups

    with monkeypatch.context() as newer:
        newer.setitem(backups.SCHEMAS, BackupKind.WORKSPACE, schema.VERSION + 1)
        back_up(command, lived, tmp_path / "b")
    refused = restore(command, tmp_path / "b", tmp_path / "new", keys_of(lived))
    assert refused.code == 2
    assert f"schema {schema.VERSION + 1}" in refused.err
    assert not (tmp_path / "new").exists()


def test_a_backup_of_a_damaged_log_is_made_and_said(command: Run, lived: Path, tmp_path: Path) -> None:
    raw = sqlite3.connect(lived / "truth.sqlite")
    raw.execute("UPDATE log_payload SET payload = replace(payload, 'check', 'chock') WHERE position = 0")
    raw.commit()
    raw.close()
    made = act(command, lived, "backup", "create", tmp_path / "b", "--json")
    assert (made.code, made.json["intact"]) == (6, False)
    refused = restore(command, tmp_path / "b", tmp_path / "new", keys_of(lived))
    assert refused.code == 1
    assert "record 0 was changed" in refused.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("act_of", ["create", "restore"])
@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.slow)], ids=["short", "full"])
def test_killed_anywhere_there_is_a_whole_one_or_none(
    command: Run, lived: Path, tmp_path: Path, act_of: str, kills: int
) -> None:
    file, target, keys = tmp_path / "b", tmp_path / "restored", keys_of(lived)
    if act_of == "restore":
        back_up(command, lived, file)
        shutil.rmtree(lived)
    made = target if act_of == "restore" else file
    arguments = {
        "create": ("create", file, "--workspace", lived),
        "restore": ("restore", file, "--to", target, "--keys", keys, *REASON),
    }[act_of]
    moments, died = random.Random(kills), 0
    took = lasting(*arguments)
    while died < kills:
        remove(made)
        child = start("backup", *arguments, env=environment())
        with suppress(subprocess.TimeoutExpired):
            child.wait(moments.uniform(0.4, 1) * took)
        child.kill()
        child.communicate()
        died += child.returncode != 0
        took *= 1 if child.returncode else 0.8  # it was faster: sooner next time
        assert list(lived.glob(".backup-*")) == [] or os.name != "posix"
        if file.exists():
            assert command("backup", "verify", file, "--keys", keys).code == 0
        if act_of == "restore" and target.exists():
            assert command("audit", "verify", "--workspace", moved(target, lived)).code == 0
            shutil.move(lived, target)
    remove(made)
    assert command("backup", *arguments).code == 0
    assert [path for path in tmp_path.iterdir() if path.name.endswith((".part", ".restoring"))] == []
    if act_of == "restore":
        moved(target, lived)
    assert verified(command, lived)["code"] == 0
    assert len(leads(command, lived)) == 2


def lasting(*arguments: object) -> float:
    """How long an undisturbed call takes, in seconds."""
    began = time.monotonic()
    child = start("backup", *arguments, env=environment())
    child.communicate()
    assert child.returncode == 0
    return time.monotonic() - began


def remove(made: Path) -> None:
    if made.is_dir():
        shutil.rmtree(made)
    made.unlink(missing_ok=True)


def moved(target: Path, lived: Path) -> Path:
    """Where its keys are looked for beside it."""
    shutil.move(target, lived)
    return lived
