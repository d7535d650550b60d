"""Text views: no line is so long that its layout stops the window."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.exchange.exchange import Exchange
from tests.builders import EVENT_STREAM, messages_end, messages_start, recording
from tests.stream.test_aws_frames import frame, packed_bytes
from ui.compare.pane.raw_view import RawView
from ui.compare.pane.request_view import RequestView
from ui.compare.pane.text_tab import TextTab
from ui.widgets.text_view import JsonView

LONG = "v" * 1_000_000


def longest_block(view: JsonView) -> int:
    return max(len(line) for line in view.toPlainText().split("\n"))


def test_a_long_line_is_broken_for_the_layout_alone(qtbot: QtBot) -> None:
    view = JsonView("Raw")
    qtbot.addWidget(view)
    text = f"X-Long: {LONG}\n\n{{}}\n"
    view.show_json(text, first_line=2)
    assert longest_block(view) == 4_000
    assert view.text == text
    assert view.document().findBlockByNumber(view._colors.first_line).text() == "{}"
    view.selectAll()
    assert view.createMimeDataFromSelection().text() == text
    view.show_json("short", is_json=False)
    view.show_json("a\nb", is_json=False)
    assert view.text == "a\nb"


def exchange() -> Exchange:
    made = recording([(600.0, messages_start() + messages_end())], headers=(*EVENT_STREAM, ("X-Long", LONG)))
    made.request = msgspec.structs.replace(made.request, url=f"https://h.example/{LONG}", headers=(("X-Ours", LONG),))
    return Exchange(made).finish()


@pytest.mark.parametrize("made", [RawView, RequestView])
def test_long_headers_and_addresses_of_a_run_file_are_broken(qtbot: QtBot, made: type[TextTab]) -> None:
    view = made()  # type: ignore[call-arg]  # both name themselves
    qtbot.addWidget(view)
    view.show_exchange(exchange())  # type: ignore[attr-defined]
    assert LONG in view._view.text
    assert longest_block(view._view) <= 4_000


def test_a_body_that_was_unwrapped_from_frames_says_so(qtbot: QtBot) -> None:
    view = RawView()
    qtbot.addWidget(view)
    frames = b"".join(frame(packed_bytes(one.partition(b"data: ")[2])) for one in messages_start().split(b"\n\n") if one)
    view.show_exchange(Exchange(recording([(600.0, frames)])).finish())
    assert "message_start" in view._view.text
    assert " · unwrapped from AWS event-stream frames, " in view._said.text
    view.show_exchange(Exchange(recording([(600.0, messages_start())])).finish())
    assert "frames" not in view._said.text
