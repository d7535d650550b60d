"""What is written can be read and what can be used is seen, in both schemes: WCAG 2.2, 1.4.3, 1.4.11 and 2.4.7."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from tests.ui.conftest import Ui
from ui.shell.pages import PAGES
from ui.style.theme import DARK, LIGHT, Colors

GROUNDS = ("window", "surface", "sunken", "hover", "select", "note_tint")
TINTS = ("ok_tint", "warn_tint", "bad_tint")


def contrast(one: QColor, other: QColor) -> float:
    """WCAG's contrast ratio, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("#ffffff")) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("letters", "grounds"),
    [
        *((letters, (*GROUNDS, *TINTS)) for letters in ("text", "muted", "warn", "bad", "ok", "a_text", "b_text")),
        ("text", ("a_wait", "b_wait")),
        ("on_ink", ("ink", "bad")),
        ("on_side", ("a_text", "b_text")),
    ],
)
def test_letters_are_at_least_4_5_to_1(theme: Colors, letters: str, grounds: tuple[str, ...]) -> None:
    weak = {one: round(contrast(theme.color(letters), theme.color(one)), 2) for one in grounds}
    assert not {one: ratio for one, ratio in weak.items() if ratio < 4.5}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("shape", ["edge", "a", "b", "text", "muted"])
def test_edges_marks_and_the_ring_of_the_keyboard_are_at_least_3_to_1(theme: Colors, shape: str) -> None:
    assert not [one for one in ("window", "surface", "sunken") if contrast(theme.color(shape), theme.color(one)) < 3]


def test_it_is_seen_what_has_the_keyboard(ui: Ui) -> None:
    """Tab goes from one to the next; each is another picture than the same without the keyboard, by more than a caret."""

    async def scene() -> None:
        unseen: list[str] = []
        for spec in PAGES:
            ui.window.show_page(spec)
            ui.window.activateWindow()
            await asyncio.sleep(0)
            unseen += [f"{spec.title}: {one}" for one in without_ring(ui.window, least=4)]
        assert not unseen

    ui.play(scene())


def without_ring(top: QWidget, *, least: int) -> list[str]:
    """What of a window has the keyboard once, and doesn't show it, by its name; there are at least `least` stops in all."""
    unseen: list[str] = []
    seen: set[int] = set()
    while (focused := _next_stop(top)) is not None and id(focused) not in seen:
        seen.add(id(focused))
        with_it = _picture(focused)
        focused.clearFocus()
        if _changed(with_it, _picture(focused)) < 8:
            unseen.append(f"{type(focused).__name__} {focused.accessibleName()!r}")
        focused.setFocus(Qt.FocusReason.TabFocusReason)
    assert len(seen) >= least
    return unseen


def _next_stop(top: QWidget) -> QWidget | None:
    QTest.keyClick(top, Qt.Key.Key_Tab)
    focused = area = QApplication.focusWidget()
    while focused is not None and area is not None:  # a key that is pressed in it goes through the areas that scroll to it
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(focused)
        area = area.parentWidget()
    return focused


def _picture(widget: QWidget) -> QImage:
    """Of a widget and two pixels around it, as they are in its window."""
    window = widget.window()
    place = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size()).adjusted(-2, -2, 2, 2)
    return window.grab(place & window.rect()).toImage()


def _changed(one: QImage, other: QImage) -> int:
    """Along how many lines eight pixels at one of their ends differ: a ring is there on all of them."""
    if one.size() != other.size():
        return one.height()
    return sum(before != now for before, now in zip(_ends(one), _ends(other), strict=True))


def _ends(picture: QImage) -> list[bytes]:
    """Of each line the first and the last eight pixels."""
    pixels, line = bytes(picture.convertToFormat(QImage.Format.Format_RGB32).constBits()), 4 * picture.width()
    starts = range(0, len(pixels), line)
    return [pixels[start : start + min(32, line)] + pixels[max(start, start + line - 32) : start + line] for start in starts]
