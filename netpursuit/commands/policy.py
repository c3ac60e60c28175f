"""``netpursuit policy``: the table of weights, which one a workspace scores with, and whether it asks for four eyes."""

from __future__ import annotations

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import FILE, Settings, common, read_text, show_json
from netpursuit.commands.worded import new_group


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "policy")

    @group.new("show", "help.policy.show")
    @click.option("--policy", "file", type=FILE, metavar="FILE", help=words("option.policy"))
    @common(words, authority=False, workspace=False)
    def show(settings: Settings, file: str | None) -> int:
        return run_show(settings, file)

    @group.new("use", "help.policy.use")
    @click.argument("file", type=FILE, metavar="FILE")
    @common(words)
    def use(settings: Settings, file: str) -> int:
        from netpursuit.custody.policies import use_policy
        from netpursuit.wiring import open_desk

        text = read_text(file)
        with open_desk(settings.workspace, settings.reason, settings.case_id, create=True) as desk:
            version = use_policy(desk, text, file).version
        return _tell(settings, version)

    @group.new("reset", "help.policy.reset")
    @common(words)
    def reset(settings: Settings) -> int:
        from netpursuit.custody.policies import reset_policy
        from netpursuit.wiring import open_desk

        with open_desk(settings.workspace, settings.reason, settings.case_id, create=True) as desk:
            version = reset_policy(desk).version
        return _tell(settings, version)

    @group.new("four-eyes", "help.policy.four-eyes")
    @click.argument("state", required=False, type=click.Choice(("on", "off")), metavar="[on|off]")
    @common(words)
    def four_eyes(settings: Settings, state: str | None) -> int:
        return run_four_eyes(settings, state)

    @group.new("retention", "help.policy.retention")
    @click.argument("kind", required=False, metavar="[KIND]")
    @click.argument("days", required=False, metavar="[DAYS|policy]")
    @common(words)
    def retention(settings: Settings, kind: str | None, days: str | None) -> int:
        return run_retention(settings, kind, days)

    return group


def run_retention(settings: Settings, kind: str | None, days: str | None) -> int:
    """Set how long a kind is kept, or show the periods of all kinds."""
    from netpursuit.custody.retention import set_period
    from netpursuit.errors import InputError
    from netpursuit.gate.retention import periods_in_use
    from netpursuit.policy.retention import PERIODS
    from netpursuit.wiring import open_desk

    if (kind is None) != (days is None):
        raise InputError("a kind without its days", where="policy retention", expected="KIND and DAYS, or KIND policy")
    stated = None
    if days is not None and days != "policy":
        if not days.isascii() or not days.isdigit():
            raise InputError(f"{days!r} is no number of days", where="DAYS", expected="a whole number, or policy")
        stated = int(days)
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        if kind is not None:
            set_period(desk, kind, stated)
        in_use = periods_in_use(desk.truth)
    rows = [(name, in_use[name], period) for name, period in PERIODS.items()]
    if settings.as_json:
        show_json(
            {
                name.value: {
                    "days": now,
                    "policy": period.days,
                    "least": period.least,
                    "most": period.most,
                    "since": period.since,
                    "why": period.why,
                }
                for name, now, period in rows
            }
        )
        return 0
    for name, now, period in rows:
        shape = {"kind": settings.words(f"kept.{name.value}"), "days": now, "least": period.least, "most": period.most}
        click.echo(f"{name.value:<15} {settings.words('policy.retention.row', **shape)}")
    return 0


def run_four_eyes(settings: Settings, state: str | None) -> int:
    """Set whether a confirmation needs two users, or say whether it does and who asks for it to be switched off."""
    from netpursuit.custody.policies import set_four_eyes
    from netpursuit.gate.four_eyes import needs_two, off_asked
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id, create=True) as desk:
        if state is not None:
            set_four_eyes(desk, on=state == "on")
        now, asked = "on" if needs_two(desk.truth) else "off", off_asked(desk.truth, desk.gate.now())
    if settings.as_json:
        waits = {"off_asked_by": asked.user, "off_asked_at": asked.at.isoformat()} if asked else {}
        show_json({"four_eyes": now == "on"} | waits)
        return 0
    click.echo(settings.words(f"policy.four-eyes.{now}"))
    if asked:
        click.echo(
            settings.words("policy.four-eyes.asked", user=asked.user, at=f"{asked.at.astimezone():%Y-%m-%d %H:%M}")
        )
    return 0


def _tell(settings: Settings, version: str) -> int:
    if settings.as_json:
        show_json({"policy": version})
    else:
        click.echo(settings.words("policy.in-use", policy=version))
    return 0


def run_show(settings: Settings, file: str | None) -> int:
    """Every comparison with its levels, their weights and why, and the bands."""
    from pathlib import Path

    from netpursuit.policy.model import Policy
    from netpursuit.policy.weights import BAND_FLOORS, BASE_RATE_MILLIBITS, COSTS, PAIR_PRIOR_MILLIBITS, TABLES

    words = settings.words
    policy = Policy.from_toml(Path(file)) if file else Policy.shipped()
    if settings.as_json:
        levels = {
            table: {
                level.key: {
                    "millibits": policy.weight(table, level.key),
                    "cost": level.key in COSTS.get(table, ()),
                    "why": level.why,
                }
                for level in rows
            }
            for table, rows in TABLES.items()
        }
        show_json(
            {
                "policy": policy.version,
                "bands": {band.word: floor for band, floor in BAND_FLOORS},
                "pair_prior": PAIR_PRIOR_MILLIBITS,
                "base_rate": -BASE_RATE_MILLIBITS,
                "levels": levels,
            }
        )
        return 0
    from rich.table import Table

    from netpursuit.commands.show import console
    from netpursuit.reports.wording import field_word, level_word

    out = console()
    out.print(words("policy.in-use", policy=policy.version))
    for name, rows in TABLES.items():
        title = words("policy.tokens") if name == "token" else field_word(words, name)
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        table.add_column(words("policy.level"))
        table.add_column(words("policy.bits"), justify="right")
        table.add_column(words("policy.why"))
        for level in rows:
            shown = level.key if name == "token" else level_word(words, name, level.key)
            sign = -1 if level.key in COSTS.get(name, ()) else 1
            table.add_row(shown, f"{sign * policy.weight(name, level.key) / 1000:+.1f}", level.why)
        out.print(table)
        out.print()
    for band, floor in BAND_FLOORS:
        out.print(words("policy.band", band=band.word, bits=f"{floor / 1000:+.1f}"))
    return 0
