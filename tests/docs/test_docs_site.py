"""The documentation's site: strictly built, every link in it leads somewhere, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from netpursuit.commands.tree import COMMANDS
from tests.conftest import leave_out
from tools.doc_blocks import DOCS, ROOT
from tools.docs_check import check_site
from tools.docs_reference import commands, http
from tools.docs_site import build, made, navigation
from tools.docs_stage import Stage, place_of


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("mkdocs") is None or find_spec("material") is None:
        leave_out("needs mkdocs with its theme (pip install -e '.[docs]')")
    folder = tmp_path_factory.mktemp("docs") / "site"
    build(folder)
    return folder


@pytest.mark.slow
def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    found = check_site(site)
    assert found.wrong == []
    assert found.pages > 60
    assert found.links > 3000
    # The theme would draw diagrams with a program that it loads; no page has one.
    assert not [path for path in site.rglob("*.html") if "mermaid" in path.read_text(encoding="utf-8")]


@pytest.mark.slow
def test_both_halves_have_their_pages_and_lead_to_each_other(site: Path) -> None:
    pages = ("index.html", "first-quarter.html", "graph.html", "cases/1-at-the-door.html", "reference/commands.html")
    for page in pages:
        english, chinese = (site / page).read_text(encoding="utf-8"), (site / "zh" / page).read_text(encoding="utf-8")
        up = "../" * page.count("/")
        assert f'href="{up}zh/{page}" hreflang="zh"' in english
        assert f'href="{up}../{page}" hreflang="en"' in chinese
        assert 'lang="zh"' in chinese
    assert "<!-- before" not in "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))


@pytest.mark.slow
def test_the_references_hold_what_the_program_has(site: Path) -> None:
    python = (site / "reference" / "python.html").read_text(encoding="utf-8")
    for name in ("open", "compare", "Workspace", "Matcher", "Person", "RefusedError"):
        assert re.search(rf'id="netpursuit\.[\w.]*\b{name}"', python), name
    asked = (site / "reference" / "http.html").read_text(encoding="utf-8")
    assert "POST /match/{list}" in asked
    assert "GET /api/v1/session" in asked


@pytest.mark.slow
@pytest.mark.parametrize(("half", "words"), [("", "four eyes"), ("zh/", "核查")])
def test_the_search_works_from_a_folder_and_asks_nobody(site: Path, chromium: Browser, half: str, words: str) -> None:
    asked: list[str] = []
    with chromium.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site / half / "index.html").as_uri())
        page.locator(".md-search__input").click()
        expect(page.locator(".md-search-result__meta")).not_to_have_text(
            re.compile("Initializing|初始化"), timeout=60_000
        )
        page.locator(".md-search__input").fill(words)
        page.keyboard.press("End")  # the theme asks when a key is let go
        first = page.locator(".md-search-result__link").first
        first.wait_for(timeout=60_000)
        found = unquote(urlsplit(str(first.get_attribute("href"))).path)
    assert Path(found).is_relative_to(site / half)
    assert words in Path(found).read_text(encoding="utf-8").lower()
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:"))] == []


def test_every_page_is_in_the_navigation(tmp_path: Path) -> None:
    stage = Stage(folder=tmp_path, made=lambda what, lang: f"{what} {lang}")
    stage.fill()
    for lang in ("en", "zh"):
        assert navigation(lang, stage.of_language(lang))[0] == "index.md"
    with pytest.raises(ValueError, match=r"no place of the navigation .*: lost\.md"):
        navigation("en", {*stage.of_language("en"), place_of(DOCS / "lost.md")[1]})
    with pytest.raises(ValueError, match=r"night\.md: in the navigation, but not in docs"):
        navigation("en", stage.of_language("en") - {place_of(DOCS / "night.md")[1]})


def test_links_of_a_page_fit_the_half_of_the_site_in_which_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path / "docs"
    (docs / "cases" / "zh").mkdir(parents=True)
    monkeypatch.setattr("tools.docs_stage.ROOT", tmp_path)
    monkeypatch.setattr("tools.docs_stage.DOCS", docs)
    monkeypatch.setattr("tools.docs_stage.CASES", docs / "cases")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    (tmp_path / "tool.py").write_text("pass\n", encoding="utf-8")
    pages = {
        "index.md": "[中文](index.zh.md) [a](a.md#part) [tool](../tool.py) [cases](cases)\n<!-- not run: no -->\n",
        "index.zh.md": "[English](index.md) [a](a.md) [案例](cases/zh/1.md)\n",
        "a.md": "```console li 2026-01-08 09:00\n$ [x](y)\n```\n",
        "cases/1.md": "[中文](zh/1.md)\n",
        "cases/zh/1.md": "[English](../1.md) [首页](../../index.zh.md)\n",
    }
    for name, text in pages.items():
        (docs / name).write_text(text, encoding="utf-8")
    Stage(folder=tmp_path / "site", made=lambda what, lang: "").fill()
    written = {str(path.relative_to(tmp_path / "site")): path for path in (tmp_path / "site").rglob("*.*")}
    said = {name: path.read_text(encoding="utf-8").split("---\n")[-1] for name, path in written.items()}
    assert said["en/index.md"] == (
        '<a href="zh/index.html">中文</a> [a](a.md#part) [tool](source/tool.py.txt) cases (`docs/cases`)\n'
    )
    assert said["zh/index.md"] == '<a href="../index.html">English</a> <a href="../a.html">a</a> [案例](cases/1.md)\n'
    assert said["en/cases/1.md"] == '<a href="../zh/cases/1.html">中文</a>\n'
    assert said["zh/cases/1.md"] == '<a href="../../cases/1.html">English</a> [首页](../index.md)\n'
    assert said["en/a.md"] == '```{.console title="li, 2026-01-08 09:00"}\n$ [x](y)\n```\n'
    assert said["en/source/tool.py.txt"] == "pass\n"
    (docs / "a.md").write_text("[x](none.md)\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.md: none\.md: there is no such file"):
        Stage(folder=tmp_path / "again", made=lambda what, lang: "").fill()


def test_the_pages_of_commands_name_every_command_and_option() -> None:
    for lang in ("en", "zh"):
        page = commands(lang)
        assert [name for name in COMMANDS if f"## netpursuit {name}\n" not in page] == []
        assert "| `--reason CODE:TASK` |" in page
        assert "### netpursuit leads confirm\n" in page
    assert "退出码" in commands("zh")
    assert r"\[default: 10; 1&lt;=x&lt;=1000\]" in commands("en")


def test_the_page_of_calls_names_every_path_and_shape() -> None:
    from netpursuit.web.app import DESCRIBED
    from netpursuit.web.openapi import description

    described = description(DESCRIBED)
    page = http(described)
    calls = [f"### {method.upper()} {path}\n" for path, found in described["paths"].items() for method in found]
    assert [call for call in calls if call not in page] == []
    shapes = described["components"]["schemas"]
    assert [name for name in shapes if f"### {name}\n" not in page] == []
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= {name.lower() for name in shapes}
    with pytest.raises(ValueError, match="expected commands, http"):
        made("anything", "en")


def test_the_page_about_the_architecture_has_the_layers_of_the_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    block = text.split("```text\n", 1)[1].split("```", 1)[0]
    assert block.split("\n")[:-1] == contract["layers"]
    rows = [row.split("|")[1] for row in text.split("\n") if row.startswith("| `")]
    named = set(re.findall(r"`(\w+)`", " ".join(rows)))
    assert {name for layer in contract["layers"] for name in layer.split(" | ")} - named == set()


def test_every_decision_is_named_and_the_figures_are_the_frozen_ones() -> None:
    named = made("decisions", "en")
    assert [path.name for path in (DOCS / "decisions").glob("0*.md") if f"({path.name})" not in named] == []
    assert "[026 The documentation's site" in named
    assert "| name pairs of people, AUC |" in made("quality", "en")


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ('<a href="none.html">x</a>', "no such file"),
        ('<a href="#none">x</a>', "no such place"),
        ('<a href="/index.html">x</a>', "leads out of the site"),
        ('<script src="https://cdn.example/x.js"></script>', "loads https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "loads //cdn.example/x.css"),
        ('<img src="none.png">', "which is not there"),
        ("<style>@import url(https://cdn.example/f.css);</style>", "loads https://cdn.example/f.css"),
        ('<p style="background: url(https://cdn.example/f.png)">', "loads https://cdn.example/f.png"),
    ],
)
def test_a_link_that_leads_nowhere_and_a_load_from_elsewhere_are_noticed(page: str, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f'<p id="here"></p><a href="#here"></a>{page}', encoding="utf-8")
    found = check_site(tmp_path)
    assert len(found.wrong) == 1
    assert wrong in found.wrong[0]


def test_what_people_follow_to_other_sites_is_listed(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<a href="https://example.org/a">x</a>', encoding="utf-8")
    found = check_site(tmp_path)
    assert found.wrong == []
    assert dict(found.outside) == {"https://example.org/a": 1}
