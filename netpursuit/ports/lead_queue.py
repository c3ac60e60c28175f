"""How a queue of leads is ordered, and what it can be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LeadOrder(StrEnum):
    """In which order leads come; of equal ones the best first."""

    BEST = "best"
    OLDEST = "oldest"
    NEWEST = "newest"
    LIST = "list"
    FEED = "feed"
    ASSIGNED = "assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOrigins:
    """Of all leads that are kept: the lists of the entries that they show, and the feeds, each by name."""

    lists: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
