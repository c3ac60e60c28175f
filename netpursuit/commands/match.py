"""``netpursuit match``: one person against the lists, with the evidence of every match."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, read_text, show_json, show_json_line
from netpursuit.commands.progress import tell_build
from netpursuit.commands.worded import new_command
from netpursuit.errors import InputError
from netpursuit.records import Band, EntryKey, Person

if TYPE_CHECKING:
    from netpursuit.enquiry.search import FoundEntry, SearchAnswer
    from netpursuit.ids.lines import QueryFields
    from netpursuit.sources.query_remarks import Remark

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
    @click.option("--record", metavar="FILE|-", help=words("option.record"))
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
        explain = fields.pop("explain")
        return run_match(settings, record, parse_key(against), limit, Band[min_band.upper()], explain, fields)

    return match


def parse_key(text: str | None) -> EntryKey | None:
    """``LIST:ENTRY``; None stays None. Raises ``InputError`` for another form."""
    if text is None:
        return None
    list_id, colon, entry_id = text.partition(":")
    if not (colon and list_id and entry_id):
        raise InputError(f"{text!r} names no entry", where="entry", expected="LIST:ENTRY")
    return EntryKey(list_id=list_id, entry_id=entry_id)


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
    from netpursuit.sources.query_remarks import remarks_on
    from netpursuit.wiring import open_desk

    if record is not None:
        if any(fields.values()):
            raise InputError("--record stands alone", where="--record", expected="no other field")
        asked = read_asked(record)
    elif any(fields.values()):
        asked = [typed_person(settings, fields)]
    else:
        asked = [typed_person(settings, prompt_fields(settings.words))]
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
                show_json_line(answer_json(answer, said))
            elif settings.as_json:
                show_json(answer_json(answer, said))
            else:
                show_answer(settings.words, answer, said, explain)
            code = 3 if answer.troubled else code
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A person asked about, the birth dates as typed, where it stands, and what is already to be said about it."""

    person: Person
    birth_texts: tuple[str, ...] = ()
    where: str = ""
    remarks: tuple[Remark, ...] = ()


def read_records(source: str) -> Iterator[Person]:
    """The persons of ``read_asked``."""
    return (item.person for item in read_asked(source))


def read_asked(source: str) -> list[Asked]:
    """One JSON object, or one a line, with the keys of ``compare``'s columns."""
    from netpursuit.sources.queries import person_of, texts_of

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


def typed_person(settings: Settings, fields: dict[str, Any]) -> Asked:
    """The person behind the options; a pasted line or an MRZ is split, shown, and joined with them."""
    from netpursuit.ids.lines import MAX_LENGTH, split_line
    from netpursuit.sources.queries import parse_document, person_of
    from netpursuit.sources.query_remarks import Remark, refuse_broken_zone

    line: QueryFields | None = None
    name = fields.get("name") or ""
    if len(name) > MAX_LENGTH:
        raise InputError(f"{len(name)} characters are no name", where="name", expected=f"at most {MAX_LENGTH}")
    if name:
        refuse_broken_zone(name, "name")
        line = split_line(name)
    record: dict[str, Any] = {
        "birth_date": fields.get("birth_date") or None,
        "phone": list(fields.get("phones") or ()),
        "email": list(fields.get("emails") or ()),
        "address": fields.get("address") or None,
        "sex": fields.get("sex") or None,
        "nationality": fields.get("nationality") or None,
    }
    person = person_of({key: value for key, value in record.items() if value}, where="option")
    documents = tuple(parse_document(text, where="--id") for text in fields.get("id_numbers") or ())
    person = replace(person, documents=documents)
    birth_texts = (record["birth_date"],) if record["birth_date"] else ()
    if line is None:
        return Asked(person=person, birth_texts=birth_texts)
    split = line.person()
    joined = replace(
        person,
        names=split.names,
        birth_dates=person.birth_dates or split.birth_dates,
        sex=person.sex or split.sex,
        nationalities=person.nationalities or split.nationalities,
        documents=(*person.documents, *split.documents),
        phones=(*person.phones, *split.phones),
        emails=(*person.emails, *split.emails),
        addresses=person.addresses or split.addresses,
    )
    said = [Remark(kind="not-used", field="", value=text) for text in line.unused]
    said += [Remark(kind="check-digit", field=field.replace("_", "-"), value="") for field in line.wrong_checks]
    return Asked(person=joined, birth_texts=birth_texts or line.birth_texts, remarks=tuple(said))


def answer_json(answer: SearchAnswer, remarks: tuple[Remark, ...]) -> dict[str, Any]:
    """The answer's stable shape."""
    from netpursuit.commands.shapes import entry_json, match_json, person_json
    from netpursuit.reports.standings import standing_json

    shape: dict[str, Any] = {
        "query": person_json(answer.query),
        "remarks": [
            {"kind": item.kind, "field": item.field, "value": item.value, "read_as": item.read_as, "other": item.other}
            for item in remarks
        ],
        "as_of": answer.as_of.isoformat(),
        "lists": [standing_json(item) for item in answer.lists],
        "policy": answer.policy,
        "matches": [
            match_json(found.match, found.entry) | ({"group": found.group_id} if found.group_id else {})
            for found in answer.matches
        ],
        "truncated": answer.truncated,
        "consultation": answer.consultation_id,
    }
    if answer.against is not None:
        against = answer.against
        shape["against"] = {
            "list": against.key.list_id,
            "id": against.key.entry_id,
            "answer": against.answer,
            "entry": entry_json(against.key, against.entry) if against.entry else None,
            "match": match_json(against.match, against.entry) if against.match else None,
        }
    return shape


def remark_text(words: Catalogue, remark: Remark) -> str:
    """One remark in words."""
    from netpursuit.reports.wording import clean, field_word

    value = clean(remark.value)
    return words(
        f"remark.{remark.kind}",
        field=field_word(words, remark.field),
        value=value,
        read_as=remark.read_as,
        other=remark.other,
    )


def show_answer(words: Catalogue, answer: SearchAnswer, remarks: tuple[Remark, ...], explain: bool) -> None:
    """The answer for a person at a terminal."""
    from netpursuit.commands.show import console, show_banners, show_person
    from netpursuit.reports.tables import matches_table

    out = console()
    show_banners(out, words, answer.lists)
    show_person(out, words, answer.query)
    for remark in remarks:
        out.print(remark_text(words, remark), markup=False, style="yellow")
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
