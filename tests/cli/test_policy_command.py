"""``netpursuit policy``: the table behind every score, and a fitted one in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpursuit.policy.model import Policy
from netpursuit.policy.weights import TABLES
from tests.cli.conftest import AS_OF, Run


@pytest.fixture
def fitted(tmp_path: Path) -> Path:
    """Weights under which the same day says less."""
    file = tmp_path / "fitted.toml"
    file.write_text(
        f'[policy]\nname = "ours"\nbase = "{Policy.shipped().version}"\n[levels.birth-date]\nsame-day = 11200\n',
        encoding="utf-8",
    )
    return file


def test_the_table_names_every_level_with_its_bits_and_why(command: Run, fitted: Path) -> None:
    shown = command("policy", "show", "--json").json
    assert shown["policy"] == Policy.shipped().version
    for name, rows in TABLES.items():
        for level in rows:
            assert shown["levels"][name][level.key]["why"] == level.why
    changed = command("policy", "show", "--policy", fitted, "--json").json
    assert changed["levels"]["birth-date"]["same-day"]["millibits"] == 11_200
    assert changed["policy"] != shown["policy"]
    shipped = Policy.shipped().weight("birth-date", "same-day")
    assert f"+{shipped / 1000:.1f}" in command("policy", "show", "--lang", "en").out
    assert "同一天" in command("policy", "show", "--lang", "zh").out


def test_a_workspace_scores_with_fitted_weights_until_they_are_taken_back(
    command: Run, workspace: Path, fitted: Path
) -> None:
    def ask() -> tuple[str, float]:
        asked = (
            "match",
            "欧阳志远",
            "--birth-date",
            "1985-03-04",
            "--workspace",
            workspace,
            "--as-of",
            AS_OF,
            "--json",
        )
        answer = command(*asked).json
        best = answer["matches"][0]
        return answer["policy"], sum(item["bits"] for item in best["evidence"])

    version, bits = ask()
    used = command("policy", "use", fitted, "--workspace", workspace, "--reason", "check:T-1", "--json")
    assert used.code == 0, used.err
    fitted_version, fitted_bits = ask()
    assert fitted_version == used.json["policy"] != version
    assert fitted_bits == pytest.approx(bits - (Policy.shipped().weight("birth-date", "same-day") - 11_200) / 1000)
    log = command("audit", "show", "--workspace", workspace, "--reason", "check:T-1", "--json")
    assert "policy-use" in log.out
    assert command("policy", "reset", "--workspace", workspace, "--reason", "check:T-1").code == 0
    assert ask() == (version, bits)


def test_weights_fitted_on_another_policy_or_with_unknown_levels_are_refused_whole(
    command: Run, workspace: Path, fitted: Path
) -> None:
    fitted.write_text(
        '[policy]\nbase = "1999"\n[levels.birth-date]\nno-such = 1\nsame-day = 1.5\n[levels.mood]\nx = 1\n'
    )
    refused = command("policy", "use", fitted, "--workspace", workspace, "--reason", "check:T-1")
    assert refused.code == 2
    for problem in ("base", "no-such", "same-day", "mood"):
        assert problem in refused.err
    assert command("policy", "use", fitted.with_name("none.toml"), "--workspace", workspace).code == 2


def test_without_a_reason_the_weights_stay(command: Run, tmp_path: Path, fitted: Path) -> None:
    assert command("policy", "use", fitted, "--workspace", tmp_path / "fresh").code == 4
