"""Unusual use, from the log alone: who looked at what, how often and when. Pure.

A sign names a user, a rule, counts and consultations, for a supervisor who asks; it is no finding, and there is no
score and no order of users. What was typed is sealed and is never compared: the log cannot tell that somebody looked up
one person again and again. That somebody asked for a name of their own is noted when it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from netpursuit.errors import UnknownIdError
from netpursuit.policy import oversight as policy
from netpursuit.records import OWN, OWN_NAME, Consultation, Verb

RULES = (
    *("own-name", "sweep", "reason-days", "reason-looks", "volume", "night", "refusals"),
    *("unknown-ids", "sign-ins"),
)

# What shows a person or asks for one. Steps of one sequence are one look; a list, a run or an export is none.
LOOKS = frozenset((Verb.MATCH, Verb.LEADS_SHOW, Verb.LEADS_SHEET, Verb.GRAPH, Verb.GRAPH_DRAW_IN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One rule met by one user: from when to when, with counts, the reason where the rule is about one, and the first
    of the consultations that it counts."""

    rule: str
    who: str
    first: datetime
    last: datetime
    counts: dict[str, int]
    reason: str = ""
    consultation_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    at: datetime  # where the users are
    consultation_id: str
    what: str  # the same for looks at the same lead, and for the steps of a sequence
    reason: str


@dataclass(slots=True)
class _Use:
    """What one user did: looks, those for a name of their own, ids asked for that were none, sign-ins refused, and
    refusals in a row."""

    looks: list[_Look] = field(default_factory=list)
    own: list[_Look] = field(default_factory=list)
    unknown: list[_Look] = field(default_factory=list)
    sign_ins: list[_Look] = field(default_factory=list)
    row: list[_Look] = field(default_factory=list)
    rows: list[list[_Look]] = field(default_factory=list)


def find_unusual(
    consultations: Iterable[Consultation], *, since: datetime, until: datetime, zone: tzinfo | None
) -> tuple[Sign, ...]:
    """Signs within a period, by the time of their first consultation, then user and rule.

    ``consultations`` begin ``history`` before the period, so that a user is compared with earlier weeks. ``zone`` is
    where the users are (None: the machine's)."""
    uses: dict[str, _Use] = {}
    for item in consultations:
        look = _look(item, zone)
        if item.intent.verb is Verb.SIGN_IN:
            if item.outcome is not None and item.outcome.refused:  # who tried is not known, only for whom
                tried = item.intent.about.get("user") or item.intent.authority.who
                uses.setdefault(tried, _Use()).sign_ins.append(look)
            continue
        use = uses.setdefault(item.intent.authority.who, _Use())
        if item.outcome is not None and item.outcome.refused:
            use.row.append(look)
            continue
        _end_row(use)
        if item.outcome is not None and item.outcome.about.get("failed") == UnknownIdError.__name__:
            use.unknown.append(look)
        elif item.intent.verb in LOOKS:
            use.looks.append(look)
        if item.intent.about.get(OWN) == OWN_NAME:
            use.own.append(look)
    signs: list[Sign] = []
    for who, use in uses.items():
        _end_row(use)
        signs += _own_names(who, [look for look in use.own if since <= look.at < until])
        looks = [look for look in use.looks if look.at < until]
        signs += _sweeps(who, [look for look in looks if look.at >= since])
        signs += _reasons(who, [look for look in looks if look.at >= since])
        signs += _volume(who, looks, since)
        signs += _nights(who, looks, since)
        for rule, least, held in (
            ("unknown-ids", policy.UNKNOWN_IDS, use.unknown),
            ("sign-ins", policy.SIGN_INS, use.sign_ins),
        ):
            signs += _days(rule, who, [look for look in held if since <= look.at < until], least)
        signs += (
            _sign("refusals", who, row, refusals=len(row))
            for row in use.rows
            if since <= row[-1].at and row[0].at < until
        )
    return tuple(sorted(signs, key=lambda sign: (sign.first, sign.who, sign.rule, sign.reason)))


def history() -> timedelta:
    """How far before a period the consultations have to begin."""
    return timedelta(weeks=policy.VOLUME_WEEKS + 1)


def _look(item: Consultation, zone: tzinfo | None) -> _Look:
    about = item.intent.about
    reason = item.intent.authority.reason
    return _Look(
        item.at.astimezone(zone),
        item.consultation_id,
        about.get("lead") or about.get("sequence") or item.consultation_id,
        str(reason) if reason else "",
    )


def _end_row(use: _Use) -> None:
    if len(use.row) >= policy.REFUSALS:
        use.rows.append(use.row)
    use.row = []


def _sign(rule: str, who: str, looks: Sequence[_Look], reason: str = "", /, **counts: int) -> Sign:
    return Sign(
        rule=rule,
        who=who,
        first=looks[0].at,
        last=looks[-1].at,
        counts=counts,
        reason=reason,
        consultation_ids=tuple(look.consultation_id for look in looks[: policy.SIGN_IDS]),
    )


def _own_names(who: str, looks: Sequence[_Look]) -> Iterator[Sign]:
    if len(looks) >= policy.OWN_NAME_LOOKS:
        yield _sign("own-name", who, looks, looks=len(looks))


def _sweeps(who: str, looks: Sequence[_Look]) -> Iterator[Sign]:
    """Stretches in which every look is followed by enough others; touching ones are one sweep."""
    begin = stretch_from = stretch_to = 0
    for end, look in enumerate(looks):
        while look.at - looks[begin].at > policy.SWEEP_WITHIN:
            begin += 1
        if end + 1 - begin < policy.SWEEP_LOOKS:
            continue
        if len({other.what for other in looks[begin : end + 1]}) < policy.SWEEP_LOOKS:
            continue
        if stretch_to and begin >= stretch_to:
            yield _sweep(who, looks[stretch_from:stretch_to])
            stretch_to = 0
        stretch_from, stretch_to = stretch_from if stretch_to else begin, end + 1
    if stretch_to:
        yield _sweep(who, looks[stretch_from:stretch_to])


def _sweep(who: str, looks: Sequence[_Look]) -> Sign:
    minutes = -(-int((looks[-1].at - looks[0].at).total_seconds()) // 60)
    return _sign("sweep", who, looks, looks=len(looks), different=len({look.what for look in looks}), minutes=minutes)


def _reasons(who: str, looks: Sequence[_Look]) -> Iterator[Sign]:
    under: dict[str, list[_Look]] = {}
    for look in looks:
        if look.reason:
            under.setdefault(look.reason, []).append(look)
    for reason, held in under.items():
        days = len({look.at.date() for look in held})
        if days >= policy.REASON_DAYS:
            yield _sign("reason-days", who, held, reason, days=days, looks=len(held))
        if len(held) >= policy.REASON_LOOKS:
            yield _sign("reason-looks", who, held, reason, looks=len(held), days=days)


def _volume(who: str, looks: Sequence[_Look], since: datetime) -> Iterator[Sign]:
    weeks: dict[date, list[_Look]] = {}
    for look in looks:
        weeks.setdefault(look.at.date() - timedelta(days=look.at.weekday()), []).append(look)
    for monday, held in weeks.items():
        if len(held) < policy.VOLUME_LOOKS or held[-1].at < since:
            continue
        before = [len(weeks.get(monday - timedelta(weeks=back), ())) for back in range(1, policy.VOLUME_WEEKS + 1)]
        used = sorted(count for count in before if count)
        if len(used) < policy.VOLUME_WEEKS_LEAST:
            continue
        middle = used[len(used) // 2]
        if len(held) >= policy.VOLUME_TIMES * middle:
            yield _sign("volume", who, held, looks=len(held), usual=middle, weeks=len(used))


def _nights(who: str, looks: Sequence[_Look], since: datetime) -> Iterator[Sign]:
    before = [look for look in looks if look.at < since]
    at_night = [look for look in looks if look.at >= since and _is_night(look.at)]
    if len(at_night) < policy.NIGHT_LOOKS or len(before) < policy.NIGHT_BEFORE_LEAST:
        return
    usual = sum(_is_night(look.at) for look in before)
    if usual * policy.NIGHT_SHARE <= len(before):
        yield _sign("night", who, at_night, looks=len(at_night), before=len(before), before_at_night=usual)


def _days(rule: str, who: str, looks: Sequence[_Look], least: int) -> Iterator[Sign]:
    """Days with so many or more of them."""
    days: dict[date, list[_Look]] = {}
    for look in looks:
        days.setdefault(look.at.date(), []).append(look)
    yield from (_sign(rule, who, held, tries=len(held)) for held in days.values() if len(held) >= least)


def _is_night(at: datetime) -> bool:
    return at.time() >= policy.NIGHT_FROM or at.time() < policy.NIGHT_UNTIL
