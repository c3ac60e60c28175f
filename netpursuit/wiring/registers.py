"""Where the register of a feed stands, which a draw-in reads again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.errors import InputError
from netpursuit.gate.registers import kept_place

if TYPE_CHECKING:
    from netpursuit.enquiry.draw_in import FeedRegister
    from netpursuit.ports.truth import Truth
    from netpursuit.ports.units import UnitQuery, UnitSource
    from netpursuit.records import Feed


def open_register(truth: Truth, feeds: frozenset[str], stated: tuple[Path, Path | None] | None) -> FeedRegister:
    """The register that is meant: as stated, or where the one feed that brought the unit in has last been screened."""
    from netpursuit.enquiry.draw_in import FeedRegister
    from netpursuit.sources.registrations import read_feed

    if stated is not None:
        feed_file, source = stated
    else:
        if len(feeds) > 1:
            raise InputError(
                f"several feeds brought this unit in: {', '.join(sorted(feeds))}",
                where="UNIT",
                expected="--feed and --source of one",
            )
        (feed_id,) = feeds
        place = kept_place(truth, feed_id)
        if place is None:
            raise InputError(
                f"where the register of feed {feed_id!r} stands is not known",
                where="UNIT",
                expected="--feed FEED.toml --source FILE",
            )
        feed_file, source = Path(place.feed), Path(place.source) if place.source else None
    feed = read_feed(feed_file)
    return FeedRegister(feed=feed, open=lambda: _opened(feed, source))


def _opened(feed: Feed, source: Path | None) -> UnitSource | UnitQuery:
    """The register as a file, or the feed's database."""
    from netpursuit.sources.registrations import open_again
    from netpursuit.sources.registrations.query import UnitRows

    if feed.source is not None:
        if source is not None:
            raise InputError("the feed is read from its database", where="--source", expected="no file")
        return UnitRows(feed=feed, source=feed.source)
    if source is None:
        raise InputError("the feed is read from files", where="--feed", expected="--source FILE beside it")
    return open_again(source, feed)
