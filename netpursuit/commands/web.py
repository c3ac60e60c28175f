"""``netpursuit web``: the page, and the HTTP face for clients of OpenSanctions' yente."""

from __future__ import annotations

import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server
from typing import TYPE_CHECKING

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common
from netpursuit.commands.worded import new_command
from netpursuit.errors import InputError, StorageError

if TYPE_CHECKING:
    from socket import socket

_PORTS = click.IntRange(0, 65535)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def command(words: Catalogue) -> click.Command:
    @new_command(words, "web", "help.web")
    @click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help=words("option.web.host"))
    @click.option("--port", type=_PORTS, default=8100, show_default=True, help=words("option.web.port"))
    @click.option(
        "--tls-certificate", type=click.Path(path_type=Path, dir_okay=False, exists=True), help=words("option.web.tls")
    )
    @click.option(
        "--tls-key", type=click.Path(path_type=Path, dir_okay=False, exists=True), help=words("option.web.tls-key")
    )
    @click.option(
        "--reports", type=click.Path(path_type=Path, file_okay=False, exists=True), help=words("option.web.reports")
    )
    @click.option("--browser/--no-browser", default=None, help=words("option.web.browser"))
    @common(words, authority=False)
    def web(
        settings: Settings,
        host: str,
        port: int,
        tls_certificate: Path | None,
        tls_key: Path | None,
        reports: Path | None,
        browser: bool | None,
    ) -> int:
        return run_web(settings, host, port, tls_certificate, tls_key, browser, reports)

    return web


def run_web(
    settings: Settings,
    host: str,
    port: int,
    certificate: Path | None,
    key: Path | None,
    browser: bool | None = None,
    reports: Path | None = None,
) -> int:
    """Serve until interrupted. On loopback the user of the machine is signed in by a link that works once;
    ``browser``: open it (None: where somebody sits at a terminal). ``reports``: the folder of the nights' reports."""
    import uvicorn

    from netpursuit.gate.users import user_of_machine
    from netpursuit.web.app import create_app
    from netpursuit.web.page import is_built
    from netpursuit.web.room import Room
    from netpursuit.wiring import Service

    if (certificate is None) != (key is None):
        raise InputError("a certificate without its key, or the reverse", where="--tls-certificate, --tls-key")
    if host not in _LOOPBACK and certificate is None:
        raise InputError(
            "other machines are served under TLS alone",
            where="--host",
            expected="127.0.0.1, or --tls-certificate and --tls-key",
        )
    service = Service(settings.workspace)
    try:
        with _listening(host, port) as listener:
            scheme, at = "https" if certificate else "http", listener.getsockname()[1]
            shown = f"[{host}]" if ":" in host else host
            address = f"{scheme}://{shown}:{at}"
            click.echo(settings.words("web.listens", address=address), err=True)
            room = Room(service, reports=reports)
            if host in _LOOPBACK:
                link = f"{address}/#link={room.sessions.new_link(user_of_machine())}"
                click.echo(settings.words("web.link", link=link), err=True)
                if is_built() and (sys.stderr.isatty() if browser is None else browser):
                    webbrowser.open(link)
            if not is_built():
                click.echo(settings.words("web.no-page"), err=True)
            config = uvicorn.Config(
                create_app(room),
                access_log=False,  # addresses and times of questions stand in the consultation log
                log_level="error",
                server_header=False,
                proxy_headers=False,  # whoever calls could name any address
                ssl_certfile=certificate,
                ssl_keyfile=key,
                timeout_graceful_shutdown=5,
            )
            with suppress(KeyboardInterrupt):  # how it is meant to end
                uvicorn.Server(config).run(sockets=[listener])
    finally:
        service.close()
    return 0


def _listening(host: str, port: int) -> socket:
    try:
        family = AF_INET6 if ":" in host else AF_INET
        return create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise StorageError(f"{host}:{port} cannot be listened on: {error.strerror or error}") from error
