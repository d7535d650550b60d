"""The findings of a side: what is off about its answers, whom it hurts, what to do, and where it was seen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.protocols.findings import Finding
from app.run.side import Side
from app.text import numbers
from ui.compare.pane.side_view import SEVERITIES
from ui.widgets.labels import PlainLabel, SegmentLine
from ui.widgets.segments import Segment

EMPTY = "Nothing deviates from the protocol in this answer."
BEFORE = "What deviates from the protocol will be listed here, with the event at which it was seen."
REMEDY = "At the endpoint: "  # what its operator can do
MAX_SHOWN = 100
TEXT_LIMIT = 600


class FindingsView(QScrollArea):
    """The list of findings.

    Signals:
        event_wanted: the user wants to see where it was: (round from 1, index of the event).
    """

    event_wanted = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plainPage")
        self.setAccessibleName("Findings")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown: list[tuple[int, Finding]] | None = None
        self.show_side(None)

    def show_side(self, side: Side | None) -> None:
        found = side.findings if side is not None else []
        if found == self._shown and found:
            return
        self._shown = found
        page = QWidget()
        page.setObjectName("plainPage")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(14)
        if not found:
            empty = PlainLabel(EMPTY if side is not None and side.rounds else BEFORE, role="muted", wrap=True)
            empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(empty, 1)
        for number, one in found[:MAX_SHOWN]:
            layout.addLayout(self._card(number, one, several=side is not None and len(side.rounds) > 1))
        if len(found) > MAX_SHOWN:
            layout.addWidget(PlainLabel(f"{numbers.grouped(len(found) - MAX_SHOWN)} more are not shown.", role="muted"))
        if found:
            layout.addStretch(1)
        self.setWidget(page)

    def _card(self, number: int, one: Finding, *, several: bool) -> QVBoxLayout:
        shape, role, meaning = SEVERITIES[one.severity]
        title = SegmentLine()
        name = Segment(f"{shape} {one.title}", "text" if role == "muted" else role, True)
        where = f" · round {number}" if several and one.event is None else ""
        title.set_segments(name, Segment(f"{one.id} · {meaning}{where}"))
        head = QHBoxLayout()
        head.addWidget(title, 1)
        if one.event is not None:
            where = f"Round {number}, event {one.event}" if several else f"Event {one.event}"
            button = QPushButton(where)
            button.setObjectName("quiet")
            button.clicked.connect(lambda _=False, at=(number, one.event - 1): self.event_wanted.emit(*at))
            head.addWidget(button)
        card = QVBoxLayout()
        card.setSpacing(3)
        card.addLayout(head)
        card.addWidget(_text(one.sentence))
        for text, before in ((one.hurts, ""), (one.remedy, REMEDY)):
            if text:
                card.addWidget(_text(before + text, role="muted"))
        return card


def _text(text: str, role: str = "text") -> PlainLabel:
    return PlainLabel(text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…", role=role, wrap=True, selectable=True)
