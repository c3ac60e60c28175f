"""People whom a run cannot screen, and registrations it cannot tell apart: counted, shown, announced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, COLUMNS, Answer, Run, feed_text

WITH_LANDLORD = COLUMNS | {"landlord_name": "房东", "landlord_phone": "房东电话", "occupant_1_phone": "同住人手机"}
OUYANG = "欧阳志远,1985-03-04,990101198503040010"


def write(tmp_path: Path, name: str, *rows: str) -> Path:
    file = tmp_path / name
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def screen(command: Run, workspace: Path, register: Path, feed: Path, *more: str) -> Answer:
    return command("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, *more)


def landlord_feed(tmp_path: Path, roles: str, purpose: str = "查找在逃人员") -> Path:
    text = feed_text(WITH_LANDLORD, screened_roles=roles, purpose=f'"{purpose}"')
    return write(tmp_path, "landlords.toml", text)


def test_a_person_without_name_and_number_is_counted_shown_and_found_again(
    command: Run, workspace: Path, tmp_path: Path
) -> None:
    register = write(
        tmp_path,
        "register.csv",
        ",".join(WITH_LANDLORD.values()),
        "R1,,1985-03-04,,13800138000,幻县虚构路12号501,2026-04-02,李明,,",  # a tenant without name and number
        "R2,无名氏,,无,,幻县虚构路12号502,2026-04-02,李明,,",  # what says nothing is nothing
        "R3,章玉琴,1971-11-23,,,幻县虚构路13号,2026-04-02,,13900139000,13700137000",  # of two people phones alone
        "R4,,,,,幻县虚构路14号,2025-04-02,李明,,",  # outside the period: nobody of it is screened
        "R5,,,,,幻县虚构路15号,2026-04-02,,,",  # nobody at all: the whole row
    )
    feed = landlord_feed(tmp_path, '["tenant", "occupant"]')
    run = screen(command, workspace, register, feed, "--json").json
    counts = run["counts"]
    assert (counts["read"], counts["rejected"], counts["screened"]) == (5, 1, 1)
    assert counts["unscreened_unnamed"] == 3
    kept = command("quarantine", "show", "--workspace", workspace, "--run", run["run"], "--json").json
    assert [(row["line"], row["column"], row["reason"]) for row in kept] == [
        (2, "name", "unnamed-person"),
        (3, "name", "unnamed-person"),
        (4, "occupant_1_name", "unnamed-person"),
        (6, "", "no-person"),
    ]
    again = command("quarantine", "show", "--workspace", workspace, "--run", run["run"], "--source", register)
    assert "幻县虚构路12号501" in again.out

    shown = screen(command, workspace, register, feed, "--lang", "en", "--report", str(tmp_path / "r.html")).out
    assert "3 persons of screened roles have neither name nor number" in shown
    assert "3" in screen(command, workspace, register, feed, "--lang", "zh").out
    assert "neither name nor number: 3" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_landlord_of_whom_only_a_phone_stands_counts_where_landlords_are_screened(
    command: Run, workspace: Path, tmp_path: Path
) -> None:
    header = ",".join(WITH_LANDLORD.values())
    register = write(tmp_path, "r.csv", header, f"R1,{OUYANG},,幻县,2026-04-02,,13900139000,")
    unscreened = []
    for roles, purpose in (('["tenant"]', "查找"), ('["tenant", "landlord"]', "查找在逃人员，包括房东")):
        answer = screen(command, workspace, register, landlord_feed(tmp_path, roles, purpose), "--json")
        unscreened.append(answer.json["counts"]["unscreened_unnamed"])
    assert unscreened == [0, 1]


def test_a_run_that_could_screen_everybody_says_nothing_of_it(
    command: Run, workspace: Path, register: Path, feed: Path
) -> None:
    shown: Any = screen(command, workspace, register, feed, "--lang", "en")
    assert "neither name nor number" not in shown.out + shown.err


WITHOUT_ID = {key: header for key, header in COLUMNS.items() if key != "registration_id"}


def states(command: Run, workspace: Path) -> dict[str, tuple[str, str]]:
    """Registration and entry id -> state and flag; a registration without id is called ``content``."""
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--json", "--limit", "100")
    leads = shown.json["leads"]
    ids = ["content" if lead["registration_id"].startswith("N-") else lead["registration_id"] for lead in leads]
    return {
        f"{key} {lead['entry']['id']}": (lead["state"], lead["flag"] or "")
        for key, lead in zip(ids, leads, strict=True)
    }


def test_a_feed_without_an_id_is_warned_of_before_it_runs_and_when_it_runs(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    nameless = write(tmp_path, "nameless.toml", feed_text(WITHOUT_ID))
    for arguments in (
        ("feed", "check", nameless, "--as-of", AS_OF),
        ("screen", register, "--feed", nameless, "--workspace", workspace, "--as-of", AS_OF),
    ):
        answer = command(*arguments, "--lang", "en")
        assert answer.code == 0
        assert "no registration id is mapped" in answer.err
        assert "登记编号" in command(*arguments, "--lang", "zh").err
    assert command("feed", "check", nameless, "--as-of", AS_OF, "--json").json["warnings"] == ["without-id"]
    assert command("feed", "check", feed, "--as-of", AS_OF, "--json").json["warnings"] == []
    for arguments in (("feed", "check", feed), ("screen", register, "--feed", feed, "--workspace", workspace)):
        assert "no registration id" not in command(*arguments, "--as-of", AS_OF, "--lang", "en").err


def test_a_draft_without_an_id_says_so_on_the_screen_and_in_the_file(command: Run, tmp_path: Path) -> None:
    register = write(tmp_path, "r.csv", "姓名,身份证号码,入住日期", "张伟,110101199003070011,2026-03-04")
    out = tmp_path / "r.toml"
    answer = command("feed", "init", register, "--out", out, "--lang", "en")
    assert "no registration id is mapped" in answer.err
    assert "no registration id is mapped" in out.read_text(encoding="utf-8")
    assert command("feed", "init", register, "--out", out, "--force", "--json").json["warnings"] == ["without-id"]


def test_an_id_mapped_later_doubles_no_open_lead_and_is_announced(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nameless = write(tmp_path, "nameless.toml", feed_text(WITHOUT_ID))
    first = screen(command, workspace, register, nameless, "--json").json
    assert (first["counts"]["without_id"], first["keyed_by"], first["keyed_before"]) == (4, "", None)
    assert set(states(command, workspace).values()) == {("open", "")}

    mapped = screen(command, workspace, register, feed, "--lang", "en")
    assert "earlier leads of feed rental are known by what their rows say, those of this file by 登记编号" in mapped.err
    assert states(command, workspace) == {
        "R1 W1": ("open", ""),
        "R2 W2": ("open", ""),
        "content W1": ("withdrawn", "rekeyed"),
        "content W2": ("withdrawn", "rekeyed"),
    }
    again = screen(command, workspace, register, feed, "--json")
    assert (again.json["counts"]["leads_unchanged"], again.json["counts"]["leads_withdrawn"]) == (2, 0)
    assert (again.json["keyed_by"], again.json["keyed_before"], again.err) == ("登记编号", None, "")
    monkeypatch.setenv("COLUMNS", "200")
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--lang", "en").out
    assert "known by its id now" in shown or "rekeyed" in shown


def test_a_decision_taken_before_the_id_was_mapped_stands(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    screen(command, workspace, register, write(tmp_path, "nameless.toml", feed_text(WITHOUT_ID)))
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--json").json["leads"]
    ids = {lead["entry"]["id"]: lead["lead"] for lead in shown}
    confirm = ("--name", "Wang", "--note", "seen", "--same-person", "--entry-in-force")
    at = ("--workspace", workspace, "--as-of", AS_OF)
    assert command("leads", "confirm", ids["W1"], *confirm, *at).code == 0
    assert command("leads", "clear", ids["W2"], "--why", "other-appearance", "--name", "Wang", *at).code == 0
    run = screen(command, workspace, register, feed, "--json").json
    assert run["counts"]["leads_cleared"] == 1
    assert states(command, workspace) == {
        "R1 W1": ("open", ""),
        "content W1": ("confirmed", "rekeyed"),
        "content W2": ("cleared", ""),
    }


def test_another_column_for_the_id_is_announced_once(
    command: Run, workspace: Path, register: Path, feed: Path, tmp_path: Path
) -> None:
    screen(command, workspace, register, feed)
    other = write(tmp_path, "other.toml", feed_text(COLUMNS | {"registration_id": "手机号"}))
    answer = screen(command, workspace, register, other, "--lang", "en")
    assert "are known by 登记编号, those of this file by 手机号" in answer.err
    assert "1 rows have no 手机号" in answer.err
    assert "earlier leads" not in screen(command, workspace, register, other, "--lang", "en").err
