"""A scroll area that is as high as what stands in it, and scrolls only where there is no room for that."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from ui.widgets.whole_rows import rows_in

LEAST_LINES = 3
BESIDE_BAR = 4  # px between the words and the bar: a line of Chinese is full to its end


class AsHighAsNeeded(QScrollArea):
    """Holds a widget whose height follows from its width, such as one of wrapping texts."""

    def __init__(self, held: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plainPage")
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self._held = held
        self.setWidget(held)
        self.viewport().setAutoFillBackground(False)
        held.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        held = self._held
        return QSize(held.sizeHint().width(), max(held.heightForWidth(self.width()), held.minimumSizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self.sizeHint().height(), LEAST_LINES * self.fontMetrics().height()))

    def _fit_bar(self) -> None:
        """No scroll bar where there is room for all: it takes of the width, texts wrap more for it, and that would keep it.
        Where there is not, what is in view at first ends with a whole line.
        """
        fits = self.height() >= self.sizeHint().height()
        ends = (row.bottom() + 1 for row in rows_in(self._held, self._held))
        below = 0 if fits else min((self.height() - end for end in ends if end <= self.height()), default=0)
        margins = QMargins(0, 0, 0 if fits else BESIDE_BAR, below)
        if margins != self.viewportMargins():
            self.setViewportMargins(margins)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bar()
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._fit_bar()
        if event.type() is QEvent.Type.Show and watched is self._held and (layout := self._held.layout()) is not None:
            # WORKAROUND: Qt 6.11 forgets the size that a widget is given while it is told of one from before it was shown, as
            # when the bar appears: its texts would go on as wide as without the bar, and under it.
            layout.invalidate()
            layout.activate()
        return done
