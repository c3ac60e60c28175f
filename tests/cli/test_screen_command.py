"""``netpursuit screen`` and the leads it leaves: what goes in, what comes out, what is refused."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, PEOPLE, Run, feed_text, register_text

WANG = ("--name", "Wang", "--note", "fingerprints compared")


def screened(command: Run, workspace: Path, register: Path, feed: Path, *more: object, code: int = 0) -> Any:
    arguments = ("screen", register, "--feed", feed, "--workspace", workspace, "--json", *more)
    answer = command(*arguments, *(() if "--as-of" in more else ("--as-of", AS_OF)))
    assert answer.code == code, answer.err
    return answer.json


def listed(command: Run, workspace: Path, *more: str) -> dict[str, Any]:
    """Registration and entry id -> lead."""
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--json", *more)
    return {f"{lead['registration_id']} {lead['entry']['id']}": lead for lead in shown.json["leads"]}


def add_list(command: Run, workspace: Path, tmp_path: Path, text: str, *more: str) -> Any:
    (tmp_path / "wanted.csv").write_text(text, encoding="utf-8")
    files = (tmp_path / "wanted.csv", "--list", "wanted", "--mapping", tmp_path / "mapping.toml")
    return command("lists", "add", *files, "--workspace", workspace, "--as-of", AS_OF, "--json", *more)


def test_leads_are_written_as_csv_and_as_json_lines(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    table, lines = tmp_path / "leads.csv", tmp_path / "leads.jsonl"
    run = screened(command, workspace, register, feed, "--out", table)
    counts = {key: run["counts"][key] for key in ("read", "rejected", "screened", "strong", "leads_new")}
    assert counts == {"read": 5, "rejected": 1, "screened": 4, "strong": 2, "leads_new": 2}
    screened(command, workspace, register, feed, "--out", lines)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    objects = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    for found in (rows, objects):
        assert {(item["registration_id"], item["entry_id"], item["band"]) for item in found} == {
            ("R1", "W1", "strong"),
            ("R2", "W2", "strong"),
        }
        assert {(item["feed"], item["list"], item["entry_name"]) for item in found} == {
            ("rental", "wanted", "欧阳志远"),
            ("rental", "wanted", "章玉琴"),
        }


def test_the_same_file_twice_is_byte_for_byte_the_same_and_no_new_lead(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("one.csv", "two.csv", "three.csv")]
    first = screened(command, workspace, register, feed, "--out", files[0])
    before = listed(command, workspace)
    second = screened(command, workspace, register, feed, "--out", files[1])
    third = screened(command, workspace, register, feed, "--out", files[2], "--workers", "2")
    assert files[0].read_bytes() == files[1].read_bytes() == files[2].read_bytes()
    for again in (second, third):
        assert again["leads"] == first["leads"]
        assert (again["counts"]["leads_new"], again["counts"]["leads_unchanged"]) == (0, 2)
    after = listed(command, workspace)
    for key, lead in before.items():
        assert (after[key]["revision"], after[key]["updated_at"]) == (lead["revision"], lead["updated_at"])


def test_the_report_stands_alone_and_shows_leads_only(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    report = tmp_path / "leads.html"
    screened(command, workspace, register, feed, "--report", report, "--lang", "zh")
    page = report.read_text(encoding="utf-8")
    assert "欧阳志远" in page
    assert "李明" not in page
    assert "<script" not in page
    assert 'src="http' not in page
    assert "查找在逃人员" in page
    assert "名单 wanted 有 1 个条目将在 7 天内超过复核日期" in page


def test_a_run_under_which_a_list_is_stale_says_so_and_still_leads(
    command: Run, workspace: Path, register: Path, feed: Path
) -> None:
    run = screened(command, workspace, register, feed, "--as-of", "2026-06-01", code=3)
    assert run["lists"][0]["stale"] is True
    assert run["counts"]["leads_new"] == 2
    assert run["as_of"] == "2026-06-01"


def test_rejected_rows_are_shown_by_place_and_their_values_only_from_the_source(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    screened(command, workspace, register, feed)
    show = ("quarantine", "show", "--workspace", workspace)
    (row,) = command(*show, "--json").json
    assert (row["file"], row["line"], row["column"], row["reason"]) == ("register.csv", 6, "birth_date", "bad-date")
    assert "1991" not in command(*show).out
    assert "赵某某" in command(*show, "--source", register).out
    other = tmp_path / "other.csv"
    other.write_text(register_text("R9,甲,1990-01-01,,,,"), encoding="utf-8")
    assert command(*show, "--source", other).code == 2, "another file than the one that was screened"


def test_a_feed_that_lacks_anything_does_not_run_and_all_problems_are_named(
    command: Run, workspace: Path, register: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(
        feed_text(legal_basis=None, area='""', expires_on='"soon"', screened_roles='["tenant", "king"]', colour="1"),
        encoding="utf-8",
    )
    for arguments in (("screen", register, "--feed", bad, "--workspace", workspace), ("feed", "check", bad)):
        answer = command(*arguments)
        assert answer.code == 2
        for named in ("bad.toml", "legal_basis", "area", "expires_on", "king", "colour"):
            assert named in answer.err
    assert listed(command, workspace) == {}


@pytest.mark.parametrize(
    "missing",
    [
        *("feed_id", "legal_basis", "area", "period_from", "period_to", "purpose"),
        *("screened_roles", "time_zone", "expires_on"),
    ],
)
def test_each_setting_that_a_feed_must_record_is_demanded(
    command: Run, workspace: Path, register: Path, tmp_path: Path, missing: str
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(feed_text(**{missing: None}), encoding="utf-8")
    answer = command("screen", register, "--feed", bad, "--workspace", workspace, "--as-of", AS_OF)
    assert answer.code == 2
    assert missing in answer.err


def test_an_expired_feed_is_refused_and_the_refusal_is_on_record(
    command: Run, workspace: Path, register: Path, feed: Path
) -> None:
    late = ("--as-of", "2027-01-01")
    answer = command("screen", register, "--feed", feed, "--workspace", workspace, *late)
    assert (answer.code, answer.out) == (4, "")
    (last,) = command("audit", "show", "--workspace", workspace, "--last", "1", "--json").json
    assert (last["verb"], last["outcome"]["refused"]) == ("screen", "feed-expired")
    checked = command("feed", "check", feed, *late)
    assert checked.code == 4
    assert "expired" in checked.err


def test_landlords_are_screened_only_where_the_purpose_names_them(
    command: Run, workspace: Path, tmp_path: Path
) -> None:
    register, bad, good = tmp_path / "r.csv", tmp_path / "bad.toml", tmp_path / "good.toml"
    columns = {"registration_id": "编号", "name": "姓名", "landlord_name": "房东", "start_date": "入住日期"}
    columns |= {"landlord_id_number": "房东身份证号"}
    register.write_text("编号,姓名,房东,房东身份证号,入住日期\nR1,李明,欧阳志远,990101198503040010,2026-04-01\n")
    roles = '["tenant", "landlord"]'
    bad.write_text(feed_text(columns, screened_roles=roles), encoding="utf-8")
    good.write_text(feed_text(columns, screened_roles=roles, purpose='"查找在逃人员，包括房东"'), encoding="utf-8")
    arguments = ("screen", register, "--workspace", workspace, "--as-of", AS_OF)
    assert command(*arguments, "--feed", bad).code == 2
    run = screened(command, workspace, register, good)
    assert run["counts"]["leads_new"] == 1
    (lead,) = listed(command, workspace).values()
    assert lead["role"] == "landlord"


def test_a_feed_column_that_the_program_or_the_file_does_not_know_is_named(
    command: Run, workspace: Path, register: Path, tmp_path: Path
) -> None:
    for name, columns in (("shoe_size", {"name": "姓名", "shoe_size": "鞋码"}), ("鞋码", {"name": "鞋码"})):
        bad = tmp_path / "bad.toml"
        bad.write_text(feed_text(columns), encoding="utf-8")
        answer = command("screen", register, "--feed", bad, "--workspace", workspace, "--as-of", AS_OF)
        assert answer.code == 2
        assert name in answer.err


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01\x02" * 500, b"%PDF-1.7\n", b"just a line\n"])
def test_a_file_that_is_no_register_is_bad_input_and_changes_nothing(
    command: Run, workspace: Path, feed: Path, tmp_path: Path, content: bytes | None
) -> None:
    register, out = tmp_path / "bad.csv", tmp_path / "out.csv"
    if content is not None:
        register.write_bytes(content)
    arguments = ("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--out", out)
    answer = command(*arguments)
    assert answer.code == 2
    assert "bad.csv" in answer.err
    assert not out.exists()
    assert listed(command, workspace) == {}


@pytest.mark.parametrize("out", ["leads.txt", "nowhere/leads.csv"])
def test_a_place_that_cannot_be_written_is_said_before_anything_runs(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path, out: str
) -> None:
    arguments = ("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF)
    assert command(*arguments, "--out", tmp_path / out).code == 2
    assert listed(command, workspace) == {}


def test_broken_rows_among_good_ones_are_quarantined_and_the_rest_is_screened(
    command: Run, workspace: Path, feed: Path, tmp_path: Path
) -> None:
    register = tmp_path / "register.csv"
    rows = [
        "R1,欧阳志远,1985-03-04,,,幻县,2026-04-02",
        "R2," + "长" * 10_000_000 + ",1985-03-04,,,幻县,2026-04-02",
        "R3,甲",
        "R4,甲,1985-02-31,,,幻县,2026-04-02",
        "R5,章玉琴,1971-11-23,,,幻县,2026-04-02",
    ]
    register.write_text(register_text(*rows), encoding="utf-8")
    run = screened(command, workspace, register, feed)
    assert run["counts"]["read"] == 5
    assert run["counts"]["rejected"] == 3
    assert run["counts"]["leads_new"] == 2
    kept = command("quarantine", "show", "--workspace", workspace, "--run", run["run"], "--json").json
    assert [row["line"] for row in kept] == [3, 4, 5]


def test_a_workspace_of_a_newer_version_is_left_alone(
    command: Run, workspace: Path, register: Path, feed: Path
) -> None:
    with sqlite3.connect(workspace / "truth.sqlite") as base:
        base.execute("UPDATE meta SET value = '9999' WHERE key = 'schema_version'")
        base.execute("PRAGMA user_version = 9999")
    base.close()
    for arguments in (
        ("screen", register, "--feed", feed),
        ("leads", "list"),
        ("match", "欧阳志远"),
        ("lists", "show"),
    ):
        answer = command(*arguments, "--workspace", workspace)
        assert answer.code == 2, answer.err
        assert "newer" in answer.err


def test_a_workspace_that_is_a_file_or_another_database_is_bad_input(command: Run, tmp_path: Path) -> None:
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.write_text("x")
    folder.mkdir()
    (folder / "truth.sqlite").write_bytes(b"no database at all" * 100)
    assert command("lists", "show", "--workspace", file).code == 2
    assert command("lists", "show", "--workspace", folder, "--reason", "check:T-1").code in (1, 2)


def test_the_keys_of_a_named_workspace_lie_beside_it_however_it_is_named(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NETPURSUIT_KEYS", raising=False)
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    for named in (".", "..", "../../there"):
        assert command("reason", "set", "check:T-1", "--workspace", named).code == 0
    monkeypatch.setenv("NETPURSUIT_WORKSPACE", str(tmp_path / "stated"))
    assert command("reason", "set", "check:T-1").code == 0
    for folder in ("here/below", "here", "there", "stated"):
        assert (tmp_path / folder / "truth.sqlite").is_file()
        assert any(file.is_file() for file in (tmp_path / f"{folder}-keys").rglob("*"))
    assert command("reason", "show", "--workspace", tmp_path.anchor).code == 2


def test_a_workspace_whose_keys_are_gone_does_nothing(command: Run, workspace: Path) -> None:
    shutil.rmtree(workspace.with_name("ws-keys"))
    answer = command("match", "欧阳志远", "--workspace", workspace, "--as-of", AS_OF)
    assert answer.code == 1
    assert answer.out == ""


def test_confirming_needs_both_facts_a_fresh_list_and_a_name(
    command: Run, workspace: Path, register: Path, feed: Path
) -> None:
    lead = screened(command, workspace, register, feed)["leads"][0]
    confirm = ("leads", "confirm", lead, "--workspace", workspace)
    facts = ("--same-person", "--entry-in-force")
    assert command(*confirm, *WANG, "--same-person", "--as-of", AS_OF).code == 2
    assert command(*confirm, *WANG, "--entry-in-force", "--as-of", AS_OF).code == 2
    assert command(*confirm, *facts, "--as-of", AS_OF).code == 2
    assert command(*confirm, *WANG, *facts, "--as-of", "2026-06-01").code == 4
    assert {lead["state"] for lead in listed(command, workspace).values()} == {"open"}
    assert command(*confirm, *WANG, *facts, "--as-of", AS_OF).code == 0
    shown = command("leads", "show", lead, "--workspace", workspace, "--as-of", AS_OF, "--json").json
    assert (shown["state"], shown["decided_by"]) == ("confirmed", "Wang")
    screened(command, workspace, register, feed)
    assert listed(command, workspace, "--state", "confirmed"), "a later run takes no decision back"


def test_a_clearance_follows_the_person_and_hides_no_other_candidate(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    screened(command, workspace, register, feed)
    cleared = listed(command, workspace)["R2 W2"]["lead"]
    clear = ("leads", "clear", cleared, "--why", "other-appearance", "--name", "Wang", "--workspace", workspace)
    assert command(*clear, "--as-of", AS_OF).code == 0

    later = tmp_path / "later.csv"
    later.write_text(
        register_text(
            "N1,章玉琴,1971-11-23,,13811112222,幻县另一路9号,2026-04-08",
            "N2,章玉琴,1971-11-24,,,幻县另一路9号,2026-04-08",
        ),
        encoding="utf-8",
    )
    run = screened(command, workspace, later, feed)
    assert run["counts"]["leads_cleared"] == 1
    found = listed(command, workspace)
    assert "N1 W2" not in found or found["N1 W2"]["state"] == "cleared"
    assert found["N2 W2"]["state"] == "open", "another person with that name"

    twin = PEOPLE[1].replace("W2", "W9").replace("幻捕字2号", "幻捕字9号")
    header = (tmp_path / "wanted.csv").read_text(encoding="utf-8").splitlines()[0]
    assert add_list(command, workspace, tmp_path, "\n".join([header, *PEOPLE, twin, ""])).code == 0
    screened(command, workspace, later, feed)
    assert listed(command, workspace)["N1 W9"]["state"] == "open", "another candidate for the cleared person"


def test_an_entry_that_is_withdrawn_marks_its_leads_and_cannot_be_confirmed(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    screened(command, workspace, register, feed)
    header = (tmp_path / "wanted.csv").read_text(encoding="utf-8").splitlines()[0]
    added = add_list(command, workspace, tmp_path, "\n".join([header, *PEOPLE[1:], ""])).json
    assert (added["withdrawn"], added["leads_marked"]) == (1, 1)
    lead = listed(command, workspace)["R1 W1"]
    assert lead["flag"]
    shown = command("leads", "show", lead["lead"], "--workspace", workspace, "--as-of", AS_OF, "--lang", "en")
    assert "欧阳志远" in shown.out
    confirm = ("leads", "confirm", lead["lead"], *WANG, "--same-person", "--entry-in-force", "--as-of", AS_OF)
    assert command(*confirm, "--workspace", workspace).code == 4
    run = screened(command, workspace, register, feed)
    assert run["counts"]["leads_withdrawn"] == 1


def test_an_entry_past_its_review_date_leads_no_more(command: Run, workspace: Path, feed: Path, tmp_path: Path) -> None:
    register = tmp_path / "r.csv"
    register.write_text(register_text("R1,阿卜杜热西提·买买提,1966-06-06,,,幻县,2026-04-02"), encoding="utf-8")
    before = screened(command, workspace, register, feed, "--as-of", "2026-04-14")
    after = screened(command, workspace, register, feed, "--as-of", "2026-04-16")
    assert before["counts"]["leads_new"] == 1
    assert after["leads"] == []


def test_leads_are_shown_on_one_line_each_and_filtered(
    command: Run, workspace: Path, register: Path, feed: Path
) -> None:
    screened(command, workspace, register, feed)
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--lang", "zh").out.splitlines()
    assert max(len(line.encode("gb18030")) for line in shown) <= 160
    assert any("欧阳志远" in line and "L-" in line for line in shown)
    assert set(listed(command, workspace, "--limit", "1")) < set(listed(command, workspace))
    assert set(listed(command, workspace, "--offset", "1")) | set(listed(command, workspace, "--limit", "1")) == {
        "R1 W1",
        "R2 W2",
    }
    assert listed(command, workspace, "--feed", "another") == {}
    assert listed(command, workspace, "--state", "cleared") == {}
    assert command("leads", "show", "L-NONE", "--workspace", workspace).code == 2
