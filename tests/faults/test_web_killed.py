"""``netpursuit web`` is killed (SIGKILL) while many ask: no look without its intent, no answer without its outcome."""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, environment
from tests.faults.conftest import ROOT
from tests.web.conftest import issue, made
from tests.web.conftest import workspace as listed

__all__ = ["listed", "made"]

CLIENTS = 24

# The program as it is; each look leaves a line before it begins, which a kill does not take back.
SERVER = """
import os, sys
import netpursuit.enquiry.search as enquiry
from netpursuit.cli import run
looks, answer = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), enquiry._answer
def told(desk, request, day, consultation_id):
    os.write(looks, f"{consultation_id}\\n".encode())
    return answer(desk, request, day, consultation_id)
enquiry._answer = told
raise SystemExit(run(sys.argv[2:]))
"""
ASKED = (
    ({"name": ["欧阳志远"], "birthDate": ["1985-03-04"]}, ["other:W1", "wanted:W1"]),
    ({"name": ["章玉琴"], "birthDate": ["1971-11-23"]}, ["other:W2", "wanted:W2"]),
    ({"name": ["Nobody Atall"], "birthDate": ["1999-09-09"]}, []),
)


def ask(address: tuple[str, int], token: str, client: int, answers: list[tuple[str, str, Any]]) -> None:
    """Ask until the server is gone; keeps (consultation, reason, entries shown) of every answer."""
    number = 0
    with (
        suppress(OSError, http.client.HTTPException),
        closing(http.client.HTTPConnection(*address, timeout=30)) as line,
    ):
        while True:
            number += 1
            properties, _ = ASKED[(client + number) % len(ASKED)]
            reason = f"check:T-{client}-{number}"
            headers = {"Authorization": f"Bearer {token}", "X-Netpursuit-Reason": reason}
            body = json.dumps({"queries": {"q": {"schema": "Person", "properties": properties}}})
            line.request("POST", "/match/default", body.encode(), headers)
            with line.getresponse() as answered:
                read = json.loads(answered.read())
            if answered.status == 200:
                one = read["responses"]["q"]
                shown = sorted(f"{result['datasets'][0]}:{result['id']}" for result in one["results"])
                answers.append((one["consultation"], reason, shown))
            else:
                assert answered.status == 429
                time.sleep(0.01)


@pytest.mark.parametrize("kills", [3, pytest.param(40, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_leaves_every_look_on_record(
    command: Run, listed: Path, tmp_path: Path, kills: int
) -> None:
    tokens = [str(issue(command, listed, f"desk-{number}")["token"]) for number in range(4)]
    looks, moments = tmp_path / "looks", random.Random(20261127)
    answers: list[tuple[str, str, Any]] = []
    for _ in range(kills):
        server = subprocess.Popen(
            [
                sys.executable,
                "-c",
                SERVER,
                str(looks),
                "web",
                "--workspace",
                str(listed),
                "--port",
                "0",
                "--lang",
                "en",
            ],
            stderr=subprocess.PIPE,
            env=environment(PYTHONPATH=str(ROOT)),
        )
        assert server.stderr is not None
        host, port = server.stderr.readline().decode().split()[2].rstrip(";").removeprefix("http://").split(":")
        before = len(answers)
        asking = [
            threading.Thread(target=ask, args=((host, int(port)), tokens[client % 4], client, answers))
            for client in range(CLIENTS)
        ]
        for thread in asking:
            thread.start()
        until = time.monotonic() + 60
        while len(answers) == before:  # the index is open
            assert time.monotonic() < until
            time.sleep(0.001)
        time.sleep(moments.uniform(0, 0.4))
        server.kill()
        server.wait()
        server.stderr.close()
        for thread in asking:
            thread.join(60)
    found = command("audit", "show", "--workspace", listed, "--reason", "audit:A-1", "--json", "--last", "100000").json
    log = {item["consultation"]: item for item in found if item["verb"] == "match"}
    looked = looks.read_text(encoding="ascii").split()
    assert len(looked) == len(set(looked)) >= len(answers) > 3 * kills
    assert set(looked) <= set(log), "each look has its intent on record"
    for consultation_id, reason, shown in answers:
        item = log[consultation_id]
        assert (item["authority"], item["outcome"]["entries"]) == (reason, shown)
        assert shown == ASKED[sum(map(int, reason.split("-")[1:])) % len(ASKED)][1], "its own answer"
    assert len({consultation_id for consultation_id, *_ in answers}) == len(answers)
    unanswered = [item for item in log.values() if item["outcome"] is None]
    assert len(unanswered) <= kills * CLIENTS
    verified = command("audit", "verify", "--workspace", listed)
    assert verified.code == 0, verified.out
