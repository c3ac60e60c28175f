"""The files for container engines name commands, options, variables, ports and files that there are, and keep the rules
of the page: off loopback only under TLS and with passwords, published on loopback unless somebody says otherwise."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from packaging.specifiers import SpecifierSet

from netpursuit import __version__
from netpursuit.catalogue import Catalogue
from netpursuit.commands import build_cli
from tests.cli.conftest import Run, start
from tests.conftest import ROOT
from tests.web.conftest import give_password
from tests.web.test_served import PASSWORD, self_signed
from tools import container_health, neo4j_server
from tools.man_pages import VARIABLES


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    value: str


def steps() -> list[list[Step]]:
    """The instructions of the Containerfile by stage; the first list is what stands before any."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    stages: list[list[Step]] = [[]]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).split("\n"):
        name, _, value = line.partition(" ")
        if name == "FROM":
            stages.append([])
        stages[-1].append(Step(name, value.strip()))
    return stages


def of(stage: list[Step], name: str) -> list[str]:
    return [step.value for step in stage if step.name == name]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def filled(text: str, **known: str) -> str:
    """With variables filled in as compose does; what is asked for and not known is an error."""

    def value(found: re.Match[str]) -> str:
        name, _, default = found[1].partition(":-")
        name = name.partition(":?")[0]
        if name in known:
            return known[name]
        assert ":-" in found[1], f"{name} is asked for"
        return default

    return re.sub(r"\$\{([^}]+)\}", value, text)


def arguments(**known: str) -> list[str]:
    """The command of the page's container."""
    return [filled(part, **known) for part in compose()["services"]["page"]["command"]]


def test_the_instructions_are_known_and_the_image_runs_as_a_user_of_its_own() -> None:
    before, build, final = steps()
    known = {"ARG", "FROM", "LABEL", "WORKDIR", "COPY", "ENV", "RUN", "VOLUME", "USER", "EXPOSE"}
    known |= {"HEALTHCHECK", "ENTRYPOINT", "CMD"}
    assert {step.name for stage in (before, build, final) for step in stage} <= known
    assert build[0].value.endswith(" AS build")
    user, group = of(final, "USER")[-1].split(":")
    assert user.isdigit()
    assert int(user) > 0
    made = " ".join(of(final, "RUN"))
    assert f"--uid {user} --gid {group}" in made
    assert "--shell /usr/sbin/nologin" in made
    at = [step.name for step in final]
    assert at.index("USER") < at.index("ENTRYPOINT")
    (image,) = of(before, "ARG")
    version = re.search(r"python:(\d+\.\d+)", image)
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert version is not None
    assert version[1] in SpecifierSet(wanted)


def test_what_is_copied_is_there_and_reaches_the_build() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n") if line]
    rules = [rule for rule in rules if not rule.startswith("#")]

    def reaches(path: str) -> bool:
        let_in = False
        for rule in rules:
            pattern = rule.removeprefix("!")
            if (
                fnmatch(path, pattern)
                or path.startswith(f"{pattern}/")
                or fnmatch(f"/{path}", pattern.replace("**", "*"))
            ):
                let_in = rule.startswith("!")
        return let_in

    _, build, final = steps()
    for source in (copied.split(" ")[0] for copied in of(final, "COPY") if not copied.startswith("--from")):
        assert (ROOT / source).is_file()
        assert reaches(source)
    for tool in re.findall(r"/source/(\S+\.py)", " ".join(of(build, "RUN"))):
        assert (ROOT / tool).is_file()
        assert reaches(tool)
    needed = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "netpursuit/kernel/native.c", "tools/page.py")
    assert all(reaches(path) for path in (*needed, "web/package-lock.json", "netpursuit/web/built/index.html"))
    for kept_out in (
        ".git/config",
        ".venv/bin/python",
        "web/node_modules/a",
        "demo-workspace/truth.sqlite",
        "tls/key.pem",
    ):
        assert not reaches(kept_out), kept_out
    assert not reaches("netpursuit/kernel/_native.so"), "it is compiled for the image"


def test_every_command_line_is_one_of_the_program() -> None:
    _, _, final = steps()
    assert json.loads(of(final, "ENTRYPOINT")[0]) == ["netpursuit"]
    tree = build_cli(Catalogue("en"))
    for line in (json.loads(of(final, "CMD")[0]), arguments(NETPURSUIT_NAME="tracing.example")):
        name, *given = line
        command = tree.get_command(click.Context(tree), name)
        assert command is not None
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {part.partition("=")[0] for part in given} <= known


def test_variables_ports_folders_and_versions_fit_together() -> None:
    _, _, final = steps()
    stated = dict(re.findall(r"(\w+)=(\S+)", " ".join(of(final, "ENV"))))
    page, graph = (compose()["services"][name] for name in ("page", "graph"))
    named = {name for name in (*stated, *page["environment"]) if name.startswith("NETPURSUIT")}
    assert named <= set(VARIABLES)
    assert {name: page["environment"][name] for name in ("NETPURSUIT_WORKSPACE", "NETPURSUIT_KEYS")} == {
        name: stated[name] for name in ("NETPURSUIT_WORKSPACE", "NETPURSUIT_KEYS")
    }
    volumes = json.loads(of(final, "VOLUME")[0])
    assert [volume.partition(":")[2] for volume in page["volumes"]] == volumes
    assert len({volume.partition(":")[0] for volume in page["volumes"]}) == 2, "keys lie elsewhere than the workspace"
    places = [Path(stated[name]) for name in ("NETPURSUIT_WORKSPACE", "NETPURSUIT_KEYS")]
    assert [any(place.is_relative_to(volume) for volume in volumes) for place in places] == [True, True]
    assert not places[1].is_relative_to(volumes[0])
    port = of(final, "EXPOSE")[0]
    assert int(port) == container_health.PORT
    assert f"--port={port}" in page["command"]
    assert [filled(item) for item in page["ports"]] == [f"127.0.0.1:{port}:{port}"]
    assert page["image"] == f"netpursuit:{__version__}"
    release = graph["image"].partition(":")[2].removesuffix("-community")
    assert release in {version.rpartition(".")[0] for version in neo4j_server.VERSIONS}, "one that the tests run on"
    known = {line.partition("=")[0] for line in neo4j_server._CONF.split()}
    settings = [name.removeprefix("NEO4J_") for name in graph["environment"] if name != "NEO4J_AUTH"]
    assert {name.replace("__", "\0").replace("_", ".").replace("\0", "_") for name in settings} <= known
    assert page["environment"]["NETPURSUIT_NEO4J_URI"] == "bolt://graph:7687"
    asked = '["python", "/opt/netpursuit/container_health.py"]'
    assert of(final, "HEALTHCHECK")[0].endswith(f"CMD {asked}")
    assert any(copied.endswith(" /opt/netpursuit/container_health.py") for copied in of(final, "COPY"))


def test_nothing_secret_is_written_and_the_graph_is_reached_by_nothing_else() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    secret = re.findall(r"(?im)^\s*(\S*(?:password|auth|secret|key)\S*): *(\S.*)$", text)
    assert len(secret) >= 2
    for name, value in secret:
        assert value.startswith(("${", "neo4j/${", "/var/lib/netpursuit-keys")) or value == "{}", (name, value)
    found = compose()
    assert found["networks"]["graph"]["internal"] is True
    graph = found["services"]["graph"]
    assert "ports" not in graph
    assert graph["networks"] == ["graph"]
    for variable in ("NETPURSUIT_NAME", "NETPURSUIT_NEO4J_PASSWORD"):
        assert f"${{{variable}:?" in text, "without it nothing starts"
    assert set(found["secrets"]) == {"tls_certificate", "tls_key"}
    for service in found["services"].values():
        assert "privileged" not in service
        assert "no-new-privileges:true" in service["security_opt"]


@contextmanager
def running(line: list[str], workspace: Path) -> Iterator[int]:
    """The port of a server that this command line starts."""
    server = start(*line, "--workspace", workspace, "--lang", "en")
    assert server.stderr is not None
    try:
        said = server.stderr.readline().decode()
        found = re.search(r"https?://\S+:(\d+)", said)
        assert found is not None, said
        yield int(found[1])
    finally:
        server.terminate()
        server.communicate(timeout=30)


def served_with(folder: Path) -> list[str]:
    """The command line of the page's container, with files and a port of this machine."""
    certificate, key = self_signed(folder)
    here = {
        "/run/secrets/tls_certificate": str(certificate),
        "/run/secrets/tls_key": str(key),
        "--port=8100": "--port=0",
    }
    line = arguments(NETPURSUIT_NAME="tracing.example")
    for place, file in here.items():
        line = [part.replace(place, file) for part in line]
    return line


def test_the_page_of_the_compose_file_does_not_start_without_tls_and_a_password(
    command: Run, workspace: Path, tmp_path: Path
) -> None:
    line = served_with(tmp_path)
    refused = command(*line, "--workspace", workspace, "--lang", "en")
    assert refused.code == 2
    assert "netpursuit users password" in refused.err
    without = [part for part in line if not part.startswith("--tls")]
    refused = command(*without, "--workspace", workspace, "--lang", "en")
    assert refused.code == 2
    assert "tls" in refused.err


@pytest.mark.slow
def test_the_page_of_the_compose_file_starts_by_the_rules_and_is_healthy(
    command: Run, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(command, workspace, "li", PASSWORD, monkeypatch)
    here = [part.replace("0.0.0.0", "127.0.0.1") for part in served_with(tmp_path)]  # no test opens a port to others
    for listening in (here, ["web", "--no-browser", "--port=0"]):
        with running(listening, workspace) as port:
            assert container_health.main(port) == 0
    script = ROOT / "tools" / "container_health.py"
    done = subprocess.run([sys.executable, str(script), str(port)], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b""), "it is gone"
