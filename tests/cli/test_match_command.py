"""``netpursuit match`` as an investigator uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Run

LISTED = {"names": "Ouyang Zhiyuan", "birth_date": "1985-03-04"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("欧阳志远", "--birth-date", "1985-03-04"),
        ("歐陽志遠", "--birth-date", "1985-03-04"),
        ("Ouyang Zhiyuan", "--birth-date", "1985-03-04"),
        ("Ouyang Zhiyaun", "--birth-date", "1985-03-04"),
        ("Zhiyuan Ou-Yang", "--birth-date", "1985"),
        ("--id", "CN:990101198503040015"),
        ("--id", "990101850304001"),
        ("欧阳志远 男 990101198503040010",),
    ],
)
def test_listed_people_are_found(command: Run, workspace: Path, arguments: tuple[str, ...]) -> None:
    answer = command("match", *arguments, "--workspace", workspace, "--as-of", AS_OF, "--json")
    assert answer.code == 0, answer.err
    found = answer.json
    assert found["matches"][0]["entry"]["id"] == "W1"
    assert found["lists"] == [
        {
            "id": "wanted",
            "version": found["lists"][0]["version"],
            "date": "2026-04-01",
            "status": "fresh",
            "stale": False,
        }
    ]
    assert set(found) >= {"query", "lists", "policy", "matches", "truncated", "consultation"}
    assert set(found["matches"][0]["evidence"][0]) >= {"field", "level", "bits", "left", "right", "note"}


def test_the_answer_for_people_shows_evidence_and_says_what_it_is(command: Run, workspace: Path) -> None:
    common = ("--workspace", workspace, "--as-of", AS_OF)
    shown = command("match", "欧阳志远", "--birth-date", "1985-03-04", "--explain", *common, "--lang", "en")
    assert "欧阳志远" in shown.out
    assert "never a verdict" in shown.out
    assert "+12.5" in shown.out
    chinese = command("match", "欧阳志远", *common, "--lang", "zh")
    assert "绝不是结论" in chinese.out


def test_without_a_reason_nothing_runs_and_the_refusal_is_recorded(command: Run, tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    assert command("policy", "reset", "--workspace", folder, "--reason", "check:T-1").code == 0
    refused = command("match", "Some Body", "--workspace", folder)
    assert refused.code == 4
    assert refused.out == ""
    log = command("audit", "show", "--last", "1", "--workspace", folder, "--reason", "audit:A-1", "--json").json
    assert log[0]["verb"] == "match"
    assert log[0]["outcome"]["refused"] == "no-reason"


@pytest.mark.parametrize(
    "looks",
    [
        ("match", "Some Body", "--reason", "check:T-1"),
        ("leads", "list", "--reason", "check:T-1"),
        ("lists", "show", "--reason", "check:T-1"),
        ("graph", "status"),
        ("audit", "verify"),
    ],
)
def test_what_looks_makes_no_workspace_and_says_how_one_is_made(
    command: Run, tmp_path: Path, looks: tuple[str, ...]
) -> None:
    refused = command(*looks, "--workspace", tmp_path / "none")
    assert refused.code == 2
    assert str(tmp_path / "none") in refused.err
    assert "'lists add'" in refused.err
    assert list(tmp_path.glob("none*")) == []


@pytest.mark.parametrize("asked", [("张*",), ("张",), ("--nationality", "CN"), ("--sex", "male")])
def test_group_queries_are_refused(command: Run, workspace: Path, asked: tuple[str, ...]) -> None:
    answer = command("match", *asked, "--workspace", workspace)
    assert answer.code == 4
    assert answer.out == ""


def test_a_stale_list_answers_under_a_banner_and_another_exit_code(command: Run, workspace: Path) -> None:
    answer = command("match", "欧阳志远", "--workspace", workspace, "--as-of", "2026-06-01", "--lang", "en")
    assert answer.code == 3
    assert "wanted" in answer.out.splitlines()[0]


def test_an_entry_past_its_review_date_stops_matching(command: Run, workspace: Path) -> None:
    asked = ("match", "阿卜杜热西提·买买提", "--birth-date", "1966-06-06", "--workspace", workspace, "--json")
    assert command(*asked, "--as-of", "2026-04-14").json["matches"]
    assert command(*asked, "--as-of", "2026-04-16").json["matches"] == []


def test_what_is_about_to_expire_is_announced(command: Run, workspace: Path) -> None:
    shown = command("lists", "show", "--workspace", workspace, "--as-of", AS_OF, "--lang", "en").out
    assert "1 entries of wanted pass their review date within 7 days" in shown


def test_against_says_why_an_entry_was_not_found(command: Run, workspace: Path) -> None:
    common = ("--workspace", workspace, "--as-of", AS_OF, "--json")
    assert command("match", "John Brown", "--against", "wanted:W2", *common).json["against"]["answer"] == "below-band"
    assert command("match", "John Brown", "--against", "wanted:W9", *common).json["against"]["answer"] == "not-listed"


def test_records_are_answered_line_by_line_with_a_consultation_each(
    command: Run, workspace: Path, tmp_path: Path
) -> None:
    records = tmp_path / "records.jsonl"
    records.write_text("\n".join(json.dumps(item) for item in (LISTED, {"names": ["Zoltan Quarrington"]})))
    answer = command("match", "--record", records, "--workspace", workspace, "--as-of", AS_OF, "--json")
    first, second = (json.loads(line) for line in answer.out.splitlines())
    assert first["matches"][0]["entry"]["id"] == "W1"
    assert second["matches"] == []
    assert first["consultation"] != second["consultation"]


def test_match_stores_no_lead_but_one_can_be_opened_from_it(command: Run, workspace: Path, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    record.write_text(json.dumps(LISTED))
    common = ("--workspace", workspace, "--as-of", AS_OF)
    asked = command("match", "--record", record, *common, "--json").json
    assert command("leads", "list", *common, "--json").json["total"] == 0

    other = tmp_path / "other.json"
    other.write_text(json.dumps(LISTED | {"birth_date": "1985-03-05"}))
    changed = command("leads", "open", asked["consultation"], "wanted:W1", "--record", other, *common)
    assert changed.code == 2, "other fields than those of the query"

    opened = command("leads", "open", asked["consultation"], "wanted:W1", "--record", record, *common, "--json")
    assert opened.code == 0, opened.err
    assert command("leads", "list", *common, "--json").json["total"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("A B", "--birth-date", "1985-99-99"),
        ("A B", "--nationality", "Chinese"),
        ("A B", "--sex", "perhaps"),
        ("A B", "--against", "nocolon"),
        ("--record", "missing.json"),
        ("A B", "--limit", "0"),
        ("A B", "--min-band", "certain"),
    ],
)
def test_bad_input_is_exit_code_2_and_says_what_was_expected(
    command: Run, workspace: Path, arguments: tuple[str, ...]
) -> None:
    answer = command("match", *arguments, "--workspace", workspace)
    assert answer.code == 2
    assert answer.err


def test_the_typed_values_stand_in_no_file_in_the_clear(command: Run, workspace: Path) -> None:
    command("match", "Canaryius Uniquename", "--birth-date", "1911-11-11", "--workspace", workspace)
    keys = workspace.with_name("ws-keys")
    for folder in (workspace, keys):
        for file in folder.rglob("*"):
            if file.is_file():
                assert b"canaryius" not in file.read_bytes().lower(), file
