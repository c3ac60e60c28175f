"""A publisher of lists: a real https server on this machine, and a certificate that is trusted while a test lasts."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

WRITTEN = "Fri, 10 Apr 2026 08:00:00 GMT"


class Publisher:
    """What the server answers, and what it was asked."""

    def __init__(self) -> None:
        self.content, self.etag, self.written = b"one\n", '"1"', WRITTEN
        self.asked: list[tuple[str, int, str | None]] = []
        self.bodies: list[bytes] = []
        self.port = 0

    def url(self, path: str = "/list.csv") -> str:
        return f"https://127.0.0.1:{self.port}{path}"


def certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    said = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            unchanged = self.headers["If-None-Match"] == said.etag
            code = (
                304 if unchanged else {"/list.csv": 200, "/short": 200, "/moved": 302, "/down": 302}.get(self.path, 404)
            )
            said.asked.append((self.path, code, self.headers["If-Modified-Since"]))
            self.send_response(code)
            if code == 302:
                scheme = "http" if self.path == "/down" else "https"
                self.send_header("Location", f"{scheme}://127.0.0.1:{said.port}/list.csv")
            if code == 200:
                self.send_header("ETag", said.etag)
                self.send_header("Last-Modified", said.written)
                self.send_header("Content-Length", str(len(said.content) + (self.path == "/short") * 9))
            self.end_headers()
            if code == 200:
                self.wfile.write(said.content)

        def do_POST(self) -> None:
            said.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(302 if self.path == "/moved" else 204)
            if self.path == "/moved":
                self.send_header("Location", said.url("/elsewhere"))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return None

    file = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    said.port = server.server_address[1]
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield said
    server.shutdown()
    thread.join()
    server.server_close()
