"""What the Endpoints page looks like: the list at the left, form and test at the right, an empty state, a bar for troubles."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.endpoints.form.form import EndpointForm
from ui.endpoints.list import EndpointList
from ui.endpoints.verdict_panel import VerdictPanel
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.notice import Notice, NoticeCard
from ui.widgets.whole_rows import WholeRows

LIST_WIDTH = 272
FORM_WIDTH = 860
PANEL_WIDTH = 460
WIDE = 1060
DEMO_NOTE = message(
    "A demo endpoint: it runs on this machine, needs no key and costs nothing. It is made anew at each start of Diptych, "
    "so it can be tested and used, but not changed."
)
MAX_SIZE = 16_777_215  # QWIDGETSIZE_MAX
EMPTY = message(
    "An endpoint is an address that answers LLM requests: an official one, a relay, or a server of your own. "
    "Add one, give it its key, test it, and use it as A or B on the Compare page."
)


class EndpointsView(QWidget):
    """The widgets and where they stand.

    Attributes:
        bar: troubles with the file, at the top. notice: troubles with the chosen endpoint, above its form.
        list, form, panel: the endpoints, the chosen one's form, its test.

    Signals:
        add_asked: a button that adds was pressed.
    """

    add_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar, self.notice = NoticeCard(), NoticeCard()
        self.list, self.form, self.panel = EndpointList(), EndpointForm(), VerdictPanel()
        self.add_button = QPushButton(tr("Add endpoint…"))
        self.copy_button, self.delete_button = _quiet(tr("Duplicate")), _quiet(tr("Delete"))
        self.up_button, self.down_button = _quiet("▲", tr("Move up (Alt+Up)")), _quiet("▼", tr("Move down (Alt+Down)"))
        self.use_a, self.use_b = QPushButton(tr("Use as A")), QPushButton(tr("Use as B"))
        self.revert_button, self.save_button = QPushButton(tr("Revert")), QPushButton(tr("Save"))
        self.title, self.state = ElidedLabel(scale=1.2), ElidedLabel(scale=0.92)
        self._right = QStackedWidget()
        self._split = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._divider, self._scroll = _line(), QScrollArea()
        self._build()
        self.add_button.clicked.connect(self.add_asked)
        self.notice.chosen.connect(lambda choice: choice())

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 12, 14, 14)
        outer.setSpacing(10)
        outer.addWidget(self.bar)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        outer.addLayout(columns, 1)
        columns.addWidget(self._left())
        columns.addWidget(self._right, 1)
        self._right.addWidget(self._empty())
        self._add_editor()

    def _left(self) -> QFrame:
        card = _card()
        layout = QVBoxLayout(card)
        layout.setContentsMargins(1, 10, 1, 8)
        layout.setSpacing(6)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setContentsMargins(10, 0, 10, 0)
        head.addWidget(self.add_button, 1)
        foot.setContentsMargins(8, 0, 8, 0)
        foot.setSpacing(2)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.delete_button)
        foot.addStretch(1)
        foot.addWidget(self.up_button)
        foot.addWidget(self.down_button)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)
        card.setFixedWidth(max(LIST_WIDTH, layout.minimumSize().width()))  # with large fonts the foot needs more
        return card

    def _empty(self) -> QFrame:
        card = _card()
        layout = QVBoxLayout(card)
        layout.setContentsMargins(40, 40, 40, 40)
        layout.setSpacing(10)
        text = PlainLabel(tr(EMPTY), wrap=True, role="muted")
        text.setMaximumWidth(520)
        add = QPushButton(tr("Add endpoint…"))
        add.setAccessibleName(tr("Add your first endpoint…"))
        add.setObjectName("strong")
        add.clicked.connect(self.add_asked)
        layout.addStretch(2)
        layout.addWidget(PlainLabel(tr("No endpoint of your own yet"), bold=True, scale=1.3))
        layout.addWidget(text)
        layout.addSpacing(6)
        layout.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(3)
        return card

    def _add_editor(self) -> None:
        """Each part is put to its place before it is filled: the form has many widgets, all styled anew with each move."""
        card = _card()
        self._right.addWidget(card)
        outer = QVBoxLayout(card)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(self._head())
        outer.addWidget(_line())
        self._split.setSpacing(0)
        outer.addLayout(self._split, 1)
        self._split.addWidget(self._scroll, 3)
        self._fill_scroll()
        self._split.addWidget(self._divider)
        self._split.addWidget(self.panel)

    def _fill_scroll(self) -> None:
        body = QWidget(self._scroll.viewport())
        body.setObjectName("plainPage")
        inside = QVBoxLayout(body)
        inside.setContentsMargins(18, 14, 18, 18)
        inside.setSpacing(12)
        self.form.setMaximumWidth(FORM_WIDTH)
        inside.addWidget(self.notice)
        inside.addWidget(self.form)
        inside.addStretch(1)
        self._scroll.setObjectName("plainPage")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields take the keyboard, and scroll into view for it
        self._scroll.setWidget(body)
        WholeRows(self._scroll)

    def _head(self) -> QWidget:
        head = QWidget()
        layout = QHBoxLayout(head)
        layout.setContentsMargins(18, 10, 14, 10)
        layout.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.title)
        words.addWidget(self.state)
        layout.addLayout(words, 1)
        self.save_button.setObjectName("strong")
        for button in (self.use_a, self.use_b, self.revert_button, self.save_button):
            layout.addWidget(button)
        return head

    def show_editor(self, shown: bool) -> None:
        """Show the form, or what is there without an endpoint, which has its own button to add one."""
        self.add_button.setVisible(shown)
        self._right.setCurrentIndex(1 if shown else 0)

    def complain(self, title: str, sentence: str, *actions: tuple[str, object], role: str = "bad") -> None:
        """Say above the form what did not work; an action is (button, function)."""
        self.notice.show_notice(Notice(title, sentence, role=role, actions=actions))
        self.show_top()

    def show_top(self) -> None:
        """Scroll the form to its beginning."""
        self._scroll.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """The test stands beside the form where there is room, else below it, small until there are verdicts."""
        wide = self.width() - LIST_WIDTH >= WIDE
        self._split.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._divider.setMaximumSize(*((1, MAX_SIZE) if wide else (MAX_SIZE, 1)))
        self.panel.setMinimumWidth(PANEL_WIDTH if wide else 0)
        self.panel.set_beside(wide)
        self._split.setStretchFactor(self.panel, 2 if wide else 0 if self.panel.is_empty else 3)


def _card() -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    return card


def _quiet(title: str, name: str = "") -> QPushButton:
    button = QPushButton(title)
    button.setObjectName("quiet")
    button.setAccessibleName(name or title)
    button.setToolTip(name)
    return button


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("line")
    line.setMinimumSize(1, 1)
    line.setMaximumSize(MAX_SIZE, 1)
    return line
