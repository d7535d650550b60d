"""In every state of the window and every dialog what is written can be read, as it is painted, and what has the keyboard is
seen: WCAG 2.2, 1.4.3 and 2.4.7."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QListView, QWidget

from app.store.profiles import Profile
from tests.builders import recording
from tests.ui.compare.scenes import TWICE
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui
from tests.ui.history.made import many_kept
from tests.ui.study.made import made_load
from tests.ui.style.test_contrast import contrast, without_ring
from ui.compare.tabs import TABS
from ui.endpoints.add_endpoint import AddEndpointDialog
from ui.present.presentation import Presentation
from ui.shared.key_dialog import KeyDialog
from ui.shell.about import AboutDialog
from ui.shell.dialogs import open_about
from ui.shell.help import HelpDialog
from ui.shell.pages import COMPARE, ENDPOINTS, HISTORY, STUDY
from ui.shell.palette import CommandPalette
from ui.shell.settings import SettingsDialog
from ui.style.theme import Mode

T = TypeVar("T", bound=QWidget)


async def states(ui: Ui) -> AsyncIterator[tuple[str, QWidget]]:
    """What lies over a page, beside it or over the window, one after the other, with the window that it stands in."""
    window, page = ui.window, ui.page
    page.first._show()
    yield "first screen", window
    page.first.leave()
    many_kept(2)
    history = window.show_page(HISTORY)
    await ui.until(lambda: history.found is not None and history.found.listed, "the runs that were kept")
    yield "history", window
    study = window.show_page(STUDY)
    await study.show_file(Path("load.diptych"), *made_load((1, 2, 4)))
    yield "load", window
    endpoints = window.show_page(ENDPOINTS)
    endpoints.adding.ask()
    yield "add endpoint", opened(AddEndpointDialog)
    opened(AddEndpointDialog).close()
    profile = Profile("Mine", "openai-chat", "http://127.0.0.1:9/v1", model="m", uid="mine", proxy="none")
    window.services.save_profile(profile)
    endpoints.select("mine")
    endpoints.keys.ask("sk-", "A key was pasted where the address belongs.")
    yield "key", opened(KeyDialog)
    opened(KeyDialog).close()
    window.show_page(COMPARE)
    await show(ui, both()[0], recording(TWICE, side="b"))
    yield "run", window
    page.b.tabs.button(len(TABS)).click()
    yield "findings", window
    page.findings.close()
    page.diff.open()
    yield "what differs", window
    page.diff.close()
    for name, ask, kind in (
        ("settings", window.open_settings, SettingsDialog),
        ("palette", window.open_palette, CommandPalette),
        ("help", window.open_help, HelpDialog),
        ("about", lambda: open_about(window), AboutDialog),
    ):
        ask()
        yield name, opened(kind)
        opened(kind).close()
    window.present()
    stage = window.findChild(Presentation)
    assert isinstance(stage, Presentation)
    yield "presentation", stage.window()
    stage.leave()


def opened(kind: type[T]) -> T:
    """The one of that kind that is in view."""
    (one,) = [one for one in QApplication.allWidgets() if isinstance(one, kind) and one.isVisible()]
    return one


# -- what is written ----------------------------------------------------------------------------------------------------


def written(top: QWidget) -> Iterator[tuple[str, QRect]]:
    """Every text that can be used or read now: (what it says, where in its window)."""
    for one in top.findChildren(QWidget):
        if not one.isVisible() or not one.isEnabled() or one.visibleRegion().isEmpty():
            continue
        if isinstance(one, QAbstractItemView):
            yield from _rows(one, top)
        elif isinstance(one, QLabel | QAbstractButton) and one.text():
            yield one.text(), _place(one, one.visibleRegion().boundingRect(), top)


def _rows(table: QAbstractItemView, top: QWidget) -> Iterator[tuple[str, QRect]]:
    model, view = table.model(), table.viewport()
    if model is None:
        return
    for row in range(min(model.rowCount(), 40)):
        for column in range(1 if isinstance(table, QListView) else model.columnCount()):
            index = model.index(row, column)
            place = table.visualRect(index) & view.rect()
            if model.flags(index) & Qt.ItemFlag.ItemIsEnabled and place.height() > 12 and index.data():
                yield str(index.data()), _place(view, place, top)


def _place(widget: QWidget, rect: QRect, top: QWidget) -> QRect:
    return QRect(widget.mapTo(top, rect.topLeft()), rect.size())


def can_be_read(picture: QImage, place: QRect) -> bool:
    """Whether something there is at least 4.5 to 1 on what most of it is, or nothing is there."""
    part = picture.copy(place & picture.rect()).convertToFormat(QImage.Format.Format_RGB32)
    if part.isNull():
        return True
    counts = Counter(memoryview(part.constBits()).cast("I"))
    (ground, _), *others = counts.most_common()
    return not others or any(contrast(QColor.fromRgb(ground), QColor.fromRgb(one)) >= 4.5 for one, _ in others)


@pytest.mark.qt_log_ignore("does not support")  # offscreen has no popups of its own
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_is_written_can_be_read_and_what_has_the_keyboard_is_seen(ui: Ui, mode: Mode) -> None:
    async def scene() -> None:
        ui.window.theme.set_mode(mode)
        weak: list[str] = []
        async for name, top in states(ui):
            top.activateWindow()
            await asyncio.sleep(0)
            picture = top.grab().toImage()
            weak += [f"{name}: {text!r}" for text, place in written(top) if not can_be_read(picture, place)]
            # The palette closes with the keyboard; the presentation is one stop that fills the window.
            if mode == "light" and name not in ("palette", "presentation"):
                weak += [f"{name}: {one} shows no ring" for one in without_ring(top, least=1)]
        assert not weak, "\n".join(weak)

    ui.play(scene())
