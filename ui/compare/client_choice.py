"""My client: for which client both sides are judged, chosen beside the request and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QStyleOptionComboBox, QWidget

from app.text.sentences import message, tr
from ui.compare.request.chip import row_height
from ui.shared.sides import NAMES
from ui.style.theme import changes_fonts, font, text_scale
from ui.widgets.labels import PlainLabel, plain_tip

if TYPE_CHECKING:
    from app.store.profiles import Profile
    from ui.compare.following import RunFollower
    from ui.compare.session import RunSession
    from ui.compare.view import CompareView
    from ui.shared.services import Services
    from ui.shared.sides import Sides

OFFICIAL = message("official clients")
OWN = message("as at the endpoint")
TIP = message(
    "For which client both sides are judged: the verdict, the findings and the sentence say what it does with these answers"
)
WIDEST = 240
FRAME = 48  # what the padding, the border and the arrow of a small list take of its width


class ClientChoice(QWidget):
    """A list of clients behind the words "my client". It is filled when it is first opened.

    Signals:
        wanted: the list is about to open. resized: it takes more or less room.
        chosen: another client, by name; "" for none of its own.
    """

    wanted = Signal()
    chosen = Signal(str)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = PlainLabel(tr("my client"), role="muted")
        self.clients = _OpeningCombo()
        self.clients.setAccessibleName(tr("My client"))
        self.clients.setToolTip(plain_tip(tr(TIP)))
        self.clients.setObjectName("small")
        self.clients.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clients.opening.connect(self.wanted)
        self.clients.activated.connect(lambda index: self.chosen.emit(str(self.clients.itemData(index) or "")))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self.clients)

    @property
    def title(self) -> str:
        """What is chosen, as it is read."""
        return self.clients.currentText()

    def show_clients(self, clients: list[tuple[str, str]], chosen: str) -> None:
        """Offer these (name, title), one of them chosen."""
        self.clients.clear()
        for name, title in clients:
            self.clients.addItem(title, name)
        self.clients.setCurrentIndex(max(0, self.clients.findData(chosen)))
        self._fit()

    def _fit(self) -> None:
        width = QFontMetrics(font()).horizontalAdvance(self.title) + FRAME + 4
        self.clients.setFixedHeight(row_height())
        self.clients.setFixedWidth(min(width, round(WIDEST * text_scale())))
        self.updateGeometry()
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._fit()


class _OpeningCombo(QComboBox):
    """Says before it opens, so that what it offers can be looked up then; as wide as it must be when it is open."""

    opening = Signal()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = self.width() - FRAME
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def showPopup(self) -> None:
        self.opening.emit()
        widths = (self.fontMetrics().horizontalAdvance(self.itemText(index)) for index in range(self.count()))
        self.view().setMinimumWidth(max(widths, default=0) + FRAME)
        self.view().setTextElideMode(Qt.TextElideMode.ElideNone)
        super().showPopup()


class MyClient(QObject):
    """Keeps the chosen client: in the settings, on both sides of the run that is shown, and in what is said of them."""

    def __init__(self, services: Services, view: CompareView, session: RunSession, sides: Sides) -> None:
        super().__init__(view)
        self._services, self._view, self._session, self._sides = services, view, session, sides
        self._follower: RunFollower | None = None
        self.choice = ClientChoice()
        self.choice.wanted.connect(self._offer)
        self.choice.chosen.connect(self.choose)
        session.started.connect(self._on_started)
        session.turned.connect(self._on_started)
        sides.choice_changed.connect(lambda _: self._show_alone())
        self._show_alone()
        if self.name:
            QTimer.singleShot(0, self._show_alone)  # its version stands in a file that is not read for the first picture

    @property
    def name(self) -> str:
        """The chosen client; "" for that of the endpoint, or the official ones."""
        return self._services.settings.my_client

    def tell(self, follower: RunFollower) -> None:
        """What is said of a run is said anew by this one when another client is chosen."""
        self._follower = follower

    def open(self) -> None:
        """Open the list."""
        self.choice.clients.setFocus()
        self.choice.clients.showPopup()

    def choose(self, name: str) -> None:
        """Judge both sides for another client."""
        if problem := self._services.save_settings(my_client=name):
            self._view.say(problem, "warn")
        self._show_alone()
        self._on_started()
        if self._follower is not None:
            self._follower.say_again()

    def _on_started(self) -> None:
        for side in self._session.sides.values():
            side.client = self.name

    @property
    def _profiles(self) -> list[Profile]:
        return [one for name in NAMES if (one := self._sides.profile(name)) is not None]

    @property
    def _usual(self) -> tuple[str, str]:
        return "", tr(OWN if any(one.client for one in self._profiles) else OFFICIAL)

    def _show_alone(self) -> None:
        """What is chosen; the others are looked up when the list is opened."""
        chosen = [(self.name, self._title(self.name))] if self.name else []
        self.choice.show_clients([self._usual, *chosen], self.name)

    def _title(self, name: str) -> str:
        if self._session.sides or self.choice.isVisible():
            from app.clients.table import table  # reads a large file

            return next((one.title for one in table().clients.values() if one.name == name), name)
        return name

    def _offer(self) -> None:
        """The clients that were run in the protocols of both sides, those that speak both first."""
        from app.clients.table import table  # reads a large file

        protocols = {one.protocol for one in self._profiles}
        spoken = [one for one in table().clients.values() if protocols & set(one.suffix) or one.name == self.name]
        both_first = sorted(spoken, key=lambda one: not protocols <= set(one.suffix))
        self.choice.show_clients([self._usual, *((one.name, one.title) for one in both_first)], self.name)
