"""Feeds from a query: only what is new is read, nobody who is no lead leaves a trace, and errors name no password."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AS_OF, Run
from tests.cli.test_graph_draw_in_command import open_case
from tests.databases import PASSWORD as SECRET
from tests.databases import Register, postgres_register, postgres_server, source_text, sqlite_register, write_feed

pytestmark = pytest.mark.xdist_group("postgres")

OUYANG = "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,2026-04-02,"
ZHANG = "R2,章玉琴,1971-11-23,,,幻县虚构路13号101室,2026-04-04,"
NOBODY = "R4,李明,1990-05-06,,13800138001,幻县虚构路12号501,2026-04-03,"
BROKEN = "R5,赵某某,1991-13-01,,13800138002,幻县虚构路12号503,2026-04-03,"


SQLITE, POSTGRESQL = (pytest.mark.parametrize("register", [kind], indirect=True) for kind in ("sqlite", "postgresql"))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres_server() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    if request.param == "sqlite":
        with sqlite_register(tmp_path) as found:
            yield found
    else:
        with postgres_register(request.getfixturevalue("server")) as found:
            yield found


@pytest.fixture
def feed(tmp_path: Path, register: Register) -> Path:
    return write_feed(tmp_path / "rental.toml", register.url)


def screen(command: Run, workspace: Path, feed: Path, *more: object, code: int = 0) -> Any:
    done = command("screen", "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--json", *more)
    assert done.code == code, done.err
    return done.json if code == 0 else done.err


def leads(command: Run, workspace: Path) -> dict[str, tuple[str, int]]:
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--json")
    return {
        f"{lead['registration_id']} {lead['entry']['id']}": (lead["state"], lead["revision"])
        for lead in shown.json["leads"]
    }


def test_only_new_and_changed_rows_are_read(command: Run, workspace: Path, register: Register, feed: Path) -> None:
    register.put(OUYANG, NOBODY, at=10)
    first = screen(command, workspace, feed)
    assert (first["counts"]["read"], first["counts"]["leads_new"]) == (2, 1)
    assert first["query"]["since"] == ""
    register.put(ZHANG, at=20)
    second = screen(command, workspace, feed)
    # Rows with the mark that the last run came to are read again: others may have come with it.
    assert (second["counts"]["read"], second["counts"]["leads_new"], second["counts"]["leads_unchanged"]) == (3, 1, 1)
    assert second["query"]["since"] == first["query"]["until"] != second["query"]["until"]
    third = screen(command, workspace, feed)
    assert (third["counts"]["read"], third["counts"]["leads_unchanged"]) == (1, 1)
    register.put(OUYANG.replace("R1", "R9"), at=20)
    tied = screen(command, workspace, feed)
    assert (tied["counts"]["read"], tied["counts"]["leads_new"]) == (2, 1)
    assert leads(command, workspace) == {"R1 W1": ("open", 1), "R2 W2": ("open", 1), "R9 W1": ("open", 1)}
    register.put(OUYANG.replace("1985-03-04", "1985-03-05"), at=30)
    changed = screen(command, workspace, feed)
    assert changed["counts"]["leads_updated"] == 1
    again = screen(command, workspace, feed, "--again", "--workers", "2")
    assert (again["counts"]["read"], again["counts"]["leads_unchanged"]) == (4, 3)
    assert command("audit", "verify", "--workspace", workspace).code == 0


def test_a_query_of_any_form_is_taken(command: Run, workspace: Path, register: Register, tmp_path: Path) -> None:
    register.put(OUYANG, NOBODY, ZHANG, at=10)
    file = tmp_path / "own.sql"
    file.write_text(
        """-- who lives in 虚构路 :)
WITH here AS (SELECT * FROM registrations WHERE "现住址" LIKE '%路12号%' AND '12:30' <> '::x;')
SELECT here.*, "姓名" AS "%", changed_at AS "Changed At" FROM here ORDER BY 1;
""",
        encoding="utf-8",
    )
    feed = write_feed(
        tmp_path / "rental.toml", register.url, query=None, query_file='"own.sql"', high_water='"changed at"'
    )
    assert screen(command, workspace, feed)["counts"]["read"] == 2
    assert screen(command, workspace, feed)["counts"]["leads_unchanged"] == 1


def test_a_row_committed_late_with_an_earlier_mark_is_read(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    feed = write_feed(tmp_path / "rental.toml", register.url, overlap=None)
    register.put(NOBODY, at=2_000)
    screen(command, workspace, feed)
    register.put(ZHANG, at=1_500)  # dated before, committed after the run
    assert screen(command, workspace, feed)["counts"]["leads_new"] == 1


def test_somebody_who_left_a_registration_in_several_rows_is_told_from_one_whose_row_is_not_new(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    feed = write_feed(tmp_path / "rental.toml", register.url, {"person_id": "姓名"})
    pair = ZHANG.replace("R2", "R1")
    register.put(OUYANG, pair, at=10)
    register.put(NOBODY, at=15)
    screen(command, workspace, feed)
    before = leads(command, workspace)
    assert set(before) == {"R1 W1", "R1 W2"}
    register.put(OUYANG.replace("13800138000", "13800138009"), at=20)
    screen(command, workspace, feed)
    assert leads(command, workspace)["R1 W2"] == ("open", 1), "her row is still there, it is only not new"
    register.drop("R1")
    register.put(OUYANG, at=30)
    screen(command, workspace, feed)
    assert leads(command, workspace) == {"R1 W1": ("open", 3), "R1 W2": ("withdrawn", 1)}, "she has left"


def test_rows_without_a_mark_and_marks_that_are_texts_are_refused(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    register.put(NOBODY, at=None)
    feed = write_feed(tmp_path / "rental.toml", register.url)
    assert "rows without a value of 'changed_at'" in screen(command, workspace, feed, code=2)
    register.put(NOBODY, at=3)
    texts = write_feed(tmp_path / "texts.toml", register.url, high_water='"姓名"')
    said = screen(command, workspace, texts, code=2)
    assert "holds str values, expected whole numbers, instants or dates" in said
    assert "李明" not in said


@POSTGRESQL  # numbers have no future
def test_what_is_dated_in_the_future_hides_nothing(command: Run, workspace: Path, register: Register) -> None:
    feed = write_feed(workspace.parent / "rental.toml", register.url)
    register.put(NOBODY, at=400 * 86_400)
    until = screen(command, workspace, feed)["query"]["until"]
    assert datetime.fromisoformat(until) <= datetime.now(UTC)


def test_quarantined_rows_are_read_again_by_the_query(
    command: Run, workspace: Path, register: Register, feed: Path
) -> None:
    register.put(NOBODY, at=10)
    register.put(BROKEN, at=11)
    register.put(OUYANG, at=12)
    run = screen(command, workspace, feed)["run"]
    shown = command("quarantine", "show", "--run", run, "--source", feed, "--workspace", workspace, "--json").json
    assert [(row["file"], row["line"], row["reason"]) for row in shown] == [("query", 2, "bad-date")]
    assert shown[0]["values"]["姓名"] == "赵某某"
    assert "民族" not in shown[0]["values"]
    register.put(NOBODY, at=13)  # what stood first stands behind now
    told = command("quarantine", "show", "--run", run, "--source", feed, "--workspace", workspace)
    assert "the database has changed" in told.out
    assert "赵某某" not in told.out + told.err
    assert "欧阳" not in told.out


def test_of_people_who_are_no_leads_no_byte_is_left(
    command: Run, workspace: Path, register: Register, feed: Path
) -> None:
    canaries = ("慕容玖琅", "1993-07-07", "13899887766", "虚构里弄七十七号", "Q-77-KEY")
    register.put(OUYANG, f"Q-77-KEY,{canaries[0]},{canaries[1]},,{canaries[2]},{canaries[3]},2026-04-02,", at=10)
    assert screen(command, workspace, feed)["counts"]["screened"] == 2
    files = [path for place in (workspace, workspace.with_name("ws-keys")) for path in place.rglob("*")]
    for path in filter(Path.is_file, files):
        for canary in canaries:
            for encoding in ("utf-8", "utf-16-le", "gb18030"):
                assert canary.encode(encoding) not in path.read_bytes(), (path.name, canary)


def test_the_unit_of_a_lead_is_read_by_its_own_query(
    command: Run, workspace: Path, register: Register, feed: Path
) -> None:
    register.put(OUYANG, NOBODY, "R7,吴同住,1988-08-08,,,幻县虚构路12号501,2026-04-05,", ZHANG, at=10)
    screen(command, workspace, feed)
    open_case(command, workspace)
    shown = command("leads", "list", "--workspace", workspace, "--as-of", AS_OF, "--json").json["leads"]
    lead = next(item["lead"] for item in shown if item["registration_id"] == "R1")
    ask = ("graph", "draw-in", f"Lead:{lead}", "--workspace", workspace, "--case", "K-1", "--json")
    drawn = command(*ask)
    assert drawn.code == 0, drawn.err
    assert sorted(person["label"] for person in drawn.json["people"]) == ["吴同住", "李明"]
    assert drawn.json["counts"]["subjects"] == 1
    assert command(*ask, "--feed", feed).json["counts"]["new"] == 0
    group = """'SELECT * FROM registrations WHERE "民族" = "民族" OR :unit = :address'"""
    write_feed(feed, register.url, unit_query=group)
    assert "has not screened this file" in command(*ask).err, "another unit_query is another source"
    assert "has not screened this file" in command(*ask, "--feed", feed).err
    write_feed(feed, register.url, unit_query=None)
    screen(command, workspace, feed)
    assert "expected source.unit_query in its file" in command(*ask).err
    write_feed(feed, register.url, unit_query="'SELECT * FROM registrations WHERE \"现住址\" = :unit_code'")
    screen(command, workspace, feed)
    assert command(*ask).json["counts"]["registrations"] == 0
    write_feed(feed, register.url, unit_query="'SELECT * FROM registrations WHERE length(:address) > 0'")
    screen(command, workspace, feed)
    assert command(*ask).json["counts"]["registrations"] == 3, "what is of another unit is left out"
    other = write_feed(feed, register.url, query='"SELECT * FROM registrations WHERE 1 = 1"')
    assert "has not screened this file" in command(*ask, "--feed", other).err


def no_byte_of(secret: str, *places: Path, said: str) -> None:
    assert secret not in said
    for place in places:
        for path in filter(Path.is_file, place.rglob("*")):
            assert secret.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("url", "what"),
    [
        (f"postgresql+psycopg://reader:{SECRET}@db/register", "source.url: holds a password"),
        (f"postgresql+psycopg://db/register?password={SECRET}", "source.url: holds a password"),
        ("not an address", "not the address of a database"),
        ("sqlite:////nowhere/at/all.sqlite", "unable to open database file"),
        ("mysql+pymysql://db/register", "the driver 'pymysql' is not installed"),
        ("nosuch://db/register", "nobody knows this kind of database"),
        ("postgresql+psycopg://127.0.0.1:1/register", "127.0.0.1"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(
    command: Run, workspace: Path, tmp_path: Path, url: str, what: str
) -> None:
    feed = write_feed(tmp_path / "rental.toml", url)
    said = screen(command, workspace, feed, code=2)
    assert what in said
    no_byte_of(SECRET, workspace, said=said)


def test_the_password_comes_from_the_environment_or_a_file_that_its_owner_alone_reads(
    command: Run, workspace: Path, register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.put(OUYANG, at=10)
    feed = write_feed(tmp_path / "rental.toml", register.url, password_env='"RENTAL_PASSWORD"')
    assert "RENTAL_PASSWORD: the variable is not set" in screen(command, workspace, feed, code=2)
    monkeypatch.delenv("PGPASSWORD", raising=False)
    if register.instants:
        monkeypatch.setenv("RENTAL_PASSWORD", f"{SECRET}-not")
        said = screen(command, workspace, feed, code=2)
        assert 'password authentication failed for user "tester"' in said
        no_byte_of(SECRET, workspace, said=said)
    monkeypatch.setenv("RENTAL_PASSWORD", SECRET)
    assert screen(command, workspace, feed)["counts"]["leads_new"] == 1
    file = tmp_path / "secret.txt"
    file.write_text(SECRET + "\n", encoding="utf-8")
    feed = write_feed(tmp_path / "rental.toml", register.url, password_file='"secret.txt"')
    file.chmod(0o640)
    assert "others may read the password" in screen(command, workspace, feed, code=2)
    file.chmod(0o600)
    done = screen(command, workspace, feed)
    assert done["counts"]["leads_unchanged"] == 1, "the same feed, wherever its password is kept"
    if register.instants:
        with_password = register.url.replace("tester@", f"tester:{SECRET}@")
        monkeypatch.setenv("RENTAL_URL", with_password)
        feed = write_feed(tmp_path / "rental.toml", register.url, url=None, url_env='"RENTAL_URL"')
        done = screen(command, workspace, feed)
        assert done["counts"]["leads_unchanged"] == 1
    log = command("audit", "show", "--workspace", workspace, "--reason", "audit:A-1", "--json").out
    no_byte_of(SECRET, workspace, workspace.with_name("ws-keys"), said=log + json.dumps(done))


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"query": '"SELECT * FROM nowhere"'}, "the database cannot be read"),
        ({"query": '"SELEC"'}, "the database cannot be read"),
        ({"query": '"DELETE FROM registrations"'}, "the database cannot be read"),
        ({"high_water": '"altered_at"'}, "the query has no column 'altered_at'"),
        ({"query": "'SELECT 1 AS \"changed_at\"'"}, "columns that the feed maps are not in the file"),
        ({"query": '"SELECT * FROM registrations WHERE changed_at > :mark"'}, "takes no parameter, as :mark"),
        ({"unit_query": '"SELECT * FROM registrations"'}, "source.unit_query: expected parameters"),
        ({"query": '"SELECT 1; COMMIT; DELETE FROM registrations"'}, "source.query: a semicolon"),
        ({"query": "'''SELECT 'a\\' ; DELETE FROM registrations --''''"}, "source.query: a semicolon"),
        ({"unit_query": '"SELECT :address; DELETE FROM registrations"'}, "source.unit_query: a semicolon"),
        ({"query": None}, "source.query: missing"),
        ({"password": '"x"'}, "source.password: unknown key"),
        ({"overlap": "-1"}, "source.overlap: expected a whole number"),
        ({"query_file": '"there.sql"'}, "expected query or query_file"),
    ],
)
def test_a_query_that_cannot_be_used_is_told(
    command: Run, workspace: Path, register: Register, tmp_path: Path, changed: dict[str, str | None], what: str
) -> None:
    register.put(OUYANG, at=10)
    feed = write_feed(tmp_path / "rental.toml", register.url, **changed)
    assert what in screen(command, workspace, feed, code=2)
    register.run("SELECT count(*) FROM registrations")
    assert screen(command, workspace, write_feed(feed, register.url))["counts"]["read"] == 1, "nothing was deleted"


@POSTGRESQL  # SQLite converts anything
def test_nothing_of_a_row_is_told_by_an_error_of_the_server(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    register.put(OUYANG, at=10)
    query = """'SELECT *, CAST("姓名" AS INTEGER) AS n FROM registrations WHERE CAST("姓名" AS INTEGER) > 1'"""
    said = screen(command, workspace, write_feed(tmp_path / "rental.toml", register.url, query=query), code=2)
    assert "22P02" in said
    assert "欧阳" not in said


@POSTGRESQL  # whose cast it is
def test_names_in_errors_of_class_42_are_not_told(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    register.put(OUYANG, at=10)
    query = """'SELECT *, ("姓名")::regclass AS n FROM registrations WHERE ("姓名")::regclass IS NOT NULL'"""
    said = screen(command, workspace, write_feed(tmp_path / "rental.toml", register.url, query=query), code=2)
    assert "42P01" in said
    assert "欧阳" not in said


@SQLITE  # PostgreSQL keeps no such text
def test_text_that_is_not_utf_8_is_quarantined_and_not_quoted(
    command: Run, workspace: Path, register: Register, feed: Path
) -> None:
    register.put(OUYANG, NOBODY, at=10)
    register.run("""UPDATE registrations SET "姓名" = CAST(x'5a68616e672053ff' AS TEXT) WHERE "姓名" = '李明'""")
    asked = ("screen", "--feed", feed, "--workspace", workspace, "--as-of", AS_OF, "--json")
    done = command(*asked)
    assert done.code == 0, done.err
    assert (done.json["counts"]["rejected"], done.json["counts"]["leads_new"]) == (1, 1)
    no_byte_of("Zhang S", workspace, said=done.out + done.err)


def test_a_statement_that_takes_too_long_is_ended(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    slow = "pg_sleep(30)"
    if not register.instants:
        slow = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e9) SELECT count(*) FROM n)"
    register.put(OUYANG, at=10)
    query = f"'SELECT registrations.*, {slow} AS waited FROM registrations WHERE {slow} IS NOT NULL'"
    feed = write_feed(tmp_path / "rental.toml", register.url, query=query, timeout_seconds="1")
    assert "a statement took too long" in screen(command, workspace, feed, code=2)


def test_files_and_databases_are_not_mixed(command: Run, workspace: Path, register: Register, feed: Path) -> None:
    file = workspace.parent / "register.csv"
    file.write_text("x", encoding="utf-8")
    assert "the feed is read from its database" in screen(command, workspace, feed, file, code=2)
    feed.write_text(feed.read_text(encoding="utf-8").partition("[source]")[0], encoding="utf-8")
    assert "a file, or a feed with a [source]" in screen(command, workspace, feed, code=2)


def test_without_sqlalchemy_the_error_names_what_to_install(
    command: Run, workspace: Path, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "sqlalchemy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    assert "pip install 'netpursuit[sql]'" in screen(command, workspace, feed, code=2)


def test_a_feed_over_a_database_is_drafted_and_checked_without_reading_anybody(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    register.put(BROKEN, at=10)
    stated, feed = tmp_path / "source.toml", tmp_path / "drafted.toml"
    stated.write_text(source_text(register.url), encoding="utf-8")
    answers = {
        "feed_id": "rental",
        "legal_basis": "出租房屋管理规定",
        "area": "幻县",
        "purpose": "查找在逃人员",
        "period_from": "2026-01-01",
        "period_to": "2026-12-31",
        "expires_on": "2026-12-31",
    }
    told = [part for key, value in answers.items() for part in ("--answer", f"{key}={value}")]
    drafted = command("feed", "init", stated, "--out", feed, *told, "--json")
    assert drafted.code == 0, drafted.err
    assert drafted.json["columns"]["name"] == "姓名"
    assert "changed_at" not in drafted.json["columns"].values()
    text = feed.read_text(encoding="utf-8")
    assert ("民族" in text.partition("[columns]")[2].partition("#")[0], "赵某某" in text) == (False, False)
    checked = command("feed", "check", feed, "--connect", "--as-of", AS_OF)
    assert checked.code == 0, checked.err
    assert screen(command, workspace, feed)["counts"]["rejected"] == 1
    wrong = write_feed(feed, register.url, unit_query="'SELECT 1 AS n WHERE :unit = :address'")
    assert command("feed", "check", wrong, "--as-of", AS_OF).code == 0
    refused = command("feed", "check", wrong, "--connect", "--as-of", AS_OF)
    assert (refused.code, "source.unit_query: columns that the feed maps" in refused.err) == (2, True)


def test_that_earlier_rows_have_met_other_lists_is_said(
    command: Run, workspace: Path, wanted: tuple[Path, Path], register: Register, feed: Path
) -> None:
    register.put(NOBODY, at=10)
    register.put("R3,赵某某,1991-03-01,,,幻县虚构路14号,2026-04-03,", at=20)
    asked = ("screen", "--feed", feed, "--workspace", workspace, "--as-of", AS_OF)
    assert "were not screened against these lists" not in command(*asked).err
    listed, mapping = wanted
    more = "W4,李明,,男,1990-05-06,,虚构省幻县七路7号,盗窃,幻县公安局,000-1,幻捕字7号,2026-04-08,2026-06-20\n"
    listed.write_text(listed.read_text(encoding="utf-8") + more, encoding="utf-8")
    add = ("lists", "add", listed, "--list", "wanted", "--mapping", mapping, "--as-of", AS_OF, "--workspace", workspace)
    assert command(*add).code == 0
    register.put(OUYANG, at=2_000_000)
    assert "Rows of rental that were read before were not screened against these lists" in command(*asked).err
    assert set(leads(command, workspace)) == {"R1 W1"}
    assert "were not screened against these lists" not in command(*asked, "--again").err
    assert set(leads(command, workspace)) == {"R1 W1", "R4 W4"}


@POSTGRESQL  # whose dates have no end
@pytest.mark.parametrize(
    ("kind", "value"),
    [("DATE", "infinity"), ("DATE", "0044-03-15 BC"), ("TIMESTAMP", "-infinity"), ("TIMESTAMPTZ", "12000-01-01")],
)
def test_a_date_without_end_sets_its_row_aside_and_not_the_feed(
    command: Run, workspace: Path, register: Register, tmp_path: Path, kind: str, value: str
) -> None:
    register.put(OUYANG, NOBODY, ZHANG, at=10)
    query = f"""'''SELECT *, CASE "登记编号" WHEN 'R2' THEN CAST('{value}' AS {kind})
        ELSE CAST("出生日期" AS {kind}) END AS "生于" FROM registrations'''"""
    feed = write_feed(tmp_path / "rental.toml", register.url, columns={"birth_date": "生于"}, query=query)
    done = screen(command, workspace, feed)
    assert {name: done["counts"][name] for name in ("read", "rejected", "leads_new")} == {
        "read": 3,
        "rejected": 1,
        "leads_new": 1,
    }
    aside = command("quarantine", "show", "--run", done["run"], "--workspace", workspace, "--json").json
    (row,) = aside["rejected"] if isinstance(aside, dict) else aside
    assert (row["column"], row["reason"]) == ("birth_date", "bad-date")
    assert value not in json.dumps(row)


@POSTGRESQL
@pytest.mark.parametrize("mark", ["infinity", "0044-03-15 BC"])
def test_a_mark_without_end_is_told_with_what_to_do(
    command: Run, workspace: Path, register: Register, feed: Path, tmp_path: Path, mark: str
) -> None:
    register.put(OUYANG, at=10)
    register.put(ZHANG, at=20)
    register.run(f"""UPDATE registrations SET changed_at = '{mark}' WHERE "登记编号" = 'R2'""")
    said = screen(command, workspace, feed, code=2)
    assert "the high-water column 'changed_at' holds infinity" in said
    finite = "\"SELECT * FROM registrations WHERE isfinite(changed_at) AND changed_at > '0001-01-01'\""
    feed = write_feed(tmp_path / "rental.toml", register.url, query=finite)
    assert screen(command, workspace, feed)["counts"]["leads_new"] == 1


def test_a_semicolon_that_ends_nothing_is_taken(
    command: Run, workspace: Path, register: Register, tmp_path: Path
) -> None:
    register.put(OUYANG, ZHANG, at=10)
    own = "$$;$$" if register.instants else "[登记编号]"
    text = f"""SELECT *, {own} AS "x;y" FROM registrations WHERE "民族" <> 'a;' -- all; of them
    ; -- that was it; indeed"""
    file = tmp_path / "own.sql"
    file.write_text(text, encoding="utf-8")
    feed = write_feed(tmp_path / "rental.toml", register.url, query=None, query_file='"own.sql"')
    assert screen(command, workspace, feed)["counts"]["leads_new"] == 2
    file.write_text(text + "\nSELECT 2", encoding="utf-8")
    assert "source.query: a semicolon, expected one statement" in screen(command, workspace, feed, code=2)
