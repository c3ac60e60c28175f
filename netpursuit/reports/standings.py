"""How the lists that an answer rests on are told: as JSON, and as loud lines for those that are not fresh (A16)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from netpursuit.catalogue import Catalogue

if TYPE_CHECKING:
    from netpursuit.custody.list_reports import ListReport
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


def report_json(report: ListReport) -> dict[str, Any]:
    """A list as whoever keeps it sees it: what it holds, what its last version changed, and what ends soon."""
    version = report.standing.version
    shape: dict[str, Any] = standing_json(report.standing)
    if version is not None:
        shape |= {
            "title": version.title,
            "publisher": version.publisher,
            "format": version.format,
            "people": version.people,
            "others": version.others,
            "unlisted": version.unlisted,
            "rejected": version.rejected,
            "max_age_days": version.max_age_days,
            "own": version.own,
            "added_at": version.added_at.isoformat(),
        }
    return shape | {
        "expired": report.expired,
        "about_to_expire": report.about_to_expire,
        "changes": report.changes or None,
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
