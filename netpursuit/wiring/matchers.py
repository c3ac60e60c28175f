"""The indexes of a workspace, opened or built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.errors import StorageError
from netpursuit.gate.workbench import Workbench
from netpursuit.wiring.folders import places

if TYPE_CHECKING:
    from netpursuit.match import Matcher
    from netpursuit.policy.model import Policy
    from netpursuit.ports.truth import Truth
    from netpursuit.records import ListVersion
    from netpursuit.review.replay import PastMatchers


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


def past_matchers(desk: Workbench, workspace: Path | None = None) -> PastMatchers:
    """Opens the matchers of past days, from the sealed lists and the policies that a workspace has kept."""
    return Matchers(desk.truth, places(workspace)[0] / "index").under
