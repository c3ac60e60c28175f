"""``netpursuit audit``: show and verify the consultation log."""

from __future__ import annotations

from typing import Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands import audit_prove
from netpursuit.commands.audit_restores import restore_json, say_restore
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_group
from netpursuit.errors import VerificationError
from netpursuit.records import Consultation, Intent, Outcome, Verb


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "audit")

    @group.new("show", "help.audit.show")
    @click.option("--last", type=click.IntRange(1), metavar="N", help=words("option.last"))
    @common(words)
    def show(settings: Settings, last: int | None) -> int:
        return run_show(settings, last)

    @group.new("verify", "help.audit.verify")
    @common(words, authority=False)
    def verify(settings: Settings) -> int:
        return run_verify(settings)

    audit_prove.add(group, words)
    return group


def consultation_json(item: Consultation) -> dict[str, Any]:
    """One consultation; ``outcome`` is null where it was interrupted."""
    outcome = item.outcome
    return {
        "consultation": item.consultation_id,
        "at": item.at.isoformat(),
        "verb": item.intent.verb.value,
        "who": item.intent.authority.who,
        "authority": str(item.intent.authority),
        "fields": list(item.intent.fields),
        "about": item.intent.about,
        "as_of": item.intent.as_of.isoformat() if item.intent.as_of else None,
        "outcome": None
        if outcome is None
        else {
            "counts": outcome.counts,
            "leads": list(outcome.lead_ids),
            "entries": list(outcome.entry_ids),
            "about": outcome.about,
            "refused": outcome.refused or None,
        },
    }


def run_show(settings: Settings, last: int | None) -> int:
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        about = {"last": str(last)} if last else {}
        intent = Intent(verb=Verb.AUDIT_SHOW, authority=desk.authority, about=about, as_of=settings.as_of)
        with desk.gate.consult(intent) as consultation:
            # This very look has no outcome yet; it will be shown by the next one.
            own = consultation.consultation_id
            items = [item for item in desk.gate.log.read() if item.consultation_id != own]
            items = items[-last:] if last else items
            consultation.conclude(Outcome(counts={"shown": len(items)}))
    if settings.as_json:
        show_json([consultation_json(item) for item in items])
        return 0
    for item in items:
        click.echo(_line(settings.words, item))
    return 0


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
        result = ", ".join(f"{key} {count}" for key, count in outcome.counts.items())
    at = item.at.astimezone().isoformat(timespec="seconds")
    authority = item.intent.authority
    verb = words(f"verb.{item.intent.verb.value}")
    return f"{at}  {item.consultation_id}  {authority.who}  {authority}  {verb}  {result}"


def run_verify(settings: Settings) -> int:
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace) as desk:
        problems = desk.gate.log.verify()
        head = desk.truth.log_head()
        restores = desk.gate.log.restorations()
    if settings.as_json:
        told = {"records": head.size if head else 0, "intact": not problems, "problems": problems}
        show_json({**told, "restores": [restore_json(item) for item in restores]})
    else:
        for item in restores:
            click.echo(say_restore(settings.words, item))
        for problem in problems:
            click.echo(settings.words("audit.problem", problem=settings.words.sentence(problem)), err=True)
        if not problems:
            click.echo(settings.words("audit.intact", count=head.size if head else 0))
    if problems:
        raise VerificationError(f"the consultation log differs in {len(problems)} places from what was written")
    return 0
