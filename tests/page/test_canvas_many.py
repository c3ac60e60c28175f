"""The canvas alone with some thousand nodes, as `bench/page.py` measures it: what is drawn in a hurry looks as what is
drawn at rest, and the mouse finds what is under it."""

from __future__ import annotations

import base64
import functools
import subprocess
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from bench.page import WEB, Files
from tests.conftest import leave_out
from tests.page.conftest import SIZE
from tests.page.test_canvas import colours
from tools import page as page_builder

pytestmark = pytest.mark.slow

_MOVED = "document.querySelector('.sigma-edges').style.transform"
_COUNT_RESTYLED = """() => {
    const { diagram } = bench.current();
    const restyle = diagram.restyle.bind(diagram);
    window.restyled = 0;
    diagram.restyle = (keys, ids) => {
        if (keys === undefined) window.restyled += 1;
        restyle(keys, ids);
    };
}"""
_RESTS = "async () => { await bench.still(); return true; }"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the canvas is served, built as it is now."""
    folder = tmp_path_factory.mktemp("bench")
    vite = WEB / "node_modules" / "vite" / "bin" / "vite.js"
    try:
        node = page_builder.find_node()
        if not vite.is_file():
            page_builder.prepare(WEB.parent, node)
    except page_builder.PageError as error:
        leave_out(f"needs the page's sources built: {error}")
    options = ("build", "--config", "vite.bench.config.ts", "--logLevel", "error", "--outDir", str(folder))
    subprocess.run([node.node, str(vite), *options], cwd=WEB, check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


@pytest.fixture
def canvas(chromium: Browser, address: str) -> Iterator[Page]:
    """Two thousand nodes, all in view, at rest."""
    page = chromium.new_page(viewport=SIZE, reduced_motion="reduce")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    page.wait_for_function("window.bench !== undefined")
    page.evaluate("bench.draw(2000).then(() => { bench.stop(); bench.current().fit(true); })")
    page.evaluate(_RESTS)
    yield page
    assert wrong == []
    page.close()


def apart(page: Page, one: bytes, other: bytes) -> float:
    """The share of pixels that differ plainly."""
    found: float = page.evaluate(
        """async (texts) => {
            const read = async (text) => {
                const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
                const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
                const canvas = new OffscreenCanvas(picture.width, picture.height);
                const context = canvas.getContext("2d");
                context.drawImage(picture, 0, 0);
                return context.getImageData(0, 0, picture.width, picture.height).data;
            };
            const [one, other] = await Promise.all(texts.map(read));
            let count = 0;
            for (let at = 0; at < one.length; at += 4)
                if (Math.abs(one[at] - other[at]) + Math.abs(one[at + 1] - other[at + 1]) > 60) count += 1;
            return count / (one.length / 4);
        }""",
        [base64.b64encode(picture).decode() for picture in (one, other)],
    )
    return found


def shot(page: Page) -> bytes:
    return page.locator(".graph-room").screenshot()


def shove(page: Page, across: int, down: int) -> None:
    """The view goes by whole pixels."""
    page.evaluate(
        """([across, down]) => {
            const { diagram } = bench.current();
            const by = diagram.view().scale * 1000;
            const camera = diagram.sigma.getCamera();
            const { x, y } = camera.getState();
            camera.setState({ x: x + across / by, y: y + down / by });
            return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }""",
        [across, down],
    )


def test_a_view_that_moves_moves_the_picture_which_is_drawn_as_it_would_be_there(canvas: Page) -> None:
    before = shot(canvas)
    assert colours(canvas, before)[0] > 50
    shove(canvas, 90, -40)
    assert canvas.evaluate(_MOVED) == "translate(-90px, -40px)"
    moving = shot(canvas)
    assert apart(canvas, before, moving) > 0.05
    canvas.evaluate(_RESTS)
    assert canvas.evaluate(_MOVED) == ""
    assert apart(canvas, moving, shot(canvas)) < 0.01  # names at the edge may come


def test_the_mouse_finds_a_node_where_the_view_has_gone(canvas: Page) -> None:
    shove(canvas, 60, 30)
    canvas.evaluate(_RESTS)
    key, x, y = canvas.evaluate(
        """() => {
            const { diagram } = bench.current();
            const key = [...bench.state.nodes.peek().keys()].at(-9);
            const at = diagram.toCanvas(diagram.placeOf(key));
            const { left, top } = document.querySelector(".graph-stage").getBoundingClientRect();
            return [key, at.x + left, at.y + top];
        }"""
    )
    canvas.mouse.move(x + 40, y + 40)
    canvas.mouse.move(x, y)
    canvas.wait_for_function("document.querySelector('.graph-stage.points') !== null")
    canvas.mouse.click(x, y)
    canvas.wait_for_function("(key) => bench.state.selection.peek().has(key)", arg=key)


def test_what_an_answer_brings_is_drawn_upon_what_is_there_and_stays_where_all_is_drawn_anew(canvas: Page) -> None:
    before = shot(canvas)
    canvas.evaluate(_COUNT_RESTYLED)
    canvas.evaluate("bench.expand(30).then(() => bench.stop())")
    assert canvas.evaluate("window.restyled") == 0
    quick = shot(canvas)
    assert apart(canvas, before, quick) > 0.0005
    canvas.evaluate(_RESTS)
    after = shot(canvas)
    assert apart(canvas, before, after) > 0.0005
    assert apart(canvas, quick, after) < 0.02  # the names of what has come, and what lies upon what


def test_a_choice_is_drawn_where_it_is_as_it_would_be_with_all(canvas: Page) -> None:
    choose = "bench.state.selection.value = new Set([...bench.state.nodes.peek().keys()].slice(-40, -37))"
    canvas.evaluate(f"{choose}; new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    quick = shot(canvas)
    canvas.evaluate(_RESTS)
    after = shot(canvas)
    assert apart(canvas, quick, after) < 0.005
