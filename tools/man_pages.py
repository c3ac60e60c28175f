"""Writes the manual pages from the definitions of the commands: netpursuit(1), and one for each command below it.

    python -m tools.man_pages FOLDER        FOLDER/man1/netpursuit.1 …, FOLDER/zh_CN/man1/netpursuit.1 …

The build of the package puts them into the wheel, below ``share/man``. Needs Click alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from netpursuit import __version__
from netpursuit.catalogue import Catalogue
from netpursuit.commands import build_cli

FOLDERS = {"en": "man1", "zh": "zh_CN/man1"}
HEADINGS = {
    "name": ("NAME", "名称"),
    "usage": ("SYNOPSIS", "概述"),
    "description": ("DESCRIPTION", "描述"),
    "options": ("OPTIONS", "选项"),
    "commands": ("COMMANDS", "命令"),
    "codes": ("EXIT STATUS", "退出状态"),
    "environment": ("ENVIRONMENT", "环境变量"),
    "see": ("SEE ALSO", "参见"),
    "manual": ("netpursuit manual", "netpursuit 手册"),
}
VARIABLES = {
    "NETPURSUIT_WORKSPACE": (
        "The folder of the workspace, where --workspace names none.",
        "未给出 --workspace 时的工作区文件夹。",
    ),
    "NETPURSUIT_KEYS": (
        "The folder of all keys; else each workspace's keys lie beside it, in WORKSPACE-keys.",
        "所有密钥的文件夹；否则各工作区的密钥在其旁边的 WORKSPACE-keys。",
    ),
    "NETPURSUIT_LANG": ("Language of messages and reports: en or zh.", "消息与报告的语言：en 或 zh。"),
    "NETPURSUIT_NEO4J_URI": (
        "The server that holds the link graph; else it stands in the workspace.",
        "保存关系图的服务器；未设定时关系图在工作区内。",
    ),
    "NETPURSUIT_NEO4J_USER": ("Its user (neo4j).", "该服务器的用户（neo4j）。"),
    "NETPURSUIT_NEO4J_PASSWORD": ("The password of that user.", "该用户的密码。"),
    "NETPURSUIT_NEO4J_DATABASE": (
        "The database on it; else the server's default.",
        "其中的数据库；否则用服务器默认的。",
    ),
    "NETPURSUIT_LOAD_NEO4J_USER": ("The user for graph load (neo4j).", "graph load 所用服务器的用户（neo4j）。"),
    "NETPURSUIT_LOAD_NEO4J_PASSWORD": (
        "The password for graph load; else it asks.",
        "graph load 所用的密码；否则会询问。",
    ),
    "NETPURSUIT_SPARK_MASTER": (
        "The Spark cluster, where --spark-master names none.",
        "未给出 --spark-master 时的 Spark 集群地址。",
    ),
    "NETPURSUIT_KERNEL": ("reference: NumPy does what the native kernel would.", "reference：由 NumPy 代替原生内核。"),
    "NETPURSUIT_DEBUG": (
        "Errors of the program show where they arose, with values: for invented data only.",
        "程序故障时显示出处和数值，仅用于虚构数据。",
    ),
}


# Where a line may end without a space: between alternatives, and between Chinese characters.
_BREAKS = re.compile(
    r"(?<=\|)(?=\w)|(?<=[\u4e00-\u9fff，。；：、）”])(?=[\w\u4e00-\u9fff（“])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff（“])",
    re.ASCII,
)


def plain(text: str) -> str:
    """Text as roff has it: nothing in it is a request or an escape, and a hyphen stays one that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    escaped = escaped.replace("^", "\\(ha").replace("~", "\\(ti").replace('"', "\\(dq")
    escaped = _BREAKS.sub("\\\\:", escaped)
    return "\n".join(f"\\&{line}" if line.startswith(".") else line for line in escaped.split("\n"))


def paragraphs(text: str) -> Iterator[str]:
    """One after another; what Click is told to leave as it is (``\\b``) stays so."""
    for number, part in enumerate(re.split(r"\n\s*\n", text.strip())):
        if number:
            yield ".PP"
        if part.startswith("\b"):
            yield f".nf\n{plain(part.lstrip(chr(8)).strip(chr(10)))}\n.fi"
        else:
            yield plain(" ".join(part.split()))


class Writer:
    """The pages in one language."""

    def __init__(self, lang: str) -> None:
        self.words = Catalogue(lang)
        self._at = list(FOLDERS).index(lang)
        self._tree = build_cli(self.words)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Name of the file and content of each page."""
        context = click.Context(self._tree, info_name="netpursuit", **self._tree.context_settings)
        children = list(self._children(self._tree, context))
        names = [name for name, _, _ in children]
        yield "netpursuit.1", self._page("netpursuit", self._of_program(context, children), names)
        for name, command, inner in children:
            yield f"netpursuit-{name}.1", self._page(f"netpursuit-{name}", self._of_command(command, inner), [])

    def _heading(self, key: str) -> str:
        return HEADINGS[key][self._at]

    def _section(self, key: str) -> str:
        return f".SH {plain(self._heading(key))}"

    @staticmethod
    def _children(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
        assert isinstance(command, click.Group)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield name, child, click.Context(child, info_name=name, parent=context)

    def _page(self, name: str, lines: Iterator[str], others: Sequence[str]) -> str:
        head = f'.TH {plain(name.upper())} 1 "" "netpursuit {__version__}" "{plain(self._heading("manual"))}"'
        see = [f"netpursuit\\-{plain(other)}" for other in others] or ["netpursuit"]
        see_also = "\n".join(f".BR {page} (1){',' if page is not see[-1] else ''}" for page in see)
        return "\n".join([head, ".nh", ".ad l", *lines, self._section("see"), see_also, ""])

    def _name(self, name: str, short: str) -> Iterator[str]:
        yield self._section("name")
        yield f"{plain(name)} \\- {plain(short.rstrip('.。'))}"

    def _usage(self, command: click.Command, context: click.Context) -> str:
        pieces = " ".join(command.collect_usage_pieces(context))
        return f".B {plain(context.command_path)}\n{plain(pieces)}" if pieces else f".B {plain(context.command_path)}"

    def _options(self, command: click.Command, context: click.Context) -> Iterator[str]:
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context)
            if record is not None and record[1]:  # an argument stands in the usage, and the text speaks of it
                yield f".TP\n\\fB{plain(record[0])}\\fR\n{plain(' '.join(record[1].split()))}"

    def _of_program(
        self, context: click.Context, children: Sequence[tuple[str, click.Command, click.Context]]
    ) -> Iterator[str]:
        said = self._tree.help or ""
        yield from self._name("netpursuit", re.split(r"(?<=[.。]) ?", said)[0])
        yield self._section("usage")
        yield self._usage(self._tree, context)
        yield self._section("description")
        yield from paragraphs(said)
        yield self._section("commands")
        for name, _, _ in children:
            yield f".TP\n\\fBnetpursuit\\-{plain(name)}\\fR(1)\n{plain(self.words(f'help.{name}.short'))}"
        yield self._section("options")
        yield from self._options(self._tree, context)
        yield self._section("environment")
        for variable, said_of in VARIABLES.items():
            yield f".TP\n.B {variable}\n{plain(said_of[self._at])}"
        yield self._section("codes")
        yield from paragraphs(self._tree.epilog or "")

    def _of_command(self, command: click.Command, context: click.Context) -> Iterator[str]:
        name = context.info_name or ""
        yield from self._name(f"netpursuit-{name}", self.words(f"help.{name}.short"))
        yield self._section("usage")
        yield self._usage(command, context)
        yield self._section("description")
        yield from paragraphs(command.help or "")
        yield self._section("options")
        yield from self._options(command, context)
        if isinstance(command, click.Group):
            yield self._section("commands")
            yield from self._below(command, context)

    def _below(self, group: click.Command, context: click.Context) -> Iterator[str]:
        for _, child, inner in self._children(group, context):
            yield f".SS {plain(inner.command_path)}"
            if isinstance(child, click.Group):
                yield from paragraphs(child.help or "")
                yield from self._below(child, inner)
                continue
            yield self._usage(child, inner)
            yield ".PP"
            yield from paragraphs(child.help or "")
            yield from self._options(child, inner)


def write(folder: Path) -> list[Path]:
    """All pages below a folder, in both languages; answers their files."""
    written = []
    for lang, place in FOLDERS.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        for name, content in Writer(lang).pages():
            file = folder / place / name
            file.write_text(content, encoding="utf-8", newline="\n")
            written.append(file)
    return written


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python -m tools.man_pages FOLDER", file=sys.stderr)
        return 2
    write(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
