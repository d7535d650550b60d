"""The Request tab: what was sent, the key masked, and how to send it again from a shell or a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.formats.snippets import as_code
from app.text import numbers
from app.text.pretty_json import pretty
from app.text.visible import visible
from ui.compare.pane.text_tab import TextTab
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange

EMPTY = "The request as it is sent, its key masked, will stand here, to be copied as curl, Python or Node."


class RequestView(TextTab):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Request as sent", parent)
        self._view.setPlaceholderText(EMPTY)
        self._row.setSpacing(2)
        for title, kind in (("Copy as curl", "curl"), ("Python", "python"), ("Node", "node")):
            button = self._add_button(title)
            button.setAccessibleName(f"Copy the request as {kind}")
            button.setToolTip("With the key as an environment variable")
            button.clicked.connect(lambda _=False, chosen=kind: self.copy_as(chosen))
        self.show_exchange(None)

    def show_exchange(self, exchange: Exchange | None) -> None:
        self._exchange, self._state = exchange, ()
        self.refresh()

    def refresh(self) -> None:
        one = self._exchange
        self._foot.setVisible(one is not None)
        if one is None:
            self._view.show_json("", is_json=False)
            return
        state = (one, one.recording.sent)
        if state != self._state:
            self._state = state
            body, is_json = pretty(one.recording.request.body)
            head = self._head()
            self._view.show_json(f"{head}\n\n{body}", is_json=is_json, first_line=head.count("\n") + 2)
            self._said.set_segments(Segment(f"Body: {numbers.byte_size(len(one.recording.request.body))}"))

    def _head(self) -> str:
        assert self._exchange is not None
        request, sent = self._exchange.recording.request, self._exchange.recording.sent
        if sent is not None and sent.head:
            return visible(sent.head.decode("latin-1").replace("\r\n", "\n").rstrip("\n"))
        headers = sent.headers if sent is not None and sent.headers else request.headers
        first = [] if any(name.startswith(":") for name, _ in headers) else [f"{request.method} {request.url}"]
        note = [] if sent is not None else ["(not sent yet)"]
        return visible("\n".join([*note, *first, *(f"{name}: {value}" for name, value in headers)]))

    def copy_as(self, kind: str) -> str:
        """Put the request on the clipboard as "curl", "python" or "node"; returns what was put there, "" for nothing."""
        if self._exchange is None:
            return ""
        recording = self._exchange.recording
        text = as_code(kind, recording.request, recording.envelope.protocol, recording.envelope.profile.base_url)
        QGuiApplication.clipboard().setText(text)
        self._said.set_segments(Segment(f"✓ Copied as {kind}", "ok"))
        return text
