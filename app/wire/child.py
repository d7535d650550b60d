"""Starts the wire process and talks to it: the parent's ends of its two pipes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from app.child_process import PROCESS_VARIABLES
from app.recording.records import Record, RunFileError
from app.recording.run_format import FrameReader
from app.wire.commands import Command, pack_command
from app.wire.pipes import PipeWriter

HIDDEN_SUBCOMMAND = "_wire"
_READ_BYTES = 1 << 18
_ENDING_S = 3.0
# Only the variables that a network program needs, by their full names: any other may hold a key.
_KEPT_VARIABLES = {
    "HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF", "RES_OPTIONS", "LOCALDOMAIN", "HOSTALIASES",
    "USERPROFILE", "APPDATA", "LOCALAPPDATA", "COMSPEC",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD",
    "XDG_CURRENT_DESKTOP", "XDG_CONFIG_HOME", "XDG_DATA_DIRS", "XDG_RUNTIME_DIR",  # of `app.wire.desktop_proxy`
} | PROCESS_VARIABLES  # fmt: skip

Frames = list[tuple[int, Record]]


class WireChild:
    """A wire process.

    Attributes:
        pid: its process id.
        alive: False once its frames have ended.
    """

    def __init__(self, take: Callable[[Frames], None], ended: Callable[[WireChild, str], None]) -> None:
        """Starts it. `take` and `ended` (with how it ended) are called from a thread. Raises OSError."""
        self._take = take
        self._ended = ended
        self._gone: Callable[[], object] = lambda: None
        self.alive = True
        command_read, command_write = os.pipe()
        frame_read, frame_write = os.pipe()
        try:
            self._process = _spawn(command_read, frame_write)
        except BaseException:
            os.close(command_write)
            os.close(frame_read)
            raise
        finally:
            os.close(command_read)
            os.close(frame_write)
        self._writer = PipeWriter(command_write, "wire-commands")
        self._reader = threading.Thread(target=self._read, args=(frame_read,), name="wire-frames", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, command: Command) -> None:
        """Queue a command. It is lost if the process has ended, of which `ended` is told."""
        self._writer.send(pack_command(command))

    def close(self, gone: Callable[[], object]) -> None:
        """Ask it to end, without waiting: `gone` is called from the thread after `ended`, or at once if it has ended."""
        self._gone = gone
        self._writer.close()
        if not self.alive:
            gone()

    def kill(self) -> None:
        """Kill it, whatever it is doing."""
        self._process.kill()

    def join(self) -> None:
        """Wait for its threads; takes no time once `ended` was called."""
        self._writer.close()
        self._writer.join(_ENDING_S)
        self._reader.join(_ENDING_S)

    def _read(self, fd: int) -> None:
        why = ""
        try:
            why = self._read_frames(fd)
        finally:
            self.alive = False
            os.close(fd)
            self._writer.close()
            self._ended(self, why or self._wait())
            with suppress(RuntimeError):  # the loop that waited for this is closed
                self._gone()

    def _read_frames(self, fd: int) -> str:
        """Read until the pipe ends; returns why reading had to stop, "" for the end of the pipe."""
        reader = FrameReader()
        while data := os.read(fd, _READ_BYTES):
            try:
                frames = list(reader.feed(data))
            except RunFileError as error:
                self.kill()
                self._wait()
                return f"the wire process sent something that is no frame: {error}"
            if frames:
                self._take(frames)
        return ""

    def _wait(self) -> str:
        """Collect the process; returns how it ended."""
        with suppress(subprocess.TimeoutExpired):
            return _ending(self._process.wait(_ENDING_S))
        self._process.kill()
        return _ending(self._process.wait())


def _ending(code: int) -> str:
    how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"the wire process {how}"


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What of the environment the wire process gets: no variable that could hold a key."""
    return {name: value for name, value in environ.items() if name.upper() in _KEPT_VARIABLES}


def _command(*pipes: int) -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, HIDDEN_SUBCOMMAND, *map(str, pipes)]
    # -P: the folder we were started in may hold another package of the name `app`.
    return [sys.executable, "-P", "-m", "app.wire.process", *map(str, pipes)]


def _spawn(command_read: int, frame_write: int) -> subprocess.Popen[bytes]:
    """Start it with these two pipes; nothing else is inherited, and what it may print is discarded."""
    environ = child_environment(os.environ)
    nowhere = subprocess.DEVNULL
    if sys.platform != "win32":
        command = _command(command_read, frame_write)
        return subprocess.Popen(
            command, stdin=nowhere, stdout=nowhere, stderr=nowhere, env=environ, pass_fds=(command_read, frame_write)
        )
    import msvcrt

    handles = [msvcrt.get_osfhandle(fd) for fd in (command_read, frame_write)]
    for handle in handles:
        os.set_handle_inheritable(handle, True)
    startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles})
    return subprocess.Popen(
        _command(*handles), stdin=nowhere, stdout=nowhere, stderr=nowhere, env=environ, startupinfo=startup,
        creationflags=subprocess.CREATE_NO_WINDOW,
    )  # fmt: skip
