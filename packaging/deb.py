"""The `.deb` of a built program, made by `build.py --deb`, and what is put beside the program on any Linux."""

from __future__ import annotations

import platform
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import natives
from bare_root import as_user, bare_root, goes_well

HERE = Path(__file__).resolve().parent
# What the program needs that no library of it names: certificate authorities (OpenSSL's are the system's).
NEEDED_BESIDES = ("ca-certificates",)
RECOMMENDED = ("gnome-keyring | kwalletmanager", "xdg-utils", "libgtk-3-0", "fonts-dejavu-core")
ABOUT = """\
 Diptych sends the same request to two LLM endpoints, such as a relay and the vendor behind it,
 and shows every event with the time when it came, usage, latency, what differs and why.
"""


def build(program: Path, version: str, epoch: int, work: Path) -> Path:
    """The package of the built folder, with the time of what it was built from and the icons of `work`. Returns its path."""
    architecture = _said("dpkg", "--print-architecture").strip()
    tree = work / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(program, tree / "usr", version, epoch, work / "icons")
    notes = tree / "usr/share/doc/diptych"
    notes.mkdir(parents=True)
    (notes / "copyright").write_text(_copyright(), encoding="utf-8")
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    # The program was linked against this machine's C library, and an older one lacks what it asks for.
    needs = [f"libc6 (>= {platform.libc_ver()[1]})", *libraries(program)]
    control = {
        "Package": "diptych", "Version": version, "Architecture": architecture, "Section": "net", "Priority": "optional",
        "Maintainer": "Diptych", "Installed-Size": str(size // 1024), "Depends": ", ".join(needs),
        "Recommends": ", ".join(RECOMMENDED), "Suggests": "fonts-noto-cjk",
        "Description": f"two LLM endpoints side by side, and what differs\n{ABOUT}",
    }  # fmt: skip
    (tree / "DEBIAN").mkdir()
    lines = "\n".join(f"{name}: {said}" for name, said in control.items())
    (tree / "DEBIAN/control").write_text(lines.rstrip() + "\n", encoding="utf-8")
    made = work / f"diptych_{version}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(made)]
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, env={"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": str(epoch)}
    )
    return made


def libraries(program: Path) -> list[str]:
    """The packages that it needs beside the C library."""
    return [*sorted(natives.needed(program) - {"libc6"}), *NEEDED_BESIDES]


def lay_out(program: Path, usr: Path, version: str, epoch: int, icons: Path) -> None:
    """The program and what is beside it, as below `/usr`."""
    shutil.copytree(program, usr / "lib/diptych", symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin/diptych").symlink_to("../lib/diptych/diptych")
    put_beside(usr / "share", version, epoch, icons)


def put_beside(share: Path, version: str, epoch: int, icons: Path) -> None:
    """The desktop entry, the type of `.diptych` files, AppStream's metainfo and the icons, as they lie in `/usr/share`."""
    for name, folder in (("diptych.desktop", "applications"), ("diptych-mime.xml", "mime/packages")):
        (share / folder).mkdir(parents=True)
        shutil.copy(HERE / "linux" / name, share / folder / name.replace("-mime", ""))
    text = (HERE / "linux/diptych.metainfo.xml").read_text(encoding="utf-8")
    day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    (share / "metainfo").mkdir()
    metainfo = share / "metainfo/diptych.metainfo.xml"
    metainfo.write_text(text.replace("@VERSION@", version).replace("@DATE@", day), encoding="utf-8")
    for picture in icons.glob("*.png"):
        to = share / f"icons/hicolor/{picture.stem}x{picture.stem}/apps"
        to.mkdir(parents=True)
        shutil.copy(picture, to / "diptych.png")
    (share / "icons/hicolor/scalable/apps").mkdir(parents=True)
    shutil.copy(HERE.parent / "resources/icons/diptych.svg", share / "icons/hicolor/scalable/apps/diptych.svg")


def problems(share: Path) -> list[str]:
    """What the desktop's own checkers say against the files; a line for a checker that is not here."""
    found = []
    for command in (
        ("desktop-file-validate", str(share / "applications/diptych.desktop")),
        # No domain is ours, under which an id would have to lie.
        ("appstreamcli", "validate", "--no-net", "--override=cid-desktopapp-is-not-rdns=info",
         str(share / "metainfo/diptych.metainfo.xml")),
    ):  # fmt: skip
        if not shutil.which(command[0]):
            found.append(f"{command[0]} is not installed: nothing was checked by it")
            continue
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found += done.stdout.splitlines() if done.returncode else []
    return found


def try_it(deb: Path) -> bool:
    """Install it by apt in a bare system, let it test itself there as a user, open a run's file by its type, and remove it."""
    with bare_root() as root:
        shutil.copy(deb, root / "tmp")
        # A desktop has them: with them the type of a file is found, and the program that opens it.
        desktop = ("shared-mime-info", "desktop-file-utils", "libglib2.0-bin")
        install = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends")
        kind = "application/x-diptych-run"
        inside = (
            ("apt-get", "update", "-qq"),
            (*install, f"/tmp/{deb.name}"),
            ("sh", "-c", "! command -v python3"),
            as_user("diptych --self-test && diptych --version && diptych --demo | tail -n 3"),
            (*install, *desktop),
            as_user(f"printf DIPTYCH1 > no_ending && printf x > x.diptych && for one in no_ending x.diptych; do"
                    f" gio info -a standard::content-type $one | grep -w {kind} || exit 1; done"),
            as_user(f"gio mime {kind} | grep -m 1 -w diptych.desktop"),
            as_user("ls -A"),
            ("apt-get", "remove", "-y", "-qq", "diptych"),
            ("sh", "-c", "! ls /usr/lib/diptych /usr/bin/diptych 2>/dev/null"),
            ("sh", "-c", "! find /usr -name '*diptych*' | grep ."),
        )  # fmt: skip
        return goes_well(root, inside)


def _copyright() -> str:
    licence = (HERE.parent / "LICENSE").read_text(encoding="utf-8")
    return f"Diptych:\n\n{licence}\nWhat is bundled with it, each with its licence and text: Help > About Diptych > Licences.\n"


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
