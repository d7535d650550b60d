"""Whether the wheel and the sdist hold what they must and nothing else: `python packaging/check_wheel.py`, with uv on the PATH.

Both are built from what git has and compared to it, the wheel without what pyproject.toml leaves out of it. The wheel is
installed by pip into a fresh environment with an empty home, where `diptych --self-test` must find everything. Needs the
package index; a minute.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IN_WHEEL = ("app/", "ui/", "resources/")
_MADE = "PKG-INFO"  # the sdist's own, beside what git has


def main() -> int:
    """0 where all is as it should be; else what is not, a line each."""
    with tempfile.TemporaryDirectory(prefix="diptych-wheel-") as name:
        folder = Path(name)
        source = folder / "tree"
        export(source)
        subprocess.run(["uv", "build", "--quiet", "--out-dir", str(folder / "dist"), str(source)], check=True)
        (wheel,) = (folder / "dist").glob("*.whl")
        (sdist,) = (folder / "dist").glob("*.tar.gz")
        tracked = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
        wrong = compare(wheel.name, of_wheel(wheel), {one for one in tracked if one.startswith(IN_WHEEL) and not left_out(one)})
        wrong += compare(sdist.name, of_sdist(sdist), tracked | {_MADE})
        for line in wrong:
            sys.stdout.write(f"{line}\n")
        for built in (wheel, sdist):
            sys.stdout.write(f"{built.name}: {built.stat().st_size / 1e6:.1f} MB\n")
        return 1 if wrong else install(wheel, folder)


def left_out(path: str) -> bool:
    """Whether pyproject.toml keeps it out of the wheel."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return any(fnmatch(path, one) for one in project["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"])


def export(to: Path) -> None:
    """The files that git has, as they are now, without what happens to lie beside them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes((ROOT / name).read_bytes())


def of_wheel(path: Path) -> set[str]:
    """Its files, without the metadata of the installation."""
    with zipfile.ZipFile(path) as wheel:
        return {one for one in wheel.namelist() if ".dist-info/" not in one and not one.endswith("/")}


def of_sdist(path: Path) -> set[str]:
    """Its files, without the folder that all lie in."""
    with tarfile.open(path) as sdist:
        return {one.name.partition("/")[2] for one in sdist.getmembers() if one.isfile()}


def compare(name: str, has: set[str], wanted: set[str]) -> list[str]:
    """A line for each file that is missing, or too many."""
    return [f"{name} lacks {one}" for one in sorted(wanted - has)] + [f"{name} has {one}" for one in sorted(has - wanted)]


def install(wheel: Path, folder: Path) -> int:
    """By pip, as a user does; then the self-test, from a folder where nothing of the checkout is. Its exit code."""
    home = folder / "home"
    home.mkdir()
    venv.create(folder / "venv", with_pip=True)
    binaries = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([str(binaries / "python"), "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    found = self_test(binaries / "diptych", home)
    return 0 if found is not None and found["ok"] else 1


def bare(home: str) -> dict[str, str]:
    """The environment of someone who has nothing: no Python, no settings, no screen."""
    if os.name == "nt":
        return os.environ | {"USERPROFILE": home, "APPDATA": home, "LOCALAPPDATA": home}
    return {"PATH": os.defpath, "HOME": home, "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}


def self_test(program: Path, home: Path) -> dict[str, Any] | None:
    """What an installed Diptych says of itself, with an empty home, a line a part; None where it says nothing. `left` is what
    it left in the home.
    """
    done = subprocess.run(
        [str(program), "--self-test", "--json"],
        cwd=home, env=bare(str(home)), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    sys.stderr.write(done.stderr)
    if not done.stdout:
        told(False, "self-test", f"it said nothing and ended with code {done.returncode}")
        return None
    found: dict[str, Any] = json.loads(done.stdout)
    for part in found["parts"]:
        told(part["ok"], part["name"], part["found"])
    found["left"] = sorted(path.relative_to(home).as_posix() for path in home.rglob("*"))
    told(not found["left"], "home", f"left in the empty home: {', '.join(found['left']) or 'nothing'}")
    return found


def told(good: bool, name: str, said: str) -> bool:
    """Print a line of what was tried; whether it was good."""
    sys.stdout.write(f"{'ok    ' if good else 'FAILED'}  {name:<12}{said}\n")
    sys.stdout.flush()
    return good


if __name__ == "__main__":
    sys.exit(main())
