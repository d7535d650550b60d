"""What draws is imported once it is to be seen."""

from __future__ import annotations

import asyncio
import threading
from importlib import import_module
from types import ModuleType

import pytest
from PySide6.QtCore import QObject

from ui.study import cards
from ui.study.pictures import BESIDE, QT, STEPS


async def test_what_knows_qt_is_imported_by_the_windows_own_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    imported: dict[str, int] = {}

    def noted(name: str) -> ModuleType:
        imported[name] = threading.get_ident()
        return import_module(name)

    monkeypatch.setattr(cards, "import_module", noted)
    parent = QObject()
    loader = cards.DrawingLoader(parent)
    loaded = asyncio.Event()
    loader.loaded.connect(loaded.set)
    loader.start()
    await loaded.wait()
    await loader.aclose()
    assert list(imported) == [*BESIDE, *QT, *STEPS]
    own = threading.get_ident()
    assert [name for name, thread in imported.items() if thread != own] == [*BESIDE]
