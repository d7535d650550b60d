"""Where a study's file is made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from app.recording import run_format


def threads_that_pack(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> list[threading.Thread]:
    """Those in which the module packs files from now on, one each time."""
    packed_on = list[threading.Thread]()

    def dump_run(*of: Any) -> Iterator[bytes]:
        packed_on.append(threading.current_thread())
        yield from run_format.dump_run(*of)

    monkeypatch.setattr(module, "dump_run", dump_run)
    return packed_on
