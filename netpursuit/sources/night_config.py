"""The file of a nightly batch, in TOML, read and checked whole. Relative paths start at the file's own folder.

::

    workspace = "workspace"      # optional, as with --workspace
    reason = "check:nightly"     # why lists are updated and the report is made; optional, as with --reason
    workers = 2                  # processes that screen at once; 1 unless stated
    [[list]]
    id = "own"
    files = ["own.csv"]          # or folder = "…": the files directly in it; or urls = ["https://…"], each of at
                                 # most max_mb (512 unless stated)
    mapping = "own.toml"         # or format = "…"; neither: recognised
    date = "modified"            # optional: a date, or the day on which the files were last written
    max_age = 30                 # optional: days until the list is stale, or "none"
    [[feed]]
    feed = "rental.toml"
    folder = "rental"            # and pattern = "*.csv"; or files = ["…"]
    backwards = "running"        # what is gone through again when lists change: "running", "period", "off"
                                 # a feed with a [source] of its own needs neither files nor folder
    [report]
    folder = "reports"
    [receipts]
    folder = "receipts"          # one a run, for the feed's owner (docs/receipts.md)
    [metrics]
    file = "netpursuit.prom"
    [notify]
    command = ["/usr/local/bin/tell"]
    webhook = "https://…"
    [lock]
    wait_seconds = 600           # how long to wait for another night; 0 unless stated
    [health]
    min_free_mb = 1024
    [retain]
    enabled = true               # purge what was kept for its period (netpursuit retain); false unless stated
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from netpursuit.errors import InputError, RefusedError, SettingsError
from netpursuit.night.plan import Backwards, FeedTask, ListTask, NightPlan
from netpursuit.policy.reasons import parse_reason
from netpursuit.policy.standing import MAX_AGE_DAYS
from netpursuit.records import Feed
from netpursuit.sources.fetching import name_of
from netpursuit.sources.lists.mapping import load_mapping
from netpursuit.sources.lists.registry import FORMATS
from netpursuit.sources.registrations.feed_file import read_feed

TOP = (
    *("workspace", "reason", "workers", "list", "feed", "report", "receipts"),
    *("metrics", "notify", "lock", "health", "retain"),
)
LIST_KEYS = ("id", "files", "folder", "urls", "max_mb", "format", "mapping", "date", "max_age")
FEED_KEYS = ("feed", "files", "folder", "pattern", "backwards")
SECTIONS = {
    "report": ("folder",),
    "receipts": ("folder",),
    "metrics": ("file",),
    "notify": ("command", "webhook"),
    "lock": ("wait_seconds",),
    "health": ("min_free_mb",),
    "retain": ("enabled",),
}
_BY_HAND = ("accept_withdrawals", "accept_older", "delta")
_LIST_ID = re.compile(r"\w[\w.-]{0,63}")
_LONGEST_WAIT = 86_400


def read_night(path: Path | str) -> NightPlan:
    """Read and check a night's file, and the feed and mapping files that it names.

    Raises ``InputError`` where it cannot be read, ``SettingsError`` with all its problems together. Whether the files
    of lists and registrations are there is the night's business: they come and go.
    """
    path = Path(path)
    try:
        settings = tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        raise InputError(
            "file not found", where=str(path), expected="the file of a night (docs/operations.md)"
        ) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8", where=str(path), expected="a TOML file in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", where=str(path)) from None
    check = _Check(path.absolute().parent)
    plan = _plan(check, settings, str(path.resolve()))
    if check.problems:
        raise SettingsError(str(path), check.problems)
    return plan


def _plan(check: _Check, settings: Mapping[str, Any], name: str) -> NightPlan:
    top = _Table(check, "", settings, TOP)
    sections = {key: _Table(check, f"{key}.", top.table(key), known) for key, known in SECTIONS.items()}
    reason = top.text("reason")
    if reason:
        try:
            parse_reason(reason)
        except RefusedError as refusal:
            check.problem("reason", str(refusal))
    lists = [_list(_Table(check, f"list[{at}].", table, LIST_KEYS)) for at, table in enumerate(top.tables("list"), 1)]
    feeds = [_feed(_Table(check, f"feed[{at}].", table, FEED_KEYS)) for at, table in enumerate(top.tables("feed"), 1)]
    if not settings.get("list") and not settings.get("feed"):
        check.problem("list, feed", "neither is there", "[[list]] or [[feed]], else the night has nothing to do")
    _once(check, "list", "id", [task.list_id for task in lists])
    _once(check, "feed", "feed", [task.feed.feed_id for task in feeds if task is not None])
    return NightPlan(
        name=name,
        workspace=top.path("workspace"),
        reason=reason,
        workers=int(top.number("workers", 1, 1, 256)),
        lists=tuple(lists),
        feeds=tuple(task for task in feeds if task is not None),
        report_folder=sections["report"].path("folder"),
        receipt_folder=sections["receipts"].path("folder"),
        metrics_file=_metrics(sections["metrics"]),
        notify_command=_command(sections["notify"]),
        webhook=_webhook(sections["notify"]),
        wait_seconds=sections["lock"].number("wait_seconds", 0, 0, _LONGEST_WAIT),
        min_free_bytes=int(sections["health"].number("min_free_mb", 1024, 0, 1 << 40)) << 20,
        retain=sections["retain"].truth("enabled"),
    )


def _list(table: _Table) -> ListTask:
    list_id = table.text("id")
    if not _LIST_ID.fullmatch(list_id):
        table.problem("id", f"{list_id!r}", "up to 64 letters, digits, dots, dashes and underscores")
    form = table.text("format")
    if form and form not in FORMATS:
        table.problem("format", f"{form!r}", f"one of {', '.join(FORMATS)}")
    mapping = table.path("mapping")
    if mapping is not None:
        if form and form != "mapped":
            table.problem("format", f"{form!r} with a mapping", "one of the two")
        try:
            load_mapping(mapping)
        except (InputError, RefusedError) as error:
            table.problem("mapping", str(error))
    files, folder, urls = table.paths("files"), table.path("folder"), _urls(table)
    if bool(files) + (folder is not None) + bool(urls) != 1:
        expected = 'files = ["…"], folder = "…" or urls = ["https://…"]'
        table.problem("files, folder, urls", "one of them says where the list lies", expected)
    stated, by_file = table.day("date")
    return ListTask(
        list_id=list_id,
        paths=(folder,) if folder is not None else files,
        urls=urls,
        most_bytes=int(table.number("max_mb", 512, 1, 1 << 20)) << 20,
        format=form,
        mapping=mapping,
        list_date=stated,
        by_file_date=by_file,
        max_age_days=table.age("max_age"),
    )


def _feed(table: _Table) -> FeedTask | None:
    files, folder = table.paths("files"), table.path("folder")
    pattern = table.text("pattern")
    if pattern and folder is None:
        table.problem("pattern", "without a folder", "a pattern picks files of a folder")
    if "/" in pattern or "\\" in pattern or ".." in pattern:
        table.problem("pattern", f"{pattern!r}", "a pattern of names, as *.csv")
    backwards = table.text("backwards") or Backwards.RUNNING.value
    if backwards not in list(Backwards):
        table.problem("backwards", f"{backwards!r}", " or ".join(Backwards))
        backwards = Backwards.OFF.value
    feed: Feed | None = None
    if (file := table.path("feed")) is None:
        table.problem("feed", "missing", "the feed file, without which nothing is screened")
    else:
        try:
            feed = read_feed(file)
        except InputError as error:
            table.problem("feed", str(error))
    if feed is None:
        return None
    if feed.source is not None and (files or folder is not None):
        table.problem("files, folder", "the feed is read from its database", "neither of them")
    if feed.source is None and (not files) == (folder is None):
        table.problem("files, folder", "one of them says where the registrations lie", 'files = ["…"] or folder = "…"')
    return FeedTask(feed=feed, files=files, folder=folder, pattern=pattern or "*", backwards=Backwards(backwards))


def _once(check: _Check, what: str, key: str, ids: Sequence[str]) -> None:
    for item in sorted({item for item in ids if item and ids.count(item) > 1}):
        check.problem(f"{what}.{key}", f"{item!r} comes twice", f"each {what} once")


def _metrics(table: _Table) -> Path | None:
    file = table.path("file")
    if file is not None and not file.parent.is_dir():
        table.problem("file", f"the folder {file.parent} does not exist", "an existing folder")
    return file


def _command(table: _Table) -> tuple[str, ...]:
    command = table.texts("command")
    if command and shutil.which(command[0]) is None:
        table.problem("command", f"no program {command[0]!r}", "a program that can be run, its arguments behind it")
    return command


def _webhook(table: _Table) -> str:
    url = table.text("webhook")
    if url and not _is_https(url):
        table.problem("webhook", "no https address", "https://host/path")
    return url


def _urls(table: _Table) -> tuple[str, ...]:
    urls = table.texts("urls")
    if not all(map(_is_https, urls)):
        table.problem("urls", "no https address among them", "https://host/path")
    if len({name_of(url) for url in urls}) < len(urls):
        table.problem("urls", "two end in the same name", "files that can lie in one folder")
    return urls


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        return False


class _Check:
    """Gathers what is wrong with a file; ``folder`` is where its relative paths start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []

    def problem(self, key: str, what: str, expected: str = "") -> None:
        self.problems.append(f"{key}: {what}{f', expected {expected}' if expected else ''}")


class _Table:
    """Takes values out of one table of the file."""

    def __init__(self, check: _Check, prefix: str, values: Mapping[str, Any], known: Sequence[str]) -> None:
        self._check, self._prefix, self._values = check, prefix, values
        for key in values:
            if key in _BY_HAND:
                self.problem(key, "is never done unattended", f"lists add --{key.replace('_', '-')} by hand")
            elif key not in known:
                self.problem(key, "unknown key", ", ".join(known))

    def problem(self, key: str, what: str, expected: str = "") -> None:
        self._check.problem(f"{self._prefix}{key}", what, expected)

    def text(self, key: str) -> str:
        value = self._values.get(key, "")
        if not isinstance(value, str):
            self.problem(key, "not a text")
            return ""
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.problem(key, "not a list of texts", f'{key} = ["…", "…"]')
            return ()
        return tuple(value)

    def path(self, key: str) -> Path | None:
        text = self.text(key)
        return self._check.folder / Path(text).expanduser() if text else None

    def paths(self, key: str) -> tuple[Path, ...]:
        return tuple(self._check.folder / Path(text).expanduser() for text in self.texts(key))

    def truth(self, key: str) -> bool:
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self.problem(key, f"{value!r}", "true or false")
        return value is True

    def number(self, key: str, default: float, least: float, most: float) -> float:
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.problem(key, f"{value!r}", f"a number from {least:g} to {most:g}")
            return default
        return value

    def day(self, key: str) -> tuple[date | None, bool]:
        """(a stated date, whether the files' own days hold)."""
        value = self._values.get(key)
        if value is None or value == "modified":
            return None, value is not None
        if isinstance(value, datetime):
            return value.date(), False
        if isinstance(value, date):
            return value, False
        self.problem(key, f"{value!r}", 'a date as 2026-11-20, or "modified"')
        return None, False

    def age(self, key: str) -> int | None:
        value = self._values.get(key, MAX_AGE_DAYS)
        if value == "none":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.problem(key, f"{value!r}", 'a number of days, or "none"')
            return MAX_AGE_DAYS
        return value

    def table(self, key: str) -> Mapping[str, Any]:
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            self.problem(key, "not a table", f"[{key}]")
            return {}
        return value

    def tables(self, key: str) -> Sequence[Mapping[str, Any]]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, "not tables", f"[[{key}]]")
            return ()
        return value
