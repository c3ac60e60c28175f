"""What the graph browser asks: within the limits of the command line, on record, with the same answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.test_graph_command import REASON, leads
from tests.web.graph_room import Page, led, led_once, page

__all__ = ["led", "led_once", "page"]


def log(command: Run, folder: Path) -> list[dict[str, Any]]:
    shown = command("audit", "show", "--workspace", folder, *REASON, "--json")
    assert shown.code == 0, shown.err
    found: list[dict[str, Any]] = shown.json
    return found


def test_what_can_be_asked_is_told_in_the_language_of_the_page(page: Page) -> None:
    told = page.call("/graph/analyses", method="GET")
    known = {item["name"]: item for item in told["analyses"]}
    assert known["expand"]["case"]
    assert (known["paths"]["fewest"], known["paths"]["most"]) == (2, 2)
    assert not known["hubs"]["imported"]
    assert known["shared-phone"]["imported_edges"]
    assert {"kind": "Phone", "word": "telephone"} in told["kinds"]
    assert set(told["formats"]) == {"svg", "png", "csv", "graphml", "gexf", "ftm", "report"}
    assert told["bounds"]["views"] == 200
    chinese = page.call("/graph/analyses", method="GET", lang="zh")
    assert chinese["analyses"][0]["question"] != told["analyses"][0]["question"]


@pytest.mark.parametrize("text", ["138 0013 8000", "13800138000", "+86 138-0013-8000"])
def test_a_telephone_is_found_however_it_is_written(page: Page, text: str) -> None:
    found = page.call("/graph/find", {"text": text, "with_open_leads": True})
    assert [node["kind"] for node in found["nodes"]] == ["Phone"]
    assert (found["total"], found["more"], found["truncated"]) == (1, 0, False)


def test_a_node_is_found_by_name_number_unit_key_and_lead(page: Page, command: Run, led: Path) -> None:
    by_name = page.call("/graph/find", {"text": "欧阳志远", "with_open_leads": True})
    assert {node["kind"] for node in by_name["nodes"]} == {"Entry", "Subject"}
    assert [node["kind"] for node in page.call("/graph/find", {"text": "欧阳志远"})["nodes"]] == ["Entry"]
    number = page.call("/graph/find", {"text": "990101198503040010"})
    assert [node["kind"] for node in number["nodes"]] == ["Document"]
    unit = page.call("/graph/find", {"text": "幻县虚构路12号501室"})["nodes"]
    assert "RentalUnit" in {node["kind"] for node in unit}
    for node in (*unit, *by_name["nodes"]):
        assert node["key"] in {item["key"] for item in page.call("/graph/find", {"text": node["key"]})["nodes"]}
    lead = page.call("/graph/find", {"text": f"Lead:{leads(command, led)['R1']}"})
    assert [node["label"] for node in lead["nodes"]] == ["欧阳志远"]
    assert page.call("/graph/find", {"text": "nobody of this name"})["nodes"] == []


@pytest.mark.parametrize("text", ["欧阳*", "王", "138001", "Subject:王", "Phone:138", "%"])
def test_what_asks_for_a_group_finds_nothing_and_is_on_record(page: Page, command: Run, led: Path, text: str) -> None:
    refused = page.call("/graph/find", {"text": text, "with_open_leads": True}, status=403)
    assert refused["code"] in ("wildcard-name", "single-character", "number-short", "phone-mask", "number-mask")
    assert refused["code"] in str(log(command, led))


def test_without_reason_or_case_nothing_is_asked(page: Page, led: Path, command: Run) -> None:
    page.under()
    for path, body in (
        ("/graph/find", {"text": "欧阳志远"}),
        ("/graph/ask", {"analysis": "neighbours", "nodes": ["欧阳志远"]}),
        ("/graph/counts", {"nodes": ["欧阳志远"]}),
    ):
        assert page.call(path, body, status=403)["code"] == "no-reason"
    assert page.raw("/graph/graphs", method="GET").status_code == 403
    assert "Choose a reason" in page.call("/graph/find", {"text": "欧阳志远"}, status=403)["detail"]
    assert "请" in page.call("/graph/find", {"text": "欧阳志远"}, status=403, lang="zh")["detail"]


def test_an_answer_is_that_of_the_command(page: Page, command: Run, led: Path) -> None:
    key = page.call("/graph/find", {"text": "欧阳志远"})["nodes"][0]["key"]
    asked = page.call("/graph/ask", {"analysis": "neighbours", "nodes": [key], "with_open_leads": True})
    told = command(
        *("graph", "neighbours", key, "--with-open-leads", "--workspace", led, "--case", "K-1", "--json"),
    ).json
    for name in ("nodes", "edges", "rows", "truncated", "parameters"):
        assert asked[name] == told[name]
    assert asked["nodes"]
    assert asked["banners"], "the list of the fixture is past its dates"
    cut = page.call("/graph/ask", {"analysis": "neighbours", "nodes": [key], "with_open_leads": True, "limit": 1})
    assert cut["truncated"]


def test_a_path_is_told_in_a_sentence_of_the_language(page: Page, command: Run, led: Path) -> None:
    one, other = (f"Lead:{leads(command, led)[row]}" for row in ("R1", "R2"))
    body = {"analysis": "paths", "nodes": [one, other], "with_open_leads": True, "edges": ["stayed-at"]}
    (row,) = page.call("/graph/ask", body)["rows"]
    assert row["sentence"] == (
        "欧阳志远 stayed in 幻县虚构路12号501室 (feed rental, registration R1, from 2026-04-02), "
        "where 章玉琴 stayed (feed rental, registration R2, from 2026-04-04)."
    )
    assert len(row["keys"]) == 3
    (chinese,) = page.call("/graph/ask", body, lang="zh")["rows"]
    assert chinese["sentence"].startswith("欧阳志远居住于幻县虚构路12号501室（")
    assert chinese["sentence"].endswith("。")


def test_links_are_counted_as_they_are_read(page: Page, command: Run, led: Path) -> None:
    lead = page.call("/graph/find", {"text": f"Lead:{leads(command, led)['R1']}"})["nodes"][0]["key"]
    unit = page.call("/graph/find", {"text": "RentalUnit:幻县虚构路12号501室"})["nodes"][0]["key"]
    for dates in ({}, {"from": "2026-04-03", "to": "2026-04-30"}, {"to": "2026-04-03"}):
        bounds = {"with_open_leads": True, **dates}
        counted = page.call("/graph/counts", {"nodes": [lead, unit], **bounds})["counts"]
        assert [item["key"] for item in counted] == [lead, unit]
        for item in counted:
            read = page.call("/graph/ask", {"analysis": "neighbours", "nodes": [item["key"]], **bounds})
            assert item["total"] == len(read["edges"]) > 0
            kinds = {node["key"]: node["kind"] for node in read["nodes"]}
            far = [
                (edge["kind"], kinds[edge["end"] if edge["start"] == item["key"] else edge["start"]])
                for edge in read["edges"]
            ]
            assert {(link["edge"], link["kind"]): link["count"] for link in item["links"]} == {
                at: far.count(at) for at in far
            }
    facts = page.call("/graph/counts", {"nodes": [lead]})["counts"][0]
    assert facts["total"] == 0, "an open lead is an assessment"


def test_what_needs_a_case_is_refused_under_a_reason(page: Page) -> None:
    unit = page.call("/graph/find", {"text": "RentalUnit:幻县虚构路12号501室"})["nodes"][0]["key"]
    house = page.call("/graph/find", {"text": "幻县虚构路12号"})["nodes"][0]
    assert house["kind"] == "Address"
    page.under(reason="check:T-1")
    assert page.call("/graph/counts", {"nodes": [unit]})["counts"][0]["total"] > 0
    for path, body, code in (
        ("/graph/counts", {"nodes": [unit, house["key"]]}, "graph-case"),
        ("/graph/counts", {"nodes": [house["key"]]}, "building-case"),
        ("/graph/ask", {"analysis": "expand", "nodes": [unit]}, "graph-case"),
        ("/graph/ask", {"analysis": "neighbours", "nodes": [house["key"]]}, "building-case"),
        ("/graph/ask", {"analysis": "new-since", "nodes": [unit], "from": "2026-01-01", "hops": 2}, "graph-hops"),
    ):
        refused = page.call(path, body, status=403)
        assert refused["code"] == code
        assert "Choose a case" in refused["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/graph/ask", {"analysis": "gossip", "nodes": []}),
        ("/graph/ask", {"analysis": "neighbours", "nodes": ["x"], "edges": ["knows"]}),
        ("/graph/ask", {"analysis": "neighbours", "nodes": ["x"], "from": "2026-02-30"}),
        ("/graph/ask", {"analysis": "neighbours", "nodes": ["x"], "hops": 9}),
        ("/graph/ask", {"analysis": "paths", "nodes": ["欧阳志远"]}),
        ("/graph/counts", {"nodes": []}),
        ("/graph/counts", {"nodes": ["nobody"]}),
        ("/graph/find", {"text": ""}),
        ("/graph/find", {"text": "x", "graph": "none"}),
        ("/graph/find", {"text": "x", "all": True}),
    ],
)
def test_bad_input_is_told(page: Page, path: str, body: Any) -> None:
    told = page.call(path, body, status=400)
    assert told["code"] == "input"
    assert told["detail"]


def test_each_question_is_on_record_and_what_was_typed_is_not_in_the_clear(page: Page, command: Run, led: Path) -> None:
    before = len(log(command, led))
    page.call("/graph/find", {"text": "欧阳志远"})
    page.call("/graph/counts", {"nodes": ["欧阳志远"]})
    found = log(command, led)
    asked = [item for item in found if item["about"].get("analysis") in ("find", "counts")]
    assert len(asked) == 2
    assert len(found) > before
    assert "欧阳" not in str(asked)


def test_the_graph_stays_open_and_shows_what_another_process_changed(page: Page, command: Run, led: Path) -> None:
    lead = leads(command, led)["R1"]
    assert page.call("/graph/find", {"text": "周室友"})["total"] == 0
    drawn = command("graph", "draw-in", f"Lead:{lead}", "--case", "K-1", "--workspace", led, "--json")
    assert drawn.code == 0, drawn.err
    assert page.call("/graph/find", {"text": "周室友"})["total"] == 1
    page.under(case="K-2")
    assert page.call("/graph/find", {"text": "周室友"})["total"] == 0, "another case does not see them"


def test_a_graph_that_was_built_anew_beside_the_open_one_is_noticed(page: Page, led: Path) -> None:
    assert page.call("/graph/find", {"text": "欧阳志远"})["total"] == 1
    for part in led.glob("graph.sqlite*"):
        part.unlink()
    assert page.call("/graph/find", {"text": "欧阳志远"})["total"] == 1
    assert (led / "graph.sqlite").is_file()


def test_imported_graphs_are_named_found_in_and_counted(page: Page, command: Run, led: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name\n1,Ann\n2,Bob\n3,Cyd\n", encoding="utf-8")
    (tmp_path / "net.edges.csv").write_text("source,target,type\n1,2,KNOWS\n1,3,KNOWS\n", encoding="utf-8")
    done = command(
        *("graph", "import", tmp_path / "people.csv", tmp_path / "net.edges.csv", "--graph", "net"),
        *("--case", "K-1", "--workspace", led),
    )
    assert done.code == 0, done.err
    (graph,) = page.call("/graph/graphs", method="GET")["graphs"]
    assert (graph["name"], graph["nodes"], graph["askable"]) == ("net", 3, True)
    (ann,) = page.call("/graph/find", {"text": "Ann", "graph": "net"})["nodes"]
    counted = page.call("/graph/counts", {"nodes": [ann["key"]], "graph": "net"})
    assert counted["counts"][0]["links"] == [{"edge": "KNOWS", "kind": "people", "count": 2}]
    assert counted["banners"], "a graph from elsewhere says so"
    asked = page.call("/graph/ask", {"analysis": "neighbours", "nodes": [ann["key"]], "graph": "net"})
    assert asked["imported"]
    assert len(asked["edges"]) == 2
    page.under(reason="check:T-1")
    assert page.call("/graph/find", {"text": "Ann", "graph": "net"}, status=403)["code"] == "graph-of-case"


def test_a_lead_is_told_with_its_band_wherever_its_person_is_drawn(page: Page, command: Run, led: Path) -> None:
    told = command("leads", "list", "--workspace", led, *REASON, "--json").json["leads"]
    bands = {item["lead"]: item["band"] for item in told}
    assert set(bands.values()) >= {"strong"}
    for lead, band in bands.items():
        (node,) = page.call("/graph/find", {"text": f"Lead:{lead}", "with_open_leads": True})["nodes"]
        assert node["band"] == band, "without its entry beside it"
        asked = {"analysis": "neighbours", "nodes": [node["key"]], "with_open_leads": True}
        answer = page.call("/graph/ask", asked)
        assert {item["key"]: item["band"] for item in answer["nodes"] if "band" in item} == {node["key"]: band}
        assert [item["band"] for item in answer["edges"] if item["kind"] == "same-as"] == [band]
        assert all("band" not in item for item in answer["edges"] if item["kind"] != "same-as")
        narrowed = page.call("/graph/ask", asked | {"edges": ["stayed-at"]})
        assert {item["key"]: item["band"] for item in narrowed["nodes"] if "band" in item} == {node["key"]: band}
