"""The findings of a side: what is off about its answers, whom it hurts, what to do, and where it was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.clients.impact import impact_on
from app.protocols.findings import Severity
from app.run.finding_groups import FindingGroup, finding_groups
from app.run.side import seen_in
from app.text import numbers
from ui.compare.pane.clients_line import ClientsLine
from ui.compare.pane.side_view import SEVERITIES
from ui.widgets.labels import PlainLabel, SegmentLine
from ui.widgets.segments import Segment
from ui.widgets.tab_order import follow

if TYPE_CHECKING:
    from app.clients.table import Client
    from app.exchange.exchange import Exchange
    from app.protocols.findings import Finding
    from app.run.side import Side

EMPTY = "Nothing deviates from the protocol in this answer."
BEFORE = "What deviates from the protocol will be listed here, with the event at which it was seen."
REMEDY = "At the endpoint: "  # what its operator can do
MAX_SHOWN = 100
MAX_PLACES = 9  # of one finding
COLUMNS = 3  # of places, in the narrowest pane
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
        self._shown: tuple[list[FindingGroup], Client | None] | None = None
        self.show_side(None)

    def show_side(self, side: Side | None) -> None:
        found = finding_groups(side) if side is not None else []
        client = side.my_client if side is not None else None
        if (found, client) == self._shown and found:
            return
        self._shown = found, client
        page = QWidget()
        page.setObjectName("plainPage")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(14)
        if not found:
            empty = PlainLabel(EMPTY if side is not None and side.rounds else BEFORE, role="muted", wrap=True)
            empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(empty, 1)
        for group in found[:MAX_SHOWN]:
            assert side is not None
            layout.addLayout(self._card(group, side))
        if len(found) > MAX_SHOWN:
            layout.addWidget(PlainLabel(f"{numbers.grouped(len(found) - MAX_SHOWN)} more are not shown.", role="muted"))
        if found:
            layout.addStretch(1)
        self.setWidget(page)
        follow(self, page)

    def _card(self, group: FindingGroup, side: Side) -> QVBoxLayout:
        one, several = group.first, len(side.rounds) > 1
        seen = seen_in(side.rounds[group.seen[0][0] - 1])
        shape, role, meaning = SEVERITIES[one.severity]
        client = side.my_client
        if client is not None and one.severity is Severity.BREAKS:
            meaning = f"breaks {client.title}"
        title = SegmentLine()
        name = Segment(f"{shape} {one.title}", "text" if role == "muted" else role, True)
        unplaced = [
            str(number) for number in sorted(group.rounds) if all(each.event is None for at, each in group.seen if at == number)
        ]
        where = f" · round {', '.join(unplaced)}" if several and unplaced else ""
        title.set_segments(name, Segment(f"{one.id} · {meaning}{where}"))
        head = QHBoxLayout()
        head.addWidget(title, 1)
        buttons = [
            self._button(number, each.event, one.title, several)
            for number, each in group.seen[:MAX_PLACES]
            if each.event is not None
        ]
        row = ClientsLine(one, seen)
        card = QVBoxLayout()
        card.setSpacing(3)
        card.addLayout(head)
        if len(buttons) == 1:
            head.addWidget(buttons[0])
        head.addWidget(row.button)
        if len(buttons) > 1:
            places = QGridLayout()
            places.setColumnStretch(COLUMNS, 1)
            for at, button in enumerate(buttons):
                places.addWidget(button, at // COLUMNS, at % COLUMNS)
            card.addLayout(places)
        if len(group.seen) > MAX_PLACES:  # how often is not known: the reader notes a rule only so many times
            card.addWidget(_text(f"Seen more than {MAX_PLACES} times; these are the first.", role="muted"))
        for number, sentence in _sentences(group, several=several):
            card.addWidget(_text(f"Round {number}: {sentence}" if number else sentence))
        if client is not None:
            card.addWidget(_text(impact_on(client, one, seen).words))
        for text, before in ((one.hurts, ""), (one.remedy, REMEDY)):
            if text:
                card.addWidget(_text(before + text, role="muted"))
        card.addWidget(row)
        card.addWidget(self._copy_issue(side.rounds[group.seen[0][0] - 1], one), 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _copy_issue(self, seen_in_round: Exchange, one: Finding) -> QPushButton:
        """Puts the finding as an issue on the clipboard."""
        button = QPushButton("Copy issue")
        button.setObjectName("quiet")
        button.setAccessibleName(f"Copy as an issue for the endpoint's operator: {one.title}")
        button.setToolTip("What was sent, what came and what is wrong with it, as Markdown, keys masked")

        def copy() -> None:
            from app.report.issue import issue_text

            QGuiApplication.clipboard().setText(issue_text(seen_in_round, one))
            button.setText("✓ Copied")

        button.clicked.connect(copy)
        return button

    def _button(self, number: int, event: int, title: str, several: bool) -> QPushButton:
        button = QPushButton(f"Round {number}, event {event}" if several else f"Event {event}")
        button.setObjectName("quiet")
        button.setAccessibleName(f"{button.text()}: {title}")
        button.clicked.connect(lambda: self.event_wanted.emit(number, event - 1))
        return button


def _sentences(group: FindingGroup, *, several: bool) -> list[tuple[int, str]]:
    """What was seen, with the round where it is not the same in each of several; 0 where it is."""
    said: dict[str, int] = {}
    for number, one in group.seen:
        said.setdefault(one.sentence, number)
    return [(number if several and len(said) > 1 else 0, sentence) for sentence, number in said.items()][:MAX_PLACES]


def _text(text: str, role: str = "text") -> PlainLabel:
    return PlainLabel(text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…", role=role, wrap=True, selectable=True)
