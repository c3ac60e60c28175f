"""Workbenches: a workspace opened for one who sits at the machine, or for the users of a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from netpursuit.audit.commits import CommitsTogether
from netpursuit.audit.log import ConsultationLog
from netpursuit.gate import Gate
from netpursuit.gate.gate import no_groups, no_names
from netpursuit.gate.users import groups_of_machine, names_of_machine, user_of_machine
from netpursuit.gate.workbench import Workbench
from netpursuit.wiring.folders import local_clock, places
from netpursuit.wiring.kept_graph import KeptGraph
from netpursuit.wiring.looks import MatchedTogether
from netpursuit.wiring.matchers import Matchers

if TYPE_CHECKING:
    from netpursuit.ports.keys import Keys
    from netpursuit.ports.truth import LogHead
    from netpursuit.records import Authority, Entry, EntryKey, Lead, ListVersion
    from netpursuit.review.replay import PastMatchers
    from netpursuit.stores.backups import BackupFolder
    from netpursuit.stores.keys import KeyFolder


@contextmanager
def open_desk(
    workspace: Path | None = None,
    reason: str = "",
    case_id: str = "",
    *,
    create: bool = False,
    tell: Callable[[int], None] = lambda people: None,
) -> Iterator[Workbench]:
    """The workbench of a workspace for the operating-system user; closed at the end of the block. ``create``: what is
    done at it makes sense in a workspace that it makes; else one must be there.

    ``reason`` (CODE:TASK) or ``case_id`` is why the user looks; without either the shift's chosen reason holds.
    ``tell`` is told over how many people an index is built, before it is.
    """
    folder, keys_root = places(workspace)
    with open_at(folder, keys_root, reason, case_id, create=create, tell=tell) as desk:
        yield desk


@contextmanager
def foreseeing_desk(workspace: Path | None = None) -> Iterator[Workbench]:
    """The workbench of a workspace for one who changes nothing; where there is none yet, that of an empty one which is
    gone at the end of the block."""
    from tempfile import TemporaryDirectory

    from netpursuit.stores.workspace import TRUTH_FILE

    folder, keys_root = places(workspace)
    if (folder / TRUTH_FILE).is_file():
        with open_at(folder, keys_root, create=False) as desk:
            yield desk
        return
    with TemporaryDirectory(prefix="netpursuit-") as name:
        empty = Path(name)
        with open_at(empty / "workspace", empty / "keys", create=True) as desk:
            yield desk


@contextmanager
def open_at(
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
        gate = Gate(
            opened.truth,
            log,
            who=user_of_machine(),
            clock=utc_now,
            groups=groups_of_machine,
            names=names_of_machine,
        )
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

    with open_at(folder, keys_root, reason, case_id, create=False, keys_as=RestoringKeys) as desk:
        yield desk, desk.keys.waiting if isinstance(desk.keys, RestoringKeys) else ()


class Service:
    """A workspace that stays open for a server, and a workbench for each of its users.

    An index stays open as long as it is the one that is asked; what another process changes is seen by the next
    question. Several threads may ask at a time, each at a workbench of its own: what they put on record at the same
    moment is committed together.
    """

    def __init__(self, workspace: Path | None = None, as_of: date | None = None) -> None:
        """``as_of``: the date by which lists, entries and feeds are judged; None: today. The log goes by the clock."""
        from netpursuit.stores.workspace import open_workspace

        self.as_of = as_of

        self._folder, keys_root = places(workspace)
        self._opened = open_workspace(self._folder, keys_root, create=False)
        self._opened.truth.read_beside()
        self._opened.keys.read_beside()
        self._commits = CommitsTogether(self._opened.truth, self._opened.keys)
        self._held: tuple[Path, MatchedTogether] | None = None
        self._opening = Lock()
        self.graph = KeptGraph(self._folder)

    @property
    def keys(self) -> Keys:
        return self._opened.keys

    def desk(self, who: str, reason: str = "", case_id: str = "", *, of_machine: bool = False) -> Workbench:
        """The workbench of a user who states a reason or a case with each question; ``of_machine``: a user of the
        operating system, whose groups count. Raises ``RefusedError`` for what is no reason."""
        from netpursuit.records import Authority
        from netpursuit.stores.workspace import utc_now

        truth, keys = self._opened.truth, self._opened.keys
        # Of a token neither groups nor the account's full name count: its name need not be one of the machine's.
        groups, names = (groups_of_machine, names_of_machine) if of_machine else (no_groups, no_names)
        log = ConsultationLog(truth, keys, commits=self._commits)
        gate = Gate(truth, log, who=who, clock=utc_now, groups=groups, names=names)
        stated = bool(reason or case_id)  # the reason of a shift is that of a person at a terminal
        return Workbench(
            truth=truth,
            gate=gate,
            keys=keys,
            matcher_for=self._matcher,
            links=_links_json,
            authority=gate.authority(reason=reason, case_id=case_id) if stated else Authority(who=who),
            clock=self._clock,
        )

    def _clock(self) -> datetime:
        now = local_clock()
        return now if self.as_of is None else datetime.combine(self.as_of, now.timetz())

    def _matcher(self, versions: Sequence[ListVersion]) -> MatchedTogether:
        matchers = Matchers(self._opened.truth, self._folder / "index")
        place, held = matchers.place(versions), self._held
        if held is None or held[0] != place:
            with self._opening:  # by one thread, which may have to build it
                held = self._held
                if held is None or held[0] != place:
                    held = self._held = place, MatchedTogether(matchers(versions))
        return held[1]

    def past_matchers(self) -> PastMatchers:
        """Opens the matchers of past days, from the sealed lists and the policies that the workspace has kept."""
        return Matchers(self._opened.truth, self._folder / "index").under

    def close(self) -> None:
        self.graph.close()
        try:
            self._commits.close()
        finally:
            self._opened.close()


def _links_json(lead: Lead, entries: Mapping[EntryKey, Entry]) -> str:
    from netpursuit.graph import links_for
    from netpursuit.links import as_json

    return as_json(links_for(lead, entries))
