"""When the first screen is shown, and where its choices lead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.store.presets import is_demo, is_demo_relay
from app.text.sentences import tr
from app.text.urls import split_url
from ui.shared.ask_file import ask_which_several
from ui.shared.sides import NAMES

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.store.profiles import Profile
    from ui.compare.first.screen import FirstScreen
    from ui.compare.request.bar import RequestBar
    from ui.compare.request.demo_chooser import DemoChooser
    from ui.compare.starting import RunStarter
    from ui.compare.view import CompareView
    from ui.shared.services import Services
    from ui.shared.sides import Sides


class Covered(Protocol):
    """The page that it covers: what is asked of it here may be made only then."""

    view: CompareView
    bar: RequestBar

    @property
    def sides(self) -> Sides: ...

    @property
    def starter(self) -> RunStarter: ...

    @property
    def demo_chooser(self) -> DemoChooser: ...

    def open_files(self, paths: Sequence[Path]) -> bool: ...


class First:
    """Shows it at a start without an endpoint of one's own, until both sides have one or something is run; then never again.

    Attributes:
        screen: None where it is not shown.
    """

    def __init__(self, services: Services, page: Covered) -> None:
        self._services, self._view, self._page = services, page.view, page
        self.screen: FirstScreen | None = None
        if not services.profile_store.profiles:
            page.bar.unfold.toggled.connect(lambda on: self.leave() if on else None)
            self._show()

    def follow(self, starter: RunStarter) -> None:
        """Leave or change with what becomes of the page's sides, which are there now."""
        self._services.profiles_changed.connect(self._on_profiles)
        if self.screen is not None:
            starter.refused.connect(self.leave)
        if self._services.profile_store.profiles:
            self._on_profiles()  # the first may have been saved meanwhile

    def _show(self) -> None:
        from ui.compare.first.screen import FirstScreen

        page = self._page
        self.screen = screen = FirstScreen()
        screen.maker_chosen.connect(self._begin_maker)
        screen.other_wanted.connect(lambda side: page.sides.begin_endpoint(side))
        screen.pasted.connect(lambda text: page.sides.begin_endpoint("b", text))
        screen.file_wanted.connect(self._choose_files)
        screen.files_dropped.connect(page.open_files)
        screen.demo_wanted.connect(lambda: page.starter.run_demo())
        screen.beside_demo_wanted.connect(self._run_beside_demo)
        screen.edit_wanted.connect(lambda side: self._services.profile_wanted.emit(page.sides.profile(side)))
        screen.manner_wanted.connect(lambda: page.demo_chooser.open(screen.manner))
        self._show_manner()
        self._view.cover(screen)

    def take_over(self, before: First) -> None:
        """Show it with what was pasted where another shows it, and only there."""
        if before.screen is None:
            self.leave()
        elif self.screen is not None:
            self.screen.paste.setPlainText(before.screen.paste.whole)

    def leave(self) -> None:
        """Give the room to the panes, for good."""
        if self.screen is not None:
            screen, self.screen = self.screen, None
            had = self._view.window().focusWidget()
            self._view.cover(None)
            if had is not None and screen.isAncestorOf(had):  # else the keyboard goes to whatever is next, which is the rail
                self._view.bar.prompt.setFocus()
            screen.hide()
            screen.deleteLater()

    def _show_manner(self) -> None:
        if self.screen is not None:
            from app.simulator.demo_relay import words

            self.screen.manner.setText(tr("the demo relay: {manner} ▾", manner=words(self._services.demo.manner)))

    # -- beginning an endpoint ----------------------------------------------------------------------------------------

    def _begin_maker(self, name: str) -> None:
        from app.store.presets import load_presets

        self._page.sides.begin_endpoint("a", next(one for one in load_presets() if one.name == name))

    def _own(self) -> dict[SideName, Profile]:
        """The sides that have an endpoint of the user's."""
        return {name: one for name in NAMES if (one := self._page.sides.profile(name)) is not None and not is_demo(one)}

    def _run_beside_demo(self) -> None:
        """Run the one endpoint that there is beside the demo's that speaks as it does."""
        page, own = self._page, self._own()
        spoken = {one.protocol for one in own.values()}
        for one in self._services.demo.profiles:
            name: SideName = "b" if is_demo_relay(one) else "a"
            if name not in own and one.protocol in spoken:
                page.sides.choose(name, one.uid)
        page.bar.run.click()

    def _choose_files(self) -> None:
        if paths := ask_which_several(self._view, tr("Endpoints from files")):
            self._page.open_files(paths)

    def _on_profiles(self) -> None:
        self._show_manner()
        if self.screen is None:
            return
        own = self._own()
        if len(self._services.profile_store.profiles) > 1 or len(own) == len(NAMES):
            self.leave()
            return
        self.screen.show_chosen({name: (one.name, split_url(one.base_url).netloc) for name, one in own.items()})
        if self.screen.isVisible():
            self.screen.take_keyboard()
        self._view.bar.run.set_quiet(not own)  # with one's own endpoint it does something else than the demo's button
