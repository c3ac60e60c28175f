"""Makes the packages that are handed on: the source distribution, wheels, bill of materials and licence report.

    python -m tools.dist [--out dist]             the source distribution, a wheel for this machine, both reports
    python -m tools.dist --for PLATFORM [--for …] wheels for other machines, or --for all

The kernel is plain C: Zig (``ziglang``) compiles it for any platform on any machine. A package is whole, with kernel,
page and manual, or is not made. The same sources and the same compiler make the same bytes.
"""

from __future__ import annotations

import argparse
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = "netpursuit/kernel/_native."
_ELF = {62: "x86_64", 183: "aarch64"}
_MACH = {0x01000007: "x86_64", 0x0100000C: "arm64"}
_PE = {0x8664: "amd64", 0xAA64: "arm64"}


def platforms() -> tuple[str, ...]:
    """Those that a wheel can be made for."""
    import hatch_build

    return tuple(hatch_build.TARGETS)


def build(kind: str, out: Path, platform: str = "") -> Path:
    """One package, whole. Raises ``SystemExit`` with what the build said."""
    before = {file: file.stat().st_mtime_ns for file in out.glob("*")}
    environment = {**os.environ, "NETPURSUIT_WHOLE": "1", "NETPURSUIT_WHEEL_FOR": platform}
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{kind} {platform}: {(done.stdout + done.stderr).strip()[-1000:]}")
    (made,) = (file for file in out.glob("*") if before.get(file) != file.stat().st_mtime_ns)
    return made


def machine_of(library: bytes) -> str:
    """What a shared library is for, by its head: ``linux x86_64``, ``macosx arm64``, ``win amd64``."""
    if library.startswith(b"\x7fELF"):
        return f"linux {_ELF.get(struct.unpack_from('<H', library, 18)[0], 'other')}"
    if library.startswith(b"\xcf\xfa\xed\xfe"):
        return f"macosx {_MACH.get(struct.unpack_from('<I', library, 4)[0], 'other')}"
    if library.startswith(b"MZ"):
        (head,) = struct.unpack_from("<I", library, 0x3C)
        return f"win {_PE.get(struct.unpack_from('<H', library, head + 4)[0], 'other')}"
    return "unknown"


def problem_with(wheel: Path) -> str:
    """Why a wheel is not whole, or not what its name says; empty where nothing is wrong."""
    tag = wheel.stem.rpartition("-")[2].split(".")[0]
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        libraries = [name for name in names if name.startswith(LIBRARY)]
        if len(libraries) != 1:
            return f"{len(libraries)} kernels"
        found = machine_of(archive.read(libraries[0]))
    if "-py3-none-" not in wheel.name:
        return "not for any Python 3"
    kind, machine = found.split(" ")
    if kind not in tag or not tag.endswith(machine):
        return f"a kernel for {found}"
    wanted = (
        "netpursuit/web/built/index.html",
        ".data/data/share/man/man1/netpursuit.1",
        "/sboms/netpursuit-page.cdx.json",
    )
    missing = [part for part in wanted if not any(name.endswith(part) for name in names)]
    return f"without {', '.join(missing)}" if missing else ""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.dist", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the packages (dist)")
    parser.add_argument("--for", dest="platforms", action="append", choices=("all", *platforms()), default=[])
    parser.add_argument("--source", action="store_true", help="the source distribution and the reports alone")
    stated = parser.parse_args(arguments)
    out: Path = stated.out
    out.mkdir(parents=True, exist_ok=True)
    if not stated.platforms:
        from tools import sbom

        print(build("sdist", out))
        for file in sbom.write(out, sbom.installed, sbom.own_version()):
            print(file)
    wanted = platforms() if "all" in stated.platforms else stated.platforms or ([] if stated.source else [""])
    for platform in wanted:
        wheel = build("wheel", out, platform)
        if problem := problem_with(wheel):
            wheel.unlink()
            raise SystemExit(f"{wheel.name}: {problem}")
        print(wheel)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
