"""Who states what in the link graph, in the reader's language: all that the program itself writes of it."""

from __future__ import annotations

import re

import pytest

from netpursuit.catalogue import Catalogue, all_words
from netpursuit.graph import registration_source
from netpursuit.links.call_notes import Calls, DayOfCalls

ZH = Catalogue("zh")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (registration_source("rental", "R, 1"), "数据源 rental，登记 R, 1"),
        ("list un; lead L-23456; group G-7", "名单 un；线索 L-23456；同一人组 G-7"),
        ("attached calls", "附入的 calls"),
        ("attached calls:12", "附入的 calls 第 12 行"),
        (
            "imported knows.edges.csv:2; imported knows.edges.csv:3",
            "导入的 knows.edges.csv 第 2 行；导入的 knows.edges.csv 第 3 行",
        ),
        ("somebody else", "somebody else"),
    ],
)
def test_a_source_is_said_in_chinese_and_its_names_stand_as_they_are(source: str, said: str) -> None:
    assert ZH.source(source) == said
    assert Catalogue("en").source(source) == source


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("possible, 14.2 bits", "中，14.2 比特"),
        ("strong, 31.0 bits, confirmed by Li, Hua", "强，31.0 比特，由 Li, Hua 核实"),
        ("tenant, drawn in under case K-1", "承租人，在案件 K-1 下纳入"),
        (
            str(DayOfCalls(calls=3, seconds=120, first="08:01:12", last="22:14:05", line=12)),
            "3 次通话，120 秒，08:01:12 至 22:14:05，自第 12 行起",
        ),
        (str(DayOfCalls(calls=1, first="08:01:12", last="08:01:12")), "1 次通话，08:01:12"),
        (str(Calls(calls=1, days=1, seconds=None, first="", last="")), "1 天内 1 次通话"),
        (str(Calls(calls=4, days=2, seconds=9, first="", last="")), "2 天内 4 次通话，9 秒"),
        ("brother of {him}, 3 calls", "brother of {him}, 3 calls"),
    ],
)
def test_a_remark_is_said_in_chinese_as_far_as_the_program_wrote_it(note: str, said: str) -> None:
    assert ZH.remark(note) == said.replace("中，14.2", f"{ZH('band.possible')}，14.2")
    assert Catalogue("en").remark(note) == note


def test_the_page_reads_numbers_where_the_program_does() -> None:
    forms = [texts["en"] for key, texts in all_words().items() if key.startswith("cited.")]
    fields = {field for form in forms for field in re.findall(r"\{(\w+)\}", form)}
    assert fields == {
        *("feed", "registration", "list", "lead", "group", "file", "case", "name", "band", "role"),
        *("line", "bits", "calls", "days", "seconds", "began", "ended"),  # NUMBERS of web/src/cited.ts
    }


def test_a_form_of_the_graph_takes_no_field_from_a_sentence() -> None:
    said = ZH.sentence(
        "the clock says 2026-01-02T10:00:00Z, before the last log record (2026-01-02T11:00:00Z): "
        "set the machine's clock"
    )
    assert said == "系统时间 2026-01-02T10:00:00Z 早于最后一条日志（2026-01-02T11:00:00Z）：请校准时钟"
