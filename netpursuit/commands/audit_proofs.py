"""``audit verify``, ``anchor``, ``export`` and ``prove-record``: what proves the log, inside and outside."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.audit_restores import restore_json, say_restore
from netpursuit.commands.options import DAY, Settings, common, read_text, show_json, show_json_line
from netpursuit.commands.progress import telling
from netpursuit.commands.worded import WordedGroup
from netpursuit.errors import InputError, VerificationError

if TYPE_CHECKING:
    from netpursuit.audit.heads import Anchor, Checked
    from netpursuit.custody.log_exports import LogExport

_FILE = click.Path(path_type=Path, dir_okay=False)


def add(group: WordedGroup, words: Catalogue) -> None:
    """Add the commands to ``audit``."""

    @group.new("anchor", "help.audit.anchor")
    @click.argument("file", type=_FILE, metavar="[FILE]", required=False)
    @click.option("--after", type=_FILE, metavar="FILE", help=words("option.audit.after"))
    @common(words, authority=False)
    def anchor(settings: Settings, file: Path | None, after: Path | None) -> int:
        return run_anchor(settings, file, after)

    @group.new("export", "help.audit.export")
    @click.argument("file", type=_FILE)
    @click.option("--expires", type=DAY, help=words("option.audit.expires"))
    @common(words)
    def export(settings: Settings, file: Path, expires: date | None) -> int:
        return run_export(settings, file, expires)

    @group.new("prove-record", "help.audit.prove-record")
    @click.argument("consultation")
    @click.argument("file", type=_FILE)
    @click.option("--anchor", type=_FILE, metavar="FILE", help=words("option.audit.to-anchor"))
    @click.option("--expires", type=DAY, help=words("option.audit.expires"))
    @common(words)
    def prove_record(
        settings: Settings, consultation: str, file: Path, anchor: Path | None, expires: date | None
    ) -> int:
        return run_prove_record(settings, consultation, file, anchor, expires)


def run_anchor(settings: Settings, file: Path | None, after: Path | None) -> int:
    from netpursuit.custody.log_exports import make_anchor
    from netpursuit.wiring import open_desk

    earlier = _latest(after) if after else None
    with open_desk(settings.workspace) as desk:
        made = make_anchor(desk, earlier)
    if file is None:
        show_json_line(made.as_json())
        return 0
    from netpursuit.audit.exported import as_line

    with _place(file) as out:
        out.write(as_line(made.as_json()))
    if settings.as_json:
        show_json({"file": str(file), **made.as_json()})
    else:
        at = made.at.astimezone().isoformat(timespec="seconds")
        click.echo(settings.words("audit.anchored", file=file, count=made.size, at=at))
    return 0


def run_export(settings: Settings, file: Path, expires: date | None) -> int:
    from netpursuit.custody.log_exports import ExportRequest, export_log
    from netpursuit.wiring import open_desk

    request = ExportRequest(warning=settings.words("audit.warning"), expires_on=expires)
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        exported = export_log(desk, request, _place(file))
        public_key = desk.keys.public_key().hex()
    _say_export(settings, "audit.exported", file, exported, public_key)
    return 0


def run_prove_record(
    settings: Settings, consultation_id: str, file: Path, anchor: Path | None, expires: date | None
) -> int:
    from netpursuit.custody.log_exports import ExportRequest, prove_consultation
    from netpursuit.wiring import open_desk

    held = _latest(anchor) if anchor else None
    request = ExportRequest(warning=settings.words("audit.warning"), expires_on=expires)
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        proved = prove_consultation(desk, consultation_id, request, held, _place(file))
        public_key = desk.keys.public_key().hex()
    _say_export(settings, "audit.proved", file, proved, public_key)
    return 0


def _say_export(settings: Settings, key: str, file: Path, exported: LogExport, public_key: str) -> None:
    if settings.as_json:
        shape = {"file": str(file), "records": exported.records, "sha256": exported.digest or None}
        show_json({**shape, "public_key": public_key, **exported.notice.as_json()})
        return
    words = settings.words
    click.echo(words(key, file=file, count=exported.records, until=exported.notice.expires_on))
    click.echo(words("audit.key", key=public_key))


def run_verify(settings: Settings, file: Path | None, anchors: Sequence[Path], public_key: str) -> int:
    key = _public_key(public_key)
    outside = tuple(anchor for path in anchors for anchor in _anchors(path))
    if file is not None:
        return _verify_file(settings, file, outside, key)
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace) as desk, telling(settings.words, "audit.verifying") as tell:
        problems = desk.gate.log.verify(outside, tell)
        head = desk.truth.log_head()
        own_key = desk.keys.public_key()
        restores = desk.gate.log.restorations()
    if key is not None and key != own_key:
        problems.insert(0, "the log is signed with another key than the one that was given")
    shape = {"records": head.size if head else 0, "intact": not problems, "problems": problems}
    shape |= {"anchors": len(outside), "public_key": own_key.hex()}
    shape["restores"] = [restore_json(item) for item in restores]
    for item in () if settings.as_json else restores:
        click.echo(say_restore(settings.words, item))
    said = [settings.words("audit.intact", count=head.size if head else 0)]
    if outside:
        said.append(_said_anchors(settings.words, outside))
    return _answer(settings, shape, problems, said)


def _verify_file(settings: Settings, file: Path, outside: tuple[Anchor, ...], key: bytes | None) -> int:
    from netpursuit.audit.files import check_file

    with telling(settings.words, "audit.verifying") as tell:
        found = check_file(file, outside, key, tell)
    known = key is not None or bool(outside)
    shape = {
        "file": str(file),
        "kind": found.kind,
        "workspace": found.workspace_id,
        "records": found.records,
        "with_content": found.kept,
        "public_key": found.public_key,
        "key_known": known,
        "intact": not found.problems,
        "problems": list(found.problems),
        "anchors": len(outside),
    }
    return _answer(settings, shape, list(found.problems), _said_file(settings.words, file, found, outside, known))


def _said_file(words: Catalogue, file: Path, found: Checked, outside: tuple[Anchor, ...], known: bool) -> list[str]:
    said = [words(f"audit.checked.{found.kind}", file=file.name, count=found.records, kept=found.kept)]
    said.append(words("audit.checked.of", workspace=found.workspace_id, key=found.public_key))
    stated = found.stated
    if "expires_on" in stated:
        said.append(
            words("audit.checked.notice", **{name: stated.get(name, "") for name in ("user", "purpose", "expires_on")})
        )
    if outside:
        said.append(_said_anchors(words, outside))
    if not known:
        said.append(words("audit.key-unknown"))
    return said


def _said_anchors(words: Catalogue, outside: tuple[Anchor, ...]) -> str:
    latest = max(outside, key=lambda anchor: anchor.size)
    at = latest.at.astimezone().isoformat(timespec="seconds")
    return words("audit.held-against", count=len(outside), size=latest.size, at=at)


def _answer(settings: Settings, shape: dict[str, Any], problems: list[str], said: list[str]) -> int:
    """Show what was found; exit code 6 where something is not what was written."""
    if settings.as_json:
        show_json(shape)
    else:
        for problem in problems:
            click.echo(settings.words("audit.problem", problem=settings.words.sentence(problem)), err=True)
        for line in () if problems else said:
            click.echo(line)
    if problems:
        raise VerificationError(f"the consultation log differs in {len(problems)} places from what was written")
    return 0


def _anchors(path: Path) -> tuple[Anchor, ...]:
    from netpursuit.audit.heads import read_anchors

    return read_anchors(read_text(str(path)), path.name)


def _latest(path: Path) -> Anchor:
    return max(_anchors(path), key=lambda anchor: anchor.size)


def _public_key(text: str) -> bytes | None:
    if not text:
        return None
    try:
        found = bytes.fromhex(text.strip())
    except ValueError:
        found = b""
    if len(found) != 32:
        raise InputError("this is no public key", where="--public-key", expected="64 hex digits")
    return found


def _place(file: Path) -> AbstractContextManager[BinaryIO]:
    from netpursuit.reports.leads_file import whole_file

    return whole_file(file)
