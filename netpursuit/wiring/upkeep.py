"""What a night and retention work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.gate.workbench import Workbench
from netpursuit.wiring.folders import places
from netpursuit.wiring.graphs import imported_places, open_graph
from netpursuit.wiring.matchers import Matchers

if TYPE_CHECKING:
    from netpursuit.custody.retention import Retained
    from netpursuit.night.answer import NightAnswer
    from netpursuit.night.plan import ListTask, NightPlan, Tools
    from netpursuit.ports.readers import ListReader, QuerySource
    from netpursuit.ports.receipts import OpenReceipt
    from netpursuit.records import Feed


def night_tools(
    desk: Workbench,
    plan: NightPlan,
    workspace: Path | None,
    tell: Callable[..., None],
    publish: Callable[[NightAnswer], None],
    notice: Callable[[Feed], dict[str, str]],
) -> Tools:
    """What a night works with, on this machine. ``notice``: what the receipts of a feed say of themselves."""
    import platform
    import shutil

    from netpursuit.engines.local import LocalEngine
    from netpursuit.night.plan import Tools
    from netpursuit.sources.fetching import fetch
    from netpursuit.sources.lists.registry import expand, find_reader
    from netpursuit.sources.registrations import open_registrations
    from netpursuit.sources.registrations.database import source_digest

    def digest_of_source(feed: Feed) -> str:
        return source_digest(feed.source) if feed.source else ""

    def read_list(task: ListTask) -> tuple[tuple[Path, ...], ListReader]:
        fetched = places(workspace)[0] / "fetched" / task.list_id
        files = fetch(task.urls, fetched, most_bytes=task.most_bytes) if task.urls else expand(task.paths)
        return files, find_reader(files, format=task.format, mapping=task.mapping)

    return Tools(
        read_list=read_list,
        open_file=open_registrations,
        open_query=lambda feed, since, backwards: open_source(desk, feed, since, backwards=backwards),
        source_digest=digest_of_source,
        open_graph=lambda: open_graph(desk, workspace, drained=False),
        engine=LocalEngine(plan.workers),
        free_bytes=lambda: shutil.disk_usage(places(workspace)[0]).free,
        tell=tell,
        publish=publish,
        holder=f"{desk.gate.who}@{platform.node()}",
        receipts=partial(_receipts, plan.receipt_folder, notice) if plan.receipt_folder else None,
        retain=lambda: retain_due(desk, workspace, reports=plan.report_folder).counts,
    )


def _receipts(folder: Path, notice: Callable[[Feed], dict[str, str]], feed: Feed) -> OpenReceipt:
    """Opens the receipts of a feed's runs in a folder, each under the id of its run."""
    from netpursuit.reports.receipt_file import SUFFIX, receipt_at

    make_report_folder(folder)
    return receipt_at(lambda manifest: folder / f"{manifest.run_id}{SUFFIX}", notice(feed))


@contextmanager
def open_source(desk: Workbench, feed: Feed, since: str, *, backwards: bool = False) -> Iterator[QuerySource]:
    """A feed's database: its rows from a mark on, or up to it; closed at the end of the block."""
    from netpursuit.sources.registrations.query import Window, open_query

    with open_query(feed, Window(since=since, backwards=backwards), desk.clock()) as source:
        yield source


def make_report_folder(folder: Path) -> None:
    """A folder that its owner alone enters, made where it is missing; one that is there stays as it is."""
    from netpursuit.stores.files import make_private_folder

    if not folder.is_dir():
        make_private_folder(folder)


def retain_due(
    desk: Workbench, workspace: Path | None = None, *, reports: Path | None = None, dry_run: bool = False
) -> Retained:
    """Purge what was kept for its period; ``reports``: the folder of a night's reports, the workspace's unless stated.
    The link graph forgets with its next drain."""
    from netpursuit.custody import retention
    from netpursuit.gate.workbench import kept_lists
    from netpursuit.stores.kept_files import WorkspaceFiles

    folder = places(workspace)[0]

    def in_use(kind: str) -> frozenset[str]:
        if kind == "index":
            sound = [version for version in desk.truth.list_versions() if not version.damaged]
            return frozenset((Matchers(desk.truth, folder / "index").place(sound).name,))
        return kept_lists(desk.truth) if kind == "fetched" else frozenset()

    files = WorkspaceFiles(folder, in_use, reports)
    return retention.retain(desk, files, imported_places(workspace), dry_run=dry_run)
