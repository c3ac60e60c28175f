"""Errors and refusals read in Chinese with ``--lang zh``, say everything once, and keep their exit code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Answer, Run, feed_text, register_text

# Three words in Latin letters in a row, or two of more than two letters: a sentence. Options, paths, ids are none.
SENTENCE = re.compile(r"(?<![\w./-])[A-Za-z]{2,}(?:[ ,;:]+[A-Za-z']{2,}){2,}(?![\w./-])")
HAN = re.compile("[\u4e00-\u9fff]")
NAMES = re.compile(
    r"--[\w-]+|netpursuit(?: [a-z-]+)*|[\w./-]*\.(?:csv|toml|json|sqlite)[:\d]*|/[\w./-]+|LIST:ENTRY|YYYY-MM-DD|'[^']*'"
    r"|(?:[a-z_-]+(?:, |、))+[a-z_-]+|\[OPTIONS\].*"  # lists of keys and choices, and the line of usage
)


def latin_sentences(text: str) -> list[str]:
    return SENTENCE.findall(NAMES.sub("·", text))


def test_the_measure_finds_english_and_lets_names_pass() -> None:
    assert latin_sentences("错误：the file is empty")
    assert latin_sentences("已拒绝：该案件已关闭。 (case is closed)")
    assert not latin_sentences("错误：/tmp/a b/wanted.csv:3：列 name 重复出现；应为：netpursuit feed init 与 --force")


ASKED: list[tuple[int, tuple[str, ...]]] = [
    (4, ("match", "张*")),
    (4, ("match", "张")),
    (4, ("match", "--phone", "138")),
    (4, ("match", "--id", "CN:650102199003******")),
    (4, ("match", "--nationality", "CN")),
    (4, ("match", "欧阳志远", "--case", "NO-1")),
    (4, ("match", "欧阳志远", "--reason", "why")),
    (4, ("match", "欧阳志远", "--reason", "why:T-1")),
    (2, ("match", "欧阳志远", "--birth-date", "1985-99-99")),
    (2, ("match", "欧阳志远", "--birth-date", "2070")),
    (2, ("match", "欧阳志远", "--sex", "perhaps")),
    (2, ("match", "欧阳志远", "--nationality", "Chinese")),
    (2, ("match", "欧阳志远", "--against", "nocolon")),
    (2, ("match", "--phone", "abc")),
    (2, ("match", "P<UTOERIKSSON<<ANNA<MARIA")),
    (2, ("match", "--record", "missing.json")),
    (2, ("match", "欧阳志远", "--limit", "0")),
    (2, ("match", "欧阳志远", "--min-band", "certain")),
    (2, ("match", "欧阳志远", "--nonsense")),
    (2, ("mtach",)),
    (2, ("screen",)),
    (2, ("screen", "missing.csv", "--feed", "FEED")),
    (2, ("screen", "EMPTY", "--feed", "FEED")),
    (2, ("screen", "BINARY", "--feed", "FEED")),
    (2, ("screen", "missing.csv", "--feed", "missing.toml")),
    (2, ("screen", "missing.csv", "--feed", "BAD")),
    (2, ("screen", "missing.csv", "--feed", "FEED", "--out", "leads.txt")),
    (2, ("lists", "add", "missing.csv", "--list", "x")),
    (2, ("lists", "add", "EMPTY", "--list", "x")),
    (2, ("lists", "add", "EMPTY", "--list", "a b")),
    (2, ("lists", "add", "WANTED", "--list", "wanted", "--mapping", "MAPPING", "--date", "2026-13-01")),
    (2, ("lists", "add", "WANTED", "--list", "wanted", "--mapping", "MAPPING", "--date", "2026-03-30")),
    (2, ("lists", "remove", "nothing")),
    (2, ("feed", "check", "BAD")),
    (2, ("feed", "init", "missing.csv")),
    (4, ("feed", "check", "FEED", "--as-of", "2029-01-01")),
    (2, ("leads", "show", "L-NONE")),
    (2, ("leads", "list", "--reason", "check:T-1", "--case", "NO-1")),
    (4, ("graph", "brokers", "Lead:L-NONE")),
    (2, ("graph", "neighbours", "Lead:L-NONE")),
    (2, ("graph", "neighbours")),
]


@pytest.mark.parametrize(
    ("code", "arguments"), ASKED, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_errors_and_refusals_hold_no_english_sentence(
    command: Run, workspace: Path, feed: Path, wanted: tuple[Path, Path], tmp_path: Path, code: int, arguments: object
) -> None:
    bad, empty, binary = tmp_path / "bad.toml", tmp_path / "empty.csv", tmp_path / "binary.csv"
    wrong = {"legal_basis": None, "area": '""', "expires_on": '"soon"', "screened_roles": '["king"]', "colour": "1"}
    bad.write_text(feed_text(**wrong), encoding="utf-8")
    empty.write_bytes(b"")
    binary.write_bytes(b"\x00\x01\x02" * 900)
    files = {"FEED": feed, "BAD": bad, "EMPTY": empty, "BINARY": binary, "WANTED": wanted[0], "MAPPING": wanted[1]}
    assert isinstance(arguments, tuple)
    given = [files.get(one, tmp_path / one if one.startswith("missing") else one) for one in arguments]
    place = () if arguments[0] in ("feed", "mtach") else ("--workspace", workspace)
    answer: Answer = command(*given, *place, "--lang", "zh")
    assert answer.code == code, answer.err
    assert answer.out == ""
    assert HAN.search(answer.err), answer.err
    assert latin_sentences(answer.err) == [], answer.err


def test_a_refusal_says_its_rule_once_and_names_what_it_was_applied_to(command: Run, workspace: Path) -> None:
    refused = command("match", "欧阳志远", "--case", "NO-1", "--workspace", workspace, "--lang", "en").err
    assert refused == "Refused: There is no such case. (NO-1)\n"
    group = command("match", "张*", "--workspace", workspace, "--lang", "en").err
    assert group.count("wildcards") == 1


def test_what_is_shown_of_the_evidence_is_chinese_too(command: Run, workspace: Path, tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    people = (
        {"names": "Ouyang Zhiyuan Maria", "birth_date": "04/03/1985", "id_number": "990101198503040110"},
        {"names": "Zhang Yuqing Maria", "birth_date": "1971-11-23"},
    )
    record.write_text("\n".join(json.dumps(person) for person in people), encoding="utf-8")
    explain = ("--explain", "--min-band", "weak", "--against", "wanted:W1")
    shown = command("match", "--record", record, *explain, "--workspace", workspace, "--as-of", AS_OF, "--lang", "zh")
    assert shown.code == 0, shown.err
    for said in ("ouyang=ouyang 相同", "zhang=章 读音对应", "折减为", "校验位错误：左侧"):
        assert said in shown.out
    for english in ("reading", "damped", "weak alias", "wrong check", "read from"):
        assert english not in shown.out


def test_quarantined_rows_say_what_was_expected_in_chinese(
    command: Run, workspace: Path, feed: Path, tmp_path: Path
) -> None:
    register = tmp_path / "register.csv"
    rows = ("R1,甲,1991-13-01,,,,2026-04-02", "R2,,,,,幻县,2026-04-02", "R3,甲", "R4,乙,,,,,", "R4,乙,,,,,")
    register.write_text(register_text(*rows), encoding="utf-8")
    at = ("--workspace", workspace, "--lang", "zh")
    assert command("screen", register, "--feed", feed, "--as-of", AS_OF, *at).code == 0
    shown = command("quarantine", "show", *at).out
    assert len(shown.splitlines()) == 4
    assert latin_sentences(shown) == []
    for said in ("日期，如 1985-04-03", "姓名或证件号码", "7 个单元格", "不同的登记编号"):
        assert said in shown
