"""Makes one file from which netpursuit is installed where there is no network: ``make bundle``.

    python -m tools.bundle [--out dist]

The file ``netpursuit-VERSION-PYTHON-PLATFORM.tar`` holds the wheel of the program and those of all that it needs, for
this platform and this minor version of Python; ``requirements.txt`` with the version and SHA-256 of each; the bill of
materials and the licence report of them all;
``install.sh``, which checks them all before it installs any; ``INSTALL.md`` and the documentation. Packages come from
the index that pip is set up to use.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tools import sbom

ROOT = Path(__file__).resolve().parent.parent
TEXTS = Path(__file__).resolve().parent / "bundle_texts"
DOCS = ("README.md", "README.zh.md", "CHANGELOG.md", "LICENSE")
SUMS = "SHA256SUMS"


def this_python() -> str:
    """As wheels name it: cp311."""
    return f"cp{sys.version_info.major}{sys.version_info.minor}"


def this_platform() -> str:
    """As wheels name it: linux_x86_64."""
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def name_and_version(wheel: Path) -> tuple[str, str]:
    """Of ``name-version-python-abi-platform.whl``; the name as requirements write it."""
    name, version = wheel.stem.split("-")[:2]
    return name.replace("_", "-").lower(), version


def requirements(wheels: Sequence[Path]) -> str:
    """One pinned line a wheel with its hash, by name."""
    lines = []
    for wheel in sorted(wheels, key=name_and_version):
        name, version = name_and_version(wheel)
        lines.append(f"{name}=={version} --hash=sha256:{digest(wheel)}")
    return "\n".join(lines) + "\n"


def fill(folder: Path) -> str:
    """Put everything into an empty folder; returns the version of the program."""
    wheels = folder / "wheels"
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--wheel-dir"]
    subprocess.run([*command, str(wheels), f"{ROOT}[sql]"], env={**os.environ, "NETPURSUIT_WHOLE": "1"}, check=True)
    found = sorted(wheels.glob("*.whl"))
    (version,) = (version for name, version in map(name_and_version, found) if name == "netpursuit")
    (own,) = (path for path in found if name_and_version(path)[0] == "netpursuit")
    if "netpursuit/web/built/index.html" not in zipfile.ZipFile(own).namelist():
        raise SystemExit("the page is missing: run 'make page' first")
    sbom.write(folder, sbom.in_folder(wheels), version)
    (folder / "requirements.txt").write_text(requirements(found), encoding="utf-8")
    filled = {"PYTHON": f"{sys.version_info.major}.{sys.version_info.minor}", "PLATFORM": this_platform()}
    for name in ("install.sh", "INSTALL.md"):
        text = (TEXTS / name).read_text(encoding="utf-8")
        for key, value in filled.items():
            text = text.replace(f"@{key}@", value)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "install.sh").chmod(0o755)
    for name in DOCS:
        shutil.copy(ROOT / name, folder / name)
    for name in ("docs", "bench/results"):  # the documentation, and the measurements that it points to
        shutil.copytree(ROOT / name, folder / name)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = "".join(f"{digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    (folder / SUMS).write_text(sums, encoding="utf-8")
    return version


def pack(folder: Path, tar: Path) -> None:
    """One tar of a folder under its own name: sorted, nobody's, whole or not at all. Wheels are compressed already."""

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.uid = info.gid = 0
        info.uname = info.gname = "root"
        info.mtime = 0
        info.mode = 0o755 if info.isdir() or info.name.endswith(".sh") else 0o644
        return info

    unfinished = tar.with_name(f".{tar.name}.part")
    with tarfile.open(unfinished, "w", format=tarfile.PAX_FORMAT) as archive:
        archive.add(folder, arcname=folder.name, filter=plain)
    unfinished.replace(tar)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the tar file (dist)")
    out: Path = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="netpursuit-bundle-") as place:
        folder = Path(place) / "bundle_texts"
        folder.mkdir()
        name = f"netpursuit-{fill(folder)}-{this_python()}-{this_platform()}"
        named = folder.rename(folder.with_name(name))
        tar = out / f"{name}.tar"
        pack(named, tar)
    print(f"{tar}: {tar.stat().st_size / 1e6:.0f} MB, SHA-256 {digest(tar)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
