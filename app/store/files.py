"""Diptych's own files: their folders, writing them atomically, and setting broken ones aside."""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from app.store.locks import locked
from app.text.sentences import message, tr
from app.text.system_words import system_words

CONFIG_VARIABLE = "DIPTYCH_CONFIG_DIR"
MAX_TOML_BYTES = 16 << 20
_LEFT_BEHIND_S = 3600.0  # a temporary file without a write for so long was abandoned


class StoreError(Exception):
    """A file could not be written; the text is a sentence for the user."""


def config_folder() -> Path:
    """Where profiles and settings live: `DIPTYCH_CONFIG_DIR` (tests, `--portable`), else the platform's folder."""
    if override := os.environ.get(CONFIG_VARIABLE):
        return Path(override)
    from platformdirs import user_config_path

    return user_config_path("diptych", appauthor=False)


def data_folder() -> Path:
    """Where runs live. With `DIPTYCH_CONFIG_DIR` set, its subfolder `data`."""
    if override := os.environ.get(CONFIG_VARIABLE):
        return Path(override) / "data"
    from platformdirs import user_data_path

    return user_data_path("diptych", appauthor=False)


def private_folder(folder: Path) -> Path:
    """Create the folder for its owner alone (0700). One that exists keeps its mode: it may be shared on purpose."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_atomically(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that its owner alone may read (0600), so that a crash leaves the old file or the new one, never half of one.

    The pieces go to a temporary file in the same folder, which takes the name once it is on the disk. Where `path` is a link,
    the file it points to is replaced. Raises OSError, also where there is something that is no regular file, such as a device
    or a pipe; what was there is then untouched and the temporary file gone. What an earlier save left behind because it was
    killed is removed.
    """
    import tempfile

    if why := why_not_written(path):
        raise OSError(why)
    target = Path(os.path.realpath(path))
    _remove_left_behind(target)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with open(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
    _sync_folder(target.parent)


def why_not_written(path: Path) -> str:
    """Why no file can be written there, as a clause; "" where nothing is known against it. Nothing is opened or written."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        folder = Path(os.path.realpath(path)).parent
        if not folder.is_dir():
            return tr("there is no folder {folder}", folder=folder)
        return "" if os.access(folder, os.W_OK) else tr("nothing can be written in the folder {folder}", folder=folder)
    except OSError as error:
        return system_words(error)
    if stat.S_ISREG(mode):
        return ""
    return next(
        (tr("it is {kind}, no file", kind=tr(name)) for is_kind, name in _KINDS if is_kind(mode)), tr("it is no regular file")
    )


_KINDS = (
    (stat.S_ISDIR, message("a folder")),
    (stat.S_ISFIFO, message("a pipe")),
    (stat.S_ISSOCK, message("a socket")),
    (stat.S_ISCHR, message("a device")),
    (stat.S_ISBLK, message("a device")),
)


def _remove_left_behind(target: Path) -> None:
    ours = re.compile(rf"\.{re.escape(target.name)}\.[a-z0-9_]{{8}}\.tmp")  # as mkstemp names them
    with suppress(OSError), os.scandir(target.parent) as entries:  # the saving itself will say what is wrong with the folder
        for entry in entries:
            if ours.fullmatch(entry.name) and time.time() - entry.stat(follow_symlinks=False).st_mtime > _LEFT_BEHIND_S:
                os.unlink(entry.path)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable as well. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some network file systems refuse to sync a folder; the file itself is synced
        pass
    finally:
        os.close(handle)


def set_aside(path: Path) -> Path:
    """Rename a broken file to `NAME.broken-<UTC stamp>`, never over an earlier one. Raises OSError."""
    from datetime import UTC, datetime

    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    number = 1
    while True:
        suffix = stamp if number == 1 else f"{stamp}-{number}"
        aside = path.with_name(f"{path.name}.broken-{suffix}")
        try:
            os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # reserves the name
        except FileExistsError:
            number += 1
            continue
        os.replace(path, aside)
        return aside


def read_regular(path: Path, max_bytes: int) -> bytes:
    """The bytes of a regular file. Raises OSError, also for folders, devices, pipes and files that are too long."""
    return b"".join(read_pieces(path, max_bytes))


def read_pieces(path: Path, max_bytes: int, piece_bytes: int = 1 << 21) -> Iterator[bytes]:
    """The same in pieces."""
    with open(path, "rb", opener=_open_without_waiting, buffering=0) as file:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise OSError(tr("it is not a regular file"))
        if info.st_size > max_bytes:
            raise OSError(tr("it is longer than {max_bytes} bytes", max_bytes=max_bytes))
        while piece := file.read(piece_bytes):
            yield piece


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # opening a pipe without a writer would wait for ever


class TomlFile:
    """A versioned TOML file of ours.

    Attributes:
        path: where it is.
        problem: a sentence for the user when something is wrong with the file, else "".
        read_only: True where writing would lose what we could not read: a newer version, or no permission.
    """

    def __init__(self, path: Path, version: int, heading: str = "") -> None:
        self.path = path
        self.problem = ""
        self.read_only = False
        self._version = version
        self._heading = "".join(f"# {line}\n" for line in heading.splitlines())
        self._seen: tuple[int, int, int] | None = None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other Diptych from changing the file: between what is read and what is written nothing may come.

        Raises StoreError.
        """
        with suppress(OSError):  # the writing will say what is wrong with the folder
            private_folder(self.path.parent)
        try:
            with locked(self.path.with_name(f".{self.path.name}.lock")):
                yield
        except TimeoutError as error:
            raise StoreError(
                tr("{path} is in use by another Diptych. Nothing was saved: try it again.", path=self.path)
            ) from error

    def changed(self) -> bool:
        """Whether the file on the disk is another one than that read or written last."""
        return self._stamp() != self._seen

    def read(self) -> dict[str, object]:
        """The file's table, {} where there is none. Never raises: a broken file is set aside and named in `problem`."""
        self.problem, self.read_only = "", False
        self._seen = self._stamp()
        try:
            text = read_regular(self.path, MAX_TOML_BYTES).decode("utf-8-sig")
            import tomllib  # at a first start there is nothing to read, and the window is waited for

            table = tomllib.loads(text)
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.read_only = True
            self.problem = tr(
                "{path} can't be read: {error}. Nothing will be written to it.", path=self.path, error=system_words(error)
            )
            return {}
        except (ValueError, RecursionError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
            self.reject(str(error) or type(error).__name__)
            return {}
        return self._check_version(table)

    def _check_version(self, table: dict[str, object]) -> dict[str, object]:
        version = table.pop("version", self._version)
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            self.reject(tr("its version is not a number from 1"))
            return {}
        if version > self._version:
            self.read_only = True
            self.problem = tr(
                "{path} was written by a newer Diptych (version {version}, this one knows {known}). It is left as it"
                " is: changes made here are not saved.",
                path=self.path,
                version=version,
                known=self._version,
            )
        return table

    def reject(self, why: str) -> None:
        """Set the file aside as broken and say so. A newer version's file is never touched."""
        if self.read_only:
            return
        try:
            aside = set_aside(self.path)
        except OSError as error:
            self.read_only = True
            self.problem = tr(
                "{path} can't be used ({why}) and can't be renamed ({strerror}): it is left as it is.",
                path=self.path,
                why=why,
                strerror=system_words(error),
            )
            return
        self._seen = None
        self.problem = tr("{path} can't be used: {why}. It was kept as {name}.", path=self.path, why=why, name=aside.name)

    def write(self, table: Mapping[str, object]) -> None:
        """Write the table atomically. What a person wrote into the file is kept, comments too. Raises StoreError."""
        from app.store.toml_text import rewritten  # not before something is saved

        if self.read_only:
            raise StoreError(self.problem)
        text = rewritten(self._read_again(), {"version": self._version, **table}, self._heading)
        try:
            private_folder(self.path.parent)
            write_atomically(self.path, [text.encode()])
        except OSError as error:
            raise StoreError(tr("{path} can't be written: {error}.", path=self.path, error=system_words(error))) from error
        self._seen = self._stamp()

    def _read_again(self) -> str:
        """The text of the file, "" where there is none that could be kept."""
        try:
            return read_regular(self.path, MAX_TOML_BYTES).decode("utf-8-sig")
        except (OSError, ValueError):
            return ""

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            info = self.path.stat()
        except OSError:
            return None
        return info.st_mtime_ns, info.st_size, info.st_ino
