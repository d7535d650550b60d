"""A button with a list: are the panes linked by word, by time, or not at all?"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.text.sentences import tr
from ui.compare.link_mode import TIPS, WORDS, Link
from ui.style.icons import icon
from ui.style.theme import colors, font
from ui.widgets.labels import plain_tip

ROUND_WORDS = 20  # what the padding, the border and the icon's distance take of the width


class LinkChooser(QPushButton):
    """`compact`: its icon alone, for a narrow place.

    Signals:
        link_chosen: the user chose how the panes are linked.
    """

    link_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self._compact = compact
        self._link = Link.WORD
        if compact:
            self.setObjectName("quiet")
            self.setFixedWidth(30)
        else:
            self.setFont(font(0.92))
            self.setStyleSheet("padding: 1px 6px;")
        self.setIconSize(QSize(16, 16))
        self._menu: QMenu | None = None
        self.clicked.connect(self._open)
        self.show_link(Link.WORD)

    @property
    def link(self) -> Link:
        return self._link

    @property
    def width_of_words(self) -> int:
        """How wide it is with its words."""
        self.ensurePolished()
        return self.fontMetrics().horizontalAdvance(f"{tr(WORDS[self._link])} ▾") + self.iconSize().width() + ROUND_WORDS

    def set_compact(self, compact: bool) -> None:
        """Show the icon alone, or the words with it."""
        if compact != self._compact:
            self._compact = compact
            self.show_link(self._link)

    def show_link(self, link: Link) -> None:
        """Show how they are linked, without saying that the user chose it."""
        self._link = link
        self.setText("" if self._compact else f"{tr(WORDS[link])} ▾")
        self.setToolTip(plain_tip(tr("{tip}. Click for another way.", tip=tr(TIPS[link]))))
        self.setAccessibleName(tr("The sides are {how}", how=tr(WORDS[link])))
        self.recolor()

    def choose(self, link: Link) -> None:
        """As if the user had chosen it in the list."""
        self.show_link(link)
        self.link_chosen.emit(link)

    def recolor(self) -> None:
        self.setIcon(icon("released" if self._link is Link.OFF else "linked", colors().muted, 16))

    @property
    def menu_of_links(self) -> QMenu:
        """The list; made when it is first needed."""
        if self._menu is None:
            self._menu = QMenu(self)
            for link, template in WORDS.items():
                words = tr(template)
                action = self._menu.addAction(words[0].upper() + words[1:])
                action.setCheckable(True)
                action.setToolTip(plain_tip(tr(TIPS[link])))
                action.setData(link)
                action.triggered.connect(lambda _=False, chosen=link: self.choose(chosen))
        for action in self._menu.actions():
            action.setChecked(action.data() == self._link)
        return self._menu

    def _open(self) -> None:
        self.menu_of_links.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))
