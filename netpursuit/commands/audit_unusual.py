"""``audit unusual``: signs of unusual use, for a supervisor who asks."""

from __future__ import annotations

from datetime import date, timedelta

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import DAY, Settings, common, show_json
from netpursuit.commands.worded import WordedGroup
from netpursuit.errors import InputError
from netpursuit.policy import oversight


def add(group: WordedGroup, words: Catalogue) -> None:
    """Add the command to ``audit``."""

    @group.new("unusual", "help.audit.unusual")
    @click.option("--since", type=DAY, help=words("option.audit.unusual-since"))
    @click.option("--until", type=DAY, help=words("option.audit.until"))
    @click.option("--user", "who", metavar="USER", default="", help=words("option.audit.user"))
    @common(words)
    def unusual(settings: Settings, since: date | None, until: date | None, who: str) -> int:
        return run_unusual(settings, since, until, who)


def run_unusual(settings: Settings, since: date | None, until: date | None, who: str) -> int:
    from netpursuit.custody.log_views import day_begins, day_ends, unusual_use
    from netpursuit.reports.log_json import sign_json, thresholds
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        last = until or desk.today
        first = since or last - timedelta(days=oversight.PERIOD_DAYS - 1)
        if first > last:
            raise InputError("the period ends before it begins", where="--until", expected="a day not before --since")
        found = unusual_use(desk, since=day_begins(first), until=day_ends(last), who=who)
    signs = [sign_json(sign) for sign in found.signs]
    if settings.as_json:
        period = {"since": first.isoformat(), "until": last.isoformat(), "consultations": found.consultations}
        show_json({**period, "signs": signs, "thresholds": thresholds()})
        return 0
    words = settings.words
    click.echo(words("unusual.period", since=first, until=last, count=found.consultations))
    for sign in found.signs:
        span = (sign.first.isoformat(" ", "minutes"), sign.last.isoformat(" ", "minutes"))
        click.echo(
            words(f"unusual.{sign.rule}", who=sign.who, first=span[0], last=span[1], reason=sign.reason, **sign.counts)
        )
        click.echo(f"  {' '.join(sign.consultation_ids)}")
    if not signs:
        click.echo(words("unusual.none"))
    click.echo(words("unusual.rules"))
    for rule, figures in thresholds().items():
        click.echo(f"  {words(f'unusual.rule.{rule}', **figures)}")
    click.echo(words("unusual.limits"))
    return 0
