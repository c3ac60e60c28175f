"""Asking about one person: a pasted line split into fields, the query itself, and a lead opened from its answer."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal, TypedDict

import msgspec

from netpursuit.catalogue import Catalogue
from netpursuit.enquiry.search import Explanation, SearchAnswer, SearchRequest, search
from netpursuit.errors import InputError
from netpursuit.records import Band, Person
from netpursuit.reports.answer_json import answer_json, remark_text
from netpursuit.reports.compared import compared_json
from netpursuit.reports.review_json import standing_worded
from netpursuit.reports.standings import banner_lines
from netpursuit.screening.opening import open_from_query
from netpursuit.sources.query_remarks import Remark, remarks_on
from netpursuit.sources.typed import Asked as Typed
from netpursuit.sources.typed import line_remarks, parse_key, typed_line, typed_person
from netpursuit.web.bounds import Line, PersonAsked, Short, day_of
from netpursuit.web.endpoints import Asked, Call, Endpoint

MOST_MATCHES = 100


class LineAsked(Asked):
    line: Line


class MatchAsked(PersonAsked, kw_only=True):
    """``as_of``: today if it is not stated. ``against``: LIST:ENTRY of which is asked why it was or was not found."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_MATCHES)] = 10
    min_band: Literal["weak", "possible", "strong"] = "weak"
    as_of: date | None = None
    against: Short = ""


class OpenAsked(PersonAsked, kw_only=True):
    """The consultation of a query, one of the entries that it has shown, and the fields of the query again."""

    consultation: Short
    entry: Short
    as_of: date | None = None


class SplitAnswer(TypedDict):
    """The fields of a query, to be stated as they are."""

    name: str
    birth_date: str
    id_numbers: list[dict[str, str]]
    phones: list[str]
    emails: list[str]
    address: str
    sex: str
    nationality: str
    remarks: list[dict[str, str]]


class MatchAnswer(TypedDict):
    """As ``match --json``; each of ``matches`` has besides ``sides``, ``steps``, ``not_compared``, ``floors``,
    ``worded`` and ``facts``."""

    query: dict[str, Any]
    remarks: list[dict[str, str]]
    as_of: str
    lists: list[dict[str, Any]]
    policy: str
    matches: list[dict[str, Any]]
    truncated: bool
    consultation: str
    banners: list[str]
    notice: str


class OpenAnswer(TypedDict):
    """``lead`` is null where the person has been cleared of this entry."""

    lead: str | None
    action: str
    consultation: str
    state: str | None
    revision: int | None
    text: str


def split(call: Call) -> dict[str, Any]:
    """Looks at nothing and is kept nowhere."""
    line = typed_line(call.body.line.strip())
    birth = line.birth_texts[0] if line.birth_texts else str(line.birth_date or "")
    return {
        "name": line.name,
        "birth_date": birth,
        "id_numbers": [
            {"number": item.number, "country": item.country, "kind": item.kind.value} for item in line.documents
        ],
        "phones": list(line.phones),
        "emails": list(line.emails),
        "address": line.address,
        "sex": line.sex.value if line.sex else "",
        "nationality": line.nationality,
        "remarks": [_remark_json(call.words, item) for item in line_remarks(line)],
    }


def match(call: Call) -> dict[str, Any]:
    asked: MatchAsked = call.body
    typed = _typed(asked)
    desk = call.desk
    remarks = typed.remarks + remarks_on(typed.person, typed.birth_texts, today=desk.today)
    request = SearchRequest(
        person=typed.person,
        limit=asked.limit,
        min_band=Band[asked.min_band.upper()],
        against=parse_key(asked.against or None),
        as_of=day_of(asked.as_of, "as_of"),
    )
    return _answer_worded(call.words, search(desk, request), remarks)


def open_lead(call: Call) -> dict[str, Any]:
    asked: OpenAsked = call.body
    key = parse_key(asked.entry)
    assert key is not None
    person, as_of = _typed(asked).person, day_of(asked.as_of, "as_of")
    opened = open_from_query(call.desk, asked.consultation, key, person, as_of=as_of)
    lead = opened.lead
    return {
        "lead": lead.lead_id if lead else None,
        "action": opened.action.value,
        "consultation": opened.consultation_id,
        "state": lead.state.value if lead else None,
        "revision": lead.revision if lead else None,
        "text": call.words("leads.opened", lead=lead.lead_id) if lead else call.words("leads.cleared-before"),
    }


def _typed(asked: PersonAsked) -> Typed:
    typed = typed_person(asked.fields(), where="body", where_id="id_numbers", documents=asked.documents())
    if typed.person == Person():
        raise InputError("nothing to ask about", where="body", expected="a name, a number or a telephone")
    return typed


def _remark_json(words: Catalogue, remark: Remark) -> dict[str, str]:
    shape = asdict(remark)
    return {**shape, "text": remark_text(words, shape)}


def _answer_worded(words: Catalogue, answer: SearchAnswer, remarks: tuple[Remark, ...]) -> dict[str, Any]:
    person = answer.query
    shape = answer_json(answer, [_remark_json(words, item) for item in remarks])
    for told, found in zip(shape["matches"], answer.matches, strict=True):
        told |= compared_json(words, person, found.match, found.entry)
        told["key"] = f"{found.match.key.list_id}:{found.match.key.entry_id}"
        told["list_status"] = found.standing.status.value
    if answer.against is not None:
        against = answer.against
        shape["against"]["text"] = _against_text(words, against)
        if against.match is not None:
            shape["against"]["match"] |= compared_json(words, person, against.match, against.entry)
    return {
        **shape,
        "lists": [standing_worded(words, item, answer.as_of) for item in answer.lists],
        "banners": list(banner_lines(words, answer.lists)),
        "notice": words("cli.lead-not-verdict"),
    }


def _against_text(words: Catalogue, against: Explanation) -> str:
    band = (against.match.band.word if against.match else "") or "none"
    key = against.key
    return words(f"found.{against.answer}", list=key.list_id, entry=key.entry_id, band=words(f"band.{band}"))


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/split",
        summary="Split a pasted line or a machine-readable zone into fields",
        handle=split,
        asks=LineAsked,
        answers=SplitAnswer,
    ),
    Endpoint(
        method="POST",
        path="/match",
        summary="Look for one person on the lists",
        handle=match,
        asks=MatchAsked,
        answers=MatchAnswer,
    ),
    Endpoint(
        method="POST",
        path="/leads/open",
        summary="Open a lead from the answer to a query",
        handle=open_lead,
        asks=OpenAsked,
        answers=OpenAnswer,
    ),
)
