"""A part of the link graph as FollowTheMoney: what its schemata have, and assessments stay assessments."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.links.views import Findings
from netpursuit.records import Entry, EntryKind
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind, Provenance
from netpursuit.reports.graph_files import Asked, kind_of, write_graph
from netpursuit.reports.graph_ftm import as_ftm
from netpursuit.reports.leads_file import Notice
from netpursuit.sources.lists.ftm import FtmReader

NOTICE = Notice(purpose="查找在逃人员", user="officer", run_ids=(), expires_on=date(2026, 12, 31), case_id="K-2026-17")
# What of each schema's properties the export uses, as https://followthemoney.tech/explorer/schemata has them.
THING = {"name", "summary", "description", "program", "addressEntity"}
LEGAL = THING | {"phone", "email", "idNumber", "taxNumber"}
LINK = {"startDate", "endDate", "summary", "description"}
PROPERTIES = {
    "Person": LEGAL | {"passportNumber"},
    "LegalEntity": LEGAL,
    "Organization": LEGAL,
    "Company": LEGAL | {"registrationNumber", "jurisdiction"},
    "Vehicle": THING | {"registrationNumber", "country"},
    "BankAccount": THING | {"iban", "accountNumber", "bankName", "country"},
    "Vessel": THING | {"registrationNumber"},
    "Airplane": THING | {"registrationNumber"},
    "Address": THING | {"full"},
    "RealEstate": THING | {"address"},
    "UserAccount": THING | {"username", "service", "phone", "email"},
    "Event": THING | {"startDate", "endDate"},
    "UnknownLink": LINK | {"subject", "object", "role", "status"},
    "Ownership": LINK | {"owner", "asset", "role", "status"},
    "Identification": LINK | {"holder", "number", "type", "country"},
    "Passport": LINK | {"holder", "number", "type", "country"},
}
NEEDED = {
    "UnknownLink": {"subject", "object"},
    "Ownership": {"owner", "asset"},
    "Identification": {"holder", "number"},
    "Passport": {"holder", "number"},
    "UserAccount": {"username"},
    "Address": {"full"},
}
PHONE, UNIT, HOUSE = "phone:n2:+8613800138000", "unit:n2:code:U1", "address:n2:CN|x"
LEAD, LANDLORD, LISTED, SHIP = "subject:n2:f:tenant:R1", "subject:n2:f:landlord:R1", "entry:n2:w:W1", "entry:n2:w:S1"
CONTACT, CAR, IBAN, CARD = (
    "contact:n2:x",
    "vehicle:n2:US/CA:7ABC",
    "account:n2:iban:GB82WEST12345698765432",
    "account:n2:b c:62",
)
COMPANY = "organisation:n2:reg:GB:0123"
PASSPORT, CITIZEN, NUMBER = "document:n2:passport:DE:C01X", "document:n2:cn-resident::1101", "document:n2:other::IMO1"


def node(kind: NodeKind, key: str, label: str, *, fact: bool = True, since: str = "", note: str = "") -> GraphNode:
    said = Provenance(source=f"source of {label}", fact=fact, seen_from=since, note=note)
    return GraphNode(kind=kind, key=key, label=label, provenance=(said,))


def edge(kind: EdgeKind, start: str, end: str, *, fact: bool = True, since: str = "", note: str = "") -> GraphEdge:
    said = Provenance(source=f"source of {kind.value}", fact=fact, seen_from=since, note=note)
    return GraphEdge(kind=kind, start=start, end=end, provenance=(said,))


def found() -> Findings:
    nodes = (
        node(NodeKind.SUBJECT, LEAD, "欧阳志远", fact=False, since="2026-04-02"),
        node(NodeKind.SUBJECT, LANDLORD, "章玉琴"),
        node(NodeKind.ENTRY, LISTED, "Ouyang Zhiyuan"),
        node(NodeKind.ENTRY, SHIP, "Sea Star"),
        node(NodeKind.ENTRY, "entry:n2:w:X", "of no kind"),
        node(NodeKind.LIST, "list:n2:w", "w"),
        node(NodeKind.ORGANISATION, "organisation:n2:w:acme", "Acme"),
        node(NodeKind.PHONE, PHONE, "138 0013 8000"),
        node(NodeKind.PHONE, "phone:n2:+861", "+86 1"),
        node(NodeKind.EMAIL, "email:n2:a@example.org", "a@example.org"),
        node(NodeKind.ADDRESS, HOUSE, "幻县虚构路12号"),
        node(NodeKind.RENTAL_UNIT, UNIT, "幻县虚构路12号501室"),
        node(NodeKind.DOCUMENT, PASSPORT, "C 01 X"),
        node(NodeKind.DOCUMENT, CITIZEN, "1101"),
        node(NodeKind.DOCUMENT, NUMBER, "IMO 1"),
        node(NodeKind.CONTACT, CONTACT, "Jo Doe"),
        node(NodeKind.VEHICLE, CAR, "7 ABC Ford"),
        node(NodeKind.ACCOUNT, IBAN, "GB82WEST12345698765432"),
        node(NodeKind.ACCOUNT, CARD, "62 (B C)"),
        node(NodeKind.ORGANISATION, COMPANY, "Acme Ltd"),
        node(NodeKind.REGISTRATION, "registration:n2:f:R1", "R1", since="2026-04-02"),
    )
    edges = (
        edge(EdgeKind.LISTED_ON, LISTED, "list:n2:w", since="2026-01-01"),
        edge(EdgeKind.SAME_AS, LEAD, LISTED, fact=False, note="strong, 30 bits"),
        edge(EdgeKind.USES_PHONE, LEAD, PHONE, fact=False),
        edge(EdgeKind.USES_PHONE, LANDLORD, PHONE),
        edge(EdgeKind.USES_PHONE, LISTED, "phone:n2:+861"),
        edge(EdgeKind.USES_EMAIL, LISTED, "email:n2:a@example.org"),
        edge(EdgeKind.HOLDS_DOCUMENT, LEAD, CITIZEN, fact=False),
        edge(EdgeKind.HOLDS_DOCUMENT, LISTED, PASSPORT),
        edge(EdgeKind.HOLDS_DOCUMENT, SHIP, NUMBER),
        edge(EdgeKind.RESIDED_AT, LISTED, HOUSE, since="2025-01-01"),
        edge(EdgeKind.STAYED_AT, LEAD, UNIT, fact=False, since="2026-04-02"),
        edge(EdgeKind.UNIT_IN, UNIT, HOUSE),
        edge(EdgeKind.LANDLORD_OF, LANDLORD, UNIT),
        edge(EdgeKind.LANDLORD_OF, LANDLORD, HOUSE),
        edge(EdgeKind.LINKED_TO, LISTED, "organisation:n2:w:acme", note="director of"),
        edge(EdgeKind.OWNS, CONTACT, CAR, since="2026-01-01"),
        edge(EdgeKind.OWNS, CONTACT, IBAN, note="holder"),
        edge(EdgeKind.OWNS, CONTACT, HOUSE),
        edge(EdgeKind.OWNS, COMPANY, CARD),
        edge(EdgeKind.OWNS, CONTACT, COMPANY),
        GraphEdge(
            kind=EdgeKind.CALLED,
            start=PHONE,
            end="phone:n2:+861",
            provenance=tuple(
                Provenance(source="attached c", seen_from=f"2026-03-0{day}", seen_to=f"2026-03-0{day}", note=note)
                for day, note in ((1, "3 calls, 30 s, from line 2"), (2, "1 call, 5 s, from line 9"))
            ),
        ),
        edge(EdgeKind.NAMED_IN, LEAD, "registration:n2:f:R1", fact=False),
    )
    return Findings(nodes=nodes, edges=edges)


KINDS = {LISTED: EntryKind.PERSON, SHIP: EntryKind.VESSEL}


def entities(what: Findings, lang: str = "en") -> list[dict[str, Any]]:
    text = as_ftm(what, ["a warning", "a purpose"], Catalogue(lang), KINDS).text
    return [json.loads(line) for line in text.split("\n")[:-1]]


def named(every: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(item for item in every if item["properties"].get("name") == [name])


def between(every: list[dict[str, Any]], role: str) -> list[dict[str, Any]]:
    return [item for item in every if role in item["properties"].get("role", ())]


def test_every_property_is_one_of_its_schema_and_every_end_is_in_the_file() -> None:
    every = entities(found())
    ids = [item["id"] for item in every]
    assert len(set(ids)) == len(ids)
    assert {item["schema"] for item in every} == set(PROPERTIES) - {"Airplane"}
    for item in every:
        properties = item["properties"]
        assert set(properties) <= PROPERTIES[item["schema"]], item
        assert NEEDED.get(item["schema"], {"name"}) <= set(properties), item
        assert all(isinstance(value, str) and value for values in properties.values() for value in values), item
        for name in ("subject", "object", "owner", "asset", "holder", "addressEntity"):
            assert set(properties.get(name, ())) <= set(ids), item


def test_the_same_answer_gives_the_same_bytes_and_the_same_node_the_same_id_in_every_export() -> None:
    whole, part = found(), Findings(nodes=(found().nodes[0],))
    assert as_ftm(whole, ["x"], Catalogue("en"), KINDS) == as_ftm(whole, ["x"], Catalogue("en"), KINDS)
    assert named(entities(part), "欧阳志远")["id"] == named(entities(whole), "欧阳志远")["id"]


def test_an_assessment_stands_on_links_alone_and_a_fact_on_its_person_too() -> None:
    every = entities(found())
    lead = named(every, "欧阳志远")["properties"]
    assert not {"phone", "email", "idNumber", "passportNumber", "addressEntity"} & set(lead)
    assert lead["summary"] == ["assessment; source of 欧阳志远; 2026-04-02 –"]
    assert named(every, "章玉琴")["properties"]["phone"] == ["+8613800138000"]
    listed = named(every, "Ouyang Zhiyuan")["properties"]
    assert (listed["email"], listed["passportNumber"]) == (["a@example.org"], ["C01X"])
    assert "phone" not in listed, "+861 is no number that FollowTheMoney takes"
    assert [item["properties"]["status"] for item in between(every, "same-as")] == [["assessment"]]
    assert sorted(item["properties"]["status"][0] for item in between(every, "uses-phone")) == [
        "assessment",
        "fact",
        "fact",
    ]


def test_links_have_their_dates_roles_and_schemata() -> None:
    every = entities(found())
    (stay,) = between(every, "stayed-at")
    assert (stay["schema"], stay["properties"]["startDate"]) == ("UnknownLink", ["2026-04-02"])
    assert sorted(item["schema"] for item in between(every, "landlord-of")) == ["Ownership", "UnknownLink"]
    (director,) = between(every, "linked-to")
    assert director["properties"]["role"] == ["linked-to", "director of"]
    (passport,) = [item for item in every if item["schema"] == "Passport"]
    assert passport["properties"]["number"] == ["C01X", "C 01 X"]
    assert passport["properties"]["country"] == ["de"]
    (citizen,) = [item for item in every if item["schema"] == "Identification"]
    assert citizen["properties"]["country"] == ["cn"]
    assert named(every, "Ouyang Zhiyuan")["properties"]["program"] == ["w"]
    assert named(every, "Sea Star")["properties"]["registrationNumber"] == ["IMO 1"]
    assert named(every, "of no kind")["schema"] == "LegalEntity"


def test_what_is_owned_has_its_numbers_and_its_owner() -> None:
    every = entities(found())
    car, iban, card = (
        named(every, name)["properties"] for name in ("7 ABC Ford", "GB82WEST12345698765432", "62 (B C)")
    )
    assert (car["registrationNumber"], car["country"]) == (["7ABC"], ["us"])
    assert (iban["iban"], iban["country"]) == (["GB82WEST12345698765432"], ["gb"])
    assert (card["accountNumber"], card["bankName"]) == (["62"], ["b c"])
    company = named(every, "Acme Ltd")
    assert (company["schema"], company["properties"]["registrationNumber"]) == ("Company", ["0123"])
    assert company["properties"]["jurisdiction"] == ["gb"]
    owned = between(every, "owns")
    assert sorted(item["schema"] for item in owned) == ["Ownership"] * 4 + ["UnknownLink"]
    assert ["owns", "holder"] in [item["properties"]["role"] for item in owned]


def test_calls_are_one_link_with_their_number_and_length() -> None:
    (calls,) = between(entities(found()), "called")
    assert calls["schema"] == "UnknownLink"
    assert calls["properties"]["summary"] == ["fact; attached c; 2026-03-01 – 2026-03-02; 4 calls on 2 days, 35 s"]
    assert (calls["properties"]["startDate"], calls["properties"]["endDate"]) == (["2026-03-01"], ["2026-03-02"])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["case.ftm.json", "case.FTM.JSONL"])
def test_the_warning_stands_on_every_line_and_beside(tmp_path: Path, lang: str, name: str) -> None:
    words, path = Catalogue(lang), tmp_path / name
    written = write_graph(found(), path, NOTICE, words, Asked(entry_kinds=KINDS))
    assert written == (path, tmp_path / f"{name}.notice.txt")
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    for text in (*lines, written[1].read_text(encoding="utf-8")):
        for stated in (words("report.warning"), "查找在逃人员", "officer", "2026-12-31", "K-2026-17"):
            assert stated in text


def test_what_has_no_form_is_left_out_and_counted(tmp_path: Path) -> None:
    alone = tuple(node for node in found().nodes if node.kind in (NodeKind.LIST, NodeKind.DOCUMENT))[:2]
    assert as_ftm(Findings(nodes=alone), [], Catalogue("en")).left_out == 2
    assert as_ftm(found(), [], Catalogue("en"), KINDS).left_out == 0
    (_, beside) = write_graph(Findings(nodes=alone), tmp_path / "a.ftm.json", NOTICE, Catalogue("en"))
    assert "2 nodes or links" in beside.read_text(encoding="utf-8")


def test_a_hostile_name_is_one_value_of_one_line() -> None:
    hostile = '"}\n{"id":"x"} \x00 \ud800'
    one = found().nodes[0]._replace(label=hostile)
    (line,) = entities(Findings(nodes=(one,)))
    assert line["properties"]["name"] == ['"}\n{"id":"x"}  ']


def test_an_export_read_as_a_list_makes_nobody_wanted(tmp_path: Path) -> None:
    path = tmp_path / "case.ftm.json"
    write_graph(found(), path, NOTICE, Catalogue("en"), Asked(entry_kinds=KINDS))
    reader = FtmReader()
    assert reader.recognises([path])
    assert not [item for item in reader.read([path]) if isinstance(item, Entry)]


def test_other_json_is_no_kind_of_export() -> None:
    assert kind_of(Path("Case.ftm.JSON")) == ".ftm.json"
    assert kind_of(Path("case.json")) == ".json"
