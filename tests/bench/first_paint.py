"""Opens a window as its command does, and tells when it was painted first and how much memory it has then.

`python -m tests.bench.first_paint app|stub SECONDS`: the real program by its own entry point, or the stub. SECONDS after the
first paint it tells its memory, and closes. It imports next to nothing itself, since that would be in the figures.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from time import perf_counter_ns
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

# What the window's process must not have imported by then: HTTP, TLS trust, keyring, charts, servers.
LATE = (
    "httpx", "httpcore", "h2", "truststore", "keyring", "starlette", "uvicorn", "sqlite3",
    "PySide6.QtCharts", "matplotlib", "pyqtgraph",
)  # fmt: skip


def main(kind: str, seconds: float) -> None:
    """Run the window until it was measured."""
    if kind == "stub":
        from tests.bench import stub

        stub.run(lambda window: _watch(window, seconds))
    else:
        _run_app(lambda window: _watch(window, seconds))


def _watch(window: QMainWindow, seconds: float) -> None:
    """Imports Qt only now, when the program itself has: what is imported before Qt is faster to import."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Watch(QObject):
        """Waits for the window's first paint."""

        def __init__(self) -> None:
            super().__init__(window)
            self._window = window
            window.installEventFilter(self)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                watched.removeEventFilter(self)
                # The window's children are painted in the same turn; this comes behind it.
                QTimer.singleShot(0, self, self._painted)
            return False

        def _painted(self) -> None:
            painted_ns = perf_counter_ns()
            late = [name for name in LATE if name in sys.modules]
            _tell(f'{{"painted_ns": {painted_ns}, "imported": {str(late).replace(chr(39), chr(34))}}}')
            QTimer.singleShot(int(seconds * 1000), self, self._close)

        def _close(self) -> None:
            from tests.bench.memory_use import resident_mb

            _tell(f'{{"resident_mb": {resident_mb()}}}')
            self._window.close()

    Watch()


def _run_app(watch: Callable[[QMainWindow], None]) -> None:
    from app.__main__ import main as diptych

    sys.meta_path.insert(0, _Hook(watch))
    diptych([])


class _Hook:
    """Gets at the window where the program itself imports what builds it, so that nothing is imported in another order."""

    def __init__(self, watch: Callable[[QMainWindow], None]) -> None:
        self._watch = watch

    def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
        if name != "ui.shell.application":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        assert spec is not None
        assert spec.loader is not None
        execute, watch = spec.loader.exec_module, self._watch

        def execute_and_hook(module: ModuleType) -> None:
            execute(module)
            build = vars(module)["build_window"]

            def build_and_watch(*arguments: object) -> QMainWindow:
                window: QMainWindow = build(*arguments)
                watch(window)
                return window

            vars(module)["build_window"] = build_and_watch

        spec.loader.exec_module = execute_and_hook  # type: ignore[method-assign]
        return spec


def _tell(line: str) -> None:
    os.write(1, line.encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
