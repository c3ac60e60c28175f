"""Compiles the native kernel while the package is built; without a compiler that works, NumPy does the same later.

The library has no ties to Python: a wheel holds it for one platform and any Python 3. ``ziglang`` is the compiler where
the machine has none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNEL = Path("netpursuit") / "kernel"
ENDING = {"win32": "dll", "darwin": "dylib"}.get(sys.platform, "so")
FLAGS = ("-O2", "-std=c11", "-shared", *(() if sys.platform == "win32" else ("-fPIC", "-fvisibility=hidden")))


def compiler() -> list[str]:
    """The machine's C compiler; empty where there is none."""
    for name in (os.environ.get("CC", ""), "cc", "gcc", "clang"):
        if name and (found := shutil.which(name.split()[0])):
            return [found, *name.split()[1:]]
    return []


class KernelHook(BuildHookInterface):  # type: ignore[type-arg]
    def dependencies(self) -> list[str]:
        return [] if compiler() else ["ziglang"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        library = Path(self.root) / KERNEL / f"_native.{ENDING}"
        unfinished = library.with_name(f"{library.name}.{os.getpid()}")
        command = [*(compiler() or [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]), *FLAGS]
        source = str(Path(self.root) / KERNEL / "native.c")
        try:
            subprocess.run([*command, "-o", str(unfinished), source], check=True, capture_output=True, text=True)
            unfinished.replace(library)
        except (OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(f"the native kernel is left out: {getattr(error, 'stderr', '') or error}")
            unfinished.unlink(missing_ok=True)
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["artifacts"].append(str(library.relative_to(self.root).as_posix()))
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
