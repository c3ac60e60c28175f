"""A hook of mkdocs: the switch of languages leads to the same page in the other one, where there is one."""

from __future__ import annotations

from posixpath import dirname, relpath
from typing import Any

_AS_IT_IS = "#as-it-is:"  # the theme would turn an address that leads out of its half


def on_page_context(context: dict[str, Any], page: Any, config: Any, **_more: Any) -> dict[str, Any]:
    """Set the addresses of both languages as seen from this page; its ``other`` is the one from the site's root."""
    chinese = str(config.theme["language"]) == "zh"
    here = ("zh/" if chinese else "") + page.url
    other = page.meta.get("other") or ("index.html" if chinese else "zh/index.html")
    addresses = {"zh" if chinese else "en": here, "en" if chinese else "zh": other}
    names = {"en": "English", "zh": "中文"}
    config.extra["alternate"] = [
        {"name": names[lang], "lang": lang, "link": _AS_IT_IS + relpath(addresses[lang], dirname(here))}
        for lang in ("en", "zh")
    ]
    return context


def on_post_page(output: str, **_more: Any) -> str:
    """The page with addresses as they are."""
    return output.replace(_AS_IT_IS, "")
