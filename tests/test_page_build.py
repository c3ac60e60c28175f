"""The page is built where it is missing or older than its sources, and nowhere else; without Node, nothing breaks."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from tools import page


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with sources of a page and a built page of them."""
    (tmp_path / "web" / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "src/main.tsx"):
        (tmp_path / "web" / name).write_text("{}", encoding="utf-8")
    built = tmp_path / page.BUILT
    built.mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (built / page.NOTICES).write_text("", encoding="utf-8")
    (built / page.DIGEST).write_text(page.digest_of_sources(tmp_path), encoding="ascii")
    return tmp_path


def node(folder: Path, version: str) -> None:
    for name, text in (("node", f"echo {version}"), ("npm", "exit 1")):
        path = folder / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_page_is_fresh_until_a_source_changes_comes_or_goes(root: Path) -> None:
    assert page.is_fresh(root)
    source = root / "web" / "src" / "main.tsx"
    for change in (lambda: source.write_text("{ }"), lambda: source.rename(source.with_name("other.tsx"))):
        change()
        assert not page.is_fresh(root)
        (root / page.BUILT / page.DIGEST).write_text(page.digest_of_sources(root), encoding="ascii")
        assert page.is_fresh(root)


def test_tests_and_downloads_make_no_page_old(root: Path) -> None:
    for name in ("node_modules/preact/index.js", "tests/a.test.ts"):
        path = root / "web" / name
        path.parent.mkdir(parents=True)
        path.write_text("1", encoding="utf-8")
    assert page.is_fresh(root)


def test_without_sources_a_built_page_is_taken_as_it_is(root: Path) -> None:
    shutil.rmtree(root / "web")
    assert page.is_fresh(root)
    (root / page.BUILT / "index.html").unlink()
    assert not page.is_fresh(root)


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        *(("v18.19.0", False), ("v20.18.1", False), ("v20.19.0", True), ("v21.7.0", False), ("v22.11.0", False)),
        *(("v22.12.0", True), ("v24.0.0", True), ("none", False)),
    ],
)
def test_a_node_is_taken_where_the_build_runs_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, fits: bool
) -> None:
    node(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (page.node_of_machine() is not None) == fits


def test_a_node_without_npm_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node(tmp_path, "v22.12.0")
    (tmp_path / "npm").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert page.node_of_machine() is None


def test_a_build_that_fails_leaves_the_page_as_it_was(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    node(tmp_path / "bin", "v22.12.0")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (root / "web" / "src" / "main.tsx").write_text("changed", encoding="utf-8")
    found = page.node_of_machine()
    assert found is not None
    with pytest.raises(page.PageError, match="npm ended with 1"):
        page.build(root, found)
    assert (root / page.BUILT / "index.html").is_file()
    assert not page.is_fresh(root), "so that the next one tries again"
