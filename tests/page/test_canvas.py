"""The canvas of the graph browser: expanding, moving, choosing, layouts, undo, all on one flat that people share.

What stands where is read from what the page sends with an export, which names the place of every node that is seen.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import partial
from math import hypot
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from netpursuit.catalogue import Catalogue
from tests.cli.conftest import environment
from tests.page.conftest import Served, open_place, until
from tests.page.flat import LISTED, lead_of, make, under_case

Places = dict[str, tuple[float, float]]
LAYOUTS = ("force", "hierarchical", "circular", "places")
WORDS = Catalogue("en")


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """A server for all tests of this module, and the cookie of a session under the case."""
    with under_case(make(tmp_path_factory.mktemp("flat")), environment()) as served:
        yield served


@pytest.fixture(scope="module")
def lead(shared_server: tuple[Served, str]) -> str:
    """The key of the lead on ``LISTED``."""
    return f"Lead:{lead_of(shared_server[0].workspace, LISTED)}"


@pytest.fixture
def board(glance: Page, lead: str) -> Page:
    """The graph browser with the lead's node on it, the canvas in focus; assessments are not shown."""
    glance.emulate_media(reduced_motion="reduce")  # the camera is where it goes to at once
    open_place(glance, "graph")
    box = glance.get_by_label(WORDS("page.graph.find"), exact=True)
    box.fill(lead)
    box.press("Enter")
    expect(options(glance)).to_have_count(1)
    twin(glance).focus()
    return glance


@pytest.fixture
def neighbours(board: Page) -> Page:
    """What the lead's node is linked with besides, laid out, and seen."""
    board.get_by_role("switch", name=WORDS("page.graph.assessments")).check()
    expand(board)
    return board


def twin(page: Page) -> Locator:
    """The canvas for the keyboard and for who does not see it."""
    return page.locator(".graph-twin")


def options(page: Page) -> Locator:
    return twin(page).get_by_role("option")


def chosen(page: Page) -> Locator:
    return twin(page).locator("[role=option][aria-selected=true]")


def at_rest(page: Page) -> None:
    """No layout runs, and the camera is where it goes to."""
    expect(page.locator(".graph-state")).not_to_contain_text(WORDS("page.canvas.laying-out"))


def expand(page: Page) -> None:
    twin(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    draw = page.get_by_role("dialog").locator("button[type=submit]")
    expect(draw).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(options(page).nth(1)).to_be_attached()
    at_rest(page)


def places(page: Page) -> Places:
    """Where every node that is seen stands."""
    panel = page.locator(".export")
    if panel.count() == 0:
        page.locator("summary", has_text=WORDS("page.graph.export")).click()
    with page.expect_download(), page.expect_request("**/graph/export") as sent:
        panel.get_by_role("button", name="CSV", exact=True).click()
    body: Any = sent.value.post_data_json
    return {key: (x, y) for key, (x, y) in body["positions"].items()}


def moved(before: Places, after: Places) -> set[str]:
    return {key for key in before if hypot(before[key][0] - after[key][0], before[key][1] - after[key][1]) > 0.5}


def middle(page: Page) -> tuple[float, float]:
    box = page.locator(".graph-stage").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def press(page: Page, *keys: str) -> None:
    """Keys on the canvas."""
    twin(page).focus()
    for key in keys:
        page.keyboard.press(key)


def centre(page: Page) -> None:
    """The first node of the list comes into the middle of the canvas, alone in the selection's place."""
    press(page, "Home", "c")


_COLOURS = """async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    const counts = new Map();
    const seen = new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer);
    for (const colour of seen) counts.set(colour, (counts.get(colour) ?? 0) + 1);
    const [most] = [...counts].sort((a, b) => b[1] - a[1])[0];
    return { count: counts.size, ground: [most & 255, (most >> 8) & 255, (most >> 16) & 255] };
}"""


def colours(page: Page, png: bytes) -> tuple[int, list[int]]:
    """How many colours a PNG has, and which of them (red, green, blue) is everywhere."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found = page.evaluate(_COLOURS, base64.b64encode(png).decode())
    return found["count"], found["ground"]


def test_an_expansion_by_keyboard_shows_its_counts_before_it_is_drawn_and_is_undone(board: Page) -> None:
    board.get_by_role("switch", name=WORDS("page.graph.assessments")).check()
    press(board, "Home", "Enter")
    dialog = board.get_by_role("dialog", name=WORDS("page.canvas.expand"))
    expect(dialog).to_contain_text(LISTED)
    ticked = dialog.get_by_role("checkbox", checked=True)
    expect(ticked.first).to_be_visible()
    assert all(int(label) > 0 for label in dialog.locator("fieldset label b").all_inner_texts())
    expect(options(board)).to_have_count(1)  # nothing is drawn yet
    counted = sum(int(label) for label in dialog.locator("label:has(:checked) b").all_inner_texts())
    draw = dialog.locator("button[type=submit]")
    expect(draw).to_have_text(WORDS("page.canvas.draw", count=counted))
    board.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(options(board)).to_have_count(1)
    expect(twin(board)).to_be_focused()
    expand(board)
    drawn = options(board).count()
    assert 1 < drawn <= 1 + counted
    expect(board.locator(".graph-state")).to_contain_text(WORDS("page.canvas.seen", count=drawn))
    press(board, "Control+z")
    expect(options(board)).to_have_count(1)
    press(board, "Control+y")
    expect(options(board)).to_have_count(drawn)


def test_assessments_are_not_seen_until_they_are_asked_for(neighbours: Page) -> None:
    count = options(neighbours).count()
    away = options(neighbours).filter(has_text=WORDS("page.canvas.assessment")).count() - 1  # what was asked for stays
    assert away > 0
    press(neighbours, "a")
    expect(neighbours.locator(".banner.assessments")).to_have_count(0)
    expect(neighbours.locator(".graph-state")).to_contain_text(WORDS("page.canvas.away", count=away))
    expect(options(neighbours)).to_have_count(count - away)
    press(neighbours, "a")
    expect(neighbours.locator(".banner.assessments")).to_be_visible()
    expect(options(neighbours)).to_have_count(count)


def test_a_node_is_dragged_and_the_drag_is_undone(neighbours: Page) -> None:
    before = places(neighbours)
    centre(neighbours)
    x, y = middle(neighbours)
    neighbours.mouse.move(x, y)
    neighbours.mouse.down()
    neighbours.mouse.move(x + 40, y + 10, steps=3)
    neighbours.mouse.move(x + 90, y + 30, steps=3)
    neighbours.mouse.up()
    after = places(neighbours)
    (key,) = moved(before, after)
    (left, top), (right, bottom) = before[key], after[key]
    assert (right - left) / (top - bottom) == pytest.approx(3, rel=0.05)  # in an export y grows upwards
    assert right > left
    press(neighbours, "Control+z")
    assert moved(before, places(neighbours)) == set()
    press(neighbours, "Control+Shift+z")
    assert moved(after, places(neighbours)) == set()


def test_a_rectangle_and_a_lasso_choose_what_they_hold(neighbours: Page) -> None:
    press(neighbours, "f", "Escape")
    tools = neighbours.get_by_role("toolbar", name=WORDS("page.canvas.tools"))
    box = neighbours.locator(".graph-stage").bounding_box()
    assert box

    def rectangle() -> None:
        neighbours.mouse.move(box["x"] + 2, box["y"] + 2)
        neighbours.mouse.down()
        neighbours.mouse.move(box["x"] + 200, box["y"] + 100, steps=2)
        neighbours.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2, steps=3)
        expect(neighbours.locator(".graph-lasso")).to_be_attached()
        neighbours.mouse.up()
        expect(neighbours.locator(".graph-lasso")).to_have_count(0)

    def lasso() -> None:
        centre(neighbours)
        neighbours.mouse.move(x - 20, y - 20)
        neighbours.mouse.down()
        for dx, dy in ((20, -20), (20, 20), (-20, 20), (-20, -18)):
            neighbours.mouse.move(x + dx, y + dy, steps=2)
        neighbours.mouse.up()

    tools.get_by_role("button", name=WORDS("page.canvas.mode.rectangle")).click()
    rectangle()
    expect(chosen(neighbours)).to_have_count(options(neighbours).count())
    press(neighbours, "Escape")
    expect(chosen(neighbours)).to_have_count(0)
    tools.get_by_role("button", name=WORDS("page.canvas.mode.lasso")).click()
    x, y = middle(neighbours)
    lasso()
    expect(chosen(neighbours)).to_have_count(1)
    expect(options(neighbours).first).to_have_attribute("aria-selected", "true")
    tools.get_by_role("button", name=WORDS("page.canvas.mode.move")).click()
    press(neighbours, "Escape")
    neighbours.mouse.click(x, y)
    expect(chosen(neighbours)).to_have_count(1)
    neighbours.wait_for_timeout(600)  # two clicks are not to be one double click: what tells them apart is time
    neighbours.mouse.click(box["x"] + 6, box["y"] + 6)
    expect(chosen(neighbours)).to_have_count(0)


_AT_ONCE = """([button, x, y]) => {
    button.click();
    const under = document.elementFromPoint(x, y);
    const at = { bubbles: true, cancelable: true, clientX: x, clientY: y, view: window };
    under.dispatchEvent(new PointerEvent("pointerdown", at));
    for (const name of ["mousedown", "mouseup", "click"]) under.dispatchEvent(new MouseEvent(name, at));
}"""


def test_a_press_before_the_frame_that_shows_a_new_mode_is_of_that_mode(neighbours: Page) -> None:
    tools = neighbours.get_by_role("toolbar", name=WORDS("page.canvas.tools"))
    centre(neighbours)
    press(neighbours, "Escape")
    tools.get_by_role("button", name=WORDS("page.canvas.mode.lasso")).click()
    move = tools.get_by_role("button", name=WORDS("page.canvas.mode.move"))
    neighbours.evaluate(_AT_ONCE, [move.element_handle(), *middle(neighbours)])
    expect(chosen(neighbours)).to_have_count(1)


def test_what_is_hidden_comes_back_and_what_is_removed_comes_back_by_undo(neighbours: Page) -> None:
    count = options(neighbours).count()
    state = neighbours.locator(".graph-state")
    press(neighbours, "End", "h")
    expect(options(neighbours)).to_have_count(count - 1)
    expect(state).to_contain_text(WORDS("page.canvas.away", count=1))
    press(neighbours, "Shift+H")
    expect(options(neighbours)).to_have_count(count)
    press(neighbours, "End", "Delete")
    expect(options(neighbours)).to_have_count(count - 1)
    expect(state).not_to_contain_text(WORDS("page.canvas.away", count=1))
    for left in (count, count - 1, count, 1):  # the removal, the showing, the hiding, the expansion
        press(neighbours, "Control+z")
        expect(options(neighbours)).to_have_count(left)
    for left in (count, count - 1, count, count - 1):
        press(neighbours, "Control+Shift+z")
        expect(options(neighbours)).to_have_count(left)
    tools = neighbours.get_by_role("toolbar", name=WORDS("page.canvas.tools"))
    expect(tools.get_by_role("button", name=WORDS("page.canvas.redo"))).to_be_disabled()
    tools.get_by_role("button", name=WORDS("page.canvas.undo")).click()
    expect(options(neighbours)).to_have_count(count)


def test_the_four_layouts_move_all_but_what_is_pinned_and_are_undone(neighbours: Page) -> None:
    choice = neighbours.get_by_label(WORDS("page.canvas.layout"))
    press(neighbours, "End", "p")
    expect(options(neighbours).last).to_contain_text(WORDS("page.canvas.pinned"))
    last = before = places(neighbours)
    seen = []
    for name in LAYOUTS:
        choice.select_option(name)
        at_rest(neighbours)
        now = places(neighbours)
        assert moved(last, now), name
        seen.append(last := now)
    pinned = set(before).difference(*(moved(before, now) for now in seen))
    assert len(pinned) == 1
    for now in reversed([before, *seen[:-1]]):
        press(neighbours, "Control+z")
        assert moved(now, places(neighbours)) == set()
    for now in seen:
        press(neighbours, "Control+Shift+z")
        assert moved(now, places(neighbours)) == set()


def test_the_canvas_is_drawn_on_light_and_dark_and_axe_finds_nothing(
    neighbours: Page, axe: Callable[[Page], list[str]], picture: Callable[[Page, str], Any]
) -> None:
    stage = neighbours.locator(".graph-stage")

    def is_drawn_on(scheme: str) -> bool:
        count, ground = colours(neighbours, stage.screenshot())
        return count > 20 and ((min(ground) > 200) if scheme == "light" else (max(ground) < 60))

    for scheme in ("light", "dark"):
        neighbours.emulate_media(color_scheme=scheme)
        until(neighbours, partial(is_drawn_on, scheme))
        assert axe(neighbours) == []
        picture(neighbours, f"graph-canvas-{scheme}")


def test_what_is_seen_is_exported_as_a_picture(neighbours: Page) -> None:
    neighbours.locator("summary", has_text=WORDS("page.graph.export")).click()
    with neighbours.expect_download() as waiting:
        neighbours.locator(".export").get_by_role("button", name="PNG", exact=True).click()
    count, _ = colours(neighbours, waiting.value.path().read_bytes())
    assert count > 3


def test_tab_leaves_the_canvas_and_comes_back_and_the_arrows_walk_on_it(neighbours: Page) -> None:
    press(neighbours, "Home")
    first = options(neighbours).first.get_attribute("id")
    expect(twin(neighbours)).to_have_attribute("aria-activedescendant", str(first))
    neighbours.keyboard.press("PageDown")
    expect(twin(neighbours)).not_to_have_attribute("aria-activedescendant", str(first))
    neighbours.keyboard.press("Tab")
    expect(twin(neighbours)).not_to_be_focused()
    neighbours.keyboard.press("Shift+Tab")
    expect(twin(neighbours)).to_be_focused()
    neighbours.keyboard.press("Home")
    walked = set()
    for arrow in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        neighbours.keyboard.press("Home")
        neighbours.keyboard.press(arrow)
        walked.add(twin(neighbours).get_attribute("aria-activedescendant"))
    assert walked - {first}
    neighbours.keyboard.press("Shift+F10")
    menu = neighbours.get_by_role("menu")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    neighbours.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(twin(neighbours)).to_be_focused()
