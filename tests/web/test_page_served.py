"""The built page as it is served, and an installation that has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from netpursuit.cli import run
from netpursuit.web import page


def test_without_a_page_its_calls_answer_and_the_address_says_so(
    client: TestClient, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "built_folder", lambda: tmp_path / "none")
    from netpursuit.web.app import create_app
    from netpursuit.web.room import Room
    from netpursuit.wiring import Service

    service = Service(workspace)
    with TestClient(create_app(Room(service))) as without:
        answered = without.get("/")
        assert (answered.status_code, answered.json()["code"]) == (404, "no-page")
        assert without.get("/api/v1/session").status_code == 401
        assert without.get("/healthz").status_code == 200
    service.close()


@pytest.mark.parametrize(("lang", "said"), [("en", "make page"), ("zh", "本次安装不含页面")])
def test_without_a_page_the_command_says_what_to_do_and_opens_no_browser(
    workspace: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lang: str,
    said: str,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(page, "built_folder", lambda: tmp_path / "none")
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: None)
    arguments = ["web", "--workspace", str(workspace), "--port", "0", "--browser", "--lang", lang]
    assert run(arguments) == 0
    assert [line for line in capsys.readouterr().err.splitlines() if said in line]
    assert opened == []


def test_the_page_is_served_under_its_policy(client: TestClient) -> None:
    answered = client.get("/")
    assert answered.status_code == 200, "built by 'make page'"
    policy = answered.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert answered.headers["cache-control"] == "no-store"
    assert client.get("/assets/..%2f..%2fpage.py").status_code == 404
    assert client.get("/SOURCES.sha256").status_code == 404
