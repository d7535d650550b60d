"""Which endpoint is in the form, and the endpoints as they are on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.asking.drafts import Drafts

if TYPE_CHECKING:
    from app.store.profiles import Profile
    from ui.shared.services import Services


class Selection(QObject):
    """The user's own endpoints with their changes, those of the demo, and the one that is selected.

    Attributes:
        drafts: the user's own, as they are on screen.
        uid: the selected one's, "" for none.

    Signals:
        changed: the selected one is another, or was changed by other means than the form; show it anew.
        turned: the user went to another one, or began one.
        listed: the list has another order, or its marks changed.
        begun: a new one was begun; it is selected.
        dropped: the endpoint of this uid is gone.
    """

    changed = Signal()
    turned = Signal()
    listed = Signal()
    begun = Signal()
    dropped = Signal(str)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.drafts = Drafts(services.profile_store)
        self.uid = ""

    @property
    def own(self) -> Profile | None:
        """The selected one where it is the user's own."""
        return self.drafts.get(self.uid)

    @property
    def profile(self) -> Profile | None:
        """The selected one, as it is on screen."""
        return next((one for one in self._services.demo.profiles if one.uid == self.uid), None) or self.own

    def select(self, uid: str) -> None:
        if uid != self.uid:
            self.uid = uid
            self.turned.emit()
            self.changed.emit()

    def take(self, profile: Profile) -> None:
        """Take a changed or new profile, as if it had been typed, and go to it."""
        self.drafts.put(profile)
        self.uid = profile.uid
        self.changed.emit()

    def begin(self, profile: Profile) -> None:
        """Go to a new one, which is no file's yet."""
        self.turned.emit()
        self.take(profile)
        self.begun.emit()

    def refresh(self) -> None:
        """The store may be another one: where the selected endpoint is gone, take the first."""
        if self.profile is None:
            own = self.drafts.profiles
            self.uid = own[0].uid if own else ""
        self.changed.emit()
