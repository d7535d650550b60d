"""A load over the wire: one wire process holds all streams. And the file of one: its steps, and the exchanges worth a look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from uuid import uuid4

import msgspec

from app import __version__
from app.asking.caller import Caller, Purpose, to_target, utc_now
from app.asking.prices import prices_of
from app.asking.run_log import RunLog
from app.asking.runner import SideChoice, secrets_together
from app.checks.budget import Budget, CapReachedError, Spent
from app.clock import Stopwatch
from app.exchange.exchange import Exchange
from app.pricing import PriceTable
from app.protocols.registry import protocol
from app.recording.recording import Recording
from app.recording.records import LOAD_SCENARIO, RunOpened, SideName
from app.recording.run_format import dump_run
from app.secrets.names import header_secrets
from app.store.journal import Journal
from app.store.profiles import Profile
from app.study.load import Load, LoadPlan, OnStep, StepResult
from app.study.load_sides import LoadSides
from app.study.load_told import Loaded
from app.study.locust import MARKER, locust_file, target_for
from app.text.sentences import tr
from app.wire.client import WireClient

OnSideStep = Callable[[SideName, StepResult], None]
"""Called after each step of a side."""


class Loading:
    """A load on one endpoint.

    Attributes:
        load: its steps. spent: what it has cost so far.
    """

    def __init__(
        self,
        wire: WireClient,
        plan: LoadPlan,
        choice: SideChoice,
        on_step: OnStep | None = None,
        table: PriceTable | None = None,
        *,
        side: SideName = "b",
        budget: Budget | None = None,
        more_secrets: tuple[str, ...] = (),
    ) -> None:
        """`budget`: one that another endpoint is asked within, too."""
        self.plan, self.spent = plan, Spent()
        self.load = Load(plan, self._ask, on_step)
        self._side = side
        self._caller = Caller(wire, choice.profile, choice.key, more_secrets)
        self._table = table
        self.prices = prices_of(choice.profile, choice.model, table)
        self._budget = budget or Budget(plan.cap_usd, plan.cap_tokens)

    async def run(self) -> None:
        """All steps, after `warm_up`; see `Load.run`."""
        await self.warm_up()
        await self.load.run()

    async def warm_up(self) -> None:
        """One request that does not count, since the first waits for the wire process to start."""
        with suppress(CapReachedError):
            await self._ask(0, 0)

    @property
    def loaded(self) -> Loaded:
        """What it found so far."""
        return Loaded(self.plan, tuple(self.load.results), self.load.ended)

    async def _ask(self, number: int, place: int) -> Exchange:
        request = protocol(self.plan.protocol).build(self.plan.ask(number), self._caller.target)
        purpose = Purpose(
            f"load-{self._side}-{place}", LOAD_SCENARIO, self.plan.model, self._side, number, streamed=True,
            step="" if self.load.step is None else f"{self.load.step:g}",
        )  # fmt: skip
        most, prices = self.plan.max_tokens, self.prices
        one = await self._budget.within(request, most, prices, lambda: self._caller.exchange(request, purpose))
        self.spent.add(one, self._table)
        return one


class LoadingSides:
    """The same load on one endpoint or two, within one cap.

    Attributes:
        sides: each endpoint's. names: what the endpoints are called. started_utc, run_id: of its file.
    """

    def __init__(
        self,
        wire: WireClient,
        plans: Mapping[SideName, LoadPlan],
        choices: Mapping[SideName, SideChoice],
        on_step: OnSideStep | None = None,
        table: PriceTable | None = None,
        *,
        journal: Journal | None = None,
    ) -> None:
        """The plans have the same steps, limits and cap. Connections are kept, as those who ask much keep them."""
        plan, secrets = next(iter(plans.values())), secrets_together(choices)
        budget = Budget(plan.cap_usd, plan.cap_tokens)
        self.run_id, self.started_utc = uuid4().hex, utc_now()
        self._watch = Stopwatch()
        self._on_step, self._kept = on_step, set[tuple[SideName, int]]()
        self.names: dict[SideName, str] = {name: choice.profile.name for name, choice in choices.items()}
        self.sides: dict[SideName, Loading] = {}
        for name, one in plans.items():
            choice = choices[name]
            kept = msgspec.structs.replace(choice, profile=msgspec.structs.replace(choice.profile, keep_connection=True))
            told = partial(self._after_step, name)
            self.sides[name] = Loading(wire, one, kept, told, table, side=name, budget=budget, more_secrets=secrets)
        self._steps = LoadSides({name: one.load for name, one in self.sides.items()})
        self._log = RunLog(journal.open_run(self.opened) if journal is not None else None)

    async def run(self) -> None:
        """See `LoadSides.run`."""
        with self._watch:
            for one in self.sides.values():
                await one.warm_up()
            await self._steps.run()

    def finish(self) -> str:
        """The load is over: its file is kept, with its steps. Why it could not be, a sentence; "" where it was."""
        return self._log.finish(dump_run(self.opened, [one.recording for one in self.exchanges]))

    def _after_step(self, name: SideName, result: StepResult) -> None:
        """The step is whole: a process that is killed from now on has kept it, with its exchanges that are worth a look."""
        for number, one in self.sides[name].load.samples.items():
            if (name, number) not in self._kept:
                self._kept.add((name, number))
                self._log.append(len(self._kept), *one.recording.records())
        self._log.append(0, self.opened)
        if self._on_step is not None:
            self._on_step(name, result)

    @property
    def took_s(self) -> float:
        """How long it took, so far."""
        return self._watch.took_s

    @property
    def loaded(self) -> dict[SideName, Loaded]:
        """What it found so far."""
        return {name: one.loaded for name, one in self.sides.items()}

    @property
    def spent(self) -> Spent:
        """What it has cost so far, on all sides."""
        return together(one.spent for one in self.sides.values())

    @property
    def exchanges(self) -> list[Exchange]:
        """Those worth a look, of all sides: what the results' `samples` name."""
        return [one for side in self.sides.values() for one in side.load.samples.values()]

    @property
    def opened(self) -> RunOpened:
        """The first record of its file, which holds the steps."""
        return load_opened(self.run_id, self.started_utc, self.loaded, self.spent)


def together(spents: Iterable[Spent]) -> Spent:
    """What all of them have cost."""
    found = Spent()
    for one in spents:
        for name in Spent.__struct_fields__:
            ours, theirs = getattr(found, name), getattr(one, name)
            setattr(found, name, None if ours is None or theirs is None else ours + theirs)
    return found


class LocustError(Exception):
    """A profile that no Locust file can be made of; a sentence."""


def locust_of(plan: LoadPlan, profile: Profile) -> str:
    """The load as a Locust file. The key is not in it, whatever header it goes in; the profile's other headers are.

    Raises LocustError.
    """
    if header_secrets(profile.headers):
        raise LocustError(tr("This profile sends a secret in a header of its own: it would stand in the file."))
    request = protocol(plan.protocol).build(plan.asking(MARKER), target_for(to_target(profile, "")))
    return locust_file(plan, request)


def load_opened(run_id: str, started_utc: str, sides: Mapping[SideName, Loaded], spent: Spent) -> RunOpened:
    """The first record of a load's file. The exchanges of all steps would be hundreds of megabytes: their figures are kept."""
    ask = {"load": msgspec.to_builtins(dict(sides)), "spent": msgspec.to_builtins(spent)}
    return RunOpened(run_id, started_utc, __version__, LOAD_SCENARIO, ask)


class LoadFile(msgspec.Struct, frozen=True):
    """What a load's file holds besides the exchanges that are worth a look."""

    load: dict[SideName, Loaded]
    spent: Spent


def load_of(opened: RunOpened) -> LoadFile | None:
    """What a load's file says; None where it is no such file, or one that this version can't read."""
    if opened.scenario != LOAD_SCENARIO:
        return None
    try:
        found = msgspec.convert(opened.ask, LoadFile)
    except (msgspec.ValidationError, TypeError):
        return None
    return found if found.load else None


def sample_of(recordings: Iterable[Recording], side: SideName, number: int) -> Recording | None:
    """The exchange of a file that a step's `samples` name by its number; None where it is not there."""
    return next((one for one in recordings if one.envelope.side == side and one.envelope.round == number), None)
