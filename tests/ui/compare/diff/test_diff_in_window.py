"""What differs, in the window: in place of the panes, each part by itself, both texts at the place that is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtTest import QTest

from app.recording.records import RunOpened
from app.run.diff.facts import Part
from app.run.diff.summary import summarise
from app.text.languages import use_language
from tests.builders import event, stream
from tests.pseudo import speak_pseudo
from tests.run.diff.test_summary import RELAY, VENDOR, answering
from tests.ui.conftest import Ui
from ui.compare.diff.marked_text import BAR, MarkedText
from ui.compare.diff.view import DiffView

MARKUP = "<b>bold</b> & <img src='file:///etc/passwd'>"
ONE = f"A row of small boats lies there, only waiting. {MARKUP} The end."
OTHER = f"A row of little boats lies there, waiting. {MARKUP} The end. Ask for the Pro route."


async def show(ui: Ui, *, long: bool = False) -> DiffView:
    """A file's run of two sides, and what differs."""
    more = "\n".join(f"Line {number} of many." for number in range(80)) if long else ""
    a, b = answering(more + ONE, headers=VENDOR), answering(more + OTHER, name="b", headers=RELAY, more=event("ping"))
    ui.page.show_file(Path("a.diptych"), RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), [a, b])
    await ui.ended()
    ui.page.diff.open()
    return ui.page.diff.view()


def test_it_takes_the_place_of_the_panes_until_escape_or_another_run(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        assert not page.diff.can
        prompt = page.bar.prompt
        prompt.setFocus()
        prompt.setCursorPosition(0)
        asked = prompt.text()
        (held,) = [one for one in ui.window.findChildren(QShortcut) if one.key() == QKeySequence("Ctrl+D")]
        QTest.keyClick(prompt, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        assert prompt.text() == asked
        assert held.isEnabled()
        assert page.diff.view.made is None
        view = await show(ui)
        assert page.diff.is_open
        assert page.view.isHidden()
        assert view.sentence.text.startswith(
            "B's answer ends with a sentence that A's doesn't have, and differs in 2 other places."
        )
        QTest.keyClick(view.back, Qt.Key.Key_Escape)
        assert not page.diff.is_open
        assert not page.view.isHidden()
        assert ui.window.focusWidget() is prompt
        assert not held.isEnabled()
        page.diff.toggle()
        assert page.diff.is_open
        page.show_file(Path("b"), RunOpened("2", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), [stream(612)])
        assert not page.diff.is_open
        await ui.ended()
        assert not page.diff.can  # one side
        page.diff.open()
        assert page.view.isVisible()

    ui.play(scene())


def test_all_that_differs_and_each_part_alone_which_the_spine_opens_too(ui: Ui) -> None:
    async def scene() -> None:
        view = await show(ui)
        assert [card.part for card in view.cards if card.isVisible()] == [Part.ANSWERS, Part.HEADERS]
        lines = {part: line.words for part, line in view.lines.items() if line.isVisible()}
        assert lines == {
            Part.MODELS: "The lists of models were not asked for.",
            Part.EVENTS: "1 place: A sends no keep-alives (B: 1)",
            Part.REQUESTS: "identical but for address and key",
        }
        rows = view.lists[Part.HEADERS].table.shown
        assert ("+ only B", "x-new-api-version", "–", "v0.9", "New API, a relay program, and its version") in rows
        QTest.mouseClick(view.lines[Part.EVENTS], Qt.MouseButton.LeftButton)
        assert view.part is Part.EVENTS
        assert [card.part for card in view.cards if card.isVisible()] == [Part.EVENTS]
        view.copy.click()
        copied = QGuiApplication.clipboard().text()
        assert copied.startswith("≠ Events: 1 place: A sends no keep-alives (B: 1)\n")
        view.show_part(None)
        view.copy.click()
        assert QGuiApplication.clipboard().text().startswith(view.sentence.text)
        view.answers.only.setChecked(True)
        (pair,) = view.answers.pairs
        assert not pair.a.isVisible()
        assert pair.table.shown[0] == (
            "1",
            "another word",
            "A row of [small] boats lies th…",
            "A row of [little] boats lies th…",
        )
        view.answers.grain._group.button(1).click()
        assert view.answers.head.text.startswith("≠ Answers 3 places")
        view.back.click()
        assert not ui.page.diff.is_open
        ui.page.view.spine.part_wanted.emit(Part.HEADERS)
        assert ui.page.diff.is_open
        assert view.part is Part.HEADERS

    ui.play(scene())


def test_the_texts_are_marked_and_copied_as_they_came(ui: Ui) -> None:
    async def scene() -> None:
        view = await show(ui)
        (pair,) = view.answers.pairs
        assert MARKUP in pair.a.toPlainText()
        assert BAR in pair.b.toPlainText()
        pair.b.selectAll()
        assert pair.b.createMimeDataFromSelection().text() == OTHER
        cursor = QTextCursor(pair.a.document())
        cursor.setPosition(pair.a.toPlainText().index("small") + 2)
        middle = pair.a.cursorRect(cursor).center()
        QTest.mouseClick(pair.a.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(middle.x(), middle.y()))
        assert pair.list.currentIndex().row() == 0

    ui.play(scene())


def test_choosing_a_place_brings_both_texts_to_it(ui: Ui) -> None:
    async def scene() -> None:
        view = await show(ui, long=True)
        (pair,) = view.answers.pairs
        chosen: list[int] = []
        pair.place_chosen.connect(chosen.append)
        assert pair.a.verticalScrollBar().value() == 0
        pair.list.choose(2)
        assert chosen == [2]
        for text in (pair.a, pair.b):
            assert 0 <= text.top_of(2) - text.verticalScrollBar().value() < text.height()
        pair.b.verticalScrollBar().setValue(0)
        assert pair.a.verticalScrollBar().value() == 0
        tops = [pair.a.top_of(number) for number in range(pair.a.places)]
        for at in range(0, round(tops[-1]) + 20, 5):
            assert pair._last_above(pair.a, at) == sum(top <= at + 4 for top in tops) - 1

    ui.play(scene())


def test_of_a_text_that_is_higher_than_any_limit_the_height_is_not_asked_for(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        view = await show(ui, long=True)
        (pair,) = view.answers.pairs
        pair.set_limit(400)
        measured = pair._texts.height()
        monkeypatch.setattr("ui.compare.diff.text_pair.SURELY_HIGHER", 1_000)
        asked: list[MarkedText] = []
        document = MarkedText.document

        def ask(text: MarkedText) -> QTextDocument:
            asked.append(text)
            return document(text)

        assert pair.a.characters > 1_000
        monkeypatch.setattr(MarkedText, "characters", 1_001)
        monkeypatch.setattr(MarkedText, "document", ask)
        pair.set_limit(401)
        assert not asked
        assert pair._texts.height() == measured + 1
        assert pair.a.verticalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOn

    ui.play(scene())


@pytest.fixture
def english() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.usefixtures("english")
def test_narrow_windows_fold_and_the_summary_is_the_same(ui: Ui) -> None:
    async def scene() -> None:
        view = await show(ui)
        ui.window.resize(1440, 900)
        await ui.until(lambda: view.width() > 1200, "the width")
        (pair,) = view.answers.pairs
        assert pair.list.isVisible()
        assert view.parts.count == 6
        english = view.parts.needed_width(tight=False)
        speak_pseudo()  # its words are longer: where the whole titles have no room, the short ones stand there, and none is cut
        ui.window.resize(1400, 900)
        await ui.until(lambda: view.parts.needed_width(tight=False) != english, "the longer words")
        await ui.until(lambda: view.parts.width() >= view.parts.minimumSizeHint().width(), "room for all of them")
        use_language("en")
        ui.window.resize(900, 600)
        await ui.until(lambda: view.width() < 900, "the width")
        assert not pair.list.isVisible()
        sides = ui.page.session.sides
        assert summarise(sides["a"], sides["b"]) == ui.page.diff.compare().summary

    ui.play(scene())


def test_the_lists_of_models_are_asked_for_when_that_is_wanted(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        ui.ask_briefly()
        await ui.run()
        page.diff.open(Part.MODELS)
        view = page.diff.view()
        assert view.ask_models.isVisible()
        assert view.lists[Part.MODELS].head.text == "– Model lists The lists of models were not asked for."
        view.ask_models.click()
        await ui.until(lambda: not view.ask_models.isVisible(), "both lists")
        assert "is in both" in view.lists[Part.MODELS].head.text

    ui.play(scene())
