"""The drift sentinel while the window is open: asks by the plan of the settings, and says what it found.

Only what the user set up runs. It waits while the user runs something, asks no question by itself (what would need one stops it
with a sentence), and where Diptych is portable or shows the demo it waits until it is told to go on.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Signal

from app.store.files import StoreError
from app.text.sentences import message, tr
from ui.shared.services import GoesOn

if TYPE_CHECKING:
    from app.asking.drifting import Round
    from app.asking.runner import SideChoice
    from app.checks.estimate import Estimate
    from app.recording.records import SideName
    from app.store.profiles import Profile
    from app.store.settings import SavedSide, Watch
    from ui.shared.services import Services

LOOK_S = 20.0  # how long it sleeps at most: the clock may be set, the machine may have slept


class StopReason(StrEnum):
    """Why the plan stopped by itself."""

    ENDPOINT = "endpoint"
    ADDRESS = "address"
    KEY = "key"
    MODEL = "model"
    PLAIN = "plain"
    KEEPS_NOTHING = "keeps_nothing"


_WHY = {
    StopReason.ENDPOINT: message("The watch has stopped: an endpoint of it is there no more."),
    StopReason.ADDRESS: message("The watch has stopped: an endpoint of it has no address."),
    StopReason.KEY: message("The watch has stopped: a key is missing. Enter it on the Endpoints page, then go on."),
    StopReason.MODEL: message("The watch has stopped: an endpoint of it has no model."),
    StopReason.PLAIN: message(
        "The watch has stopped: a key would travel unencrypted, and only you can allow that. Run both once, then go on."
    ),
    StopReason.KEEPS_NOTHING: message(
        "The watch has stopped: nothing is kept, as the settings say, and there is nothing to compare with."
    ),
}


def why_stopped(watch: Watch) -> str:
    """The sentence for a plan that stopped by itself; "" for any other."""
    try:
        return tr(_WHY[StopReason(watch.why)])
    except ValueError:
        return ""


class Watcher(GoesOn):
    """Runs the plan in `settings.watch`.

    Attributes:
        held: it waits for the user's word in this window. asking: a round goes on.
        news: what the rounds of this window found to have changed, the newest first. answered, asked: of the last round.
        problem: why what was found could not be told, a sentence; "" for none.

    Signals:
        changed: any of these, or the plan. What is found is told by `Services.watch_found`.
    """

    changed = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._services = services
        self.held = self.asking = False
        self._capped_until: datetime | None = None
        self.news: list[str] = []
        self.answered = self.asked = 0
        self.problem = ""
        self._began = _now()
        self._task: asyncio.Task[object] | None = None

    @property
    def watch(self) -> Watch:
        return self._services.settings.watch

    @property
    def runs(self) -> bool:
        """Whether the plan is carried out in this window."""
        return self.watch.on and not self.held

    def begin(self, *, held: bool) -> None:
        """Run the plan, where there is one that is on; `held`: not before `go_on`."""
        self.held = held and self.watch.on
        self._start()

    def renewed(self, services: Services) -> None:
        """Another goes on, with what this one knows."""
        if self._task is not None:
            self._task.cancel()
        one = watcher_of(services)
        one.held, one._began, one._capped_until = self.held, self._began, self._capped_until
        one.news, one.answered, one.asked = self.news, self.answered, self.asked
        one._start()

    def set_up(self, watch: Watch) -> str:
        """Have this plan, and no other; a sentence where it can't be kept."""
        problem = self._services.save_settings(watch=watch)
        self.held, self._capped_until, self._began = False, None, _now()
        self._start()
        return problem

    def pause(self) -> None:
        """Ask no more until `go_on`."""
        self.set_up(msgspec.structs.replace(self.watch, on=False, why=""))

    def go_on(self) -> None:
        self.set_up(msgspec.structs.replace(self.watch, on=True, why=""))

    def next_at(self) -> datetime:
        """When it asks next."""
        from app.trend.watching import next_round

        due = next_round(self.watch, _now(), self._began)
        return due if self._capped_until is None else max(due, self._capped_until)

    @property
    def capped(self) -> bool:
        """Whether the day's cap is reached."""
        return self._capped_until is not None and self._capped_until > _now()

    def cost(self, watch: Watch | None = None) -> Estimate:
        """What a round of a plan costs at most, None: of this one."""
        from app.asking.prices import prices_by_side
        from app.trend.watching import round_cost

        asked: dict[SideName, tuple[Profile | None, str]] = {}
        for name, side in _sides(watch or self.watch).items():
            profile = self._services.profile(side.profile)
            asked[name] = profile, side.model or (profile.model if profile is not None else "")
        return round_cost(prices_by_side(asked, self._services.load_prices()[0]))

    # -- asking -------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._task is not None:
            self._task.cancel()  # a round that goes on, too
        if self.runs:
            self._task = self._services.tasks.start(self._work())
        self.changed.emit()

    async def _work(self) -> None:
        while self.runs:
            wait = (self.next_at() - _now()).total_seconds()
            if wait > 0 or self._services.busy():
                await asyncio.sleep(min(LOOK_S, max(wait, 1.0)))
            else:
                await self.ask_now()

    async def ask_now(self) -> None:
        """Ask a round, where the plan can be carried out and the day's cap lets it."""
        from app.trend.watching import counted, is_over, tomorrow

        before = self.watch.last_utc
        self._services.reread_settings()
        watch = self.watch
        if watch.last_utc != before or not watch.on:  # another window has asked meanwhile, or stopped it
            self.changed.emit()
            return
        cost = self.cost()
        if is_over(watch, cost, _now()):
            self._capped_until = tomorrow(_now())
            self.changed.emit()
            return
        choices, why = await self._choices(watch)
        if why is not None:
            self._services.save_settings(watch=msgspec.structs.replace(watch, on=False, why=str(why)))
            self.changed.emit()
            self._services.watch_found.emit([why_stopped(self.watch)])
            return
        self._services.save_settings(watch=msgspec.structs.replace(watch, last_utc=_now().isoformat()))
        self.asking = True
        self.changed.emit()
        try:
            played = await self._play(choices)
        except StoreError as error:
            self.problem = str(error)
        else:
            self.problem = ""
            self.answered, self.asked = played.answered, played.asked
            spent = played.usd if played.usd is not None else max(played.least_usd, cost.usd or 0.0)
            self._services.save_settings(watch=counted(self.watch, spent, _now()))
            if played.new:
                self.news = [*played.new, *self.news]
                self._services.watch_found.emit(list(played.new))
        finally:
            self.asking = False
            self.changed.emit()

    async def _play(self, choices: dict[SideName, SideChoice]) -> Round:
        from app.asking.drifting import play_round

        async def until_free() -> None:
            while self._services.busy():
                await self._rest()

        return await play_round(
            self._services.wire, self._services.settings, choices, self._services.load_prices()[0], until_free
        )  # fmt: skip

    async def _rest(self) -> None:
        await asyncio.sleep(1.0)

    async def _choices(self, watch: Watch) -> tuple[dict[SideName, SideChoice], StopReason | None]:
        """What is asked; or why it can't be."""
        from app.asking.before_run import what_is_missing
        from app.asking.runner import SideChoice
        from app.store.keys import KeyStoreUnavailable

        if not self._services.settings.keep_runs:
            return {}, StopReason.KEEPS_NOTHING
        choices: dict[SideName, SideChoice] = {}
        for name, side in _sides(watch).items():
            profile = self._services.profile(side.profile)
            model = side.model or (profile.model if profile is not None else "")
            has_key = False
            if profile is not None:
                await self._services.keys.wait_for(profile)
                has_key = not self._services.keys.state(profile).is_lacking
            if (missing := what_is_missing(profile, model, has_key=has_key)) or profile is None:
                return {}, StopReason(missing[0].name.lower()) if missing else StopReason.ENDPOINT
            try:
                key = await self._services.keys.key_for(profile)
            except KeyStoreUnavailable:
                return {}, StopReason.KEY
            if self._services.plain_text.host_to_ask_about(profile, key):
                return {}, StopReason.PLAIN
            choices[name] = SideChoice(await self._services.demo.started(profile), model, key)
        return choices, None


def watcher_of(services: Services) -> Watcher:
    """The one of these services, made when it is first asked for."""
    return services.findChild(Watcher) or Watcher(services)


def _sides(watch: Watch) -> dict[SideName, SavedSide]:
    sides: dict[SideName, SavedSide] = {"a": watch.a, "b": watch.b}
    return {name: side for name, side in sides.items() if side.profile or name == "b"}


def _now() -> datetime:
    return datetime.now().astimezone()
