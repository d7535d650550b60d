"""Holds the window open while a page has changes that are not saved, until the user says what shall become of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from ui.shared.page import Page


class UnsavedQuestions:
    """Asks page by page. A second wish to close the window while a question stands (a signal) is followed."""

    def __init__(self, window: QWidget, show: Callable[[Page], object]) -> None:
        """`show` turns to a page on which something could not be saved."""
        self._window, self._show = window, show
        self._answered: set[Page] = set()
        self._asking = False

    def may_close(self, pages: Iterable[tuple[str, Page]]) -> bool:
        """Whether nothing is unsaved, or the user has said of all of it what to do; else the question is asked now."""
        left = [] if self._asking else [one for one in pages if one[1] not in self._answered and one[1].unsaved]
        if left:
            self._ask(*left[0])
        return not left

    def _ask(self, title: str, page: Page) -> None:
        from ui.shell.unsaved import UnsavedDialog  # dialogs are not needed to show the window

        self._asking = True
        dialog = UnsavedDialog(title, page.unsaved, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda result: self._settle(page, result, save=dialog.saves))
        dialog.open()

    def _settle(self, page: Page, result: int, *, save: bool) -> None:
        from PySide6.QtWidgets import QDialog

        self._asking = False
        if result != QDialog.DialogCode.Accepted:
            self._answered.clear()
        elif save and not page.save_unsaved():
            self._answered.clear()
            self._show(page)
        else:
            self._answered.add(page)
            self._window.close()
