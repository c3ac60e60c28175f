"""``netpursuit web``: the page, and the HTTP face for clients of OpenSanctions' yente."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import DAY, Settings, common
from netpursuit.commands.worded import new_command
from netpursuit.errors import InputError, StorageError

if TYPE_CHECKING:
    from socket import socket

    from netpursuit.wiring import Service

_PORTS = click.IntRange(0, 65535)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
_SWITCH_SECONDS = 0.0005  # else a thread back from the disk waits ten times as long for one that computes
_GARBAGE = (20_000, 10, 1_000)  # all objects are looked through seldom: it takes 50 ms, and every question waits
_PEM = click.Path(path_type=Path, dir_okay=False, exists=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where it is served and under which names. ``proxy``: the address of a reverse proxy, which says for whom it asks.
    ``reports``: the folder of the nights' reports. ``browser``: open it (None: where somebody sits at a terminal)."""

    host: str
    port: int
    certificate: Path | None
    key: Path | None
    names: Sequence[str]
    proxy: str
    reports: Path | None
    browser: bool | None
    as_of_day: date | None

    @property
    def is_local(self) -> bool:
        return self.host in _LOOPBACK


def command(words: Catalogue) -> click.Command:
    @new_command(words, "web", "help.web")
    @click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help=words("option.web.host"))
    @click.option("--port", type=_PORTS, default=8100, show_default=True, help=words("option.web.port"))
    @click.option("--tls-certificate", "certificate", type=_PEM, help=words("option.web.tls"))
    @click.option("--tls-key", "key", type=_PEM, help=words("option.web.tls-key"))
    @click.option("--name", "names", multiple=True, metavar="NAME", help=words("option.web.name"))
    @click.option("--proxy", default="", metavar="ADDRESS", help=words("option.web.proxy"))
    @click.option("--reports", type=_FOLDER, help=words("option.web.reports"))
    @click.option("--browser/--no-browser", default=None, help=words("option.web.browser"))
    @click.option("--as-of", "as_of_day", type=DAY, help=words("option.as-of"))
    @common(words, authority=False)
    def web(settings: Settings, **stated: Any) -> int:
        return run_web(settings, Serving(**stated))

    return web


def run_web(settings: Settings, serving: Serving) -> int:
    """Serve until interrupted. On loopback the user of the machine is signed in by a link that works once."""
    import uvicorn

    from netpursuit.gate.users import user_of_machine
    from netpursuit.web.app import create_app
    from netpursuit.web.page import is_built
    from netpursuit.web.room import Room
    from netpursuit.wiring import Service

    _check_tls(serving)
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.set_threshold(*_GARBAGE)
    service = Service(settings.workspace, serving.as_of_day)
    try:
        names = _names(serving, service)
        with _listening(serving.host, serving.port) as listener:
            scheme, at = "https" if serving.certificate else "http", listener.getsockname()[1]
            shown = f"[{serving.host}]" if ":" in serving.host else serving.host
            address = f"{scheme}://{shown}:{at}"
            room = Room(service, reports=serving.reports)
            config = uvicorn.Config(
                create_app(room, names),
                access_log=False,  # addresses and times of questions stand in the consultation log
                log_level="error",
                server_header=False,
                proxy_headers=bool(serving.proxy),  # else whoever calls could name any address
                forwarded_allow_ips=serving.proxy or None,
                ssl_certfile=serving.certificate,
                ssl_keyfile=serving.key,
                timeout_graceful_shutdown=5,
            )
            _load(config)
            click.echo(settings.words("web.listens", address=address), err=True)
            if serving.is_local:

                def new_link() -> str:
                    return f"{address}/#link={room.sessions.new_link(user_of_machine())}"

                link = new_link()
                click.echo(settings.words("web.link", link=link), err=True)
                if sys.stdin is not None and sys.stdin.isatty():
                    click.echo(settings.words("web.link-again"), err=True)
                    _at_enter(lambda: click.echo(settings.words("web.link", link=new_link()), err=True))
                if is_built() and (sys.stderr.isatty() if serving.browser is None else serving.browser):
                    webbrowser.open(link)
            if not is_built():
                click.echo(settings.words("web.no-page"), err=True)
            with suppress(KeyboardInterrupt):  # how it is meant to end
                uvicorn.Server(config).run(sockets=[listener])
    finally:
        service.close()
    return 0


def _at_enter(tell: Callable[[], None]) -> None:
    """Call this for every line that comes from the terminal, as long as the program runs in its foreground."""
    if hasattr(signal, "SIGTTIN"):
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)  # in the background a read fails instead of stopping the server

    def listen() -> None:
        # Past Python's own buffer, whose lock would still be held when the program ends.
        with suppress(OSError):
            while os.read(0, 1024):
                tell()

    threading.Thread(target=listen, daemon=True).start()


def _check_tls(serving: Serving) -> None:
    if serving.proxy:
        try:
            ip_network(serving.proxy)
        except ValueError:
            raise InputError("this is no address", where="--proxy", expected="an IP address") from None
    if (serving.certificate is None) != (serving.key is None):
        raise InputError("a certificate without its key, or the reverse", where="--tls-certificate, --tls-key")
    if not serving.is_local and serving.certificate is None:
        raise InputError(
            "other machines are served under TLS alone",
            where="--host",
            expected="127.0.0.1, or --tls-certificate and --tls-key",
        )


def _names(serving: Serving, service: Service) -> Sequence[str]:
    """The names that the server goes by. Raises ``InputError`` where others than the user of the machine could come and
    nobody has a password, and where no name is known."""
    from netpursuit.custody.passwords import in_use
    from netpursuit.web.doors import LOOPBACK, host_name

    stated = [host_name(name) for name in serving.names]
    if (stated or not serving.is_local) and not in_use(service.keys):
        raise InputError(
            "others are served where users have passwords, and nobody has one",
            where="--name" if serving.is_local else "--host",
            expected="'netpursuit users password USER' first",
        )
    if serving.certificate is not None and not stated:
        stated = _names_of(serving.certificate)
    if not serving.is_local and not stated:
        raise InputError("the certificate names no host", where="--name", expected="the name in the page's address")
    return [*(LOOPBACK if serving.is_local else ()), *stated]


def _names_of(certificate: Path) -> list[str]:
    """The names and addresses of a certificate, without those that stand for many."""
    from cryptography import x509

    try:
        held = x509.load_pem_x509_certificate(certificate.read_bytes())
        found = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    except (OSError, ValueError):
        raise InputError(
            "no certificate can be read", where=str(certificate), expected="a certificate chain in PEM"
        ) from None
    addresses = [f"[{ip}]" if ip.version == 6 else str(ip) for ip in found.get_values_for_type(x509.IPAddress)]
    return [*(name for name in found.get_values_for_type(x509.DNSName) if "*" not in name), *addresses]


def _load(config: Any) -> None:
    try:
        config.load()
    except (OSError, ValueError):  # of TLS
        raise InputError(
            "certificate and key cannot be used together",
            where="--tls-certificate, --tls-key",
            expected="a certificate chain and its private key, both in PEM",
        ) from None


def _listening(host: str, port: int) -> socket:
    try:
        family = AF_INET6 if ":" in host else AF_INET
        return create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise StorageError(f"{host}:{port} cannot be listened on: {error.strerror or error}") from error
