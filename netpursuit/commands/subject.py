"""``netpursuit subject``: a person's data found, corrected and erased, and the erasure proved (promise A14)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import LEAD, Settings, common, show_json
from netpursuit.commands.subject_find import LEFT, person_of, run_find, tell_graphs
from netpursuit.commands.worded import new_group
from netpursuit.errors import InputError, StorageError, VerificationError

if TYPE_CHECKING:
    from netpursuit.gate.workbench import Workbench
    from netpursuit.records.erasures import ErasureProof


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
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
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
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
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


def run_correct(settings: Settings, lead_id: str, order: str, fields: dict[str, Any]) -> int:
    from netpursuit.screening.correction import correct_lead
    from netpursuit.sources.typed import typed_person
    from netpursuit.wiring import open_desk

    if not any(fields.values()):
        raise InputError("nothing is stated", where="subject correct", expected="a field and its right value")
    stated = typed_person(fields).person
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
        raise InputError(
            "leads and a person at once",
            where="subject erase",
            expected="ids of leads (L-…), or a person by --name and the other fields",
        )
    person = None if lead_ids else person_of(settings, fields)
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
                "views": done.views,
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
                views=done.views,
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
