"""``netpursuit feed``: draft a feed file from a register's headers, and check one."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import DAY, Settings, common, show_json
from netpursuit.commands.worded import new_group
from netpursuit.errors import InputError

if TYPE_CHECKING:
    from netpursuit.records import Feed
    from netpursuit.sources.registrations import FeedDraft


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "feed")

    @group.new("init", "help.feed.init")
    @click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
    @click.option("--out", metavar="FEED.toml", type=click.Path(path_type=Path), help=words("option.feed.out"))
    @click.option("--answer", "answers", metavar="KEY=VALUE", multiple=True, help=words("option.feed.answer"))
    @click.option("--force", is_flag=True, help=words("option.feed.force"))
    @common(words, authority=False, workspace=False)
    def init(settings: Settings, file: Path, out: Path | None, answers: tuple[str, ...], force: bool) -> int:
        return run_init(settings, file, out or file.with_suffix(".toml"), answers, force)

    @group.new("check", "help.feed.check")
    @click.argument("feed", metavar="FEED.toml", type=click.Path(path_type=Path))
    @click.option("--as-of", type=DAY, help=words("option.as-of"))
    @click.option("--connect", is_flag=True, help=words("option.feed.connect"))
    @common(words, authority=False, workspace=False)
    def check(settings: Settings, feed: Path, connect: bool) -> int:
        return run_check(settings, feed, connect)

    return group


def run_init(settings: Settings, file: Path, out: Path, stated: tuple[str, ...], force: bool) -> int:
    """Draft the feed of a register; what only a person can know is asked where a person is there."""
    from netpursuit.reports.leads_file import write_whole
    from netpursuit.sources.registrations import draft_feed, draft_query, render_feed

    words = settings.words
    if out.exists() and not force:
        raise InputError("the file is there already", where=str(out), expected="another --out, or --force")
    draft = draft_query(file) if file.suffix.casefold() == ".toml" else draft_feed(file)
    answers = parse_answers(draft, stated)
    if not settings.as_json and sys.stdin.isatty():
        answers |= ask(words, draft, answers)
    write_whole(out, render_feed(draft, answers, words=words))
    missing = [q.key for q in draft.questions if q.demanded and not (answers.get(q.key) or q.suggestion)]
    if settings.as_json:
        show_json(
            {
                "feed": str(out),
                "format": draft.format,
                "encoding": draft.encoding,
                "header_line": draft.header_line,
                "columns": draft.columns,
                "open": missing,
                "warnings": warnings(draft.columns),
            }
        )
        return 0
    warn(words, draft.columns)
    click.echo(words("feed.written", file=out, count=len(draft.columns)))
    for note in draft.notes:
        click.echo("  " + words(f"feed.note.{note.key}", headers=", ".join(note.headers)))
    if missing:
        click.echo(words("feed.open", questions=", ".join(missing)))
    return 0


def parse_answers(draft: FeedDraft, stated: tuple[str, ...]) -> dict[str, str]:
    """``KEY=VALUE`` texts. Raises ``InputError`` for a key that is not asked, or a value that cannot be used."""
    from netpursuit.sources.registrations import check_answer

    asked = {question.key for question in draft.questions}
    answers: dict[str, str] = {}
    for text in stated:
        key, equals, value = text.partition("=")
        if not equals or key not in asked:
            raise InputError(
                f"{key!r} is not asked", where="--answer", expected=f"KEY=VALUE with {', '.join(sorted(asked))}"
            )
        if problem := check_answer(draft, key, value, answers):
            raise InputError(problem, where="--answer")
        answers[key] = value
    return answers


def ask(words: Catalogue, draft: FeedDraft, known: dict[str, str]) -> dict[str, str]:
    """One prompt a question that has no answer yet, again where the answer cannot be used."""
    from netpursuit.sources.registrations import check_answer

    answers: dict[str, str] = {}
    for question in draft.questions:
        if question.key in known:
            continue
        text = words(f"feed.question.{question.key}")
        choices = f" [{', '.join(question.choices)}]" if question.choices else ""
        while True:
            answer = str(click.prompt(text + choices, default=question.suggestion, err=True))
            problem = check_answer(draft, question.key, answer, known | answers)
            if not problem:
                break
            click.echo(f"{words('cli.error')}: {words.sentence(problem)}", err=True)
        answers[question.key] = answer
    return answers


def warnings(columns: Mapping[str, str]) -> list[str]:
    """What a feed may lack and had better have."""
    return [] if "registration_id" in columns else ["without-id"]


def warn(words: Catalogue, columns: Mapping[str, str]) -> None:
    for warning in warnings(columns):
        click.echo(words(f"feed.{warning}"), err=True)


def run_check(settings: Settings, path: Path, connect: bool) -> int:
    """Read the feed file; every problem is reported together. Refused where a run today would be. ``connect``: ask the
    feed's database for its columns, too, and for nobody's row."""
    from netpursuit.gate.feeds import check_feed, feed_date
    from netpursuit.sources.registrations import read_feed
    from netpursuit.wiring import local_clock

    feed = read_feed(path)
    check_feed(feed, settings.as_of or feed_date(feed, local_clock()))
    if connect:
        check_database(feed)
    if settings.as_json:
        expires_on = feed.expires_on.isoformat()
        show_json(
            {
                "feed": feed.feed_id,
                "expires_on": expires_on,
                "columns": feed.columns,
                "warnings": warnings(feed.columns),
            }
        )
    else:
        warn(settings.words, feed.columns)
        click.echo(settings.words("feed.good", feed=feed.feed_id, date=feed.expires_on.isoformat()))
    return 0


def check_database(feed: Feed) -> None:
    from netpursuit.sources.registrations.query import Window, open_query
    from netpursuit.wiring import local_clock

    if feed.source is None:
        raise InputError("the feed is read from files", where="--connect", expected="a feed with a database")
    with open_query(feed, Window(), local_clock()) as register:
        register.check()
