"""Our files: a crash leaves the old one or the new one, broken ones are kept, newer ones are left alone."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.files import StoreError, TomlFile, config_folder, data_folder, set_aside, why_not_written, write_atomically

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX modes and signals")

CRASHING_WRITER = """
import os, sys
from pathlib import Path
from app.store.files import write_atomically

def pieces():
    yield b"new" * 100_000
    print("half", flush=True)
    sys.stdin.read()  # the test kills us here
    yield b"never"

write_atomically(Path(sys.argv[1]), pieces())
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_killed_in_mid_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with subprocess.Popen(
        [sys.executable, "-c", CRASHING_WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"half\n"
        child.send_signal(signal.SIGKILL)
    assert path.read_bytes() == b"old"
    (left_behind,) = set(tmp_path.iterdir()) - {path}
    write_atomically(path, [b"2"])
    assert left_behind.exists(), "it may still be written"
    os.utime(left_behind, (0, 0))
    (tmp_path / ".file.of-another.tmp").touch()
    os.utime(tmp_path / ".file.of-another.tmp", (0, 0))
    write_atomically(path, [b"3"])
    assert {one.name for one in tmp_path.iterdir()} == {"file", ".file.of-another.tmp"}


@posix
@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "link", "socket"])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file"
    with socket.socket(socket.AF_UNIX) as bound:
        if kind == "folder":
            path.mkdir()
        elif kind == "socket":
            bound.bind(str(path))
        else:
            os.mkfifo(tmp_path / "pipe")
            path.symlink_to("/dev/null" if kind == "device" else tmp_path / "pipe")
        before = path.stat()
        named = "a pipe" if kind == "link" else f"a {kind}"
        assert named in why_not_written(path)
        with pytest.raises(OSError, match=named):
            write_atomically(path, [b"new"])
        after = path.stat()
    assert (before.st_ino, before.st_mode, before.st_rdev) == (after.st_ino, after.st_mode, after.st_rdev)
    assert not [one for one in tmp_path.iterdir() if one.name.endswith(".tmp")]


def test_where_a_file_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "new")
    (tmp_path / "lost").symlink_to(tmp_path / "none" / "new")
    assert [why_not_written(tmp_path / name) for name in ("old", "new", "dangling")] == ["", "", ""]
    for name in ("none/new", "lost"):
        assert "there is no folder" in why_not_written(tmp_path / name)


def test_a_writer_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"new"
        raise RuntimeError("the source broke")

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        write_atomically(path, pieces())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_only_the_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.toml"
    path.parent.parent.chmod(0o755)
    before = os.umask(0)
    try:
        TomlFile(path, 1).write({"a": 1})
    finally:
        os.umask(before)
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_atomically(link, [b"new"])
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_broken_files_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    asides = []
    for number in range(3):
        path.write_text(f"broken {number}")
        asides.append(set_aside(path))
    assert [aside.read_text() for aside in asides] == ["broken 0", "broken 1", "broken 2"]
    assert all(aside.name.startswith("f.toml.broken-") for aside in asides)


@pytest.mark.parametrize("content", [b"a = ", b"\xff\xfe", b'version = "1"', b"version = 0", b"version = true"])
def test_a_broken_file_is_set_aside_and_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.toml"
    path.write_bytes(content)
    file = TomlFile(path, 1)
    assert file.read() == {}
    aside = next(tmp_path.glob("f.toml.broken-*"))
    assert aside.read_bytes() == content
    assert aside.name in file.problem
    assert not path.exists()
    file.write({"a": 1})
    assert aside.read_bytes() == content


def test_a_newer_file_is_read_only(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    path.write_text('version = 9\na = "b"\n')
    file = TomlFile(path, 1)
    assert file.read() == {"a": "b"}
    assert "newer Diptych" in file.problem
    with pytest.raises(StoreError, match="newer Diptych"):
        file.write({})
    file.reject("any reason")
    assert path.read_text() == 'version = 9\na = "b"\n'


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_left_alone(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "f.toml"
    if kind == "folder":
        path.mkdir()
    elif hasattr(os, "mkfifo"):
        os.mkfifo(path)
    else:
        pytest.skip("no pipes with names here")
    file = TomlFile(path, 1)
    assert file.read() == {}
    assert file.read_only
    with pytest.raises(StoreError, match="can't be read"):
        file.write({})


def test_a_folder_that_can_not_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="can't be written"):
        TomlFile(tmp_path / "file" / "f.toml", 1).write({})


def test_folders_follow_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIPTYCH_CONFIG_DIR", str(tmp_path / "here"))
    assert config_folder() == tmp_path / "here"
    assert data_folder() == tmp_path / "here" / "data"
    monkeypatch.delenv("DIPTYCH_CONFIG_DIR")
    assert config_folder().name == "diptych"
    assert data_folder().name == "diptych"


FULL_DISK = """
import os, resource, signal, sys
from pathlib import Path
from app.recording.records import Envelope, Opened, ProfileNote, Request, RunOpened
from app.recording.recording import Recording
from app.store.files import StoreError, TomlFile
from app.store.journal import Journal
from app.store.run_file import save_run

folder = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
envelope = Envelope("openai-chat", ProfileNote("x", "", "openai-chat"))
recording = Recording(envelope, Request("POST", "http://x", body=os.urandom(100_000)))
opened = RunOpened("1", "2026", "0", "streaming")
for write in (
    lambda: TomlFile(folder / "profiles.toml", 1).write({"a": "x" * 100_000}),
    lambda: save_run(folder / "run.diptych", opened, [recording]),
):
    try:
        write()
    except StoreError as error:
        print(error)
run = Journal(folder / "journal").open_run(opened)
run.append(1, Opened(envelope, recording.request))
run.append(1, Opened(envelope, recording.request))
print(run.problem)
run.finish()
"""


@posix
def test_a_full_disk_is_said_and_leaves_what_was_there(tmp_path: Path) -> None:
    for name in ("profiles.toml", "run.diptych"):
        (tmp_path / name).write_bytes(b"old")
    # Without -B the compiled code of each module that is first imported there would be cut at the limit too, and kept.
    done = subprocess.run([sys.executable, "-B", "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()
    assert [line.partition(" can't be written: ")[2] for line in said] == ["File too large."] * 3
    assert {path.name for path in tmp_path.iterdir()} == {"profiles.toml", "run.diptych", "journal"}
    assert {path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == {b"old"}


@pytest.mark.parametrize(("age_s", "stays"), [(3_590, True), (3_610, False)])
def test_a_temporary_file_of_ours_that_nobody_wrote_for_an_hour_is_removed(tmp_path: Path, age_s: int, stays: bool) -> None:
    left, other = tmp_path / ".a.toml.x1y2z3_4.tmp", tmp_path / ".b.toml.x1y2z3_4.tmp"
    for one in (left, other):
        one.touch()
        os.utime(one, (time.time() - age_s,) * 2)
    write_atomically(tmp_path / "a.toml", [b"new"])
    assert left.exists() is stays
    assert other.exists()


@pytest.mark.parametrize(
    ("more", "why"), [(0, "It was kept as"), (1, "it is longer than 16777216 bytes. Nothing will be written")]
)
def test_settings_of_more_than_16_megabytes_are_left_alone(tmp_path: Path, more: int, why: str) -> None:
    """Of up to as much it is looked what they are: zeros, which are set aside as broken."""
    path = tmp_path / "settings.toml"
    with path.open("wb") as made:
        made.truncate((16 << 20) + more)
    file = TomlFile(path, 1)
    assert file.read() == {}
    assert why in file.problem
    assert path.exists() is bool(more)
