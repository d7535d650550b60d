"""The Findings tab says what the client that is used does, and on request what all do."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from app.clients.table import table
from app.run.side import Side
from tests.builders import messages_start, messages_text, recording, side
from tests.ui.conftest import Ui
from ui.compare.pane.findings_view import FindingsView
from ui.widgets.labels import PlainLabel


def cut(client: str = "") -> Side:
    made = side("a", recording([(600.0, messages_start()), (700.0, messages_text("Hi"))]))
    made.client = client
    return made


def shown(made: Side) -> FindingsView:
    view = FindingsView()
    view.show_side(made)
    return view


def words(view: FindingsView) -> list[str]:
    return [label.text() for label in view.findChildren(PlainLabel)]


def test_what_my_client_does_stands_with_the_finding(ui: Ui) -> None:
    assert not any("langchain-anthropic" in text for text in words(shown(cut())))
    told = [text for text in words(shown(cut("langchain-anthropic"))) if text.startswith("langchain-anthropic ")]
    assert told
    assert cut("langchain-anthropic").my_client is not None


def test_all_clients_are_shown_when_they_are_asked_for(ui: Ui) -> None:
    view = shown(cut())
    button = next(one for one in view.findChildren(QPushButton) if one.text() == "Clients")
    before = words(view)
    button.click()
    told = words(view)[len(before) :]
    titles = [one.title for one in table().speaking("anthropic-messages")]
    assert all(any(title in text for text in told) for title in titles)
    assert any("python -m tests.clients" in text for text in told)


def test_another_client_is_shown_at_once(ui: Ui) -> None:
    view = shown(cut())
    view.show_side(cut("litellm"))
    assert any(text.startswith("litellm ") for text in words(view))
