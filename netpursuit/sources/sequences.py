"""The sequence file: analyses of the link graph in their order, in TOML, validated whole.

::

    name = "…"                   # name_zh, description_zh in Chinese besides
    description = "…"
    [[step]]
    name = "together"            # optional: letters, digits, '_' and '-', by which later steps refer to it
    analysis = "co-residents"    # any question of netpursuit graph
    nodes = "start"              # those named at the command line
    from = 2026-01-01            # optional, as are to, hops, limit, edge; or { days_ago = 90 }
    edge = ["stayed-at"]
    [[step]]
    analysis = "shared-phone"
    nodes = { step = "together", kind = "Subject" }    # those of a kind in the answer of an earlier step

It says what is asked, never of whom, so that whoever passes it on passes nobody on: a file that names a node, or holds
a person's number anywhere, comments included, is refused.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from netpursuit.enquiry.imported import find_nonsense
from netpursuit.errors import InputError, SettingsError
from netpursuit.links.analyses import ANALYSES
from netpursuit.links.sequences import MOST_STEPS, Day, DaysAgo, Given, NodesOf, Sequence, Step
from netpursuit.links.views import MOST_HOPS, MOST_NODES
from netpursuit.policy.reasons import holds_number
from netpursuit.records.graph import EdgeKind, NodeKind

HEAD = ("name", "description", "name_zh", "description_zh", "step")
STEP = ("name", "analysis", "nodes", "hops", "limit", "from", "to", "edge")

_USUAL_LIMIT = 200
_MOST_DAYS = 36_500
_MOST_TEXT = 2_000
_STEP_NAME = re.compile(r"\w[\w-]{0,39}")
_LABELS = (*(kind.value for kind in NodeKind), "Unit", "Lead", "Person")
_NODE = re.compile(rf"(?<![\w-])(?:{'|'.join(_LABELS)}):\S", re.IGNORECASE)
_NODES = 'expected "start", or { step = "an earlier step", kind = "a kind of nodes" }'


def read_sequence(path: Path | str, *, free: bool = False) -> Sequence:
    """Read and validate a sequence file; ``free``: for an imported graph, whose kinds are those of its own files.

    Raises ``InputError`` where it cannot be read, ``SettingsError`` with all its problems together. No message repeats
    what stands in the place of a node.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise InputError("file not found", where=str(path), expected="a sequence file (TOML)") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8", where=str(path), expected="a TOML file in UTF-8") from None
    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", where=str(path)) from None
    check = _Check(free)
    check.names_nobody(text)
    names, descriptions = check.head(settings)
    steps = check.steps(settings.get("step"))
    if check.problems:
        raise SettingsError(str(path), check.problems)
    return Sequence(names=names, descriptions=descriptions, steps=steps, digest=hashlib.sha256(raw).hexdigest())


class _Check:
    """Takes values out of a file's tables and gathers what is wrong with them, each with its line or step."""

    def __init__(self, free: bool) -> None:
        self.free = free
        self.problems: list[str] = []
        self._at = ""
        self._names: dict[str, int] = {}  # of the steps that have one, to their numbers
        self._number = 0

    def problem(self, text: str) -> None:
        self.problems.append(f"{self._at}{text}")

    def names_nobody(self, text: str) -> None:
        for number, line in enumerate(text.split("\n"), 1):
            if _NODE.search(line):
                self.problem(f"line {number}: names a node of a graph, expected none: a sequence is passed on")
            elif holds_number(line):
                self.problem(f"line {number}: holds a person's number or address, expected none")

    def head(self, settings: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        self._known(settings, HEAD)
        names = {"en": self._text(settings, "name", demanded=True), "zh": self._text(settings, "name_zh")}
        descriptions = {"en": self._text(settings, "description"), "zh": self._text(settings, "description_zh")}
        return _said(names), _said(descriptions)

    def steps(self, tables: object) -> tuple[Step, ...]:
        if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
            self.problem("step: missing, expected one or more tables [[step]]")
            return ()
        if len(tables) > MOST_STEPS:
            self.problem(f"step: {len(tables)} steps, expected at most {MOST_STEPS}")
        # A reference to a later step is told from one to no step at all: so the names of all come first.
        for number, table in enumerate(tables, 1):
            if isinstance(name := table.get("name"), str):
                self._names.setdefault(name, number)
        found = []
        for self._number, table in enumerate(tables, 1):
            self._at = f"step {self._number}: "
            found.append(self._step(table))
        self._at = ""
        return tuple(step for step in found if step is not None)

    def _step(self, table: Mapping[str, Any]) -> Step | None:
        self._known(table, STEP)
        name = self._text(table, "name")
        if name and not _STEP_NAME.fullmatch(name):
            self.problem("name: letters, digits, '_' and '-' only, at most 40")
        elif name and self._names[name] != self._number:
            self.problem(f"name: step {self._names[name]} is called so, too")
        analysis = self._text(table, "analysis", demanded=True)
        if analysis and analysis not in ANALYSES:
            self.problem(f"analysis: no analysis is called {analysis!r}, expected {', '.join(ANALYSES)}")
        kinds = self._kinds(table)
        nodes = self._nodes(table, analysis)
        since, until = self._day(table, "from"), self._day(table, "to")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            self.problem("to: lies before from")
        if isinstance(since, DaysAgo) and isinstance(until, DaysAgo) and until.days > since.days:
            self.problem("to: lies before from")
        if since is None and analysis in ANALYSES and ANALYSES[analysis].dated:
            self.problem(f"from: missing, {analysis} needs the day from which on")
        usual = ANALYSES[analysis].hops if analysis in ANALYSES else 1
        hops = self._number_of(table, "hops", MOST_HOPS, usual)
        limit = self._number_of(table, "limit", MOST_NODES, _USUAL_LIMIT)
        if self.free and (nonsense := find_nonsense(analysis, kinds))[0]:
            self.problem("analysis: {}: {}, expected {}".format(analysis, *nonsense))
        if nodes is None:
            return None
        return Step(
            analysis=analysis,
            nodes=nodes,
            hops=hops,
            limit=limit,
            name=name,
            since=since,
            until=until,
            kinds=kinds,
        )

    def _nodes(self, table: Mapping[str, Any], analysis: str) -> Given | NodesOf | None:
        known = ANALYSES.get(analysis)
        value = table.get("nodes")
        if value is None:
            if known is not None and known.fewest > 0:
                self.problem(f"nodes: missing, {_NODES}")
            return Given.NONE
        if value == Given.START:
            return Given.START
        if not isinstance(value, dict):
            self.problem(f"nodes: not what a sequence may hold, which names no node, {_NODES}")
            return None
        if value.keys() - {"step", "kind"}:
            self.problem("nodes: unknown keys, expected step and kind only")
        if known is not None and known.most is not None:
            # Of several nodes found, none may be picked by chance.
            self.problem(
                f"nodes: {analysis} asks of {known.most} at most, and an answer may hold any number,"
                ' expected "start", or another analysis (expand with hops = 1 for neighbours)'
            )
        step, kind = value.get("step"), value.get("kind")
        return NodesOf(step=self._earlier(step), kind=self._node_kind(kind))

    def _earlier(self, step: object) -> str:
        if not isinstance(step, str) or not step:
            self.problem("nodes: step: missing, expected the name of an earlier step")
            return ""
        number = self._names.get(step)
        if number is None:
            self.problem(f"nodes: step: no step is called {step!r}, expected the name of an earlier step")
        elif number >= self._number:
            later = "this step itself" if number == self._number else f"step {number}, a later one"
            self.problem(f"nodes: step: {step!r} is {later}, expected the name of an earlier step")
        return step

    def _node_kind(self, kind: object) -> str:
        if not isinstance(kind, str) or not kind.strip():
            self.problem("nodes: kind: missing, expected a kind of nodes")
            return ""
        if not self.free and kind not in set(NodeKind):
            self.problem(f"nodes: kind: unknown kind {kind!r}, expected {', '.join(NodeKind)}")
        return kind

    def _kinds(self, table: Mapping[str, Any]) -> tuple[str, ...]:
        value = table.get("edge", [])
        if not isinstance(value, list) or not all(isinstance(kind, str) and kind.strip() for kind in value):
            self.problem('edge: expected a list of kinds of links, as ["stayed-at"]')
            return ()
        if self.free:
            return tuple(dict.fromkeys(value))
        for kind in value:
            if kind not in set(EdgeKind):
                self.problem(f"edge: unknown kind of link {kind!r}, expected {', '.join(EdgeKind)}")
        return tuple(EdgeKind(kind) for kind in dict.fromkeys(value) if kind in set(EdgeKind))

    def _day(self, table: Mapping[str, Any], key: str) -> Day:
        value = table.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        if isinstance(value, dict) and list(value) == ["days_ago"]:
            days = value["days_ago"]
            if isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= _MOST_DAYS:
                return DaysAgo(days=days)
            self.problem(f"{key}: days_ago: expected a number from 0 to {_MOST_DAYS}")
            return None
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self.problem(f"{key}: not a date, expected one as 2026-12-31, or {{ days_ago = 90 }}")
        return None

    def _number_of(self, table: Mapping[str, Any], key: str, most: int, usual: int) -> int:
        value = table.get(key, usual)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self.problem(f"{key}: expected a number from 1 to {most}")
            return usual
        return value

    def _text(self, table: Mapping[str, Any], key: str, *, demanded: bool = False) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.problem(f"{key}: not a text")
            return ""
        if demanded and not value.strip():
            self.problem(f"{key}: missing")
        if len(value) > _MOST_TEXT:
            self.problem(f"{key}: longer than {_MOST_TEXT} characters")
        return value.strip()

    def _known(self, table: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                self.problem(f"{key}: unknown key, expected {', '.join(keys)}")


def _said(texts: dict[str, str]) -> dict[str, str]:
    return {lang: text for lang, text in texts.items() if text}
