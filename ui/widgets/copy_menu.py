"""The menu of a right click, or of the menu key: what is there can be copied, and a figure's word explained.

A page shows it for all that it holds, by `show_menu` in its `contextMenuEvent`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QCursor
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QTextEdit, QWidget

from app.text.glossary import word_of
from app.text.sentences import tr
from app.text.visible import one_line
from ui.widgets.copying import Copy, Copyable, copies_at
from ui.widgets.toast import toast
from ui.widgets.words import ask_word

QUOTED = 48  # characters of what was copied that are said again


def show_menu(page: QWidget, event: QContextMenuEvent) -> QMenu | None:
    """Show what can be copied there; None where there is nothing. A text's own entries come first."""
    by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
    source = QApplication.focusWidget() if by_key else page.childAt(event.pos())
    if source is None or not page.isAncestorOf(source):
        return None
    groups = list(copies_at(source, _place_of(source) if by_key else event.globalPos()))
    if not groups:
        return None
    text = source if isinstance(source, QTextEdit | QPlainTextEdit) else source.parentWidget()
    menu = text.createStandardContextMenu() if isinstance(text, QTextEdit | QPlainTextEdit) else QMenu(page)
    menu.setParent(page, menu.windowFlags())
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in groups:
        if menu.actions():
            menu.addSeparator()
        for one in group:
            menu.addAction(one.title.replace("&", "&&"), partial(copy, page, one))
    _add_word(menu, source, groups[0])
    menu.popup(event.globalPos())
    return menu


def _place_of(source: QWidget) -> QPoint | None:
    """Where on the screen a part is that another paints; None for what says by itself what of it is meant."""
    return None if isinstance(source, Copyable) else source.mapToGlobal(source.rect().center())


def _add_word(menu: QMenu, source: QWidget, group: Iterable[Copy]) -> None:
    label = word_among(group)
    if label:
        menu.addSeparator()
        menu.addAction(tr("What does “{label}” mean?", label=label).replace("&", "&&"), lambda: ask_word(source, label))


def word_among(group: Iterable[Copy]) -> str:
    """The first label among these that help has a word for, "" for none."""
    return next((one.word for one in group if one.word and word_of(one.word) is not None), "")


def word_under_mouse(page: QWidget) -> str:
    """The label of the figure that the mouse is on, else of what has the keyboard; "" where help has no word for it."""
    under, focused = QApplication.widgetAt(QCursor.pos()), QApplication.focusWidget()
    for source, place in ((under, QCursor.pos()), (focused, _place_of(focused) if focused is not None else None)):
        if source is not None and page.isAncestorOf(source):
            for group in copies_at(source, place):
                if label := word_among(group):
                    return label
    return ""


def copy(near: QWidget, what: Copy) -> None:
    """Put it on the clipboard and say so."""
    put(near, what.text())


def put(near: QWidget, text: str) -> None:
    """Put a text on the clipboard and say over the foot what, in a few words."""
    if not text:
        toast(near, tr("There is nothing to copy."), role="warn")
        return
    QApplication.clipboard().setText(text)
    short = len(text) <= QUOTED and "\n" not in text
    toast(
        near,
        tr("Copied “{text}”.", text=one_line(text)) if short else tr("Copied {n:plural character|characters}.", n=len(text)),
    )
