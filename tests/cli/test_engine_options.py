"""What ``screen --engine`` asks for, and what it says where Spark cannot run; no Java is started here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Run


def asked(feed: Path, register: Path, workspace: Path) -> tuple[object, ...]:
    return ("screen", register, "--feed", feed, "--workspace", workspace, "--as-of", AS_OF)


def test_without_java_it_says_what_is_missing_in_both_languages(
    command: Run, workspace: Path, feed: Path, register: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("JAVA_HOME", "PYSPARK_GATEWAY_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    english = command(*asked(feed, register, workspace), "--engine", "spark", "--lang", "en")
    assert english.code == 2
    assert "--engine spark: the Spark engine needs Java, expected Java 17 or later" in english.err
    chinese = command(*asked(feed, register, workspace), "--engine", "spark", "--lang", "zh")
    assert chinese.code == 2
    assert "Spark 引擎需要 Java" in chinese.err


def test_without_pyspark_it_says_what_to_install(
    command: Run, workspace: Path, feed: Path, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    answer = command(*asked(feed, register, workspace), "--engine", "spark", "--lang", "en")
    assert answer.code == 2
    assert "the Spark engine needs PySpark, expected pip install 'netpursuit[spark]'" in answer.err
    assert "需要 PySpark" in command(*asked(feed, register, workspace), "--engine", "spark", "--lang", "zh").err


def test_what_belongs_to_the_other_engine_is_refused(command: Run, workspace: Path, feed: Path, register: Path) -> None:
    many = command(*asked(feed, register, workspace), "--engine", "spark", "--workers", "2", "--lang", "en")
    assert many.code == 2
    assert "--workers: Spark says how many work" in many.err
    lone = command(*asked(feed, register, workspace), "--spark-master", "local[2]", "--lang", "en")
    assert lone.code == 2
    assert "--spark-master: a cluster without Spark, expected --engine spark" in lone.err
