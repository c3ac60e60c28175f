"""Deciding on the page: by named humans, one at a time, nothing lost and nothing done twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netpursuit.gate.users import user_of_machine
from tests.cli.conftest import Run
from tests.web.conftest import Seat, SignIn, copied, unquoted
from tests.web.led import ROWS, lead_of, screened

REASON = ("--reason", "lead:T-9")
BOTH = {"same_person": True, "entry_in_force": True, "name": "Li Ming", "reason": "asked the court"}


@pytest.fixture(scope="module")
def waiting(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return screened(copied(made, tmp_path_factory.mktemp("led")))


@pytest.fixture
def workspace(waiting: Path, tmp_path: Path) -> Path:
    return copied(waiting, tmp_path)


def acts_on_record(command: Run, folder: Path, lead: str) -> list[str]:
    """What was done with a lead, without the looks at it; of what was refused or failed, that."""
    shown = command("audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json").json
    told = []
    for item in shown:
        if item["about"].get("lead") == lead and item["verb"] != "leads-show":
            failed = item["outcome"]["refused"] or item["outcome"]["about"].get("failed", "")
            told.append(f"{item['verb']} {failed}".strip())
    return told


def test_a_lead_is_confirmed_by_its_two_facts_a_name_and_a_reason(seat: Seat, command: Run, workspace: Path) -> None:
    lead = lead_of(seat, "R1")
    path = f"/leads/{lead['lead']}/confirm"
    for lacking, said in (
        ({"same_person": False}, "a lead is confirmed by two facts"),
        ({"entry_in_force": False}, "a lead is confirmed by two facts"),
        ({"name": "  "}, "nobody says that the lead is confirmed, expected a name"),
        ({"reason": " "}, "a lead is not confirmed without saying on what it rests, expected a reason"),
    ):
        refused = seat.post(path, {**lead["seen"], **BOTH, **lacking}, status=400)
        assert refused["detail"].startswith(said)
    assert "名" in seat.post(path, {**lead["seen"], **BOTH, "name": ""}, lang="zh", status=400)["detail"]
    for missing in ("same_person", "reason", "name", "revision", "updated_at"):
        body = {key: value for key, value in {**lead["seen"], **BOTH}.items() if key != missing}
        assert "missing required field" in seat.post(path, body, status=400)["detail"]
    done = seat.post(path, {**lead["seen"], **BOTH})
    assert (done["done"], done["text"]) == ("confirmed", f"Lead {lead['lead']} confirmed by Li Ming.")
    assert (done["lead"]["state"], done["lead"]["decided_by"]) == ("confirmed", "Li Ming")
    assert done["lead"]["decision"] == "asked the court"
    assert done["lead"]["may"]["confirm"]["allowed"] is False
    said = command("leads", "show", lead["lead"], "--workspace", workspace, *REASON, "--json").json
    assert said["state"] == "confirmed"
    assert acts_on_record(command, workspace, lead["lead"]) == ["leads-confirm InputError"] * 5 + ["leads-confirm"]


def test_a_clearance_needs_a_code_and_clears_the_same_persons_other_leads(seat: Seat, workspace: Path) -> None:
    screened(workspace, *ROWS, ROWS[0].replace("R1", "R9"))
    lead, other = lead_of(seat, "R1"), lead_of(seat, "R9")
    path = f"/leads/{lead['lead']}/clear"
    refused = seat.post(path, {**lead["seen"], "reason": "bored", "name": "Li Ming"}, status=400)
    assert "expected one of other-birth-date" in refused["detail"]
    assert seat.post(path, {**lead["seen"], "reason": "elsewhere", "name": ""}, status=400)["code"] == "input"
    body = {**lead["seen"], "reason": "other-document", "name": "李明华", "note": "护照已查验"}
    done = seat.post(path, body, lang="zh")
    assert done["cleared"] == [lead["lead"], other["lead"]]
    assert done["why"] == "other-document"
    assert done["text"].startswith(f"线索 {lead['lead']} 已排除")
    shown = done["lead"]
    assert (shown["state"], shown["decision"]) == ("cleared", "other-document")
    assert not shown["decision_label"].isascii()
    assert [item["note"] for item in shown["notes"]] == ["护照已查验"]
    assert (shown["clearance"]["by"], shown["clearance"]["ended_at"]) == ("李明华", None)
    assert seat.post(f"/leads/{other['lead']}")["notes"] == [], "said of one registration"
    taken = {**shown["seen"], "name": "Li Ming", "note": "the passport was forged"}
    back = seat.post(f"/leads/{lead['lead']}/reopen", taken)
    assert (back["clearances_ended"], back["cleared_along"]) == (1, [other["lead"]])
    assert (back["lead"]["state"], back["lead"]["revision"]) == ("open", 2)
    assert back["lead"]["clearance"]["ended_at"]
    (past,) = back["lead"]["revisions"]
    assert past["decision_label"] == "another document number, seen in the original"


def test_a_lead_is_given_away_remarked_on_and_visited(seat: Seat) -> None:
    lead = lead_of(seat, "R2")
    path = f"/leads/{lead['lead']}"
    given = seat.post(f"{path}/assign", {**lead["seen"], "to": " Li  Hua "})
    assert (given["text"], given["lead"]["assigned_to"]) == (f"Lead {lead['lead']} assigned to Li Hua.", "Li Hua")
    assert [item["lead"] for item in seat.post("/leads", {"assigned": "Li Hua"})["leads"]] == [lead["lead"]]
    noted = seat.post(f"{path}/note", {**given["lead"]["seen"], "name": "Li Hua", "note": "rang the landlord"})
    assert [(item["by"], item["note"]) for item in noted["lead"]["notes"]] == [("Li Hua", "rang the landlord")]
    assert noted["lead"]["notes"][0]["user"] == user_of_machine()
    went = seat.post(
        f"{path}/outcome", {**noted["lead"]["seen"], "result": "another-person", "name": "Li Hua", "note": "seen"}
    )
    assert (went["suggested"], went["lead"]["state"]) == ("clear", "open")
    assert went["lead"]["outcomes"][0]["outcome_label"] == "another person"
    assert went["lead"]["revision"] == 1
    lines = went["lead"]["handled"]
    assert [line.split(" (")[0] for line in lines] == [
        "assigned to Li Hua",
        "another person – Li Hua",
        "remark by Li Hua",
    ]
    back = seat.post(f"{path}/assign", {**went["lead"]["seen"], "to": ""})
    assert back["lead"]["assigned_to"] is None
    queued = lead_of(seat, "R2")
    assert (queued["notes"], queued["last_outcome"], queued["last_outcome_label"]) == (
        1,
        "another-person",
        "another person",
    )
    for body in ({"name": "", "note": "x"}, {"name": "Li", "note": "  "}):
        assert seat.post(f"{path}/note", {**queued["seen"], **body}, status=400)["code"] == "input"


def test_of_two_people_on_one_lead_the_slower_one_is_told_who_was_faster(
    sign_in: SignIn, command: Run, workspace: Path
) -> None:
    one, other = sign_in("rex"), sign_in("rita")
    lead = lead_of(one, "R1")
    path = f"/leads/{lead['lead']}"
    seen = {user: seat.post(path)["seen"] for user, seat in (("rex", one), ("rita", other))}
    one.post(f"{path}/clear", {**seen["rex"], "reason": "elsewhere", "name": "Rex"})
    before = acts_on_record(command, workspace, lead["lead"])
    late = other.post(f"{path}/confirm", {**seen["rita"], **BOTH}, status=409)
    assert (late["code"], late["what"], late["by"]) == ("changed", "cleared", "Rex")
    assert late["detail"].startswith(f"Lead {lead['lead']} is no longer as you saw it: cleared by Rex (")
    assert (late["lead"]["state"], late["lead"]["decided_by"]) == ("cleared", "Rex")
    assert late["lead"]["seen"] != seen["rita"]
    again = other.post(f"{path}/confirm", {**seen["rita"], **BOTH}, lang="zh", status=409)
    assert again["detail"].startswith(f"线索 {lead['lead']} 已非您所见的状态：Rex 已排除（")
    assert acts_on_record(command, workspace, lead["lead"]) == before + ["leads-confirm ChangedError"] * 2
    # Who has seen the clearance may take it back.
    back = other.post(f"{path}/reopen", {**late["lead"]["seen"], "name": "Rita", "note": "he is here"})
    assert back["lead"]["state"] == "open"
    assert one.post(f"{path}/note", {**seen["rex"], "name": "Rex", "note": "n"}, status=409)["what"] == "reopened"


def test_every_change_by_somebody_else_is_noticed(sign_in: SignIn, command: Run, workspace: Path) -> None:
    one, other = sign_in("rex"), sign_in("rita")
    lead = lead_of(one, "R1")["lead"]
    changes: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("assign", {"to": "Rex"}, "assigned"),
        ("assign", {"to": ""}, "given-back"),
        ("note", {"name": "Rex", "note": "rang"}, "noted"),
        ("outcome", {"result": "found", "name": "Rex"}, "visited"),
        ("confirm", BOTH, "confirmed"),
        ("reopen", {"name": "Rex", "note": "wrong"}, "reopened"),
    )
    for act, body, told in changes:
        stale = other.post(f"/leads/{lead}")["seen"]
        one.post(f"/leads/{lead}/{act}", {**one.post(f"/leads/{lead}")["seen"], **body})
        for late, stated in (
            ("confirm", BOTH),
            ("clear", {"reason": "elsewhere", "name": "Rita"}),
            ("assign", {"to": "Rita"}),
            ("note", {"name": "Rita", "note": "n"}),
            ("outcome", {"result": "found", "name": "Rita"}),
            ("reopen", {"name": "Rita", "note": "n"}),
        ):
            answered = other.post(f"/leads/{lead}/{late}", {**stale, **stated}, status=409)
            assert (answered["what"], answered["lead"]["revision"] >= 1) == (told, True), (act, late)
            assert not answered["detail"].endswith("{act}")
    made = [act for act in acts_on_record(command, workspace, lead) if "ChangedError" not in act]
    assert made == [f"leads-{act}" for act, _, _ in changes]


def test_a_run_between_the_look_and_the_decision_is_noticed(seat: Seat, workspace: Path) -> None:
    lead = lead_of(seat, "R1")
    screened(workspace, *(row.replace("13800138000", "13800138009") for row in ROWS))
    late = seat.post(f"/leads/{lead['lead']}/confirm", {**lead["seen"], **BOTH}, status=409)
    assert (late["what"], late["by"], late["lead"]["revision"]) == ("screened", "", 2)
    assert late["detail"].endswith("changed by a run. Nothing was done; look again.")
    assert late["lead"]["registered"]["phones"] == ["13800138009"]


def test_a_change_whose_answer_was_dropped_is_sent_again_and_done_once(
    seat: Seat, command: Run, workspace: Path
) -> None:
    lead = lead_of(seat, "R1")
    path, body = f"/leads/{lead['lead']}/note", {**lead["seen"], "name": "Li", "note": "rang"}
    sent = {"X-Request-Id": "c6e1b9f2-0d1e-4d3f-9f57-3f4a5f7f9b10"}
    first = seat.send(path, body, **sent)
    again = seat.send(path, body, **sent)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert len(seat.post(f"/leads/{lead['lead']}")["notes"]) == 1
    assert acts_on_record(command, workspace, lead["lead"]) == ["leads-note"]
    # From another session (the first has ended) the same is no second remark either: what was seen is no more.
    late = seat.post(path, body, status=409, **{"X-Request-Id": "another"})
    assert (late["what"], late["by"], len(late["lead"]["notes"])) == ("noted", "Li", 1)


def test_two_confirm_where_four_eyes_are_asked_for(sign_in: SignIn, command: Run, workspace: Path) -> None:
    asked = command("policy", "four-eyes", "on", "--workspace", workspace, *REASON)
    assert asked.code == 0, asked.err
    one, other = sign_in("rex"), sign_in("rita")
    lead = lead_of(one, "R1")
    path = f"/leads/{lead['lead']}"
    first = one.post(f"{path}/confirm", {**lead["seen"], **BOTH, "name": "Rex"})
    assert (first["done"], first["lead"]["state"], first["lead"]["four_eyes"]) == ("proposed", "open", True)
    assert first["lead"]["confirmation_proposed"]["by"] == "Rex"
    assert first["lead"]["may"]["confirm"]["why"].startswith("The second confirmation comes from another user")
    assert lead_of(other, "R1")["confirmation_proposed"]["user"] == "rex"
    assert one.post(f"{path}/confirm", {**first["lead"]["seen"], **BOTH}, status=403)["code"] == "four-eyes"
    assert other.post(f"{path}/confirm", {**lead["seen"], **BOTH}, status=409)["what"] == "proposed"
    seen = other.post(path)
    assert seen["may"]["confirm"]["allowed"] is True
    second = other.post(f"{path}/confirm", {**seen["seen"], **BOTH, "name": "Rita"})
    assert (second["done"], second["lead"]["decided_by"]) == ("confirmed", "Rita")


def test_script_in_a_note_stays_text_and_what_is_typed_is_not_in_the_log(
    seat: Seat, command: Run, workspace: Path
) -> None:
    lead = lead_of(seat, "R1")
    text = "<script>alert(1)</script> \u202e ملاحظة"
    noted = seat.post(f"/leads/{lead['lead']}/note", {**lead["seen"], "name": "<b>Li</b>", "note": text})
    assert noted["lead"]["notes"][0]["note"] == text
    assert "\u202e" not in "".join(noted["lead"]["handled"])
    assert "<script" not in seat.send(f"/leads/{lead['lead']}/sheet").text
    shown = command("audit", "show", "--workspace", workspace, "--reason", "audit:A-1", "--json").json
    assert "script" not in json.dumps(shown)
    long = seat.post(
        f"/leads/{lead['lead']}/note", {**noted["lead"]["seen"], "name": "Li", "note": "x" * 2001}, status=400
    )
    assert unquoted(long["detail"]) == "$.note: Expected … of length <= 2000"
