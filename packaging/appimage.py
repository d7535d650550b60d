"""The AppImage of a built program, made by `build.py --appimage`: one file that is a program for any Linux of our age.

It is AppImage's runtime, a small program that mounts what lies behind it (or unpacks it, where it is told to), and behind
it a squashfs of the folder. mksquashfs makes that; appimagetool does no more.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import deb
from bare_root import as_user, bare_root, goes_well

HERE = Path(__file__).resolve().parent
RELEASE = "20251108"
AT = "https://github.com/AppImage/type2-runtime/releases/download"
# Of the release's `runtime-MACHINE`. A newer one is a line here, with its RELEASE.
SHA256 = {
    "x86_64": "2fca8b443c92510f1483a883f60061ad09b46b978b2631c807cd873a47ec260d",
    "aarch64": "00cbdfcf917cc6c0ff6d3347d59e0ca1f7f45a6df1a428a0d6d8a78664d87444",
}


def runtime(file: Path | None, sha256: str) -> bytes:
    """That of the release, by download or out of `file`; `sha256` is of another that is wanted instead, "" of none.

    Exits with what is wrong: no such file, no download, not the one that is pinned.
    """
    machine = os.uname().machine
    if not (wanted := sha256 or SHA256.get(machine, "")):
        sys.exit(f"appimage.py: no runtime is pinned for {machine}: give one by --runtime with its --runtime-sha256")
    source = f"{AT}/{RELEASE}/runtime-{machine}"
    try:
        if file is None:
            with urllib.request.urlopen(source, timeout=60) as answer:
                found: bytes = answer.read()
        else:
            found = file.read_bytes()
    except OSError as error:
        sys.exit(f"appimage.py: the runtime, {file or source}, can't be read ({error}); --runtime takes it from a file")
    if (got := hashlib.sha256(found).hexdigest()) != wanted:
        sys.exit(f"appimage.py: {file or source} has the SHA-256 {got}; wanted is {wanted} (--runtime-sha256 for another)")
    return found


def build(program: Path, head: bytes, version: str, epoch: int, work: Path) -> Path:
    """The AppImage of the built folder behind that runtime, with the icons of `work`. Returns its path."""
    tree = work / "AppDir"
    shutil.rmtree(tree, ignore_errors=True)
    deb.lay_out(program, tree / "usr", version, epoch, work / "icons")
    noted = tree / "usr/lib/diptych/_internal/resources/bundled.json"
    noted.write_text(json.dumps([*json.loads(noted.read_text(encoding="utf-8")), _note()]), encoding="utf-8")
    (tree / "AppRun").symlink_to("usr/bin/diptych")
    for name in ("applications/diptych.desktop", "icons/hicolor/256x256/apps/diptych.png"):
        shutil.copy(tree / "usr/share" / name, tree)
    (tree / ".DirIcon").symlink_to("diptych.png")
    packed = work / "AppDir.squashfs"
    options = ("-noappend", "-no-progress", "-quiet", "-root-owned", "-comp", "zstd", "-Xcompression-level", "15")
    subprocess.run(
        ["mksquashfs", str(tree), str(packed), *options], check=True, env=os.environ | {"SOURCE_DATE_EPOCH": str(epoch)}
    )
    made = work / f"diptych-{version}-{os.uname().machine}.AppImage"
    made.write_bytes(head + packed.read_bytes())
    made.chmod(0o755)
    packed.unlink()
    return made


def try_it(image: Path, program: Path) -> bool:
    """Start it as a user of a bare system that has the libraries which the .deb asks for; where FUSE is, mounted, too."""
    fuse = Path("/dev/fuse").exists()
    with bare_root(*deb.libraries(program), *(["fuse3"] if fuse else [])) as root:
        here = root / "home/someone" / image.name
        shutil.copy(image, here)
        unpacked = f"./{image.name} --appimage-extract-and-run"
        inside = [
            ("sh", "-c", "! command -v python3"),
            as_user(f"{unpacked} --self-test && {unpacked} --demo | tail -n 3"),
            as_user(f"{unpacked} --portable --version && rmdir diptych-portable && ls -A /tmp . "),
        ]
        if fuse:
            inside += [
                ("sh", "-c", "test -e /dev/fuse || mknod -m 666 /dev/fuse c 10 229"),
                as_user(f"./{image.name} --self-test && ./{image.name} --demo | tail -n 3"),
            ]
        return goes_well(root, inside)


def _note() -> dict[str, str]:
    """The runtime, as an `app.licences.Component`."""
    texts = [(HERE / "licences" / name).read_text(encoding="utf-8") for name in ("appimage-runtime.txt", "LGPL-2.1.txt")]
    return {"name": "AppImage runtime", "version": RELEASE, "licence": "MIT, LGPL-2.1", "text": "\n\n".join(texts)}
