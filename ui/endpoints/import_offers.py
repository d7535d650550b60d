"""Offers what the environment and a `.env` file hold for an endpoint: keys and base URLs. Nothing is taken unasked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.widgets.fields import WrapLabel, fit_height
from ui.widgets.labels import ElidedLabel, PlainLabel

if TYPE_CHECKING:
    from app.asking.environment import Offer


class ImportOffersDialog(QDialog):
    """A row for each variable, with what can be done with it.

    Signals:
        session_chosen: use this key until Diptych closes; the offer.
        keyring_chosen: save this key in the keyring; the offer.
        address_chosen: take this base URL; the offer.
        file_wanted: show what another file of variables offers.
    """

    session_chosen = Signal(object)
    keyring_chosen = Signal(object)
    address_chosen = Signal(object)
    file_wanted = Signal()

    def __init__(self, offers: Sequence[Offer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Diptych")
        self.setAccessibleName(tr("From the environment"))
        self.setMinimumWidth(620)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 16)
        layout.setSpacing(10)
        layout.addWidget(PlainLabel(tr("From the environment"), bold=True, scale=1.1))
        layout.addWidget(
            WrapLabel(tr("Nothing of this is used unless you choose it here. The variables stay as they are."), role="muted")
        )
        if offers:
            layout.addWidget(self._rows(offers))
        else:
            layout.addWidget(WrapLabel(tr("There is no key and no address that fits.")))
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        other = QPushButton(tr("Another .env file…"))
        other.setAutoDefault(False)
        other.clicked.connect(self.file_wanted)
        line = QHBoxLayout()
        line.addWidget(other)
        line.addStretch(1)
        line.addWidget(close)
        layout.addLayout(line)
        fit_height(self)

    def _rows(self, offers: Sequence[Offer]) -> QFrame:
        frame = QFrame()
        frame.setObjectName("card")
        grid = QGridLayout(frame)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(0, 1)
        for row, offer in enumerate(offers):
            title = ElidedLabel()
            title.set_text(offer.variable, bold=True)
            detail = ElidedLabel()
            detail.set_text(f"{offer.source} · {offer.masked}", "muted")
            words = QVBoxLayout()
            words.setSpacing(1)
            words.addWidget(title)
            words.addWidget(detail)
            grid.addLayout(words, row, 0)
            for column, button in enumerate(self._buttons(offer), start=1):
                grid.addWidget(button, row, column)
        return frame

    def _buttons(self, offer: Offer) -> list[QPushButton]:
        if offer.kind == "base_url":
            return [self._button(tr("Use this address"), offer, self.address_chosen)]
        return [
            self._button(tr("Use for this session"), offer, self.session_chosen),
            self._button(tr("Save in the keyring"), offer, self.keyring_chosen),
        ]

    def _button(self, text: str, offer: Offer, signal: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setAccessibleName(tr("{label}: {value}", label=text, value=offer.variable))

        def choose() -> None:
            signal.emit(offer)  # type: ignore[attr-defined]  # WORKAROUND: PySide6 6.11.3's stubs know no bound signal
            self.accept()

        button.clicked.connect(choose)
        return button
