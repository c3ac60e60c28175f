"""People whom a run cannot screen, and registrations it cannot tell apart: counted, shown, announced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
