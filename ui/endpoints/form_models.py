"""The models that the form offers: those of the selected endpoint's list, fetched when the user asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.endpoints.reaching import NotReached, reach

if TYPE_CHECKING:
    from app.store.profiles import Profile
    from ui.endpoints.form.form import EndpointForm
    from ui.endpoints.selection import Selection
    from ui.shared.services import Services
    from ui.shared.tasks import Tasks


class FormModels(QObject):
    """Keeps the form's models in step with the list that is known for what stands in it.

    Signals:
        not_reached: nothing was asked; a `NotReached` says why.
    """

    not_reached = Signal(object)

    def __init__(self, services: Services, selection: Selection, form: EndpointForm, tasks: Tasks, over: QWidget) -> None:
        super().__init__(over)
        self._services, self._selection, self._form, self._tasks, self._over = services, selection, form, tasks, over
        form.models_asked.connect(self._on_asked)
        services.models.changed.connect(self._on_changed)

    def show(self, problem: str = "") -> None:
        """Offer what is known; `problem` is why there is no list."""
        if (profile := self._selection.profile) is not None:
            self._form.show_models(self._services.models.of(profile) or (), problem)

    def _on_changed(self, uid: str) -> None:
        if uid == self._selection.uid:
            self.show()

    def _on_asked(self) -> None:
        if (profile := self._selection.profile) is not None:
            self._tasks.start(self._fetch(profile))

    async def _fetch(self, profile: Profile) -> None:
        self._form.set_fetching(True)
        try:
            caller = await reach(self._services, profile, self._over)
            problem = await self._services.models.fetch(caller)
        except NotReached as why:
            self.not_reached.emit(why)
            return
        finally:
            self._form.set_fetching(False)
        if problem and self._selection.uid == profile.uid:
            self.show(problem)
