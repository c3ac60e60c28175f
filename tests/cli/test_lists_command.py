"""``netpursuit lists``: whole lists come, are replaced and go; what must not come is refused."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, HEADER, MAPPING, PEOPLE, Answer, Run

DEMO = Path(str(resources.files("netpursuit.demo")))


def many(count: int, offence: str = "盗窃") -> list[str]:
    """Rows of invented people with names that differ."""
    return [
        f"M{row},王{chr(0x4E00 + row * 7)}{chr(0x5200 + row)},,男,19{50 + row % 50}-03-04,,虚构省幻县,{offence},"
        f"幻县公安局,000-1,幻捕字{row}号,2026-03-01,2026-06-20"
        for row in range(count)
    ]


@pytest.fixture
def folder(command: Run, tmp_path: Path) -> Path:
    """A workspace without lists."""
    assert command("reason", "set", "check:T-1", "--workspace", tmp_path / "ws").code == 0
    return tmp_path / "ws"


def add(
    command: Run, folder: Path, rows: list[str], *more: object, header: str = HEADER, text: str = MAPPING
) -> Answer:
    listed, mapping = folder.parent / "own.csv", folder.parent / "own.toml"
    listed.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    mapping.write_text(text, encoding="utf-8")
    files = (listed, "--list", "own", "--mapping", mapping, "--workspace", folder, "--as-of", AS_OF)
    return command("lists", "add", *files, "--json", *more)


def shown(command: Run, folder: Path, *more: str) -> Any:
    return command("lists", "show", "--workspace", folder, "--as-of", AS_OF, "--json", *more).json


def test_a_list_is_added_shown_and_removed(command: Run, folder: Path) -> None:
    added = add(command, folder, list(PEOPLE)).json
    assert {key: added[key] for key in ("list", "date", "people", "added", "changed", "withdrawn", "rejected")} == {
        "list": "own",
        "date": "2026-04-01",
        "people": 3,
        "added": 3,
        "changed": 0,
        "withdrawn": 0,
        "rejected": 0,
    }
    (own,) = shown(command, folder)
    assert (own["id"], own["people"], own["own"], own["status"]) == ("own", 3, True, "fresh")
    assert command("lists", "remove", "own", "--workspace", folder, "--json").json["leads_marked"] == 0
    assert shown(command, folder) == []
    assert command("lists", "remove", "own", "--workspace", folder).code == 2


def test_a_new_delivery_replaces_the_whole_list_and_says_what_changed(command: Run, folder: Path) -> None:
    add(command, folder, list(PEOPLE))
    changed = PEOPLE[1].replace("诈骗", "合同诈骗")
    new = PEOPLE[2].replace("W3", "W4").replace("3号", "4号")
    again = add(command, folder, [changed, PEOPLE[2], new]).json
    assert {key: again[key] for key in ("added", "changed", "withdrawn", "unchanged")} == {
        "added": 1,
        "changed": 1,
        "withdrawn": 1,
        "unchanged": 1,
    }
    same = add(command, folder, [changed, PEOPLE[2], new]).json
    assert (same["unchanged"], same["added"], same["changed"], same["withdrawn"]) == (3, 0, 0, 0)


def test_withdrawing_many_at_once_needs_a_word(command: Run, folder: Path) -> None:
    rows = many(40)
    assert add(command, folder, rows).code == 0
    refused = add(command, folder, rows[:30])
    assert refused.code in (2, 4)
    assert "accept-withdrawals" in refused.err
    assert shown(command, folder)[0]["people"] == 40
    assert add(command, folder, rows[:31]).code == 0, "nine are fewer than ten"
    assert add(command, folder, rows[:3], "--accept-withdrawals").json["withdrawn"] == 28


def test_most_of_a_short_list_does_not_go_without_a_word(command: Run, folder: Path) -> None:
    rows = many(12)
    assert add(command, folder, rows[:6]).code == 0
    assert add(command, folder, rows[:3]).code == 0, "half is not most"
    assert add(command, folder, rows[:1]).json["withdrawn"] == 2, "one or two come and go"
    assert add(command, folder, rows[:7]).code == 0
    for fewer in (rows[:3], rows[7:]):
        refused = add(command, folder, fewer, "--lang", "en")
        assert (refused.code, refused.out) == (2, "")
        assert "accept-withdrawals" in refused.err
    assert shown(command, folder)[0]["people"] == 7
    assert add(command, folder, rows[7:], "--accept-withdrawals").json["withdrawn"] == 7


def test_an_older_edition_does_not_replace_a_newer_one_without_a_word(command: Run, folder: Path) -> None:
    rows, older = many(4), MAPPING.replace("2026-04-01", "2026-03-25")
    first = add(command, folder, rows).json
    assert first["date_before"] is None
    refused = add(command, folder, rows[:3], text=older)
    assert (refused.code, refused.out) == (2, "")
    for said in ("2026-03-25", "2026-04-01", "--accept-older"):
        assert said in refused.err
    assert (shown(command, folder)[0]["version"], shown(command, folder)[0]["date"]) == (first["version"], "2026-04-01")
    delta = [f"{rows[0]},withdraw"]
    stated = older.replace("[columns]", '[columns]\noperation = "操作"')
    assert add(command, folder, delta, "--delta", header=f"{HEADER},操作", text=stated).code == 2
    assert add(command, folder, rows).code == 0, "the same edition again is no older one"
    taken = add(command, folder, rows[:3], "--accept-older", text=older).json
    assert (taken["date"], taken["date_before"], taken["withdrawn"]) == ("2026-03-25", "2026-04-01", 1)


def test_a_delta_says_row_by_row_what_to_do(command: Run, folder: Path) -> None:
    rows = many(5)
    add(command, folder, rows)
    text = MAPPING.replace("[columns]", '[columns]\noperation = "操作"')
    header = f"{HEADER},操作"
    new = many(7)[6]
    delta = [f"{rows[0].replace('盗窃', '抢劫')},change", f"{rows[1]},withdraw", f"{new},add"]
    done = add(command, folder, delta, "--delta", header=header, text=text)
    assert done.code == 0, done.err
    assert {key: done.json[key] for key in ("added", "changed", "withdrawn")} == {
        "added": 1,
        "changed": 1,
        "withdrawn": 1,
    }
    assert shown(command, folder)[0]["people"] == 5
    silent = add(command, folder, [f"{rows[2]},"], "--delta", header=header, text=text)
    assert silent.code == 2 or silent.json["rejected"] == 1, "no operation, nothing done"
    assert shown(command, folder)[0]["people"] == 5
    assert add(command, folder, rows, "--delta").code == 2, "a delta without operations is none"


def test_a_list_without_a_date_needs_one(command: Run, folder: Path) -> None:
    files = ("lists", "add", DEMO / "ofac_consolidated", "--list", "ofac", "--workspace", folder, "--as-of", AS_OF)
    answer = command(*files)
    assert answer.code == 2
    assert "--date" in answer.err
    assert shown(command, folder) == []
    assert command(*files, "--date", "2026-13-40").code == 2
    added = command(*files, "--date", "2026-04-02", "--max-age", "none", "--json").json
    assert (added["format"], added["people"], added["others"], added["rejected"]) == ("ofac-legacy", 79, 363, 0)
    (ofac,) = shown(command, folder, "--as-of", "2030-01-01")
    assert (ofac["date"], ofac["max_age_days"], ofac["status"]) == ("2026-04-02", None, "fresh")


@pytest.mark.parametrize("heading", ["重点人员", "上访人员名单", "前科人员", "Petitioners to be kept in place"])
def test_a_register_of_watched_people_is_refused(command: Run, folder: Path, heading: str) -> None:
    answer = add(command, folder, list(PEOPLE), text=MAPPING.replace("在逃人员名单", heading))
    assert (answer.code, answer.out) == (4, "")
    assert shown(command, folder) == []


def test_an_own_list_without_its_instrument_is_refused(command: Run, folder: Path) -> None:
    text = "\n".join(line for line in MAPPING.splitlines() if not line.startswith("instrument"))
    assert add(command, folder, list(PEOPLE), text=text).code in (2, 4)
    rows = [*PEOPLE, PEOPLE[0].replace("W1", "W5").replace("幻捕字1号", "")]
    partly = add(command, folder, rows)
    assert partly.code == 0
    assert (partly.json["people"], partly.json["rejected"]) == (3, 1)
    assert (partly.json["rejections"][0]["line"], bool(partly.json["rejections"][0]["column"])) == (5, True)


def test_a_record_that_breaks_keeps_its_previous_version_in_force(command: Run, folder: Path) -> None:
    add(command, folder, list(PEOPLE))
    broken = PEOPLE[0].replace("1985-03-04,9901", "1985-13-44,9901")
    again = add(command, folder, [broken, *PEOPLE[1:]]).json
    assert (again["rejected"], again["withdrawn"]) == (1, 0)
    assert again["kept"] == 1
    found = command(
        "match", "欧阳志远", "--birth-date", "1985-03-04", "--workspace", folder, "--as-of", AS_OF, "--json"
    )
    (match,) = found.json["matches"]
    assert (match["entry"]["id"], match["entry"]["flagged"]) == ("W1", "entry-bad-date")


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01\x02" * 900, b"some text\n", b"a,b\n1,2\n"])
def test_what_is_no_list_is_bad_input_and_changes_nothing(
    command: Run, folder: Path, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "bad.csv"
    if content is not None:
        file.write_bytes(content)
    answer = command("lists", "add", file, "--list", "x", "--workspace", folder, "--date", AS_OF)
    assert answer.code == 2
    assert "bad.csv" in answer.err
    assert shown(command, folder) == []


@pytest.mark.parametrize(
    "changed",
    [
        ('name = "姓名"', 'name = "全名"'),
        ('name = "姓名"', 'name = "姓名"\ncolour = "颜色"'),
        ('instrument = "arrest-warrant"', 'instrument = "suspicion"'),
        ("list_date = 2026-04-01", 'list_date = "soon"'),
        ("[columns]", "[columns"),
    ],
)
def test_a_mapping_file_with_a_mistake_is_bad_input(command: Run, folder: Path, changed: tuple[str, str]) -> None:
    answer = add(command, folder, list(PEOPLE), text=MAPPING.replace(*changed))
    assert answer.code == 2
    assert answer.err
    assert shown(command, folder) == []


@pytest.mark.parametrize(
    "more", [("--format", "ofac-latin"), ("--format", "un-xml"), ("--max-age", "soon"), ("--max-age", "0")]
)
def test_a_wrong_option_is_bad_input(command: Run, folder: Path, more: tuple[str, str]) -> None:
    files = (DEMO / "ofac_consolidated", "--list", "ofac", "--date", AS_OF, "--workspace", folder)
    assert command("lists", "add", *files, *more).code == 2


@pytest.mark.parametrize("list_id", ["", "a b", "../x", "a:b", "x" * 200])
def test_a_list_has_a_plain_id(command: Run, folder: Path, list_id: str) -> None:
    files = (DEMO / "ofac_consolidated", "--list", list_id, "--date", AS_OF, "--workspace", folder)
    assert command("lists", "add", *files).code == 2


def test_the_table_of_lists_reads_in_both_languages(command: Run, folder: Path) -> None:
    add(command, folder, list(PEOPLE))
    shown_to_people = command("lists", "show", "--workspace", folder, "--as-of", "2026-06-25", "--lang", "zh")
    assert shown_to_people.code == 3
    assert "在逃人员名单" in shown_to_people.out
    announced = command("lists", "show", "--workspace", folder, "--as-of", AS_OF, "--lang", "en").out
    assert announced.count("pass their review date") == 1, "not once more among those of the longer period"


def test_the_index_is_built_shown_and_its_damage_noticed(command: Run, folder: Path) -> None:
    add(command, folder, list(PEOPLE))
    common = ("--workspace", folder, "--as-of", AS_OF, "--json")
    assert command("index", "status", *common).json["status"] == "missing"
    assert command("index", "build", *common).json["people"] == 3
    whole = command("index", "status", *common).json
    assert (whole["status"], whole["people"]) == ("whole", 3)
    files = sorted((folder / "index" / whole["index"]).iterdir(), key=lambda file: file.stat().st_size)
    content = bytearray(files[-1].read_bytes())
    content[len(content) // 2] ^= 0xFF
    files[-1].write_bytes(bytes(content))
    assert command("index", "status", *common).code == 6
    assert command("index", "build", *common).code == 0
    assert command("index", "status", *common).json["status"] == "whole"


def test_a_changed_list_gives_the_index_that_it_would_give_from_nothing(command: Run, folder: Path) -> None:
    common = ("--workspace", folder, "--as-of", AS_OF, "--json")
    rows = many(60)

    def build(*more: object) -> dict[str, str]:
        key = command("index", "build", *more, *common).json["index"]
        digests: dict[str, str] = json.loads((folder / "index" / key / "manifest.json").read_text())["sha256"]
        return digests

    add(command, folder, rows)
    first = build()
    again = [rows[0].replace("盗窃", "诈骗"), rows[1].replace("男,1951", "男,1971"), *rows[3:], *many(62)[60:]]
    add(command, folder, again)
    renewed = build()
    assert renewed != first
    for index in (folder / "index").iterdir():
        shutil.rmtree(index)
    assert build("--workers", 2) == renewed
