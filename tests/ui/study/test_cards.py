"""What draws is imported beside the window, and by it, one at a time."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ui.study.cards import import_drawing

BEGUN = {"first_half": threading.Event(), "second_half": threading.Event()}
MODULE = """
from tests.ui.study.test_cards import BEGUN
BEGUN[__name__].set()
BEGUN["{other}"].wait(0.2)
import {other}
other_is_whole = hasattr({other}, "value")
value = 1
"""


def test_two_threads_get_modules_that_import_each_other_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("first_half", "second_half")
    for name, other in (names, names[::-1]):
        (tmp_path / f"{name}.py").write_text(MODULE.format(other=other), encoding="utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(import_drawing, names[0])
        assert BEGUN[names[0]].wait(60)
        second = pool.submit(import_drawing, names[1])
        assert (first.result(60).value, second.result(60).value) == (1, 1)
    assert sys.modules["first_half"].other_is_whole
    for name in names:
        del sys.modules[name]
