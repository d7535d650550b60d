"""Whether a window can be opened.

WORKAROUND: asked before Qt is, which (6.11.3) aborts the process where it can't.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from app.text.sentences import tr

_WITHOUT_DISPLAY = ("offscreen", "minimal", "vnc")


def why_no_display() -> str:
    """Why no window can be opened, as a clause for the user; "" where one can."""
    if sys.platform in ("win32", "darwin"):
        return ""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform in _WITHOUT_DISPLAY:
        return ""
    if wayland := os.environ.get("WAYLAND_DISPLAY"):
        folder = Path(os.environ.get("XDG_RUNTIME_DIR", "/run"))
        if (folder / wayland).exists():
            return ""
    display = os.environ.get("DISPLAY", "")
    if not display:
        return tr("there is no display (neither DISPLAY nor WAYLAND_DISPLAY leads to one)")
    return "" if _answers(display) else tr("the display {display} does not answer", display=display)


def _answers(display: str) -> bool:
    """Whether an X server listens there; only a local one can be asked, others are believed."""
    host, _, number = display.rpartition(":")
    number = number.partition(".")[0]
    if host not in ("", "unix") or not number.isdigit():
        return True
    path = f"/tmp/.X11-unix/X{number}"
    for address in (path, "\0" + path):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False
