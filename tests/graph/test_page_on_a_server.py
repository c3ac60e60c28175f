"""The graph browser over a real Neo4j: the answers of the embedded store, and a server that goes and comes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from netpursuit.ports.graph_store import GraphStore
from tests.web.graph_room import Page, key_of, led, led_once, opened_page
from tools.neo4j_server import Server

__all__ = ["led", "led_once"]

pytestmark = pytest.mark.xdist_group("neo4j")
UNIT = "RentalUnit:幻县虚构路12号501室"


@contextmanager
def served(folder: Path, server: Server) -> Iterator[Page]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETPURSUIT_NEO4J_URI", server.uri)
        patch.setenv("NETPURSUIT_NEO4J_PASSWORD", server.password)
        with opened_page(folder) as page:
            page.under(case="K-1")
            yield page


def without_ids(answer: Any) -> Any:
    """An answer without what differs from one look to the next."""
    if isinstance(answer, dict):
        return {name: without_ids(item) for name, item in answer.items() if name not in ("consultation", "since")}
    if isinstance(answer, str):  # a file names the record of its export
        return re.sub(r"\bC-[a-z2-7]{16}\b", "C-", answer)
    return [without_ids(item) for item in answer] if isinstance(answer, list) else answer


def shift(page: Page) -> list[Any]:
    """What an analyst asks in a shift."""
    told = [page.call("/graph/find", {"text": text, "with_open_leads": True}) for text in ("欧阳志远", "138 0013 8000")]
    unit, house = key_of(page, UNIT), key_of(page, "幻县虚构路12号")
    told.append(page.call("/graph/draw-in", {"unit": unit}))
    people = [person["key"] for person in told[-1]["people"]]
    counted = {"nodes": [unit, house, *people], "with_open_leads": True}
    told += [page.call("/graph/counts", counted | days) for days in ({}, {"from": "2026-04-03", "to": "2026-04-30"})]
    told.append(page.call("/graph/building", {"node": unit, "with_open_leads": True}))
    questions: tuple[dict[str, Any], ...] = (
        {"analysis": "expand", "nodes": [unit], "with_open_leads": True},
        {"analysis": "paths", "nodes": people[:2]},
        {"analysis": "co-residents", "nodes": [unit], "with_open_leads": True},
    )
    told += [page.call("/graph/ask", asked) for asked in questions]
    expanded = told[-3]
    places = {node["key"]: [number, 0] for number, node in enumerate(expanded["nodes"])}
    edges = [[edge["kind"], edge["start"], edge["end"]] for edge in expanded["edges"]]
    body = {"revision": 0, "name": "flat", "state": {"positions": places, "edges": edges, "assessments": True}}
    view = page.call("/graph/views/new", body, method="PUT")["view"]["id"]
    opened = page.call(f"/graph/views/{view}")
    told += [opened["nodes"], opened["edges"], opened["gone"]]
    told.append({**page.call("/graph/changes", {"view": view}), "view": ""})
    file = page.raw(
        "/graph/export", {"format": "graphml", "keys": list(places), "edges": edges, "with_open_leads": True}
    )
    assert file.status_code == 200, file.text
    told.append(file.text)
    return list(map(without_ids, told))


def test_a_shift_over_a_server_is_one_over_the_embedded_store(
    neo4j: GraphStore, neo4j_server: Server, led: Path, led_once: Path, tmp_path: Path
) -> None:
    for name in ("ws", "ws-keys"):
        shutil.copytree(led_once / name, tmp_path / "other" / name)
    with opened_page(tmp_path / "other" / "ws") as page:
        page.under(case="K-1")
        embedded = shift(page)
    with served(led, neo4j_server) as page:
        over_server = shift(page)
    assert not (led / "graph.sqlite").exists()
    assert neo4j.under("K-1").counts()["node.Contact"] == 3
    for one, other in zip(embedded, over_server, strict=True):
        assert one == other


@pytest.mark.slow
def test_a_server_that_went_away_is_told_and_asked_again_when_it_is_back(
    neo4j: GraphStore, neo4j_server: Server, led: Path
) -> None:
    with served(led, neo4j_server) as page:
        key = key_of(page, UNIT)
        neo4j_server.stop()
        for path, body in (("/graph/find", {"text": key}), ("/graph/counts", {"nodes": [key]})):
            told = page.call(path, body, status=503)
            assert (told["code"], "neo4j" in told["detail"].lower()) == ("storage", False)
        neo4j_server.start()
        assert key_of(page, UNIT) == key
        neo4j_server.stop()
        neo4j_server.start()
        assert key_of(page, UNIT) == key, "what was open to the server before it went is not used"
