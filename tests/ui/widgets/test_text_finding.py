"""Words are found in a text as it is read: in any case, over breaks of the layout, behind characters of two units."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.widgets.text_finding import TextFinding, spans_of
from ui.widgets.text_view import JsonView, TextView


def at(view: TextView, words: str) -> list[str]:
    """What the found places hold, without the layout's breaks."""
    out = []
    for begin, end in spans_of(view, words):
        cursor = view.textCursor()
        cursor.setPosition(begin)
        cursor.setPosition(end, cursor.MoveMode.KeepAnchor)
        out.append(cursor.selectedText().replace("\u2029", "|"))
    return out


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("One two ONE", "one", ["One", "ONE"]),
        ("a😀b 😀 two", "TWO", ["two"]),
        ("one\ntwo", "one two", ["one|two"]),
        ("a.b axb", "a.b", ["a.b"]),
        ("", "x", []),
    ],
)
def test_words_are_found_where_they_stand(qtbot: QtBot, text: str, words: str, found: list[str]) -> None:
    view = TextView("t")
    qtbot.addWidget(view)
    view.append_text(text)
    assert at(view, words) == found


def test_a_break_of_the_layout_is_passed_over(qtbot: QtBot) -> None:
    view = TextView("t")
    qtbot.addWidget(view)
    words = [f"word{number} " for number in range(1_000)]
    for one in words:
        view.append_text(one)
    assert view.document().blockCount() == -(-len("".join(words)) // 3_000) == 3
    assert [text.replace("|", "") for text in at(view, "word399 word400")] == ["word399 word400"]
    assert all(at(view, one)[0].replace("|", "") == one.strip() for one in (words[250].strip(), words[999].strip()))
    wide = JsonView("j")
    qtbot.addWidget(wide)
    wide.show_json("x" * 5_000 + "needle" + "y" * 5_000, is_json=False)
    assert [text.replace("|", "") for text in at(wide, "xneedley")] == ["xneedley"]


def test_it_goes_round_and_says_which_of_how_many(qtbot: QtBot) -> None:
    view = TextView("t")
    qtbot.addWidget(view)
    view.append_text("one two one two one")
    finding = TextFinding(view)
    told: list[tuple[int, int]] = []
    finding.told.connect(lambda place, count: told.append((place, count)))
    finding.set_view(view)
    finding.look_for("One")
    for forward in (True, True, True, False):
        finding.step(forward)
    finding.look_for("three")
    assert told[1:] == [(1, 3), (2, 3), (3, 3), (1, 3), (3, 3), (0, 0)]
    assert not view.extraSelections()
    finding.look_for("two")
    assert len(view.extraSelections()) == 2
    finding.set_view(None)
    assert not view.extraSelections()
