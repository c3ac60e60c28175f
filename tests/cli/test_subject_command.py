"""``subject find, correct, erase, prove-erased`` from the command line, and what an erased lead answers (A14, A17)."""

from __future__ import annotations

import json
import stat
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, Answer, Run, register_text

NUMBER = "990101198503040010"
ROW = f"R1,欧阳志远,1985-03-04,{NUMBER},13800138000,幻县虚构路12号501,2026-04-02"
NAMED = ("欧阳志远", "--birth-date", "1985-03-04")


@pytest.fixture
def led(command: Run, workspace: Path, register: Path, feed: Path) -> Path:
    """A workspace with two leads: R1 strong with a number, R2 by name and birth date."""
    screened(command, workspace, register, feed)
    return workspace


def call(command: Run, folder: Path, *more: object, code: int = 0) -> Answer:
    answer = command(*more, "--workspace", folder, "--lang", "en")
    assert answer.code == code, answer.err or answer.out
    return answer


def screened(command: Run, folder: Path, register: Path, feed: Path) -> Answer:
    return call(command, folder, "screen", register, "--feed", feed, "--as-of", AS_OF)


def found(command: Run, folder: Path, *stated: object) -> Any:
    return call(command, folder, "subject", "find", *stated, "--json", code=0).json


def lead_of(command: Run, folder: Path, registration: str) -> str:
    leads = call(command, folder, "leads", "list", "--as-of", AS_OF, "--json").json["leads"]
    (lead,) = [item["lead"] for item in leads if item["registration_id"] == registration]
    return str(lead)


def bytes_of(*folders: Path) -> bytes:
    return b"".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())


def last(command: Run, folder: Path, verb: str) -> dict[str, Any]:
    items = command("audit", "show", "--workspace", folder, "--reason", "audit:A-1", "--json").json
    shape: dict[str, Any] = [item for item in items if item["verb"] == verb][-1]
    return shape


def test_a_person_is_told_what_is_stored_of_them_since_when_until_when_and_who_got_it(
    command: Run, led: Path, tmp_path: Path
) -> None:
    lead = lead_of(command, led, "R1")
    sheet = tmp_path / "sheet.html"
    call(command, led, "leads", "sheet", lead, "--out", sheet, "--as-of", AS_OF)
    shape = found(command, led, *NAMED)
    (item,) = [one for one in shape["leads"] if one["same"]]
    assert item["lead"] == lead
    assert item["source"]["feed"] == "rental"
    assert item["source"]["registration_id"] == "R1"
    assert item["stored"]["documents"][0]["number"] == NUMBER
    assert item["kept_until"] > item["since"]
    assert {one["by"] for one in item["handed_on"]} == {"screen", "leads-sheet"}
    assert "Not searched" in shape["not_searched"]
    record = last(command, led, "subject-find")
    assert record["outcome"]["leads"] == [one["lead"] for one in shape["leads"]]
    assert record["fields"] == ["name", "birth-date"]
    assert "欧阳" not in json.dumps(record, ensure_ascii=False)
    for name in ("copy.html", "copy.json"):
        out = tmp_path / name
        said = call(command, led, "subject", "find", *NAMED, "--out", out).out
        assert str(out) in said
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        text = out.read_text(encoding="utf-8")
        assert all(value in text for value in (lead, NUMBER, "13800138000", "rental", "R1", "2026"))
        assert "章玉琴" not in text, "nobody else's"
        notice = (tmp_path / f"{name}.notice.txt").read_text(encoding="utf-8")
        assert "own data" in notice
    assert "case_parts" not in json.loads((tmp_path / "copy.json").read_text(encoding="utf-8"))


def test_the_copy_names_no_entry_that_is_merely_alike(command: Run, led: Path, tmp_path: Path) -> None:
    stated = ("章玉琴", "--birth-date", "1999-02-05")  # R3, alike to W2, whose birth date is another
    shape = found(command, led, *stated)
    assert [(item["entry"].split()[0], item["same"]) for item in shape["entries"]] == [("wanted:W2", False)]
    assert "wanted:W2" in call(command, led, "subject", "find", *stated).out
    theirs = found(command, led, *NAMED)
    assert [(item["entry"].split()[0], item["same"]) for item in theirs["entries"]] == [("wanted:W1", True)]
    lead = lead_of(command, led, "R1")
    call(command, led, "leads", "clear", lead, "--why", "elsewhere", "--name", "Li Hua", "--as-of", AS_OF)
    for name in ("copy.html", "copy.json"):
        for person, holds in ((stated, False), (NAMED, True)):
            call(command, led, "subject", "find", *person, "--out", tmp_path / name)
            text = (tmp_path / name).read_text(encoding="utf-8")
            assert ("wanted:W1" in text) is holds
            assert "wanted:W2" not in text
    copied = json.loads((tmp_path / "copy.json").read_text(encoding="utf-8"))
    assert copied["leads"][0]["entries"] == ["wanted:W1"]
    assert [list(item) for item in copied["clearances"]] == [["since"]]


def test_imported_graphs_are_named_as_not_searched(command: Run, led: Path, fixtures: Path, tmp_path: Path) -> None:
    assert "imported" not in call(command, led, "subject", "find", *NAMED).out
    call(command, led, "graph", "import", fixtures / "graphs" / "ring", "--graph", "ring")
    call(command, led, "graph", "import", fixtures / "graphs" / "ring", "--graph", "second")
    assert "2 imported graphs (ring, second)" in call(command, led, "subject", "find", *NAMED).out
    shape = found(command, led, *NAMED)
    assert (shape["imported_graphs_not_searched"], shape["imported_graphs"]) == (2, ["ring", "second"])
    for name in ("copy.html", "copy.json"):
        call(command, led, "subject", "find", *NAMED, "--out", tmp_path / name)
        assert "second" not in (tmp_path / name).read_text(encoding="utf-8"), "names may be somebody's"
    assert "Not searched: 2 imported graphs" in (tmp_path / "copy.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "copy.json").read_text(encoding="utf-8"))["imported_graphs_not_searched"] == 2
    said = call(command, led, "subject", "erase", "--order", "E-1", "--name", *NAMED).out
    assert "2 imported graphs (ring, second)" in said


def test_subject_access_asks_for_one_person_under_a_reason(
    command: Run, led: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "a name" in call(command, led, "subject", "find", "--address", "幻县虚构路12号", code=4).err
    assert "wildcard" in call(command, led, "subject", "find", "欧阳*", code=4).err
    assert ".html or .json" in call(command, led, "subject", "find", *NAMED, "--out", tmp_path / "x.txt", code=2).err
    monkeypatch.setattr("netpursuit.wiring.desks.user_of_machine", lambda: "somebody")
    for refused in (("find", *NAMED), ("erase", "L-AAAAAAAAAAAA", "--order", "E-1")):
        assert "reason" in call(command, led, "subject", *refused, code=4).err


def test_an_erased_lead_answers_so_is_proved_and_not_made_again(
    command: Run, led: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    lead = lead_of(command, led, "R1")
    call(command, led, "graph", "status")
    done = call(command, led, "subject", "erase", "--order", "E-2026/7", "--name", *NAMED, "--json").json
    assert done["erased"] == [lead]
    assert (done["log_intact"], done["graph"], done["wal_left"]) == (True, "forgotten", False)
    for shown in (("leads", "show", lead), ("leads", "replay", lead)):
        answer = call(command, led, *shown, "--json").json
        assert (answer["lead"], answer["order"]) == (lead, "E-2026/7")
        assert "under order E-2026/7" in call(command, led, *shown).out
    assert "E-2026/7" in call(command, led, "leads", "confirm", lead, "--same-person", "--entry-in-force",
                              "--name", "Li", "--note", "x", code=2).err  # fmt: skip
    proof = call(command, led, "subject", "prove-erased", lead, "--json").json
    assert proof["log_intact"]
    assert proof["order"] == "E-2026/7"
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof["public_key"]))
    key.verify(bytes.fromhex(proof["signature"]), proof["message"].encode())
    assert b"13800138000" not in bytes_of(led, led.with_name("ws-keys"))
    assert last(command, led, "subject-erase")["outcome"]["leads"] == [lead]
    register.write_text(register_text(ROW, "R2,章玉琴,1971-11-23,,,幻县虚构路13号101室,2026-04-04"), encoding="utf-8")
    screened(command, led, register, feed)
    leads = call(command, led, "leads", "list", "--as-of", AS_OF, "--json").json["leads"]
    assert {item["registration_id"] for item in leads} == {"R2"}
    assert found(command, led, *NAMED)["leads"] == []
    assert "no lead" in call(command, led, "subject", "prove-erased", "L-AAAAAAAAAAAA", code=2).err


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be set")
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_days_are_told_where_the_user_is(
    command: Run, led: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """UTC+14 and UTC-12: at any instant the day in one of them is not that of UTC."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        lead = lead_of(command, led, "R1")
        corrected = ("subject", "correct", lead, "--sex", "m", "--order", "C-1", "--as-of", AS_OF)
        call(command, led, *corrected)
        (item,) = [one for one in found(command, led, *NAMED)["leads"] if one["same"]]
        since, changed = (datetime.fromisoformat(item[name]).astimezone().date() for name in ("since", "changed"))
        assert item["corrections"][0]["day"] == changed.isoformat()
        assert {one["day"] for one in item["handed_on"]} == {since.isoformat()}
        assert item["kept_until"] == (changed + timedelta(days=180)).isoformat()
        call(command, led, "subject", "find", *NAMED, "--out", tmp_path / "copy.html")
        text = (tmp_path / "copy.html").read_text(encoding="utf-8")
        row = text[text.index("Since</th>") :]
        assert f"<bdi>{since}</bdi>" in row[: row.index("</tr>")]
        at = call(command, led, "subject", "erase", lead, "--order", "E-1", "--json").json["at"]
        day = datetime.fromisoformat(at).astimezone().date().isoformat()
        assert call(command, led, "leads", "show", lead).out.strip() == f"{lead}: erased on {day} under order E-1"
        assert f"was erased on {day}" in call(command, led, "subject", "prove-erased", lead).out
        assert call(command, led, "subject", "prove-erased", lead, "--json").json["erased_on"] == day
    finally:
        monkeypatch.undo()
        time.tzset()


def test_erasing_names_leads_or_a_person_and_an_order(command: Run, led: Path) -> None:
    lead = lead_of(command, led, "R1")
    both = call(command, led, "subject", "erase", lead, "--name", "x", "--order", "E-1", code=2).err
    assert "expected ids of leads (L-…), or a person by --name" in both
    assert "--order" in call(command, led, "subject", "erase", lead, code=2).err
    assert "number of an order" in call(command, led, "subject", "erase", lead, "--order", "a b", code=2).err
    chinese = command("subject", "erase", lead, "--order", "a b", "--workspace", led, "--lang", "zh")
    assert "命令编号" in chinese.err
    assert (
        "several people" in call(command, led, "subject", "erase", "--name", "欧阳志远", "--order", "E-1", code=2).err
    )
    assert lead_of(command, led, "R1") == lead
    said = call(command, led, "subject", "erase", lead, "--order", "幻检〔2026〕7号").out
    assert "Erased under order 幻检〔2026〕7号: 1 leads" in said


def test_a_corrected_lead_is_scored_again_and_its_record_says_so(
    command: Run, led: Path, register: Path, feed: Path
) -> None:
    lead = lead_of(command, led, "R2")
    stated = ("subject", "correct", lead, "--order", "C-1", "--as-of", AS_OF)
    assert "nothing is stated" in call(command, led, *stated, code=2).err
    done = call(command, led, *stated, "--birth-date", "1990-09-09", "--json").json
    assert (done["state"], done["flag"], done["revision"], done["fields"]) == (
        "withdrawn", "not-reported", 2, ["birth-date"],
    )  # fmt: skip
    assert (done["band_before"], done["band"]) == ("strong", "weak")
    screened(command, led, register, feed)
    shape = call(command, led, "leads", "show", lead, "--as-of", AS_OF, "--json").json
    assert (shape["state"], shape["registered"]["birth_dates"]) == ("withdrawn", ["1990-09-09"])
    assert call(command, led, "leads", "replay", lead, "--json").json["agrees"]
    said = call(command, led, *stated, "--birth-date", "1971-11-23").out
    assert "scored again: open, revision 3" in said
    assert "1971" not in json.dumps(last(command, led, "subject-correct"))
