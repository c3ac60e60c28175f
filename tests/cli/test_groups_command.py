"""``netpursuit lists groups`` and what a screening, a query and the files make of an accepted group."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, PEOPLE, Run


@pytest.fixture
def twice(command: Run, workspace: Path, wanted: tuple[Path, Path]) -> Path:
    """The workspace with 欧阳志远 on a second list too, and somebody else."""
    listed, mapping = wanted
    again = PEOPLE[0].replace("W1", "P7").replace("阿远|", "").replace("幻捕字1号", "幻捕字71号")
    header = listed.read_text(encoding="utf-8").splitlines()[0]
    other = PEOPLE[1].replace("W2", "P8").replace("章玉琴", "冯静怡").replace("1971-11-23", "1988-08-08")
    second = listed.with_name("second.csv")
    second.write_text("\n".join([header, again, other, ""]), encoding="utf-8")
    added = command(
        *("lists", "add", second, "--list", "province", "--mapping", mapping),
        *("--as-of", AS_OF, "--workspace", workspace),
    )
    assert added.code == 0, added.err
    return workspace


def call(command: Run, folder: Path, *more: object, code: int = 0) -> str:
    answer = command("lists", "groups", *more, "--workspace", folder, "--as-of", AS_OF)
    assert answer.code == code, answer.err
    return answer.out or answer.err


def proposal(command: Run, folder: Path) -> str:
    call(command, folder, "propose")
    (row,) = json.loads(call(command, folder, "list", "--json"))["groups"]
    return str(row["pairs"][0]["id"])


def test_pairs_are_proposed_listed_and_shown_with_their_evidence(command: Run, twice: Path) -> None:
    done = json.loads(call(command, twice, "propose", "--json"))
    assert {name: done[name] for name in ("compared", "new", "known", "open")} == {
        "compared": 5,
        "new": 1,
        "known": 0,
        "open": 1,
    }
    assert json.loads(call(command, twice, "propose", "--json"))["known"] == 1
    page = call(command, twice, "list")
    assert "province:P7" in page
    assert "wanted:W1" in page
    assert "1 of 1" in page
    pair = proposal(command, twice)
    sheet = call(command, twice, "show", pair)
    assert "欧阳志远" in sheet
    assert "990101198503040010" in sheet
    shape = json.loads(call(command, twice, "show", pair, "--json"))
    (shown,) = shape["pairs"]
    assert shape["group"] is None
    assert {record["id"] for record in shown["records"]} == {"P7", "W1"}
    assert {"document", "name", "birth-date"} <= {item["field"] for item in shown["evidence"] if item["bits"] >= 0}
    assert sum(item["millibits"] for item in shown["evidence"]) == pytest.approx(shown["bits"] * 1000, abs=51)


def test_a_named_user_accepts_rejects_and_takes_back(command: Run, twice: Path) -> None:
    pair = proposal(command, twice)
    call(command, twice, "accept", pair, code=2)
    call(command, twice, "reject", pair, "--reason-code", "because", code=2)
    call(command, twice, "reject", pair, "--reason-code", "too-little", "--name", "Wang")
    assert json.loads(call(command, twice, "list", "--json"))["total"] == 0
    (row,) = json.loads(call(command, twice, "list", "--rejected", "--json"))["groups"]
    assert (row["pairs"][0]["decided_by"], row["pairs"][0]["decision"]) == ("Wang", "too-little")
    assert f"group {pair} now holds 2" in call(command, twice, "accept", pair, "--name", "Li Hua")
    (group,) = json.loads(call(command, twice, "list", "--accepted", "--json"))["groups"]
    assert (group["group"], group["entries"]) == (pair, ["province:P7", "wanted:W1"])
    assert "Li Hua" in call(command, twice, "show", pair)
    assert "dissolved" in call(command, twice, "dissolve", pair)
    call(command, twice, "dissolve", pair, code=2)


def test_a_registration_that_hits_one_person_on_two_lists_raises_one_lead(
    command: Run, twice: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    out, page = tmp_path / "leads.csv", tmp_path / "leads.html"

    def screened(*more: object) -> list[str]:
        files = ("screen", register, "--feed", feed, "--workspace", twice, "--as-of", AS_OF)
        answer = command(*files, "--json", *more)
        assert answer.code == 0, answer.err
        leads: list[str] = answer.json["leads"]
        return leads

    assert len(screened()) == 3
    pair = proposal(command, twice)
    call(command, twice, "accept", pair, "--name", "Li Hua")
    assert len(screened("--out", out, "--report", page)) == 2
    with out.open(encoding="utf-8", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["registration_id"] == "R1"]
    assert row["group"] == pair
    assert sorted(part.rsplit(":", 2)[0] for part in row["entries"].split("; ")) == ["province:P7", "wanted:W1"]
    html = page.read_text(encoding="utf-8")
    assert min(html.count("province:P7"), html.count("wanted:W1")) > 1, "in the table and with its evidence"
    shown = command("leads", "list", "--state", "open", "--workspace", twice, "--as-of", AS_OF, "--json").json["leads"]
    (lead,) = [item for item in shown if item["registration_id"] == "R1"]
    assert lead["group"] == pair
    assert {item["entry"]["id"] for item in lead["entries"]} == {"P7", "W1"}
    sheet = command("leads", "show", lead["lead"], "--workspace", twice, "--as-of", AS_OF).out
    assert "province:P7" in sheet
    assert "wanted:W1" in sheet
    gone = command("leads", "list", "--state", "withdrawn", "--workspace", twice, "--as-of", AS_OF, "--json").json
    assert {item["flag"] for item in gone["leads"]} == {"grouped"}


def test_a_query_shows_the_entries_of_a_group_together(command: Run, twice: Path) -> None:
    pair = proposal(command, twice)
    call(command, twice, "accept", pair, "--name", "Li Hua")
    asked = ("match", "欧阳志远", "--birth-date", "1985-03-04", "--workspace", twice, "--as-of", AS_OF)
    found = command(*asked, "--json").json["matches"]
    assert [(item["entry"]["id"], item["group"]) for item in found][:2] == [("P7", pair), ("W1", pair)]
    assert pair in command(*asked).out


def test_a_withdrawn_entry_shows_wherever_the_lead_does(
    command: Run, twice: Path, register: Path, feed: Path, wanted: tuple[Path, Path], tmp_path: Path
) -> None:
    call(command, twice, "accept", proposal(command, twice), "--name", "Li Hua")
    listed, mapping = wanted
    header, _, *rest = (listed.with_name("second.csv")).read_text(encoding="utf-8").splitlines()
    listed.with_name("second.csv").write_text("\n".join([header, *rest, ""]), encoding="utf-8")
    place = ("--workspace", twice, "--as-of", AS_OF)
    added = command("lists", "add", listed.with_name("second.csv"), "--list", "province", "--mapping", mapping, *place)
    assert added.code == 0, added.err
    page = tmp_path / "leads.html"
    assert command("screen", register, "--feed", feed, "--report", page, *place).code == 0
    shown = command("leads", "list", *place, "--json").json["leads"]
    (lead,) = [item for item in shown if item["registration_id"] == "R1"]
    assert {item["entry"]["id"]: item["obstacle"] for item in lead["entries"]} == {"W1": None, "P7": "withdrawn"}
    assert (lead["flag"], lead["obstacle"]) == ("entry-left", None)
    sheet = command("leads", "show", lead["lead"], *place, "--lang", "en").out
    assert "province:P7" in sheet
    assert "no longer on its list" in sheet
    assert "province:P7" in page.read_text(encoding="utf-8")
    assert "province:P7" in call(command, twice, "list", "--accepted", "--lang", "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_is_said_in_both_languages(command: Run, twice: Path, lang: str) -> None:
    pair = proposal(command, twice)
    said = [call(command, twice, *words, "--lang", lang) for words in (("propose",), ("list",), ("show", pair))]
    said.append(call(command, twice, "accept", pair, "--name", "Li Hua", "--lang", lang))
    said.append(call(command, twice, "show", pair, "--lang", lang))
    assert all(("一" in text or "提议" in text or "属于" in text) is (lang == "zh") for text in said[:1] + said[3:4])
    assert all("groups." not in text for text in said)


def test_an_accepted_group_joins_its_entries_in_the_graph_until_it_is_dissolved(command: Run, twice: Path) -> None:
    def graph(*asked: str, code: int = 0) -> dict[str, object]:
        day = ("--as-of", AS_OF) if len(asked) > 1 else ()
        answer = command("graph", *asked, "--json", "--workspace", twice, *day)
        assert answer.code == code, answer.err
        return dict(json.loads(answer.out))

    ends = ("Entry:wanted:W1", "Entry:province:P7")
    assert graph("between", *ends)["edges"] == []
    pair = proposal(command, twice)
    assert graph("between", *ends)["edges"] == [], "a proposal joins nobody"
    call(command, twice, "accept", pair, "--name", "Li Hua")
    (edge,) = graph("between", *ends)["edges"]  # type: ignore[misc]
    assert edge["kind"] == "same-as"
    (said,) = edge["provenance"]
    assert (said["source"], said["fact"]) == (f"group {pair}", True)
    assert said["note"].endswith("accepted by Li Hua")
    assert not graph("verify")["missing"]
    graph("rebuild")
    assert len(graph("paths", *ends)["edges"]) == 1  # type: ignore[arg-type]
    call(command, twice, "dissolve", pair)
    assert graph("between", *ends)["edges"] == []
    assert command("graph", "verify", "--workspace", twice).code == 0


def test_what_was_corrected_in_a_lead_stays_so_when_its_entry_joins_a_group(
    command: Run, twice: Path, register: Path, feed: Path
) -> None:
    def leads(*more: object) -> list[dict[str, Any]]:
        shown = command("leads", "list", *more, "--workspace", twice, "--as-of", AS_OF, "--json").json["leads"]
        return [item for item in shown if item["registration_id"] == "R1"]

    def screened() -> None:
        done = command("screen", register, "--feed", feed, "--workspace", twice, "--as-of", AS_OF)
        assert done.code == 0, done.err

    screened()
    lead = next(item["lead"] for item in leads() if item["entry"]["id"] == "W1")
    stated = ("--phone", "13900000001", "--order", "C-2026/3", "--reason", "check:T-1", "--as-of", AS_OF)
    corrected = command("subject", "correct", lead, *stated, "--workspace", twice)
    assert corrected.code == 0, corrected.err
    call(command, twice, "accept", proposal(command, twice), "--name", "Li Hua")
    for _ in range(2):
        screened()
        (open_now,) = leads("--state", "open")
        shown = command("leads", "show", open_now["lead"], "--workspace", twice, "--as-of", AS_OF, "--json").json
        assert shown["group"]
        assert shown["registered"]["phones"] == ["13900000001"]
