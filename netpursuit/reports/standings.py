"""How the lists that an answer rests on are told: as JSON, and as loud lines for those that are not fresh (A16)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from netpursuit.catalogue import Catalogue

if TYPE_CHECKING:
    from netpursuit.gate.workbench import ListStanding


def standing_json(item: ListStanding) -> dict[str, Any]:
    """A list as an answer names it: ``stale`` is true for everything that is not fresh."""
    version = item.version
    return {
        "id": item.list_id,
        "version": version.version if version else None,
        "date": version.list_date.isoformat() if version else None,
        "status": item.status.value,
        "stale": item.status.value != "fresh",
    }


def banner_lines(words: Catalogue, standings: Iterable[ListStanding]) -> tuple[str, ...]:
    """A line for each list that is stale, expired, damaged or missing."""
    return tuple(
        words(
            "cli.stale-banner",
            list=item.list_id,
            status=words(f"list.status.{item.status.value}"),
            date=item.version.list_date.isoformat() if item.version else "–",
        )
        for item in standings
        if item.status.value != "fresh"
    )
