"""Reviewing on the page: the queue, one lead, its sheet, and computing it again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from netpursuit.gate.users import user_of_machine
from tests.cli.conftest import Run
from tests.web.conftest import Seat, SignIn, copied, unquoted
from tests.web.led import lead_of, screened

REASON = ("--reason", "lead:T-9")


@pytest.fixture(scope="module")
def waiting(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return screened(copied(made, tmp_path_factory.mktemp("led")))


@pytest.fixture
def workspace(waiting: Path, tmp_path: Path) -> Path:
    return copied(waiting, tmp_path)


@pytest.fixture
def led(workspace: Path) -> Path:
    return workspace


def run(command: Run, folder: Path, *more: object, code: int = 0) -> Any:
    done = command(*more, "--workspace", folder, *REASON, "--lang", "en")
    assert done.code == code, done.err or done.out
    return done


def recorded(command: Run, folder: Path, verb: str) -> list[dict[str, Any]]:
    shown = command("audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json").json
    return [item for item in shown if item["verb"] == verb]


def test_the_queue_is_best_first_narrowed_and_paged(led: Path, seat: Seat, command: Run) -> None:
    page = seat.post("/leads")
    assert (page["total"], page["banners"]) == (4, [])
    assert [item["registration_id"] for item in page["leads"]] == ["R1", "R1", "R2", "R2"]
    first = page["leads"][0]
    assert (first["band"], first["state"], first["revision"], first["obstacle"]) == ("strong", "open", 1, None)
    assert (first["person"], first["entry_name"], first["role_label"]) == ("欧阳志远", "欧阳志远", "tenant")
    assert first["entry"] in ("wanted:W1", "other:W1")
    assert first["seen"] == {"revision": 1, "updated_at": first["updated_at"]}
    assert (page["lists"], page["feeds"]) == (["other", "wanted"], ["rental"])
    few = seat.post("/leads", {"limit": 1})
    assert (few["lists"], few["feeds"]) == (page["lists"], page["feeds"]), "of all leads, not of those that were read"
    one = seat.post("/leads", {"limit": 1, "offset": 1})
    assert (one["total"], [item["lead"] for item in one["leads"]]) == (4, [page["leads"][1]["lead"]])
    today = datetime.now(UTC).date()
    narrowed: list[tuple[dict[str, Any], int]] = [
        ({"bands": [first["band"]]}, sum(item["band"] == first["band"] for item in page["leads"])),
        ({"bands": ["weak"]}, 0),
        ({"bands": ["possible", "strong"]}, 4),
        ({"list": "other"}, 2),
        ({"entry": "other:W2"}, 1),
        ({"feed": "rental"}, 4),
        ({"feed": "elsewhere"}, 0),
        ({"states": ["confirmed", "cleared"]}, 0),
        ({"states": ["open"], "new_since": (today - timedelta(days=1)).isoformat()}, 4),
        ({"new_since": (today + timedelta(days=2)).isoformat()}, 0),
        ({"assigned": "Li Hua"}, 0),
        ({"run": first["run"]}, 4),
    ]
    for asked, count in narrowed:
        assert seat.post("/leads", asked)["total"] == count, asked
    record = recorded(command, led, "leads-list")[0]
    assert record["outcome"]["leads"] == [item["lead"] for item in page["leads"]]


def test_a_lead_is_what_the_command_line_shows_with_words_beside_it(led: Path, seat: Seat, command: Run) -> None:
    lead = lead_of(seat, "R1")["lead"]
    shown = seat.post(f"/leads/{lead}")
    said = run(command, led, "leads", "show", lead, "--json").json
    other = said.pop("others")
    for key in said:
        if key != "consultation":
            assert shown[key] == said[key], key
    assert [{key: item[key] for key in other[0]} for item in shown["others"]] == other
    assert [(item["list"], item["same_person"], item["person"]) for item in shown["others"]] == [
        ("other", True, "欧阳志远")
    ]
    assert shown["stay"].startswith("Registration R1: tenant, 幻县虚构路12号501")
    assert shown["steps"][-1]["end"] == sum(item["millibits"] for item in shown["evidence"])
    assert {side["field"] for side in shown["sides"]} >= {"name", "birth-date", "document"}
    assert {fact["key"] for fact in shown["facts"]} >= {"authority", "issuing-unit", "document-number"}
    assert [item["id"] for item in shown["lists"]] == ["wanted"]
    assert shown["may"] == {act: {"allowed": True, "why": ""} for act in shown["may"]} | {
        "reopen": {"allowed": False, "why": "Not in this state: open."}
    }
    assert shown["clear_reasons"][0] == "other-birth-date"
    ids = recorded(command, led, "leads-show")[0]["outcome"]["leads"]
    assert ids == [lead, shown["others"][0]["lead"]], "what was shown beside it is on record, too"
    assert "另一" not in shown["stay"]
    assert "Same person, same registration" in run(command, led, "leads", "show", lead).out


def test_who_of_a_registration_is_on_no_lead_is_shown_nowhere(led: Path, seat: Seat) -> None:
    everything = [seat.post("/leads"), *(seat.post(f"/leads/{item['lead']}") for item in seat.post("/leads")["leads"])]
    assert "李明" not in json.dumps(everything, ensure_ascii=False)
    assert not [file for file in led.rglob("*") if file.is_file() and "李明".encode() in file.read_bytes()]


def test_a_reviewers_page_in_chinese(led: Path, seat: Seat) -> None:
    lead = lead_of(seat, "R2")["lead"]
    seat.post(f"/leads/{lead}/note", {**lead_of(seat, "R2")["seen"], "name": "李华", "note": "已电话联系房东"})
    shown = seat.post(f"/leads/{lead}", lang="zh")
    assert (shown["state_label"], shown["role_label"]) == ("待核查", "承租人")
    assert shown["handled"][0].startswith("备注：李华（")
    assert shown["may"]["reopen"]["why"] == "当前状态（待核查）不可执行。"
    assert all(not side["label"].isascii() for side in shown["sides"])
    assert all(not fact["label"].isascii() for fact in shown["facts"])
    missing = seat.send("/leads/L-AAAAAAAAAAAA", lang="zh")
    assert missing.status_code in (400, 404)
    assert not missing.json()["detail"].isascii()


def test_a_list_that_is_not_in_force_is_said_and_keeps_from_confirming(led: Path, seat: Seat) -> None:
    late = (datetime.now(UTC).date() + timedelta(days=61)).isoformat()
    lead = lead_of(seat, "R1")["lead"]
    shown = seat.post(f"/leads/{lead}", {"as_of": late})
    assert shown["banners"][0].startswith("Attention: wanted is expired")
    assert shown["obstacle"] == "expired"
    assert shown["may"]["confirm"] == {"allowed": False, "why": shown["obstacle_label"]}
    assert "review date has passed" in shown["obstacle_label"]
    queue = seat.post("/leads", {"as_of": late, "list": "wanted"})
    assert queue["banners"] == shown["banners"]
    assert {item["obstacle"] for item in queue["leads"]} == {"expired"}
    assert {item["flag_label"] for item in queue["leads"]} != {""}


def test_a_lead_of_an_erased_person_answers_that_it_was_erased(led: Path, seat: Seat, command: Run) -> None:
    lead = lead_of(seat, "R1")
    run(command, led, "subject", "erase", lead["lead"], "--order", "E-2026/7")
    for act, body in (
        ("", {}),
        ("/replay", {}),
        ("/sheet", {}),
        ("/note", {**lead["seen"], "name": "Li", "note": "x"}),
        ("/assign", {**lead["seen"], "to": "Li"}),
    ):
        answered = seat.send(f"/leads/{lead['lead']}{act}", body)
        assert (answered.status_code, answered.json()["code"]) == (410, "erased"), act
        assert "under order E-2026/7" in answered.json()["detail"]
    told = seat.post(f"/leads/{lead['lead']}", lang="zh", status=410)["detail"]
    assert "E-2026/7" in told
    assert not told.isascii()
    assert lead["lead"] not in [item["lead"] for item in seat.post("/leads")["leads"]]


def test_a_lead_is_computed_again(led: Path, seat: Seat) -> None:
    lead = lead_of(seat, "R1")["lead"]
    again = seat.post(f"/leads/{lead}/replay")
    assert (again["mode"], again["agrees"], again["differences"]) == ("replayed", True, [])
    assert again["sha256"] in again["text"][0]
    assert "no revision 7" in seat.post(f"/leads/{lead}/replay", {"revision": 7}, status=400)["detail"]


def test_the_check_sheet_comes_as_a_file_with_its_notice(led: Path, seat: Seat, command: Run) -> None:
    lead = lead_of(seat, "R1")["lead"]
    answered = seat.send(f"/leads/{lead}/sheet")
    assert answered.status_code == 200
    assert answered.headers["content-disposition"] == f'attachment; filename="{lead}.html"'
    assert answered.headers["content-type"] == "text/html; charset=utf-8"
    text = answered.text
    assert "欧阳志远" in text
    assert user_of_machine() in text
    assert (datetime.now().astimezone().date() + timedelta(days=7)).isoformat() in text
    assert "<script" not in text
    assert "核查单" in seat.send(f"/leads/{lead}/sheet", lang="zh").text
    assert len(recorded(command, led, "leads-sheet")) == 2


def test_each_role_is_told_what_it_may_do_and_the_gate_says_the_same(led: Path, sign_in: SignIn, command: Run) -> None:
    lead = lead_of(sign_in(), "R1")
    for user, role in ((user_of_machine(), "administrator"), ("ivy", "investigator"), ("rex", "reviewer"),
                       ("sue", "supervisor"), ("ann", "auditor")):  # fmt: skip
        run(command, led, "users", "grant", user, role)
    allowed = {
        "ivy": {"note", "outcome", "sheet"},
        "rex": {"confirm", "clear", "assign", "note", "outcome", "replay", "sheet"},
        "sue": {"assign", "note", "replay"},
    }
    bodies: dict[str, dict[str, Any]] = {
        "confirm": {"same_person": False, "entry_in_force": True, "name": "N", "reason": "seen"},
        "clear": {"reason": "nothing", "name": "N"},
        "assign": {"to": "rex"},
        "note": {"name": "", "note": "x"},
        "outcome": {"result": "found", "name": ""},
        "reopen": {"name": "", "note": "x"},
    }
    for user, acts in allowed.items():
        seat = sign_in(user)
        may = seat.post(f"/leads/{lead['lead']}")["may"]
        assert {act for act, said in may.items() if said["allowed"]} == acts
        for act, body in bodies.items():
            seen = seat.post(f"/leads/{lead['lead']}")["seen"]
            answered = seat.send(f"/leads/{lead['lead']}/{act}", {**seen, **body})
            refused = answered.status_code == 403 and answered.json()["code"] == "role"
            assert refused is (act not in acts and not (act == "reopen" and user in ("rex", "sue"))), (user, act)
    why = sign_in("ivy").post(f"/leads/{lead['lead']}")["may"]["confirm"]["why"]
    assert why == "Your roles do not allow this; it needs one of: reviewer."
    for outside in ("ann", "nobody"):
        seat = sign_in(outside, reason="")  # nor may they choose one
        assert seat.post("/leads", status=403)["code"] == "role"
        assert seat.post(f"/leads/{lead['lead']}", status=403)["code"] == "role"
        assert seat.post(f"/leads/{lead['lead']}/sheet", status=403)["code"] == "role"


def test_a_case_is_the_authority_of_its_members_alone(led: Path, sign_in: SignIn, command: Run) -> None:
    lead = lead_of(sign_in(), "R1")["lead"]
    day = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    stated = ("--title", "t", "--authority", "a", "--legal-basis", "l", "--purpose", "查找在逃人员")
    opened = command("case", "open", "--id", "K-1", *stated, "--expires", day, "--workspace", led, "--lang", "en")
    assert opened.code == 0, opened.err
    seat = sign_in(reason="", case="K-1")
    assert "查找在逃人员" in seat.send(f"/leads/{lead}/sheet").text
    assert recorded(command, led, "leads-sheet")[0]["authority"] == "case:K-1"


BAD: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("/leads", {"states": ["closed"]}, "$.states[0]: "),
    ("/leads", {"bands": ["purple"]}, "bands: 1 unknown bands, expected weak, possible, strong"),
    ("/leads", {"limit": 1000}, "$.limit: Expected … <= 200"),
    ("/leads", {"offset": -1}, "$.offset: Expected … >= 0"),
    ("/leads", {"entry": "W1"}, "entry: … names no entry, expected LIST:ENTRY"),
    ("/leads", {"entry": "wanted:W1", "list": "other"}, "entry: two lists at once"),
    ("/leads", {"new_since": "yesterday"}, "$.new_since: Invalid RFC3339 encoded date"),
    ("/leads", {"new_since": "0001-01-01"}, "new_since: the year 1, expected 1900 to 2199"),
    ("/leads", {"ethnicity": "x"}, "body: "),
    ("/leads/L-1", {"as_of": "9999-12-31"}, "as_of: the year 9999"),
    ("/leads/L-1/replay", {"revision": 0}, "$.revision: Expected … >= 1"),
    ("/leads/L-1/note", {"name": "Li", "note": "x"}, "body: Object missing required field …"),
    (
        "/leads/L-1/note",
        {"revision": 1, "updated_at": "2026-01-01T00:00:00", "name": "Li", "note": "x"},
        "$.updated_at: Expected … with a timezone component",
    ),
    (
        "/leads/L-1/outcome",
        {"revision": 1, "updated_at": "2026-01-01T00:00:00Z", "result": "dead", "name": "Li"},
        "$.result: ",
    ),
)


def test_a_body_that_cannot_be_read_says_where_what_and_what_was_expected(seat: Seat) -> None:
    for path, body, said in BAD:
        refused = seat.post(path, body, status=400)
        assert (refused["code"], unquoted(refused["detail"]).startswith(said)) == ("input", True), refused


def test_the_queue_comes_in_the_order_that_is_asked_for_over_its_pages(led: Path, seat: Seat, command: Run) -> None:
    best = [item["lead"] for item in seat.post("/leads")["leads"]]
    run(command, led, "leads", "assign", best[3], "--to", "Anna")
    run(command, led, "leads", "assign", best[1], "--to", "Zoe")

    def ordered(order: str) -> list[dict[str, Any]]:
        pages = [seat.post("/leads", {"order": order, "limit": 2, "offset": offset})["leads"] for offset in (0, 2)]
        return [item for page in pages for item in page]

    assert [item["lead"] for item in ordered("best")] == best
    assert [item["lead"] for item in ordered("assigned")] == [best[3], best[1], best[0], best[2]]
    for order, key in (("list", "list"), ("feed", "feed"), ("oldest", "opened_at")):
        told = [item[key] for item in ordered(order)]
        assert told == sorted(told), order
    told = [item["opened_at"] for item in ordered("newest")]
    assert told == sorted(told, reverse=True)
    assert seat.post("/leads", {"order": "score"}, status=400)["code"] == "input"
