"""The check sheet holds what it must on one page, whatever the records hold (A11, A13, A16)."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.catalogue import Catalogue
from netpursuit.gate.workbench import ListStanding
from netpursuit.match import Matcher
from netpursuit.policy.standing import ListStatus
from netpursuit.records import (
    Address,
    AddressKind,
    Document,
    DocumentKind,
    Entry,
    EntryKey,
    EntryKind,
    Instrument,
    Lead,
    LeadKey,
    LeadState,
    ListVersion,
    Match,
    Name,
    PartialDate,
    Person,
    RegisteredPerson,
    Registration,
    Role,
    Sex,
    SourceRef,
    SpotOutcome,
    SpotResult,
    Statement,
    Warrant,
)
from netpursuit.reports.check_sheet import cut, render_sheet
from netpursuit.reports.leads_file import Notice
from netpursuit.review.check_sheet import CheckSheet, expiry
from netpursuit.review.views import EntryView, LeadView

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEY = EntryKey(list_id="wanted", entry_id="W1")
LONG_EN = "Mohammed ibn Abdulrahman called the long one of the north "
LONG_ZH = "虚构省幻县虚构街道一路南侧十二号楼三单元"


def a_person(names: tuple[str, ...], number: str, text: str, day: PartialDate) -> Person:
    return Person(
        names=tuple(Name(text=name) for name in names),
        birth_dates=(day,),
        sex=Sex.MALE,
        nationalities=("CN", "TR", "KZ"),
        documents=(
            Document(number=number, kind=DocumentKind.NATIONAL_ID, country="CN"),
            *(Document(number=f"E{serial}", kind=DocumentKind.PASSPORT, country="CN") for serial in (7654321, 7654322)),
        ),
        phones=("13800138000", "13800138001", "13800138002", "13800138003"),
        emails=tuple(f"{'somebody.with.a.long.box' * 3}{at}@example.org" for at in range(4)),
        addresses=(
            *(Address(text=text * 4 + str(at), kind=AddressKind.RESIDENCE) for at in range(4)),
            *(Address(text=text * 4 + str(at), kind=AddressKind.REGISTERED) for at in range(4)),
        ),
    )


def full_sheet(text: str) -> CheckSheet:
    """Everything at once: a borrowed number, a stale list, a group, visits, and long values everywhere."""
    person = a_person(
        ("Wang Qiang Xiaodong Weiguo " * 3, "王强王强王强" * 4, "Wang " * 20),
        "990101198503040010",
        text,
        PartialDate(year=1985, month=3, day=4),
    )
    other = a_person(
        ("欧阳志远", *(f"{text}{at}" * 3 for at in range(12))),
        "990101198503040010",
        f"另{text}",
        PartialDate(year=1985, month=4, day=3),
    )
    entry = Entry(
        entry_id="W1",
        kind=EntryKind.PERSON,
        person=other,
        source=SourceRef(file="wanted.csv", line=2),
        programmes=("SDGT", "NPWMD", "IRAN", text * 3),
        warrant=Warrant(
            instrument=Instrument.EXTRADITION_OR_RED_NOTICE,
            document_number=text * 3,
            authority=text * 3,
            issuing_unit=text * 3,
            issuing_phone="000-1 " * 9,
            issue_date=date(2026, 3, 1),
            review_by=date(2026, 12, 20),
            offence=text * 9,
        ),
        link="https://example.org/" + "a" * 300,
        description=text * 40,
    )
    match = Matcher.over([("wanted", entry)]).explain(person, KEY)
    assert match is not None
    version = ListVersion(
        list_id="wanted",
        version="v1",
        format="mapped",
        publisher=text * 3,
        title=text * 3,
        list_date=date(2026, 9, 1),
        max_age_days=30,
        added_at=AT,
        own=True,
        people=1,
        others=0,
    )
    standing = ListStanding(list_id="wanted", status=ListStatus.STALE, version=version)
    said = Statement(user="li", name=text, at=AT, note=text * 5)
    lead = Lead(
        lead_id="L-ABCDEFGHIJKL",
        key=LeadKey(feed_id=text, registration_id=text * 2, role=Role.TENANT.value, person_ref="#0", entry=KEY),
        state=LeadState.OPEN,
        revision=12,
        match=match,
        registered=RegisteredPerson(role=Role.TENANT, position=0, person_id="", person=person),
        registration=Registration(
            registration_id=text,
            file_digest="d" * 64,
            file="night.csv",
            line=2,
            persons=(),
            address=text * 5,
            unit=text,
            unit_code=text,
            start_date=date(2026, 1, 1),
            end_date=date(2026, 11, 1),
        ),
        entry_version="e",
        list_version="v1",
        list_date=version.list_date,
        policy="2026.11-5+00000000+fit-00000000",
        run_id="R-20261123-020000-0123456789ab",
        created_at=AT,
        updated_at=AT,
        flag="reopened:left.name,left.birth-date,right.document",
        outcomes=(SpotOutcome(result=SpotResult.FOUND, said=said),) * 3,
    )
    view = EntryView(key=KEY, entry=entry, standing=standing, obstacle="stale", match=match)
    return CheckSheet(
        view=LeadView(lead=lead, entry=entry, standing=standing, obstacle="stale", entries=(view,) * 9),
        user="li",
        reason="lead:" + "T-7" * 20,
        case=None,
        made_at=AT,
        as_of=DAY,
        expires_on=DAY,
        consultation_id="C-abcdefghijklmnop",
    )


PLAIN = Person(names=(Name(text="Ben Example"),), birth_dates=(PartialDate(year=1981, month=3, day=4),))
NOTICE = Notice(
    purpose=LONG_EN * 8, user="li" * 30, run_ids=("R-20261123-020000-0123456789ab",), expires_on=DAY, case_id="K-" * 40
)


def pages(html: str, browser: str, folder: Path) -> int:
    """How many pages a browser prints."""
    page, paper = folder / "sheet.html", folder / "sheet.pdf"
    page.write_text(html, encoding="utf-8")
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    arguments += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={paper}", page.as_uri()]
    done = subprocess.run([browser, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert paper.exists(), done.stderr
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper.read_bytes()))


@pytest.mark.parametrize(("lang", "text"), [("en", LONG_EN), ("zh", f"محمد بن عبد الرحمن {LONG_ZH} ")])
def test_everything_at_once_is_still_one_page(lang: str, text: str, browser: str, tmp_path: Path) -> None:
    html = render_sheet(full_sheet(text), NOTICE, Catalogue(lang))
    assert pages(html, browser, tmp_path) == 1
    assert 'class="tight"' in html
    assert "sheet." not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize(("lang", "text"), [("en", LONG_EN), ("zh", LONG_ZH)])
def test_a_long_description_takes_the_room_that_is_left_and_no_more(
    lang: str, text: str, browser: str, tmp_path: Path
) -> None:
    full = full_sheet(text)
    (best, *_), lead = full.view.entries, full.view.lead
    assert best.entry is not None
    plain = replace(best.entry, person=PLAIN, warrant=Warrant(), programmes=(), link="", description=text * 90)
    match = Matcher.over([("wanted", plain)]).explain(PLAIN, KEY)
    assert match is not None
    view = replace(best, entry=plain, match=match)
    small = replace(lead, match=match, registered=replace(lead.registered, person=PLAIN), outcomes=(), flag="")
    sheet = replace(full, view=replace(full.view, lead=small, entry=plain, entries=(view,)))
    html = render_sheet(sheet, NOTICE, Catalogue(lang))
    assert 'class="tight"' not in html
    assert html.count(text.strip()) > 12, "far more of it than where a page is full"
    assert " […]" in html
    assert pages(html, browser, tmp_path) == 1


def test_a_borrowed_number_a_stale_list_and_the_sentence_stand_on_the_sheet() -> None:
    html = render_sheet(full_sheet(LONG_EN), NOTICE, Catalogue("en"))
    assert "may be its owner, and so the victim" in html
    assert "stale: older than it may be" in html
    assert "83 days old" in html
    assert "it is not a ground for detention by itself" in html
    assert "cleared before; an identifying field has changed (name, birth date, document number)" in html
    assert "The stay ended on 2026-11-01" in html


def test_whatever_is_cut_says_so_and_what_fits_is_whole() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "abc […]"
    assert cut("张伟明", 4) == "张伟 […]"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), st.integers(1, 60))
def test_a_cut_text_is_a_beginning_of_the_whole(text: str, most: int) -> None:
    shown = cut(text, most)
    assert shown == text or (shown.endswith(" […]") and text.startswith(shown.removesuffix(" […]")))


def test_a_sheet_never_outlasts_the_review_the_list_or_the_case() -> None:
    sheet = full_sheet(LONG_EN)
    assert expiry(sheet.view, None, DAY) == DAY, "of a stale list it lasts the day"
    (best, *_) = sheet.view.entries
    fresh = replace(best, obstacle="", standing=replace(best.standing, status=ListStatus.FRESH))

    def lasts(entry: EntryView, day: date) -> date:
        return expiry(replace(sheet.view, entries=(entry,)), None, day)

    assert lasts(fresh, date(2026, 9, 2)) == date(2026, 9, 9), "a week"
    assert lasts(fresh, date(2026, 9, 29)) == date(2026, 10, 1), "as long as the list is fresh"
    assert fresh.entry is not None
    ending = replace(fresh.entry, warrant=replace(fresh.entry.warrant, review_by=date(2026, 9, 4)))
    assert lasts(replace(fresh, entry=ending), date(2026, 9, 2)) == date(2026, 9, 4)


def test_every_finding_of_every_field_gives_words_to_check_by() -> None:
    """Each level of each comparison leads to checks whose words the catalogue has, in both languages."""
    from netpursuit.policy.weights import TABLES
    from netpursuit.reports.spot_checks import spot_checks

    sheet = full_sheet(LONG_EN)
    lead, entry = sheet.view.lead, sheet.view.entry
    told = set()
    words = [Catalogue(lang) for lang in ("en", "zh")]
    for field in ("name", "birth-date", "document", "sex"):
        for level in TABLES[field]:
            changed = tuple(
                replace(item, level=level.key) if item.field == field else item for item in lead.match.evidence
            )
            match: Match = replace(lead.match, evidence=changed)
            for check in spot_checks(lead, match, entry, DAY):
                told.add(check.key)
                assert all(spoken(f"check.{check.key}", **check.values) for spoken in words)
    assert len(told) > 15
    assert spot_checks(lead, lead.match, None, DAY)[0].key == "document-in-hand"
