"""Lists fetched from their publishers' https addresses: only where they have changed, whole or not at all.

An address is asked with what it said last time (``ETag``, ``Last-Modified``; RFC 9110, conditional requests) and
nothing else. A file comes in under a hidden name and takes its place when all of it is there; what cannot be fetched
leaves the earlier file as it is.
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from netpursuit.errors import InputError, StorageError

SECONDS = 60
LONGEST_SECONDS = 1800  # of one file, however slowly it comes
_BLOCK = 1 << 20
_KEPT = ("ETag", "Last-Modified")


def name_of(url: str) -> str:
    """The name of the file that an address gives: the last part of its path, without anything that leads elsewhere."""
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    kept = "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in name).lstrip(".")
    return kept or "list"


def fetch(urls: Sequence[str], folder: Path, *, most_bytes: int, seconds: float = SECONDS) -> tuple[Path, ...]:
    """The files of some addresses in a folder, each asked for once.

    Raises ``InputError`` where an address is not https, cannot be reached, answers anything but a whole file, or one
    of more than ``most_bytes``; ``StorageError`` where the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror or 'cannot be created'}") from error
    return tuple(_fetch(url, folder / name_of(url), most_bytes, seconds) for url in urls)


def _fetch(url: str, target: Path, most_bytes: int, seconds: float) -> Path:
    where = f"{urlsplit(url).hostname or ''}/{target.name}"  # a query may hold the user's key
    _only_https(url, where)
    known = _known(target, url)
    request = urllib.request.Request(url, headers={"User-Agent": "netpursuit", **known})
    try:
        with urllib.request.build_opener(_HttpsOnly).open(request, timeout=seconds) as answer:
            _take(answer, target, most_bytes, where)
            said = {key: answer.headers[key] for key in _KEPT if answer.headers[key]}
    except urllib.error.HTTPError as error:
        if error.code == 304 and known:
            return target
        raise InputError(f"the address answered {error.code}", where=where, expected="a file") from None
    except (OSError, HTTPException) as error:
        why = getattr(error, "reason", None) or type(error).__name__
        raise InputError(f"cannot be fetched ({why})", where=where) from None
    with suppress(TypeError, ValueError, OSError):
        written = parsedate_to_datetime(said["Last-Modified"]).timestamp() if "Last-Modified" in said else None
        if written is not None:
            os.utime(target, (written, written))
    with suppress(OSError):  # then the whole file comes again next time
        _beside(target).write_text(json.dumps({"url": url, **said}), encoding="utf-8")
    return target


def _take(answer: Any, target: Path, most_bytes: int, where: str, longest_seconds: float = LONGEST_SECONDS) -> None:
    """Write what an address answers and put it in its place when it is whole."""
    until = time.monotonic() + longest_seconds
    stated = int(answer.headers.get("Content-Length") or -1)
    part = target.with_name(f".{target.name}.part")
    size = 0
    try:
        with _worded(target):
            opened = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(opened, "wb") as file:
            while size <= most_bytes and (block := answer.read1(_BLOCK)):
                if time.monotonic() > until:
                    raise InputError(f"not whole after {longest_seconds:g} s", where=where, expected="a faster answer")
                size += len(block)
                with _worded(target):
                    file.write(block)
            with _worded(target):
                file.flush()
                os.fsync(file.fileno())
        if max(size, stated) > most_bytes:
            raise InputError(
                f"more than {most_bytes >> 20} MB", where=where, expected="a smaller list, or a larger max_mb"
            )
        if size == 0 or (stated >= 0 and size != stated):
            raise InputError(f"{size} of {stated} bytes came", where=where, expected="the whole file")
        # What was said of the file before holds no longer, should this be the last thing that is done.
        with _worded(target):
            _beside(target).unlink(missing_ok=True)
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _worded(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"{target}: cannot be written: {error.strerror or error}") from error


def _known(target: Path, url: str) -> dict[str, str]:
    """The conditions under which nothing need be sent again; none where the file is not there."""
    if not target.is_file():
        return {}
    try:
        said = json.loads(_beside(target).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if said.get("url") != url:
        return {}
    names = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    return {names[key]: str(said[key]) for key in _KEPT if key in said}


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.json")


def _only_https(url: str, where: str) -> None:
    if urlsplit(url).scheme != "https":
        raise InputError("no https address", where=where, expected="https://…")


class _HttpsOnly(urllib.request.HTTPRedirectHandler):
    """Follows a redirection to another https address and to no other."""

    def redirect_request(self, request: Any, stream: Any, code: int, message: str, headers: Any, url: str) -> Any:
        _only_https(url, urlsplit(request.full_url).hostname or "")
        return super().redirect_request(request, stream, code, message, headers, url)
