"""The fields of the request in a row: those that are set, then the others, which fold into a menu where it gets narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from app.protocols.registry import info
from app.request_fields import FIELDS, fits_beside, is_lacking, value_of, with_value
from app.scenarios import Plan, Scenario
from app.text.sentences import message, tr
from ui.compare.request.chip import Chip, row_height
from ui.style.theme import changes_fonts

if TYPE_CHECKING:
    from app.recording.records import SideName
    from ui.compare.request.popover import FieldPopover

GAP = 6
SIDE_GAP = 16


class FieldRow(QWidget):
    """Chips, "More" with those that have no room, the button that unfolds the rest, and at the right end `slot`.

    Attributes:
        chips: by the field's name. protocols: those of the sides, as far as they are known.
        more: a menu of the unset fields that have no room. slot: the layout at the right end, for what stands beside them.

    Signals:
        changed: a field is set to something else.
    """

    changed = Signal()

    def __init__(self, unfold: QPushButton, parent: QWidget | None = None) -> None:
        """`unfold` stands behind the chips."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(row_height())
        self._unfold = unfold
        unfold.setParent(self)
        self.more = QPushButton(tr("More"), self)
        self.more.setToolTip(tr("More fields of the request"))
        self.more.clicked.connect(self._open_menu)
        for button in (self.more, unfold):
            button.setObjectName("quiet")
        self._scenario = Scenario.STREAMING
        self.protocols: dict[SideName, str] = {}
        self._popover: FieldPopover | None = None
        self.chips = {one.name: Chip(one, self) for one in FIELDS}
        for chip in self.chips.values():
            chip.clicked.connect(partial(self.edit, chip))
            chip.cleared.connect(partial(self._clear, chip))
            chip.valueChanged.connect(partial(self._on_changed, chip))
        self._right = QWidget(self)
        self.slot = QHBoxLayout(self._right)
        self.slot.setContentsMargins(0, 0, 0, 0)
        self.slot.setSpacing(8)

    # -- the plan -----------------------------------------------------------------------------------------------------

    def complete(self, plan: Plan) -> Plan:
        """The plan with what is set here."""
        for chip in self.chips.values():
            plan = with_value(plan, chip.field, chip.value())
        return plan

    def show_plan(self, plan: Plan) -> None:
        """Set what the plan sets."""
        for chip in self.chips.values():
            chip.setValue(value_of(plan, chip.field))

    def set_scenario(self, scenario: Scenario) -> None:
        """Offer the fields that this kind of request can have."""
        self._scenario = scenario
        self.arrange()

    def set_protocols(self, protocols: Mapping[SideName, str]) -> None:
        """Say of each field whose protocol has none."""
        if dict(protocols) != self.protocols:
            self.protocols = dict(protocols)
            self._say_who_lacks()
            self.arrange()

    def _say_who_lacks(self) -> None:
        for chip in self.chips.values():
            lacking = [name for name, spoken in self.protocols.items() if is_lacking(chip.field, spoken)]
            self._note(chip, lacking)

    def _note(self, chip: Chip, lacking: list[SideName]) -> None:
        label = chip.field.title
        if not lacking:
            chip.set_note("", "")
        elif len(lacking) < len(self.protocols):
            side = lacking[0].upper()
            lack = tr("{side}’s protocol has no {label}: it is left out there", side=side, label=label)
            chip.set_note(tr("not to {side}", side=side), lack)
        else:
            names = sorted({info(self.protocols[name]).short_title for name in lacking})
            template = message("{names:list} {n:word has|have} no {label}: it is left out")
            lack = tr(template, names=names, n=len(names), label=label)
            chip.set_note(tr("not in {names:list}", names=names), lack, sent_nowhere=True)

    # -- changing one -------------------------------------------------------------------------------------------------

    def edit(self, chip: Chip) -> None:
        """Open what a field is edited in, below its chip, or where it has none in the row below "More"."""
        if self._popover is None:
            from ui.compare.request.popover import FieldPopover

            self._popover = FieldPopover(self)
        self._popover.open_for(chip, self.more if chip.isHidden() else chip)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for chip in self.offered:
            if chip.isHidden():
                action = menu.addAction(chip.field.title if chip.isEnabled() else chip.lacking)
                action.setEnabled(chip.isEnabled())
                action.triggered.connect(partial(self.edit, chip))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def _clear(self, chip: Chip) -> None:
        chip.setValue(None)
        if chip.isVisible():
            chip.setFocus()

    def _on_changed(self, chip: Chip) -> None:
        for other in self.chips.values():
            if chip.is_set and chip.field.name == other.field.not_with:
                other.setValue(None)  # only one of the two is sent
        self._say_who_lacks()
        self.arrange()
        self.changed.emit()

    # -- where they stand ---------------------------------------------------------------------------------------------

    @property
    def offered(self) -> list[Chip]:
        """What this kind of request can have: the set ones, those that can be set, then those that nobody would be sent."""
        plan = self.complete(Plan(self._scenario))
        suited = [one for one in self.chips.values() if one.field.suits(self._scenario) and fits_beside(one.field, plan)]
        return sorted(suited, key=lambda one: (not one.is_set, not one.is_set and one.sent_nowhere))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self.arrange()

    def arrange(self) -> None:
        """The set ones, in as many lines as they take; the others as far as the last line goes. Not before they are seen."""
        if not self.isVisible():
            return
        high = row_height()
        for button in (self.more, self._unfold, *self._right.findChildren(QPushButton)):
            button.setFixedHeight(high)
        right = self._right.sizeHint().width() if self.slot.count() else 0
        room = max(0, self.width() - (right + SIDE_GAP if right else 0))  # of the first line; the others have all of it
        offered, places = self.offered, dict[QWidget, QRect]()
        behind = self._unfold.sizeHint().width() + GAP
        fold = self.more.sizeHint().width() + GAP
        left = sum(one.sizeHint().width() for one in offered if not one.is_set)  # of what is not set
        x = y = 0
        for chip in offered:
            wide = chip.sizeHint().width()
            needed = wide if chip.is_set else wide + behind + (0 if left <= wide else fold)
            if x and x + needed > room:
                if not chip.is_set:
                    break
                x, y, room = 0, y + high + GAP, self.width()
            places[chip] = QRect(x, y, min(wide, max(room, 60)), high)
            x += wide + (GAP if chip.is_set else 0)
            left -= 0 if chip.is_set else wide
        behind_chips = [self._unfold] if len(places) == len(offered) else [self.more, self._unfold]
        if x and x + sum(one.sizeHint().width() + GAP for one in behind_chips) > room:
            x, y = 0, y + high + GAP
        for button in behind_chips:
            places[button] = QRect(x, y, button.sizeHint().width(), high)
            x += button.sizeHint().width() + GAP
        for one in (*self.chips.values(), self.more, self._unfold):
            if one in places:
                one.setGeometry(places[one])
            one.setVisible(one in places)
        self._right.setGeometry(self.width() - right, 0, right, high)
        self.setFixedHeight(y + high)
        self._order(list(places))

    @property
    def is_tall(self) -> bool:
        """Whether it takes more than a line."""
        return self.height() > row_height()

    def _order(self, shown: Sequence[QWidget]) -> None:
        before: QWidget | None = None
        for one in shown:
            if before is not None:
                QWidget.setTabOrder(before, one)
            before = one
