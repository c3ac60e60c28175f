"""A workspace with a small list of invented people, and a way to run commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from netpursuit.cli import run
from tests.publisher import publisher

__all__ = ["publisher"]

MAPPING = """
[list]
publisher = "虚构省公安厅"
title = "在逃人员名单"
own = true
instrument = "arrest-warrant"
authority = "虚构省人民检察院"
list_date = 2026-04-01

[columns]
entry_id = "编号"
name = "姓名"
aliases = "别名"
sex = "性别"
birth_date = "出生日期"
id_number = "公民身份号码"
registered_address = "户籍地址"
offence = "案由"
issuing_unit = "立案单位"
issuing_phone = "联系电话"
document_number = "法律文书号"
issue_date = "通缉日期"
review_by = "复核日期"

[defaults]
id_type = "居民身份证"
id_country = "CN"
"""

HEADER = "编号,姓名,别名,性别,出生日期,公民身份号码,户籍地址,案由,立案单位,联系电话,法律文书号,通缉日期,复核日期"
PEOPLE = (
    "W1,欧阳志远,阿远|Ouyang Zhiyuan,男,1985-03-04,990101198503040010,虚构省幻县一路1号,盗窃,幻县公安局,"
    "000-1,幻捕字1号,2026-03-01,2026-06-20",
    "W2,章玉琴,,女,1971-11-23,,虚构省幻县二路2号,诈骗,幻县公安局,000-1,幻捕字2号,2026-03-01,2026-06-20",
    "W3,阿卜杜热西提·买买提,,男,1966-06-06,,虚构省幻县三路3号,抢劫,幻县公安局,000-1,幻捕字3号,2026-03-01,2026-04-15",
)
AS_OF = "2026-04-10"

FEED = {
    "feed_id": '"rental"',
    "legal_basis": '"出租房屋管理规定"',
    "area": '"幻县"',
    "period_from": "2026-01-01",
    "period_to": "2026-12-31",
    "purpose": '"查找在逃人员"',
    "screened_roles": '["tenant", "occupant"]',
    "time_zone": '"Asia/Shanghai"',
    "expires_on": "2026-12-31",
}
COLUMNS = {
    "registration_id": "登记编号",
    "name": "姓名",
    "birth_date": "出生日期",
    "id_number": "公民身份号码",
    "phone": "手机号",
    "address": "现住址",
    "start_date": "入住日期",
}


def feed_text(columns: dict[str, str] | None = None, **changed: str | None) -> str:
    """A feed file; a setting changed to None is left out."""
    settings = {key: value for key, value in {**FEED, **changed}.items() if value is not None}
    named = COLUMNS if columns is None else columns
    lines = [f"{key} = {value}" for key, value in settings.items()]
    return "\n".join([*lines, "[columns]", *(f'{key} = "{header}"' for key, header in named.items()), ""])


def register_text(*rows: str) -> str:
    """A CSV register with the columns of ``COLUMNS``."""
    return "\n".join([",".join(COLUMNS.values()), *rows, ""])


def environment(**more: str) -> dict[str, str]:
    """What a child process is started with."""
    return {**{key: value for key, value in os.environ.items() if not key.startswith("NETPURSUIT_")}, **more}


def start(*arguments: object, **more: Any) -> subprocess.Popen[bytes]:
    """``netpursuit`` as a process of its own, its standard streams piped."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment()} | more
    return subprocess.Popen([sys.executable, "-m", "netpursuit", *map(str, arguments)], **streams)


@dataclass
class Answer:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def call(*arguments: str) -> Answer:
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def wanted(tmp_path: Path) -> tuple[Path, Path]:
    """A list of a user's own and its mapping file."""
    listed, mapping = tmp_path / "wanted.csv", tmp_path / "mapping.toml"
    listed.write_text("\n".join([HEADER, *PEOPLE]) + "\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return listed, mapping


@pytest.fixture
def workspace(tmp_path: Path, command: Run, wanted: tuple[Path, Path]) -> Path:
    """A workspace that holds the list as of ``AS_OF`` and has a reason chosen."""
    folder = tmp_path / "ws"
    assert command("reason", "set", "check:T-1", "--workspace", folder).code == 0
    listed, mapping = wanted
    added = command(
        "lists", "add", listed, "--list", "wanted", "--mapping", mapping, "--as-of", AS_OF, "--workspace", folder
    )
    assert added.code == 0, added.err
    return folder


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """A feed file that may run."""
    file = tmp_path / "rental.toml"
    file.write_text(feed_text(), encoding="utf-8")
    return file


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Five registrations: two people of the list, a namesake born elsewhere in time, a stranger, an unusable row."""
    file = tmp_path / "register.csv"
    rows = (
        "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,2026-04-02",
        "R2,章玉琴,1971-11-23,,,幻县虚构路13号101室,2026-04-04",
        "R3,章玉琴,1999-02-05,,13800138003,幻县虚构路14号,2026-04-04",
        "R4,李明,1990-05-06,,13800138001,幻县虚构路12号502,2026-04-03",
        "R5,赵某某,1991-13-01,,13800138002,幻县虚构路12号503,2026-04-03",
    )
    file.write_text(register_text(*rows), encoding="utf-8")
    return file
