"""``netpursuit subject find``: what is stored of one person, shown and written for them (promise A14)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, check_folder, show_json
from netpursuit.errors import InputError
from netpursuit.records import EntryKey, Person

if TYPE_CHECKING:
    from netpursuit.custody.subjects import GraphsLeft, SubjectAnswer
    from netpursuit.gate.workbench import Workbench
    from netpursuit.reports.subject import ToldEntry, ToldLead

COPY_DAYS = 30  # how long a copy for the person may lie about here
LEFT = 3


def person_of(settings: Settings, fields: dict[str, Any]) -> Person:
    """Who is stated by options, or typed at a prompt, so that the shell's history stays empty."""
    from netpursuit.commands.match import prompt_fields
    from netpursuit.sources.typed import typed_person

    return typed_person(fields if any(fields.values()) else prompt_fields(settings.words)).person


def run_find(settings: Settings, out: Path | None, fields: dict[str, Any]) -> int:
    from netpursuit.commands.progress import tell_build
    from netpursuit.custody.subjects import find_subject
    from netpursuit.wiring import open_desk

    words = settings.words
    if out is not None and out.suffix.lower() not in (".html", ".json"):
        raise InputError(
            f"unknown kind of file {out.suffix!r}", where="--out", expected="a name ending in .html or .json"
        )
    if out is not None:
        check_folder(out, "--out")
    person = person_of(settings, fields)
    with open_desk(settings.workspace, settings.reason, settings.case_id, tell=tell_build(words)) as desk:
        answer = find_subject(desk, person)
        leads, entries = told_leads(desk, answer), told_entries(answer)
        if out is not None:
            _write(desk, words, out, answer, leads, entries)
    if settings.as_json:
        show_json(answer_json(words, answer, leads, entries))
    else:
        _show(words, answer, leads, entries, out)
    return LEFT if answer.lists_left_out else 0


def told_leads(desk: Workbench, answer: SubjectAnswer) -> list[ToldLead]:
    """The leads with what their person is told of each."""
    from netpursuit.custody.retention import kept_until
    from netpursuit.custody.subjects import HANDED_ON, is_of
    from netpursuit.gate.retention import periods_in_use
    from netpursuit.reports.subject import ToldLead

    days = periods_in_use(desk.truth)
    told = []
    for item in answer.holdings.leads:
        given = [
            (one.at.astimezone().date(), one.intent.verb.value)
            for one in answer.holdings.shown
            if one.intent.verb in HANDED_ON and one.outcome and item.lead.lead_id in one.outcome.lead_ids
        ]
        told.append(
            ToldLead(
                lead=item.lead,
                same=item.same,
                kept_until=kept_until(item.lead, days),
                entries=tuple(_entry_name(match.key) for match in item.lead.matches),
                own_entries=tuple(
                    _entry_name(match.key) for match in item.lead.matches if is_of(desk.truth, answer.person, match.key)
                ),
                handed_on=tuple(dict.fromkeys(given)),
            )
        )
    return told


def told_entries(answer: SubjectAnswer) -> list[ToldEntry]:
    """The entries that the person matches."""
    from netpursuit.reports.subject import ToldEntry

    return [
        ToldEntry(
            name=f"{_entry_name(item.match.key)} ({item.match.band.word})",
            publisher=item.publisher,
            own=item.own,
            same=item.same,
        )
        for item in answer.holdings.entries
    ]


def _entry_name(key: EntryKey) -> str:
    return f"{key.list_id}:{key.entry_id}"


def besides(words: Catalogue, answer: SubjectAnswer, *, own: bool = True) -> list[str]:
    """What was found besides leads and entries, and what was not searched; ``own`` False: for the person."""
    found = answer.holdings
    lines = [words("subject.clearances", count=len(found.clearances))]
    lines.append(words("subject.queries", count=len(found.queries)))
    if answer.lists_left_out:
        lines.append(words("subject.no-lists", why=words.sentence(answer.lists_left_out)))
    return [*lines, words("subject.not-searched"), *tell_graphs(words, answer.graphs, own=own)]


def tell_graphs(words: Catalogue, graphs: GraphsLeft, *, own: bool = True) -> list[str]:
    """That imported graphs were not searched: which ones, or (``own`` False) how many."""
    if not graphs.count:
        return []
    if not own:
        return [words("subject.graphs", count=graphs.count)]
    hidden = graphs.count - len(graphs.names)
    named = ", ".join((*graphs.names, *([words("subject.graphs-of-cases", count=hidden)] if hidden else [])))
    return [words("subject.graphs-named", count=graphs.count, names=named)]


def answer_json(
    words: Catalogue, answer: SubjectAnswer, leads: list[ToldLead], entries: list[ToldEntry], *, own: bool = True
) -> dict[str, Any]:
    """The answer's stable shape; ``own`` False: for the person, without what is held under cases."""
    from netpursuit.reports.shapes import person_json
    from netpursuit.reports.subject import told_json

    found = answer.holdings
    shape: dict[str, Any] = {
        "stated": person_json(answer.person),
        "leads": [told_json(item) | {"stored": person_json(item.lead.person)} for item in leads],
        "entries": [
            {"entry": item.name, "publisher": item.publisher, "own": item.own, "same": item.same} for item in entries
        ],
        # The entry of a clearance is another's: it is not told to the person.
        "clearances": [
            ({"entry": _entry_name(item.entry)} if own else {}) | {"since": item.cleared_at.isoformat()}
            for item in found.clearances
        ],
        "queries": len(found.queries),
        "not_searched": words("subject.not-searched"),
        "imported_graphs_not_searched": answer.graphs.count,
    }
    if own:
        parts = [
            {"case": item.case_id if item.case_id in answer.cases else None, "same": item.same} for item in found.parts
        ]
        names = list(answer.graphs.names)
        shape |= {"case_parts": parts, "imported_graphs": names, "consultation": answer.consultation_id}
    return shape


def _write(
    desk: Workbench,
    words: Catalogue,
    out: Path,
    answer: SubjectAnswer,
    leads: list[ToldLead],
    entries: list[ToldEntry],
) -> None:
    """The copy for the person, only what is theirs, with the notice that every export carries (A13)."""
    from netpursuit.reports.leads_file import Notice, notice_lines, write_notice, write_whole
    from netpursuit.reports.subject import subject_page

    theirs = [replace(item, entries=item.own_entries) for item in leads if item.same]
    entries = [item for item in entries if item.same]  # another's warrant is nothing for this person to read
    expires = desk.today + timedelta(days=COPY_DAYS)
    notice = Notice(
        purpose=words("subject.purpose"),
        user=desk.gate.who,
        run_ids=(answer.consultation_id,),
        expires_on=expires,
        case_id=desk.authority.case_id,
    )
    if out.suffix.lower() == ".json":
        shape = {"notice": notice_lines(out, notice, words)} | answer_json(words, answer, theirs, entries, own=False)
        write_whole(out, json.dumps(shape, ensure_ascii=False, indent=2) + "\n")
    else:
        lines = notice_lines(out, notice, words)
        write_whole(out, subject_page(theirs, entries, besides(words, answer, own=False), lines, words))
    write_notice(out, notice, words)


def _show(
    words: Catalogue, answer: SubjectAnswer, leads: list[ToldLead], entries: list[ToldEntry], out: Path | None
) -> None:
    from netpursuit.reports.subject import entry_words
    from netpursuit.reports.wording import clean

    for item in leads:
        key = "subject.line.same" if item.same else "subject.line.alike"
        state = words(f"lead.state.{item.lead.state.value}")
        feed = item.lead.key.feed_id
        click.echo(words(key, lead=item.lead.lead_id, state=state, feed=clean(feed), date=item.kept_until))
    if not leads:
        click.echo(words("subject.no-lead"))
    for entry in entries:
        click.echo(clean(f"{entry.name}  {entry_words(entry, words)}"))
    for part in answer.holdings.parts:
        case = part.case_id if part.case_id in answer.cases else "–"
        word = words("subject.line.part" if part.same else "subject.line.part-alike", case=case)
        click.echo(clean(word))
    for line in besides(words, answer):
        click.echo(clean(line))
    if out is not None:
        click.echo(words("subject.written", file=out))
    click.echo(words("match.consultation", id=answer.consultation_id))
