"""What all commands share: options with words from the catalogue, and the settings they make."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.errors import InputError

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The common options of one call. ``words`` are in the language asked for."""

    words: Catalogue
    workspace: Path | None
    reason: str
    case_id: str
    as_of: date | None
    as_json: bool


class DayType(click.ParamType[date]):
    """A calendar date YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date, expected YYYY-MM-DD", param, ctx)


class LeadIdType(click.ParamType[str]):
    """The id of a lead, also as somebody types it who has read it off a sheet."""

    name = "lead"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value).strip().upper()


DAY = DayType()
LEAD = LeadIdType()
# A file that the command itself opens, and says what is wrong with it; a shell completes its name.
FILE = click.Path(readable=False, allow_dash=True)


def common(
    words: Catalogue, *, authority: bool = True, workspace: bool = True, place: str = "option.workspace"
) -> Callable[[Command], Command]:
    """Add ``--workspace --reason --case --as-of --lang --json``; the command gets them as one ``settings``.

    ``place`` is the help of ``--workspace``, for a command that has another default."""

    def decorate(function: Command) -> Command:
        def with_settings(**values: Any) -> Any:
            values.pop("lang", None)
            settings = Settings(
                words=words,
                workspace=values.pop("workspace", None),
                reason=values.pop("reason", None) or "",
                case_id=values.pop("case", None) or "",
                as_of=values.pop("as_of", None),
                as_json=values.pop("as_json", False),
            )
            return function(settings=settings, **values)

        options: list[Callable[[Command], Command]] = [
            click.option("--json", "as_json", is_flag=True, help=words("option.json"))
        ]
        options.append(click.option("--lang", type=click.Choice(LANGUAGES), help=words("option.lang")))
        if authority:
            options.append(click.option("--as-of", type=DAY, help=words("option.as-of")))
            options.append(click.option("--case", metavar="ID", help=words("option.case")))
            options.append(click.option("--reason", metavar="CODE:TASK", help=words("option.reason")))
        if workspace:
            kind = click.Path(path_type=Path, file_okay=False)
            options.append(click.option("--workspace", type=kind, metavar="DIR", help=words(place)))
        decorated: Command = with_settings
        for option in options:
            decorated = option(decorated)
        return decorated

    return decorate


def show_json(value: Mapping[str, Any] | list[Any]) -> None:
    """One JSON document on standard output: UTF-8, keys as given."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_json_line(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def check_folder(path: Path, where: str = "") -> None:
    """Raises ``InputError`` where the folder of a file to be written is not there; ``where`` in place of the path."""
    if not path.absolute().parent.is_dir():
        raise InputError("the folder does not exist", where=where or str(path), expected="an existing folder")


def read_text(source: str) -> str:
    """The text of a file, or of standard input for ``-``. Raises ``InputError`` with what was wrong."""
    try:
        if source == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return Path(source).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError("no such file", where=source, expected="an existing file, or - for standard input") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {type(error).__name__}", where=source, expected="UTF-8 text") from None
