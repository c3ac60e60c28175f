"""Leads, entries and lists as the reports take them; all people invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from netpursuit.gate.workbench import ListStanding
from netpursuit.policy.standing import ListStatus
from netpursuit.policy.weights import band_of
from netpursuit.records import (
    Address,
    AddressKind,
    Document,
    DocumentKind,
    Entry,
    EntryKey,
    EntryKind,
    Evidence,
    Instrument,
    Lead,
    LeadKey,
    LeadState,
    ListVersion,
    Match,
    MilliBits,
    Name,
    NameKind,
    PartialDate,
    Person,
    RegisteredPerson,
    Registration,
    Role,
    RunCounts,
    RunManifest,
    Sex,
    SourceRef,
    Warrant,
)
from netpursuit.records.graph import Edge, EdgeKind, LinkSet, Node, NodeKind
from netpursuit.reports.leads_file import Notice
from netpursuit.reports.page import Report, ReportedLead

AT = datetime(2025, 12, 31, 9, 30, tzinfo=UTC)
DEFAULT_EVIDENCE = (
    ("prior", "prior", -15_000, "", ""),
    ("name", "same-other-script", 9_400, "Liu Jianye", "刘建业"),
    ("birth-date", "in-number", 0, "1983-11-02", "1983-11-02"),
    ("document", "one-slip", 14_500, "590322198311029677", "590322198311026677"),
    ("phone", "not-compared", 0, "", ""),
    ("address", "other", -200, "", ""),
    ("sex", "same", 900, "male", "male"),
)


Rows = tuple[tuple[str, str, int, str, str], ...]


def match_of(rows: Rows = DEFAULT_EVIDENCE, capped: str = "", entry: str = "T1") -> Match:
    evidence = tuple(
        Evidence(field=field, level=level, millibits=MilliBits(weight), left=left, right=right)
        for field, level, weight, left, right in rows
    )
    total = sum(item.millibits for item in evidence)
    return Match(
        key=EntryKey(list_id="wanted", entry_id=entry),
        millibits=MilliBits(total),
        probability=1 / (1 + 2 ** (-total / 1000)),
        band=band_of(total),
        capped=capped,
        evidence=evidence,
    )


@pytest.fixture
def make_match() -> Callable[..., Match]:
    return match_of


@pytest.fixture
def make_lead() -> Callable[..., Lead]:
    def make(
        name: str = "Liu Jianye",
        registration_id: str = "XG-1",
        match: Match | None = None,
        place: str = "虚构路18号3栋",
    ) -> Lead:
        match = match or match_of()
        person = Person(
            names=(Name(text=name),),
            birth_dates=(PartialDate(year=1983, month=11, day=2),),
            sex=Sex.MALE,
            documents=(Document(number="590322198311029677", kind=DocumentKind.NATIONAL_ID, country="CN"),),
            phones=("15432171471",),
            addresses=(Address(text=place, unit="201", kind=AddressKind.RESIDENCE),),
        )
        one = RegisteredPerson(role=Role.TENANT, position=0, person_id="", person=person)
        return Lead(
            lead_id=f"L-{registration_id}-{match.key.entry_id}",
            key=LeadKey(
                feed_id="demo", registration_id=registration_id, role="tenant", person_ref="#0", entry=match.key
            ),
            state=LeadState.OPEN,
            revision=1,
            match=match,
            registered=one,
            registration=Registration(
                registration_id=registration_id,
                file_digest="0" * 64,
                file="xugou.xlsx",
                line=12,
                persons=(one,),
                address=place,
                unit="201",
                start_date=date(2025, 7, 17),
            ),
            entry_version="v1",
            list_version="a" * 16,
            list_date=date(2025, 12, 20),
            policy="2026.11-1+abcd1234",
            run_id="R-1",
            created_at=AT,
            updated_at=AT,
        )

    return make


@pytest.fixture
def make_entry() -> Callable[..., Entry]:
    def make(name: str = "刘建业", link: str = "", aliases: tuple[str, ...] = ("老刘",)) -> Entry:
        person = Person(
            names=(Name(text=name), *(Name(text=alias, kind=NameKind.ALIAS) for alias in aliases)),
            birth_dates=(PartialDate(year=1983, month=11, day=2),),
            sex=Sex.MALE,
            nationalities=("CN",),
            documents=(Document(number="590322198311026677", kind=DocumentKind.NATIONAL_ID, country="CN"),),
            addresses=(Address(text="虚构省乙江市丙山县青石巷9号", kind=AddressKind.REGISTERED),),
        )
        return Entry(
            entry_id="T1",
            kind=EntryKind.PERSON,
            person=person,
            source=SourceRef(file="wanted.csv", line=14),
            warrant=Warrant(
                instrument=Instrument.ARREST_WARRANT,
                document_number="虚检刑捕〔2025〕101号",
                authority="虚构省人民检察院",
                issuing_unit="丙山县公安局刑侦大队",
                issuing_phone="0600-55500004",
                issue_date=date(2025, 9, 1),
                review_by=date(2026, 2, 27),
                offence="合同诈骗",
            ),
            link=link,
            description="身高175厘米，戴近视眼镜",
        )

    return make


@pytest.fixture
def links() -> LinkSet:
    def node(kind: NodeKind, key: str, label: str) -> Node:
        return Node(kind=kind, key=key, label=label, source="xugou.xlsx:12")

    def edge(kind: EdgeKind, start: str, end: str, fact: bool = True) -> Edge:
        return Edge(kind=kind, start=start, end=end, source="xugou.xlsx:12", fact=fact)

    return LinkSet(
        nodes=(
            node(NodeKind.ENTRY, "e", "刘建业"),
            node(NodeKind.LIST, "l", "wanted"),
            node(NodeKind.PHONE, "p", "15432171471"),
            node(NodeKind.RENTAL_UNIT, "u", "虚构路18号3栋 201"),
            node(NodeKind.ADDRESS, "a", "虚构省甲城市东区虚构路18号3栋1单元"),
            node(NodeKind.SUBJECT, "s", "Liu Jianye"),
            node(NodeKind.CONTACT, "c", "余华俊"),
        ),
        edges=(
            edge(EdgeKind.SAME_AS, "s", "e", fact=False),
            edge(EdgeKind.LISTED_ON, "e", "l"),
            edge(EdgeKind.USES_PHONE, "s", "p"),
            edge(EdgeKind.STAYED_AT, "s", "u"),
            edge(EdgeKind.UNIT_IN, "u", "a"),
            edge(EdgeKind.LANDLORD_OF, "c", "u"),
        ),
    )


@pytest.fixture
def make_standing() -> Callable[..., ListStanding]:
    def make(status: ListStatus = ListStatus.FRESH, list_date: date = date(2025, 12, 20)) -> ListStanding:
        version = ListVersion(
            list_id="wanted",
            version="a" * 16,
            format="mapped",
            publisher="虚构省公安厅",
            title="在逃人员名单",
            list_date=list_date,
            max_age_days=30,
            added_at=AT,
            own=True,
            people=60,
            others=0,
        )
        return ListStanding(list_id="wanted", status=status, version=version)

    return make


@pytest.fixture
def run() -> RunManifest:
    return RunManifest(
        run_id="R-1",
        feed_id="demo",
        file="xugou.xlsx",
        file_digest="0" * 64,
        lists=(("wanted", "a" * 16),),
        policy="2026.11-1+abcd1234",
        as_of=date(2025, 12, 31),
        started_at=AT,
        finished_at=AT,
        counts=RunCounts(read=1000, persons=2000, screened=1000, candidates=5200, truncated_numbers=27, strong=1),
        seconds=1.25,
    )


@pytest.fixture
def make_report(make_standing: Callable[..., ListStanding], run: RunManifest) -> Callable[..., Report]:
    def make(*leads: ReportedLead, standings: tuple[ListStanding, ...] | None = None, **more: object) -> Report:
        return Report(
            runs=(run,),
            leads=leads,
            lists=standings if standings is not None else (make_standing(),),
            as_of=date(2025, 12, 31),
            made_at=AT,
            notice=Notice(purpose="演示核查", user="alice", run_ids=("R-1",), expires_on=date(2026, 6, 30)),
            **more,  # type: ignore[arg-type]
        )

    return make
