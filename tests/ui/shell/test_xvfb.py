"""The program as a user starts it, on a virtual X display: `diptych --demo`, looked at through a picture of the screen."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.style.theme import LIGHT

PATIENCE_S = 60.0
# Takes pictures of the screen until side B's colour is in the lower fifth: the ticks of its answer on the time axis.
WATCH = f"""
import sys, time
from PySide6.QtGui import QColor, QGuiApplication, QImage
app = QGuiApplication(sys.argv[:1])
wanted = QColor({LIGHT.b!r}).rgb()
end = time.monotonic() + {PATIENCE_S}
while time.monotonic() < end:
    picture = app.primaryScreen().grabWindow(0).toImage()
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    pixels, width = memoryview(picture.constBits()).cast("I").tolist(), picture.width()
    lower = range(picture.height() * 7 // 10, picture.height() * 9 // 10, 3)
    if sum(pixels[y * width + 60 : (y + 1) * width].count(wanted) for y in lower) > 40:
        picture.save(sys.argv[1])
        sys.exit(0)
    time.sleep(0.3)
sys.exit(1)
"""


@pytest.fixture
def display() -> Iterator[str]:
    """An X display of its own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb (package xvfb)")
    ours, theirs = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=(theirs,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    try:
        number = os.read(ours, 16).decode().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        os.close(ours)
        server.terminate()
        server.wait(10)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11")
def test_the_demo_runs_on_a_real_display_and_ends_on_sigterm(display: str, tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND"))} | {"DISPLAY": display}
    window = subprocess.Popen([sys.executable, "-m", "app", "--demo"], env=env, stderr=subprocess.PIPE, cwd=_root())
    try:
        picture = tmp_path / "screen.png"
        seen = subprocess.run([sys.executable, "-c", WATCH, str(picture)], env=env, timeout=2 * PATIENCE_S, check=False)
        if seen.returncode and _lacks_xcb(env):
            pytest.skip("needs the X libraries of Qt's xcb plugin (package libxcb-cursor0)")
        assert seen.returncode == 0, "side B's ticks never came on the screen"
        assert picture.stat().st_size > 10_000
        assert window.poll() is None
        window.send_signal(signal.SIGTERM)
        _, said = window.communicate(timeout=PATIENCE_S)
        assert window.returncode == 0, said
        assert said.strip() == b""
    finally:
        if window.poll() is None:
            window.kill()
            window.communicate()


def _root() -> Path:
    return Path(__file__).resolve().parents[3]


def _lacks_xcb(env: dict[str, str]) -> bool:
    code = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, timeout=PATIENCE_S, check=False)
    return done.returncode != 0
