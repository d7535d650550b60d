"""Plays a plan against one or two endpoints at once, over the wire process: what the window and the terminal both do on Run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from uuid import uuid4

import msgspec

from app import __version__
from app.asking.caller import Caller, Purpose, secrets_of, utc_now
from app.asking.other_paths import ask_other_paths
from app.asking.run_log import RunLog
from app.diagnosis import Context, key_oddity, key_shape, may_be_on_other_path
from app.exchange.exchange import Exchange
from app.recording.body import BODY_LIMIT_BYTES
from app.recording.recording import Recording
from app.recording.records import Asked, Request, RunOpened, SideName
from app.recording.run_format import dump_run
from app.run.side import Patience, Side, Stage
from app.scenarios import Plan, play
from app.secrets.masking import Masker
from app.secrets.names import body_secrets
from app.store.journal import Journal
from app.store.profiles import Profile
from app.wire.client import WireClient

OnChange = Callable[[Side], None]
"""Called after each batch of records that reached a side, and once at its end. Do little in it: set a flag, draw later."""


class SideChoice(msgspec.Struct, frozen=True):
    """What was chosen for a side. `key` lives only as long as the run; `models` is the endpoint's list where it is known."""

    profile: Profile
    model: str
    key: str = ""
    models: tuple[str, ...] | None = None


def secrets_together(choices: Mapping[SideName, SideChoice]) -> tuple[str, ...]:
    """The secrets of all sides: what is asked goes to each, so each side's answers may hold the other's."""
    return tuple(one for side in choices.values() for one in secrets_of(side.profile, side.key))


class Run:
    """One run, from the press of the button on.

    Attributes:
        opened: the run file's first record.
        plan: what was asked.
        secrets: what is masked in all that is kept of the run.
        sides: by name; their rounds grow while the run goes on.
        journal_problem: why the journal could not keep the run, a sentence; "" where it did, or where there is none.
    """

    def __init__(self, plan: Plan, choices: Mapping[SideName, SideChoice]) -> None:
        self.plan = plan
        self.journal_problem = ""
        self.secrets = secrets_together(choices)
        self.opened = RunOpened(uuid4().hex, utc_now(), __version__, plan.scenario, _ask_of(plan, self.secrets))
        self.sides: dict[SideName, Side] = {
            name: Side(name, context=_context(choice)) for name, choice in sorted(choices.items())
        }
        for name, side in self.sides.items():
            limits = choices[name].profile.limits
            side.patience = Patience(limits.first_byte_s, limits.silence_s, limits.total_s)

    @property
    def recordings(self) -> list[Recording]:
        """All that was recorded, side A's rounds first."""
        return [one.recording for side in self.sides.values() for one in side.rounds]


def _ask_of(plan: Plan, secrets: tuple[str, ...]) -> dict[str, object]:
    """The plan as JSON, masked; the bytes of attachments are base64, and theirs alone are left as they are."""
    asked: dict[str, object] = msgspec.to_builtins(plan)
    asked["body"] = plan.body.decode("utf-8", "replace")
    masker = Masker((*secrets, *body_secrets(plan.body)))
    masked = {name: masker.mask_value(value) for name, value in asked.items() if name != "attachments"}
    files = [msgspec.to_builtins(msgspec.structs.replace(one, name=masker.mask_text(one.name))) for one in plan.attachments]
    return {**masked, "attachments": files}


def _context(choice: SideChoice) -> Context:
    return Context(
        models=choice.models,
        key_sent=bool(choice.key),
        key_shape=key_shape(choice.key),
        key_oddity=key_oddity(choice.key),
    )


class Runner:
    """Runs plans, one at a time, over one wire process that is kept from run to run.

    `journal` is where a run is written while it goes on; None for nowhere. `body_bytes` bounds one exchange's body.
    `asks_other_paths`: where a side ended as if its path or protocol were wrong, ask the same origin on other paths.
    """

    def __init__(
        self,
        wire: WireClient,
        journal: Journal | None = None,
        body_bytes: int = BODY_LIMIT_BYTES,
        *,
        asks_other_paths: bool = True,
    ) -> None:
        self._wire = wire
        self._journal = journal
        self._body_bytes = body_bytes
        self._asks_other_paths = asks_other_paths

    async def play(
        self,
        run: Run,
        choices: Mapping[SideName, SideChoice],
        on_change: OnChange | None = None,
    ) -> None:
        """Play the run's plan on all sides at once; returns when all have ended and were read.

        A fault of Diptych's own ends the side that it is on, not the other; what was raised is raised when both have ended.

        While an exchange runs its reader is the caller: a window calls `Exchange.advance` at its own pace. The journal is put
        away however the run ends: what it holds is in the run as well. Only the end of this process leaves it behind.
        """
        log = RunLog(self._journal.open_run(run.opened) if self._journal is not None else None)
        try:
            players = [self._player(run, side, choices[name], log, on_change) for name, side in run.sides.items()]
            told = await asyncio.gather(*(one.play(run.plan) for one in players), return_exceptions=True)
            if self._asks_other_paths:  # when all have ended: a measurement must not be disturbed by it
                async with asyncio.TaskGroup() as group:
                    for one in players:
                        group.create_task(one.ask_other_paths())
        finally:
            amended = any(one.amended for one in run.recordings)
            run.journal_problem = log.finish(dump_run(run.opened, run.recordings) if amended else None)
        if faults := [one for one in told if isinstance(one, Exception)]:
            raise ExceptionGroup("a run broke off", faults)

    def _player(self, run: Run, side: Side, choice: SideChoice, log: RunLog, on_change: OnChange | None) -> _Player:
        caller = Caller(self._wire, choice.profile, choice.key, run.secrets)
        purpose = Purpose(side.name, run.plan.scenario, choice.model, side.name, body_bytes=self._body_bytes)
        return _Player(side, caller, purpose, log, on_change)


class _Player:
    """Plays one side of a run. `purpose` is that of its requests, but for what each round has of its own."""

    def __init__(self, side: Side, caller: Caller, purpose: Purpose, log: RunLog, on_change: OnChange | None) -> None:
        self._side, self._caller, self._purpose = side, caller, purpose
        self._log, self._on_change = log, on_change

    async def play(self, plan: Plan) -> None:
        """All rounds of the plan. Whatever is raised in them, the side says that it is broken off, and by whom."""
        caller, side = self._caller, self._side
        side.stage = Stage.PLAYING
        try:
            await play(plan, caller.profile.protocol, self._purpose.model, caller.target, self._exchange)
        except Exception as error:
            side.break_off(f"{type(error).__name__}: {error}")
            raise
        finally:
            side.stage = Stage.ENDED
        self._tell()

    async def _exchange(self, request: Request, number: int, streamed: bool) -> Exchange:
        rounds = self._side.rounds

        def on_change(one: Exchange) -> None:
            if len(rounds) < number:
                rounds.append(one)
            self._tell()

        purpose = msgspec.structs.replace(self._purpose, round=number, streamed=streamed)
        return await self._caller.exchange(request, purpose, on_change, self._log.of(self._side.name))

    async def ask_other_paths(self) -> None:
        """Find out whether another path or protocol answers, where that may be; what came joins the last recording."""
        side = self._side
        last = side.last
        if last is None or not last.finished or not may_be_on_other_path(last, side.context):
            return

        def on_asked(asked: Asked) -> None:
            last.recording.apply(asked)
            self._log.append_to_last(side.name, asked)

        side.stage = Stage.ASKING
        try:
            await ask_other_paths(self._caller, on_asked)
        finally:
            side.stage = Stage.ENDED
        self._tell()

    def _tell(self) -> None:
        if self._on_change is not None:
            self._on_change(self._side)
