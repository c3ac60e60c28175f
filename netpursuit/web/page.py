"""The built page: files of the package, served as they are."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from netpursuit.web.answers import HEADERS, json_answer

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


def routes() -> list[Route]:
    """The page and its parts; every one is read once, so that no path of a request touches the file system."""
    files = dict(_files())
    built = "index.html" in files

    def shown(name: str, fresh: str) -> Response:
        if name not in files:
            missing = ("http", "Not Found") if built else ("no-page", "the page is not in this installation")
            return json_answer(dict(zip(("code", "detail"), missing, strict=True)), 404)
        kind = _KINDS.get(PurePosixPath(name).suffix, "application/octet-stream")
        headers = {**HEADERS, "Content-Security-Policy": POLICY, "Cache-Control": fresh}
        return Response(files[name], headers=headers, media_type=kind)

    async def index(_request: Request) -> Response:
        return shown("index.html", "no-store")

    async def asset(request: Request) -> Response:  # whose name bears its digest
        return shown(f"assets/{request.path_params['part']}", "max-age=31536000, immutable")

    return [Route("/", index), Route("/assets/{part}", asset)]


def built_folder() -> Traversable:
    return resources.files(__package__) / "built"


def is_built() -> bool:
    """Whether this installation has a page; without one its calls answer all the same."""
    return (built_folder() / "index.html").is_file()


def _files() -> Iterator[tuple[str, bytes]]:
    root = built_folder()
    for folder, before in ((root, ""), (root / "assets", "assets/")):
        if folder.is_dir():
            yield from ((before + item.name, item.read_bytes()) for item in folder.iterdir() if item.is_file())
