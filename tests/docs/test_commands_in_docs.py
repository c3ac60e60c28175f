"""Commands that stand in the readme and the docs exist as they are written there, and those of a first day run."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
import openpyxl
import pytest
import xlwt

from netpursuit.catalogue import Catalogue
from netpursuit.commands import build_cli
from netpursuit.night.answer import ProblemKind
from netpursuit.policy.weights import BAND_FLOORS
from netpursuit.reports import night_metrics
from tools.refresh_cases import CASES, ROOT, Block, Office

PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md"), *CASES.rglob("*.md")])
NOON = datetime.fromisoformat("2026-11-26T12:00")
STRANGERS = "false leads per 100,000, planted namesakes and siblings left out"
LEAD = "L-XXXXXXXXXXXX"


def shown(page: Path) -> Iterator[str]:
    """The calls of the program in a page's blocks (their comments left out) and between its backticks."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for line in "\n".join(blocks).replace("\\\n", " ").split("\n"):
        if found := re.match(r"(?:\$ )?(netpursuit .*)", line):
            yield re.split(r" #| \| ", found[1])[0]
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from (call for call in re.findall(r"`(netpursuit [^`]+)`", prose) if "|" not in call)


def problem_with(call: str) -> str:
    """What the program does not know of a call: a command or an option."""
    words = shlex.split(call)[1:]
    command: click.Command = build_cli(Catalogue("en"))
    context = click.Context(command)
    while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        if (found := command.get_command(context, words[0])) is None:
            return f"no command {words[0]}"
        command = found
        context, words = click.Context(command, parent=context), words[1:]
    known = {option for parameter in command.get_params(context) for option in parameter.opts}
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    return f"no option {', '.join(sorted(options - known))}" if options - known else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_options_in_the_docs_exist(page: Path) -> None:
    wrong = {call: why for call in shown(page) if (why := problem_with(call))}
    assert not wrong


def test_a_command_or_option_that_does_not_exist_is_noticed() -> None:
    assert problem_with("netpursuit leads burn L-1") == "no command burn"
    assert problem_with("netpursuit leads list --guilty") == "no option --guilty"
    assert not problem_with("netpursuit leads list --json")


def test_links_in_the_docs_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), (page.name, target)


def test_the_impact_assessment_states_the_figures_that_were_measured() -> None:
    """What it says of errors is what the frozen measurements say; who measures anew changes the page."""
    page = (ROOT / "docs" / "impact-assessment.md").read_text(encoding="utf-8")
    quality = json.loads((ROOT / "bench" / "results" / "quality.json").read_text(encoding="utf-8"))["figures"]
    speed = json.loads((ROOT / "bench" / "results" / "speed.json").read_text(encoding="utf-8"))
    slip, ours = quality["the same with one slip, with a date, at possible"], quality["leads per 1,000 invented people"]
    doubt = quality["of those at 1 to 99 %, calibration error"]
    rows = [
        f"| {50 * ours:.0f} | [`quality.md`]",
        f"| {slip:.3f} | [`quality.md`]".replace("0.", "."),
        f"| {doubt:.2f} | the same".replace("0.", "."),
        "| {} / {} / {} | the same".format(*(f"{run['recall, all']:.2f}"[1:] for run in speed)),
        "| {:.0f} / {:.0f} / {:.0f} (without".format(*(run["false leads per 100,000"] for run in speed)),
        "rows {:.0f} / {:.0f} / {:.0f}) |".format(*(run[STRANGERS] for run in speed)),
    ]
    assert [row for row in rows if row not in page] == []


def test_the_page_about_thresholds_states_the_figures_that_were_measured() -> None:
    page = (ROOT / "docs" / "thresholds.md").read_text(encoding="utf-8")
    speed = json.loads((ROOT / "bench" / "results" / "speed.json").read_text(encoding="utf-8"))
    leads = " | ".join(f"{run['false leads per 100,000']:.0f}" for run in speed)
    found = " | ".join(f"{run['recall, all']:.2f}"[1:] for run in speed)
    assert f"| false leads per 100,000 registrations | {leads} |" in page
    assert f"| of the planted found | {found} |" in page


@pytest.mark.parametrize(("name", "words"), [("reading-a-match.md", "bits"), ("reading-a-match.zh.md", "比特")])
def test_the_page_about_matches_states_the_bands_as_they_are(name: str, words: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    for band, floor in BAND_FLOORS:
        stated = f"{floor / 1000:+.2f}".rstrip("0").rstrip(".").replace("-", "−")
        word = Catalogue("zh" if ".zh." in name else "en")(f"band.{band.word}")
        assert re.search(rf"^\| `?{word}`? \| {re.escape(stated)} {words} \|", page, re.MULTILINE), (word, stated)
        assert f"| {stated} {words} |" in page
    assert page.count("--explain") >= 1


@pytest.mark.parametrize("name", ["operations.md", "operations.zh.md"])
def test_every_alarm_has_its_paragraph_and_every_metric_that_is_named_exists(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    lacking = [kind.value for kind in ProblemKind if f'problems{{kind="{kind.value}"}}' not in page]
    assert lacking == []
    codes = set(re.findall(r"^\| (\d) \|", page, re.MULTILINE))
    assert codes == {"0", "1", "2", "3", "4", "5", "6"}
    measured = inspect.getsource(night_metrics)
    named = set(re.findall(r"`netpursuit_(\w+)", page))
    assert len(named) >= 7
    assert [metric for metric in sorted(named) if f'"{metric}"' not in measured] == []


def block_of(page: str, heading: str) -> list[str]:
    """The calls of the first block below a heading."""
    text = (ROOT / page).read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1]
    block = text.split("```\n", 2)[1]
    return [line.split(" #")[0].strip() for line in block.split("\n") if line.startswith("netpursuit ")]


def register(file: Path) -> None:
    """A register as an officer has it, with somebody of the demonstration's list in it."""
    rows = (
        ("姓名", "性别", "出生日期", "公民身份号码", "手机号", "现住址", "房号", "入住日期"),
        ("诸葛明轩", "男", "1997-03-05", "590681199703052592", "15400231177", "虚构路12号", "501", "2026-11-20"),
        ("樊丽", "女", "1992-07-19", "590302199207194020", "15400231181", "虚构路12号", "502", "2026-11-20"),
    )
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(line, column, value)
    book.save(str(file))


def wanted_list(source: Path, target: Path) -> None:
    """The demonstration's list as a spreadsheet, its entries reviewed since."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    text = re.sub(r"2026-0[123]-", "2027-01-", source.read_text(encoding="gb18030"))
    for row in csv.reader(io.StringIO(text)):
        sheet.append(row)
    book.save(target)


# What ``feed init`` asks for, in its order; nothing takes what it proposes.
ANSWERS = (
    *("rental", "a law", "the city", "2026-01-01", "2026-12-31", "finding wanted people"),
    *("", "", "2026-12-31", ""),
)


def run(office: Office, call: str, typed: tuple[str, ...] = ()) -> str:
    """One call that must end well; answers what it printed."""
    block = Block(commands=((f"$ {call}",),), user="li", at=NOON, typed=typed, first=0, last=0)
    printed = "\n".join(office.run(block)[1:])
    assert "[exit code" not in printed, (call, printed)
    return printed


@pytest.mark.parametrize(("page", "heading"), [("README.md", "First steps"), ("README.zh.md", "入门")])
def test_the_first_steps_run_and_then_those_of_a_morning(page: str, heading: str, tmp_path: Path) -> None:
    demo = ROOT / "netpursuit" / "demo"
    for name, source in (("sdn", "prim"), ("alt", "alt"), ("add", "add")):
        shutil.copy(demo / "ofac_consolidated" / f"cons_{source}.csv", tmp_path / f"{name}.csv")
    mapping = (demo / "wanted_mapping.toml").read_text(encoding="utf-8").replace("2025-12-20", "2026-11-20")
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    wanted_list(demo / "wanted.csv", tmp_path / "在逃名单.xlsx")
    office = Office(folder=tmp_path, lang="en", zone="UTC")
    if page == "README.md":  # its list is a published one: the lead of the register stands on the other
        run(office, "netpursuit lists add 在逃名单.xlsx --list wanted --mapping mapping.toml --reason check:1")
    for name in ("register.xls", "登记.xls"):
        register(tmp_path / name)
    lead = LEAD
    for call in block_of(page, heading):
        typed = ("Zhang Wei", "1985-03-04", "", "") if call == "netpursuit match" else ANSWERS
        printed = run(office, call.replace(LEAD, lead), typed)
        if call == "netpursuit leads list":
            (lead,) = set(re.findall(r"L-[A-Z2-7]{12}", printed))
    assert (tmp_path / "leads.csv").is_file()
    for call in block_of("docs/leads.md", "The morning"):
        run(office, call.replace(LEAD, lead))
    for call in block_of("docs/leads.md", "What was found there"):
        run(office, call.replace(LEAD, lead))
