"""What is done to the endpoints besides typing: saved, taken back, copied, deleted, moved, used."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.store.files import StoreError
from app.text.sentences import tr
from ui.widgets.fields import without_middle
from ui.widgets.notice import Notice
from ui.widgets.toast import Toast, toast

if TYPE_CHECKING:
    from app.asking.drafts import Taken
    from app.store.profiles import Profile
    from ui.endpoints.selection import Selection
    from ui.endpoints.view import EndpointsView
    from ui.shared.services import Services
    from ui.shared.tasks import Tasks

SHOWN_WARNINGS = 3
SHOWN_NAME = 60


class Editing:
    """The buttons around the form and below the list. What can't be done is said above the form."""

    def __init__(self, services: Services, selection: Selection, view: EndpointsView, tasks: Tasks) -> None:
        self._services, self._selection, self._view, self._tasks = services, selection, view, tasks
        view.list.move_asked.connect(self.move)
        self._undoable: dict[str, tuple[Taken, Toast]] = {}  # those that are gone, as long as their line stands over the foot
        view.list.delete_asked.connect(self.delete)
        view.copy_button.clicked.connect(self.copy)
        view.delete_button.clicked.connect(self.delete)
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
            self._view.complain(tr("This can't be saved yet"), f"{fault[:1].upper()}{fault[1:]}.")
            return False
        try:
            drafts.save(uid)
        except StoreError as error:
            self._view.complain(tr("The endpoint was not saved"), str(error))
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
        title = tr("Nothing can be saved here") if store.read_only else tr("Something is odd in profiles.toml")
        more = [tr("And {n:grouped} more.", n=len(said) - SHOWN_WARNINGS)] if len(said) > SHOWN_WARNINGS else []
        text = "\n".join([*said[:SHOWN_WARNINGS], *more])
        self._view.bar.show_notice(Notice(title, text, role="bad" if store.problem else "warn"))

    def revert(self) -> None:
        """Take the changes back; a new endpoint is gone then. Either can be undone for a while."""
        profile, drafts = self._selection.own, self._selection.drafts
        if profile is None:
            return
        new = drafts.saved(profile.uid) is None
        taken = drafts.revert(profile.uid)
        self._view.notice.show_notice(None)
        if new:
            self._gone(
                profile,
                taken,
                tr("“{name}” is discarded{key:if , its key too}.", name=_short(profile), key=self._has_key(profile)),
            )
        else:
            toast(
                self._view, tr("Your changes are taken back."), button=(tr("Undo"), partial(self._put_back, profile.uid, taken))
            )
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

    def delete(self) -> None:
        """Delete the selected one. It can be undone for a while; its key is deleted when it no longer can."""
        if (profile := self._selection.own) is None:
            return
        try:
            taken = self._selection.drafts.remove(profile.uid)
        except StoreError as error:
            self._view.complain(tr("The endpoint was not deleted"), str(error))
            return
        self._gone(
            profile, taken, tr("“{name}” is deleted{key:if , its key too}.", name=_short(profile), key=self._has_key(profile))
        )
        self._selection.refresh()
        if taken.removed is not None:
            self._services.notify_profiles_changed()

    def _has_key(self, profile: Profile) -> bool:
        """Whether a key is kept of one that is gone."""
        return self._services.keys.state(profile).kind in ("saved", "memory")

    def _gone(self, profile: Profile, taken: Taken, said: str) -> None:
        """An endpoint is gone: say so, and how to have it back."""
        uid = profile.uid
        self._selection.dropped.emit(uid)
        shown = toast(self._view, said, role="text", button=(tr("Undo"), partial(self._put_back, uid, taken)))
        shown.gone.connect(lambda: self._tasks.start(self._forget_key(uid)))
        self._undoable[uid] = taken, shown

    def _put_back(self, uid: str, taken: Taken) -> None:
        """Have an endpoint as it was. Where that can't be written it stays gone, its key stays."""
        self._undoable.pop(uid, None)
        try:
            self._selection.drafts.put_back(taken)
        except StoreError as error:
            self._view.complain(tr("The endpoint could not be brought back"), tr("{why} Its key is still kept.", why=error))
            return
        if taken.removed is not None:
            self._services.notify_profiles_changed()
        self._selection.refresh()
        self._selection.select(uid)
        self._selection.changed.emit()

    @property
    def can_undo(self) -> bool:
        """Whether an endpoint that is gone can be brought back."""
        return bool(self._undoable)

    def undo(self) -> None:
        """Bring the one back that went last."""
        if self._undoable:
            uid, (taken, shown) = next(reversed(self._undoable.items()))
            shown.drop()
            self._put_back(uid, taken)

    async def _forget_key(self, uid: str) -> None:
        """The key of an endpoint that can't be brought back any more is deleted."""
        if self._undoable.pop(uid, None) is not None:
            await self._services.keys.delete(uid)

    async def settle(self) -> None:
        """The window closes: nothing can be undone any more."""
        for uid in list(self._undoable):
            await self._forget_key(uid)

    def move(self, step: int) -> None:
        """Move the selected one in the list, if it can go there."""
        try:
            moved = self._selection.drafts.move(self._selection.uid, step)
        except StoreError as error:
            self._view.complain(tr("The order was not saved"), str(error))
            return
        if moved:
            self._selection.listed.emit()
            self._services.notify_profiles_changed()


def _short(profile: Profile) -> str:
    return without_middle(profile.name or tr("no name"), SHOWN_NAME)
