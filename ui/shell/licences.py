"""The licences of all that Diptych is made of: a list, and beside it the text of the one that is chosen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from app.licences import components
from app.text.sentences import tr
from ui.style.theme import mono_font
from ui.widgets.labels import PlainLabel
from ui.widgets.whole_rows import WholeRows

SIZE = (860, 560)
LIST_WIDTH = 270
ROOM = 10  # above and below a line of the list
COLUMNS = 82  # of the widest usual licence text, and its scroll bar


class LicencesDialog(QDialog):
    """Attributes: components: what is listed. list: their names and versions. heading, text: the chosen one's licence."""

    def __init__(self, parent: QDialog) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Licences, Diptych"))
        self.resize(*SIZE)
        self.components = components()
        self.list = QListWidget()
        self.list.setAccessibleName(tr("What Diptych is made of"))
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        WholeRows(self.list, "window")
        for one in self.components:
            item = QListWidgetItem(f"{one.name} {one.version}")
            item.setSizeHint(QSize(LIST_WIDTH - 20, self.list.fontMetrics().height() + ROOM))
            self.list.addItem(item)
        self.heading = PlainLabel(bold=True, wrap=True, selectable=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Text of the licence"))
        self.text.setFont(mono_font())
        self._lay_out()
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _lay_out(self) -> None:
        explained = PlainLabel(
            tr(
                "Diptych itself is under the MIT licence. {count:plural part|parts} of this installation {count:word is|are}"
                " others' work, each under its own licence.",
                count=len(self.components),
            ),
            role="muted",
            wrap=True,
        )
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        card = QFrame()
        card.setObjectName("card")
        beside = QVBoxLayout(card)
        beside.setContentsMargins(14, 12, 4, 4)
        beside.setSpacing(8)
        beside.addWidget(self.heading)
        beside.addWidget(self.text, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(self.list)
        columns.addWidget(card, 1)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(explained)
        layout.addLayout(columns, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        width = LIST_WIDTH + COLUMNS * QFontMetrics(mono_font()).horizontalAdvance("x") + 60
        self.resize(max(width, SIZE[0]), SIZE[1])

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self.components):
            return
        one = self.components[row]
        self.heading.setText(
            tr(
                "{name} {version}: {licence:or see its text}",
                name=one.name,
                version=one.version,
                licence=one.licence or (tr("no licence is named") if not one.text else ""),
            )
        )
        self.text.setPlainText(one.text or tr("Its package came without a text."))
