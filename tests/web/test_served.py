"""``netpursuit web`` as a process: it listens, answers, holds under load, and ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from netpursuit.web import limits
from tests.cli.conftest import Run, start
from tests.web.conftest import REASON, give_password, issue
from tests.web.test_asked_as_yente import ASKED

BODY = json.dumps({"queries": {"q": ASKED}}).encode()


@contextmanager
def served(workspace: Path, *more: object) -> Iterator[str]:
    """The address of a server of its own."""
    server = start("web", "--workspace", workspace, "--port", 0, "--lang", "en", *more)
    assert server.stderr is not None
    try:
        said = server.stderr.readline().decode()
        assert said.startswith("Listening on "), said
        linked = server.stderr.readline().decode()
        assert linked.startswith("Sign in "), linked
        yield said.split()[2].rstrip(";")
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        assert server.stderr.read() == b""
    finally:
        server.kill()
        server.wait()
        for stream in (server.stdout, server.stderr):
            if stream is not None:
                stream.close()


def post(address: str, token: str, body: bytes = BODY) -> int:
    headers = {"Authorization": f"Bearer {token}", **REASON, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/match/default", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answered:
            assert json.load(answered)["responses"]["q"]["results"]
            return int(answered.status)
    except urllib.error.HTTPError as refused:
        with refused:
            json.load(refused)
        return refused.code


def test_a_process_answers_survives_a_flood_and_rude_callers_and_ends(workspace: Path, token: str) -> None:
    with served(workspace) as address:
        assert post(address, token) == 200
        host, port = address.removeprefix("http://").split(":")
        for rude in (b"GARBAGE\r\n\r\n", b"POST /match/default HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"):
            with socket.create_connection((host, int(port)), timeout=10) as line:
                line.sendall(rude)
        with ThreadPoolExecutor(96) as pool:
            codes = Counter(pool.map(lambda _: post(address, token), range(400)))
        assert set(codes) == {200, 429}, codes
        assert codes[200] >= limits.MOST_OF_USER
        answered = [post(address, token) for _ in range(3)]
        assert 200 in answered


def test_of_many_at_once_each_gets_its_own_answer_and_its_own_record(workspace: Path, command: Run) -> None:
    tokens = {f"desk-{number}": issue(command, workspace, f"desk-{number}")["token"] for number in range(4)}
    people = ({"name": ["欧阳志远"], "birthDate": ["1985-03-04"]}, {"name": ["章玉琴"], "birthDate": ["1971-11-23"]})
    with served(workspace) as address:

        def ask(number: int) -> tuple[str, str, str, list[str]]:
            who, reason = f"desk-{number % 4}", f"check:T-{number}"
            headers = {"Authorization": f"Bearer {tokens[who]}", "X-Netpursuit-Reason": reason}
            asked = {f"q{number}": {"schema": "Person", "properties": people[number % 2]}}
            request = urllib.request.Request(
                f"{address}/match/default", json.dumps({"queries": asked}).encode(), headers
            )
            while True:
                try:
                    with urllib.request.urlopen(request, timeout=60) as answered:
                        one = json.load(answered)["responses"][f"q{number}"]
                except urllib.error.HTTPError as refused:
                    refused.close()
                    if refused.code != 429:
                        raise
                    time.sleep(0.02)
                else:
                    return one["consultation"], who, reason, [result["id"] for result in one["results"]]

        with ThreadPoolExecutor(64) as pool:
            answers = list(pool.map(ask, range(256)))
    log = command("audit", "show", "--workspace", workspace, "--reason", "audit:A-1", "--json").json
    recorded = {item["consultation"]: item for item in log if item["verb"] == "match"}
    assert len(recorded) == 256 == len({consultation_id for consultation_id, *_ in answers}), "none lost, none doubled"
    for number, (consultation_id, who, reason, ids) in enumerate(answers):
        item, entry = recorded[consultation_id], f"W{number % 2 + 1}"
        assert ids == [entry, entry], "of either list"
        assert (item["who"], item["authority"]) == (who, reason)
        assert item["outcome"]["entries"] == [f"other:{entry}", f"wanted:{entry}"]
    assert command("audit", "verify", "--workspace", workspace).code == 0


def test_uploads_that_never_come_hold_nobody_up_for_long(workspace: Path, token: str, command: Run) -> None:
    other = issue(command, workspace, "desk-8")["token"]
    with served(workspace) as address, ExitStack() as lines:
        host, port = address.removeprefix("http://").split(":")
        named = f"Host: {host}\r\nAuthorization: Bearer {token}\r\n"
        head = f"POST /match/default HTTP/1.1\r\n{named}Content-Length: 1000\r\n\r\n"
        idle = [lines.enter_context(socket.create_connection((host, int(port)), timeout=30)) for _ in range(64)]
        for line in idle:
            line.sendall(head.encode())
        began = time.monotonic()
        while post(address, other) != 200:  # until those beyond the user's share were turned away
            assert time.monotonic() - began < 8, "one user leaves room for others"
        answers = {line.recv(100).split()[1] for line in idle}
        assert answers == {b"408", b"429"}
        assert post(address, token) == 200


@pytest.mark.parametrize("more", [("--host", "0.0.0.0"), ("--tls-key", "KEY")])
def test_other_machines_are_served_under_tls_alone(
    command: Run, workspace: Path, tmp_path: Path, more: tuple[str, str]
) -> None:
    (tmp_path / "key.pem").write_text("no key")
    named = [str(tmp_path / "key.pem") if item == "KEY" else item for item in more]
    refused = command("web", "--workspace", workspace, "--port", 0, "--lang", "en", *named)
    assert refused.code == 2
    assert "tls" in refused.err


PASSWORD = "four horses under a bridge"


@pytest.fixture
def with_user(workspace: Path, command: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    give_password(command, workspace, "li", PASSWORD, monkeypatch)
    return workspace


def refused(command: Run, workspace: Path, *more: object) -> str:
    done = command("web", "--workspace", workspace, "--port", 0, "--lang", "en", *more)
    assert done.code == 2
    return done.err


def test_others_are_served_where_users_have_passwords(command: Run, workspace: Path, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    tls = ("--tls-certificate", certificate, "--tls-key", key)
    for more in (("--host", "0.0.0.0", *tls), ("--name", "tracing.example")):
        assert "netpursuit users password" in refused(command, workspace, *more)


def test_what_cannot_be_served_under_is_told(command: Run, with_user: Path, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    _, stranger = self_signed(other)
    tls = ("--tls-certificate", certificate, "--tls-key")
    assert "names no host" in refused(command, with_user, "--host", "0.0.0.0", *tls, key)
    assert "used together" in refused(command, with_user, *tls, stranger)
    assert "no certificate" in refused(command, with_user, "--tls-certificate", key, "--tls-key", key)
    for name in ("*.example", "https://tracing.example", "a b", "x:8100", "-x"):
        assert "no name of a server" in refused(command, with_user, f"--name={name}")
    for proxy in ("*", "proxy.example"):
        assert "no address" in refused(command, with_user, "--proxy", proxy)


def test_a_user_signs_in_over_tls_under_the_servers_name_and_no_other(with_user: Path, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    tls = ("--tls-certificate", certificate, "--tls-key", key)
    with served(with_user, *tls, "--name", "tracing.example") as address:
        trusted = ssl.create_default_context(cafile=str(certificate))
        trusted.check_hostname = False

        def ask(host: str, password: str) -> tuple[int, str]:
            body = json.dumps({"user": "li", "password": password}).encode()
            asked = urllib.request.Request(f"{address}/api/v1/sign-in", body, {"Host": host})
            try:
                with urllib.request.urlopen(asked, context=trusted, timeout=20) as answered:
                    assert answered.headers["Strict-Transport-Security"]
                    return answered.status, answered.headers["Set-Cookie"].partition("=")[0]
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, json.load(error)["code"]

        assert ask("tracing.example", PASSWORD) == (200, "__Host-netpursuit")
        assert ask("tracing.example", "another one than that") == (401, "sign-in")
        assert ask("evil.example", PASSWORD) == (421, "host")


def test_a_workspace_that_is_not_there_is_not_made(command: Run, tmp_path: Path) -> None:
    refused = command("web", "--workspace", tmp_path / "none", "--port", 0, "--lang", "en")
    assert refused.code == 2
    assert not (tmp_path / "none").exists()


def test_a_port_that_is_taken_is_named(command: Run, workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = command("web", "--workspace", workspace, "--port", port, "--lang", "en")
    assert refused.code == 1
    assert f"127.0.0.1:{port}" in refused.err


def test_a_certificate_is_used(workspace: Path, token: str, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    with served(workspace, "--tls-certificate", certificate, "--tls-key", key) as address:
        assert address.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(certificate))
        trusted.check_hostname = False
        with urllib.request.urlopen(f"{address}/healthz", context=trusted, timeout=20) as answered:
            assert json.load(answered) == {"status": "ok"}


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "private.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


def signs_in(link: str) -> int:
    address, _, secret = link.partition("/#link=")
    body = json.dumps({"link": secret}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{address}/api/v1/sign-in", body), timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal of POSIX")
def test_enter_in_its_terminal_makes_another_link(workspace: Path) -> None:
    near, far = os.openpty()
    server = start("web", "--workspace", workspace, "--port", 0, "--lang", "en", "--no-browser", stdin=far)
    assert server.stderr is not None
    try:
        lines = [server.stderr.readline().decode().strip() for _ in range(3)]
        assert lines[2] == "Enter makes another link."
        first = lines[1].split()[-1]
        assert [signs_in(first), signs_in(first)] == [200, 401]
        os.write(near, b"\n")
        again = server.stderr.readline().decode().split()[-1]
        assert again.startswith("http://127.0.0.1:")
        assert again != first
        assert [signs_in(again), signs_in(again)] == [200, 401]
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        assert server.stderr.read() == b""
    finally:
        server.kill()
        server.wait()
        os.close(near)
        os.close(far)
        for stream in (server.stdout, server.stderr):
            if stream is not None:
                stream.close()
