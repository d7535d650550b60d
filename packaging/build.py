"""Diptych as a program that needs no Python, for the system it is called on: `python packaging/build.py`, with uv on the PATH.

The wheel of what git has is installed, with the pinned versions and PyInstaller, into an environment of its own, and the folder
that `diptych.spec` describes is made there. It is tried: `diptych --self-test` inside it, its size packed, and its start beside
the checkout's.
All lies in `build/`. Needs the package index, and `--appimage` its runtime; some minutes. README.md beside this file tells what
else is made, and how.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

import appimage
import bare_root
import deb
import natives
from check_wheel import ROOT, bare, export, self_test, told
from start_time import ROUNDS, compared, imported_until_then

BUILD = ROOT / "build"
PROGRAM = BUILD / "dist" / "diptych"
MOST_MB, MOST_TIMES = 90.0, 1.3
# Modules are kept as they are: to unpack them took 50 ms of each start, and what we hand out is packed as a whole.
_MADE_OF = {"PYTHONHASHSEED": "0", "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0"}
_NT = os.name == "nt"
_NAME = "diptych.exe" if _NT else "diptych"


def main() -> int:
    """0 where all is as it should be; each figure is printed with its bound."""
    options = _options()
    head = appimage.runtime(options.runtime, options.runtime_sha256) if options.appimage else b""
    if not options.tried:
        make()
    good = [tried(PROGRAM / _NAME), of_no_machine(PROGRAM)]
    if not (options.deb or options.appimage):
        good.append(packed(PROGRAM))
    if not options.quick:
        good.append(start(PROGRAM / _NAME))
    if options.deb:
        good.append(package())
    if options.appimage:
        good.append(image(head, options.quick))
    return 0 if all(good) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--tried", action="store_true", help="only try what an earlier call built")
    parser.add_argument("--deb", action="store_true", help="make the Debian package, too, and try it in a bare system, as root")
    parser.add_argument("--appimage", action="store_true", help="make the AppImage, too, and try it likewise")
    parser.add_argument("--runtime", type=Path, metavar="FILE", help="AppImage's runtime; without it, it is downloaded")
    parser.add_argument("--runtime-sha256", default="", metavar="HEX", help="of a runtime that is not the pinned one")
    parser.add_argument("--quick", action="store_true", help="do not measure the start")
    return parser.parse_args()


def make() -> None:
    """The folder `PROGRAM`, anew."""
    shutil.rmtree(BUILD, ignore_errors=True)
    tree, python = BUILD / "tree", str(_python())
    export(tree)
    _run("uv", "build", "--quiet", "--wheel", "--out-dir", str(BUILD / "wheel"), str(tree))
    _run("uv", "venv", "--quiet", "--python", sys.executable, str(BUILD / "env"))
    (wheel,) = (BUILD / "wheel").glob("*.whl")
    (BUILD / "pins.txt").write_text("\n".join(pins()), encoding="utf-8")
    install = ("uv", "pip", "install", "--quiet", "--python", python, "--constraint", str(BUILD / "pins.txt"))
    _run(*install, str(wheel), "pyinstaller")
    _run(python, str(tree / "packaging" / "icons.py"), str(BUILD / "icons"))
    needed_first = imported_until_then([str(_python().with_name(_NAME))], bare(""))
    (BUILD / "first.txt").write_text("\n".join(needed_first), encoding="utf-8")
    folders = ("--distpath", str(BUILD / "dist"), "--workpath", str(BUILD / "work"))
    # -P: `app` is the one that was installed, not that of the folder we are in.
    pyinstaller = (python, "-P", "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *folders)
    _run(*pyinstaller, str(tree / "packaging" / "diptych.spec"))
    if sys.platform == "linux":
        strip()


def strip() -> None:
    """Take the symbols out of what is loaded, and the folders of this machine in which it looks for others. In `*.libs` lies
    what was moved by patchelf, which stripping makes unloadable.
    """
    libraries = [one for one in PROGRAM.rglob("*.so*") if one.is_file() and not one.is_symlink()]
    for library in libraries:
        natives.look_beside(library)
    _run("strip", "--strip-unneeded", *(str(one) for one in libraries if not one.parent.name.endswith(".libs")))


def package() -> bool:
    """The Debian package; it is tried where that can be, else that is said."""
    made = deb.build(PROGRAM, version(), epoch(), BUILD)
    found = deb.problems(BUILD / "deb/usr/share")
    told(not found, "desktop", "; ".join(found) or "desktop entry and metainfo are well-formed")
    small = sized("package", made)
    if why := bare_root.lacking():
        return told(False, "installed", f"not tried: {why}")
    return deb.try_it(made) and small and not found


def image(head: bytes, quick: bool) -> bool:
    """The AppImage, likewise. Where FUSE mounts it here its start is told, with no bound: it reads all through FUSE."""
    made = appimage.build(PROGRAM, head, version(), epoch(), BUILD)
    good = [sized("AppImage", made)]
    if not quick and shutil.which("fusermount3"):
        start(made, None)
    why = bare_root.lacking()
    good.append(told(False, "tried", f"not tried: {why}") if why else appimage.try_it(made, PROGRAM))
    return all(good)


def version() -> str:
    """Of what was built, by the name of its wheel."""
    (wheel,) = (BUILD / "wheel").glob("*.whl")
    return wheel.name.split("-")[1]


def epoch() -> int:
    """The seconds of the last commit: what is built of the same has the same times."""
    return int(subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True).stdout)


def _python() -> Path:
    return BUILD / "env" / ("Scripts/python.exe" if _NT else "bin/python")


def pins() -> list[str]:
    """The versions that pyproject.toml pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    constraints: list[str] = project["tool"]["uv"]["constraint-dependencies"]
    return constraints


def _run(*command: str) -> None:
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | _MADE_OF | {"SOURCE_DATE_EPOCH": str(epoch())})


def tried(program: Path) -> bool:
    """What the program says of itself, with an empty home, which must stay empty."""
    with tempfile.TemporaryDirectory(prefix="diptych-home-") as home:
        found = self_test(program, Path(home))
    return found is not None and bool(found["ok"] and found["frozen"]) and not found["left"]


def of_no_machine(program: Path) -> bool:
    """Whether nothing names a folder of the building machine. libpython does: of where it was to be installed it knows from
    its compiler, and a program of PyInstaller's tells it another place.
    """
    folders = [os.fsencode(folder) for folder in natives.folders_here()]
    files = (path for path in program.rglob("*") if path.is_file() and not path.is_symlink())
    naming = sorted(
        path.relative_to(program).as_posix()
        for path in files
        if not path.name.startswith("libpython") and any(folder in path.read_bytes() for folder in folders)
    )
    return told(not naming, "machine", f"named by {', '.join(naming) or 'nothing but libpython'}")


def packed(program: Path) -> bool:
    """Its size as a .tar.xz, which takes a minute, and what makes it up."""
    archive = BUILD / "diptych.tar.xz"
    with tarfile.open(archive, "w:xz") as file:
        file.add(program, "diptych")
    pieces: Counter[str] = Counter()
    for path in program.rglob("*"):
        if path.is_file() and not path.is_symlink():
            inside = path.relative_to(program).parts
            pieces["/".join(inside[1:3] if inside[1:2] == ("PySide6",) else inside[1:2] or inside)] += path.stat().st_size
    sys.stdout.writelines(f"        {size / 1e6:6.1f} MB  {name}\n" for name, size in pieces.most_common(16))
    sys.stdout.write(f"        {pieces.total() / 1e6:6.1f} MB  in all, unpacked\n")
    return sized("size", archive)


def sized(what: str, made: Path) -> bool:
    """Whether what is handed out keeps to its bound."""
    megabytes = made.stat().st_size / 1e6
    return told(megabytes <= MOST_MB, what, f"{made.name}, {megabytes:.1f} MB; at most {MOST_MB:.0f}")


def start(program: Path, most: float | None = MOST_TIMES) -> bool:
    """Its first frame beside the checkout's, whose environment runs this; `most` of it, None: no bound."""
    checkout = Path(sys.executable).with_name(_NAME)
    if not checkout.exists():
        return told(False, "start", f"nothing to compare it with: there is no {checkout}; call this by `uv run`")
    ours, theirs, ratio = compared([str(program)], [str(checkout)], bare(""))
    bound = f"; at most {most}" if most else ""
    said = f"first frame after {ours:.0f} ms, the checkout {theirs:.0f}: {ratio:.2f} times{bound} ({ROUNDS} rounds)"
    return told(not most or ratio <= most, "start", said)


if __name__ == "__main__":
    sys.exit(main())
