"""The log's own commands from outside: views, proofs that an outside auditor checks alone, and unusual use (A1, A2)."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, Answer, Run
from tests.cli.test_lead_handling import as_user

AUDIT = ("--reason", "audit:A-1")


@pytest.fixture
def led(command: Run, workspace: Path, register: Path, feed: Path) -> Path:
    """A workspace with two leads and a query on record."""
    for arguments in (
        ("screen", register, "--feed", feed),
        ("match", "Canarystein Quux", "--birth-date", "1911-11-11"),
    ):
        done = command(*arguments, "--workspace", workspace, "--as-of", AS_OF)
        assert done.code == 0, done.err
    return workspace


def audit(command: Run, folder: Path, *arguments: object, code: int = 0) -> Answer:
    """An ``audit`` command; those that ask for a reason get one."""
    more = () if arguments[0] in ("verify", "anchor") else AUDIT
    done = command("audit", *arguments, *more, "--workspace", folder)
    assert done.code == code, (done.out, done.err)
    return done


def shown(command: Run, folder: Path, *arguments: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = audit(command, folder, "show", *arguments, "--json").json
    return items


def query_of(command: Run, folder: Path) -> str:
    return str(shown(command, folder, "--verb", "match")[-1]["consultation"])


def lead_ids(command: Run, folder: Path) -> dict[str, str]:
    listed = command("leads", "list", "--workspace", folder, "--as-of", AS_OF, "--json").json["leads"]
    return {item["registration_id"]: item["lead"] for item in listed}


# Views.


def test_who_looked_at_a_lead_or_a_listed_person_is_told_by_their_ids(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = lead_ids(command, led)
    as_user(monkeypatch, "anna")
    assert command("leads", "show", leads["R1"], "--workspace", led, "--as-of", AS_OF, "--reason", "lead:T").code == 0
    as_user(monkeypatch, "berta")
    asked = ("match", "Ouyang Zhiyuan", "--birth-date", "1985-03-04", "--reason", "check:T")
    assert command(*asked, "--workspace", led, "--as-of", AS_OF).code == 0
    by_lead = shown(command, led, "--lead", leads["R1"])
    assert [item["verb"] for item in by_lead] == ["screen", "leads-list", "leads-show"]
    assert by_lead[-1]["who"] == "anna"
    by_entry = shown(command, led, "--entry", "wanted:W1")
    assert [item["verb"] for item in by_entry][-2:] == ["match", "audit-show"], "and who was told who looked"
    assert {"anna", "berta"} <= {item["who"] for item in by_entry}
    assert "leads-show" in [item["verb"] for item in by_entry], "a look at the lead is a look at the person"
    assert shown(command, led, "--lead", leads["R2"], "--verb", "leads-show") == []
    assert shown(command, led, "--entry", "wanted:W2", "--user", "anna") == []


def test_consultations_are_narrowed_by_user_case_kind_and_day(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = ("--title", "t", "--authority", "a", "--legal-basis", "l", "--purpose", "p", "--expires", "2099-01-01")
    assert command("case", "open", "--id", "K-1", *stated, "--workspace", led).code == 0
    assert command("leads", "list", "--case", "K-1", "--workspace", led, "--as-of", AS_OF).code == 0
    assert command("match", "张*", "--workspace", led).code == 4
    as_user(monkeypatch, "anna")
    assert command("leads", "list", "--reason", "lead:T", "--workspace", led, "--as-of", AS_OF).code == 0
    assert {item["authority"] for item in shown(command, led, "--of-case", "K-1")} == {"case:K-1"}
    assert [item["verb"] for item in shown(command, led, "--user", "anna", "--verb", "leads-list")] == ["leads-list"]
    (refused,) = shown(command, led, "--refused")
    assert refused["outcome"]["refused"] == "wildcard-name"
    everything = shown(command, led, "--since", "2000-01-01", "--until", "2099-01-01")
    assert len(everything) > 8
    assert shown(command, led, "--until", "2000-01-01") == []
    assert shown(command, led, "--since", "2099-01-01") == []
    assert len(shown(command, led, "--last", "2")) == 2
    assert audit(command, led, "show", "--since", "2026-02-01", "--until", "2026-01-01", code=2).out == ""
    assert "LIST:ID" in audit(command, led, "show", "--entry", "W1", code=2).err
    assert audit(command, led, "show", "--lead", "L-NOBODY").out == ""


def test_an_interrupted_consultation_is_found_with_what_its_parts_had_stored(command: Run, led: Path) -> None:
    lead = lead_ids(command, led)["R1"]
    before = len(shown(command, led))
    with sqlite3.connect(led / "truth.sqlite") as base:
        (outcome,) = base.execute(
            "SELECT position FROM log_payload WHERE kind = 'outcome' AND consultation_id = "
            "(SELECT consultation_id FROM log_payload WHERE kind = 'part' LIMIT 1)"
        ).fetchone()
        base.execute("DELETE FROM log_payload WHERE position = ?", (outcome,))
    base.close()
    (found,) = shown(command, led, "--interrupted")
    assert (found["verb"], found["outcome"]) == ("screen", None)
    assert lead in found["stored"]["leads"]
    assert "screen" in [item["verb"] for item in shown(command, led, "--lead", lead)]
    assert len(shown(command, led)) > before


def test_what_is_cut_is_said_and_what_was_typed_to_narrow_is_logged_only_where_the_log_knows_it(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netpursuit.custody.log_views.SHOWN_MOST", 3)
    shown(command, led, "--last", "1")
    cut = audit(command, led, "show")
    assert len(cut.out.splitlines()) == 3
    assert "The latest 3 of" in cut.err
    assert "最近 3 条" in audit(command, led, "show", "--lang", "zh").err
    monkeypatch.undo()
    audit(
        command, led, "show", "--user", "Canary", "--of-case", "Canary", "--entry", "wanted:Canary", "--lead", "Canary"
    )
    last = shown(command, led, "--verb", "audit-show")[-1]
    assert set(last["fields"]) == {"who", "case-id", "entry", "lead-id"}
    assert "Canary" not in json.dumps(last)


# Proofs.


def test_an_export_is_verified_by_whoever_has_the_file_and_the_key_alone(
    command: Run, led: Path, tmp_path: Path
) -> None:
    file, anchor = tmp_path / "log.jsonl", tmp_path / "anchor.json"
    younger = tmp_path / "younger.json"
    made = audit(command, led, "export", file, "--json").json
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    manifest = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
    assert manifest["purpose"] == "audit:A-1"
    assert manifest["user"]
    assert manifest["expires_on"]
    assert "destroy" in manifest["warning"]
    assert "Canary" not in file.read_text(encoding="utf-8")
    audit(command, led, "anchor", anchor)
    audit(command, led, "export", file)
    shown(command, led)
    audit(command, led, "anchor", younger)
    shutil.rmtree(led)
    shutil.rmtree(led.with_name("ws-keys"))
    alone = command("audit", "verify", "--file", file)
    assert alone.code == 0
    assert "is whole" in alone.out
    assert "was not held against one known" in alone.out
    assert not led.exists()
    keyed = command("audit", "verify", "--file", file, "--public-key", made["public_key"], "--json").json
    assert (keyed["intact"], keyed["key_known"], keyed["records"]) == (True, True, made["records"] + 2)
    other = command("audit", "verify", "--file", file, "--public-key", "00" * 32)
    assert other.code == 6
    assert "another key" in other.err
    later = command("audit", "verify", "--file", file, "--anchor", anchor)
    assert later.code == 0, later.err
    early = command("audit", "verify", "--file", file, "--anchor", younger)
    assert early.code == 6
    assert "cannot be held against the anchor" in early.err
    content = file.read_text(encoding="utf-8")
    for broken in (
        content.replace("matches", "snatches", 1),
        content[: len(content) // 2],
        content.replace("audit:A-1", "x"),
    ):
        file.write_text(broken, encoding="utf-8")
        found = command("audit", "verify", "--file", file, "--lang", "zh")
        assert found.code == 6
        assert "发现差异" in found.err


def test_an_export_is_written_whole_or_not_at_all(command: Run, led: Path, tmp_path: Path) -> None:
    gone = tmp_path / "no-such-folder" / "log.jsonl"
    assert audit(command, led, "export", gone, code=1).out == ""
    late = audit(command, led, "export", tmp_path / "late.jsonl", "--expires", "2099-01-01", code=2)
    assert "cannot be kept until that day" in late.err
    assert not list(tmp_path.glob("*.jsonl")) + list(tmp_path.glob(".*.part"))
    last = shown(command, led, "--verb", "audit-export")
    assert [item["outcome"]["about"] for item in last] == [{"failed": "StorageError"}]


def test_an_export_under_a_case_states_its_purpose_and_never_outlasts_it(
    command: Run, led: Path, tmp_path: Path
) -> None:
    from datetime import UTC, datetime, timedelta

    until = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    stated = ("--title", "t", "--authority", "a", "--legal-basis", "l", "--purpose", "外部审计", "--expires", until)
    assert command("case", "open", "--id", "K-1", *stated, "--workspace", led).code == 0
    done = command("audit", "export", tmp_path / "log.jsonl", "--case", "K-1", "--workspace", led, "--json")
    assert (done.json["purpose"], done.json["case"], done.json["expires_on"]) == ("外部审计", "K-1", until)


def test_a_workspace_rolled_back_with_its_keys_is_found_by_an_anchor_kept_outside(
    command: Run, led: Path, tmp_path: Path
) -> None:
    keys = led.with_name("ws-keys")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    audit(command, led, "anchor", first)
    for place in (led, keys):
        shutil.copytree(place, tmp_path / "copies" / place.name)
    shown(command, led)
    grown = audit(command, led, "anchor", "--after", first)
    second.write_text(grown.out, encoding="utf-8")
    assert "Held against 2 anchors" in audit(command, led, "verify", "--anchor", first, "--anchor", second).out
    for place in (led, keys):
        shutil.rmtree(place)
        shutil.copytree(tmp_path / "copies" / place.name, place)
    assert audit(command, led, "verify").code == 0, "workspace and keys fit each other"
    found = audit(command, led, "verify", "--anchor", second, code=6)
    assert "rolled back to an older state" in found.err
    assert "second.json" in found.err
    assert audit(command, led, "verify", "--anchor", first).code == 0
    # The other office, which has the two anchors alone, sees that the second went on from the first.
    assert command("audit", "verify", "--file", second, "--anchor", first).code == 0
    assert command("audit", "verify", "--file", first, "--anchor", second).code == 6


def test_one_consultation_is_proved_to_an_anchor(command: Run, led: Path, tmp_path: Path) -> None:
    query = query_of(command, led)
    anchor, proof = tmp_path / "anchor.json", tmp_path / "proof.json"
    audit(command, led, "anchor", anchor)
    made = audit(command, led, "prove-record", query, proof, "--anchor", anchor)
    assert "2 records" in made.out
    assert "proves 2 records" in command("audit", "verify", "--file", proof, "--anchor", anchor).out
    proof.write_text(proof.read_text(encoding="utf-8").replace("match", "graph"), encoding="utf-8")
    assert command("audit", "verify", "--file", proof, "--anchor", anchor).code == 6
    unknown = audit(command, led, "prove-record", "C-aaaaaaaaaaaaaaaa", tmp_path / "none.json", code=2)
    assert "holds no such consultation" in unknown.err
    assert not (tmp_path / "none.json").exists()


def test_what_is_no_file_of_the_log_is_an_input_error(command: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    for arguments in (("--file", other), ("--file", tmp_path / "none"), ("--anchor", other), ("--public-key", "00")):
        refused = command("audit", "verify", *arguments, "--workspace", tmp_path / "ws")
        assert (refused.code, refused.out) == (2, ""), arguments


# Opening what was typed.


def test_typed_values_are_opened_once_by_one_user_with_another_users_approval(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = query_of(command, led)
    as_user(monkeypatch, "anna")
    assert "audit approve" in audit(command, led, "request", query).out
    refused = audit(command, led, "open", query, code=4)
    assert "No approval of another user" in refused.err
    assert "own" in audit(command, led, "approve", query, code=4).err
    assert audit(command, led, "approve", query, "--requested-by", "anna", code=4).out == ""
    as_user(monkeypatch, "carl")
    assert audit(command, led, "open", query, code=4).out == "", "the approval is nobody else's"
    as_user(monkeypatch, "berta")
    approved = audit(command, led, "approve", query, "--json").json
    assert (approved["requested_by"], approved["approved_by"]) == ("anna", "berta")
    assert audit(command, led, "open", query, code=4).out == "", "who approves does not open"
    assert audit(command, led, "approve", query, code=4).out == "", "nothing waits any more"
    as_user(monkeypatch, "anna")
    opened = audit(command, led, "open", query)
    assert "Canarystein Quux" in opened.out
    assert "berta" in opened.out
    assert "Canarystein" not in audit(command, led, "open", query, code=4).err, "one approval is one opening"
    steps = [item for item in shown(command, led) if item["verb"] in ("audit-request", "audit-approve", "audit-open")]
    assert [(item["verb"], item["who"], item["outcome"]["refused"]) for item in steps] == [
        ("audit-request", "anna", None),
        ("audit-open", "anna", "opening-unapproved"),
        ("audit-approve", "anna", "opening-own"),
        ("audit-approve", "anna", "opening-own"),
        ("audit-open", "carl", "opening-unapproved"),
        ("audit-approve", "berta", None),
        ("audit-open", "berta", "opening-unapproved"),
        ("audit-approve", "berta", "opening-none"),
        ("audit-open", "anna", None),
        ("audit-open", "anna", "opening-unapproved"),
    ]
    assert {item["about"]["query"] for item in steps} == {query}
    waiting = audit(command, led, "show", "--verb", "audit-request").out
    assert f"ask to open typed values {query}" in waiting, "whoever is to approve reads what is asked for"
    assert "Canarystein" not in json.dumps(steps)


def test_a_request_and_an_approval_end_with_their_time(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime, timedelta

    late = {"by": timedelta()}
    clock = lambda: datetime.now(UTC) + late["by"]  # noqa: E731
    monkeypatch.setattr("netpursuit.stores.workspace.utc_now", clock)
    import netpursuit.stores.workspace as workspace

    real = workspace.open_workspace
    monkeypatch.setattr(workspace, "open_workspace", lambda *a, **k: real(*a, **{**k, "clock": clock}))
    query = query_of(command, led)
    as_user(monkeypatch, "anna")
    audit(command, led, "request", query)
    late["by"] = timedelta(hours=73)
    as_user(monkeypatch, "berta")
    assert "waits" in audit(command, led, "approve", query, code=4).err
    as_user(monkeypatch, "anna")
    audit(command, led, "request", query)
    as_user(monkeypatch, "berta")
    audit(command, led, "approve", query)
    as_user(monkeypatch, "anna")
    late["by"] += timedelta(hours=25)
    assert audit(command, led, "open", query, code=4).out == ""
    audit(command, led, "request", query)
    as_user(monkeypatch, "berta")
    audit(command, led, "approve", query)
    late["by"] += timedelta(hours=23)
    as_user(monkeypatch, "anna")
    assert "Canarystein" in audit(command, led, "open", query).out


def test_what_typed_nothing_or_is_unknown_cannot_be_asked_for_and_what_is_destroyed_stays_so(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user(monkeypatch, "anna")
    listing = shown(command, led, "--verb", "screen")[0]["consultation"]
    assert "nothing that was typed" in audit(command, led, "request", listing, code=2).err
    assert "holds no such" in audit(command, led, "request", "C-aaaaaaaaaaaaaaaa", code=2).err
    query = query_of(command, led)
    audit(command, led, "request", query)
    as_user(monkeypatch, "berta")
    audit(command, led, "approve", query)
    (keys,) = led.with_name("ws-keys").rglob("keys.sqlite")
    with sqlite3.connect(keys) as base:
        base.execute("DELETE FROM sealing")
    base.close()
    as_user(monkeypatch, "anna")
    opened = audit(command, led, "open", query, "--json").json
    assert (opened["destroyed"], opened["typed"]) == (True, None)


def test_where_several_have_asked_it_is_said_whose_request_is_approved(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = query_of(command, led)
    for who in ("anna", "carl"):
        as_user(monkeypatch, who)
        audit(command, led, "request", query)
    as_user(monkeypatch, "berta")
    assert "--requested-by" in audit(command, led, "approve", query, code=2).err
    assert audit(command, led, "approve", query, "--requested-by", "carl", "--json").json["requested_by"] == "carl"
    as_user(monkeypatch, "anna")
    assert audit(command, led, "open", query, code=4).out == ""


def test_where_roles_are_in_use_an_auditor_asks_and_opens_and_a_supervisor_approves(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = query_of(command, led)
    as_user(monkeypatch, "keeper")
    for who, role in (
        ("keeper", "administrator"),
        ("anna", "auditor"),
        ("berta", "supervisor"),
        ("carl", "investigator"),
    ):
        granted = command("users", "grant", who, role, *AUDIT, "--workspace", led)
        assert granted.code == 0, granted.err
    for who, act in (("carl", "request"), ("berta", "request"), ("keeper", "request"), ("anna", "approve")):
        as_user(monkeypatch, who)
        assert audit(command, led, act, query, code=4).out == "", (who, act)
    as_user(monkeypatch, "anna")
    audit(command, led, "request", query)
    as_user(monkeypatch, "berta")
    audit(command, led, "approve", query)
    assert audit(command, led, "open", query, code=4).out == ""
    as_user(monkeypatch, "carl")
    assert audit(command, led, "unusual", code=4).out == ""
    assert audit(command, led, "anchor").out, "an anchor names nobody and is anybody's"
    as_user(monkeypatch, "anna")
    assert "Canarystein" in audit(command, led, "open", query).out


# Unusual use.


def test_unusual_use_names_rule_user_and_consultations_with_its_thresholds_and_no_score(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user(monkeypatch, "anna")
    for _ in range(5):
        assert command("match", "张*", "--workspace", led, "--reason", "check:T").code == 4
    quiet = audit(command, led, "unusual", "--user", "nobody-of-that-name")
    assert "Nothing unusual" in quiet.out
    found = audit(command, led, "unusual", "--json").json
    (sign,) = found["signs"]
    assert (sign["rule"], sign["who"], sign["counts"]) == ("refusals", "anna", {"refusals": 5})
    assert sign["consultations"] == [item["consultation"] for item in shown(command, led, "--refused")]
    assert found["thresholds"]["refusals"] == {"refusals": 5}
    assert not {"score", "rank", "risk"} & set(json.dumps(found).replace('"', " ").split())
    said = audit(command, led, "unusual").out
    assert "anna: 5 refusals in a row" in said
    assert "sweep: 20 different lookups within 10 minutes" in said
    assert "not findings" in said
    assert "own name" in said
    assert "连续被拒 5 次" in audit(command, led, "unusual", "--lang", "zh").out
    assert audit(command, led, "unusual", "--until", "2020-01-31", "--json").json["signs"] == []
    last = shown(command, led, "--verb", "audit-unusual")
    assert all(item["outcome"]["counts"]["signs"] in (0, 1) for item in last)
