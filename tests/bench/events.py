"""events: a saved run of a million events opened in the real window, scrolled to its end, filtered and searched."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.bench.children import Child
from tests.bench.frame import Row, exactly, most, percentile
from tests.bench.heartbeat import Heartbeat
from tests.bench.long_run import NEEDLE
from tests.bench.memory_use import peak_mb, resident_mb
from tests.bench.shown import Shown
from ui.compare.pane.events_view import EventsView

EVENTS = 1_000_000
MB = 1_000_000
DELTA = "content_block_delta"


def run(short: bool) -> list[Row]:
    """Through File > Open's own way; the file is written and its bytes are read for comparison in another process."""
    events = 20_000 if short else EVENTS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.diptych")
        with Child("tests.bench.long_run", str(path), str(events)) as child:
            made = child.line()
        with Shown() as shown:
            shown.turn_to("Events")
            return shown.play(_measure(shown, path, events, made["raw_bytes"], made["read_ms"]))


async def _measure(shown: Shown, path: Path, events: int, raw_bytes: int, read_ms: float) -> list[Row]:
    view = shown.page.a.events
    idle_mb = resident_mb()
    heartbeat = Heartbeat()
    heartbeat.start()
    open_ms = await _open(shown, view, path, events)
    heartbeat.stop()
    opening = heartbeat.pauses_ms
    rows = [
        Row(f"{events} events opened, framed and scrollable", open_ms, "ms", "reading the file", read_ms, most(1500)),
        Row("GUI thread can't answer meanwhile, longest", max(opening), "ms"),
        *await _uses(view, "while it is read", events),
    ]
    heartbeat.start()
    begin = perf_counter()
    await shown.ended()
    heartbeat.stop()
    exchange = view.exchange
    assert exchange is not None
    rows += [
        Row("decoded and judged in slices", (perf_counter() - begin) * 1000 + open_ms, "ms"),
        Row("GUI thread can't answer meanwhile, p99", percentile(heartbeat.waits_ms, 0.99), "ms"),
        Row("GUI thread can't answer meanwhile, longest", max(heartbeat.pauses_ms), "ms"),
        *await _uses(view, "when it is read", events),
        Row("events read", exchange.events_read, "", must=exactly(events)),
        Row("rows in the table", view.model.rowCount(), "", must=exactly(events)),
        Row("memory of the process, highest", peak_mb(), "MB", "the raw bytes", raw_bytes / MB, most(3 * raw_bytes / MB + 60)),
        Row("memory of the process, at the end", resident_mb(), "MB", "before it was opened", idle_mb),
    ]
    return rows


async def _open(shown: Shown, view: EventsView, path: Path, events: int) -> float:
    begin = perf_counter()
    shown.window.open_file(path)
    await shown.until(lambda: view.model.rowCount() >= events, "all rows")
    view.table.viewport().repaint()
    return (perf_counter() - begin) * 1000


async def _uses(view: EventsView, when: str, events: int) -> list[Row]:
    """What a user does with the table; each step ends when the table is painted."""
    filters = [_took_ms(view, lambda name=name: _filter(view, name)) for name in ("message_stop", DELTA, None)]  # type: ignore[misc]
    needles = {"the last event's": NEEDLE, "every event's": "text_delta", "one that is not there": "nowhere to be found"}
    searches = [await _found_ms(view, text) for text in needles.values()]
    end_ms = _took_ms(view, lambda: _scroll_to_end(view))
    assert view.table.rowAt(view.table.viewport().height() - 4) >= events - 2, "the last row is not in view"
    return [
        Row(f"to the last row, {when}", end_ms, "ms"),
        Row(f"filtered by type, slowest of {len(filters)}, {when}", max(filters), "ms", must=most(300)),
        Row(f"searched, slowest of {len(searches)}, {when}", max(searches), "ms", must=most(300)),
    ]


def _took_ms(view: EventsView, work: Callable[[], object]) -> float:
    begin = perf_counter()
    work()
    view.table.viewport().repaint()
    return (perf_counter() - begin) * 1000


def _filter(view: EventsView, name: str | None) -> None:
    """As opening the list and choosing does it."""
    view.types.refill()
    index = 0 if name is None else view.types.findData(name)
    assert index >= 0, f"the type {name} is not in the list"
    view.types.setCurrentIndex(index)
    view.types.activated.emit(index)


async def _found_ms(view: EventsView, text: str) -> float:
    """Until the first place is shown, or it is said that there is none; other things go on meanwhile, as in use."""
    begin = perf_counter()
    view.find_box.setText(text)
    QTest.keyClick(view.find_box, Qt.Key.Key_Return)
    while view.finding.waiting:  # noqa: ASYNC110 - as finely as can be, for the time's sake
        await asyncio.sleep(0)
    view.table.viewport().repaint()
    return (perf_counter() - begin) * 1000


def _scroll_to_end(view: EventsView) -> None:
    QTest.keyClick(view.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
