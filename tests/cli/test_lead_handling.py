"""``leads assign, outcome, reopen, replay``, four eyes and the filters of the morning, from the command line."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, Answer, Run, register_text

BOTH = ("--same-person", "--entry-in-force")


@pytest.fixture
def led(command: Run, workspace: Path, register: Path, feed: Path) -> Path:
    """A workspace with two leads: R1 strong with a number, R2 by name and birth date."""
    done = command("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF)
    assert done.code == 0, done.err
    return workspace


def call(command: Run, folder: Path, *more: object, code: int = 0) -> Answer:
    dated = () if more[0] == "policy" else ("--as-of", AS_OF)
    answer = command(*more, "--workspace", folder, *dated, "--lang", "en")
    assert answer.code == code, answer.err or answer.out
    return answer


def listed(command: Run, folder: Path, *more: object) -> list[dict[str, Any]]:
    leads: list[dict[str, Any]] = call(command, folder, "leads", "list", "--json", *more).json["leads"]
    return leads


def lead_of(command: Run, folder: Path, registration: str) -> dict[str, Any]:
    (lead,) = [item for item in listed(command, folder) if item["registration_id"] == registration]
    return lead


def shown(command: Run, folder: Path, lead: str) -> dict[str, Any]:
    shape: dict[str, Any] = call(command, folder, "leads", "show", lead, "--json").json
    return shape


def last_outcome(command: Run, folder: Path, verb: str) -> dict[str, Any]:
    items = command("audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json").json
    found: dict[str, Any] = [item for item in items if item["verb"] == verb][-1]
    return found


def as_user(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("netpursuit.wiring.desks.user_of_machine", lambda: name)


def test_an_assignment_is_an_attribute_that_is_shown_filtered_and_taken_back(command: Run, led: Path) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    said = call(command, led, "leads", "assign", lead.lower(), "--to", " Li  Hua ").out
    assert "Li Hua" in said
    after = shown(command, led, lead)
    assert (after["assigned_to"], after["state"], after["revision"]) == ("Li Hua", "open", 1)
    assert after["assigned_by"]
    assert after["assigned_at"]
    assert [item["lead"] for item in listed(command, led, "--assigned", "Li Hua")] == [lead]
    assert listed(command, led, "--assigned", "Li Hu") == []
    assert "→ Li Hua" in call(command, led, "leads", "list").out
    assert "assigned to Li Hua" in call(command, led, "leads", "show", lead).out
    record = last_outcome(command, led, "leads-assign")
    assert record["outcome"]["leads"] == [lead] or record["outcome"]["lead_ids"] == [lead]
    assert "Li Hua" not in json.dumps(record, ensure_ascii=False), "who was named is sealed"
    call(command, led, "leads", "assign", lead, "--nobody")
    assert shown(command, led, lead)["assigned_to"] is None


@pytest.mark.parametrize("stated", [(), ("--to", "Li", "--nobody"), ("--to", "  ")])
def test_a_lead_is_given_to_somebody_or_to_nobody(command: Run, led: Path, stated: tuple[str, ...]) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    assert "--to NAME and --nobody" in call(command, led, "leads", "assign", lead, *stated, code=2).err
    assert "no lead" in call(command, led, "leads", "assign", "L-NONE", "--to", "Li", code=2).err


def test_assignment_and_visits_outlive_a_new_revision_and_a_night(
    command: Run, led: Path, register: Path, feed: Path
) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    call(command, led, "leads", "assign", lead, "--to", "Li Hua")
    call(command, led, "leads", "outcome", lead, "--found", "--name", "Wang")
    screened = ("screen", register, "--feed", feed)
    call(command, led, *screened)
    assert shown(command, led, lead)["revision"] == 1, "the same night changes nothing"
    register.write_text(register.read_text(encoding="utf-8").replace("13800138000", "13800138009"), encoding="utf-8")
    call(command, led, *screened)
    after = shown(command, led, lead)
    assert (after["revision"], after["assigned_to"], len(after["outcomes"])) == (2, "Li Hua", 1)


def test_a_remark_is_kept_on_the_lead_through_runs_and_decides_nothing(
    command: Run, led: Path, register: Path, feed: Path
) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    said = call(command, led, "leads", "note", lead, "--name", " Li  Hua ", "--note", "房东说他已搬走", "--json").json
    assert (said["state"], [item["note"] for item in said["notes"]]) == ("open", ["房东说他已搬走"])
    call(command, led, "leads", "note", lead, "--name", "Wang", "--note", "second")
    register.write_text(register.read_text(encoding="utf-8").replace("13800138000", "13800138009"), encoding="utf-8")
    call(command, led, "screen", register, "--feed", feed)
    call(command, led, "screen", register, "--feed", feed)
    after = shown(command, led, lead)
    assert (after["revision"], after["state"]) == (2, "open")
    assert [(item["by"], item["note"]) for item in after["notes"]] == [("Li Hua", "房东说他已搬走"), ("Wang", "second")]
    assert after["notes"][0]["user"]
    assert "remark by Li Hua" in call(command, led, "leads", "show", lead).out
    assert call(command, led, "leads", "replay", lead, "--json").json["agrees"]
    assert call(command, led, "leads", "replay", lead, "--revision", 1, "--json").json["agrees"]
    record = last_outcome(command, led, "leads-note")
    assert "搬走" not in json.dumps(record, ensure_ascii=False)
    for lacking in (("--name", " ", "--note", "x"), ("--name", "Li", "--note", "  ")):
        assert "expected" in call(command, led, "leads", "note", lead, *lacking, code=2).err
    call(command, led, "leads", "clear", lead, "--why", "elsewhere", "--name", "Li", "--note", "in custody since May")
    assert [item["note"] for item in shown(command, led, lead)["notes"]][2:] == ["in custody since May"]
    assert b"\xe6\x90\xac\xe8\xb5\xb0" in (led / "truth.sqlite").read_bytes() + _wal(led)
    call(command, led, "subject", "erase", lead, "--order", "E-1")
    assert b"\xe6\x90\xac\xe8\xb5\xb0" not in (led / "truth.sqlite").read_bytes() + _wal(led), "erased with the lead"


def _wal(folder: Path) -> bytes:
    wal = folder / "truth.sqlite-wal"
    return wal.read_bytes() if wal.exists() else b""


@pytest.mark.parametrize(
    ("flag", "suggested"),
    [("--found", "leads confirm"), ("--another-person", "leads clear"), ("--no-longer-wanted", "lists")],
)
def test_an_outcome_on_the_spot_is_kept_and_changes_no_state(
    command: Run, led: Path, flag: str, suggested: str
) -> None:
    lead = lead_of(command, led, "R2")["lead"]
    said = call(command, led, "leads", "outcome", lead, flag, "--name", "Wang Fang", "--note", "second floor")
    assert suggested in said.out
    assert "Its state stays: open" in said.out
    call(command, led, "leads", "outcome", lead, "--found", "--name", "Li Hua")
    after = shown(command, led, lead)
    assert (after["state"], after["decided_by"], after["revision"]) == ("open", None, 1)
    assert [item["outcome"] for item in after["outcomes"]] == [flag[2:], "found"]
    assert (after["outcomes"][0]["by"], after["outcomes"][0]["note"]) == ("Wang Fang", "second floor")
    assert after["outcomes"][0]["user"]
    assert after["outcomes"][0]["at"]
    assert "second floor" in call(command, led, "leads", "show", lead).out


def test_an_outcome_needs_one_finding_and_a_name(command: Run, led: Path) -> None:
    lead = lead_of(command, led, "R2")["lead"]
    for stated in (("--name", "Li"), ("--found", "--another-person", "--name", "Li"), ("--found", "--name", " ")):
        call(command, led, "leads", "outcome", lead, *stated, code=2)
    call(command, led, "leads", "outcome", lead, "--found", code=2)
    assert shown(command, led, lead)["outcomes"] == []


def test_a_clearance_is_taken_back_and_says_what_was_cleared_with_it(
    command: Run, led: Path, register: Path, feed: Path
) -> None:
    rows = register.read_text(encoding="utf-8").splitlines()
    register.write_text("\n".join([*rows, rows[1].replace("R1,", "R9,"), ""]), encoding="utf-8")
    call(command, led, "screen", register, "--feed", feed)
    first, second = (lead_of(command, led, name)["lead"] for name in ("R1", "R9"))
    call(command, led, "leads", "clear", first, "--why", "other-document", "--name", "Li Hua")
    assert shown(command, led, second)["state"] == "cleared"
    done = call(
        command, led, "leads", "reopen", first, "--name", "Wang", "--note", "the document was forged", "--json"
    ).json
    assert (done["state"], done["revision"], done["clearances_ended"]) == ("open", 2, 1)
    assert done["cleared_along"] == [second]
    after = shown(command, led, first)
    assert (after["state"], after["flag"], after["decided_by"]) == ("open", "taken-back", None)
    assert (after["reopened"]["by"], after["reopened"]["note"]) == ("Wang", "the document was forged")
    assert [past["state"] for past in after["revisions"]] == ["cleared"], "the decision stays readable"
    assert shown(command, led, second)["state"] == "cleared"
    with sqlite3.connect(led / "truth.sqlite") as base:
        (body,) = base.execute("SELECT body FROM clearance").fetchone()
    base.close()
    assert json.loads(body)["ended_at"], "ended, and kept"
    call(command, led, "screen", register, "--feed", feed)
    assert shown(command, led, first)["state"] == "open"
    again = shown(command, led, second)
    assert (again["state"], again["flag"]) == ("open", "clearance-ended")


def test_a_confirmation_is_taken_back_and_stays_on_record(command: Run, led: Path) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    call(command, led, "leads", "reopen", lead, "--name", "Wang", "--note", "n", code=2)
    call(command, led, "leads", "confirm", lead, *BOTH, "--name", "Li Hua", "--note", "seen")
    for stated in (("--name", " ", "--note", "n"), ("--name", "Wang", "--note", " ")):
        call(command, led, "leads", "reopen", lead, *stated, code=2)
    out = call(command, led, "leads", "reopen", lead, "--name", "Wang", "--note", "it was the brother").out
    assert "open again, taken back by Wang" in out
    after = shown(command, led, lead)
    assert (after["state"], after["decided_by"]) == ("open", None)
    (past,) = after["revisions"]
    assert (past["state"], past["decided_by"], past["decision"]) == ("confirmed", "Li Hua", "seen")
    text = call(command, led, "leads", "show", lead).out
    assert "it was the brother" in text
    assert "revision 1: confirmed by Li Hua: seen" in text


def test_under_four_eyes_two_users_confirm_and_one_does_not(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    assert call(command, led, "policy", "four-eyes", "--json").json == {"four_eyes": False}
    assert call(command, led, "policy", "four-eyes", "on", "--json").json == {"four_eyes": True}
    assert last_outcome(command, led, "policy-four-eyes")["outcome"] is not None
    confirm = ("leads", "confirm", lead, *BOTH, "--reason", "lead:T-2", "--note", "seen", "--name")
    as_user(monkeypatch, "anna")
    said = call(command, led, *confirm, "Anna")
    assert "proposed by Anna" in said.out
    after = shown_as(command, led, lead)
    assert (after["state"], after["confirmation_proposed"]["by"]) == ("open", "Anna")
    assert after["confirmation_proposed"]["user"] == "anna"
    assert after["decided_by"] is None
    monkeypatch.setenv("COLUMNS", "200")
    assert "confirmation proposed by Anna" in call(command, led, "leads", "list", "--reason", "lead:T-2").out
    for user, name in (("anna", "Anna"), ("anna", "Berta"), ("berta", "ANNA")):
        as_user(monkeypatch, user)
        refused = call(command, led, *confirm, name, code=4)
        assert "another user" in refused.err
        assert last_outcome(command, led, "leads-confirm")["outcome"]["refused"] == "four-eyes"
    assert shown_as(command, led, lead)["state"] == "open"
    as_user(monkeypatch, "berta")
    assert "confirmed by Berta" in call(command, led, *confirm, "Berta").out
    after = shown_as(command, led, lead)
    assert (after["state"], after["decided_by"], after["confirmation_proposed"]) == ("confirmed", "Berta", None)
    assert "first confirmed by Anna" in call(command, led, "leads", "show", lead, "--reason", "lead:T-2").out


def shown_as(command: Run, folder: Path, lead: str) -> dict[str, Any]:
    """A lead as another user sees it, who has chosen no reason for the shift."""
    shape: dict[str, Any] = call(command, folder, "leads", "show", lead, "--json", "--reason", "lead:T-2").json
    return shape


def test_a_proposal_lapses_when_the_lead_changes(
    command: Run, led: Path, register: Path, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    call(command, led, "policy", "four-eyes", "on")
    call(command, led, "leads", "confirm", lead, *BOTH, "--name", "Anna", "--note", "seen")
    call(command, led, "leads", "assign", lead, "--to", "Li Hua")
    assert shown(command, led, lead)["confirmation_proposed"], "an assignment changes nothing about the person"
    register.write_text(register.read_text(encoding="utf-8").replace("13800138000", "13800138009"), encoding="utf-8")
    call(command, led, "screen", register, "--feed", feed)
    assert shown(command, led, lead)["confirmation_proposed"] is None
    as_user(monkeypatch, "berta")
    said = call(command, led, "leads", "confirm", lead, *BOTH, "--reason", "lead:T-2", "--name", "B", "--note", "seen")
    assert "proposed by B" in said.out
    for user in ("anna", "berta"):
        as_user(monkeypatch, user)
        call(command, led, "policy", "four-eyes", "off", "--reason", "lead:T-2")
    said = call(command, led, "leads", "confirm", lead, *BOTH, "--reason", "lead:T-2", "--name", "B", "--note", "seen")
    assert "confirmed by B" in said.out


def test_the_morning_asks_for_what_is_new_by_list_and_by_run(
    command: Run, led: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    today = datetime.now(UTC).astimezone().date()
    first = {item["lead"] for item in listed(command, led)}
    (run,) = {item["run"] for item in listed(command, led)}
    assert {item["lead"] for item in listed(command, led, "--new-since", today)} == first
    assert listed(command, led, "--new-since", today + timedelta(days=1)) == []
    assert len(listed(command, led, "--list", "wanted")) == 2
    assert listed(command, led, "--list", "other") == []
    other = tmp_path / "other.csv"
    other.write_text(
        register_text("S1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,2026-04-02"),
        encoding="utf-8",
    )
    call(command, led, "screen", other, "--feed", feed)
    assert {item["lead"] for item in listed(command, led, "--run", run)} == first
    assert len(listed(command, led)) == 3
    with sqlite3.connect(led / "truth.sqlite") as base:
        base.execute(
            'UPDATE lead SET body = replace(body, ?, \'"created_at":"2026-01-01\')', (f'"created_at":"{today}',)
        )
    base.close()
    assert listed(command, led, "--new-since", today) == []
    lead = lead_of(command, led, "R2")["lead"]
    call(command, led, "leads", "clear", lead, "--why", "elsewhere", "--name", "Li")
    call(command, led, "leads", "reopen", lead, "--name", "Li", "--note", "wrong person cleared")
    assert [item["lead"] for item in listed(command, led, "--new-since", today)] == [lead], "opened again today"
    assert "YYYY-MM-DD" in command("leads", "list", "--new-since", "yesterday", "--workspace", led).err


def test_what_narrows_the_list_is_logged_without_what_was_typed(command: Run, led: Path) -> None:
    listed(command, led, "--assigned", "Zoephira", "--list", "Zoephira", "--run", "Zoephira")
    record = last_outcome(command, led, "leads-list")
    assert {"assigned", "list", "run"} <= set(record["fields"])
    assert "Zoephira" not in json.dumps(record)
    assert all(b"Zoephira" not in file.read_bytes() for file in led.rglob("*") if file.is_file())


def test_a_lead_is_replayed_byte_for_byte_whatever_happened_since(
    command: Run, led: Path, wanted: tuple[Path, Path], register: Path, feed: Path
) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    same = call(command, led, "leads", "replay", lead, "--json").json
    assert (same["agrees"], same["mode"], same["lacking"], same["differences"]) == (True, "replayed", None, [])
    file, mapping = wanted
    file.write_text(file.read_text(encoding="utf-8").replace("欧阳志远", "欧阳致远"), encoding="utf-8")
    call(command, led, "lists", "add", file, "--list", "wanted", "--mapping", mapping)
    again = call(command, led, "leads", "replay", lead, "--json").json
    assert (again["agrees"], again["mode"], again["sha256"]) == (True, "replayed", same["sha256"])
    call(command, led, "screen", register, "--feed", feed)
    assert shown(command, led, lead)["revision"] == 2
    now = call(command, led, "leads", "replay", lead, "--json").json
    assert now["agrees"]
    assert now["sha256"] != same["sha256"]
    past = call(command, led, "leads", "replay", lead, "--revision", "1", "--json").json
    assert (past["sha256"], past["mode"]) == (same["sha256"], "replayed")
    call(command, led, "leads", "replay", lead, "--revision", "3", code=2)
    assert "byte for byte" in call(command, led, "leads", "replay", lead).out


def test_a_lead_is_replayed_under_its_own_policy_and_lists_also_when_they_are_no_more(
    command: Run, led: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    first = lead_of(command, led, "R1")
    fitted = tmp_path / "fitted.toml"
    weights = f'[policy]\nbase = "{first["policy"]}"\n[levels.birth-date]\nsame-day = 11000\n'
    fitted.write_text(weights, encoding="utf-8")
    call(command, led, "policy", "use", fitted)
    again = call(command, led, "leads", "replay", first["lead"], "--json").json
    assert (again["agrees"], again["mode"]) == (True, "replayed")
    call(command, led, "screen", register, "--feed", feed)
    second = lead_of(command, led, "R2")
    assert second["policy"].startswith(f"{first['policy']}+fit-")
    call(command, led, "policy", "reset")
    call(command, led, "lists", "remove", "wanted")
    for lead in (first["lead"], second["lead"]):
        done = call(command, led, "leads", "replay", lead, "--json").json
        assert (done["agrees"], done["mode"]) == (True, "replayed"), done


def rewrite(folder: Path, lead: str, old: str, new: str) -> None:
    with sqlite3.connect(folder / "truth.sqlite") as base:
        (body,) = base.execute("SELECT body FROM lead WHERE lead_id = ?", (lead,)).fetchone()
        assert old in body, body
        base.execute("UPDATE lead SET body = ? WHERE lead_id = ?", (body.replace(old, new), lead))
    base.close()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"probability":', '"probability":0.', "probability"),
        ('"level":"same"', '"level":"similar"', "name"),
        ('"text":"欧阳志远"', '"text":"欧阳致远"', "input left.name"),
    ],
)
def test_a_lead_that_was_changed_does_not_come_out_again(
    command: Run, led: Path, old: str, new: str, told: str
) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    if old == '"probability":':
        probability = lead_of(command, led, "R1")["probability"]
        old, new = f'"probability":{probability}', '"probability":0.5'
    rewrite(led, lead, old, new)
    differs = command("leads", "replay", lead, "--workspace", led, "--json")
    assert differs.code == 6
    assert not differs.json["agrees"]
    assert any(told in item["what"] for item in differs.json["differences"])
    text = command("leads", "replay", lead, "--workspace", led, "--lang", "en")
    assert text.code == 6
    assert "DOES NOT come out" in text.out


def test_another_version_recomputes_from_stored_levels_and_says_so(command: Run, led: Path) -> None:
    lead = lead_of(command, led, "R1")
    rewrite(led, lead["lead"], f'"policy":"{lead["policy"]}"', '"policy":"2020.1-1+00000000"')
    other = call(command, led, "leads", "replay", lead["lead"], "--json").json
    assert (other["mode"], other["lacking"], other["agrees"]) == ("recomputed", "other-policy", True)
    assert other["made_by"]["policy"] == "2020.1-1+00000000"
    text = call(command, led, "leads", "replay", lead["lead"]).out
    assert "2020.1-1+00000000" in text
    assert "recomputed from its stored levels" in text
    stored = next(item for item in lead["evidence"] if item["field"] == "name")
    rewrite(led, lead["lead"], f'"millibits":{stored["millibits"]},', f'"millibits":{stored["millibits"] + 7},')
    assert command("leads", "replay", lead["lead"], "--workspace", led).code == 6


def test_an_earlier_program_that_counts_otherwise_is_no_difference(command: Run, led: Path) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    with sqlite3.connect(led / "truth.sqlite") as base:
        (body,) = base.execute("SELECT body FROM lead WHERE lead_id = ?", (lead,)).fetchone()
        stored = json.loads(body)
        stored["code"] = "0.0.1/1"
        stored["match"]["evidence"][1]["note"] = "as it was told then"
        base.execute("UPDATE lead SET body = ? WHERE lead_id = ?", (json.dumps(stored, ensure_ascii=False), lead))
    base.close()
    other = call(command, led, "leads", "replay", lead, "--json").json
    assert (other["mode"], other["lacking"], other["agrees"]) == ("recomputed", "other-program", True)


def test_a_lead_from_a_query_is_replayed_too(command: Run, workspace: Path, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    record.write_text(json.dumps({"names": "欧阳志远", "birth_date": "1985-03-04"}), encoding="utf-8")
    asked = call(command, workspace, "match", "--record", record, "--json").json["consultation"]
    lead = call(command, workspace, "leads", "open", asked, "wanted:W1", "--record", record, "--json").json["lead"]
    done = call(command, workspace, "leads", "replay", lead, "--json").json
    assert (done["agrees"], done["mode"]) == (True, "replayed")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_is_said_in_both_languages(command: Run, led: Path, lang: str) -> None:
    lead = lead_of(command, led, "R1")["lead"]
    acts: list[tuple[str, ...]] = [
        ("leads", "assign", lead, "--to", "Li"),
        ("leads", "assign", lead, "--nobody"),
        *(("leads", "outcome", lead, flag, "--name", "Li") for flag in ("--found", "--another-person")),
        ("leads", "outcome", lead, "--no-longer-wanted", "--name", "Li"),
        ("leads", "clear", lead, "--why", "elsewhere", "--name", "Li"),
        ("leads", "reopen", lead, "--name", "Li", "--note", "n"),
        ("policy", "four-eyes", "on"),
        ("leads", "confirm", lead, *BOTH, "--name", "Li", "--note", "n"),
        ("policy", "four-eyes"),
        ("leads", "replay", lead),
        ("leads", "show", lead),
        ("leads", "list"),
    ]
    for act in acts:
        answer = command(*act, "--workspace", led, "--lang", lang, "--as-of", AS_OF)
        assert answer.code in (0, 3), (act, answer.err)
        assert any("\u4e00" <= char <= "\u9fff" for char in answer.out) or lang == "en"
        assert not re.search(r"\b(leads?|replay|spot|policy)\.[a-z]|[{}]", answer.out)
