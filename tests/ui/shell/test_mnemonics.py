"""No two entries of a menu have the same letter, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from app.text.languages import LANGUAGES, use_language
from tests.ui.conftest import Ui
from ui.shell.main_window import MainWindow
from ui.shell.menus import Menus
from ui.shell.mnemonics import distinct
from ui.shell.pages import PAGES

MARK = re.compile(r"&(\w)")


@pytest.mark.parametrize(
    ("titles", "made"),
    [
        (("&Open", "&Save", "S&top"), ["&Open", "&Save", "S&top"]),
        (("Open an &earlier run…", "&Export"), ["Open an &earlier run…", "E&xport"]),
        (("&Left", "&Later text", "&Export", "Text"), ["&Left", "Later &text", "&Export", "Text"]),
        (("补做(&L)", "列表(&L)", "另(&A)"), ["补做(&L)", "列表(&B)", "另(&A)"]),
        (("&A", "&a"), ["&A", "a"]),
        (("Q&&A", "&Q"), ["Q&&A", "&Q"]),
    ],
)
def test_the_first_keeps_its_letter_and_the_next_has_another_of_its_words(titles: tuple[str, ...], made: list[str]) -> None:
    assert distinct(titles) == made


def test_what_is_taken_by_others_of_the_menu_is_not_used() -> None:
    assert distinct(["&Open", "&Old"], "o") == ["O&pen", "O&ld"]


def alike(actions: Iterable[QAction], where: str = "") -> Iterator[str]:
    seen: dict[str, str] = {}
    for action in actions:
        if not action.isVisible() or action.isSeparator():
            continue
        if found := MARK.search(action.text()):
            letter = found[1].lower()
            if letter in seen:
                yield f"{where}: {seen[letter]} and {action.text()}"
            seen[letter] = action.text()
        if isinstance(menu := action.menu(), QMenu):
            yield from alike(menu.actions(), f"{where} > {action.text()}")


def test_of_no_menu_of_any_page_in_any_language(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    window = ui.window
    pages = [window.page(spec) for spec in PAGES]
    try:
        for language in LANGUAGES:
            use_language(language)
            menus = Menus(made := QMainWindow())
            monkeypatch.setattr(window, "_menus", menus)
            MainWindow._fill_menus(window)
            for page in pages:
                menus.add_page(page)
            for page in pages:
                menus.show_page(page)
                assert list(alike(made.menuBar().actions(), f"{language}, {type(page).__name__}")) == []
            made.deleteLater()
    finally:
        use_language("en")
