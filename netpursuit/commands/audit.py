"""``netpursuit audit``: show and verify the consultation log; what is given out of it, and what is opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands import audit_openings, audit_proofs, audit_prove, audit_unusual
from netpursuit.commands.options import DAY, LEAD, Settings, common, show_json
from netpursuit.commands.worded import new_group
from netpursuit.errors import InputError
from netpursuit.records import Consultation, EntryKey, Verb
from netpursuit.reports.wording import term

if TYPE_CHECKING:
    from netpursuit.custody.log_views import LogFilter

# Acts about a consultation, whose id is what they are told by.
_ABOUT_ANOTHER = (Verb.AUDIT_REQUEST, Verb.AUDIT_APPROVE, Verb.AUDIT_OPEN, Verb.AUDIT_PROVE_RECORD)


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "audit")

    @group.new("show", "help.audit.show")
    @click.option("--last", type=click.IntRange(1), metavar="N", help=words("option.last"))
    @click.option("--since", type=DAY, help=words("option.audit.since"))
    @click.option("--until", type=DAY, help=words("option.audit.until"))
    @click.option("--user", "who", metavar="USER", default="", help=words("option.audit.user"))
    @click.option("--of-case", metavar="ID", default="", help=words("option.audit.of-case"))
    @click.option("--verb", type=click.Choice([verb.value for verb in Verb]), metavar="VERB", help=words("option.verb"))
    @click.option("--lead", "lead_id", metavar="LEAD", type=LEAD, default="", help=words("option.audit.lead"))
    @click.option("--entry", metavar="LIST:ID", default="", help=words("option.audit.entry"))
    @click.option("--refused", is_flag=True, help=words("option.audit.refused"))
    @click.option("--interrupted", is_flag=True, help=words("option.audit.interrupted"))
    @common(words)
    def show(settings: Settings, last: int | None, **asked: Any) -> int:
        return run_show(settings, last, **asked)

    @group.new("verify", "help.audit.verify")
    @click.option("--file", "file", type=click.Path(path_type=Path), metavar="FILE", help=words("option.audit.file"))
    @click.option(
        "--anchor", "anchors", type=click.Path(path_type=Path), multiple=True, help=words("option.audit.anchors")
    )
    @click.option("--public-key", metavar="HEX", default="", help=words("option.audit.public-key"))
    @common(words, authority=False)
    def verify(settings: Settings, file: Path | None, anchors: Sequence[Path], public_key: str) -> int:
        return audit_proofs.run_verify(settings, file, anchors, public_key)

    audit_proofs.add(group, words)
    audit_prove.add(group, words)
    audit_openings.add(group, words)
    audit_unusual.add(group, words)
    return group


def run_show(settings: Settings, last: int | None, *, entry: str, verb: str | None, **asked: Any) -> int:
    from netpursuit.custody.log_views import show_log
    from netpursuit.reports.log_json import consultation_json
    from netpursuit.wiring import open_desk

    wanted = _filter(entry, verb, **asked)
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        view = show_log(desk, wanted, last=last, as_of=settings.as_of)
    words = settings.words
    if settings.as_json:
        show_json([consultation_json(item) for item in view.items])
    for item in () if settings.as_json else view.items:
        click.echo(_line(words, item))
    if last is None and view.total > len(view.items):
        click.echo(words("audit.cut", shown=len(view.items), total=view.total), err=True)
    elif not view.total and not settings.as_json:
        click.echo(words("audit.none"), err=True)
    return 0


def _filter(
    entry: str, verb: str | None, *, since: date | None, until: date | None, of_case: str, **asked: Any
) -> LogFilter:
    from netpursuit.custody.log_views import LogFilter, day_begins, day_ends

    list_id, colon, entry_id = entry.partition(":")
    if entry and not (list_id and colon and entry_id):
        raise InputError("no entry is called so", where="--entry", expected="LIST:ID")
    if since and until and since > until:
        raise InputError("the period ends before it begins", where="--until", expected="a day not before --since")
    return LogFilter(
        since=day_begins(since) if since else None,
        until=day_ends(until) if until else None,
        case_id=of_case,
        verb=Verb(verb) if verb else None,
        entry=EntryKey(list_id=list_id, entry_id=entry_id) if entry else None,
        **asked,
    )


def _line(words: Catalogue, item: Consultation) -> str:
    outcome = item.outcome
    if outcome is None:
        result = words("audit.interrupted")
    elif outcome.refused:
        key = f"refused.{outcome.refused}"
        result = f"{words('cli.refused')}: {words(key) if key in words else outcome.refused}"
    elif "failed" in outcome.about:
        result = words("audit.failed", kind=outcome.about["failed"])
    else:
        result = ", ".join(f"{term(words, f'count.{key}', key)} {count}" for key, count in outcome.counts.items())
    at = item.at.astimezone().isoformat(timespec="seconds")
    authority = item.intent.authority
    verb = words(f"verb.{item.intent.verb.value}")
    if item.intent.verb in _ABOUT_ANOTHER and (other := item.intent.about.get("query")):
        verb = f"{verb} {other}"
    return f"{at}  {item.consultation_id}  {authority.who}  {authority}  {verb}  {result}"
