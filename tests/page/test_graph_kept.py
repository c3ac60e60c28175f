"""Views that are kept, imported graphs, the report to print, a house, leads by strength, and the canvas touched."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from netpursuit.catalogue import Catalogue
from tests.cli.conftest import start
from tests.page.conftest import (
    LOCALES,
    PATIENCE,
    SIZE,
    Served,
    Watched,
    ask,
    keep_cookie,
    named_store,
    open_place,
    until,
)
from tests.page.flat import CASE, LISTED, WITH, lead_of, make, under_case
from tests.page.flows import PAIRS
from tests.page.fresh import run
from tests.page.test_graph_page import ask as ask_graph
from tests.page.test_graph_page import find, seen, show_assessments

STRONG = (0x45, 0x1A, 0x52)  # of the ramp of bands, on light ground
HOUSE, ALONE = "幻县虚构路14号", "欧阳志达"


@pytest.fixture(scope="module", params=PAIRS)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    """In which language, and on which store of the link graph, a flow runs."""
    lang, store = request.param
    return lang, store


@pytest.fixture
def lang(pair: tuple[str, str]) -> str:
    return pair[0]


@pytest.fixture(scope="module")
def words(pair: tuple[str, str]) -> Catalogue:
    return Catalogue(pair[0])


@pytest.fixture(scope="module")
def shared_server(
    pair: tuple[str, str], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Served, str]]:
    """The flat's workspace with the imported graph ``net``, served under the case; each test keeps views of its own."""
    workspace = make(tmp_path_factory.mktemp("flat"))
    files = workspace.parent / "net"
    files.mkdir()
    (files / "people.csv").write_text("id,name\n1,Ann Imported\n2,Bob Imported\n3,Cyd Imported\n", encoding="utf-8")
    (files / "net.edges.csv").write_text("source,target,type\n1,2,KNOWS\n1,3,KNOWS\n", encoding="utf-8")
    surroundings = named_store(pair[1], workspace, request)
    imported = start(
        "graph", "import", files, "--graph", "net", "--case", CASE, "--workspace", workspace, env=surroundings
    )
    said = imported.communicate(timeout=60)
    assert imported.returncode == 0, said
    with under_case(workspace, surroundings) as served:
        yield served


@pytest.fixture
def workspace(shared_server: tuple[Served, str]) -> Path:
    return shared_server[0].workspace


@pytest.fixture
def graph(glance: Page, words: Catalogue) -> Page:
    """The graph browser under the case, with assessments, nothing on its canvas."""
    glance.emulate_media(reduced_motion="reduce")
    open_place(glance, "graph")
    show_assessments(glance, words)
    return glance


def drawn(page: Page, words: Catalogue, workspace: Path, *names: str) -> None:
    """The leads on these people, on the canvas."""
    for name in names:
        find(page, words, f"Lead:{lead_of(workspace, name)}")
        expect(page.locator(".details").get_by_role("heading", name=name)).to_be_visible()


def opened(page: Page, words: Catalogue, panel: str) -> None:
    page.locator("summary", has_text=words(f"page.graph.{panel}")).click()


def keep(page: Page, words: Catalogue, name: str) -> Locator:
    """Keep what is seen under a name; its row in the list of views."""
    views = page.locator(".views")
    views.get_by_label(words("page.graph.views.name")).first.fill(name)
    views.get_by_role("button", name=words("page.graph.views.save"), exact=True).click()
    row = views.locator("ul.list > li").filter(has_text=name)
    expect(row).to_have_count(1)
    return row


def test_a_view_gets_another_name_and_is_deleted_after_a_question(
    graph: Page, words: Catalogue, workspace: Path
) -> None:
    drawn(graph, words, workspace, LISTED)
    opened(graph, words, "views")
    row = keep(graph, words, "The first name")
    views = graph.locator(".views")
    row.get_by_role("button", name=words("page.graph.views.rename"), exact=True).click()
    name = row.get_by_label(words("page.graph.views.name"))
    expect(name).to_have_value("The first name")
    name.fill("The second name")
    name.press("Enter")
    expect(views.locator("strong")).to_have_text("The second name")
    renamed = views.locator("ul.list > li").filter(has_text="The second name")
    expect(renamed).to_have_count(1)
    expect(views.get_by_text("The first name")).to_have_count(0)
    # What is kept next is kept under the new name, over the revision that the renaming made.
    ask_graph(graph, words, "neighbours")
    expect(views.locator("[role=status]").first).to_contain_text(words("page.graph.views.unsaved"))
    views.get_by_role("button", name=words("page.graph.views.save"), exact=True).click()
    expect(views.locator("[role=status]").first).to_contain_text(words("page.graph.views.unchanged"))
    (kept,) = ask(graph, "POST", "/graph/views", {})["views"]
    assert (kept["name"], kept["revision"]) == ("The second name", 3)
    renamed.get_by_role("button", name=words("page.graph.views.delete"), exact=True).first.click()
    question = renamed.get_by_role("alert")
    expect(question).to_contain_text(words("page.graph.views.delete-sure"))
    question.get_by_role("button", name=words("page.graph.views.keep")).click()
    expect(question).to_have_count(0)
    renamed.get_by_role("button", name=words("page.graph.views.delete"), exact=True).first.click()
    question.get_by_role("button", name=words("page.graph.views.delete"), exact=True).click()
    expect(renamed).to_have_count(0)
    expect(views.locator("strong")).to_have_count(0)
    assert ask(graph, "POST", "/graph/views", {})["views"] == []
    assert seen(graph, words).count() > 1, "what lies on the canvas stays"


def test_an_imported_graph_is_chosen_asked_marked_and_kept_apart(
    graph: Page,
    words: Catalogue,
    workspace: Path,
    axe: Callable[[Page], list[str]],
    picture: Callable[[Page, str], Path],
) -> None:
    drawn(graph, words, workspace, LISTED)
    opened(graph, words, "imported")
    which = graph.get_by_role("combobox", name=words("page.graph.imported.which"))
    which.select_option("net")
    expect(graph.locator(".toolbar [role=status]")).to_have_text(words("page.graph.imported.changed"))
    expect(graph.locator(".graph-twin").get_by_role("option")).to_have_count(0)
    graph.keyboard.press("Control+z")  # nothing of the other graph comes back
    expect(graph.locator(".graph-twin").get_by_role("option")).to_have_count(0)
    find(graph, words, "Ann Imported")
    expect(graph.locator(".details").get_by_role("heading", name="Ann Imported")).to_be_visible()
    marked = graph.get_by_role("alert").filter(has_text=words("graph.imported", graph="net"))
    expect(marked).to_be_visible()
    barred = graph.locator(".analyses li").filter(has_text=words("graph.question.co-residents"))
    expect(barred).to_contain_text(words("page.graph.why.imported"))
    answer = ask_graph(graph, words, "neighbours")
    expect(answer).to_contain_text("Bob Imported")
    expect(marked).to_be_visible()
    assert axe(graph) == []
    picture(graph, "graph-imported")
    opened(graph, words, "views")
    row = keep(graph, words, "Who knows Ann")
    expect(row).to_contain_text("net")
    graph.reload()
    open_place(graph, "graph")
    opened(graph, words, "views")
    row.get_by_role("button", name=re.compile("^Who knows Ann")).click()
    expect(seen(graph, words)).to_have_count(3)
    expect(which).to_have_value("net")
    expect(marked).to_be_visible()
    # Another graph begins anew: the view is not open any more, and cannot be kept over.
    which.select_option("")
    expect(seen(graph, words)).to_have_count(0)
    expect(graph.locator(".views strong")).to_have_count(0)
    find(graph, words, LISTED)
    expect(graph.get_by_role("heading", name=LISTED).first).to_be_visible()
    row.get_by_role("button", name=re.compile("^Who knows Ann")).click()
    expect(seen(graph, words)).to_have_count(3)
    row.get_by_role("button", name=words("page.graph.views.rename"), exact=True).click()
    row.get_by_label(words("page.graph.views.name")).fill("Who knows Ann, again")
    row.get_by_label(words("page.graph.views.name")).press("Enter")
    expect(graph.locator(".views strong")).to_have_text("Who knows Ann, again")
    (kept,) = [view for view in ask(graph, "POST", "/graph/views", {})["views"] if "Ann" in view["name"]]
    assert kept["graph"] == "net"


def test_the_printed_report_tells_the_paths_and_where_it_is_on_record(
    graph: Page, words: Catalogue, workspace: Path
) -> None:
    drawn(graph, words, workspace, LISTED, WITH)
    graph.locator(".graph-twin").press("Control+a")
    answer = ask_graph(graph, words, "paths")
    told = answer.locator(".sentences > li > p").first.inner_text()
    opened(graph, words, "export")
    with graph.expect_download() as waiting:
        graph.locator(".export").get_by_role("button", name=words("page.graph.export.report"), exact=True).click()
    text = waiting.value.path().read_text(encoding="utf-8")
    paths = re.search(r'<ol class="paths">(.*?)</ol>', text, re.DOTALL)
    assert paths
    sentences = [html.unescape(item.strip()) for item in re.findall(r"<li[^>]*>(.*?)</li>", paths[1], re.DOTALL)]
    assert sentences[0] == told
    since = words("graph.sentence.from", first="20").partition("20")[0] + "20"
    said = (words.source(f"feed rental, registration {row}") for row in ("R1", "R2"))
    for part in (LISTED, WITH, *said, since):
        assert part in sentences[0]
    log = json.loads(run("audit", "show", "--workspace", workspace, "--reason", "audit:T-1", "--json"))
    last = next(item for item in log if item["verb"] == "export")
    assert f"{words('graph.report.consultation')}: {last['consultation']}" in text
    assert last["about"]["export"] == "report"


def test_who_is_tied_to_a_house_and_to_no_unit_of_it_is_shown_beside_its_floors(graph: Page, words: Catalogue) -> None:
    find(graph, words, HOUSE)
    details = graph.get_by_role("complementary", name=words("page.graph.details"))
    details.get_by_role("button", name=words("page.graph.building.open")).click()
    elsewhere = graph.locator(".building .elsewhere")
    expect(elsewhere).to_contain_text(ALONE)
    elsewhere.get_by_role("button", name=re.compile(ALONE)).click()
    expect(details.get_by_role("heading", name=ALONE)).to_be_visible()


_HAS_COLOUR = """async ([text, wanted]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
        if (wanted.every((value, part) => Math.abs(data[at + part] - value) < 4)) count += 1;
    }
    return count;
}"""


def test_leads_are_coloured_by_how_strong_they_are(
    graph: Page, words: Catalogue, workspace: Path, picture: Callable[[Page, str], Path]
) -> None:
    drawn(graph, words, workspace, LISTED)
    stage = graph.locator(".graph-stage")

    def strong() -> int:
        png = base64.b64encode(stage.screenshot()).decode()
        return int(graph.evaluate(_HAS_COLOUR, [png, list(STRONG)]))

    assert strong() == 0
    graph.get_by_label(words("page.graph.styling")).select_option("band")
    until(graph, lambda: strong() > 50)  # also without the entry beside it
    ask_graph(graph, words, "neighbours")
    legend = graph.locator(".graph-legend")
    if legend.get_attribute("open") is None:
        legend.locator("summary").click()
    for band in ("weak", "possible", "strong"):
        expect(legend).to_contain_text(words(f"band.{band}"))
    expect(legend).to_contain_text(words("page.canvas.no-lead"))
    expect(legend.locator(".graph-sign path").first).to_have_attribute(
        "fill", "var(--quiet)"
    )  # its colour says no kind
    until(graph, lambda: strong() > 50)
    picture(graph, "graph-bands")
    graph.get_by_label(words("page.graph.styling")).select_option("kind")
    until(graph, lambda: strong() == 0)


@pytest.fixture
def fingers(
    chromium: Browser,
    shared_server: tuple[Served, str],
    watched: Watched,
    workspace: Path,
    lang: str,
    words: Catalogue,
) -> Iterator[tuple[Page, Any]]:
    """The graph browser on a screen that is touched, and how to touch it: points down, moved and up."""
    served, cookie = shared_server
    context = chromium.new_context(locale=LOCALES[lang], viewport=SIZE, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    keep_cookie(context, served, cookie)
    page = context.new_page()
    watched.follow(page, served.address)
    page.goto(f"{served.address}/#graph")
    show_assessments(page, words)
    drawn(page, words, workspace, LISTED)
    ask_graph(page, words, "neighbours")
    expect(page.locator(".graph-state")).not_to_contain_text(words("page.canvas.laying-out"))
    yield page, context.new_cdp_session(page)
    context.close()


def touch(session: Any, kind: str, *points: tuple[float, float]) -> None:
    at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})


def tapped(page: Page, x: float, y: float) -> None:
    page.wait_for_timeout(400)  # two taps are not to be one double tap: what tells them apart is time
    page.touchscreen.tap(x, y)


def test_the_canvas_is_tapped_moved_and_spread_with_fingers(fingers: tuple[Page, Any]) -> None:
    page, session = fingers
    stage = page.locator(".graph-stage")
    chosen = page.locator(".graph-twin [role=option][aria-selected=true]")
    twin = page.locator(".graph-twin")
    twin.press("Escape")
    expect(chosen).to_have_count(0)
    twin.press("Home")
    twin.press("c")
    box = stage.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tapped(page, x, y)
    expect(chosen).to_have_count(1)
    # One finger moves the plane: what was in the middle is where it was taken.
    twin.press("Escape")
    touch(session, "touchStart", (box["x"] + 30, box["y"] + 30))
    for step in range(1, 6):
        touch(session, "touchMove", (box["x"] + 30 + 16 * step, box["y"] + 30 + 8 * step))
    touch(session, "touchEnd")
    tapped(page, x + 80, y + 40)
    expect(chosen).to_have_count(1)
    # Two fingers spread it around their middle: twice as far apart, twice as far from there.
    twin.press("Escape")
    expect(chosen).to_have_count(0)
    touch(session, "touchStart", (x - 40, y), (x + 40, y))
    for step in range(1, 6):
        touch(session, "touchMove", (x - 40 - 8 * step, y), (x + 40 + 8 * step, y))
    touch(session, "touchEnd")
    for away in (160, 145, 130, 115):  # a browser leaves out the first of a finger's way, more of it where it is busy
        tapped(page, x + away, y + away / 2)
        page.wait_for_timeout(200)
        if chosen.count() > 0:
            break
    expect(chosen).to_have_count(1)
    expect(twin.get_by_role("option").first).to_have_attribute("aria-selected", "true")
