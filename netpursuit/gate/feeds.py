"""A feed may run or may not (promise A9)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from netpursuit.errors import RefusedError, SettingsError
from netpursuit.policy.headings import names_landlords
from netpursuit.records import Band, Feed, Role


def feed_date(feed: Feed, now: datetime) -> date:
    """The calendar date in the feed's time zone, in which its expiry is judged.

    Raises ``SettingsError`` for an unknown time zone.
    """
    return now.astimezone(_zone(feed)).date()


def _zone(feed: Feed) -> ZoneInfo:
    try:
        return ZoneInfo(feed.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            feed.feed_id, [f"time zone {feed.time_zone!r}: expected an IANA name as Asia/Shanghai"]
        ) from error


def check_feed(feed: Feed, as_of: date) -> None:
    """Raise where the feed must not run.

    ``RefusedError``: legal basis, area, purpose or roles are not recorded (``feed-incomplete``), the permission has
    expired (``feed-expired``), or landlords are to be screened for a purpose that does not name them
    (``feed-landlords``). ``SettingsError``: the period ends before it begins, no band is stated, or the time zone is
    unknown.
    """
    stated = {"feed_id": feed.feed_id, "legal_basis": feed.legal_basis, "area": feed.area, "purpose": feed.purpose}
    missing = [name for name, text in stated.items() if not text.strip()]
    if not feed.screened_roles:
        missing.append("screened_roles")
    if missing:
        lacks = ", ".join(missing)
        raise RefusedError(
            "feed-incomplete", f"the feed {feed.feed_id!r} does not record: {lacks}", about=f"{feed.feed_id}: {lacks}"
        )
    _zone(feed)
    if feed.min_band < Band.WEAK:
        raise SettingsError(feed.feed_id, ["min_band: expected weak, possible or strong"])
    if feed.period_to < feed.period_from:
        raise SettingsError(feed.feed_id, [f"the period ends on {feed.period_to}, before it begins"])
    if feed.expires_on < as_of:
        about = f"{feed.feed_id}, {feed.expires_on}"
        raise RefusedError("feed-expired", f"the feed {feed.feed_id!r} expired on {feed.expires_on}", about=about)
    if Role.LANDLORD in feed.screened_roles and not names_landlords(feed.purpose):
        raise RefusedError(
            "feed-landlords",
            f"the feed {feed.feed_id!r} screens landlords, but its purpose does not name them",
            about=feed.feed_id,
        )


def in_period(feed: Feed, begins: date | None) -> bool:
    """Whether a stay that begins on a day lies within the feed's period; where no day is stated it counts as within."""
    return begins is None or feed.period_from <= begins <= feed.period_to
