"""Above the table: which checks are listed, a field to find one, and those that cost much and are off until asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QWidget

from app.text.sentences import message, render, tr
from ui.checks.filters import Filter
from ui.widgets.labels import PlainLabel
from ui.widgets.segmented import Segmented

FILTERS = (Filter.ALL, Filter.FAIL, Filter.DIFFERS, Filter.UNTOLD, Filter.NOT_DONE)
_LONG = (
    message("All {count}"),
    message("✕ fail {count}"),
    message("≠ differs {count}"),
    message("? not judged {count}"),
    message("not done {count}"),
)
_SHORT = (
    message("All {count}"),
    message("fail {count}"),
    message("differs {count}"),
    message("not judged {count}"),
    message("not done {count}"),
)
_TIPS = (
    "",
    message("B failed"),
    message("B differs"),
    message("no verdict for or against B: inconclusive (?), unsupported (∅) or skipped (–)"),
    message("waiting or running"),
)
_OFFER = message("{title}, about {tokens:count} tokens")
_OFFERS = message("+ {count:plural check|checks} that cost more")
_OFFERS_ON = message("{on} of {count:plural check|checks} that cost more")
FIND_WIDTH, LEAST_FIND = 240, 100


class Offer(msgspec.Struct, frozen=True):
    """A check that is off until it is asked for. `tokens` of all sides together."""

    check: str
    title: str
    tokens: int
    on: bool

    @property
    def words(self) -> str:
        return render(_OFFER, {"title": self.title, "tokens": self.tokens})


class FilterRow(QWidget):
    """The row.

    Signals:
        filter_chosen: another `Filter`.
        find_edited: what is typed to find.
        offer_toggled: (check, on) a check that costs much is asked for, or not.
    """

    filter_chosen = Signal(object)
    find_edited = Signal(str)
    offer_toggled = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[Filter, int] = {}
        self._short = False
        self._offers: tuple[Offer, ...] = ()
        self.filters = Segmented([tr(one, count=0) for one in _LONG], tr("Checks"))
        for index, button in enumerate(self.filters.findChildren(QPushButton)):
            button.setToolTip(tr(_TIPS[index]))
        self.find_field = QLineEdit()
        self.find_field.setPlaceholderText(tr("Find a check"))
        self.find_field.setAccessibleName(tr("Find a check"))
        self.find_field.setClearButtonEnabled(True)
        self.find_field.setMaximumWidth(FIND_WIDTH)
        self._off = PlainLabel(tr("off until asked for:"), role="muted")
        self.offers = QPushButton()
        self.offers.setObjectName("quiet")
        self._menu = QMenu(self)
        self.offers.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.filters)
        row.addWidget(self.find_field, 1)
        row.addStretch(1)
        row.addWidget(self._off)
        row.addWidget(self.offers)
        self.filters.chosen.connect(lambda index: self.filter_chosen.emit(FILTERS[index]))
        self.find_field.textChanged.connect(self.find_edited)
        self.show_offers(())

    def show_counts(self, counts: Mapping[Filter, int]) -> None:
        """How many checks each filter has."""
        if counts == self._counts:
            return
        self._counts = dict(counts)
        self._show_titles()

    def _show_titles(self) -> None:
        templates = _SHORT if self._short else _LONG
        self.filters.set_titles(
            [tr(template, count=self._counts.get(one, 0)) for one, template in zip(FILTERS, templates, strict=True)]
        )
        for index, button in enumerate(self.filters.findChildren(QPushButton)):
            button.setAccessibleName(tr("Checks: {which}", which=tr(_LONG[index], count=self._counts.get(FILTERS[index], 0))))

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """The checks that cost much, on or off."""
        shown = [one.isChecked() for one in self._menu.actions()]
        if self.offers.text() and tuple(offers) == self._offers and shown == [one.on for one in offers]:
            return
        self._offers = tuple(offers)
        self._menu.clear()
        for one in offers:
            action = QAction(f"{'' if one.on else '+ '}{one.words}".replace("&", "&&"), self._menu)
            action.setCheckable(True)
            action.setChecked(one.on)
            action.toggled.connect(lambda on, check=one.check: self.offer_toggled.emit(check, on))
            self._menu.addAction(action)
        self.offers.setVisible(bool(offers))
        self._fit()

    def _say_offers(self, *, short: bool) -> None:
        """How many checks are off until asked for, or on; `short`: the figures alone."""
        on, count = sum(one.on for one in self._offers), len(self._offers)
        said = render(_OFFERS_ON if on else _OFFERS, {"count": count, "on": on})
        self.offers.setText((f"+ {count - on}" if on < count else str(on)) if short else said)
        self.offers.setAccessibleName(said)
        self.offers.setToolTip(said if short else "")

    def set_offers_enabled(self, enabled: bool) -> None:
        self.offers.setEnabled(enabled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where it is narrow the note goes, then the filters lose their signs, never their words, then the offers theirs."""
        self._say_offers(short=False)
        offers = self.offers.sizeHint().width() + 16 if self._offers else 0
        self._off.setVisible(bool(self._offers) and self.width() > 1000)
        note = self._off.sizeHint().width() + 8 if self._off.isVisibleTo(self) else 0
        short = self.width() < self._long_width() + 160 + offers + note
        if short is not self._short:
            self._short = short
            self._show_titles()
        self.filters.set_tight(short)
        if self._offers and self.filters.needed_width(tight=short) + LEAST_FIND + offers > self.width():
            self._say_offers(short=True)

    def _long_width(self) -> int:
        metrics = self.fontMetrics()
        return sum(metrics.horizontalAdvance(tr(one, count=self._counts.get(Filter.ALL, 0))) + 30 for one in _LONG)
