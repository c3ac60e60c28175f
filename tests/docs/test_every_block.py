"""Every block of the documentation is run and shows what it prints; what is not run is listed."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from tools.doc_blocks import CASES, ROOT, all_pages, read_page
from tools.refresh_cases import blocks_of
from tools.refresh_docs import NOT_RUN, not_run, read_toml, run_page

# The worked cases have tests of their own.
PAGES = [path for path in all_pages() if CASES not in path.parents]
QUICK = {"README.md", "README.zh.md", "docs/first-quarter.md"}


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _with_blocks(quick: bool) -> list[Path]:
    return [path for path in PAGES if (_named(path) in QUICK) is quick and read_page(path).fences]


def _holds(path: Path, folder: Path) -> None:
    folder.mkdir()
    done = run_page(read_page(path), folder)
    assert done.failed == []
    stands = path.read_text(encoding="utf-8").split("\n")
    differs = "\n".join(difflib.unified_diff(stands, done.lines, "the page", "printed now", lineterm="", n=1))
    assert not differs, f"python -m tools.refresh_docs {_named(path)} writes what is printed now:\n{differs}"


@pytest.mark.parametrize("path", _with_blocks(quick=True), ids=_named)
def test_the_blocks_of_the_first_pages_run(path: Path, tmp_path: Path) -> None:
    _holds(path, tmp_path / "page")


@pytest.mark.slow
@pytest.mark.parametrize("path", _with_blocks(quick=False), ids=_named)
def test_the_blocks_of_a_page_run(path: Path, tmp_path: Path) -> None:
    _holds(path, tmp_path / "page")


def test_what_is_not_run_is_listed_and_says_why() -> None:
    stands = NOT_RUN.read_text(encoding="utf-8").splitlines()
    assert not_run() == stands, "python -m tools.refresh_docs --not-run writes the list anew: look at what it adds"
    blocks = sum(len(read_page(path).fences) for path in all_pages())
    left_out = [line for line in stands if ": not run " in line]
    assert len(left_out) <= 50, "more blocks than ever are not run"
    assert blocks > 4 * len(left_out)
    assert all(len(line.partition(": not run ")[2]) > 10 for line in left_out)


def test_whoever_is_said_to_run_a_block_is_there() -> None:
    for path in all_pages():
        for fence in read_page(path).fences:
            if named := fence.remarks.get("run by"):
                file, _, test = named.partition("::")
                assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), (path, named)
            for file in re.findall(r"tests/[\w/.]+", fence.remarks.get("not run", "")):
                assert (ROOT / file).exists(), (path, file)


def _page(folder: Path, text: str) -> Path:
    path = folder / "9-none.md"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("```\nnetpursuit leads list\n```\n", "exit code 2"),
        ("```sh\nfalse\n```\n", "exit code 1"),
        ("```python\n1 / 0\n```\n", "ZeroDivisionError"),
        ("```toml\n[retain]\nenabled = 7\n```\n", "cannot be read"),
        ("```toml\ncolour = 7\n```\n", "no known kind"),
        ("```json\n{\n```\n", "cannot be read"),
        ("```text\n$ ls\n```\n", "nothing is known"),
        ("```rust\nlet a = 1;\n```\n", "nothing is known"),
        ("<!-- ends: 3 -->\n```\nnetpursuit whoami\n```\n", "exit code"),
    ],
)
def test_a_block_that_does_not_hold_is_noticed(
    text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.doc_blocks.ROOT", tmp_path)
    (tmp_path / "folder").mkdir()
    done = run_page(read_page(_page(tmp_path, text)), tmp_path / "folder")
    assert len(done.failed) == 1
    assert says in done.failed[0]


def test_what_a_block_printed_before_is_noticed_and_what_is_left_out_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.doc_blocks.ROOT", tmp_path)
    text = (
        "```console li 2026-01-08 09:00\n$ printf 'one\\ntwo\\nthree\\n'\none\n…\nfour\n```\n"
        "\n```python\nprint(6 * 7)\n```\n\n```text\n41\n```\n"
    )
    (tmp_path / "folder").mkdir()
    done = run_page(read_page(_page(tmp_path, text)), tmp_path / "folder")
    assert "\n".join(done.lines) == text.replace("four", "three").replace("41", "42")
    assert done.failed == []


@pytest.mark.parametrize(
    "text", ["```\nnetpursuit whoami\n", "  ```\n  ls\n  ```\n", "<!-- before li 2026-01-08 09:00\n$ ls\n"]
)
def test_a_block_without_an_end_or_within_a_line_is_an_error(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"9-none\.md:1: a block"):
        read_page(_page(tmp_path, text))


def test_configurations_are_read_by_their_own_readers(tmp_path: Path) -> None:
    demo = ROOT / "netpursuit" / "demo"
    for name in ("xugou.toml", "wanted_mapping.toml"):
        text = (demo / name).read_text(encoding="utf-8")
        read_toml(text, tmp_path)
        with pytest.raises(Exception, match="nothing"):
            read_toml(text.replace("[columns]", '[columns]\nnothing = "x"'), tmp_path)


@pytest.mark.parametrize("name", ["first-quarter", "reading-a-match"])
def test_a_guide_in_both_languages_walks_the_same_way(name: str) -> None:
    def walked(page: Path) -> tuple[list[tuple[str, str]], set[str]]:
        blocks = blocks_of(page.read_text(encoding="utf-8"))
        verbs = {" ".join(command[0].split()[1:4]) for block in blocks for command in block.commands}
        return [(block.user, str(block.at)) for block in blocks], {verb.partition(" -")[0] for verb in verbs}

    english, chinese = (walked(ROOT / "docs" / f"{name}{half}.md") for half in ("", ".zh"))
    assert chinese[0] == english[0]
    assert chinese[1] <= english[1]
