"""Whether the wheel and the sdist hold what they must and nothing else: `python packaging/check_wheel.py`, with uv on the PATH.

Both are built from what git has, compared to it, and the wheel is installed by pip into a fresh environment with an empty
home, where `diptych --self-test` must find everything. Needs the package index; a minute.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

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
        wrong = compare(wheel.name, of_wheel(wheel), {one for one in tracked if one.startswith(IN_WHEEL)})
        wrong += compare(sdist.name, of_sdist(sdist), tracked | {_MADE})
        for line in wrong:
            sys.stdout.write(f"{line}\n")
        for built in (wheel, sdist):
            sys.stdout.write(f"{built.name}: {built.stat().st_size / 1e6:.1f} MB\n")
        return 1 if wrong else install(wheel, folder)


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
    environment = {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8"}
    if os.name == "nt":
        environment = os.environ | {"USERPROFILE": str(home), "APPDATA": str(home), "LOCALAPPDATA": str(home)}
    done = subprocess.run(
        [str(binaries / "diptych"), "--self-test", "--json"],
        cwd=home, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    sys.stderr.write(done.stderr)
    if not done.stdout:
        return 1
    for part in json.loads(done.stdout)["parts"]:
        sys.stdout.write(f"{'ok    ' if part['ok'] else 'FAILED'}  {part['name']:<12}{part['found']}\n")
    left = sorted(path.relative_to(home).as_posix() for path in home.rglob("*"))
    sys.stdout.write(f"left in the empty home: {', '.join(left) or 'nothing'}\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
