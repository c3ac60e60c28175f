"""``netpursuit match``: one person against the lists, with the evidence of every match."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import FILE, Settings, common, read_text, show_json, show_json_line
from netpursuit.commands.progress import tell_build
from netpursuit.commands.worded import new_command
from netpursuit.errors import InputError
from netpursuit.records import Band, EntryKey, Person

if TYPE_CHECKING:
    from netpursuit.enquiry.search import FoundEntry, SearchAnswer
    from netpursuit.sources.query_remarks import Remark
    from netpursuit.sources.typed import Asked

BANDS = [band.word for band in Band if band.word]


def command(words: Catalogue) -> click.Command:
    @new_command(words, "match", "help.match")
    @click.argument("name", required=False)
    @click.option("--birth-date", metavar="D", help=words("option.birth-date"))
    @click.option("--id", "id_numbers", metavar="[COUNTRY:]NUMBER", multiple=True, help=words("option.id"))
    @click.option("--phone", "phones", metavar="P", multiple=True, help=words("option.phone"))
    @click.option("--email", "emails", metavar="E", multiple=True, help=words("option.email"))
    @click.option("--address", metavar="A", help=words("option.address"))
    @click.option("--sex", metavar="S", help=words("option.sex"))
    @click.option("--nationality", metavar="N", help=words("option.nationality"))
    @click.option("--record", type=FILE, metavar="FILE|-", help=words("option.record"))
    @click.option("--against", metavar="LIST:ENTRY", help=words("option.against"))
    @click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help=words("option.limit"))
    @click.option(
        "--min-band", type=click.Choice(BANDS), default="weak", show_default=True, help=words("option.min-band")
    )
    @click.option("--explain", is_flag=True, help=words("option.explain"))
    @common(words)
    def match(
        settings: Settings, record: str | None, against: str | None, limit: int, min_band: str, **fields: Any
    ) -> int:
        from netpursuit.sources.typed import parse_key

        explain = fields.pop("explain")
        return run_match(settings, record, parse_key(against), limit, Band[min_band.upper()], explain, fields)

    return match


def run_match(
    settings: Settings,
    record: str | None,
    against: EntryKey | None,
    limit: int,
    min_band: Band,
    explain: bool,
    fields: dict[str, Any],
) -> int:
    """Ask once for options or a prompt, or once for each record of a file."""
    from netpursuit.enquiry.search import SearchRequest, search
    from netpursuit.reports.answer_json import answer_json
    from netpursuit.sources.query_remarks import remarks_on
    from netpursuit.sources.typed import typed_person
    from netpursuit.wiring import open_desk

    if record is not None:
        if any(fields.values()):
            raise InputError("--record stands alone", where="--record", expected="no other field")
        asked = read_asked(record)
    elif any(fields.values()):
        asked = [typed_person(fields)]
    else:
        asked = [typed_person(prompt_fields(settings.words))]
    code = 0
    tell = tell_build(settings.words)
    with open_desk(settings.workspace, settings.reason, settings.case_id, tell=tell) as desk:
        # All before the first is looked for: bad input leaves nothing half done.
        remarks = [
            item.remarks + remarks_on(item.person, item.birth_texts, today=desk.today, where=item.where)
            for item in asked
        ]
        for person, said in zip([item.person for item in asked], remarks, strict=True):
            request = SearchRequest(
                person=person, limit=limit, min_band=min_band, against=against, as_of=settings.as_of
            )
            answer = search(desk, request)
            if settings.as_json and record is not None:
                show_json_line(answer_json(answer, [asdict(item) for item in said]))
            elif settings.as_json:
                show_json(answer_json(answer, [asdict(item) for item in said]))
            else:
                show_answer(settings.words, answer, said, explain)
            code = 3 if answer.troubled else code
    return code


def read_records(source: str) -> Iterator[Person]:
    """The persons of ``read_asked``."""
    return (item.person for item in read_asked(source))


def read_asked(source: str) -> list[Asked]:
    """One JSON object, or one a line, with the keys of ``compare``'s columns."""
    from netpursuit.sources.queries import person_of, texts_of
    from netpursuit.sources.typed import Asked

    text = read_text(source)
    try:
        whole = json.loads(text)
        objects = [(1, whole)]
    except ValueError:
        objects = []
        for line, part in enumerate(text.splitlines(), 1):
            if part.strip():
                try:
                    objects.append((line, json.loads(part)))
                except ValueError:
                    raise InputError(
                        "not a JSON object", where=source, line=line, expected="one object a line"
                    ) from None
    if not objects:
        raise InputError("the record is empty", where=source, expected="one JSON object, or one a line")
    asked = []
    for line, item in objects:
        if not isinstance(item, dict):
            raise InputError(
                "not a JSON object", where=source, line=line, expected="an object with names, birth_date ..."
            )
        where = f"{source}:{line}"
        person = person_of(item, where=where)
        asked.append(Asked(person=person, birth_texts=tuple(texts_of(item, "birth_date", where)), where=where))
    return asked


def prompt_fields(words: Catalogue) -> dict[str, Any]:
    """Ask for the fields one by one, so that the shell's history stays empty (A4)."""

    def ask(key: str) -> str:
        return str(click.prompt(words(key), default="", show_default=False, err=True)).strip()

    answers: dict[str, Any] = {"name": ask("match.prompt.name")}
    answers["birth_date"] = ask("match.prompt.birth-date")
    number, phone = ask("match.prompt.id"), ask("match.prompt.phone")
    answers["id_numbers"], answers["phones"] = (number,) if number else (), (phone,) if phone else ()
    if not any(answers.values()):
        raise InputError("nothing to ask about", where="match", expected="a name, a number or a telephone")
    return answers


def show_answer(words: Catalogue, answer: SearchAnswer, remarks: tuple[Remark, ...], explain: bool) -> None:
    """The answer for a person at a terminal."""
    from netpursuit.commands.show import console, show_banners, show_person
    from netpursuit.reports.answer_json import remark_text
    from netpursuit.reports.tables import matches_table

    out = console()
    show_banners(out, words, answer.lists)
    show_person(out, words, answer.query)
    for remark in remarks:
        out.print(remark_text(words, asdict(remark)), markup=False, style="yellow")
    if not answer.matches:
        out.print(words("match.none", count=len(answer.lists)))
    else:
        found: tuple[FoundEntry, ...] = answer.matches
        out.print(matches_table([(item.match, item.entry) for item in found], words, [item.group_id for item in found]))
        if explain:
            from netpursuit.reports.waterfall import draw_waterfall

            for item in found:
                out.print(draw_waterfall(item.match, words))
    if answer.truncated:
        out.print(words("match.cut"))
    if answer.against is not None:
        against = answer.against
        out.print(words("against.title", key=f"{against.key.list_id}:{against.key.entry_id}"), markup=False)
        band = words(f"band.{against.match.band.word or 'none'}" if against.match else "band.none")
        out.print(
            words(f"found.{against.answer}", list=against.key.list_id, entry=against.key.entry_id, band=band),
            markup=False,
        )
        if against.match is not None:
            from netpursuit.reports.waterfall import draw_waterfall

            out.print(draw_waterfall(against.match, words))
    out.print(words("cli.lead-not-verdict"))
    out.print(words("match.consultation", id=answer.consultation_id), markup=False)
