"""What is done to the endpoints besides typing: saved, taken back, copied, deleted, moved, used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.store.files import StoreError
from ui.shared.confirm import confirm
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from app.store.profiles import Profile
    from ui.endpoints.selection import Selection
    from ui.endpoints.view import EndpointsView
    from ui.shared.services import Services
    from ui.shared.tasks import Tasks

SHOWN_WARNINGS = 3


class Editing:
    """The buttons around the form and below the list. What can't be done is said above the form."""

    def __init__(self, services: Services, selection: Selection, view: EndpointsView, tasks: Tasks) -> None:
        self._services, self._selection, self._view, self._tasks = services, selection, view, tasks
        view.list.move_asked.connect(self.move)
        view.list.delete_asked.connect(self.ask_delete)
        view.copy_button.clicked.connect(self.copy)
        view.delete_button.clicked.connect(self.ask_delete)
        view.up_button.clicked.connect(lambda: self.move(-1))
        view.down_button.clicked.connect(lambda: self.move(1))
        view.use_a.clicked.connect(lambda: self.use("a"))
        view.use_b.clicked.connect(lambda: self.use("b"))
        view.save_button.clicked.connect(self.save)
        view.revert_button.clicked.connect(self.revert)

    @property
    def fault(self) -> str:
        """Why the selected one can't be saved, as a clause; "" where it can or need not be."""
        uid, drafts = self._selection.uid, self._selection.drafts
        return next(iter(self._view.form.faults), "") or (drafts.fault(uid) if drafts.is_unsaved(uid) else "")

    def save(self) -> bool:
        """Save the selected one; False where that is not possible, which is then said."""
        uid, drafts = self._selection.uid, self._selection.drafts
        if fault := next(iter(self._view.form.faults), "") or drafts.fault(uid):
            self._view.complain("This can't be saved yet", f"{fault[:1].upper()}{fault[1:]}.")
            return False
        try:
            drafts.save(uid)
        except StoreError as error:
            self._view.complain("The endpoint was not saved", str(error))
            self.show_store()
            return False
        self._view.notice.show_notice(None)
        self.show_store()
        self._selection.changed.emit()
        self._services.notify_profiles_changed()
        return True

    def save_all(self) -> bool:
        """Save all that is changed; False at the first that can't be, which is selected then."""
        for profile in self._selection.drafts.unsaved:
            self._selection.select(profile.uid)
            if not self.save():
                return False
        return True

    def show_store(self) -> None:
        """Say at the top what is wrong with the file of profiles."""
        store = self._services.profile_store
        said = [one for one in (store.problem, *store.warnings) if one]
        if not said:
            self._view.bar.show_notice(None)
            return
        title = "Nothing can be saved here" if store.read_only else "Something is odd in profiles.toml"
        more = [f"And {len(said) - SHOWN_WARNINGS} more."] if len(said) > SHOWN_WARNINGS else []
        text = "\n".join([*said[:SHOWN_WARNINGS], *more])
        self._view.bar.show_notice(Notice(title, text, role="bad" if store.problem else "warn"))

    def revert(self) -> None:
        """Take the changes back; a new endpoint is gone then."""
        uid, drafts = self._selection.uid, self._selection.drafts
        new = drafts.saved(uid) is None
        drafts.revert(uid)
        self._view.notice.show_notice(None)
        if new:
            self._selection.dropped.emit(uid)
            self._services.keys.remove(uid)
        self._selection.refresh()

    def use(self, side: str) -> None:
        """Have the selected one as a side of the comparison, saved first."""
        if self._selection.drafts.is_unsaved(self._selection.uid) and not self.save():
            return
        self._services.side_wanted.emit(self._selection.uid, side)

    def copy(self) -> None:
        """Begin a new one like the selected one."""
        if (profile := self._selection.own) is not None:
            self._selection.begin(self._selection.drafts.add_copy(profile))

    def ask_delete(self) -> None:
        """Delete the selected one, if the user says so."""
        if (profile := self._selection.own) is not None:
            self._tasks.start(self._delete(profile))

    async def _delete(self, profile: Profile) -> None:
        text, drafts = "Its key is deleted with it. This can't be taken back.", self._selection.drafts
        if not await confirm(self._view, f"Delete “{profile.name[:80]}”?", text, "Delete"):
            return
        saved = drafts.saved(profile.uid) is not None
        try:
            drafts.remove(profile.uid)
        except StoreError as error:
            self._view.complain("The endpoint was not deleted", str(error))
            return
        self._selection.dropped.emit(profile.uid)
        self._selection.refresh()
        if saved:
            self._services.notify_profiles_changed()
        await self._services.keys.delete(profile.uid)

    def move(self, step: int) -> None:
        """Move the selected one in the list, if it can go there."""
        try:
            moved = self._selection.drafts.move(self._selection.uid, step)
        except StoreError as error:
            self._view.complain("The order was not saved", str(error))
            return
        if moved:
            self._selection.listed.emit()
            self._services.notify_profiles_changed()
