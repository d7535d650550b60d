"""Shows in the Request tabs what would be sent now, while it is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from ui.compare.tabs import TABS

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.store.profiles import Profile
    from ui.compare.pane.pane import Pane
    from ui.compare.view import CompareView
    from ui.shared.services import Services
    from ui.shared.sides import Sides

REQUEST = TABS.index("Request")
PAUSE_MS = 60  # a request is built once for what is typed in one go


class RequestPreview(QObject):
    """Builds the request of each side that is turned to its Request tab, and builds it anew when anything of it changes."""

    def __init__(self, services: Services, view: CompareView, sides: Sides, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services, self._view, self._sides = services, view, sides
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.show)
        view.bar.changed.connect(self._on_changed)
        sides.choice_changed.connect(self._on_changed)
        for pane in view.panes.values():
            pane.views.currentChanged.connect(self._on_changed)
            pane.views.installEventFilter(self)
        self._on_changed()  # the tab that was kept may be it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show:
            self._on_changed()
        return False

    def _on_changed(self) -> None:
        if any(pane.tab == REQUEST for pane in self._view.panes.values()):
            self._timer.start()

    def show(self) -> None:
        """Show what would be sent now."""
        for name, pane in self._view.panes.items():
            if pane.tab == REQUEST:
                self._show(name)

    def _show(self, name: SideName) -> None:
        from app.asking.preview import preview

        pane, profile = self._view.panes[name], self._sides.profile(name)
        if profile is None or self._sides.frozen or not self._has_address(profile, pane):
            return pane.request.show_preview(None, "", "")
        state = self._services.keys.state(profile)
        request = preview(self._view.bar.plan, profile, pane.row.model, with_key=state.is_there)
        return pane.request.show_preview(request, profile.protocol, profile.base_url)

    def _has_address(self, profile: Profile, pane: Pane) -> bool:
        """Whether there is one to show; a demo that does not run is started for a pane that is in view."""
        if not pane.views.isVisible():
            return not self._services.demo.lacks_address(profile)
        return self._services.show_address(profile, self.show)
