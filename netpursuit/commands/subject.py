"""``netpursuit subject``: a person's data found, corrected and erased, and the erasure proved (promise A14)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_group
from netpursuit.errors import InputError, StorageError, VerificationError
from netpursuit.records import EntryKey, Person

if TYPE_CHECKING:
    from netpursuit.custody.subjects import GraphsLeft, SubjectAnswer
    from netpursuit.gate.workbench import Workbench
    from netpursuit.records.erasures import ErasureProof
    from netpursuit.reports.subject import ToldEntry, ToldLead

COPY_DAYS = 30  # how long a copy for the person may lie about here
LEFT = 3


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "subject")

    @group.new("find", "help.subject.find")
    @click.argument("name", required=False)
    @_stated(words)
    @click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help=words("option.subject.out"))
    @common(words)
    def find(settings: Settings, out: Path | None, **fields: Any) -> int:
        return run_find(settings, out, fields)

    @group.new("correct", "help.subject.correct")
    @click.argument("lead_id", metavar="LEAD")
    @click.option("--name", metavar="NAME", help=words("option.subject.name"))
    @_stated(words)
    @click.option("--order", required=True, metavar="N", help=words("option.subject.order"))
    @common(words)
    def correct(settings: Settings, lead_id: str, order: str, **fields: Any) -> int:
        return run_correct(settings, lead_id, order, fields)

    @group.new("erase", "help.subject.erase")
    @click.argument("lead_ids", metavar="[LEAD]...", nargs=-1)
    @click.option("--name", metavar="NAME", help=words("option.subject.name"))
    @_stated(words)
    @click.option("--order", required=True, metavar="N", help=words("option.subject.order"))
    @common(words)
    def erase(settings: Settings, lead_ids: tuple[str, ...], order: str, **fields: Any) -> int:
        return run_erase(settings, lead_ids, order, fields)

    @group.new("prove-erased", "help.subject.prove-erased")
    @click.argument("lead_id", metavar="LEAD")
    @common(words)
    def prove(settings: Settings, lead_id: str) -> int:
        return run_prove(settings, lead_id)

    return group


def _stated(words: Catalogue) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The fields of a person, as ``match`` takes them."""
    options = (
        click.option("--birth-date", metavar="D", help=words("option.birth-date")),
        click.option("--id", "id_numbers", metavar="[COUNTRY:]NUMBER", multiple=True, help=words("option.id")),
        click.option("--phone", "phones", metavar="P", multiple=True, help=words("option.phone")),
        click.option("--email", "emails", metavar="E", multiple=True, help=words("option.email")),
        click.option("--address", metavar="A", help=words("option.address")),
        click.option("--sex", metavar="S", help=words("option.sex")),
        click.option("--nationality", metavar="N", help=words("option.nationality")),
    )

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def _person(settings: Settings, fields: dict[str, Any]) -> Person:
    """Who is stated by options, or typed at a prompt, so that the shell's history stays empty."""
    from netpursuit.commands.match import prompt_fields, typed_person

    return typed_person(settings, fields if any(fields.values()) else prompt_fields(settings.words)).person


def run_find(settings: Settings, out: Path | None, fields: dict[str, Any]) -> int:
    from netpursuit.commands.progress import tell_build
    from netpursuit.custody.subjects import find_subject
    from netpursuit.wiring import open_desk

    words = settings.words
    if out is not None and out.suffix.lower() not in (".html", ".json"):
        raise InputError(
            f"unknown kind of file {out.suffix!r}", where="--out", expected="a name ending in .html or .json"
        )
    if out is not None and not out.absolute().parent.is_dir():
        raise InputError("the folder does not exist", where="--out", expected="an existing folder")
    person = _person(settings, fields)
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
    from netpursuit.commands.shapes import person_json
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


def run_correct(settings: Settings, lead_id: str, order: str, fields: dict[str, Any]) -> int:
    from netpursuit.commands.match import typed_person
    from netpursuit.screening.correction import correct_lead
    from netpursuit.wiring import open_desk

    if not any(fields.values()):
        raise InputError("nothing is stated", where="subject correct", expected="a field and its right value")
    stated = typed_person(settings, fields).person
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        done = correct_lead(desk, lead_id, stated, order, as_of=settings.as_of)
        later = _forget(desk, settings)
    lead = done.lead
    named = lead.corrections[-1]
    if settings.as_json:
        show_json(
            {
                "lead": lead.lead_id,
                "revision": lead.revision,
                "state": lead.state.value,
                "flag": lead.flag or None,
                "band": lead.match.band.word,
                "band_before": done.before.match.band.word,
                "fields": list(named.fields),
                "order": named.order,
                "consultation": done.consultation_id,
            }
        )
    else:
        from netpursuit.reports.wording import field_word

        said = ", ".join(field_word(settings.words, name) for name in named.fields)
        state = settings.words(f"lead.state.{lead.state.value}")
        click.echo(
            settings.words("subject.corrected", lead=lead.lead_id, fields=said, state=state, number=lead.revision)
        )
    return _left(settings, later)


def run_erase(settings: Settings, lead_ids: tuple[str, ...], order: str, fields: dict[str, Any]) -> int:
    from netpursuit.custody.erasure import erase_leads, erase_person
    from netpursuit.reports.wording import clean
    from netpursuit.wiring import open_desk

    if lead_ids and any(fields.values()):
        raise InputError("leads and a person at once", where="subject erase", expected="one of the two")
    person = None if lead_ids else _person(settings, fields)
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        done = erase_person(desk, person, order) if person is not None else erase_leads(desk, lead_ids, order)
        later = _forget(desk, settings)
        intact = not desk.gate.log.verify()
    erased = done.erasure
    if settings.as_json:
        show_json(
            {
                "erased": [lead.lead_id for lead in erased.leads],
                "clearances": done.clearances,
                "case_parts": done.case_parts,
                "typed_values": len(erased.records),
                "left": list(done.left),
                "order": erased.order,
                "at": erased.at.isoformat(),
                "log_intact": intact,
                "graph": "later" if later else "forgotten",
                "wal_left": done.wal_left,
                "imported_graphs_not_searched": done.graphs.count,
                "imported_graphs": list(done.graphs.names),
                "consultation": erased.erasure_id,
            }
        )
    else:
        words = settings.words
        click.echo(
            words(
                "subject.erased",
                order=erased.order,
                leads=len(erased.leads),
                clearances=done.clearances,
                parts=done.case_parts,
                records=len(erased.records),
            )
        )
        for lead in erased.leads:
            click.echo(f"  {lead.lead_id}")
        if done.left:
            click.echo(words("subject.left", leads=", ".join(done.left)))
        click.echo(words("subject.not-searched"))
        for line in tell_graphs(words, done.graphs):
            click.echo(clean(line))
    return _left(settings, later, wal_left=done.wal_left)


def run_prove(settings: Settings, lead_id: str) -> int:
    from netpursuit.custody.erasure import prove_erased
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        proof = prove_erased(desk, lead_id)
        problems = desk.gate.log.verify()
    if settings.as_json:
        show_json(proof_json(lead_id, proof, intact=not problems))
    else:
        erasure = proof.erasure
        day = erasure.at.astimezone().date()
        told = {"lead": lead_id, "date": day, "order": erasure.order, "id": erasure.erasure_id}
        click.echo(settings.words("subject.proved", **told))
        click.echo(proof.message.rstrip("\n"))
        click.echo(f"ed25519 {proof.public_key.hex()} {proof.signature.hex()}")
        click.echo(settings.words("subject.log-intact" if not problems else "subject.log-differs"))
    if problems:
        raise VerificationError(f"the consultation log differs in {len(problems)} places from what was written")
    return 0


def proof_json(lead_id: str, proof: ErasureProof, *, intact: bool) -> dict[str, Any]:
    """The ledger's record; ``signature`` covers ``message`` in UTF-8."""
    return {
        "lead": lead_id,
        "erased_on": proof.erasure.at.astimezone().date().isoformat(),
        "order": proof.erasure.order,
        "consultation": proof.erasure.erasure_id,
        "message": proof.message,
        "signature": proof.signature.hex(),
        "public_key": proof.public_key.hex(),
        "log_intact": intact,
    }


def _forget(desk: Workbench, settings: Settings) -> str:
    """Bring the link graph up to the truth; answers why that has to wait, or nothing."""
    from netpursuit.wiring import open_graph

    try:
        with open_graph(desk, settings.workspace):
            return ""
    except StorageError as error:
        return str(error)


def _left(settings: Settings, later: str, *, wal_left: bool = False) -> int:
    from netpursuit.commands.retain import tell_left

    tell_left(settings.words, later, wal_left=wal_left)
    return LEFT if later or wal_left else 0
