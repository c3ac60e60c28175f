"""The words of the catalogue are what TOML says they are, whichever way a file is read."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.catalogue import LANGUAGES, Catalogue, all_words, read_area
from netpursuit.enquiry.draw_in import COUNTS
from netpursuit.policy.standing import ListStatus
from netpursuit.records.leads import RunCounts

FILES = sorted(
    (file for file in (resources.files("netpursuit.catalogue") / "words").iterdir() if file.name.endswith(".toml")),
    key=lambda file: file.name,
)


@pytest.mark.parametrize("name", [file.name for file in FILES])
def test_every_file_reads_as_toml_does(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = next(file for file in FILES if file.name == name).read_text(encoding="utf-8")
    expected = tomllib.loads(text)
    monkeypatch.setattr(tomllib, "loads", lambda _: pytest.fail(f"{name} is not in the plain form and loads slowly"))
    assert read_area(text) == expected


def written(value: str, form: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if form == '"':
        return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'
    return f'"""{escaped}"""' if form == '"""' else f'"""\n{escaped}"""'


_TEXTS = st.lists(st.sampled_from("ab {}#[]'\"\\\n=zh中"), max_size=12).map("".join)
_FORMS = st.sampled_from(('"', '"""', '"""\n'))
_ROWS = st.lists(
    st.tuples(_TEXTS, _TEXTS, _FORMS, _FORMS, st.sampled_from(("", "# said of it\n", 'fr = "x"\n', "\n"))), max_size=5
)


@settings(deadline=None, max_examples=50)
@given(_ROWS)
def test_any_text_reads_as_toml_does(rows: list[tuple[str, str, str, str, str]]) -> None:
    tables = [
        f'["key.{at}"]\nen = {written(en, one)}\nzh = {written(zh, other)}\n{rest}'
        for at, (en, zh, one, other, rest) in enumerate(rows)
    ]
    text = "\n".join(tables)
    assert read_area(text) == tomllib.loads(text)


def test_a_key_that_stands_twice_is_an_error() -> None:
    table = '["band.weak"]\nen = "weak"\nzh = "弱"\n'
    assert set(read_area(table)["band.weak"]) == set(LANGUAGES)
    with pytest.raises(ValueError, match="band"):
        read_area(table + "\n" + table)


def test_of_one_there_is_one_and_of_any_other_number_there_are_several() -> None:
    words = Catalogue("en")
    assert words("page.canvas.seen", count=1) == "1 node shown"
    assert words("page.canvas.seen", count=21) == "21 nodes shown"
    assert words("page.graph.seen", nodes=0, all=1, links=1) == "0 of 1 node, 1 link"
    assert words("page.graph.find.more", more=1).startswith("1 more is called so and is not shown")
    assert Catalogue("zh")("page.canvas.seen", count=1) == "显示 1 个节点"


def test_what_has_two_forms_has_the_number_that_chooses_among_its_fields() -> None:
    found = 0
    for key, texts in all_words().items():
        for text in texts.values():
            for name in re.findall(r"\{(\w+):[^{}]*\|[^{}]*\}", text):
                assert f"{{{name}}}" in text, key
                found += 1
    assert found > 10


def test_what_a_run_and_a_look_into_a_register_count_has_words() -> None:
    counted = {*(field.name for field in fields(RunCounts)), *COUNTS, *ListStatus}
    assert sorted(name for name in counted if f"count.{name}" not in all_words()) == []
