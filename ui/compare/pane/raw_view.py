"""The Raw tab: status line, headers and the body's bytes, of a huge body as much as a text view can take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.text.sentences import message, tr
from app.text.visible import visible
from ui.compare.pane.text_tab import TextTab
from ui.widgets.segments import Segment
from ui.widgets.text_view import bytes_as_text

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange

PAGE_BYTES = 96 * 1024
HEX_BYTES = 16 * 1024
EMPTY = message("The response as it came, byte by byte, will stand here.")
BODY = message(
    "Body: {first:if the first {first:bytes} of {size:bytes}|{size:bytes}}"
    "{packed:select framed= · unwrapped from AWS event-stream frames, {raw:bytes} as they came"
    "|encoded= · {encoding}, {raw:bytes} as they came|no=}"
)


class RawView(TextTab):
    """Status line, headers, body. More of a long body is shown on demand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Raw response"), parent)
        self._limit = PAGE_BYTES
        self._more = self._add_button(tr("Show more"))
        self._more.clicked.connect(self._on_more)
        self._hex = self._add_button(tr("Hex"))
        self._hex.setCheckable(True)
        self._hex.toggled.connect(lambda: self.refresh())
        self.show_exchange(None)

    def show_exchange(self, exchange: Exchange | None) -> None:
        self._exchange, self._limit, self._state = exchange, PAGE_BYTES, ()
        self.refresh()

    def refresh(self) -> None:
        """Take over what has come since; where more has come than is shown, only the count changes."""
        one = self._exchange
        self._foot.setVisible(one is not None)
        if one is None:
            self._view.setPlaceholderText(tr(EMPTY))
            self._view.show_json("", is_json=False)
            return
        self._view.setPlaceholderText(tr("Nothing has come yet." if one.recording.end is None else "No byte came."))
        limit = HEX_BYTES if self._hex.isChecked() else self._limit
        data = one.decoded.data
        state = (one, min(len(data), limit), one.recording.head, self._hex.isChecked(), limit)
        if state != self._state:
            self._state = state
            self._show(bytes(data[:limit]), limit)
        self._say(len(data), limit)

    def _show(self, data: bytes, limit: int) -> None:
        body = hex_dump(data) if self._hex.isChecked() else bytes_as_text(data, limit)
        bar = self._view.verticalScrollBar()
        place = bar.value()
        self._view.show_json(self._head() + body, is_json=False)
        bar.setValue(place)

    def _head(self) -> str:
        head = self._exchange.recording.head if self._exchange else None
        if head is None:
            return ""
        lines = [f"{head.http_version} {head.status} {head.reason}".rstrip()]
        lines += [f"{name}: {value}" for name, value in head.headers]
        return visible("\n".join(lines)) + "\n\n"

    def _say(self, size: int, limit: int) -> None:
        assert self._exchange is not None
        encoding = self._exchange.recording.content_encoding
        raw = len(self._exchange.recording.body.data)
        packed = "framed" if self._exchange.framed else "encoded" if encoding else "no"
        fields = {"size": size, "first": limit if size > limit else None, "encoding": encoding, "raw": raw, "packed": packed}
        self._said.set_segments(Segment(tr(BODY, **fields)))
        self._more.setVisible(size > limit and not self._hex.isChecked())

    def _on_more(self) -> None:
        self._limit *= 2
        self.refresh()


def hex_dump(data: bytes) -> str:
    """Sixteen bytes a line: offset, hex, and the printable ASCII."""
    lines = []
    for at in range(0, len(data), 16):
        piece = data[at : at + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in piece)
        lines.append(f"{at:08x}  {piece.hex(' '):<47}  {text}")
    return "\n".join(lines)
