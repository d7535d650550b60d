"""The window's part of `diptych --self-test`: opened offscreen, painted, every page shown, and closed again."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import qVersion
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.text.sentences import message, tr
from ui.shell.application import build_window
from ui.shell.event_loop import make_loop
from ui.shell.pages import PAGES
from ui.style.theme import application_arguments


class PaintError(Exception):
    """The window was opened, and there is nothing on it."""


def paint_window() -> str:
    """Open it on the platform that `QT_QPA_PLATFORM` names; what was found. Raises whatever goes wrong."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(application_arguments("diptych"))
    app.setQuitOnLastWindowClosed(False)  # the pages end what they run after the window is closed
    loop = make_loop(app)
    try:
        return loop.run_until_complete(_painted(app))
    finally:
        loop.close()


async def _painted(app: QApplication) -> str:
    window = build_window(app)
    window.show()
    try:
        for page in PAGES:
            window.show_page(page)
            await asyncio.sleep(0)
            if (colours := _colours(window.grab().toImage())) < 3:
                raise PaintError(f"the page {page.title} has {colours} colours")
        _draw()
        size = window.size()
    finally:
        window.close()
        await window.aclose()
    words = message("{pages} pages of {width} x {height} painted by Qt {version}, and a study's picture")
    return tr(words, pages=len(PAGES), width=size.width(), height=size.height(), version=qVersion())


def _draw() -> None:
    """A study's picture, by what is loaded only for them."""
    from ui.study.pictures.phases import PhasesPicture
    from ui.study.points import Phase

    picture = PhasesPicture()
    picture.resize(400, 300)
    picture.show_phases((Phase("a", "endpoint", "", 300.0), Phase("b", "endpoint", "", 600.0)))
    if (colours := _colours(picture.grab().toImage(), step=1)) < 3:
        raise PaintError(f"the picture of a study has {colours} colours")


def _colours(picture: QImage, step: int = 7) -> int:
    return len({picture.pixel(x, y) for x in range(0, picture.width(), step) for y in range(0, picture.height(), step)})
