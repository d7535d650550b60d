"""Plays a plan against one or two endpoints at once, over the wire process: what the window and the terminal both do on Run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from uuid import uuid4

import msgspec

from app import __version__
from app.asking.other_paths import ask_other_paths
from app.diagnosis import Context, diagnose, key_oddity, key_shape, may_be_on_other_path
from app.exchange.exchange import Exchange
from app.model_names import ListedModel, ModelList, read_model_list
from app.pricing import PriceTable
from app.protocols import protocol
from app.recording.recording import Recording
from app.recording.records import Asked, Envelope, Record, Request, RunOpened
from app.recording.records import Side as SideName
from app.run.side import Side
from app.scenarios import Plan, play
from app.secrets.key_text import holds_key
from app.secrets.masking import Masker, request_secrets
from app.secrets.names import header_secrets, scheme_end, url_secrets
from app.store.journal import Journal, RunJournal
from app.store.profiles import Profile, to_limits, to_network, to_note, to_target
from app.wire.client import WireClient
from app.wire.frames import Limits

OnChange = Callable[[Side], None]
"""Called after each batch of records that reached a side, and once at its end. Do little in it: set a flag, draw later."""


class SideChoice(msgspec.Struct, frozen=True):
    """What was chosen for a side. `key` lives only as long as the run; `models` is the endpoint's list where it is known."""

    profile: Profile
    model: str
    key: str = ""
    models: tuple[str, ...] | None = None


class Run:
    """One run, from the press of the button on.

    Attributes:
        opened: the run file's first record.
        plan: what was asked.
        sides: by name; their rounds grow while the run goes on.
        journal_problem: why the journal could not keep the run, a sentence; "" where it did, or where there is none.
    """

    def __init__(self, plan: Plan, choices: Mapping[SideName, SideChoice], table: PriceTable | None = None) -> None:
        self.plan = plan
        self.journal_problem = ""
        self.opened = RunOpened(uuid4().hex, utc_now(), __version__, plan.scenario, _ask_of(plan))
        self.sides: dict[SideName, Side] = {
            name: Side(name, context=_context(choice), table=table) for name, choice in sorted(choices.items())
        }

    @property
    def recordings(self) -> list[Recording]:
        """All that was recorded, side A's rounds first."""
        return [one.recording for side in self.sides.values() for one in side.rounds]


def utc_now() -> str:
    """Now, as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ask_of(plan: Plan) -> dict[str, object]:
    asked: dict[str, object] = msgspec.to_builtins(plan, builtin_types=(bytes,))
    asked["body"] = plan.body.decode("utf-8", "replace")
    return asked


def _context(choice: SideChoice) -> Context:
    return Context(
        models=choice.models,
        key_sent=bool(choice.key),
        key_shape=key_shape(choice.key),
        key_oddity=key_oddity(choice.key),
    )


def secrets_of(profile: Profile, key: str) -> tuple[str, ...]:
    """What must be masked in all that is stored of an exchange: the key, and those in the profile's headers and addresses."""
    by_look = [value[scheme_end(value) :].strip() for name, value in profile.headers if holds_key(name, value)]
    in_urls = (*url_secrets(profile.base_url), *url_secrets(profile.proxy))
    secrets = (key.strip(), *header_secrets(profile.headers), *by_look, *in_urls)
    return tuple(secret for secret in dict.fromkeys(secrets) if secret)


READ_S = 0.004


class Runner:
    """Runs plans, one at a time, over one wire process that is kept from run to run.

    `journal` is where a run is written while it goes on; None for nowhere. `body_bytes` bounds one exchange's body.
    `asks_other_paths`: where a side ended as if its path or protocol were wrong, ask the same origin on other paths.
    """

    def __init__(
        self,
        wire: WireClient,
        journal: Journal | None = None,
        body_bytes: int = Limits().body_bytes,
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
        journal = self._journal.open_run(run.opened) if self._journal is not None else None
        log = _Log(journal)
        try:
            sides = (self._play_side(run.plan, side, choices[name], on_change, log) for name, side in run.sides.items())
            told = await asyncio.gather(*sides, return_exceptions=True)
            if self._asks_other_paths:  # when all have ended: a measurement must not be disturbed by it
                async with asyncio.TaskGroup() as group:
                    for name, side in run.sides.items():
                        group.create_task(self._ask_other_paths(side, choices[name], on_change, log))
        finally:
            if journal is not None:
                journal.finish()
                run.journal_problem = journal.problem
        if faults := [one for one in told if isinstance(one, Exception)]:
            raise ExceptionGroup("a run broke off", faults)

    async def _play_side(self, plan: Plan, side: Side, choice: SideChoice, on_change: OnChange | None, log: _Log) -> None:
        async def exchange(request: Request, number: int, streamed: bool) -> Exchange:
            return await self._exchange(plan, side, choice, on_change, log, request, number, streamed)

        side.playing = True
        try:
            await play(plan, choice.profile.protocol, choice.model, to_target(choice.profile, choice.key), exchange)
        except Exception as error:  # whatever it is: the side says that it is broken off, and by whom
            side.break_off(f"{type(error).__name__}: {error}")
            raise
        finally:
            side.playing = False
        if on_change is not None:
            on_change(side)

    async def _exchange(
        self,
        plan: Plan,
        side: Side,
        choice: SideChoice,
        on_change: OnChange | None,
        log: _Log,
        request: Request,
        number: int,
        streamed: bool,
    ) -> Exchange:
        envelope = Envelope(
            choice.profile.protocol, to_note(choice.profile), plan.scenario, choice.model, side.name, number, streamed,
            utc_now(), __version__,
        )  # fmt: skip

        secrets = secrets_of(choice.profile, choice.key)
        masker = Masker((*secrets, *request_secrets(request)))

        def on_records(recording: Recording, _records: list[Record]) -> None:
            if len(side.rounds) < number:
                side.rounds.append(Exchange(recording, masker, self._body_bytes))
            if on_change is not None:
                on_change(side)

        recording = await self._wire.exchange(
            envelope,
            request,
            side=side.name,
            limits=to_limits(choice.profile, self._body_bytes),
            network=to_network(choice.profile),
            secrets=secrets,
            on_records=on_records,
            journal=log.of(side.name),
        )
        on_records(recording, [])
        one = side.rounds[number - 1]
        while one.advance_for(READ_S):  # noqa: ASYNC110 -- it yields and waits for nothing
            await asyncio.sleep(0)  # a round must be read before the next can be built; the loop stays free between slices
        return one

    async def _ask_other_paths(self, side: Side, choice: SideChoice, on_change: OnChange | None, log: _Log) -> None:
        """Find out whether another path or protocol answers; what came joins the last recording."""
        last, append = side.last, log.after(side.name)
        if last is None or not last.finished or not may_be_on_other_path(last, side.context):
            return

        def on_asked(asked: Asked) -> None:
            last.recording.apply(asked)
            append(asked)

        side.asking = True
        try:
            await ask_other_paths(self._wire, choice.profile, choice.key, secrets_of(choice.profile, choice.key), on_asked)
        finally:
            side.asking = False
        if on_change is not None:
            on_change(side)


class _Log:
    """A run's journal, None for none, that remembers which exchange a side's last one is."""

    def __init__(self, journal: RunJournal | None) -> None:
        self._journal = journal
        self._last: dict[SideName, int] = {}

    def of(self, name: SideName) -> Callable[[int, Record], None] | None:
        """What takes a side's records in while they come."""
        journal = self._journal
        if journal is None:
            return None

        def append(number: int, record: Record) -> None:
            self._last[name] = number
            journal.append(number, record)

        return append

    def after(self, name: SideName) -> Callable[[Record], None]:
        """What takes in records that belong to a side's last exchange."""
        journal, number = self._journal, self._last.get(name)
        if journal is None or number is None:
            return lambda _record: None
        return lambda record: journal.append(number, record)


MAX_MODEL_PAGES = 20
MODEL_PAGE_BYTES = 16 << 20


async def list_models(wire: WireClient, profile: Profile, key: str) -> ModelList:
    """The endpoint's whole model list, page after page. Never raises for what the endpoint does: `problem` says it."""
    speaks, target = protocol(profile.protocol), to_target(profile, key)
    models: dict[str, ListedModel] = {}
    after: str | None = None
    for _ in range(MAX_MODEL_PAGES):
        page, problem = await _model_page(wire, profile, key, speaks.models_request(target, after))
        models |= {model.id: model for model in page.models if model.id not in models}
        if problem or page.next_after is None or page.next_after == after:
            return ModelList(tuple(models.values()), problem=problem)
        after = page.next_after
    return ModelList(tuple(models.values()), problem=f"The list goes on after {MAX_MODEL_PAGES} pages; the rest was left out.")


async def _model_page(wire: WireClient, profile: Profile, key: str, request: Request) -> tuple[ModelList, str]:
    envelope = Envelope(profile.protocol, to_note(profile), "models", started_utc=utc_now(), app_version=__version__)
    recording = await wire.exchange(
        envelope,
        request,
        side="models",
        limits=to_limits(profile, MODEL_PAGE_BYTES),
        network=to_network(profile),
        secrets=secrets_of(profile, key),
    )
    exchange = Exchange(recording).finish()
    if exchange.status == 200:
        page = read_model_list(bytes(exchange.decoded.data))
        return page, page.problem
    diagnosis = diagnose(exchange, Context(key_sent=bool(key), key_shape=key_shape(key)))
    return ModelList(), f"The model list could not be had. {diagnosis.cause if diagnosis else ''}".strip()
