"""Drawing in under a case, through the command line: who, who not, seen by whom and how long."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from tests.cli.conftest import AS_OF, COLUMNS, Answer, Run, feed_text
from tests.cli.test_graph_command import REASON, ask, equals, labels, leads

SOON = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
HEADERS = COLUMNS | {
    "end_date": "离开日期",
    "co_tenant_1_name": "合租人",
    "co_tenant_1_phone": "合租人电话",
    "landlord_name": "房东",
    "landlord_phone": "房东电话",
}
FLAT, NEXT_DOOR = "幻县虚构路12号501室", "幻县虚构路12号502室"
ROWS = (
    f"R1,欧阳志远,1985-03-04,990101198503040010,13800138000,{FLAT},2026-04-02,,,,,,汉族",
    f"R2,章玉琴,1971-11-23,,13800138000,{FLAT},2026-04-04,,吴同住,13800138005,钱房东,13800138009,汉族",
    f"R3,李先前,1990-05-06,,13800138001,{FLAT},2026-01-03,2026-02-01,,,,,满族",
    f"R4,赵隔壁,1991-06-07,,13800138002,{NEXT_DOOR},2026-04-03,,,,,,汉族",
    f"R5,孙错行,31 二月,,13800138003,{FLAT},2026-04-03,,,,,,汉族",
    f"R6,周室友,1992-07-08,990101199207080011,13800138004,{FLAT},2026-04-05,2026-09-01,,,,,回族",
)
DRAWN = ("周室友", "吴同住", "李先前")
EVERYBODY = (*DRAWN, "13800138001", "13800138004", "13800138005", "990101199207080011")
NOBODY = ("赵隔壁", "13800138002", "孙错行", "13800138003", "钱房东", "13800138009", "满族", "回族")


def register(folder: Path, *rows: str, name: str = "register.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    header = ",".join([*HEADERS.values(), "民族"])
    file.write_text("\n".join([header, *rows, ""]), encoding=encoding)
    return file


def write_feed(folder: Path, **changed: str) -> Path:
    file = folder / "rental.toml"
    stated = {"expires_on": SOON, "screened_roles": '["tenant", "co-tenant", "occupant"]', **changed}
    file.write_text(feed_text(HEADERS, **stated), encoding="utf-8")
    return file


def open_case(command: Run, folder: Path, case_id: str = "K-1", days: int = 30) -> str:
    until = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
    stated = ("--title", "案件", "--authority", "幻县公安局", "--legal-basis", "立案决定书", "--purpose", "追逃")
    opened = command("case", "open", "--id", case_id, *stated, "--expires", until, "--workspace", folder)
    assert opened.code == 0, opened.err
    return case_id


def screened(command: Run, workspace: Path, feed: Path, file: Path) -> Path:
    done = command("screen", file, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF)
    assert done.code == 0, done.err
    return workspace


@pytest.fixture
def led(command: Run, workspace: Path, tmp_path: Path) -> Path:
    """Two listed people in one flat with others; a neighbour; a row that cannot be read; two cases."""
    screened(command, workspace, write_feed(tmp_path), register(tmp_path, *ROWS))
    for case_id in ("K-1", "K-2"):
        open_case(command, workspace, case_id)
    return workspace


def draw(command: Run, folder: Path, *more: object, case: str = "K-1") -> Answer:
    lead = leads(command, folder)["R1"]
    return command("graph", "draw-in", f"Lead:{lead}", *more, "--workspace", folder, "--case", case, "--json")


def traces(folder: Path, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Which of these words stand in which file of the workspace and its keys, in any encoding."""
    files = [path for place in (folder, folder.with_name("ws-keys")) for path in place.rglob("*") if path.is_file()]
    assert len(files) > 3
    return [
        (word, path.name)
        for path in files
        for word in words
        if any(word.encode(encoding) in path.read_bytes() for encoding in ("utf-8", "utf-16-le", "gb18030"))
    ]


def test_the_others_of_a_unit_become_contacts_of_the_case(command: Run, led: Path) -> None:
    answer = draw(command, led)
    assert answer.code == 0, answer.err
    drawn = answer.json
    assert [(person["label"], person["role"], person["from"]) for person in drawn["people"]] == [
        ("周室友", "tenant", "2026-04-05"),
        ("吴同住", "co-tenant", "2026-04-04"),
        ("李先前", "tenant", "2026-01-03"),
    ]
    assert drawn["counts"] == {
        "registrations": 5,
        "people": 3,
        "new": 3,
        "subjects": 2,
        "other_roles": 1,
        "outside": 0,
        "unreadable": 1,
        "cut": 0,
    }
    assert not drawn["truncated"]
    unit = drawn["unit"]["key"]
    seen = ask(command, led, "neighbours", unit, case="K-1")
    stays = {edge["start"]: edge for edge in seen["edges"] if edge["kind"] == "stayed-at"}  # type: ignore[attr-defined]
    assert set(stays) == {person["key"] for person in drawn["people"]}
    assert sorted(labels(seen, "Contact")) == sorted(DRAWN)
    (said,) = stays[drawn["people"][0]["key"]]["provenance"]
    assert (said["fact"], said["from"], said["to"], said["case"]) == (True, "2026-04-05", "2026-09-01", "K-1")
    assert said["source"] == "feed rental, registration R6"
    assert said["note"] == "tenant, drawn in under case K-1"
    who = ask(command, led, "neighbours", drawn["people"][0]["key"], case="K-1")
    assert {edge["kind"] for edge in who["edges"]} == {  # type: ignore[attr-defined]
        *("named-in", "stayed-at", "uses-phone", "holds-document", "opened-in")
    }
    assert labels(who, "Case") == ["K-1"]


def test_questions_under_the_case_see_them_as_people(command: Run, led: Path) -> None:
    assert draw(command, led).code == 0
    lead = f"Lead:{leads(command, led)['R1']}"
    together = ask(command, led, "co-residents", lead, "--with-open-leads", case="K-1")["rows"]
    pairs = {frozenset((row["one"], row["other"])) for row in together}  # type: ignore[attr-defined]
    assert frozenset(("欧阳志远", "周室友")) in pairs
    assert frozenset(("欧阳志远", "吴同住")) in pairs
    assert not any("李先前" in pair for pair in pairs), "he had left before"
    after = ask(command, led, "succession", lead, "--with-open-leads", case="K-1")["rows"]
    assert [row["label"] for row in after] == ["李先前", "欧阳志远", "吴同住", "章玉琴", "周室友"]  # type: ignore[attr-defined]
    paths = ask(command, led, "paths", "周室友", "李先前", case="K-1")["rows"]
    assert [row["hops"] for row in paths] == [2], "through the flat, never through the case"  # type: ignore[attr-defined]


def test_nobody_else_sees_them(command: Run, led: Path) -> None:
    unit = draw(command, led).json["unit"]["key"]
    for case in ("K-2", ""):
        assert labels(ask(command, led, "neighbours", unit, "--with-open-leads", case=case), "Contact") == []
        authority = ("--case", case) if case else REASON
        for name in ("周室友", "13800138004", "Case:K-1"):
            unknown = command("graph", "neighbours", name, "--workspace", led, *authority)
            assert (unknown.code, unknown.out) == (2, ""), name
    landed = ask(command, led, "expand", unit, "--with-open-leads", case="K-2")
    assert {node["kind"] for node in landed["nodes"]}.isdisjoint({"Contact", "Case"})  # type: ignore[attr-defined]
    status = command("graph", "status", "--workspace", led, "--json").json
    assert (status["counts"].get("node.Contact", 0), status["of_cases"]) == (0, 3)
    assert equals(command, led)
    assert labels(ask(command, led, "neighbours", "周室友", case="K-1"), "Contact") == ["周室友"]


def test_the_same_again_changes_nothing(command: Run, led: Path) -> None:
    first = draw(command, led).json
    seen = ask(command, led, "expand", first["unit"]["key"], case="K-1")
    again = draw(command, led).json
    assert again["counts"] == first["counts"] | {"new": 0}
    assert [person["new"] for person in again["people"]] == [False] * 3
    after = ask(command, led, "expand", first["unit"]["key"], case="K-1")
    assert (after["nodes"], after["edges"]) == (seen["nodes"], seen["edges"])
    fewer = draw(command, led, "--limit", "1").json
    assert (fewer["counts"]["new"], fewer["counts"]["cut"]) == (0, 2)
    assert ask(command, led, "expand", first["unit"]["key"], case="K-1")["nodes"] == seen["nodes"]
    assert equals(command, led)


def test_days_and_limit_bound_it_and_what_is_cut_is_said(command: Run, led: Path) -> None:
    early = draw(command, led, "--to", "2026-02-15").json
    assert [person["label"] for person in early["people"]] == ["李先前"]
    assert early["counts"]["outside"] == 5
    late = draw(command, led, "--from", "2026-09-02", case="K-2").json
    assert [person["label"] for person in late["people"]] == ["吴同住"]
    cut = draw(command, led, "--limit", "1").json
    assert ([person["label"] for person in cut["people"]], cut["truncated"]) == (["周室友"], True)
    assert cut["counts"]["cut"] == 2
    lead = leads(command, led)["R1"]
    told = command("graph", "draw-in", f"Lead:{lead}", "--limit", "1", "--case", "K-1", "--workspace", led)
    assert "2 more people" in told.out
    assert command("graph", "draw-in", f"Lead:{lead}", "--limit", "201", "--case", "K-1", "--workspace", led).code == 2


def test_without_a_case_it_is_refused_and_the_refusal_is_on_record(command: Run, led: Path) -> None:
    lead = leads(command, led)["R1"]
    for authority, code in ((REASON[:2], "draw-in-case"), (("--case", "K-9"), "case-unknown")):
        refused = command("graph", "draw-in", f"Lead:{lead}", "--workspace", led, *authority, "--json")
        assert (refused.code, refused.out) == (4, "")
        last = command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").json[-1]
        assert (last["verb"], last["outcome"]["refused"]) == ("graph-draw-in", code)
    assert not (led / "units").exists(), "nothing was read"
    assert traces(led, EVERYBODY) == []


def test_it_is_on_record_with_its_counts_and_without_what_was_typed(command: Run, led: Path) -> None:
    drawn = draw(command, led).json
    shown = command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").json
    done = next(item for item in shown if item["verb"] == "graph-draw-in")
    assert done["consultation"] == drawn["consultation"]
    assert done["authority"] == "case:K-1"
    assert done["about"] == {"limit": "200"}
    assert done["outcome"]["about"]["feed"] == "rental"
    assert len(done["outcome"]["about"]["file"]) == 64
    assert {name: done["outcome"]["counts"][name] for name in ("people", "new", "cut")} == {
        "people": 3,
        "new": 3,
        "cut": 0,
    }
    assert sorted(done["outcome"]["leads"]) == sorted(leads(command, led).values())
    assert "虚构路" not in str(done)


def test_a_building_and_other_things_are_no_unit(command: Run, led: Path, tmp_path: Path) -> None:
    lead = leads(command, led)["R1"]
    near = ask(command, led, "expand", f"Lead:{lead}", "--with-open-leads", case="K-1")["nodes"]
    house = next(node["key"] for node in near if node["kind"] == "Address")  # type: ignore[attr-defined]
    for unit, code in ((house, 4), ("Phone:+8613800138000", 2), ("Lead:L-XXXXXXXXXXXX", 2), ("赵隔壁", 2)):
        refused = command("graph", "draw-in", unit, "--workspace", led, "--case", "K-1")
        assert (refused.code, refused.out) == (code, ""), unit
    assert traces(led, EVERYBODY) == []


def test_a_register_that_the_feed_has_not_screened_or_that_was_changed_is_not_read(
    command: Run, led: Path, tmp_path: Path
) -> None:
    feed = tmp_path / "rental.toml"
    other = register(tmp_path, *ROWS, f"R7,外来人,1990-01-01,,,{FLAT},2026-04-03,,,,,,", name="other.csv")
    refused = draw(command, led, "--feed", feed, "--source", other)
    assert (refused.code, refused.out) == (2, "")
    assert "has not screened this file" in refused.err
    (tmp_path / "register.csv").rename(tmp_path / "moved.csv")
    gone = draw(command, led)
    assert (gone.code, "file not found" in gone.err) == (2, True)
    assert draw(command, led, "--feed", feed, "--source", tmp_path / "moved.csv").json["counts"]["people"] == 3
    assert draw(command, led, "--source", other).code == 2


def test_a_feed_whose_permission_has_ended_or_that_is_another_is_refused(
    command: Run, led: Path, tmp_path: Path
) -> None:
    file = tmp_path / "register.csv"
    write_feed(tmp_path, expires_on="2026-04-30")
    for more in ((), ("--as-of", AS_OF)):
        refused = draw(command, led, *more)
        assert (refused.code, refused.out) == (4, ""), "as of an earlier day, too"
    write_feed(tmp_path, feed_id='"elsewhere"')
    other = draw(command, led, "--feed", tmp_path / "rental.toml", "--source", file)
    assert (other.code, "expected rental" in other.err) == (2, True)
    assert not (led / "units").exists()


def test_a_landlord_is_drawn_in_where_the_feed_covers_landlords(command: Run, workspace: Path, tmp_path: Path) -> None:
    roles = '["tenant", "co-tenant", "occupant", "landlord"]'
    feed = write_feed(tmp_path, screened_roles=roles, purpose='"查找在逃人员及房东"')
    screened(command, workspace, feed, register(tmp_path, *ROWS))
    open_case(command, workspace)
    drawn = draw(command, workspace).json
    owner = next(person for person in drawn["people"] if person["role"] == "landlord")
    assert (owner["label"], drawn["counts"]["other_roles"]) == ("钱房东", 0)
    seen = ask(command, workspace, "neighbours", owner["key"], case="K-1")
    assert {edge["kind"] for edge in seen["edges"]} == {  # type: ignore[attr-defined]
        *("landlord-of", "uses-phone", "named-in", "opened-in")
    }


@pytest.mark.parametrize("how", ["closed", "expired"])
def test_they_end_with_the_case_and_leave_no_byte(
    command: Run, led: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = draw(command, led).json["unit"]["key"]
    ask(command, led, "expand", unit, case="K-1")
    assert {word for word, _ in traces(led, EVERYBODY)} == set(EVERYBODY)
    assert traces(led, NOBODY) == [], "who was not drawn in leaves no trace"
    if how == "closed":
        assert command("case", "close", "K-1", "--workspace", led).code == 0
    else:
        later = datetime.now(UTC) + timedelta(days=40)
        monkeypatch.setattr("netpursuit.stores.workspace.utc_now", lambda: later)
    gone = command("graph", "neighbours", unit, "--workspace", led, "--case", "K-1")
    assert (gone.code, gone.out) == (4, "")
    assert command("graph", "status", "--workspace", led, "--json").json["of_cases"] == 0
    assert equals(command, led)
    assert traces(led, (*EVERYBODY, *NOBODY)) == []


def test_a_case_is_closed_though_the_graph_cannot_be_reached(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert draw(command, led).code == 0
    monkeypatch.setenv("NETPURSUIT_NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("NETPURSUIT_NEO4J_PASSWORD", "x")
    closed = command("case", "close", "K-1", "--workspace", led)
    assert (closed.code, "127.0.0.1:1" in closed.err) == (0, True)
    monkeypatch.delenv("NETPURSUIT_NEO4J_URI")
    waiting = command("graph", "status", "--workspace", led, "--json").json
    assert (waiting["of_cases"], waiting["pending"]) == (3, 3), "until the next occasion, and nobody sees them"
    assert equals(command, led)
    assert traces(led, EVERYBODY) == []


def test_the_index_of_units_holds_nothing_of_anybody(command: Run, led: Path) -> None:
    assert draw(command, led).code == 0
    (index,) = (led / "units").iterdir()
    assert index.stat().st_mode & 0o077 == 0
    content = index.read_bytes()
    assert len(content) == 128 + 6 * 3 * 8, "a header, and a digest, a line and an offset for each row"
    told = [row.split(",") for row in ROWS]
    for value in {value for row in told for value in row if len(value) > 2} | {"虚构路", "501", "12号"}:
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            assert value.encode(encoding) not in content, value


def test_a_damaged_index_is_made_anew(command: Run, led: Path) -> None:
    first = draw(command, led).json
    (index,) = (led / "units").iterdir()
    whole = index.read_bytes()
    for content in (b"", whole[:100], b"\x00" * len(whole)):
        index.write_bytes(content)
        assert draw(command, led).json["people"] == [{**person, "new": False} for person in first["people"]]
        assert index.read_bytes() == whole


@pytest.mark.parametrize("form", ["gb18030", "utf-16", "jsonl", "parquet", "xlsx"])
def test_a_register_of_any_format_is_read_again(command: Run, workspace: Path, tmp_path: Path, form: str) -> None:
    feed, names = write_feed(tmp_path), [*HEADERS.values(), "民族"]
    cells = [dict(zip(names, row.split(","), strict=True)) for row in ROWS]
    file = tmp_path / f"r.{form}"
    if form == "jsonl":
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in cells), encoding="utf-8")
    elif form == "parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(cells), file)
    elif form == "xlsx":
        book = openpyxl.Workbook()
        for values in (names, *(list(row.values()) for row in cells)):
            book.active.append(values)
        book.save(file)
    else:
        file = register(tmp_path, *ROWS, encoding=form)
    screened(command, workspace, feed, file)
    open_case(command, workspace)
    for _ in range(2):
        drawn = draw(command, workspace).json
        assert sorted(person["label"] for person in drawn["people"]) == sorted(DRAWN)
        assert drawn["counts"]["unreadable"] == 1
