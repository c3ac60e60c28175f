"""What the graph browser does under a case alone: a house by floors, draw-ins, and files that say what they are."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Run
from tests.cli.test_graph_command import REASON
from tests.web.graph_room import Page, key_of, led, led_once, page

__all__ = ["led", "led_once", "page"]

UNIT = "RentalUnit:幻县虚构路12号501室"
HOSTILE = '<script>alert(1)</script>"&=1+1'


def drawn_in(page: Page) -> dict[str, Any]:
    drawn: dict[str, Any] = page.call("/graph/draw-in", {"unit": key_of(page, UNIT)})
    return drawn


def test_who_else_lived_in_a_unit_comes_ready_for_the_canvas(page: Page) -> None:
    drawn = drawn_in(page)
    assert [person["label"] for person in drawn["people"]] == ["周室友", "吴同住", "李先前"]
    assert {item["reason"]: item["count"] for item in drawn["left_out"]} == {
        "subjects": 2,
        "other_roles": 1,
        "unreadable": 1,
    }
    assert all(str(item["count"]) in item["text"] for item in drawn["left_out"])
    keys = {node["key"] for node in drawn["nodes"]}
    assert {drawn["unit"]["key"], *(person["key"] for person in drawn["people"])} <= keys
    stays = [edge for edge in drawn["edges"] if edge["kind"] == "stayed-at"]
    assert {edge["start"] for edge in stays} == {person["key"] for person in drawn["people"]}
    assert all(edge["start"] in keys and edge["end"] in keys for edge in drawn["edges"])
    again = drawn_in(page)
    assert again["counts"]["new"] == 0
    late = page.call("/graph/draw-in", {"unit": drawn["unit"]["key"], "from": "2026-04-05", "to": "2026-04-30"})
    assert {item["reason"] for item in late["left_out"]} >= {"outside"}


def test_a_house_shows_its_floors_and_who_stays_where(page: Page) -> None:
    drawn_in(page)
    house = key_of(page, "幻县虚构路12号")
    for asked in (house, key_of(page, UNIT)):
        told = page.call("/graph/building", {"node": asked, "with_open_leads": True})
        assert told["address"]["key"] == house
        assert [floor["floor"] for floor in told["floors"]] == ["5"]
        (unit,) = told["floors"][0]["units"]
        assert (unit["unit"], unit["label"]) == ("501", "幻县虚构路12号501室")
        assert [(person["label"], person["from"]) for person in unit["people"]] == [
            ("李先前", "2026-01-03"),
            ("欧阳志远", "2026-04-02"),
            ("吴同住", "2026-04-04"),
            ("章玉琴", "2026-04-04"),
            ("周室友", "2026-04-05"),
        ]
    facts = page.call("/graph/building", {"node": house})
    assert len(facts["floors"][0]["units"][0]["people"]) == 3, "open leads are assessments"
    early = page.call("/graph/building", {"node": house, "to": "2026-02-01"})
    assert [person["label"] for person in early["floors"][0]["units"][0]["people"]] == ["李先前"]
    assert page.call("/graph/building", {"node": key_of(page, "13800138000")}, status=400)["code"] == "input"


def test_all_of_it_needs_a_case(page: Page) -> None:
    house, unit = key_of(page, "幻县虚构路12号"), key_of(page, UNIT)
    page.under(reason="check:T-1")
    for path, body, code in (
        ("/graph/building", {"node": house}, "building-case"),
        ("/graph/draw-in", {"unit": unit}, "draw-in-case"),
        ("/graph/export", {"format": "svg", "keys": [unit]}, "export-case"),
    ):
        assert page.call(path, body, status=403)["code"] == code


def test_another_case_sees_and_writes_nothing_of_it(page: Page) -> None:
    person = drawn_in(page)["people"][0]["key"]
    page.under(case="K-2")
    told = page.call("/graph/export", {"format": "csv", "keys": [person]}, status=400)
    assert told["code"] == "input"


def whole(page: Page) -> dict[str, Any]:
    """What hangs on the unit, as the page would have it before it."""
    drawn_in(page)
    body = {"analysis": "neighbours", "nodes": [key_of(page, UNIT)], "with_open_leads": True}
    seen = page.call("/graph/ask", body)
    return {
        "keys": [node["key"] for node in seen["nodes"]],
        "edges": [[edge["kind"], edge["start"], edge["end"]] for edge in seen["edges"]],
        "with_open_leads": True,
    }


def exported(page: Page, form: str, body: dict[str, Any], lang: str = "en") -> Any:
    answer = page.raw("/graph/export", {"format": form, **body}, lang=lang)
    assert answer.status_code == 200, answer.text
    named = re.fullmatch(r'attachment; filename="([A-Za-z0-9._-]+)"', answer.headers["content-disposition"])
    assert named, answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer


@pytest.mark.parametrize("form", ["svg", "graphml", "gexf", "ftm", "csv", "report"])
def test_every_file_says_what_it_is_and_holds_what_is_seen(page: Page, command: Run, led: Path, form: str) -> None:
    body = whole(page)
    answer = exported(page, form, body)
    text = answer.text
    if form == "csv":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            files = {name: packed.read(name).decode() for name in packed.namelist()}
        assert len(list(csv.reader(io.StringIO(files["edges.csv"])))) == len(body["edges"]) + 1
        assert len(list(csv.reader(io.StringIO(files["nodes.csv"])))) == len(body["keys"]) + 1
        text = "".join(files.values())
    elif form == "ftm":
        assert all(json.loads(line)["id"] for line in text.splitlines())
    elif form != "report":
        ElementTree.fromstring(text)
    for said in ("追逃", "K-1", "周室友"):
        assert said in text
    last = command("audit", "show", "--workspace", led, *REASON, "--verb", "export", "--json").json
    (record,) = [item["consultation"] for item in last if item["about"].get("export") == form]
    assert f"Consultation record: {record}" in text
    assert "周室友" not in str(last)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_report_tells_the_paths_in_the_sentences_of_the_answer(page: Page, lang: str) -> None:
    people = [key_of(page, f"Subject:{name}") for name in ("欧阳志远", "章玉琴")]
    asked = {"analysis": "paths", "nodes": people, "with_open_leads": True}
    answer = page.call("/graph/ask", asked, lang=lang)
    rows = [row for row in answer["rows"] if row["sentence"]]
    body = {
        "keys": [node["key"] for node in answer["nodes"]],
        "edges": [[edge["kind"], edge["start"], edge["end"]] for edge in answer["edges"]],
        "with_open_leads": True,
    }
    apart = [people[0], next(row["keys"][1] for row in rows), people[0], "nobody"]
    text = exported(page, "report", body | {"paths": [*(row["keys"] for row in rows), apart]}, lang=lang).text
    told = re.search(r'<ol class="paths">(.*?)</ol>', text, re.DOTALL)
    assert told
    lines = [html.unescape(line.strip()) for line in re.findall(r"<li[^>]*>(.*?)</li>", told[1], re.DOTALL)]
    assert lines == [row["sentence"] for row in rows], "what is not linked is no path"
    assert 'class="paths"' not in exported(page, "report", body, lang=lang).text


def test_a_picture_as_pixels(page: Page) -> None:
    answer = exported(page, "png", {"keys": [key_of(page, UNIT)]})
    assert answer.content.startswith(b"\x89PNG")


def test_only_what_is_named_is_written_and_what_is_not_there_is_left_out(page: Page) -> None:
    body = whole(page)
    few = body | {"edges": body["edges"][:2], "keys": [*body["keys"], "phone:n2:+8613999999999"]}
    answer = exported(page, "csv", few)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert len(packed.read("edges.csv").decode().splitlines()) == 3
        assert "13999999999" not in packed.read("nodes.csv").decode()


def test_the_picture_keeps_the_places_of_the_canvas(page: Page) -> None:
    body = whole(page)
    places = {key: [float(number % 3), float(number // 3)] for number, key in enumerate(body["keys"])}
    drawn = exported(page, "svg", body | {"positions": places}).text
    assert drawn != exported(page, "svg", body).text
    at = {
        label: (float(x), float(y))
        for x, y, label in re.findall(
            r'<text x="([\d.]+)" y="([\d.]+)"[^>]*text-anchor="middle"[^>]*>([^<]+)</text>', drawn
        )
    }
    assert len(at) > 3


def test_hostile_text_is_text_everywhere(page: Page, command: Run, led: Path) -> None:
    body = whole(page)
    note = {body["keys"][0]: {"label": HOSTILE, "note": HOSTILE, "mark": "!"}}
    for form in ("report", "svg"):
        text = exported(page, form, body | {"notes": note, "title": HOSTILE}).text
        assert "<script" not in text
        assert "&lt;script&gt;" in text
    report = exported(page, "report", body | {"notes": note, "title": HOSTILE})
    assert "default-src 'none'" in report.text
    assert report.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "body",
    [
        {"format": "exe", "keys": ["x"]},
        {"format": "svg", "keys": []},
        {"format": "svg", "keys": ["nobody"]},
        {"format": "svg", "keys": ["x"] * 5001},
        {"format": "svg", "keys": ["x"], "positions": {"x": ["a", "b"]}},
        {"format": "svg", "keys": ["x"], "positions": {"x": [1e300, 0]}},
        {"format": "svg", "keys": ["x"], "edges": [["a", "b"]]},
        {"format": "report", "keys": ["x"], "paths": [["x"]]},
        {"format": "report", "keys": ["x"], "paths": [["x", "y"]] * 51},
    ],
)
def test_bad_input_is_told(page: Page, body: Any) -> None:
    assert page.call("/graph/export", body, status=400)["code"] == "input"
