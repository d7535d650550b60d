"""Chooses what the demo's relay does, where it is one of the sides: for talks, and to see what a fault looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPushButton, QWidget

from app.simulator.demo_relay import MANNERS, all_faults, shows, words
from app.store.presets import is_demo_relay
from app.text.sentences import tr
from ui.shared.sides import NAMES
from ui.style.theme import text_scale
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from ui.compare.view import CompareView
    from ui.shared.picker import Picker, PickRow
    from ui.shared.services import Services
    from ui.shared.sides import Sides

ROOMY = 1090  # of the request's fields


def rows() -> list[PickRow]:
    """The chosen manners, then all that the simulator can do, to be searched."""
    from ui.shared.picker import PickRow

    usual = "\0"  # a row's value is not empty
    chosen = [PickRow(words(one.name), shows(one.name), one.name or usual, found_by=one.name) for one in MANNERS]
    groups: list[PickRow] = []
    group = ""
    for one in all_faults():
        if one.group != group:
            group = one.group
            groups.append(PickRow(tr("All faults · {group}", group=tr(group))))
        groups.append(PickRow(one.name, one.said, one.name))
    return [*chosen, *groups]


class DemoChooser(QObject):
    """A button at the right end of the request's fields; what is chosen counts from the next run on.

    Attributes:
        button: shown where a side is the demo's relay.
    """

    def __init__(
        self, services: Services, view: CompareView, sides: Sides, run: Callable[[], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services, self._view, self._sides, self._run = services, view, sides, run
        self._picker: Picker | None = None
        self.button = QPushButton()
        self.button.setObjectName("quiet")
        self.button.clicked.connect(lambda: self.open())
        view.bar.fields.slot.insertWidget(0, self.button)
        sides.choice_changed.connect(self._show)
        view.bar.fields.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._show()
        return False

    def _show(self) -> None:
        relays = [one for name in NAMES if (one := self._sides.profile(name)) is not None and is_demo_relay(one)]
        shown = bool(relays) and not self._sides.frozen
        manner = self._services.demo.manner
        narrow = self._view.bar.fields.width() < ROOMY * text_scale() and not manner  # what is usual needs no words
        text = tr("Demo relay ▾") if narrow else tr("Demo relay: {manner} ▾", manner=words(manner))
        if shown is self.button.isHidden() or text != self.button.text():
            self.button.setText(text)
            self.button.setToolTip(plain_tip(tr("{shows}. Choose what it shall do.", shows=shows(manner))))
            self.button.setVisible(shown)
            self._view.bar.fields.arrange()

    def open(self, below: QWidget | None = None) -> None:
        """Offer what the relay can do, below the button or another widget."""
        from ui.shared.picker import Picker

        if self._picker is None:
            hint = tr("Find one of {n:grouped} faults, such as “gzip” or “usage”", n=len(all_faults()))
            self._picker = Picker(tr("What the demo relay does"), hint, self._view)
            self._picker.chosen.connect(lambda name: self.choose("" if name == "\0" else str(name)))
        self._picker.open_below(below or self.button, rows(), self._services.demo.manner or "\0", least_width=430)

    def choose(self, manner: str) -> None:
        """Have the demo's relay behave so, and offer to run again."""
        self._services.demo.manner = manner
        self._sides.forget_demo_changes()
        self._services.notify_profiles_changed()
        self._show()
        from ui.widgets.segments import Segment

        told = Segment(tr("The demo relay: {manner}.", manner=words(manner)), "text", True)
        said = (told, Segment(tr("{shows}.", shows=shows(manner))))
        self._view.notes.say(*said, actions=((tr("Run both"), self._run), (tr("Dismiss"), self._view.notes.say)))
