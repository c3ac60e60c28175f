"""A part of the link graph as a picture: legible, honest about facts, and safe whatever a name holds."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as Tree
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.errors import InputError
from netpursuit.links.views import Findings
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind, Provenance
from netpursuit.reports.graph_files import Asked, write_graph
from netpursuit.reports.graph_layout import lay_out
from netpursuit.reports.graph_lines import broken, width_of
from netpursuit.reports.graph_picture import MOST_DRAWN, Caption, as_svg
from netpursuit.reports.graph_png import as_png
from netpursuit.reports.graph_signs import COLOURS, LINK_COLOURS, SHAPES, signs_of
from netpursuit.reports.leads_file import Notice
from tests.conftest import leave_out

SVG = "{http://www.w3.org/2000/svg}"
NOTICE = Notice(purpose="查找在逃人员", user="officer", run_ids=(), expires_on=date(2026, 12, 31), case_id="K-2026-17")
CAPTION = Caption(notice=("part.svg", "a warning", "a purpose"), asked=frozenset({"subject:1"}))
HOSTILE = "\"><script>alert(1)</script>&'\x07\ud800\u202e]]>"


def said(*, fact: bool = True, since: str = "") -> tuple[Provenance, ...]:
    return (Provenance(source="feed f, registration R1", fact=fact, seen_from=since),)


def pair(label: str = "欧阳志远", *, fact: bool = True) -> Findings:
    """A person and a telephone."""
    person = GraphNode(kind=NodeKind.SUBJECT, key="subject:1", label=label, provenance=said(fact=fact))
    phone = GraphNode(kind=NodeKind.PHONE, key="phone:1", label="13800138000", provenance=said())
    uses = GraphEdge(
        kind=EdgeKind.USES_PHONE, start="subject:1", end="phone:1", provenance=said(fact=fact, since="2026-04-02")
    )
    return Findings(nodes=(phone, person), edges=(uses,))


def star(leaves: int) -> Findings:
    """A telephone of many people."""
    nodes = [GraphNode(kind=NodeKind.PHONE, key="phone:1", label="13800138000", provenance=said())]
    edges = []
    for number in range(leaves):
        key = f"subject:{number:04}"
        nodes.append(GraphNode(kind=NodeKind.SUBJECT, key=key, label=f"Person {number}", provenance=said()))
        edges.append(GraphEdge(kind=EdgeKind.USES_PHONE, start=key, end="phone:1", provenance=said()))
    return Findings(nodes=tuple(nodes), edges=tuple(edges))


def read(svg: str) -> Tree.Element:
    return Tree.fromstring(svg)


def texts(svg: str) -> str:
    return "\n".join(item.text or "" for item in read(svg).iter(f"{SVG}text"))


def links(svg: str) -> list[Tree.Element]:
    """The lines of links, which stand in groups of their own."""
    return [group[1] for group in read(svg).iter(f"{SVG}g") if group.get("fill") == "none"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_warning_purpose_user_case_and_expiry_are_printed_in_the_picture(tmp_path: Path, lang: str) -> None:
    words, path = Catalogue(lang), tmp_path / "part.svg"
    alarm = "List un is stale."
    truncated = replace(pair(), truncated=True)
    written = write_graph(truncated, path, NOTICE, words, Asked(nodes=("subject:1",), alarms=(alarm,)))
    assert written == (path, tmp_path / "part.svg.notice.txt")
    shown = texts(path.read_text(encoding="utf-8")).replace("\n", " ")
    beside = written[1].read_text(encoding="utf-8")
    for stated in ("查找在逃人员", "officer", "2026-12-31", "K-2026-17", alarm, words("graph.cut")):
        assert stated in shown
        assert stated in beside
    assert words("report.warning") in beside
    assert words("report.warning").replace(" ", "") in shown.replace(" ", "")
    assert "欧阳志远" in shown


def test_an_assessment_is_dashed_and_a_fact_is_solid() -> None:
    for fact in (True, False):
        svg = as_svg(pair(fact=fact), CAPTION, Catalogue("en"))
        (line,) = links(svg)
        assert ("stroke-dasharray" in line.attrib) is not fact
        outline = next(item for item in read(svg).iter(f"{SVG}path") if item.get("d") == SHAPES[NodeKind.SUBJECT])
        assert ("stroke-dasharray" in outline.attrib) is not fact
        assert outline.get("fill") == (COLOURS[NodeKind.SUBJECT] if fact else "#ffffff")
        title = read(svg).findall(f"{SVG}g/{SVG}title")[0].text or ""
        assert ("assessment; feed f, registration R1" in title) is not fact


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_legend_names_the_kinds_that_occur_and_no_others(lang: str) -> None:
    words = Catalogue(lang)
    lines = texts(as_svg(pair(), CAPTION, words)).split("\n")
    shown = {kind for kind in NodeKind if words(f"report.node.{kind.value}") in lines}
    assert shown == {NodeKind.SUBJECT, NodeKind.PHONE}
    assert words("graph.picture.fact") in lines
    assert words("graph.picture.assessment") in lines
    assert not any(words("report.edge.stayed-at") in line for line in lines)
    assert set(SHAPES) == set(COLOURS) == set(NodeKind)
    assert set(LINK_COLOURS) == set(EdgeKind)


def test_kinds_that_are_not_the_programs_own_have_signs_names_and_arrows() -> None:
    kinds = [f"Kind {number:02}" for number in range(28)]
    signs = signs_of([*kinds, NodeKind.PHONE])
    assert len({(sign.shape, sign.colour) for sign in signs.values()}) == 29
    one = pair()
    nodes = tuple(node._replace(kind=kind) for node, kind in zip(one.nodes, kinds, strict=False))
    edges = (one.edges[0]._replace(kind="KNOWS <&>"),)
    svg = as_svg(Findings(nodes=nodes, edges=edges), CAPTION, Catalogue("zh"))
    lines = texts(svg).split("\n")
    assert {"Kind 00", "Kind 01", "KNOWS <&>"} <= set(lines)
    assert len(svg.split('stroke="none"')) == len(as_svg(one, CAPTION, Catalogue("zh")).split('stroke="none"')) + 1


def test_whatever_a_name_holds_stays_text() -> None:
    nodes = tuple(node._replace(label=HOSTILE) for node in pair().nodes)
    hostile = tuple(item._replace(source=HOSTILE, note=HOSTILE) for item in said())
    edges = tuple(edge._replace(provenance=hostile) for edge in pair().edges)
    caption = Caption(notice=(HOSTILE, HOSTILE, HOSTILE), alarms=(HOSTILE,), asked=CAPTION.asked)
    svg = as_svg(Findings(nodes=nodes, edges=edges), caption, Catalogue("en"))
    tree = read(svg)
    tags = {item.tag.removeprefix(SVG) for item in tree.iter()}
    assert tags == {"svg", "title", "desc", "rect", "path", "g", "circle", "text"}
    attributes = {name for item in tree.iter() for name in item.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name or name == "style"]
    assert "<script>" in (tree.findall(f"{SVG}title")[0].text or "")
    assert "<script>" not in svg


def test_the_same_answer_gives_the_same_bytes_in_whatever_order_it_comes() -> None:
    answer = star(20)
    turned = replace(answer, nodes=answer.nodes[::-1], edges=answer.edges[::-1])
    svg = as_svg(answer, CAPTION, Catalogue("zh"))
    assert svg == as_svg(answer, CAPTION, Catalogue("zh"))
    assert sorted(svg.split("\n")) == sorted(as_svg(turned, CAPTION, Catalogue("zh")).split("\n"))


def test_links_between_the_same_two_bow_apart() -> None:
    one = pair()
    also = one.edges[0]._replace(kind=EdgeKind.LINKED_TO, start="phone:1", end="subject:1")
    drawn = [line.get("d") for line in links(as_svg(replace(one, edges=(*one.edges, also)), CAPTION, Catalogue("en")))]
    assert len(set(drawn)) == 2
    assert all("Q" in (path or "") for path in drawn)


def test_a_confirmed_lead_reads_so_and_a_link_is_called_what_its_list_calls_it() -> None:
    one = pair()
    same = one.edges[0]._replace(kind=EdgeKind.SAME_AS)
    named = one.edges[0]._replace(kind=EdgeKind.LINKED_TO, provenance=(said()[0]._replace(note="brother of"),))
    lines = texts(as_svg(replace(one, edges=(same, named)), CAPTION, Catalogue("en"))).split("\n")
    assert "same person: confirmed" in lines
    assert "brother of" in lines
    open_lead = same._replace(provenance=said(fact=False))
    lines = texts(as_svg(replace(one, edges=(open_lead,)), CAPTION, Catalogue("en"))).split("\n")
    assert "same person: confirmed" not in lines


def test_what_is_too_much_for_a_picture_is_said_and_what_was_asked_for_is_drawn() -> None:
    many = star(MOST_DRAWN + 20)
    last = many.nodes[-1]
    caption = Caption(notice=CAPTION.notice, asked=frozenset({last.key}))
    shown = texts(as_svg(many, caption, Catalogue("en")))
    assert "21 nodes of the answer are not drawn" in shown
    assert last.label in shown.split("\n")


def test_an_answer_without_nodes_is_a_picture_too() -> None:
    assert "a warning" in texts(as_svg(Findings(), CAPTION, Catalogue("en")))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(20, 160), st.floats(30, 90)), min_size=1, max_size=24),
    st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23)), max_size=40),
)
def test_no_two_labels_cover_one_another(sizes: list[tuple[float, float]], pairs: list[tuple[int, int]]) -> None:
    boxes = {f"{number:02}": size for number, size in enumerate(sizes)}
    laid = lay_out(boxes, [(f"{a:02}", f"{b:02}") for a, b in pairs if max(a, b) < len(boxes)], 120.0)
    assert laid.places.keys() == boxes.keys()
    for key, (x, y) in laid.places.items():
        wide, high = boxes[key]
        assert x - wide / 2 >= -0.2
        assert x + wide / 2 <= laid.width + 0.2
        assert y - high / 2 >= -0.2
        assert y + high / 2 <= laid.height + 0.2
    for one, other in combinations(boxes, 2):
        (ax, ay), (bx, by) = laid.places[one], laid.places[other]
        apart_x = abs(ax - bx) - (boxes[one][0] + boxes[other][0]) / 2
        apart_y = abs(ay - by) - (boxes[one][1] + boxes[other][1]) / 2
        assert max(apart_x, apart_y) >= -0.2


def test_neighbours_stand_nearer_than_strangers() -> None:
    ring = [(f"{number:02}", f"{(number + 1) % 12:02}") for number in range(12)]
    laid = lay_out({key: (30.0, 30.0) for key, _ in ring}, ring, 100.0)

    def apart(one: str, other: str) -> float:
        (ax, ay), (bx, by) = laid.places[one], laid.places[other]
        return float(((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5)

    assert max(apart(*pair) for pair in ring) < apart("00", "06")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ["short"]),
        ("two words", ["two", "words"]),
        ("unbreakable", ["unbrea", "kable"]),
        ("幻县虚构路十二号", ["幻县虚", "构路十", "二号"]),
        ("one two three four five", ["one", "two", "three…"]),
        ("虚构路12号", ["虚构路", "12号"]),
        ("a\u202eb\nc", ["ab c"]),
        ("", []),
    ],
)
def test_lines_break_at_spaces_and_han_anywhere(text: str, lines: list[str]) -> None:
    assert broken(text, 10, 36, 3) == lines
    assert all(width_of(line, 10) <= 36 for line in lines)


@pytest.fixture
def fonts() -> None:
    """Pictures of pixels need fonts for Latin and for Han; where a machine has none, that is said."""
    try:
        as_png(as_svg(pair(), CAPTION, Catalogue("zh")))
    except ImportError:
        leave_out("pictures as PNG need resvg-py")
    except InputError as error:
        leave_out(f"pictures as PNG: {error}")


@pytest.mark.usefixtures("fonts")
def test_pixels_are_twice_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "part.png"
    write_graph(pair(), path, NOTICE, Catalogue("zh"))
    pixels = path.read_bytes()
    root = read(as_svg(pair(), Caption(notice=("part.png", "x")), Catalogue("zh")))
    assert pixels.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", pixels[16:24])
    assert wide == 2 * int(root.get("width", "0"))
    assert high > int(root.get("height", "0"))


@pytest.mark.usefixtures("fonts")
def test_a_letter_that_no_font_has_is_told_instead_of_left_blank(tmp_path: Path) -> None:
    rare = "\U0003134a"  # the last of extension G, which hardly a font has
    with pytest.raises(InputError, match=rare):
        write_graph(pair(f"张{rare}"), tmp_path / "part.png", NOTICE, Catalogue("zh"))
    assert not list(tmp_path.iterdir())
