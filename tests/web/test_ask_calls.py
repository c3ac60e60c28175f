"""Asking on the page: the same search and the same log as ``match``, its words beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpursuit.gate.users import user_of_machine
from netpursuit.web.app import ENDPOINTS
from tests.cli.conftest import HEADER, MAPPING, Run
from tests.web.conftest import Clock, Seat, SignIn, unquoted

ASKED = {"name": "欧阳志远", "birth_date": "1985-03-04", "id_numbers": ["CN:990101198503040010"]}
MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def recorded(command: Run, workspace: Path) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = command(
        "audit", "show", "--workspace", workspace, "--reason", "audit:A-1", "--json"
    ).json
    return shown


def test_the_page_answers_what_the_command_line_answers(seat: Seat, command: Run, workspace: Path) -> None:
    answered = seat.post("/match", ASKED)
    typed = ("欧阳志远", "--birth-date", "1985-03-04", "--id", "CN:990101198503040010")
    said = command("match", *typed, "--workspace", workspace, "--reason", "lead:T-9", "--json").json
    for one, other in zip(answered["matches"], said["matches"], strict=True):
        assert {key: one[key] for key in other} == other
    for key in ("query", "as_of", "policy", "truncated"):
        assert answered[key] == said[key]
    assert [{key: item[key] for key in said["lists"][0]} for item in answered["lists"]] == said["lists"]
    one, other = [item for item in recorded(command, workspace) if item["verb"] == "match"]
    for key in ("who", "verb", "authority", "fields"):
        assert one[key] == other[key]
    assert one["outcome"]["entries"] == other["outcome"]["entries"] == ["other:W1", "wanted:W1"]


def test_both_records_stand_side_by_side_and_the_bits_add_up(seat: Seat) -> None:
    asked = {"name": "欧阳致远", "birth_date": "1985-04-03", "sex": "男", "phones": ["13800138000"]}
    found = next(item for item in seat.post("/match", asked)["matches"] if item["key"] == "wanted:W1")
    sides = {side["field"]: side for side in found["sides"]}
    marked = [(span["text"], span["mark"]) for span in sides["name"]["left"][0]]
    assert marked == [("欧阳", "same"), ("致", "differs"), ("远", "same")]
    assert sides["sex"]["left"] == sides["sex"]["right"] == [[{"text": "male", "mark": "same"}]]
    assert (sides["phone"]["verdict"], sides["phone"]["verdict_label"]) == ("only-one", "stated on one side only")
    assert sides["birth-date"]["label"] == "birth date"
    steps = found["steps"]
    assert steps[0]["field"] == "prior"
    assert [step["start"] for step in steps[1:]] == [step["end"] for step in steps[:-1]]
    assert steps[-1]["end"] == sum(item["millibits"] for item in found["evidence"])
    assert all(step["finding"] and step["label"] for step in steps)
    assert {"field": "phone", "label": "telephone"} in found["not_compared"]
    assert found["worded"]["band"] == found["band"]
    facts = {fact["key"]: fact["text"] for fact in found["facts"]}
    assert (facts["offence"], facts["instrument"]) == ("盗窃", "arrest warrant")


def test_a_chinese_page_is_answered_in_chinese(seat: Seat) -> None:
    answered = seat.post("/match", {**ASKED, "emails": ["nonsense"]}, lang="zh-CN")
    found = answered["matches"][0]
    assert not found["worded"]["band"].isascii()
    assert all(not side["label"].isascii() and not side["verdict_label"].isascii() for side in found["sides"])
    assert all(not step["finding"].isascii() for step in found["steps"])
    (remark,) = answered["remarks"]
    assert (remark["kind"], remark["field"]) == ("not-compared", "email")
    assert "未比对" in remark["text"]
    assert not answered["notice"].isascii()
    refused = seat.post("/match", {"address": "幻县一路1号"}, lang="zh", status=403)
    assert refused["code"] == "building-query"
    assert not refused["detail"].isascii()
    for body in ({"name": "李明", "birth_date": "then"}, {"name": 7}, {"name": "李明", "limit": 0}):
        assert not seat.post("/match", body, lang="zh", status=400)["detail"].isascii()


def test_a_list_that_is_not_fresh_is_said_first(seat: Seat) -> None:
    late = (datetime.now(UTC).date() + timedelta(days=61)).isoformat()
    answered = seat.post("/match", {**ASKED, "as_of": late})
    assert answered["banners"][0].startswith("Attention: other is expired")
    assert [item["status"] for item in answered["lists"]] == ["expired", "expired"]
    assert [item["age_days"] for item in answered["lists"]] == [61, 61]
    assert all(item["stale"] and "review date" in item["status_label"] for item in answered["lists"])
    assert answered["matches"] == []


def test_why_an_entry_was_not_found_is_said(seat: Seat) -> None:
    answered = seat.post("/match", {**ASKED, "against": "wanted:W2"})["against"]
    assert answered["answer"] == "below-band"
    assert answered["match"]["steps"]
    assert "W2" in answered["text"]
    assert seat.post("/match", {**ASKED, "against": "wanted:W9"})["against"]["match"] is None
    assert "LIST:ENTRY" in seat.post("/match", {**ASKED, "against": "W2"}, status=400)["detail"]


def test_a_pasted_line_is_split_looks_at_nothing_and_is_kept_nowhere(
    sign_in: SignIn, command: Run, workspace: Path
) -> None:
    seat = sign_in(reason="")
    before = len(recorded(command, workspace))
    fields = seat.post("/split", {"line": "欧阳志远 男 990101198503040010 13800138000 某物99"})
    assert fields.pop("remarks") == [
        {
            "kind": "not-used",
            "field": "",
            "value": "某物99",
            "read_as": "",
            "other": "",
            "text": "Not understood and not used: 某物99",
        }
    ]
    assert (fields["name"], fields["sex"], fields["phones"]) == ("欧阳志远", "male", ["13800138000"])
    assert fields["id_numbers"] == [{"number": "990101198503040010", "country": "CN", "kind": "national-id"}]
    assert len(recorded(command, workspace)) == before + 1, "the look at the log alone"
    assert not [file for file in workspace.rglob("*") if file.is_file() and "某物99".encode() in file.read_bytes()]
    asking = sign_in()
    whole = asking.post("/match", {"name": "欧阳志远 男 990101198503040010 13800138000"})
    assert asking.post("/match", fields)["matches"] == whole["matches"]


def test_a_machine_readable_zone_is_split(seat: Seat) -> None:
    fields = seat.post("/split", {"line": MRZ})
    assert (fields["name"], fields["birth_date"], fields["sex"]) == ("ERIKSSON, ANNA MARIA", "1974-08-12", "female")
    assert fields["id_numbers"][0] | {"country": ""} == {"number": "L898902C3", "country": "", "kind": "passport"}
    wrong = seat.post("/split", {"line": MRZ.replace("L898902C36", "L898902C37")}, lang="zh")
    assert [item["kind"] for item in wrong["remarks"]] == ["check-digit"]
    assert "机读码" in wrong["remarks"][0]["text"]
    broken = seat.post("/split", {"line": MRZ[:70]}, status=400)
    assert "machine-readable zone" in broken["detail"]


@pytest.fixture
def arabic(tmp_path: Path, command: Run, workspace: Path) -> Path:
    """The workspace with a list of a person whose name is written from right to left."""
    today = datetime.now(UTC).date()
    row = (
        f"A1,محمد بن أحمد القحطاني,,男,1979-05-06,,虚构省幻县四路4号,抢劫,幻县公安局,000-1,幻捕字4号,"
        f"{today - timedelta(days=9)},{today + timedelta(days=60)}"
    )
    listed, mapping = tmp_path / "arabic.csv", tmp_path / "mapping.toml"
    listed.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    mapping.write_text(MAPPING.replace("2026-04-01", today.isoformat()), encoding="utf-8")
    added = command("lists", "add", listed, "--list", "arabic", "--mapping", mapping, "--workspace", workspace,
                    "--reason", "check:T-1")  # fmt: skip
    assert added.code == 0, added.err
    return workspace


def test_an_arabic_name_is_shown_as_it_is_written(arabic: Path, seat: Seat) -> None:
    found = seat.post("/match", {"name": "محمد احمد القحطاني", "birth_date": "1979-05-06"})["matches"][0]
    assert (found["key"], found["entry"]["name"]) == ("arabic:A1", "محمد بن أحمد القحطاني")
    sides = {side["field"]: side for side in found["sides"]}
    for side, name in (("left", "محمد احمد القحطاني"), ("right", "محمد بن أحمد القحطاني")):
        assert "".join(span["text"] for span in sides["name"][side][0]) == name
    assert ("أ", "differs") in [(span["text"], span["mark"]) for span in sides["name"]["right"][0]]
    latin = seat.post("/match", {"name": "Mohammed Ahmad al-Qahtani", "birth_date": "1979-05-06"})["matches"][0]
    name = next(side for side in latin["sides"] if side["field"] == "name")
    shown = ["".join(span["text"] for span in name[side][0]) for side in ("left", "right")]
    assert shown == ["Mohammed Ahmad al-Qahtani", "محمد بن أحمد القحطاني"]
    assert name["verdict"] == "agrees"


def test_a_match_is_opened_as_a_lead_with_the_same_fields(seat: Seat, command: Run, workspace: Path) -> None:
    fields = seat.post("/split", {"line": "欧阳志远 男 990101198503040010 13800138000"})
    del fields["remarks"]
    asked = seat.post("/match", fields)
    opening = {**fields, "consultation": asked["consultation"], "entry": "wanted:W1"}
    opened = seat.post("/leads/open", opening)
    assert (opened["action"], opened["state"], opened["revision"]) == ("new", "open", 1)
    assert opened["text"] == f"Lead {opened['lead']} opened."
    assert seat.post("/leads/open", opening)["action"] == "unchanged"
    assert seat.post(f"/leads/{opened['lead']}")["person"] == "欧阳志远"
    other = seat.post("/leads/open", {**opening, "phones": ["13800138001"]}, status=400)
    assert "not the fields of that query" in other["detail"]
    assert "has not shown" in seat.post("/leads/open", {**opening, "entry": "wanted:W2"}, status=400)["detail"]
    opens = [item for item in recorded(command, workspace) if item["verb"] == "leads-open"]
    assert opens[0]["outcome"]["leads"] == [opened["lead"]]
    assert "欧阳" not in json.dumps(opens, ensure_ascii=False)


def test_who_looks_for_people_opens_leads_and_who_decides_does_not(
    sign_in: SignIn, command: Run, workspace: Path
) -> None:
    grants = ((user_of_machine(), "administrator"), ("ivy", "investigator"), ("rex", "reviewer"))
    for user, role in grants:
        granted = command("users", "grant", user, role, "--workspace", workspace, "--reason", "check:T-1")
        assert granted.code == 0, granted.err
    asked = sign_in("ivy").post("/match", ASKED)
    assert asked["matches"]
    rex = sign_in("rex")
    assert rex.post("/match", ASKED, status=403)["code"] == "role"
    opening = {**ASKED, "consultation": asked["consultation"], "entry": "wanted:W1"}
    assert rex.post("/leads/open", opening, status=403)["code"] == "role"
    assert sign_in("ivy").post("/leads/open", opening)["lead"]


def test_without_a_reason_nothing_is_looked_for(sign_in: SignIn, command: Run, workspace: Path) -> None:
    seat = sign_in(reason="")
    assert seat.post("/match", ASKED, status=403)["code"] == "no-reason"
    record = recorded(command, workspace)[-1]
    assert (record["verb"], record["outcome"]["refused"]) == ("match", "no-reason")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"nmae": "Li Ming"}, "body: "),
        ({"name": 7}, "$.name: Expected …, got …"),
        ({"name": "x" * 3000}, "$.name: Expected … of length <= 2000"),
        ({"name": "Li Ming", "limit": 0}, "$.limit: Expected … >= 1"),
        ({"name": "Li Ming", "phones": ["1"] * 21}, "$.phones: Expected … of length <= 20"),
        ({"name": "Li Ming", "birth_date": "then"}, "body: … is no birth date, expected 1958-07-03"),
        ({"name": "Li Ming", "as_of": "0001-01-01"}, "as_of: the year 1, expected 1900 to 2199"),
        ({"name": "Li Ming", "id_numbers": [{"number": "1", "kind": "nothing"}]}, "$.id_numbers[0].kind: "),
        ({"name": "Li Ming", "id_numbers": [{"number": "1", "country": "China"}]}, "id_numbers: … is no country"),
        ({}, "body: nothing to ask about, expected a name, a number or a telephone"),
        ({"name": "   "}, "body: nothing to ask about"),
        (b"{", "body: not JSON, expected a JSON object"),
        (b"[]", "body: Expected …, got …"),
    ],
)
def test_a_body_that_cannot_be_read_says_where_what_and_what_was_expected(seat: Seat, body: Any, said: str) -> None:
    refused = seat.post("/match", body, status=400)
    assert refused["code"] == "input"
    assert unquoted(refused["detail"]).startswith(said)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=30)
    | st.sampled_from(["李明", "1985-03-04", "1900-01-01", "2199-12-31", "wanted:W1", "L-AAAAAAAAAAAA", "\x00", "*"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=5,
)
CALLS = [item for item in ENDPOINTS if item.method == "POST" and not item.path.startswith("/graph")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_sent_is_answered_or_refused_in_words(seat: Seat, clock: Clock, data: st.DataObject) -> None:
    clock.now += 10
    call = data.draw(st.sampled_from(CALLS))
    fields = [field.encode_name for field in msgspec.structs.fields(call.asks)]
    body = data.draw(st.dictionaries(st.sampled_from(fields or ["x"]), VALUES, max_size=len(fields)))
    answered = seat.send(call.path.replace("{lead}", "L-AAAAAAAAAAAA"), json.dumps(body).encode())
    assert answered.status_code in (200, 400, 403, 404), answered.text
    assert answered.status_code == 200 or answered.json()["detail"]
