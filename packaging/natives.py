"""What of a built program is no Python package: which of the system's packages it was taken from, and which it still needs.

Debian's tools tell it (dpkg, ldconfig, objdump); elsewhere only Python, Qt and what PyInstaller puts in are known.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

HERE = Path(__file__).resolve().parent
_OPTIONAL = ("platformthemes/libqgtk3.so", "wayland")  # Qt goes on without a plugin whose libraries are not there
_QT_SAYS = (
    "Qt is used under the GNU LGPL 3, as it was built by its makers for PySide6. Its libraries lie beside the program as files"
    " of their own and can be exchanged. The sources, and the licences of what Qt itself is made of:\n"
    "https://download.qt.io/official_releases/QtForPython/pyside6/\nhttps://doc.qt.io/qt-6/licenses-used-in-qt.html"
)

# Of what starts the program; the exception lets it be put into programs of any licence.
_OF_LOADER = "GPL-2.0-or-later WITH Bootloader-exception"


def notes(taken: Iterable[str]) -> list[dict[str, str]]:
    """Each as `app.licences.Component`: Python, Qt, what PyInstaller puts in of its own, and the system's packages in which
    the libraries of these names lie. To be called in the environment of which the program is built.
    """
    licence = Path(sysconfig.get_path("stdlib"), "LICENSE.txt")
    python = licence.read_text(encoding="utf-8") if licence.exists() else ""
    texts = [
        _QT_SAYS,
        *(path.read_text(encoding="utf-8") for path in sorted((HERE / "licences").glob("*-3.0.txt"), reverse=True)),
    ]
    qt, loader = distribution("PySide6-Essentials"), distribution("pyinstaller")
    loaders = "\n\n".join(one.read_text(encoding="utf-8") for one in loader.files or [] if one.name == "COPYING.txt")
    return [
        {"name": "Python", "version": platform.python_version(), "licence": "PSF-2.0", "text": python},
        {"name": "Qt", "version": qt.version, "licence": "LGPL-3.0-only", "text": "\n\n".join(texts)},
        {"name": "PyInstaller", "version": loader.version, "licence": _OF_LOADER, "text": loaders},
        *(_taken(package) for package in sorted(packages_of(taken))),
    ]


def needed(program: Path) -> set[str]:
    """Debian's packages without which something of the program can't be loaded, by what its libraries name."""
    own = {path.name for path in program.rglob("*.so*")}
    wanted: set[str] = set()
    for path in program.rglob("*"):
        loaded = path.is_file() and not path.is_symlink() and (path.name == "diptych" or ".so" in path.name)
        if loaded and not any(one in path.as_posix() for one in _OPTIONAL):
            wanted |= set(re.findall(r"NEEDED\s+(\S+)", _said("objdump", "-p", str(path))))
    return packages_of(wanted - own)


def folders_here() -> set[str]:
    """The folders of this machine alone that what was built may name: the checkout, and where its Python lies."""
    return {str(HERE.parent), sys.base_prefix} - {"/usr", "/usr/local"}


def look_beside(library: Path) -> None:
    """Have a library look for others beside itself where it names a folder of the machine that compiled it (RUNPATH): where it
    is installed anyone's files may lie there. Exits where that can't be told from other text of it.
    """
    for found in re.findall(r"R(?:UN)?PATH\s+(\S+)", _said("objdump", "-p", str(library))):
        places = [place for place in found.split(":") if place.startswith("$ORIGIN")]
        if ":".join(places) == found:
            continue
        old, new = (f"\0{one}\0".encode() for one in (found, ":".join(places) or "$ORIGIN"))
        data = library.read_bytes()
        if len(new) > len(old) or data.count(old) != 1:
            sys.exit(f"natives.py: {library} looks for libraries in {found}, which can't be taken out of it")
        library.write_bytes(data.replace(old, new.ljust(len(old), b"\0")))


def packages_of(names: Iterable[str]) -> set[str]:
    """The packages in which libraries of these names lie, as the loader would find them; what is in none is left out.
    None where there is no dpkg.
    """
    if not shutil.which("dpkg"):
        return set()
    cached = dict(re.findall(r"^\s+(\S+) \(.*x86-64.*\) => (\S+)$", _said("ldconfig", "-p"), re.MULTILINE))
    return {package for name in names if name in cached and (package := _package(Path(cached[name])))}


def _package(path: Path) -> str:
    """Debian notes a file by the path that it had before /lib became a link to /usr/lib."""
    for one in (path, path.resolve(), Path(str(path.resolve()).removeprefix("/usr")), Path("/usr", *path.parts[1:])):
        if found := _said("dpkg", "-S", str(one)):
            return found.partition(":")[0]
    return ""


def _taken(package: str) -> dict[str, str]:
    copyright_ = Path("/usr/share/doc", package, "copyright")
    text = copyright_.read_text(encoding="utf-8", errors="replace") if copyright_.exists() else ""
    # Those of the packaging and of tests among them: where they are many, only the text tells which is whose.
    names = list(dict.fromkeys(re.findall(r"^License: *([^\n]+)", text, re.MULTILINE)))
    version = _said("dpkg-query", "-W", "-f", "${Version}", package)
    return {"name": package, "version": version, "licence": ", ".join(names) if len(names) <= 2 else "", "text": text}


def _said(*command: str) -> str:
    """What it wrote; "" where it failed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if not done.returncode else ""
