"""The rail at the window's left: a button for each page, and the settings at its foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.style.icons import icon
from ui.style.theme import changes_fonts, colors, font
from ui.widgets.hear_as import hear_as

SETTINGS = message("Settings")
LEAST_WIDTH = 76


class Rail(QFrame):
    """The buttons, of which that of the page in view is pressed.

    Signals:
        page_chosen: the number of a button's page in the order in which they were given.
        settings_wanted: the button at the foot was pressed.
    """

    page_chosen = Signal(int)
    settings_wanted = Signal()
    heard_as = "tabs"

    def __init__(self, pages: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`pages` are (title, icon)."""
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName(tr("Pages"))
        self._titles = (*(one for one, _ in pages), tr(SETTINGS))
        self._buttons: list[QToolButton] = []
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 10, 6, 10)
        layout.setSpacing(6)
        for number, (title, icon_name) in enumerate(pages):
            button = self._button(title, icon_name)
            button.setCheckable(True)
            hear_as(button, "tab")
            self._group.addButton(button, number)
            layout.addWidget(button)
        layout.addStretch(1)
        settings = self._button(tr(SETTINGS), "settings")
        settings.clicked.connect(self.settings_wanted)
        layout.addWidget(settings)
        self._group.idClicked.connect(self.page_chosen)
        self._fit()

    def _fit(self) -> None:
        """As wide as the longest title needs it, in bold: people choose larger fonts than ours."""
        metrics = QFontMetrics(font(0.9, bold=True))
        width = max(LEAST_WIDTH, *(metrics.horizontalAdvance(title) + 14 for title in self._titles))
        self.setFixedWidth(width + 12)
        for button in self._buttons:
            button.setFixedSize(width, 40 + QFontMetrics(font(0.9)).height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._fit()

    def _button(self, title: str, icon_name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("rail")
        button.setText(title)
        button.setProperty("iconName", icon_name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(20, 20))
        button.setFont(font(0.9))
        self._buttons.append(button)
        button.setAccessibleName(title)
        button.setIcon(icon(icon_name, colors().text))
        return button

    def press(self, number: int) -> None:
        """Show which page is in view, without saying that the user chose it."""
        self._group.button(number).setChecked(True)

    def recolor(self) -> None:
        for button in self.findChildren(QToolButton):
            button.setIcon(icon(str(button.property("iconName")), colors().text))
