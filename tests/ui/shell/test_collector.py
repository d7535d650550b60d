"""Garbage is collected on the window's thread alone, and soon enough."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.shell import collector as module
from ui.shell.collector import AGAIN_IN_USE_NS, YOUNG, Collector


class Knot:
    """Garbage that only a collection finds; says where it was found."""

    found_on: list[threading.Thread]

    def __init__(self, found_on: list[threading.Thread]) -> None:
        self.itself = self
        self.found_on = found_on

    def __del__(self) -> None:
        self.found_on.append(threading.current_thread())


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    """One as the window has it; Python's own collecting is on before it."""
    gc.enable()
    owner = QObject()
    yield Collector(owner)
    owner.deleteLater()
    gc.unfreeze()


def test_another_thread_makes_garbage_and_does_not_collect_it(collector: Collector) -> None:
    found_on: list[threading.Thread] = []

    def make() -> None:
        kept = [Knot(found_on) for _ in range(20 * YOUNG)]
        kept.clear()

    other = threading.Thread(target=make)
    other.start()
    other.join()
    assert not found_on
    collector.collect()
    assert len(found_on) == 20 * YOUNG
    assert set(found_on) == {threading.main_thread()}


def test_young_garbage_is_found_between_full_collections(collector: Collector) -> None:
    found_on: list[threading.Thread] = []
    old = Knot(found_on)
    many: list[object] = [[] for _ in range(2 * YOUNG)]
    collector.collect()  # a full one: what lives is old now, and the next may only be after a while
    gone = weakref.ref(old)
    collector._full_from_ns *= 2
    del old
    young = [Knot(found_on) for _ in range(2 * YOUNG)]
    young.clear()
    collector.collect()
    assert len(found_on) == 2 * YOUNG
    assert gone() is not None
    collector._full_from_ns = 0
    many.append([[] for _ in range(2 * YOUNG)])
    collector.collect()
    assert gone() is None


def test_where_little_was_made_nothing_is_walked(collector: Collector) -> None:
    gc.collect()
    gone = weakref.ref(Knot([]))
    collector.collect()
    assert gone() is not None


def test_what_outlives_a_long_collection_is_left_out_of_the_next_and_looked_through_much_later(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = gc.get_freeze_count()
    monkeypatch.setattr(module, "LONG_NS", -1)
    loaded: list[object] = [Knot([]), [[] for _ in range(2 * YOUNG)]]
    gone = weakref.ref(loaded[0])
    collector.collect()
    assert gc.get_freeze_count() > before + 2 * YOUNG
    loaded.clear()
    young: list[object] = [[] for _ in range(2 * YOUNG)]
    collector._full_from_ns = 0
    collector.collect()
    assert gone() is not None, "it was walked again"
    assert collector._kept_out_ns is not None
    collector._full_from_ns, collector._kept_out_ns = 0, collector._kept_out_ns - AGAIN_IN_USE_NS
    young.append([[] for _ in range(2 * YOUNG)])
    collector.collect()
    assert gone() is None
    assert collector._kept_out_ns is None
    assert gc.get_freeze_count() > before, "all is left out again"


def test_what_outlives_a_short_collection_is_no_lasting_thing(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONG_NS", 60 * 10**9)
    before = gc.get_freeze_count()
    kept: list[object] = [[] for _ in range(2 * YOUNG)]
    collector.collect()
    assert gc.get_freeze_count() <= before
    assert collector._kept_out_ns is None
    assert len(kept) == 2 * YOUNG
