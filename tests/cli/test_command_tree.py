"""Every command explains itself in both languages, and the catalogue is whole."""

from __future__ import annotations

import string

import click
import pytest

from netpursuit.catalogue import LANGUAGES, Catalogue, all_words
from netpursuit.commands import build_cli
from tests.cli.conftest import Run


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        found = [(path, command)]
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            found += leaves(child, (*path, name))
        return found
    return [(path, command)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_and_option_has_help(lang: str) -> None:
    found = leaves(build_cli(Catalogue(lang)))
    assert len(found) > 25
    for path, command in found:
        assert command.help, path
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (path, parameter.name)


def test_every_leaf_takes_language_and_json() -> None:
    for path, command in leaves(build_cli(Catalogue("en"))):
        if path and not isinstance(command, click.Group):
            options = {option for parameter in command.params for option in parameter.opts}
            assert {"--lang", "--json"} <= options, path


def test_every_key_has_both_languages_with_the_same_fields() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, texts in all_words().items():
        assert set(texts) == set(LANGUAGES), key
        assert all(text.strip() for text in texts.values()), key
        if key.startswith("graph.sentence.") and key.endswith((".on", ".back")):
            # How a clause takes up the one before is each language's own: a relative pronoun, or the name again.
            for text in texts.values():
                assert {"said"} < fields(text) <= {"said", "who", "start", "end"}, key
            continue
        assert fields(texts["en"]) == fields(texts["zh"]), key


def test_help_is_shown_in_the_language_asked_for(command: Run) -> None:
    assert (
        "在逃人员" in command("--help", "--lang", "zh").out
        or "在逃人员" in command("match", "--help", "--lang", "zh").out
    )
    assert "--birth-date" in command("match", "--help", "--lang", "en").out


def test_the_version_is_printed(command: Run) -> None:
    assert command("--version").out.startswith("netpursuit 0.")


def test_an_unknown_command_is_bad_input(command: Run) -> None:
    assert command("mtach").code == 2
