"""The history as the window uses it: never on the window's thread, one thing after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from app.store.history.entry import Kind, Listed
    from app.store.history.history import History
    from app.trend.trend import Trend
    from ui.shared.services import Services

T = TypeVar("T")

TREND_RUNS = 300  # of the newest: what changed is computed from them, beside the window


class Found(msgspec.Struct, frozen=True):
    """What a search found.

    Attributes:
        listed: the newest of them, or those after an offset. has_more: there are more behind them.
        problem: a sentence about the history's file, "" for none.
    """

    listed: tuple[Listed, ...]
    has_more: bool
    problem: str


class Counted(msgspec.Struct, frozen=True):
    """How many a search found: of each kind, whatever kind is wanted; `all`: how many there are in the history at all."""

    kinds: dict[Kind, int]
    all: int

    def of(self, kind: str) -> int:
        """How many were found of that kind, "" for any."""
        return sum(number for one, number in self.kinds.items() if kind in ("", one))


class HistoryReading:
    """The history, opened when something is first asked of it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = asyncio.Lock()
        self._history: History | None = None
        self.version: object = None  # of what was searched last; another one where the history was changed in between

    async def do(self, work: Callable[[History], T]) -> T:
        """Do something with it, in a thread. Raises StoreError."""
        async with self._lock:
            doing = asyncio.ensure_future(asyncio.to_thread(self._do, work))
            try:
                return await asyncio.shield(doing)
            except asyncio.CancelledError:
                await asyncio.wait([doing])  # who comes next must not use it meanwhile
                raise

    def _do(self, work: Callable[[History], T]) -> T:
        if self._history is None:
            from app.asking.history_keeping import history_in_place

            self._history = history_in_place(self._services.settings)
        return work(self._history)

    async def aclose(self) -> None:
        """Close its file; the next use opens it again."""
        if self._history is not None:
            await self.do(lambda history: history.close())
            self._history = None

    async def find(self, words: str, kind: str, limit: int, offset: int = 0) -> Found:
        """What these words find, of one kind ("" for any). How many they are is another question: counting all takes longer
        than reading the first. Raises StoreError."""

        def find(history: History) -> Found:
            self.version = history.version()
            listed = history.find(f"{words} kind:{kind}" if kind else words, limit + 1, offset)
            return Found(tuple(listed[:limit]), len(listed) > limit, history.problem)

        return await self.do(find)

    async def count(self, words: str) -> Counted:
        """How many they find. Raises StoreError."""

        def count(history: History) -> Counted:
            kinds = history.kinds(words)
            return Counted(kinds, history.count() if words.strip() else sum(kinds.values()))

        return await self.do(count)

    async def changed(self) -> bool:
        """Whether it was changed since the last search. Raises StoreError."""
        return await self.do(lambda history: history.version()) != self.version

    async def trend(self, one: Listed) -> tuple[Trend, list[str]]:
        """What became of the pair of a run, or of its endpoint, over days, and the sentences. Raises StoreError."""
        names = tuple(dict.fromkeys(side.name for side in one.entry.sides))

        def trend(history: History) -> tuple[Trend, list[str]]:
            from app.store.history.query import runs_of
            from app.trend.trend import trend_of
            from app.trend.words import says

            found = trend_of(history.find(runs_of(*names), TREND_RUNS), names[0], other=names[1] if len(names) > 1 else "")
            return found, says(found)

        return await self.do(trend)

    async def read(self, number: int) -> tuple[RunOpened, list[Recording]]:
        """What was run. Raises StoreError, RunFileError."""

        def read(history: History) -> tuple[RunOpened, list[Recording]]:
            from app.store.run_file import read_run

            return read_run(history.pieces(number))

        return await self.do(read)
