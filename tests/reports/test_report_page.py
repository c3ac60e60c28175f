"""The page of a run: complete, self-contained, and deaf to what values try to say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.gate.workbench import ListStanding
from netpursuit.policy.standing import ListStatus
from netpursuit.records import Entry, Lead, Match
from netpursuit.records.graph import LinkSet, Node, NodeKind
from netpursuit.reports.linkmap import MOST_NODES, lay_out
from netpursuit.reports.page import Report, ReportedLead, render_report, write_report

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Checker(HTMLParser):
    """Collects tags and attributes and fails on tags that do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parsed(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    return checker


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_is_whole_in_both_languages(
    lang: str,
    make_report: Callable[..., Report],
    make_lead: Callable[..., Lead],
    make_entry: Callable[..., Entry],
    links: LinkSet,
) -> None:
    page = render_report(make_report(ReportedLead(lead=make_lead(), entry=make_entry(), links=links)), Catalogue(lang))
    text = " ".join("".join(parsed(page).text).split())
    words = Catalogue(lang)
    for part in (
        *("Liu Jianye", "刘建业", "虚构省人民检察院", "丙山县公安局刑侦大队", "0600-55500004", "虚检刑捕〔2025〕101号"),
        *("+14.5", "−15.0", "99.9 %", "wanted.csv:14", "2026-06-30", "alice", "R-1", "演示核查", "2025-12-31"),
        *(words("report.warning"), words("report.reminder"), words("report.not-compared"), words("band.strong")),
    ):
        assert part in text


def test_the_same_report_gives_the_same_bytes(
    make_report: Callable[..., Report], make_lead: Callable[..., Lead], make_entry: Callable[..., Entry]
) -> None:
    leads = [ReportedLead(lead=make_lead(registration_id=f"XG-{at}"), entry=make_entry()) for at in range(3)]
    words = Catalogue("en")
    assert render_report(make_report(*leads), words) == render_report(make_report(*leads[::-1]), words)


EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>x</script>",
    "{{ 7*7 }}{% for x in y %}",
    "<!-- <b>&amp;</b>",
)


@pytest.mark.parametrize("evil", EVIL)
def test_a_value_is_never_taken_for_markup(
    evil: str,
    make_report: Callable[..., Report],
    make_lead: Callable[..., Lead],
    make_entry: Callable[..., Entry],
    make_match: Callable[..., Match],
) -> None:
    match = make_match((("name", "same", 9000, evil, evil), ("document", evil, 9000, evil, evil)), entry=evil)
    lead = make_lead(name=evil, registration_id=evil, match=match, place=evil)
    node = Node(kind=NodeKind.SUBJECT, key="s", label=evil, source=evil)
    item = ReportedLead(
        lead=lead,
        entry=make_entry(name=evil, link=f"https://example.org/{evil}"),
        links=LinkSet(nodes=(node,), edges=()),
        tags=(evil,),
    )
    page = render_report(make_report(item, warnings=(evil,), results=((evil, evil),)), Catalogue("en"))
    checker = parsed(page)
    tags = {tag for tag, _ in checker.seen}
    assert not tags & {"script", "img", "iframe", "object"}
    if set(evil) & set("<>\"'"):
        assert evil not in page
    assert not [name for _, attributes in checker.seen for name in attributes if name.startswith("on")]
    assert evil in "".join(checker.text)


def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing(
    make_report: Callable[..., Report], make_lead: Callable[..., Lead], make_entry: Callable[..., Entry], links: LinkSet
) -> None:
    entry = make_entry(link="https://example.org/entry")
    page = render_report(make_report(ReportedLead(lead=make_lead(), entry=entry, links=links)), Catalogue("en"))
    checker = parsed(page)
    assert not {"script", "link", "img", "iframe", "object", "embed", "form"} & {tag for tag, _ in checker.seen}
    assert not [a for _, a in checker.seen if "src" in a]
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page.replace("&#39;", "'")
    follows = [a["href"] for tag, a in checker.seen if tag == "a" and not (a["href"] or "").startswith("#")]
    assert follows == ["https://example.org/entry"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.org", "http://["]
)
def test_only_web_links_can_be_followed(
    link: str, make_report: Callable[..., Report], make_lead: Callable[..., Lead], make_entry: Callable[..., Entry]
) -> None:
    page = render_report(make_report(ReportedLead(lead=make_lead(), entry=make_entry(link=link))), Catalogue("en"))
    checker = parsed(page)
    assert [a["href"] for tag, a in checker.seen if tag == "a"] == ["#lead-L-XG-1-T1"]
    assert link in "".join(checker.text)


def test_a_stale_and_a_missing_list_stand_under_a_banner(
    make_report: Callable[..., Report], make_standing: Callable[..., ListStanding]
) -> None:
    missing = ListStanding(list_id="gone", status=ListStatus.MISSING, version=None)
    stale = make_standing(ListStatus.STALE, date(2025, 10, 1))
    page = render_report(make_report(standings=(stale, missing)), Catalogue("en"))
    assert page.count('class="banner"') == 2
    assert "91 days old" in page


def test_fresh_lists_raise_no_banner(make_report: Callable[..., Report]) -> None:
    assert 'class="banner"' not in render_report(make_report(), Catalogue("en"))


def test_a_page_without_leads_says_so(make_report: Callable[..., Report]) -> None:
    assert Catalogue("en")("report.no-leads").replace("'", "&#39;") in render_report(make_report(), Catalogue("en"))


def test_an_assessment_is_drawn_dashed_and_a_fact_is_not(
    make_report: Callable[..., Report], make_lead: Callable[..., Lead], make_entry: Callable[..., Entry], links: LinkSet
) -> None:
    page = render_report(make_report(ReportedLead(lead=make_lead(), entry=make_entry(), links=links)), Catalogue("en"))
    assert page.count('class="edge guess"') == 1
    assert page.count('class="edge"') == len(links.edges) - 1


def test_a_lead_whose_entry_is_gone_is_still_shown(
    make_report: Callable[..., Report], make_lead: Callable[..., Lead]
) -> None:
    page = render_report(make_report(ReportedLead(lead=make_lead(), entry=None)), Catalogue("en"))
    assert Catalogue("en")("report.entry-gone") in page


def test_the_strongest_lead_comes_first(
    make_report: Callable[..., Report], make_lead: Callable[..., Lead], make_match: Callable[..., Match]
) -> None:
    weak = make_match((("prior", "prior", -15_000, "", ""), ("name", "same", 10_000, "", "")))
    leads = (make_lead(name="Weak One", registration_id="W", match=weak), make_lead(name="Strong One"))
    page = render_report(make_report(*(ReportedLead(lead=lead, entry=None) for lead in leads)), Catalogue("en"))
    assert page.index("Strong One") < page.index("Weak One")


def test_many_links_are_cut_and_the_cut_is_said() -> None:
    nodes = [Node(kind=NodeKind.SUBJECT, key="s", label="s", source="")]
    nodes += [Node(kind=NodeKind.PHONE, key=f"p{at}", label=str(at), source="") for at in range(40)]
    drawing = lay_out(LinkSet(nodes=tuple(nodes), edges=()))
    assert len(drawing.nodes) == MOST_NODES
    assert drawing.hidden == 41 - MOST_NODES


def test_no_two_nodes_stand_on_one_place(links: LinkSet) -> None:
    drawing = lay_out(links)
    assert len({(node.x, node.y) for node in drawing.nodes}) == len(links.nodes)
    assert all(0 <= node.x <= drawing.width and 0 <= node.y <= drawing.height for node in drawing.nodes)


def test_writing_leaves_one_whole_file(make_report: Callable[..., Report], tmp_path: Path) -> None:
    write_report(make_report(), Catalogue("zh"), tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
