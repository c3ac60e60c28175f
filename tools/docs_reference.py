"""The reference pages of the documentation, made from the program: its commands and its calls over HTTP."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import click

_SAYS = {
    "en": ("option", "what it does", "Exit codes"),
    "zh": ("选项", "作用", "退出码"),
}


def commands(lang: str) -> str:
    """Every command with its help, its usage and its options, as ``--help`` tells them in this language."""
    from netpursuit.catalogue import Catalogue
    from netpursuit.commands import build_cli

    tree = build_cli(Catalogue(lang))
    context = click.Context(tree, info_name="netpursuit")
    parts = [part for name in tree.list_commands(context) for part in _command(tree, context, name, lang, 2)]
    codes = f"## {_SAYS[lang][2]}\n\n{_prose(tree.epilog or '')}\n"
    return "\n".join([*parts, codes])


def _command(group: click.Group, above: click.Context, name: str, lang: str, level: int) -> Iterator[str]:
    command = group.get_command(above, name)
    if command is None or command.hidden:
        return
    context = click.Context(command, info_name=name, parent=above)
    path = context.command_path
    yield f"{'#' * level} {path}\n"
    yield f"{_prose(command.help or '')}\n"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            yield from _command(command, context, below, lang, level + 1)
        return
    usage = " ".join(part for part in command.collect_usage_pieces(context))
    yield f"```text\n{path} {usage}\n```\n"
    option, does, _codes = _SAYS[lang]
    rows = [f"| {option} | {does} |", "|---|---|"]
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is None or (isinstance(parameter, click.Argument) and not record[1]):
            continue
        rows.append(f"| {_code(record[0])} | {_cell(record[1])} |")
    yield "\n".join(rows) + "\n"


def _prose(text: str) -> str:
    """Help as Markdown: paragraphs, with what Markdown would take for a sign of its own made plain."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.replace("\b", ""))]
    return "\n\n".join(_plain(part) for part in paragraphs if part)


def _plain(text: str) -> str:
    kept = re.split(r"(`[^`]*`)", text)
    return "".join(
        part if part.startswith("`") else re.sub(r"([*_\[\]|])", r"\\\1", part.replace("<", "&lt;")) for part in kept
    )


def _cell(text: str) -> str:
    return _plain(" ".join(text.split()))


def _code(text: str) -> str:
    return "`" + " ".join(text.split()) + "`"


def http(description: Mapping[str, Any]) -> str:
    """The calls of an OpenAPI 3.1 description and the shapes that they take and answer, as tables."""
    calls = [(path, method, call) for path, found in description["paths"].items() for method, call in found.items()]
    said = Counter(
        (status, answer["description"]) for *_, call in calls for status, answer in call["responses"].items()
    )
    usual = {status: text for (status, text), _count in reversed(said.most_common()) if int(status) >= 400}
    parts = [
        "## Errors\n",
        "What each of them means where a call says nothing else:\n",
        "| status | meaning |",
        "|---|---|",
    ]
    parts += [f"| {status} | {_cell(text)} |" for status, text in sorted(usual.items())]
    for title, page in (("Calls of programs", False), ("Calls of the page", True)):
        parts.append(f"\n## {title}\n")
        for path, method, call in calls:
            if path.startswith("/api/") is page:
                parts += _call(path, method, call, usual)
    parts.append("\n## Shapes\n")
    for name, schema in sorted(description["components"]["schemas"].items()):
        parts += [f"### {name}\n", *_described(schema), *_properties(schema)]
    return "\n".join(parts) + "\n"


def _call(path: str, method: str, call: Mapping[str, Any], usual: Mapping[str, str]) -> Iterator[str]:
    yield f"### {method.upper()} {path}\n"
    yield from _described({"description": call.get("summary", "")})
    yield from _described(call)
    if stated := call.get("parameters"):
        yield "| parameter | where | what |\n|---|---|---|"
        for one in stated:
            needed = ", needed" if one.get("required") else ""
            told = f". {_cell(one['description'])}" if one.get("description") else ""
            yield f"| `{one['name']}` | {one['in']}{needed} | {_kind(one.get('schema', {}))}{told} |"
        yield ""
    if body := call.get("requestBody"):
        for media, content in body["content"].items():
            yield f"Body (`{media}`): {_kind(content.get('schema', {}))}\n"
    for status, answer in call["responses"].items():
        if int(status) < 400:
            shapes = [_kind(content["schema"]) for content in answer.get("content", {}).values() if "schema" in content]
            yield (
                f"Answers {status}, {_cell(answer['description'])}"
                + (f": {', '.join(shapes)}" if shapes else "")
                + "\n"
            )
    codes = [
        status if usual[status] == answer["description"] else f"{status} ({_cell(answer['description'])})"
        for status, answer in sorted(call["responses"].items())
        if status in usual
    ]
    if codes:
        yield f"Errors: {', '.join(codes)}\n"


def _described(schema: Mapping[str, Any]) -> Iterator[str]:
    if text := schema.get("description", ""):
        yield f"{_prose(text.replace('``', '`'))}\n"


def _properties(schema: Mapping[str, Any]) -> Iterator[str]:
    properties = schema.get("properties", {})
    if not properties:
        if "properties" not in schema:
            yield f"{_kind(schema)}\n"
        return
    needed = set(schema.get("required", ()))
    yield "| key | what |\n|---|---|"
    for key, value in properties.items():
        told = f". {_cell(value['description'].replace('``', '`'))}" if value.get("description") else ""
        yield f"| `{key}`{', needed' if key in needed else ''} | {_kind(value)}{told} |"
    yield ""


def _kind(schema: Any) -> str:
    """What a value is, in words; a shape of its own is a link."""
    if not isinstance(schema, Mapping) or not schema:
        return "anything"
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(map(_kind, schema[key])))
    if "allOf" in schema:
        return " and ".join(map(_kind, schema["allOf"]))
    if "const" in schema:
        return _code(str(schema["const"]))
    if "enum" in schema:
        return ", ".join(_code(str(value)) for value in schema["enum"])
    kind = schema.get("type", "anything")
    bounds = [
        f"{word} {schema[key]}"
        for key, word in (
            ("minimum", "at least"),
            ("maximum", "at most"),
            ("maxLength", "at most characters:"),
            ("maxItems", "at most of them:"),
            ("maxProperties", "at most keys:"),
            ("default", "else"),
        )
        if key in schema and schema[key] not in ("", None, [], {})
    ]
    told = f" ({', '.join(bounds)})" if bounds else ""
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}{told}"
    if kind == "object":
        if schema.get("properties"):
            keys = [f"`{key}`: {_kind(value)}" for key, value in schema["properties"].items()]
            return f"object ({'; '.join(keys)}){told}"
        more = schema.get("additionalProperties")
        return (f"object of {_kind(more)}" if isinstance(more, Mapping) else "object") + told
    kinds = kind if isinstance(kind, list) else [kind]
    return " or ".join("nothing" if one == "null" else "text" if one == "string" else one for one in kinds) + told
