"""A bar with one sentence and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.text.sentences import tr
from ui.widgets.labels import SegmentLine
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Callable


class Bar(QFrame):
    """A line of text with buttons; hidden where it has nothing to say."""

    def __init__(self, parent: QWidget | None = None, *, framed: bool = True) -> None:
        super().__init__(parent)
        if framed:
            self.setObjectName("card")
        self._line = SegmentLine()
        self._row = QHBoxLayout(self)
        self._framed = framed
        self.set_tight(False)
        self._row.addWidget(self._line, 1)
        self._buttons: list[QPushButton] = []
        self.hide()

    def set_tight(self, tight: bool) -> None:
        """Take less height, in a low window."""
        self._row.setContentsMargins(*((12, 1 if tight else 5, 6, 1 if tight else 5) if self._framed else (0, 0, 0, 0)))

    @property
    def text(self) -> str:
        """What it says, "" where it is hidden."""
        return "" if self.isHidden() else self._line.text

    def say(self, *segments: Segment, actions: tuple[tuple[str, Callable[[], object]], ...] = ()) -> None:
        """Show these pieces and buttons; without pieces, hide."""
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        self._line.set_segments(*segments)
        for title, action in actions:
            button = QPushButton(title.replace("&", "&&"))
            button.setAccessibleName(title)
            button.setObjectName("quiet")
            button.clicked.connect(lambda _=False, chosen=action: chosen())
            self._row.addWidget(button)
            self._buttons.append(button)
        self.setVisible(bool(segments))
        if segments:
            from ui.widgets.announce import announce  # not before there is something to say

            announce(self, self._line.text, at_once=any(one.role == "bad" for one in segments))

    def tell(self, text: str, role: str) -> None:
        """Say something until it is dismissed, or something else is said.

        What was done (role "ok") is said over the window's foot instead, and leaves by itself.
        """
        if role == "ok":
            from ui.widgets.toast import toast

            toast(self, text)
        else:
            self.say(Segment(text, role), actions=((tr("Dismiss"), self.say),))
