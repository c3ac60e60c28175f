"""Names written so as not to be found: the same person is found, and nothing shown steers a terminal or turns text."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, COLUMNS, HEADER, MAPPING, Run

LISTED = {
    "W1": ("欧阳志远", "1985-03-04"),
    "W2": ("Zoltán Kővárý", "1971-11-23"),
    "W3": ("𠮷田花子", "1966-06-06"),
    "W4": ("李明远", "1979-09-09"),
    "W5": ("Oleksandr Wójcik", "1983-08-08"),
    "W6": ("Люба Ёлкина", "1988-02-29"),
    "W7": ("王𬭳", "1990-10-10"),
}


def spread(text: str, mark: str) -> str:
    return mark.join(text)


def full_width(text: str) -> str:
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else "\u3000" if char == " " else char for char in text
    )


def tricks() -> dict[str, tuple[str, str]]:
    """What is done -> (the entry, its name so written)."""
    name = {entry: text for entry, (text, _) in LISTED.items()}
    found = {
        "zero width spaces": ("W1", spread(name["W1"], "\u200b")),
        "zero width joiners": ("W1", spread(name["W1"], "\u200d")),
        "word joiners": ("W2", spread(name["W2"], "\u2060")),
        "byte order marks": ("W1", "\ufeff" + spread(name["W1"], "\ufeff")),
        "soft hyphens": ("W2", spread(name["W2"], "\u00ad")),
        "variation selectors": ("W1", spread(name["W1"], "\ufe00")),
        "ideographic variation selectors": ("W1", spread(name["W1"], "\U000e0100")),
        "tag characters": ("W5", name["W5"] + "".join(chr(0xE0000 + ord(char)) for char in "safe")),
        "an override": ("W1", f"\u202e{name['W1']}\u202c"),
        "isolates": ("W5", f"\u2067{name['W5']}\u2069"),
        "marks of direction": ("W2", f"\u200f{name['W2']}\u200e\u061c"),
        "control characters": ("W5", name["W5"].replace(" ", " \x1b\x07")),
        "Hangul fillers": ("W1", f"\u3164{name['W1']}\u115f"),
        "full width": ("W5", full_width("Oleksandr Wojcik")),
        "no-break spaces": ("W2", name["W2"].replace(" ", "\u00a0\u202f")),
        "mathematical letters": ("W5", "".join(chr(0x1D400 + ord(c) - 65) if c.isupper() else c for c in name["W5"])),
        "Cyrillic letters in a Latin name": ("W5", name["W5"].replace("a", "а").replace("e", "е")),
        "Kangxi radicals": ("W4", name["W4"].replace("李", "\uf9e1")),  # a compatibility ideograph
        "beyond the basic plane": ("W3", name["W3"]),
        "the common form of a rare character": ("W3", name["W3"].replace("𠮷", "吉")),
        "a rare character of extension C": ("W7", name["W7"]),
    }
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        for entry in ("W2", "W5", "W6"):
            found[f"{form} of {entry}"] = (entry, unicodedata.normalize(form, name[entry]))  # type: ignore[arg-type]
    return found


TRICKS = tricks()
# What no terminal and no page may be given: controls, marks of direction, and what hides.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture
def screened(command: Run, tmp_path: Path, feed: Path) -> Path:
    """A workspace in which a register of all tricks was screened; ``leads.csv`` and ``leads.html`` lie beside it."""
    folder = tmp_path / "ws"
    listed, mapping, register = tmp_path / "wanted.csv", tmp_path / "mapping.toml", tmp_path / "register.csv"
    rows = [
        f"{entry},{name},,,{born},,虚构省幻县一路1号,盗窃,幻县公安局,000-1,幻捕字{entry}号,2026-03-01,2026-06-20"
        for entry, (name, born) in LISTED.items()
    ]
    listed.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    with register.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS.values())
        for number, (entry, written) in enumerate(TRICKS.values()):
            writer.writerow(
                (f"R{number}", written, LISTED[entry][1], "", "", f"幻县\u202e虚构\x1b[31m路{number}号", "2026-04-02")
            )
    common = ("--workspace", folder, "--as-of", AS_OF)
    add = command("lists", "add", listed, "--list", "wanted", "--mapping", mapping, "--reason", "check:T-1", *common)
    assert add.code == 0, add.err
    out = ("--out", tmp_path / "leads.csv", "--report", tmp_path / "leads.html")
    run = command("screen", register, "--feed", feed, *out, *common)
    assert run.code == 0, run.err
    return folder


def test_the_same_person_is_found_however_the_name_is_written(command: Run, screened: Path) -> None:
    common = ("--workspace", screened, "--as-of", AS_OF, "--reason", "check:T-1", "--json", "--limit", "1000")
    leads = command("leads", "list", *common).json["leads"]
    found = {(lead["registration_id"], lead["entry"]["id"]) for lead in leads}
    missed = [what for number, (what, (entry, _)) in enumerate(TRICKS.items()) if (f"R{number}", entry) not in found]
    assert missed == []
    assert len(found) == len(TRICKS), "and nobody else is"


def test_nothing_that_is_shown_steers_a_terminal_or_turns_text(command: Run, screened: Path, tmp_path: Path) -> None:
    common = ("--workspace", screened, "--as-of", AS_OF, "--reason", "check:T-1")
    leads = command("leads", "list", *common, "--json", "--limit", "1000").json["leads"]
    shown = {"list": command("leads", "list", *common, "--limit", "1000").out}
    for lead in leads:
        shown[lead["lead"]] = command("leads", "show", lead["lead"], *common).out
    sheet = tmp_path / "sheet.html"
    for number, lead in enumerate(leads[:6]):
        page = sheet.with_stem(f"sheet{number}")
        assert command("leads", "sheet", lead["lead"], "--out", page, *common).code == 0
        shown[page.name] = page.read_text(encoding="utf-8")
    shown["report"] = (tmp_path / "leads.html").read_text(encoding="utf-8")
    asked = ("match", "\u202e欧阳志远\u202c\x07\u2067", "--birth-date", "1985-03-04", "--explain", *common)
    answer = command(*asked)
    assert answer.code == 0, answer.err
    shown["match"] = answer.out
    trick = "\u202eW9\x1b[2J\u2066"
    for what in (("match", "A B", "--against", f"{trick}:{trick}"), ("leads", "show", trick), (trick, trick)):
        wrong = command(*what, *(common if what[0] != trick else ()))
        shown[f"error of {what[0]}"] = (wrong.out + wrong.err).ljust(101)
    for where, text in shown.items():
        assert len(text) > 100, where
        assert not (found := STEERING.search(text)), (where, text[max(0, found.start() - 60) : found.end() + 20])


def test_a_private_character_is_no_letter_and_the_person_is_found_by_the_rest(command: Run, workspace: Path) -> None:
    asked = ("match", "\ue123阳志\U000f0001", "--birth-date", "1985-03-04", "--id", "CN:990101198503040010")
    answer = command(*asked, "--workspace", workspace, "--as-of", AS_OF, "--json")
    assert answer.code == 0, answer.err
    assert [match["entry"]["id"] for match in answer.json["matches"]] == ["W1"]


def test_a_name_of_nothing_that_can_be_seen_is_no_name(command: Run, workspace: Path) -> None:
    for text in ("\u200b\u200d\u2060", "\u202e\u202c", "\ue000\ue001", "\U000e0041"):
        answer = command("match", text, "--workspace", workspace, "--as-of", AS_OF, "--lang", "en")
        assert answer.code in (2, 4), (text.encode("unicode_escape"), answer.out)
        assert not STEERING.search(answer.out + answer.err)
