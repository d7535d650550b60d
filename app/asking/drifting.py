"""A round of the drift sentinel: asked, kept, and compared with the earlier ones; for the terminal and the window."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from app.asking.history_keeping import KEEPER, history_in_place, journal_in_place
from app.asking.runner import Run, Runner, SideChoice
from app.checks.budget import Spent
from app.exchange.exchange import Outcome
from app.pricing import PriceTable
from app.recording.records import SideName
from app.store.history.query import runs_of
from app.store.settings import Settings
from app.trend.drift import PLANS, new_changes, of_sentinel
from app.trend.trend import Trend, trend_of
from app.trend.words import said_of
from app.wire.client import WireClient

LOOKED_AT = 4000  # runs, of the newest


class Round(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        runs: one a plan that was asked. asked, answered: requests, and those of them that were answered whole.
        usd: what they cost; None where a price or a count is missing. least_usd: of those of which it is known.
        now: the trend with it. new: what is seen to have changed for the first time, a sentence each.
    """

    runs: tuple[Run, ...]
    asked: int
    answered: int
    usd: float | None
    least_usd: float
    now: Trend
    new: tuple[str, ...]


async def play_round(
    wire: WireClient,
    settings: Settings,
    choices: Mapping[SideName, SideChoice],
    table: PriceTable | None = None,
    before_each: Callable[[], Awaitable[object]] | None = None,
) -> Round:
    """Ask all plans, one after another, keep them, and compare. `before_each` is awaited before each. Raises StoreError."""
    runs: list[Run] = []
    for plan in PLANS:
        if before_each is not None:
            await before_each()
        run = Run(plan, choices)
        runs.append(run)
        await Runner(wire, journal_in_place(settings), settings.body_bytes, asks_other_paths=False).play(run, choices)
    await asyncio.to_thread(KEEPER.wait)
    before, now = await asyncio.to_thread(_compared, settings, choices, [run.opened.run_id for run in runs])
    sides = [side for run in runs for side in run.sides.values()]
    spent = Spent()
    for side in sides:
        for one in side.rounds:
            spent.add(one, table)
    names = {one.side: one.name for one in now.sides}
    new = tuple(
        said_of(one, names[one.side], next((name for side, name in names.items() if side != one.side), ""))
        for one in new_changes(before, now)
    )
    answered = sum(side.outcome is Outcome.COMPLETED for side in sides)
    return Round(tuple(runs), len(sides), answered, spent.usd, spent.least_usd, now, new)


def _compared(settings: Settings, choices: Mapping[SideName, SideChoice], ids: Sequence[str]) -> tuple[Trend, Trend]:
    """The trend of the sentinel's runs without this round's, and with them."""
    asked = choices["b"]
    beside = choices.get("a")
    with history_in_place(settings) as history:
        found = history.find(runs_of(asked.profile.name), LOOKED_AT)

    def trend(without: Sequence[str] = ()) -> Trend:
        runs = of_sentinel(found, without)
        if beside is None:
            return trend_of(runs, asked.profile.name, asked.model)
        return trend_of(runs, beside.profile.name, beside.model, other=asked.profile.name, other_model=asked.model)

    return trend(ids), trend()
