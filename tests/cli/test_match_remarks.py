"""What ``match`` says of values that it cannot compare, reads in one of two ways, or cannot read at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, Answer, Run

# ICAO Doc 9303 part 4, with another number than the specimen's, which is known for what it is.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nK523187640UTO7408122F1204159ZE184226B<<<<<10"
OUYANG = ("欧阳志远", "--birth-date", "1985-03-04")


def match(command: Run, workspace: Path, *arguments: object) -> Answer:
    return command("match", *arguments, "--workspace", workspace, "--as-of", AS_OF)


def remarks(answer: Answer) -> list[dict[str, Any]]:
    assert answer.code == 0, answer.err
    found: list[dict[str, Any]] = answer.json["remarks"]
    return found


@pytest.mark.parametrize(
    ("option", "value", "kind", "field"),
    [
        ("--phone", "abc", "not-compared", "phone"),
        ("--phone", "1234567", "not-compared", "phone"),  # what a form is filled with
        ("--email", "nobody", "not-compared", "email"),
        ("--address", "--", "not-compared", "address"),
        ("--id", "--", "not-compared", "document"),
        ("--id", "12", "short-number", "document"),
        ("--id", "ABCDEFG", "short-number", "document"),
    ],
)
def test_a_value_that_says_nothing_is_named_and_the_rest_is_compared(
    command: Run, workspace: Path, option: str, value: str, kind: str, field: str
) -> None:
    answer = match(command, workspace, *OUYANG, f"{option}={value}", "--json")
    (remark,) = remarks(answer)
    assert (remark["kind"], remark["field"], remark["value"]) == (kind, field, value)
    assert answer.json["matches"][0]["entry"]["id"] == "W1"
    for lang, said in (("en", "Not compared" if kind == "not-compared" else "No full number"), ("zh", "未比对")):
        shown = match(command, workspace, *OUYANG, f"{option}={value}", "--lang", lang).out
        assert said in shown or (lang == "zh" and "号码不完整" in shown)
        assert value in shown


@pytest.mark.parametrize(
    "arguments",
    [
        *(("--phone", "138 0013 8000"), ("--id", "990101********0010"), ("--id", "CN:990101198503040010")),
        *(("--email", "a@example.org"), ("--address", "幻县虚构路12号501"), ("--phone", "138****8000")),
    ],
)
def test_nothing_is_said_of_what_is_compared(command: Run, workspace: Path, arguments: tuple[str, str]) -> None:
    assert remarks(match(command, workspace, *OUYANG, *arguments, "--json")) == []


@pytest.mark.parametrize("arguments", [("--phone", "abc"), ("--id=--", "--phone", "n/a"), ("!!!",)])
def test_where_nothing_is_left_to_compare_nothing_runs(
    command: Run, workspace: Path, arguments: tuple[str, ...]
) -> None:
    before = command("audit", "show", "--workspace", workspace, "--json").json
    answer = match(command, workspace, *(f"{one}" for one in arguments))
    assert (answer.code, answer.out) == (2, "")
    assert "nothing that can be compared" in answer.err
    assert "expected a name" in answer.err
    after = command("audit", "show", "--workspace", workspace, "--json").json
    assert [item["verb"] for item in after if item not in before] == ["audit-show"]


@pytest.mark.parametrize("born", ["2070", "2070-01-01", "2070/2080", "31/12/2069"])
def test_a_birth_date_to_come_is_an_error_wherever_it_is_typed(
    command: Run, workspace: Path, tmp_path: Path, born: str
) -> None:
    record = tmp_path / "record.jsonl"
    record.write_text(json.dumps({"names": "Anna Cole"}) + "\n" + json.dumps({"names": "欧阳志远", "birth_date": born}))
    for arguments in (("欧阳志远", "--birth-date", born), ("--record", record)):
        answer = match(command, workspace, *arguments)
        assert (answer.code, answer.out) == (2, ""), "not even the first record was asked about"
        assert "lies in the future" in answer.err
    assert "record.jsonl:2" in answer.err


def test_a_date_of_two_readings_says_which_was_compared(command: Run, workspace: Path, tmp_path: Path) -> None:
    said = [("read-as", "05/06/1970", "1970-06-05", "1970-05-06")]
    record = tmp_path / "record.json"
    record.write_text(json.dumps({"names": "Anna Cole", "birth_date": "05/06/1970"}))
    asked: tuple[tuple[object, ...], ...] = (
        ("Anna Cole", "--birth-date", "05/06/1970"),
        ("Anna Cole 05/06/1970",),
        ("--record", record),
    )
    for arguments in asked:
        found = remarks(match(command, workspace, *arguments, "--json"))
        assert [(item["kind"], item["value"], item["read_as"], item["other"]) for item in found] == said
    shown = match(command, workspace, *asked[0], "--lang", "en").out
    assert "'05/06/1970' was read as 1970-06-05" in shown
    for clear in ("31/12/1970", "1970-05-06", "06/06/1970", "5 June 1970"):
        assert remarks(match(command, workspace, "Anna Cole", "--birth-date", clear, "--json")) == []


def test_a_zone_that_reads_is_read_and_a_wrong_check_digit_is_said(command: Run, workspace: Path) -> None:
    answer = match(command, workspace, TD3, "--json")
    assert remarks(answer) == []
    assert answer.json["query"]["names"][0]["text"] == "ERIKSSON, ANNA MARIA"
    wrong = TD3.replace("K523187640", "K523187647")
    (remark,) = remarks(match(command, workspace, wrong, "--json"))
    assert (remark["kind"], remark["field"]) == ("check-digit", "number")
    assert "校验位不正确" in match(command, workspace, wrong, "--lang", "zh").out


@pytest.mark.parametrize(
    "zone",
    [
        TD3 + "<<",  # too long
        TD3.splitlines()[0],  # the second line is missing
        TD3.replace("<<<<<10", "<<<10"),  # too short
        "P<UTOERIKSSON<<ANNA<MARIA",
        TD3 * 10,
        TD3.replace("<", "＜") + "＜",
    ],
)
def test_a_zone_that_cannot_be_read_is_no_name(command: Run, workspace: Path, tmp_path: Path, zone: str) -> None:
    record = tmp_path / "record.json"
    record.write_text(json.dumps({"names": zone}))
    for arguments in ((zone,), ("--record", record), ("Anna Cole", "--id", zone)):
        answer = match(command, workspace, *arguments)
        assert (answer.code, answer.out) == (2, "")
        assert "machine-readable zone" in answer.err
        assert "44" in answer.err
