"""What is handed on is what its name says: a wheel a platform, for any Python 3, with a kernel for that platform."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools import dist


@pytest.mark.parametrize(
    ("head", "machine"),
    [
        (b"\x7fELF" + bytes(14) + b"\x3e\x00", "linux x86_64"),
        (b"\x7fELF" + bytes(14) + b"\xb7\x00", "linux aarch64"),
        (b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01", "macosx arm64"),
        (b"\xcf\xfa\xed\xfe\x07\x00\x00\x01", "macosx x86_64"),
        (b"MZ" + bytes(58) + b"\x40\x00\x00\x00PE\x00\x00\x64\x86", "win amd64"),
        (b"\x7fELF" + bytes(14) + b"\x03\x00", "linux other"),
        (b"#!/bin/sh", "unknown"),
    ],
)
def test_the_head_of_a_library_tells_its_machine(head: bytes, machine: str) -> None:
    assert dist.machine_of(head) == machine


def wheel(folder: Path, tag: str, library: bytes | None, page: bool = True) -> Path:
    file = folder / f"netpursuit-0.1.0-{tag}.whl"
    with zipfile.ZipFile(file, "w") as archive:
        if library is not None:
            archive.writestr("netpursuit/kernel/_native.so", library)
        if page:
            archive.writestr("netpursuit/web/built/index.html", "")
        archive.writestr("netpursuit-0.1.0.data/data/share/man/man1/netpursuit.1", "")
        archive.writestr("netpursuit-0.1.0.dist-info/sboms/netpursuit-page.cdx.json", "")
    return file


def test_a_wheel_that_is_not_whole_or_not_what_it_says_is_told(tmp_path: Path) -> None:
    library = b"\x7fELF" + bytes(14) + b"\x3e\x00"
    assert dist.problem_with(wheel(tmp_path, "py3-none-manylinux_2_17_x86_64", library)) == ""
    for tag, body, page, problem in (
        ("py3-none-manylinux_2_17_aarch64", library, True, "a kernel for linux x86_64"),
        ("py3-none-win_amd64", library, True, "a kernel for linux x86_64"),
        ("cp311-cp311-linux_x86_64", library, True, "not for any Python 3"),
        ("py3-none-linux_x86_64", None, True, "0 kernels"),
        ("py3-none-linux_x86_64", library, False, "without netpursuit/web/built/index.html"),
    ):
        assert dist.problem_with(wheel(tmp_path, tag, body, page)) == problem


@pytest.mark.slow
def test_wheels_for_every_platform_are_made_on_this_one(tmp_path: Path) -> None:
    env = tmp_path / "env"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--target",
        str(env),
        "ziglang",
    ]
    subprocess.run(command, check=True)
    # As from the command line, with Zig beside what is installed.
    made = tmp_path / "dist"
    program = f"import sys; sys.path[:0] = [{str(ROOT)!r}]; from tools import dist; sys.exit(dist.main(sys.argv[1:]))"
    paths = {"PYTHONPATH": str(env), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    arguments = ["--out", str(made), "--for", "all"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=paths, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert sorted(file.name for file in made.iterdir()) == sorted(
        f"netpursuit-0.1.0-py3-none-{platform}.whl" for platform in dist.platforms()
    )
    assert not [file for file in made.iterdir() if dist.problem_with(file)]
    # That of this machine's kind runs: the one made for an old C library, under this one.
    (own,) = made.glob("*-manylinux_2_17_x86_64.whl")
    shutil.unpack_archive(own, tmp_path / "unpacked", "zip")
    asked = "from netpursuit.kernel.native import kernel_name; print(kernel_name())"
    ran = subprocess.run(
        [sys.executable, "-P", "-c", asked],
        env={"PYTHONPATH": str(tmp_path / "unpacked")},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.strip() == "native", ran.stderr
