"""What a command loads before it answers: time that a query from the shell would take for nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Run, environment

LOADED = """
import sys
from netpursuit.cli import run
code = run(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""
# Readers, writers and libraries of other commands; what only some inputs need; what needs a tenth of a second to start.
OF_OTHERS = {
    *("neo4j", "networkx", "jinja2", "pyarrow", "python_calamine", "defusedxml", "resvg_py", "charset_normalizer"),
    *("pypinyin", "phonenumbers", "stdnum", "platformdirs", "multiprocessing", "asyncio", "ssl", "email", "tomllib"),
    *("importlib.metadata", "numpy.ma", "netpursuit.api", "netpursuit.demo", "netpursuit.engines", "netpursuit.review"),
    *("netpursuit.screening", "netpursuit.evaluation", "netpursuit.sources.registrations.reader"),
    *("netpursuit.sources.lists.registry", "netpursuit.reports.waterfall", "netpursuit.reports.page"),
}
OF_MATCHING = {"numpy", "rapidfuzz", "jellyfish", "netpursuit.match", "netpursuit.index", "netpursuit.evidence"}
OF_GRAPHS = {"netpursuit.graph", "netpursuit.links", "netpursuit.records.graph", "netpursuit.stores.graph_sqlite"}
OF_NIGHTS = {"netpursuit.records.leads", "netpursuit.records.registrations", "netpursuit.records.deliveries"}
OF_WORKSPACES = {"sqlite3", "cryptography", "rich", "netpursuit.records", "netpursuit.wiring"}


def loaded(keys: Path, *arguments: object) -> set[str]:
    """The modules in memory after a command that ran in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(NETPURSUIT_KEYS=str(keys)),
    )
    assert done.returncode in (0, 3), done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the keys of workspaces stand; asked for before the workspace is made."""
    monkeypatch.setenv("NETPURSUIT_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def test_a_query_loads_only_what_it_needs(keys: Path, workspace: Path, command: Run) -> None:
    asked = ("match", "Ouyang Zhiyuan", "--birth-date", "1985-03-04", "--as-of", AS_OF, "--workspace", workspace)
    first = command(*asked)
    assert first.code == 0, first.err  # and the index is there
    modules = loaded(keys, *asked)
    assert {"numpy", "netpursuit.match", "rich"} <= modules
    assert modules & (OF_OTHERS | OF_GRAPHS | OF_NIGHTS | {"netpursuit.ids.addresses"}) == set()


def test_what_compares_nothing_loads_no_numpy(keys: Path, workspace: Path) -> None:
    for arguments in (("leads", "list"), ("lists", "show"), ("graph", "status"), ("reason", "show"), ("audit", "show")):
        modules = loaded(keys, *arguments, "--workspace", workspace)
        assert "sqlite3" in modules
        assert modules & (OF_OTHERS | OF_MATCHING) - {"netpursuit.review"} == set(), arguments


def test_a_question_to_the_graph_loads_no_numpy(keys: Path, workspace: Path, command: Run) -> None:
    asked = ("graph", "neighbours", "Entry:wanted:W1", "--as-of", AS_OF, "--workspace", workspace)
    assert command(*asked).code == 0  # and the graph is up to date
    modules = loaded(keys, *asked)
    assert "netpursuit.stores.graph_sqlite" in modules
    assert modules & (OF_OTHERS | OF_MATCHING) == set()


@pytest.mark.parametrize("arguments", [("--help",), ("match", "--help"), ("leads", "list", "--help")])
def test_help_loads_words_and_options(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    modules = loaded(tmp_path, *arguments)
    assert "netpursuit.catalogue" in modules
    assert modules & (OF_OTHERS | OF_MATCHING | OF_GRAPHS | OF_WORKSPACES) - {"netpursuit.records"} == set()
