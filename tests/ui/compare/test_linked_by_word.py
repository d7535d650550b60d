"""The panes linked by word: the same word is selected, at the same height, and where there is none that is said."""

from __future__ import annotations

from app.recording.recording import Recording
from app.recording.records import SideName
from app.text import numbers
from tests.builders import messages_end, messages_start, messages_text, recording
from tests.ui.compare.test_panes import EVENTS, show
from tests.ui.conftest import Ui
from ui.compare.link_mode import Link

WORDS = [f"w{number} " for number in range(90)]


def spoken(side: SideName, first_ms: float, step_ms: float, words: list[str], burst: int = 1) -> Recording:
    pieces = [(first_ms, messages_start())]
    pieces += [
        (first_ms + step_ms * at, b"".join(map(messages_text, words[at : at + burst]))) for at in range(0, len(words), burst)
    ]
    return recording([*pieces, (first_ms + step_ms * len(words), messages_end())], side=side)


def preview(ui: Ui, side: SideName) -> str:
    table = ui.page.panes[side].events.table
    return ui.page.panes[side].events.model.cells(table.currentIndex().row())[5] if table.current_event is not None else ""


def test_the_same_word_is_selected_at_the_same_height(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        joined = ["".join(WORDS[at : at + 2]) for at in range(0, 90, 2)]
        await show(ui, spoken("a", 600, 18, WORDS), spoken("b", 900, 30, joined, burst=15))
        page.a.tabs.button(EVENTS).click()
        assert page.link.mode is Link.WORD
        page.a.events.table.selectRow(2 + 40)
        assert (preview(ui, "a"), preview(ui, "b")) == ("“w40 ”", "“w40 w41 ”")
        a, b = page.a.events.table, page.b.events.table
        assert a.current_event is not None
        assert b.current_event is not None
        assert a.y_of(a.current_event) == b.y_of(b.current_event)
        assert set(page.axis._marks) == {"a", "b"}
        bars = page.spine_link.bars
        assert bars is not None
        assert bars.isVisible()
        y = bars._top_of(a) + (a.y_of(a.current_event) or 0)
        assert bars.words_at(y + 2) == f"“w40” came {numbers.grouped(900 + 30 * 15 - 600 - 18 * 40, 1)} ms later on B."
        bar = a.verticalScrollBar()
        bar.setValue(bar.maximum() // 3)
        bar.triggerAction(bar.SliderAction.SliderSingleStepAdd)
        await ui.until(lambda: b.top_event is not None and abs(b.top_event - (a.top_event or 0) / 2) < 3, "B to follow")

    ui.play(scene())


def test_a_word_that_the_other_answer_lacks_is_said_and_nothing_is_selected(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        other = [*WORDS[:40], "altogether different ", *WORDS[43:]]
        await show(ui, spoken("a", 600, 18, WORDS), spoken("b", 900, 30, other))
        page.a.tabs.button(EVENTS).click()
        page.a.events.table.selectRow(2 + 43)
        assert preview(ui, "b") == "“w43 ”"
        page.a.events.table.selectRow(2 + 41)
        assert page.b.events.table.current_event is None
        assert page.b.events.details._meta.text.startswith("No counterpart: B’s answer says something else")
        assert set(page.axis._marks) == {"a"}
        bars = page.spine_link.bars
        assert bars is not None
        y = bars._top_of(page.a.events.table) + (page.a.events.table.y_of(2 + 41) or 0)
        assert bars.words_at(y + 2).startswith("“w41”: B’s answer says something else there")
        page.spine_link.chooser.choose(Link.TIME)
        assert not bars.isVisible()
        page.a.events.table.selectRow(2 + 42)
        assert page.b.events.table.current_event is not None

    ui.play(scene())


def test_the_list_of_ways_is_the_same_in_every_place(ui: Ui) -> None:
    page = ui.page
    menu = page.a.tabs.link.menu_of_links
    assert [action.text() for action in menu.actions()] == ["Linked by word", "Linked by time", "Not linked"]
    menu.actions()[1].trigger()
    assert (page.link.mode, page.b.tabs.link.link) == (Link.TIME, Link.TIME)
    assert [action.isChecked() for action in page.b.tabs.link.menu_of_links.actions()] == [False, True, False]
    assert page.spine_link.chooser.text() == "linked by time ▾"
    assert page.a.tabs.link.isHidden()
    ui.window.resize(1100, 700)
    assert (page.spine_link.chooser.text(), page.a.tabs.link.isHidden()) == ("", True)
    ui.window.resize(950, 700)
    assert (page.view.spine.isHidden(), page.a.tabs.link.isHidden()) == (True, False)
