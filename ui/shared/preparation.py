"""What goes before each session of a page: its sides are looked at, and why nothing can be sent to one is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from ui.shared.demo import DemoError
from ui.shared.lacking import Lacking
from ui.shared.preparing import Wanted, prepare
from ui.shared.remedies import Remedies

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget

    from app.asking.runner import SideChoice
    from app.recording.records import SideName
    from ui.shared.services import Services
    from ui.shared.sides import Place, Sides
    from ui.widgets.bar import Bar
    from ui.widgets.notice import NoticeCard
    from ui.widgets.run_button import RunButton


class SessionView(Protocol):
    """What a page has for what is said before its session."""

    notes: Bar
    notice: NoticeCard

    def say(self, text: str, role: str) -> None: ...


class SessionSetup(Protocol):
    """What a page's session is set to. `save` remembers it and gives a sentence where that fails, `prices_problem` is one."""

    sides: Sides

    @property
    def changed(self) -> SignalInstance: ...
    @property
    def prices_problem(self) -> str: ...
    def save(self) -> str: ...


class Preparation:
    """Looks at the sides of a session, one look at a time.

    Attributes:
        going_on: keys are read, the demo is started, or the user is asked something.
    """

    def __init__(
        self,
        services: Services,
        view: SessionView,
        over: QWidget,
        places: Mapping[SideName, Place],
        setup: SessionSetup,
        run: Callable[[], None],
        button: RunButton,
    ) -> None:
        """Questions stand over the widget `over`; `run` is what begins the session, after what was lacking is there.

        `button` was pressed for it, and says that it is got ready.
        """
        self._services, self._view, self._over, self._setup = services, view, over, setup
        self.going_on, self._button = False, button
        remedies = Remedies(services, places, setup.sides, run, view.say)
        self._lacking = Lacking(services, setup.sides, places, view.notice, remedies)
        setup.changed.connect(self._lacking.look_again)

    def nothing_lacks(self) -> None:
        """Take back what was said to be lacking: a session has begun."""
        self._lacking.show({})

    def begin(
        self, wanted: Callable[[], Mapping[SideName, Wanted]], start: Callable[[dict[SideName, SideChoice]], object]
    ) -> None:
        """Look at these sides, and start the session with them where nothing is lacking and the user wants it."""
        self.going_on = True
        self._button.set_preparing(True)
        self._services.tasks.start(self._prepare_and_start(wanted, start))

    async def _prepare_and_start(
        self, wanted: Callable[[], Mapping[SideName, Wanted]], start: Callable[[dict[SideName, SideChoice]], object]
    ) -> None:
        try:
            prepared = await prepare(self._services, wanted(), self._over)
        except DemoError as error:
            return self._view.say(str(error), "bad")
        finally:
            self.going_on = False
            self._button.set_preparing(False)
        if prepared.notices:
            return self._lacking.show(prepared.notices)
        if not prepared.choices:
            return None
        self._view.notes.say()
        if problem := self._setup.save() or self._setup.prices_problem:
            self._view.say(problem, "warn")
        start(prepared.choices)
        return None
