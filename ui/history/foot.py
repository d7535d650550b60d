"""The bar at the foot: what the page's one strong action opens, a run or any two sides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from app.text.sentences import message, tr
from app.text.visible import one_line, visible
from ui.history.lines import Place, apart, pair_of, pair_title, side_of, time_of
from ui.style.theme import text_scale
from ui.widgets.badge import Badge
from ui.widgets.labels import ElidedLabel, PlainLabel, plain_tip

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.store.history.entry import Listed

HINT = message("A and B at the end of a line choose any two sides")
DIFFERS = message("What differs between the two: answers word by word, headers, models, request, events (Ctrl+D)")
NO_TWO = message("Select one run of two sides, or two runs (Ctrl+click), or choose A and B at the end of a line.")
NAME_CHARS, NAME_WIDTH = 80, 20  # as long as it is heard, and as wide as it is shown, in letters
NARROW, BESIDE, BESIDE_MORE = 1000, 690, 860  # below this a title has no room; what stands beside two names, and with a title


class _Slot(QWidget):
    """A side of the comparison: whose it is, and when that was."""

    side_wanted = Signal(str)

    def __init__(self, letter: SideName) -> None:
        super().__init__()
        self._letter = letter
        self.name, self.when = QPushButton(), PlainLabel(role="muted")
        self.name.setObjectName("quiet")
        self._menu = QMenu(self.name)
        self.name.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(Badge(letter, size=20))
        row.addWidget(self.name)
        row.addWidget(self.when)
        self._name = ""
        self.hide()

    def fit(self, most: float) -> None:
        """Have the name no wider than so many pixels."""
        metrics = self.name.fontMetrics()
        width = round(min(most, metrics.horizontalAdvance("n") * NAME_WIDTH))
        self.name.setText(metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, width).replace("&", "&&"))

    def show_place(self, place: Place | None, *, fixed: bool = False) -> None:
        """`fixed`: it is what is selected, whose other side can't be had instead. `fit` shows its name."""
        self.setVisible(place is not None)
        self.name.setEnabled(not fixed)
        if place is None:
            return
        side = side_of(place.listed, place.side)
        name = self._name = visible(one_line(side.name if side is not None else "–", NAME_CHARS))
        self.name.setAccessibleName(
            tr("{letter} is {name}, side {side} of its run", letter=self._letter.upper(), name=name, side=place.side.upper())
        )
        self.when.setText(time_of(place.listed, with_day=True))
        self._menu.clear()
        for one in place.listed.entry.sides:
            title = visible(one_line(tr("Its side {side}: {name}", side=one.side.upper(), name=one.name), 80)).replace(
                "&", "&&"
            )
            action = self._menu.addAction(title, partial(self.side_wanted.emit, one.side))
            action.setCheckable(True)
            action.setChecked(one.side == place.side)


class Foot(QFrame):
    """Says what would be opened.

    Signals:
        open_wanted: do it. diff_wanted: show what differs between the two. side_wanted: (letter, side of its run).
        cleared: choose no two any more.
        menu_wanted: what else can be done with what is selected.
    """

    open_wanted = Signal()
    diff_wanted = Signal()
    side_wanted = Signal(str, str)
    cleared = Signal()
    menu_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.title, self.about = PlainLabel(bold=True), ElidedLabel()
        self._with = PlainLabel(tr("with"), role="muted")
        self.slots: dict[SideName, _Slot] = {"a": _Slot("a"), "b": _Slot("b")}
        self.clear, self.more, self.diff, self.open = (
            QPushButton(tr("Clear")),
            QPushButton(tr("More…")),
            QPushButton(tr("Diff")),
            QPushButton(tr("Open in Compare")),
        )
        self.clear.setObjectName("quiet")
        self.open.setObjectName("strong")
        self.more.setAccessibleName(tr("More that can be done with what is selected"))
        keeps = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        keeps.setRetainSizeWhenHidden(True)  # it is what gives way
        self.about.setSizePolicy(keeps)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(self.title)
        row.addWidget(self.slots["a"])
        row.addWidget(self._with)
        row.addWidget(self.slots["b"])
        for one in (self.about, self.clear, self.more, self.diff, self.open):
            row.addWidget(one, 1 if one is self.about else 0)
        for letter, slot in self.slots.items():
            slot.side_wanted.connect(partial(self.side_wanted.emit, letter))
        self.open.clicked.connect(self.open_wanted)
        self.diff.clicked.connect(self.diff_wanted)
        self.clear.clicked.connect(self.cleared)
        self.more.clicked.connect(self.menu_wanted)
        self.show_choice({}, [], {})

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Two sides and the buttons go before a title and how far apart they are."""
        narrow = self.width() < NARROW * text_scale()
        two = not any(slot.isHidden() for slot in self.slots.values())
        self.title.setHidden(not self.title.text() or (two and narrow))
        self.about.setHidden(two and narrow)
        for slot in self.slots.values():
            slot.fit(max(40.0, (self.width() - (BESIDE if narrow else BESIDE_MORE) * text_scale()) / 2))

    def show_choice(
        self, places: Mapping[SideName, Place], selected: list[Listed], compared: Mapping[SideName, Place]
    ) -> None:  # fmt: skip
        """Say what is chosen as A and B; where nothing is, what is selected. `compared`: the two sides that would be."""
        shown = compared if len(selected) == 2 and not places else places
        a, b = shown.get("a"), shown.get("b")
        for letter, slot in self.slots.items():
            slot.show_place(shown.get(letter), fixed=not places)
        self._with.setVisible(a is not None and b is not None)
        self.clear.setVisible(bool(places))
        self.more.setVisible(not places)
        self.more.setEnabled(bool(selected))
        self.diff.setEnabled(bool(compared))
        self.diff.setToolTip(plain_tip(tr(DIFFERS if compared else NO_TWO)))
        self.open.setEnabled(bool(shown) or len(selected) == 1)
        self.open.setText(tr("Open in Compare") if places or not selected else _opens(selected[0]))
        if a is not None and b is not None:
            self.title.setText(tr("Compare"))
            self.about.set_text(apart(a.listed, b.listed), "muted")
        elif places:
            self.title.setText(tr("Compare"))
            self.about.set_text(tr("choose the other side too, or open this one alone"), "muted")
        elif len(selected) == 1:
            one = selected[0]
            self.title.setText(time_of(one, with_day=True))
            self.about.set_text(f"{pair_title(pair_of(one))} · {tr(HINT)}", "muted")
        elif selected:
            self.title.setText(tr("{count} selected", count=len(selected)))
            self.about.set_text(tr("{size:bytes} as files", size=sum(one.raw_bytes for one in selected)), "muted")
        else:
            self.title.setText("")
            self.about.set_text(tr(HINT), "muted")
        self._fit()


_OPENS = {"check": message("Open in Checks"), "study": message("Open in Study"), "load": message("Open in Study")}


def _opens(one: Listed) -> str:
    return tr(_OPENS.get(one.entry.kind, "Open in Compare"))
