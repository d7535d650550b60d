"""A page of the window: what the window asks of it, and the commands that it puts into the menus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QWidget

from ui.shared.work_clock import WorkClock

# Keys that mean the same on every page that has such a command.
RUN_KEYS = ("Ctrl+Enter", "Ctrl+Return")  # the keypad's Enter, and the large one
STOP_KEYS = ("Esc",)
SAVE_KEYS = ("Ctrl+S",)
FIND_KEYS = ("Ctrl+F",)


def _always() -> bool:
    return True


class Command(msgspec.Struct, frozen=True):
    """A line of a menu, and of the palette. `title` has its mnemonic, `can` says whether `work` can be done now.

    `about` is what the palette shows beside it and finds it by too: what kind of thing it is, an address.
    """

    title: str
    work: Callable[[], object]
    keys: tuple[str, ...] = ()
    can: Callable[[], bool] = _always
    about: str = ""


class Menu(msgspec.Struct, frozen=True):
    """A menu, or one inside another. None among its entries is a line between two groups."""

    title: str
    entries: tuple[Entry, ...]


Entry = Command | Menu | None


class Page(QWidget):
    """What the window asks of each of its pages. What a page does not override it does not have or can't do.

    The window knows no page by name: menus, keys and palette are those of the page in view, so that no key reaches a page
    that nobody sees.

    Signals:
        commands_changed: what can be done now is no longer the same; the menus ask again.
        attention_wanted: something is said on this page that the user must see; the window turns to it.
        title_changed: `title` is another.
        work_ended: what was started has ended, after so many seconds; who looks elsewhere is told of long work.
    """

    commands_changed = Signal()
    attention_wanted = Signal()
    title_changed = Signal()
    work_ended = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clocks: list[WorkClock] = []

    @property
    def title(self) -> str:
        """What the window's title says before the program's name while this page is in view, "" for nothing."""
        return next(filter(None, (clock.title for clock in self._clocks)), "")

    def follow_work(self, running: Callable[[], bool], *signals: SignalInstance) -> WorkClock:
        """Show in the title how long work goes on, and tell when it has ended. `signals`: when `running` is to be asked."""
        clock = WorkClock(running, signals, self)
        clock.changed.connect(self.title_changed)
        clock.ended.connect(self.work_ended)
        self._clocks.append(clock)
        return clock

    def come_back(self, saved: SignalInstance, say: Callable[[str, str], None]) -> None:
        """Have the window turn to this page again when an endpoint that was begun from it is saved (`Sides.begun_saved`)."""

        def turn(said: str) -> None:
            self.attention_wanted.emit()
            self.take_keyboard()
            say(said, "ok")

        saved.connect(turn)

    @property
    def working(self) -> bool:
        """Whether something goes on that ends by itself: another language waits for that."""
        return any(clock.running for clock in self._clocks)

    async def take_over(self, before: Page) -> None:
        """Show what the same page of another window shows and has typed in: that one goes, this is in another language.

        Nothing runs there. The layout is restored already, and what the settings keep.
        """

    def reachable(self) -> Iterable[Command]:
        """What can be reached on this page besides its menus: the palette finds it, from any page. Asked when that opens."""
        return ()

    @property
    def file_entries(self) -> tuple[Entry, ...]:
        """What stands in the File menu while this page is in view. Asked once."""
        return ()

    @property
    def menu(self) -> Menu | None:
        """The page's own menu. Asked once."""
        return None

    @property
    def unsaved(self) -> list[str]:
        """The names of what has changes that are not saved: the window asks before it closes."""
        return []

    def save_unsaved(self) -> bool:
        """Save all of it; False where something can't be, which the page then says."""
        return True

    def open_file(self, path: Path) -> bool:
        """Take a file that was dropped on the window or chosen; False where it is none for this page."""
        return False

    def open_files(self, paths: Sequence[Path]) -> bool:
        """The same of several at once, at least one; a page that takes one alone takes the first."""
        return self.open_file(paths[0])

    def completing(self) -> Iterator[None]:
        """Make what its first picture did not need, a step at each `next`: the window does so while the user looks at that."""
        return iter(())

    def make_ready(self) -> None:
        """Make what its run will need and nobody sees yet: the last that the window does by itself after its first picture."""

    def take_keyboard(self) -> None:
        """Put the keyboard to where one begins to type: the window opens with this page."""

    def uncover(self) -> bool:
        """Close what lies over the page; False where nothing does."""
        return False

    def layout_kept(self) -> dict[str, int | str]:
        """What is kept from start to start of how the user turned and moved the page's parts, as plain values."""
        return {}

    def restore_layout(self, kept: Mapping[str, int | str]) -> None:
        """Take what was kept; values that mean nothing (by now) are passed over."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What the widgets at the place have to copy, and the word that explains it."""
        from ui.widgets.copy_menu import show_menu  # not before it is wanted

        if show_menu(self, event) is None:
            super().contextMenuEvent(event)

    def recolor(self) -> None:
        """Take the theme's new colours where the style sheet does not bring them: icons, and what is painted."""

    def stop(self) -> None:
        """The window closes: end what runs; what came is kept."""

    async def aclose(self) -> None:
        """Wait until that has ended."""
