"""``netpursuit night``: an unattended batch from its file to its report, and all that may go wrong in between."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from netpursuit.catalogue import Catalogue
from tests.cli.conftest import AS_OF, COLUMNS, HEADER, MAPPING, PEOPLE, Answer, Run, feed_text, start
from tests.publisher import Publisher

SECOND = (
    "V1,白夜行,,男,1979-09-09,,虚构省幻县五路5号,诈骗,幻县公安局,000-1,幻捕字5号,2026-03-01,2026-06-20",
    "V2,柳如烟,,女,1983-08-08,,虚构省幻县六路6号,盗窃,幻县公安局,000-1,幻捕字6号,2026-03-01,2026-06-20",
)
STAYS = (*COLUMNS.items(), ("end_date", "离开日期"))
DAY_ONE = (
    "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,2026-04-02,",
    "R2,李明,1990-05-06,,13800138001,幻县虚构路12号502,2026-04-03,",
    "R3,章玉琴,1971-11-23,,,幻县虚构路13号101室,2026-04-04,2026-04-06",
)
DAY_TWO = ("R4,白夜行,1979-09-09,,13800138004,幻县虚构路15号,2026-04-05,",)


class House:
    """A folder with two lists, two feeds and the file of a night over them."""

    def __init__(self, folder: Path, command: Run) -> None:
        self.folder, self._command = folder, command
        self.workspace = folder / "ws"
        for name in ("rental", "hotel", "second"):
            (folder / name).mkdir(parents=True)
        (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
        self.write_list("wanted.csv", *PEOPLE)
        self.write_list("second/second.csv", *SECOND)
        columns = dict(STAYS)
        (folder / "rental.toml").write_text(feed_text(columns), encoding="utf-8")
        (folder / "hotel.toml").write_text(feed_text(columns, feed_id='"hotel"'), encoding="utf-8")
        self.register("rental/day1.csv", *DAY_ONE)
        self.register("hotel/day1.csv", *DAY_TWO)
        self.configure()

    def write_list(self, name: str, *people: str) -> None:
        (self.folder / name).write_text("\n".join([HEADER, *people]) + "\n", encoding="utf-8")

    def register(self, name: str, *rows: str) -> None:
        text = "\n".join([",".join(header for _, header in STAYS), *rows, ""])
        (self.folder / name).write_text(text, encoding="utf-8")

    def configure(self, more: str = "", rental: str = "", top: str = "") -> None:
        text = f"""workspace = "ws"
reason = "check:nightly"
{top}
[[list]]
id = "wanted"
files = ["wanted.csv"]
mapping = "mapping.toml"
[[list]]
id = "second"
folder = "second"
mapping = "mapping.toml"
[[feed]]
feed = "rental.toml"
folder = "rental"
pattern = "*.csv"
{rental}
[[feed]]
feed = "hotel.toml"
folder = "hotel"
[report]
folder = "reports"
[metrics]
file = "night.prom"
[health]
min_free_mb = 1
{more}"""
        (self.folder / "night.toml").write_text(text, encoding="utf-8")

    def night(self, *more: object, code: int = 0, as_of: str = AS_OF) -> Any:
        answer = self.run("--json", *more, as_of=as_of)
        assert answer.code == code, (answer.out, answer.err)
        return answer.json

    def run(self, *more: object, as_of: str = AS_OF) -> Answer:
        return self._command("night", self.folder / "night.toml", "--as-of", as_of, *more)

    def leads(self) -> dict[str, tuple[str, str | None, int]]:
        """Registration and entry -> (state, flag, revision)."""
        shown = self._command(
            *("leads", "list", "--workspace", self.workspace, "--as-of", AS_OF, "--reason", "check:T-1", "--json")
        )
        return {
            f"{lead['registration_id']} {lead['entry']['id']}": (lead["state"], lead["flag"], lead["revision"])
            for lead in shown.json["leads"]
        }

    def log(self) -> list[dict[str, Any]]:
        shown = self._command("audit", "show", "--workspace", self.workspace, "--reason", "audit:A-1", "--json")
        items: list[dict[str, Any]] = shown.json
        return items


@pytest.fixture
def house(tmp_path: Path, command: Run) -> House:
    return House(tmp_path / "house", command)


def fates(night: Any) -> dict[str, str]:
    files = {f"{feed['feed']}/{item['file']}": item["fate"] for feed in night["feeds"] for item in feed["files"]}
    return files | {item["list"]: item["fate"] for item in night["lists"]}


def whats(night: Any) -> list[str]:
    return sorted(item["what"] for item in night["leads"])


def bytes_of(*folders: Path) -> dict[str, str]:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_night_updates_lists_screens_feeds_and_reports(house: House, command: Run) -> None:
    night = house.night()
    assert fates(night) == {
        "rental/day1.csv": "new",
        "hotel/day1.csv": "new",
        "wanted": "updated",
        "second": "updated",
    }
    assert house.leads() == {
        "R1 W1": ("open", None, 1),
        "R3 W2": ("open", None, 1),
        "R4 V1": ("open", None, 1),
    }
    assert whats(night) == ["new"] * 3
    assert {item["list"]: (item["added"], item["people"], item["status"]) for item in night["lists"]} == {
        "wanted": (3, 3, "fresh"),
        "second": (2, 2, "fresh"),
    }
    assert next(item for item in night["lists"] if item["list"] == "wanted")["about_to_expire"] == {"30": 1, "7": 1}
    assert night["health"]["log_problems"] == []
    assert night["health"]["graph_up"] is True
    assert night["health"]["graph_pending"] == 0
    assert command("graph", "verify", "--workspace", house.workspace).code == 0
    assert command("audit", "verify", "--workspace", house.workspace).code == 0
    verbs = {item["verb"]: item["authority"] for item in house.log()}
    assert verbs["lists-add"] == verbs["night"] == "check:nightly"
    assert verbs["screen"] == "purpose:查找在逃人员"
    (whole,) = [item for item in house.log() if item["verb"] == "night"]
    assert sorted(whole["outcome"]["leads"]) == sorted(item["lead"] for item in night["leads"])


def test_of_people_who_are_no_leads_no_byte_is_left(house: House) -> None:
    canaries = ("慕容玖琅", "1993-07-07", "13899887766", "虚构里弄七十七号")
    row = ",".join(("Q1", canaries[0], canaries[1], "", canaries[2], canaries[3], "2026-04-02", ""))
    house.register("rental/day1.csv", *DAY_ONE, row)
    house.night()
    house.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    assert fates(house.night())["rental/day1.csv"] == "backwards"
    places = [*house.workspace.rglob("*"), *house.folder.glob("ws-keys/**/*"), *house.folder.glob("reports/*")]
    files = [path for path in (*places, house.folder / "night.prom") if path.is_file()]
    assert len(files) > 8
    for path in files:
        content = path.read_bytes()
        for canary in canaries:
            for encoding in ("utf-8", "utf-16-le", "gb18030"):
                assert canary.encode(encoding) not in content, (path.name, encoding)


def test_the_same_night_twice_changes_nothing(house: House) -> None:
    first = house.night()
    before = house.leads()
    again = house.night()
    assert fates(again) == {
        "rental/day1.csv": "known",
        "hotel/day1.csv": "known",
        "wanted": "unchanged",
        "second": "unchanged",
    }
    assert again["leads"] == again["problems"] == again["unchecked"] == []
    assert again["night"] != first["night"]
    assert house.leads() == before
    assert [item["verb"] for item in house.log()].count("screen") == 2


def test_only_what_is_new_or_changed_is_screened(house: House) -> None:
    house.night()
    house.register("rental/day2.csv", "R5,章玉琴,1971-11-23,,,幻县虚构路19号,2026-04-08,")
    house.register("hotel/day1.csv", *DAY_TWO, "R6,柳如烟,1983-08-08,,,幻县虚构路20号,2026-04-09,")
    (house.folder / "rental" / "day3.csv.part").write_text("half", encoding="utf-8")
    night = house.night()
    assert {name: fate for name, fate in fates(night).items() if "/" in name} == {
        "rental/day1.csv": "known",
        "rental/day2.csv": "new",
        "hotel/day1.csv": "new",
    }
    assert whats(night) == ["new", "new"]
    assert set(house.leads()) == {"R1 W1", "R3 W2", "R4 V1", "R5 W2", "R6 V2"}


NEWCOMERS = (
    "W4,李明,,男,1990-05-06,,虚构省幻县七路7号,盗窃,幻县公安局,000-1,幻捕字7号,2026-04-08,2026-06-20",
    "W5,马远行,,男,1991-01-01,,虚构省幻县八路8号,盗窃,幻县公安局,000-1,幻捕字8号,2026-04-08,2026-06-20",
)


def test_a_new_entry_is_found_in_yesterdays_file_among_running_stays(house: House) -> None:
    house.register("rental/day1.csv", *DAY_ONE, "R9,马远行,1991-01-01,,,幻县虚构路30号,2026-04-02,2026-04-05")
    house.night()
    house.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    night = house.night()
    assert fates(night)["rental/day1.csv"] == "backwards"
    assert set(house.leads()) == {"R1 W1", "R2 W4", "R3 W2", "R4 V1"}, "R9 has ended; R3 has, too, but has a lead"
    rental = next(feed for feed in night["feeds"] if feed["feed"] == "rental")
    assert rental["files"][0]["counts"]["stays_ended"] == 1
    assert fates(house.night())["rental/day1.csv"] == "known"

    house.configure(rental='backwards = "period"')
    assert fates(house.night())["rental/day1.csv"] == "backwards", "it was gone through in part alone"
    assert "R9 W5" in house.leads()
    assert fates(house.night())["rental/day1.csv"] == "known"


def test_what_could_not_be_checked_is_named_with_the_reason(house: House) -> None:
    house.configure(rental='backwards = "off"')
    house.register("hotel/day0.csv", "R8,张三丰,1970-01-01,,,幻县虚构路31号,2026-04-01,")
    house.night()
    house.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    (house.folder / "hotel" / "day0.csv").unlink()
    night = house.night()
    assert fates(night)["rental/day1.csv"] == "left"
    entries = [{"list": "wanted", "count": 2, "whole_list": False, "ids": ["W4", "W5"]}]
    assert night["unchecked"] == [
        {"feed": "hotel", "why": "file-gone", "files": ["day0.csv"], "entries": entries},
        {"feed": "rental", "why": "backwards-off", "files": ["day1.csv"], "entries": entries},
    ]
    assert set(house.leads()) == {"R1 W1", "R3 W2", "R4 V1"}
    page = (house.folder / "reports" / f"{night['night']}.html").read_text(encoding="utf-8")
    assert "wanted: 2 (W4 W5)" in page or "wanted：2 条（W4 W5）" in page
    again = house.night()["unchecked"]
    assert [(item["feed"], item["why"]) for item in again] == [("rental", "backwards-off")], (
        "what is gone is named once"
    )


def test_a_feed_whose_settings_changed_is_screened_anew(house: House) -> None:
    house.night()
    (house.folder / "hotel.toml").write_text(
        feed_text(dict(STAYS), feed_id='"hotel"', min_band='"weak"'), encoding="utf-8"
    )
    assert fates(house.night())["hotel/day1.csv"] == "new"


def test_withdrawn_and_expired_entries_stop_matching_and_their_leads_are_named(house: House) -> None:
    house.register("rental/day1.csv", *DAY_ONE, "R7,阿卜杜热西提·买买提,1966-06-06,,,幻县虚构路16号,2026-04-04,")
    house.night()
    house.write_list("wanted.csv", *PEOPLE[1:])
    night = house.night(as_of="2026-04-16")
    stopped = {item["flag"] for item in night["leads"] if item["what"] == "stopped"}
    assert stopped == {"entry-withdrawn", "entry-expired"}
    leads = house.leads()
    assert leads["R1 W1"][:2] == ("withdrawn", "entry-withdrawn")
    assert leads["R7 W3"][:2] == ("withdrawn", "entry-expired")
    assert leads["R3 W2"][0] == "open"
    assert next(item for item in night["lists"] if item["list"] == "wanted")["withdrawn"] == 1


def test_an_entry_expires_though_no_file_is_screened(house: House) -> None:
    house.register("rental/day1.csv", "R7,阿卜杜热西提·买买提,1966-06-06,,,幻县虚构路16号,2026-04-04,")
    house.night()
    night = house.night(as_of="2026-04-16")
    assert fates(night)["rental/day1.csv"] == "known"
    assert [(item["what"], item["flag"]) for item in night["leads"]] == [("stopped", "entry-expired")]


@pytest.mark.parametrize("damage", ["gone", "empty", "garbage", "mass-withdrawal"])
def test_a_list_that_cannot_be_taken_stays_and_the_night_goes_on(house: House, damage: str) -> None:
    house.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    house.night()
    listed = house.folder / "wanted.csv"
    if damage == "gone":
        listed.unlink()
    elif damage == "mass-withdrawal":
        house.write_list("wanted.csv", PEOPLE[1])
    else:
        listed.write_bytes(b"" if damage == "empty" else b"\x00\x01\x02 not a list")
    house.register("rental/day2.csv", "R5,欧阳志远,1985-03-04,990101198503040010,,幻县虚构路19号,2026-04-08,")
    night = house.night(code=3)
    assert fates(night)["wanted"] == "kept"
    assert [(item["kind"], item["about"]) for item in night["problems"]] == [("list", "wanted")]
    assert house.leads()["R5 W1"][0] == "open", "the earlier version is in force"
    assert house.night(code=3)["problems"] == night["problems"], "said every night until it is mended"
    house.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    assert house.night()["problems"] == []


def test_a_list_that_was_damaged_in_the_workspace_is_read_again_from_its_files(house: House) -> None:
    house.night()
    with sqlite3.connect(house.workspace / "truth.sqlite") as base:
        base.execute("UPDATE entry_body SET body = body || ' '")
    base.close()
    night = house.night()
    assert {item["list"]: (item["fate"], item["status"]) for item in night["lists"]} == {
        "wanted": ("updated", "fresh"),
        "second": ("updated", "fresh"),
    }
    assert house.night()["problems"] == []


def test_a_list_is_fetched_from_its_address_and_stays_when_that_is_down(house: House, publisher: Publisher) -> None:
    publisher.content = (house.folder / "wanted.csv").read_bytes()
    text = (house.folder / "night.toml").read_text(encoding="utf-8")
    fetched = text.replace('files = ["wanted.csv"]', f'urls = ["{publisher.url()}"]')
    (house.folder / "night.toml").write_text(fetched, encoding="utf-8")
    assert fates(house.night("--dry-run"))["wanted"] == "would-fetch"
    assert publisher.asked == []
    assert fates(house.night())["wanted"] == "updated"
    assert set(house.leads()) == {"R1 W1", "R3 W2", "R4 V1"}
    assert fates(house.night())["wanted"] == "unchanged"
    assert [code for _, code, _ in publisher.asked] == [200, 304]
    (house.folder / "night.toml").write_text(fetched.replace("list.csv", "gone.csv"), encoding="utf-8")
    night = house.night(code=3)
    assert fates(night)["wanted"] == "kept"
    assert "answered 404" in night["problems"][0]["why"]


def test_a_first_night_without_any_list_says_so(house: House) -> None:
    (house.folder / "wanted.csv").unlink()
    (house.folder / "second" / "second.csv").unlink()
    night = house.night(code=3)
    assert {item["about"] for item in night["problems"]} == {"wanted", "second", "*", "rental", "hotel"}
    assert {item["list"]: item["fate"] for item in night["lists"]} == {"wanted": "absent", "second": "absent"}
    assert [feed["files"] for feed in night["feeds"]] == [[], []]


def test_an_expired_feed_is_refused_and_the_others_go_on(house: House) -> None:
    text = feed_text(dict(STAYS), expires_on="2026-04-09")
    (house.folder / "rental.toml").write_text(text, encoding="utf-8")
    night = house.night(code=3)
    rental = next(feed for feed in night["feeds"] if feed["feed"] == "rental")
    assert rental["refused"] == "feed-expired"
    assert set(house.leads()) == {"R4 V1"}
    (missed,) = night["unchecked"]
    assert (missed["feed"], missed["why"], missed["files"]) == ("rental", "feed-refused", ["day1.csv"])
    assert {entry["list"]: entry["count"] for entry in missed["entries"]} == {"wanted": 3, "second": 2}
    refused = [item for item in house.log() if item["verb"] == "screen" and item["outcome"]["refused"]]
    assert [item["outcome"]["refused"] for item in refused] == ["feed-expired"]


def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(house: House) -> None:
    (house.folder / "rental" / "bad.csv").write_text("什么,都,不是\n1,2,3\n", encoding="utf-8")
    night = house.night(code=3)
    assert fates(night)["rental/bad.csv"] == "failed"
    assert fates(night)["rental/day1.csv"] == "new"
    assert [(item["kind"], item["about"]) for item in night["problems"]] == [("file", "rental/bad.csv")]


def test_a_graph_store_that_is_down_is_reported_and_nothing_is_lost(
    house: House, command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETPURSUIT_NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("NETPURSUIT_NEO4J_PASSWORD", "none")
    night = house.night(code=3)
    assert (night["health"]["graph_up"], night["health"]["graph_pending"]) == (False, 3)
    assert [item["kind"] for item in night["problems"]] == ["graph"]
    monkeypatch.delenv("NETPURSUIT_NEO4J_URI")
    assert house.night()["health"]["graph_drained"] > 0
    assert command("graph", "verify", "--workspace", house.workspace).code == 0


def test_a_log_that_was_changed_ends_the_night_with_its_own_code(house: House) -> None:
    house.night()
    with sqlite3.connect(house.workspace / "truth.sqlite") as base:
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = next(name for name in tables if "payload" in name or "log_payload" in name)
        base.execute(f"UPDATE {table} SET payload = replace(payload, 'nightly', 'nightlY')")
    base.close()
    night = house.night(code=6)
    assert night["health"]["log_problems"]


def test_a_dry_run_before_the_first_night_makes_no_workspace(house: House) -> None:
    before = bytes_of(house.folder)
    assert set(fates(house.night("--dry-run")).values()) == {"would-update", "would-screen"}
    assert bytes_of(house.folder) == before
    assert not house.workspace.exists()


def test_a_dry_run_says_what_would_be_done_and_changes_no_byte(house: House) -> None:
    house.night()
    house.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    house.register("rental/day2.csv", "R5,章玉琴,1971-11-23,,,幻县虚构路19号,2026-04-08,")
    before = bytes_of(house.folder)
    night = house.night("--dry-run")
    assert bytes_of(house.folder) == before
    assert night["dry_run"] is True
    assert fates(night) == {
        "rental/day1.csv": "would-backwards",
        "rental/day2.csv": "would-screen",
        "hotel/day1.csv": "would-backwards",
        "wanted": "would-update",
        "second": "unchanged",
    }
    assert "章玉琴" not in json.dumps(night, ensure_ascii=False)


@pytest.mark.parametrize(("lang", "word"), [("en", "Leads of this night"), ("zh", "本次线索")])
def test_the_report_is_in_the_language_asked_for_and_names_nobody(house: House, lang: str, word: str) -> None:
    answer = house.run("--lang", lang)
    assert answer.code == 0, answer.err
    pages = sorted((house.folder / "reports").glob("*.html"))
    shapes = sorted((house.folder / "reports").glob("*.json"))
    assert len(pages) == len(shapes) == 1
    page, shape = pages[0].read_text(encoding="utf-8"), json.loads(shapes[0].read_text(encoding="utf-8"))
    assert word in page
    for said in (Catalogue(lang)("report.warning"), "查找在逃人员", "2026-12-31", shape["user"]):
        assert said in page, "what every export says of itself (A13)"
    assert "<script" not in page
    metrics = (house.folder / "night.prom").read_text(encoding="utf-8")
    for lead in shape["leads"]:
        assert lead["lead"] in page
    for text in (page, shapes[0].read_text(encoding="utf-8"), metrics, answer.out, answer.err):
        for name in ("欧阳志远", "章玉琴", "李明", "白夜行", "13800138", "虚构路", "1985-03-04"):
            assert name not in text


SAMPLE = re.compile(r'netpursuit_[a-z_]+(\{[a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*\})? -?[0-9.e+-]+')


def test_metrics_are_in_the_text_format(house: House) -> None:
    house.night()
    file = house.folder / "night.prom"
    values: dict[str, float] = {}
    typed: set[str] = set()
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        elif not line.startswith("#"):
            assert SAMPLE.fullmatch(line), line
            name, value = line.rsplit(" ", 1)
            assert name.partition("{")[0] in typed
            assert name not in values, "each sample once"
            values[name] = float(value)
    assert values["netpursuit_night_exit_code"] == 0
    assert values['netpursuit_night_leads{what="new",band="strong"}'] == 3
    assert values['netpursuit_list_fresh{list="wanted"}'] == 1
    assert values['netpursuit_feed_rows{feed="rental",kind="read"}'] == 3
    assert file.stat().st_mode & 0o777 == 0o644
    assert not list(house.folder.glob(".night.prom*"))


def test_the_json_log_has_every_step_and_nobody(house: House) -> None:
    answer = house.run("--log", "json")
    events = [json.loads(line) for line in answer.err.splitlines()]
    assert [event["event"] for event in events if event["event"] != "rows"] == [
        *("began", "list", "list", "ended", "file", "file", "graph", "health", "report", "over"),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+00:00", event["at"]) for event in events)
    for name in ("欧阳志远", "章玉琴", "白夜行"):
        assert name not in answer.err


def test_the_command_is_told_counts_and_ids_and_may_fail(house: House) -> None:
    told = house.folder / "told.json"
    script = f"import sys, pathlib; pathlib.Path({str(told)!r}).write_bytes(sys.stdin.buffer.read())"
    house.configure(f"[notify]\ncommand = {json.dumps([sys.executable, '-c', script])}")
    night = house.night()
    notice = json.loads(told.read_text(encoding="utf-8"))
    assert set(notice) == {"night", "as_of", "exit_code", "counts", "leads"}
    assert sorted(notice["leads"]["new"]) == sorted(item["lead"] for item in night["leads"])
    assert notice["counts"]["leads_new"] == 3
    assert all(re.fullmatch(r"L-[A-Z2-7]{12}", lead) for ids in notice["leads"].values() for lead in ids)

    house.configure(f"[notify]\ncommand = {json.dumps([sys.executable, '-c', 'raise SystemExit(3)'])}")
    answer = house.run("--lang", "en")
    assert answer.code == 0
    assert "ended with code 3" in answer.err
    assert "netpursuit_night_notices_failed 1" in (house.folder / "night.prom").read_text(encoding="utf-8")

    house.configure('[notify]\nwebhook = "https://127.0.0.1:1/hook"')
    answer = house.run("--lang", "en")
    assert answer.code == 0
    assert "could not be told" in answer.err


def test_a_second_night_leaves_or_waits_and_a_dead_one_holds_nothing(house: House, tmp_path: Path) -> None:
    go, script = tmp_path / "go", "import pathlib, time\nwhile not pathlib.Path({!r}).exists(): time.sleep(0.02)"
    hook = json.dumps([sys.executable, "-c", script.format(str(go))])
    house.configure(f"[notify]\ncommand = {hook}")
    first = start("night", house.folder / "night.toml", "--as-of", AS_OF, "--log", "json")
    try:
        assert first.stderr is not None
        for line in first.stderr:
            if json.loads(line)["event"] == "report":
                break
        refused = house.run("--lang", "en")
        assert refused.code == 4
        assert f"process {first.pid}" in refused.err
        assert [item["outcome"]["refused"] for item in house.log() if item["verb"] == "night" and item["outcome"]] == [
            None,
            "night-under-way",
        ]
        house.configure(f"[notify]\ncommand = {hook}\n[lock]\nwait_seconds = 60")
        second = start("night", house.folder / "night.toml", "--as-of", AS_OF, "--log", "json")
        assert second.stderr is not None
        waiting = json.loads(second.stderr.readline())
        assert (waiting["event"], waiting["process"]) == ("waiting", first.pid)
        assert "@" in waiting["holder"]
        assert waiting["age_seconds"] >= 0
        first.kill()
        first.wait()
        began = json.loads(second.stderr.readline())
        assert (began["event"], began["resumed"]) == ("began", True), "it goes on with the night of the dead one"
        go.touch()
        _, _ = second.communicate(timeout=60)
        assert second.returncode == 0
    finally:
        go.touch()
        first.kill()
        first.communicate()


def test_every_problem_of_the_file_is_told_together_and_nothing_runs(house: House) -> None:
    (house.folder / "rental.toml").write_text(feed_text(dict(STAYS), purpose=None), encoding="utf-8")
    (house.folder / "night.toml").write_text(
        """colour = "red"
reason = "because"
workers = 0
[[list]]
id = "a b"
files = ["x.csv"]
folder = "y"
accept_withdrawals = true
max_age = "old"
date = "soon"
[[list]]
id = "same"
files = ["x.csv"]
format = "un-csv"
[[list]]
id = "same"
files = ["x.csv"]
mapping = "nowhere.toml"
[[feed]]
feed = "rental.toml"
folder = "rental"
backwards = "sideways"
pattern = "../*.csv"
[metrics]
file = "nowhere/night.prom"
[notify]
command = ["no-such-program-here"]
webhook = "http://example.org/hook"
[lock]
wait_seconds = -1
""",
        encoding="utf-8",
    )
    answer = house.run("--lang", "en")
    assert answer.code == 2
    assert str(house.folder / "night.toml") in answer.err
    for said in (
        *("colour: unknown key, expected workspace", "reason: ", "workers: 0, expected a number from 1 to 256"),
        *(
            "list[1].id: 'a b', expected",
            "list[1].files, folder, urls:",
            "list[1].accept_withdrawals: is never done unattended",
        ),
        *(
            "list[1].max_age: 'old', expected",
            "list[1].date: 'soon', expected",
            "list[2].format: 'un-csv', expected one of",
        ),
        *("list[3].mapping: ", "list.id: 'same' comes twice", "feed[1].feed: ", "purpose: missing"),
        *("feed[1].backwards: 'sideways', expected running or period or off", "feed[1].pattern: "),
        *("metrics.file: the folder", "notify.command: no program 'no-such-program-here'", "notify.webhook: no https"),
        "lock.wait_seconds: -1",
    ):
        assert said in answer.err, said
    assert not house.workspace.exists()
    for text in ("", "[[list]", 'list = "x"'):
        (house.folder / "night.toml").write_text(text, encoding="utf-8")
        assert house.run().code == 2


def test_without_a_reason_nothing_runs(house: House) -> None:
    text = (house.folder / "night.toml").read_text(encoding="utf-8")
    (house.folder / "night.toml").write_text(text.replace('reason = "check:nightly"', ""), encoding="utf-8")
    refused = house.run()
    assert (refused.code, refused.out) == (4, "")
    assert not (house.folder / "reports").exists()
    assert house.run("--reason", "check:T-9").code == 0


def test_the_sample_in_the_docs_can_be_read(house: House) -> None:
    docs = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
    sample = re.search(r"```toml\n(.*?)```", docs.read_text(encoding="utf-8"), re.DOTALL)
    assert sample is not None
    text = sample[1].replace('["/usr/local/bin/tell-the-shift"]', json.dumps([sys.executable]))
    (house.folder / "night.toml").write_text(text, encoding="utf-8")
    for name in ("lists", "feeds", "metrics"):
        (house.folder / name).mkdir()
    (house.folder / "lists" / "own.toml").write_text(MAPPING, encoding="utf-8")
    (house.folder / "feeds" / "rental.toml").write_text(feed_text(dict(STAYS)), encoding="utf-8")
    (house.folder / "feeds" / "hotel.toml").write_text(feed_text(dict(STAYS), feed_id='"hotel"'), encoding="utf-8")
    answer = house.run("--dry-run", "--workspace", house.folder / "none")
    assert "night.toml" not in answer.err, answer.err
