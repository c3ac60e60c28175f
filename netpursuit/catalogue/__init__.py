"""Words for people (help, messages, reports, page) from one catalogue in English and Chinese.

``words/<area>.toml`` holds one table a key with both languages side by side::

    ["rejected.bad-date"]
    en = "not a date"
    zh = "不是日期"

Values are filled in with ``str.format`` fields; of ``{count:node|nodes}`` the first stands where the value of ``count``
is one, else the second. Code, JSON keys and log records stay English.
"""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Mapping
from functools import cached_property
from importlib import resources

from netpursuit.catalogue.sentences import Sentences
from netpursuit.catalogue.steering import steerless

LANGUAGES = ("en", "zh")
_PLURAL = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")


class Catalogue:
    """The words of one language.

    >>> Catalogue("en")("band.strong")
    'strong'
    """

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"language {lang!r}: expected one of {', '.join(LANGUAGES)}")
        self.lang = lang

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return {key: texts[self.lang] for key, texts in all_words().items()}

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences(all_words(), self.lang)

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key with its fields filled in, of which none steers a terminal or turns text. Raises
        ``KeyError`` for an unknown key."""
        return steerless(_counted(self._words[key], values).format(**values)) if values else self._words[key]

    def sentence(self, text: str) -> str:
        """An English sentence of the program's errors and notes in this language, as far as the catalogue knows it.

        >>> Catalogue("zh").sentence("there is no lead 'L-1'")
        "没有线索 'L-1'"
        """
        return text if self.lang == "en" else self._sentences.say(text)

    @cached_property
    def _cited(self) -> tuple[Sentences, Sentences]:
        words = all_words()
        return Sentences(words, self.lang, "cited.source."), Sentences(words, self.lang, "cited.note.")

    def source(self, text: str) -> str:
        """Who states something in the link graph, or several joined by ``; ``, in this language.

        >>> Catalogue("zh").source("feed rental, registration R1; list un")
        '数据源 rental，登记 R1；名单 un'
        """
        return text if self.lang == "en" else "；".join(map(self._cited[0].say, text.split("; ")))

    def remark(self, text: str) -> str:
        """The remark beside a statement of the link graph in this language, as far as the program itself wrote it.

        >>> Catalogue("zh").remark("3 calls, 120 s")
        '3 次通话，120 秒'
        """
        if self.lang == "en":
            return text
        whole, parts = self._cited[1].say(text), text.split(", ")
        said = [self._cited[1].say(part) for part in parts]
        return "，".join(said) if whole == text and said[0] != parts[0] else whole

    def __contains__(self, key: str) -> bool:
        return key in self._words


def _counted(text: str, values: Mapping[str, object]) -> str:
    """The text with the forms of its words that its numbers ask for."""
    if "|" not in text:
        return text
    return _PLURAL.sub(lambda found: found[2] if str(values[found[1]]) == "1" else found[3], text)


def all_words() -> dict[str, dict[str, str]]:
    """Every key with its texts by language. Raises ``ValueError`` where two areas define one key."""
    words: dict[str, dict[str, str]] = {}
    folder = resources.files(__package__) / "words"
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            area = read_area(file.read_text(encoding="utf-8"))
            if twice := words.keys() & area.keys():
                raise ValueError(f"{file.name}: keys defined twice: {', '.join(sorted(twice))}")
            words.update(area)
    return words


_TEXT = r'(?:"([^"\\\n]*)"|"""\n?((?:[^"\\]|"(?!""))*)""")'
_TABLE = re.compile(rf'^\["([^"\\\n]+)"\]\nen = {_TEXT}\nzh = {_TEXT}\n(?=\n*(?:[\[#]|\Z))', re.MULTILINE)


def read_area(text: str) -> dict[str, dict[str, str]]:
    """The tables of one file. Those in the form above without escapes, as nearly all are, are read here in a fifth of
    the time that ``tomllib`` takes, which reads the others. Raises ``ValueError`` for what is no such file."""
    found = _TABLE.findall(text)
    words = {key: {"en": en or long_en, "zh": zh or long_zh} for key, en, long_en, zh, long_zh in found}
    others = _TABLE.sub("", text) if len(words) == len(found) else text  # a key twice: its error says where
    if any(line and line[0] != "#" for line in others.splitlines()):
        import tomllib

        words |= tomllib.loads(others)
    return words


def language_of_machine() -> str:
    """``zh`` where the locale is Chinese, else ``en``; ``NETPURSUIT_LANG`` decides where it is set."""
    stated = os.environ.get("NETPURSUIT_LANG", "")
    if stated in LANGUAGES:
        return stated
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            return "zh" if os.environ[variable].startswith("zh") else "en"
    return "zh" if (locale.getlocale()[0] or "").startswith(("zh", "Chinese")) else "en"
