"""A row of widgets that goes on in the next line where it gets narrow."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Flow(QWidget):
    """Widgets from left to right, each as large as it likes to be and no wider than the whole, in as many lines as it takes.

    WORKAROUND: a widget that places its children, not a QLayout written in Python. Seen with PySide6 6.11.3: the items of such
    a layout became invalid when another page was deleted, and the error in its `minimumSize` ended the program.
    """

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 6, line_spacing: int | None = None) -> None:
        """`line_spacing`: between two lines, where that is not the same."""
        super().__init__(parent)
        self._spacing = spacing
        self._line_spacing = spacing if line_spacing is None else line_spacing
        self._parts: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def parts(self) -> list[QWidget]:
        """The widgets in their order, hidden ones too."""
        return list(self._parts)

    def add(self, part: QWidget) -> None:
        """Take a widget behind the others, and show it unless it was hidden."""
        hidden = part.isHidden() and part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
        self._parts.append(part)
        part.setParent(self)
        if not hidden:
            part.show()
        self._changed()

    def clear(self) -> None:
        """Throw all of them away."""
        parts, self._parts = self._parts, []
        for part in parts:
            part.hide()
            part.deleteLater()
        self._changed()

    # -- where they stand ---------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # one of them has another size, or is hidden or shown
            self._changed()
        return bool(super().event(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width(), moves=True)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, moves=False)

    def sizeHint(self) -> QSize:
        hints = [_size(part) for part in self._shown]
        width = sum(hint.width() for hint in hints) + self._spacing * max(0, len(hints) - 1)
        return self._with_margins(QSize(width, max((hint.height() for hint in hints), default=0)))

    def minimumSizeHint(self) -> QSize:
        """One line of nothing: what is too wide is shortened by whoever owns it."""
        return self._with_margins(QSize(0, max((_size(part).height() for part in self._shown), default=0)))

    @property
    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not part.isHidden()]

    def _changed(self) -> None:
        self.updateGeometry()
        self._place(self.width(), moves=True)

    def _with_margins(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        return QSize(size.width() + margins.left() + margins.right(), size.height() + margins.top() + margins.bottom())

    def _place(self, width: int, *, moves: bool) -> int:
        """Put them into that width; returns the height that they take."""
        margins = self.contentsMargins()
        left, right = margins.left(), width - margins.right()
        x, y, line = left, margins.top(), 0
        for part in self._shown:
            wanted = _size(part)
            size = QSize(min(wanted.width(), max(0, right - left)), wanted.height())
            if x > left and x + size.width() > right:
                x, y, line = left, y + line + self._line_spacing, 0
            if moves:
                part.setGeometry(QRect(QPoint(x, y), size))
            x, line = x + size.width() + self._spacing, max(line, size.height())
        return y + line + margins.bottom()


def _size(part: QWidget) -> QSize:
    """As large as a widget likes to be, within what it was told."""
    wanted = part.sizeHint().expandedTo(part.minimumSizeHint()).expandedTo(part.minimumSize())
    return wanted.boundedTo(part.maximumSize())
