"""What somebody sees in the graph browser, as one file in memory, with its warning, purpose, user, case and expiry."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from netpursuit.catalogue import Catalogue
from netpursuit.enquiry.graph import GraphAnswer
from netpursuit.gate.workbench import Workbench
from netpursuit.links.views import Findings
from netpursuit.records import Case
from netpursuit.records.graph import GraphNode
from netpursuit.reports.graph_files import Asked, as_xml, edges_csv, nodes_csv
from netpursuit.reports.graph_ftm import as_ftm
from netpursuit.reports.graph_layout import Places
from netpursuit.reports.graph_picture import Caption, as_svg
from netpursuit.reports.graph_png import as_png
from netpursuit.reports.graph_report import Head, Told, as_report
from netpursuit.reports.graph_sentences import is_joined, path_sentence
from netpursuit.reports.leads_file import Notice, notice_lines
from netpursuit.reports.standings import banner_lines

MEDIA = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "application/zip",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "ftm": "application/json",
    "report": "text/html; charset=utf-8",
}
_ENDINGS = {"csv": ".csv.zip", "ftm": ".ftm.json", "report": ".html"}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # what a zip can say at the earliest: the same answer gives the same bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """In which form; where the nodes stand (x to the right, y upwards); what the analyst wrote of them, by key; the
    name of the view; the paths that are told, each by the keys of its nodes."""

    form: str
    places: Places | None = None
    notes: Mapping[str, Told] = field(default_factory=dict)
    title: str = ""
    paths: Sequence[Sequence[str]] = ()


def case_notice(desk: Workbench) -> tuple[Notice, Case]:
    """What A13 demands of a file that is written under the case of the desk, and the case."""
    case = desk.truth.case(desk.authority.case_id)
    assert case is not None, "the gate lets nobody export without a case"
    notice = Notice(
        purpose=case.purpose, user=desk.gate.who, run_ids=(), expires_on=case.expires_on, case_id=case.case_id
    )
    return notice, case


def file_name(form: str, case_id: str, day: str) -> str:
    """An ASCII name without anything that a header or a folder could take for more."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", case_id).strip("-.") or "case"
    return f"graph-{plain}-{day}{_ENDINGS.get(form, f'.{form}')}"


def as_file(answer: GraphAnswer, wish: Wish, name: str, notice: Notice, words: Catalogue, asked: Asked) -> bytes:
    """The bytes of the file. Raises ``InputError`` where a picture would lack letters."""
    found = answer.found
    stated = [
        *notice_lines(Path(name), notice, words),
        f"{words('graph.report.consultation')}: {answer.consultation_id}",
    ]
    alarms = [*asked.alarms, *([words("graph.cut")] if found.truncated else [])]
    if answer.graph:
        alarms.append(words("graph.imported", graph=answer.graph))
    said = [*stated, *alarms]
    match wish.form:
        case "svg" | "png" | "report":
            caption = Caption(notice=stated, alarms=alarms, asked=frozenset(asked.nodes))
            picture = as_svg(_named(found, wish.notes), caption, words, wish.places)
            if wish.form == "png":
                return as_png(picture)
            if wish.form == "report":
                sentences = [path_sentence(words, found, path) for path in wish.paths if is_joined(found, path)]
                head = Head(title=wish.title, notice=stated, alarms=alarms)
                return as_report(found, picture, head, sentences, wish.notes, words).encode()
            return picture.encode()
        case "csv":
            return _zipped(
                {
                    "NOTICE.txt": "".join(f"{line}\n" for line in said),
                    "nodes.csv": nodes_csv(found.nodes),
                    "edges.csv": edges_csv(found.edges),
                }
            )
        case "ftm":
            return as_ftm(found, said, words, asked.entry_kinds).text.encode()
        case form:
            return as_xml(found, said, f".{form}").encode()


def alarms_of(answer: GraphAnswer, words: Catalogue) -> tuple[str, ...]:
    """A line for each list that is not fresh."""
    return banner_lines(words, answer.lists)


def _named(found: Findings, notes: Mapping[str, Told]) -> Findings:
    """The nodes with the analyst's own label before theirs, which stays."""
    return replace(found, nodes=tuple(_with_label(node, notes) for node in found.nodes))


def _with_label(node: GraphNode, notes: Mapping[str, Told]) -> GraphNode:
    own = notes[node.key].label if node.key in notes else ""
    return node._replace(label=f"{own} ({node.label})") if own else node


def _zipped(files: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, _LONG_AGO), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def forms() -> Sequence[str]:
    """The forms of a file, in the order of a menu."""
    return tuple(MEDIA)
