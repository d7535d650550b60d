"""The History page: all that was run, found again as one types, opened as if live, and any two sides compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.store.files import StoreError
from app.store.history.entry import Kind, Listed
from app.text.sentences import message, tr
from app.text.visible import one_line
from ui.history.changing import HistoryChanging, runs_in
from ui.history.exporting import HistoryExports
from ui.history.lines import Place, by_day, by_pair, pair_of, side_of, two_of
from ui.history.list import copies_of
from ui.history.opening import HistoryOpening
from ui.history.reading import HistoryReading
from ui.history.view import HistoryView
from ui.shared.page import FIND_KEYS, RUN_KEYS, Command, Entry, Menu, Page
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.store.history.entry import SideEntry
    from app.store.profiles import Profile
    from app.store.settings import Watch
    from ui.history.reading import Counted, Found
    from ui.shared.services import Services

LOW = 560  # a page below this has no room for the trend
AT_ONCE, GROUPED = 200, 2_000  # rows that are read at a time, and that are grouped by pair
TYPED_MS, FOLLOW_MS, LOOK_MS = 50, 120, 2_000
NOTHING_YET = message("Nothing is kept yet. What you run from now on, checks and studies too, is listed here.")
KEEPS_NOTHING = message("Diptych keeps nothing: “Keep runs after they have ended” is off in the settings (Ctrl+,).")
NOT_FOUND = message("Nothing was found. Fewer words find more; Esc in the field begins anew.")


class HistoryPage(Page):
    """Puts the page together, and says what can be done on it.

    Attributes:
        view: the widgets. reading: the history. opening, changing, exports: what is done with what is in it.
        found: what is listed, None before the first search has ended. counted: how many of what there are, None before that is
        known. places: what is chosen as A and as B.

    Signals:
        kept: a run of this window was taken in; sent by the thread that does it.
    """

    kept = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.view = view = HistoryView(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.reading = HistoryReading(services)
        self.opening = HistoryOpening(services, self.reading, view)
        self.changing = HistoryChanging(self.reading, services.tasks, view, self.search)
        self.exports = HistoryExports(services, self.changing, view)
        self.found: Found | None = None
        self.counted: Counted | None = None
        self.places: dict[SideName, Place] = {}
        self._tell_kept = self.kept.emit
        self._watched = False
        self._words = ""  # that were counted
        self._searched = 0  # how many searches were begun: what an earlier one finds comes too late
        self._typed, self._look = QTimer(self), QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(TYPED_MS)
        self._look.setInterval(LOOK_MS)
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(FOLLOW_MS)
        self._follow.timeout.connect(lambda: services.tasks.start(self.show_trend()))
        self._followed: object = ()
        self._typed.timeout.connect(self.search_soon)
        self._look.timeout.connect(self.look)
        self._connect()

    def _connect(self) -> None:
        view = self.view
        self.kept.connect(self.look, Qt.ConnectionType.QueuedConnection)
        view.search.textChanged.connect(lambda _: self._typed.start())
        view.kinds.chosen.connect(lambda _: self.search_soon())
        view.grouping.toggled.connect(lambda _: self.search_soon())
        view.list.lines.more_wanted.connect(lambda: self.services.tasks.start(self._more()))
        view.list.opened.connect(self.open_one)
        view.list.place_chosen.connect(self.choose_place)
        view.list.picked.connect(self._on_picked)
        view.list.menu_wanted.connect(self.show_menu)
        view.strip.watch.set_up.clicked.connect(self.set_up_watch)
        view.strip.watch.main.clicked.connect(self.turn_watch)
        view.foot.open_wanted.connect(self.open)
        view.foot.diff_wanted.connect(self.open_diff)
        view.foot.side_wanted.connect(self._choose_side)
        view.foot.cleared.connect(self.clear_places)
        view.foot.menu_wanted.connect(lambda: self.show_menu(view.foot.more.mapToGlobal(QPoint(0, 0))))

    # -- what is listed -----------------------------------------------------------------------------------------------

    def search_soon(self) -> None:
        """Search anew, with what is typed and pressed by now."""
        self._typed.stop()
        self.services.tasks.start(self.search())

    async def search(self) -> None:
        """The same; ends when it is listed and counted, or another search was begun. It is listed before it is counted."""
        self._searched += 1
        mine, before = self._searched, len(self.found.listed) if self.found is not None else 0
        grouped = self.view.grouping.isChecked()
        most = GROUPED if grouped else max(AT_ONCE, min(before, GROUPED))
        words = self.view.search.text()
        try:
            found = await self.reading.find(words, self.view.kind, most)
            if mine != self._searched:
                return
            if words != self._words:
                self.counted, self._words = None, words
            self._show_counts()
            if found.listed:
                self._show(found)
            counted = await self.reading.count(words)
        except StoreError as error:
            if mine == self._searched:
                self.view.show_fault(str(error))
            return
        if mine == self._searched:
            self.counted = counted
            self._show_counts()
            if not found.listed:  # why that is so depends on how many there are
                self._show(found)

    async def _more(self) -> None:
        """Those behind what is listed."""
        mine, found = self._searched, self.found
        if found is None:
            return
        try:
            more = await self.reading.find(self.view.search.text(), self.view.kind, AT_ONCE, len(found.listed))
        except StoreError as error:
            self.view.show_fault(str(error))
            return
        if mine == self._searched:
            known = {one.id for one in found.listed}  # one that was added meanwhile has moved the others on
            self._show(_joined(more, (*found.listed, *(one for one in more.listed if one.id not in known))))

    def _show(self, found: Found) -> None:
        view, grouped = self.view, self.view.grouping.isChecked()
        self.found = found
        view.notes.say(*((Segment(found.problem, "warn"),) if found.problem else ()))
        lines = by_pair(found.listed) if grouped else by_day(found.listed)
        view.list.show_lines(lines, has_more=found.has_more and not grouped, with_day=grouped)
        view.show_empty("" if found.listed else self._why_empty())
        listed = {one.id: one for one in found.listed}
        self.places = {side: Place(listed.get(one.listed.id, one.listed), one.side) for side, one in self.places.items()}
        self._on_picked()

    def _show_counts(self) -> None:
        view, counted = self.view, self.counted
        if counted is None:
            view.show_counts(None, 0, searched=bool(self._words.strip()))
            return
        view.show_counts(counted.kinds, counted.all, searched=bool(self._words.strip()))
        if view.grouping.isChecked() and (whole := counted.of(view.kind)) > GROUPED:
            view.show_fault(tr("Grouped are the newest {shown:grouped} of {count:grouped}.", shown=GROUPED, count=whole))

    def _why_empty(self) -> str:
        if self.view.search.text().strip() or (self.view.kind and self.counted is not None and self.counted.all):
            return tr(NOT_FOUND)
        return tr(NOTHING_YET if self.services.settings.keep_runs else KEEPS_NOTHING)

    def look(self) -> None:
        """Where another window, a terminal or a run of this one has added something, list it."""
        if self.found is not None:
            self.services.tasks.start(self._look_now())

    async def _look_now(self) -> None:
        try:
            changed = await self.reading.changed()
        except StoreError as error:
            self.view.show_fault(str(error))
            return
        if changed:
            await self.search()

    # -- over days ----------------------------------------------------------------------------------------------------

    async def show_trend(self) -> None:
        """What became of the current run's pair; nothing where the window is low: the list goes before."""
        one = self.view.list.current if self.found is not None and self.found.listed else None
        if one is None or not any(side.name for side in one.entry.sides) or self.height() < LOW:
            self._followed = ()
            self.view.strip.show_trend(None)
            return
        followed = (pair_of(one), self.reading.version)
        if followed == self._followed:
            return
        self._followed = followed
        try:
            trend, sentences = await self.reading.trend(one)
        except StoreError:
            return  # the list says it
        if self._followed == followed:
            self.view.strip.show_trend(trend, sentences)

    # -- the drift sentinel -------------------------------------------------------------------------------------------

    def show_watch(self) -> None:
        """What it does now."""
        from ui.shared.watcher import watcher_of

        watcher = watcher_of(self.services)
        sides = (watcher.watch.a, watcher.watch.b)
        names = [one.name for side in sides if (one := self.services.profile(side.profile)) is not None]
        title = tr("Watch: {names:list}", names=[one_line(name, 24) for name in names]) if names else ""
        self.view.strip.watch.show_watch(watcher, title, datetime.now().astimezone())

    def set_up_watch(self) -> None:
        """Ask what is to be watched: what is, else the pair of the current run."""
        from ui.history.watching import ask_watch

        ask_watch(self.services, self._offered_watch(), self)

    def _offered_watch(self) -> Watch:
        from app.store.settings import SavedSide

        watch = self.services.settings.watch
        one = self.view.list.current if self.found is not None and self.found.listed else None
        if watch.b.profile or one is None:
            return watch
        found = {side.side: SavedSide(profile.uid, side.model) for side in one.entry.sides
                 if (profile := self._profile_of(side)) is not None}  # fmt: skip
        if "b" not in found:
            return msgspec.structs.replace(watch, b=found.get("a", SavedSide()))
        return msgspec.structs.replace(watch, a=found.get("a", SavedSide()), b=found["b"])

    def _profile_of(self, side: SideEntry) -> Profile | None:
        profiles = self.services.profiles
        return next((one for one in profiles if (one.uid == side.demo if side.demo else one.name == side.name)), None)

    def turn_watch(self) -> None:
        """Pause it, or have it go on."""
        from ui.shared.watcher import watcher_of

        watcher = watcher_of(self.services)
        if watcher.runs:
            watcher.pause()
        else:
            watcher.go_on()

    # -- what is chosen -----------------------------------------------------------------------------------------------

    def _on_picked(self) -> None:
        self.view.list.show_places({side: one.listed.id for side, one in self.places.items()})
        self.view.foot.show_choice(self.places, self.view.list.selected, self.compared)
        self.commands_changed.emit()
        self._follow.start()

    def choose_place(self, number: int, letter: SideName) -> None:
        """Have that run as A or B of a comparison, or no longer. Of a pair it is B that is taken: what is asked about."""
        one = next((one for one in self.found.listed if one.id == number), None) if self.found is not None else None
        before = self.places.pop(letter, None)
        if (
            one is not None
            and one.entry.kind is Kind.RUN
            and one.entry.sides
            and (before is None or before.listed.id != number)
        ):
            self.places[letter] = Place(one, one.entry.sides[-1].side)
        elif one is not None and one.entry.kind is not Kind.RUN:
            self._say_no_side()
        self._on_picked()

    def _say_no_side(self) -> None:
        from ui.widgets.toast import toast

        toast(self.view, tr("Only runs have sides that can be compared; open it to look at its requests."), role="warn")

    def _choose_side(self, letter: SideName, side: SideName) -> None:
        if (place := self.places.get(letter)) is not None and side_of(place.listed, side) is not None:
            self.places[letter] = Place(place.listed, side)
            self._on_picked()

    def clear_places(self) -> None:
        """Compare no two any more."""
        self.places = {}
        self._on_picked()
        self.view.list.setFocus()

    # -- what is opened -----------------------------------------------------------------------------------------------

    @property
    def compared(self) -> dict[SideName, Place]:
        """The two sides that would be compared: what is chosen as A and B; where nothing is, side B of two runs that are
        selected, the earlier one as A, or the sides of the one that is. Empty where these are not two."""
        if self.places:
            return dict(self.places) if len(self.places) == 2 else {}
        return two_of(self._selected)

    def open_diff(self) -> None:
        """What differs between these two."""
        if places := self.compared:
            self.services.tasks.start(self.opening.sides(places, diff=True))

    def open(self) -> None:
        """The two sides that are chosen, or of two runs that are selected; where none is, the run that is."""
        if self.places:
            self.services.tasks.start(self.opening.sides(dict(self.places)))
        elif len(self._selected) == 2 and (places := self.compared):
            self.services.tasks.start(self.opening.sides(places))
        elif len(self._selected) == 1:
            self.open_one(self._selected[0].id)

    def open_one(self, number: int) -> None:
        """A run as it was."""
        self.services.tasks.start(self.opening.whole(number))

    def open_side(self, side: SideName, letter: SideName) -> None:
        """Only that side of what is selected, as A or B."""
        if (one := self._single) is not None and side_of(one, side) is not None:
            self.services.tasks.start(self.opening.sides({letter: Place(one, side)}))

    @property
    def _selected(self) -> list[Listed]:
        return self.view.list.selected if self.found is not None and self.found.listed else []

    @property
    def _single(self) -> Listed | None:
        return self._selected[0] if len(self._selected) == 1 else None

    def _has_side(self, side: SideName) -> bool:
        one = self._single
        return one is not None and one.entry.kind is Kind.RUN and side_of(one, side) is not None

    # -- what the window asks of a page -------------------------------------------------------------------------------

    @property
    def menu(self) -> Menu:
        return Menu(tr("&History"), (
            *self._of_selected(),
            None,
            Command(tr("&Find"), self.take_keyboard, FIND_KEYS),
            Command(tr("&Group by pair"), self.view.grouping.toggle),
            Command(tr("&Watch for changes…"), self.set_up_watch),
            Command(tr("Impor&t runs…"), self.changing.ask_import),
            Command(tr("Delete all that is &listed"), self.delete_listed, can=lambda: bool(self.found and self.found.listed)),
            Command(tr("Com&pare no two any more"), self.clear_places, can=lambda: bool(self.places)),
        ))  # fmt: skip

    def _of_selected(self) -> tuple[Entry, ...]:
        """What can be done with what is selected."""
        changing = self.changing
        sides: tuple[SideName, SideName] = ("a", "b")
        alone: Sequence[Command] = [
            Command(tr("Only its side {side}, as {letter}", side=side.upper(), letter=letter.upper()),
                    partial(self.open_side, side, letter), can=partial(self._has_side, side))
            for side in sides for letter in sides
        ]  # fmt: skip
        choose = [
            Command(tr("Choose as &{letter} of a comparison", letter=letter.upper()), partial(self._choose_current, letter),
                    can=lambda: self._single is not None and self._single.entry.kind is Kind.RUN)
            for letter in sides
        ]  # fmt: skip
        return (
            Command(tr("&Open"), self.open, RUN_KEYS, lambda: bool(self.places or self.compared) or self._single is not None),
            Command(tr("Show what &differs"), self.open_diff, ("Ctrl+D",), lambda: bool(self.compared)),
            Menu(tr("Open one &side"), tuple(alone)),
            *choose,
            None,
            Command(tr("P&in, or no longer"), lambda: changing.pin(self._selected), can=lambda: bool(self._selected)),
            Command(tr("&Name…"), lambda: self._of_single(changing.ask_name), ("F2",), lambda: self._single is not None),
            Command(tr("N&ote…"), lambda: self._of_single(changing.ask_note), can=lambda: self._single is not None),
            Command(tr("&Export…"), lambda: self.exports.ask(self._selected), ("Ctrl+E",), lambda: bool(self._selected)),
            Command(tr("&Delete"), lambda: changing.delete(self._selected), ("Del",), lambda: bool(self._selected)),
        )

    def open_files(self, paths: Sequence[Path]) -> bool:
        """Runs of a folder, or several, are taken in; one alone is opened elsewhere."""
        found = runs_in(paths)
        if not found or (len(paths) == 1 and not paths[0].is_dir()):
            return False
        self.services.tasks.start(self.changing.take_in(found))
        return True

    def delete_listed(self) -> None:
        """All that the search finds, also what stands below what is read; it can be taken back."""
        words, kind = self.view.search.text(), self.view.kind
        self.changing.delete_found(f"{words} kind:{kind}" if kind else words)

    def _of_single(self, work: object) -> None:
        if self._single is not None and callable(work):
            work(self._single)

    def _choose_current(self, letter: SideName) -> None:
        if self._single is not None:
            self.choose_place(self._single.id, letter)

    def show_menu(self, at: QPoint) -> QMenu:
        """What can be done with what is selected, and copied of it."""
        from ui.widgets.copy_menu import copy

        menu = QMenu(self)
        _fill(menu, self._of_selected())
        if self._single is not None:
            menu.addSeparator()
            for one in copies_of(self._single):
                menu.addAction(one.title, partial(copy, self.view, one))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
        return menu

    def take_keyboard(self) -> None:
        self.view.search.setFocus()
        self.view.search.selectAll()

    def layout_kept(self) -> dict[str, int | str]:
        return {"grouped": int(self.view.grouping.isChecked())}

    def restore_layout(self, kept: Mapping[str, int | str]) -> None:
        self.view.grouping.setChecked(kept.get("grouped") == 1)

    async def take_over(self, before: Page) -> None:
        assert isinstance(before, HistoryPage)
        self.view.kinds.set_index(before.view.kinds.index)
        self.view.grouping.setChecked(before.view.grouping.isChecked())
        self.view.search.setText(before.view.search.text())
        self.places = dict(before.places)

    def recolor(self) -> None:
        self.view.list.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        from app.asking.history_keeping import KEEPER

        super().showEvent(event)
        if not self._watched:
            from ui.shared.watcher import watcher_of

            self._watched = True
            watcher_of(self.services).changed.connect(self.show_watch)
        self.show_watch()
        self._look.start()
        KEEPER.tell(self._tell_kept)
        if self.found is None:
            self.search_soon()
        else:
            self.look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop_looking()

    def _stop_looking(self) -> None:
        from app.asking.history_keeping import KEEPER

        self._look.stop()
        KEEPER.tell_no_more(self._tell_kept)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isVisible() and self.isActiveWindow():
            self.look()

    def stop(self) -> None:
        self._typed.stop()
        self._stop_looking()
        self._follow.stop()

    async def aclose(self) -> None:
        await self.reading.aclose()


def _joined(found: Found, listed: Iterable[Listed]) -> Found:
    """What was found, with those that were listed before."""
    return msgspec.structs.replace(found, listed=tuple(listed))


def _fill(menu: QMenu, entries: Iterable[Entry]) -> None:
    for one in entries:
        if one is None:
            menu.addSeparator()
        elif isinstance(one, Menu):
            _fill(menu.addMenu(one.title), one.entries)
        else:
            menu.addAction(one.title, one.work).setEnabled(one.can())
