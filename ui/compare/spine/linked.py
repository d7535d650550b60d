"""Puts into the spine how the panes are linked, and beside the events the bars of the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from ui.compare.link_mode import Link
from ui.compare.pane.pane import EVENTS
from ui.compare.spine.chooser import LinkChooser

if TYPE_CHECKING:
    from ui.compare.linking import PaneLink
    from ui.compare.spine.words import WordBars
    from ui.compare.view import CompareView


class SpineLink(QObject):
    """Without the spine the button stands in each pane's row of tabs.

    Attributes:
        chooser: the spine's. bars: None until they are first wanted.
    """

    def __init__(self, view: CompareView, link: PaneLink) -> None:
        super().__init__(view)
        self._view, self._link = view, link
        self.bars: WordBars | None = None
        self.chooser = LinkChooser()
        view.spine.link_slot.addWidget(self.chooser, 0, Qt.AlignmentFlag.AlignCenter)
        link.add_chooser(self.chooser)
        link.changed.connect(self._on_changed)
        view.spine_shown.connect(self._fit)
        view.spine.narrowed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        spine = self._view.spine
        self.chooser.set_compact(spine.narrow or self.chooser.width_of_words > spine.maximumWidth())
        for pane in self._view.panes.values():
            pane.tabs.link.setVisible(spine.isHidden())

    def _on_changed(self) -> None:
        link = self._link
        self._fit()  # other words
        seen = link.mode is Link.WORD and link.words is not None and all(one.tab == EVENTS for one in self._view.panes.values())
        if seen and self.bars is None:
            from ui.compare.spine.words import WordBars  # not before words are linked

            self.bars = WordBars(self._view.panes, link)
        self._view.spine.set_body(self.bars if seen else None)
        if self.bars is not None:
            self.bars.refresh()
