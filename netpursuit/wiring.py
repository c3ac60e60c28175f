"""The composition root: the only module that names a concrete adapter.

``open_desk`` opens a workspace and gives the workbench that every use case takes; the faces (command line, Python)
come through here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.audit.log import ConsultationLog
from netpursuit.errors import DamagedError, InputError, StorageError
from netpursuit.gate import Gate
from netpursuit.gate.users import groups_of_machine, user_of_machine
from netpursuit.gate.workbench import Workbench

if TYPE_CHECKING:
    from netpursuit.custody.graph import Drained, Tell
    from netpursuit.custody.retention import Retained
    from netpursuit.enquiry.graph import GraphAnswer, GraphRequest
    from netpursuit.match import Matcher
    from netpursuit.night.answer import NightAnswer
    from netpursuit.night.plan import ListTask, NightPlan, Tools
    from netpursuit.policy.model import Policy
    from netpursuit.ports.attached import AttachedTable
    from netpursuit.ports.case_server import CaseServer
    from netpursuit.ports.graph_store import GraphStore
    from netpursuit.ports.imported_graphs import GraphTables, ImportedPlaces
    from netpursuit.ports.keys import Keys
    from netpursuit.ports.readers import ListReader, QuerySource
    from netpursuit.ports.receipts import OpenReceipt
    from netpursuit.ports.truth import LogHead, Truth
    from netpursuit.ports.units import UnitIndexes
    from netpursuit.records import Authority, Entry, EntryKey, Feed, Lead, ListVersion
    from netpursuit.review.replay import PastMatchers
    from netpursuit.stores.backups import BackupFolder
    from netpursuit.stores.keys import KeyFolder

_CREDENTIALS = ("USER", "PASSWORD", "DATABASE")


def places(workspace: Path | None) -> tuple[Path, Path]:
    """The folders of workspace and keys: as stated, else from the environment, else the platform's."""
    from netpursuit.stores.workspace import default_places

    if workspace is None and not os.environ.get("NETPURSUIT_WORKSPACE"):
        return default_places(os.environ)
    # "." and ".." have no name of their own, and keys must never come to lie inside.
    named = (workspace or Path(os.environ["NETPURSUIT_WORKSPACE"]).expanduser()).resolve()
    if not named.name:
        raise InputError("a whole drive is no workspace", where=str(named), expected="a folder of its own")
    # Keys of a workspace that is named lie beside it, unless the environment says where all keys are.
    keys = os.environ.get("NETPURSUIT_KEYS")
    return named, Path(keys).expanduser() if keys else named.with_name(f"{named.name}-keys")


def local_clock() -> datetime:
    """The instant, in the machine's time zone."""
    return datetime.now().astimezone()


class Matchers:
    """Opens the index of a set of list versions, building it where it is missing or damaged.

    ``tell`` is told, before it is built, over how many people.
    """

    def __init__(
        self, truth: Truth, folder: Path, workers: int = 1, *, tell: Callable[[int], None] = lambda people: None
    ) -> None:
        self._truth = truth
        self._folder = folder
        self._workers = workers
        self._tell = tell

    @cached_property
    def policy(self) -> Policy:
        """The weights in use in this workspace."""
        from netpursuit.custody.policies import policy_in_use

        return policy_in_use(self._truth)

    def place(self, versions: Sequence[ListVersion]) -> Path:
        """Where the index of these versions stands, by its content address."""
        from netpursuit.match import index_key

        pinned = [(version.list_id, version.version) for version in versions]
        return self._folder / index_key(pinned, self.policy)

    def build(self, versions: Sequence[ListVersion]) -> int:
        """Compile the index; returns how many people it holds. What the index before it holds is taken from there.

        Indexes of other list sets are dropped.
        """
        place = self.place(versions)
        people = self._compile(versions, place, self.policy)
        _drop_others(place)
        return people

    def under(self, versions: Sequence[ListVersion], policy_version: str) -> Matcher | None:
        """The matcher of a past day: over the lists and under the policy that it had. None: this program cannot score
        with that policy. An index that is made for it stays until the next one is built; none is dropped for it."""
        from netpursuit.custody.policies import policy_of
        from netpursuit.match import Matcher, index_key

        policy = policy_of(self._truth, policy_version)
        if policy is None:
            return None
        place = self._folder / index_key([(version.list_id, version.version) for version in versions], policy)
        try:
            return Matcher.opened(place, policy)
        except StorageError:
            self._compile(versions, place, policy)
            return Matcher.opened(place, policy)

    def _compile(self, versions: Sequence[ListVersion], place: Path, policy: Policy) -> int:
        from netpursuit.custody.sealed import SealedLists
        from netpursuit.engines.local import LocalEngine
        from netpursuit.match import compile_index

        self._tell(sum(version.people for version in versions))
        return compile_index(
            SealedLists(self._truth, versions),
            place,
            policy,
            before=_newest_beside(place),
            spread=LocalEngine(self._workers).map,
        )

    def __call__(self, versions: Sequence[ListVersion]) -> Matcher:
        from netpursuit.match import Matcher

        place = self.place(versions)
        try:
            return Matcher.opened(place, self.policy)
        except StorageError:
            self.build(versions)
            return Matcher.opened(place, self.policy)


def _newest_beside(place: Path) -> Path | None:
    """The index that was written last, of whatever lists."""
    others = (other for other in place.parent.glob("[!.]*") if other.is_dir() and other != place)
    return max(others, key=lambda other: other.stat().st_mtime, default=None)


def _drop_others(place: Path) -> None:
    """Remove indexes that no run began within the last day uses; one still mapped elsewhere stays until next time."""
    import shutil
    import time

    for other in place.parent.iterdir():
        if other != place and other.is_dir() and time.time() - other.stat().st_mtime > 86_400:
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def open_desk(
    workspace: Path | None = None,
    reason: str = "",
    case_id: str = "",
    *,
    create: bool = True,
    tell: Callable[[int], None] = lambda people: None,
) -> Iterator[Workbench]:
    """The workbench of a workspace for the operating-system user; closed at the end of the block.

    ``reason`` (CODE:TASK) or ``case_id`` is why the user looks; without either the shift's chosen reason holds.
    ``tell`` is told over how many people an index is built, before it is.
    """
    folder, keys_root = places(workspace)
    with _open_at(folder, keys_root, reason, case_id, create=create, tell=tell) as desk:
        yield desk


@contextmanager
def foreseeing_desk(workspace: Path | None = None) -> Iterator[Workbench]:
    """The workbench of a workspace for one who changes nothing; where there is none yet, that of an empty one which is
    gone at the end of the block."""
    from tempfile import TemporaryDirectory

    from netpursuit.stores.workspace import TRUTH_FILE

    folder, keys_root = places(workspace)
    if (folder / TRUTH_FILE).is_file():
        with _open_at(folder, keys_root, create=False) as desk:
            yield desk
        return
    with TemporaryDirectory(prefix="netpursuit-") as name:
        empty = Path(name)
        with _open_at(empty / "workspace", empty / "keys", create=True) as desk:
            yield desk


@contextmanager
def _open_at(
    folder: Path,
    keys_root: Path,
    reason: str = "",
    case_id: str = "",
    *,
    create: bool,
    tell: Callable[[int], None] = lambda people: None,
    keys_as: type[KeyFolder] | None = None,
) -> Iterator[Workbench]:
    from netpursuit.stores.keys import KeyFolder
    from netpursuit.stores.workspace import open_workspace, utc_now

    opened = open_workspace(folder, keys_root, create=create, keys_as=keys_as or KeyFolder)
    try:
        log = ConsultationLog(opened.truth, opened.keys)
        gate = Gate(opened.truth, log, who=user_of_machine(), clock=utc_now, groups=groups_of_machine)
        authority: Authority = gate.authority(reason=reason, case_id=case_id)
        yield Workbench(
            truth=opened.truth,
            gate=gate,
            keys=opened.keys,
            matcher_for=Matchers(opened.truth, folder / "index", tell=tell),
            links=_links_json,
            authority=authority,
            clock=local_clock,
        )
    finally:
        opened.close()


def open_backups(
    workspace: Path | None, keys_root: Path | None = None, passphrase: Callable[[], str] = str
) -> BackupFolder:
    """Where the backups of a workspace are made from; ``keys_root`` None: its keys stand where they are looked for."""
    from netpursuit.stores.backups import BackupFolder

    folder, keys = places(workspace)
    return BackupFolder(folder, keys_root or keys, user_of_machine(), passphrase)


@contextmanager
def open_restored(
    folder: Path, keys_root: Path, reason: str = "", case_id: str = ""
) -> Iterator[tuple[Workbench, Sequence[LogHead]]]:
    """The workbench of a workspace that is being restored, and the heads of its log that wait to be anchored."""
    from netpursuit.stores.restored_keys import RestoringKeys

    with _open_at(folder, keys_root, reason, case_id, create=False, keys_as=RestoringKeys) as desk:
        yield desk, desk.keys.waiting if isinstance(desk.keys, RestoringKeys) else ()


class Service:
    """A workspace that stays open for a server, and a workbench for each of its users.

    An index stays open as long as it is the one that is asked; what another process changes is seen by the next
    question.
    """

    def __init__(self, workspace: Path | None = None) -> None:
        from netpursuit.stores.workspace import open_workspace

        self._folder, keys_root = places(workspace)
        self._opened = open_workspace(self._folder, keys_root, create=False)
        self._held: tuple[Path, Matcher] | None = None

    @property
    def keys(self) -> Keys:
        return self._opened.keys

    def desk(self, who: str, reason: str = "", case_id: str = "") -> Workbench:
        """The workbench of a user who states a reason or a case with each question. Raises ``RefusedError`` for what
        is no reason."""
        from netpursuit.records import Authority
        from netpursuit.stores.workspace import utc_now

        truth, keys = self._opened.truth, self._opened.keys
        gate = Gate(
            truth, ConsultationLog(truth, keys), who=who, clock=utc_now
        )  # no groups: the name need not be the machine's
        stated = bool(reason or case_id)  # the reason of a shift is that of a person at a terminal
        return Workbench(
            truth=truth,
            gate=gate,
            keys=keys,
            matcher_for=self._matcher,
            links=_links_json,
            authority=gate.authority(reason=reason, case_id=case_id) if stated else Authority(who=who),
            clock=local_clock,
        )

    def _matcher(self, versions: Sequence[ListVersion]) -> Matcher:
        matchers = Matchers(self._opened.truth, self._folder / "index")
        place = matchers.place(versions)
        if self._held is None or self._held[0] != place:
            self._held = place, matchers(versions)
        return self._held[1]

    def close(self) -> None:
        self._opened.close()


def past_matchers(desk: Workbench, workspace: Path | None = None) -> PastMatchers:
    """Opens the matchers of past days, from the sealed lists and the policies that a workspace has kept."""
    return Matchers(desk.truth, places(workspace)[0] / "index").under


@contextmanager
def open_graph(
    desk: Workbench, workspace: Path | None = None, *, drained: bool = True, tell: Tell | None = None
) -> Iterator[GraphStore]:
    """The link graph of a workspace, brought up to the truth unless ``drained`` is false; closed at the end.

    What belongs to cases that are over is removed from the truth before.

    It stands in the workspace, or in the Neo4j server that the environment names: ``NETPURSUIT_NEO4J_URI`` with
    ``_USER``, ``_PASSWORD`` and ``_DATABASE``, which then holds the graph of this workspace alone.
    """
    from netpursuit.custody.graph import drain, tell_nobody

    end_cases(desk, workspace)
    store = _graph_store(places(workspace)[0])
    try:
        if drained:
            drain(desk.truth, store, tell or tell_nobody)
        if store.name != "embedded":
            _drop_local_graph(places(workspace)[0])
        yield store
    finally:
        store.close()


@contextmanager
def asked_graph(
    desk: Workbench, workspace: Path | None, graph: str, tell: Tell | None = None
) -> Iterator[Callable[[GraphRequest], GraphAnswer]]:
    """The use case of one question on the graph that is meant, the program's own or an imported one by its name; it
    stays open for all that are asked in the block."""
    from netpursuit.enquiry.graph import ask_graph
    from netpursuit.enquiry.imported import ask_imported

    if graph:
        end_cases(desk, workspace)
        yield partial(ask_imported, desk, imported_places(workspace), graph)
        return
    with open_graph(desk, workspace, tell=tell) as store:
        yield partial(ask_graph, desk, store)


def _drop_local_graph(workspace: Path) -> None:
    """A graph that stood in the workspace before it went into a server would outlive the cases it holds parts of."""
    from netpursuit.stores.files import database_files

    for part in database_files(workspace / "graph.sqlite"):
        part.unlink(missing_ok=True)


def rebuild_graph(desk: Workbench, workspace: Path | None, tell: Tell) -> tuple[Drained, dict[str, int]]:
    """Build the link graph anew; answers what was brought in, and the counts of nodes and edges.

    A damaged file in the workspace is replaced by one that was built beside it."""
    from netpursuit.custody.graph import rebuild

    try:
        with open_graph(desk, workspace, drained=False) as store:
            if store.name == "embedded":
                store.check()
            return rebuild(desk.truth, store, tell), store.counts()
    except DamagedError:
        from netpursuit.stores.graph_afresh import built_beside

        with built_beside(places(workspace)[0] / "graph.sqlite") as beside:
            return rebuild(desk.truth, beside, tell), beside.counts()


@contextmanager
def open_case_server(uri: str, database: str, credentials: Callable[[], tuple[str, str]]) -> Iterator[CaseServer]:
    """A separate Neo4j server that a case is loaded into; never the one of ``NETPURSUIT_NEO4J_URI``."""
    from netpursuit.stores.neo4j_load import Neo4jCase, ServerAddress

    own_uri = os.environ.get("NETPURSUIT_NEO4J_URI", "")
    own = ServerAddress(uri=own_uri, database=os.environ.get("NETPURSUIT_NEO4J_DATABASE", "")) if own_uri else None
    server = Neo4jCase(ServerAddress(uri=uri, database=database), credentials, own)
    try:
        yield server
    finally:
        server.close()


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


def end_cases(desk: Workbench, workspace: Path | None = None) -> int:
    """Remove what belongs to cases that are over, the link graph apart; answers how many parts that were."""
    from netpursuit.custody import case_ends

    return case_ends.end_cases(desk.gate, imported_places(workspace))


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


def imported_places(workspace: Path | None = None) -> ImportedPlaces:
    """Where a workspace keeps graphs from elsewhere: always in its own folder, also where a server holds its graph."""
    from netpursuit.stores.graph_imported import ImportedFolder

    return ImportedFolder(places(workspace)[0] / "graphs")


def unit_indexes(workspace: Path | None = None) -> UnitIndexes:
    """Where a workspace keeps its indexes of registers by unit."""
    from netpursuit.stores.unit_index import UnitIndexFolder

    return UnitIndexFolder(places(workspace)[0] / "units")


def open_tables(paths: Sequence[Path]) -> GraphTables:
    """Node and edge tables, opened: files or folders."""
    from netpursuit.sources.graph_tables import open_graph_tables

    return open_graph_tables(paths)


def open_attached(file: Path, mapping: Path) -> AttachedTable:
    """A case's own table, opened by its mapping."""
    from netpursuit.sources import attached

    return attached.open_attached(file, attached.read_mapping(mapping))


def _graph_store(folder: Path) -> GraphStore:
    uri = os.environ.get("NETPURSUIT_NEO4J_URI", "")
    if not uri:
        from netpursuit.stores.graph_sqlite import SqliteGraph

        return SqliteGraph(folder / "graph.sqlite")
    from netpursuit.stores.graph_neo4j import Neo4jGraph

    user, password, database = (os.environ.get(f"NETPURSUIT_NEO4J_{name}", "") for name in _CREDENTIALS)
    if not password:
        raise InputError("no password", where="NETPURSUIT_NEO4J_PASSWORD", expected="that of the server's user")
    return Neo4jGraph(uri, user or "neo4j", password, database or None)


def _links_json(lead: Lead, entries: Mapping[EntryKey, Entry]) -> str:
    from netpursuit.graph import links_for
    from netpursuit.links import as_json

    return as_json(links_for(lead, entries))
